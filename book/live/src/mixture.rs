//! The live figures of the chapter on mixtures.
