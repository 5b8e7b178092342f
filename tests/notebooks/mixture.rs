//! The exercises on mixtures: what wrong answers are told.
