//! The checks of the exercises on variational autoencoders.
