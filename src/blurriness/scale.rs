//! A loose bound as a teacher: which scale of a decoder it prefers, and what a better q does about that.
use crate::elbo::{Gauss, Tiny};
use crate::error::{Error, Result, within};
use crate::gaussian::{LN_2PI, log_normal};
use crate::mean_field::Target;
use crate::vae::weighted::weighted_bounds;
use ndarray::{Array2, array};

/// Where a function with one top between `low` and `high` is highest, to `within`: the golden section.
pub fn highest(
    f: impl Fn(f64) -> Result<f64>,
    (mut low, mut high): (f64, f64),
    width: f64,
) -> Result<f64> {
    within("the width", width, 1e-12, f64::MAX, "")?;
    within("the lower end", low, -1e15, high, ": the lower end comes first")?;
    within("the upper end", high, low, 1e15, "")?;
    let cut = (5f64.sqrt() - 1.0) / 2.0;
    let place = |low: f64, high: f64, share: f64| low + share * (high - low);
    let (mut a, mut b) = (place(low, high, 1.0 - cut), place(low, high, cut));
    let (mut at_a, mut at_b) = (f(a)?, f(b)?);
    while high - low > width && low < a && b < high {
        if (at_a + at_b).is_nan() {
            return Err(Error::NoConvergence { what: "search for a top" });
        }
        if at_a > at_b {
            (high, b, at_b) = (b, a, at_a);
            a = place(low, high, 1.0 - cut);
            at_a = f(a)?;
        } else {
            (low, a, at_a) = (a, b, at_b);
            b = place(low, high, cut);
            at_b = f(b)?;
        }
    }
    Ok((low + high) / 2.0)
}

/// The same for a smooth function that takes long: the top of the parabola through three places `h` apart, again and
/// again, with places ever closer.
pub fn vertex(
    f: impl Fn(f64) -> Result<f64>,
    (mut x, mut h): (f64, f64),
    rounds: usize,
) -> Result<f64> {
    for _ in 0..rounds {
        let [left, middle, right] = [f(x - h)?, f(x)?, f(x + h)?];
        let bend = 2.0 * middle - left - right;
        if bend.is_nan() || bend <= 0.0 {
            return Err(Error::NoConvergence { what: "search for a top" });
        }
        x += h * (right - left) / (2.0 * bend);
        h *= 0.05;
    }
    Ok(x)
}

// ANCHOR: drawn
/// Over images from the decoder `truth`: the mean of the bound with k draws from the
/// best Gaussian, for each k.
pub fn with_draws(model: &Tiny, truth: &Tiny, draws: &[usize]) -> Result<Vec<f64>> {
    let mut sums = vec![0.0; draws.len()];
    for x in truth.every_x().rows() {
        let share = truth.hidden(x)?.log_evidence().exp();
        let hidden = model.hidden(x)?;
        let (q, _) = hidden.best_gaussian(Gauss { mean: 0.0, sd: 1.0 })?;
        for (sum, bound) in sums.iter_mut().zip(weighted_bounds(&hidden, q, draws)?) {
            *sum += share * bound;
        }
    }
    Ok(sums)
}
// ANCHOR_END: drawn

// ANCHOR: sureness
/// How far a pixel's probability is from 1/2, on average over the prior and the pixels:
/// 0 for a grey fog, 1 for black and white.
pub fn sureness(model: &Tiny) -> f64 {
    let (mut sum, step) = (0.0, 0.01);
    for i in -800..=800 {
        let z = step * f64::from(i);
        let odds = model.w.dot(&(z * &model.a + &model.b).mapv(f64::tanh));
        let sure = odds.mapv(|a| (a / 2.0).tanh().abs()); // |2p − 1|
        sum += step * log_normal(z, 0.0, 1.0).exp() * sure.mean().unwrap_or(0.0);
    }
    sum
}
// ANCHOR_END: sureness

