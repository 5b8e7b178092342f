//! The C functions of the live figures on mean field.
