//! The checks of the exercises on mixtures.
