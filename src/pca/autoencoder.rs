//! Autoencoders in dfdx: the linear one, and one with a hidden layer on either side of the code.
//!
//! Generic over the device, and over the number type: f32 to train, f64 where a test needs the digits.
use crate::error::{Error, Result, finite, shaped, within};
use dfdx::{nn::modules, optim::Adam, prelude::*};
use ndarray::{Array2, ArrayView2};
use rand::seq::SliceRandom;

/// A number type that dfdx computes with: f32 or f64.
pub trait Real:
    Dtype + num_traits::Float + rand_distr::uniform::SampleUniform + Into<f64>
{
}
impl Real for f32 {}
impl Real for f64 {}

/// Any number of rows of `C` columns, on a device, with the tape `T` that records for the gradient.
pub type Rows<const C: usize, E, D, T = NoneTape> = Tensor<(usize, Const<C>), E, D, T>;

/// What a device computed, or why it could not.
pub type Computed<T, D> = std::result::Result<T, <D as HasErr>::Err>;

// ANCHOR: trait
/// Two maps: from X columns down to a code of L, and back up.
pub trait Autoencoder<const X: usize, const L: usize, E: Real, D: Device<E>>:
    TensorCollection<E, D> + Clone
{
    /// z, of shape (N, L).
    fn encode<T: Tape<E, D>>(&self, x: Rows<X, E, D, T>) -> Computed<Rows<L, E, D, T>, D>;
    /// x̂, of shape (N, X).
    fn decode<T: Tape<E, D>>(&self, z: Rows<L, E, D, T>) -> Computed<Rows<X, E, D, T>, D>;
}
// ANCHOR_END: trait

// ANCHOR: linear
/// One affine map each way, and nothing that bends.
#[derive(Clone, Debug)]
pub struct Linear<const X: usize, const L: usize, E: Dtype, D: Storage<E>> {
    /// From X to L.
    pub down: modules::Linear<X, L, E, D>,
    /// From L to X.
    pub up: modules::Linear<L, X, E, D>,
}

impl<const X: usize, const L: usize, E: Real, D: Device<E>> Autoencoder<X, L, E, D>
    for Linear<X, L, E, D>
{
    fn encode<T: Tape<E, D>>(&self, x: Rows<X, E, D, T>) -> Computed<Rows<L, E, D, T>, D> {
        self.down.try_forward(x)
    }
    fn decode<T: Tape<E, D>>(&self, z: Rows<L, E, D, T>) -> Computed<Rows<X, E, D, T>, D> {
        self.up.try_forward(z)
    }
}
// ANCHOR_END: linear

// ANCHOR: deep
/// A hidden layer of H tanh units on either side of the code.
#[derive(Clone, Debug)]
pub struct Deep<const X: usize, const H: usize, const L: usize, E: Dtype, D: Storage<E>> {
    /// From X to the first hidden layer.
    pub into: modules::Linear<X, H, E, D>,
    /// From the first hidden layer to L.
    pub down: modules::Linear<H, L, E, D>,
    /// From L to the second hidden layer.
    pub up: modules::Linear<L, H, E, D>,
    /// From the second hidden layer to X.
    pub out: modules::Linear<H, X, E, D>,
}

impl<const X: usize, const H: usize, const L: usize, E: Real, D: Device<E>>
    Autoencoder<X, L, E, D> for Deep<X, H, L, E, D>
{
    fn encode<T: Tape<E, D>>(&self, x: Rows<X, E, D, T>) -> Computed<Rows<L, E, D, T>, D> {
        self.down.try_forward(self.into.try_forward(x)?.try_tanh()?)
    }
    fn decode<T: Tape<E, D>>(&self, z: Rows<L, E, D, T>) -> Computed<Rows<X, E, D, T>, D> {
        self.out.try_forward(self.up.try_forward(z)?.try_tanh()?)
    }
}
// ANCHOR_END: deep

