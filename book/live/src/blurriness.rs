//! The live figures of the chapter on blurry samples: two peaks and the one Gaussian for them, two pixels and the one
//! picture for them, and how sharp the trained decoders are.
pub mod modes;
pub mod pixels;
pub mod sharpness;
