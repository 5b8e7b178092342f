//! Chapter 8: why the samples are blurry. Each suspect is an experiment that could have come out otherwise.
pub mod average;
pub mod flow;
#[cfg(feature = "neural")]
pub mod iaf;
#[cfg(feature = "neural")]
pub mod masked;
pub mod scale;
pub mod sharing;
pub mod sharpness;
