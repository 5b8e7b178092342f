//! Pixels with shades of grey, one at a time and in f64: two laws for a number between 0 and 1, and what a density has
//! in a bin. The networks compute the same in `pixel`.
use super::normal;
use crate::error::{Result, within};
use crate::gaussian::log_normal;
use std::f64::consts::PI;

// ANCHOR: sinhc
/// log(sinh(a/2) / (a/2)): even in a, and 0 at 0. By its series where a is small.
pub fn log_sinhc(a: f64) -> f64 {
    let size = a.abs();
    if size < 0.5 {
        return SERIES.iter().rev().fold(0.0, |sum, c| a * a * (c + sum));
    }
    0.5 * size + (-(-size).exp()).ln_1p() - size.ln()
}

/// The coefficients of a², a⁴, …
pub const SERIES: [f64; 5] =
    [1.0 / 24.0, -1.0 / 2880.0, 1.0 / 181_440.0, -1.0 / 9_676_800.0, 1.0 / 479_001_600.0];
// ANCHOR_END: sinhc

// ANCHOR: continuous
/// The continuous Bernoulli: the density on [0, 1] that is proportional to eᵃˣ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Continuous {
    /// a: what would be the log-odds of 1, were the pixel black or white.
    pub odds: f64,
}

impl Continuous {
    /// log p(x) in nats, for x in [0, 1].
    pub fn log_density(self, x: f64) -> f64 {
        (x - 0.5) * self.odds - log_sinhc(self.odds) // (eq:continuous)
    }

    // ANCHOR_END: continuous

    /// The mean: ½ at a = 0, and never the share that a black or white pixel would have.
    pub fn mean(self) -> f64 {
        let a = self.odds;
        if a.abs() < 0.1 {
            return 0.5 + a / 12.0 - a.powi(3) / 720.0 + a.powi(5) / 30_240.0;
        }
        let far = 1.0 / -(-a.abs()).exp_m1() - 1.0 / a.abs();
        if a > 0.0 { far } else { 1.0 - far } // (eq:continuous-mean)
    }

    /// The variance.
    pub fn variance(self) -> f64 {
        let a = self.odds;
        if a.abs() < 0.1 {
            return 1.0 / 12.0 - a * a / 240.0 + a.powi(4) / 6048.0;
        }
        let half = 0.5 * a.abs();
        let inverse = 2.0 * (-half).exp() / -(-2.0 * half).exp_m1(); // 1 / sinh(a/2)
        1.0 / (a * a) - 0.25 * inverse * inverse
    }

    /// The share below x, for x in [0, 1].
    pub fn below(self, x: f64) -> f64 {
        let a = self.odds;
        match a {
            _ if a.abs() < 1e-9 => x,
            _ if a < 0.0 => (a * x).exp_m1() / a.exp_m1(),
            _ => (a * (x - 1.0)).exp() * (-a * x).exp_m1() / (-a).exp_m1(),
        }
    }

    /// The x below which the share lies: with a uniform share, a draw.
    pub fn quantile(self, share: f64) -> f64 {
        let a = self.odds;
        match a {
            _ if a.abs() < 1e-9 => share,
            _ if a < 0.0 => (share * a.exp_m1()).ln_1p() / a,
            _ => 1.0 - Continuous { odds: -a }.quantile(1.0 - share),
        }
    }
}

/// So many levels of grey, evenly from 0 to 1, each with a bin around it. The first and
/// the last bin reach to infinity, so that a law of the line leaves nothing over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Levels(usize);

impl Levels {
    /// At least two.
    pub fn new(levels: usize) -> Result<Levels> {
        within("the number of levels", levels as f64, 2.0, 65536.0, "")?;
        Ok(Levels(levels))
    }

    /// The same, with two in place of fewer.
    pub fn of(levels: usize) -> Levels {
        Levels(levels.max(2))
    }

    /// The distance of two levels.
    pub fn step(self) -> f64 {
        1.0 / (self.0 - 1) as f64
    }

