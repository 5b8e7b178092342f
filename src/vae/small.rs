//! The same network without a network library: one layer of tanh units on either side, black and white pixels, and
//! the slope of the bound by hand. The naive twin of [`super::net`], and light enough to travel with a page.
//!
//! All parameters stand in one list, in the order in which `Vae::parameters` names them.
mod adam;
mod layer;
mod pack;

pub use adam::Adam;

use crate::elbo::Elbo;
use crate::error::{Result, finite, shaped, within};
use layer::{Layer, bend, softplus, unbend};
use ndarray::ArrayView1;
use rand::Rng;

/// An encoder and a decoder with one hidden layer each.
#[derive(Clone, Debug)]
pub struct Small {
    sizes: [usize; 3],
    theta: Vec<f64>,
}

/// What one row leaves behind on its way through the network.
#[derive(Clone, Debug, Default)]
struct Trace {
    /// The encoder's hidden units.
    h: Vec<f64>,
    /// m and log v.
    mean: Vec<f64>,
    log_variance: Vec<f64>,
    z: Vec<f64>,
    /// The decoder's hidden units.
    g: Vec<f64>,
    /// The log-odds of the pixels.
    odds: Vec<f64>,
}

impl Small {
    /// A fresh network, its weights and biases from ±1/√inputs; `sizes` are pixels, hidden units, latents.
    pub fn new(sizes: [usize; 3], rng: &mut impl Rng) -> Result<Self> {
        let mut net = Small { sizes, theta: vec![] };
        net.check()?;
        for layer in net.layers() {
            let reach = 1.0 / (layer.inputs as f64).sqrt();
            let draw = |_| rng.random_range(-reach..reach);
            net.theta.extend((layer.from..layer.end()).map(draw));
        }
        Ok(net)
    }

    /// With these parameters: encoder, mean, log-variance, decoder, pixels; of each layer W row by row, then b.
    pub fn with(sizes: [usize; 3], theta: Vec<f64>) -> Result<Self> {
        let net = Small { sizes, theta };
        net.check()?;
        let want = net.layers()[4].end();
        shaped("the parameters", (net.theta.len(), 1), "this network", (want, 1))?;
        finite("the parameters", ArrayView1::from(&net.theta).insert_axis(ndarray::Axis(0)))?;
        Ok(net)
    }

    fn check(&self) -> Result<()> {
        for width in self.sizes {
            within("the width of a layer", width as f64, 1.0, 1e4, "")?;
        }
        Ok(())
    }

    /// Pixels, hidden units, latents.
    pub fn sizes(&self) -> [usize; 3] {
        self.sizes
    }

    /// All parameters.
    pub fn parameters(&self) -> &[f64] {
        &self.theta
    }

    /// Encoder, mean, log-variance, decoder, pixels.
    fn layers(&self) -> [Layer; 5] {
        let [pixels, hidden, latent] = self.sizes;
        let shapes = [
            (pixels, hidden),
            (hidden, latent),
            (hidden, latent),
            (latent, hidden),
            (hidden, pixels),
        ];
        let mut from = 0;
        shapes.map(|(inputs, outputs)| {
            let layer = Layer { from, inputs, outputs };
            from = layer.end();
            layer
        })
    }

    fn trace(&self) -> Trace {
        let [pixels, hidden, latent] = self.sizes.map(|n| vec![0.0; n]);
        let (mean, log_variance) = (latent.clone(), latent.clone());
        Trace { h: hidden.clone(), mean, log_variance, z: latent, g: hidden, odds: pixels }
    }

    /// h = tanh(W x + b); m and log v are affine in h.
    fn up(&self, x: &[f64], t: &mut Trace) {
        let [encoder, mean, log_variance, ..] = self.layers();
        encoder.forward(&self.theta, x, &mut t.h);
        bend(&mut t.h);
        mean.forward(&self.theta, &t.h, &mut t.mean);
        log_variance.forward(&self.theta, &t.h, &mut t.log_variance);
    }

    /// g = tanh(W z + b); the log-odds are affine in g.
    fn down(&self, t: &mut Trace) {
        let [.., decoder, out] = self.layers();
        decoder.forward(&self.theta, &t.z, &mut t.g);
        bend(&mut t.g);
        out.forward(&self.theta, &t.g, &mut t.odds);
    }

    /// z = m + s ε, with s = √v.
    fn draw(noise: &[f64], t: &mut Trace) {
        let code = t.mean.iter().zip(&t.log_variance).zip(noise);
        for (z, ((m, l), e)) in t.z.iter_mut().zip(code) {
            *z = m + (0.5 * l).exp() * e;
        }
    }

    /// One row's two parts: Σ x a − log(1 + eᵃ), and ½ Σ (v + m² − 1 − log v).
    fn row(&self, x: &[f64], noise: &[f64], t: &mut Trace) -> Elbo {
        self.up(x, t);
        Self::draw(noise, t);
        self.down(t);
        let fit = x.iter().zip(&t.odds).map(|(x, a)| x * a - softplus(*a).0).sum();
        let cost = |(m, l): (&f64, &f64)| 0.5 * (l.exp() + m * m - 1.0 - l);
        Elbo { fit, kl: t.mean.iter().zip(&t.log_variance).map(cost).sum() }
    }

