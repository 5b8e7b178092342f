//! Figures on units and training.
use super::*;

/// In the order of the pages.
pub const FIGURES: &[&Figure] = &[
    &averaged::FIGURE,
    &grey::FIGURE,
    &spreads::FIGURE,
    &tradeoff::FIGURE,
    &curves::FIGURE,
    &samples::FIGURE,
    &ladder::FIGURE,
];
