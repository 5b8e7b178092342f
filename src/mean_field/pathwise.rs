//! Inference as gradient ascent: a Gaussian q for the hidden value of a tiny decoder, by moving draws.
use crate::elbo::{Gauss, Tiny};
use crate::error::{Error, Result, finite, shaped, within};
use ndarray::{ArrayView1, Axis};

// ANCHOR: pathwise
/// The slope of log p(x, z) in z.
pub fn slope(model: &Tiny, x: ArrayView1<f64>, z: f64) -> f64 {
    let units = (z * &model.a + &model.b).mapv(f64::tanh);
    let moved = model.w.dot(&(&model.a * &units.mapv(|u| 1.0 - u * u)));
    let misfit = &x - &model.w.dot(&units).mapv(|a| 1.0 / (1.0 + (-a).exp()));
    misfit.dot(&moved) - z
}

/// The slopes of the bound in m and in log s, from draws ε of N(0, 1).
pub fn slopes(score: impl Fn(f64) -> f64, q: Gauss, noise: &[f64]) -> [f64; 2] {
    let (mut by_mean, mut by_log_sd) = (0.0, 0.0);
    for e in noise {
        let push = score(q.mean + q.sd * e); // z moves with m, and by ε with s
        by_mean += push;
        by_log_sd += push * q.sd * e;
    }
    let n = noise.len() as f64;
    [by_mean / n, by_log_sd / n + 1.0] // (eq:pathwise): the 1 is the entropy's
}

/// So many steps uphill from `q`.
pub fn ascend(
    (model, x): (&Tiny, ArrayView1<f64>),
    mut q: Gauss,
    noise: &[f64],
    (rate, steps): (f64, usize),
) -> Result<Vec<Gauss>> {
    checked(model, x, noise)?;
    let mut path = vec![q];
    for step in 0..steps {
        let [by_mean, by_log_sd] = slopes(|z| slope(model, x, z), q, noise);
        q.mean += rate * by_mean;
        q.sd *= (rate * by_log_sd).exp();
        if !(q.mean.is_finite() && q.sd.is_finite() && q.sd > 0.0) {
            return Err(Error::Diverged { step, loss: q.mean, rate });
        }
        path.push(q);
    }
    Ok(path)
}
// ANCHOR_END: pathwise

fn checked(model: &Tiny, x: ArrayView1<f64>, noise: &[f64]) -> Result<()> {
    let (pixels, units) = model.w.dim();
    shaped("the pixels", (x.len(), 1), "this decoder", (pixels, 1))?;
    shaped("the weights", (model.a.len(), model.b.len()), "this decoder", (units, units))?;
    finite("the noise", ArrayView1::from(noise).insert_axis(Axis(0)))?;
    within("the number of draws", noise.len() as f64, 1.0, f64::MAX, "")
}
