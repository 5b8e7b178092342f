//! Chapter 0: why latent variables. The small experiments behind its pictures.
pub mod answers;
pub mod enlarge;
pub mod features;
pub mod few_labels;
pub mod roll;

use ndarray::Array1;
use rand::Rng;

// ANCHOR: ancestral
/// `n` rows. For each, first z from the prior, then x from the likelihood of that z.
pub fn ancestral<Z, R: Rng>(
    n: usize,
    prior: impl Fn(&mut R) -> Z,
    likelihood: impl Fn(&Z, &mut R) -> Array1<f64>,
    rng: &mut R,
) -> (Vec<Z>, Vec<Array1<f64>>) {
    let one = |_| {
        let z = prior(rng);
        let x = likelihood(&z, rng); // (eq:ancestral)
        (z, x)
    };
    (0..n).map(one).unzip()
}
// ANCHOR_END: ancestral
