//! A step of Adam: each entry is read once and written once.
use super::lanes::{run, share, wide};
use super::{Here, entries_mut, solid};
use crate::pca::autoencoder::Computed;
use crate::vae::engine::{self, Step};
use dfdx::prelude::*;

/// One step of Adam on one parameter, in place; to the bit what the plain one does.
pub fn adam(
    [p, first, second]: [&mut Here; 3],
    slope: &mut Gradients<f32, Cpu>,
    step: Step,
) -> Computed<(), Cpu> {
    if ![&*p, &*first, &*second].into_iter().all(solid) {
        return engine::adam([p, first, second], slope, step);
    }
    let g = slope.get_or_alloc_mut(p)?;
    let size = share(g.len(), g.len());
    let [p, first, second] = [p, first, second].map(|t| entries_mut(t).unwrap_or_default());
    let moments = first.chunks_mut(size).zip(second.chunks_mut(size));
    let parts = p.chunks_mut(size).zip(g.chunks(size)).zip(moments);
    run(parts, |((p, g), (first, second))| {
        wide(
            #[inline(always)]
            || each(p, g, [first, second], step),
        )
    });
    Ok(())
}

#[inline(always)]
fn each(p: &mut [f32], g: &[f32], [first, second]: [&mut [f32]; 2], step: Step) {
    let [keep1, keep2] = step.keep.map(|keep| keep as f32);
    let [rate, lift, tiny] = [step.rate, step.lift, step.tiny].map(|v| v as f32);
    for (((p, g), first), second) in p.iter_mut().zip(g).zip(first).zip(second) {
        *first = *first * keep1 + g * (1.0 - keep1);
        *second = *second * keep2 + g * g * (1.0 - keep2);
        *p -= *first / (second.sqrt() * lift + tiny) * rate; // (eq:adam)
    }
}
