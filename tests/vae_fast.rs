//! Chapter 7: the fused operations against the plain ones, which are tried in f64.
use dfdx::prelude::*;
use latent::ndarray::{Array2, s};
use latent::rand::{Rng, SeedableRng, rngs::StdRng};
use latent::vae::engine::{self, Bend, Engine, Step};
use latent::vae::net::{Code, Layer, Table, to_device};
use latent::vae::{Adam, Likelihood, Part, Plan, Run, Sizes, Vae, loss};

/// Rows, inputs, outputs: alone, less and more than the lanes, and enough for two cores.
const SIZES: [(usize, usize, usize); 7] = [
    (1, 1, 1),
    (1, 17, 5),
    (7, 1, 17),
    (17, 33, 1),
    (16, 16, 16),
    (50, 64, 65),
    (130, 300, 257),
];

fn table(shape: (usize, usize), size: f64, seed: u64) -> Array2<f64> {
    let mut rng = StdRng::seed_from_u64(seed);
    // Entries that an f32 holds, so that both see the same.
    Array2::from_shape_simple_fn(shape, || f64::from(rng.random_range(-size..size) as f32))
}

fn fast(x: &Array2<f64>) -> Table<f32, Cpu> {
    to_device(x.mapv(|v| v as f32).view(), &Cpu::default()).unwrap()
}

fn plain(x: &Array2<f64>) -> Table<f64, Cpu> {
    to_device(x.view(), &Cpu::default()).unwrap()
}

#[track_caller]
fn close(found: Vec<f32>, wanted: Vec<f64>, within: f64) {
    assert_eq!(found.len(), wanted.len());
    let size = wanted.iter().fold(1.0f64, |m, w| m.max(w.abs()));
    for (i, (f, w)) in found.iter().zip(&wanted).enumerate() {
        let off = (f64::from(*f) - w).abs();
        assert!(off <= within * size, "entry {i}: {f}, not {w}; off by {off:e}");
    }
}

#[test]
fn the_fused_affine_map_has_the_values_and_slopes_of_the_plain_one() {
    for (i, &(rows, inputs, outputs)) in SIZES.iter().enumerate() {
        for bend in [None, Some(Bend::Tanh), Some(Bend::Relu)] {
            let seed = 10 * i as u64;
            let [x, w, b, up] =
                [(rows, inputs), (outputs, inputs), (1, outputs), (rows, outputs)];
            let (x, w, b) =
                (table(x, 1.0, seed), table(w, 0.3, seed + 1), table(b, 1.0, seed + 2));
            let up = table(up, 1.0, seed + 3);
            let layer = Layer { weight: fast(&w), bias: fast(&b) };
            let twin = Layer { weight: plain(&w), bias: plain(&b) };
            let (x32, x64) = (fast(&x), plain(&x));
            let y = <Cpu as Engine<f32>>::affine(x32.leaky_trace(), &layer, bend).unwrap();
            let wanted = engine::affine(x64.leaky_trace(), &twin, bend).unwrap();
            close(y.as_vec(), wanted.as_vec(), 3e-6);
            let slope = (y * fast(&up)).sum::<Rank0, _>().backward();
            let wanted = (wanted * plain(&up)).sum::<Rank0, _>().backward();
            close(slope.get(&x32).as_vec(), wanted.get(&x64).as_vec(), 3e-6);
            for (p, q) in [(&layer.weight, &twin.weight), (&layer.bias, &twin.bias)] {
                close(slope.get(p).as_vec(), wanted.get(q).as_vec(), 3e-6);
            }
            let y = <Cpu as Engine<f32>>::first(x32.leaky_trace(), &layer, bend).unwrap();
            let slope_first = (y * fast(&up)).sum::<Rank0, _>().backward();
            for p in [&layer.weight, &layer.bias] {
                assert_eq!(slope_first.get(p).as_vec(), slope.get(p).as_vec());
            }
        }
    }
}

