//! The checks of chapter 4's exercises.
