//! Probabilistic PCA: factor analysis with one noise variance for all columns, which has a closed form.
use super::{FactorAnalysis, no_more_factors_than};
use crate::error::{Error, Result, within};
use crate::gaussian::{LN_2PI, Moments};
use crate::linalg::{Eigen, eigen_symmetric};
use ndarray::{Array1, s};

impl FactorAnalysis {
    // ANCHOR: ppca
    /// The likeliest model with L factors and Ψ = σ²I, in one step.
    pub fn ppca(data: &Moments, l: usize) -> Result<FactorAnalysis> {
        let d = data.mean.len();
        let why = ": σ² is the mean of the variances that are left over, so leave one";
        within("the number of factors", l as f64, 1.0, d as f64 - 1.0, why)?;
        let found = eigen_symmetric(data.covariance.view())?;
        let left = found.values.slice(s![l..]).sum();
        let noise = left / (d - l) as f64; // (eq:ppca-noise)
        if noise <= 1e-13 * found.values[0].abs() {
            return Err(Error::NoNoise { factors: l });
        }
        likeliest(data, &found, l, noise)
    }

    /// The likeliest model with L factors for a noise variance σ² that is given.
    pub fn ppca_at(data: &Moments, l: usize, noise: f64) -> Result<FactorAnalysis> {
        no_more_factors_than(data.mean.len(), l)?;
        likeliest(data, &eigen_symmetric(data.covariance.view())?, l, noise)
    }
    // ANCHOR_END: ppca
}

// ANCHOR: ppca_loadings
/// W from the first L eigenvectors of S, each √(λ − σ²) long; zero where σ² exceeds λ.
fn likeliest(data: &Moments, found: &Eigen, l: usize, noise: f64) -> Result<FactorAnalysis> {
    let lengths = found.values.slice(s![..l]).mapv(|v| (v - noise).max(0.0).sqrt());
    let w = &found.vectors.slice(s![.., ..l]) * &lengths; // (eq:ppca-loadings)
    let psi = Array1::from_elem(data.mean.len(), noise);
    FactorAnalysis::new(data.mean.clone(), w, psi)
}
// ANCHOR_END: ppca_loadings

// ANCHOR: ppca_likelihood
/// The log-likelihood of the best PPCA model, summed over rows: from their number
/// and the eigenvalues of S.
pub fn ppca_log_likelihood(rows: f64, eigenvalues: &[f64], l: usize) -> Result<f64> {
    let d = eigenvalues.len();
    within("the number of factors", l as f64, 1.0, d as f64 - 1.0, "")?;
    for &v in eigenvalues {
        within("an eigenvalue", v, 0.0, f64::MAX, "")?;
    }
    let noise = eigenvalues[l..].iter().sum::<f64>() / (d - l) as f64;
    let kept: f64 = eigenvalues[..l].iter().map(|v| v.ln()).sum();
    let left = (d - l) as f64 * noise.ln();
    Ok(-0.5 * rows * (d as f64 * (LN_2PI + 1.0) + kept + left)) // (eq:ppca-likelihood)
}
// ANCHOR_END: ppca_likelihood
