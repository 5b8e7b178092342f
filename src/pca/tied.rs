//! A linear autoencoder whose encoder is the transpose of its decoder, trained by gradient descent.
use crate::error::{Error, Result, finite, shaped, within};
use ndarray::{Array2, ArrayView2};

// ANCHOR: loss
/// E‖x − WWᵀx‖², from S = E xxᵀ of shape (D, D) and W of shape (D, L).
pub fn loss(s: ArrayView2<f64>, w: ArrayView2<f64>) -> Result<f64> {
    shaped("the second moment", s.dim(), "these weights", (w.nrows(), w.nrows()))?;
    let a = w.t().dot(&s).dot(&w); // WᵀSW, (L, L)
    let b = w.t().dot(&w); // WᵀW, (L, L)
    Ok(s.diag().sum() - 2.0 * a.diag().sum() + (&a * &b).sum()) // (eq:tied-loss)
}
// ANCHOR_END: loss

// ANCHOR: gradient
/// The derivative of the loss by each entry of W, of shape (D, L).
pub fn gradient(s: ArrayView2<f64>, w: ArrayView2<f64>) -> Result<Array2<f64>> {
    shaped("the second moment", s.dim(), "these weights", (w.nrows(), w.nrows()))?;
    let sw = s.dot(&w); // (D, L)
    let a = w.t().dot(&sw); // WᵀSW
    let b = w.t().dot(&w); // WᵀW
    Ok(2.0 * (sw.dot(&b) + w.dot(&a)) - 4.0 * sw) // (eq:tied-gradient)
}
// ANCHOR_END: gradient

/// How the descent went: the loss before the first step and after each, and the last W.
#[derive(Clone, Debug)]
pub struct Descent {
    /// The weights where it ended.
    pub w: Array2<f64>,
    /// One more entry than steps taken.
    pub loss: Vec<f64>,
}

// ANCHOR: descend
/// Walks downhill from `w`: each step moves W by −rate · gradient.
pub fn descend(
    s: ArrayView2<f64>,
    w: ArrayView2<f64>,
    rate: f64,
    steps: usize,
) -> Result<Descent> {
    finite("the second moment", s)?;
    finite("the first weights", w)?;
    within("the rate", rate, 0.0, f64::MAX, "")?;
    let mut path = Descent { w: w.to_owned(), loss: vec![loss(s, w)?] };
    for step in 1..=steps {
        path.w = &path.w - rate * gradient(s, path.w.view())?; // (eq:descent)
        let now = loss(s, path.w.view())?;
        if !now.is_finite() {
            return Err(Error::Diverged { step, loss: now, rate });
        }
        path.loss.push(now);
    }
    Ok(path)
}
// ANCHOR_END: descend

/// A rate at which the descent is stable near its end: 1 / (8 tr S), and tr S bounds the largest eigenvalue.
pub fn safe_rate(s: ArrayView2<f64>) -> f64 {
    let trace = s.diag().sum();
    if trace > 0.0 { 0.125 / trace } else { 0.125 }
}
