//! Tables of small pictures: each row has a name and its pixels.
use super::{Result, Svg, plot_error};
use flate2::{Compression, Crc, write::ZlibEncoder};
use ndarray::ArrayView2;
use std::io::Write;

/// One row of small pictures, and its name.
#[derive(Clone, Debug)]
pub struct Picture<'a> {
    /// What stands at the left of the row.
    pub name: String,
    /// One picture a row of this table, `width`² pixels each.
    pub pixels: ArrayView2<'a, f64>,
    /// The value shown as paper and the one shown as full ink. With `signed`, ±`ink` are two colours.
    pub ink: f64,
    /// Shows values below zero in a second colour.
    pub signed: bool,
}

const GAP: usize = 1;

/// Rows of square pictures, `width` pixels wide each, with their names.
pub fn images(rows: &[Picture<'_>], width: usize) -> Result<Svg> {
    let columns = rows.iter().map(|r| r.pixels.nrows()).max().unwrap_or(0);
    let left = if rows.iter().all(|r| r.name.is_empty()) { 0 } else { 124 };
    let scale = (640 - left) / (columns.max(1) * (width + GAP));
    let side = (scale.max(1) * (width + GAP)).min(90);
    let height = rows.len() * (side + 6) + 4;
    let mut svg = format!(
        "<svg viewBox=\"0 0 {} {height}\" xmlns=\"http://www.w3.org/2000/svg\" font-family=\"sans-serif\">\n",
        left + columns * side
    );
    for (i, row) in rows.iter().enumerate() {
        let top = i * (side + 6) + 2;
        let data = base64(&strip(row, width).map_err(plot_error)?);
        let text = format!(
            "<text x=\"{}\" y=\"{}\" font-size=\"20\" fill=\"currentColor\" text-anchor=\"end\">",
            left.saturating_sub(10),
            top + side / 2 + 7
        );
        let class = if row.signed { "signed" } else { "ink" };
        svg += &format!(
            "{text}{}</text>\n<image class=\"{class}\" x=\"{left}\" y=\"{top}\" width=\"{}\" height=\"{side}\" preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\" href=\"data:image/png;base64,{data}\"/>\n",
            row.name,
            row.pixels.nrows() * side
        );
    }
    Ok(Svg(svg + "</svg>\n"))
}

/// The pictures of one row side by side, as a PNG of ink on nothing.
fn strip(row: &Picture<'_>, width: usize) -> std::io::Result<Vec<u8>> {
    let (n, step) = (row.pixels.nrows(), width + GAP);
    let mut rgba = vec![0u8; n * step * step * 4];
    for (k, picture) in row.pixels.rows().into_iter().enumerate() {
        for (i, &v) in picture.iter().take(width * width).enumerate() {
            let at = ((i / width) * n * step + k * step + i % width) * 4;
            let strength = (v.abs() / row.ink).clamp(0.0, 1.0) * 255.0;
            let colour = match (row.signed, v < 0.0) {
                (true, false) => [0xd9, 0x65, 0x2a, strength as u8],
                (true, true) => [0x3b, 0x8f, 0xd0, strength as u8],
                (false, false) => [0, 0, 0, strength as u8],
                (false, true) => [0; 4],
            };
            rgba[at..at + 4].copy_from_slice(&colour);
        }
    }
    png(&rgba, n * step, step)
}

/// A PNG of 8-bit RGBA.
fn png(rgba: &[u8], width: usize, height: usize) -> std::io::Result<Vec<u8>> {
    let mut packed = ZlibEncoder::new(vec![], Compression::best());
    for line in rgba.chunks((width * 4).max(1)) {
        packed.write_all(&[0])?;
        packed.write_all(line)?;
    }
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |kind: &[u8; 4], body: &[u8]| {
        out.extend((body.len() as u32).to_be_bytes());
        let mut crc = Crc::new();
        crc.update(kind);
        crc.update(body);
        out.extend(kind.iter().chain(body));
        out.extend(crc.sum().to_be_bytes());
    };
    let mut head = [(width as u32).to_be_bytes(), (height as u32).to_be_bytes()].concat();
    head.extend([8, 6, 0, 0, 0]);
    chunk(b"IHDR", &head);
    chunk(b"IDAT", &packed.finish()?);
    chunk(b"IEND", &[]);
    Ok(out)
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] =
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let word =
            three.iter().fold(0u32, |w, &b| w << 8 | u32::from(b)) << (8 * (3 - three.len()));
        for i in 0..4 {
            out.push(if i <= three.len() {
                DIGITS[(word >> (18 - 6 * i) & 63) as usize] as char
            } else {
                '='
            });
        }
    }
    out
}
