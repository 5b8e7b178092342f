//! Training in f32 on this machine's processor: each operation of `engine` in one pass, with one entry on the tape.
//! The products are faer's. No result depends on how many cores took part.
mod adam;
mod affine;
mod bernoulli;
mod code;
pub mod lanes;

use super::engine::{Bend, Engine, Step};
use super::net::{Column, Layer, Table};
use crate::pca::autoencoder::Computed;
use dfdx::prelude::*;
use std::borrow::Cow;

/// A table in the memory of this machine.
type Here<T = NoneTape> = Table<f32, Cpu, T>;

/// Backwards, an operation takes what has gathered as the slope at its output; it is then used up.
impl Engine<f32> for Cpu {
    fn affine<T: Tape<f32, Cpu> + Merge<T>>(
        x: Here<T>,
        layer: &Layer<f32, Cpu>,
        bend: Option<Bend>,
    ) -> Computed<Here<T>, Cpu> {
        affine::affine(x, layer, bend, false)
    }

    fn first<T: Tape<f32, Cpu> + Merge<T>>(
        x: Here<T>,
        layer: &Layer<f32, Cpu>,
        bend: Option<Bend>,
    ) -> Computed<Here<T>, Cpu> {
        affine::affine(x, layer, bend, true)
    }

    fn draw<T: Tape<f32, Cpu> + Merge<T>>(
        mean: Here<T>,
        log_variance: Here<T>,
        noise: Here,
    ) -> Computed<Here<T>, Cpu> {
        code::draw(mean, log_variance, &noise)
    }

    fn cost<T: Tape<f32, Cpu> + Merge<T>>(
        mean: Here<T>,
        log_variance: Here<T>,
    ) -> Computed<Column<f32, Cpu, T>, Cpu> {
        code::cost(mean, log_variance)
    }

    fn bernoulli<T: Tape<f32, Cpu> + Merge<T>>(
        odds: Here<T>,
        x: &Here,
    ) -> Computed<Column<f32, Cpu, T>, Cpu> {
        bernoulli::bernoulli(odds, x)
    }

    fn adam(
        all: [&mut Here; 3],
        slope: &mut Gradients<f32, Cpu>,
        step: Step,
    ) -> Computed<(), Cpu> {
        adam::adam(all, slope, step)
    }
}

/// Do the entries lie one row after the other, without gaps?
fn solid<T>(table: &Here<T>) -> bool {
    let (rows, columns) = *table.shape();
    if rows * columns == 0 {
        return false;
    }
    let place = |at| &raw const table[at] as usize / size_of::<f32>();
    let start = place([0, 0]);
    (columns == 1 || place([0, 1]) == start + 1)
        && (rows == 1 || place([1, 0]) == start + columns)
        && place([rows - 1, columns - 1]) == start + rows * columns - 1
}

/// The entries, row by row; not copied if they lie so.
fn entries<T>(table: &Here<T>) -> Cow<'_, [f32]> {
    if !solid(table) {
        return Cow::Owned(table.as_vec());
    }
    let (rows, columns) = *table.shape();
    // SAFETY: `solid` has indexed the last entry, so all of them lie within the tensor's one
    // vector, from the first on; as long as `table` is borrowed nobody drops or changes it.
    Cow::Borrowed(unsafe { std::slice::from_raw_parts(&table[[0, 0]], rows * columns) })
}

/// The entries, to be changed; none if they do not lie row by row.
fn entries_mut(table: &mut Here) -> Option<&mut [f32]> {
    let (rows, columns) = *table.shape();
    // SAFETY: as in `entries`; and to index for a change makes the vector this tensor's alone.
    solid(table).then(|| unsafe {
        std::slice::from_raw_parts_mut(&mut table[[0, 0]], rows * columns)
    })
}
