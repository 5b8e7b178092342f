//! Where the likelihood is flat: its gradient, and the average posterior, which is the prior there.
use super::FactorAnalysis;
use crate::error::Result;
use crate::gaussian::Moments;
use ndarray::{Array1, Array2};

impl FactorAnalysis {
    // ANCHOR: gradient
    /// C⁻¹ = (Ψ + WWᵀ)⁻¹, of shape (D, D), by way of L × L matrices.
    pub fn precision(&self) -> Result<Array2<f64>> {
        let (gain, _) = self.gain()?;
        let b = &self.w.t() / &self.psi; // WᵀΨ⁻¹
        let own = Array2::from_diag(&self.psi.mapv(f64::recip));
        Ok(own - b.t().dot(&gain)) // (eq:precision)
    }

    /// The slope of the log-likelihood by each entry of W, of shape (D, L), and by each ψ.
    pub fn gradient(&self, data: &Moments) -> Result<(Array2<f64>, Array1<f64>)> {
        let p = self.precision()?;
        let misfit = p.dot(&*self.moment(data)?).dot(&p) - &p; // C⁻¹SC⁻¹ − C⁻¹
        let by_psi = 0.5 * data.rows * &misfit.diag();
        Ok((data.rows * misfit.dot(&self.w), by_psi)) // (eq:fa-gradient)
    }
    // ANCHOR_END: gradient

    // ANCHOR: aggregate
    /// The covariance of z under the mean of all rows' posteriors, of shape (L, L),
    /// for data of this model's mean.
    pub fn aggregate(&self, data: &Moments) -> Result<Array2<f64>> {
        let (gain, g) = self.gain()?;
        Ok(g + gain.dot(&*self.moment(data)?).dot(&gain.t())) // (eq:aggregate)
    }
    // ANCHOR_END: aggregate
}
