//! Chapter 3's figures, in the order of its pages, and what several of them need.
mod asymmetry;
mod bar;
mod climb;
mod curves;
mod flower;
mod gaps;
mod guesses;
mod jensen;
mod line;
mod scale;
mod signed;

use super::{Drawing, Figure};
use latent::Result;
use latent::data::iris;
use latent::elbo::{Conjugate, Gauss, Hidden};
use latent::gaussian::log_normal;
use latent::plot::{Chart, Mark, Points, Role};
use ndarray::Array1;

/// In the order of the pages.
pub const FIGURES: &[&Figure] = &[
    &flower::FIGURE,
    &signed::FIGURE,
    &line::FIGURE,
    &asymmetry::FIGURE,
    &bar::FIGURE,
    &guesses::FIGURE,
    &curves::FIGURE,
    &jensen::FIGURE,
    &gaps::FIGURE,
    &scale::FIGURE,
    &climb::FIGURE,
];

/// The length of the petal, in centimetres, whose species the chapter asks for.
const LENGTH: f64 = 4.8;

/// Mean and standard deviation, divisor N, of the petal lengths of one species.
fn species(class: usize) -> (f64, f64) {
    let x = iris().only(class).column(2).to_owned();
    let mean = x.sum() / x.len() as f64;
    (mean, (x.mapv(|v| (v - mean).powi(2)).sum() / x.len() as f64).sqrt())
}

/// Three species, equally likely before; and the petal.
fn flower() -> Result<Hidden> {
    let likelihood = [0, 1, 2].map(|k| {
        let (mean, sd) = species(k);
        log_normal(LENGTH, mean, sd).exp()
    });
    Hidden::discrete(&[1.0 / 3.0; 3], &likelihood)
}

fn logs(q: &[f64]) -> Array1<f64> {
    q.iter().map(|v| v.ln()).collect()
}

/// One number through noise: the example with closed forms.
const SEEN: Conjugate = Conjugate { x: 1.2, noise: 1.0 };

/// A number with two digits and a real minus.
fn shown(v: f64) -> String {
    format!("{v:.2}").replace('-', "−")
}

/// A function as places, from `low` to `high`.
fn curve(low: f64, high: f64, f: impl Fn(f64) -> f64) -> Points {
    Array1::linspace(low, high, 241).iter().map(|&x| (x, f(x))).collect()
}

fn density(mean: f64, sd: f64) -> impl Fn(f64) -> f64 {
    move |z| log_normal(z, mean, sd).exp()
}

/// The bar of one q: the bound from the floor up, and the gap on top of it.
fn stack(
    at: f64,
    half: f64,
    floor: f64,
    bound: f64,
    evidence: f64,
) -> [(Mark, &'static str); 2] {
    let block = |low: f64, high: f64, role| {
        (Mark::Blocks(vec![[(at - half, low), (at + half, high)]], role), "")
    };
    [block(floor, bound, Role::Model), block(bound, evidence, Role::Other)]
}

fn words(x: f64, y: f64, text: impl Into<String>, role: Role) -> (Mark, &'static str) {
    (Mark::Words(x, y, text.into(), role), "")
}

fn line(points: Points, role: Role, width: u32) -> (Mark, &'static str) {
    (Mark::Line(points, role, width), "")
}

fn dashed(points: Points, role: Role) -> (Mark, &'static str) {
    (Mark::Dashed(points, role, 3), "")
}