#[test]
fn slopes_add_up_over_two_uses() {
    let (x, w, b) = (table((5, 9), 1.0, 1), table((4, 9), 0.5, 2), table((1, 4), 1.0, 3));
    let layer = Layer { weight: fast(&w), bias: fast(&b) };
    let x = fast(&x);
    let map = |x| <Cpu as Engine<f32>>::affine(x, &layer, Some(Bend::Tanh)).unwrap();
    let once = map(x.leaky_trace()).sum::<Rank0, _>().backward();
    let twice = (map(x.leaky_trace()) + map(x.leaky_trace())).sum::<Rank0, _>().backward();
    for p in [&layer.weight, &layer.bias, &x] {
        close(
            twice.get(p).as_vec(),
            once.get(p).as_vec().iter().map(|v| 2.0 * f64::from(*v)).collect(),
            1e-6,
        );
    }
}

#[test]
fn the_fused_likelihood_has_the_values_and_slopes_of_the_plain_one() {
    for (i, &(rows, pixels, _)) in SIZES.iter().enumerate() {
        let mut odds = table((rows, pixels), 8.0, i as u64);
        let x = table((rows, pixels), 1.0, 100).mapv(|v| if v > 0.0 { 1.0 } else { 0.0 });
        for (at, extreme) in [(0, 100.0), (1, -100.0), (2, 0.0)] {
            odds[[at % rows, at % pixels]] = extreme;
        }
        let (a, b) = (fast(&odds), plain(&odds));
        let up = table((rows, 1), 1.0, 7);
        let found = <Cpu as Engine<f32>>::bernoulli(a.leaky_trace(), &fast(&x)).unwrap();
        let wanted = engine::bernoulli(b.leaky_trace(), &plain(&x)).unwrap();
        close(found.as_vec(), wanted.as_vec(), 1e-6);
        let weights = fast(&up).reshape_like(&(rows,));
        let slope = (found * weights).sum::<Rank0, _>().backward();
        let weights = plain(&up).reshape_like(&(rows,));
        let wanted = (wanted * weights).sum::<Rank0, _>().backward();
        close(slope.get(&a).as_vec(), wanted.get(&b).as_vec(), 3e-7);
    }
}

#[test]
fn far_out_the_likelihood_is_the_log_odds() {
    let odds = Array2::from_shape_vec((1, 4), vec![100.0, 100.0, -100.0, -100.0]).unwrap();
    let a = fast(&odds);
    for (pixel, wanted, slopes) in
        [(1.0, -200.0, [0.0, 0.0, 1.0, 1.0]), (0.0, -200.0, [-1.0, -1.0, 0.0, 0.0])]
    {
        let x = fast(&Array2::from_elem((1, 4), pixel));
        let found = <Cpu as Engine<f32>>::bernoulli(a.leaky_trace(), &x).unwrap();
        assert_eq!(found.as_vec(), [wanted as f32]);
        assert_eq!(found.sum::<Rank0, _>().backward().get(&a).as_vec(), slopes);
    }
}

#[test]
fn what_is_not_a_number_stays_so() {
    let mut odds = table((2, 40), 1.0, 1);
    odds[[1, 3]] = f64::NAN;
    let a: Table<f32, Cpu> =
        Cpu::default().tensor_from_vec(odds.iter().map(|v| *v as f32).collect(), (2, 40));
    let fit =
        <Cpu as Engine<f32>>::bernoulli(a.clone(), &fast(&(odds.mapv(|_| 1.0)))).unwrap();
    assert!(fit.as_vec()[0].is_finite() && fit.as_vec()[1].is_nan());
    let layer =
        Layer { weight: fast(&table((3, 40), 1.0, 2)), bias: fast(&table((1, 3), 1.0, 3)) };
    for bend in [None, Some(Bend::Tanh), Some(Bend::Relu)] {
        let y = <Cpu as Engine<f32>>::affine(a.clone(), &layer, bend).unwrap().as_vec();
        assert!(y[..3].iter().all(|v| v.is_finite()) && y[3..].iter().all(|v| v.is_nan()));
    }
    let cost = <Cpu as Engine<f32>>::cost(a.clone(), a.clone()).unwrap().as_vec();
    assert!(cost[0].is_finite() && cost[1].is_nan());
    let sound = fast(&table((2, 40), 1.0, 4));
    for [m, l, e] in [[&a, &sound, &sound], [&sound, &a, &sound], [&sound, &sound, &a]] {
        let z = <Cpu as Engine<f32>>::draw(m.clone(), l.clone(), e.clone()).unwrap().as_vec();
        assert!(z.iter().enumerate().all(|(i, z)| z.is_nan() == (i == 43)), "{z:?}");
    }
}

