//! EM for factor analysis and for probabilistic PCA, from moments: a step costs the same for any number of rows.
use super::{Em, Exact, Sample};
use crate::elbo::Elbo;
use crate::error::{Error, Result, within};
use crate::factor_analysis::FactorAnalysis;
use crate::gaussian::{LN_2PI, Moments, half_log_det};
use crate::linalg::{cholesky, solve_lower};
use ndarray::{Array1, Array2, ArrayView2, Axis};
use ndarray_rand::{RandomExt, rand_distr::StandardNormal};
use rand::Rng;

// ANCHOR: statistics
/// q(z) for all rows at once: N(gain · (x − μ), covariance) for row x.
/// With it, the two means that the M step needs.
#[derive(Clone, Debug)]
pub struct Statistics {
    /// GWᵀΨ⁻¹, of shape (L, D).
    pub gain: Array2<f64>,
    /// G, of shape (L, L).
    pub covariance: Array2<f64>,
    /// The mean of (x − μ)zᵀ over rows and their posteriors, of shape (D, L).
    pub xz: Array2<f64>,
    /// The mean of zzᵀ over rows and their posteriors, of shape (L, L).
    pub zz: Array2<f64>,
}
// ANCHOR_END: statistics

// ANCHOR: e_step
impl Em for FactorAnalysis {
    type Data = Moments;
    type Posterior = Statistics;

    fn e_step(&self, data: &Moments) -> Result<Statistics> {
        let (gain, covariance) = self.gain()?;
        let xz = self.moment(data)?.dot(&gain.t()); // (eq:xz)
        let zz = &covariance + &gain.dot(&xz); // (eq:zz)
        Ok(Statistics { gain, covariance, xz, zz })
    }
    // ANCHOR_END: e_step

    // ANCHOR: m_step
    fn m_step(&self, data: &Moments, q: &Statistics) -> Result<Self> {
        let w = right_solve(&q.xz, &q.zz)?; // (eq:m-w)
        let total = self.moment(data)?.diag().to_owned();
        let psi = &total - &(&w * &q.xz).sum_axis(Axis(1)); // (eq:m-psi)
        refuse_heywood(&psi, &total)?;
        FactorAnalysis::new(self.mean.clone(), w, psi)
    }
    // ANCHOR_END: m_step

    // ANCHOR: bound
    fn elbo(&self, data: &Moments, q: &Statistics) -> Result<Elbo> {
        let total = self.moment(data)?.diag().to_owned();
        let across = (&self.w * &q.xz).sum_axis(Axis(1));
        let within = (self.w.dot(&q.zz) * &self.w).sum_axis(Axis(1));
        let misfit = (total - 2.0 * across + within) / &self.psi; // e / ψ
        let fit = -0.5 * (self.psi.mapv(f64::ln) + misfit + LN_2PI).sum(); // (eq:fa-complete)
        let log_det = 2.0 * half_log_det(&cholesky(q.covariance.view())?);
        let kl = 0.5 * (q.zz.diag().sum() - q.zz.nrows() as f64 - log_det); // (eq:fa-kl)
        Ok(Elbo { fit: data.rows * fit, kl: data.rows * kl })
    }
    // ANCHOR_END: bound
}

impl Exact for FactorAnalysis {
    fn log_likelihood(&self, data: &Moments) -> Result<f64> {
        FactorAnalysis::log_likelihood(self, data)
    }
}

impl Sample for FactorAnalysis {
    fn sample(&self, n: usize, rng: &mut impl Rng) -> Result<(Array2<f64>, Array2<f64>)> {
        Ok(FactorAnalysis::sample(self, n, rng))
    }
}

/// a b⁻¹, for a symmetric positive definite b.
fn right_solve(a: &Array2<f64>, b: &Array2<f64>) -> Result<Array2<f64>> {
    let l = cholesky(b.view())?;
    let inverse = solve_lower(l.view(), Array2::eye(b.nrows()).view())?; // L⁻¹
    Ok(a.dot(&inverse.t()).dot(&inverse))
}

/// A ψ of zero is no model: p(x | z) would be infinite. Say which column, while the model is still one.
fn refuse_heywood(psi: &Array1<f64>, total: &Array1<f64>) -> Result<()> {
    for (column, (&psi, &total)) in psi.iter().zip(total).enumerate() {
        if total <= 0.0 {
            return Err(Error::Constant { column });
        }
        if psi <= 1e-10 * total {
            return Err(Error::Heywood { column, share: psi / total });
        }
    }
    Ok(())
}

// ANCHOR: isotropic
/// Probabilistic PCA as EM sees it: the same steps, and one noise variance for all columns.
#[derive(Clone, Debug)]
pub struct Isotropic(pub FactorAnalysis);

impl Em for Isotropic {
    type Data = Moments;
    type Posterior = Statistics;
    fn e_step(&self, data: &Moments) -> Result<Statistics> {
        self.0.e_step(data)
    }
    fn m_step(&self, data: &Moments, q: &Statistics) -> Result<Self> {
        let mut next = self.0.m_step(data, q)?;
        let mean = next.psi.sum() / next.psi.len() as f64; // (eq:m-noise)
        next.psi.fill(mean);
        Ok(Isotropic(next))
    }
    fn elbo(&self, data: &Moments, q: &Statistics) -> Result<Elbo> {
        self.0.elbo(data, q)
    }
}
// ANCHOR_END: isotropic

impl Exact for Isotropic {
    fn log_likelihood(&self, data: &Moments) -> Result<f64> {
        self.0.log_likelihood(data)
    }
}

// ANCHOR: monte_carlo
/// The E step by drawing: `draws` values of z from the posterior of every row.
pub fn monte_carlo(
    model: &FactorAnalysis,
    x: ArrayView2<f64>,
    draws: usize,
    rng: &mut impl Rng,
) -> Result<Statistics> {
    within("the number of draws", draws as f64, 1.0, f64::MAX, "")?;
    let (gain, covariance) = model.gain()?;
    let mean = model.posterior(x)?.mean;
    let (centred, l) = (&x - &model.mean, cholesky(covariance.view())?);
    let mut xz = Array2::zeros(model.w.dim());
    let mut zz = Array2::zeros(covariance.dim());
    for _ in 0..draws {
        let noise: Array2<f64> = Array2::random_using(mean.dim(), StandardNormal, rng);
        let z = &mean + &noise.dot(&l.t());
        xz += &centred.t().dot(&z);
        zz += &z.t().dot(&z);
    }
    let count = (draws * x.nrows()) as f64; // (eq:monte-carlo)
    Ok(Statistics { gain, covariance, xz: xz / count, zz: zz / count })
}
// ANCHOR_END: monte_carlo
