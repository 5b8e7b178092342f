//! `cargo run -- reproduce flow`: digits with a q of one kind or another, everything else equal. Does a better q draw
//! sharper digits?
use crate::runs::Log;
use anyhow::{Context, Result};
use dfdx::prelude::Cpu;
use latent::blurriness::iaf::Iaf;
use latent::blurriness::masked::Order;
use latent::blurriness::sharpness::mean_sharpness;
use latent::vae::train::noise;
use latent::vae::{Likelihood, Plan, Sizes, digits, local, net};
use ndarray::Array2;
use rand::{SeedableRng, rngs::StdRng};

/// A kind of q: its name, and the order of the code in each of its steps.
pub const KINDS: [(&str, &[Order]); 3] = [
    ("product", &[]),
    ("blind", &[Order::Blind, Order::Blind]),
    ("steps", &[Order::Forward, Order::Backward]),
];

/// Numbers in the code, and epochs.
pub const SIZES: [(usize, usize); 2] = [(2, 200), (10, 300)];

/// Starts of the random numbers.
pub const SEEDS: std::ops::RangeInclusive<u64> = 1..=5;

/// Hidden units of a step.
const HIDDEN: usize = 32;

/// Draws for a bound, and for its weighted one.
const DRAWS: usize = 200;

type Numbers = Vec<(String, f64)>;

/// Trains all, a thread a seed, prints a table and writes the log.
pub fn run() -> Result<()> {
    let mut log = Log { command: "reproduce flow".into(), rows: vec![], last: vec![] };
    let (_, test) = digits::split();
    log.last.push(("data.sharp".into(), mean_sharpness(test.mapv(f64::from).view(), 8)?));
    for (latent, epochs) in SIZES {
        let all = std::thread::scope(|scope| {
            let one = |seed| scope.spawn(move || trained(latent, epochs, seed));
            let threads: Vec<_> = SEEDS.map(one).collect();
            threads.into_iter().map(|t| t.join()).collect::<Vec<_>>()
        });
        for numbers in all {
            let numbers: Result<Numbers> = numbers.ok().context("a thread broke off")?;
            log.last.extend(numbers?);
        }
    }
    for (name, value) in &log.last {
        println!("{name}: {value:.3}");
    }
    let folder = std::path::Path::new("runs/digits-iaf");
    std::fs::create_dir_all(folder)?;
    Ok(std::fs::write(folder.join("log.csv"), log.text())?)
}

/// One network of each kind from this seed, and how each does on the test rows.
fn trained(latent: usize, epochs: usize, seed: u64) -> Result<Numbers> {
    let (train, test) = digits::split();
    let mut out = vec![];
    for (kind, orders) in KINDS {
        let sizes = Sizes { pixels: 64, hidden: vec![64], latent };
        let (cpu, mut rng) = (Cpu::default(), StdRng::seed_from_u64(seed));
        let likelihood = Likelihood::Bernoulli;
        let mut model: Iaf<f32, Cpu> =
            Iaf::new(&sizes, likelihood, (HIDDEN, orders), &cpu, &mut rng)?;
        let log = model.train(train.view(), Plan { epochs, seed, ..Plan::default() })?;
        let mut rng = StdRng::seed_from_u64(1000 + seed);
        let mean = |v: ndarray::Array1<f64>| v.sum() / v.len() as f64;
        let [bound, weighted] = model.score(test.view(), DRAWS, &mut rng)?.map(mean);
        let z = noise((1000, latent), &cpu, &mut rng)?;
        let z: Array2<f64> = net::to_array::<f32, Cpu>(&z)?.mapv(f64::from);
        let prior = model.net.images(z.view())?;
        let back = model.net.images(model.codes(test.view(), &mut rng)?.view())?;
        let sure = prior.mapv(|p| (2.0 * p - 1.0).abs()).sum() / prior.len() as f64;
        let mut say = |name: &str, v| out.push((format!("{kind}.{latent}.{seed}.{name}"), v));
        say("train", log.last().copied().unwrap_or(f64::NAN));
        say("bound", bound);
        say("weighted", weighted);
        say("sharp", mean_sharpness(prior.view(), 8)?);
        say("back", mean_sharpness(back.view(), 8)?);
        say("sure", sure);
        if latent == 2 {
            say("evidence", mean(local::evidence(&model.net, test.view(), (6.0, 241))?));
        }
    }
    Ok(out)
}
