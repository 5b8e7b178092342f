//! Chapter 2: factor analysis, the Gaussian model with a few shared factors, and probabilistic PCA.
mod ppca;
mod stationary;
mod varimax;
pub use ppca::ppca_log_likelihood;
pub use varimax::varimax_criterion;

use crate::error::{Error, Result, finite, shaped, within};
use crate::gaussian::{self, LN_2PI, Moments};
use crate::linalg::{cholesky, eigen_symmetric, solve_lower};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis, CowArray, Ix2, s};
use ndarray_rand::{RandomExt, rand_distr::StandardNormal};
use rand::Rng;

// ANCHOR: model
/// x = Wz + μ + noise, with z ~ N(0, I) and noise ~ N(0, Ψ), Ψ diagonal.
#[derive(Clone, Debug)]
pub struct FactorAnalysis {
    /// μ, of length D.
    pub mean: Array1<f64>,
    /// W, of shape (D, L): the loadings.
    pub w: Array2<f64>,
    /// ψ, the diagonal of Ψ, of length D: variances, all above zero.
    pub psi: Array1<f64>,
}
// ANCHOR_END: model

// ANCHOR: answer
/// What is known of z when x is known: N(m, G), with one G for all rows.
#[derive(Clone, Debug)]
pub struct Posterior {
    /// m, one row for each row of x, of shape (N, L).
    pub mean: Array2<f64>,
    /// G, of shape (L, L).
    pub covariance: Array2<f64>,
}
// ANCHOR_END: answer

/// The two small matrices that stand for C⁻¹ = (Ψ + WWᵀ)⁻¹ everywhere: B = WᵀΨ⁻¹ and M = I + WᵀΨ⁻¹W.
struct Small {
    /// B, of shape (L, D).
    b: Array2<f64>,
    /// The Cholesky factor of M, of shape (L, L).
    l: Array2<f64>,
}

fn no_more_factors_than(columns: usize, l: usize) -> Result<()> {
    let why = ": no more factors than columns";
    within("the number of factors", l as f64, 1.0, columns as f64, why)
}

impl FactorAnalysis {
    /// A model, if its parts fit together.
    pub fn new(mean: Array1<f64>, w: Array2<f64>, psi: Array1<f64>) -> Result<Self> {
        let d = mean.len();
        finite("the loadings", w.view())?;
        finite("the mean", mean.view().insert_axis(Axis(0)))?;
        shaped("the loadings", w.dim(), "this mean", (d, w.ncols()))?;
        shaped("the noise", (psi.len(), 1), "this mean", (d, 1))?;
        no_more_factors_than(d, w.ncols())?;
        for &v in &psi {
            within("a noise variance", v, f64::MIN_POSITIVE, f64::MAX, "")?;
        }
        Ok(FactorAnalysis { mean, w, psi })
    }

    // ANCHOR: start
    /// Where the fits of this book begin: W from the first L eigenvectors of S, each √λ long,
    /// and half of each variance as noise.
    pub fn start(data: &Moments, l: usize) -> Result<Self> {
        let variances = data.covariance.diag();
        if let Some(column) = variances.iter().position(|v| *v <= 0.0) {
            return Err(Error::Constant { column });
        }
        no_more_factors_than(variances.len(), l)?;
        let found = eigen_symmetric(data.covariance.view())?;
        let lengths = found.values.mapv(|v| v.max(0.0).sqrt());
        let w = (&found.vectors * &lengths).slice_move(s![.., ..l]);
        Self::new(data.mean.clone(), w, &variances / 2.0)
    }
    // ANCHOR_END: start

    // ANCHOR: absorb
    /// The model with prior N(μ₀, Σ₀) on z, rewritten with prior N(0, I).
    pub fn absorb(
        mean: ArrayView1<f64>,
        w: ArrayView2<f64>,
        psi: Array1<f64>,
        prior_mean: ArrayView1<f64>,
        prior_covariance: ArrayView2<f64>,
    ) -> Result<Self> {
        let (d, l) = w.dim();
        shaped("the mean", (mean.len(), 1), "these loadings", (d, 1))?;
        shaped("the prior mean", (prior_mean.len(), 1), "these loadings", (l, 1))?;
        shaped("the prior covariance", prior_covariance.dim(), "these loadings", (l, l))?;
        let root = cholesky(prior_covariance)?; // Σ₀ = root · rootᵀ
        Self::new(&w.dot(&prior_mean) + &mean, w.dot(&root), psi) // (eq:absorb)
    }
    // ANCHOR_END: absorb

    // ANCHOR: marginal
    /// C = Ψ + WWᵀ, of shape (D, D): the covariance of x when z is not known.
    pub fn covariance(&self) -> Array2<f64> {
        self.w.dot(&self.w.t()) + Array2::from_diag(&self.psi) // (eq:fa-marginal)
    }

