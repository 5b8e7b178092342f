//! The Gaussian in logarithms: density, entropy, divergence, samples, and the moments that are all it needs of data.
//! Natural logarithms, so nats.
use crate::error::{Result, finite, shaped, within};
use crate::linalg::{cholesky, second_moment_about, solve_lower};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis};
use ndarray_rand::{RandomExt, rand_distr::StandardNormal};
use rand::Rng;

/// log 2π.
pub const LN_2PI: f64 = 1.837_877_066_409_345_3;

// ANCHOR: log_sum_exp
/// log Σ exp a, without overflow: the largest term is taken out first.
/// −∞ for an empty sum.
pub fn log_sum_exp(a: &[f64]) -> f64 {
    let largest = a.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if !largest.is_finite() {
        return if a.iter().any(|v| v.is_nan()) { f64::NAN } else { largest };
    }
    largest + a.iter().map(|v| (v - largest).exp()).sum::<f64>().ln()
}
// ANCHOR_END: log_sum_exp

/// log N(x | mean, sd²) of one number; `sd` is a standard deviation.
pub fn log_normal(x: f64, mean: f64, sd: f64) -> f64 {
    let t = (x - mean) / sd;
    -0.5 * (t * t + LN_2PI) - sd.ln()
}

/// log N(x | mean, covariance) for each row of `x`.
pub fn log_density(
    x: ArrayView2<f64>,
    mean: ArrayView1<f64>,
    covariance: ArrayView2<f64>,
) -> Result<Array1<f64>> {
    finite("the data", x)?;
    let d = x.ncols();
    shaped("the mean", (mean.len(), 1), "the density", (d, 1))?;
    shaped("the covariance", covariance.dim(), "the density", (d, d))?;
    let l = cholesky(covariance)?;
    let y = solve_lower(l.view(), (&x - &mean).t())?; // (D, N): L⁻¹(x − μ)
    let distance = y.map_axis(Axis(0), |c| c.dot(&c));
    Ok(distance.mapv(|m| -0.5 * (m + d as f64 * LN_2PI)) - half_log_det(&l))
}

/// ½ log |A| from the Cholesky factor of A.
pub fn half_log_det(l: &Array2<f64>) -> f64 {
    l.diag().iter().map(|v| v.ln()).sum()
}

// ANCHOR: entropy
/// −∫ p log p of a Gaussian, in nats; negative where the density is mostly above one.
pub fn entropy(covariance: ArrayView2<f64>) -> Result<f64> {
    let d = covariance.nrows() as f64;
    // (eq:entropy-gaussian)
    Ok(0.5 * d * (1.0 + LN_2PI) + half_log_det(&cholesky(covariance)?))
}
// ANCHOR_END: entropy

// ANCHOR: kl
/// KL(N(m₀, G₀) ‖ N(m₁, G₁)), in nats.
pub fn kl(
    m0: ArrayView1<f64>,
    g0: ArrayView2<f64>,
    m1: ArrayView1<f64>,
    g1: ArrayView2<f64>,
) -> Result<f64> {
    let d = m0.len();
    shaped("the second mean", (m1.len(), 1), "the divergence", (d, 1))?;
    shaped("the first covariance", g0.dim(), "the divergence", (d, d))?;
    shaped("the second covariance", g1.dim(), "the divergence", (d, d))?;
    let (l0, l1) = (cholesky(g0)?, cholesky(g1)?);
    let trace = solve_lower(l1.view(), l0.view())?.mapv(|v| v * v).sum(); // tr G₁⁻¹G₀
    let step = solve_lower(l1.view(), (&m1 - &m0).insert_axis(Axis(1)).view())?;
    let distance = step.mapv(|v| v * v).sum();
    // (eq:kl-gaussian)
    Ok(0.5 * (trace + distance - d as f64) + half_log_det(&l1) - half_log_det(&l0))
}
// ANCHOR_END: kl

