//! Chapter 8: why the samples are blurry. Each suspect is an experiment that could have come out otherwise.
pub mod average;
#[cfg(feature = "neural")]
pub mod critic;
mod divergences;
mod likelihood;
mod modes;
pub mod sharpness;

pub use divergences::{Divergence, Place, places};
pub use likelihood::{histogram_kl, mean_score, score};
pub use modes::{Level, Modes, Reverse, switches};