#[test]
fn the_fused_draw_and_cost_have_the_values_and_slopes_of_the_plain_ones() {
    for (i, &(rows, latent, _)) in SIZES.iter().enumerate() {
        let seed = 20 * i as u64;
        let shape = (rows, latent);
        let [m, mut l, noise, up] =
            [2.0, 3.0, 2.0, 1.0].map(|size| table(shape, size, seed + size.to_bits() % 97));
        l[[0, 0]] = -100.0;
        let (m32, l32, m64, l64) = (fast(&m), fast(&l), plain(&m), plain(&l));
        let z =
            <Cpu as Engine<f32>>::draw(m32.leaky_trace(), l32.leaky_trace(), fast(&noise));
        let z = z.unwrap();
        let wanted = Code::draw(m64.leaky_trace(), l64.leaky_trace(), plain(&noise)).unwrap();
        close(z.as_vec(), wanted.as_vec(), 1e-6);
        let cost = <Cpu as Engine<f32>>::cost(m32.leaky_trace(), l32.leaky_trace()).unwrap();
        let other = loss::cost(m64.leaky_trace(), l64.leaky_trace()).unwrap();
        close(cost.as_vec(), other.as_vec(), 1e-6);
        let slope = ((z * fast(&up)).sum::<Rank0, _>() + cost.square().sum()).backward();
        let wanted =
            ((wanted * plain(&up)).sum::<Rank0, _>() + other.square().sum()).backward();
        close(slope.get(&m32).as_vec(), wanted.get(&m64).as_vec(), 3e-6);
        close(slope.get(&l32).as_vec(), wanted.get(&l64).as_vec(), 3e-6);
    }
}

#[test]
fn tables_may_lie_in_another_order() {
    let (x, w) = (table((6, 20), 1.0, 1), table((3, 20), 1.0, 2));
    let layer = Layer { weight: fast(&w), bias: fast(&table((1, 3), 1.0, 3)) };
    let turned = fast(&x.t().to_owned()).permute::<(usize, usize), _>();
    let map = |x| <Cpu as Engine<f32>>::affine(x, &layer, None).unwrap().as_vec();
    assert_eq!(map(turned), map(fast(&x)));
    let other = Layer {
        weight: fast(&w.t().to_owned()).permute::<(usize, usize), _>(),
        bias: layer.bias.clone(),
    };
    let x = fast(&x);
    assert_eq!(
        <Cpu as Engine<f32>>::affine(x.clone(), &other, None).unwrap().as_vec(),
        map(x)
    );
}

#[test]
fn a_hundred_steps_of_the_fused_adam_are_those_of_the_plain_one() {
    for shape in [(1, 1), (3, 17), (200, 200)] {
        let start = table(shape, 1.0, 1);
        let device = Cpu::default();
        let mut ours: [Table<f32, Cpu>; 3] =
            [fast(&start), device.zeros_like(&shape), device.zeros_like(&shape)];
        let mut twin = [fast(&start), device.zeros_like(&shape), device.zeros_like(&shape)];
        for t in 1..=100 {
            let left = [0.9f64, 0.999].map(|keep| 1.0 - keep.powi(t));
            let rate = 0.01 / left[0];
            let step =
                Step { rate, keep: [0.9, 0.999], lift: 1.0 / left[1].sqrt(), tiny: 1e-8 };
            let wanted = fast(&table(shape, 1.0, 100 + t as u64));
            for (all, fused) in [(&mut ours, true), (&mut twin, false)] {
                let [p, first, second] = all;
                let miss = p.leaky_trace() - wanted.clone();
                let mut slope = miss.square().sum::<Rank0, _>().backward();
                match fused {
                    true => <Cpu as Engine<f32>>::adam([p, first, second], &mut slope, step),
                    false => engine::adam([p, first, second], &mut slope, step),
                }
                .unwrap();
            }
            for (a, b) in ours.iter().zip(&twin) {
                assert_eq!(a.as_vec(), b.as_vec(), "step {t}");
            }
        }
        assert_ne!(ours[0].as_vec(), fast(&start).as_vec());
    }
}

