//! The C functions of the live figures on variational autoencoders.