    /// The slopes of one row's fit − β · cost, added to `slope`.
    fn backward(&self, x: &[f64], noise: &[f64], beta: f64, t: &Trace, slope: &mut [f64]) {
        let [encoder, mean, log_variance, decoder, out] = self.layers();
        // ∂fit/∂a = x − 1/(1 + e⁻ᵃ)
        let odds: Vec<f64> = x.iter().zip(&t.odds).map(|(x, a)| x - softplus(*a).1).collect();
        out.gather(slope, &odds, &t.g);
        let mut g = vec![0.0; t.g.len()];
        out.back(&self.theta, &odds, &mut g);
        unbend(&mut g, &t.g);
        decoder.gather(slope, &g, &t.z);
        let mut z = vec![0.0; t.z.len()];
        decoder.back(&self.theta, &g, &mut z);
        // z moves as m does: ∂/∂m = ∂/∂z − β m
        let m: Vec<f64> = z.iter().zip(&t.mean).map(|(z, m)| z - beta * m).collect();
        // and by s ε/2 as log v does: ∂/∂log v = ½ s ε ∂/∂z − ½ β (v − 1)
        let each = |(k, l): (usize, &f64)| {
            0.5 * ((0.5 * l).exp() * noise[k] * z[k] - beta * (l.exp() - 1.0))
        };
        let l: Vec<f64> = t.log_variance.iter().enumerate().map(each).collect();
        mean.gather(slope, &m, &t.h);
        log_variance.gather(slope, &l, &t.h);
        let mut h = vec![0.0; t.h.len()];
        mean.back(&self.theta, &m, &mut h);
        log_variance.back(&self.theta, &l, &mut h);
        unbend(&mut h, &t.h);
        encoder.gather(slope, &h, x);
    }

    /// Rows one after the other, and the noise of each.
    fn pairs<'a>(
        &self,
        x: &'a [f64],
        noise: &'a [f64],
    ) -> Result<impl ExactSizeIterator<Item = (&'a [f64], &'a [f64])>> {
        let [pixels, _, latent] = self.sizes;
        let rows = x.len() / pixels;
        shaped("the pixels", (x.len(), 1), "whole rows", (rows.max(1) * pixels, 1))?;
        shaped("the noise", (noise.len(), 1), "these rows", (rows * latent, 1))?;
        Ok(x.chunks_exact(pixels).zip(noise.chunks_exact(latent)))
    }

    /// The bound in its two parts, a draw a row: means over the rows, in nats. Pixels are 0 or 1.
    pub fn elbo(&self, x: &[f64], noise: &[f64]) -> Result<Elbo> {
        let (pairs, mut t) = (self.pairs(x, noise)?, self.trace());
        let n = pairs.len() as f64;
        let add = |sum: Elbo, (x, noise)| sum + self.row(x, noise, &mut t);
        let sum = pairs.fold(Elbo { fit: 0.0, kl: 0.0 }, add);
        Ok(Elbo { fit: sum.fit / n, kl: sum.kl / n })
    }

    /// The same, and the slope of the loss, −(fit − β · cost), in every parameter.
    pub fn slopes(&self, x: &[f64], noise: &[f64], beta: f64) -> Result<(Elbo, Vec<f64>)> {
        let (pairs, mut t) = (self.pairs(x, noise)?, self.trace());
        let n = pairs.len() as f64;
        let (mut sum, mut slope) = (Elbo { fit: 0.0, kl: 0.0 }, vec![0.0; self.theta.len()]);
        for (x, noise) in pairs {
            sum = sum + self.row(x, noise, &mut t);
            self.backward(x, noise, beta, &t, &mut slope);
        }
        slope.iter_mut().for_each(|g| *g /= -n);
        Ok((Elbo { fit: sum.fit / n, kl: sum.kl / n }, slope))
    }

    /// q(z | x) of each row: L means, then L standard deviations.
    pub fn encode(&self, x: &[f64]) -> Vec<f64> {
        let mut t = self.trace();
        let each = |x: &[f64]| {
            self.up(x, &mut t);
            let sd = t.log_variance.iter().map(|l| (0.5 * l).exp());
            t.mean.iter().copied().chain(sd).collect::<Vec<f64>>()
        };
        x.chunks_exact(self.sizes[0]).flat_map(each).collect()
    }

    /// The decoder's numbers for each code in a list of them: a pixel's log-odds of 1, or its mean where it is Gaussian.
    pub fn numbers(&self, z: &[f64]) -> Vec<f64> {
        let mut t = self.trace();
        let each = |z: &[f64]| {
            t.z.copy_from_slice(z);
            self.down(&mut t);
            t.odds.clone()
        };
        z.chunks_exact(self.sizes[2]).flat_map(each).collect()
    }

    /// The probability of 1 at each pixel, for each code in a list of them.
    pub fn decode(&self, z: &[f64]) -> Vec<f64> {
        self.numbers(z).iter().map(|a| softplus(*a).1).collect()
    }
}

/// Draws of N(0, 1), by Marsaglia's polar method: two for each place in the unit disc, and no tables to carry.
pub fn noise(count: usize, rng: &mut impl Rng) -> Vec<f64> {
    let mut out = Vec::with_capacity(count + 1);
    while out.len() < count {
        let [u, v]: [f64; 2] = [0, 1].map(|_| 2.0 * rng.random::<f64>() - 1.0);
        let square = u * u + v * v;
        if square > 0.0 && square < 1.0 {
            let stretch = (-2.0 * square.ln() / square).sqrt();
            out.extend([u * stretch, v * stretch]);
        }
    }
    out.truncate(count);
    out
}
