//! Chapter 7: the laws of variational autoencoders that need no network.
use latent::elbo::{Conjugate, Gauss, Hidden, Tiny};
use latent::gaussian::{self, log_normal};
use latent::mean_field;
use latent::vae::Choices;
use latent::vae::gradient::{mean, moments, pathwise, score};
use latent::vae::integral::{evidence, relative_variance};
use latent::vae::normal::{cdf, middles};
use latent::vae::prior::{pushed, ring};
use latent::{Error, Result};
use ndarray::{Array1, Array2, Axis, array};
use ndarray_rand::RandomExt;
use ndarray_rand::rand_distr::StandardNormal;
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::Value;
use std::f64::consts::{PI, TAU};

fn rng(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

#[track_caller]
fn close(got: f64, want: f64, relative: f64) {
    assert!(
        (got - want).abs() <= relative * want.abs().max(1e-12),
        "{got} is not {want} to {relative:e}"
    );
}

#[track_caller]
fn near(got: f64, want: f64, absolute: f64) {
    assert!((got - want).abs() <= absolute, "{got} is not {want} to {absolute:e}");
}

fn oracle() -> Value {
    serde_json::from_str(include_str!("oracles/vae.json")).unwrap()
}

fn number(v: &Value) -> f64 {
    v.as_f64().unwrap()
}

fn numbers(v: &Value) -> Vec<f64> {
    v.as_array().unwrap().iter().map(number).collect()
}

fn draws(n: usize, seed: u64) -> Array1<f64> {
    Array1::random_using(n, StandardNormal, &mut rng(seed))
}

/// The largest distance between the steps of a sample and a distribution function.
fn kolmogorov(mut sample: Vec<f64>, f: impl Fn(f64) -> f64) -> f64 {
    sample.sort_by(f64::total_cmp);
    let n = sample.len() as f64;
    let gap = |(i, x): (usize, &f64)| {
        let (below, here) = (i as f64 / n, f(*x));
        (here - below).abs().max((here - below - 1.0 / n).abs())
    };
    sample.iter().enumerate().map(gap).fold(0.0, f64::max)
}

/// Two hills on the line.
fn two_hills(x: f64) -> f64 {
    0.7 * cdf((x + 1.0) / 0.4) + 0.3 * cdf((x - 2.0) / 0.8)
}

#[test]
fn a_normal_z_reaches_any_density_through_a_map() {
    let exponential = |x: f64| if x > 0.0 { -(-x).exp_m1() } else { 0.0 };
    let uniform = |x: f64| x.clamp(0.0, 1.0);
    let laws: [&dyn Fn(f64) -> f64; 4] =
        [&two_hills, &exponential, &uniform, &|x| cdf((x - 3.0) / 0.01)];
    for (seed, f) in laws.into_iter().enumerate() {
        let sample: Vec<f64> =
            draws(50_000, seed as u64 + 1).iter().map(|z| pushed(f, *z).unwrap()).collect();
        let ks = kolmogorov(sample, f);
        assert!(ks < 0.01, "{seed}: {ks}");
    }
    // Another law is told apart.
    let sample: Vec<f64> =
        draws(20_000, 9).iter().map(|z| pushed(two_hills, *z).unwrap()).collect();
    assert!(kolmogorov(sample, |x| cdf(x / 1.5)) > 0.1);
    // On a standard normal the map does nothing, and it never turns back.
    for z in [-5.0, -1.0, 0.0, 0.3, 4.0] {
        near(pushed(cdf, z).unwrap(), z, 1e-9);
        near(pushed(|x| cdf((x - 2.0) / 3.0), z).unwrap(), 2.0 + 3.0 * z, 1e-8);
    }
    let path: Vec<f64> =
        middles(500).unwrap().iter().map(|z| pushed(two_hills, *z).unwrap()).collect();
    assert!(path.windows(2).all(|w| w[0] < w[1]));
}

#[test]
fn a_normal_cloud_becomes_a_ring() {
    let z = Array2::random_using((50_000, 2), StandardNormal, &mut rng(3));
    let x: Vec<[f64; 2]> =
        z.rows().into_iter().map(|r| ring([r[0], r[1]]).unwrap()).collect();
    let radius = x.iter().map(|[a, b]| a.hypot(*b)).collect();
    assert!(kolmogorov(radius, |r| cdf((r - 2.0) / 0.15)) < 0.01);
    let turn = x.iter().map(|[a, b]| b.atan2(*a)).collect();
    assert!(kolmogorov(turn, |t| (t + PI) / TAU) < 0.01);
    // Its middle is empty, where the cloud is densest.
    assert!(x.iter().all(|[a, b]| a.hypot(*b) > 1.0));
    assert!(z.rows().into_iter().filter(|r| r[0].hypot(r[1]) < 1.0).count() > 17_500);
}

/// x ~ N(Wz, σ²I), its log-likelihood at z, and its log density by hand.
fn linear(latent: usize) -> (Array2<f64>, Array1<f64>, f64) {
    let w = Array2::from_shape_fn((3, latent), |(d, l)| {
        [[0.9, -0.4], [0.3, 0.8], [-0.6, 0.5]][d][l % 2] / (1.0 + l as f64)
    });
    (w, array![0.4, -1.1, 0.7], 0.8)
}

#[test]
fn a_mesh_finds_the_evidence_and_asks_the_decoder_side_to_the_power_of_latent_times() {
    for latent in 1..=3u32 {
        let (w, x, sd) = linear(latent as usize);
        let covariance = w.dot(&w.t()) + Array2::<f64>::eye(3) * sd * sd;
        let want = gaussian::log_density(
            x.view().insert_axis(Axis(0)),
            Array1::zeros(3).view(),
            covariance.view(),
        )
        .unwrap()[0];
        let calls = std::cell::Cell::new(0usize);
        let ask = |z: &[f64]| {
            calls.set(calls.get() + 1);
            let middle = w.dot(&Array1::from(z.to_vec()));
            x.iter().zip(&middle).map(|(x, m)| log_normal(*x, *m, sd)).sum()
        };
        near(evidence(latent, 32, ask).unwrap(), want, 1e-8);
        assert_eq!(calls.get(), 32usize.pow(latent));
        // Too wide a mesh misses, and a finer one comes nearer.
        let errors: Vec<f64> = [4, 8, 16]
            .map(|side| (evidence(latent, side, ask).unwrap() - want).abs())
            .to_vec();
        assert!(
            errors[0] > 1e-2 && errors[0] > errors[1] && errors[1] > errors[2],
            "{errors:?}"
        );
    }
    let flat = |_: &[f64]| 0.0;
    near(evidence(2, 64, flat).unwrap(), 0.0, 1e-12); // the prior's mass is one
    assert!(evidence(7, 32, flat).is_err() && evidence(1, 0, flat).is_err());
    assert!(evidence(40, 1_000_000, flat).is_err());
}

#[test]
fn most_draws_of_the_prior_say_nothing_and_the_posterior_says_it_all() {
    let model = Conjugate::new(1.2, 0.1).unwrap();
    let hidden = model.hidden();
    // By hand: E p² is the density of x under a variance of 1 + σ²/2, times 1/(2√π σ).
    let square =
        log_normal(1.2, 0.0, (1.0f64 + 0.005).sqrt()).exp() / (2.0 * PI.sqrt() * 0.1);
    let want = square / (2.0 * model.log_evidence()).exp() - 1.0;
    near(want, 13.4804, 1e-4);
    close(relative_variance(&hidden, &hidden.log_prior).unwrap(), want, 1e-9);
    near(relative_variance(&hidden, &hidden.log_posterior()).unwrap(), 0.0, 1e-9);
    // Between the two: half way there is better than the prior.
    let (m, s) = model.posterior();
    let wide = Gauss { mean: m, sd: 3.0 * s };
    let v = relative_variance(&hidden, &wide.on(&hidden)).unwrap();
    assert!(0.1 < v && v < 3.0, "{v}");
    // Two hidden numbers that know nothing of each other: the factors 1 + … multiply.
    let square =
        evidence(2, 400, |z| 2.0 * z.iter().map(|z| log_normal(1.2, *z, 0.1)).sum::<f64>());
    let pair = (square.unwrap() - 4.0 * model.log_evidence()).exp();
    close(pair, (1.0 + want).powi(2), 1e-6);
    // And with draws.
    let weights = draws(400_000, 4).mapv(|z| log_normal(1.2, z, 0.1).exp());
    let p = weights.mean().unwrap();
    let got = weights.mapv(|w| (w / p - 1.0).powi(2)).mean().unwrap();
    close(got, want, 0.03);
    assert!(relative_variance(&hidden, &Array1::zeros(3)).is_err());
}

#[test]
fn a_shared_q_is_worse_than_one_from_the_pixels_and_that_worse_than_one_for_each() {
    let all = Choices::of(&Tiny::default()).unwrap();
    near(all.shares.sum(), 1.0, 1e-9);
    let prior = vec![Gauss { mean: 0.0, sd: 1.0 }; 8];
    let (shared, own, amortised) =
        (all.shared().unwrap(), all.own().unwrap(), all.amortised(600));
    let bounds = [&prior, &shared, &amortised, &own].map(|q| all.bound(q).unwrap());
    let mut ladder = bounds.to_vec();
    ladder.push(all.log_evidence());
    assert!(ladder.windows(2).all(|w| w[1] > w[0] + 1e-3), "{ladder:?}");
    // No other shared q does better, nor another for one image.
    for (dm, ds) in [(0.05, 1.0), (-0.05, 1.0), (0.0, 1.05), (0.0, 0.95)] {
        let moved = |q: &Gauss| Gauss { mean: q.mean + dm, sd: q.sd * ds };
        assert!(
            all.bound(&shared.iter().map(moved).collect::<Vec<_>>()).unwrap() < bounds[1]
        );
        assert!(all.bound(&own.iter().map(moved).collect::<Vec<_>>()).unwrap() < bounds[3]);
    }
    // One image's encoder is worth its own q; eight images share 8 numbers.
    let q = |i: usize| (amortised[i].mean, amortised[i].sd.ln());
    let parallel = |f: &dyn Fn(usize) -> f64| near(f(7) - f(6), f(1) - f(0), 1e-12); // affine
    parallel(&|i| q(i).0);
    parallel(&|i| q(i).1);
    assert!(all.bound(&own[..3]).is_err());
}

#[test]
fn the_decoder_is_a_distribution_over_the_pixels_and_not_over_z() {
    let all = Choices::of(&Tiny::default()).unwrap();
    let sum = all
        .hidden
        .iter()
        .fold(Array1::<f64>::zeros(2401), |s, h| s + h.log_likelihood.mapv(f64::exp));
    assert!(sum.iter().all(|s| (s - 1.0).abs() < 1e-12));
    for hidden in &all.hidden {
        let over_z = hidden.log_likelihood.mapv(f64::exp).sum() * hidden.step;
        assert!((over_z - 1.0).abs() > 0.5); // a likelihood, read as a function of z, has no area
    }
}

#[test]
fn closeness_alone_would_have_q_shrink_to_a_point() {
    let hidden = Tiny::default().hidden(array![1.0, 0.0, 0.0].view()).unwrap();
    let best = hidden.best_gaussian(Gauss { mean: 0.0, sd: 1.0 }).unwrap().0;
    let top = hidden.z[(0..2401)
        .max_by(|a, b| hidden.log_likelihood[*a].total_cmp(&hidden.log_likelihood[*b]))
        .unwrap()];
    let at = |sd: f64| hidden.elbo(&Gauss { mean: top, sd }.on(&hidden));
    let sds = [0.8, 0.4, 0.2, 0.1, 0.05, 0.02];
    assert!(sds.windows(2).all(|w| at(w[1]).fit > at(w[0]).fit));
    assert!(sds.windows(2).all(|w| at(w[1]).nats() < at(w[0]).nats()));
    assert!(best.sd > 0.5, "{best:?}");
}

#[test]
fn a_standard_deviation_and_a_variance_are_two_things() {
    near(cdf(1.0) - cdf(-1.0), 0.6827, 1e-4);
    // A σ of 3 taken for a variance: within 3 of the middle lies more.
    near(cdf(3.0 / 3f64.sqrt()) - cdf(-3.0 / 3f64.sqrt()), 0.9167, 1e-4);
}

#[test]
fn the_error_of_a_mean_of_draws_falls_with_the_root_of_their_number() {
    let hidden = Tiny::default();
    let x = array![1.0, 0.0, 0.0];
    let on = hidden.hidden(x.view()).unwrap();
    let q = Gauss { mean: 0.3, sd: 0.6 };
    let want = on.elbo(&q.on(&on)).fit;
    let fit = |z: f64| on.log_likelihood[((z + 12.0) / 0.01).round() as usize];
    let (mut points, mut r) = (vec![], rng(5));
    for power in 0..10 {
        let (l, repeats) = (1usize << power, 2000);
        let mut square = 0.0;
        for _ in 0..repeats {
            let sum: f64 =
                (0..l).map(|_| fit(q.mean + q.sd * r.sample::<f64, _>(StandardNormal))).sum();
            square += (sum / l as f64 - want).powi(2) / repeats as f64;
        }
        points.push(((l as f64).ln(), 0.5 * square.ln()));
    }
    let n = points.len() as f64;
    let (mx, my) = (
        points.iter().map(|p| p.0).sum::<f64>() / n,
        points.iter().map(|p| p.1).sum::<f64>() / n,
    );
    let slope = points.iter().map(|p| (p.0 - mx) * (p.1 - my)).sum::<f64>()
        / points.iter().map(|p| (p.0 - mx).powi(2)).sum::<f64>();
    near(slope, -0.5, 0.05);
}

#[test]
fn the_score_of_a_square_varies_more_than_its_path() {
    for (name, case) in oracle()["square"].as_object().unwrap() {
        let q = Gauss { mean: number(&case["mean"]), sd: number(&case["sd"]) };
        let (m, s) = (q.mean, q.sd);
        let square = |z: f64| z * z;
        let by_score = |k: usize| moments(|e| score(square, q, e)[k]);
        let by_path = |k: usize| moments(|e| pathwise(|z| 2.0 * z, q, e)[k]);
        for k in 0..2 {
            let want = [2.0 * m, 2.0 * s][k];
            near(by_score(k).0, want, 1e-9);
            near(by_path(k).0, want, 1e-9);
        }
        // By hand, and by numpy's quadrature.
        let hand = m.powi(4) / (s * s) + 14.0 * m * m + 15.0 * s * s;
        close(by_score(0).1, hand, 1e-9);
        close(by_path(0).1, 4.0 * s * s, 1e-9);
        for (k, place) in ["mean", "sd"].into_iter().enumerate() {
            close(by_score(k).1, number(&case[format!("score_{place}")]), 1e-8);
            close(by_path(k).1, number(&case[format!("path_{place}")]), 1e-8);
        }
        assert!(by_score(0).1 > 3.0 * by_path(0).1, "{name}");
    }
    let q = Gauss { mean: 2.0, sd: 1.0 };
    close(moments(|e| score(|z| z * z, q, e)[0]).1, 87.0, 1e-9);
    close(moments(|e| pathwise(|z| 2.0 * z, q, e)[0]).1, 4.0, 1e-9);
}

#[test]
fn slope_of_the_mean_is_mean_of_the_slopes() {
    type F = fn(f64) -> f64;
    type Slopes = fn(f64, f64) -> [f64; 2];
    // f, its slope, and the slopes of E f(z) in m and in s, by hand.
    let cases: [(F, F, Slopes); 3] = [
        (|z| z * z, |z| 2.0 * z, |m, s| [2.0 * m, 2.0 * s]),
        (f64::sin, f64::cos, |m, s| {
            let damp = (-0.5 * s * s).exp();
            [m.cos() * damp, -s * m.sin() * damp]
        }),
        (f64::exp, f64::exp, |m, s| {
            let value = (m + 0.5 * s * s).exp();
            [value, s * value]
        }),
    ];
    for (f, slope, want) in cases {
        for (m, sd) in [(0.0, 1.0), (1.3, 0.4), (-0.7, 1.6)] {
            let q = Gauss { mean: m, sd };
            for (k, want) in want(m, sd).into_iter().enumerate() {
                near(moments(|e| pathwise(slope, q, e)[k]).0, want, 1e-8);
                near(moments(|e| score(f, q, e)[k]).0, want, 1e-8);
            }
            let h = 1e-5;
            let at = |m, sd| mean(f, Gauss { mean: m, sd }).unwrap();
            near((at(m + h, sd) - at(m - h, sd)) / (2.0 * h), want(m, sd)[0], 1e-8);
            near((at(m, sd + h) - at(m, sd - h)) / (2.0 * h), want(m, sd)[1], 1e-8);
        }
    }
    assert!(mean(f64::sin, Gauss { mean: 0.0, sd: 0.0 }).is_err());
}

#[test]
fn at_a_jump_the_path_sees_nothing() {
    let q = Gauss { mean: 0.0, sd: 1.0 };
    let jump = |z: f64| if z > 0.0 { 1.0 } else { 0.0 };
    // E of the jump is Φ(m/s), whose slope at 0 is the density there.
    near(mean(jump, Gauss { mean: 0.7, sd: 2.0 }).unwrap(), cdf(0.35), 1e-6);
    near(moments(|e| score(jump, q, e)[0]).0, number(&oracle()["jump"]), 1e-6);
    near(number(&oracle()["jump"]), 0.398942, 1e-6);
    assert_eq!(moments(|e| pathwise(|_| 0.0, q, e)[0]), (0.0, 0.0));
}

#[test]
fn a_fast_wave_turns_the_order_round() {
    let q = Gauss { mean: 0.0, sd: 1.0 };
    let by_path = moments(|e| pathwise(|z| 20.0 * (20.0 * z).cos(), q, e)[0]);
    let by_score = moments(|e| score(|z| (20.0 * z).sin(), q, e)[0]);
    near(by_path.0, 20.0 * (-200f64).exp(), 1e-9);
    near(by_score.0, by_path.0, 1e-9);
    close(by_path.1, 200.0, 1e-9); // half of 20²
    close(by_score.1, 0.5, 1e-9);
    let [path, weighed] = ["path", "score"].map(|k| number(&oracle()["wave"][k]));
    close(by_path.1, path, 1e-6);
    close(by_score.1, weighed, 1e-6);
}

#[test]
fn moving_draws_is_the_slope_of_the_tiny_bound() {
    let tiny = Tiny::default();
    for case in oracle()["tiny"].as_array().unwrap() {
        let x = Array1::from(numbers(&case["x"]));
        let hidden = tiny.hidden(x.view()).unwrap();
        let q = Gauss { mean: 0.3, sd: 0.6 };
        let slope = |z| mean_field::slope(&tiny, x.view(), z);
        // In m and s; the 1/s is the entropy's.
        let by_path = [0, 1].map(|k| moments(|e| pathwise(slope, q, e)[k]).0);
        let got = [by_path[0], q.sd * (by_path[1] + 1.0 / q.sd)];
        near(got[0], number(&case["by_mean"]), 1e-6);
        near(got[1], number(&case["by_log_sd"]), 1e-6);
        let nats = |mean: f64, sd: f64| hidden.elbo(&Gauss { mean, sd }.on(&hidden)).nats();
        let h = 1e-5;
        near(got[0], (nats(0.3 + h, 0.6) - nats(0.3 - h, 0.6)) / (2.0 * h), 1e-7);
        near(
            got[1],
            (nats(0.3, 0.6 * h.exp()) - nats(0.3, 0.6 * (-h).exp())) / (2.0 * h),
            1e-7,
        );
        // The same by weighing: f is log p(x, z), with its value and no slope.
        let joint = |z: f64| {
            log_normal(z, 0.0, 1.0)
                + hidden.log_likelihood[((z + 12.0) * 100.0).round() as usize]
        };
        let by_score = moments(|e| score(joint, q, e)[0]);
        near(by_score.0, got[0], 1e-4);
        assert!(by_score.1 > 5.0 * moments(|e| pathwise(slope, q, e)[0]).1);
    }
}

#[test]
fn a_turned_and_stretched_cloud_has_the_covariance_asked_for() {
    let (m, n) = (array![1.0, -2.0, 0.5], 200_000);
    let want = array![[2.0, 0.9, -0.4], [0.9, 1.0, 0.2], [-0.4, 0.2, 0.7]];
    let l = latent::linalg::cholesky(want.view()).unwrap();
    let noise = Array2::random_using((n, 3), StandardNormal, &mut rng(6));
    let z = noise.dot(&l.t()) + &m; // z = m + Lε, one a row
    let found = gaussian::Moments::of(z.view()).unwrap();
    for i in 0..3 {
        let error = (want[[i, i]] / n as f64).sqrt();
        near(found.mean[i], m[i], 5.0 * error);
        for j in 0..3 {
            let spread = want[[i, i]] * want[[j, j]] + want[[i, j]].powi(2);
            near(found.covariance[[i, j]], want[[i, j]], 5.0 * (spread / n as f64).sqrt());
        }
    }
    // L may be turned: another root of the covariance gives the same cloud.
    let turn = array![[0.6, 0.8, 0.0], [-0.8, 0.6, 0.0], [0.0, 0.0, 1.0]];
    let other = l.dot(&turn);
    assert!((other.dot(&other.t()) - &want).iter().all(|v: &f64| v.abs() < 1e-12));
}

#[test]
fn the_law_of_the_draws_is_all_that_the_proof_needs() {
    // z = m + s|ε|·sign(ε)² is not invertible; E f(z) is that of the law of |ε|.
    let folded = |f: fn(f64) -> f64, m: f64| moments(|e| f(m + e.abs())).0;
    let h = 1e-5;
    for m in [-0.4, 0.8] {
        let slope = (folded(f64::sin, m + h) - folded(f64::sin, m - h)) / (2.0 * h);
        near(folded(f64::cos, m), slope, 1e-8);
    }
    near(folded(|z| z, 0.0), (2.0 / PI).sqrt(), 1e-6);
}

#[test]
fn what_cannot_be_pushed_is_refused() {
    let named = |got: Result<f64>, what: &str| match got {
        Err(Error::Range { what: name, .. }) => assert_eq!(name, what),
        other => panic!("{other:?}"),
    };
    named(pushed(cdf, f64::NAN), "z");
    named(pushed(cdf, 9.0), "z");
    named(ring([0.0, 0.0]).map(|x| x[0]), "the length of z");
    named(ring([f64::NAN, 0.0]).map(|x| x[0]), "the length of z");
    named(ring([9.0, 0.0]).map(|x| x[0]), "the length of z");
    assert!(
        ring([7.9, 0.0]).unwrap()[0].is_finite()
            && ring([1e-12, 0.0]).unwrap()[0].is_finite()
    );
    // A function that is no distribution function ends somewhere, and does not hang.
    assert!(pushed(|_| 0.0, 0.3).is_ok() && pushed(|_| 1.0, 0.3).is_ok());
}

#[test]
fn integrals_on_the_line_have_no_place_for_a_wide_q() {
    let hidden = Hidden::on_grid(|z| log_normal(z, 0.0, 1.0), |z| log_normal(0.0, z, 1.0));
    // A q narrower than the posterior, less than half its variance, has no second moment.
    let thin = Gauss { mean: 0.0, sd: 0.4 };
    assert!(relative_variance(&hidden, &thin.on(&hidden)).unwrap() > 1e6);
}