// ANCHOR: start
/// Weights and biases drawn evenly between ±1/√I, with I inputs: on any device the same.
fn layer<const I: usize, const O: usize, E: Real, D: Device<E>>(
    device: &D,
    rng: &mut impl rand::Rng,
) -> modules::Linear<I, O, E, D> {
    let reach = 1.0 / (I as f64).sqrt();
    let mut draw =
        |n: usize| (0..n).map(|_| real(rng.random_range(-reach..reach))).collect::<Vec<E>>();
    modules::Linear { weight: device.tensor(draw(O * I)), bias: device.tensor(draw(O)) }
}

impl<const X: usize, const L: usize, E: Real, D: Device<E>> Linear<X, L, E, D> {
    /// A fresh network.
    pub fn new(device: &D, rng: &mut impl rand::Rng) -> Self {
        Linear { down: layer(device, rng), up: layer(device, rng) }
    }
}

impl<const X: usize, const H: usize, const L: usize, E: Real, D: Device<E>>
    Deep<X, H, L, E, D>
{
    /// A fresh network.
    pub fn new(device: &D, rng: &mut impl rand::Rng) -> Self {
        Deep {
            into: layer(device, rng),
            down: layer(device, rng),
            up: layer(device, rng),
            out: layer(device, rng),
        }
    }
}
// ANCHOR_END: start

// ANCHOR: loss
/// The mean over rows of ‖x − x̂‖², summed over columns: what `Pca::error` measures.
pub fn loss<
    const X: usize,
    const L: usize,
    E: Real,
    D: Device<E>,
    T: Tape<E, D> + Merge<T>,
>(
    net: &impl Autoencoder<X, L, E, D>,
    x: Rows<X, E, D, T>,
) -> Computed<Tensor<Rank0, E, D, T>, D> {
    let rows = x.shape().0.max(1) as f64;
    let target = x.retaped::<NoneTape>();
    let error = net.decode(net.encode(x)?)?.try_sub(target)?;
    error.try_square()?.try_sum::<Rank0, _>()?.try_div(real::<E>(rows)) // (eq:ae-loss)
}
// ANCHOR_END: loss

/// How long and how fast to train.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Passes over the rows.
    pub epochs: usize,
    /// Rows a step.
    pub batch: usize,
    /// Adam's rate at the start; it falls in a straight line to a hundredth of that.
    pub rate: f64,
}

// ANCHOR: train
/// Trains with Adam on shuffled batches; gives the mean loss of each epoch.
pub fn train<
    const X: usize,
    const L: usize,
    E: Real,
    D: Device<E>,
    N: Autoencoder<X, L, E, D>,
>(
    net: &mut N,
    x: ArrayView2<f64>,
    plan: Plan,
    device: &D,
    rng: &mut impl rand::Rng,
) -> Result<Vec<f64>> {
    check_plan::<X>(x, plan)?;
    let mut optimiser = Adam::new(net, AdamConfig::default());
    let mut order: Vec<usize> = (0..x.nrows()).collect();
    let mut slope = net.try_alloc_grads().map_err(failed)?;
    let mut history = vec![];
    for epoch in 0..plan.epochs {
        optimiser.cfg.lr = plan.rate * (1.0 - 0.99 * epoch as f64 / plan.epochs as f64);
        order.shuffle(rng);
        let mut total = 0.0;
        for rows in order.chunks(plan.batch) {
            let batch = to_device(x.select(ndarray::Axis(0), rows).view(), device)?;
            let now = loss(net, batch.traced(slope)).map_err(failed)?;
            total += rows.len() as f64 * now.as_vec()[0].to_f64().unwrap_or(f64::NAN);
            slope = now.try_backward().map_err(failed)?;
            optimiser.update(net, &slope).map_err(|e| Error::Device(format!("{e:?}")))?;
            net.try_zero_grads(&mut slope).map_err(failed)?;
        }
        history.push(finite_loss(total / x.nrows() as f64, epoch, plan.rate)?);
    }
    Ok(history)
}
// ANCHOR_END: train

