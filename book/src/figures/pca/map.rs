//! The picture on the first page: every image that a two-number code can say.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "pca.map",
    caption: "A map of handwritten digits. A network was shown 1500 small images and had to squeeze each one through \
two numbers. Here its decoder is asked about places between the codes that it has seen: every tile is an \
image that nobody wrote. Chapter 1 builds this network, and says what is wrong with it.",
    alt: "A grid of small grey images. Neighbouring tiles are alike: zeros turn into sixes, ones into fours and sevens, \
threes into nines, and at some borders the tiles are unreadable blends.",
    draw,
};

fn draw() -> Result<Drawing> {
    let (train, _) = digits_split();
    let net = digit_net::<2>(train.view())?;
    let cpu = Cpu::default();
    let codes = ae::encode(&net, train.view(), &cpu)?;
    let place = |column: usize, share: f64| {
        let mut sorted = codes.column(column).to_vec();
        sorted.sort_by(f64::total_cmp);
        sorted[(share * (sorted.len() - 1) as f64) as usize]
    };
    let (columns, lines) = (26, 13);
    let mut rows = vec![];
    for i in 0..lines {
        let up = place(1, 0.03 + 0.94 * (lines - 1 - i) as f64 / (lines - 1) as f64);
        let grid = Array2::from_shape_fn((columns, 2), |(j, c)| {
            if c == 1 { up } else { place(0, 0.03 + 0.94 * j as f64 / (columns - 1) as f64) }
        });
        rows.push(("", ae::decode(&net, grid.view(), &cpu)?));
    }
    Ok(Drawing::one(digit_rows(&rows)?).by_training())
}
