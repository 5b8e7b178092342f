//! Chapter 8: why the samples are blurry. Each suspect is an experiment that could have come out otherwise.
pub mod average;
pub mod sharpness;
