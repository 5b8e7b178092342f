//! The C functions of chapter 2's live figure.