    /// log N(x | μ, Ψ + WWᵀ) for each row, with L × L matrices only.
    pub fn log_density(&self, x: ArrayView2<f64>) -> Result<Array1<f64>> {
        let centred = self.centred(x)?;
        let Small { b, l } = self.small()?;
        let scaled = (&centred * &centred / &self.psi).sum_axis(Axis(1));
        let explained = solve_lower(l.view(), b.dot(&centred.t()).view())?; // L⁻¹B(x − μ)
        let squares = scaled - explained.map_axis(Axis(0), |c| c.dot(&c)); // (eq:woodbury)
        Ok(squares.mapv(|q| -0.5 * (q + self.log_det(&l))))
    }
    // ANCHOR_END: marginal

    // ANCHOR: log_likelihood
    /// Σ log N(x | μ, Ψ + WWᵀ) over the rows that gave these moments.
    pub fn log_likelihood(&self, data: &Moments) -> Result<f64> {
        let s = self.moment(data)?;
        let Small { b, l } = self.small()?;
        let half = solve_lower(l.view(), b.view())?; // L⁻¹B
        let explained = (half.dot(&s) * &half).sum(); // tr M⁻¹BSBᵀ
        let trace = (&s.diag() / &self.psi).sum() - explained; // tr C⁻¹S
        Ok(-0.5 * data.rows * (self.log_det(&l) + trace)) // (eq:fa-likelihood)
    }
    // ANCHOR_END: log_likelihood

    // ANCHOR: posterior
    /// What each row of `x` says about its z.
    pub fn posterior(&self, x: ArrayView2<f64>) -> Result<Posterior> {
        let (gain, covariance) = self.gain()?;
        Ok(Posterior { mean: self.centred(x)?.dot(&gain.t()), covariance })
    }

    /// GWᵀΨ⁻¹, of shape (L, D), which turns x − μ into the posterior mean; and G.
    pub fn gain(&self) -> Result<(Array2<f64>, Array2<f64>)> {
        let Small { b, l } = self.small()?;
        let inverse = solve_lower(l.view(), Array2::eye(b.nrows()).view())?;
        let g = inverse.t().dot(&inverse); // (eq:posterior-covariance)
        Ok((g.dot(&b), g)) // (eq:posterior-mean)
    }
    // ANCHOR_END: posterior

    // ANCHOR: sample
    /// `n` draws: z from the prior, of shape (n, L), then x given z, of shape (n, D).
    pub fn sample(&self, n: usize, rng: &mut impl Rng) -> (Array2<f64>, Array2<f64>) {
        let z = Array2::random_using((n, self.w.ncols()), StandardNormal, rng);
        let e: Array2<f64> = Array2::random_using((n, self.psi.len()), StandardNormal, rng);
        let x = z.dot(&self.w.t()) + &self.mean + e * self.psi.mapv(f64::sqrt); // (eq:fa)
        (z, x)
    }
    // ANCHOR_END: sample

    // ANCHOR: shared
    /// The shared part of each column's variance, Σ w²; `psi` is the part of its own.
    pub fn communalities(&self) -> Array1<f64> {
        self.w.mapv(|v| v * v).sum_axis(Axis(1)) // (eq:communality)
    }

    /// Columns that keep less than the share `least` of their variance: a Heywood case.
    pub fn heywood(&self, least: f64) -> Vec<usize> {
        let total = self.communalities() + &self.psi;
        (0..total.len()).filter(|&j| self.psi[j] < least * total[j]).collect()
    }
    // ANCHOR_END: shared

    // ANCHOR: rotate
    /// The same model of x with the factors turned: W becomes WR.
    pub fn rotated(&self, r: ArrayView2<f64>) -> Result<Self> {
        let l = self.w.ncols();
        shaped("the rotation", r.dim(), "these loadings", (l, l))?;
        Self::new(self.mean.clone(), self.w.dot(&r), self.psi.clone())
    }
    // ANCHOR_END: rotate

    /// S about this model's mean: the moments' own covariance, and the square of the step between the means.
    pub(crate) fn moment<'a>(&self, data: &'a Moments) -> Result<CowArray<'a, f64, Ix2>> {
        let d = self.mean.len();
        shaped("the moments", data.covariance.dim(), "this model", (d, d))?;
        let step = (&data.mean - &self.mean).insert_axis(Axis(1));
        if step.iter().all(|v| *v == 0.0) {
            return Ok(data.covariance.view().into());
        }
        Ok((&data.covariance + &step.dot(&step.t())).into())
    }

    fn centred(&self, x: ArrayView2<f64>) -> Result<Array2<f64>> {
        finite("the data", x)?;
        shaped("the data", x.dim(), "this model", (x.nrows(), self.mean.len()))?;
        Ok(&x - &self.mean)
    }

    // ANCHOR: small
    /// B and the Cholesky factor of M: one product, D·L² multiplications.
    fn small(&self) -> Result<Small> {
        let b = &self.w.t() / &self.psi;
        let m = b.dot(&self.w) + Array2::<f64>::eye(self.w.ncols());
        Ok(Small { b, l: cholesky(m.view())? })
    }

    /// D log 2π + log |C|, by |Ψ + WWᵀ| = |Ψ|·|M|.
    fn log_det(&self, l: &Array2<f64>) -> f64 {
        let noise = self.psi.mapv(f64::ln).sum();
        let d = self.psi.len() as f64;
        d * LN_2PI + noise + 2.0 * gaussian::half_log_det(l) // (eq:determinant)
    }
    // ANCHOR_END: small
}
