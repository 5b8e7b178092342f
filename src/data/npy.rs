//! NumPy's format NPY: a magic word, a header in Python's words, then numbers. For a reader's own data.
use crate::error::{Error, Result};
use ndarray::Array2;
use std::path::Path;

/// No array here may claim more numbers.
const MOST: usize = 1 << 30;

/// Reads an array of bytes, truth values or floats; all axes after the first become columns.
pub fn read(path: &Path) -> Result<Array2<f64>> {
    let bytes = std::fs::read(path).map_err(|e| Error::file(path, e))?;
    parse(&bytes).map_err(|why| Error::file(path, why))
}

/// Reads one array, and refuses what is too short, too long, of another kind or order.
pub fn parse(bytes: &[u8]) -> std::result::Result<Array2<f64>, String> {
    let (header, body) = split(bytes)?;
    let kind = word(header, "descr")?.trim_matches(['\'', '"']);
    if word(header, "fortran_order")? != "False" {
        return Err("is stored column by column: save numpy.ascontiguousarray(x)".into());
    }
    let (rows, columns) = sizes(word(header, "shape")?)?;
    let count = rows.checked_mul(columns).filter(|&n| n <= MOST);
    let count =
        count.ok_or(format!("claims {rows} × {columns} numbers, more than {MOST}"))?;
    let (width, number) = reader(kind)?;
    if body.len() != count * width {
        let (claimed, held) = (count * width, body.len());
        return Err(format!(
            "claims {claimed} bytes of numbers and holds {held}; save it again"
        ));
    }
    let values = body.chunks_exact(width).map(number).collect();
    Array2::from_shape_vec((rows, columns), values).map_err(|e| e.to_string())
}

/// The header's text and the numbers' bytes.
fn split(bytes: &[u8]) -> std::result::Result<(&str, &[u8]), String> {
    let no = || "is no NPY file: it does not begin with \\x93NUMPY and a length".to_string();
    let rest = bytes.strip_prefix(b"\x93NUMPY").ok_or_else(no)?;
    let (start, length) = match rest {
        [1, _, a, b, ..] => (4, usize::from(u16::from_le_bytes([*a, *b]))),
        [2 | 3, _, a, b, c, d, ..] => (6, u32::from_le_bytes([*a, *b, *c, *d]) as usize),
        _ => return Err(no()),
    };
    let end = start + length;
    let header = rest.get(start..end).ok_or("is cut short inside its header")?;
    let header = std::str::from_utf8(header).map_err(|_| "has a header that is no text")?;
    Ok((header, &rest[end..]))
}

/// What the header says of a key: up to the next comma outside brackets.
fn word<'a>(header: &'a str, key: &str) -> std::result::Result<&'a str, String> {
    let missing = || format!("has a header without `{key}`");
    let at = header.find(&format!("'{key}':")).ok_or_else(missing)?;
    let rest = &header[at + key.len() + 3..];
    let mut depth = 0;
    let end = rest.find(|c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth == 0 && (c == ',' || c == '}')
    });
    end.map(|end| rest[..end].trim()).ok_or_else(missing)
}

fn sizes(shape: &str) -> std::result::Result<(usize, usize), String> {
    let inside = shape.trim_matches(['(', ')']).split(',');
    let sizes = inside.map(str::trim).filter(|s| !s.is_empty()).map(str::parse::<usize>);
    let sizes: std::result::Result<Vec<usize>, _> = sizes.collect();
    let sizes = sizes.map_err(|_| format!("has the shape `{shape}`"))?;
    let columns = sizes.iter().skip(1).try_fold(1usize, |n, &s| n.checked_mul(s));
    match (sizes.first(), columns) {
        (Some(&rows), Some(columns)) => Ok((rows, columns)),
        _ => Err(format!("has the shape `{shape}`: rows are needed, and columns")),
    }
}

/// Bytes a number, and the number they stand for.
type Reader = (usize, fn(&[u8]) -> f64);

fn reader(kind: &str) -> std::result::Result<Reader, String> {
    match kind {
        "|u1" | "|b1" => Ok((1, |b| f64::from(b[0]))),
        "<f4" => Ok((4, |b| f64::from(f32::from_le_bytes([b[0], b[1], b[2], b[3]])))),
        "<f8" => {
            Ok((8, |b| f64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]])))
        }
        other => Err(format!("holds numbers of kind `{other}`: save x.astype('f4') or 'u1'")),
    }
}
