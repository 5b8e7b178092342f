//! The laws of mean field.
