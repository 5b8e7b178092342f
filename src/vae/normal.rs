//! The distribution function of N(0, 1), and its inverse.
use crate::error::{Result, within};
use crate::gaussian::log_normal;
use ndarray::{Array1, Array2};

// ANCHOR: cdf
/// Φ(z): the share of N(0, 1) below z. By a series near 0, by a continued fraction
/// in the tails; to twelve digits of the smaller tail.
pub fn cdf(z: f64) -> f64 {
    let density = log_normal(z, 0.0, 1.0).exp();
    if z.abs() < 3.0 {
        let (mut term, mut sum, mut k) = (z, z, 1.0);
        while f64::abs(term) > 1e-18 * f64::abs(sum) {
            k += 2.0;
            term *= z * z / k;
            sum += term;
        }
        return 0.5 + density * sum; // (eq:cdf-series)
    }
    let fraction = (1..=80).rev().fold(z.abs(), |f, k| z.abs() + f64::from(k) / f);
    let tail = density / fraction;
    if z < 0.0 { tail } else { 1.0 - tail }
}
// ANCHOR_END: cdf

/// Φ⁻¹(p): the z below which the share p of N(0, 1) lies. p is between 0 and 1,
/// without the ends: there it is infinite.
pub fn quantile(p: f64) -> Result<f64> {
    within(
        "the share",
        p,
        f64::MIN_POSITIVE,
        1.0 - f64::EPSILON / 2.0,
        ": at 0 and 1 the quantile is infinite",
    )?;
    if p > 0.5 {
        return Ok(-quantile(1.0 - p)?); // the lower tail holds more digits
    }
    let (mut low, mut high) = (-39.0, 0.0);
    let mut z: f64 = -((-2.0 * p.ln()).sqrt() - 0.5).max(0.0);
    for _ in 0..200 {
        let below = cdf(z);
        if below < p {
            low = z
        } else {
            high = z
        }
        let step = (below.ln() - p.ln()) * below / log_normal(z, 0.0, 1.0).exp();
        let next =
            if low < z - step && z - step < high { z - step } else { 0.5 * (low + high) };
        if (next - z).abs() < 1e-15 * next.abs().max(1.0) {
            return Ok(next);
        }
        z = next; // Newton on log Φ, halving where it would leave the bracket
    }
    Ok(z)
}

// ANCHOR: mesh
/// The middles of `n` cells of equal probability: Φ⁻¹((i + ½)/n).
pub fn middles(n: usize) -> Result<Array1<f64>> {
    within("the number of cells", n as f64, 1.0, 1e6, "")?;
    (0..n).map(|i| quantile((i as f64 + 0.5) / n as f64)).collect()
}

/// An n × n mesh of the plane, each cell of the same probability under N(0, I):
/// row by row from the top left, of shape (n², 2).
pub fn mesh(n: usize) -> Result<Array2<f64>> {
    let z = middles(n)?;
    Ok(Array2::from_shape_fn((n * n, 2), |(i, d)| {
        if d == 0 { z[i % n] } else { z[n - 1 - i / n] } // (eq:mesh)
    }))
}
// ANCHOR_END: mesh
