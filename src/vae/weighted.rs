//! Importance-weighted bounds: exactly, on a grid; from draws; and what they do to the slopes.
use crate::elbo::{Conjugate, Gauss, Hidden};
use crate::error::{Result, within};
use crate::gaussian::{log_normal, log_sum_exp};
use ndarray::{ArrayView1, Axis};
use ndarray_rand::rand_distr::StandardNormal;
use rand::Rng;

// ANCHOR: in_groups
/// From the log weights of many draws: the mean over groups of k draws of the log of
/// the group's mean weight.
pub fn in_groups(log_weights: ArrayView1<f64>, k: usize) -> Result<f64> {
    within("the draws in a group", k as f64, 1.0, log_weights.len() as f64, "")?;
    let groups = log_weights.axis_chunks_iter(Axis(0), k).filter(|group| group.len() == k);
    let (mut sum, mut n) = (0.0, 0.0);
    for group in groups {
        sum += log_sum_exp(&group.to_vec()) - (k as f64).ln(); // (eq:iwae)
        n += 1.0;
    }
    Ok(sum / n)
}
// ANCHOR_END: in_groups

// ANCHOR: exact
/// The importance-weighted bound for each number of draws, without a draw.
pub fn weighted_bounds(hidden: &Hidden, q: Gauss, draws: &[usize]) -> Result<Vec<f64>> {
    let most = draws.iter().copied().max().unwrap_or(1) as f64;
    for &k in draws {
        within("the number of draws", k as f64, 1.0, 1e9, "")?;
    }
    let evidence = hidden.log_evidence();
    let (mass, log_w) = where_it_counts(hidden, q)?;
    let least = log_w.iter().fold(0.0, |m: f64, w| m.min(*w));
    within("the least log weight", least, -1e4, 0.0, ": q reaches where p(x, z) is nothing")?;
    let (from, to) = (-40.0 - most.ln(), 40.0 - least);
    let mut sums = vec![0.0; draws.len()];
    for i in 0..=((to - from) / STEP) as usize {
        let u = from + STEP * i as f64;
        let each = mass.iter().zip(&log_w).map(|(mass, w)| mass * (-(u + w).exp()).exp());
        let transform: f64 = each.sum(); // E exp(−w eᵘ)
        for (sum, &k) in sums.iter_mut().zip(draws) {
            *sum += STEP * ((-u.exp()).exp() - transform.powf(k as f64)); // (eq:log-of-sum)
        }
    }
    Ok(sums.iter().zip(draws).map(|(sum, &k)| evidence + sum - (k as f64).ln()).collect())
}
// ANCHOR_END: exact

/// The step in u: the integrand is so smooth that a finer one changes nothing.
const STEP: f64 = 0.1;

/// The places where q has mass: how much, and log w − log p(x).
fn where_it_counts(hidden: &Hidden, q: Gauss) -> Result<(Vec<f64>, Vec<f64>)> {
    within("the mean", q.mean, -9.0, 9.0, ": the grid ends at 12")?;
    within("the standard deviation", q.sd, 0.012, 9.0, "")?;
    let (log_q, evidence) = (q.on(hidden), hidden.log_evidence());
    let (mut mass, mut log_w) = (vec![], vec![]);
    for (lq, joint) in log_q.iter().zip(&hidden.log_joint()) {
        if *lq > -60.0 {
            mass.push(lq.exp());
            log_w.push(joint - lq - evidence);
        }
    }
    let all: f64 = mass.iter().sum();
    mass.iter_mut().for_each(|m| *m /= all);
    Ok((mass, log_w))
}

// ANCHOR: signal
/// Signal over noise of the slopes of the k-draw bound, in m and in the decoder's shift:
/// |mean| / standard deviation of one estimate, from so many of them.
pub fn signals(
    model: &Conjugate,
    q: Gauss,
    (k, estimates): (usize, usize),
    rng: &mut impl Rng,
) -> Result<[f64; 2]> {
    within("the number of draws", k as f64, 1.0, 1e6, "")?;
    within("the number of estimates", estimates as f64, 2.0, 1e9, "")?;
    let precision = 1.0 / (model.noise * model.noise);
    let mut sums = [[0.0; 2]; 2];
    for _ in 0..estimates {
        let (mut total, mut slopes) = (0.0, [0.0; 2]);
        for _ in 0..k {
            let e: f64 = rng.sample(StandardNormal);
            let z = q.mean + q.sd * e;
            let log_w = log_normal(z, 0.0, 1.0) + log_normal(model.x, z, model.noise)
                - log_normal(z, q.mean, q.sd);
            let w = (log_w - model.log_evidence()).exp();
            let misfit = (model.x - z) * precision;
            total += w;
            slopes[0] += w * (misfit - z); // the draw moves with m
            slopes[1] += w * misfit; // the decoder moves, the draw stays
        }
        for (sum, slope) in sums.iter_mut().zip(slopes) {
            let slope = slope / total; // (eq:weighted-slope)
            *sum = [sum[0] + slope, sum[1] + slope * slope];
        }
    }
    let n = estimates as f64;
    Ok(sums.map(|[s, q]| (s / n).abs() / ((q - s * s / n) / (n - 1.0)).sqrt()))
}
// ANCHOR_END: signal
