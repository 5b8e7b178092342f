//! Chapter 4's figures, in the order of its pages, and what several of them need.
mod bars;
mod coins;
mod cost;
mod monte_carlo;
mod ppca;
mod saddle;
mod seconds;
mod staircase;
mod touching;
mod wine;
mod without_g;

use super::{Drawing, Figure};
use latent::Result;
use latent::data::{iris, old_faithful, wine};
use latent::em::{Coins, Em, Fit, Pair, Stop, TEN_ROWS, fit, step};
use latent::factor_analysis::FactorAnalysis;
use latent::gaussian::Moments;
use latent::plot::{Chart, Corner, Mark, Points, Role};
use ndarray::{Array1, Array2, array};
use rand::{SeedableRng, rngs::StdRng};

/// In the order of the pages.
pub const FIGURES: &[&Figure] = &[
    &coins::FIGURE,
    &bars::FIGURE,
    &staircase::FIGURE,
    &touching::FIGURE,
    &wine::FIGURE,
    &cost::FIGURE,
    &seconds::FIGURE,
    &ppca::FIGURE,
    &monte_carlo::FIGURE,
    &saddle::FIGURE,
    &without_g::FIGURE,
];

fn rng(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

/// The three colours for one, two and three factors.
const ROLES: [Role; 3] = [Role::Data, Role::Model, Role::Other];

/// Wine, each column with mean zero and variance one: the rows, and their moments.
fn wines() -> Result<(Array2<f64>, Moments)> {
    let all = Moments::of(wine().x.view())?;
    let rows = (&wine().x - &all.mean) / all.covariance.diag().mapv(f64::sqrt);
    let moments = Moments::of(rows.view())?;
    Ok((rows, moments))
}

/// The ten rows of tosses, and the two coins that the chapter begins with.
fn ten_rows() -> Result<(Coins, Array1<f64>)> {
    Ok((Coins::new(10, array![0.6, 0.5])?, Array1::from(TEN_ROWS.to_vec())))
}

/// A fit of so many steps.
fn walk<M: Em>(start: M, data: &M::Data, steps: usize) -> Result<Fit<M>> {
    fit(start, data, Stop { steps, gain: f64::NEG_INFINITY })
}

/// The bound by step, as places.
fn by_step<M>(found: &Fit<M>) -> Points {
    found.trace.iter().enumerate().map(|(t, b)| (t as f64, b.nats())).collect()
}

/// How far the bound is from `top`, as a base-10 logarithm, while that is above 10^`least`.
fn short_of<M>(found: &Fit<M>, top: f64, least: f64) -> Points {
    let left = by_step(found).into_iter().map(|(t, v)| (t, (top - v).max(1e-15).log10()));
    left.take_while(|p| p.1 > least).collect()
}
