//! The checks of the exercises on variational autoencoders.
mod clouds;
mod costs;
#[cfg(feature = "neural")]
mod differences;
mod draws;
mod linear;
#[cfg(feature = "neural")]
mod networks;
#[cfg(feature = "neural")]
mod plane;
#[cfg(feature = "neural")]
mod refine;
mod seen;
mod slopes;
mod weighted;

pub use clouds::{average, cloud, quantile};
pub use costs::{cost, drawn, loss};
#[cfg(feature = "neural")]
pub use differences::differences;
pub use draws::{forms, moved, variances};
pub use linear::{linear, switched};
#[cfg(feature = "neural")]
pub use networks::{broken, plan};
#[cfg(feature = "neural")]
pub use plane::holes;
#[cfg(feature = "neural")]
pub use refine::refine;
pub use seen::{error_bars, three};
pub use slopes::slopes;
pub use weighted::weighted;

use crate::gaussian::log_normal;

/// Evenly spaced ε from −12 to 12, none of them zero, and their probabilities under N(0, 1).
fn places() -> (Vec<f64>, Vec<f64>) {
    let e: Vec<f64> = (0..2400).map(|i| 0.01 * f64::from(i) - 11.995).collect();
    let p: Vec<f64> = e.iter().map(|&e| log_normal(e, 0.0, 1.0).exp()).collect();
    let total: f64 = p.iter().sum();
    (e, p.iter().map(|p| p / total).collect())
}

/// Both finite, and equal to so many digits, relative to one or more.
fn near(a: f64, b: f64, digits: i32) -> bool {
    b.is_finite() && (a - b).abs() <= 10f64.powi(-digits) * (1.0 + b.abs())
}
