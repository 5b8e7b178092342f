//! The few factorisations that the chapters stand on, by faer: values in, values out.
//!
//! Without the feature `faer` (in a page's WebAssembly) the eigenvalues come from Jacobi rotations.
use crate::error::{Error, Result, finite, shaped};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis, s};

#[cfg(feature = "faer")]
use by_faer::Gram;

/// Eigenvalues in falling order, and the unit eigenvectors as columns, each with its largest entry positive.
#[derive(Clone, Debug)]
pub struct Eigen {
    /// The eigenvalues, largest first.
    pub values: Array1<f64>,
    /// Column `j` belongs to `values[j]`.
    pub vectors: Array2<f64>,
}

/// The eigenvalues and eigenvectors of a symmetric matrix.
pub fn eigen_symmetric(s: ArrayView2<f64>) -> Result<Eigen> {
    finite("the matrix", s)?;
    shaped("the matrix", s.dim(), "an eigenvalue problem", (s.nrows(), s.nrows()))?;
    #[cfg(feature = "faer")]
    return by_faer::eigen_symmetric(s);
    #[cfg(not(feature = "faer"))]
    jacobi(s)
}

/// The same by rotations in one plane after another, until nothing is left off the diagonal.
pub fn jacobi(s: ArrayView2<f64>) -> Result<Eigen> {
    let d = s.nrows();
    finite("the matrix", s)?;
    shaped("the matrix", s.dim(), "an eigenvalue problem", (d, d))?;
    let (mut a, mut v) = (s.to_owned(), Array2::eye(d));
    let scale = s.iter().map(|x| x * x).sum::<f64>().sqrt();
    for _sweep in 0..100 {
        let off: f64 = (0..d)
            .flat_map(|i| (0..i).map(move |j| (i, j)))
            .map(|ij| a[ij].abs())
            .fold(0.0, f64::max);
        if off <= 1e-15 * scale {
            return Ok(sorted(a.diag().to_owned(), v));
        }
        for p in 0..d {
            for q in p + 1..d {
                rotate(&mut a, &mut v, p, q);
            }
        }
    }
    Err(Error::NoConvergence { what: "symmetric eigenvalue iteration" })
}

/// Turns the plane of axes `p` and `q` so that `a[p, q]` becomes zero.
fn rotate(a: &mut Array2<f64>, v: &mut Array2<f64>, p: usize, q: usize) {
    if a[[p, q]] == 0.0 {
        return;
    }
    let theta = (a[[q, q]] - a[[p, p]]) / (2.0 * a[[p, q]]);
    let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
    let c = 1.0 / (t * t + 1.0).sqrt();
    let s = t * c;
    for i in 0..a.nrows() {
        let (x, y) = (a[[i, p]], a[[i, q]]);
        (a[[i, p]], a[[i, q]]) = (c * x - s * y, s * x + c * y);
        let (x, y) = (v[[i, p]], v[[i, q]]);
        (v[[i, p]], v[[i, q]]) = (c * x - s * y, s * x + c * y);
    }
    for i in 0..a.nrows() {
        let (x, y) = (a[[p, i]], a[[q, i]]);
        (a[[p, i]], a[[q, i]]) = (c * x - s * y, s * x + c * y);
    }
}

/// Largest eigenvalue first, and the sign rule applied.
fn sorted(values: Array1<f64>, vectors: Array2<f64>) -> Eigen {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&i, &j| values[j].total_cmp(&values[i]));
    Eigen {
        values: values.select(Axis(0), &order),
        vectors: fix_signs(vectors.select(Axis(1), &order)),
    }
}

// ANCHOR: fix_signs
/// Turns each column so that its entry of largest size is positive.
pub fn fix_signs(mut columns: Array2<f64>) -> Array2<f64> {
    for mut column in columns.columns_mut() {
        let largest =
            column.iter().fold(0.0f64, |m, &v| if v.abs() > m.abs() { v } else { m });
        if largest < 0.0 {
            column.mapv_inplace(|v| -v);
        }
    }
    columns
}
// ANCHOR_END: fix_signs

/// S = XᵀX / N, of shape (D, D): the covariance, if the columns of `x` have mean zero.
pub fn second_moment(x: ArrayView2<f64>) -> Array2<f64> {
    let mut total = Gram::zeros(x.ncols());
    total.add(x);
    total.whole() / x.nrows() as f64
}

