//! Two hidden values with finitely many states each: everything can be summed, so everything can be checked.
use crate::elbo::{Elbo, entropy};
use crate::em::Em;
use crate::error::{Error, Result, shaped, within};
use crate::gaussian::log_sum_exp;
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis};

// ANCHOR: best_factor
/// The best q₁, given q₂: proportional to exp E log p(x, z₁, z₂), the mean over z₂
/// alone.
/// `log_joint` has a row for each z₁ and a column for each z₂.
pub fn best_factor(
    log_joint: ArrayView2<f64>,
    q2: ArrayView1<f64>,
) -> Result<(Array1<f64>, f64)> {
    let expected = expected(log_joint, q2)?;
    let total = log_sum_exp(&expected.to_vec());
    within("the log of the sum", total, f64::MIN, f64::MAX, ": no state is possible")?;
    Ok(((expected - total).mapv(f64::exp), total)) // (eq:update)
}
// ANCHOR_END: best_factor

/// E log p over the columns, for each row; a state that q₂ rules out adds nothing.
fn expected(log_joint: ArrayView2<f64>, q2: ArrayView1<f64>) -> Result<Array1<f64>> {
    checked(log_joint)?;
    shaped("the other factor", (q2.len(), 1), "this table", (log_joint.ncols(), 1))?;
    let weighted = |q: f64, l: f64| if q == 0.0 { 0.0 } else { q * l };
    let row = |row: ArrayView1<f64>| row.iter().zip(q2).map(|(l, q)| weighted(*q, *l)).sum();
    Ok(log_joint.rows().into_iter().map(row).collect())
}

/// Refuses a table without entries, or with one that is no logarithm of a finite number.
fn checked(log_joint: ArrayView2<f64>) -> Result<()> {
    let (rows, columns) = log_joint.dim();
    if log_joint.is_empty() {
        return Err(Error::Empty { what: "the table", rows, columns });
    }
    match log_joint.indexed_iter().find(|(_, v)| v.is_nan() || **v == f64::INFINITY) {
        None => Ok(()),
        Some(((row, column), &value)) => {
            Err(Error::NotFinite { what: "the table", row, column, value })
        }
    }
}

// ANCHOR: table_bound
/// The bound of q₁(z₁) q₂(z₂), in nats: the mean of log p(x, z₁, z₂), and both
/// entropies.
pub fn table_bound(
    log_joint: ArrayView2<f64>,
    q1: ArrayView1<f64>,
    q2: ArrayView1<f64>,
) -> Result<f64> {
    let mean = energy(log_joint, q1, q2)?;
    Ok(mean + entropy(&q1.to_vec())? + entropy(&q2.to_vec())?) // (eq:mean-field-bound)
}
// ANCHOR_END: table_bound

fn energy(p: ArrayView2<f64>, q1: ArrayView1<f64>, q2: ArrayView1<f64>) -> Result<f64> {
    shaped("the first factor", (q1.len(), 1), "this table", (p.nrows(), 1))?;
    let each = expected(p, q2)?;
    Ok(expected(each.view().insert_axis(Axis(0)), q1)?[0])
}

// ANCHOR: second
/// q₂, a distribution over the columns of a table of log p(x, z₁, z₂).
#[derive(Clone, Debug)]
pub struct Second(pub Array1<f64>);

impl Em for Second {
    /// log p(x, z₁, z₂) for the x at hand, of shape (states of z₁, states of z₂).
    type Data = Array2<f64>;
    /// q₁.
    type Posterior = Array1<f64>;

    fn e_step(&self, p: &Array2<f64>) -> Result<Array1<f64>> {
        Ok(best_factor(p.view(), self.0.view())?.0)
    }

    fn m_step(&self, p: &Array2<f64>, q1: &Array1<f64>) -> Result<Second> {
        Ok(Second(best_factor(p.t(), q1.view())?.0)) // the same line, turned
    }

    /// A table of joint probabilities names no prior; this splits off one that calls
    /// all states alike.
    fn elbo(&self, p: &Array2<f64>, q1: &Array1<f64>) -> Result<Elbo> {
        let bound = table_bound(p.view(), q1.view(), self.0.view())?;
        let kl = (p.len() as f64).ln() - entropy(&q1.to_vec())? - entropy(&self.0.to_vec())?;
        Ok(Elbo { fit: bound + kl, kl })
    }
}
// ANCHOR_END: second
