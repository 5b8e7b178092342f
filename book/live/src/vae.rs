//! The live figures of the chapter on variational autoencoders: a plane of codes, the two ways to a slope, the two
//! gaps of an encoder, and a network that trains in the page.
pub mod beta;
pub mod gaps;
pub mod plane;
pub mod random;

use latent::vae::small::Small;

/// 1797 digits, eight pixels a byte, the first in the lowest bit: black where the grey value is 8 or more; then their
/// classes, two a byte. `cargo test --test vae_small -- --ignored` writes this file and the next.
const IMAGES: &[u8] = include_bytes!("images.bits");

/// The network of book/runs/digits-2, packed.
const NETWORK: &[u8] = include_bytes!("network.bits");

/// All digits, and those that nothing is trained on: the last 297.
const ROWS: usize = 1797;
const TRAIN: usize = 1500;

/// Pixels, hidden units, latents.
const SIZES: [usize; 3] = [64, 64, 2];

/// The pixels of some digits, row by row.
fn pixels(rows: std::ops::Range<usize>) -> Vec<f64> {
    let bit = |i: usize| f64::from(IMAGES[i / 8] >> (i % 8) & 1);
    (64 * rows.start..64 * rows.end).map(bit).collect()
}

/// Which digit a row is.
fn class(row: usize) -> u8 {
    IMAGES[8 * ROWS + row / 2] >> (4 * (row % 2)) & 15
}

/// The trained network.
fn network() -> latent::Result<Small> {
    Small::unpack(SIZES, NETWORK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_packed_digits_are_the_table() {
        let all = latent::data::digits();
        let want: Vec<f64> = all.x.iter().map(|v| f64::from(u8::from(*v >= 8.0))).collect();
        assert_eq!(pixels(0..ROWS), want);
        assert!((0..ROWS).all(|i| usize::from(class(i)) == all.class[i]));
    }
}
