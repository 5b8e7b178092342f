//! The C functions of chapter 4's live figure.
