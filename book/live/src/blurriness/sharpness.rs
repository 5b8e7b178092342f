//! Trained decoders of the digits, their means and their samples, and how sharp both are.
use crate::vae::Dice;
use latent::blurriness::sharpness::mean_sharpness;
use latent::error::{Result, shaped};
use latent::rand::Rng;
use latent::vae::small::{Small, noise};
use ndarray::ArrayView2;

/// The first 64 of the digits that nothing is trained on: their greys, 0 to 16, a byte each.
/// `cargo test --test blurriness_carried -- --ignored` writes this file and the next.
const GREYS: &[u8] = include_bytes!("greys.bits");

/// Of each run: a pixel's standard deviation as f32, its decoder as [`Small::pack`] has it, the step of its codes as
/// f32, and the means of the codes as signed multiples of the step.
const RUNS: &[u8] = include_bytes!("runs.bits");

/// The carried digits.
pub const ROWS: usize = 64;

/// How many pictures a line shows.
pub const SHOWN: usize = 8;

/// How many codes are drawn from the prior.
const DRAWS: usize = 300;

/// The runs, in book/runs, and the σ of their pixels (0 if it is learned) or their β.
pub const NAMES: [(&str, f64); 6] = [
    ("grey-1", 1.0),
    ("grey-0.3", 0.3),
    ("grey-shared", 0.0),
    ("grey-0.1", 0.1),
    ("digits-2-beta-4", 4.0),
    ("digits-2", 1.0),
];

/// How many of the runs are of grey digits, with Gaussian pixels; those of the others are black or white.
pub const GREY: usize = 4;

const SIZES: [usize; 3] = [64, 64, 2];

/// An encoder that is not carried: 68 units of zeros. The codes are carried instead.
const ENCODER: usize = 64 * (64 + 5) + 2 * 2 * (64 + 5);
const DECODER: usize = 64 * (2 + 5) + 64 * (64 + 5);
const EACH: usize = 4 + DECODER + 4 + 2 * ROWS;

/// A trained decoder.
struct Decoder {
    net: Small,
    /// A pixel's standard deviation; 0 for one that is black or white.
    sd: f64,
    /// The digits' codes, two numbers each.
    codes: Vec<f64>,
}

/// A decoder at work.
pub struct Sharpness {
    /// Eight pictures of each kind: digits, their reconstructions, the decoder's means of codes drawn from the prior,
    /// and samples of the pixels there.
    pub pictures: Vec<f64>,
    /// The mean sharpness of each kind over all rows or draws, run by run; no number until it is computed.
    pub scores: Vec<f64>,
    /// Each run's standard deviation of a pixel.
    pub sds: Vec<f64>,
    runs: Vec<Decoder>,
    which: usize,
    /// The first of the digits that are shown.
    first: usize,
    /// Codes from the prior; then for each of their pixels one of N(0, 1), and one of [0, 1).
    codes: Vec<f64>,
    normal: Vec<f64>,
    toss: Vec<f64>,
    dice: Dice,
}

