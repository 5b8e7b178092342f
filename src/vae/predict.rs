//! What a model says of a pixel, and how sure it is: two sources of doubt, added.
use super::normal::quantile;
use crate::elbo::Hidden;
use crate::error::{Result, finite, shaped, within};
use crate::factor_analysis::FactorAnalysis;
use ndarray::{Array1, Array2, ArrayView2, Axis, Zip};

// ANCHOR: spread
/// What the columns of x may be, once z has been averaged over; each of length D.
#[derive(Clone, Debug)]
pub struct Spread {
    /// The mean.
    pub mean: Array1<f64>,
    /// The mean of the decoder's variances: what stays if z were known.
    pub noise: Array1<f64>,
    /// The variance of the decoder's means: what comes from not knowing z.
    pub latent: Array1<f64>,
}

impl Spread {
    /// From what the decoder says at some draws of z: means and variances, one draw a row.
    pub fn of(means: ArrayView2<f64>, variances: ArrayView2<f64>) -> Result<Spread> {
        finite("the means", means)?;
        shaped("the variances", variances.dim(), "these means", means.dim())?;
        let draws = means.nrows() as f64;
        let mean = means.sum_axis(Axis(0)) / draws;
        let latent = (&means - &mean).mapv(|v| v * v).sum_axis(Axis(0)) / draws;
        Ok(Spread { mean, noise: variances.sum_axis(Axis(0)) / draws, latent })
    }

    /// The variance of x: the two parts, added.
    pub fn variance(&self) -> Array1<f64> {
        &self.noise + &self.latent // (eq:total-variance)
    }
}
// ANCHOR_END: spread

/// What a linear model says of a second row with the z of a row that was seen.
#[derive(Clone, Debug)]
pub struct Again {
    /// The mean of each second row, of shape (N, D).
    pub mean: Array2<f64>,
    /// The noise of each column: a variance, of length D.
    pub noise: Array1<f64>,
    /// The variance of each column from not knowing z, of length D.
    pub latent: Array1<f64>,
}

// ANCHOR: again
/// A second row with the same z: its mean μ + Wm, its noise ψ, and diag(WGWᵀ).
pub fn again(model: &FactorAnalysis, x: ArrayView2<f64>) -> Result<Again> {
    let q = model.posterior(x)?;
    let through = model.w.dot(&q.covariance);
    Ok(Again {
        mean: q.mean.dot(&model.w.t()) + &model.mean,
        noise: model.psi.clone(),
        latent: (through * &model.w).sum_axis(Axis(1)), // (eq:latent-part)
    })
}
// ANCHOR_END: again

/// The share of entries within the interval that promises `level`, if entries are Gaussian.
pub fn coverage(
    x: ArrayView2<f64>,
    mean: ArrayView2<f64>,
    variance: &Array1<f64>,
    level: f64,
) -> Result<f64> {
    finite("the data", x)?;
    shaped("the means", mean.dim(), "these rows", x.dim())?;
    shaped("the variances", (variance.len(), 1), "these rows", (x.ncols(), 1))?;
    let why = ": no interval is sure";
    within("the level", level, 0.0, 1.0 - f64::EPSILON, why)?;
    let reach = variance.mapv(f64::sqrt) * quantile(0.5 + 0.5 * level)?;
    let within = (&x - &mean).mapv(f64::abs) / &reach;
    Ok(within.iter().filter(|v| **v <= 1.0).count() as f64 / x.len() as f64)
}

/// The likeliest place of a posterior on a grid: the top of a parabola through the three highest places.
pub fn mode(hidden: &Hidden) -> Result<f64> {
    let height = hidden.log_joint();
    shaped("the posterior", (height.len(), 1), "these places", (hidden.z.len(), 1))?;
    within("the number of places", height.len() as f64, 1.0, 1e9, "")?;
    let top =
        (0..height.len()).fold(0, |best, i| if height[i] > height[best] { i } else { best });
    if top == 0 || top + 1 >= height.len() {
        return Ok(hidden.z[top]);
    }
    let [before, here, after] = [height[top - 1], height[top], height[top + 1]];
    let bend = before - 2.0 * here + after;
    let off = if bend < 0.0 { 0.5 * (before - after) / bend } else { 0.0 };
    Ok(hidden.z[top] + off * hidden.step)
}

/// The mean of f(z) under q on a grid, and f at the mean of q.
pub fn averaged(hidden: &Hidden, log_q: &Array1<f64>, f: &Array1<f64>) -> Result<[f64; 2]> {
    let n = hidden.z.len();
    shaped("q", (log_q.len(), 1), "these places", (n, 1))?;
    shaped("f", (f.len(), 1), "these places", (n, 1))?;
    within("the number of places", n as f64, 2.0, 1e9, "")?;
    let mean = hidden.mean(log_q, &hidden.z);
    let at = ((mean - hidden.z[0]) / hidden.step).clamp(0.0, (n - 2) as f64);
    let (below, share) = (at.floor() as usize, at.fract());
    let there = (1.0 - share) * f[below] + share * f[below + 1];
    Ok([hidden.mean(log_q, f), there]) // (eq:decode-mean)
}

/// The mean of each pixel over images, weighted by how likely each image is: p(x_d = 1 | z) at the places of a grid.
pub fn pixel(
    images: ArrayView2<f64>,
    likelihoods: &[Array1<f64>],
    d: usize,
) -> Result<Array1<f64>> {
    finite("the images", images)?;
    shaped("the likelihoods", (likelihoods.len(), 1), "these images", (images.nrows(), 1))?;
    within("the pixel", d as f64, 0.0, images.ncols() as f64 - 1.0, "")?;
    let mut sum = Array1::zeros(likelihoods.first().map_or(0, Array1::len));
    for (image, log) in images.rows().into_iter().zip(likelihoods) {
        shaped("a likelihood", (log.len(), 1), "the others", (sum.len(), 1))?;
        Zip::from(&mut sum).and(log).for_each(|s, l| *s += image[d] * l.exp());
    }
    Ok(sum)
}
