//! Shades of grey as the networks see them, in plain dfdx: what `greys` has for one pixel, for all at once and with
//! slopes.
use super::greys::{Levels, SERIES};
use super::net::{Column, Likelihood, Table, Vae};
use super::{Engine, greys};
use crate::elbo::Elbo;
use crate::error::{Error, Result, shaped, within};
use crate::pca::autoencoder::{Computed, Real, real};
use dfdx::prelude::*;
use ndarray::{Array2, ArrayView2, Zip};
use ndarray_rand::{RandomExt, rand_distr::StandardNormal};
use rand::Rng;

/// log(sinh(a/2) / (a/2)): a series near 0, where the closed form would be 0/0.
pub fn log_sinhc<E: Real, D: Device<E>, T: Tape<E, D> + Merge<T>>(
    a: Table<E, D, T>,
) -> Computed<Table<E, D, T>, D> {
    let edge = 0.5;
    let size = a.with_empty_tape().try_abs()?;
    let near = size.try_lt(real::<E>(edge))?;
    let square = a.try_clamp(-edge, edge)?.try_square()?;
    let [c1, c2, c3, c4, c5] = SERIES.map(real::<E>);
    let mut sum = square.with_empty_tape().try_mul(c5)?.try_add(c4)?;
    for c in [c3, c2, c1] {
        sum = square.with_empty_tape().try_mul(sum)?.try_add(c)?;
    }
    let series = square.try_mul(sum)?;
    let size = size.try_clamp(edge, 1e30)?;
    let rest = size.with_empty_tape().try_negate()?.try_exp()?.try_negate()?;
    let rest = rest.try_add(real::<E>(1.0))?.try_ln()?; // log(1 − e^−|a|)
    let half = size.with_empty_tape().try_mul(real::<E>(0.5))?;
    let far = half.try_add(rest)?.try_sub(size.try_ln()?)?;
    near.try_choose(series, far)
}

/// Σ log p(x_d | z) of continuous Bernoulli pixels, from what would be log-odds.
pub fn continuous<E: Real, D: Device<E>, T: Tape<E, D> + Merge<T>>(
    odds: Table<E, D, T>,
    x: &Table<E, D>,
) -> Computed<Column<E, D, T>, D> {
    let middle = x.clone().try_sub(real::<E>(0.5))?;
    let tilt = odds.with_empty_tape().try_mul(middle)?;
    tilt.try_sub(log_sinhc(odds)?)?.try_sum::<_, Axis<1>>()
}

/// Σ log p(x_d | z) of logistic pixels in their bins, from their means and the log of
/// one scale.
pub fn logistic<E: Real, D: Device<E>, T: Tape<E, D> + Merge<T>>(
    mean: Table<E, D, T>,
    log_scale: Table<E, D, T>,
    x: &Table<E, D>,
    levels: Levels,
) -> Computed<Column<E, D, T>, D> {
    let (step, half) = (levels.step(), real::<E>(0.5 * levels.step()));
    let one = x.device().try_ones_like(x.shape())?;
    let none = x.device().try_zeros_like(x.shape())?;
    let is_first = x.try_lt(half)?;
    let is_last = x.try_gt(real::<E>(1.0 - 0.5 * step))?;
    let has_low = is_first.try_choose(none.clone(), one.clone())?;
    let has_high = is_last.try_choose(none.clone(), one)?;
    let by = log_scale.with_empty_tape().try_negate()?.try_exp()?;
    let miss = mean.try_negate()?.try_add(x.clone())?; // x − mean
    let low = miss.with_empty_tape().try_sub(half)?.try_mul(by.with_empty_tape())?;
    let high = miss.try_add(half)?.try_mul(by.with_empty_tape())?;
    let width = by.try_mul(real::<E>(step))?;
    let sinhc = log_sinhc(width.with_empty_tape())?;
    let gain = sinhc
        .try_sub(width.try_mul(real::<E>(0.5))?)?
        .try_sub(log_scale)?
        .try_add(real::<E>(step.ln()))?;
    let gain = gain.try_mul(has_low.clone())?.try_mul(has_high.clone())?;
    let soft = |t: Table<E, D, T>| t.try_bce_with_logits(none.clone()); // log(1 + eᵗ)
    let above = soft(low)?.try_mul(has_low)?;
    let below = soft(high.try_negate()?)?.try_mul(has_high)?;
    gain.try_sub(above)?.try_sub(below)?.try_sum::<_, Axis<1>>()
}

