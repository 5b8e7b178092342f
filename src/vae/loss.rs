//! The bound as something to differentiate: a pure function of the network, the rows and the noise. In nats; summed
//! over pixels and over the entries of the code; the loss is the mean over rows of its negative.
use super::engine::Engine;
use super::greys::Levels;
use super::net::{Code, Column, Likelihood, Table, Vae};
use super::pixel;
use crate::pca::autoencoder::{Computed, Real, real};
use dfdx::prelude::*;
use std::f64::consts::TAU;

// ANCHOR: form
/// Three ways to write one bound; which parts are drawn, and which are in closed form.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Form {
    /// log p(x | z) − KL(q ‖ prior): the cost in closed form. The lecture's estimator B.
    Cost,
    /// log p(x, z) + H(q): the entropy in closed form.
    Energy,
    /// log p(x, z) − log q(z | x): nothing in closed form. The lecture's estimator A.
    Weight,
}

/// What to maximise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Objective {
    /// How the bound is written.
    pub form: Form,
    /// Draws of z for each row.
    pub draws: usize,
    /// The log of the mean weight of the draws, rather than the mean of its log.
    /// Weights are drawn whole, whatever `form` says.
    pub weighted: bool,
    /// β, by which KL(q ‖ prior) is multiplied in `Form::Cost`; 1 for the bound.
    pub beta: f64,
}
// ANCHOR_END: form

impl Default for Objective {
    /// The bound, its cost in closed form, one draw.
    fn default() -> Self {
        Objective { form: Form::Cost, draws: 1, weighted: false, beta: 1.0 }
    }
}

// ANCHOR: draw
impl<E: Real, D: Engine<E>, T: Tape<E, D> + Merge<T>> Code<E, D, T> {
    /// z = m + s ε, with s = √v. The slope of whatever follows passes on to m and v.
    pub fn draw(
        mean: Table<E, D, T>,
        log_variance: Table<E, D, T>,
        noise: Table<E, D>,
    ) -> Computed<Table<E, D, T>, D> {
        let s = log_variance.try_mul(real::<E>(0.5))?.try_exp()?;
        mean.try_add(s.try_mul(noise)?) // (eq:reparameterised)
    }
}

/// KL(N(m, diag v) ‖ N(0, I)) = ½ Σ (v + m² − 1 − log v); one number a row.
pub fn cost<E: Real, D: Device<E>, T: Tape<E, D> + Merge<T>>(
    mean: Table<E, D, T>,
    log_variance: Table<E, D, T>,
) -> Computed<Column<E, D, T>, D> {
    let variance = log_variance.with_empty_tape().try_exp()?;
    let each = variance.try_add(mean.try_square()?)?.try_sub(log_variance)?;
    each.try_sub(real::<E>(1.0))?.try_mul(real::<E>(0.5))?.try_sum::<_, Axis<1>>() // (eq:cost)
}
// ANCHOR_END: draw

// ANCHOR: fit
impl<E: Real, D: Engine<E>> Vae<E, D> {
    /// log p(x | z) of each row, from what the decoder gave for z.
    pub fn fit<T: Tape<E, D> + Merge<T>>(
        &self,
        given: Table<E, D, T>,
        x: &Table<E, D>,
    ) -> Computed<Column<E, D, T>, D> {
        let (rows, pixels) = *x.shape();
        match self.likelihood {
            Likelihood::Bernoulli => D::bernoulli(given, x),
            Likelihood::Predicted => {
                let mean = given.with_empty_tape().try_slice((0..rows, 0..pixels))?;
                let log_variance = given.try_slice((0..rows, pixels..2 * pixels))?;
                gaussian(mean, log_variance, x)
            }
            Likelihood::Shared => {
                let one = self.spread.retaped::<T>().try_reshape_like(&())?;
                gaussian(given, one.try_broadcast_like::<_, _>(&(rows, pixels))?, x)
            }
            Likelihood::Continuous => pixel::continuous(given, x),
            Likelihood::Logistic(levels) => {
                let one = self.spread.retaped::<T>().try_reshape_like(&())?;
                let wide = one.try_broadcast_like::<_, _>(&(rows, pixels))?;
                pixel::logistic(given, wide, x, Levels::of(levels))
            }
            Likelihood::Gaussian(sd) => {
                let log_variance = x.device().try_zeros_like(&(rows, pixels))?;
                let log_variance = log_variance.try_add(real::<E>(2.0 * sd.ln()))?;
                gaussian(given, log_variance.retaped(), x)
            }
        }
    }
}

