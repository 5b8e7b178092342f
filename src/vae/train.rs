//! Training: epochs of shuffled batches. An epoch depends on the seed and on its number and on nothing else that is
//! random, so a run can stop after any epoch and go on.
use super::adam::{Adam, Part};
use super::engine::Engine;
use super::loss::{Objective, terms};
use super::net::{Likelihood, Table, Vae};
use crate::elbo::Elbo;
use crate::error::{Error, Result, finite, shaped, within};
use crate::pca::autoencoder::{Real, failed, real};
use dfdx::prelude::*;
use ndarray::{Array2, ArrayView2};
use ndarray_rand::rand_distr::{Distribution, StandardNormal};
use rand::{Rng, SeedableRng, rngs::StdRng, seq::SliceRandom};
use std::time::Instant;

/// How to train.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    /// Passes over the rows.
    pub epochs: usize,
    /// Rows a step.
    pub batch: usize,
    /// Adam's rate in the first epoch.
    pub rate: f64,
    /// Adam's rate in the last; from epoch to epoch it changes by one factor.
    pub last_rate: f64,
    /// What to maximise.
    pub objective: Objective,
    /// Draw black and white pixels from the greys, anew at each visit.
    pub drawn: bool,
    /// Where the randomness begins.
    pub seed: u64,
}

impl Default for Plan {
    /// What the chapter's digits are trained with.
    fn default() -> Self {
        Plan {
            epochs: 200,
            batch: 50,
            rate: 1e-3,
            last_rate: 1e-3,
            objective: Objective::default(),
            drawn: false,
            seed: 1,
        }
    }
}

impl Plan {
    /// Adam's rate in an epoch.
    pub fn rate_in(&self, epoch: usize) -> f64 {
        let share = epoch as f64 / (self.epochs.max(2) - 1) as f64;
        self.rate * (self.last_rate / self.rate).powf(share)
    }

    /// The random numbers of an epoch.
    pub fn rng(&self, epoch: usize) -> StdRng {
        StdRng::seed_from_u64(self.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ epoch as u64)
    }

    fn check(&self) -> Result<()> {
        within("the batch", self.batch as f64, 1.0, 1e9, "")?;
        within("the rate", self.rate, f64::MIN_POSITIVE, 1e3, "")?;
        within("the last rate", self.last_rate, f64::MIN_POSITIVE, 1e3, "")?;
        within("the number of draws", self.objective.draws as f64, 1.0, 1e6, "")?;
        within("beta", self.objective.beta, 0.0, 1e9, "")
    }
}

/// What an epoch came to: means over its rows, in nats, while the network was moving.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Epoch {
    /// Which one, from 1.
    pub epoch: usize,
    /// The bound in its two parts.
    pub elbo: Elbo,
    /// What was maximised; the bound, unless the objective is another.
    pub objective: f64,
    /// How long it took.
    pub seconds: f64,
    /// Rows visited.
    pub rows: usize,
}

/// A training run: its network, its plan, and how far it is.
#[derive(Clone, Debug)]
pub struct Run<E: Dtype, D: Storage<E>> {
    /// The network.
    pub net: Vae<E, D>,
    /// The plan.
    pub plan: Plan,
    /// The optimiser's memory.
    pub adam: Adam<E, D>,
    /// Epochs made.
    pub done: usize,
}

impl<E: Real, D: Engine<E>> Run<E, D> {
    /// A run that has not begun.
    pub fn new(mut net: Vae<E, D>, plan: Plan) -> Result<Self> {
        plan.check()?;
        let adam = Adam::new(&mut net)?;
        Ok(Run { net, plan, adam, done: 0 })
    }

    /// All epochs that are left.
    pub fn finish(&mut self, x: ArrayView2<E>) -> Result<Vec<Epoch>> {
        let mut log = vec![];
        while self.done < self.plan.epochs {
            log.push(self.epoch(x, |_| ())?);
        }
        Ok(log)
    }

    // ANCHOR: epoch
    /// One pass over the rows in a new order. `watch` is told after each step how the
    /// epoch stands.
    pub fn epoch(
        &mut self,
        x: ArrayView2<E>,
        mut watch: impl FnMut(&Epoch),
    ) -> Result<Epoch> {
        self.net.accepts(x, self.plan.drawn)?;
        let (start, mut rng) = (Instant::now(), self.plan.rng(self.done));
        let mut order: Vec<usize> = (0..x.nrows()).collect();
        order.shuffle(&mut rng);
        let (mut slope, mut sum) = (Gradients::leaky(), Sum::default());
        for (step, rows) in order.chunks(self.plan.batch).enumerate() {
            let batch = self.batch(x, rows, &mut rng)?;
            slope = self.step(batch, slope, step, &mut rng, &mut sum)?;
            watch(&sum.epoch(self.done + 1, start));
        }
        self.done += 1;
        Ok(sum.epoch(self.done, start))
    }

