//! Log densities that are quadratic in x, for many rows at once.
use super::{Covariance, Soft};
use crate::error::{Error, Result, within};
use crate::gaussian::half_log_det;
use crate::linalg::{cholesky, product, solve_lower};
use ndarray::{Array1, Array2, ArrayView1, Axis};

// ANCHOR: quadratics
/// Log densities with an offset each, ready for many rows: offset − ½ |(x − mean) W|².
#[derive(Clone, Debug)]
pub(crate) struct Quadratics {
    /// Of length K.
    pub offsets: Array1<f64>,
    /// What is taken from every row first, so that squares stay small: the middle of the means.
    pub origin: Array1<f64>,
    /// About the origin, of shape (K, D).
    pub means: Array2<f64>,
    /// Full, tied: W with WWᵀ = Σ⁻¹, of shape (D, D). Diagonal, spherical: one over each variance.
    pub whiten: Covariance,
}
// ANCHOR_END: quadratics

/// W = L⁻ᵀ, of shape (D, D), and ½ log |s|.
pub(crate) fn whitener(s: &Array2<f64>) -> Result<(Array2<f64>, f64)> {
    let l = cholesky(s.view())?;
    let inverse = solve_lower(l.view(), Array2::eye(s.nrows()).view())?;
    Ok((inverse.t().as_standard_layout().into_owned(), half_log_det(&l)))
}

/// Σ over the columns of the squares, for each row.
fn squared(x: &Array2<f64>) -> Array1<f64> {
    let square = |row: ArrayView1<f64>| row.iter().map(|v| v * v).sum();
    x.rows().into_iter().map(square).collect()
}

impl Quadratics {
    /// With these covariances; to each offset comes −½ log |Σ|.
    pub fn new(
        mut offsets: Array1<f64>,
        means: Array2<f64>,
        s: &Covariance,
    ) -> Result<Quadratics> {
        let d = means.ncols() as f64;
        let invert = |v: f64| {
            within("a variance", v, f64::MIN_POSITIVE, f64::MAX, "").map(|()| 1.0 / v)
        };
        let whiten = match s {
            Covariance::Full(s) => {
                let mut all = vec![];
                for (offset, s) in offsets.iter_mut().zip(s) {
                    let (w, half_log_det) = whitener(s)?;
                    *offset -= half_log_det;
                    all.push(w);
                }
                Covariance::Full(all)
            }
            Covariance::Tied(s) => {
                let (w, half_log_det) = whitener(s)?;
                offsets -= half_log_det;
                Covariance::Tied(w)
            }
            Covariance::Diagonal(v) => {
                offsets -= &(0.5 * v.mapv(f64::ln).sum_axis(Axis(1)));
                let inverse: Result<Vec<f64>> = v.iter().map(|v| invert(*v)).collect();
                let inverse = Array2::from_shape_vec(v.dim(), inverse?);
                Covariance::Diagonal(
                    inverse.map_err(|_| Error::NoConvergence { what: "inverse" })?,
                )
            }
            Covariance::Spherical(v) => {
                offsets -= &(0.5 * d * v.mapv(f64::ln));
                Covariance::Spherical(v.iter().map(|v| invert(*v)).collect::<Result<_>>()?)
            }
        };
        let origin = means.sum_axis(Axis(0)) / means.nrows() as f64;
        Ok(Quadratics { offsets, means: means - &origin, origin, whiten })
    }

    // ANCHOR: distances
    /// |(x − mean) W|² for each row and component, of shape (N, K); rows about the origin.
    pub fn distances(&self, x: &Array2<f64>) -> Array2<f64> {
        let (n, k) = (x.nrows(), self.means.nrows());
        let apart = |x: &Array2<f64>, m: &Array2<f64>| {
            let across = product(x.view(), m.t());
            let both = &squared(x).insert_axis(Axis(1)) + &squared(m);
            (both - 2.0 * across).mapv_into(|v| v.max(0.0))
        };
        match &self.whiten {
            Covariance::Full(whiten) => {
                let mut out = Array2::zeros((n, k));
                for (j, w) in whiten.iter().enumerate() {
                    let u = product((x - &self.means.row(j)).view(), w.view());
                    out.column_mut(j).assign(&squared(&u));
                }
                out
            }
            Covariance::Tied(w) => apart(&product(x.view(), w.view()), &self.means.dot(w)),
            Covariance::Diagonal(inverse) => {
                let scaled = &self.means * inverse;
                let both = product((x * x).view(), inverse.t())
                    + (&scaled * &self.means).sum_axis(Axis(1));
                (both - 2.0 * product(x.view(), scaled.t())).mapv_into(|v| v.max(0.0))
            }
            Covariance::Spherical(inverse) => apart(x, &self.means) * inverse,
        }
    }
    // ANCHOR_END: distances

    /// offset − ½ distance, for rows about the origin: log p(x, k), if the offsets hold all the rest.
    pub fn log_joint(&self, x: &Array2<f64>) -> Array2<f64> {
        let mut out = self.distances(x);
        out *= -0.5;
        out + &self.offsets
    }

    // ANCHOR: expected
    /// The mean under q of offset − ½ distance, summed over rows: from the statistics alone.
    pub fn expected(&self, q: &Soft) -> f64 {
        let (n, s) = (&q.shares.counts, &q.shares.sums);
        let m = &self.means + &(&self.origin - &q.origin); // about the origin of q
        let column = |v: ArrayView1<f64>| v.insert_axis(Axis(1)).to_owned();
        let about = |k: usize, square: &Array2<f64>| {
            let (s, m) = (column(s.row(k)), column(m.row(k)));
            square - &s.dot(&m.t()) - m.dot(&s.t()) + n[k] * m.dot(&m.t())
        };
        let trace = |w: &Array2<f64>, scatter: &Array2<f64>| (scatter.dot(w) * w).sum(); // tr WᵀSW
        let twice = 2.0 * s - &m * &n.view().insert_axis(Axis(1));
        let misfit = match (&self.whiten, &q.squares) {
            (Covariance::Full(w), Covariance::Full(squares)) => {
                let each = w.iter().zip(squares).enumerate();
                each.map(|(k, (w, square))| trace(w, &about(k, square))).sum()
            }
            (Covariance::Tied(w), Covariance::Tied(square)) => {
                let cross = m.t().dot(s);
                let scatter = square - &cross - cross.t() + (&m.t() * n).dot(&m);
                trace(w, &scatter)
            }
            (Covariance::Diagonal(inverse), Covariance::Diagonal(squares)) => {
                (inverse * &(squares - &m * &twice)).sum()
            }
            (Covariance::Spherical(inverse), Covariance::Spherical(squares)) => {
                (inverse * &(squares - (&m * &twice).sum_axis(Axis(1)))).sum()
            }
            _ => f64::NAN,
        };
        q.shares.of(&self.offsets) - 0.5 * misfit // (eq:expected)
    }
    // ANCHOR_END: expected
}
