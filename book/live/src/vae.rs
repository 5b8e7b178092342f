//! The live figures of the chapter on variational autoencoders.
