//! Many rows at a time: blocks that stay in the cache, parts on all cores.
use ndarray::{Array1, Array2, ArrayView2, Axis};

/// Rows that are worked on together.
const BLOCK: usize = 128;

/// Parts that the rows are cut into, whatever the number of cores: so the sum does not depend on it.
const PARTS: usize = 16;

/// Entries that one core is done with before another has woken.
const SMALL: usize = 1 << 14;

// ANCHOR: over_rows
/// Adds up over all rows, a block of them at a time: each part from `zero`,
/// and then the parts together, in their order.
pub fn over_rows<S: Send>(
    x: ArrayView2<f64>,
    zero: impl Fn() -> S + Sync,
    add: impl Fn(&mut S, ArrayView2<f64>) + Sync,
    merge: impl Fn(S, S) -> S,
) -> S {
    let part = |rows: ArrayView2<f64>| {
        let mut sum = zero();
        rows.axis_chunks_iter(Axis(0), BLOCK).for_each(|block| add(&mut sum, block));
        sum
    };
    let size = x.nrows().div_ceil(PARTS).next_multiple_of(BLOCK);
    let parts: Vec<_> = x.axis_chunks_iter(Axis(0), size.max(1)).collect();
    let sums: Vec<S> = match x.len() < SMALL {
        true => parts.into_iter().map(part).collect(),
        false => on_all_cores(parts, part),
    };
    sums.into_iter().reduce(merge).unwrap_or_else(zero)
}
// ANCHOR_END: over_rows

/// The part of each, in order.
#[cfg(feature = "faer")]
fn on_all_cores<T: Send, S: Send>(items: Vec<T>, f: impl Fn(T) -> S + Sync) -> Vec<S> {
    use rayon::prelude::*;
    items.into_par_iter().map(&f).collect()
}

/// The part of each, in order: a page's WebAssembly has one core.
#[cfg(not(feature = "faer"))]
fn on_all_cores<T, S>(items: Vec<T>, f: impl Fn(T) -> S) -> Vec<S> {
    items.into_iter().map(f).collect()
}

/// Each row of `x` with `other`, entry by entry: of the shape of `x`.
pub fn combined(
    x: ArrayView2<f64>,
    other: &Array1<f64>,
    f: impl Fn(f64, f64) -> f64,
) -> Array2<f64> {
    let mut out = x.as_standard_layout().into_owned();
    if let (Some(flat), Some(other)) = (out.as_slice_mut(), other.as_slice()) {
        for row in flat.chunks_exact_mut(other.len().max(1)) {
            row.iter_mut().zip(other).for_each(|(x, o)| *x = f(*x, *o));
        }
    }
    out
}

// ANCHOR: exp
/// Every entry to its exponential, to two units in the last place; below −700 it is 0.
pub fn exp(values: &mut [f64]) {
    #[cfg(feature = "faer")]
    return pulp::Arch::new().dispatch(
        #[inline(always)]
        || values.iter_mut().for_each(|v| *v = exp_of(*v)),
    );
    #[cfg(not(feature = "faer"))]
    values.iter_mut().for_each(|v| *v = exp_of(*v));
}

/// 1/13, 1/12, …, 1.
const INVERSES: [f64; 13] = {
    let (mut out, mut i) = ([0.0; 13], 0);
    while i < 13 {
        out[i] = 1.0 / (13 - i) as f64;
        i += 1;
    }
    out
};

/// eᵛ = 2ⁿ eʳ with a whole n and |r| ≤ ½ log 2: for eʳ its series, for 2ⁿ the bits of a
/// float.
/// No branch, so that the processor does several at once.
#[inline(always)]
fn exp_of(v: f64) -> f64 {
    const ROUND: f64 = 6_755_399_441_055_744.0; // 1.5 · 2⁵²: adding it leaves the whole part in the low bits
    const LN_2: [f64; 2] = [0.693_147_180_369_123_8, 1.908_214_929_270_587_7e-10];
    let shifted = v * std::f64::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = (v - n * LN_2[0]) - n * LN_2[1];
    let series = INVERSES.iter().fold(1.0, |sum, inverse| 1.0 + sum * r * inverse);
    let power = f64::from_bits((shifted.to_bits().wrapping_add(1023)) << 52);
    if v < -700.0 { 0.0 } else { series * power }
}
// ANCHOR_END: exp

#[cfg(test)]
mod tests {
    #[test]
    fn exp_is_the_exponential() {
        let places: Vec<f64> =
            (-699_000..700_000).step_by(37).map(|i| f64::from(i) / 1000.0).collect();
        let mut found = places.clone();
        super::exp(&mut found);
        for (v, e) in places.iter().zip(found) {
            assert!((e / v.exp() - 1.0).abs() < 5e-16, "{v}: {e}");
        }
        let mut ends = [0.0, -701.0, f64::NEG_INFINITY, f64::NAN];
        super::exp(&mut ends);
        assert_eq!(ends[..3], [1.0, 0.0, 0.0]);
        assert!(ends[3].is_nan());
    }
}
