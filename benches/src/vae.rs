//! Training of variational autoencoders for `versus.py`: an epoch for each line on the input, `fused` or `plain`; the answer is its
//! seconds and the mean bound of its rows. Wide networks bend by ReLU, narrow ones by tanh.
use crate::Failure;
use dfdx::prelude::*;
use latent::ndarray::Array2;
use latent::rand::{SeedableRng, rngs::StdRng};
use latent::vae::{Bend, Engine, Likelihood, Plan, Run, Sizes, Vae};
use std::io::{BufRead, Write};
use std::time::Instant;

#[cfg(not(feature = "cuda"))]
type Machine = Cpu;
#[cfg(feature = "cuda")]
type Machine = Cuda;

pub fn serve(x: &Array2<f64>, [hidden, latent, batch]: [usize; 3]) -> Result<(), Failure> {
    let x = x.mapv(|v| v as f32);
    let sizes = [hidden, latent, batch];
    let mut fused = fresh::<Machine>(&x, sizes)?;
    #[cfg(not(feature = "cuda"))]
    let mut plain = fresh(&x, sizes)?;
    println!("ready");
    for line in std::io::stdin().lock().lines() {
        let start = Instant::now();
        let bound = match line?.as_str() {
            "fused" => fused.epoch(x.view(), |_| ())?.objective,
            #[cfg(not(feature = "cuda"))]
            "plain" => crate::vae_plain::epoch(&mut plain, &x)?,
            other => return Err(format!("no variant {other}").into()),
        };
        println!("{} {bound}", start.elapsed().as_secs_f64());
        std::io::stdout().flush()?;
    }
    Ok(())
}

/// A run in f32.
pub type Narrow<D> = Run<f32, D>;

/// A run that has not begun.
pub fn fresh<D: Engine<f32>>(
    x: &Array2<f32>,
    [hidden, latent, batch]: [usize; 3],
) -> Result<Narrow<D>, Failure> {
    let sizes = Sizes { pixels: x.ncols(), hidden: vec![hidden], latent };
    let bend = if hidden > 100 { Bend::Relu } else { Bend::Tanh };
    let plan = Plan { epochs: usize::MAX, batch, ..Plan::default() };
    let (device, mut rng) = (D::default(), StdRng::seed_from_u64(1));
    let net = Vae::new(&sizes, Likelihood::Bernoulli, &device, &mut rng)?;
    Ok(Run::new(net.bent(bend), plan)?)
}
