//! What a block of rows looks like to a Gaussian mixture: numbers that log p(x, k) is linear in.
use super::Covariance;
use super::quadratics::{MANY, Quadratics, pairs};
use crate::linalg::product;
use crate::rows::combined;
use ndarray::{Array2, ArrayView2, s};

impl Quadratics {
    // ANCHOR: features
    /// Each row about the origin, and behind it its squares, as many as the kind of
    /// covariance asks for.
    pub fn features(&self, rows: ArrayView2<f64>) -> Array2<f64> {
        let d = self.means.ncols();
        let mut out = Array2::zeros((rows.nrows(), self.slopes.ncols().max(d)));
        for (row, mut f) in rows.rows().into_iter().zip(out.rows_mut()) {
            let Some(f) = f.as_slice_mut() else { continue };
            let (x, squares) = f.split_at_mut(d);
            match row.as_slice() {
                Some(row) => x.copy_from_slice(row),
                None => x.iter_mut().zip(row).for_each(|(x, value)| *x = *value),
            }
            x.iter_mut().zip(&self.origin).for_each(|(x, middle)| *x -= middle);
            match &self.whiten {
                Covariance::Full(_) => triangle(x, squares),
                Covariance::Tied(_) => {}
                Covariance::Diagonal(_) => {
                    squares.iter_mut().zip(x).for_each(|(f, x)| *f = *x * *x);
                }
                Covariance::Spherical(_) => squares[0] = x.iter().map(|x| x * x).sum(),
            }
        }
        if let Covariance::Tied(w) = &self.whiten {
            let white = product(out.slice(s![.., ..d]), w.view());
            for (u, f) in white.rows().into_iter().zip(out.column_mut(d)) {
                *f = u.iter().map(|u| u * u).sum();
            }
        }
        out
    }

    /// log p(x, k), of shape (rows, K), from the features of the rows.
    pub fn log_joint(&self, features: &Array2<f64>) -> Array2<f64> {
        match &self.whiten {
            Covariance::Full(whiten) if self.means.ncols() > MANY => {
                self.one_by_one(features, whiten)
            }
            _ => {
                let slopes = product(features.view(), self.slopes.t());
                combined(slopes.view(), &self.levels, |s, level| s + level) // (eq:linear-in)
            }
        }
    }
    // ANCHOR_END: features

    // ANCHOR: one_by_one
    /// The same, one component after another: rows about its mean, in its own units.
    fn one_by_one(&self, x: &Array2<f64>, whiten: &[Array2<f64>]) -> Array2<f64> {
        let mut out = Array2::zeros((x.nrows(), whiten.len()));
        for (k, w) in whiten.iter().enumerate() {
            let moved = combined(x.view(), &self.means.row(k).to_owned(), |x, m| x - m);
            let white = product(moved.view(), w.view());
            for (u, out) in white.rows().into_iter().zip(out.column_mut(k)) {
                *out = self.offsets[k] - 0.5 * u.iter().map(|u| u * u).sum::<f64>();
            }
        }
        out
    }
    // ANCHOR_END: one_by_one
}

/// x_a x_b for a ≥ b.
fn triangle(x: &[f64], squares: &mut [f64]) {
    let mut rest = squares;
    for (a, xa) in x.iter().enumerate() {
        let Some((row, more)) = rest.split_at_mut_checked(a + 1) else { return };
        row.iter_mut().zip(x).for_each(|(f, xb)| *f = xa * xb);
        rest = more;
    }
}

/// A symmetric matrix from its lower triangle, row by row.
pub(crate) fn symmetric(triangle: &[f64], d: usize) -> Array2<f64> {
    let mut out = Array2::zeros((d, d));
    for ((a, b), v) in pairs(d).zip(triangle) {
        out[[a, b]] = *v;
        out[[b, a]] = *v;
    }
    out
}
