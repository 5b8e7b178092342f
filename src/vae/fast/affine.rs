//! An affine map and its bend: one product forwards and two backwards, and all else in one pass over the output.
use super::lanes::{add, run, share, tanh, wide};
use super::{Here, entries};
use crate::pca::autoencoder::Computed;
use crate::vae::engine::Bend;
use crate::vae::net::Layer;
use dfdx::prelude::*;
use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};

/// Multiplications that one core is done with before another has woken.
const SMALL: usize = 1 << 20;

// ANCHOR: affine
/// bend(x Wᵀ + b). For data nobody wants the slope at x; that saves a product.
pub fn affine<T: Tape<f32, Cpu>>(
    x: Here<T>,
    layer: &Layer<f32, Cpu>,
    bend: Option<Bend>,
    data: bool,
) -> Computed<Here<T>, Cpu> {
    let (x, mut tape) = x.split_tape();
    let (weight, bias) = (layer.weight.clone(), layer.bias.clone());
    let (rows, outputs) = (x.shape().0, bias.shape().1);
    let mut y = entries(&bias).repeat(rows);
    product(&mut y, of(&x, &entries(&x)), of(&weight, &entries(&weight)).transpose());
    forward(&mut y, bend);
    let y = x.device().try_tensor_from_vec(y, (rows, outputs))?;
    let out = y.clone();
    tape.add_backward_op(move |slope| {
        let mut g = std::mem::take(&mut **slope.get_or_alloc_mut(&out)?);
        backward(&mut g, &entries(&out), bend);
        sum_rows(slope.get_or_alloc_mut(&bias)?, &g);
        let g = MatRef::from_row_major_slice(&g, rows, outputs);
        product(slope.get_or_alloc_mut(&weight)?, g.transpose(), of(&x, &entries(&x)));
        if !data {
            product(slope.get_or_alloc_mut(&x)?, g, of(&weight, &entries(&weight)));
        }
        Ok(())
    });
    Ok(y.put_tape(tape))
}
// ANCHOR_END: affine

/// The same as a matrix of faer's.
fn of<'a>(table: &Here, entries: &'a [f32]) -> MatRef<'a, f32> {
    MatRef::from_row_major_slice(entries, table.shape().0, table.shape().1)
}

/// Adds a product to a row-major table.
fn product(into: &mut [f32], a: MatRef<f32>, b: MatRef<f32>) {
    let (rows, inner, columns) = (a.nrows(), a.ncols(), b.ncols());
    let alone = rows * inner * columns < SMALL || rayon::current_num_threads() == 1;
    let cores = if alone { Par::Seq } else { Par::rayon(0) };
    let into = MatMut::from_row_major_slice_mut(into, rows, columns);
    matmul(into, Accum::Add, a, b, 1.0, cores);
}

/// bend(a) in place of a.
fn forward(a: &mut [f32], bend: Option<Bend>) {
    let Some(bend) = bend else { return };
    run(a.chunks_mut(share(a.len(), a.len())), |part| {
        wide(
            #[inline(always)]
            || match bend {
                Bend::Tanh => part.iter_mut().for_each(|a| *a = tanh(*a)),
                Bend::Relu => {
                    part.iter_mut().for_each(|a| *a = if *a < 0.0 { 0.0 } else { *a }) // NaN stays
                }
            },
        );
    });
}

/// From the slope at the output y of a bend to the slope at its input.
fn backward(g: &mut [f32], y: &[f32], bend: Option<Bend>) {
    let Some(bend) = bend else { return };
    let size = share(g.len(), g.len());
    run(g.chunks_mut(size).zip(y.chunks(size)), |(g, y)| {
        wide(
            #[inline(always)]
            || {
                let each = g.iter_mut().zip(y);
                match bend {
                    Bend::Tanh => each.for_each(|(g, y)| *g *= 1.0 - y * y),
                    Bend::Relu => {
                        each.for_each(|(g, y)| *g = if *y > 0.0 { *g } else { 0.0 })
                    }
                }
            },
        );
    });
}

/// Adds the rows of a table to a row, each core some columns of it.
fn sum_rows(into: &mut [f32], table: &[f32]) {
    let width = into.len().max(1);
    let size = share(width, table.len());
    run(into.chunks_mut(size).enumerate(), |(i, part)| {
        let columns = i * size..i * size + part.len();
        table.chunks_exact(width).for_each(|row| add(part, &row[columns.clone()], 1.0));
    });
}
