//! Figures of the chapter that says why, in the order of its pages.
mod ancestral;
mod enlarge;
mod labels;
mod map;
mod moons;
mod pipeline;
mod pixel;
mod roll;
mod sun;

use super::{Drawing, Figure};
use latent::Result;
use latent::plot::{Chart, Mark, Picture, Points, Role, Svg, images};
use ndarray::{Array2, Axis, s};
use rand::{SeedableRng, rngs::StdRng};

/// In the order of the pages.
pub const FIGURES: &[&Figure] = &[
    &enlarge::FIGURE,
    &pixel::FIGURE,
    &sun::FIGURE,
    &ancestral::FIGURE,
    &moons::FIGURE,
    &labels::FIGURE,
    &roll::FIGURE,
    &map::FIGURE,
    &pipeline::FIGURE,
];

fn rng(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

/// The places where a function is asked, and what it says.
fn curve(low: f64, high: f64, f: impl Fn(f64) -> f64) -> Points {
    (0..=200).map(|i| low + (high - low) * f64::from(i) / 200.0).map(|x| (x, f(x))).collect()
}

fn words(x: f64, y: f64, text: &str, role: Role) -> (Mark, &'static str) {
    (Mark::Words(x, y, text.into(), role), "")
}

/// Rows of 8×8 images, each with its name; 1 is full ink.
fn strips(rows: &[(&str, &Array2<f64>)]) -> Result<Svg> {
    let rows = rows.iter().map(|(name, x)| Picture {
        name: name.to_string(),
        pixels: x.view(),
        ink: 1.0,
        signed: false,
    });
    images(&rows.collect::<Vec<_>>(), 8)
}