fn check_plan<const X: usize>(x: ArrayView2<f64>, plan: Plan) -> Result<()> {
    finite("the data", x)?;
    shaped("the data", x.dim(), "this network", (x.nrows(), X))?;
    within("the batch", plan.batch as f64, 1.0, f64::INFINITY, "")?;
    within("the rate", plan.rate, 0.0, f64::MAX, "")
}

fn finite_loss(loss: f64, step: usize, rate: f64) -> Result<f64> {
    if loss.is_finite() { Ok(loss) } else { Err(Error::Diverged { step, loss, rate }) }
}

/// The codes of the rows of `x`, of shape (N, L).
pub fn encode<const X: usize, const L: usize, E: Real, D: Device<E>>(
    net: &impl Autoencoder<X, L, E, D>,
    x: ArrayView2<f64>,
    device: &D,
) -> Result<Array2<f64>> {
    to_array(net.encode(to_device(x, device)?).map_err(failed)?)
}

/// The rows that the codes in `z` stand for, of shape (N, X).
pub fn decode<const X: usize, const L: usize, E: Real, D: Device<E>>(
    net: &impl Autoencoder<X, L, E, D>,
    z: ArrayView2<f64>,
    device: &D,
) -> Result<Array2<f64>> {
    to_array(net.decode(to_device(z, device)?).map_err(failed)?)
}

/// There and back.
pub fn reconstruct<const X: usize, const L: usize, E: Real, D: Device<E>>(
    net: &impl Autoencoder<X, L, E, D>,
    x: ArrayView2<f64>,
    device: &D,
) -> Result<Array2<f64>> {
    decode(net, encode(net, x, device)?.view(), device)
}

/// A table as a tensor.
pub fn to_device<const C: usize, E: Real, D: Device<E>>(
    x: ArrayView2<f64>,
    device: &D,
) -> Result<Rows<C, E, D>> {
    finite("the data", x)?;
    shaped("the data", x.dim(), "this network", (x.nrows(), C))?;
    let flat: Vec<E> = x.iter().map(|&v| real(v)).collect();
    device.try_tensor((flat, (x.nrows(), Const::<C>))).map_err(failed)
}

/// A tensor as a table.
pub fn to_array<const C: usize, E: Real, D: Device<E>>(
    x: Rows<C, E, D>,
) -> Result<Array2<f64>> {
    let flat = x.as_vec().into_iter().map(|v| v.to_f64().unwrap_or(f64::NAN)).collect();
    Array2::from_shape_vec((x.shape().0, C), flat).map_err(|e| Error::Device(e.to_string()))
}

pub(crate) fn real<E: Real>(v: f64) -> E {
    E::from_f64(v).unwrap_or_else(E::nan)
}

pub(crate) fn failed(e: impl std::fmt::Display) -> Error {
    Error::Device(e.to_string())
}

// What dfdx asks of a struct of layers: their names, and how to put the struct together again.
impl<const X: usize, const L: usize, E: Real, D: Device<E>> TensorCollection<E, D>
    for Linear<X, L, E, D>
{
    type To<E2: Dtype, D2: Device<E2>> = Linear<X, L, E2, D2>;
    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(
        v: &mut V,
    ) -> std::result::Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        let down = Self::module("down", |s| &s.down, |s| &mut s.down);
        let up = Self::module("up", |s| &s.up, |s| &mut s.up);
        v.visit_fields((down, up), |(down, up)| Linear { down, up })
    }
}

impl<const X: usize, const H: usize, const L: usize, E: Real, D: Device<E>>
    TensorCollection<E, D> for Deep<X, H, L, E, D>
{
    type To<E2: Dtype, D2: Device<E2>> = Deep<X, H, L, E2, D2>;
    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(
        v: &mut V,
    ) -> std::result::Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        let into = Self::module("into", |s| &s.into, |s| &mut s.into);
        let down = Self::module("down", |s| &s.down, |s| &mut s.down);
        let up = Self::module("up", |s| &s.up, |s| &mut s.up);
        let out = Self::module("out", |s| &s.out, |s| &mut s.out);
        v.visit_fields((into, down, up, out), |(into, down, up, out)| Deep {
            into,
            down,
            up,
            out,
        })
    }
}