/// Refuses a grey that the likelihood does not know.
pub(super) fn known<E: Real>(likelihood: Likelihood, x: ArrayView2<E>) -> Result<()> {
    let levels = match likelihood {
        Likelihood::Continuous => None,
        Likelihood::Logistic(levels) => Some(Levels::new(levels)?),
        _ => return Ok(()),
    };
    let sound = |value: f64| {
        let inside = (0.0..=1.0).contains(&value);
        inside && levels.is_none_or(|l| (l.nearest(value) - value).abs() < 1e-2 * l.step())
    };
    match x.indexed_iter().find(|(_, v)| !sound((**v).into())) {
        None => Ok(()),
        Some(((row, column), &value)) => {
            let why = match levels {
                None => "a pixel of the continuous Bernoulli lies between 0 and 1",
                Some(_) => "a pixel in bins is one of the levels, evenly from 0 to 1",
            };
            Err(Error::NotGrey { what: "the data", row, column, value: value.into(), why })
        }
    }
}

impl<E: Real, D: Engine<E>> Vae<E, D> {
    // ANCHOR: in-bins
    /// The bound on images in so many levels of grey, whatever the pixels were trained
    /// as: each pixel has the mass that its law has in its bin. So the numbers of all
    /// likelihoods are in one unit. A mean over the rows.
    pub fn in_bins(
        &self,
        x: ArrayView2<E>,
        levels: Levels,
        draws: usize,
        rng: &mut impl Rng,
    ) -> Result<Elbo> {
        known(Likelihood::Logistic(levels.count()), x)?;
        within("the number of draws", draws as f64, 1.0, 1e6, "")?;
        let code = self.codes(x)?;
        let mut fit = 0.0;
        for _ in 0..draws {
            let e = Array2::<f64>::random_using(code.mean.raw_dim(), StandardNormal, rng);
            let z = e * &code.sd + &code.mean;
            fit += self.log_masses(z.view(), x, levels)?.sum() / draws as f64;
        }
        let rows = x.nrows() as f64;
        let kl = Zip::from(&code.mean)
            .and(&code.sd)
            .fold(0.0, |sum, m, s| sum + 0.5 * (m * m + s * s - 1.0) - s.ln());
        Ok(Elbo { fit: fit / rows, kl: kl / rows })
    }
    // ANCHOR_END: in-bins

    /// log of what each pixel's law has in the bin of x, for a code a row.
    pub fn log_masses(
        &self,
        z: ArrayView2<f64>,
        x: ArrayView2<E>,
        levels: Levels,
    ) -> Result<Array2<f64>> {
        let given = self.given(z)?;
        shaped("the data", x.dim(), "these codes", (z.nrows(), self.sizes().pixels))?;
        let bin = |(i, d): (usize, usize)| levels.bin(levels.nearest(x[[i, d]].into()));
        let shape = x.raw_dim();
        Ok(match self.likelihood {
            Likelihood::Bernoulli => Array2::from_shape_fn(shape, |at| {
                let (low, high) = bin(at);
                let soft = |t: f64| t.max(0.0) + (-t.abs()).exp().ln_1p();
                match (low.is_finite(), high.is_finite()) {
                    (true, true) => f64::NEG_INFINITY, // a grey never comes
                    (false, _) => -soft(given[at]),
                    _ => -soft(-given[at]),
                }
            }),
            Likelihood::Continuous => Array2::from_shape_fn(shape, |at| {
                greys::continuous_log_mass(bin(at), greys::Continuous { odds: given[at] })
            }),
            Likelihood::Logistic(_) => {
                let scale = self.shared()?.exp();
                Array2::from_shape_fn(shape, |at| {
                    greys::Logistic { mean: given[at], scale }.log_mass(bin(at))
                })
            }
            _ => {
                let (mean, variance) = self.pixels(z)?;
                Array2::from_shape_fn(shape, |at| {
                    greys::normal_log_mass(bin(at), mean[at], variance[at].sqrt())
                })
            }
        })
    }
}
