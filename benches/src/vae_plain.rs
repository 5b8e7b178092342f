//! An epoch of training by the plain operations alone, in f32 on the processor.
use crate::Failure;
use crate::vae::Narrow;
use dfdx::prelude::*;
use latent::ndarray::{Array2, Axis};
use latent::rand::seq::SliceRandom;
use latent::vae::net::{Code, Table, to_device};
use latent::vae::train::noise;
use latent::vae::{Vae, engine, loss};

/// What `Run::epoch` does, but for the fused operations.
pub fn epoch(run: &mut Narrow<Cpu>, x: &Array2<f32>) -> Result<f64, Failure> {
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

type Loss = Tensor<Rank0, f32, Cpu, OwnedTape<f32, Cpu>>;

fn plain(
    net: &Vae<f32, Cpu>,
    x: Table<f32, Cpu>,
    noise: Table<f32, Cpu>,
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
