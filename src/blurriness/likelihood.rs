//! What maximum likelihood does with a rigid and with a flexible model, and how sharp its samples are.
use super::Modes;
use crate::elbo::Gauss;
use crate::em::{Stop, best_of};
use crate::error::{Result, finite, within};
use crate::gaussian::log_normal;
use crate::mixture::{Gaussians, Kind};
use ndarray::{Array2, ArrayView1, Axis};
use rand::Rng;
use std::collections::BTreeMap;

// ANCHOR: score
/// The slopes of log q(z) in m and in log s.
pub fn score(z: f64, q: Gauss) -> [f64; 2] {
    let e = (z - q.mean) / q.sd;
    [e / q.sd, e * e - 1.0]
}

/// Their mean over the rows: the slope of the mean log-likelihood.
pub fn mean_score(rows: &[f64], q: Gauss) -> Result<[f64; 2]> {
    checked(rows, q)?;
    let sum =
        rows.iter().map(|&z| score(z, q)).fold([0.0; 2], |[a, b], [x, y]| [a + x, b + y]);
    Ok(sum.map(|v| v / rows.len() as f64)) // (eq:mean-score)
}
// ANCHOR_END: score

/// KL of the rows' histogram, in bins of this width, from q, in nats; q's mass in a
/// bin is its density in the middle, times the width.
pub fn histogram_kl(rows: &[f64], width: f64, q: Gauss) -> Result<f64> {
    checked(rows, q)?;
    within("the width of a bin", width, 1e-12, 1e12, "")?;
    let mut counts = BTreeMap::new();
    for row in rows {
        *counts.entry((row / width).floor() as i64).or_insert(0.0) += 1.0;
    }
    let n = rows.len() as f64;
    let bin = |(place, count): (&i64, &f64)| {
        let middle = (*place as f64 + 0.5) * width;
        count / n * ((count / n).ln() - log_normal(middle, q.mean, q.sd) - width.ln())
    };
    Ok(counts.iter().map(bin).sum())
}

fn checked(rows: &[f64], q: Gauss) -> Result<()> {
    finite("the rows", ArrayView1::from(rows).insert_axis(Axis(0)))?;
    within("the mean", q.mean, -f64::MAX, f64::MAX, "")?;
    within("the standard deviation", q.sd, 1e-150, 1e150, "")
}

impl Modes {
    // ANCHOR: likeliest
    /// The mixture of k Gaussians under which the rows are likeliest: the best of
    /// three climbs by EM.
    pub fn likeliest(rows: &[f64], k: usize, rng: &mut impl Rng) -> Result<Modes> {
        let x: Array2<f64> = ArrayView1::from(rows).insert_axis(Axis(1)).to_owned();
        let stop = Stop { steps: 2000, gain: 1e-6 * rows.len() as f64 };
        let start = |rng: &mut _| Gaussians::start(&x, k, Kind::Full, rng);
        let model = best_of(3, start, &x, stop, rng)?.model;
        let sds = (0..k).map(|i| model.covariance.matrix(i, 1)[[0, 0]].sqrt()).collect();
        Modes::new(model.weights.to_vec(), model.means.column(0).to_vec(), sds)
    }
    // ANCHOR_END: likeliest

    // ANCHOR: strays
    /// How much of `other` lies where p is hardly ever: outside the smallest set that holds
    /// 99 % of p.
    pub fn strays(&self, other: &Modes) -> f64 {
        let step = 0.01;
        let mut places: Vec<(f64, f64)> = (-4800..=4800)
            .map(|i| f64::from(i) * step)
            .map(|z| (self.log_density(z), other.log_density(z).exp() * step))
            .collect();
        places.sort_by(|a, b| b.0.total_cmp(&a.0)); // where p is highest first
        let mut held = 0.0;
        let common = |(height, _): &&(f64, f64)| {
            held += height.exp() * step;
            held <= 0.99
        };
        1.0 - places.iter().take_while(common).map(|(_, mass)| mass).sum::<f64>()
    }
    // ANCHOR_END: strays
}
