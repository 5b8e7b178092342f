//! Figures of the chapter on variational autoencoders, in the order of its pages.
mod choices;
mod cost;
mod draws;
pub mod estimators;
mod graph;
mod jump;
pub mod latent;
mod net;
mod plates;
mod pushed;
pub mod setup;
mod shapes;
mod spread;
pub mod training;
mod turns;
