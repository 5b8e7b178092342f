//! Chapter 7: the network by hand against the networks of dfdx, against central differences, and against itself packed.
use dfdx::prelude::*;
use latent::vae::checkpoint::load;
use latent::vae::loss::loss;
use latent::vae::net::to_device;
use latent::vae::small::{Small, noise};
use latent::vae::{Adam, Likelihood, Objective, Part, Sizes, Vae, small};
use ndarray::{Array2, ArrayView2};
use rand::{Rng, SeedableRng, rngs::StdRng};

const SIZES: [usize; 3] = [6, 5, 2];
const ROWS: usize = 7;

fn networks(seed: u64) -> (Small, Vae<f64, Cpu>) {
    let [pixels, hidden, latent] = SIZES;
    let sizes = Sizes { pixels, hidden: vec![hidden], latent };
    let rng = || StdRng::seed_from_u64(seed);
    let large = Vae::new(&sizes, Likelihood::Bernoulli, &Cpu::default(), &mut rng()).unwrap();
    (Small::new(SIZES, &mut rng()).unwrap(), large)
}

fn rows(seed: u64) -> (Vec<f64>, Vec<f64>) {
    let mut rng = StdRng::seed_from_u64(seed);
    let x = (0..ROWS * SIZES[0]).map(|_| f64::from(u8::from(rng.random::<f64>() < 0.4)));
    let x = x.collect();
    (x, noise(ROWS * SIZES[2], &mut rng))
}

fn table(columns: usize, flat: &[f64]) -> Table {
    let view = ArrayView2::from_shape((flat.len() / columns, columns), flat).unwrap();
    to_device(view, &Cpu::default()).unwrap()
}

type Table = latent::vae::net::Table<f64, Cpu>;

/// The loss of dfdx's network, and its slope in every parameter, in the order of `parameters`.
fn by_dfdx(net: &mut Vae<f64, Cpu>, beta: f64) -> (f64, Gradients<f64, Cpu>) {
    let (x, e) = rows(3);
    let objective = Objective { beta, ..Objective::default() };
    let x = table(SIZES[0], &x).traced(Gradients::leaky());
    let loss = loss(net, x, table(SIZES[2], &e), objective).unwrap();
    let value = loss.array();
    (value, loss.backward())
}

#[test]
fn the_loss_and_every_slope_are_those_of_dfdx() {
    for (seed, beta) in [(1, 1.0), (2, 0.0), (3, 4.0)] {
        let (small, mut large) = networks(seed);
        let (x, e) = rows(3);
        let (elbo, slope) = small.slopes(&x, &e, beta).unwrap();
        let (value, gradients) = by_dfdx(&mut large, beta);
        assert!((beta * elbo.kl - elbo.fit - value).abs() < 1e-10, "{elbo:?} {value}");
        let (mut from, all) = (0, small.parameters());
        for (name, p) in large.parameters() {
            let (p, g) = (p.as_vec(), gradients.get(p).as_vec());
            for (i, (p, g)) in p.iter().zip(&g).enumerate() {
                assert_eq!(*p, all[from + i], "{name}");
                assert!((g - slope[from + i]).abs() < 1e-10, "{name} {i}: {g}");
            }
            from += p.len();
        }
        assert_eq!(from, slope.len());
    }
}

#[test]
fn the_slope_is_that_of_central_differences() {
    let (small, _) = networks(5);
    let (x, e) = rows(4);
    for beta in [0.0, 1.0, 2.5] {
        let (elbo, slope) = small.slopes(&x, &e, beta).unwrap();
        assert_eq!(elbo, small.elbo(&x, &e).unwrap());
        let at = |k: usize, by: f64| {
            let mut theta = small.parameters().to_vec();
            theta[k] += by;
            let elbo = Small::with(SIZES, theta).unwrap().elbo(&x, &e).unwrap();
            beta * elbo.kl - elbo.fit
        };
        for (k, g) in slope.iter().enumerate() {
            let by = (at(k, 1e-5) - at(k, -1e-5)) / 2e-5;
            assert!((g - by).abs() < 1e-6, "{k}: {g} {by}");
        }
    }
}

