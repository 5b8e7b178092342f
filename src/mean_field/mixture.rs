//! The Bayesian mixture of Gaussians: weights, means and precisions are hidden too, and have a q of their own.
use super::Prior;
use crate::elbo::Elbo;
use crate::em::Em;
use crate::error::{Error, Result, finite, shaped, within};
use crate::gamma::{digamma, ln_gamma};
use crate::gaussian::{LN_2PI, half_log_det};
use crate::linalg::{cholesky, solve_lower};
use crate::mixture::quadratics::Quadratics;
use crate::mixture::{Covariance, Soft};
use ndarray::{Array1, Array2, Axis};

// ANCHOR: variational
/// q(π, μ, Λ): the prior's own kind of distribution, with the rows counted in.
#[derive(Clone, Debug)]
pub struct Variational {
    /// α, of length K: the prior's, and the rows of each component.
    pub alpha: Array1<f64>,
    /// β, of length K.
    pub beta: Array1<f64>,
    /// The mean of each component's mean, of shape (K, D).
    pub means: Array2<f64>,
    /// W⁻¹ of each component, of shape (D, D).
    pub scatters: Vec<Array2<f64>>,
    /// ν, of length K.
    pub nu: Array1<f64>,
    /// What was believed before.
    pub prior: Prior,
}
// ANCHOR_END: variational

impl Em for Variational {
    type Data = Array2<f64>;
    type Posterior = Soft;

    // ANCHOR: vb_e
    fn e_step(&self, x: &Array2<f64>) -> Result<Soft> {
        self.fits(x)?;
        let soft = Soft::of(x.view(), &self.quadratics()?);
        if soft.shares.counts.sum().is_nan() {
            finite("the data", x.view())?; // says which entry
        }
        Ok(soft)
    }
    // ANCHOR_END: vb_e

    fn m_step(&self, x: &Array2<f64>, q: &Soft) -> Result<Variational> {
        self.fits(x)?;
        Variational::of(self.prior.clone(), q)
    }

    // ANCHOR: vb_bound
    fn elbo(&self, x: &Array2<f64>, q: &Soft) -> Result<Elbo> {
        self.fits(x)?;
        let log_pi = self.log_pi();
        let fit = self.quadratics()?.expected(q) - q.shares.of(&log_pi);
        let labels = -q.shares.entropy - q.shares.of(&log_pi); // KL of q(z), given q(π)
        Ok(Elbo { fit, kl: labels + self.kl_weights() + self.kl_shapes()? }) // (eq:vb-bound)
    }
    // ANCHOR_END: vb_bound
}

impl Variational {
    // ANCHOR: vb_start
    /// From k places: each row is shared among them as among narrow Gaussians, and
    /// counted in.
    pub fn start(x: &Array2<f64>, places: &Array2<f64>, prior: Prior) -> Result<Variational> {
        finite("the data", x.view())?;
        finite("the places", places.view())?; // K = 0 has no entries
        let (k, d) = (places.nrows(), prior.mean.len());
        shaped("the places", places.dim(), "this prior", (k, d))?;
        shaped("the data", x.dim(), "this prior", (x.nrows(), d))?;
        let narrow = Covariance::Full(vec![0.25 * Array2::eye(d); k]); // half a unit each way
        let around = Quadratics::new(Array1::zeros(k), places.clone(), &narrow)?;
        let q = Soft::of(x.view(), &around);
        Variational::of(prior, &q)
    }
    // ANCHOR_END: vb_start

    // ANCHOR: vb_m
    /// The best q(π, μ, Λ) for these shares: every row that a component has is counted
    /// in.
    fn of(prior: Prior, q: &Soft) -> Result<Variational> {
        let (counts, d) = (&q.shares.counts, prior.mean.len());
        let squares = full(q, (counts.len(), d))?;
        let middle = &prior.mean - &q.origin; // rows are counted from here
        let mut means = Array2::zeros((counts.len(), d));
        let mut scatters = vec![];
        for (k, (&n, square)) in counts.iter().zip(squares).enumerate() {
            let sum = prior.beta * &middle + q.shares.sums.row(k);
            let mean = sum / (prior.beta + n); // (eq:vb-means)
            let outer = |v: &Array1<f64>, w: f64| {
                let column = v.view().insert_axis(Axis(1));
                column.dot(&column.t()) * w
            };
            let kept = outer(&middle, prior.beta) - outer(&mean, prior.beta + n);
            scatters.push(&prior.scatter + square + kept); // (eq:vb-scatter)
            means.row_mut(k).assign(&(mean + &q.origin));
        }
        let (alpha, beta) = (counts + prior.alpha, counts + prior.beta); // (eq:vb-alpha)
        Ok(Variational { alpha, beta, means, scatters, nu: counts + prior.nu, prior })
    }
    // ANCHOR_END: vb_m

    // ANCHOR: vb_expectations
    /// E log π, of length K.
    pub fn log_pi(&self) -> Array1<f64> {
        self.alpha.mapv(digamma) - digamma(self.alpha.sum()) // (eq:log-pi)
    }

    /// Σᵢ ψ((ν + 1 − i) / 2) for each component: E log |Λ|, but for log |W| and D log
    /// 2.
    fn digammas(&self) -> Array1<f64> {
        let each = |nu: f64| (0..self.prior.mean.len()).map(move |i| 0.5 * (nu - i as f64));
        self.nu.mapv(|nu| each(nu).map(digamma).sum()) // (eq:log-det)
    }

