//! Questions with several right answers: what a mean makes of them, and what a mixture does.
use crate::error::{Error, Result, within};
use crate::gaussian::{log_normal, log_sum_exp};
use ndarray::{Array1, Array2};
use ndarray_rand::rand_distr::StandardNormal;
use rand::Rng;
use std::f64::consts::LN_2;

// ANCHOR: twofold
/// Two answers, `half` below zero and `half` above, equally likely, with one spread.
#[derive(Clone, Copy, Debug)]
pub struct Twofold {
    /// Half the distance between the answers.
    pub half: f64,
    /// The standard deviation of each.
    pub sd: f64,
}

impl Twofold {
    /// log p(y) of the mixture.
    pub fn log_density(&self, y: f64) -> f64 {
        let one = |mean| log_normal(y, mean, self.sd) - LN_2;
        log_sum_exp(&[one(-self.half), one(self.half)]) // (eq:twofold)
    }

    /// log of the best single Gaussian: the mixture's own mean, 0, and variance.
    pub fn log_single(&self, y: f64) -> f64 {
        log_normal(y, 0.0, self.half.hypot(self.sd))
    }

    /// By how many nats a row the mixture is likelier than that, if the answers are
    /// apart. If they overlap, it is more.
    pub fn gap(&self) -> f64 {
        0.5 * (self.half / self.sd).powi(2).ln_1p() - LN_2 // (eq:twofold-gap)
    }
}
// ANCHOR_END: twofold

impl Twofold {
    /// Refuses a spread that is none.
    pub fn new(half: f64, sd: f64) -> Result<Twofold> {
        within("half the distance", half, 0.0, 1e150, "")?;
        within("the standard deviation", sd, 1e-150, 1e150, "")?;
        Ok(Twofold { half, sd })
    }

    /// `n` answers.
    pub fn sample(&self, n: usize, rng: &mut impl Rng) -> Array1<f64> {
        let mut one = || {
            let noise: f64 = rng.sample(StandardNormal);
            let sign = if rng.random::<bool>() { 1.0 } else { -1.0 };
            sign * self.half + self.sd * noise
        };
        (0..n).map(|_| one()).collect()
    }
}

/// Hours from noon at which the sun stands `elevation` degrees high, where it rises by
/// 15 degrees an hour and passes overhead: on the equator, in the days of equinox.
pub fn hours_from_noon(elevation: f64) -> f64 {
    (90.0 - elevation) / 15.0
}

/// `n` looks at the sun between 15 and 80 degrees: its height, and hours from noon ± `sd`.
pub fn looks(n: usize, sd: f64, rng: &mut impl Rng) -> Result<Array2<f64>> {
    let mut rows = Array2::zeros((n, 2));
    for mut row in rows.rows_mut() {
        row[0] = rng.random_range(15.0..80.0);
        row[1] = Twofold::new(hours_from_noon(row[0]), sd)?.sample(1, rng)[0];
    }
    Ok(rows)
}

// ANCHOR: pixel
/// E(X − a)²: what the guess `a` costs, for a pixel X of that law.
pub fn cost(values: &[f64], shares: &[f64], a: f64) -> Result<f64> {
    law(values, shares)?;
    Ok(values.iter().zip(shares).map(|(x, p)| p * (x - a) * (x - a)).sum()) // (eq:grey)
}

/// E(X − X′)²: what a guess costs that is drawn from the pixel's own law.
pub fn cost_of_a_draw(values: &[f64], shares: &[f64]) -> Result<f64> {
    law(values, shares)?;
    values.iter().zip(shares).try_fold(0.0, |sum, (x, p)| {
        Ok(sum + p * cost(values, shares, *x)?) // (eq:draw)
    })
}
// ANCHOR_END: pixel

/// Refuses what is no list of values with their probabilities.
fn law(values: &[f64], shares: &[f64]) -> Result<()> {
    if values.is_empty() || values.len() != shares.len() {
        return Err(Error::Shape {
            what: "the probabilities",
            got: (shares.len(), 1),
            wanted: "this pixel",
            expected: (values.len().max(1), 1),
        });
    }
    for (&x, &p) in values.iter().zip(shares) {
        within("a value", x, -1e150, 1e150, "")?;
        within("a probability", p, 0.0, 1.0, "")?;
    }
    within("the sum of the probabilities", shares.iter().sum(), 1.0 - 1e-9, 1.0 + 1e-9, "")
}
