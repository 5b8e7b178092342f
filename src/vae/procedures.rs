//! From EM to one line of training, in four procedures. Each climbs the same bound; each is shorter than the one before.
use super::adam::{Adam, Part};
use super::engine::Engine;
use super::loss::{Objective, loss};
use super::net::{Code, Vae, to_device};
use super::train::noise;
use crate::error::{Result, within};
use crate::pca::autoencoder::{Computed, Real, failed, real};
use dfdx::prelude::*;
use ndarray::{ArrayView2, s};
use rand::{SeedableRng, rngs::StdRng};

/// A network on its way.
#[derive(Clone, Debug)]
pub struct Learner<E: Dtype, D: Storage<E>> {
    /// The network.
    pub net: Vae<E, D>,
    /// Adam's memory for φ, or for both, if both move at once.
    pub first: Adam<E, D>,
    /// Adam's memory for θ.
    pub second: Adam<E, D>,
    /// Adam's rate.
    pub rate: f64,
    rng: StdRng,
}

impl<E: Real, D: Engine<E>> Learner<E, D> {
    /// Before the first step.
    pub fn new(mut net: Vae<E, D>, rate: f64, seed: u64) -> Result<Self> {
        within("the rate", rate, f64::MIN_POSITIVE, 1e3, "")?;
        let (first, second) = (Adam::new(&mut net)?, Adam::new(&mut net)?);
        Ok(Learner { net, first, second, rate, rng: StdRng::seed_from_u64(seed) })
    }

    // ANCHOR: nested
    /// E step: one step of φ. M step: for each row, for each draw, back-propagation
    /// through the decoder; then one step of θ.
    pub fn nested(&mut self, x: ArrayView2<E>, draws: usize) -> Result<()> {
        self.descend(x, draws, Part::Encoder)?;
        let share = 1.0 / (x.nrows() * draws) as f64;
        let mut slope = Gradients::leaky();
        for n in 0..x.nrows() {
            for _ in 0..draws {
                slope = self.by_decoder(x.slice(s![n..=n, ..]), share, slope)?;
            }
        }
        self.follow(slope, Part::Decoder)
    }

    /// The same with one draw a row: the inner loop is gone.
    pub fn single(&mut self, x: ArrayView2<E>) -> Result<()> {
        self.descend(x, 1, Part::Encoder)?;
        let mut slope = Gradients::leaky();
        for n in 0..x.nrows() {
            let share = 1.0 / x.nrows() as f64;
            slope = self.by_decoder(x.slice(s![n..=n, ..]), share, slope)?;
        }
        self.follow(slope, Part::Decoder)
    }
    // ANCHOR_END: nested

    // ANCHOR: joint
    /// Both steps by back-propagation, all rows at once: first φ, then θ.
    pub fn turns(&mut self, x: ArrayView2<E>) -> Result<()> {
        self.descend(x, 1, Part::Encoder)?;
        self.descend(x, 1, Part::Decoder)
    }

    /// One slope, and φ and θ move together.
    pub fn joint(&mut self, x: ArrayView2<E>) -> Result<()> {
        self.descend(x, 1, Part::Both)
    }

    /// A step down the slope of the loss, with fresh draws.
    fn descend(&mut self, x: ArrayView2<E>, draws: usize, part: Part) -> Result<()> {
        let slope = self.slope(x, draws)?;
        self.follow(slope, part)
    }
    // ANCHOR_END: joint

    /// The slope of the loss in all parameters.
    pub fn slope(&mut self, x: ArrayView2<E>, draws: usize) -> Result<Gradients<E, D>> {
        within("the number of draws", draws as f64, 1.0, 1e6, "")?;
        self.net.accepts(x, false)?;
        let shape = (draws * x.nrows(), self.net.sizes().latent);
        let noise = noise(shape, self.net.device(), &mut self.rng)?;
        let x = to_device(x, self.net.device())?.leaky_traced();
        let objective = Objective { draws, ..Objective::default() };
        let loss = loss(&self.net, x, noise, objective).map_err(failed)?;
        loss.try_backward().map_err(failed)
    }

    // ANCHOR: by_decoder
    /// Adds to `slope` what one draw a row says about θ. Here z is data: no slope
    /// passes through it.
    pub fn by_decoder(
        &mut self,
        x: ArrayView2<E>,
        share: f64,
        slope: Gradients<E, D>,
    ) -> Result<Gradients<E, D>> {
        self.net.accepts(x, false)?;
        let noise =
            noise((x.nrows(), self.net.sizes().latent), self.net.device(), &mut self.rng)?;
        let (net, x) = (&self.net, to_device(x, self.net.device())?);
        let run = || -> Computed<_, D> {
            let code = net.encode(x.clone())?;
            let z = Code::draw(code.mean, code.log_variance, noise)?;
            let fit = net.fit(net.decode(z.traced(slope))?, &x)?;
            fit.try_sum::<Rank0, _>()?.try_mul(real::<E>(-share))?.try_backward()
        };
        run().map_err(failed)
    }
    // ANCHOR_END: by_decoder

    fn follow(&mut self, slope: Gradients<E, D>, part: Part) -> Result<()> {
        let adam = if part == Part::Decoder { &mut self.second } else { &mut self.first };
        adam.step(&mut self.net, slope, self.rate, part)?;
        Ok(())
    }
}