// ANCHOR: tied
/// x = a W z + noise, with two latents, two pixels, and a 2 × 2 matrix W whose columns
/// have length 1 and the inner product r: both latents say nearly the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tied {
    /// a, the scale of the decoder.
    pub scale: f64,
    /// r, between −1 and 1.
    pub r: f64,
    /// σ, the standard deviation of a pixel's noise.
    pub noise: f64,
    /// By how much the latents are turned against the columns, in radians: W R(turn).
    pub turn: f64,
}

impl Tied {
    /// The variances of x along its two axes, a²(1 ± r) + σ². No turn changes them.
    pub fn variances(&self) -> [f64; 2] {
        let (square, noise) = (self.scale * self.scale, self.noise * self.noise);
        [1.0 + self.r, 1.0 - self.r].map(|along| square * along + noise)
    }

    /// The mean of log p(x) over data from `truth`, in nats.
    pub fn evidence(&self, truth: &Tied) -> f64 {
        let each = |(v, true_v): (f64, f64)| -0.5 * (LN_2PI + v.ln() + true_v / v);
        self.variances().into_iter().zip(truth.variances()).map(each).sum() // (eq:tied-evidence)
    }

    /// What the best product q leaves: the same for every x, in nats.
    pub fn gap(&self) -> f64 {
        let t = (self.scale / self.noise).powi(2);
        let lean = self.r * (2.0 * self.turn).sin();
        let product = (1.0 + t).powi(2) - (t * lean).powi(2); // Λ₁₁ Λ₂₂
        let whole = (1.0 + t).powi(2) - (t * self.r).powi(2); // |Λ|
        0.5 * (product / whole).ln() // (eq:tied-gap)
    }

    /// The mean of the best product's bound over data from `truth`.
    pub fn bound(&self, truth: &Tied) -> f64 {
        self.evidence(truth) - self.gap()
    }
}
// ANCHOR_END: tied

impl Tied {
    /// A model, if its numbers are possible.
    pub fn new(scale: f64, r: f64, noise: f64) -> Result<Tied> {
        within("the scale", scale, 0.0, 1e9, "")?;
        within("r", r, -1.0 + 1e-9, 1.0 - 1e-9, "")?;
        within("the noise", noise, 1e-9, 1e9, "")?;
        Ok(Tied { scale, r, noise, turn: 0.0 })
    }

    /// a W R, of shape (2, 2).
    pub fn loadings(&self) -> Array2<f64> {
        let (sin, cos) = self.turn.sin_cos();
        let w = array![[1.0, self.r], [0.0, (1.0 - self.r * self.r).sqrt()]];
        self.scale * w.dot(&array![[cos, -sin], [sin, cos]])
    }

    /// The posterior of z behind the row 0: its covariance is that of every row.
    pub fn posterior(&self) -> Result<Target> {
        let (w, v) = (self.loadings(), self.noise * self.noise);
        let l = Array2::<f64>::eye(2) + w.t().dot(&w) / v;
        let det = l[[0, 0]] * l[[1, 1]] - l[[0, 1]] * l[[1, 0]];
        let g = array![[l[[1, 1]], -l[[0, 1]]], [-l[[1, 0]], l[[0, 0]]]] / det;
        Target::new(array![0.0, 0.0], g)
    }

    /// The scale that the best product's bound prefers, for data from this model.
    pub fn preferred(&self) -> Result<f64> {
        let at = |scale: f64| Ok(Tied { scale, ..*self }.bound(self));
        highest(at, (0.0, 2.0 * self.scale), 1e-9)
    }

    /// The same with the noise free as well: scale and noise.
    pub fn preferred_both(&self) -> Result<(f64, f64)> {
        let at = |noise: f64, scale: f64| Tied { scale, noise, ..*self }.bound(self);
        let best = |noise: f64| highest(|a| Ok(at(noise, a)), (0.0, 2.0 * self.scale), 1e-8);
        let of = |noise: f64| best(noise).map(|scale| at(noise, scale));
        let noise = highest(of, (0.2 * self.noise, 4.0 * self.noise), 1e-6)?;
        Ok((best(noise)?, noise))
    }
}
