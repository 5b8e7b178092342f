//! The log-likelihood of black and white pixels, and in the same pass its slope.
use super::lanes::{add, exp, log_1p, run, share, sum, wide};
use super::{Here, entries};
use crate::pca::autoencoder::Computed;
use crate::vae::net::Column;
use dfdx::prelude::*;

// ANCHOR: bernoulli
/// Σ x a − log(1 + eᵃ) over the pixels; its slope x − σ(a) needs the same e^−|a|, so it is
/// found on the way forwards.
pub fn bernoulli<T: Tape<f32, Cpu>>(
    odds: Here<T>,
    x: &Here,
) -> Computed<Column<f32, Cpu, T>, Cpu> {
    let (odds, mut tape) = odds.split_tape();
    let (rows, pixels) = *odds.shape();
    let (mut fit, mut kept) = (vec![0.0; rows], vec![0.0; rows * pixels]);
    forward(&entries(&odds), &entries(x), &mut fit, &mut kept);
    let fit = odds.device().try_tensor_from_vec(fit, (rows,))?;
    let out = fit.clone();
    tape.add_backward_op(move |slope| {
        let by = std::mem::take(&mut **slope.get_or_alloc_mut(&out)?);
        backward(slope.get_or_alloc_mut(&odds)?, &kept, &by);
        Ok(())
    });
    Ok(fit.put_tape(tape))
}

/// log p(x) of a pixel with the log-odds a, and the slope of it at a.
#[inline(always)]
fn pixel(a: f32, x: f32) -> (f32, f32) {
    let e = exp(-a.abs()); // never more than 1
    let high = if a < 0.0 { 0.0 } else { a };
    let sigma = (if a < 0.0 { e } else { 1.0 }) / (1.0 + e);
    (x * a - high - log_1p(e), x - sigma)
}
// ANCHOR_END: bernoulli

fn forward(a: &[f32], x: &[f32], fit: &mut [f32], kept: &mut [f32]) {
    let (pixels, part) = (a.len() / fit.len().max(1), share(fit.len(), a.len()));
    let size = part * pixels;
    let inputs = a.chunks(size).zip(x.chunks(size));
    let outputs = fit.chunks_mut(part).zip(kept.chunks_mut(size));
    run(inputs.zip(outputs), |((a, x), (fit, kept))| {
        for (row, fit) in fit.iter_mut().enumerate() {
            let row = row * pixels..(row + 1) * pixels;
            let (a, x, kept) = (&a[row.clone()], &x[row.clone()], &mut kept[row]);
            *fit = wide(
                #[inline(always)]
                || sum(a, x, kept, pixel),
            );
        }
    });
}

/// Adds to each row what was kept of it, times its slope.
fn backward(into: &mut [f32], kept: &[f32], by: &[f32]) {
    let (pixels, part) = (into.len() / by.len().max(1), share(by.len(), into.len()));
    let size = part * pixels;
    let parts = into.chunks_mut(size).zip(kept.chunks(size)).zip(by.chunks(part));
    run(parts, |((into, kept), by)| {
        let rows = into.chunks_mut(pixels).zip(kept.chunks(pixels));
        rows.zip(by).for_each(|((into, kept), by)| add(into, kept, *by));
    });
}
