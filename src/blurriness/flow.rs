//! One affine autoregressive step: the smallest map that turns a product into a q whose coordinates are tied.
use crate::error::{Result, finite, shaped};
use crate::gaussian::{self, LN_2PI};
use crate::linalg::cholesky;
use crate::mean_field::Target;
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis};

// ANCHOR: affine
/// z_i = m_i + s_i ε_i. Both m_i and log s_i are straight lines in ε_1 … ε_{i−1}, the
/// coordinates before, and know nothing of those after.
#[derive(Clone, Debug, PartialEq)]
pub struct Affine {
    /// The constant of each m_i.
    pub shift: Array1<f64>,
    /// How m_i (row) depends on ε_j (column): zero unless j < i.
    pub shift_by: Array2<f64>,
    /// The constant of each log s_i.
    pub log_scale: Array1<f64>,
    /// How log s_i depends on ε_j: zero unless j < i.
    pub log_scale_by: Array2<f64>,
}

impl Affine {
    /// m_i and log s_i, from the coordinates before.
    fn at(&self, i: usize, e: &Array1<f64>) -> (f64, f64) {
        let sum = |by: &Array2<f64>| (0..i).map(|j| by[[i, j]] * e[j]).sum::<f64>();
        let m = self.shift[i] + sum(&self.shift_by);
        (m, self.log_scale[i] + sum(&self.log_scale_by))
    }

    /// z, and log |∂z/∂ε| = Σ log s_i.
    pub fn forward(&self, e: ArrayView1<f64>) -> Result<(Array1<f64>, f64)> {
        self.check("the noise", e)?;
        let e = e.to_owned();
        let (mut z, mut log_det) = (e.clone(), 0.0);
        for i in 0..e.len() {
            let (m, log_s) = self.at(i, &e);
            z[i] = m + log_s.exp() * e[i]; // (eq:affine-step)
            log_det += log_s; // (eq:log-scales)
        }
        Ok((z, log_det))
    }

    /// The ε behind z: one coordinate after the other, for each needs those before.
    pub fn inverse(&self, z: ArrayView1<f64>) -> Result<Array1<f64>> {
        self.check("the code", z)?;
        let mut e = z.to_owned();
        for i in 0..z.len() {
            let (m, log_s) = self.at(i, &e);
            e[i] = (z[i] - m) * (-log_s).exp(); // (eq:affine-inverse)
        }
        Ok(e)
    }

    /// log q(z) = log N(ε; 0, I) − Σ log s_i, with all constants.
    pub fn log_density(&self, z: ArrayView1<f64>) -> Result<f64> {
        let e = self.inverse(z)?;
        let (_, log_det) = self.forward(e.view())?;
        let normal = -0.5 * e.iter().map(|e| e * e + LN_2PI).sum::<f64>();
        Ok(normal - log_det) // (eq:flow-density)
    }
}
// ANCHOR_END: affine

// ANCHOR: full
impl Affine {
    /// The step whose q is N(mean, Σ): the Cholesky factor L, its diagonal as scales and
    /// what stands below it as ties.
    pub fn of(mean: ArrayView1<f64>, covariance: ArrayView2<f64>) -> Result<Affine> {
        let d = mean.len();
        shaped("the covariance", covariance.dim(), "this mean", (d, d))?;
        finite("the mean", mean.insert_axis(Axis(0)))?;
        let l = cholesky(covariance)?;
        Ok(Affine {
            shift: mean.to_owned(),
            log_scale: l.diag().mapv(f64::ln),
            shift_by: &l - &Array2::from_diag(&l.diag()),
            log_scale_by: Array2::zeros((d, d)),
        })
    }
}
// ANCHOR_END: full

impl Affine {
    /// The step that does nothing, on so many coordinates.
    pub fn identity(d: usize) -> Affine {
        let (zero, none) = (Array1::zeros(d), Array2::zeros((d, d)));
        Affine {
            shift: zero.clone(),
            shift_by: none.clone(),
            log_scale: zero,
            log_scale_by: none,
        }
    }

    /// Mean and covariance of q, if no scale depends on a coordinate: then q is Gaussian.
    pub fn moments(&self) -> Result<(Array1<f64>, Array2<f64>)> {
        self.check("the shift", self.shift.view())?;
        let most = self.log_scale_by.iter().fold(0.0f64, |m, v| m.max(v.abs()));
        crate::error::within("a tie of the scales", most, 0.0, 0.0, ": q is no Gaussian")?;
        let l = &self.shift_by + &Array2::from_diag(&self.log_scale.mapv(f64::exp));
        Ok((self.shift.clone(), l.dot(&l.t())))
    }

    /// KL(q ‖ p), in nats, for a Gaussian q.
    pub fn gap(&self, target: &Target) -> Result<f64> {
        let (mean, covariance) = self.moments()?;
        let (m, s) = (target.mean.view(), target.covariance.view());
        gaussian::kl(mean.view(), covariance.view(), m, s)
    }

    /// Refuses another length, and ties to a coordinate that does not stand before.
    fn check(&self, what: &'static str, of: ArrayView1<f64>) -> Result<()> {
        let d = of.len();
        finite(what, of.insert_axis(Axis(0)))?;
        let row = |what, v: &Array1<f64>| {
            shaped(what, (v.len(), 1), "this vector", (d, 1))?;
            finite(what, v.view().insert_axis(Axis(0)))
        };
        row("the shift", &self.shift)?;
        row("the log scale", &self.log_scale)?;
        for by in [&self.shift_by, &self.log_scale_by] {
            shaped("a table of ties", by.dim(), "this vector", (d, d))?;
            finite("a table of ties", by.view())?;
            let after = by.indexed_iter().filter(|((i, j), _)| j >= i);
            let most = after.fold(0.0f64, |m, (_, v)| m.max(v.abs()));
            let why = ": a coordinate may depend only on those before it";
            crate::error::within("a tie that looks ahead", most, 0.0, 0.0, why)?;
        }
        Ok(())
    }
}
