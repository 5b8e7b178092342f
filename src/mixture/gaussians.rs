//! A mixture of Gaussians, with any of the four kinds of covariance.
use super::quadratics::Quadratics;
use super::{Covariance, Kind, Soft, responsibilities, scattered};
use crate::elbo::Elbo;
use crate::em::{Em, Exact, Sample};
use crate::error::{Error, Result, finite, shaped, within};
use crate::gaussian::{self, LN_2PI, Moments};
use crate::rows::over_rows;
use ndarray::{Array1, Array2, ArrayView2, Axis};
use rand::Rng;

// ANCHOR: gaussians
/// Rows of K kinds, each kind a Gaussian.
#[derive(Clone, Debug)]
pub struct Gaussians {
    /// π, the probability of each component.
    pub weights: Array1<f64>,
    /// The mean of each component, of shape (K, D).
    pub means: Array2<f64>,
    /// The covariance of each component.
    pub covariance: Covariance,
    /// Whether the M step fits the weights, or leaves them.
    pub learn_weights: bool,
    /// No variance falls below this, in any direction; zero for no floor.
    pub floor: f64,
}
// ANCHOR_END: gaussians

impl Em for Gaussians {
    type Data = Array2<f64>;
    type Posterior = Soft;

    // ANCHOR: e_step
    fn e_step(&self, x: &Array2<f64>) -> Result<Soft> {
        let soft = Soft::of(x.view(), &self.quadratics(x)?);
        if soft.shares.counts.sum().is_nan() || x.is_empty() {
            finite("the data", x.view())?; // says which entry
        }
        Ok(soft)
    }
    // ANCHOR_END: e_step

    // ANCHOR: m_step
    fn m_step(&self, x: &Array2<f64>, q: &Soft) -> Result<Gaussians> {
        let counts = &q.shares.counts;
        q.shares.refuse_empty()?;
        let learned = counts / counts.sum(); // (eq:mixture-weights)
        let next = Gaussians {
            weights: if self.learn_weights { learned } else { self.weights.clone() },
            means: q.means() + &q.origin,
            covariance: q.covariances().floored(self.floor)?,
            ..*self
        };
        next.refuse_collapsed(x, q)?;
        Ok(next)
    }
    // ANCHOR_END: m_step

    // ANCHOR: bound
    fn elbo(&self, x: &Array2<f64>, q: &Soft) -> Result<Elbo> {
        let kl = q.shares.kl(&self.weights);
        let joint = self.quadratics(x)?.expected(q); // E log p(x, k), weights within
        Ok(Elbo { fit: joint + q.shares.entropy + kl, kl })
    }
    // ANCHOR_END: bound
}

impl Exact for Gaussians {
    fn log_likelihood(&self, x: &Array2<f64>) -> Result<f64> {
        Ok(self.log_densities(x)?.sum())
    }
}

impl Gaussians {
    /// A mixture that learns its weights and has no floor, if its parts fit together.
    pub fn new(
        weights: Array1<f64>,
        means: Array2<f64>,
        covariance: Covariance,
    ) -> Result<Gaussians> {
        let (k, d) = means.dim();
        finite("the means", means.view())?;
        shaped("the weights", (weights.len(), 1), "these means", (k, 1))?;
        for &weight in &weights {
            within("a weight", weight, 0.0, 1.0, "")?;
        }
        within("the weights", weights.sum(), 1.0 - 1e-9, 1.0 + 1e-9, " in sum")?;
        covariance.check(k, d)?;
        let model = Gaussians { weights, means, covariance, learn_weights: true, floor: 0.0 };
        Quadratics::new(Array1::zeros(k), model.means.clone(), &model.covariance)?;
        Ok(model)
    }

    // ANCHOR: around
    /// Equal components about these means; each has the covariance of all rows.
    pub fn around(x: &Array2<f64>, means: Array2<f64>, kind: Kind) -> Result<Gaussians> {
        let k = means.nrows();
        let all = Moments::of(x.view())?.covariance;
        let covariance = Covariance::of_kind(kind, k, all.view());
        Gaussians::new(Array1::from_elem(k, 1.0 / k as f64), means, covariance)
    }

    /// A start of its own for every run: means at k rows that lie far apart.
    pub fn start(
        x: &Array2<f64>,
        k: usize,
        kind: Kind,
        rng: &mut impl Rng,
    ) -> Result<Gaussians> {
        Gaussians::around(x, scattered(x.view(), k, rng)?, kind)
    }
    // ANCHOR_END: around

