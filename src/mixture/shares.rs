//! Which component made a row? The shares of the answer, and what the M steps need of them.
use crate::error::{Error, Result, finite, shaped, within};
use crate::linalg::product;
use crate::rows::exp;
use ndarray::{Array1, Array2, ArrayView2};

// ANCHOR: responsibilities
/// Whose is each row?
#[derive(Clone, Debug)]
pub struct Answer {
    /// The responsibilities p(k | x), of shape (N, K).
    pub r: Array2<f64>,
    /// log p(x) of each row.
    pub evidence: Array1<f64>,
    /// −Σ r log r over rows and components, in nats.
    pub entropy: f64,
}

/// The answer to log p(x, k), of shape (N, K); the largest term of each row is taken
/// out first.
pub fn responsibilities(log_joint: Array2<f64>) -> Answer {
    let (n, k) = log_joint.dim();
    let (mut evidence, mut entropy) = (Array1::zeros(n), 0.0);
    let (mut below, width) = (entries(log_joint), k.max(1));
    for (row, largest) in below.chunks_exact_mut(width).zip(&mut evidence) {
        *largest = row.iter().fold(f64::NEG_INFINITY, |m, l| m.max(*l));
        row.iter_mut().for_each(|l| *l -= *largest);
    }
    let mut r = below.clone();
    exp(&mut r);
    let rows = r.chunks_exact_mut(width).zip(below.chunks_exact(width));
    for ((r, below), evidence) in rows.zip(&mut evidence) {
        let total: f64 = r.iter().sum();
        let energy: f64 =
            r.iter().zip(below).filter(|(r, _)| **r > 0.0).map(|(r, b)| r * b).sum();
        r.iter_mut().for_each(|r| *r /= total); // (eq:responsibilities)
        *evidence += total.ln(); // (eq:mixture)
        entropy += total.ln() - energy / total;
    }
    Answer { r: Array2::from_shape_vec((n, k), r).unwrap_or_default(), evidence, entropy }
}
// ANCHOR_END: responsibilities

/// All entries, row after row.
fn entries(table: Array2<f64>) -> Vec<f64> {
    table.as_standard_layout().into_owned().into_raw_vec_and_offset().0
}

// ANCHOR: shares
/// What every mixture's M step needs of q, and no row of the data.
#[derive(Clone, Debug)]
pub struct Shares {
    /// N_k = Σ r over the rows: how many rows each component accounts for.
    pub counts: Array1<f64>,
    /// Σ r x over the rows, of shape (K, D).
    pub sums: Array2<f64>,
    /// −Σ r log r over rows and components, in nats.
    pub entropy: f64,
}

impl Shares {
    pub(crate) fn zero(k: usize, d: usize) -> Shares {
        Shares { counts: Array1::zeros(k), sums: Array2::zeros((k, d)), entropy: 0.0 }
    }

    /// Adds a block of rows with their responsibilities, of shape (rows, K).
    pub(crate) fn add(&mut self, x: ArrayView2<f64>, r: &Array2<f64>, entropy: f64) {
        for r in r.rows() {
            self.counts.iter_mut().zip(r).for_each(|(n, r)| *n += r); // (eq:counts)
        }
        self.sums += &product(r.t(), x); // (eq:sums)
        self.entropy += entropy;
    }

    /// Σ N_k f_k over the components that have rows.
    pub(crate) fn of(&self, f: &Array1<f64>) -> f64 {
        let some = self.counts.iter().zip(f).filter(|(n, _)| **n > 0.0);
        some.map(|(n, f)| n * f).sum()
    }

    /// KL(q ‖ prior), over all rows, for components with these weights.
    pub fn kl(&self, weights: &Array1<f64>) -> f64 {
        -self.entropy - self.of(&weights.mapv(f64::ln)) // (eq:mixture-kl)
    }
}
// ANCHOR_END: shares

/// −Σ r log r of given responsibilities, which must be of that shape, and each row a distribution.
pub(crate) fn entropy_of(r: &Array2<f64>, shape: (usize, usize)) -> Result<f64> {
    finite("the responsibilities", r.view())?;
    shaped("the responsibilities", r.dim(), "these rows", shape)?;
    for r in r.rows() {
        for &r in r {
            within("a responsibility", r, 0.0, 1.0, "")?;
        }
        within("a row of responsibilities", r.sum(), 1.0 - 1e-9, 1.0 + 1e-9, " in sum")?;
    }
    Ok(-r.iter().filter(|r| **r > 0.0).map(|r| r * r.ln()).sum::<f64>())
}

impl Shares {
    /// Of rows with the responsibilities `r`, of shape (N, K), for components of shape (K, D).
    pub(crate) fn given(
        x: ArrayView2<f64>,
        r: &Array2<f64>,
        (k, d): (usize, usize),
    ) -> Result<Shares> {
        shaped("the data", x.dim(), "this mixture", (x.nrows(), d))?;
        let entropy = entropy_of(r, (x.nrows(), k))?;
        let mut shares = Shares::zero(k, d);
        shares.add(x, r, entropy);
        Ok(shares)
    }

    /// A component without rows has nothing to be fitted to.
    pub(crate) fn refuse_empty(&self) -> Result<()> {
        match self.counts.iter().position(|n| *n < 1e-8) {
            Some(component) => {
                Err(Error::NoRows { component, count: self.counts[component] })
            }
            None => Ok(()),
        }
    }
}

impl std::ops::Add for Shares {
    type Output = Shares;
    fn add(self, other: Shares) -> Shares {
        Shares {
            counts: self.counts + other.counts,
            sums: self.sums + other.sums,
            entropy: self.entropy + other.entropy,
        }
    }
}
