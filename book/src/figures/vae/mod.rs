//! Figures of the chapter on variational autoencoders, in the order of its pages.
pub mod estimators;
pub mod latent;
pub mod setup;
pub mod training;
