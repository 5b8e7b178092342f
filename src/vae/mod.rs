//! Chapter 7: variational autoencoders.
//!
//! What needs no network is here in f64 for everyone; the networks are dfdx's, and need the feature `neural`.
#[cfg(feature = "neural")]
pub mod adam;
#[cfg(feature = "neural")]
pub mod checkpoint;
#[cfg(feature = "neural")]
pub mod engine;
#[cfg(feature = "neural")]
pub mod loss;
#[cfg(feature = "neural")]
pub mod net;
pub mod normal;
#[cfg(feature = "neural")]
pub mod score;
pub mod small;
#[cfg(feature = "neural")]
pub mod train;

#[cfg(feature = "neural")]
pub use adam::{Adam, Part};
#[cfg(feature = "neural")]
pub use engine::{Bend, Engine};
#[cfg(feature = "neural")]
pub use loss::{Form, Objective};
#[cfg(feature = "neural")]
pub use net::{Likelihood, Sizes, Vae};
#[cfg(feature = "neural")]
pub use score::{Codes, Score};
#[cfg(feature = "neural")]
pub use train::{Epoch, Plan, Run};

/// An entry of the code is active if its mean varies over the rows by more than this variance.
pub const ACTIVE: f64 = 0.01;

/// A network as training takes it: f32, on the processor.
#[cfg(feature = "neural")]
pub type OnCpu = Vae<f32, dfdx::tensor::Cpu>;