/// log N(x; m, diag v), with all constants; one number a row.
pub fn gaussian<E: Real, D: Device<E>, T: Tape<E, D> + Merge<T>>(
    mean: Table<E, D, T>,
    log_variance: Table<E, D, T>,
    x: &Table<E, D>,
) -> Computed<Column<E, D, T>, D> {
    let precision = log_variance.with_empty_tape().try_negate()?.try_exp()?;
    let square = mean.try_sub(x.clone())?.try_square()?.try_mul(precision)?;
    let each = square.try_add(log_variance)?.try_add(real::<E>(TAU.ln()))?;
    each.try_mul(real::<E>(-0.5))?.try_sum::<_, Axis<1>>() // (eq:gaussian-pixels)
}
// ANCHOR_END: fit

// ANCHOR: bound
/// The bound of each row, and KL(q ‖ prior) of each row for the record.
pub struct Terms<E: Dtype, D: Storage<E>, T> {
    /// What is maximised, of shape (N).
    pub bound: Column<E, D, T>,
    /// KL(q ‖ prior), of shape (N).
    pub kl: Column<E, D>,
}

/// The bound of each row, from `noise` of shape (draws · N, L): first all rows with
/// their first draw, then all with their second.
pub fn terms<E: Real, D: Engine<E>, T: Tape<E, D> + Merge<T>>(
    net: &Vae<E, D>,
    x: Table<E, D, T>,
    noise: Table<E, D>,
    objective: Objective,
) -> Computed<Terms<E, D, T>, D> {
    let seen = x.retaped::<NoneTape>();
    terms_of(net, &seen, net.encode(x)?, noise, objective)
}

/// The same, with a q for each row that need not be the encoder's.
pub fn terms_of<E: Real, D: Engine<E>, T: Tape<E, D> + Merge<T>>(
    net: &Vae<E, D>,
    x: &Table<E, D>,
    code: Code<E, D, T>,
    noise: Table<E, D>,
    objective: Objective,
) -> Computed<Terms<E, D, T>, D> {
    let Objective { draws, weighted, beta, .. } = objective;
    let form = if weighted { Form::Weight } else { objective.form };
    let (still_m, still_l) = (code.mean.retaped::<NoneTape>(), code.log_variance.retaped());
    let kl = D::cost(still_m, still_l)?;
    let (m, l) = (repeat(code.mean, draws)?, repeat(code.log_variance, draws)?);
    let z = D::draw(m.with_empty_tape(), l.with_empty_tape(), noise.clone())?;
    let rest = match form {
        Form::Cost => D::cost(m, l)?.try_mul(real::<E>(-beta))?, // (eq:hidden-beta)
        Form::Energy => prior(z.with_empty_tape())?.try_add(entropy(m, l)?)?,
        Form::Weight => prior(z.with_empty_tape())?.try_sub(drawn(m, l, noise)?)?,
    };
    let fit = net.fit(net.decode(z)?, &repeat(x.clone(), draws)?)?;
    Ok(Terms { bound: over_draws(fit.try_add(rest)?, objective)?, kl }) // (eq:two-sums)
}

/// From one number a draw to one a row: the mean, or the log of the mean weight.
fn over_draws<E: Real, D: Device<E>, T: Tape<E, D> + Merge<T>>(
    each: Column<E, D, T>,
    Objective { draws, weighted, .. }: Objective,
) -> Computed<Column<E, D, T>, D> {
    if draws == 1 {
        return Ok(each);
    }
    let rows = each.shape().0 / draws;
    let each = each.try_reshape_like(&(draws, rows))?;
    if !weighted {
        return each.try_mean::<_, Axis<0>>();
    }
    each.try_logsumexp::<_, Axis<0>>()?.try_sub(real::<E>((draws as f64).ln())) // (eq:iwae)
}

