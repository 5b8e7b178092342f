//! Many rows at a time: blocks that stay in the cache, parts on all cores.
use ndarray::{ArrayView2, Axis};

/// Rows that are worked on together.
const BLOCK: usize = 256;

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
