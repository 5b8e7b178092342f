//! A variational autoencoder whose q goes through autoregressive steps, and a loop that trains it.
use super::masked::{Masked, Moved, Order};
use crate::error::{Error, Result, within};
use crate::gaussian::log_sum_exp;
use crate::pca::autoencoder::{Computed, Real, failed, real};
use crate::vae::engine::Engine;
use crate::vae::net::{Column, Table, to_array, to_device};
use crate::vae::train::{Plan, noise};
use crate::vae::{Adam, Likelihood, Sizes, Vae};
use dfdx::prelude::*;
use ndarray::{Array1, Array2, ArrayView2, Axis as Along};
use rand::Rng;
use rand::seq::SliceRandom;

// ANCHOR: iaf
/// A network, and the steps that its codes take after z = m + s ε. Without a step, q is
/// the product of chapter 7.
#[derive(Clone, Debug)]
pub struct Iaf<E: Dtype, D: Storage<E>> {
    /// Encoder and decoder.
    pub net: Vae<E, D>,
    /// What comes between them.
    pub steps: Vec<Masked<E, D>>,
}

impl<E: Real, D: Engine<E>> Iaf<E, D> {
    /// From noise of shape (N, L) to codes.
    pub fn draw<T: Tape<E, D> + Merge<T>>(
        &self,
        x: Table<E, D, T>,
        noise: Table<E, D>,
    ) -> Computed<Moved<E, D, T>, D> {
        let top = self.top(x)?;
        let seen = top.with_empty_tape();
        let log_v = D::affine(seen.with_empty_tape(), &self.net.log_variance, None)?;
        let half = log_v.with_empty_tape().try_mul(real::<E>(0.5))?;
        let mut log_det = half.try_sum::<_, Axis<1>>()?; // Σ log s
        let mut z = D::draw(D::affine(top, &self.net.mean, None)?, log_v, noise)?;
        for step in &self.steps {
            let next = step.step(z, seen.with_empty_tape())?;
            z = next.z;
            log_det = log_det.try_add(next.log_det)?; // (eq:steps)
        }
        Ok(Moved { z, log_det })
    }

    /// log p(x | z) + log p(z) − log q(z | x) of each row. In the last two, log N(ε) and
    /// log N(z), the constants are the same and cancel.
    pub fn bound<T: Tape<E, D> + Merge<T>>(
        &self,
        x: Table<E, D, T>,
        noise: Table<E, D>,
    ) -> Computed<Column<E, D, T>, D> {
        let seen = x.retaped::<NoneTape>();
        let Moved { z, log_det } = self.draw(x, noise.clone())?;
        let squares = z.with_empty_tape().try_square()?.try_sub(noise.try_square()?)?;
        let rest = squares.try_sum::<(usize,), Axis<1>>()?.try_mul(real::<E>(-0.5))?;
        let fit = self.net.fit(self.net.decode(z)?, &seen)?;
        fit.try_add(rest)?.try_add(log_det) // (eq:flow-bound)
    }
}
// ANCHOR_END: iaf

impl<E: Real, D: Engine<E>> Iaf<E, D> {
    /// A fresh network, with a step of so many hidden units for each order.
    pub fn new(
        sizes: &Sizes,
        likelihood: Likelihood,
        (hidden, orders): (usize, &[Order]),
        device: &D,
        rng: &mut impl Rng,
    ) -> Result<Self> {
        let net = Vae::new(sizes, likelihood, device, rng)?;
        let top = sizes.hidden.last().copied().unwrap_or(sizes.pixels);
        let widths = [sizes.latent, hidden, top];
        let step = |order: &Order| Masked::new(widths, *order, device, rng);
        Ok(Iaf { steps: orders.iter().map(step).collect::<Result<_>>()?, net })
    }

    /// The encoder's last hidden layer.
    fn top<T: Tape<E, D> + Merge<T>>(
        &self,
        x: Table<E, D, T>,
    ) -> Computed<Table<E, D, T>, D> {
        let bend = Some(self.net.bend);
        self.net.encoder.iter().try_fold(x, |h, layer| D::affine(h, layer, bend))
    }

    /// Every parameter by its name, always in the same order.
    pub fn parameters(&mut self) -> Vec<(String, &mut Table<E, D>)> {
        let mut all = self.net.parameters();
        for (i, step) in self.steps.iter_mut().enumerate() {
            let named = step.parameters().into_iter();
            all.extend(named.map(|(name, p)| (format!("step.{i}.{name}"), p)));
        }
        all
    }

