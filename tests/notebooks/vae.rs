//! The exercises on variational autoencoders: what wrong answers are told.