    /// Draws the noise, finds the slope of the loss, and takes one step down.
    fn step(
        &mut self,
        batch: Table<E, D>,
        slope: Gradients<E, D>,
        step: usize,
        rng: &mut StdRng,
        sum: &mut Sum,
    ) -> Result<Gradients<E, D>> {
        let (rows, objective) = (batch.shape().0, self.plan.objective);
        let latent = self.net.mean.bias.shape().1;
        let noise = noise((rows * objective.draws, latent), self.net.device(), rng)?;
        let now = terms(&self.net, batch.traced(slope), noise, objective).map_err(failed)?;
        let loss = now.bound.try_mean::<Rank0, _>().and_then(|b| b.try_negate());
        let loss = loss.map_err(failed)?;
        let (loss, tape) = (loss.as_vec()[0].into(), loss);
        let kl =
            now.kl.as_vec().into_iter().map(Into::<f64>::into).sum::<f64>() / rows as f64;
        let rate = self.plan.rate_in(self.done);
        sum.add(rows, -loss, kl, objective.beta).ok_or_else(|| {
            let (term, value) =
                if kl.is_finite() { ("the loss", loss) } else { ("KL(q ‖ prior)", kl) };
            Error::Lost { epoch: self.done, step, term, value, rate }
        })?;
        let slope = tape.try_backward().map_err(failed)?;
        self.adam.step(&mut self.net, slope, rate, Part::Both)
    }
    // ANCHOR_END: epoch

    /// The rows of those numbers, on the device; black and white if the plan says so.
    fn batch(
        &self,
        x: ArrayView2<E>,
        rows: &[usize],
        rng: &mut StdRng,
    ) -> Result<Table<E, D>> {
        let mut flat = Vec::with_capacity(rows.len() * x.ncols());
        for row in rows.iter().map(|&row| x.row(row)) {
            match row.to_slice() {
                Some(row) => flat.extend_from_slice(row),
                None => flat.extend(row),
            }
        }
        let shape = (rows.len(), x.ncols());
        let mut batch = Array2::from_shape_vec(shape, flat).map_err(failed)?;
        if self.plan.drawn {
            draw(&mut batch, rng);
        }
        let flat = batch.into_raw_vec_and_offset().0;
        self.net.device().try_tensor_from_vec(flat, shape).map_err(failed)
    }
}

/// Makes each pixel 1 with the probability that its grey is. Black and white ones stay.
pub fn draw<E: Real>(x: &mut Array2<E>, rng: &mut impl Rng) {
    let (zero, one) = (E::zero(), E::one());
    for grey in x.iter_mut().filter(|grey| **grey > zero && **grey < one) {
        *grey = if rng.random::<f64>() < (*grey).into() { one } else { zero };
    }
}

/// Draws of N(0, 1), the same on any device.
pub fn noise<E: Real, D: Engine<E>>(
    shape: (usize, usize),
    device: &D,
    rng: &mut impl Rng,
) -> Result<Table<E, D>> {
    let draw = |_| real(Distribution::<f64>::sample(&StandardNormal, rng));
    let flat: Vec<E> = (0..shape.0 * shape.1).map(draw).collect();
    device.try_tensor_from_vec(flat, shape).map_err(failed)
}

/// Running sums of an epoch.
#[derive(Default)]
struct Sum {
    rows: usize,
    objective: f64,
    elbo: [f64; 2],
}

impl Sum {
    /// Adds a batch's means; nothing if they are not finite.
    fn add(&mut self, rows: usize, objective: f64, kl: f64, beta: f64) -> Option<()> {
        let n = rows as f64;
        self.rows += rows;
        self.objective += n * objective;
        self.elbo[0] += n * (objective + beta * kl);
        self.elbo[1] += n * kl;
        (objective.is_finite() && kl.is_finite()).then_some(())
    }

    fn epoch(&self, epoch: usize, start: Instant) -> Epoch {
        let n = self.rows.max(1) as f64;
        Epoch {
            epoch,
            elbo: Elbo { fit: self.elbo[0] / n, kl: self.elbo[1] / n },
            objective: self.objective / n,
            seconds: start.elapsed().as_secs_f64(),
            rows: self.rows,
        }
    }
}

impl<E: Real, D: Engine<E>> Vae<E, D> {
    /// Refuses rows that this network has no likelihood for.
    pub fn accepts(&self, x: ArrayView2<E>, drawn: bool) -> Result<()> {
        finite("the data", x)?;
        let pixels = self.sizes().pixels;
        shaped("the data", x.dim(), "this network", (x.nrows(), pixels))?;
        if self.likelihood != Likelihood::Bernoulli {
            return super::pixel::known(self.likelihood, x);
        }
        let (zero, one) = (E::zero(), E::one());
        let fits = |v: &E| (*v == zero) | (*v == one) | (drawn & (*v > zero) & (*v < one));
        if x.fold(true, |all, v| all & fits(v)) {
            return Ok(());
        }
        match x.indexed_iter().find(|(_, v)| !fits(v)) {
            None => Ok(()),
            Some(((row, column), &value)) => {
                let value = value.into();
                Err(Error::NotBinary { what: "the data", row, column, value })
            }
        }
    }
}
