//! What a classifier's last hidden layer makes of two classes that no straight line can part.
use crate::error::{Error, Result, finite, shaped, within};
use ndarray::{Array1, Array2, ArrayView2, Axis};
use ndarray_rand::rand_distr::StandardNormal;
use rand::Rng;
use std::f64::consts::PI;

/// Two half circles that reach into each other, and where on them each row stands.
#[derive(Clone, Debug)]
pub struct Moons {
    /// The points, of shape (N, 2).
    pub x: Array2<f64>,
    /// The angle along the half circle, from 0 to π.
    pub t: Array1<f64>,
    /// 0 for the upper moon, 1 for the lower; in turn.
    pub class: Vec<usize>,
}

/// `n` points of two moons of radius 1, moved by noise of standard deviation `noise`.
pub fn two_moons(n: usize, noise: f64, rng: &mut impl Rng) -> Moons {
    let class: Vec<usize> = (0..n).map(|i| i % 2).collect();
    let t = Array1::from_shape_fn(n, |_| rng.random_range(0.0..PI));
    let x = Array2::from_shape_fn((n, 2), |(i, j)| {
        let (sin, cos) = t[i].sin_cos();
        let place = if class[i] == 0 { [cos, sin] } else { [1.0 - cos, 0.5 - sin] };
        place[j] + noise * rng.sample::<f64, _>(StandardNormal)
    });
    Moons { x, t, class }
}

/// A matrix product and a bias: from (N, I) to (N, O).
#[derive(Clone, Debug)]
pub struct Affine {
    /// The weights, of shape (I, O).
    pub w: Array2<f64>,
    /// The bias, of length O.
    pub b: Array1<f64>,
}

impl Affine {
    fn random(inputs: usize, outputs: usize, rng: &mut impl Rng) -> Affine {
        let reach = 1.0 / (inputs as f64).sqrt();
        let mut draw = || rng.random_range(-reach..reach);
        let w = Array2::from_shape_simple_fn((inputs, outputs), &mut draw);
        Affine { w, b: Array1::from_shape_simple_fn(outputs, &mut draw) }
    }
    fn of(&self, x: ArrayView2<f64>) -> Array2<f64> {
        x.dot(&self.w) + &self.b
    }
    /// The slopes of a loss in the weights and the bias, from its slopes in the outputs.
    fn slopes(x: ArrayView2<f64>, outputs: &Array2<f64>) -> Affine {
        Affine { w: x.t().dot(outputs), b: outputs.sum_axis(Axis(0)) }
    }
}

// ANCHOR: net
/// Two numbers in, some tanh units, two tanh units, and the log-odds of class 1 out.
#[derive(Clone, Debug)]
pub struct Net {
    /// Into the first hidden layer.
    pub first: Affine,
    /// From there to the last hidden layer, which has two units.
    pub last: Affine,
    /// From there to the log-odds: all that is straight about it.
    pub out: Affine,
}

impl Net {
    fn hidden(&self, x: ArrayView2<f64>) -> Array2<f64> {
        self.first.of(x).mapv(f64::tanh)
    }

    /// What the last hidden layer says of each row: from (N, 2) to (N, 2).
    pub fn features(&self, x: ArrayView2<f64>) -> Result<Array2<f64>> {
        finite("the data", x)?;
        shaped("the data", x.dim(), "this network", (x.nrows(), self.first.w.nrows()))?;
        Ok(self.last.of(self.hidden(x).view()).mapv(f64::tanh)) // (eq:last-layer)
    }

    /// log p(class 1) − log p(class 0) for each row.
    pub fn log_odds(&self, x: ArrayView2<f64>) -> Result<Array1<f64>> {
        Ok(self.out.of(self.features(x)?.view()).column(0).to_owned())
    }
}
// ANCHOR_END: net

impl Net {
    /// A fresh network with `units` in its first hidden layer.
    pub fn new(units: usize, rng: &mut impl Rng) -> Net {
        Net {
            first: Affine::random(2, units, rng),
            last: Affine::random(units, 2, rng),
            out: Affine::random(2, 1, rng),
        }
    }

