//! Figures on the codes, the latent space and the linear one.
use crate::figures::Figure;

/// In the order of the pages.
pub const FIGURES: &[&Figure] = &[];
