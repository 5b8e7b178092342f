//! Where the time of a training step goes: `RAYON_NUM_THREADS=1 benches vae-cost` prints processor milliseconds, as the table
//! `vae_cost.csv` beside it. Network, batch and threads are those of the first race in `versus_vae.py`.
use crate::Failure;
use crate::vae::{Narrow, epoch, fresh};
use dfdx::prelude::*;
use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};
use latent::ndarray::Array2;
use latent::rand::{Rng, SeedableRng, rngs::StdRng};
use latent::vae::engine::{self, Engine};
use latent::vae::net::{Table, to_device};

const NOTE: &str = "# Processor milliseconds of a training step on one thread, medians of nine. Written by `RAYON_NUM_THREADS=1 cargo run -p benches -- vae-cost`.";
const BATCH: usize = 128;
const LAYERS: [(usize, usize); 5] = [(784, 400), (400, 20), (400, 20), (20, 400), (400, 784)];

pub fn table() -> Result<(), Failure> {
    let mut rng = StdRng::seed_from_u64(1);
    let x =
        Array2::from_shape_simple_fn((10 * BATCH, 784), || f32::from(rng.random::<bool>()));
    let (mut fused, mut plain) = (fresh(&x, [400, 20, BATCH])?, fresh(&x, [400, 20, BATCH])?);
    let square = faer_products([(1024, 1024, 1024)].into_iter())?;
    let limit = square * work(true) as f64 / 1024f64.powi(3);
    let products = [faer_products(shapes(true))?, dfdx_products(shapes(false))?];
    let likelihood = [
        likelihood(&x, |odds, x| Ok(<Cpu as Engine<f32>>::bernoulli(odds, x)?))?,
        likelihood(&x, |odds, x| Ok(engine::bernoulli(odds, x)?))?,
    ];
    let adam = [steps(&mut fused, true)?, steps(&mut plain, false)?];
    let whole = [
        median(1, || fused.epoch(x.view(), |_| ()).map(|_| ()).map_err(Into::into))? / 10.0,
        median(1, || epoch(&mut plain, &x).map(|_| ()))? / 10.0,
    ];
    println!("{NOTE}\nwho,limit,products,likelihood,adam,whole");
    for (i, who) in ["fused", "plain"].into_iter().enumerate() {
        let parts = [limit, products[i], likelihood[i], adam[i], whole[i]];
        println!("{who},{}", parts.map(|ms| format!("{ms:.3}")).join(","));
    }
    Ok(())
}

/// Rows, inner size and columns of every product of a step; the fused step has one fewer.
fn shapes(fused: bool) -> impl Iterator<Item = (usize, usize, usize)> {
    LAYERS.into_iter().enumerate().flat_map(move |(i, (inputs, outputs))| {
        let forward = (BATCH, inputs, outputs);
        let weights = (outputs, BATCH, inputs);
        let passed = (i > 0 || !fused).then_some((BATCH, outputs, inputs));
        [Some(forward), Some(weights), passed].into_iter().flatten()
    })
}

fn work(fused: bool) -> usize {
    shapes(fused).map(|(m, k, n)| m * k * n).sum()
}

fn faer_products(
    shapes: impl Iterator<Item = (usize, usize, usize)>,
) -> Result<f64, Failure> {
    let some = |n: usize| vec![0.5f32; n];
    let mut all: Vec<_> =
        shapes.map(|s| (s, some(s.0 * s.1), some(s.1 * s.2), some(s.0 * s.2))).collect();
    median(40, || {
        for ((m, k, n), a, b, c) in &mut all {
            let (a, b) = (
                MatRef::from_row_major_slice(a, *m, *k),
                MatRef::from_row_major_slice(b, *k, *n),
            );
            let c = MatMut::from_row_major_slice_mut(c, *m, *n);
            matmul(c, Accum::Replace, a, b, 1.0, Par::Seq);
        }
        Ok(())
    })
}

fn dfdx_products(
    shapes: impl Iterator<Item = (usize, usize, usize)>,
) -> Result<f64, Failure> {
    let some = |shape: (usize, usize)| Cpu::default().try_ones_like(&shape);
    let all = shapes.map(|(m, k, n)| Ok((some((m, k))?, some((k, n))?)));
    let all: Vec<(Table<f32, Cpu>, Table<f32, Cpu>)> = all.collect::<Result<_, Failure>>()?;
    median(40, || {
        for (a, b) in &all {
            a.clone().try_matmul(b.clone())?;
        }
        Ok(())
    })
}

/// Forwards and backwards, from the log-odds.
fn likelihood(
    x: &Array2<f32>,
    f: impl Fn(
        Tensor<(usize, usize), f32, Cpu, OwnedTape<f32, Cpu>>,
        &Table<f32, Cpu>,
    ) -> Result<Tensor<(usize,), f32, Cpu, OwnedTape<f32, Cpu>>, Failure>,
) -> Result<f64, Failure> {
    let x = to_device(x.slice(latent::ndarray::s![..BATCH, ..]), &Cpu::default())?;
    let odds = x.clone().try_sub(0.3)?;
    median(100, || {
        f(odds.leaky_trace(), &x)?.try_mean::<Rank0, _>()?.try_backward()?;
        Ok(())
    })
}

/// A step of Adam on every parameter.
fn steps(run: &mut Narrow<Cpu>, fused: bool) -> Result<f64, Failure> {
    let mut slope = Gradients::leaky();
    for (_, p) in run.net.parameters() {
        slope.get_or_alloc_mut(p)?.fill(0.1);
    }
    median(40, || {
        let step = run.adam.next(0.0);
        let moments = run.adam.first.iter_mut().zip(&mut run.adam.second);
        for ((_, p), (first, second)) in run.net.parameters().into_iter().zip(moments) {
            match fused {
                true => <Cpu as Engine<f32>>::adam([p, first, second], &mut slope, step)?,
                false => {
                    let old = p.clone();
                    engine::adam([p, first, second], &mut slope, step)?;
                    *p = old; // with its slope
                }
            }
        }
        Ok(())
    })
}

/// Milliseconds of one of so many goes, by this thread's own clock: the median of nine.
fn median(
    goes: usize,
    mut work: impl FnMut() -> Result<(), Failure>,
) -> Result<f64, Failure> {
    let now = || -> Result<f64, Failure> {
        let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
        Ok(text.split(' ').next().unwrap_or_default().parse()?)
    };
    let mut times = vec![];
    for _ in 0..10 {
        let start = now()?;
        for _ in 0..goes {
            work()?;
        }
        times.push((now()? - start) * 1e-6 / goes as f64);
    }
    times.remove(0); // it warms up
    times.sort_by(f64::total_cmp);
    Ok(times[4])
}