/// Rows that are moved and multiplied at a time: they stay in the cache, and no second copy of the data is made.
const CHUNK: usize = 1024;

// ANCHOR: second_moment
/// E(x − a)(x − a)ᵀ over the rows of `x`, of shape (D, D); the covariance, if `a` is their mean.
pub(crate) fn second_moment_about(x: ArrayView2<f64>, a: ArrayView1<f64>) -> Array2<f64> {
    let mut total = Gram::zeros(x.ncols());
    let mut moved = Array2::zeros((CHUNK.min(x.nrows()), x.ncols()));
    for rows in x.axis_chunks_iter(Axis(0), CHUNK) {
        let mut here = moved.slice_mut(s![..rows.nrows(), ..]);
        here.assign(&rows);
        here -= &a;
        total.add(here.view());
    }
    total.whole() / x.nrows() as f64
}
// ANCHOR_END: second_moment

/// The singular values of `x`, largest first, and its right singular vectors as columns.
#[cfg(feature = "faer")]
pub fn right_singular(x: ArrayView2<f64>) -> Result<Eigen> {
    finite("the matrix", x)?;
    by_faer::right_singular(x)
}

/// The lower triangular L with L Lᵀ = a, for a symmetric positive definite `a`.
pub fn cholesky(a: ArrayView2<f64>) -> Result<Array2<f64>> {
    finite("the matrix", a)?;
    let d = a.nrows();
    shaped("the matrix", a.dim(), "a Cholesky factorisation", (d, d))?;
    let mut l = Array2::<f64>::zeros((d, d));
    for j in 0..d {
        let before = l.slice(s![j, ..j]).to_owned();
        let pivot = a[[j, j]] - before.dot(&before);
        if pivot.is_nan() || pivot <= 1e-14 * a[[j, j]].abs() {
            return Err(Error::NotPositiveDefinite { what: "the matrix", index: j, pivot });
        }
        l[[j, j]] = pivot.sqrt();
        for i in j + 1..d {
            l[[i, j]] = (a[[i, j]] - before.dot(&l.slice(s![i, ..j]))) / l[[j, j]];
        }
    }
    Ok(l)
}

/// Solves L y = b for every column of `b`, with `l` lower triangular.
pub fn solve_lower(l: ArrayView2<f64>, b: ArrayView2<f64>) -> Result<Array2<f64>> {
    shaped("the triangle", l.dim(), "this right side", (b.nrows(), b.nrows()))?;
    let mut y = b.as_standard_layout().into_owned();
    for i in 0..l.nrows() {
        let (known, mut rest) = y.view_mut().split_at(Axis(0), i);
        let mut row = rest.row_mut(0);
        for (known, l) in known.rows().into_iter().zip(l.row(i)) {
            row.scaled_add(-l, &known);
        }
        row /= l[[i, i]];
    }
    Ok(y)
}

/// A B, on one core: whoever has many rows cuts them into parts, one for each core.
pub(crate) fn product(a: ArrayView2<f64>, b: ArrayView2<f64>) -> Array2<f64> {
    #[cfg(feature = "faer")]
    if a.ncols() * b.ncols() > 64 || b.ncols() * a.nrows() > 1 << 16 {
        return by_faer::product(a, b);
    }
    a.dot(&b)
}

// ANCHOR: projector
/// A (AᵀA)⁻¹ Aᵀ, of shape (D, D): the orthogonal projection onto the columns of `a`.
pub fn projector(a: ArrayView2<f64>) -> Result<Array2<f64>> {
    let l = cholesky(a.t().dot(&a).view())?;
    let half = solve_lower(l.view(), a.t())?; // L⁻¹ Aᵀ
    Ok(half.t().dot(&half))
}

/// The largest angle, in radians, between the span of `a`'s columns and that of `b`'s.
pub fn angle_between(a: ArrayView2<f64>, b: ArrayView2<f64>) -> Result<f64> {
    shaped("the second basis", b.dim(), "the first", (a.nrows(), b.ncols()))?;
    let gap = projector(a)? - projector(b)?;
    let sine_squared = eigen_symmetric(gap.dot(&gap).view())?.values[0];
    Ok(sine_squared.clamp(0.0, 1.0).sqrt().asin())
}
// ANCHOR_END: projector

/// A sum of XᵀX over pieces.
#[cfg(not(feature = "faer"))]
struct Gram(Array2<f64>);

