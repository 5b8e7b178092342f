//! What a trained network says of a row: pixels with their variances, and draws of pixels.
use super::engine::Engine;
use super::greys::{Continuous, Levels, Logistic};
use super::latent::Codes;
use super::net::{Likelihood, Vae, to_array};
use super::predict::Spread;
use crate::error::{Result, shaped, within};
use crate::pca::autoencoder::Real;
use ndarray::{Array2, ArrayView2, s};
use ndarray_rand::{RandomExt, rand_distr::StandardNormal};
use rand::Rng;

impl<E: Real, D: Engine<E>> Vae<E, D> {
    /// The mean and the variance of each pixel of p(x | z), for each row of `z`.
    pub fn pixels(&self, z: ArrayView2<f64>) -> Result<(Array2<f64>, Array2<f64>)> {
        if let Likelihood::Logistic(levels) = self.likelihood {
            return self.levels(self.given(z)?, levels);
        }
        let mean = self.images(z)?;
        let wide = |log: f64| Array2::from_elem(mean.raw_dim(), log.exp());
        let variance = match self.likelihood {
            Likelihood::Bernoulli => mean.mapv(|p| p * (1.0 - p)),
            Likelihood::Gaussian(sd) => wide(2.0 * sd.ln()),
            Likelihood::Predicted => {
                self.given(z)?.slice(s![.., mean.ncols()..]).mapv(f64::exp)
            }
            Likelihood::Continuous => {
                self.given(z)?.mapv(|odds| Continuous { odds }.variance())
            }
            _ => wide(self.shared()?),
        };
        Ok((mean, variance))
    }

    /// What all pixels share, as a number.
    pub fn shared(&self) -> Result<f64> {
        Ok(to_array(&self.spread)?[[0, 0]].into())
    }

    /// Means and variances of logistic pixels in their bins, from the means of the line.
    pub(super) fn levels(
        &self,
        given: Array2<f64>,
        levels: usize,
    ) -> Result<(Array2<f64>, Array2<f64>)> {
        let (levels, scale) = (Levels::new(levels)?, self.shared()?.exp());
        let of = |mean| levels.moments(|x| Logistic { mean, scale }.above(x));
        Ok((given.mapv(|m| of(m).0), given.mapv(|m| of(m).1)))
    }

    /// One draw of x from p(x | z) for each row of `z`.
    pub fn drawn(&self, z: ArrayView2<f64>, rng: &mut impl Rng) -> Result<Array2<f64>> {
        let mut share = || rng.random_range(f64::EPSILON..1.0 - f64::EPSILON);
        match self.likelihood {
            Likelihood::Bernoulli => {
                let mean = self.images(z)?;
                return Ok(mean.mapv(|p| if rng.random::<f64>() < p { 1.0 } else { 0.0 }));
            }
            Likelihood::Continuous => {
                let draw = |odds| Continuous { odds }.quantile(share());
                return Ok(self.given(z)?.mapv(draw));
            }
            Likelihood::Logistic(levels) => {
                let (levels, scale) = (Levels::new(levels)?, self.shared()?.exp());
                let mut draw =
                    |mean| levels.nearest(Logistic { mean, scale }.quantile(share()));
                return Ok(self.given(z)?.mapv(&mut draw));
            }
            _ => (),
        }
        let (mean, variance) = self.pixels(z)?;
        let noise = Array2::<f64>::random_using(mean.raw_dim(), StandardNormal, rng);
        Ok(mean + variance.mapv(f64::sqrt) * noise)
    }

    // ANCHOR: told
    /// What one code says of the pixels, from so many draws of z.
    pub fn spread(&self, code: &Codes, draws: usize, rng: &mut impl Rng) -> Result<Spread> {
        let l = self.sizes().latent;
        shaped("the code", code.mean.dim(), "one row", (1, l))?;
        shaped("its standard deviations", code.sd.dim(), "one row", (1, l))?;
        let e = Array2::<f64>::random_using((draws, l), StandardNormal, rng);
        let (mean, variance) = self.pixels((e * &code.sd + &code.mean).view())?;
        Spread::of(mean.view(), variance.view())
    }
    // ANCHOR_END: told

    /// The code of one row.
    pub fn code(&self, x: ArrayView2<E>, row: usize) -> Result<Codes> {
        within("the row", row as f64, 0.0, x.nrows() as f64 - 1.0, "")?;
        self.codes(x.slice(s![row..=row, ..]))
    }
}
