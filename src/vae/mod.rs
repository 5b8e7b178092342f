//! Chapter 7: variational autoencoders.
//!
//! What needs no network is here in f64 for everyone; the networks are dfdx's, and need the feature `neural`.
#[cfg(feature = "neural")]
pub mod adam;
pub mod choices;
#[cfg(feature = "neural")]
pub mod engine;
pub mod gradient;
pub mod integral;
#[cfg(feature = "neural")]
pub mod loss;
#[cfg(feature = "neural")]
pub mod net;
pub mod normal;
pub mod prior;
#[cfg(feature = "neural")]
pub mod procedures;
#[cfg(feature = "neural")]
pub mod score;
#[cfg(feature = "neural")]
pub mod train;

#[cfg(feature = "neural")]
pub use adam::{Adam, Part};
pub use choices::Choices;
#[cfg(feature = "neural")]
pub use engine::{Bend, Engine};
#[cfg(feature = "neural")]
pub use loss::{Form, Objective};
#[cfg(feature = "neural")]
pub use net::{Likelihood, Sizes, Vae};
#[cfg(feature = "neural")]
pub use procedures::Learner;
#[cfg(feature = "neural")]
pub use score::{Codes, Score};
#[cfg(feature = "neural")]
pub use train::{Epoch, Plan, Run};