fn float(bytes: &[u8]) -> f64 {
    f64::from(f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
}

fn unpack(bytes: &[u8]) -> Result<Decoder> {
    let (sd, rest) = bytes.split_at(4);
    let (decoder, codes) = rest.split_at(DECODER);
    let all = [&[0; ENCODER], decoder].concat();
    let step = float(codes);
    let codes = codes[4..].iter().map(|b| step * f64::from(*b as i8)).collect();
    Ok(Decoder { net: Small::unpack(SIZES, &all)?, sd: float(sd), codes })
}

impl Decoder {
    /// The mean of each pixel, for each code of a list.
    fn means(&self, codes: &[f64]) -> Vec<f64> {
        if self.sd > 0.0 { self.net.numbers(codes) } else { self.net.decode(codes) }
    }
}

/// Digits as a run has them: greys from 0 to 1, or black where a grey is 8 or more.
fn digits(run: usize, rows: std::ops::Range<usize>) -> Vec<f64> {
    let one = |grey: &u8| {
        if run < GREY { f64::from(*grey) / 16.0 } else { f64::from(u8::from(*grey >= 8)) }
    };
    GREYS[64 * rows.start..64 * rows.end].iter().map(one).collect()
}

fn score(pictures: &[f64]) -> f64 {
    let table = ArrayView2::from_shape((pictures.len() / 64, 64), pictures);
    table.map_or(f64::NAN, |t| mean_sharpness(t, 8).unwrap_or(f64::NAN))
}

impl Sharpness {
    /// The first run.
    pub fn new() -> Result<Sharpness> {
        shaped("the carried runs", (RUNS.len(), 1), "their list", (EACH * NAMES.len(), 1))?;
        let runs = RUNS.chunks_exact(EACH).map(unpack).collect::<Result<Vec<_>>>()?;
        let mut all = Sharpness {
            pictures: vec![],
            scores: vec![f64::NAN; 4 * NAMES.len()],
            sds: runs.iter().map(|r| r.sd).collect(),
            runs,
            which: 0,
            first: 0,
            codes: vec![],
            normal: vec![],
            toss: vec![],
            dice: Dice(2),
        };
        all.again();
        Ok(all)
    }

    /// Another run; one that is not there changes nothing.
    pub fn choose(&mut self, which: usize) {
        if which < NAMES.len() {
            self.which = which;
        }
        self.look();
    }

    /// The next eight digits.
    pub fn turn(&mut self) {
        self.first = (self.first + SHOWN) % ROWS;
        self.look();
    }

    /// New codes from the prior, and new noise: all scores are to be computed again.
    pub fn again(&mut self) {
        self.codes = noise(2 * DRAWS, &mut self.dice);
        self.normal = noise(64 * DRAWS, &mut self.dice);
        self.toss = (0..64 * DRAWS).map(|_| self.dice.random::<f64>()).collect();
        self.scores.fill(f64::NAN);
        self.look();
    }

    /// Scores the shown run, or else the first that has no score. Says whether another is left.
    pub fn advance(&mut self) -> bool {
        let order = [self.which].into_iter().chain(0..NAMES.len());
        let mut left = order.filter(|run| self.scores[4 * run].is_nan());
        let (next, more) = (left.next(), left.next().is_some());
        if let Some(run) = next {
            let means = self.runs[run].means(&self.codes);
            let scores = [
                score(&digits(run, 0..ROWS)),
                score(&self.runs[run].means(&self.runs[run].codes)),
                score(&means),
                score(&self.sampled(run, &means)),
            ];
            self.scores[4 * run..4 * run + 4].copy_from_slice(&scores);
        }
        more
    }

    /// A draw of each pixel, given its mean.
    fn sampled(&self, run: usize, means: &[f64]) -> Vec<f64> {
        let sd = self.runs[run].sd;
        let luck = self.normal.iter().zip(&self.toss);
        let one = |(mean, (e, u)): (&f64, (&f64, &f64))| {
            if sd > 0.0 { mean + sd * e } else { f64::from(u8::from(u < mean)) }
        };
        means.iter().zip(luck).map(one).collect()
    }

    fn look(&mut self) {
        let (run, rows) = (self.which, self.first..self.first + SHOWN);
        let decoder = &self.runs[run];
        let means = decoder.means(&self.codes[..2 * SHOWN]);
        let mut pictures = digits(run, rows.clone());
        pictures.extend(decoder.means(&decoder.codes[2 * rows.start..2 * rows.end]));
        pictures.extend(&means);
        pictures.extend(self.sampled(run, &means));
        self.pictures = pictures;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scored() -> Sharpness {
        let mut all = Sharpness::new().unwrap();
        while all.advance() {}
        all
    }

    #[test]
    fn the_carried_digits_are_the_table() {
        let table = &latent::data::digits().x;
        for (i, grey) in GREYS.iter().enumerate() {
            assert_eq!(f64::from(*grey), table[[1500 + i / 64, i % 64]]);
        }
        assert_eq!(GREYS.len(), 64 * ROWS);
    }

    #[test]
    fn every_mean_is_blunter_than_the_data_and_wide_noise_is_not() {
        let all = scored();
        for (run, s) in all.scores.chunks_exact(4).enumerate() {
            assert!(s[1] < 0.8 * s[0] && s[2] < 0.8 * s[0], "{run}: {s:?}");
            assert!(s[3] > s[2], "noise is rough: {s:?}");
        }
        // A less σ, and a less β, leave the means sharper, where the same digits are decoded and over the prior.
        let (again, mean) =
            (|run: usize| all.scores[4 * run + 1], |run: usize| all.scores[4 * run + 2]);
        assert!(again(0) < again(1) && again(1) < again(2) && again(2) < again(3));
        assert!(mean(0) < mean(1) && mean(1) < mean(3));
        assert!(mean(4) < mean(5) && again(4) < again(5));
        // The noise of σ = 1 is rougher than any digit, and the samples of σ = 0.1 are blunter.
        assert!(all.scores[3] > 3.0 * all.scores[0] && all.scores[15] < all.scores[12]);
    }

    #[test]
    fn the_noise_has_the_sharpness_of_its_closed_form() {
        // A Laplacian of noise alone is N(0, 20 σ²): its mean size is σ √(40/π).
        let all = scored();
        let want = (40.0 / std::f64::consts::PI).sqrt();
        assert!((score(&all.normal) - want).abs() < 0.05, "{} {want}", score(&all.normal));
    }

    #[test]
    fn a_code_decodes_to_something_like_its_digit() {
        let mut all = Sharpness::new().unwrap();
        for (run, most) in [0.09, 0.06, 0.06, 0.06, 0.15, 0.11].into_iter().enumerate() {
            let (x, means) =
                (digits(run, 0..ROWS), all.runs[run].means(&all.runs[run].codes));
            let miss = x.iter().zip(&means).map(|(x, m)| (x - m).powi(2)).sum::<f64>();
            assert!(miss / x.len() as f64 <= most, "{run}: {}", miss / x.len() as f64);
            all.choose(run);
            assert_eq!(all.pictures.len(), 4 * SHOWN * 64);
            assert_eq!(all.pictures[..64], x[..64]);
            assert_eq!(all.pictures[SHOWN * 64..][..64], means[..64]);
        }
    }

    #[test]
    fn new_draws_are_new_and_nonsense_changes_nothing() {
        let mut all = scored();
        let (before, scores) = (all.pictures.clone(), all.scores.clone());
        all.choose(99);
        assert_eq!(all.pictures, before);
        all.again();
        assert!(all.scores.iter().all(|s| s.is_nan()) && all.pictures != before);
        while all.advance() {}
        for (a, b) in all.scores.iter().zip(&scores) {
            assert!((a - b).abs() < 0.1 * b, "300 draws say about the same: {a} {b}");
        }
        for _ in 0..ROWS / SHOWN {
            all.turn();
        }
        assert_eq!(all.pictures[..64 * SHOWN], before[..64 * SHOWN], "all round");
    }
}
