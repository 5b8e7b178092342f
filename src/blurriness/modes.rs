//! Which way to measure: a density with several peaks, and one Gaussian that stands for it, found by KL(p ‖ q) or by
//! KL(q ‖ p). Every mean is a sum over a mesh of standard normal values.
use crate::elbo::Gauss;
use crate::error::{Error, Result, shaped, within};
use crate::gaussian::{LN_2PI, log_normal, log_sum_exp};
use rand::Rng;
use std::sync::LazyLock;

/// A mixture of Gaussians on the line, each with a weight, a mean and a standard deviation.
#[derive(Clone, Debug, PartialEq)]
pub struct Modes {
    /// The mass of each.
    pub weights: Vec<f64>,
    /// Where they stand.
    pub means: Vec<f64>,
    /// How wide they are.
    pub sds: Vec<f64>,
}

/// A Gaussian where KL(q ‖ p) is level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// The Gaussian.
    pub q: Gauss,
    /// KL(q ‖ p) there, in nats.
    pub kl: f64,
}

/// KL(q ‖ p), and how it changes with (m, log s).
#[derive(Clone, Copy, Debug)]
pub struct Reverse {
    /// In nats.
    pub kl: f64,
    /// Its slopes in m and in log s.
    pub slopes: [f64; 2],
    /// Its second derivatives: by m twice, by both, by log s twice.
    pub bends: [f64; 3],
}

/// Values ε and the share of N(0, 1) that each stands for: as many digits as the numbers have, for smooth functions.
static MESH: LazyLock<Vec<(f64, f64)>> = LazyLock::new(|| {
    let at = |i: i32| f64::from(i) / 64.0;
    (-560..=560).map(|i| (at(i), log_normal(at(i), 0.0, 1.0).exp() / 64.0)).collect()
});

/// The mean of f(ε) over N(0, 1).
fn mean<const K: usize>(f: impl Fn(f64) -> [f64; K]) -> [f64; K] {
    let mut sum = [0.0; K];
    for &(e, share) in MESH.iter() {
        for (sum, value) in sum.iter_mut().zip(f(e)) {
            *sum += share * value;
        }
    }
    sum
}

impl Modes {
    /// Peaks between −12 and 12 with standard deviations between 0.3 and 6, if the weights add up to one.
    /// Means over the mesh have eight digits while neighbours stand within twelve of the lesser standard deviation.
    pub fn new(weights: Vec<f64>, means: Vec<f64>, sds: Vec<f64>) -> Result<Modes> {
        let k = weights.len();
        within("the number of peaks", k as f64, 1.0, 64.0, "")?;
        shaped("the means", (means.len(), 1), "these weights", (k, 1))?;
        shaped("the standard deviations", (sds.len(), 1), "these weights", (k, 1))?;
        within("the weights", weights.iter().sum(), 1.0 - 1e-9, 1.0 + 1e-9, " in sum")?;
        for i in 0..k {
            within("a weight", weights[i], 1e-12, 1.0 + 1e-9, "")?;
            within("a peak", means[i], -12.0, 12.0, "")?;
            within("a standard deviation", sds[i], 0.3, 6.0, "")?;
        }
        Ok(Modes { weights, means, sds })
    }

    /// Two equal peaks of standard deviation 1 at −half and half.
    pub fn pair(half: f64) -> Result<Modes> {
        within("half the distance", half, 0.0, 6.0, ": the mesh is made for that")?;
        Modes::new(vec![0.5; 2], vec![-half, half], vec![1.0; 2])
    }

    /// One Gaussian.
    pub fn one(q: Gauss) -> Result<Modes> {
        Modes::new(vec![1.0], vec![q.mean], vec![q.sd])
    }

    /// log of weight and density of each peak, at z.
    fn joint(&self, z: f64) -> Vec<f64> {
        let one = |k: usize| self.weights[k].ln() + log_normal(z, self.means[k], self.sds[k]);
        (0..self.weights.len()).map(one).collect()
    }

