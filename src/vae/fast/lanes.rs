//! Loops over many f32: no branch inside, so that the processor does several at once; long ones on all cores.
use pulp::Arch;
use rayon::prelude::*;

/// Entries that one core is done with before another has woken.
const SMALL: usize = 1 << 15;

/// Sums go on in so many places at once.
const LANES: usize = 16;

/// How many of these units one core takes: all, if there are few entries.
pub fn share(units: usize, entries: usize) -> usize {
    if entries < SMALL { units.max(1) } else { units.div_ceil(rayon::current_num_threads()) }
}

/// Does each part, with the widest instructions that this processor has.
pub fn run<P: Send>(parts: impl Iterator<Item = P>, work: impl Fn(P) + Sync + Send) {
    let mut parts: Vec<P> = parts.collect();
    match (parts.len(), parts.pop()) {
        (1, Some(only)) => work(only),
        (_, Some(last)) => {
            parts.push(last);
            parts.into_par_iter().for_each(work);
        }
        _ => (),
    }
}

/// A loop in the widest instructions that this processor has.
#[inline(always)]
pub fn wide<R>(work: impl FnOnce() -> R) -> R {
    Arch::new().dispatch(work)
}

/// to += by · from.
pub fn add(to: &mut [f32], from: &[f32], by: f32) {
    wide(
        #[inline(always)]
        || to.iter_mut().zip(from).for_each(|(t, f)| *t += by * f),
    );
}

/// Sums f over two rows of entries, and keeps what else f gives: f(a, b) = (term, kept).
#[inline(always)]
pub fn sum(
    a: &[f32],
    b: &[f32],
    keep: &mut [f32],
    f: impl Fn(f32, f32) -> (f32, f32),
) -> f32 {
    let ((a, a_left), (b, b_left)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    let (keep, keep_left) = keep.as_chunks_mut::<LANES>();
    let mut sums = [0.0; LANES];
    for ((a, b), keep) in a.iter().zip(b).zip(keep) {
        for i in 0..LANES {
            let (term, kept) = f(a[i], b[i]);
            sums[i] += term;
            keep[i] = kept;
        }
    }
    for ((a, b), keep) in a_left.iter().zip(b_left).zip(keep_left) {
        let (term, kept) = f(*a, *b);
        sums[0] += term;
        *keep = kept;
    }
    sums.iter().sum()
}

/// 1/7, 1/6, …, 1.
const INVERSES: [f32; 7] = [1.0 / 7.0, 1.0 / 6.0, 0.2, 0.25, 1.0 / 3.0, 0.5, 1.0];

/// eᵛ = 2ⁿ (1 + s) with a whole n: 2ⁿ from the bits of a float, s from its series.
#[inline(always)]
fn split(v: f32) -> (f32, f32) {
    const ROUND: f32 = 12_582_912.0; // 1.5 · 2²³: adding it leaves the whole part in the low bits
    const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];
    let shifted = v * std::f32::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = (v - n * LN_2[0]) - n * LN_2[1];
    let series = INVERSES.iter().fold(0.0, |sum, inverse| (1.0 + sum) * r * inverse);
    (f32::from_bits(shifted.to_bits().wrapping_add(127) << 23), series)
}

/// eᵛ, to two units in the last place; below −87 it is 0, above 88 infinite.
#[inline(always)]
pub fn exp(v: f32) -> f32 {
    let (power, series) = split(v);
    let high = if v > 88.0 { f32::INFINITY } else { power + power * series };
    if v < -87.0 { 0.0 } else { high }
}

/// tanh v = s/(s + 2) with s = e²ᵛ − 1: exact also near 0, where s is small.
#[inline(always)]
pub fn tanh(v: f32) -> f32 {
    let size = if v.abs() > 10.0 { 10.0 } else { v.abs() };
    let (power, series) = split(2.0 * size);
    let s = power * series + (power - 1.0);
    (s / (s + 2.0)).copysign(v)
}

/// log(1 + e) for e from 0 to 1, as 2 artanh(e/(2 + e)), by its series.
#[inline(always)]
pub fn log_1p(e: f32) -> f32 {
    const ODD: [f32; 7] = [1.0 / 13.0, 1.0 / 11.0, 1.0 / 9.0, 1.0 / 7.0, 0.2, 1.0 / 3.0, 1.0];
    let s = e / (2.0 + e);
    2.0 * s * ODD.iter().fold(0.0, |sum, c| c + sum * s * s)
}
