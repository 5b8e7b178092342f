//! A variational autoencoder so small that its evidence is a sum over a grid: one latent, three hidden units, three pixels.
use super::{Elbo, Hidden};
use crate::error::{Error, Result, shaped, within};
use crate::gaussian::log_normal;
use ndarray::{Array1, Array2, ArrayView1, array};

// ANCHOR: tiny
/// A decoder from one number z to the probabilities of a few black or white pixels.
#[derive(Clone, Debug)]
pub struct Tiny {
    /// From z to the hidden units.
    pub a: Array1<f64>,
    /// Their biases.
    pub b: Array1<f64>,
    /// From the hidden units to the log-odds of the pixels, of shape (pixels, units).
    pub w: Array2<f64>,
}

impl Tiny {
    /// log p(x | z), summed over the pixels, each 0 or 1.
    fn log_likelihood(&self, x: ArrayView1<f64>, z: f64) -> f64 {
        let units = (z * &self.a + &self.b).mapv(f64::tanh);
        let logits = self.w.dot(&units); // the log-odds that a pixel is 1
        let each =
            |(x, odds): (&f64, &f64)| log_sigmoid(if *x > 0.5 { *odds } else { -odds });
        x.iter().zip(&logits).map(each).sum() // (eq:tiny)
    }
}

/// log 1/(1 + e⁻ᵃ), without overflow.
fn log_sigmoid(a: f64) -> f64 {
    a.min(0.0) - (-a.abs()).exp().ln_1p()
}
// ANCHOR_END: tiny

impl Tiny {
    /// Everything about the latent of one x, with the prior N(0, 1), on a grid.
    pub fn hidden(&self, x: ArrayView1<f64>) -> Result<Hidden> {
        let (pixels, units) = self.w.dim();
        shaped("the pixels", (x.len(), 1), "this decoder", (pixels, 1))?;
        shaped("the weights", (self.a.len(), self.b.len()), "this decoder", (units, units))?;
        for &v in x {
            within(
                "a pixel's distance from grey",
                (v - 0.5).abs(),
                0.5,
                0.5,
                ": it is 0 or 1",
            )?;
        }
        Ok(Hidden::on_grid(|z| log_normal(z, 0.0, 1.0), |z| self.log_likelihood(x, z)))
    }

    /// Every x there is: 2^pixels rows, counted in binary.
    pub fn every_x(&self) -> Array2<f64> {
        let pixels = self.w.nrows();
        Array2::from_shape_fn((1 << pixels, pixels), |(i, d)| {
            f64::from(i as u32 >> (pixels - 1 - d) & 1)
        })
    }

    /// The decoder with its last weights `scale` times as large: pixels surer of themselves.
    pub fn scaled(&self, scale: f64) -> Tiny {
        Tiny { w: &self.w * scale, ..self.clone() }
    }

    // ANCHOR: on_average
    /// Over data from the decoder `truth`: the mean of log p(x) here, and the mean
    /// of the best Gaussian's bound.
    pub fn on_average(&self, truth: &Tiny) -> Result<(f64, f64)> {
        let (mut evidence, mut bound) = (0.0, 0.0);
        for x in truth.every_x().rows() {
            let share = truth.hidden(x)?.log_evidence().exp();
            let hidden = self.hidden(x)?;
            let (_, best) = hidden.best_gaussian(Gauss { mean: 0.0, sd: 1.0 })?;
            evidence += share * hidden.log_evidence();
            bound += share * best.nats();
        }
        Ok((evidence, bound))
    }
    // ANCHOR_END: on_average
}

impl Default for Tiny {
    /// The decoder of this book's examples.
    fn default() -> Tiny {
        Tiny {
            a: array![1.5, -2.0, 0.7],
            b: array![-0.2, 0.4, 0.1],
            w: array![[1.0, -0.5, 0.3], [0.8, 1.2, -0.7], [-1.1, 0.2, 0.9]],
        }
    }
}

/// A Gaussian q: its mean and its standard deviation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gauss {
    /// m.
    pub mean: f64,
    /// s.
    pub sd: f64,
}

impl Gauss {
    /// log q(z) at each place of a grid.
    pub fn on(&self, hidden: &Hidden) -> Array1<f64> {
        hidden.z.mapv(|z| log_normal(z, self.mean, self.sd))
    }
}

impl Hidden {
    // ANCHOR: slopes
    /// The bound for a Gaussian q, and its slopes in the mean and in log sd.
    pub fn slopes(&self, q: Gauss) -> (Elbo, [f64; 2]) {
        let log_q = q.on(self);
        let log_weight = self.log_joint() - &log_q;
        let e = self.z.mapv(|z| (z - q.mean) / q.sd);
        let by_mean = &log_weight * &e / q.sd;
        let by_log_sd = &log_weight * &e.mapv(|e| e * e - 1.0);
        let slopes = [by_mean, by_log_sd].map(|f| self.mean(&log_q, &f)); // (eq:slopes)
        (self.elbo(&log_q), slopes)
    }
    // ANCHOR_END: slopes

    // ANCHOR: best
    /// Climbs from `q` to a Gaussian where the bound is level.
    pub fn best_gaussian(&self, mut q: Gauss) -> Result<(Gauss, Elbo)> {
        within("the mean", q.mean, -9.0, 9.0, ": the grid ends at 12")?;
        within("the standard deviation", q.sd, 0.012, 9.0, "")?;
        for step in 0..5000 {
            let (bound, [by_mean, by_log_sd]) = self.slopes(q);
            if !bound.nats().is_finite() {
                return Err(Error::NoBound { step, bound: bound.nats() });
            }
            if by_mean.abs().max(by_log_sd.abs()) < 1e-10 {
                return Ok((q, bound));
            }
            q.mean += q.sd * (0.8 * q.sd * by_mean).clamp(-1.0, 1.0);
            q.sd *= (0.4 * by_log_sd).clamp(-0.5, 0.5).exp(); // (eq:ascent)
        }
        Err(Error::NoConvergence { what: "search for the best q" })
    }
    // ANCHOR_END: best
}
