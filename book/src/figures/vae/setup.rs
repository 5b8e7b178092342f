//! Figures on a decoder, an encoder and their gradients.
use crate::figures::Figure;

/// In the order of the pages.
pub const FIGURES: &[&Figure] = &[];
