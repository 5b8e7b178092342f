//! One of the many equally likely rotations, chosen for the eye: few large loadings and many small ones.
use super::FactorAnalysis;
use crate::error::{Result, finite};
use ndarray::{Array2, ArrayView2, Axis};

// ANCHOR: varimax
/// How unequal the squared loadings are: their variance within each column of W, added up.
pub fn varimax_criterion(w: ArrayView2<f64>) -> f64 {
    let squares = w.mapv(|v| v * v);
    squares.var_axis(Axis(0), 0.0).sum() // (eq:varimax)
}

impl FactorAnalysis {
    /// The same model of x, its factors turned to where the criterion is greatest.
    pub fn varimax(&self) -> Result<Self> {
        finite("the loadings", self.w.view())?;
        let mut w = self.w.clone();
        for _round in 0..100 {
            let before = varimax_criterion(w.view());
            for i in 0..w.ncols() {
                for j in 0..i {
                    let angle = best_angle(&w, j, i);
                    turn(&mut w, j, i, angle);
                }
            }
            if varimax_criterion(w.view()) <= before * (1.0 + 1e-14) {
                break;
            }
        }
        Self::new(self.mean.clone(), w, self.psi.clone())
    }
}
// ANCHOR_END: varimax

/// Turns columns i and j in their plane.
fn turn(w: &mut Array2<f64>, i: usize, j: usize, angle: f64) {
    let (sin, cos) = angle.sin_cos();
    for mut row in w.rows_mut() {
        let (a, b) = (row[i], row[j]);
        (row[i], row[j]) = (a * cos + b * sin, b * cos - a * sin);
    }
}

/// The angle that raises the criterion of two columns most: it is a cosine of four times the angle, plus a constant.
fn best_angle(w: &Array2<f64>, i: usize, j: usize) -> f64 {
    let (a, b) = (w.column(i), w.column(j));
    let (u, v) = (&a * &a - &b * &b, 2.0 * &a * b);
    let d = w.nrows() as f64;
    let sine = 2.0 * (d * u.dot(&v) - u.sum() * v.sum());
    let cosine = d * (u.dot(&u) - v.dot(&v)) - u.sum().powi(2) + v.sum().powi(2);
    sine.atan2(cosine) / 4.0
}
