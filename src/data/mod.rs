//! What the models are fitted to: four small tables, synthetic sets whose factors are known, and MNIST by path.
pub mod idx;
pub mod mnist;
mod synthetic;
mod tables;

pub use synthetic::{Curve, Roll, arc, noisy_axis, swiss_roll, tilted_cloud};
pub use tables::{Table, digits, iris, old_faithful, wine};
