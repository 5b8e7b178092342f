//! The checks of the exercises on mean field.
