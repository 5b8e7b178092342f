//! A mixture for pictures of black and white pixels.
use super::{Shares, draw, responsibilities};
use crate::elbo::Elbo;
use crate::em::{Em, Exact, Sample};
use crate::error::{Result, finite, shaped, within};
use crate::linalg::product;
use crate::rows::over_rows;
use ndarray::{Array1, Array2, ArrayView2, Axis};
use rand::Rng;

// ANCHOR: bernoullis
/// Rows of K kinds; given the kind, the pixels are independent.
#[derive(Clone, Debug)]
pub struct Bernoullis {
    /// π, the probability of each component.
    pub weights: Array1<f64>,
    /// θ, the probability that a pixel is 1, of shape (K, D).
    pub theta: Array2<f64>,
    /// Whether the M step fits the weights, or leaves them.
    pub learn_weights: bool,
    /// Rows all 1 and rows all 0 that each component is taken to have seen besides;
    /// zero for none.
    pub smoothing: f64,
}
// ANCHOR_END: bernoullis

/// A pixel that the model rules out counts as this rare, so that 0 · log 0 stays 0.
const RAREST: f64 = 1e-300;

impl Em for Bernoullis {
    type Data = Array2<f64>;
    type Posterior = Shares;

    // ANCHOR: bernoulli_steps
    fn e_step(&self, x: &Array2<f64>) -> Result<Shares> {
        let (offsets, logits) = self.linear(x)?;
        let zero = || Shares::zero(self.weights.len(), x.ncols());
        let add = |sum: &mut Shares, block: ArrayView2<f64>| {
            let answer = responsibilities(product(block, logits.t()) + &offsets);
            sum.add(block, &answer.r, answer.entropy);
        };
        Ok(over_rows(x.view(), zero, add, |a, b| a + b))
    }

    fn m_step(&self, _: &Array2<f64>, q: &Shares) -> Result<Bernoullis> {
        q.refuse_empty()?;
        let (a, counts) = (self.smoothing, q.counts.view().insert_axis(Axis(1)));
        let theta = (&q.sums + a) / (&counts + 2.0 * a); // (eq:bernoulli-theta)
        let learned = &q.counts / q.counts.sum();
        let weights = if self.learn_weights { learned } else { self.weights.clone() };
        Ok(Bernoullis { weights, theta: theta.mapv(|t| t.clamp(0.0, 1.0)), ..*self })
    }
    // ANCHOR_END: bernoulli_steps

    // ANCHOR: bernoulli_bound
    fn elbo(&self, x: &Array2<f64>, q: &Shares) -> Result<Elbo> {
        let (offsets, logits) = self.linear(x)?;
        let joint = q.of(&offsets) + (&q.sums * &logits).sum(); // (eq:bernoulli-joint)
        let kl = q.kl(&self.weights);
        Ok(Elbo { fit: joint + q.entropy + kl, kl })
    }
    // ANCHOR_END: bernoulli_bound
}

impl Exact for Bernoullis {
    fn log_likelihood(&self, x: &Array2<f64>) -> Result<f64> {
        let (offsets, logits) = self.linear(x)?;
        let add = |sum: &mut f64, block: ArrayView2<f64>| {
            *sum += responsibilities(product(block, logits.t()) + &offsets).evidence.sum();
        };
        Ok(over_rows(x.view(), || 0.0, add, |a, b| a + b))
    }
}

impl Bernoullis {
    /// A mixture that learns its weights, without smoothing, if its parts fit together.
    pub fn new(weights: Array1<f64>, theta: Array2<f64>) -> Result<Bernoullis> {
        let k = theta.nrows();
        finite("the templates", theta.view())?;
        shaped("the weights", (weights.len(), 1), "these templates", (k, 1))?;
        for &p in weights.iter().chain(&theta) {
            within("a probability", p, 0.0, 1.0, "")?;
        }
        within("the weights", weights.sum(), 1.0 - 1e-9, 1.0 + 1e-9, " in sum")?;
        Ok(Bernoullis { weights, theta, learn_weights: true, smoothing: 0.0 })
    }

