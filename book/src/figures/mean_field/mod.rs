//! Chapter 6's figures, in the order of its pages, and what several of them need.
mod choice;
mod correlated;
mod directions;
mod families;
mod normal;
mod peaks;
mod plates;
mod pruning;
mod sweeps;
mod table;

use super::{Drawing, Figure};
use latent::Result;
use latent::data::old_faithful;
use latent::em::{Em, Stop, fit};
use latent::gaussian::Moments;
use latent::mean_field::{Prior, Product, Target, Variational};
use latent::plot::{Chart, Corner, Mark, Points, Role, Svg, contours, ellipse};
use ndarray::{Array1, Array2, array, s};
use rand::{SeedableRng, rngs::StdRng};

/// In the order of the pages.
pub const FIGURES: &[&Figure] = &[
    &table::FIGURE,
    &correlated::FIGURE,
    &sweeps::FIGURE,
    &directions::FIGURE,
    &families::FIGURE,
    &peaks::FIGURE,
    &plates::FIGURE,
    &normal::FIGURE,
    &pruning::FIGURE,
    &choice::FIGURE,
];

const NEVER: f64 = f64::NEG_INFINITY;

/// Old Faithful, each column with mean zero and variance one.
fn geyser() -> Result<Array2<f64>> {
    let x = &old_faithful().x;
    let all = Moments::of(x.view())?;
    Ok((x - &all.mean) / all.covariance.diag().mapv(f64::sqrt))
}

/// Six components at the first six rows, with a prior that likes few.
fn sixfold(x: &Array2<f64>) -> Result<Variational> {
    Variational::start(x, &x.slice(s![..6, ..]).to_owned(), Prior::standard(2, 0.001)?)
}

/// The ellipse, `radius` standard deviations out, of a Gaussian with independent coordinates.
fn upright(q: &Product, radius: f64) -> Points {
    let s = Array2::from_diag(&q.variances);
    ellipse([q.mean[0], q.mean[1]], s.view(), radius)
}
