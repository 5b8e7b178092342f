//! A density with two peaks, and the Gaussians that stand for it.
use crate::elbo::{Gauss, Hidden};
use crate::error::{Error, Result, within};
use crate::gaussian::{log_normal, log_sum_exp};
use ndarray::Array1;

// ANCHOR: peaks
/// A mixture of two Gaussians on the line, as the posterior of something.
#[derive(Clone, Copy, Debug)]
pub struct Peaks {
    /// The mass of each peak.
    pub weights: [f64; 2],
    /// Where they stand.
    pub means: [f64; 2],
    /// Their standard deviations.
    pub sds: [f64; 2],
}

impl Peaks {
    /// log p(z).
    pub fn log_density(&self, z: f64) -> f64 {
        let one = |k: usize| self.weights[k].ln() + log_normal(z, self.means[k], self.sds[k]);
        log_sum_exp(&[one(0), one(1)])
    }

    /// On a grid from −24 to 24, as a prior with nothing seen: log p(x) is zero, and
    /// the gap is minus the bound.
    pub fn hidden(&self) -> Hidden {
        let z = Array1::linspace(-24.0, 24.0, 4801);
        let log_likelihood = Array1::zeros(z.len());
        Hidden { step: 0.01, log_prior: z.mapv(|z| self.log_density(z)), log_likelihood, z }
    }

    /// The Gaussian with the least KL(p ‖ q): the one with the mean and the variance of
    /// p.
    pub fn forward(&self) -> Gauss {
        let of = |f: &dyn Fn(usize) -> f64| self.weights[0] * f(0) + self.weights[1] * f(1);
        let mean = of(&|k| self.means[k]);
        let square = of(&|k| self.sds[k].powi(2) + self.means[k].powi(2));
        Gauss { mean, sd: (square - mean * mean).sqrt() } // (eq:moments)
    }

    /// From `q` uphill to a Gaussian whose KL(q ‖ p) is level, and that divergence. A
    /// step that would fall is halved.
    pub fn reverse(&self, mut q: Gauss) -> Result<(Gauss, f64)> {
        within("the mean", q.mean, -12.0, 12.0, ": the grid ends at 24")?;
        within("the standard deviation", q.sd, 0.05, 4.0, "")?;
        let (hidden, mut rate) = (self.hidden(), 0.5);
        let (mut bound, mut slopes) = hidden.slopes(q);
        for _ in 0..2000 {
            let [by_mean, by_log_sd] = slopes;
            if by_mean.abs().max(by_log_sd.abs()) < 1e-7 {
                return Ok((q, -bound.nats()));
            }
            let step = (rate * q.sd * by_mean).clamp(-0.5, 0.5) * q.sd;
            let sd = q.sd * (rate * by_log_sd).clamp(-0.3, 0.3).exp();
            let next = Gauss { mean: q.mean + step, sd };
            let there = hidden.slopes(next);
            if there.0.nats() >= bound.nats() - 1e-15 {
                (q, bound, slopes) = (next, there.0, there.1);
            } else {
                rate *= 0.5;
            }
        }
        Err(Error::NoConvergence { what: "climb between the peaks" })
    }
    // ANCHOR_END: peaks

    /// KL(p ‖ q), on the grid.
    pub fn other_way(&self, q: Gauss) -> f64 {
        let hidden = self.hidden();
        hidden.mean(&hidden.log_prior, &(&hidden.log_prior - &q.on(&hidden)))
    }

    /// Two peaks, if they are two.
    pub fn new(weights: [f64; 2], means: [f64; 2], sds: [f64; 2]) -> Result<Peaks> {
        within("the weights", weights[0] + weights[1], 1.0 - 1e-9, 1.0 + 1e-9, " in sum")?;
        for k in 0..2 {
            within("a weight", weights[k], 1e-12, 1.0, "")?;
            within("a peak", means[k], -9.0, 9.0, ": the grid ends at 24")?;
            within("a standard deviation", sds[k], 0.012, 3.0, "")?;
        }
        Ok(Peaks { weights, means, sds })
    }
}
