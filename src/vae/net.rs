//! The networks: an encoder and a decoder of any depth and width, on any device, in f32 or f64.
use super::engine::{Bend, Engine};
use super::greys::Levels;
use crate::error::{Result, finite, within};
use crate::pca::autoencoder::{Computed, Real, failed, real};
use dfdx::prelude::*;
use ndarray::{Array2, ArrayView2};

/// A table on a device, with the tape `T` that records for the gradient.
pub type Table<E, D, T = NoneTape> = Tensor<(usize, usize), E, D, T>;

/// One number a row.
pub type Column<E, D, T = NoneTape> = Tensor<(usize,), E, D, T>;

// ANCHOR: layer
/// x ↦ x Wᵀ + b. A bias is a table of one row, so that all parameters are tables.
#[derive(Clone, Debug)]
pub struct Layer<E: Dtype, D: Storage<E>> {
    /// W, of shape (outputs, inputs).
    pub weight: Table<E, D>,
    /// b, of shape (1, outputs).
    pub bias: Table<E, D>,
}
// ANCHOR_END: layer

// ANCHOR: likelihood
/// What a pixel is, once z is known. Pixels are independent given z.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Likelihood {
    /// 0 or 1; the decoder gives the log-odds of 1.
    Bernoulli,
    /// Gaussian with this standard deviation; the decoder gives the mean.
    Gaussian(f64),
    /// Gaussian with one standard deviation for all pixels, learned with the weights.
    Shared,
    /// Gaussian; the decoder gives D means, then D log-variances.
    Predicted,
    /// Any grey from 0 to 1, with a density ∝ eᵃˣ; the decoder gives a.
    Continuous,
    /// One of so many levels of grey, evenly from 0 to 1: what a logistic law has in
    /// the level's bin. The decoder gives its mean; one scale is learned for all pixels.
    Logistic(usize),
}
// ANCHOR_END: likelihood

/// The widths of the layers. The decoder mirrors the encoder.
#[derive(Clone, Debug, PartialEq)]
pub struct Sizes {
    /// D: columns of the data.
    pub pixels: usize,
    /// The hidden layers of the encoder, from the data on.
    pub hidden: Vec<usize>,
    /// L: columns of the code.
    pub latent: usize,
}

// ANCHOR: vae
/// p(z) = N(0, I), a decoder p(x | z), and an encoder q(z | x) = N(m(x), diag v(x)).
#[derive(Clone, Debug)]
pub struct Vae<E: Dtype, D: Storage<E>> {
    /// From the data to the last hidden layer.
    pub encoder: Vec<Layer<E, D>>,
    /// From there to m(x).
    pub mean: Layer<E, D>,
    /// From there to log v(x), so that v is never negative.
    pub log_variance: Layer<E, D>,
    /// From z to the last hidden layer.
    pub decoder: Vec<Layer<E, D>>,
    /// From there to the pixels.
    pub out: Layer<E, D>,
    /// What all pixels share and learn, of shape (1, 1): the log-variance of
    /// `Likelihood::Shared`, the log of the scale of `Likelihood::Logistic`.
    pub spread: Table<E, D>,
    /// What the decoder's numbers mean.
    pub likelihood: Likelihood,
    /// What stands between two layers.
    pub bend: Bend,
}

/// q(z | x) for each row: a mean and a log-variance an entry of the code.
pub struct Code<E: Dtype, D: Storage<E>, T = NoneTape> {
    /// m(x), of shape (N, L).
    pub mean: Table<E, D, T>,
    /// log v(x), of shape (N, L).
    pub log_variance: Table<E, D, T>,
}
// ANCHOR_END: vae

// ANCHOR: maps
impl<E: Real, D: Engine<E>> Vae<E, D> {
    /// q(z | x).
    pub fn encode<T: Tape<E, D> + Merge<T>>(
        &self,
        x: Table<E, D, T>,
    ) -> Computed<Code<E, D, T>, D> {
        let top = match self.encoder.split_first() {
            Some((layer, rest)) => {
                through(rest, D::first(x, layer, Some(self.bend))?, self.bend)?
            }
            None => x,
        };
        let log_variance = D::affine(top.with_empty_tape(), &self.log_variance, None)?;
        Ok(Code { mean: D::affine(top, &self.mean, None)?, log_variance })
    }

    /// The numbers of p(x | z): log-odds, or means and what belongs to them.
    pub fn decode<T: Tape<E, D> + Merge<T>>(
        &self,
        z: Table<E, D, T>,
    ) -> Computed<Table<E, D, T>, D> {
        D::affine(through(&self.decoder, z, self.bend)?, &self.out, None)
    }
}

/// One hidden layer after the other.
fn through<E: Real, D: Engine<E>, T: Tape<E, D> + Merge<T>>(
    layers: &[Layer<E, D>],
    x: Table<E, D, T>,
    bend: Bend,
) -> Computed<Table<E, D, T>, D> {
    layers.iter().try_fold(x, |h, layer| D::affine(h, layer, Some(bend)))
}
// ANCHOR_END: maps

