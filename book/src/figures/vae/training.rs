//! Figures on units, training and speed.
use crate::figures::Figure;

/// In the order of the pages.
pub const FIGURES: &[&Figure] = &[];
