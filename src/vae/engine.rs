//! The operations that training spends its time in, in plain dfdx: for any device and either number type.
//! A device may do better; what it does then is in `fast`, and the tests hold it against these.
use super::loss;
use super::net::{Code, Column, Layer, Table, Vae};
use crate::pca::autoencoder::{Computed, Real, real};
use dfdx::prelude::*;

/// What bends between two layers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bend {
    /// tanh a.
    Tanh,
    /// max(a, 0).
    Relu,
}

/// A device that can train a VAE. What is written here holds wherever a device does not say otherwise.
pub trait Engine<E: Real>: Device<E> {
    /// bend(x Wᵀ + b), of shape (N, outputs).
    fn affine<T: Tape<E, Self> + Merge<T>>(
        x: Table<E, Self, T>,
        layer: &Layer<E, Self>,
        bend: Option<Bend>,
    ) -> Computed<Table<E, Self, T>, Self> {
        affine(x, layer, bend)
    }

    /// The same of data: the slope at `x` may be left out, for nobody can change it.
    fn first<T: Tape<E, Self> + Merge<T>>(
        x: Table<E, Self, T>,
        layer: &Layer<E, Self>,
        bend: Option<Bend>,
    ) -> Computed<Table<E, Self, T>, Self> {
        Self::affine(x, layer, bend)
    }

    /// z = m + s ε.
    fn draw<T: Tape<E, Self> + Merge<T>>(
        mean: Table<E, Self, T>,
        log_variance: Table<E, Self, T>,
        noise: Table<E, Self>,
    ) -> Computed<Table<E, Self, T>, Self> {
        Code::draw(mean, log_variance, noise)
    }

    /// KL(q ‖ prior); one number a row.
    fn cost<T: Tape<E, Self> + Merge<T>>(
        mean: Table<E, Self, T>,
        log_variance: Table<E, Self, T>,
    ) -> Computed<Column<E, Self, T>, Self> {
        loss::cost(mean, log_variance)
    }

    /// Σ log p(x_d | z) over the pixels, from the log-odds of 1; one number a row.
    fn bernoulli<T: Tape<E, Self> + Merge<T>>(
        odds: Table<E, Self, T>,
        x: &Table<E, Self>,
    ) -> Computed<Column<E, Self, T>, Self> {
        bernoulli(odds, x)
    }

    /// One step of Adam on one parameter: the parameter, its two moments, its slope.
    fn adam(
        [p, first, second]: [&mut Table<E, Self>; 3],
        slope: &mut Gradients<E, Self>,
        step: Step,
    ) -> Computed<(), Self> {
        adam([p, first, second], slope, step)
    }

    /// After a step: what the next slope is gathered in.
    fn renew(_: &mut Vae<E, Self>, _: Gradients<E, Self>) -> Gradients<E, Self> {
        Gradients::leaky()
    }
}

/// The numbers of one step of Adam.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// The rate, already divided by 1 − β₁ᵗ.
    pub rate: f64,
    /// β₁ and β₂: how much of the old moments is kept.
    pub keep: [f64; 2],
    /// 1/√(1 − β₂ᵗ).
    pub lift: f64,
    /// What keeps the quotient finite.
    pub tiny: f64,
}

// ANCHOR: affine
/// bend(x Wᵀ + b), in plain dfdx.
pub fn affine<E: Real, D: Device<E>, T: Tape<E, D> + Merge<T>>(
    x: Table<E, D, T>,
    layer: &Layer<E, D>,
    bend: Option<Bend>,
) -> Computed<Table<E, D, T>, D> {
    let (rows, outputs) = (x.shape().0, layer.bias.shape().1);
    let weight = layer.weight.retaped::<T>().try_permute::<(usize, usize), Axes2<1, 0>>()?;
    let bias = layer.bias.retaped::<T>().try_reshape_like(&(outputs,))?;
    let sum = x
        .try_matmul(weight)?
        .try_add(bias.try_broadcast_like::<_, Axis<0>>(&(rows, outputs))?)?;
    match bend {
        Some(Bend::Tanh) => sum.try_tanh(),
        Some(Bend::Relu) => sum.try_relu(),
        None => Ok(sum),
    }
}
// ANCHOR_END: affine

// ANCHOR: bernoulli
/// Σ x a − log(1 + eᵃ) over the pixels, from the log-odds a, in plain dfdx.
pub fn bernoulli<E: Real, D: Device<E>, T: Tape<E, D> + Merge<T>>(
    odds: Table<E, D, T>,
    x: &Table<E, D>,
) -> Computed<Column<E, D, T>, D> {
    odds.try_bce_with_logits(x.clone())?.try_negate()?.try_sum::<_, Axis<1>>() // (eq:odds)
}
// ANCHOR_END: bernoulli

// ANCHOR: adam
/// One step of Adam on one parameter, in plain dfdx.
pub fn adam<E: Real, D: Device<E>>(
    [p, first, second]: [&mut Table<E, D>; 3],
    slope: &mut Gradients<E, D>,
    step: Step,
) -> Computed<(), D> {
    let g = slope.get(p);
    let [keep1, keep2] = step.keep.map(real::<E>);
    let one = real::<E>(1.0);
    *first = first.clone().try_mul(keep1)?.try_add(g.clone().try_mul(one - keep1)?)?;
    let square = g.try_square()?.try_mul(one - keep2)?;
    *second = second.clone().try_mul(keep2)?.try_add(square)?;
    let root = second.clone().try_sqrt()?.try_mul(real::<E>(step.lift))?;
    let change = first.clone().try_div(root.try_add(real::<E>(step.tiny))?)?;
    *p = p.clone().try_sub(change.try_mul(real::<E>(step.rate))?)?; // (eq:adam)
    Ok(())
}
// ANCHOR_END: adam

impl Engine<f64> for Cpu {}
#[cfg(feature = "cuda")]
impl<E: Real> Engine<E> for Cuda where Cuda: Device<E> {}
