//! Chapter 8: the laws of the two directions, of maximum likelihood, and of divergences that a critic measures.
use latent::blurriness::critic::Critic;
use latent::blurriness::{
    Divergence, Modes, histogram_kl, mean_score, places, score, switches,
};
use latent::elbo::Gauss;
use latent::gaussian::{self, log_normal};
use latent::mean_field::{self, Peaks};
use latent::{Error, Result};
use ndarray::{Array2, array};
use rand::{Rng, SeedableRng, rngs::StdRng};

fn rng(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

#[track_caller]
fn near(got: f64, want: f64, absolute: f64) {
    assert!((got - want).abs() <= absolute, "{got} is not {want} to {absolute:e}");
}

fn gauss(mean: f64, sd: f64) -> Gauss {
    Gauss { mean, sd }
}

fn three() -> [Modes; 3] {
    let of = |w: [f64; 2], m: [f64; 2], s: [f64; 2]| Modes::new(w.into(), m.into(), s.into());
    [
        of([0.7, 0.3], [-3.0, 4.0], [0.7, 1.0]).unwrap(),
        of([0.7, 0.3], [-2.0, 3.0], [0.7, 1.2]).unwrap(),
        Modes::pair(1.0).unwrap(),
    ]
}

fn range<T>(result: Result<T>) -> bool {
    matches!(result, Err(Error::Range { .. }))
}

// --- which way to measure ---

#[test]
fn the_forward_fit_has_the_moments_and_no_neighbour_is_better() {
    // shared/oracles.json, forward_reverse_kl
    let pair = Modes::pair(3.0).unwrap();
    let cases = [
        (&pair, 0.0, 3.1622776601683795, 0.4619946134685096),
        (&three()[0], -0.9, 3.3065087327875005, 0.8347502106042783),
        (&three()[1], -0.5, 2.454587541726715, 0.49220217427190227),
        (&three()[2], 0.0, 2f64.sqrt(), 0.009742769933152927),
    ];
    for (p, mean, sd, kl) in cases {
        let q = p.forward();
        near(q.mean, mean, 1e-12);
        near(q.sd, sd, 1e-12);
        let far = |q: Gauss| p.kl(&Modes::one(q).unwrap());
        near(far(q), kl, 1e-9);
        for (dm, ds) in [(0.02, 1.0), (-0.02, 1.0), (0.0, 1.01), (0.0, 0.99)] {
            assert!(far(gauss(q.mean + dm, q.sd * ds)) > far(q));
        }
        near(p.mean(|z| z), mean, 1e-11);
        near(p.mean(|z| (z - mean).powi(2)), sd * sd, 1e-10);
        // The slopes of log q have mean zero there: maximum likelihood with all of p as data.
        near(p.mean(|z| score(z, q)[0]), 0.0, 1e-11);
        near(p.mean(|z| score(z, q)[1]), 0.0, 1e-11);
    }
}

#[test]
fn the_reverse_fits_are_those_of_the_oracle() {
    let pair = Modes::pair(3.0).unwrap();
    let found = pair.optima().unwrap();
    assert_eq!(found.len(), 3);
    for level in &found[..2] {
        near(level.q.mean.abs(), 2.9843059914749754, 1e-6);
        near(level.q.sd, 1.0233685627046236, 1e-6);
        near(level.kl, 0.6887689958558054, 1e-9);
    }
    assert!(found[0].q.mean * found[1].q.mean < 0.0);
    near(found[2].q.mean, 0.0, 1e-8);
    near(found[2].q.sd, 2.743769310277344, 1e-6);
    near(found[2].kl, 0.8406214312416583, 1e-9);
    let [unequal, lopsided, close] = three();
    let found = unequal.optima().unwrap();
    let want = [
        (-2.999912219145344, 0.7001827976161933, 0.35664616728479964),
        (3.999577654882268, 1.0008620589541304, 1.203875011128602),
        (1.5202, 2.9429, 2.1785),
    ];
    assert_eq!(found.len(), 3);
    for (level, (mean, sd, kl)) in found.iter().zip(want) {
        let digits = if mean == 1.5202 { 1e-4 } else { 1e-6 };
        near(level.q.mean, mean, digits);
        near(level.q.sd, sd, digits);
        near(level.kl, kl, digits);
    }
    // Started on the second peak, the fit leaves it and ends in between.
    let found = lopsided.optima().unwrap();
    assert_eq!(found.len(), 2);
    near(found[0].q.mean, -1.986723061959411, 1e-6);
    near(found[1].q.mean, 0.6851130312315603, 1e-6);
    near(found[1].q.sd, 2.3052675020834617, 1e-6);
    near(found[1].kl, 0.8256436749884968, 1e-9);
    // Close peaks are covered either way.
    let found = close.optima().unwrap();
    assert_eq!(found.len(), 1);
    near(found[0].q.mean, 0.0, 1e-8);
    near(found[0].q.sd, 1.393732270505114, 1e-6);
    near(found[0].kl, 0.010887863870271977, 1e-9);
    assert!(found[0].q.sd < close.forward().sd && found[0].q.sd > 0.97 * close.forward().sd);
}

#[test]
fn draws_fall_under_each_peak_as_its_weight_and_width_say() {
    let (weights, means, sds) = ([0.2, 0.3, 0.5], [-12.0, 0.0, 12.0], [0.5, 0.7, 1.0]);
    let p = Modes::new(weights.into(), means.into(), sds.into()).unwrap();
    let n = 20_000;
    let draws = p.sample(n, &mut rng(8));
    assert_eq!(draws.len(), n);
    for k in 0..3 {
        let here: Vec<f64> =
            draws.iter().copied().filter(|z| (z - means[k]).abs() < 6.0).collect();
        let count = here.len() as f64;
        let doubt = (weights[k] * (1.0 - weights[k]) / n as f64).sqrt();
        near(count / n as f64, weights[k], 5.0 * doubt);
        let mean = here.iter().sum::<f64>() / count;
        near(mean, means[k], 5.0 * sds[k] / count.sqrt());
        let square = here.iter().map(|z| (z - means[k]).powi(2)).sum::<f64>() / count;
        near(square.sqrt(), sds[k], 5.0 * sds[k] / (2.0 * count).sqrt());
    }
}

#[test]
fn the_mesh_agrees_with_the_grid_of_mean_field() {
    let peaks = Peaks::new([0.7, 0.3], [-2.0, 3.0], [0.7, 1.2]).unwrap();
    let hidden = peaks.hidden();
    let p = &three()[1];
    for q in [gauss(-2.0, 0.5), gauss(0.0, 2.5), gauss(2.0, 1.0), gauss(1.0, 1.6)] {
        let (bound, slopes) = hidden.slopes(q);
        let here = p.reverse(q);
        near(here.kl, -bound.nats(), 1e-8);
        near(here.slopes[0], -slopes[0], 1e-8);
        near(here.slopes[1], -slopes[1], 1e-8);
        near(p.kl(&Modes::one(q).unwrap()), peaks.other_way(q), 1e-8);
        // By moving draws, all of one weight.
        let noise: Vec<f64> =
            (-80_000..80_000).map(|i| 1e-4 * (f64::from(i) + 0.5)).collect();
        let weigh = |j: usize| {
            let of = |e: &f64| {
                let moved = mean_field::slopes(|z| p.bent(z)[1], q, &[*e])[j];
                1e-4 * log_normal(*e, 0.0, 1.0).exp() * moved
            };
            noise.iter().map(of).sum::<f64>()
        };
        near(here.slopes[0], -weigh(0), 1e-7);
        near(here.slopes[1], -weigh(1), 1e-7);
    }
}

#[test]
fn slopes_and_bends_are_those_of_the_divergence() {
    let p = &three()[0];
    let h = 1e-4;
    for (mean, l) in [(0.3, 0.4), (-2.0, -0.5), (2.5, 1.0)] {
        let at = |dm: f64, dl: f64| p.reverse(gauss(mean + dm, f64::exp(l + dl)));
        let here = at(0.0, 0.0);
        near(here.slopes[0], (at(h, 0.0).kl - at(-h, 0.0).kl) / (2.0 * h), 1e-5);
        near(here.slopes[1], (at(0.0, h).kl - at(0.0, -h).kl) / (2.0 * h), 1e-5);
        let by = |i: usize, dm: f64, dl: f64| {
            (at(dm, dl).slopes[i] - at(-dm, -dl).slopes[i]) / (2.0 * h)
        };
        near(here.bends[0], by(0, h, 0.0), 1e-5);
        near(here.bends[1], by(0, 0.0, h), 1e-5);
        near(here.bends[1], by(1, h, 0.0), 1e-5);
        near(here.bends[2], by(1, 0.0, h), 1e-5);
        let [height, slope, bend] = p.bent(mean);
        near(height, p.log_density(mean), 1e-14);
        near(slope, (p.log_density(mean + h) - p.log_density(mean - h)) / (2.0 * h), 1e-5);
        near(bend, (p.bent(mean + h)[1] - p.bent(mean - h)[1]) / (2.0 * h), 1e-5);
    }
}

#[test]
fn two_more_optima_are_born_and_later_win_and_the_middle_one_stays() {
    let [born, wins] = switches().unwrap();
    near(born, 2.41222972, 1e-7); // scipy: both slopes zero, and the determinant of the bends
    near(wins, 2.800082217583245, 1e-7); // scipy: brentq on the difference
    for (half, count, middle_best) in [
        (1.0, 1, true),
        (born - 0.01, 1, true),
        (born + 0.01, 3, true),
        (wins - 0.01, 3, true),
        (wins + 0.01, 3, false),
        (5.0, 3, false),
    ] {
        let p = Modes::pair(half).unwrap();
        let found = p.optima().unwrap();
        assert_eq!(found.len(), count, "{half}");
        assert_eq!(found[0].q.mean.abs() < 1e-6, middle_best, "{half}");
        for level in found {
            let here = p.reverse(level.q);
            near(here.slopes[0], 0.0, 1e-8);
            near(here.slopes[1], 0.0, 1e-8);
            let [a, b, c] = here.bends;
            assert!(a > 0.0 && a * c > b * b, "a pass, and no hollow, at {half}");
        }
    }
}

#[test]
fn what_is_no_mixture_is_refused() {
    assert!(range(Modes::new(vec![], vec![], vec![])));
    assert!(range(Modes::new(vec![0.5, 0.4], vec![0.0, 1.0], vec![1.0, 1.0])));
    assert!(range(Modes::new(vec![f64::NAN], vec![0.0], vec![1.0])));
    assert!(range(Modes::new(vec![1.0], vec![f64::INFINITY], vec![1.0])));
    assert!(range(Modes::new(vec![1.0], vec![0.0], vec![0.0])));
    let ragged = Modes::new(vec![0.5, 0.5], vec![0.0], vec![1.0, 1.0]);
    assert!(matches!(ragged, Err(Error::Shape { .. })));
    let pair = Modes::pair(2.0).unwrap();
    assert!(range(pair.settle(gauss(f64::NAN, 1.0))));
    assert!(range(pair.settle(gauss(0.0, -1.0))));
    assert!(range(Modes::pair(-1.0)));
    assert!(matches!(mean_score(&[], gauss(0.0, 1.0)), Err(Error::Empty { .. })));
    assert!(matches!(mean_score(&[f64::NAN], gauss(0.0, 1.0)), Err(Error::NotFinite { .. })));
    assert!(range(mean_score(&[1.0], gauss(0.0, 0.0))));
    assert!(range(histogram_kl(&[1.0], 0.0, gauss(0.0, 1.0))));
    assert!(Modes::likeliest(&[], 2, &mut rng(1)).is_err());
    assert!(Modes::likeliest(&[1.0; 9], 2, &mut rng(1)).is_err());
}

// --- maximum likelihood ---

#[test]
fn the_slope_of_the_divergence_from_the_data_is_minus_the_mean_score() {
    let rows = Modes::pair(2.0).unwrap().sample(400, &mut rng(3));
    let (q, h) = (gauss(0.4, 1.7), 1e-5);
    let mut kls = vec![];
    for width in [0.5, 1e-3, 1e-9] {
        // The rows as the histogram has them: in the middle of their bins.
        let binned: Vec<f64> =
            rows.iter().map(|z| ((z / width).floor() + 0.5) * width).collect();
        let want = mean_score(&binned, q).unwrap();
        let at = |m: f64, l: f64| {
            histogram_kl(&rows, width, gauss(q.mean + m, q.sd * f64::exp(l))).unwrap()
        };
        near((at(h, 0.0) - at(-h, 0.0)) / (2.0 * h), -want[0], 1e-7);
        near((at(0.0, h) - at(0.0, -h)) / (2.0 * h), -want[1], 1e-7);
        kls.push(at(0.0, 0.0));
    }
    // The divergence itself grows as the bins shrink; what it grows by does not depend on q.
    near(kls[2] - kls[1], 1e6f64.ln(), 0.5);
    let other = gauss(-1.0, 2.5);
    let mean_log = |q: Gauss| {
        rows.iter().map(|z| log_normal(*z, q.mean, q.sd)).sum::<f64>() / rows.len() as f64
    };
    let kl = |q: Gauss| histogram_kl(&rows, 1e-9, q).unwrap();
    near(kl(other) - kl(q), mean_log(q) - mean_log(other), 1e-7);
    // Where the mean score is zero stands the fit of the chapters before: mean and variance of the rows.
    let n = rows.len() as f64;
    let mean = rows.iter().sum::<f64>() / n;
    let sd = (rows.iter().map(|z| (z - mean).powi(2)).sum::<f64>() / n).sqrt();
    for slope in mean_score(&rows, gauss(mean, sd)).unwrap() {
        near(slope, 0.0, 1e-12);
    }
    // Twins, row by row.
    let [a, b] = mean_score(&rows, q).unwrap();
    near(a, rows.iter().map(|z| score(*z, q)[0]).sum::<f64>() / n, 1e-12);
    near(b, rows.iter().map(|z| score(*z, q)[1]).sum::<f64>() / n, 1e-12);
    let l = |m: f64, s: f64| log_normal(2.2, q.mean + m, q.sd * f64::exp(s));
    near(score(2.2, q)[0], (l(h, 0.0) - l(-h, 0.0)) / (2.0 * h), 1e-8);
    near(score(2.2, q)[1], (l(0.0, h) - l(0.0, -h)) / (2.0 * h), 1e-8);
}

#[test]
fn likelihood_with_a_flexible_model_is_as_sharp_as_the_data() {
    let p = Modes::pair(3.0).unwrap();
    let rows = p.sample(10_000, &mut rng(5));
    let rigid = Modes::likeliest(&rows, 1, &mut rng(1)).unwrap();
    let flexible = Modes::likeliest(&rows, 2, &mut rng(1)).unwrap();
    let spare = Modes::likeliest(&rows, 4, &mut rng(1)).unwrap();
    near(p.strays(&p), 0.01, 1e-3);
    assert!(p.kl(&flexible) < 1e-3, "{}", p.kl(&flexible));
    assert!(p.kl(&spare) < 2e-3, "{}", p.kl(&spare));
    near(p.strays(&flexible), 0.01, 2e-3);
    near(p.strays(&spare), 0.01, 3e-3);
    // One Gaussian is the moments' and strays; the reverse fit is sharp, and misses half.
    near(p.kl(&rigid), 0.4619946, 5e-4);
    assert!(p.strays(&rigid) > 0.1, "{}", p.strays(&rigid));
    let narrow = Modes::one(p.optima().unwrap()[0].q).unwrap();
    assert!(p.strays(&narrow) < 0.02, "{}", p.strays(&narrow));
    assert!(narrow.strays(&p) > 0.45 && rigid.strays(&p) < 0.01);
    // With the right family both directions are zero at once.
    assert!(flexible.kl(&p) < 1e-3);
}

#[test]
fn strays_are_counted_outside_the_least_set_of_99_percent() {
    // Of N(0, 1): |z| < 2.5758; of N(0, 2²) there lie 2 (1 − Φ(1.2879)) outside.
    let (p, q) = (Modes::one(gauss(0.0, 1.0)).unwrap(), Modes::one(gauss(0.0, 2.0)).unwrap());
    near(p.strays(&p), 0.01, 1e-4);
    near(p.strays(&q), 0.19780, 2e-3);
    assert!(q.strays(&p) < 1e-5);
}

#[test]
fn draws_have_the_moments_of_the_mixture() {
    let p = &three()[1];
    let (n, want) = (40_000, p.forward());
    let rows = p.sample(n, &mut rng(8));
    let mean = rows.iter().sum::<f64>() / n as f64;
    near(mean, want.mean, 5.0 * want.sd / 200.0);
    let left = rows.iter().filter(|z| **z < 0.3).count() as f64 / n as f64;
    // Φ(2.3/0.7) = .99949 of the first, Φ(−2.7/1.2) = .01222 of the second
    near(left, 0.7 * 0.99949 + 0.3 * 0.01222, 5.0 * (0.21f64 / n as f64).sqrt());
}

// --- other divergences ---

fn oracle_pair() -> (Modes, Modes) {
    (Modes::one(gauss(0.0, 1.0)).unwrap(), Modes::one(gauss(1.0, 1.5)).unwrap())
}

#[test]
fn seven_divergences_are_those_of_the_oracle() {
    let (p, q) = oracle_pair();
    let js = 0.09929009660055035;
    let want = [
        0.34990955255179335,
        0.7195348918901588,
        0.600415075328656,
        0.2207307437791517,
        js,
        -1.187714167915559,
        0.34612308409393533,
    ];
    for (d, want) in Divergence::ALL.into_iter().zip(want) {
        let digits = if d == Divergence::TotalVariation { 2e-5 } else { 1e-9 };
        near(d.between(&p, &q), want, digits);
        let itself = if d == Divergence::Classifier { -4f64.ln() } else { 0.0 };
        near(d.between(&q, &q), itself, 1e-10);
        near(d.f(1.0), itself, 1e-15);
    }
    near(Divergence::Classifier.between(&p, &q), 2.0 * js - 4f64.ln(), 1e-9);
    near(Divergence::Forward.between(&q, &p), Divergence::Reverse.between(&p, &q), 1e-9);
    near(Divergence::Forward.between(&p, &q), p.kl(&q), 1e-9);
}

#[test]
fn the_conjugate_is_the_largest_line_below() {
    for d in Divergence::ALL {
        for t in [-5.0, -2.5, -1.0, -0.5, -0.3, -0.01] {
            // By search over u.
            let best = (0..400_000)
                .map(|i| f64::from(i) * 1e-3)
                .filter(|u| *u > 0.0 || d != Divergence::Reverse)
                .map(|u| u * t - d.f(u))
                .fold(f64::NEG_INFINITY, f64::max);
            near(d.conjugate(t), best, 1e-3 * best.abs().max(1.0));
        }
        // Young: equal at t = f′(u), and never below.
        for u in [0.05, 0.6, 1.3, 7.0] {
            near(u * d.slope(u) - d.f(u), d.conjugate(d.slope(u)), 1e-11);
            for t in [-3.0, -0.4, 0.1, 0.45, 0.9, 2.0] {
                assert!(d.conjugate(t) >= u * t - d.f(u) - 1e-12, "{d:?} {u} {t}");
            }
            let h = 1e-6;
            near(d.slope(u), (d.f(u + h) - d.f(u - h)) / (2.0 * h), 1e-6);
        }
    }
    // Past the end of its domain a conjugate is infinite, and no bound comes out.
    for (d, end) in [
        (Divergence::Reverse, 0.0),
        (Divergence::Hellinger, 1.0),
        (Divergence::JensenShannon, 0.5 * 2f64.ln()),
        (Divergence::Classifier, 0.0),
        (Divergence::TotalVariation, 0.5),
    ] {
        assert!(d.conjugate(end - 1e-3).is_finite(), "{d:?}");
        assert_eq!(d.conjugate(end + 1e-9), f64::INFINITY, "{d:?}");
    }
}

#[test]
fn the_activation_stays_in_the_domain_and_pulls_as_it_says() {
    for d in Divergence::ALL {
        for v in [-4.0, -1.0, -0.2, 0.0, 0.3, 1.5, 4.0] {
            let cost = |v: f64| d.conjugate(d.activation(v));
            assert!(cost(v).is_finite(), "{d:?} {v}");
            let h = 1e-5;
            let [up, down] = d.pull(v);
            near(up, (d.activation(v + h) - d.activation(v - h)) / (2.0 * h), 1e-7);
            near(down, (cost(v + h) - cost(v - h)) / (2.0 * h), 1e-6 * down.max(1.0));
        }
    }
    // A classifier's v is the log-odds of p, at the best log p/q.
    let u: f64 = 3.7;
    let reads = [Divergence::Classifier, Divergence::JensenShannon, Divergence::Reverse];
    for d in reads {
        near(d.activation(u.ln()), d.slope(u), 1e-12);
    }
}

#[test]
fn no_critic_exceeds_the_divergence_and_the_best_one_reaches_it() {
    let mut r = rng(9);
    let pairs = [oracle_pair(), (three()[1].clone(), Modes::one(gauss(-0.5, 2.5)).unwrap())];
    for (p, q) in &pairs {
        for d in Divergence::ALL {
            let most = d.between(p, q);
            let ratio = |z: f64| (p.log_density(z) - q.log_density(z)).exp();
            let best = d.bound(p, q, |z| d.slope(ratio(z)));
            near(best, most, 1e-12);
            for _ in 0..12 {
                let [a, b, c, e] = [(); 4].map(|()| r.random_range(-1.5..1.5));
                let bound =
                    d.bound(p, q, |z| d.activation(a + b * z + c * (e * z + a).sin()));
                assert!(bound < most, "{d:?}: {bound} exceeds {most}");
            }
        }
    }
    let (p, q) = oracle_pair();
    let ratio = |z: f64| p.log_density(z) - q.log_density(z);
    let halfway = Divergence::Forward.bound(&p, &q, |z| 1.0 + 0.5 * ratio(z));
    near(halfway, 0.2853201481654726, 1e-9);
}

#[test]
fn a_straight_line_sees_the_means_only() {
    // To it, two peaks and a narrow Gaussian with the same mean are the same.
    let wide = Modes::pair(3.0).unwrap();
    let narrow = Modes::one(gauss(0.0, 0.5)).unwrap();
    for slope in [-0.8, -0.1, 0.0, 0.3, 1.2] {
        for level in [-1.0, 0.0, 0.7, 1.0, 1.4] {
            let seen = Divergence::Forward.bound(&wide, &narrow, |z| level + slope * z);
            assert!(seen < 1e-12, "{seen}");
        }
    }
    near(Divergence::Forward.bound(&wide, &narrow, |_| 1.0), 0.0, 1e-12);
    assert!(wide.kl(&narrow) > 10.0);
}

#[test]
fn shares_of_places_add_up_to_one() {
    let (p, q) = (three()[0].clone(), Modes::one(gauss(2.0, 3.0)).unwrap());
    let all = places(&p, &q);
    near(all.iter().map(|at| at.p).sum(), 1.0, 1e-9);
    near(all.iter().map(|at| at.q).sum(), 1.0, 1e-9);
    near(all.iter().map(|at| at.p * at.x).sum(), p.forward().mean, 1e-9);
    near(all.iter().map(|at| at.q * at.x * at.x).sum(), 13.0, 1e-8);
}

fn column(rows: Vec<f64>) -> Array2<f64> {
    Array2::from_shape_vec((rows.len(), 1), rows).unwrap()
}

#[test]
fn a_critic_climbs_to_the_divergence_and_not_above_on_fresh_draws() {
    let (p, q) = oracle_pair();
    for d in [Divergence::Forward, Divergence::Classifier] {
        let mut r = rng(4);
        let mut critic = Critic::new(d, 1, &[16], &mut r).unwrap();
        let most = d.between(&p, &q);
        let before = critic.bound(&p, &q).unwrap();
        for step in 0..400 {
            let rate = if step < 250 { 0.02 } else { 0.004 };
            let (x, y) = (column(p.sample(200, &mut r)), column(q.sample(200, &mut r)));
            critic.step(x.view(), y.view(), rate).unwrap();
        }
        let learnt = critic.bound(&p, &q).unwrap();
        assert!(before < learnt && learnt < most, "{before} {learnt} {most}");
        near(learnt, most, 0.03);
        let (x, y) = (column(p.sample(4000, &mut r)), column(q.sample(4000, &mut r)));
        let fresh = critic.estimate(x.view(), y.view()).unwrap();
        assert!(fresh.error < 0.05 && fresh.bound < most + 5.0 * fresh.error);
        near(fresh.bound, learnt, 5.0 * fresh.error);
    }
}

#[test]
fn a_critic_of_the_plane_finds_the_tie_of_two_columns() {
    let covariance = array![[1.0, 0.8], [0.8, 1.0]];
    let (zero, one) = (array![0.0, 0.0], Array2::eye(2));
    let most = gaussian::kl(zero.view(), covariance.view(), zero.view(), one.view()).unwrap();
    near(most, -0.5 * 0.36f64.ln(), 1e-12);
    let mut r = rng(6);
    let mut critic = Critic::new(Divergence::Forward, 2, &[24], &mut r).unwrap();
    let mut draw = |n: usize| {
        let tied = gaussian::sample(n, zero.view(), covariance.view(), &mut r).unwrap();
        (tied, gaussian::sample(n, zero.view(), one.view(), &mut r).unwrap())
    };
    for step in 0..600 {
        let (x, y) = draw(256);
        critic.step(x.view(), y.view(), if step < 400 { 0.02 } else { 0.004 }).unwrap();
    }
    let (x, y) = draw(8000);
    let fresh = critic.estimate(x.view(), y.view()).unwrap();
    assert!(fresh.bound < most + 5.0 * fresh.error, "{fresh:?}");
    near(fresh.bound, most, 0.1);
}

#[test]
fn on_its_own_few_draws_a_critic_exceeds_the_divergence() {
    let (p, q) = oracle_pair();
    let mut r = rng(2);
    let (x, y) = (column(p.sample(30, &mut r)), column(q.sample(30, &mut r)));
    let mut critic = Critic::new(Divergence::JensenShannon, 1, &[32, 32], &mut r).unwrap();
    for _ in 0..1200 {
        critic.step(x.view(), y.view(), 0.01).unwrap();
    }
    let most = Divergence::JensenShannon.between(&p, &q);
    let own = critic.estimate(x.view(), y.view()).unwrap().bound;
    let truth = critic.bound(&p, &q).unwrap();
    assert!(own > most + 0.1, "{own} {most}");
    assert!(truth < most - 0.1, "{truth} {most}");
}

#[test]
fn a_step_of_the_critic_follows_the_slope_of_the_bound() {
    let mut r = rng(11);
    let (p, q) = oracle_pair();
    let (x, y) = (column(p.sample(50, &mut r)), column(q.sample(70, &mut r)));
    for d in Divergence::ALL {
        let mut critic = Critic::new(d, 1, &[8], &mut r).unwrap();
        let before = critic.estimate(x.view(), y.view()).unwrap().bound;
        critic.step(x.view(), y.view(), 1e-3).unwrap();
        assert!(critic.estimate(x.view(), y.view()).unwrap().bound > before, "{d:?}");
        critic.step(x.view(), array![[0.0, 1.0]].view(), 1e-3).unwrap_err();
    }
    assert!(Critic::new(Divergence::Forward, 0, &[4], &mut r).is_err());
    let empty = Array2::zeros((0, 1));
    let critic = Critic::new(Divergence::Forward, 1, &[4], &mut r).unwrap();
    assert!(critic.estimate(empty.view(), y.view()).is_err());
}
