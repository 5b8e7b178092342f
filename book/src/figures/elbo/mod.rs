//! Chapter 3's figures, in the order of its pages, and what several of them need.
use super::Figure;

/// In the order of the pages.
pub const FIGURES: &[&Figure] = &[];
