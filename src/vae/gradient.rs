//! Two ways to guess the slope of a mean over q from one draw, in one dimension, where their variances are integrals.
use crate::elbo::Gauss;
use crate::error::{Result, within};
use crate::gaussian::log_normal;

// ANCHOR: guesses
/// A guess at the slopes of E f(z) in m and in s, from one draw ε of N(0, 1): the
/// draw z = m + sε is weighed by f, and no slope of f is needed.
pub fn score(f: impl Fn(f64) -> f64, q: Gauss, e: f64) -> [f64; 2] {
    let weight = f(q.mean + q.sd * e);
    [weight * e / q.sd, weight * (e * e - 1.0) / q.sd] // (eq:score-slopes)
}

/// Another: the draw moves with m and s, and what counts is the slope of f there.
pub fn pathwise(slope: impl Fn(f64) -> f64, q: Gauss, e: f64) -> [f64; 2] {
    let push = slope(q.mean + q.sd * e);
    [push, push * e] // (eq:pathwise-slopes)
}

/// The mean and the variance of a guess over ε ~ N(0, 1), by a sum over a grid.
pub fn moments(guess: impl Fn(f64) -> f64) -> (f64, f64) {
    let (mut mean, mut square) = (0.0, 0.0);
    for i in -12_000..12_000 {
        let e = (f64::from(i) + 0.5) / 1000.0;
        let mass = log_normal(e, 0.0, 1.0).exp() / 1000.0;
        mean += mass * guess(e);
        square += mass * guess(e).powi(2);
    }
    (mean, square - mean * mean)
}
// ANCHOR_END: guesses

/// E f(z) for z ~ q, by the same sum.
pub fn mean(f: impl Fn(f64) -> f64, q: Gauss) -> Result<f64> {
    within("the standard deviation", q.sd, f64::MIN_POSITIVE, f64::MAX, "")?;
    Ok(moments(|e| f(q.mean + q.sd * e)).0)
}
