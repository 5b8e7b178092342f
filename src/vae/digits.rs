//! The digits as this chapter's networks see them, and a network for them on the processor. Nothing here is generic:
//! a notebook's cell that calls it compiles no network of its own.
use super::{Likelihood, OnCpu, Plan, Run, Sizes, Vae};
use crate::data::digits;
use crate::error::Result;
use dfdx::prelude::Cpu;
use ndarray::{Array2, ArrayView2, s};
use rand::{SeedableRng, rngs::StdRng};

/// The first 1500 rows, to train on, and the other 297, to test on. A pixel of 8 or more is 1, the others are 0.
pub fn split() -> (Array2<f32>, Array2<f32>) {
    let x = digits().x.mapv(|v| if v >= 8.0 { 1.0 } else { 0.0 });
    (x.slice(s![..1500, ..]).to_owned(), x.slice(s![1500.., ..]).to_owned())
}

/// A fresh network of 64 pixels, 64 hidden units each way and two latents, trained by the plan.
pub fn train(plan: Plan) -> Result<OnCpu> {
    let sizes = Sizes { pixels: 64, hidden: vec![64], latent: 2 };
    let mut rng = StdRng::seed_from_u64(plan.seed);
    let net = Vae::new(&sizes, Likelihood::Bernoulli, &Cpu::default(), &mut rng)?;
    let mut run = Run::new(net, plan)?;
    run.finish(split().0.view())?;
    Ok(run.net)
}

/// What the decoder makes of each row of `z`: probabilities that a pixel is 1.
pub fn images(net: &OnCpu, z: ArrayView2<f64>) -> Result<Array2<f64>> {
    net.images(z)
}
