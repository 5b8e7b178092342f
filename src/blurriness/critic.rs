//! A critic: a small network that looks at draws of p and at draws of q, and raises a bound on their divergence.
use super::{Divergence, Modes, places};
use crate::error::{Error, Result, shaped, within};
use crate::pca::autoencoder::{Computed, failed};
use crate::vae::Bend;
use crate::vae::engine::{Engine, Step};
use crate::vae::net::{Layer, Table, to_device};
use dfdx::prelude::*;
use ndarray::{Array2, ArrayView2, Axis, concatenate};
use rand::Rng;

type Here<T = NoneTape> = Table<f32, Cpu, T>;

/// v(x), a network with tanh between its layers; T is made from v as the divergence asks.
#[derive(Clone, Debug)]
pub struct Critic {
    /// Which divergence it bounds.
    pub divergence: Divergence,
    /// From the data to one number.
    layers: Vec<Layer<f32, Cpu>>,
    /// Adam's two moments of each layer's weights and of its biases.
    moments: Vec<[[Here; 2]; 2]>,
    steps: i32,
}

/// A bound measured on draws.
#[derive(Clone, Copy, Debug)]
pub struct Estimate {
    /// The mean of T over draws of p, less that of f*(T) over draws of q.
    pub bound: f64,
    /// Its standard error.
    pub error: f64,
}

impl Critic {
    /// A fresh critic of rows with so many columns.
    pub fn new(
        divergence: Divergence,
        columns: usize,
        hidden: &[usize],
        rng: &mut impl Rng,
    ) -> Result<Critic> {
        let widths = [&[columns], hidden, &[1]].concat();
        for width in &widths {
            within("the width of a layer", *width as f64, 1.0, 1e4, "")?;
        }
        let device = Cpu::default();
        let (mut layers, mut moments) = (vec![], vec![]);
        for ends in widths.windows(2) {
            let zero = |rows| to_device(Array2::zeros((rows, ends[0])).view(), &device);
            let bias = || to_device(Array2::zeros((1, ends[1])).view(), &device);
            moments.push([[zero(ends[1])?, zero(ends[1])?], [bias()?, bias()?]]);
            layers.push(Layer::new((ends[0], ends[1]), &device, rng)?);
        }
        Ok(Critic { divergence, layers, moments, steps: 0 })
    }

    // ANCHOR: through
    /// v of each row, of shape (N, 1).
    fn through<T: Tape<f32, Cpu> + Merge<T>>(&self, x: Here<T>) -> Computed<Here<T>, Cpu> {
        let last = self.layers.len() - 1;
        self.layers.iter().enumerate().try_fold(x, |h, (i, layer)| {
            Cpu::affine(h, layer, Some(Bend::Tanh).filter(|_| i < last))
        })
    }

    /// One step of Adam up the bound on these rows of p and of q.
    pub fn step(&mut self, p: ArrayView2<f64>, q: ArrayView2<f64>, rate: f64) -> Result<()> {
        let v = self.through(self.rows(&[p, q])?.leaky_traced()).map_err(failed)?;
        let mut pulls = Array2::zeros((p.nrows() + q.nrows(), 1));
        for (i, (pull, v)) in pulls.iter_mut().zip(v.as_vec()).enumerate() {
            let [by_p, by_q] = self.divergence.pull(f64::from(v));
            let pull_down = by_q / q.nrows() as f64;
            *pull = if i < p.nrows() { -by_p / p.nrows() as f64 } else { pull_down } as f32;
        }
        let pulls = to_device(pulls.view(), &Cpu::default())?; // minus the bound's slope by v
        let loss = v.try_mul(pulls).and_then(|v| v.try_sum::<Rank0, _>());
        let slope = loss.and_then(|loss| loss.try_backward()).map_err(failed)?;
        self.adam(slope, rate)
    }
    // ANCHOR_END: through

    fn adam(&mut self, mut slope: Gradients<f32, Cpu>, rate: f64) -> Result<()> {
        within("the rate", rate, 0.0, 1.0, "")?;
        self.steps += 1;
        let keep = [0.9, 0.999];
        let [left1, left2] = keep.map(|keep: f64| 1.0 - keep.powi(self.steps));
        let step = Step { rate: rate / left1, keep, lift: 1.0 / left2.sqrt(), tiny: 1e-8 };
        for (layer, [[a, b], [c, d]]) in self.layers.iter_mut().zip(&mut self.moments) {
            Cpu::adam([&mut layer.weight, a, b], &mut slope, step).map_err(failed)?;
            Cpu::adam([&mut layer.bias, c, d], &mut slope, step).map_err(failed)?;
        }
        Ok(())
    }

    /// The rows of all tables, on the device.
    fn rows(&self, x: &[ArrayView2<f64>]) -> Result<Here> {
        let wanted = self.layers[0].weight.shape().1;
        for x in x {
            shaped("the rows", (x.nrows(), x.ncols()), "this critic", (x.nrows(), wanted))?;
        }
        let all = concatenate(Axis(0), x).map_err(failed)?;
        to_device(all.mapv(|v| v as f32).view(), &Cpu::default())
    }

    /// T of each row.
    pub fn values(&self, x: ArrayView2<f64>) -> Result<Vec<f64>> {
        let v = self.through(self.rows(&[x])?).map_err(failed)?.as_vec();
        if let Some(v) = v.iter().find(|v| !v.is_finite()) {
            let (step, loss) = (self.steps.max(0) as usize, f64::from(*v));
            return Err(Error::Diverged { step, loss, rate: 0.0 });
        }
        Ok(v.into_iter().map(|v| self.divergence.activation(f64::from(v))).collect())
    }

    /// The bound on rows of p and of q.
    pub fn estimate(&self, p: ArrayView2<f64>, q: ArrayView2<f64>) -> Result<Estimate> {
        let of_p = self.values(p)?;
        let of_q = self.values(q)?.into_iter().map(|t| self.divergence.conjugate(t));
        let (high, low) = (moments(of_p.into_iter()), moments(of_q));
        Ok(Estimate { bound: high.0 - low.0, error: (high.1 + low.1).sqrt() })
    }

    /// The bound on endless rows of p and of q, which is a bound without fail.
    pub fn bound(&self, p: &Modes, q: &Modes) -> Result<f64> {
        let places = places(p, q);
        let x = Array2::from_shape_fn((places.len(), 1), |(i, _)| places[i].x);
        let all = places.iter().zip(self.values(x.view())?);
        Ok(all.map(|(at, t)| at.p * t - at.q * self.divergence.conjugate(t)).sum())
    }
}

/// The mean, and the square of its standard error.
fn moments(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let n = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / n;
    (mean, values.map(|v| (v - mean).powi(2)).sum::<f64>() / (n * (n - 1.0).max(1.0)))
}
