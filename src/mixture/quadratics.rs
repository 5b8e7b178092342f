//! Log densities that are quadratic in x, for many rows at once.
use super::{Covariance, Soft};
use crate::error::{Error, Result, within};
use crate::gaussian::half_log_det;
use crate::linalg::{cholesky, solve_lower};
use ndarray::{Array1, Array2, ArrayView1, Axis, concatenate};

// ANCHOR: quadratics
/// Log densities with an offset each: offset − ½ |(x − mean) W|².
#[derive(Clone, Debug)]
pub(crate) struct Quadratics {
    /// Of length K.
    pub offsets: Array1<f64>,
    /// What is taken from every row first, so that squares stay small: the middle of
    /// the means.
    pub origin: Array1<f64>,
    /// About the origin, of shape (K, D).
    pub means: Array2<f64>,
    /// Full, tied: W with WWᵀ = Σ⁻¹, of shape (D, D). Diagonal, spherical: one over
    /// each variance.
    pub whiten: Covariance,
    /// The same as level + slopes · features, with the same features for all components:
    /// of length K, and of shape (K, F).
    pub levels: Array1<f64>,
    /// Empty where the squares are too many.
    pub slopes: Array2<f64>,
}
// ANCHOR_END: quadratics

/// W = L⁻ᵀ, of shape (D, D), and ½ log |s|.
fn whitener(s: &Array2<f64>) -> Result<(Array2<f64>, f64)> {
    let l = cholesky(s.view())?;
    let inverse = solve_lower(l.view(), Array2::eye(s.nrows()).view())?;
    Ok((inverse.t().as_standard_layout().into_owned(), half_log_det(&l)))
}

/// One over each variance.
fn inverse(v: f64) -> Result<f64> {
    within("a variance", v, f64::MIN_POSITIVE, f64::MAX, "").map(|()| 1.0 / v)
}

impl Quadratics {
    /// With these covariances; to each offset comes −½ log |Σ|.
    pub fn new(
        mut offsets: Array1<f64>,
        means: Array2<f64>,
        s: &Covariance,
    ) -> Result<Quadratics> {
        let d = means.ncols() as f64;
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
                let flat = v.iter().map(|v| inverse(*v)).collect::<Result<_>>()?;
                let shaped = Array2::from_shape_vec(v.dim(), flat);
                Covariance::Diagonal(
                    shaped.map_err(|_| Error::NoConvergence { what: "inverse" })?,
                )
            }
            Covariance::Spherical(v) => {
                offsets -= &(0.5 * d * v.mapv(f64::ln));
                Covariance::Spherical(v.iter().map(|v| inverse(*v)).collect::<Result<_>>()?)
            }
        };
        let origin = means.sum_axis(Axis(0)) / means.nrows() as f64;
        let means = means - &origin;
        let (levels, slopes) = linear(&offsets, &means, &whiten);
        Ok(Quadratics { offsets, means, origin, whiten, levels, slopes })
    }

    // ANCHOR: expected
    /// The mean under q of offset − ½ distance, summed over rows: from the statistics
    /// alone.
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

/// A full covariance in more columns than this is taken component by component: its squares would be too many features.
pub(crate) const MANY: usize = 24;

// ANCHOR: linear_in
/// offset − ½ |(x − m) W|² as level + slopes · features: about the origin,
/// (x − m)ᵀΛ(x − m) = xᵀΛx − 2 mᵀΛx + mᵀΛm.
fn linear(
    offsets: &Array1<f64>,
    means: &Array2<f64>,
    whiten: &Covariance,
) -> (Array1<f64>, Array2<f64>) {
    let (k, d) = means.dim();
    let column = |v: &Array1<f64>| v.view().insert_axis(Axis(1)).to_owned();
    let (of_x, of_squares) = match whiten {
        Covariance::Full(_) if d > MANY => return (offsets.clone(), Array2::zeros((k, 0))),
        Covariance::Full(w) => {
            let lambdas: Vec<Array2<f64>> = w.iter().map(|w| w.dot(&w.t())).collect();
            let mut squares = Array2::zeros((k, d * (d + 1) / 2));
            let mut of_x = Array2::zeros((k, d));
            for (j, lambda) in lambdas.iter().enumerate() {
                of_x.row_mut(j).assign(&lambda.dot(&means.row(j)));
                for (at, (a, b)) in pairs(d).enumerate() {
                    squares[[j, at]] = if a == b { -0.5 } else { -1.0 } * lambda[[a, b]];
                }
            }
            (of_x, squares)
        }
        Covariance::Tied(w) => (means.dot(&w.dot(&w.t())), Array2::from_elem((k, 1), -0.5)),
        Covariance::Diagonal(inverse) => (means * inverse, -0.5 * inverse),
        Covariance::Spherical(inverse) => (means * &column(inverse), -0.5 * column(inverse)),
    };
    let levels = offsets - &(0.5 * (means * &of_x).sum_axis(Axis(1)));
    let slopes = concatenate(Axis(1), &[of_x.view(), of_squares.view()]);
    (levels, slopes.unwrap_or_default())
}

/// The entries of a lower triangle, row by row.
pub(crate) fn pairs(d: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..d).flat_map(|a| (0..=a).map(move |b| (a, b)))
}
// ANCHOR_END: linear_in
