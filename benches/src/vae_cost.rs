//! Where the time of a training step goes: `RAYON_NUM_THREADS=1 benches vae-cost` prints processor milliseconds, as the table
//! `vae_cost.csv` beside it. Network, batch and threads are those of the first race in `versus_vae.py`.
use crate::Failure;
use crate::vae::fresh;
use crate::vae_plain::epoch;
use dfdx::prelude::*;
use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};
use latent::ndarray::{Array2, s};
use latent::rand::{Rng, SeedableRng, rngs::StdRng};
use latent::vae::engine::{self, Engine};
use latent::vae::net::{Table, to_device};

const NOTE: &str = "# Processor milliseconds of a training step on one thread, medians of nine rounds. Written by `RAYON_NUM_THREADS=1 cargo run -p benches -- vae-cost`.";
const BATCH: usize = 128;
const LAYERS: [(usize, usize); 5] = [(784, 400), (400, 20), (400, 20), (20, 400), (400, 784)];

/// One thing to be timed.
type Work = Box<dyn FnMut() -> Result<(), Failure>>;

pub fn table() -> Result<(), Failure> {
    let mut rng = StdRng::seed_from_u64(1);
    let x =
        Array2::from_shape_simple_fn((10 * BATCH, 784), || f32::from(rng.random::<bool>()));
    let square = Product { sizes: (1024, 1024, 1024), turned: (false, false) };
    let by_rate = work(&products(true)) / work(&[square]);
    // How often each is done at a time, and what one of them is of a step.
    let mut all: Vec<(usize, f64, Work)> = vec![
        (4, by_rate, by_faer(vec![square])),
        (20, 1.0, by_faer(products(true))),
        (200, 1.0, likelihood(&x, true)?),
        (200, 1.0, adam(&x, true)?),
        (4, 0.1, whole(&x, true)?),
        (10, 1.0, by_dfdx(products(false))?),
        (50, 1.0, likelihood(&x, false)?),
        (20, 1.0, adam(&x, false)?),
        (2, 0.1, whole(&x, false)?),
    ];
    let mut times = vec![vec![]; all.len()];
    for round in 0..10 {
        for ((goes, share, work), times) in all.iter_mut().zip(&mut times) {
            let start = now()?;
            (0..*goes).try_for_each(|_| work())?;
            if round > 0 {
                times.push((now()? - start) * *share / *goes as f64);
            }
        }
    }
    let median = |mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        format!("{:.3}", times[4])
    };
    let found: Vec<String> = times.into_iter().map(median).collect();
    println!("{NOTE}\nwho,limit,products,likelihood,adam,whole");
    println!("fused,{}", found[..5].join(","));
    println!("plain,{},{}", found[0], found[5..].join(","));
    Ok(())
}

/// Milliseconds that this thread has run.
fn now() -> Result<f64, Failure> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    Ok(text.split(' ').next().unwrap_or_default().parse::<f64>()? * 1e-6)
}

/// Rows, inner size and columns, and which factor lies in memory as its transpose.
#[derive(Clone, Copy)]
struct Product {
    sizes: (usize, usize, usize),
    turned: (bool, bool),
}

/// Every product of a step; the fused step has one fewer.
fn products(fused: bool) -> Vec<Product> {
    let layer = |(i, (inputs, outputs)): (usize, (usize, usize))| {
        let forward = Product { sizes: (BATCH, inputs, outputs), turned: (false, true) };
        let weights = Product { sizes: (outputs, BATCH, inputs), turned: (true, false) };
        let passed = Product { sizes: (BATCH, outputs, inputs), turned: (false, false) };
        [Some(forward), Some(weights), (i > 0 || !fused).then_some(passed)]
    };
    LAYERS.into_iter().enumerate().flat_map(layer).flatten().collect()
}

fn work(products: &[Product]) -> f64 {
    products.iter().map(|Product { sizes: (m, k, n), .. }| (m * k * n) as f64).sum()
}

