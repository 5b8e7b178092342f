//! The integral that a decoder leaves undone: p(x) on a mesh, by draws of the prior, and what either costs.
use crate::elbo::Hidden;
use crate::error::{Result, shaped, within};
use crate::gaussian::{log_normal, log_sum_exp};
use ndarray::Array1;

// ANCHOR: integral
/// log p(x) on a mesh with `side` places on each of `latent` axes, from −8 to 8. The
/// decoder is asked side^latent times.
pub fn evidence(
    latent: u32,
    side: usize,
    log_likelihood: impl Fn(&[f64]) -> f64,
) -> Result<f64> {
    let places = (side as f64).powi(latent as i32);
    within("the number of places", places, 1.0, 1e7, ": side to the power latent")?;
    let step = 16.0 / side as f64;
    let mut logs = vec![];
    for place in 0..places as usize {
        let at = |axis| (place / side.pow(axis) % side) as f64;
        let z: Vec<f64> = (0..latent).map(|axis| (at(axis) + 0.5) * step - 8.0).collect();
        let log_prior: f64 = z.iter().map(|z| log_normal(*z, 0.0, 1.0)).sum();
        logs.push(log_prior + log_likelihood(&z));
    }
    Ok(log_sum_exp(&logs) + f64::from(latent) * step.ln()) // (eq:integral)
}
// ANCHOR_END: integral

// ANCHOR: draws
/// The variance of one draw's p(x, z)/q(z), z ~ q, in units of p(x)²: divided by R
/// it is the squared relative error of a mean of R draws.
pub fn relative_variance(hidden: &Hidden, log_q: &Array1<f64>) -> Result<f64> {
    shaped("q", (log_q.len(), 1), "this latent", (hidden.z.len(), 1))?;
    let squares = 2.0 * hidden.log_joint() - log_q; // of the logarithm of q · weight²
    let mean_square = log_sum_exp(&squares.to_vec()) + hidden.step.ln();
    Ok((mean_square - 2.0 * hidden.log_evidence()).exp_m1()) // (eq:relative-variance)
}
// ANCHOR_END: draws
