//! The laws of mixtures.
