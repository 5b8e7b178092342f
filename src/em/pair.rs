//! Two Gaussians: the smallest mixture that shows what EM can and cannot find.
use super::{Em, Exact, Sample};
use crate::elbo::Elbo;
use crate::error::{Error, Result, finite, shaped, within};
use crate::gaussian::{self, Moments, log_density, log_sum_exp};
use ndarray::{Array1, Array2, Axis, stack};
use rand::Rng;

// ANCHOR: pair
/// Rows of two kinds, each kind a Gaussian.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The probability of each kind.
    pub weights: Array1<f64>,
    /// The mean of each kind, of shape (2, D).
    pub means: Array2<f64>,
    /// The covariance of each kind.
    pub covariances: [Array2<f64>; 2],
}
// ANCHOR_END: pair

impl Em for Pair {
    type Data = Array2<f64>;
    /// The probability of each kind for each row, of shape (N, 2).
    type Posterior = Array2<f64>;

    fn e_step(&self, x: &Array2<f64>) -> Result<Array2<f64>> {
        let mut log_q = self.log_joint(x)?;
        for mut row in log_q.rows_mut() {
            let total = log_sum_exp(&row.to_vec());
            row -= total;
        }
        Ok(log_q.mapv(f64::exp))
    }

    // ANCHOR: pair_m
    fn m_step(&self, x: &Array2<f64>, q: &Array2<f64>) -> Result<Pair> {
        shaped("q", q.dim(), "these rows", (x.nrows(), 2))?;
        let rows = q.sum_axis(Axis(0));
        for (component, &count) in rows.iter().enumerate() {
            if count < 1e-8 {
                return Err(Error::NoRows { component, count });
            }
        }
        let means = q.t().dot(x) / rows.view().insert_axis(Axis(1)); // (eq:pair-means)
        let covariance = |k: usize| {
            let centred = x - &means.row(k);
            let weighted = &centred * &q.column(k).insert_axis(Axis(1));
            weighted.t().dot(&centred) / rows[k]
        };
        let covariances = [covariance(0), covariance(1)];
        Pair::new(&rows / x.nrows() as f64, means, covariances)
    }
    // ANCHOR_END: pair_m

    fn elbo(&self, x: &Array2<f64>, q: &Array2<f64>) -> Result<Elbo> {
        let log_joint = self.log_joint(x)?;
        shaped("q", q.dim(), "these rows", log_joint.dim())?;
        let (mut fit, mut kl) = (0.0, 0.0);
        for ((i, k), &r) in q.indexed_iter().filter(|(_, r)| **r > 0.0) {
            fit += r * (log_joint[[i, k]] - self.weights[k].ln());
            kl += r * (r / self.weights[k]).ln();
        }
        Ok(Elbo { fit, kl })
    }
}

impl Pair {
    /// A mixture of two, if its parts fit together.
    pub fn new(
        weights: Array1<f64>,
        means: Array2<f64>,
        covariances: [Array2<f64>; 2],
    ) -> Result<Pair> {
        let d = means.ncols();
        finite("the means", means.view())?;
        shaped("the means", means.dim(), "a mixture of two", (2, d))?;
        shaped("the weights", (weights.len(), 1), "a mixture of two", (2, 1))?;
        within("the weights", weights.sum(), 1.0 - 1e-9, 1.0 + 1e-9, " in sum")?;
        for (&weight, covariance) in weights.iter().zip(&covariances) {
            within("a weight", weight, 0.0, 1.0, "")?;
            shaped("a covariance", covariance.dim(), "these means", (d, d))?;
        }
        Ok(Pair { weights, means, covariances })
    }

    // ANCHOR: pair_start
    /// Two equal kinds with these means; each has the covariance of all rows.
    pub fn around(x: &Array2<f64>, means: Array2<f64>) -> Result<Pair> {
        let all = Moments::of(x.view())?.covariance;
        Pair::new(Array1::from_elem(2, 0.5), means, [all.clone(), all])
    }

    /// A start of its own for every run: the means are two different rows, drawn at random.
    pub fn start(x: &Array2<f64>, rng: &mut impl Rng) -> Result<Pair> {
        within("the number of rows", x.nrows() as f64, 2.0, f64::MAX, ": a row a mean")?;
        let first = rng.random_range(0..x.nrows());
        let second = (first + rng.random_range(1..x.nrows())) % x.nrows();
        Pair::around(x, x.select(Axis(0), &[first, second]))
    }
    // ANCHOR_END: pair_start

    /// log p(x, kind), of shape (N, 2).
    fn log_joint(&self, x: &Array2<f64>) -> Result<Array2<f64>> {
        let one = |k: usize| -> Result<Array1<f64>> {
            let each = log_density(x.view(), self.means.row(k), self.covariances[k].view())?;
            Ok(each + self.weights[k].ln())
        };
        let (a, b) = (one(0)?, one(1)?);
        stack(Axis(1), &[a.view(), b.view()])
            .map_err(|_| Error::NoConvergence { what: "stack" })
    }
}

impl Exact for Pair {
    fn log_likelihood(&self, x: &Array2<f64>) -> Result<f64> {
        let each = self.log_joint(x)?;
        Ok(each.rows().into_iter().map(|row| log_sum_exp(&row.to_vec())).sum())
    }
}

impl Sample for Pair {
    fn sample(&self, n: usize, rng: &mut impl Rng) -> Result<(Array2<f64>, Array2<f64>)> {
        let d = self.means.ncols();
        let (mut z, mut x) = (Array2::zeros((n, 1)), Array2::zeros((n, d)));
        for i in 0..n {
            let k = usize::from(rng.random::<f64>() >= self.weights[0]);
            z[[i, 0]] = k as f64;
            let row =
                gaussian::sample(1, self.means.row(k), self.covariances[k].view(), rng)?;
            x.row_mut(i).assign(&row.row(0));
        }
        Ok((z, x))
    }
}