#[test]
fn adam_walks_where_the_other_adam_does() {
    let (mut small, mut large) = networks(8);
    let (x, e) = rows(3);
    let mut here = small::Adam::default();
    let mut there = Adam::new(&mut large).unwrap();
    for _ in 0..20 {
        let (_, slope) = small.slopes(&x, &e, 1.0).unwrap();
        here.step(&mut small, &slope, 0.01).unwrap();
        let (_, gradients) = by_dfdx(&mut large, 1.0);
        there.step(&mut large, gradients, 0.01, Part::Both).unwrap();
    }
    let all = large.parameters().into_iter().flat_map(|(_, p)| p.as_vec());
    for (a, b) in small.parameters().iter().zip(all) {
        assert!((a - b).abs() < 1e-9, "{a} {b}");
    }
}

#[test]
fn codes_and_images_are_those_of_dfdx() {
    let (small, large) = networks(6);
    let x = rows(3).0;
    let view = ArrayView2::from_shape((ROWS, SIZES[0]), &x).unwrap();
    let codes = large.codes(view).unwrap();
    let images = large.images(codes.mean.view()).unwrap();
    let got = small.encode(&x);
    for (i, row) in got.chunks(4).enumerate() {
        for k in 0..2 {
            assert!((row[k] - codes.mean[[i, k]]).abs() < 1e-12);
            assert!((row[2 + k] - codes.sd[[i, k]]).abs() < 1e-12);
        }
    }
    let means: Vec<f64> = got.chunks(4).flat_map(|row| row[..2].to_vec()).collect();
    for (a, b) in small.decode(&means).iter().zip(&images) {
        assert!((a - b).abs() < 1e-12);
    }
}

#[test]
fn packing_keeps_each_parameter_to_half_a_step() {
    let (small, _) = networks(9);
    let bytes = small.pack();
    let again = Small::unpack(SIZES, &bytes).unwrap();
    // ±1/√2 are the largest weights of all: 127 steps are no more.
    for (a, b) in small.parameters().iter().zip(again.parameters()) {
        assert!((a - b).abs() <= 0.5 * 0.7072 / 127.0, "{a} {b}");
    }
    assert_eq!(again.pack(), bytes, "packing twice is packing once");
    let zero = Small::with(SIZES, vec![0.0; small.parameters().len()]).unwrap();
    assert_eq!(Small::unpack(SIZES, &zero.pack()).unwrap().parameters(), zero.parameters());
}

#[test]
fn the_noise_is_normal() {
    let e = noise(200_001, &mut StdRng::seed_from_u64(2));
    let n = e.len() as f64;
    assert_eq!(n, 200_001.0);
    // E ε = 0, E ε² = 1, E ε³ = 0, E ε⁴ = 3; their variances are 1, 2, 15 and 96.
    for (power, want, variance) in
        [(1, 0.0, 1.0), (2, 1.0, 2.0), (3, 0.0, 15.0), (4, 3.0, 96.0)]
    {
        let mean = e.iter().map(|e| e.powi(power)).sum::<f64>() / n;
        assert!((mean - want).abs() < 5.0 * f64::sqrt(variance / n), "{power}: {mean}");
    }
    let pairs = e.windows(2).map(|w| w[0] * w[1]).sum::<f64>() / n;
    assert!(pairs.abs() < 5.0 / n.sqrt(), "neighbours are independent: {pairs}");
    let squares = e.windows(2).map(|w| (w[0] * w[0] - 1.0) * (w[1] * w[1] - 1.0));
    assert!((squares.sum::<f64>() / n).abs() < 5.0 * 2.0 / n.sqrt());
}