fn net<E: latent::pca::autoencoder::Real>(sizes: &Sizes, bend: Bend) -> Vae<E, Cpu>
where
    Cpu: Engine<E>,
{
    let mut rng = StdRng::seed_from_u64(5);
    Vae::new(sizes, Likelihood::Bernoulli, &Cpu::default(), &mut rng).unwrap().bent(bend)
}

#[test]
fn training_in_f32_is_training_in_f64_but_for_rounding() {
    let x = latent::data::digits().x.mapv(|v| if v >= 8.0 { 1.0 } else { 0.0 });
    let x = x.slice(s![..90, ..]);
    let plan = Plan { epochs: 2, batch: 40, rate: 1e-3, ..Plan::default() };
    for (hidden, bend) in
        [(vec![], Bend::Tanh), (vec![30], Bend::Tanh), (vec![40, 20], Bend::Relu)]
    {
        let sizes = Sizes { pixels: 64, hidden, latent: 3 };
        let mut fused = Run::new(net::<f32>(&sizes, bend), plan).unwrap();
        let mut twin = Run::new(net::<f64>(&sizes, bend), plan).unwrap();
        let found = fused.finish(x.mapv(|v| v as f32).view()).unwrap();
        let wanted = twin.finish(x).unwrap();
        for (f, w) in found.iter().zip(&wanted) {
            assert!((f.elbo.fit - w.elbo.fit).abs() < 2e-5 * w.elbo.fit.abs());
            assert!((f.elbo.kl - w.elbo.kl).abs() < 2e-5 * w.elbo.kl.abs().max(1.0));
        }
        for ((_, p), (_, q)) in fused.net.parameters().into_iter().zip(twin.net.parameters())
        {
            // Adam divides by the size of a slope, and so lifts the rounding of small ones.
            close(p.as_vec(), q.as_vec(), 2e-4);
        }
    }
}

#[test]
fn a_part_alone_may_move() {
    let sizes = Sizes { pixels: 16, hidden: vec![8], latent: 2 };
    let mut net = net::<f32>(&sizes, Bend::Tanh);
    let mut adam = Adam::new(&mut net).unwrap();
    let x = fast(&table((20, 16), 1.0, 1).mapv(|v| if v > 0.0 { 1.0 } else { 0.0 }));
    let mut slope = Gradients::leaky();
    let all = |net: &mut Vae<f32, Cpu>| -> Vec<Vec<f32>> {
        net.parameters().into_iter().map(|(_, p)| p.as_vec()).collect()
    };
    let mut slopes = vec![];
    for part in [Part::Encoder, Part::Decoder, Part::Both] {
        let before = all(&mut net);
        let noise = fast(&table((20, 2), 1.0, 2));
        let objective = latent::vae::Objective::default();
        let now = loss::loss(&net, x.clone().traced(slope), noise, objective).unwrap();
        let found = now.backward();
        slopes.push(found.get(&net.out.weight).as_vec());
        slope = adam.step(&mut net, found, 0.0, part).unwrap();
        let after = all(&mut net);
        assert_eq!(before, after); // at rate 0
    }
    assert_eq!(slopes[0], slopes[1]); // nothing is left from the step before
    assert_eq!(slopes[0], slopes[2]);
}

#[test]
fn a_run_is_the_same_on_one_core_and_on_two() {
    let sizes = Sizes { pixels: 300, hidden: vec![200], latent: 10 };
    let x = table((256, 300), 1.0, 1).mapv(|v| if v > 0.0 { 1f32 } else { 0.0 });
    let train = |cores: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(cores).build().unwrap();
        pool.install(|| {
            let plan = Plan { epochs: 2, batch: 128, ..Plan::default() };
            let mut run = Run::new(net::<f32>(&sizes, Bend::Relu), plan).unwrap();
            run.finish(x.view()).unwrap();
            run.net.parameters().into_iter().map(|(_, p)| p.as_vec()).collect::<Vec<_>>()
        })
    };
    let one = train(1);
    assert_eq!(one, train(2));
    assert_eq!(one, train(3));
}
