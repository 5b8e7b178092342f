//! A trained network from the outside: tables of f64 in, tables of f64 out.
use super::engine::Engine;
use super::greys::Continuous;
use super::latent::Codes;
use super::loss::{Form, Objective, terms};
use super::net::{Code, Likelihood, Vae, to_array, to_device};
use super::train::noise;
use crate::elbo::Elbo;
use crate::error::{Result, shaped, within};
use crate::pca::autoencoder::{Real, failed, real};
use ndarray::{Array1, Array2, ArrayView2, Axis, s};
use rand::Rng;

/// How a network does on some rows: means over them, in nats.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// The bound.
    pub elbo: Elbo,
    /// The importance-weighted bound with all draws.
    pub weighted: f64,
}

/// Rows of the decoder in one piece.
const AT_ONCE: usize = 4000;

impl<E: Real, D: Engine<E>> Vae<E, D> {
    /// q(z | x) of each row.
    pub fn codes(&self, x: ArrayView2<E>) -> Result<Codes> {
        self.accepts(x, true)?;
        let (mut means, mut spreads) = (vec![], vec![]);
        for block in x.axis_chunks_iter(Axis(0), AT_ONCE) {
            let code: Code<E, D> =
                self.encode(to_device(block, self.device())?).map_err(failed)?;
            means.push(to_array(&code.mean)?.mapv(Into::into));
            let sd = |l: E| (0.5 * Into::<f64>::into(l)).exp();
            spreads.push(to_array(&code.log_variance)?.mapv(sd));
        }
        let joined = |parts: &[Array2<f64>]| {
            let views: Vec<_> = parts.iter().map(|p| p.view()).collect();
            ndarray::concatenate(Axis(0), &views).map_err(failed)
        };
        Ok(Codes { mean: joined(&means)?, sd: joined(&spreads)? })
    }

    /// What the decoder gives for each row of `z`: the numbers of p(x | z).
    pub fn given(&self, z: ArrayView2<f64>) -> Result<Array2<f64>> {
        shaped("the code", z.dim(), "this network", (z.nrows(), self.sizes().latent))?;
        let z = z.mapv(real::<E>);
        let given = self.decode(to_device(z.view(), self.device())?).map_err(failed)?;
        Ok(to_array(&given)?.mapv(Into::<f64>::into))
    }

    /// The mean of p(x | z) for each row of `z`: probabilities of 1, or means of what lies between.
    pub fn images(&self, z: ArrayView2<f64>) -> Result<Array2<f64>> {
        let given = self.given(z)?;
        Ok(match self.likelihood {
            Likelihood::Bernoulli => given.mapv(|a| 1.0 / (1.0 + (-a).exp())),
            Likelihood::Continuous => given.mapv(|odds| Continuous { odds }.mean()),
            Likelihood::Logistic(levels) => self.levels(given, levels)?.0,
            _ => given.slice(s![.., ..self.sizes().pixels]).to_owned(),
        })
    }

    /// The bound of each row, in its two parts, and the importance-weighted bound: all with `draws` draws.
    pub fn rows(
        &self,
        x: ArrayView2<E>,
        draws: usize,
        rng: &mut impl Rng,
    ) -> Result<(Array1<f64>, Array1<f64>, Array1<f64>)> {
        self.accepts(x, false)?;
        within("the number of draws", draws as f64, 1.0, 1e6, "")?;
        let (mut fit, mut kl, mut weighted) = (vec![], vec![], vec![]);
        for block in x.axis_chunks_iter(Axis(0), (AT_ONCE / draws).max(1)) {
            let mut drawn = Drawn::default();
            let mut left = draws;
            while left > 0 {
                let now = left.min(AT_ONCE);
                self.weights(block, now, rng, &mut drawn)?;
                left -= now;
            }
            drawn.finish(draws, [&mut fit, &mut kl, &mut weighted]);
        }
        Ok((fit.into(), kl.into(), weighted.into()))
    }

    /// Adds so many draws of each row's log weight.
    fn weights(
        &self,
        block: ArrayView2<E>,
        draws: usize,
        rng: &mut impl Rng,
        drawn: &mut Drawn,
    ) -> Result<()> {
        let shape = (draws * block.nrows(), self.sizes().latent);
        let noise = noise(shape, self.device(), rng)?;
        let x = to_device(block, self.device())?;
        let each = |form, weighted| {
            let objective = Objective { form, draws, weighted, beta: 1.0 };
            let terms = terms(self, x.clone(), noise.clone(), objective).map_err(failed)?;
            Ok((terms.bound.as_vec(), terms.kl.as_vec()))
        };
        let (bound, kl) = each(Form::Cost, false)?;
        let (weighted, _) = each(Form::Weight, true)?;
        drawn.add(
            draws,
            [bound, kl, weighted].map(|v| v.into_iter().map(Into::into).collect()),
        );
        Ok(())
    }

    /// Means over the rows.
    pub fn score(&self, x: ArrayView2<E>, draws: usize, rng: &mut impl Rng) -> Result<Score> {
        let (fit, kl, weighted) = self.rows(x, draws, rng)?;
        let mean = |v: &Array1<f64>| v.sum() / v.len() as f64;
        let elbo = Elbo { fit: mean(&fit), kl: mean(&kl) };
        Ok(Score { elbo, weighted: mean(&weighted) })
    }
}

/// What the draws of a block of rows came to, in parts of so many draws each.
#[derive(Default)]
struct Drawn {
    parts: Vec<(usize, [Vec<f64>; 3])>,
}

impl Drawn {
    fn add(&mut self, draws: usize, part: [Vec<f64>; 3]) {
        self.parts.push((draws, part));
    }

    /// Puts the parts together: means of bounds, and the log of the mean of weights.
    fn finish(self, draws: usize, [fit, kl, weighted]: [&mut Vec<f64>; 3]) {
        let rows = self.parts.first().map_or(0, |(_, part)| part[0].len());
        for row in 0..rows {
            let share = |n: usize| n as f64 / draws as f64;
            let cost = self.parts.first().map_or(0.0, |(_, part)| part[1][row]);
            let bound: f64 = self.parts.iter().map(|(n, p)| share(*n) * p[0][row]).sum();
            let logs: Vec<f64> =
                self.parts.iter().map(|(n, p)| share(*n).ln() + p[2][row]).collect();
            fit.push(bound + cost);
            kl.push(cost);
            weighted.push(crate::gaussian::log_sum_exp(&logs));
        }
    }
}