fn by_faer(products: Vec<Product>) -> Work {
    let some = |n: usize| vec![0.5f32; n];
    let tables = |p: &Product| {
        let (m, k, n) = p.sizes;
        (*p, some(m * k), some(k * n), some(m * n))
    };
    let mut all: Vec<_> = products.iter().map(tables).collect();
    Box::new(move || {
        for (Product { sizes: (m, k, n), turned }, a, b, c) in &mut all {
            let view = |v, rows: usize, columns: usize, turned: bool| match turned {
                false => MatRef::from_row_major_slice(v, rows, columns),
                true => MatRef::from_row_major_slice(v, columns, rows).transpose(),
            };
            let (a, b) = (view(a, *m, *k, turned.0), view(b, *k, *n, turned.1));
            let c = MatMut::from_row_major_slice_mut(c, *m, *n);
            matmul(c, Accum::Replace, a, b, 1.0, Par::Seq);
        }
        Ok(())
    })
}

fn by_dfdx(products: Vec<Product>) -> Result<Work, Failure> {
    let some =
        |rows: usize, columns: usize, turned: bool| -> Result<Table<f32, Cpu>, Failure> {
            let (device, shape) =
                (Cpu::default(), if turned { (columns, rows) } else { (rows, columns) });
            let t: Table<f32, Cpu> = device.try_ones_like(&shape)?;
            Ok(if turned { t.try_permute::<(usize, usize), Axes2<1, 0>>()? } else { t })
        };
    let tables = |p: Product| {
        let (m, k, n) = p.sizes;
        Ok((some(m, k, p.turned.0)?, some(k, n, p.turned.1)?))
    };
    let all = products.into_iter().map(tables).collect::<Result<Vec<_>, Failure>>()?;
    Ok(Box::new(move || {
        for (a, b) in &all {
            a.clone().try_matmul(b.clone())?;
        }
        Ok(())
    }))
}

/// Forwards and backwards, from the log-odds.
fn likelihood(x: &Array2<f32>, fused: bool) -> Result<Work, Failure> {
    let x = to_device(x.slice(s![..BATCH, ..]), &Cpu::default())?;
    let odds = x.clone().try_sub(0.3)?;
    Ok(Box::new(move || {
        let fit = match fused {
            true => <Cpu as Engine<f32>>::bernoulli(odds.leaky_trace(), &x)?,
            false => engine::bernoulli(odds.leaky_trace(), &x)?,
        };
        fit.try_mean::<Rank0, _>()?.try_backward()?;
        Ok(())
    }))
}

/// A step of Adam on every parameter.
fn adam(x: &Array2<f32>, fused: bool) -> Result<Work, Failure> {
    let mut run = fresh::<Cpu>(x, [400, 20, BATCH])?;
    let mut slope = Gradients::leaky();
    for (_, p) in run.net.parameters() {
        slope.get_or_alloc_mut(p)?.fill(0.1);
    }
    Ok(Box::new(move || {
        let step = run.adam.next(0.0);
        let moments = run.adam.first.iter_mut().zip(&mut run.adam.second);
        for ((_, p), (first, second)) in run.net.parameters().into_iter().zip(moments) {
            let old = (!fused).then(|| p.clone()); // which has the slope
            match fused {
                true => <Cpu as Engine<f32>>::adam([p, first, second], &mut slope, step)?,
                false => engine::adam([p, first, second], &mut slope, step)?,
            }
            if let Some(old) = old {
                *p = old;
            }
        }
        Ok(())
    }))
}

/// An epoch of ten steps.
fn whole(x: &Array2<f32>, fused: bool) -> Result<Work, Failure> {
    let (mut run, x) = (fresh::<Cpu>(x, [400, 20, BATCH])?, x.clone());
    Ok(Box::new(move || {
        match fused {
            true => run.epoch(x.view(), |_| ()).map(|_| ())?,
            false => epoch(&mut run, &x).map(|_| ())?,
        }
        Ok(())
    }))
}
