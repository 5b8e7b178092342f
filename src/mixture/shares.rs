//! Which component made a row? The shares of the answer, and what the M steps need of them.
use crate::error::{Error, Result, finite, shaped, within};
use crate::linalg::product;
use ndarray::{Array1, Array2, ArrayView2, Axis};

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

/// The answer to log p(x, k), of shape (N, K); the largest term of each row is taken out first.
pub fn responsibilities(mut log_joint: Array2<f64>) -> Answer {
    let (mut evidence, mut entropy) = (Array1::zeros(log_joint.nrows()), 0.0);
    for (mut row, evidence) in log_joint.rows_mut().into_iter().zip(&mut evidence) {
        let largest = row.fold(f64::NEG_INFINITY, |m, l| m.max(*l));
        let (mut total, mut energy) = (0.0, 0.0);
        for l in &mut row {
            let below = (*l - largest).max(-800.0); // e⁻⁸⁰⁰ is 0
            *l = below.exp();
            total += *l;
            energy += *l * below;
        }
        row /= total; // (eq:responsibilities)
        *evidence = largest + total.ln(); // (eq:mixture)
        entropy += total.ln() - energy / total;
    }
    Answer { r: log_joint, evidence, entropy }
}
// ANCHOR_END: responsibilities

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
        self.counts += &r.sum_axis(Axis(0)); // (eq:counts)
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

impl Shares {
    /// Of rows with the responsibilities `r`, of shape (N, K), for components of shape (K, D).
    pub(crate) fn given(
        x: ArrayView2<f64>,
        r: &Array2<f64>,
        (k, d): (usize, usize),
    ) -> Result<Shares> {
        finite("the responsibilities", r.view())?;
        shaped("the data", x.dim(), "this mixture", (x.nrows(), d))?;
        shaped("the responsibilities", r.dim(), "these rows", (x.nrows(), k))?;
        for r in r.rows() {
            for &r in r {
                within("a responsibility", r, 0.0, 1.0, "")?;
            }
            within("a row of responsibilities", r.sum(), 1.0 - 1e-9, 1.0 + 1e-9, " in sum")?;
        }
        let mut shares = Shares::zero(k, d);
        let sure = |r: &&f64| **r > 0.0;
        shares.add(x, r, -r.iter().filter(sure).map(|r| r * r.ln()).sum::<f64>());
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