    /// Trains by the plan, one draw a row and step. The mean bound of each epoch, while
    /// the network was moving.
    pub fn train(&mut self, x: ArrayView2<E>, plan: Plan) -> Result<Vec<f64>> {
        self.net.accepts(x, false)?;
        within("the batch", plan.batch as f64, 1.0, 1e9, "")?;
        let mut adam = self.memory()?;
        let mut log = vec![];
        for epoch in 0..plan.epochs {
            let mut rng = plan.rng(epoch);
            let (mut order, mut sum) = ((0..x.nrows()).collect::<Vec<_>>(), 0.0);
            order.shuffle(&mut rng);
            for (step, rows) in order.chunks(plan.batch).enumerate() {
                let batch = to_device(x.select(Along(0), rows).view(), self.net.device())?;
                let noise = noise((rows.len(), self.latent()), self.net.device(), &mut rng)?;
                let (value, slope) = self.slope(batch, noise)?;
                let rate = plan.rate_in(epoch);
                if !value.is_finite() {
                    return Err(Error::Lost { epoch, step, term: "the loss", value, rate });
                }
                self.move_by(&mut adam, slope, rate)?;
                sum -= value * rows.len() as f64;
            }
            log.push(sum / x.nrows() as f64);
        }
        Ok(log)
    }

    /// The loss of these rows with this noise, and its slopes.
    pub fn slope(
        &self,
        x: Table<E, D>,
        noise: Table<E, D>,
    ) -> Result<(f64, Gradients<E, D>)> {
        let bound = self.bound(x.traced(Gradients::leaky()), noise).map_err(failed)?;
        let loss = bound.try_mean::<Rank0, _>().and_then(|b| b.try_negate());
        let loss = loss.map_err(failed)?;
        Ok((loss.as_vec()[0].into(), loss.try_backward().map_err(failed)?))
    }

    /// Adam's memory of every parameter, empty.
    fn memory(&mut self) -> Result<Adam<E, D>> {
        let (device, mut adam) = (self.net.device().clone(), Adam::new(&mut self.net)?);
        let known = adam.first.len();
        for (_, p) in self.parameters().into_iter().skip(known) {
            let zero = Array2::zeros(*p.shape());
            adam.first.push(to_device(zero.view(), &device)?);
            adam.second.push(to_device(zero.view(), &device)?);
        }
        Ok(adam)
    }

    fn move_by(
        &mut self,
        adam: &mut Adam<E, D>,
        mut slope: Gradients<E, D>,
        rate: f64,
    ) -> Result<()> {
        let step = adam.next(rate);
        let moments = adam.first.iter_mut().zip(&mut adam.second);
        for ((_, p), (first, second)) in self.parameters().into_iter().zip(moments) {
            D::adam([p, first, second], &mut slope, step).map_err(failed)?;
        }
        Ok(())
    }

    fn latent(&self) -> usize {
        self.net.mean.bias.shape().1
    }

    /// The bound of each row, and the log of its mean weight, both from `draws` draws.
    pub fn score(
        &self,
        x: ArrayView2<E>,
        draws: usize,
        rng: &mut impl Rng,
    ) -> Result<[Array1<f64>; 2]> {
        self.net.accepts(x, false)?;
        within("the number of draws", draws as f64, 1.0, 1e6, "")?;
        let mut each = Array2::<f64>::zeros((x.nrows(), draws));
        for mut column in each.columns_mut() {
            let noise = noise((x.nrows(), self.latent()), self.net.device(), rng)?;
            let now = self.bound(to_device(x, self.net.device())?, noise).map_err(failed)?;
            column.assign(&now.as_vec().into_iter().map(Into::into).collect::<Array1<f64>>());
        }
        let n = draws as f64;
        let log_mean = |row: ndarray::ArrayView1<f64>| log_sum_exp(&row.to_vec()) - n.ln();
        Ok([each.sum_axis(Along(1)) / n, each.map_axis(Along(1), log_mean)])
    }

    /// One draw of the code of each row.
    pub fn codes(&self, x: ArrayView2<E>, rng: &mut impl Rng) -> Result<Array2<f64>> {
        self.net.accepts(x, false)?;
        let noise = noise((x.nrows(), self.latent()), self.net.device(), rng)?;
        let drawn = self.draw(to_device(x, self.net.device())?, noise).map_err(failed)?;
        Ok(to_array(&drawn.z)?.mapv(Into::into))
    }
}