/// `n` rows drawn from N(mean, covariance).
pub fn sample(
    n: usize,
    mean: ArrayView1<f64>,
    covariance: ArrayView2<f64>,
    rng: &mut impl Rng,
) -> Result<Array2<f64>> {
    let d = mean.len();
    shaped("the covariance", covariance.dim(), "the sample", (d, d))?;
    let l = cholesky(covariance)?;
    Ok(Array2::random_using((n, d), StandardNormal, rng).dot(&l.t()) + mean)
}

// ANCHOR: moments
/// All that a Gaussian model needs of its data, however many rows there were.
#[derive(Clone, Debug)]
pub struct Moments {
    /// N, the rows so far.
    pub rows: f64,
    /// The mean of the rows, of length D.
    pub mean: Array1<f64>,
    /// S = E(x − μ)(x − μ)ᵀ, of shape (D, D), divided by N.
    pub covariance: Array2<f64>,
}
// ANCHOR_END: moments

impl Moments {
    /// The moments of the rows of `x`, of shape (N, D).
    pub fn of(x: ArrayView2<f64>) -> Result<Moments> {
        finite("the data", x)?;
        let rows = x.nrows() as f64;
        let mean = x.sum_axis(Axis(0)) / rows;
        let covariance = second_moment_about(x, mean.view());
        Ok(Moments { rows, mean, covariance })
    }

    // ANCHOR: merge
    /// The moments of both sets of rows together, from the moments of each.
    pub fn merge(&self, other: &Moments) -> Result<Moments> {
        shaped(
            "the other moments",
            other.covariance.dim(),
            "this sum",
            self.covariance.dim(),
        )?;
        let rows = self.rows + other.rows;
        let (a, b) = (self.rows / rows, other.rows / rows);
        let step = &other.mean - &self.mean;
        let column = step.view().insert_axis(Axis(1));
        let between = column.dot(&column.t()) * (a * b);
        Ok(Moments {
            rows,
            mean: &self.mean + &(step * b),
            covariance: a * &self.covariance + b * &other.covariance + between, // (eq:merge)
        })
    }
    // ANCHOR_END: merge

    // ANCHOR: standardised
    /// The moments after each column is divided by its standard deviation.
    pub fn standardised(&self) -> Result<Moments> {
        let sd = self.covariance.diag().mapv(f64::sqrt);
        let least = sd.fold(f64::INFINITY, |m, v| m.min(*v));
        within(
            "the least standard deviation",
            least,
            1e-300,
            f64::MAX,
            ": drop the constant column",
        )?;
        self.rescaled(sd.mapv(f64::recip).view())
    }

    /// The moments after column j is multiplied by `factors[j]`.
    pub fn rescaled(&self, factors: ArrayView1<f64>) -> Result<Moments> {
        shaped("the factors", (factors.len(), 1), "these moments", (self.mean.len(), 1))?;
        let both = &factors.insert_axis(Axis(1)) * &factors;
        let covariance = &self.covariance * &both;
        Ok(Moments { rows: self.rows, mean: &self.mean * &factors, covariance })
    }
    // ANCHOR_END: standardised

    // ANCHOR: log_likelihood
    /// Σ log N(x | mean, covariance) over all rows, with this set's own mean; no row is needed.
    pub fn log_likelihood(&self, covariance: ArrayView2<f64>) -> Result<f64> {
        shaped("the covariance", covariance.dim(), "these moments", self.covariance.dim())?;
        let l = cholesky(covariance)?;
        let half = solve_lower(l.view(), self.covariance.view())?;
        let trace = solve_lower(l.view(), half.t())?.diag().sum(); // tr L⁻¹ S L⁻ᵀ = tr C⁻¹S
        let d = self.mean.len() as f64;
        Ok(-0.5 * self.rows * (d * LN_2PI + 2.0 * half_log_det(&l) + trace)) // (eq:trace-form)
    }
    // ANCHOR_END: log_likelihood
}
