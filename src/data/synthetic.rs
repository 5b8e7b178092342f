//! Data whose factors are known, because they are drawn here.
use ndarray::{Array1, Array2, array};
use ndarray_rand::rand_distr::StandardNormal;
use rand::Rng;

/// `n` points in the plane: standard deviation `long` along a line at `angle` radians, `short` across it.
pub fn tilted_cloud(
    n: usize,
    angle: f64,
    long: f64,
    short: f64,
    rng: &mut impl Rng,
) -> Array2<f64> {
    let (sin, cos) = angle.sin_cos();
    let turn = array![[cos, sin], [-sin, cos]];
    let along_and_across = Array2::from_shape_fn((n, 2), |(_, j)| {
        normal(rng) * if j == 0 { long } else { short }
    });
    along_and_across.dot(&turn)
}

/// `n` points in three dimensions: two columns share one factor, the third is noise of standard deviation `noise`.
pub fn noisy_axis(n: usize, noise: f64, rng: &mut impl Rng) -> Array2<f64> {
    let mut x = Array2::zeros((n, 3));
    for mut row in x.rows_mut() {
        let z = normal(rng);
        row[0] = z + 0.3 * normal(rng);
        row[1] = z + 0.3 * normal(rng);
        row[2] = noise * normal(rng);
    }
    x
}

/// Points near a curve in the plane, and where along it each one belongs.
#[derive(Clone, Debug)]
pub struct Curve {
    /// The points, of shape (N, 2).
    pub x: Array2<f64>,
    /// The place along the curve: an angle in radians.
    pub t: Array1<f64>,
}

// ANCHOR: arc
/// `n` points on three quarters of the unit circle, plus noise of standard deviation `noise`.
pub fn arc(n: usize, noise: f64, rng: &mut impl Rng) -> Curve {
    let t = Array1::from_shape_fn(n, |_| {
        rng.random_range(-0.25 * std::f64::consts::PI..1.25 * std::f64::consts::PI)
    });
    let x = Array2::from_shape_fn((n, 2), |(i, j)| {
        [t[i].cos(), t[i].sin()][j] + noise * normal(rng)
    });
    Curve { x, t }
}
// ANCHOR_END: arc

/// A rolled-up sheet in three dimensions, and the two coordinates on the sheet.
#[derive(Clone, Debug)]
pub struct Roll {
    /// The points, of shape (N, 3).
    pub x: Array2<f64>,
    /// The angle along the roll, in radians, from 1.5π to 4.5π.
    pub t: Array1<f64>,
    /// The height across the roll, from 0 to 30.
    pub h: Array1<f64>,
}

/// `n` points of the swiss roll (t cos t, h, t sin t), moved by noise of standard deviation `noise`.
pub fn swiss_roll(n: usize, noise: f64, rng: &mut impl Rng) -> Roll {
    use std::f64::consts::PI;
    let t = Array1::from_shape_fn(n, |_| rng.random_range(1.5 * PI..4.5 * PI));
    let h = Array1::from_shape_fn(n, |_| rng.random_range(0.0..30.0));
    let x = Array2::from_shape_fn((n, 3), |(i, j)| {
        [t[i] * t[i].cos(), h[i], t[i] * t[i].sin()][j] + noise * normal(rng)
    });
    Roll { x, t, h }
}

fn normal(rng: &mut impl Rng) -> f64 {
    rng.sample(StandardNormal)
}
