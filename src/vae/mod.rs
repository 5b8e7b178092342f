//! Chapter 7: variational autoencoders.
//!
//! What needs no network is here in f64 for everyone; the networks are dfdx's, and need the feature `neural`.
#[cfg(feature = "neural")]
pub mod adam;
pub mod amortised;
#[cfg(feature = "neural")]
pub mod checkpoint;
pub mod choices;
pub mod climb;
#[cfg(feature = "neural")]
pub mod digits;
#[cfg(feature = "neural")]
pub mod engine;
pub mod estimators;
#[cfg(feature = "neural")]
pub mod fast;
pub mod gradient;
pub mod greys;
pub mod integral;
pub mod latent;
pub mod linear;
#[cfg(feature = "neural")]
pub mod local;
#[cfg(feature = "neural")]
pub mod loss;
#[cfg(feature = "neural")]
pub mod net;
pub mod normal;
#[cfg(feature = "neural")]
pub mod pixel;
pub mod predict;
pub mod prior;
#[cfg(feature = "neural")]
pub mod procedures;
#[cfg(feature = "neural")]
pub mod sample;
#[cfg(feature = "neural")]
pub mod score;
pub mod small;
#[cfg(feature = "neural")]
pub mod train;
pub mod weighted;

#[cfg(feature = "neural")]
pub use adam::{Adam, Part};
pub use choices::Choices;
#[cfg(feature = "neural")]
pub use engine::{Bend, Engine};
pub use latent::{Codes, Split};
pub use linear::Linear;
#[cfg(feature = "neural")]
pub use loss::{Form, Objective};
#[cfg(feature = "neural")]
pub use net::{Likelihood, Sizes, Vae};
pub use predict::Spread;
#[cfg(feature = "neural")]
pub use procedures::Learner;
#[cfg(feature = "neural")]
pub use score::Score;
#[cfg(feature = "neural")]
pub use train::{Epoch, Plan, Run};

/// An entry of the code is active if its mean varies over the rows by more than this variance.
pub const ACTIVE: f64 = 0.01;

/// A network as training takes it: f32, on the processor.
#[cfg(feature = "neural")]
pub type OnCpu = Vae<f32, dfdx::tensor::Cpu>;
