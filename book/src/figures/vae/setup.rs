//! Figures on a decoder, an encoder and their gradients.
use super::{choices, cost, digit, draws, graph, jump, net, plates, pushed, spread, turns};
use crate::figures::Figure;

/// In the order of the pages.
pub const FIGURES: &[&Figure] = &[
    &plates::FIGURE,
    &pushed::FIGURE,
    &cost::FIGURE,
    &choices::FIGURE,
    &net::FIGURE,
    &digit::FIGURE,
    &draws::FIGURE,
    &turns::FIGURE,
    &graph::FIGURE,
    &spread::FIGURE,
    &jump::FIGURE,
];