    /// −log p(class), a mean over the rows.
    pub fn loss(&self, x: ArrayView2<f64>, class: &[usize]) -> Result<f64> {
        two_classes(x, class)?;
        let odds = self.log_odds(x)?;
        let wrong = odds.iter().zip(class).map(|(&a, &c)| if c == 1 { -a } else { a });
        let nats = |a: f64| a.max(0.0) + (-a.abs()).exp().ln_1p(); // log(1 + eᵃ)
        Ok(wrong.map(nats).sum::<f64>() / odds.len() as f64)
    }

    /// The slopes of that loss in every weight, by the chain rule from the end to the start.
    pub fn slopes(&self, x: ArrayView2<f64>, class: &[usize]) -> Result<Net> {
        two_classes(x, class)?;
        let features = self.features(x)?;
        let hidden = self.hidden(x);
        let mut odds = self.out.of(features.view());
        for (a, &c) in odds.iter_mut().zip(class) {
            *a = (1.0 / (1.0 + (-*a).exp()) - c as f64) / class.len() as f64;
        }
        let bend =
            |slopes: Array2<f64>, tanh: &Array2<f64>| slopes * tanh.mapv(|t| 1.0 - t * t);
        let at_last = bend(odds.dot(&self.out.w.t()), &features);
        let at_first = bend(at_last.dot(&self.last.w.t()), &hidden);
        Ok(Net {
            first: Affine::slopes(x, &at_first),
            last: Affine::slopes(hidden.view(), &at_last),
            out: Affine::slopes(features.view(), &odds),
        })
    }

    /// All weights, times `keep`, plus those of `other`, times `rate`.
    fn moved(&self, keep: f64, other: &Net, rate: f64) -> Net {
        let one = |a: &Affine, b: &Affine| Affine {
            w: keep * &a.w + rate * &b.w,
            b: keep * &a.b + rate * &b.b,
        };
        Net {
            first: one(&self.first, &other.first),
            last: one(&self.last, &other.last),
            out: one(&self.out, &other.out),
        }
    }

    /// Gradient descent on all rows at once, each step with nine tenths of the one before.
    pub fn trained(
        &self,
        x: ArrayView2<f64>,
        class: &[usize],
        steps: usize,
        rate: f64,
    ) -> Result<Net> {
        within("the rate", rate, 0.0, 1e6, "")?;
        let (mut net, mut step) = (self.clone(), self.moved(0.0, self, 0.0));
        for _ in 0..steps {
            step = step.moved(0.9, &net.slopes(x, class)?, -rate);
            net = net.moved(1.0, &step, 1.0);
        }
        let loss = net.loss(x, class)?;
        if loss.is_finite() {
            Ok(net)
        } else {
            Err(Error::Diverged { step: steps, loss, rate })
        }
    }
}

/// Refuses classes that are not one for each row, or not 0 or 1.
fn two_classes(x: ArrayView2<f64>, class: &[usize]) -> Result<()> {
    finite("the data", x)?;
    shaped("the classes", (class.len(), 1), "these rows", (x.nrows(), 1))?;
    let greatest = class.iter().copied().max().unwrap_or(0) as f64;
    within("a class", greatest, 0.0, 1.0, ": there are two")
}

/// The greatest share of rows that a straight line has on the sides of their classes:
/// 360 directions, each with every place to stand.
pub fn best_line(x: ArrayView2<f64>, class: &[usize]) -> Result<f64> {
    two_classes(x, class)?;
    shaped("the data", x.dim(), "lines in a plane", (x.nrows(), 2))?;
    let mut best = 0;
    for step in 0..360 {
        let (sin, cos) = (f64::from(step) * PI / 360.0).sin_cos();
        let along = |i: usize| x[[i, 0]] * cos + x[[i, 1]] * sin;
        let mut order: Vec<usize> = (0..class.len()).collect();
        order.sort_by(|&i, &j| along(i).total_cmp(&along(j)));
        // Right if class 1 is all below the line: so many before the first row is passed.
        let mut right = class.iter().filter(|&&c| c == 0).count();
        for i in order {
            best = best.max(right).max(class.len() - right);
            if class[i] == 1 { right += 1 } else { right -= 1 }
        }
        best = best.max(right).max(class.len() - right);
    }
    Ok(best as f64 / class.len() as f64)
}
