//! Chapter 3: the evidence lower bound, its three forms and its three derivations, where everything can be computed.
mod conjugate;
mod tiny;

pub use conjugate::{Conjugate, Shifted};
pub use tiny::{Gauss, Tiny};

use crate::error::{Result, finite, shaped, within};
use crate::gaussian::log_sum_exp;
use ndarray::{Array1, ArrayView1, Axis, Zip};

// ANCHOR: elbo
/// The evidence lower bound in its two parts, in nats, with all constants.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Elbo {
    /// E log p(x | z) under q: how well the latents account for the data.
    pub fit: f64,
    /// KL(q ‖ prior): what it costs to say so.
    pub kl: f64,
}

impl Elbo {
    /// The bound itself.
    pub fn nats(&self) -> f64 {
        self.fit - self.kl // (eq:elbo-prior)
    }
}
// ANCHOR_END: elbo

impl std::ops::Add for Elbo {
    type Output = Elbo;
    fn add(self, other: Elbo) -> Elbo {
        Elbo { fit: self.fit + other.fit, kl: self.kl + other.kl }
    }
}

// ANCHOR: kl
/// KL(q ‖ p) = Σ q log(q / p), in nats, of two lists of probabilities.
/// Infinite where q has mass and p has none.
pub fn kl(q: &[f64], p: &[f64]) -> Result<f64> {
    let (q, p) = (probabilities("q", q)?, probabilities("p", p)?);
    shaped("p", (p.len(), 1), "q", (q.len(), 1))?;
    let term = |sum: f64, &q: &f64, &p: &f64| sum + weighted(q, (q / p).ln());
    Ok(Zip::from(q).and(p).fold(0.0, term)) // (eq:kl)
}

/// H(q) = −Σ q log q, in nats.
pub fn entropy(q: &[f64]) -> Result<f64> {
    let q = probabilities("q", q)?;
    Ok(-q.iter().map(|&q| weighted(q, q.ln())).sum::<f64>()) // (eq:entropy)
}

/// q · f, and zero where q is zero, whatever f is there.
fn weighted(q: f64, f: f64) -> f64 {
    if q == 0.0 { 0.0 } else { q * f }
}
// ANCHOR_END: kl

/// Refuses a list that is no distribution.
fn probabilities<'a>(what: &'static str, p: &'a [f64]) -> Result<ArrayView1<'a, f64>> {
    let view = ArrayView1::from(p);
    finite(what, view.insert_axis(Axis(0)))?;
    for &v in p {
        within(what, v, 0.0, 1.0, ": it is a probability")?;
    }
    within(what, view.sum(), 1.0 - 1e-9, 1.0 + 1e-9, " in sum: it is a distribution")?;
    Ok(view)
}

// ANCHOR: kl_gaussians
/// KL(N(m, s²) ‖ N(0, 1)), summed over the entries; `s` are standard deviations.
pub fn kl_to_standard(m: &[f64], s: &[f64]) -> f64 {
    let each = |(m, s): (&f64, &f64)| 0.5 * (s * s + m * m - 1.0) - s.ln();
    m.iter().zip(s).map(each).sum() // (eq:kl-standard)
}
// ANCHOR_END: kl_gaussians

// ANCHOR: hidden
/// A latent variable at finitely many places, and one observed x.
/// It is a discrete latent, or a density on a fine grid.
#[derive(Clone, Debug)]
pub struct Hidden {
    /// The places z.
    pub z: Array1<f64>,
    /// How much of the axis each place stands for: the step of a grid,
    /// and 1 for a discrete latent.
    pub step: f64,
    /// log p(z).
    pub log_prior: Array1<f64>,
    /// log p(x | z), for the x at hand.
    pub log_likelihood: Array1<f64>,
}
// ANCHOR_END: hidden

