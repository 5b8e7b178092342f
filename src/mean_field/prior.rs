//! What a Bayesian mixture believes before it sees a row.
use crate::error::{Result, finite, shaped, within};
use crate::linalg::cholesky;
use ndarray::{Array1, Array2, Axis};

// ANCHOR: prior
/// π ~ Dirichlet(alpha, …, alpha); for each component Λ ~ Wishart(W, nu), and the mean
/// given Λ ~ N(mean, (beta Λ)⁻¹).
#[derive(Clone, Debug)]
pub struct Prior {
    /// α, rows that each component is worth before there are any.
    pub alpha: f64,
    /// β, rows that the prior mean is worth.
    pub beta: f64,
    /// Where means are expected, of length D.
    pub mean: Array1<f64>,
    /// W⁻¹, of shape (D, D): about `nu` times the covariance that is expected.
    pub scatter: Array2<f64>,
    /// ν, rows that this covariance is worth; above D − 1.
    pub nu: f64,
}
// ANCHOR_END: prior

impl Prior {
    /// For standardised columns: mean zero and unit scatter, each worth as little as the family allows without fuss.
    pub fn standard(d: usize, alpha: f64) -> Result<Prior> {
        let (mean, scatter) = (Array1::zeros(d), Array2::eye(d));
        Prior::new(alpha, 1.0, mean, scatter, d as f64)
    }

    /// A prior, if its parts fit together.
    pub fn new(
        alpha: f64,
        beta: f64,
        mean: Array1<f64>,
        scatter: Array2<f64>,
        nu: f64,
    ) -> Result<Prior> {
        let d = mean.len();
        finite("the prior's mean", mean.view().insert_axis(Axis(0)))?;
        finite("the prior's scatter", scatter.view())?;
        shaped("the prior's scatter", scatter.dim(), "this mean", (d, d))?;
        cholesky(scatter.view())?;
        within("alpha", alpha, 1e-100, 1e100, "")?;
        within("beta", beta, 1e-100, 1e100, "")?;
        within("nu", nu, d as f64 - 1.0 + 1e-9, 1e100, ": more than D − 1")?;
        Ok(Prior { alpha, beta, mean, scatter, nu })
    }
}