#[test]
fn nonsense_is_refused() {
    let (small, _) = networks(1);
    let (x, e) = rows(1);
    assert!(Small::new([6, 0, 2], &mut StdRng::seed_from_u64(1)).is_err());
    assert!(Small::with(SIZES, vec![0.0; 3]).is_err());
    assert!(Small::with(SIZES, vec![f64::NAN; small.parameters().len()]).is_err());
    assert!(Small::unpack(SIZES, &[1, 2, 3]).is_err());
    assert!(Small::unpack([6, 0, 2], &[]).is_err());
    for (x, e) in [(&x[..5], &e[..]), (&x[..], &e[1..]), (&[], &e[..]), (&[], &[])] {
        assert!(small.elbo(x, e).is_err() && small.slopes(x, e, 1.0).is_err());
    }
    let mut net = small.clone();
    let mut adam = small::Adam::default();
    assert!(adam.step(&mut net, &[1.0], 0.1).is_err());
    let bad = vec![f64::NAN; net.parameters().len()];
    assert!(adam.step(&mut net, &bad, 0.1).is_err());
    assert_eq!(net.parameters(), small.parameters());
}

/// What the page carries: the network of book/runs/digits-2, a byte a parameter.
const CARRIED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/book/live/src/network.bits");
const DIGITS: [usize; 3] = [64, 64, 2];

/// The network of book/runs/digits-2, and the digits it knows.
fn trained() -> (Small, Array2<f32>) {
    let x = latent::data::digits().x.mapv(|v| if v >= 8.0 { 1f32 } else { 0.0 });
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/book/runs/digits-2/weights.safetensors");
    let mut net = load(path.as_ref(), &Cpu::default()).unwrap();
    let all = net.parameters().into_iter().flat_map(|(_, p)| p.as_vec());
    (Small::with(DIGITS, all.map(f64::from).collect()).unwrap(), x)
}

/// `cargo test --test vae_small -- --ignored` writes what the live figures carry.
#[test]
#[ignore = "writes book/live/src/network.bits and images.bits"]
fn write_what_the_page_carries() {
    let (net, x) = trained();
    std::fs::write(CARRIED, net.pack()).unwrap();
    let bits: Vec<u8> = x.iter().map(|v| u8::from(*v > 0.5)).collect();
    let mut bytes: Vec<u8> =
        bits.chunks(8).map(|b| b.iter().rev().fold(0, |sum, bit| 2 * sum + bit)).collect();
    let class = &latent::data::digits().class;
    bytes.extend(class.chunks(2).map(|c| (c[0] + 16 * c.get(1).unwrap_or(&0)) as u8));
    std::fs::write(CARRIED.replace("network", "images"), bytes).unwrap();
}

#[test]
fn the_carried_network_is_near_the_whole_one() {
    let (net, x) = trained();
    let carried = Small::unpack(DIGITS, &std::fs::read(CARRIED).unwrap()).unwrap();
    let x: Vec<f64> = x.iter().skip(1500 * 64).map(|v| f64::from(*v)).collect();
    let e = noise(297 * 2, &mut StdRng::seed_from_u64(1));
    assert_eq!(carried.pack(), net.pack(), "cargo test --test vae_small -- --ignored");
    let bound = |net: &Small| net.elbo(&x, &e).unwrap().nats();
    assert!(bound(&net) > -21.0 && (bound(&net) - bound(&carried)).abs() < 0.02);
    let far = |a: Vec<f64>, b: Vec<f64>| {
        a.iter().zip(&b).fold(0.0f64, |m, (a, b)| m.max((a - b).abs()))
    };
    let codes = far(net.encode(&x), carried.encode(&x));
    let z: Vec<f64> = (0..900)
        .flat_map(|i| [f64::from(i % 30) / 5.0 - 3.0, f64::from(i / 30) / 5.0 - 3.0])
        .collect();
    let images = far(net.decode(&z), carried.decode(&z));
    assert!(codes < 0.03 && images < 0.03, "codes {codes}, images {images}");
}
