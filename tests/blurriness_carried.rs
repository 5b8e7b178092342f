//! Chapter 8: the trained decoders that the page carries are those of book/runs.
use dfdx::prelude::Cpu;
use latent::vae::checkpoint::load;
use latent::vae::small::Small;
use latent::vae::{Likelihood, OnCpu};
use ndarray::{Array2, s};

const LIVE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/book/live/src/blurriness/");

/// The first of the digits that nothing is trained on.
const ROWS: usize = 64;

/// In the order of `live::blurriness::sharpness::NAMES`.
const NAMES: [&str; 6] =
    ["grey-1", "grey-0.3", "grey-shared", "grey-0.1", "digits-2-beta-4", "digits-2"];

/// The step of the weights that make pixels: greys come as they are, log-odds are flattened. A page is to be light, and
/// a pixel that is always white has small weights, which one step for all packs into few bytes.
const GREY: f64 = 1.0 / 72.0;
const BLACK: f64 = 1.0 / 16.0;

/// The zeros that stand for the encoder, which the page goes without.
const ENCODER: usize = 64 * (64 + 5) + 2 * 2 * (64 + 5);

fn trained(name: &str) -> OnCpu {
    let path = format!("{}/book/runs/{name}/weights.safetensors", env!("CARGO_MANIFEST_DIR"));
    load(path.as_ref(), &Cpu::default()).unwrap()
}

/// As the run has them: greys from 0 to 1, or black where a grey is 8 or more.
fn digits(net: &OnCpu) -> Array2<f32> {
    let black = net.likelihood == Likelihood::Bernoulli;
    let one = |v: f64| if !black { v as f32 / 16.0 } else { f32::from(u8::from(v >= 8.0)) };
    latent::data::digits().x.slice(s![1500..1500 + ROWS, ..]).mapv(one)
}

fn codes(net: &OnCpu) -> Array2<f64> {
    net.codes(digits(net).view()).unwrap().mean
}

/// The standard deviation of a pixel; 0 for one that is black or white.
fn sd(net: &OnCpu) -> f64 {
    let (_, variance) = net.pixels(Array2::zeros((1, 2)).view()).unwrap();
    if net.likelihood == Likelihood::Bernoulli { 0.0 } else { variance[[0, 0]].sqrt() }
}

/// A step, four bytes of f32, not under `least`; and these numbers as multiples of it, 127 at most.
fn packed<'a>(all: impl Iterator<Item = &'a f64> + Clone, least: f64) -> Vec<u8> {
    let step = (all.clone().fold(0.0f64, |m, v| m.max(v.abs())) / 127.0).max(least) as f32;
    let whole = |v: &f64| (v / f64::from(step)).round() as i8 as u8;
    step.to_le_bytes().into_iter().chain(all.map(whole)).collect()
}

fn carried(name: &str) -> Vec<u8> {
    let mut net = trained(name);
    let mut bytes = (sd(&net) as f32).to_le_bytes().to_vec();
    let mut tables = std::collections::HashMap::new();
    for (name, table) in net.parameters() {
        tables.insert(name, table.as_vec().into_iter().map(f64::from).collect::<Vec<f64>>());
    }
    let least = if sd(&net) > 0.0 { GREY } else { BLACK };
    for (layer, inputs, least) in [("decoder.0", 2, 0.0), ("out", 64, least)] {
        let [weight, bias] =
            ["weight", "bias"].map(|part| &tables[&format!("{layer}.{part}")]);
        for (row, bias) in weight.chunks_exact(inputs).zip(bias) {
            bytes.extend(packed(row.iter().chain([bias]), least));
        }
    }
    bytes.extend(packed(codes(&net).iter(), 0.0));
    bytes
}

/// `cargo test --test blurriness_carried -- --ignored` writes what the live figure carries.
#[test]
#[ignore = "writes book/live/src/blurriness/greys.bits and runs.bits"]
fn write_what_the_page_carries() {
    let greys = latent::data::digits().x.slice(s![1500..1500 + ROWS, ..]).mapv(|v| v as u8);
    std::fs::write(
        format!("{LIVE}greys.bits"),
        greys.as_standard_layout().as_slice().unwrap(),
    )
    .unwrap();
    let runs: Vec<u8> = NAMES.iter().flat_map(|name| carried(name)).collect();
    std::fs::write(format!("{LIVE}runs.bits"), runs).unwrap();
}

#[test]
fn the_carried_decoders_are_near_the_whole_ones() {
    let bytes = std::fs::read(format!("{LIVE}runs.bits")).unwrap();
    let each = bytes.len() / NAMES.len();
    for (name, bytes) in NAMES.iter().zip(bytes.chunks_exact(each)) {
        let net = trained(name);
        let float = |at: usize| f32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
        assert!((f64::from(float(0)) - sd(&net)).abs() < 1e-6, "{name}");
        let end = each - 4 - 2 * ROWS;
        let all = [&[0; ENCODER], &bytes[4..end]].concat();
        let small = Small::unpack([64, 64, 2], &all).unwrap();
        let step = f64::from(float(end));
        let given = bytes[end + 4..].iter().map(|b| step * f64::from(*b as i8));
        let given = Array2::from_shape_vec((ROWS, 2), given.collect()).unwrap();
        let want = codes(&net);
        assert!((&given - &want).iter().all(|d| d.abs() <= 0.5001 * step), "{name}");
        let z: Vec<f64> = want.iter().copied().collect();
        let images = if sd(&net) > 0.0 { small.numbers(&z) } else { small.decode(&z) };
        let images = Array2::from_shape_vec((ROWS, 64), images).unwrap();
        let apart = &images - &net.images(want.view()).unwrap();
        let typical = apart.mapv(|d| d * d).mean().unwrap().sqrt();
        assert!(typical < 0.03, "{name}: {typical}");
        let sharp = |x: &Array2<f64>| {
            latent::blurriness::sharpness::mean_sharpness(x.view(), 8).unwrap()
        };
        let (a, b) = (sharp(&images), sharp(&net.images(want.view()).unwrap()));
        assert!((a - b).abs() < 0.02, "{name}: {a} {b}");
    }
}
