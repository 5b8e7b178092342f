//! The exercises on mean field: what wrong answers are told.