#[cfg(not(feature = "faer"))]
impl Gram {
    fn zeros(d: usize) -> Gram {
        Gram(Array2::zeros((d, d)))
    }
    fn add(&mut self, x: ArrayView2<f64>) {
        self.0 += &x.t().dot(&x);
    }
    fn whole(&self) -> Array2<f64> {
        self.0.clone()
    }
}

#[cfg(feature = "faer")]
mod by_faer {
    use super::{Array1, Array2, ArrayView2, Eigen, Error, Result, fix_signs, sorted};
    use faer::linalg::matmul::triangular::{BlockStructure, matmul};
    use faer::{Accum, Mat, MatMut, MatRef, Par, Side};

    fn to_faer<T>(x: ArrayView2<f64>, then: impl FnOnce(MatRef<'_, f64>) -> T) -> T {
        let (rows, columns) = x.dim();
        match (x.as_slice(), x.t().as_slice()) {
            (Some(flat), _) => then(MatRef::from_row_major_slice(flat, rows, columns)),
            (_, Some(flat)) => then(MatRef::from_column_major_slice(flat, rows, columns)),
            _ => {
                let copy = x.as_standard_layout();
                then(MatRef::from_row_major_slice(
                    copy.as_slice().unwrap_or(&[]),
                    rows,
                    columns,
                ))
            }
        }
    }

    pub fn product(a: ArrayView2<f64>, b: ArrayView2<f64>) -> Array2<f64> {
        let (rows, columns) = (a.nrows(), b.ncols());
        let mut flat = vec![0.0; rows * columns];
        let out = MatMut::from_row_major_slice_mut(&mut flat, rows, columns);
        to_faer(a, |a| {
            to_faer(b, |b| {
                faer::linalg::matmul::matmul(out, Accum::Replace, a, b, 1.0, Par::Seq)
            })
        });
        Array2::from_shape_vec((rows, columns), flat).unwrap_or_default()
    }

    fn from_faer(m: MatRef<'_, f64>) -> Array2<f64> {
        Array2::from_shape_fn((m.nrows(), m.ncols()), |(i, j)| m[(i, j)])
    }

    /// A sum of XᵀX over pieces. It is symmetric, so only its lower half is computed.
    pub struct Gram(Mat<f64>);

    impl Gram {
        pub fn zeros(d: usize) -> Gram {
            Gram(Mat::zeros(d, d))
        }

        pub fn add(&mut self, x: ArrayView2<f64>) {
            let small = x.len() * x.ncols() < 1 << 20; // two threads would cost more than they save
            let par = if small { Par::Seq } else { faer::get_global_parallelism() };
            to_faer(x, |m| {
                let (half, whole) =
                    (BlockStructure::TriangularLower, BlockStructure::Rectangular);
                let (g, t) = (self.0.as_mut(), m.transpose());
                matmul(g, half, Accum::Add, t, whole, m, whole, 1.0, par);
            });
        }

        pub fn whole(&self) -> Array2<f64> {
            let d = self.0.nrows();
            Array2::from_shape_fn((d, d), |(i, j)| self.0[(i.max(j), i.min(j))])
        }
    }

    pub fn eigen_symmetric(s: ArrayView2<f64>) -> Result<Eigen> {
        let failed = Error::NoConvergence { what: "symmetric eigenvalue iteration" };
        let found = to_faer(s, |m| m.self_adjoint_eigen(Side::Lower)).map_err(|_| failed)?;
        let values = Array1::from_shape_fn(s.nrows(), |i| found.S()[i]);
        Ok(sorted(values, from_faer(found.U())))
    }

    /// A tall matrix is first reduced to the R of its QR factorisation: XᵀX = RᵀR, so both have the same
    /// singular values and the same right singular vectors, and R has only D rows.
    pub fn right_singular(x: ArrayView2<f64>) -> Result<Eigen> {
        let failed = |_| Error::NoConvergence { what: "singular value iteration" };
        let small = |m: MatRef<'_, f64>| m.thin_svd().map_err(failed);
        let found = to_faer(x, |m| {
            if m.nrows() > m.ncols() { small(m.qr().thin_R()) } else { small(m) }
        })?;
        let values = Array1::from_shape_fn(x.nrows().min(x.ncols()), |i| found.S()[i]);
        Ok(Eigen { values, vectors: fix_signs(from_faer(found.V())) })
    }
}
