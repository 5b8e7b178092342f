//! The E step in one pass over the rows: responsibilities of a block, and at once what the M step needs of them.
use super::features::symmetric;
use super::quadratics::{MANY, Quadratics};
use super::shares::entropy_of;
use super::{Answer, Covariance, Shares, responsibilities};
use crate::error::{Result, shaped};
use crate::linalg::product;
use crate::rows::over_rows;
use ndarray::{Array1, Array2, ArrayView2, Axis, s};

// ANCHOR: soft
/// q for all rows at once, as the M step of a Gaussian mixture sees it.
#[derive(Clone, Debug)]
pub struct Soft {
    /// Counts, sums about the origin, entropy.
    pub shares: Shares,
    /// Σ r (x − origin)(x − origin)ᵀ, as much of it as the covariances keep.
    pub squares: Covariance,
    /// The point that sums and squares are taken about.
    pub origin: Array1<f64>,
}
// ANCHOR_END: soft

/// The same while it grows: sums of features, and squares that are no features.
struct Growing {
    shares: Shares,
    squares: Vec<Array2<f64>>,
}

impl Soft {
    // ANCHOR: one_pass
    /// Responsibilities under `model` and their statistics, in one pass over the rows.
    pub(crate) fn of(x: ArrayView2<f64>, model: &Quadratics) -> Soft {
        let add = |sum: &mut Growing, block: ArrayView2<f64>| {
            let features = model.features(block);
            let answer = responsibilities(model.log_joint(&features));
            sum.add(model, &features, &answer);
        };
        over_rows(x, || Growing::zero(model), add, |a, b| a + b).done(model)
    }
    // ANCHOR_END: one_pass

    /// Of rows whose responsibilities, of shape (N, K), are given.
    pub(crate) fn given(
        x: ArrayView2<f64>,
        r: &Array2<f64>,
        model: &Quadratics,
    ) -> Result<Soft> {
        shaped("the data", x.dim(), "this mixture", (x.nrows(), model.means.ncols()))?;
        let entropy = entropy_of(r, (x.nrows(), model.offsets.len()))?;
        let answer = Answer { r: r.clone(), evidence: Array1::zeros(0), entropy };
        let mut sum = Growing::zero(model);
        sum.add(model, &model.features(x), &answer);
        Ok(sum.done(model))
    }

    // ANCHOR: means
    /// The mean of each component's rows, about the origin, of shape (K, D).
    pub(crate) fn means(&self) -> Array2<f64> {
        &self.shares.sums / &self.shares.counts.view().insert_axis(Axis(1)) // (eq:mixture-means)
    }

    /// The covariances of each component's rows about those means.
    pub(crate) fn covariances(&self) -> Covariance {
        let (n, m) = (&self.shares.counts, self.means());
        let rows = n.sum();
        let about = |k: usize, square: &Array2<f64>| {
            let m = m.row(k).insert_axis(Axis(1));
            square / n[k] - m.dot(&m.t()) // (eq:mixture-covariances)
        };
        match &self.squares {
            Covariance::Full(s) => {
                Covariance::Full(s.iter().enumerate().map(|(k, s)| about(k, s)).collect())
            }
            Covariance::Tied(s) => Covariance::Tied((s - &(&m.t() * n).dot(&m)) / rows),
            Covariance::Diagonal(s) => {
                Covariance::Diagonal(s / &n.view().insert_axis(Axis(1)) - &m * &m)
            }
            Covariance::Spherical(s) => {
                let spread = s / n - (&m * &m).sum_axis(Axis(1));
                Covariance::Spherical(spread / m.ncols() as f64)
            }
        }
    }
    // ANCHOR_END: means

    /// The variance of each column over all rows, from what lies within the components and between them.
    pub(crate) fn total_variance(&self) -> Array1<f64> {
        let n = &self.shares.counts;
        let rows = n.sum();
        let mean = self.shares.sums.sum_axis(Axis(0)) / rows;
        let square = match &self.squares {
            Covariance::Full(s) => s
                .iter()
                .map(|s| s.diag().to_owned())
                .fold(Array1::zeros(mean.len()), |a, b| a + b),
            Covariance::Tied(s) => s.diag().to_owned(),
            Covariance::Diagonal(s) => s.sum_axis(Axis(0)),
            Covariance::Spherical(s) => {
                Array1::from_elem(mean.len(), s.sum() / mean.len() as f64)
            }
        };
        let between = match self.squares {
            Covariance::Spherical(_) => {
                Array1::from_elem(mean.len(), mean.dot(&mean) / mean.len() as f64)
            }
            _ => &mean * &mean,
        };
        square / rows - between
    }
}

impl Growing {
    fn zero(model: &Quadratics) -> Growing {
        let (k, d) = model.means.dim();
        let squares = match &model.whiten {
            Covariance::Full(_) if d > MANY => k,
            Covariance::Tied(_) => 1,
            _ => 0,
        };
        Growing {
            shares: Shares::zero(k, model.slopes.ncols().max(d)),
            squares: vec![Array2::zeros((d, d)); squares],
        }
    }

    // ANCHOR: soft_add
    /// Adds a block of rows, as features, with their responsibilities.
    fn add(&mut self, model: &Quadratics, features: &Array2<f64>, answer: &Answer) {
        self.shares.add(features.view(), &answer.r, answer.entropy); // (eq:squares)
        let x = features.slice(s![.., ..model.means.ncols()]);
        if let Covariance::Tied(_) = model.whiten {
            self.squares[0] += &product(x.t(), x);
            return;
        }
        for (square, r) in self.squares.iter_mut().zip(answer.r.columns()) {
            let mut weighted = x.to_owned();
            for (mut x, r) in weighted.rows_mut().into_iter().zip(r) {
                x *= r.sqrt();
            }
            *square += &product(weighted.t(), weighted.view());
        }
    }
    // ANCHOR_END: soft_add

    /// Sums and squares apart, the squares in the shape of the covariances.
    fn done(self, model: &Quadratics) -> Soft {
        let d = model.means.ncols();
        let Growing { shares: Shares { counts, sums, entropy }, mut squares } = self;
        let behind = sums.slice(s![.., d..]).to_owned();
        let squares = match &model.whiten {
            Covariance::Full(_) if d > MANY => Covariance::Full(squares),
            Covariance::Full(_) => {
                let each = behind.rows().into_iter().map(|row| symmetric(&row.to_vec(), d));
                Covariance::Full(each.collect())
            }
            Covariance::Tied(_) => Covariance::Tied(squares.pop().unwrap_or_default()),
            Covariance::Diagonal(_) => Covariance::Diagonal(behind),
            Covariance::Spherical(_) => Covariance::Spherical(behind.column(0).to_owned()),
        };
        let sums = sums.slice(s![.., ..d]).to_owned();
        Soft {
            shares: Shares { counts, sums, entropy },
            squares,
            origin: model.origin.clone(),
        }
    }
}

impl std::ops::Add for Growing {
    type Output = Growing;
    fn add(self, other: Growing) -> Growing {
        let squares = self.squares.into_iter().zip(other.squares).map(|(a, b)| a + b);
        Growing { shares: self.shares + other.shares, squares: squares.collect() }
    }
}
