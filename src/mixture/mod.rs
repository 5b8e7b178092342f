//! Chapter 5: mixtures, fitted by the one EM driver.
mod bernoullis;
mod covariance;
mod curve;
mod features;
mod gaussians;
pub(crate) mod quadratics;
mod shares;
mod soft;
mod starts;

pub use bernoullis::{Bernoullis, black_and_white};
pub use covariance::{Covariance, Kind};
pub use curve::along;
pub use gaussians::{Gaussians, Hard};
pub use shares::{Answer, Shares, responsibilities};
pub use soft::Soft;
pub use starts::{kmeans, scattered};

use ndarray::Array1;
use rand::Rng;

/// A component at random, each with its weight.
fn draw(weights: &Array1<f64>, rng: &mut impl Rng) -> usize {
    let mut left = rng.random::<f64>() * weights.sum();
    for (k, w) in weights.iter().enumerate() {
        left -= w;
        if left < 0.0 {
            return k;
        }
    }
    weights.len().saturating_sub(1)
}
