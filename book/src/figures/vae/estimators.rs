//! Figures on estimators and gaps.
use crate::figures::Figure;

/// In the order of the pages.
pub const FIGURES: &[&Figure] = &[];
