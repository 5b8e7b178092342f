//! Chapter 5's figures, in the order of its pages, and what several of them need.
mod curve;
mod em;
mod floor;
mod geyser;
mod hard;
mod hills;
mod kinds;
mod spike;
mod templates;

use super::{Drawing, Figure};
use latent::Result;
use latent::data::{digits, iris, old_faithful};
use latent::em::{Em, Fit, Stop, fit};
use latent::gaussian::Moments;
use latent::mixture::{Bernoullis, Covariance, Gaussians, Kind};
use latent::plot::{Chart, Corner, Mark, Picture, Points, Role, ellipse, images, points_of};
use ndarray::{Array1, Array2, Axis, array, s};
use rand::{SeedableRng, rngs::StdRng};

/// In the order of the pages.
pub const FIGURES: &[&Figure] = &[
    &geyser::FIGURE,
    &em::FIGURE,
    &kinds::FIGURE,
    &templates::FIGURE,
    &hard::FIGURE,
    &curve::FIGURE,
    &spike::FIGURE,
    &floor::FIGURE,
    &hills::FIGURE,
];

/// The colours of the components.
const ROLES: [Role; 3] = [Role::Model, Role::Other, Role::Third];

fn rng(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

/// Old Faithful, each column with mean zero and variance one.
fn standardised() -> Result<Array2<f64>> {
    let all = Moments::of(old_faithful().x.view())?;
    Ok((&old_faithful().x - &all.mean) / all.covariance.diag().mapv(f64::sqrt))
}

/// Two round components on the wrong sides of the cloud.
fn bad_start() -> Result<Gaussians> {
    let half = Covariance::Full(vec![Array2::eye(2) / 2.0; 2]);
    Gaussians::new(array![0.5, 0.5], array![[-1.5, 1.0], [1.5, -1.0]], half)
}

/// A fit of so many steps.
fn walk<M: Em>(start: M, data: &M::Data, steps: usize) -> Result<Fit<M>> {
    fit(start, data, Stop { steps, gain: f64::NEG_INFINITY })
}

/// The bound by step, as places.
fn by_step<M>(found: &Fit<M>) -> Points {
    found.trace.iter().enumerate().map(|(t, b)| (t as f64, b.nats())).collect()
}

/// The ellipse of component k, two standard deviations from its mean.
fn outline(model: &Gaussians, k: usize, width: u32) -> (Mark, &'static str) {
    let mean = [model.means[[k, 0]], model.means[[k, 1]]];
    let places = ellipse(mean, model.covariance.matrix(k, 2).view(), 2.0);
    (Mark::Line(places, ROLES[k % 3], width), "")
}

/// The rows in the colour of the component that has more than nine tenths of them; grey in doubt.
fn shared(x: &Array2<f64>, r: &Array2<f64>) -> Vec<(Mark, &'static str)> {
    let owner = |i: usize| (0..r.ncols()).find(|&k| r[[i, k]] > 0.9);
    let of = |who: Option<usize>| {
        let rows: Vec<usize> = (0..x.nrows()).filter(|&i| owner(i) == who).collect();
        let role = who.map_or(Role::Faint, |k| ROLES[k % 3]);
        (Mark::Dots(points_of(x.select(Axis(0), &rows).view()), role, 4), "")
    };
    [None].into_iter().chain((0..r.ncols()).map(Some)).map(of).collect()
}
