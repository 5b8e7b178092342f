//! Rows of tosses, each row with one of several coins, and nobody wrote down which.
use super::{Em, Exact, Sample};
use crate::elbo::Elbo;
use crate::error::{Error, Result, finite, shaped, within};
use crate::gaussian::log_sum_exp;
use ndarray::{Array1, Array2, Axis};
use rand::Rng;

// ANCHOR: coins
/// Each row is `tosses` tosses of one coin, every coin equally likely to be taken.
#[derive(Clone, Debug)]
pub struct Coins {
    /// How often the coin of a row is tossed.
    pub tosses: usize,
    /// The probability of heads of each of the K coins.
    pub heads: Array1<f64>,
}

/// How many heads ten rows of ten tosses showed.
pub const TEN_ROWS: [f64; 10] = [9.0, 4.0, 8.0, 3.0, 7.0, 5.0, 9.0, 2.0, 8.0, 4.0];
// ANCHOR_END: coins

// ANCHOR: coin_steps
impl Em for Coins {
    /// How many heads each row has.
    type Data = Array1<f64>;
    /// The probability of each coin, for each row: of shape (N, K).
    type Posterior = Array2<f64>;

    fn e_step(&self, data: &Array1<f64>) -> Result<Array2<f64>> {
        let mut log_q = self.log_likelihoods(data)?;
        for mut row in log_q.rows_mut() {
            let total = log_sum_exp(&row.to_vec());
            within("log p(row)", total, f64::MIN, f64::MAX, ": no coin makes this row")?;
            row -= total; // (eq:coin-posterior)
        }
        Ok(log_q.mapv(f64::exp))
    }

    fn m_step(&self, data: &Array1<f64>, q: &Array2<f64>) -> Result<Coins> {
        shaped("q", q.dim(), "these rows", (data.len(), self.heads.len()))?;
        let rows = q.sum_axis(Axis(0)); // how many rows each coin accounts for
        for (component, &count) in rows.iter().enumerate() {
            if count < 1e-8 {
                return Err(Error::NoRows { component, count });
            }
        }
        let heads = q.t().dot(data) / (self.tosses as f64 * rows); // (eq:coin-m)
        Coins::new(self.tosses, heads.mapv(|p| p.clamp(0.0, 1.0)))
    }
    // ANCHOR_END: coin_steps

    // ANCHOR: coin_bound
    fn elbo(&self, data: &Array1<f64>, q: &Array2<f64>) -> Result<Elbo> {
        let log_likelihoods = self.log_likelihoods(data)?;
        shaped("q", q.dim(), "these rows", log_likelihoods.dim())?;
        let k = self.heads.len() as f64;
        let sum = |f: &dyn Fn(f64, f64) -> f64| -> f64 {
            let both = q.iter().zip(&log_likelihoods);
            both.filter(|(q, _)| **q > 0.0).map(|(&q, &l)| q * f(q, l)).sum()
        };
        Ok(Elbo { fit: sum(&|_, l| l), kl: sum(&|q, _| (q * k).ln()) }) // (eq:coin-bound)
    }
    // ANCHOR_END: coin_bound
}

impl Coins {
    /// Coins, if they are some and each has a probability.
    pub fn new(tosses: usize, heads: Array1<f64>) -> Result<Coins> {
        finite("the coins", heads.view().insert_axis(Axis(0)))?;
        within("the number of tosses", tosses as f64, 1.0, 1e6, "")?;
        for &p in &heads {
            within("the probability of heads", p, 0.0, 1.0, "")?;
        }
        Ok(Coins { tosses, heads })
    }

    /// log p(heads | coin), of shape (N, K), with the number of orders in which the heads can fall.
    fn log_likelihoods(&self, data: &Array1<f64>) -> Result<Array2<f64>> {
        finite("the rows of tosses", data.view().insert_axis(Axis(0)))?;
        let n = self.tosses as f64;
        for &h in data {
            within("the number of heads", h, 0.0, n, ": the tosses of a row")?;
        }
        let part = |count: f64, p: f64| if count > 0.0 { count * p.ln() } else { 0.0 };
        Ok(Array2::from_shape_fn((data.len(), self.heads.len()), |(i, k)| {
            let (h, p) = (data[i], self.heads[k]);
            log_choose(self.tosses, h) + part(h, p) + part(n - h, 1.0 - p)
        }))
    }
}

/// log n! / (h! (n − h)!).
fn log_choose(n: usize, h: f64) -> f64 {
    (0..h as usize).map(|i| ((n - i) as f64).ln() - ((i + 1) as f64).ln()).sum()
}

impl Exact for Coins {
    fn log_likelihood(&self, data: &Array1<f64>) -> Result<f64> {
        let k = self.heads.len() as f64;
        let each = self.log_likelihoods(data)?;
        Ok(each.rows().into_iter().map(|row| log_sum_exp(&row.to_vec()) - k.ln()).sum())
    }
}

impl Sample for Coins {
    fn sample(&self, n: usize, rng: &mut impl Rng) -> Result<(Array2<f64>, Array2<f64>)> {
        let (mut z, mut x) = (Array2::zeros((n, 1)), Array2::zeros((n, 1)));
        for i in 0..n {
            let k = rng.random_range(0..self.heads.len());
            z[[i, 0]] = k as f64;
            let heads =
                (0..self.tosses).filter(|_| rng.random::<f64>() < self.heads[k]).count();
            x[[i, 0]] = heads as f64;
        }
        Ok((z, x))
    }
}
