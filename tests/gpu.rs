//! The networks on an NVIDIA card: the same start, and after training the same error, as on the processor.
//! `cargo test --features cuda --test gpu`; without a card, `cargo check --features cuda-check --test gpu` type-checks it.
use dfdx::prelude::*;
use latent::data::digits;
use latent::pca::autoencoder::{self as ae, Deep, Plan};
use ndarray::{Array2, s};
use rand::{SeedableRng, rngs::StdRng};

/// What a fresh network makes of the digits, and its loss in each epoch of a short training.
fn run<D: Device<f32>>(device: &D) -> (Array2<f64>, Vec<f64>) {
    let x = digits().x.slice(s![..600, ..]).mapv(|v| v / 16.0);
    let mut net: Deep<64, 32, 2, f32, D> = Deep::new(device, &mut StdRng::seed_from_u64(1));
    let fresh = ae::reconstruct(&net, x.view(), device).unwrap();
    let plan = Plan { epochs: 5, batch: 50, rate: 0.003 };
    let history =
        ae::train(&mut net, x.view(), plan, device, &mut StdRng::seed_from_u64(2)).unwrap();
    (fresh, history)
}

#[test]
fn the_card_computes_what_the_processor_computes() {
    let (fresh_cpu, cpu) = run(&Cpu::default());
    let (fresh_gpu, gpu) = run(&Cuda::default());
    assert!((fresh_cpu - fresh_gpu).iter().all(|v| v.abs() < 1e-5));
    for (a, b) in cpu.iter().zip(&gpu) {
        assert!((a - b).abs() < 0.01 * a, "{cpu:?} {gpu:?}");
    }
}