    /// How many there are.
    pub fn count(self) -> usize {
        self.0
    }

    /// The level nearest to x.
    pub fn nearest(self, x: f64) -> f64 {
        (x.clamp(0.0, 1.0) / self.step()).round() * self.step()
    }

    /// The ends of the bin around the level x.
    pub fn bin(self, x: f64) -> (f64, f64) {
        let half = 0.5 * self.step();
        let low = if x < half { f64::NEG_INFINITY } else { x - half };
        let high = if x > 1.0 - half { f64::INFINITY } else { x + half };
        (low, high)
    }

    /// The mean and the variance of the level, if the share `above` an edge is known.
    pub fn moments(self, above: impl Fn(f64) -> f64) -> (f64, f64) {
        let (step, mut mean, mut square) = (self.step(), 0.0, 0.0);
        for k in 0..self.0 - 1 {
            let share = above((k as f64 + 0.5) * step);
            mean += step * share;
            square += step * step * (2 * k + 1) as f64 * share;
        }
        (mean, (square - mean * mean).max(0.0))
    }
}

/// The logistic law of the line: the share below x is 1/(1 + e^−(x − mean)/scale).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Logistic {
    /// The mean, and the median.
    pub mean: f64,
    /// The scale: the standard deviation is π/√3 times as much.
    pub scale: f64,
}

impl Logistic {
    // ANCHOR: logistic
    /// log of the share in the bin from `low` to `high`, which may be infinite.
    pub fn log_mass(self, (low, high): (f64, f64)) -> f64 {
        let at = |x: f64| (x - self.mean) / self.scale;
        let soft = |t: f64| t.max(0.0) + (-t.abs()).exp().ln_1p(); // log(1 + eᵗ)
        let width = (high - low) / self.scale;
        let inner = if width.is_finite() {
            width.ln() - 0.5 * width + log_sinhc(width) // log(1 − e^−width)
        } else {
            0.0
        };
        inner - soft(-at(high)) - soft(at(low)) // (eq:logistic-mass)
    }
    // ANCHOR_END: logistic

    /// The share above x.
    pub fn above(self, x: f64) -> f64 {
        1.0 / (1.0 + ((x - self.mean) / self.scale).exp())
    }

    /// The x below which the share lies.
    pub fn quantile(self, share: f64) -> f64 {
        self.mean + self.scale * (share.ln() - (-share).ln_1p())
    }

    /// The standard deviation.
    pub fn sd(self) -> f64 {
        self.scale * PI / 3f64.sqrt()
    }
}

/// log of the share that N(mean, sd²) has in a bin.
pub fn normal_log_mass((low, high): (f64, f64), mean: f64, sd: f64) -> f64 {
    let (a, b) = ((low - mean) / sd, (high - mean) / sd);
    let (a, b) = if a > 0.0 { (-b, -a) } else { (a, b) }; // the lower tail holds more digits
    if b < -3.0 {
        let (far, near) = (log_tail(-a), log_tail(-b));
        return near + (-(far - near).exp()).ln_1p();
    }
    let below = |t: f64| if t.is_finite() { normal::cdf(t) } else { f64::from(t > 0.0) };
    (below(b) - below(a)).ln()
}

/// log of the share of N(0, 1) above t, for t of 3 and more.
fn log_tail(t: f64) -> f64 {
    if t == f64::INFINITY {
        return f64::NEG_INFINITY;
    }
    log_normal(t, 0.0, 1.0) - (1..=80).rev().fold(t, |f, k| t + f64::from(k) / f).ln()
}

/// log of the share that a continuous Bernoulli has in a bin.
pub fn continuous_log_mass((low, high): (f64, f64), law: Continuous) -> f64 {
    let (low, high) = (low.max(0.0), high.min(1.0));
    let width = high - low;
    law.log_density(0.5 * (low + high)) + width.ln() + log_sinhc(law.odds * width)
}
