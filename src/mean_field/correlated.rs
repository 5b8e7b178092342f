//! A Gaussian whose coordinates are tied together, and the best Gaussians that are not, in both directions of KL.
use crate::error::{Result, finite, shaped, within};
use crate::gaussian;
use crate::linalg::{cholesky, solve_lower};
use ndarray::{Array1, Array2, array};

// ANCHOR: target
/// The posterior that is to be approximated: N(mean, covariance).
#[derive(Clone, Debug)]
pub struct Target {
    /// μ, of length D.
    pub mean: Array1<f64>,
    /// Σ, of shape (D, D).
    pub covariance: Array2<f64>,
    /// Λ, the inverse of Σ.
    pub precision: Array2<f64>,
}

/// A Gaussian of independent coordinates.
#[derive(Clone, Debug)]
pub struct Product {
    /// A mean for each coordinate.
    pub mean: Array1<f64>,
    /// A variance for each coordinate.
    pub variances: Array1<f64>,
}
// ANCHOR_END: target

impl Target {
    /// A target, if its parts fit together.
    pub fn new(mean: Array1<f64>, covariance: Array2<f64>) -> Result<Target> {
        let d = mean.len();
        finite("the mean", mean.view().insert_axis(ndarray::Axis(0)))?;
        finite("the covariance", covariance.view())?;
        shaped("the covariance", covariance.dim(), "this mean", (d, d))?;
        let l = cholesky(covariance.view())?;
        let half = solve_lower(l.view(), Array2::eye(d).view())?;
        Ok(Target { mean, covariance, precision: half.t().dot(&half) })
    }

    /// Two coordinates about zero, both of variance 1, with this correlation.
    pub fn pair(rho: f64) -> Result<Target> {
        within("the correlation", rho, -1.0 + 1e-9, 1.0 - 1e-9, "")?;
        Target::new(array![0.0, 0.0], array![[1.0, rho], [rho, 1.0]])
    }

    // ANCHOR: fits
    /// The product nearest in KL(q ‖ p): where coordinate ascent ends.
    pub fn reverse(&self) -> Product {
        let variances = self.precision.diag().mapv(f64::recip); // (eq:reverse-variance)
        Product { mean: self.mean.clone(), variances }
    }

    /// The product nearest in KL(p ‖ q): the target's own means and variances.
    pub fn forward(&self) -> Product {
        let variances = self.covariance.diag().to_owned(); // (eq:forward-variance)
        Product { mean: self.mean.clone(), variances }
    }
    // ANCHOR_END: fits

    /// KL(q ‖ p), in nats: the gap, and minus the bound if p has area 1.
    pub fn gap(&self, q: &Product) -> Result<f64> {
        let s = Array2::from_diag(&q.variances);
        gaussian::kl(q.mean.view(), s.view(), self.mean.view(), self.covariance.view())
    }

    /// KL(p ‖ q), in nats: the other direction.
    pub fn other_way(&self, q: &Product) -> Result<f64> {
        let s = Array2::from_diag(&q.variances);
        gaussian::kl(self.mean.view(), self.covariance.view(), q.mean.view(), s.view())
    }

    // ANCHOR: coordinate
    /// The best factor for coordinate `j`, the others held: its mean and its variance.
    pub fn best_factor(&self, q: &Product, j: usize) -> Result<(f64, f64)> {
        let d = self.mean.len();
        shaped("q", (q.mean.len(), q.variances.len()), "this target", (d, d))?;
        within("the coordinate", j as f64, 0.0, d as f64 - 1.0, "")?;
        let variance = 1.0 / self.precision[[j, j]];
        let off = &q.mean - &self.mean;
        let pull = self.precision.row(j).dot(&off) - self.precision[[j, j]] * off[j];
        Ok((self.mean[j] - variance * pull, variance)) // (eq:coordinate)
    }

    /// Every factor once, in order.
    pub fn sweep(&self, q: &Product) -> Result<Product> {
        let mut q = q.clone();
        for j in 0..self.mean.len() {
            (q.mean[j], q.variances[j]) = self.best_factor(&q, j)?;
        }
        Ok(q)
    }
    // ANCHOR_END: coordinate
}
