//! The E step in one pass over the rows: responsibilities of a block, and at once what the M step needs of them.
use super::quadratics::Quadratics;
use super::{Covariance, Shares, responsibilities};
use crate::error::Result;
use crate::linalg::product;
use crate::rows::over_rows;
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis};

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

impl Soft {
    // ANCHOR: soft_add
    /// Adds the squares of a block of rows, about the origin, with their responsibilities.
    fn add_squares(&mut self, x: &Array2<f64>, r: &Array2<f64>) {
        match &mut self.squares {
            Covariance::Full(squares) => {
                for (square, r) in squares.iter_mut().zip(r.columns()) {
                    *square += &weighted_square(x, r); // (eq:squares)
                }
            }
            Covariance::Tied(square) => *square += &product(x.t(), x.view()),
            Covariance::Diagonal(squares) => *squares += &product(r.t(), (x * x).view()),
            Covariance::Spherical(squares) => {
                *squares += &r.t().dot(&(x * x).sum_axis(Axis(1)));
            }
        }
    }
    // ANCHOR_END: soft_add

    // ANCHOR: one_pass
    /// Responsibilities under `model` and their statistics, in one pass over the rows.
    pub(crate) fn of(x: ArrayView2<f64>, model: &Quadratics) -> Soft {
        let (k, d) = model.means.dim();
        let zero = || Soft {
            shares: Shares::zero(k, d),
            squares: model.whiten.zeros_like(),
            origin: model.origin.clone(),
        };
        let add = |sum: &mut Soft, block: ArrayView2<f64>| {
            let x = &block - &model.origin;
            let answer = responsibilities(model.log_joint(&x));
            sum.shares.add(x.view(), &answer.r, answer.entropy);
            sum.add_squares(&x, &answer.r);
        };
        over_rows(x, zero, add, |a, b| a + b)
    }
    // ANCHOR_END: one_pass

    /// Of rows whose responsibilities, of shape (N, K), are given; `squares` are zeros of the right kind.
    pub(crate) fn given(
        x: ArrayView2<f64>,
        r: &Array2<f64>,
        origin: Array1<f64>,
        squares: Covariance,
    ) -> Result<Soft> {
        let x = &x - &origin;
        let shares = Shares::given(x.view(), r, (r.ncols(), origin.len()))?;
        let mut soft = Soft { shares, squares, origin };
        soft.add_squares(&x, r);
        Ok(soft)
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

/// XᵀRX with R diagonal: a symmetric product of √r x, where √r·√r = r.
fn weighted_square(x: &Array2<f64>, r: ArrayView1<f64>) -> Array2<f64> {
    let scaled = x * &r.mapv(f64::sqrt).insert_axis(Axis(1));
    product(scaled.t(), scaled.view())
}

impl std::ops::Add for Soft {
    type Output = Soft;
    fn add(self, other: Soft) -> Soft {
        let squares = match (self.squares, other.squares) {
            (Covariance::Full(a), Covariance::Full(b)) => {
                Covariance::Full(a.into_iter().zip(b).map(|(a, b)| a + b).collect())
            }
            (Covariance::Tied(a), Covariance::Tied(b)) => Covariance::Tied(a + b),
            (Covariance::Diagonal(a), Covariance::Diagonal(b)) => Covariance::Diagonal(a + b),
            (Covariance::Spherical(a), Covariance::Spherical(b)) => {
                Covariance::Spherical(a + b)
            }
            (kept, _) => kept,
        };
        Soft { shares: self.shares + other.shares, squares, origin: self.origin }
    }
}