    // ANCHOR: bernoulli_start
    /// A start of its own for every run: each template is halfway from grey to a row
    /// drawn at random.
    pub fn start(x: &Array2<f64>, k: usize, rng: &mut impl Rng) -> Result<Bernoullis> {
        binary(x)?;
        within("the number of components", k as f64, 1.0, x.nrows() as f64, ": the rows")?;
        let rows = rand::seq::index::sample(rng, x.nrows(), k).into_vec();
        let theta = x.select(Axis(0), &rows).mapv(|x| 0.25 + 0.5 * x);
        Bernoullis::new(Array1::from_elem(k, 1.0 / k as f64), theta)
    }
    // ANCHOR_END: bernoulli_start

    // ANCHOR: linear
    /// log p(x, k) = offset + x · logits: of length K, and of shape (K, D).
    fn linear(&self, x: &Array2<f64>) -> Result<(Array1<f64>, Array2<f64>)> {
        binary(x)?;
        let (k, d) = self.theta.dim();
        shaped("the data", (k, x.ncols()), "this mixture", (k, d))?;
        let log = |t: f64| t.max(RAREST).ln();
        let black = self.theta.mapv(|t| log(1.0 - t));
        let logits = self.theta.mapv(log) - &black;
        let offsets = self.weights.mapv(f64::ln) + black.sum_axis(Axis(1)); // (eq:bernoulli)
        Ok((offsets, logits))
    }

    /// log p(x, k) of each row and component, of shape (N, K).
    pub fn log_joint(&self, x: &Array2<f64>) -> Result<Array2<f64>> {
        let (offsets, logits) = self.linear(x)?;
        Ok(product(x.view(), logits.t()) + &offsets)
    }
    // ANCHOR_END: linear

    /// p(k | x) of each row and component, of shape (N, K).
    pub fn responsibilities(&self, x: &Array2<f64>) -> Result<Array2<f64>> {
        Ok(responsibilities(self.log_joint(x)?).r)
    }

    /// The statistics of rows with the responsibilities `r`, of shape (N, K), whatever model they come from.
    pub fn given(&self, x: &Array2<f64>, r: &Array2<f64>) -> Result<Shares> {
        binary(x)?;
        Shares::given(x.view(), r, self.theta.dim())
    }
}

/// The rows whose class is wanted, in their order; an entry is 1 above `level`, and 0 elsewhere.
pub fn black_and_white(
    x: ArrayView2<f64>,
    class: &[usize],
    wanted: &[usize],
    level: f64,
) -> Array2<f64> {
    let known = class.iter().take(x.nrows()).enumerate();
    let rows: Vec<usize> =
        known.filter(|(_, c)| wanted.contains(c)).map(|(i, _)| i).collect();
    x.select(Axis(0), &rows).mapv(|v| f64::from(v > level))
}

/// Refuses pixels other than 0 and 1.
fn binary(x: &Array2<f64>) -> Result<()> {
    finite("the pixels", x.view())?;
    for &v in x {
        within("a pixel's distance from grey", (v - 0.5).abs(), 0.5, 0.5, ": it is 0 or 1")?;
    }
    Ok(())
}

impl Sample for Bernoullis {
    fn sample(&self, n: usize, rng: &mut impl Rng) -> Result<(Array2<f64>, Array2<f64>)> {
        let d = self.theta.ncols();
        let (mut z, mut x) = (Array2::zeros((n, 1)), Array2::zeros((n, d)));
        for i in 0..n {
            let k = draw(&self.weights, rng);
            z[[i, 0]] = k as f64;
            for (x, &t) in x.row_mut(i).iter_mut().zip(self.theta.row(k)) {
                *x = f64::from(rng.random::<f64>() < t);
            }
        }
        Ok((z, x))
    }
}
