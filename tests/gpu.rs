//! The networks on an NVIDIA card: the same start, and after training the same error, as on the processor.
//! `cargo test --features cuda --test gpu`; without a card, `cargo check --features cuda-check --test gpu` type-checks it.
use dfdx::prelude::*;
use latent::data::digits;
use latent::pca::autoencoder::{self as ae, Deep, Plan};
use latent::vae::loss::loss;
use latent::vae::net::to_device;
use latent::vae::train::noise;
use latent::vae::{Engine, Form, Likelihood, Objective, Plan as VaePlan, Run, Sizes, Vae};
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

/// A VAE on the digits: the rows of its first epochs, and how it does on rows that it did not see.
fn trained<D: Engine<f32>>(device: &D) -> (Vec<f64>, [f64; 3]) {
    let x = digits().x.mapv(|v| if v >= 8.0 { 1f32 } else { 0.0 });
    let sizes = Sizes { pixels: 64, hidden: vec![64], latent: 2 };
    let rng = &mut StdRng::seed_from_u64(1);
    let net = Vae::new(&sizes, Likelihood::Bernoulli, device, rng).unwrap();
    let mut run = Run::new(net, VaePlan { epochs: 5, ..VaePlan::default() }).unwrap();
    let log = run.finish(x.slice(s![..1500, ..])).unwrap();
    let score = run.net.score(x.slice(s![1500.., ..]), 20, rng).unwrap();
    let last = [score.elbo.fit, score.elbo.kl, score.weighted];
    (log.iter().map(|e| e.elbo.nats()).collect(), last)
}

#[test]
fn a_vae_trains_on_the_card_as_on_the_processor() {
    let (cpu, cpu_score) = trained(&Cpu::default());
    let (gpu, gpu_score) = trained(&Cuda::default());
    for (a, b) in cpu.iter().chain(&cpu_score).zip(gpu.iter().chain(&gpu_score)) {
        assert!((a - b).abs() < 0.05, "{cpu:?} {gpu:?}; {cpu_score:?} {gpu_score:?}");
    }
}

const KINDS: [Likelihood; 5] = [
    Likelihood::Bernoulli,
    Likelihood::Shared,
    Likelihood::Predicted,
    Likelihood::Continuous,
    Likelihood::Logistic(17),
];

#[test]
fn slopes_on_the_card_are_those_on_the_processor() {
    for likelihood in KINDS {
        for form in [Form::Cost, Form::Energy, Form::Weight] {
            let weighted = form == Form::Weight;
            let objective = Objective { form, draws: 3, weighted, beta: 1.0 };
            let a = slope_of(&Cpu::default(), likelihood, objective);
            let b = slope_of(&Cuda::default(), likelihood, objective);
            let most = a.iter().fold(0f32, |m, v| m.max(v.abs()));
            let apart = a.iter().zip(&b).fold(0f32, |m, (a, b)| m.max((a - b).abs()));
            assert!(apart < 1e-4 * most, "{likelihood:?} {form:?}: {apart} of {most}");
        }
    }
}

/// The slope of a loss in the first layer's weights.
fn slope_of<D: Engine<f32>>(
    device: &D,
    likelihood: Likelihood,
    objective: Objective,
) -> Vec<f32> {
    let rng = &mut StdRng::seed_from_u64(3);
    let sizes = Sizes { pixels: 6, hidden: vec![5, 4], latent: 2 };
    let net = Vae::new(&sizes, likelihood, device, rng).unwrap();
    let x = Array2::from_shape_fn((7, 6), |(i, d)| ((i * d + d) % 2) as f32);
    let noise = noise((21, 2), device, rng).unwrap();
    let x = to_device(x.view(), device).unwrap().leaky_traced();
    let slope = loss(&net, x, noise, objective).unwrap().backward();
    slope.get(&net.encoder[0].weight).as_vec()
}
