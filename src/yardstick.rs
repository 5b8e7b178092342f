//! One yardstick for all models: log P of images of zeros and ones, also from a density over numbers.
use crate::error::{Result, finite, shaped, within};
use crate::gaussian::log_sum_exp;
use ndarray::{Array1, Array2, ArrayView2, Axis};
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
