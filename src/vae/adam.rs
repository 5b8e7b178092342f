//! Adam, with its state in the open: a run that is written down and read again goes on as if nothing had happened.
use super::engine::{Engine, Step};
use super::net::{Table, Vae, to_device};
use crate::error::Result;
use crate::pca::autoencoder::{Real, failed};
use dfdx::prelude::*;
use ndarray::Array2;

/// Which parameters a step moves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Part {
    /// φ: the encoder's.
    Encoder,
    /// θ: the decoder's.
    Decoder,
    /// Both at once.
    Both,
}

impl Part {
    fn holds(self, name: &str) -> bool {
        let decoder =
            ["decoder", "out", "spread"].iter().any(|start| name.starts_with(start));
        match self {
            Part::Both => true,
            Part::Decoder => decoder,
            Part::Encoder => !decoder,
        }
    }
}

/// Adam's memory: for each parameter the moving means of its slope and of the slope's square.
#[derive(Clone, Debug)]
pub struct Adam<E: Dtype, D: Storage<E>> {
    /// β₁ and β₂.
    pub keep: [f64; 2],
    /// What keeps the quotient finite.
    pub tiny: f64,
    /// How many steps were made.
    pub steps: i32,
    /// The moving means of the slopes, in the order of [`Vae::parameters`].
    pub first: Vec<Table<E, D>>,
    /// The moving means of their squares.
    pub second: Vec<Table<E, D>>,
}

impl<E: Real, D: Engine<E>> Adam<E, D> {
    /// No memory yet.
    pub fn new(net: &mut Vae<E, D>) -> Result<Self> {
        let device = net.device().clone();
        let mut zeros = vec![];
        for (_, p) in net.parameters() {
            zeros.push(to_device(Array2::zeros(*p.shape()).view(), &device)?);
        }
        Ok(Adam {
            keep: [0.9, 0.999],
            tiny: 1e-8,
            steps: 0,
            second: zeros.iter().map(|z| copy(z, &device)).collect::<Result<_>>()?,
            first: zeros,
        })
    }

    /// The numbers of the next step.
    pub fn next(&mut self, rate: f64) -> Step {
        self.steps += 1;
        let [left1, left2] = self.keep.map(|keep| 1.0 - keep.powi(self.steps));
        let (keep, tiny) = (self.keep, self.tiny);
        Step { rate: rate / left1, keep, lift: 1.0 / left2.sqrt(), tiny }
    }

    /// One step down the slope. What it gives back is for the next slope to be gathered in.
    pub fn step(
        &mut self,
        net: &mut Vae<E, D>,
        mut slope: Gradients<E, D>,
        rate: f64,
        part: Part,
    ) -> Result<Gradients<E, D>> {
        let step = self.next(rate);
        let moments = self.first.iter_mut().zip(&mut self.second);
        for ((name, p), (first, second)) in net.parameters().into_iter().zip(moments) {
            if part.holds(&name) {
                D::adam([p, first, second], &mut slope, step).map_err(failed)?;
            }
        }
        Ok(D::renew(net, slope))
    }
}

/// A tensor with the same entries and a memory of its own.
fn copy<E: Real, D: Engine<E>>(t: &Table<E, D>, device: &D) -> Result<Table<E, D>> {
    device.try_tensor_from_vec(t.as_vec(), *t.shape()).map_err(failed)
}