impl Hidden {
    /// A discrete latent with values 0, 1, …: their prior, and the likelihood of the x at hand under each.
    pub fn discrete(prior: &[f64], likelihood: &[f64]) -> Result<Hidden> {
        let prior = probabilities("the prior", prior)?;
        let likelihood = ArrayView1::from(likelihood);
        shaped("the likelihood", (likelihood.len(), 1), "this prior", (prior.len(), 1))?;
        finite("the likelihood", likelihood.insert_axis(Axis(0)))?;
        for &v in &likelihood {
            within("a likelihood", v, 0.0, f64::MAX, "")?;
        }
        let evidence = prior.dot(&likelihood);
        within("the evidence", evidence, f64::MIN_POSITIVE, f64::MAX, ": no z makes this x")?;
        Ok(Hidden {
            z: Array1::from_iter((0..prior.len()).map(|i| i as f64)),
            step: 1.0,
            log_prior: prior.mapv(f64::ln),
            log_likelihood: likelihood.mapv(f64::ln),
        })
    }

    /// A latent on the line, on a grid from −12 to 12 in steps of 0.01. Sums are integrals to nine digits for
    /// densities with standard deviations from 0.012 to 1.5 whose mass lies inside.
    pub fn on_grid(
        log_prior: impl Fn(f64) -> f64,
        log_likelihood: impl Fn(f64) -> f64,
    ) -> Hidden {
        let z = Array1::linspace(-12.0, 12.0, 2401);
        Hidden {
            step: 0.01,
            log_prior: z.mapv(log_prior),
            log_likelihood: z.mapv(log_likelihood),
            z,
        }
    }

    // ANCHOR: evidence
    /// log p(x, z) at each place.
    pub fn log_joint(&self) -> Array1<f64> {
        &self.log_prior + &self.log_likelihood
    }

    /// log p(x): the sum, or integral, of p(x, z) over all z.
    pub fn log_evidence(&self) -> f64 {
        log_sum_exp(&self.log_joint().to_vec()) + self.step.ln() // (eq:evidence)
    }

    /// log p(z | x) at each place, by Bayes' rule.
    pub fn log_posterior(&self) -> Array1<f64> {
        self.log_joint() - self.log_evidence() // (eq:bayes)
    }

    /// The mean of f under q.
    pub fn mean(&self, log_q: &Array1<f64>, f: &Array1<f64>) -> f64 {
        let term = |sum: f64, &lq: &f64, &f: &f64| sum + weighted(lq.exp(), f);
        Zip::from(log_q).and(f).fold(0.0, term) * self.step
    }
    // ANCHOR_END: evidence

    // ANCHOR: forms
    /// The bound and its parts: E log p(x | z) − KL(q ‖ prior).
    pub fn elbo(&self, log_q: &Array1<f64>) -> Elbo {
        Elbo {
            fit: self.mean(log_q, &self.log_likelihood),
            kl: self.mean(log_q, &(log_q - &self.log_prior)),
        }
    }

    /// The bound as the evidence less the gap: log p(x) − KL(q ‖ posterior).
    pub fn by_gap(&self, log_q: &Array1<f64>) -> f64 {
        self.log_evidence() - self.gap(log_q) // (eq:decomposition)
    }

    /// The bound as an energy and an entropy: E log p(x, z) + H(q).
    pub fn by_entropy(&self, log_q: &Array1<f64>) -> f64 {
        self.mean(log_q, &self.log_joint()) + self.entropy(log_q) // (eq:elbo-entropy)
    }

    /// KL(q ‖ posterior): never negative, and zero only if q is the posterior.
    pub fn gap(&self, log_q: &Array1<f64>) -> f64 {
        self.mean(log_q, &(log_q - &self.log_posterior())) // (eq:gap)
    }

    /// H(q); it may be negative if q is a density.
    pub fn entropy(&self, log_q: &Array1<f64>) -> f64 {
        -self.mean(log_q, log_q)
    }
    // ANCHOR_END: forms

    // ANCHOR: jensen
    /// By Jensen: the log of the mean weight p(x, z) / q(z), and the mean of its
    /// log, which is the bound.
    /// The first is log p(x) if q has mass wherever p(x, z) has.
    pub fn by_jensen(&self, log_q: &Array1<f64>) -> (f64, f64) {
        let log_weight = self.log_joint() - log_q; // (eq:weight)
        let mut seen = vec![];
        for (lq, lw) in log_q.iter().zip(&log_weight) {
            if *lq > f64::NEG_INFINITY {
                seen.push(lq + lw);
            }
        }
        let log_of_mean = log_sum_exp(&seen) + self.step.ln();
        (log_of_mean, self.mean(log_q, &log_weight)) // (eq:jensen)
    }
    // ANCHOR_END: jensen
}
