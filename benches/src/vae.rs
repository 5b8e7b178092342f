//! Training of variational autoencoders for `versus.py`: an epoch for each line on the input, `fused` or `plain`; the answer is its
//! seconds and the mean bound of its rows. Wide networks bend by ReLU, narrow ones by tanh.
use crate::Failure;
use dfdx::prelude::*;
use latent::ndarray::{Array2, Axis};
use latent::rand::{SeedableRng, rngs::StdRng, seq::SliceRandom};
use latent::vae::net::{Code, Table, to_device};
use latent::vae::train::noise;
use latent::vae::{Bend, Engine, Likelihood, Plan, Run, Sizes, Vae, engine, loss};
use std::io::{BufRead, Write};
use std::time::Instant;

#[cfg(not(feature = "cuda"))]
type Machine = Cpu;
#[cfg(feature = "cuda")]
type Machine = Cuda;

pub fn serve(x: &Array2<f64>, [hidden, latent, batch]: [usize; 3]) -> Result<(), Failure> {
    let x = x.mapv(|v| v as f32);
    let sizes = [hidden, latent, batch];
    let (mut fused, mut plain) = (fresh::<Machine>(&x, sizes)?, fresh(&x, sizes)?);
    println!("ready");
    for line in std::io::stdin().lock().lines() {
        let start = Instant::now();
        let bound = match line?.as_str() {
            "fused" => fused.epoch(x.view(), |_| ())?.objective,
            _ => epoch(&mut plain, &x)?,
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

/// The same epoch by the plain operations alone.
pub fn epoch(run: &mut Narrow<Machine>, x: &Array2<f32>) -> Result<f64, Failure> {
    let mut rng = run.plan.rng(run.done);
    let mut order: Vec<usize> = (0..x.nrows()).collect();
    order.shuffle(&mut rng);
    let mut sum = 0.0;
    for rows in order.chunks(run.plan.batch) {
        let batch = to_device(x.select(Axis(0), rows).view(), run.net.device())?;
        let latent = run.net.mean.bias.shape().1;
        let noise = noise((rows.len(), latent), run.net.device(), &mut rng)?;
        let loss = plain(&run.net, batch, noise)?;
        sum -= f64::from(loss.as_vec()[0]) * rows.len() as f64;
        let (mut slope, step) = (loss.try_backward()?, run.adam.next(run.plan.rate));
        let moments = run.adam.first.iter_mut().zip(&mut run.adam.second);
        for ((_, p), (first, second)) in run.net.parameters().into_iter().zip(moments) {
            engine::adam([p, first, second], &mut slope, step)?;
        }
    }
    run.done += 1;
    Ok(sum / x.nrows() as f64)
}

type Loss = Tensor<Rank0, f32, Machine, OwnedTape<f32, Machine>>;

fn plain(
    net: &Vae<f32, Machine>,
    x: Table<f32, Machine>,
    noise: Table<f32, Machine>,
) -> Result<Loss, Failure> {
    let bend = Some(net.bend);
    let top = engine::affine(x.leaky_trace(), &net.encoder[0], bend)?;
    let l = engine::affine(top.with_empty_tape(), &net.log_variance, None)?;
    let m = engine::affine(top, &net.mean, None)?;
    let z = Code::draw(m.with_empty_tape(), l.with_empty_tape(), noise)?;
    let odds = engine::affine(engine::affine(z, &net.decoder[0], bend)?, &net.out, None)?;
    let bound = engine::bernoulli(odds, &x)?.try_sub(loss::cost(m, l)?)?;
    Ok(bound.try_mean::<Rank0, _>()?.try_negate()?)
}
