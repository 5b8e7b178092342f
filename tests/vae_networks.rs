//! Chapter 7: the laws of the networks, in f64 where digits count.
use dfdx::prelude::*;
use latent::vae::{Likelihood, Plan, Run, Sizes, Vae};
use ndarray::s;
use rand::{SeedableRng, rngs::StdRng};

#[test]
fn digits_train() {
    let x = latent::data::digits().x.mapv(|v| if v >= 8.0 { 1f32 } else { 0.0 });
    let (train, test) = (x.slice(s![..1500, ..]), x.slice(s![1500.., ..]));
    let sizes = Sizes { pixels: 64, hidden: vec![64], latent: 2 };
    let mut rng = StdRng::seed_from_u64(1);
    let net: Vae<f32, Cpu> =
        Vae::new(&sizes, Likelihood::Bernoulli, &Cpu::default(), &mut rng).unwrap();
    let mut run = Run::new(net, Plan { epochs: 200, ..Plan::default() }).unwrap();
    let start = std::time::Instant::now();
    let log = run.finish(train).unwrap();
    println!("{:?} {:?}", log.first(), log.last());
    println!("{} s", start.elapsed().as_secs_f64());
    println!("{:?}", run.net.score(test, 100, &mut rng));
    println!("{} s", start.elapsed().as_secs_f64());
}