    /// log p(z).
    pub fn log_density(&self, z: f64) -> f64 {
        log_sum_exp(&self.joint(z))
    }

    /// log p(z), its slope, and how its slope changes.
    pub fn bent(&self, z: f64) -> [f64; 3] {
        let joint = self.joint(z);
        let height = log_sum_exp(&joint);
        let (mut slope, mut square) = (0.0, 0.0);
        for (k, joint) in joint.iter().enumerate() {
            let (share, precision) = ((joint - height).exp(), self.sds[k].powi(-2));
            let pull = (self.means[k] - z) * precision;
            slope += share * pull;
            square += share * (pull * pull - precision);
        }
        [height, slope, square - slope * slope]
    }

    /// `n` draws.
    pub fn sample(&self, n: usize, rng: &mut impl Rng) -> Vec<f64> {
        use ndarray_rand::rand_distr::StandardNormal;
        let draw = |_| {
            let mut left = rng.random::<f64>();
            let mut k = 0;
            while k + 1 < self.weights.len() && left >= self.weights[k] {
                left -= self.weights[k];
                k += 1;
            }
            self.means[k] + self.sds[k] * rng.sample::<f64, _>(StandardNormal)
        };
        (0..n).map(draw).collect()
    }

    /// Places on the line, and the share of p that each stands for.
    pub fn mesh(&self) -> Vec<(f64, f64)> {
        let mut all = vec![];
        for ((weight, mean), sd) in self.weights.iter().zip(&self.means).zip(&self.sds) {
            all.extend(MESH.iter().map(|(e, share)| (mean + sd * e, weight * share)));
        }
        all
    }

    /// The mean of f under p.
    pub fn mean(&self, f: impl Fn(f64) -> f64) -> f64 {
        self.mesh().into_iter().map(|(z, share)| share * f(z)).sum()
    }

    /// KL(p ‖ other), in nats.
    pub fn kl(&self, other: &Modes) -> f64 {
        self.mean(|z| self.log_density(z) - other.log_density(z))
    }

    // ANCHOR: forward
    /// The Gaussian with the least KL(p ‖ q): it has the moments of p.
    pub fn forward(&self) -> Gauss {
        let of = |f: &dyn Fn(usize) -> f64| -> f64 {
            (0..self.weights.len()).map(|k| self.weights[k] * f(k)).sum()
        };
        let mean = of(&|k| self.means[k]);
        let square = of(&|k| self.sds[k].powi(2) + (self.means[k] - mean).powi(2));
        Gauss { mean, sd: square.sqrt() }
    }
    // ANCHOR_END: forward

    // ANCHOR: reverse
    /// KL(q ‖ p) of a Gaussian q, and how it changes as the draws m + sε move with
    /// m and log s.
    pub fn reverse(&self, q: Gauss) -> Reverse {
        let s = q.sd;
        let [height, push, twist, bend, mixed, wide] = mean(|e| {
            let [height, slope, bend] = self.bent(q.mean + s * e); // of log p, at the draw
            let by = s * e; // how far the draw moves with log s
            [height, slope, by * slope, bend, by * bend, by * by * bend]
        });
        Reverse {
            kl: -0.5 * LN_2PI - 0.5 - s.ln() - height, // −H(q) − E log p
            slopes: [-push, -twist - 1.0],             // (eq:pathwise), turned round
            bends: [-bend, -mixed, -twist - wide],
        }
    }
    // ANCHOR_END: reverse

