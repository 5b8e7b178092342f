//! The checks of chapter 3's exercises.
