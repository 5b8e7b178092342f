//! One yardstick for all models: log P of images of zeros and ones, also from a density over numbers.
use crate::error::{Result, finite, shaped, within};
use crate::gaussian::log_sum_exp;
use crate::mixture::Gaussians;
use crate::vae::normal::cdf;
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis, Zip};
use rand::Rng;

// ANCHOR: cubes
/// The mean of log P(x) over the rows, where P(x) is what a density holds in the cube
/// [x, x + 1)ᴰ. The integral is the mean of the density at some draws in the cube, so on
/// average the answer is too low, and less so with more draws.
pub fn cubes(
    x: ArrayView2<f64>,
    draws: usize,
    log_density: impl Fn(ArrayView2<f64>) -> Result<Array1<f64>>,
    rng: &mut impl Rng,
) -> Result<f64> {
    within("the number of draws", draws as f64, 1.0, 1e6, "")?;
    finite("the images", x)?;
    let mut logs = Array2::zeros((x.nrows(), draws));
    for mut column in logs.columns_mut() {
        let found = log_density(spread(x, rng).view())?;
        shaped("the log-densities", (found.len(), 1), "these rows", (x.nrows(), 1))?;
        column.assign(&found);
    }
    let of_row = |logs: &[f64]| log_sum_exp(logs) - (draws as f64).ln(); // (eq:cube)
    Ok(logs.map_axis(Axis(1), |row| of_row(&row.to_vec())).mean().unwrap_or(f64::NAN))
}

/// A place in the cube of each image, every place alike.
pub fn spread(x: ArrayView2<f64>, rng: &mut impl Rng) -> Array2<f64> {
    x.mapv(|x| x + rng.random::<f64>())
}
// ANCHOR_END: cubes

// ANCHOR: boxes
/// The same without draws, for a mixture of Gaussians with diagonal covariances: what one
/// pixel's bell holds in [x, x + 1) is a difference of Φ, and pixels multiply.
pub fn boxes(model: &Gaussians, x: ArrayView2<f64>) -> Result<f64> {
    let (k, d) = model.means.dim();
    shaped("the images", (k, x.ncols()), "this mixture", (k, d))?;
    finite("the images", x)?;
    let sds = |k: usize| model.covariance.matrix(k, d).diag().mapv(f64::sqrt);
    let sds: Vec<Array1<f64>> = (0..k).map(sds).collect();
    let of_row = |row: ArrayView1<f64>| {
        let joint = |k: usize| {
            let each = Zip::from(row).and(model.means.row(k)).and(&sds[k]);
            let held = |sum: f64, x: &f64, m: &f64, s: &f64| {
                sum + (cdf((x + 1.0 - m) / s) - cdf((x - m) / s)).max(f64::MIN_POSITIVE).ln()
            };
            model.weights[k].ln() + each.fold(0.0, held)
        };
        log_sum_exp(&(0..k).map(joint).collect::<Vec<f64>>())
    };
    Ok(x.rows().into_iter().map(of_row).sum::<f64>() / x.nrows().max(1) as f64)
}
// ANCHOR_END: boxes