    /// From `start` down to a Gaussian where KL(q ‖ p) is least among its neighbours.
    pub fn settle(&self, start: Gauss) -> Result<Level> {
        within("the mean", start.mean, -20.0, 20.0, "")?;
        within("the standard deviation", start.sd, 0.05, 20.0, "")?;
        let (mut q, mut here) = (start, self.reverse(start));
        for _ in 0..500 {
            let steep = (here.slopes[0] * q.sd).abs().max(here.slopes[1].abs());
            if steep < 1e-11 {
                return Ok(Level { q, kl: here.kl });
            }
            match self.lower(q, &here) {
                Some(next) => (q, here) = next,
                None if steep < 1e-6 => return Ok(Level { q, kl: here.kl }), // rounding
                None => break,
            }
        }
        Err(Error::NoConvergence { what: "fit by the reverse divergence" })
    }

    /// The first lower place on Newton's way, or, along a direction in which the surface bends down, on its mirror image.
    fn lower(&self, q: Gauss, here: &Reverse) -> Option<(Gauss, Reverse)> {
        let (slope, [aa, ab, bb]) = ([q.sd * here.slopes[0], here.slopes[1]], here.bends);
        let (aa, ab) = (q.sd * q.sd * aa, q.sd * ab); // as if the mean were counted in units of s
        let (sine, cosine) = (0.5 * (2.0 * ab).atan2(aa - bb)).sin_cos();
        let mut step = [0.0; 2];
        for [x, y] in [[cosine, sine], [-sine, cosine]] {
            let bend = aa * x * x + 2.0 * ab * x * y + bb * y * y;
            let way = -(x * slope[0] + y * slope[1]) / bend.abs().max(1e-9);
            step = [step[0] + way * x, step[1] + way * y];
        }
        let mut share = (0.5 / step[0].abs().max(step[1].abs())).min(1.0);
        let promised = step[0] * slope[0] + step[1] * slope[1];
        for _ in 0..40 {
            let sd = q.sd * (share * step[1]).exp();
            let next = Gauss { mean: q.mean + share * step[0] * q.sd, sd };
            let there = self.reverse(next);
            if there.kl < here.kl + 1e-4 * share * promised {
                return Some((next, there));
            }
            share *= 0.5;
        }
        None
    }

    /// The Gaussians where KL(q ‖ p) is least among their neighbours, the best first:
    /// what is found from every peak, and from the moments of the whole.
    pub fn optima(&self) -> Result<Vec<Level>> {
        let whole = self.forward();
        let peak = |k: usize| Gauss { mean: self.means[k], sd: self.sds[k] };
        let mut found: Vec<Level> = vec![];
        for start in (0..self.means.len()).map(peak).chain([whole]) {
            let level = self.settle(start)?;
            let far = |l: &Level| (l.q.mean - level.q.mean).abs() > 1e-3 * whole.sd;
            if found.iter().all(far) {
                found.push(level);
            }
        }
        found.sort_by(|a, b| a.kl.total_cmp(&b.kl));
        Ok(found)
    }
}

/// Half the distance of two equal peaks at which a Gaussian on one of them becomes a
/// resting place, and at which it becomes the better one.
pub fn switches() -> Result<[f64; 2]> {
    let aside = |half: f64| -> Result<Option<Level>> {
        let level = Modes::pair(half)?.settle(Gauss { mean: half, sd: 1.0 })?;
        Ok(Some(level).filter(|l| l.q.mean > 0.5 * half))
    };
    let rests = |half: f64| Ok(aside(half)?.is_some());
    let wins = |half: f64| -> Result<bool> {
        let p = Modes::pair(half)?;
        let middle = p.settle(p.forward())?;
        Ok(aside(half)?.is_some_and(|level| level.kl < middle.kl))
    };
    Ok([first(rests)?, first(wins)?])
}

/// Where between 1 and 4 a thing that is false becomes true, by halving.
fn first(holds: impl Fn(f64) -> Result<bool>) -> Result<f64> {
    let (mut low, mut high) = (1.0, 4.0);
    for _ in 0..30 {
        let middle = 0.5 * (low + high);
        *(if holds(middle)? { &mut high } else { &mut low }) = middle;
    }
    Ok(high)
}
