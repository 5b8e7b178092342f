//! Mixtures for `versus.py`: a stated start, a stated number of steps.
use latent::em::{Em, Stop, fit};
use latent::mean_field::{Prior, Variational};
use latent::mixture::{Bernoullis, Gaussians, Kind};
use latent::ndarray::{Array1, Array2, Axis};

/// The bound after so many steps from k rows evenly apart; each component with the covariance of all.
pub fn gaussians(
    x: &Array2<f64>,
    kind: Kind,
    k: usize,
    steps: usize,
) -> latent::Result<Vec<f64>> {
    climb(Gaussians::around(x, spread(x, k), kind)?, x, steps)
}

/// The variational mixture after so many steps from k rows evenly apart: the sizes of all means, summed.
pub fn variational(x: &Array2<f64>, k: usize, steps: usize) -> latent::Result<Vec<f64>> {
    let prior = Prior::standard(x.ncols(), 1.0)?;
    let start = Variational::start(x, &spread(x, k), prior)?;
    let found = fit(start, x, Stop { steps, gain: f64::NEG_INFINITY })?.model;
    Ok(vec![found.means.mapv(f64::abs).sum()])
}

/// The bound after so many steps from templates halfway between grey and k rows evenly apart.
pub fn bernoullis(x: &Array2<f64>, k: usize, steps: usize) -> latent::Result<Vec<f64>> {
    let theta = spread(x, k).mapv(|x| 0.25 + 0.5 * x);
    let start = Bernoullis::new(Array1::from_elem(k, 1.0 / k as f64), theta)?;
    climb(Bernoullis { smoothing: 0.01, ..start }, x, steps)
}

fn climb<M: Em<Data = Array2<f64>>>(
    start: M,
    x: &Array2<f64>,
    steps: usize,
) -> latent::Result<Vec<f64>> {
    Ok(vec![fit(start, x, Stop { steps, gain: f64::NEG_INFINITY })?.nats()])
}

fn spread(x: &Array2<f64>, k: usize) -> Array2<f64> {
    let rows: Vec<usize> = (0..k).map(|i| i * x.nrows() / k).collect();
    x.select(Axis(0), &rows)
}