    /// The mean of log p(x, k) under q(π, μ, Λ), as a function of the rows.
    fn quadratics(&self) -> Result<Quadratics> {
        let d = self.prior.mean.len() as f64;
        let width = (2.0 / &self.nu).mapv(f64::ln); // what W has and (νW)⁻¹ has not
        let blur = d / &self.beta; // the mean is not known either
        let rest = 0.5 * (self.digammas() + d * width - blur - d * LN_2PI);
        let covariances = self.covariances();
        Quadratics::new(self.log_pi() + rest, self.means.clone(), &covariances) // (eq:vb-log-rho)
    }
    // ANCHOR_END: vb_expectations

    /// E log p(x, k) of each row and component, of shape (N, K).
    pub fn log_rho(&self, x: &Array2<f64>) -> Result<Array2<f64>> {
        self.fits(x)?;
        finite("the data", x.view())?;
        let model = self.quadratics()?;
        Ok(model.log_joint(&model.features(x.view())))
    }

    /// (νW)⁻¹ of each component: the covariance whose inverse is the mean of Λ.
    pub fn covariances(&self) -> Covariance {
        let each = self.scatters.iter().zip(&self.nu);
        Covariance::Full(each.map(|(s, nu)| s / *nu).collect())
    }

    /// E π, of length K.
    pub fn weights(&self) -> Array1<f64> {
        &self.alpha / self.alpha.sum()
    }

    /// How many components account for more than one row.
    pub fn survivors(&self) -> usize {
        self.alpha.iter().filter(|a| **a > self.prior.alpha + 1.0).count()
    }

    // ANCHOR: vb_kl
    /// KL(q(π) ‖ p(π)), of two Dirichlets.
    pub fn kl_weights(&self) -> f64 {
        let (k, prior) = (self.alpha.len() as f64, self.prior.alpha);
        let norm = |total: f64, each: f64| ln_gamma(total) - each;
        let own = norm(self.alpha.sum(), self.alpha.mapv(ln_gamma).sum());
        let before = norm(k * prior, k * ln_gamma(prior));
        own - before + ((&self.alpha - prior) * self.log_pi()).sum() // (eq:kl-dirichlet)
    }

    /// Σ KL(q(μ, Λ) ‖ p(μ, Λ)) over the components.
    pub fn kl_shapes(&self) -> Result<f64> {
        let (p, d) = (&self.prior, self.prior.mean.len() as f64);
        let before = cholesky(p.scatter.view())?;
        let (mut kl, digammas) = (0.0, self.digammas());
        for (k, scatter) in self.scatters.iter().enumerate() {
            let (nu, ratio, l) =
                (self.nu[k], p.beta / self.beta[k], cholesky(scatter.view())?);
            let step = (&self.means.row(k) - &p.mean).insert_axis(Axis(1));
            let off = solve_lower(l.view(), step.view())?.mapv(|v| v * v).sum();
            let trace = solve_lower(l.view(), before.view())?.mapv(|v| v * v).sum();
            let mean = d * (ratio - 1.0 - ratio.ln()) + p.beta * nu * off; // (eq:kl-mean)
            let volume = 2.0 * (half_log_det(&l) - half_log_det(&before));
            let spread = (nu - p.nu) * digammas[k] + nu * (trace - d) + p.nu * volume;
            kl += 0.5 * (mean + spread) + ln_gammas(p.nu, d) - ln_gammas(nu, d); // (eq:kl-wishart)
        }
        Ok(kl)
    }
    // ANCHOR_END: vb_kl

    /// Refuses rows of another width, and no rows.
    fn fits(&self, x: &Array2<f64>) -> Result<()> {
        let (rows, d) = (x.nrows(), self.prior.mean.len());
        if x.is_empty() {
            return Err(Error::Empty { what: "the data", rows, columns: x.ncols() });
        }
        shaped("the data", x.dim(), "this mixture", (rows, d))?;
        let (k, lists) = (self.alpha.len(), (self.beta.len(), self.nu.len()));
        within("the number of components", k as f64, 1.0, f64::MAX, "")?;
        shaped("the means", self.means.dim(), "this mixture", (k, d))?;
        shaped("beta and nu", lists, "this mixture", (k, k))?;
        shaped("the list of scatters", (self.scatters.len(), 1), "this mixture", (k, 1))
    }
}

/// Σᵢ log Γ((ν + 1 − i) / 2): what of a Wishart's normaliser is left in a divergence.
fn ln_gammas(nu: f64, d: f64) -> f64 {
    (0..d as usize).map(|i| ln_gamma(0.5 * (nu - i as f64))).sum()
}

/// The squares of q, if there is a full matrix for each of K components in D columns.
fn full(q: &Soft, (k, d): (usize, usize)) -> Result<&[Array2<f64>]> {
    let (sums, middle) = (q.shares.sums.dim(), (q.origin.len(), 1));
    shaped("the sums", sums, "this mixture", (k, d))?;
    shaped("the origin", middle, "this mixture", (d, 1))?;
    let squares: &[Array2<f64>] = match &q.squares {
        Covariance::Full(squares) => squares,
        _ => &[],
    };
    shaped("the list of full squares", (squares.len(), 1), "this mixture", (k, 1))?;
    for square in squares {
        shaped("a square", square.dim(), "this mixture", (d, d))?;
    }
    Ok(squares)
}

// ANCHOR: log_orders
/// log K!: the same mixture can be named in so many ways.
pub fn log_orders(k: usize) -> f64 {
    ln_gamma(k as f64 + 1.0) // (eq:log-orders)
}
// ANCHOR_END: log_orders
