//! The live figures of the chapter on variational autoencoders: a plane of codes, the two ways to a slope, the two
//! gaps of an encoder, and a network that trains in the page.
pub mod beta;
pub mod gaps;
pub mod plane;
pub mod random;

use latent::rand::RngCore;
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

/// SplitMix64: random numbers from three lines. The library's generator would be a tenth of the download.
pub(crate) struct Dice(pub(crate) u64);

impl RngCore for Dice {
    fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    fn next_u32(&mut self) -> u32 {
        (self.next_u64() >> 32) as u32
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        bytes.fill_with(|| self.next_u64() as u8);
    }
}

/// The trained network.
fn network() -> latent::Result<Small> {
    Small::unpack(SIZES, NETWORK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dice_are_splitmix() {
        // The first numbers of the reference implementation from the seed 1234567.
        let mut dice = Dice(1234567);
        assert_eq!(dice.next_u64(), 6457827717110365317);
        assert_eq!(dice.next_u64(), 3203168211198807973);
    }

    #[test]
    fn the_packed_digits_are_the_table() {
        let all = latent::data::digits();
        let want: Vec<f64> = all.x.iter().map(|v| f64::from(u8::from(*v >= 8.0))).collect();
        assert_eq!(pixels(0..ROWS), want);
        assert!((0..ROWS).all(|i| usize::from(class(i)) == all.class[i]));
    }
}
