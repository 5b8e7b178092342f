//! The C functions of chapter 3's live figure.
