//! The variational autoencoder without a bend: its bound has a closed form in the second moments of the data.
use super::climb::climb;
use crate::elbo::Elbo;
use crate::error::{Result, finite, shaped, within};
use crate::factor_analysis::FactorAnalysis;
use crate::gaussian::{LN_2PI, Moments};
use ndarray::{Array1, Array2, ArrayView2, Axis};
use rand::Rng;

// ANCHOR: linear
/// Of rows less their mean: p(x | z) = N(Wz, σ²I) and q(z | x) = N(Vx, diag s²).
#[derive(Clone, Debug)]
pub struct Linear {
    /// W, of shape (D, L): the decoder.
    pub w: Array2<f64>,
    /// V, of shape (L, D): the encoder's mean.
    pub v: Array2<f64>,
    /// log s², of length L: the same for every row.
    pub log_variance: Array1<f64>,
    /// log σ².
    pub log_noise: f64,
}

impl Linear {
    /// The bound, a mean over rows with E xxᵀ = S, and its slopes by every parameter.
    pub fn slopes(&self, s: ArrayView2<f64>) -> Result<(Elbo, Linear)> {
        self.fits(s)?;
        let (w, v) = (&self.w, &self.v);
        let (noise, variance) = (self.log_noise.exp(), self.log_variance.mapv(f64::exp));
        let xz = s.dot(&v.t()); // E xzᵀ
        let zz = v.dot(&xz) + Array2::from_diag(&variance); // E zzᵀ
        let ww = w.t().dot(w);
        // E‖x − Wz‖²
        let miss = s.diag().sum() - 2.0 * (w * &xz).sum() + (&ww * &zz).sum();
        let (d, l) = (w.nrows() as f64, w.ncols() as f64);
        let fit = -0.5 * (d * (LN_2PI + self.log_noise) + miss / noise); // (eq:linear-fit)
        let kl = 0.5 * (zz.diag().sum() - l - self.log_variance.sum()); // (eq:linear-cost)
        let slopes = Linear {
            w: (&xz - &w.dot(&zz)) / noise,
            v: (&w.t() - &ww.dot(v)).dot(&s) / noise - v.dot(&s),
            log_variance: (1.0 - &variance * &(&ww.diag() / noise + 1.0)) * 0.5,
            log_noise: 0.5 * (miss / noise - d),
        };
        Ok((Elbo { fit, kl }, slopes))
    }
}
// ANCHOR_END: linear

impl Linear {
    /// A start: small random weights, and all variances one.
    pub fn random(columns: usize, l: usize, rng: &mut impl Rng) -> Result<Linear> {
        within("the number of columns", columns as f64, 1.0, 1e6, "")?;
        within("the size of the code", l as f64, 1.0, columns as f64, "")?;
        let mut draw =
            |shape| Array2::from_shape_simple_fn(shape, || rng.random_range(-0.3..0.3));
        let (w, v) = (draw((columns, l)), draw((l, columns)));
        Ok(Linear { w, v, log_variance: Array1::zeros(l), log_noise: 0.0 })
    }

    // ANCHOR: reading
    /// The best encoder for a decoder: the posterior's mean, and as variances 1 over the
    /// diagonal of M = I + WᵀW/σ², the posterior's precision.
    pub fn reading(w: Array2<f64>, noise: f64) -> Result<Linear> {
        let zero = Array1::zeros(w.nrows());
        let psi = Array1::from_elem(w.nrows(), noise);
        let (v, _) = FactorAnalysis::new(zero, w.clone(), psi)?.gain()?;
        let precision = w.map_axis(Axis(0), |c| 1.0 + c.dot(&c) / noise);
        let log_variance = precision.mapv(|m| -m.ln()); // (eq:linear-encoder)
        Ok(Linear { w, v, log_variance, log_noise: noise.ln() })
    }
    // ANCHOR_END: reading

    // ANCHOR: train
    /// Trains by its slopes until the bound is level; with or without σ² among what is
    /// learned. Returns the bound on the way, a mean over rows.
    pub fn train(&self, data: &Moments, noise: bool) -> Result<(Linear, Vec<f64>)> {
        let s = data.covariance.view();
        self.fits(s)?;
        let hill = |place: &Array1<f64>| {
            let (bound, mut slopes) = self.like(place).slopes(s)?;
            if !noise {
                slopes.log_noise = 0.0;
            }
            Ok((bound.nats(), slopes.flat()))
        };
        let found = climb(self.flat(), hill, 5000, 1e-9)?;
        Ok((self.like(&found.place), found.heights))
    }
    // ANCHOR_END: train

    // ANCHOR: active
    /// The variance of the encoder's mean over the rows, one number an entry of the code:
    /// zero for an entry that says nothing of x.
    pub fn active(&self, data: &Moments) -> Result<Array1<f64>> {
        self.fits(data.covariance.view())?;
        Ok(self.v.dot(&data.covariance).dot(&self.v.t()).diag().to_owned()) // (eq:active)
    }
    // ANCHOR_END: active

    /// The decoder as chapter 2 knows it.
    pub fn model(&self, mean: Array1<f64>) -> Result<FactorAnalysis> {
        let psi = Array1::from_elem(self.w.nrows(), self.log_noise.exp());
        FactorAnalysis::new(mean, self.w.clone(), psi)
    }

    /// All parameters in a row: W, V, log s², log σ².
    pub fn flat(&self) -> Array1<f64> {
        let matrices = self.w.iter().chain(&self.v).chain(&self.log_variance);
        matrices.copied().chain([self.log_noise]).collect()
    }

    /// The parameters in such a row, in the shapes of this one; what is missing is 0.
    fn like(&self, flat: &Array1<f64>) -> Linear {
        let mut next = flat.iter().copied();
        let mut take = || next.next().unwrap_or(0.0);
        Linear {
            w: self.w.mapv(|_| take()),
            v: self.v.mapv(|_| take()),
            log_variance: self.log_variance.mapv(|_| take()),
            log_noise: take(),
        }
    }

    fn fits(&self, s: ArrayView2<f64>) -> Result<()> {
        let (d, l) = self.w.dim();
        finite("the decoder", self.w.view())?;
        finite("the encoder", self.v.view())?;
        finite("the moments", s)?;
        shaped("the moments", s.dim(), "this decoder", (d, d))?;
        shaped("the encoder", self.v.dim(), "this decoder", (l, d))?;
        shaped("the variances", (self.log_variance.len(), 1), "this decoder", (l, 1))
    }
}