impl<E: Real, D: Engine<E>> Layer<E, D> {
    /// Weights and biases from ±1/√inputs: on any device the same.
    pub fn new(
        (inputs, outputs): (usize, usize),
        device: &D,
        rng: &mut impl rand::Rng,
    ) -> Result<Self> {
        let reach = 1.0 / (inputs.max(1) as f64).sqrt();
        let mut draw = |rows: usize, columns: usize| {
            let values = Array2::from_shape_simple_fn((rows, columns), || {
                real(rng.random_range(-reach..reach))
            });
            to_device(values.view(), device)
        };
        Ok(Layer { weight: draw(outputs, inputs)?, bias: draw(1, outputs)? })
    }
}

impl<E: Real, D: Engine<E>> Vae<E, D> {
    /// A fresh network with tanh between the layers.
    pub fn new(
        sizes: &Sizes,
        likelihood: Likelihood,
        device: &D,
        rng: &mut impl rand::Rng,
    ) -> Result<Self> {
        sizes.check()?;
        likelihood.check()?;
        let widths: Vec<usize> =
            std::iter::once(sizes.pixels).chain(sizes.hidden.iter().copied()).collect();
        let top = widths[widths.len() - 1];
        let outputs = likelihood.outputs(sizes.pixels);
        let mut layer = |inputs, outputs| Layer::new((inputs, outputs), device, rng);
        let encoder = widths.windows(2).map(|w| layer(w[0], w[1])).collect::<Result<_>>()?;
        let (mean, log_variance) = (layer(top, sizes.latent)?, layer(top, sizes.latent)?);
        let mut up = vec![sizes.latent];
        up.extend(sizes.hidden.iter().rev());
        let decoder = up.windows(2).map(|w| layer(w[0], w[1])).collect::<Result<_>>()?;
        let out = layer(up[up.len() - 1], outputs)?;
        let spread = to_device(Array2::zeros((1, 1)).view(), device)?;
        let bend = Bend::Tanh;
        Ok(Vae { encoder, mean, log_variance, decoder, out, spread, likelihood, bend })
    }

    /// The same with another bend between the layers.
    pub fn bent(self, bend: Bend) -> Self {
        Vae { bend, ..self }
    }

    /// The widths of the layers.
    pub fn sizes(&self) -> Sizes {
        let inputs = |layer: &Layer<E, D>| layer.weight.shape().1;
        let hidden = self.encoder.iter().map(|layer| layer.weight.shape().0).collect();
        let first = self.encoder.first().unwrap_or(&self.mean);
        Sizes { pixels: inputs(first), hidden, latent: self.mean.weight.shape().0 }
    }

    /// The device the weights lie on.
    pub fn device(&self) -> &D {
        self.out.weight.device()
    }
}

impl Likelihood {
    /// How many numbers the decoder gives for so many pixels.
    pub fn outputs(self, pixels: usize) -> usize {
        if self == Likelihood::Predicted { 2 * pixels } else { pixels }
    }

    fn check(self) -> Result<()> {
        match self {
            Likelihood::Gaussian(sd) => {
                within("the standard deviation of a pixel", sd, 1e-6, 1e6, "")
            }
            Likelihood::Logistic(levels) => Levels::new(levels).map(|_| ()),
            _ => Ok(()),
        }
    }
}

impl Sizes {
    fn check(&self) -> Result<()> {
        let widths = [&[self.pixels], &self.hidden[..], &[self.latent]].concat();
        for width in widths {
            within("the width of a layer", width as f64, 1.0, 1e6, "")?;
        }
        Ok(())
    }
}

// ANCHOR: parameters
impl<E: Dtype, D: Storage<E>> Vae<E, D> {
    /// Every parameter by its name, always in the same order.
    pub fn parameters(&mut self) -> Vec<(String, &mut Table<E, D>)> {
        let mut all = vec![];
        for (i, layer) in self.encoder.iter_mut().enumerate() {
            layer.named(format!("encoder.{i}"), &mut all);
        }
        self.mean.named("mean".into(), &mut all);
        self.log_variance.named("log_variance".into(), &mut all);
        for (i, layer) in self.decoder.iter_mut().enumerate() {
            layer.named(format!("decoder.{i}"), &mut all);
        }
        self.out.named("out".into(), &mut all);
        if matches!(self.likelihood, Likelihood::Shared | Likelihood::Logistic(_)) {
            all.push(("spread".into(), &mut self.spread));
        }
        all
    }
}
// ANCHOR_END: parameters

impl<E: Dtype, D: Storage<E>> Layer<E, D> {
    fn named<'a>(&'a mut self, name: String, all: &mut Vec<(String, &'a mut Table<E, D>)>) {
        all.push((format!("{name}.weight"), &mut self.weight));
        all.push((format!("{name}.bias"), &mut self.bias));
    }
}

/// A table as a tensor; refuses what is empty or not finite.
pub fn to_device<E: Real, D: Device<E>>(x: ArrayView2<E>, device: &D) -> Result<Table<E, D>> {
    finite("the data", x)?;
    let flat: Vec<E> = x.iter().copied().collect();
    device.try_tensor_from_vec(flat, x.dim()).map_err(failed)
}

/// A tensor as a table.
pub fn to_array<E: Real, D: Device<E>>(x: &Table<E, D>) -> Result<Array2<E>> {
    Array2::from_shape_vec(*x.shape(), x.as_vec()).map_err(failed)
}
