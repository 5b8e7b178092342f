//! Shapes that figures share: level lines of a surface, and the ellipse of a covariance.
use super::Points;
use ndarray::{ArrayView1, ArrayView2};

/// The lines at height `level` of a surface given on a grid: `heights[[i, j]]` stands where x is its `j`-th place and y its `i`-th.
/// Each piece crosses one cell; the sides of the cell are straight.
pub fn contours(
    x: ArrayView1<f64>,
    y: ArrayView1<f64>,
    heights: ArrayView2<f64>,
    level: f64,
) -> Vec<[(f64, f64); 2]> {
    let (rows, columns) = (heights.nrows().min(y.len()), heights.ncols().min(x.len()));
    let mut out = vec![];
    for i in 1..rows {
        for j in 1..columns {
            let corner = |a: usize, b: usize| (x[b], y[a], heights[[a, b]] - level);
            let round =
                [corner(i - 1, j - 1), corner(i - 1, j), corner(i, j), corner(i, j - 1)];
            let crossings: Points =
                (0..4).filter_map(|k| crossing(round[k], round[(k + 1) % 4])).collect();
            out.extend(crossings.chunks_exact(2).map(|pair| [pair[0], pair[1]]));
        }
    }
    out
}

/// Where the height is zero between two corners, if it is on different sides there.
fn crossing(a: (f64, f64, f64), b: (f64, f64, f64)) -> Option<(f64, f64)> {
    let t = a.2 / (a.2 - b.2);
    ((a.2 < 0.0) != (b.2 < 0.0) && t.is_finite())
        .then_some((a.0 + t * (b.0 - a.0), a.1 + t * (b.1 - a.1)))
}

/// The ellipse `radius` standard deviations from `mean`, for a covariance of shape (2, 2).
pub fn ellipse(mean: [f64; 2], covariance: ArrayView2<f64>, radius: f64) -> Points {
    let (a, b, c) = (covariance[[0, 0]], covariance[[0, 1]], covariance[[1, 1]]);
    // The Cholesky factor of a 2 × 2 matrix, written out.
    let l = [a.max(0.0).sqrt(), b / a.max(f64::MIN_POSITIVE).sqrt()];
    let last = (c - l[1] * l[1]).max(0.0).sqrt();
    let turn = |i: i32| f64::from(i) * std::f64::consts::TAU / 120.0;
    let place = |(sin, cos): (f64, f64)| {
        (mean[0] + radius * l[0] * cos, mean[1] + radius * (l[1] * cos + last * sin))
    };
    (0..=120).map(|i| place(turn(i).sin_cos())).collect()
}
