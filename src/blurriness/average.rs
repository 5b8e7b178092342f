//! What a decoder says best of a code that several images share.
use crate::error::{Result, finite, shaped, within};
use crate::gaussian::{LN_2PI, log_normal, log_sum_exp};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis, Zip, array};

// ANCHOR: average
/// The best mean: Σ w x / Σ w over the images, one a row, that share the code. Each
/// weighs its share of the code.
pub fn best_mean(images: ArrayView2<f64>, weights: ArrayView1<f64>) -> Result<Array1<f64>> {
    let total = weighed(images, weights)?;
    Ok(weights.dot(&images) / total) // (eq:shared-mean)
}

/// E‖x − a‖², summed over pixels, for any picture `a` that the decoder might give.
pub fn squared_error(
    images: ArrayView2<f64>,
    weights: ArrayView1<f64>,
    a: ArrayView1<f64>,
) -> Result<f64> {
    let total = weighed(images, weights)?;
    shaped("the picture", (1, a.len()), "these images", (1, images.ncols()))?;
    let misses = (&images - &a).mapv(|v| v * v).sum_axis(Axis(1));
    Ok(weights.dot(&misses) / total)
}

/// The best variance that all pixels share: the mean squared error of the best mean.
pub fn best_variance(images: ArrayView2<f64>, weights: ArrayView1<f64>) -> Result<f64> {
    let a = best_mean(images, weights)?;
    Ok(squared_error(images, weights, a.view())? / images.ncols() as f64) // (eq:shared-variance)
}

/// E log N(x; a, variance · I), in nats: the fit.
pub fn fit(
    images: ArrayView2<f64>,
    weights: ArrayView1<f64>,
    a: ArrayView1<f64>,
    variance: f64,
) -> Result<f64> {
    within("the variance", variance, f64::MIN_POSITIVE, 1e300, "")?;
    let error = squared_error(images, weights, a)?;
    let d = images.ncols() as f64;
    Ok(-0.5 * (error / variance + d * (LN_2PI + variance.ln())))
}

/// The fit at the best mean and the best variance: −D/2 (log 2πv + 1).
pub fn best_fit(pixels: usize, variance: f64) -> f64 {
    -0.5 * pixels as f64 * (LN_2PI + variance.ln() + 1.0) // (eq:best-fit)
}
// ANCHOR_END: average

// ANCHOR: drawn
/// E‖x − x′‖² for an image x′ drawn as x is, and apart from it: what the true
/// distribution itself loses. Pair by pair.
pub fn drawn_error(images: ArrayView2<f64>, weights: ArrayView1<f64>) -> Result<f64> {
    let total = weighed(images, weights)?;
    let mut sum = 0.0;
    for (x, w) in images.rows().into_iter().zip(weights) {
        sum += w * squared_error(images, weights, x)?;
    }
    Ok(sum / total) // (eq:drawn-error)
}
// ANCHOR_END: drawn

// ANCHOR: weights
/// How much of the code z belongs to each row: q(z | xₙ) over their sum, for
/// q(z | xₙ) = N(mean, diag sd²), one a row.
pub fn weights_at(
    z: ArrayView1<f64>,
    mean: ArrayView2<f64>,
    sd: ArrayView2<f64>,
) -> Result<Array1<f64>> {
    finite("the code", z.insert_axis(Axis(0)))?;
    finite("the means", mean)?;
    shaped("the code", (1, z.len()), "these means", (1, mean.ncols()))?;
    shaped("the standard deviations", sd.dim(), "these means", mean.dim())?;
    for &sd in sd {
        within("a standard deviation", sd, 1e-150, 1e150, "")?;
    }
    let mut logs = Array1::<f64>::zeros(mean.nrows());
    Zip::from(&mut logs).and(mean.rows()).and(sd.rows()).for_each(|log, m, s| {
        *log = (0..z.len()).map(|k| log_normal(z[k], m[k], s[k])).sum();
    });
    let all = log_sum_exp(&logs.to_vec());
    Ok(logs.mapv(|log| (log - all).exp())) // (eq:share-of-a-code)
}
// ANCHOR_END: weights

/// Two pixels and one stroke of ink: it is left, or it is right.
pub fn strokes() -> Array2<f64> {
    array![[1.0, 0.0], [0.0, 1.0]]
}

/// What each family of pixels reaches on the strokes, in nats, if the share `left` of
/// the code's images has its ink on the left: the two images themselves, and pixels
/// that are tossed one by one.
pub fn strokes_fit(left: f64) -> Result<[f64; 2]> {
    within("the share", left, 0.0, 1.0, "")?;
    let part = |p: f64| if p > 0.0 { p * p.ln() } else { 0.0 };
    let together = part(left) + part(1.0 - left);
    Ok([together, 2.0 * together])
}

/// Refuses what are no weights of these rows; otherwise their sum.
fn weighed(images: ArrayView2<f64>, weights: ArrayView1<f64>) -> Result<f64> {
    finite("the images", images)?;
    finite("the weights", weights.insert_axis(Axis(1)))?;
    shaped("the weights", (weights.len(), 1), "these images", (images.nrows(), 1))?;
    for &weight in weights {
        within("a weight", weight, 0.0, f64::MAX, "")?;
    }
    let total = weights.sum();
    within("the sum of the weights", total, f64::MIN_POSITIVE, f64::MAX, "")?;
    Ok(total)
}
