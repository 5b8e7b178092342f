//! What lies between encoder and decoder: the draw of z, and KL(q ‖ prior). Small, so one core does it.
use super::lanes::{add, exp, sum, wide};
use super::{Here, entries};
use crate::pca::autoencoder::Computed;
use crate::vae::net::Column;
use dfdx::prelude::*;

/// z = m + s ε.
pub fn draw<T: Tape<f32, Cpu> + Merge<T>>(
    mean: Here<T>,
    log_variance: Here<T>,
    noise: &Here,
) -> Computed<Here<T>, Cpu> {
    let ((mean, tape), (log_variance, other)) =
        (mean.split_tape(), log_variance.split_tape());
    let mut tape = tape.merge(other);
    let mut step = entries(noise).into_owned(); // s ε
    scale(&mut step, &entries(&log_variance));
    let mut z = entries(&mean).into_owned();
    add(&mut z, &step, 1.0);
    let z = mean.device().try_tensor_from_vec(z, *mean.shape())?;
    let out = z.clone();
    tape.add_backward_op(move |slope| {
        let g = std::mem::take(&mut **slope.get_or_alloc_mut(&out)?);
        add(slope.get_or_alloc_mut(&mean)?, &g, 1.0);
        multiply(&mut step, &g);
        add(slope.get_or_alloc_mut(&log_variance)?, &step, 0.5);
        Ok(())
    });
    Ok(z.put_tape(tape))
}

/// ½ Σ (v + m² − 1 − log v); one number a row.
pub fn cost<T: Tape<f32, Cpu> + Merge<T>>(
    mean: Here<T>,
    log_variance: Here<T>,
) -> Computed<Column<f32, Cpu, T>, Cpu> {
    let ((mean, tape), (log_variance, other)) =
        (mean.split_tape(), log_variance.split_tape());
    let mut tape = tape.merge(other);
    let (rows, latent) = *mean.shape();
    let (mut all, mut excess) = (vec![0.0; rows], vec![0.0; rows * latent]);
    rows_of_cost(&entries(&mean), &entries(&log_variance), &mut all, &mut excess);
    let all = mean.device().try_tensor_from_vec(all, (rows,))?;
    let out = all.clone();
    tape.add_backward_op(move |slope| {
        let by = std::mem::take(&mut **slope.get_or_alloc_mut(&out)?);
        add_rows(slope.get_or_alloc_mut(&mean)?, &entries(&mean), &by, 1.0);
        add_rows(slope.get_or_alloc_mut(&log_variance)?, &excess, &by, 0.5);
        Ok(())
    });
    Ok(all.put_tape(tape))
}

/// From ε to s ε.
fn scale(noise: &mut [f32], log_variance: &[f32]) {
    wide(
        #[inline(always)]
        || noise.iter_mut().zip(log_variance).for_each(|(e, l)| *e *= exp(0.5 * l)),
    );
}

fn multiply(a: &mut [f32], b: &[f32]) {
    a.iter_mut().zip(b).for_each(|(a, b)| *a *= b);
}

/// The cost of each row, and v − 1 of each entry.
fn rows_of_cost(m: &[f32], l: &[f32], all: &mut [f32], excess: &mut [f32]) {
    let latent = (m.len() / all.len().max(1)).max(1);
    let rows = m.chunks(latent).zip(l.chunks(latent)).zip(excess.chunks_mut(latent));
    for (((m, l), excess), all) in rows.zip(all) {
        *all = wide(
            #[inline(always)]
            || 0.5 * sum(m, l, excess, entry),
        );
    }
}

/// v + m² − 1 − log v of one entry, and v − 1.
#[inline(always)]
fn entry(m: f32, l: f32) -> (f32, f32) {
    let excess = exp(l) - 1.0;
    (excess + m * m - l, excess)
}

/// Adds to each row another, times its slope and a factor.
fn add_rows(into: &mut [f32], from: &[f32], by: &[f32], factor: f32) {
    let width = (into.len() / by.len().max(1)).max(1);
    let rows = into.chunks_mut(width).zip(from.chunks(width));
    rows.zip(by).for_each(|((into, from), by)| add(into, from, factor * by));
}
