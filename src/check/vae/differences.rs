//! The check of a network's slope by differences.
use crate::check::{Verdict, ask, library, must, verdict};
use crate::elbo::Tiny;
use crate::vae::loss::loss;
use crate::vae::net::to_device;
use crate::vae::train::noise;
use crate::vae::{Likelihood, Objective, Sizes, Vae};
use dfdx::prelude::*;
use ndarray::Array2;
use rand::{SeedableRng, rngs::StdRng};

type Toy = Vae<f64, Cpu>;

/// 3-4-2-4-3, and all its parameters in one list.
fn toy() -> Result<(Toy, Vec<f64>), Verdict> {
    let sizes = Sizes { pixels: 3, hidden: vec![4], latent: 2 };
    let mut rng = StdRng::seed_from_u64(4);
    let net = Vae::new(&sizes, Likelihood::Bernoulli, &Cpu::default(), &mut rng);
    let mut net = net.map_err(library)?;
    let all = net.parameters().into_iter().flat_map(|(_, p)| p.as_vec()).collect();
    Ok((net, all))
}

/// The loss on all eight images, with the draws of a seed; and its slope by the tape.
fn at(net: &mut Toy, values: &[f64], seed: u64) -> Result<(f64, Vec<f64>), Verdict> {
    let mut left = values.iter().copied();
    for (_, p) in net.parameters() {
        let (rows, columns) = *p.shape();
        let table =
            Array2::from_shape_simple_fn((rows, columns), || left.next().unwrap_or(0.0));
        *p = to_device(table.view(), &Cpu::default()).map_err(library)?;
    }
    let device = net.device().clone();
    let x = to_device(Tiny::default().every_x().view(), &device).map_err(library)?;
    let mut rng = StdRng::seed_from_u64(seed);
    let drawn = noise((8, 2), &device, &mut rng).map_err(library)?;
    let failed = |e| library(crate::pca::autoencoder::failed(e));
    let traced = x.traced(Gradients::leaky());
    let end = loss(net, traced, drawn, Objective::default()).map_err(failed)?;
    let value = end.array();
    let slope = end.try_backward().map_err(failed)?;
    let by = net.parameters().into_iter().flat_map(|(_, p)| slope.get(p).as_vec());
    Ok((value, by.collect()))
}

/// From a loss (parameters, seed of its draws) and parameters, to the slope.
type Differences = fn(&dyn Fn(&[f64], u64) -> f64, &[f64]) -> Vec<f64>;

/// `differences(loss, at)` and `off(a, b)`: a check of a network's slope.
pub fn differences(f: Differences, off: fn(&[f64], &[f64]) -> f64) -> Verdict {
    verdict(|| {
        let (mut net, start) = toy()?;
        let (_, tape) = at(&mut net, &start, 1)?;
        let from = start.clone();
        let got = ask("differences", "the network of 3, 4, 2, 4, 3", move || {
            let (net, _) = toy().unwrap_or_else(|e| panic!("{e}"));
            let loss = |v: &[f64], seed| {
                at(&mut net.clone(), v, seed).map_or(f64::NAN, |both| both.0)
            };
            // Whatever seed is used, its slope is asked for here.
            let seeds = std::cell::RefCell::new(vec![]);
            let slope = f(
                &|v, seed| {
                    seeds.borrow_mut().push(seed);
                    loss(v, seed)
                },
                &from,
            );
            (slope, seeds.into_inner())
        })?;
        judge(got, &start, &mut net)?;
        apart(tape, off)
    })
}

fn judge(
    (got, seeds): (Vec<f64>, Vec<u64>),
    start: &[f64],
    net: &mut Toy,
) -> Result<(), Verdict> {
    must(
        got.len() == start.len(),
        format!("{} slopes for {} parameters.", got.len(), start.len()),
    )?;
    must(
        seeds.windows(2).all(|s| s[0] == s[1]),
        "your losses were made with different draws, so their difference is noise divided by a small step: the seed must be the same on both sides.",
    )?;
    let seed = seeds.first().copied().unwrap_or(1);
    let (_, want) = at(net, start, seed)?;
    let size = want.iter().fold(0.0, |m: f64, v| m.max(v.abs()));
    for (i, (got, want)) in got.iter().zip(&want).enumerate() {
        let hint = if (got - 2.0 * want).abs() < 1e-5 && want.abs() > 1e-4 {
            "From one side to the other are two steps."
        } else if (got - want).abs() < 1e-3 * size {
            "Nearly. Go the same step to both sides, and take 1e-4 or 1e-5: the error then falls with its square."
        } else {
            "Move one parameter at a time, and put it back."
        };
        must(
            (got - want).abs() <= 1e-6 * size,
            format!(
                "parameter {i}: your slope is {got:.9}, and the tape says {want:.9}. {hint}"
            ),
        )?;
    }
    Ok(())
}

/// `off` must see what differs and forgive a common unit.
fn apart(tape: Vec<f64>, off: fn(&[f64], &[f64]) -> f64) -> Result<String, Verdict> {
    let mut spoiled = tape.clone();
    spoiled[5] += 0.5;
    let size = tape.iter().fold(0.0, |m: f64, v| m.max(v.abs()));
    let (a, b) = (spoiled.clone(), tape.clone());
    let seen = ask("differences", "off, one slope spoiled by 0.5", move || off(&a, &b))?;
    must(
        (seen - 0.5 / size).abs() < 1e-9,
        format!(
            "off gave {seen:.6}, and {:.6} is right: the largest difference in size, divided by the largest entry of b in size.",
            0.5 / size
        ),
    )?;
    let unit = |v: &[f64]| v.iter().map(|v| -1e-6 * v).collect::<Vec<_>>();
    let (a, b) = (unit(&spoiled), unit(&tape));
    let other = ask("differences", "off, other units", move || off(&a, &b))?;
    must(
        (other - seen).abs() < 1e-9,
        format!(
            "off gave {seen:.6}, and {other:.6} when all slopes are −1e−6 times as large: divide by the largest entry's size."
        ),
    )?;
    Ok(format!(
        "All {} slopes of the tape are right; one that is wrong by 0.5 is {seen:.3} off.",
        tape.len()
    ))
}
