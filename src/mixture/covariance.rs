//! Four kinds of covariance, from a matrix for each component to one number for each.
use crate::error::{Result, finite, shaped};
use crate::linalg::{cholesky, eigen_symmetric};
use ndarray::{Array1, Array2, ArrayView2, Axis};

// ANCHOR: covariance
/// The covariances of K components in D columns.
#[derive(Clone, Debug)]
pub enum Covariance {
    /// A matrix each: K of shape (D, D).
    Full(Vec<Array2<f64>>),
    /// One matrix for all, of shape (D, D).
    Tied(Array2<f64>),
    /// A variance for each component and column, of shape (K, D).
    Diagonal(Array2<f64>),
    /// A variance for each component, of length K.
    Spherical(Array1<f64>),
}

/// The kinds by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A matrix for each component.
    Full,
    /// One matrix for all.
    Tied,
    /// A variance for each component and column.
    Diagonal,
    /// A variance for each component.
    Spherical,
}
// ANCHOR_END: covariance

impl Covariance {
    /// The kind.
    pub fn kind(&self) -> Kind {
        match self {
            Covariance::Full(_) => Kind::Full,
            Covariance::Tied(_) => Kind::Tied,
            Covariance::Diagonal(_) => Kind::Diagonal,
            Covariance::Spherical(_) => Kind::Spherical,
        }
    }

    /// The same covariance for each of `k` components, or as much of it as the kind keeps.
    pub fn of_kind(kind: Kind, k: usize, all: ArrayView2<f64>) -> Covariance {
        let (d, diagonal) = (all.nrows(), all.diag());
        match kind {
            Kind::Full => Covariance::Full(vec![all.to_owned(); k]),
            Kind::Tied => Covariance::Tied(all.to_owned()),
            Kind::Diagonal => {
                Covariance::Diagonal(Array2::from_shape_fn((k, d), |(_, j)| diagonal[j]))
            }
            Kind::Spherical => {
                Covariance::Spherical(Array1::from_elem(k, diagonal.sum() / d as f64))
            }
        }
    }

    /// Component k's covariance as a matrix, of shape (D, D).
    pub fn matrix(&self, k: usize, d: usize) -> Array2<f64> {
        match self {
            Covariance::Full(s) => s[k].clone(),
            Covariance::Tied(s) => s.clone(),
            Covariance::Diagonal(v) => Array2::from_diag(&v.row(k)),
            Covariance::Spherical(v) => Array2::from_diag(&Array1::from_elem(d, v[k])),
        }
    }

    /// Refuses covariances that are not K in D columns, or not finite.
    pub(crate) fn check(&self, k: usize, d: usize) -> Result<()> {
        let wanted = "these means";
        match self {
            Covariance::Full(s) => {
                shaped("the list of covariances", (s.len(), 1), wanted, (k, 1))?;
                for s in s {
                    shaped("a covariance", s.dim(), wanted, (d, d))?;
                    finite("a covariance", s.view())?;
                }
            }
            Covariance::Tied(s) => {
                shaped("the covariance", s.dim(), wanted, (d, d))?;
                finite("the covariance", s.view())?;
            }
            Covariance::Diagonal(v) => {
                shaped("the variances", v.dim(), wanted, (k, d))?;
                finite("the variances", v.view())?;
            }
            Covariance::Spherical(v) => {
                shaped("the variances", (v.len(), 1), wanted, (k, 1))?;
                finite("the variances", v.view().insert_axis(Axis(1)))?;
            }
        }
        Ok(())
    }

    // ANCHOR: floored
    /// The best covariances that have no variance below `floor` in any direction.
    pub(crate) fn floored(self, floor: f64) -> Result<Covariance> {
        let lift = |s: Array2<f64>| -> Result<Array2<f64>> {
            let e = eigen_symmetric(s.view())?;
            let lifted = &e.vectors * &e.values.mapv(|v| v.max(floor)); // (eq:floor)
            Ok(lifted.dot(&e.vectors.t()))
        };
        Ok(match self {
            same if floor == 0.0 => same,
            Covariance::Full(s) => {
                Covariance::Full(s.into_iter().map(lift).collect::<Result<_>>()?)
            }
            Covariance::Tied(s) => Covariance::Tied(lift(s)?),
            Covariance::Diagonal(v) => Covariance::Diagonal(v.mapv(|v| v.max(floor))),
            Covariance::Spherical(v) => Covariance::Spherical(v.mapv(|v| v.max(floor))),
        })
    }
    // ANCHOR_END: floored

    /// The least of component k's variances, each column measured in units of `total`; zero if it has no volume.
    pub(crate) fn thinnest(&self, k: usize, total: &Array1<f64>) -> f64 {
        let least = |v: &mut dyn Iterator<Item = f64>| v.fold(f64::INFINITY, f64::min);
        match self {
            Covariance::Full(s) => {
                let root = total.mapv(f64::sqrt);
                let scaled = &s[k] / &root / root.view().insert_axis(Axis(1));
                cholesky(scaled.view())
                    .map_or(0.0, |l| least(&mut l.diag().iter().map(|v| v * v)))
            }
            Covariance::Tied(_) => 1.0,
            Covariance::Diagonal(v) => {
                least(&mut v.row(k).iter().zip(total).map(|(v, t)| v / t))
            }
            Covariance::Spherical(v) => v[k] / (total.sum() / total.len() as f64),
        }
    }
}
