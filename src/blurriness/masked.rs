//! One autoregressive step as a network: which weights may be, and a gate between the code and something new.
use crate::error::{Result, within};
use crate::pca::autoencoder::{Computed, Real, real};
use crate::vae::engine::Engine;
use crate::vae::net::{Column, Layer, Table, to_device};
use dfdx::prelude::*;
use ndarray::Array2;

// ANCHOR: masks
/// Which coordinates of the code stand before which.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Order {
    /// The first stands first.
    Forward,
    /// The last stands first.
    Backward,
    /// Nobody sees anybody: q stays a product.
    Blind,
}

/// 1 where a weight may be: from the code to the hidden units, of shape (H, L), and from
/// there to what each coordinate is told, of shape (L, H). Unit h has the rank h mod L;
/// it sees the coordinates of smaller rank, and tells those of its rank or a larger one.
pub fn masks(latent: usize, hidden: usize, order: Order) -> [Array2<f64>; 2] {
    let rank = |i: usize| if order == Order::Backward { latent - 1 - i } else { i };
    let sees = |h: usize, i: usize| order != Order::Blind && rank(i) < h % latent;
    let tells = |h: usize, i: usize| order == Order::Blind || h % latent <= rank(i);
    [
        Array2::from_shape_fn((hidden, latent), |(h, i)| f64::from(sees(h, i))),
        Array2::from_shape_fn((latent, hidden), |(i, h)| f64::from(tells(h, i))),
    ]
}
// ANCHOR_END: masks

// ANCHOR: masked
/// One step: z ↦ σ z + (1 − σ) m, where σ and m of a coordinate see the image, and the
/// coordinates before.
#[derive(Clone, Debug)]
pub struct Masked<E: Dtype, D: Storage<E>> {
    /// From the code to the hidden units, of shape (H, L).
    pub code: Table<E, D>,
    /// From the encoder's last layer to the hidden units: the image, without a mask.
    pub context: Layer<E, D>,
    /// From the hidden units to the log-odds of σ.
    pub gate: Layer<E, D>,
    /// From the hidden units to m.
    pub shift: Layer<E, D>,
    /// Where weights may be.
    pub masks: [Table<E, D>; 2],
}

/// Codes, and how much space was stretched on the way to them.
pub struct Moved<E: Dtype, D: Storage<E>, T> {
    /// z, of shape (N, L).
    pub z: Table<E, D, T>,
    /// The log determinant of the Jacobian; one number a row.
    pub log_det: Column<E, D, T>,
}

impl<E: Real, D: Engine<E>> Masked<E, D> {
    /// The log-odds of σ, and m, of shape (N, L) each.
    fn told<T: Tape<E, D> + Merge<T>>(
        &self,
        z: Table<E, D, T>,
        top: Table<E, D, T>,
    ) -> Computed<[Table<E, D, T>; 2], D> {
        let [sees, tells] = &self.masks;
        let seen = D::affine(top, &self.context, None)?;
        let hidden = seen.try_add(through(z, &self.code, sees)?)?.try_tanh()?;
        let gate = plus(
            through(hidden.with_empty_tape(), &self.gate.weight, tells)?,
            &self.gate.bias,
        )?;
        let m = plus(through(hidden, &self.shift.weight, tells)?, &self.shift.bias)?;
        Ok([gate, m])
    }

    /// The new code, with log |∂z′/∂z| = Σ log σ.
    pub fn step<T: Tape<E, D> + Merge<T>>(
        &self,
        z: Table<E, D, T>,
        top: Table<E, D, T>,
    ) -> Computed<Moved<E, D, T>, D> {
        let [gate, m] = self.told(z.with_empty_tape(), top)?;
        let ones = gate.device().try_ones_like(gate.shape())?;
        let cost = gate.with_empty_tape().try_bce_with_logits(ones)?; // −log σ
        let log_det = cost.try_sum::<_, Axis<1>>()?.try_negate()?;
        let kept = z.try_sub(m.with_empty_tape())?.try_mul(gate.try_sigmoid()?)?;
        Ok(Moved { z: m.try_add(kept)?, log_det }) // (eq:gated)
    }

    /// The code before the step: after the k-th of L passes, k coordinates are right.
    pub fn back(&self, z: &Table<E, D>, top: &Table<E, D>) -> Computed<Table<E, D>, D> {
        let mut before = z.clone();
        for _ in 0..z.shape().1 {
            let [gate, m] = self.told(before, top.clone())?;
            before =
                z.clone().try_sub(m.clone())?.try_div(gate.try_sigmoid()?)?.try_add(m)?;
        }
        Ok(before)
    }
}

/// x (W ⊙ mask)ᵀ: a weight behind the mask does nothing, and has the slope zero.
fn through<E: Real, D: Engine<E>, T: Tape<E, D> + Merge<T>>(
    x: Table<E, D, T>,
    weight: &Table<E, D>,
    mask: &Table<E, D>,
) -> Computed<Table<E, D, T>, D> {
    let weight = weight.retaped::<T>().try_mul(mask.clone())?; // (eq:mask)
    x.try_matmul(weight.try_permute::<(usize, usize), Axes2<1, 0>>()?)
}
// ANCHOR_END: masked

/// x + b, b being a table of one row.
fn plus<E: Real, D: Engine<E>, T: Tape<E, D> + Merge<T>>(
    x: Table<E, D, T>,
    bias: &Table<E, D>,
) -> Computed<Table<E, D, T>, D> {
    let shape = *x.shape();
    let bias = bias.retaped::<T>().try_reshape_like(&(shape.1,))?;
    x.try_add(bias.try_broadcast_like::<_, Axis<0>>(&shape)?)
}

/// The bias that a gate begins with: σ = 0.88, so that a fresh step does little.
const OPEN: f64 = 2.0;

impl<E: Real, D: Engine<E>> Masked<E, D> {
    /// A fresh step for codes of `latent` numbers, with so many hidden units, under an encoder whose last layer is
    /// `top` wide.
    pub fn new(
        [latent, hidden, top]: [usize; 3],
        order: Order,
        device: &D,
        rng: &mut impl rand::Rng,
    ) -> Result<Self> {
        for width in [latent, hidden, top] {
            within("the width of a layer", width as f64, 1.0, 1e6, "")?;
        }
        let mut layer = |inputs, outputs| Layer::new((inputs, outputs), device, rng);
        let mut gate = layer(hidden, latent)?;
        let open = Array2::from_elem((1, latent), real::<E>(OPEN));
        gate.bias = to_device(open.view(), device)?;
        let masks = masks(latent, hidden, order).map(|m| m.mapv(real::<E>));
        Ok(Masked {
            code: layer(latent, hidden)?.weight,
            context: layer(top, hidden)?,
            shift: layer(hidden, latent)?,
            gate,
            masks: [to_device(masks[0].view(), device)?, to_device(masks[1].view(), device)?],
        })
    }

    /// Every parameter, always in the same order.
    pub fn parameters(&mut self) -> Vec<(&'static str, &mut Table<E, D>)> {
        vec![
            ("code.weight", &mut self.code),
            ("context.weight", &mut self.context.weight),
            ("context.bias", &mut self.context.bias),
            ("gate.weight", &mut self.gate.weight),
            ("gate.bias", &mut self.gate.bias),
            ("shift.weight", &mut self.shift.weight),
            ("shift.bias", &mut self.shift.bias),
        ]
    }
}
