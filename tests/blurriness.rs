//! Chapter 8: the laws of the two directions, of maximum likelihood, and of divergences that a critic measures.
use latent::blurriness::{Modes, histogram_kl, mean_score, score, switches};
use latent::elbo::Gauss;
use latent::gaussian::log_normal;
use latent::mean_field::{self, Peaks};
use latent::{Error, Result};
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
        (&three()[2], 0.0, 1.4142135623730951, 0.009742769933152927),
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
    assert!(2.2 < born && born < 2.5, "{born}");
    assert!(2.5 < wins && wins < 3.0, "{wins}");
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
    println!("{born} {wins}");
}