    // ANCHOR: log_joint
    /// log p(x, k) as a function of the rows.
    fn quadratics(&self, x: &Array2<f64>) -> Result<Quadratics> {
        let (k, d) = self.means.dim();
        shaped("the data", (k, x.ncols()), "this mixture", (k, d))?;
        let offsets = self.weights.mapv(f64::ln) - 0.5 * d as f64 * LN_2PI; // (eq:log-joint)
        Quadratics::new(offsets, self.means.clone(), &self.covariance)
    }

    /// log p(x, k) of each row and component, of shape (N, K).
    pub fn log_joint(&self, x: &Array2<f64>) -> Result<Array2<f64>> {
        finite("the data", x.view())?;
        let model = self.quadratics(x)?;
        Ok(model.log_joint(&model.features(x.view())))
    }

    /// p(k | x) of each row and component, of shape (N, K).
    pub fn responsibilities(&self, x: &Array2<f64>) -> Result<Array2<f64>> {
        Ok(responsibilities(self.log_joint(x)?).r)
    }
    // ANCHOR_END: log_joint

    /// log p(x) of each row.
    pub fn log_densities(&self, x: &Array2<f64>) -> Result<Array1<f64>> {
        finite("the data", x.view())?;
        let model = self.quadratics(x)?;
        let add = |sum: &mut Vec<f64>, block: ArrayView2<f64>| {
            sum.extend(responsibilities(model.log_joint(&model.features(block))).evidence);
        };
        let merge = |mut a: Vec<f64>, b: Vec<f64>| {
            a.extend(b);
            a
        };
        Ok(over_rows(x.view(), Vec::new, add, merge).into())
    }

    /// The statistics of rows with the responsibilities `r`, of shape (N, K), whatever model they come from.
    pub fn given(&self, x: &Array2<f64>, r: &Array2<f64>) -> Result<Soft> {
        finite("the data", x.view())?;
        Soft::given(x.view(), r, &self.quadratics(x)?)
    }

    /// A component without volume would make the likelihood infinite: say which, and on which row it sits.
    fn refuse_collapsed(&self, x: &Array2<f64>, q: &Soft) -> Result<()> {
        let total = q.total_variance();
        if let Some(column) = total.iter().position(|v| *v <= 0.0) {
            return Err(Error::Constant { column });
        }
        for component in 0..self.weights.len() {
            let share = self.covariance.thinnest(component, &total);
            if share < 1e-10 {
                let to = |row: ndarray::ArrayView1<f64>| {
                    (&row - &self.means.row(component)).mapv(|v| v * v).sum()
                };
                let near = |&a: &usize, &b: &usize| to(x.row(a)).total_cmp(&to(x.row(b)));
                let row = (0..x.nrows()).min_by(near).unwrap_or(0);
                return Err(Error::Collapsed { component, row, share });
            }
        }
        Ok(())
    }
}

impl Sample for Gaussians {
    fn sample(&self, n: usize, rng: &mut impl Rng) -> Result<(Array2<f64>, Array2<f64>)> {
        let d = self.means.ncols();
        let (mut z, mut x) = (Array2::zeros((n, 1)), Array2::zeros((n, d)));
        for i in 0..n {
            let k = super::draw(&self.weights, rng);
            z[[i, 0]] = k as f64;
            let s = self.covariance.matrix(k, d);
            x.row_mut(i)
                .assign(&gaussian::sample(1, self.means.row(k), s.view(), rng)?.row(0));
        }
        Ok((z, x))
    }
}

// ANCHOR: hard
/// Hard EM: each row wholly to its likeliest component. The bound still never falls; it
/// is not tight.
#[derive(Clone, Debug)]
pub struct Hard(pub Gaussians);

impl Em for Hard {
    type Data = Array2<f64>;
    type Posterior = Soft;
    fn e_step(&self, x: &Array2<f64>) -> Result<Soft> {
        let log_joint = self.0.log_joint(x)?;
        let mut r = Array2::zeros(log_joint.dim());
        for (row, mut r) in log_joint.axis_iter(Axis(0)).zip(r.rows_mut()) {
            let best = (0..row.len()).max_by(|&a, &b| row[a].total_cmp(&row[b])).unwrap_or(0);
            r[best] = 1.0;
        }
        self.0.given(x, &r)
    }
    fn m_step(&self, x: &Array2<f64>, q: &Soft) -> Result<Hard> {
        self.0.m_step(x, q).map(Hard)
    }
    fn elbo(&self, x: &Array2<f64>, q: &Soft) -> Result<Elbo> {
        self.0.elbo(x, q)
    }
}
// ANCHOR_END: hard