/// What training makes small: the mean over rows of the negative bound.
pub fn loss<E: Real, D: Engine<E>, T: Tape<E, D> + Merge<T>>(
    net: &Vae<E, D>,
    x: Table<E, D, T>,
    noise: Table<E, D>,
    objective: Objective,
) -> Computed<Tensor<Rank0, E, D, T>, D> {
    terms(net, x, noise, objective)?.bound.try_mean::<Rank0, _>()?.try_negate()
}
// ANCHOR_END: bound

// ANCHOR: atoms
/// log p(z) of each row, z ~ N(0, I).
fn prior<E: Real, D: Device<E>, T: Tape<E, D> + Merge<T>>(
    z: Table<E, D, T>,
) -> Computed<Column<E, D, T>, D> {
    let each = z.try_square()?.try_add(real::<E>(TAU.ln()))?;
    each.try_mul(real::<E>(-0.5))?.try_sum::<_, Axis<1>>()
}

/// H(q) of each row: ½ Σ (1 + log 2π + log v). The mean takes no part.
fn entropy<E: Real, D: Device<E>, T: Tape<E, D> + Merge<T>>(
    mean: Table<E, D, T>,
    log_variance: Table<E, D, T>,
) -> Computed<Column<E, D, T>, D> {
    let each = log_variance.try_add(real::<E>(1.0 + TAU.ln()))?;
    let each = each.try_add(mean.try_mul(real::<E>(0.0))?)?; // keeps the mean's tape
    each.try_mul(real::<E>(0.5))?.try_sum::<_, Axis<1>>()
}

/// log q(z | x) of each row at z = m + s ε, where (z − m)²/v is ε².
fn drawn<E: Real, D: Device<E>, T: Tape<E, D> + Merge<T>>(
    mean: Table<E, D, T>,
    log_variance: Table<E, D, T>,
    noise: Table<E, D>,
) -> Computed<Column<E, D, T>, D> {
    let square = noise.try_square()?.try_add(real::<E>(-1.0))?;
    let surprise = square.try_sum::<(usize,), Axis<1>>()?.try_mul(real::<E>(-0.5))?;
    entropy(mean, log_variance)?.try_negate()?.try_add(surprise)
}
// ANCHOR_END: atoms

/// The rows of a table, `times` times over.
pub(super) fn repeat<E: Real, D: Device<E>, T: Tape<E, D> + Merge<T>>(
    table: Table<E, D, T>,
    times: usize,
) -> Computed<Table<E, D, T>, D> {
    let (rows, columns) = *table.shape();
    if times == 1 {
        return Ok(table);
    }
    let all = table.try_broadcast_like::<_, Axis<0>>(&(times, rows, columns))?;
    all.try_reshape_like(&(times * rows, columns))
}

// ANCHOR: score
/// A loss with the same slope on average, by the score function: z is held fixed, and
/// log q(z | x) is pushed up where the weight of z is large.
pub fn score_loss<E: Real, D: Engine<E>, T: Tape<E, D> + Merge<T>>(
    net: &Vae<E, D>,
    x: Table<E, D, T>,
    noise: Table<E, D>,
) -> Computed<Tensor<Rank0, E, D, T>, D> {
    let seen = x.retaped::<NoneTape>();
    let Code { mean: m, log_variance: l } = net.encode(x)?;
    let (still_m, still_l) = (m.retaped::<NoneTape>(), l.retaped::<NoneTape>());
    let z = D::draw(still_m.clone(), still_l.clone(), noise.clone())?; // no tape
    let fit = net.fit(net.decode(z.retaped::<T>())?, &seen)?;
    let log_q = drawn(still_m, still_l, noise)?;
    let weight = fit.retaped::<NoneTape>().try_add(prior(z.clone())?)?.try_sub(log_q)?;
    let log_q = gaussian(m, l, &z)?;
    let push = log_q.try_mul(weight)?; // (eq:score)
    push.try_add(fit)?.try_mean::<Rank0, _>()?.try_negate()
}
// ANCHOR_END: score
