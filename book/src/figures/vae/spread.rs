//! Two guesses at one slope, and how far they scatter.
use crate::figures::{Drawing, Figure};
use latent::Result;
use latent::elbo::Gauss;
use latent::plot::{Chart, Mark, Points, Role};
use latent::vae::gradient::{moments, pathwise, score};
use latent::vae::normal::middles;

pub const FIGURE: Figure = Figure {
    name: "vae.spread",
    caption: "Two guesses at the slope of $\\E z^2$ in $m$, one draw each, at $m = 2$, $s = 1$. The slope is 4, the dashed line, and both are right on average. Filled: by the path, variance {{number vae.spread.path 0}}. Line: by the score, variance {{number vae.spread.score 0}}; one guess in {{number vae.spread.beyond 0}} lies beyond the right edge.",
    alt: "Two histograms over the guessed slope. A bell about four, from minus three to eleven. A lopsided one with its peak below zero and a tail that runs out of the picture to the right.",
    draw,
};

const LOW: f64 = -8.0;
const HIGH: f64 = 36.0;

/// The share of the guesses in each cell of width one.
fn histogram(guesses: &[f64]) -> Points {
    let mut cells = vec![0.0; (HIGH - LOW) as usize];
    for g in guesses {
        if (LOW..HIGH).contains(g) {
            cells[(g - LOW) as usize] += 1.0 / guesses.len() as f64;
        }
    }
    cells.into_iter().enumerate().map(|(i, share)| (LOW + i as f64 + 0.5, share)).collect()
}

/// The same as a staircase.
fn stairs(cells: &Points) -> Points {
    cells.iter().flat_map(|&(x, y)| [(x - 0.5, y), (x + 0.5, y)]).collect()
}

fn draw() -> Result<Drawing> {
    let q = Gauss { mean: 2.0, sd: 1.0 };
    let square = |z: f64| z * z;
    let by_score = |e: f64| score(square, q, e)[0];
    let by_path = |e: f64| pathwise(|z| 2.0 * z, q, e)[0];
    let noise = middles(20_000)?;
    let [weighed, moved] = [
        noise.iter().map(|e| by_score(*e)).collect::<Vec<_>>(),
        noise.iter().map(|e| by_path(*e)).collect(),
    ];
    let mut area = stairs(&histogram(&moved));
    area.push((HIGH, 0.0));
    area.push((LOW, 0.0));
    let marks = vec![
        (Mark::Area(area, Role::Model), "by the path"),
        (Mark::Line(stairs(&histogram(&weighed)), Role::Other, 4), "by the score"),
        (Mark::Dashed(vec![(4.0, 0.0), (4.0, 0.21)], Role::Ink, 3), ""),
    ];
    let svg = Chart {
        x: "guessed slope",
        y: "share of guesses",
        size: (640, 380),
        marks,
        ..Chart::default()
    }
    .svg()?;
    let beyond = weighed.iter().filter(|g| **g >= HIGH).count();
    Ok(Drawing::one(svg)
        .exact("vae.spread.score", moments(by_score).1)
        .exact("vae.spread.path", moments(by_path).1)
        .exact("vae.spread.beyond", noise.len() as f64 / beyond as f64)
        .exact("vae.spread.draws", moments(by_score).1 / moments(by_path).1))
}
