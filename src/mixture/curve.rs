//! A mixture with a component for every place of a hidden number.
use super::{Covariance, Gaussians};
use crate::error::{Result, shaped, within};
use crate::gaussian::{log_normal, log_sum_exp};
use ndarray::{Array1, Array2};

// ANCHOR: along
/// A Gaussian in the middle of each of `k` equal pieces of −reach to reach, with the
/// mean and the standard deviation that `curve` gives there, and a weight that follows
/// the standard normal density of z.
pub fn along(
    k: usize,
    reach: f64,
    curve: impl Fn(f64) -> (Array1<f64>, f64),
) -> Result<Gaussians> {
    within("the number of components", k as f64, 1.0, f64::MAX, "")?;
    within("the reach", reach, 0.0, f64::MAX, "")?;
    let place = |i: usize| reach * ((2 * i + 1) as f64 / k as f64 - 1.0);
    let log_weights: Vec<f64> = (0..k).map(|i| log_normal(place(i), 0.0, 1.0)).collect();
    let total = log_sum_exp(&log_weights);
    let weights = log_weights.iter().map(|l| (l - total).exp()).collect(); // (eq:nodes)
    let at: Vec<_> = (0..k).map(|i| curve(place(i))).collect();
    let d = at[0].0.len();
    for (mean, _) in &at {
        shaped("a mean on the curve", (mean.len(), 1), "the first of them", (d, 1))?;
    }
    let means = Array2::from_shape_fn((k, d), |(i, j)| at[i].0[j]);
    let variances = at.iter().map(|(_, sd)| sd * sd).collect();
    Gaussians::new(weights, means, Covariance::Spherical(variances))
}
// ANCHOR_END: along
