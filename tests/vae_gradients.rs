//! Chapter 7: the laws of the encoder, the decoder and their slopes, on small networks in f64.
use dfdx::prelude::*;
use latent::data::iris;
use latent::factor_analysis::FactorAnalysis;
use latent::gaussian::{Moments, log_normal};
use latent::vae::greys::{Continuous, Levels, Logistic};
use latent::vae::integral::evidence;
use latent::vae::loss::{loss, score_loss, terms};
use latent::vae::net::{Table, to_array, to_device};
use latent::vae::{Learner, Likelihood, Objective, Sizes, Vae};
use ndarray::{Array1, Array2, ArrayView2, Axis, array, s};
use ndarray_rand::RandomExt;
use rand::{SeedableRng, rngs::StdRng};

type Net = Vae<f64, Cpu>;

fn rng(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

#[track_caller]
fn near(got: f64, want: f64, absolute: f64) {
    assert!((got - want).abs() <= absolute, "{got} is not {want} to {absolute:e}");
}

fn net(pixels: usize, hidden: &[usize], latent: usize, likelihood: Likelihood) -> Net {
    let sizes = Sizes { pixels, hidden: hidden.to_vec(), latent };
    Vae::new(&sizes, likelihood, &Cpu::default(), &mut rng(1)).unwrap()
}

fn noise(shape: (usize, usize), seed: u64) -> Array2<f64> {
    let normal = ndarray_rand::rand_distr::StandardNormal;
    Array2::random_using(shape, normal, &mut rng(seed))
}

fn on_cpu(x: ArrayView2<f64>) -> Table<f64, Cpu> {
    to_device(x, &Cpu::default()).unwrap()
}

/// Black and white rows.
fn bits(rows: usize, pixels: usize) -> Array2<f64> {
    noise((rows, pixels), 7).mapv(|v| f64::from(v > 0.2))
}

/// All slopes in one row, by the names of the parameters.
fn flat(net: &mut Net, slope: &Gradients<f64, Cpu>) -> Array1<f64> {
    let entries = net.parameters().into_iter().flat_map(|(_, p)| slope.get(p).as_vec());
    entries.collect()
}

/// The slope of the loss on some rows with this noise.
fn slope(net: &mut Net, x: ArrayView2<f64>, noise: ArrayView2<f64>) -> Array1<f64> {
    let draws = noise.nrows() / x.nrows();
    let objective = Objective { draws, ..Objective::default() };
    let now = loss(net, on_cpu(x).leaky_traced(), on_cpu(noise), objective).unwrap();
    let slope = now.backward();
    flat(net, &slope)
}

#[test]
fn a_linear_decoder_with_gaussian_pixels_is_factor_analysis() {
    for latent in [1, 2] {
        let net = net(4, &[], latent, Likelihood::Gaussian(0.6));
        let w = to_array(&net.out.weight).unwrap();
        let mean = to_array(&net.out.bias).unwrap().row(0).to_owned();
        let model = FactorAnalysis::new(mean, w, Array1::from_elem(4, 0.36)).unwrap();
        let x = noise((3, 4), 2);
        let want = model.log_density(x.view()).unwrap();
        for (row, want) in x.axis_iter(Axis(0)).zip(&want) {
            let row = on_cpu(row.insert_axis(Axis(0)));
            let ask = |z: &[f64]| {
                let z = Array2::from_shape_fn((1, latent), |(_, l)| z[l]);
                let given = net.decode(on_cpu(z.view())).unwrap();
                net.fit(given, &row).unwrap().as_vec()[0]
            };
            near(evidence(latent as u32, 48, ask).unwrap(), *want, 1e-9);
        }
        // One noise for every pixel: probabilistic PCA's model, and it draws the same rows.
        let z = noise((20_000, latent), 3);
        let images = net.images(z.view()).unwrap();
        let found = Moments::of(images.view()).unwrap().covariance;
        let loadings = model.w.dot(&model.w.t());
        assert!((found - &loadings).iter().all(|v| v.abs() < 0.05));
    }
}

#[test]
fn a_bend_makes_it_another_model() {
    let net = net(4, &[16], 1, Likelihood::Gaussian(0.6));
    let z = array![[-2.0], [0.0], [2.0]];
    let x = net.images(z.view()).unwrap();
    let straight = (&x.row(0) + &x.row(2)) / 2.0 - x.row(1);
    assert!(straight.iter().any(|v| v.abs() > 0.02), "{straight}");
}

#[test]
fn q_is_a_distribution_whatever_the_weights_say() {
    for latent in [1usize, 2] {
        let mut net = net(6, &[5], latent, Likelihood::Bernoulli);
        net.log_variance.weight = net.log_variance.weight.clone() * 3.0;
        net.mean.weight = net.mean.weight.clone() * 5.0;
        let codes = net.codes(bits(9, 6).view()).unwrap();
        assert!(codes.sd.iter().all(|s| *s > 0.0));
        for (m, s) in codes.mean.rows().into_iter().zip(codes.sd.rows()) {
            let (n, mut mass) = (200usize, 0.0);
            for i in 0..n.pow(latent as u32) {
                let at = |l: usize| {
                    16.0 * ((i / n.pow(l as u32) % n) as f64 + 0.5) / n as f64 - 8.0
                };
                let place = (0..latent).map(|l| m[l] + s[l] * at(l)); // eight s either way
                let log: f64 =
                    place.enumerate().map(|(l, z)| log_normal(z, m[l], s[l])).sum();
                mass += log.exp() * s.iter().map(|s| s * 16.0 / n as f64).product::<f64>();
            }
            near(mass, 1.0, 1e-9);
        }
        // And it differs from row to row, by no straight rule.
        assert!(codes.mean.std_axis(Axis(0), 0.0).iter().all(|s| *s > 0.01));
    }
}

#[test]
fn a_log_variance_gives_a_variance_above_zero_and_a_finite_slope() {
    for bias in [-30.0, -10.0, 0.0, 10.0, 30.0] {
        let mut net = net(5, &[4], 2, Likelihood::Bernoulli);
        net.log_variance.bias = on_cpu(array![[bias, bias]].view());
        let x = bits(7, 5);
        let codes = net.codes(x.view()).unwrap();
        assert!(codes.sd.iter().all(|s| *s > 0.0 && s.is_finite()), "{bias}");
        let slope = slope(&mut net, x.view(), noise((7, 2), 4).view());
        assert!(slope.iter().all(|g| g.is_finite()), "{bias}");
    }
    // One number taken for a variance, its logarithm or a standard deviation: three widths.
    let mut net = net(5, &[], 1, Likelihood::Bernoulli);
    net.log_variance.weight = net.log_variance.weight.clone() * 0.0;
    net.log_variance.bias = on_cpu(array![[2.0]].view());
    near(net.codes(bits(1, 5).view()).unwrap().sd[[0, 0]], 1f64.exp(), 1e-12);
}

#[test]
fn pixels_are_independent_once_z_is_known_and_not_before() {
    let x = bits(6, 5);
    let z = noise((6, 2), 5);
    for likelihood in [
        Likelihood::Bernoulli,
        Likelihood::Gaussian(0.7),
        Likelihood::Shared,
        Likelihood::Predicted,
        Likelihood::Continuous,
        Likelihood::Logistic(17),
    ] {
        let net = net(5, &[4], 2, likelihood);
        let given = net.decode(on_cpu(z.view())).unwrap();
        let all = net.fit(given.clone(), &on_cpu(x.view())).unwrap().as_vec();
        let given = to_array(&given).unwrap();
        for n in 0..6 {
            let each = (0..5).map(|d| {
                let (a, v) = (given[[n, d]], x[[n, d]]);
                match likelihood {
                    Likelihood::Bernoulli => {
                        let p: f64 = 1.0 / (1.0 + f64::exp(-a));
                        if v > 0.5 { p.ln() } else { (1.0 - p).ln() }
                    }
                    Likelihood::Gaussian(sd) => log_normal(v, a, sd),
                    Likelihood::Shared => log_normal(v, a, 1.0),
                    Likelihood::Predicted => {
                        log_normal(v, a, (0.5 * given[[n, 5 + d]]).exp())
                    }
                    Likelihood::Continuous => Continuous { odds: a }.log_density(v),
                    Likelihood::Logistic(levels) => {
                        Logistic { mean: a, scale: 1.0 }.log_mass(Levels::of(levels).bin(v))
                    }
                }
            });
            near(all[n], each.sum(), 1e-10);
        }
    }
    // Without z they lean on each other: the law of total covariance, over draws of the prior.
    let net = net(5, &[], 1, Likelihood::Bernoulli);
    let p = net.images(noise((50_000, 1), 6).view()).unwrap();
    let covariance = Moments::of(p.view()).unwrap().covariance;
    assert!((0..5).any(|d| covariance[[0, d]].abs() > 1e-3 && d != 0));
}

#[test]
fn the_decoder_is_a_distribution_over_rows() {
    // Not over the latent: over all images of four pixels it adds up to one, at any z.
    let net = net(4, &[6], 2, Likelihood::Bernoulli);
    let every = Array2::from_shape_fn((16, 4), |(i, d)| f64::from(i as u32 >> d & 1));
    for z in noise((5, 2), 8).rows() {
        let z = z.broadcast((16, 2)).unwrap().to_owned();
        let given = net.decode(on_cpu(z.view())).unwrap();
        let fit = net.fit(given, &on_cpu(every.view())).unwrap().as_vec();
        near(fit.into_iter().map(f64::exp).sum(), 1.0, 1e-12);
    }
}

#[test]
fn mean_and_spread_of_q_are_the_encoders_alone() {
    let (mut net, x) = (net(5, &[4], 2, Likelihood::Bernoulli), bits(6, 5));
    let before = net.codes(x.view()).unwrap();
    net.out.weight = net.out.weight.clone() * 2.0;
    net.decoder[0].weight = net.decoder[0].weight.clone() * -1.0;
    let after = net.codes(x.view()).unwrap();
    assert_eq!((before.mean.clone(), before.sd), (after.mean, after.sd));
    net.encoder[0].weight = net.encoder[0].weight.clone() * 2.0;
    assert_ne!(before.mean, net.codes(x.view()).unwrap().mean);
}

#[test]
fn a_free_spread_for_each_z_can_be_infinitely_sure_of_a_row() {
    let mut net = net(3, &[], 1, Likelihood::Predicted);
    net.out.weight = net.out.weight.clone() * 0.0;
    let x = array![[0.3, -0.2, 1.1]];
    let mut last = f64::NEG_INFINITY;
    for log_variance in [0.0, -10.0, -20.0, -40.0] {
        let mut bias = x.row(0).to_vec();
        bias.extend([log_variance; 3]);
        net.out.bias = on_cpu(Array2::from_shape_vec((1, 6), bias).unwrap().view());
        let given = net.decode(on_cpu(array![[0.0]].view())).unwrap();
        let fit = net.fit(given, &on_cpu(x.view())).unwrap().as_vec()[0];
        near(fit, -1.5 * (std::f64::consts::TAU.ln() + log_variance), 1e-9);
        assert!(fit > last);
        last = fit;
    }
}

#[test]
fn the_mean_slope_of_all_batches_is_the_slope_of_all_rows() {
    let mut net = net(5, &[4], 2, Likelihood::Bernoulli);
    let (x, e) = (bits(6, 5), noise((6, 2), 9));
    let all = slope(&mut net, x.view(), e.view());
    // Cut in three, and every pair there is.
    let mut parts = Array1::zeros(all.len());
    for i in 0..3 {
        parts += &slope(
            &mut net,
            x.slice(s![2 * i..2 * i + 2, ..]),
            e.slice(s![2 * i..2 * i + 2, ..]),
        );
    }
    let mut pairs = Array1::zeros(all.len());
    for i in 0..6 {
        for j in 0..i {
            pairs += &slope(
                &mut net,
                x.select(Axis(0), &[i, j]).view(),
                e.select(Axis(0), &[i, j]).view(),
            );
        }
    }
    for (want, (a, b)) in all.iter().zip((parts / 3.0).iter().zip(&(pairs / 15.0))) {
        near(*a, *want, 1e-12);
        near(*b, *want, 1e-12);
    }
    assert!(all.iter().any(|g| g.abs() > 1e-3));
}

#[test]
fn the_nested_loops_gather_the_slope_of_the_mean() {
    let (x, draws) = (bits(4, 5), 3);
    let mut learner = Learner::new(net(5, &[4], 2, Likelihood::Bernoulli), 1e-3, 5).unwrap();
    let start = learner.clone();
    let share = 1.0 / (4.0 * draws as f64);
    let (mut once, mut each) = (Gradients::leaky(), Gradients::leaky());
    for _ in 0..draws {
        once = learner.by_decoder(x.view(), share, once).unwrap();
    }
    let mut again = start.clone();
    for _ in 0..draws {
        for n in 0..4 {
            each = again.by_decoder(x.slice(s![n..=n, ..]), share, each).unwrap();
        }
    }
    // And by one call with all draws of all rows.
    let mut whole = start.clone();
    let want = whole.slope(x.view(), draws).unwrap();
    let mut twice = start.clone();
    let mut unscaled = Gradients::leaky();
    for _ in 0..draws {
        unscaled = twice.by_decoder(x.view(), 1.0 / 4.0, unscaled).unwrap();
    }
    for (name, p) in learner.net.parameters() {
        if ["decoder", "out"].iter().any(|start| name.starts_with(start)) {
            let [once, each, want, long] =
                [&once, &each, &want, &unscaled].map(|g| g.get(p).as_vec());
            for k in 0..want.len() {
                near(once[k], want[k], 1e-12);
                near(each[k], want[k], 1e-12);
                near(long[k], draws as f64 * want[k], 1e-12); // without 1/L: L times too long
            }
        }
    }
}

#[test]
fn one_draw_is_unbiased() {
    let mut learner = Learner::new(net(4, &[3], 1, Likelihood::Bernoulli), 1e-3, 6).unwrap();
    let x = bits(2, 4);
    let want = learner.slope(x.view(), 100_000).unwrap();
    let want = flat(&mut learner.net.clone(), &want);
    let mut all = vec![];
    for _ in 0..20_000 {
        let one = learner.slope(x.view(), 1).unwrap();
        all.push(flat(&mut learner.net.clone(), &one));
    }
    let n = all.len() as f64;
    let views: Vec<_> = all.iter().map(|g| g.view()).collect();
    let all = ndarray::stack(Axis(0), &views).unwrap();
    let (mean, sd) = (all.mean_axis(Axis(0)).unwrap(), all.std_axis(Axis(0), 0.0));
    for k in 0..want.len() {
        let error = sd[k] / n.sqrt() * (1.0 + n / 100_000.0).sqrt();
        near(mean[k], want[k], 5.0 * error + 1e-12);
    }
}

/// The mean bound of some rows, with the same draws each time.
fn bound(net: &Net, x: ArrayView2<f64>) -> f64 {
    net.score(x, 200, &mut rng(11)).unwrap().elbo.nats()
}

#[test]
fn four_procedures_reach_one_bound() {
    let x = iris().x.clone();
    let moments = Moments::of(x.view()).unwrap();
    let x = &x - &moments.mean;
    let moments = Moments::of(x.view()).unwrap();
    let top =
        FactorAnalysis::ppca(&moments, 1).unwrap().log_likelihood(&moments).unwrap() / 150.0;
    type Way = fn(&mut Learner<f64, Cpu>, ArrayView2<f64>) -> latent::Result<()>;
    let ways: [Way; 4] =
        [|l, x| l.nested(x, 2), |l, x| l.single(x), |l, x| l.turns(x), |l, x| l.joint(x)];
    for way in ways {
        let mut learner = Learner::new(net(4, &[], 1, Likelihood::Shared), 0.02, 3).unwrap();
        let start = bound(&learner.net, x.view());
        for step in 0..1500 {
            let rows: Vec<usize> = (0..15).map(|k| (step * 15 + k) * 37 % 150).collect();
            learner.rate = if step < 1000 { 0.02 } else { 0.002 };
            way(&mut learner, x.select(Axis(0), &rows).view()).unwrap();
        }
        let end = bound(&learner.net, x.view());
        assert!(start < top - 1.0 && end > top - 0.03 && end < top + 0.005, "{end} {top}");
    }
}

#[test]
fn the_loss_is_minus_the_bound() {
    let mut net = net(5, &[4], 2, Likelihood::Bernoulli);
    let (x, e) = (bits(6, 5), noise((6, 2), 9));
    let objective = Objective::default();
    let value = |net: &Net| {
        loss(net, on_cpu(x.view()), on_cpu(e.view()), objective).unwrap().as_vec()[0]
    };
    let terms = terms(&net, on_cpu(x.view()), on_cpu(e.view()), objective).unwrap();
    let each = terms.bound.as_vec();
    near(value(&net), -each.iter().sum::<f64>() / 6.0, 1e-12);
    // A short step against the slope lowers the loss by its square, and so raises the bound.
    let down = slope(&mut net, x.view(), e.view());
    let (before, rate, mut k) = (value(&net), 1e-5, 0);
    for (_, p) in net.parameters() {
        let mut entries = p.as_vec();
        for v in &mut entries {
            *v -= rate * down[k];
            k += 1;
        }
        p.copy_from(&entries);
    }
    let gained = before - value(&net);
    near(gained / (rate * down.dot(&down)), 1.0, 1e-3);
}

#[test]
fn the_score_has_the_slope_of_the_path_on_average_and_a_larger_variance() {
    let mut net = net(4, &[3], 1, Likelihood::Bernoulli);
    let x = bits(3, 4);
    let n = 20_000;
    let (mut by_path, mut by_score) = (vec![], vec![]);
    for seed in 0..n {
        let e = noise((3, 1), 100 + seed);
        by_path.push(slope(&mut net, x.view(), e.view()));
        let now =
            score_loss(&net, on_cpu(x.view()).leaky_traced(), on_cpu(e.view())).unwrap();
        let now = now.backward();
        by_score.push(flat(&mut net, &now));
    }
    let summed = |all: &[Array1<f64>]| {
        let views: Vec<_> = all.iter().map(|g| g.view()).collect();
        let all = ndarray::stack(Axis(0), &views).unwrap();
        (all.mean_axis(Axis(0)).unwrap(), all.var_axis(Axis(0), 0.0))
    };
    let ((path, path_variance), (score, score_variance)) =
        (summed(&by_path), summed(&by_score));
    let names: Vec<(String, usize)> =
        net.parameters().into_iter().map(|(n, p)| (n, p.shape().0 * p.shape().1)).collect();
    let names: Vec<String> = names.into_iter().flat_map(|(n, k)| vec![n; k]).collect();
    let (mut ratio, mut count) = (0.0, 0.0);
    for k in 0..path.len() {
        let error = ((path_variance[k] + score_variance[k]) / n as f64).sqrt();
        near(score[k], path[k], 5.0 * error + 1e-12);
        if ["encoder", "mean", "log_variance"].iter().any(|s| names[k].starts_with(s))
            && path_variance[k] > 1e-12
        {
            ratio += (score_variance[k] / path_variance[k]).ln();
            count += 1.0;
        }
    }
    let ratio = f64::exp(ratio / count);
    assert!(ratio > 1000.0, "{ratio}");
}

#[test]
fn hostile_rows_and_rates_are_refused() {
    let ok = net(4, &[3], 1, Likelihood::Bernoulli);
    for rate in [0.0, -1.0, f64::NAN] {
        assert!(Learner::new(ok.clone(), rate, 1).is_err());
    }
    let mut learner = Learner::new(ok, 1e-3, 1).unwrap();
    let bad = [
        Array2::zeros((3, 5)),
        Array2::zeros((0, 4)),
        array![[0.0, 1.0, 0.5, 1.0]],
        array![[0.0, 1.0, f64::NAN, 1.0]],
    ];
    for x in &bad {
        assert!(learner.nested(x.view(), 2).is_err());
        assert!(learner.single(x.view()).is_err());
        assert!(learner.turns(x.view()).is_err());
        assert!(learner.joint(x.view()).is_err());
        assert!(learner.by_decoder(x.view(), 1.0, Gradients::leaky()).is_err());
    }
    assert!(learner.slope(bits(2, 4).view(), 0).is_err());
    assert!(learner.nested(bits(2, 4).view(), 0).is_err());
}
