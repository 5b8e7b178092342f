//! One draw of the bound in each of its three forms, and how far it jumps: for one hidden number z ~ N(0, 1).
//! Triples are in the order of the forms: the cost in closed form, the entropy in closed form, neither.
use crate::elbo::{Conjugate, Gauss, Hidden, kl_to_standard};
use crate::error::{Result, within};
use crate::gaussian::{LN_2PI, log_normal, log_sum_exp};
use ndarray::Array1;
use ndarray_rand::rand_distr::StandardNormal;
use rand::Rng;

// ANCHOR: one_draw
/// The three forms of the bound from one draw z = m + s ε.
pub fn one_draw(log_likelihood: impl Fn(f64) -> f64, q: Gauss, e: f64) -> [f64; 3] {
    let z = q.mean + q.sd * e;
    let (fit, prior) = (log_likelihood(z), log_normal(z, 0.0, 1.0));
    let entropy = 0.5 * (1.0 + LN_2PI) + q.sd.ln();
    [
        fit - kl_to_standard(&[q.mean], &[q.sd]), // (eq:estimator-b)
        fit + prior + entropy,                    // (eq:estimator-entropy)
        fit + prior - log_normal(z, q.mean, q.sd), // (eq:estimator-a)
    ]
}
// ANCHOR_END: one_draw

// ANCHOR: variances
/// Their variances where x given z is N(z, noise²).
/// Each form is a + b ε + c ε², and its variance is b² + 2c².
pub fn variances(model: &Conjugate, q: Gauss) -> [f64; 3] {
    let precision = 1.0 / (model.noise * model.noise);
    let square = 0.5 * q.sd * q.sd;
    let fit = [q.sd * (model.x - q.mean) * precision, -square * precision];
    let joint = [fit[0] - q.sd * q.mean, fit[1] - square];
    let weight = [joint[0], joint[1] + 0.5]; // −log q adds ½ ε²
    [fit, joint, weight].map(|[b, c]| b * b + 2.0 * c * c) // (eq:draw-variance)
}

/// The variances of their slopes in m and in log s, with z moving along: of the first
/// form, and of the other two, whose slopes are the same draw by draw.
pub fn slope_variances(model: &Conjugate, q: Gauss) -> [[f64; 2]; 2] {
    let precision = 1.0 / (model.noise * model.noise);
    let push = (model.x - q.mean) * precision;
    let of = |push: f64, bend: f64| {
        let (b, c) = (q.sd * push, q.sd * q.sd * bend);
        [(q.sd * bend).powi(2), b * b + 2.0 * c * c]
    };
    [of(push, precision), of(push - q.mean, precision + 1.0)]
}
// ANCHOR_END: variances

/// Mean and variance of one draw of each form, by sums over a grid.
pub fn spread(hidden: &Hidden, q: Gauss) -> [(f64, f64); 3] {
    let log_q = q.on(hidden);
    let entropy = 0.5 * (1.0 + LN_2PI) + q.sd.ln();
    let joint = hidden.log_joint();
    let forms: [Array1<f64>; 3] = [
        &hidden.log_likelihood - kl_to_standard(&[q.mean], &[q.sd]),
        &joint + entropy,
        &joint - &log_q,
    ];
    forms.map(|f| {
        let mean = hidden.mean(&log_q, &f);
        (mean, hidden.mean(&log_q, &f.mapv(|v| (v - mean).powi(2))))
    })
}

// ANCHOR: pair
/// Two Gaussians as one q: neither its cost nor its entropy has a closed form.
/// It can be drawn from, and its density can be computed. That is enough.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// The probability of the first.
    pub share: f64,
    /// The two.
    pub parts: [Gauss; 2],
}

impl Pair {
    /// log q(z).
    pub fn log_density(&self, z: f64) -> f64 {
        let [a, b] = self.parts.map(|part| log_normal(z, part.mean, part.sd));
        log_sum_exp(&[self.share.ln() + a, (1.0 - self.share).ln() + b])
    }

    /// One draw of z.
    pub fn draw(&self, rng: &mut impl Rng) -> f64 {
        let part = self.parts[usize::from(rng.random::<f64>() >= self.share)];
        part.mean + part.sd * rng.sample::<f64, _>(StandardNormal)
    }

    /// One draw of the bound: log p(x, z) − log q(z).
    pub fn one_draw(&self, log_joint: impl Fn(f64) -> f64, rng: &mut impl Rng) -> f64 {
        let z = self.draw(rng);
        log_joint(z) - self.log_density(z)
    }
}
// ANCHOR_END: pair

impl Pair {
    /// A pair, if the share is a probability and both widths are positive.
    pub fn new(share: f64, parts: [Gauss; 2]) -> Result<Pair> {
        within("the share", share, 0.0, 1.0, ": it is a probability")?;
        for part in parts {
            within("a mean", part.mean, -1e100, 1e100, "")?;
            within("a standard deviation", part.sd, 1e-100, 1e100, "")?;
        }
        Ok(Pair { share, parts })
    }

    /// log q at each place of a grid.
    pub fn on(&self, hidden: &Hidden) -> Array1<f64> {
        hidden.z.mapv(|z| self.log_density(z))
    }
}
