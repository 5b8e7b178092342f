//! What a training step costs, measured: the tables that `benches vae-cost` and `benches/versus.py vae` wrote.
use crate::figures::{Drawing, Figure};
use ::latent::Result;
use ::latent::plot::{Chart, Corner, Mark, Role};

/// In the order of the page.
pub const FIGURES: &[&Figure] = &[&PARTS];

const PARTS: Figure = Figure {
    name: "vae.parts",
    caption: "A training step on one core, in milliseconds of its time: 784–400–20–400–784, 128 rows, 32-bit numbers; medians of nine, written by \
`cargo run -p benches -- vae-cost`. Dashed: what the step's products would take at the rate of one large product, the machine's limit.",
    alt: "Two bars of four parts. The bar of plain dfdx is some 25 milliseconds high, most of it products, then the likelihood, Adam, and a little else. The fused bar beside it is a quarter as high: nearly all of it is products, and it ends a little above the dashed line.",
    draw: parts,
};

/// The milliseconds of a line of the table: the limit, products, likelihood, Adam, the whole.
fn cost(who: &str) -> [f64; 5] {
    let text = include_str!("../../../../benches/vae_cost.csv");
    let line = text.lines().find_map(|line| line.strip_prefix(who)).unwrap_or_default();
    let mut row = [f64::NAN; 5];
    let numbers = line.split(',').skip(1).map(|v| v.parse().unwrap_or(f64::NAN));
    row.iter_mut().zip(numbers).for_each(|(r, v)| *r = v);
    row
}

fn parts() -> Result<Drawing> {
    let mut blocks = [vec![], vec![], vec![], vec![]];
    let (mut drawing, mut limit) = (Drawing::default(), 0.0);
    for (i, who) in ["plain", "fused"].into_iter().enumerate() {
        let [at_best, products, likelihood, adam, whole] = cost(who);
        limit = at_best;
        let rest = whole - products - likelihood - adam;
        let mut low = 0.0;
        let keys = ["products", "likelihood", "adam", "rest"];
        for (j, part) in [products, likelihood, adam, rest].into_iter().enumerate() {
            let x = i as f64;
            blocks[j].push([(x - 0.3, low), (x + 0.3, low + part)]);
            low += part;
            drawing = drawing.exact(format!("vae.parts.{who}.{}", keys[j]), part);
        }
        drawing = drawing.exact(format!("vae.parts.{who}"), whole);
    }
    let [products, likelihood, adam, rest] = blocks;
    let svg = Chart {
        y: "milliseconds a step",
        names: ["plain dfdx", "fused"].map(String::from).to_vec(),
        size: (640, 420),
        marks: vec![
            (Mark::Blocks(products, Role::Model), "products"),
            (Mark::Blocks(likelihood, Role::Data), "likelihood"),
            (Mark::Blocks(adam, Role::Third), "Adam"),
            (Mark::Blocks(rest, Role::Other), "all else"),
            (Mark::Dashed(vec![(-0.45, limit), (1.45, limit)], Role::Ink, 2), "limit"),
        ],
        legend: Corner::UpperRight,
        ..Chart::default()
    }
    .svg()?;
    drawing.panels.push(("", svg));
    Ok(race(drawing)
        .exact("vae.parts.limit", limit)
        .exact("vae.parts.share", 100.0 * limit / cost("fused")[4]))
}

/// How many times longer than ours a step takes, by network, threads and library; and ours in milliseconds.
fn race(mut drawing: Drawing) -> Drawing {
    let text = include_str!("../../../../benches/vae.csv");
    let rows: Vec<Vec<&str>> = text.lines().skip(2).map(|l| l.split(',').collect()).collect();
    let ours = |row: &[&str], column: usize| {
        let same = |r: &&Vec<&str>| r[..2] == row[..2] && r[2] == "this book fused";
        rows.iter().find(same).map_or(f64::NAN, |r| number(r[column]))
    };
    for row in &rows {
        let who =
            row[2].replace("this book ", "").replace("PyTorch ", "torch ").replace(' ', "_");
        let key = format!("vae.race.{}.{}.{who}", row[0], row[1]);
        drawing = drawing
            .exact(format!("{key}.ms"), number(row[3]))
            .exact(key, number(row[3]) / ours(row, 3));
    }
    drawing
}

fn number(text: &str) -> f64 {
    text.parse().unwrap_or(f64::NAN)
}
