//! Chapter 1: principal component analysis, and the autoencoders that find the same subspace.
#[cfg(feature = "neural")]
pub mod autoencoder;
#[cfg(all(feature = "neural", feature = "plot"))]
pub mod play;
pub mod tied;

use crate::error::{Result, finite, shaped, within};
use crate::linalg::{eigen_symmetric, second_moment_about};
use ndarray::{Array1, Array2, ArrayView2, Axis, s};

/// The point that directions are measured from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The mean of the rows: the directions are those of greatest variance.
    Mean,
    /// Zero: the directions are those of greatest energy, E(wᵀx)².
    Zero,
}

// ANCHOR: pca
/// Principal component analysis: L directions out of D, from N rows.
#[derive(Clone, Debug)]
pub struct Pca {
    /// μ, of length D; zeros if the origin is not the mean.
    pub mean: Array1<f64>,
    /// W, of shape (D, L): orthonormal columns, the direction of greatest variance first.
    pub w: Array2<f64>,
    /// λ, all min(N, D) of them, divided by N, largest first.
    pub variances: Array1<f64>,
    /// N, the rows it was fitted to.
    pub rows: usize,
}
// ANCHOR_END: pca

impl Pca {
    // ANCHOR: by_eigen
    /// From the eigenvectors of the second moment S, of shape (D, D).
    pub fn by_eigen(x: ArrayView2<f64>, origin: Origin) -> Result<Pca> {
        let mean = origin_of(x, origin)?;
        let found = eigen_symmetric(second_moment_about(x, mean.view()).view())?; // (eq:eigen)
        let kept = x.nrows().min(x.ncols());
        Ok(Pca {
            mean,
            w: found.vectors.slice_move(s![.., ..kept]),
            variances: found.values.slice_move(s![..kept]).mapv(|v| v.max(0.0)),
            rows: x.nrows(),
        })
    }
    // ANCHOR_END: by_eigen

    // ANCHOR: by_svd
    /// From the singular values of the centred data, of shape (N, D).
    #[cfg(feature = "faer")]
    pub fn by_svd(x: ArrayView2<f64>, origin: Origin) -> Result<Pca> {
        let mean = origin_of(x, origin)?;
        let found = crate::linalg::right_singular((&x - &mean).view())?;
        let variances = found.values.mapv(|s| s * s / x.nrows() as f64); // (eq:svd)
        Ok(Pca { mean, w: found.vectors, variances, rows: x.nrows() })
    }
    // ANCHOR_END: by_svd

    /// The same fit with the first `l` directions only.
    pub fn keep(&self, l: usize) -> Result<Pca> {
        within(
            "the number of directions",
            l as f64,
            1.0,
            self.w.ncols() as f64,
            ": there are no more than min(N, D)",
        )?;
        Ok(Pca { w: self.w.slice(s![.., ..l]).to_owned(), ..self.clone() })
    }

    // ANCHOR: encode
    /// z = Wᵀ(x − μ) for each row: from (N, D) to (N, L).
    pub fn encode(&self, x: ArrayView2<f64>) -> Result<Array2<f64>> {
        finite("the data", x)?;
        shaped("the data", x.dim(), "this fit", (x.nrows(), self.mean.len()))?;
        Ok((&x - &self.mean).dot(&self.w)) // (eq:encode)
    }

    /// x̂ = μ + Wz for each row: from (N, L) back to (N, D).
    pub fn decode(&self, z: ArrayView2<f64>) -> Result<Array2<f64>> {
        finite("the codes", z)?;
        shaped("the codes", z.dim(), "this fit", (z.nrows(), self.w.ncols()))?;
        Ok(z.dot(&self.w.t()) + &self.mean) // (eq:decode)
    }

    /// Each row's nearest point on the plane through μ that W spans.
    pub fn reconstruct(&self, x: ArrayView2<f64>) -> Result<Array2<f64>> {
        self.decode(self.encode(x)?.view())
    }
    // ANCHOR_END: encode

    // ANCHOR: error
    /// The mean over rows of ‖x − x̂‖², summed over columns.
    pub fn error(&self, x: ArrayView2<f64>) -> Result<f64> {
        Ok(mean_square(x, self.reconstruct(x)?.view())) // (eq:error)
    }

    /// The sum of the eigenvalues that the L directions leave out.
    pub fn discarded(&self) -> f64 {
        self.variances.slice(s![self.w.ncols()..]).sum() // (eq:discarded)
    }
    // ANCHOR_END: error

    // ANCHOR: share
    /// The share of all variance in the first 1, 2, … directions; ones if nothing varies.
    pub fn shares(&self) -> Array1<f64> {
        let total = self.variances.sum();
        let mut so_far = 0.0;
        self.variances.mapv(|v| {
            so_far += v;
            if total > 0.0 { so_far / total } else { 1.0 } // (eq:share)
        })
    }

    /// The least number of directions that hold at least the share `wanted` of the variance.
    pub fn directions_for(&self, wanted: f64) -> Result<usize> {
        within("the share of variance", wanted, 0.0, 1.0, "")?;
        let too_few = self.shares().iter().filter(|&&s| s < wanted - 1e-12).count();
        Ok((1 + too_few).min(self.variances.len()))
    }
    // ANCHOR_END: share

    // ANCHOR: unbiased
    /// The variances divided by N − 1 instead of N, as many libraries print them.
    pub fn variances_unbiased(&self) -> Result<Array1<f64>> {
        let n = self.rows as f64;
        within("the number of rows", n, 2.0, f64::INFINITY, ": N − 1 divides")?;
        Ok(&self.variances * (n / (n - 1.0))) // (eq:unbiased)
    }
    // ANCHOR_END: unbiased

    // ANCHOR: whiten
    /// The spread of each kept code, √λ: what a code of ordinary size is measured in.
    pub fn spreads(&self) -> Array1<f64> {
        self.variances.slice(s![..self.w.ncols()]).mapv(f64::sqrt)
    }
    // ANCHOR_END: whiten
}

/// The point that the directions are measured from, if the data are numbers.
fn origin_of(x: ArrayView2<f64>, origin: Origin) -> Result<Array1<f64>> {
    finite("the data", x)?;
    Ok(match origin {
        Origin::Mean => x.sum_axis(Axis(0)) / x.nrows() as f64,
        Origin::Zero => Array1::zeros(x.ncols()),
    })
}

/// The mean over rows of the squared distance between `x` and `y`, which have one shape.
pub fn mean_square(x: ArrayView2<f64>, y: ArrayView2<f64>) -> f64 {
    let total: f64 = x.iter().zip(y).map(|(a, b)| (a - b) * (a - b)).sum();
    total / x.nrows() as f64
}
