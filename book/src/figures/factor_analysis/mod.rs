//! Chapter 2's figures, in the order of its pages, and what several of them need.
mod average;
mod bayes;
mod frames;
mod generative;
mod heywood;
mod noisy;
mod plate;
mod shares;
mod shrink;
mod slice;
mod slices;
mod turned;

use super::{Drawing, Figure};
use latent::Result;
use latent::data::{iris, wine};
use latent::em::{Stop, fit};
use latent::factor_analysis::FactorAnalysis;
use latent::gaussian::Moments;
use latent::plot::{Chart, Corner, Mark, Points, Role, Svg, ellipse, points_of};
use ndarray::{Array1, Array2, array, s};
use rand::{SeedableRng, rngs::StdRng};

/// In the order of the pages.
pub const FIGURES: &[&Figure] = &[
    &generative::FIGURE,
    &plate::FIGURE,
    &slices::FIGURE,
    &bayes::FIGURE,
    &shares::FIGURE,
    &noisy::FIGURE,
    &frames::FIGURE,
    &shrink::FIGURE,
    &slice::FIGURE,
    &average::FIGURE,
    &turned::FIGURE,
    &heywood::FIGURE,
];

fn rng(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

/// The wines, each column with mean zero and variance one.
fn wine_rows() -> Result<Array2<f64>> {
    let m = Moments::of(wine().x.view())?;
    Ok((&wine().x - &m.mean) / m.covariance.diag().mapv(f64::sqrt))
}

fn wine_moments() -> Result<Moments> {
    Moments::of(wine_rows()?.view())
}

/// Factor analysis after so many steps of EM from the book's start.
fn after(data: &Moments, l: usize, steps: usize) -> Result<FactorAnalysis> {
    let stop = Stop { steps, gain: f64::NEG_INFINITY };
    Ok(fit(FactorAnalysis::start(data, l)?, data, stop)?.model)
}

/// The wines' factor analysis with two factors, at its end.
fn wine_fit() -> Result<FactorAnalysis> {
    after(&wine_moments()?, 2, 1000)
}

/// One of two panels side by side, with one scale on both axes.
fn beside(x: &'static str, y: &'static str, marks: Vec<(Mark, &'static str)>) -> Result<Svg> {
    Chart { x, y, size: (460, 430), equal: true, marks, ..Chart::default() }.svg()
}

/// Nothing to see, at two corners that the axes of a panel must reach.
fn corners(low: f64, high: f64) -> [(Mark, &'static str); 2] {
    [low, high].map(|v| (Mark::Words(v, v, "".into(), Role::Ink), ""))
}

/// The two columns with one factor that the first figures draw from.
fn two_columns() -> Result<FactorAnalysis> {
    FactorAnalysis::new(array![5.0, 3.0], array![[1.5], [0.8]], array![0.25, 0.16])
}
