//! Figures of the chapter that says why, in the order of its pages.
use super::Figure;

pub const FIGURES: &[&Figure] = &[];
