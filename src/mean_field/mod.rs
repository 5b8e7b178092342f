//! Chapter 6: mean field. The posterior of several unknowns by a product of factors, one factor after another;
//! parameters are unknowns like any other.
mod correlated;
mod mixture;
mod normal;
mod pathwise;
mod peaks;
mod prior;
mod tables;

pub use correlated::{Product, Target};
pub use mixture::{Variational, log_orders};
pub use normal::{MeanFactor, NormalGamma, PrecisionFactor};
pub use pathwise::{ascend, slope, slopes};
pub use peaks::Peaks;
pub use prior::Prior;
pub use tables::{Second, best_factor, table_bound};
