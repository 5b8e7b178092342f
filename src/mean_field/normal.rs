//! A normal distribution whose mean and precision are both unknown: the smallest fully Bayesian fit.
use crate::elbo::Elbo;
use crate::em::Em;
use crate::error::{Result, finite, within};
use crate::gamma::{digamma, ln_gamma};
use crate::gaussian::LN_2PI;
use ndarray::{Array1, Axis};

// ANCHOR: normal_gamma
/// τ ~ Gamma(a, rate b), and μ given τ ~ N(mean, 1 / (strength τ)).
#[derive(Clone, Copy, Debug)]
pub struct NormalGamma {
    /// m, where μ is expected.
    pub mean: f64,
    /// λ, how many rows that expectation is worth.
    pub strength: f64,
    /// a, the shape of τ.
    pub a: f64,
    /// b, the rate of τ: its mean is a / b.
    pub b: f64,
}

/// q(τ), a gamma; with the prior that it began from, this is the whole model.
#[derive(Clone, Copy, Debug)]
pub struct PrecisionFactor {
    /// The prior of μ and τ.
    pub prior: NormalGamma,
    /// The shape.
    pub a: f64,
    /// The rate.
    pub b: f64,
}

/// q(μ), a Gaussian.
#[derive(Clone, Copy, Debug)]
pub struct MeanFactor {
    /// Its mean.
    pub mean: f64,
    /// Its precision, one over its variance.
    pub precision: f64,
}
// ANCHOR_END: normal_gamma

impl NormalGamma {
    /// A prior, if its numbers make it one.
    pub fn new(mean: f64, strength: f64, a: f64, b: f64) -> Result<NormalGamma> {
        within("the prior's mean", mean, f64::MIN, f64::MAX, "")?;
        for (what, v) in [("the prior's strength", strength), ("a", a), ("b", b)] {
            within(what, v, 1e-300, 1e300, "")?;
        }
        Ok(NormalGamma { mean, strength, a, b })
    }

    // ANCHOR: exact
    /// The exact posterior: this pair of distributions is its own kind.
    pub fn posterior(&self, x: &Array1<f64>) -> Result<NormalGamma> {
        finite("the data", x.view().insert_axis(Axis(0)))?;
        let (n, mean) = (x.len() as f64, x.sum() / x.len() as f64);
        let scatter = x.mapv(|v| (v - mean) * (v - mean)).sum();
        let strength = self.strength + n;
        let off = (mean - self.mean) * (mean - self.mean) * self.strength * n / strength;
        Ok(NormalGamma {
            mean: (self.strength * self.mean + n * mean) / strength,
            strength,
            a: self.a + 0.5 * n,
            b: self.b + 0.5 * (scatter + off),
        })
    }

    /// log p(x), with μ and τ integrated out.
    pub fn log_evidence(&self, x: &Array1<f64>) -> Result<f64> {
        let (n, after) = (x.len() as f64, self.posterior(x)?);
        let gamma = |p: &NormalGamma| ln_gamma(p.a) - p.a * p.b.ln() - 0.5 * p.strength.ln();
        Ok(gamma(&after) - gamma(self) - 0.5 * n * LN_2PI) // (eq:normal-evidence)
    }
    // ANCHOR_END: exact

    /// log p(μ, τ): the density of the pair.
    pub fn log_density(&self, mu: f64, tau: f64) -> f64 {
        let off = self.strength * (mu - self.mean) * (mu - self.mean);
        let gamma = self.a * self.b.ln() - ln_gamma(self.a) + (self.a - 1.0) * tau.ln();
        gamma - self.b * tau + 0.5 * ((self.strength * tau).ln() - LN_2PI - tau * off)
    }
}

impl PrecisionFactor {
    /// Before any data: a q(τ) whose mean is `tau`.
    pub fn start(prior: NormalGamma, tau: f64) -> Result<PrecisionFactor> {
        within("the first mean of τ", tau, 1e-300, 1e300, "")?;
        Ok(PrecisionFactor { prior, a: prior.a, b: prior.a / tau })
    }

    /// E τ.
    pub fn tau(&self) -> f64 {
        self.a / self.b
    }

    /// E log τ.
    pub fn log_tau(&self) -> f64 {
        digamma(self.a) - self.b.ln()
    }

    /// log q(τ).
    pub fn log_density(&self, tau: f64) -> f64 {
        self.a * self.b.ln() - ln_gamma(self.a) + (self.a - 1.0) * tau.ln() - self.b * tau
    }
}

impl Em for PrecisionFactor {
    type Data = Array1<f64>;
    type Posterior = MeanFactor;

    // ANCHOR: normal_steps
    fn e_step(&self, x: &Array1<f64>) -> Result<MeanFactor> {
        finite("the data", x.view().insert_axis(Axis(0)))?;
        let (n, p) = (x.len() as f64, &self.prior);
        let mean = (p.strength * p.mean + x.sum()) / (p.strength + n);
        Ok(MeanFactor { mean, precision: (p.strength + n) * self.tau() }) // (eq:q-mu)
    }

    fn m_step(&self, x: &Array1<f64>, q: &MeanFactor) -> Result<PrecisionFactor> {
        let (n, p) = (x.len() as f64, self.prior);
        let squares = square(x, q) + p.strength * q.square_from(p.mean);
        // (eq:q-tau)
        Ok(PrecisionFactor { prior: p, a: p.a + 0.5 * (n + 1.0), b: p.b + 0.5 * squares })
    }
    // ANCHOR_END: normal_steps

    // ANCHOR: normal_bound
    fn elbo(&self, x: &Array1<f64>, q: &MeanFactor) -> Result<Elbo> {
        let (n, p, tau, log_tau) = (x.len() as f64, &self.prior, self.tau(), self.log_tau());
        let fit = 0.5 * (n * (log_tau - LN_2PI) - tau * square(x, q)); // E log p(x | μ, τ)
        let off = p.strength * tau * q.square_from(p.mean);
        let ratio = q.precision.ln() - p.strength.ln() - log_tau;
        let for_mu = 0.5 * (ratio - 1.0 + off); // E KL(q(μ) ‖ p(μ | τ))
        let shape = (self.a - p.a) * digamma(self.a) - ln_gamma(self.a) + ln_gamma(p.a);
        let for_tau = shape + p.a * (self.b / p.b).ln() + (p.b - self.b) * tau; // KL(q(τ) ‖ p(τ))
        Ok(Elbo { fit, kl: for_mu + for_tau }) // (eq:normal-bound)
    }
    // ANCHOR_END: normal_bound
}

impl MeanFactor {
    /// E (μ − c)².
    fn square_from(&self, c: f64) -> f64 {
        (self.mean - c) * (self.mean - c) + 1.0 / self.precision
    }
}

/// Σ E (x − μ)² over the rows.
fn square(x: &Array1<f64>, q: &MeanFactor) -> f64 {
    x.iter().map(|&v| q.square_from(v)).sum()
}
