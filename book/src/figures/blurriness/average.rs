use super::super::Figure;

pub const FIGURES: &[&Figure] = &[];
