//! The checks of the exercises on blurry images.
mod averages;
mod critics;
mod modes;
mod scales;
mod sharp;
mod steps;
mod tempered;

pub use averages::{noise, shared};
pub use critics::{critic, tamed};
pub use modes::{moments, optima};
pub use scales::{curves, scales};
pub use sharp::sharpness;
pub use steps::{density, step};
pub use tempered::beta;

/// Both finite, and equal to nine digits, relative to one or more.
fn near(a: f64, b: f64) -> bool {
    b.is_finite() && (a - b).abs() <= 1e-9 * (1.0 + b.abs())
}
