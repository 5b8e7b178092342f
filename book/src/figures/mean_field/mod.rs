//! Figures of the chapter on mean field, in the order of its pages.
use super::Figure;

/// In the order of the pages.
pub const FIGURES: &[&Figure] = &[];
