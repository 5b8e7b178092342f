//! Chapter 6: the laws of mean field.
use latent::data::{iris, old_faithful};
use latent::elbo::{self, Gauss, Tiny};
use latent::em::{Em, Fit, Stop, fit};
use latent::gamma::{digamma, ln_gamma};
use latent::gaussian::{self, LN_2PI, Moments, log_density, log_normal, log_sum_exp};
use latent::mean_field::{
    MeanFactor, NormalGamma, Peaks, PrecisionFactor, Prior, Product, Second, Target,
    Variational, ascend, best_factor, log_orders, slope, slopes, table_bound,
};
use latent::mixture::Covariance;
use latent::{Error, Result};
use ndarray::{Array1, Array2, Axis, array, s};
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::Value;

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
    serde_json::from_str(include_str!("oracles/mean_field.json")).unwrap()
}

fn numbers(v: &Value) -> Vec<f64> {
    v.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

fn matrix(v: &Value) -> Array2<f64> {
    let rows: Vec<Vec<f64>> = v.as_array().unwrap().iter().map(numbers).collect();
    Array2::from_shape_fn((rows.len(), rows[0].len()), |(i, j)| rows[i][j])
}

const NEVER: f64 = f64::NEG_INFINITY;

fn steps(steps: usize) -> Stop {
    Stop { steps, gain: NEVER }
}

fn nats<M>(found: &Fit<M>) -> Vec<f64> {
    found.trace.iter().map(|b| b.nats()).collect()
}

/// Old Faithful, each column with mean zero and variance one.
fn geyser() -> Array2<f64> {
    let x = &old_faithful().x;
    let all = Moments::of(x.view()).unwrap();
    (x - &all.mean) / all.covariance.diag().mapv(f64::sqrt)
}

fn eruptions() -> Array1<f64> {
    old_faithful().x.column(0).to_owned()
}

fn list(n: usize, seed: u64) -> Array1<f64> {
    let mut r = rng(seed);
    let q = Array1::from_shape_fn(n, |_| -r.random_range(1e-6f64..1.0).ln());
    &q / q.sum()
}

/// log p(x, z₁, z₂) for an x of probability 0.1.
fn table(shape: (usize, usize), seed: u64) -> Array2<f64> {
    let p = list(shape.0 * shape.1, seed);
    (p * 0.1).mapv(f64::ln).into_shape_with_order(shape).unwrap()
}

// --- the gamma function ---

#[test]
fn gamma_agrees_with_scipy_and_with_its_recurrences() {
    let g = &oracle()["gamma"];
    let (x, ln, slope) = (numbers(&g["x"]), numbers(&g["ln_gamma"]), numbers(&g["digamma"]));
    for ((x, ln), slope) in x.iter().zip(ln).zip(slope) {
        near(ln_gamma(*x), ln, 1e-14 * (1.0 + ln.abs()));
        near(digamma(*x), slope, 2e-14 * (1.0 + slope.abs()));
    }
    let mut r = rng(1);
    for _ in 0..300 {
        let x: f64 = r.random_range(0.01..30.0);
        near(ln_gamma(x + 1.0), ln_gamma(x) + x.ln(), 2e-13);
        close(digamma(x + 1.0), digamma(x) + 1.0 / x, 1e-12);
        let h = 1e-4 * x;
        near((ln_gamma(x + h) - ln_gamma(x - h)) / (2.0 * h), digamma(x), 1e-5);
        let both = ln_gamma(x) + ln_gamma(x + 0.5); // the doubling formula
        let pi = std::f64::consts::PI;
        near(both, (1.0 - 2.0 * x) * 2f64.ln() + 0.5 * pi.ln() + ln_gamma(2.0 * x), 1e-12);
    }
    near(ln_gamma(6.0), 120f64.ln(), 1e-14);
    assert!(ln_gamma(0.0).is_nan() && ln_gamma(-1.5).is_nan() && digamma(-2.0).is_nan());
    assert!(ln_gamma(f64::NAN).is_nan());
}

// --- tables ---

#[test]
fn the_update_beats_every_factor_of_a_grid() {
    for (shape, seed) in [((2, 2), 3), ((2, 3), 4), ((3, 2), 5), ((3, 3), 6)] {
        let p = table(shape, seed);
        let q2 = list(shape.1, 40 + seed);
        let (best, _) = best_factor(p.view(), q2.view()).unwrap();
        close(best.sum(), 1.0, 1e-12);
        let top = table_bound(p.view(), best.view(), q2.view()).unwrap();
        let mut closest = f64::INFINITY;
        for i in 0..=40 {
            for j in 0..=40 - i {
                let q1 = match shape.0 {
                    2 => array![f64::from(i) / 40.0, f64::from(40 - i) / 40.0],
                    _ => array![f64::from(i), f64::from(j), f64::from(40 - i - j)] / 40.0,
                };
                let below = top - table_bound(p.view(), q1.view(), q2.view()).unwrap();
                assert!(below > -1e-12, "{q1} beats the update by {}", -below);
                closest = closest.min(below);
            }
        }
        assert!(closest < 2e-2, "the grid comes near the top, so that it means something");
    }
}

#[test]
fn the_bound_of_one_factor_is_a_constant_less_a_divergence() {
    for (shape, seed) in [((2, 2), 7), ((2, 3), 8), ((4, 3), 9)] {
        let p = table(shape, seed);
        let q2 = list(shape.1, 70 + seed);
        let (best, total) = best_factor(p.view(), q2.view()).unwrap();
        let constant = total + elbo::entropy(&q2.to_vec()).unwrap();
        for other in 0..50 {
            let q1 = list(shape.0, 500 + other);
            let bound = table_bound(p.view(), q1.view(), q2.view()).unwrap();
            let apart = elbo::kl(&q1.to_vec(), &best.to_vec()).unwrap();
            near(bound + apart, constant, 1e-12); // (eq:factor-identity)
        }
        // So right after its update a factor is at no distance from what it was set to.
        near(table_bound(p.view(), best.view(), q2.view()).unwrap(), constant, 1e-12);
    }
}

#[test]
fn a_gap_stays_unless_the_posterior_is_a_product() {
    for seed in 0..20 {
        let p = table((3, 3), 100 + seed);
        let found = fit(Second(Array1::from_elem(3, 1.0 / 3.0)), &p, steps(400)).unwrap();
        let evidence = log_sum_exp(&p.iter().copied().collect::<Vec<_>>());
        near(evidence, 0.1f64.ln(), 1e-12);
        assert!(evidence - found.nats() > 1e-4, "{}", evidence - found.nats());
        let (a, b) = (list(3, 200 + seed), list(3, 300 + seed));
        let product = Array2::from_shape_fn((3, 3), |(i, j)| (0.1 * a[i] * b[j]).ln());
        let found = fit(Second(list(3, seed)), &product, steps(1)).unwrap();
        near(found.nats(), evidence, 1e-12);
    }
}

#[test]
fn tables_walk_as_numpy_walks() {
    for case in oracle()["tables"].as_array().unwrap() {
        let p = matrix(&case["log_joint"]);
        let k = p.ncols();
        let start = Second(Array1::from_elem(k, 1.0 / k as f64));
        let found = fit(start, &p, steps(1999)).unwrap();
        for (got, want) in nats(&found).iter().zip(numbers(&case["trace"])) {
            close(*got, want, 1e-12);
        }
        close(found.nats(), case["end"].as_f64().unwrap(), 1e-12);
        assert!(found.nats() < case["evidence"].as_f64().unwrap());
        for (got, want) in found.model.0.iter().zip(numbers(&case["q2"])) {
            near(*got, want, 1e-9);
        }
    }
}

#[test]
fn the_log_of_the_mean_is_another_update_and_a_worse_one() {
    let mut lost: f64 = 0.0;
    for seed in 0..40 {
        let p = table((3, 4), 400 + seed);
        let q2 = list(4, 450 + seed);
        let right = best_factor(p.view(), q2.view()).unwrap().0;
        let mean = p.mapv(f64::exp).dot(&q2);
        let wrong = &mean / mean.sum();
        let of = |q1: &Array1<f64>| table_bound(p.view(), q1.view(), q2.view()).unwrap();
        assert!(of(&right) > of(&wrong));
        lost = lost.max(of(&right) - of(&wrong));
    }
    assert!(lost > 0.1, "{lost}");
}

#[test]
fn an_impossible_state_stays_impossible() {
    let p = array![[-1.0, -2.0], [f64::NEG_INFINITY, f64::NEG_INFINITY]];
    let (q1, _) = best_factor(p.view(), array![0.5, 0.5].view()).unwrap();
    assert_eq!(q1, array![1.0, 0.0]);
    let bound = table_bound(p.view(), q1.view(), array![0.5, 0.5].view()).unwrap();
    close(bound, -1.5 + 2f64.ln(), 1e-12);
    // z₂ = 1 rules z₁ = 1 out; where q₂ never says 1, that costs nothing.
    let p = array![[-1.0, -2.0], [-3.0, f64::NEG_INFINITY]];
    let (q1, _) = best_factor(p.view(), array![1.0, 0.0].view()).unwrap();
    close(q1[1] / q1[0], (-2.0f64).exp(), 1e-12);
}

// --- the law of all of them ---

/// Every half step of a fit, and none may fall.
fn climbs<M: Em>(mut model: M, data: &M::Data, n: usize) -> f64 {
    let mut before = f64::NEG_INFINITY;
    for _ in 0..n {
        let q = model.e_step(data).unwrap();
        let half = model.elbo(data, &q).unwrap();
        assert!(half.nats() >= before - 1e-9 * before.abs(), "{before} to {}", half.nats());
        assert!(half.kl > -1e-9, "a cost below zero: {}", half.kl);
        model = model.m_step(data, &q).unwrap();
        let whole = model.elbo(data, &q).unwrap();
        assert!(whole.nats() >= half.nats() - 1e-9 * half.nats().abs());
        before = whole.nats();
    }
    assert!(before.is_finite());
    before
}

#[test]
fn no_half_sweep_lowers_the_bound() {
    for seed in 0..10 {
        climbs(Second(list(4, seed)), &table((3, 4), 20 + seed), 60);
    }
    for tau in [1e-3, 1.0, 50.0] {
        climbs(PrecisionFactor::start(weak(), tau).unwrap(), &eruptions(), 40);
        let strong = NormalGamma::new(2.0, 30.0, 5.0, 1.0).unwrap();
        climbs(PrecisionFactor::start(strong, tau).unwrap(), &eruptions(), 40);
    }
    let x = geyser();
    climbs(sixfold(&x), &x, 120);
    let flowers = iris().x.clone();
    for seed in 0..3 {
        let mut r = rng(seed);
        let rows: Vec<usize> = (0..4).map(|_| r.random_range(0..150)).collect();
        let places = flowers.select(Axis(0), &rows);
        let prior = Prior::new(0.5, 0.3, array![5.0, 3.0, 4.0, 1.0], Array2::eye(4), 7.0);
        let start = Variational::start(&flowers, &places, prior.unwrap()).unwrap();
        climbs(start, &flowers, 60);
    }
}

// --- a Gaussian with tied coordinates ---

fn targets() -> Vec<Target> {
    let all = oracle();
    let each = all["correlated"].as_array().unwrap().iter();
    each.map(|c| {
        let s = matrix(&c["sigma"]);
        Target::new(Array1::zeros(s.nrows()), s).unwrap()
    })
    .collect()
}

#[test]
fn one_direction_is_too_narrow_and_the_other_keeps_the_variances() {
    let all = oracle();
    for (target, c) in targets().iter().zip(all["correlated"].as_array().unwrap()) {
        let (reverse, forward) = (target.reverse(), target.forward());
        for (got, want) in reverse.variances.iter().zip(numbers(&c["reverse"]["variances"])) {
            close(*got, want, 1e-12);
        }
        for (got, want) in forward.variances.iter().zip(numbers(&c["forward"]["variances"])) {
            close(*got, want, 1e-12);
        }
        near(target.gap(&reverse).unwrap(), c["reverse"]["kl"].as_f64().unwrap(), 1e-12);
        near(
            target.other_way(&forward).unwrap(),
            c["forward"]["kl"].as_f64().unwrap(),
            1e-12,
        );
        for (narrow, own) in reverse.variances.iter().zip(&forward.variances) {
            assert!(*narrow <= own + 1e-15, "1/Λ is never above Σ");
        }
        // Both are tops in their own direction: other variances are worse.
        for factor in [0.8, 0.95, 1.05, 1.3] {
            for j in 0..reverse.variances.len() {
                let (mut r, mut f) = (reverse.clone(), forward.clone());
                r.variances[j] *= factor;
                f.variances[j] *= factor;
                assert!(target.gap(&r).unwrap() > target.gap(&reverse).unwrap());
                assert!(target.other_way(&f).unwrap() > target.other_way(&forward).unwrap());
            }
        }
    }
}

#[test]
fn both_divergences_are_equal_in_two_dimensions_and_not_in_three() {
    for rho in [-0.7, 0.2, 0.5, 0.9, 0.99] {
        let target = Target::pair(rho).unwrap();
        let formula = -0.5 * (1.0 - rho * rho).ln(); // (eq:pair-kl)
        close(target.gap(&target.reverse()).unwrap(), formula, 1e-9);
        close(target.other_way(&target.forward()).unwrap(), formula, 1e-9);
    }
    let three = targets().pop().unwrap();
    near(three.gap(&three.reverse()).unwrap(), 0.339373, 1e-6);
    near(three.other_way(&three.forward()).unwrap(), 0.386095, 1e-6);
}

#[test]
fn each_sweep_shrinks_the_error_by_rho_squared() {
    for rho in [-0.8, 0.3, 0.9, 0.99] {
        let target = Target::new(array![1.0, -2.0], array![[1.0, rho], [rho, 1.0]]).unwrap();
        let start = Product { mean: array![4.0, 3.0], variances: array![1.0, 1.0] };
        let mut q = target.sweep(&start).unwrap();
        for _ in 0..6 {
            let next = target.sweep(&q).unwrap();
            let (before, after) = (&q.mean - &target.mean, &next.mean - &target.mean);
            close(after[0] / before[0], rho * rho, 1e-6);
            close(after[1] / before[1], rho * rho, 1e-6);
            q = next;
        }
    }
}

#[test]
fn the_divergence_stays_and_only_the_bound_rises() {
    // Another area: log p(x, z) is this Gaussian's log density and −3, so that log p(x) = −3.
    let (target, log_evidence) = (Target::pair(0.9).unwrap(), -3.0);
    let mut q = Product { mean: array![2.0, -1.5], variances: array![1.0, 1.0] };
    let (mut gap, mut bound) = (f64::INFINITY, f64::NEG_INFINITY);
    for half in 0..120 {
        (q.mean[half % 2], q.variances[half % 2]) = target.best_factor(&q, half % 2).unwrap();
        let now = target.gap(&q).unwrap();
        assert!(now <= gap + 1e-12 && now > 0.83, "never zero: {now}");
        assert!(log_evidence - now >= bound - 1e-12);
        (gap, bound) = (now, log_evidence - now);
    }
    near(gap, 0.8303656, 1e-7);
    near(gap, target.gap(&target.reverse()).unwrap(), 1e-9);
    near(bound + gap, log_evidence, 1e-12);
}

#[test]
fn a_factor_of_a_gaussian_is_the_update_on_a_grid() {
    // The coordinate formula against exp E log p, summed on a grid, for a q₂ that is no Gaussian.
    let target = Target::new(array![0.5, -0.2], array![[1.0, 0.6], [0.6, 2.0]]).unwrap();
    let (a, b) = (Array1::linspace(-8.0, 8.0, 321), Array1::linspace(-8.0, 8.0, 161));
    let log_joint = Array2::from_shape_fn((321, 161), |(i, j)| {
        let z = array![[a[i], b[j]]];
        log_density(z.view(), target.mean.view(), target.covariance.view()).unwrap()[0]
    });
    let bumps =
        b.mapv(|v| (-(v - 1.0f64).powi(2)).exp() + 0.5 * (-(v + 2.0f64).powi(2)).exp());
    let q2 = &bumps / bumps.sum();
    let (q1, _) = best_factor(log_joint.view(), q2.view()).unwrap();
    let held = Product { mean: array![0.0, q2.dot(&b)], variances: array![1.0, 1.0] };
    let (mean, variance) = target.best_factor(&held, 0).unwrap();
    near(q1.dot(&a), mean, 1e-9);
    near(q1.dot(&a.mapv(|v| (v - mean) * (v - mean))), variance, 1e-9);
}

#[test]
fn a_larger_family_leaves_a_smaller_gap() {
    // Two peaks, each with correlation 0.9, far apart: on a grid, in two dimensions.
    let one = Target::pair(0.9).unwrap();
    let s = one.covariance.view();
    let at = array![[-1.5, 1.5], [1.5, -1.5]];
    let axis = Array1::linspace(-6.5, 6.5, 261);
    let places = Array2::from_shape_fn((261 * 261, 2), |(i, j)| {
        axis[if j == 0 { i % 261 } else { i / 261 }]
    });
    let peak = |k: usize| log_density(places.view(), at.row(k), s).unwrap();
    let (a, b) = (peak(0), peak(1));
    let p = Array1::from_shape_fn(a.len(), |i| log_sum_exp(&[a[i], b[i]]) - 2f64.ln());
    let kl = |log_q: &Array1<f64>| {
        let each = log_q.iter().zip(&p).map(|(q, p)| q.exp() * (q - p));
        each.sum::<f64>() * 0.05 * 0.05
    };
    let narrow = Array2::from_diag(&one.reverse().variances);
    let diagonal = kl(&log_density(places.view(), at.row(0), narrow.view()).unwrap());
    let (full, mixture) = (kl(&a), kl(&p));
    near(mixture, 0.0, 1e-12);
    near(full, 2f64.ln(), 1e-6);
    near(diagonal, 2f64.ln() + one.gap(&one.reverse()).unwrap(), 1e-5);
    // A point is the limit of ever narrower Gaussians, and its gap is infinite.
    let point =
        |s: f64| one.gap(&Product { mean: array![0.0, 0.0], variances: array![s, s] });
    assert!(point(1e-6).unwrap() > 10.0 && point(1e-12).unwrap() > 20.0);
}

// --- a normal with unknown mean and precision ---

fn weak() -> NormalGamma {
    NormalGamma::new(0.0, 0.001, 0.001, 0.001).unwrap()
}

#[test]
fn the_normal_walks_as_scipy_walks() {
    let want = &oracle()["normal"];
    let x = eruptions();
    let mut model = PrecisionFactor::start(weak(), 1.0).unwrap();
    close(model.tau(), 1.0, 1e-12);
    for tau in numbers(&want["tau"]) {
        let q = model.e_step(&x).unwrap();
        model = model.m_step(&x, &q).unwrap();
        close(model.tau(), tau, 1e-12);
    }
    let found = fit(model, &x, steps(60)).unwrap();
    let q = found.model.e_step(&x).unwrap();
    for (got, key) in [
        (found.nats(), "bound"),
        (found.model.tau(), "end"),
        (found.model.tau(), "exact_tau"),
        (found.model.a, "a"),
        (found.model.b, "b"),
        (q.mean, "m"),
        (q.precision, "precision"),
        (weak().log_evidence(&x).unwrap(), "evidence"),
    ] {
        close(got, want[key].as_f64().unwrap(), 1e-12);
    }
    near(found.nats(), -436.132227, 1e-6);
    near(weak().log_evidence(&x).unwrap(), -436.130390, 1e-6);
    assert!(found.nats() < weak().log_evidence(&x).unwrap());
}

/// Σ q(μ) q(τ) f and the like, on a fine grid.
fn on_grid(mu: (f64, f64), tau: (f64, f64), f: impl Fn(f64, f64) -> f64) -> f64 {
    let places =
        |(mean, sd): (f64, f64)| Array1::linspace(mean - 9.0 * sd, mean + 9.0 * sd, 301);
    let (a, b) = (places(mu), places(tau));
    let cell = (a[1] - a[0]) * (b[1] - b[0]);
    let inside = |t: f64| t > 0.0;
    let sum = |m: f64| b.iter().filter(|t| inside(**t)).map(|&t| f(m, t)).sum::<f64>();
    a.iter().map(|&m| sum(m)).sum::<f64>() * cell
}

#[test]
fn the_bound_of_the_normal_is_its_integral() {
    let x = eruptions().slice(s![..40]).to_owned();
    let prior = NormalGamma::new(3.0, 2.0, 60.0, 50.0).unwrap();
    let log_rows = |mu: f64, tau: f64| -> f64 {
        x.iter().map(|&v| log_normal(v, mu, 1.0 / tau.sqrt())).sum()
    };
    let model = PrecisionFactor { prior, a: 70.0, b: 61.0 };
    let q = MeanFactor { mean: 3.4, precision: 44.0 }; // neither is the best
    let mu = (q.mean, 1.0 / q.precision.sqrt());
    let tau = (model.tau(), model.a.sqrt() / model.b);
    let log_q = |m: f64, t: f64| log_normal(m, q.mean, mu.1) + model.log_density(t);
    let fit = on_grid(mu, tau, |m, t| log_q(m, t).exp() * log_rows(m, t));
    let kl =
        on_grid(mu, tau, |m, t| log_q(m, t).exp() * (log_q(m, t) - prior.log_density(m, t)));
    let got = model.elbo(&x, &q).unwrap();
    near(got.fit, fit, 1e-7);
    near(got.kl, kl, 1e-7);
    let after = prior.posterior(&x).unwrap();
    let tau = (after.a / after.b, after.a.sqrt() / after.b);
    let mu = (after.mean, 1.2 / (after.strength * tau.0).sqrt());
    let evidence = on_grid(mu, tau, |m, t| (log_rows(m, t) + prior.log_density(m, t)).exp());
    near(prior.log_evidence(&x).unwrap(), evidence.ln(), 1e-7);
}

#[test]
fn the_mean_precision_is_exact_and_the_shape_is_not() {
    let x = eruptions();
    for prior in [weak(), NormalGamma::new(1.0, 5.0, 3.0, 2.0).unwrap()] {
        let start = PrecisionFactor::start(prior, 1.0).unwrap();
        let found = fit(start, &x, steps(60)).unwrap().model;
        let exact = prior.posterior(&x).unwrap();
        close(found.tau(), exact.a / exact.b, 1e-10);
        close(found.a - exact.a, 0.5, 1e-9);
        let variance = |a: f64, b: f64| a / (b * b);
        assert!(variance(found.a, found.b) < variance(exact.a, exact.b), "too sure of τ");
        let q = found.e_step(&x).unwrap();
        close(q.mean, exact.mean, 1e-12);
        // The exact marginal of μ is a Student t: its variance is b / (λ (a − 1)).
        assert!(1.0 / q.precision < exact.b / (exact.strength * (exact.a - 1.0)));
    }
}

// --- the variational mixture ---

fn sixfold(x: &Array2<f64>) -> Variational {
    let places = x.slice(s![..6, ..]).to_owned();
    Variational::start(x, &places, Prior::standard(2, 0.001).unwrap()).unwrap()
}

/// The places of the components by falling α.
fn by_size(model: &Variational) -> Vec<usize> {
    let mut order: Vec<usize> = (0..model.alpha.len()).collect();
    order.sort_by(|&a, &b| model.alpha[b].total_cmp(&model.alpha[a]));
    order
}

#[test]
fn six_components_become_two() {
    let (x, want) = (geyser(), &oracle()["mixture"]);
    let found = fit(sixfold(&x), &x, steps(400)).unwrap();
    for (got, want) in nats(&found).iter().zip(numbers(&want["trace"])) {
        near(*got, want, 1e-8);
    }
    // After an M step, with the shares that it was made from: the middle of each step.
    let mut model = sixfold(&x);
    for want in numbers(&want["after_m"]).into_iter().skip(1) {
        let q = model.e_step(&x).unwrap();
        model = model.m_step(&x, &q).unwrap();
        near(model.elbo(&x, &q).unwrap().nats(), want, 1e-8);
    }
    near(found.nats(), want["end"].as_f64().unwrap(), 1e-8);
    near(found.nats(), -443.2978734510836, 1e-8);
    let (model, order) = (&found.model, by_size(&found.model));
    assert_eq!(model.survivors(), 2);
    for (list, key) in [(&model.alpha, "alpha"), (&model.beta, "beta"), (&model.nu, "nu")] {
        for (&k, want) in order.iter().zip(numbers(&want[key])) {
            near(list[k], want, 1e-6);
        }
    }
    let (means, Covariance::Full(covariances)) =
        (matrix(&want["means"]), model.covariances())
    else {
        panic!("full covariances");
    };
    for (i, &k) in order.iter().take(2).enumerate() {
        let apart = &covariances[k] - &matrix(&want["covariances"][i]);
        assert!(apart.iter().all(|v| v.abs() < 1e-7));
        assert!((&model.means.row(k) - &means.row(i)).iter().all(|v| v.abs() < 1e-7));
    }
    close(model.weights().sum(), 1.0, 1e-12);
    // scikit-learn, from four starts, ends in the same place; its "lower bound" is on no scale of ours.
    for (&k, peer) in order.iter().zip(numbers(&want["scikit-learn"]["alpha"])) {
        near(model.alpha[k], peer, 1e-3);
    }
    assert!(want["scikit-learn"]["lower_bound"].as_f64().unwrap() > 0.0);
}

#[test]
fn a_component_without_rows_goes_back_to_its_prior() {
    let x = geyser();
    let far = ndarray::concatenate![Axis(0), x.slice(s![..2, ..]), array![[1e3, 1e3]]];
    let prior = Prior::standard(2, 0.01).unwrap();
    let start = Variational::start(&x, &far, prior.clone()).unwrap();
    assert_eq!((start.alpha[2], start.beta[2], start.nu[2]), (prior.alpha, 1.0, 2.0));
    assert!(start.means.row(2).iter().all(|v| v.abs() < 1e-9));
    assert!((&start.scatters[2] - &prior.scatter).iter().all(|v| v.abs() < 1e-9));
    let found = fit(start, &x, steps(200)).unwrap();
    assert!(found.nats().is_finite());
    // A component that is its prior costs nothing: the same fit with two has that bound, but for the weights.
    let two = Variational::start(&x, &x.slice(s![..2, ..]).to_owned(), prior).unwrap();
    let two = fit(two, &x, steps(200)).unwrap();
    assert!((two.nats() - found.nats()).abs() < 6.0, "{} {}", two.nats(), found.nats());
}

#[test]
fn with_one_component_the_bound_is_the_evidence() {
    for (x, nu, beta) in
        [(geyser(), 2.0, 1.0), (geyser().slice(s![..9, ..]).to_owned(), 3.5, 0.2)]
    {
        let (n, d) = (x.nrows() as f64, 2.0);
        let before = array![[1.5, 0.2], [0.2, 0.8]];
        let m0 = array![0.3, -0.1];
        let prior = Prior::new(0.7, beta, m0.clone(), before.clone(), nu).unwrap();
        let start = Variational::start(&x, &array![[0.0, 0.0]], prior).unwrap();
        let found = fit(start, &x, steps(3)).unwrap();
        let mean = x.mean_axis(Axis(0)).unwrap();
        let centred = &x - &mean;
        let off = (&mean - &m0).insert_axis(Axis(1));
        let after = &before
            + &centred.t().dot(&centred)
            + off.dot(&off.t()) * (beta * n / (beta + n));
        let det = |m: &Array2<f64>| (m[[0, 0]] * m[[1, 1]] - m[[0, 1]] * m[[1, 0]]).ln();
        let gamma = |nu: f64| ln_gamma(nu / 2.0) + ln_gamma((nu - 1.0) / 2.0);
        let evidence = -0.5 * n * d * std::f64::consts::PI.ln()
            + 0.5 * d * (beta / (beta + n)).ln()
            + gamma(nu + n)
            - gamma(nu)
            + 0.5 * nu * det(&before)
            - 0.5 * (nu + n) * det(&after);
        for bound in nats(&found) {
            close(bound, evidence, 1e-11); // (eq:wishart-evidence)
        }
    }
    let all = fit(
        Variational::start(&geyser(), &array![[0.0, 0.0]], Prior::standard(2, 1.0).unwrap())
            .unwrap(),
        &geyser(),
        steps(2),
    );
    near(all.unwrap().nats(), -561.6747951591885, 1e-8);
}

/// The best bound of several starts with K components.
fn best(x: &Array2<f64>, k: usize) -> f64 {
    best_fit(x, k).nats()
}

fn best_fit(x: &Array2<f64>, k: usize) -> Fit<Variational> {
    let ends = (0..6).map(|seed| {
        let places = latent::mixture::scattered(x.view(), k, &mut rng(seed)).unwrap();
        let start = Variational::start(x, &places, Prior::standard(2, 1.0).unwrap()).unwrap();
        fit(start, x, Stop { steps: 3000, gain: 1e-7 }).unwrap()
    });
    ends.reduce(|a, b| if b.nats() > a.nats() { b } else { a }).unwrap()
}

#[test]
fn from_three_components_on_two_have_the_rows() {
    let x = geyser();
    for k in 3..=6 {
        let counts = best_fit(&x, k).model.e_step(&x).unwrap().shares.counts;
        let idle: Vec<f64> = counts.iter().copied().filter(|n| *n < 0.1).collect();
        assert_eq!(idle.len(), k - 2, "{counts}");
        assert!(idle.iter().all(|n| (n - idle[0]).abs() < 1e-3), "{counts}");
    }
}

#[test]
fn the_bound_and_the_orders_choose_two() {
    let (x, want) = (geyser(), &oracle()["choice"]);
    let mut scores = vec![];
    for k in 1..=4 {
        let bound = best(&x, k);
        let known = want[k.to_string()]["bound"].as_f64().unwrap();
        assert!(bound >= known - 1e-3, "{k}: {bound} is below {known}");
        near(bound, known, 2e-2);
        scores.push(bound + log_orders(k));
    }
    let top = (0..4).max_by(|&a, &b| scores[a].total_cmp(&scores[b])).unwrap();
    assert_eq!(top, 1, "{scores:?}");
    close(log_orders(1).exp(), 1.0, 1e-12);
    close(log_orders(6).exp(), 720.0, 1e-12);
}

#[test]
fn order_and_place_do_not_matter() {
    let x = geyser();
    let places = x.slice(s![..3, ..]).to_owned();
    let start = Variational::start(&x, &places, Prior::standard(2, 0.5).unwrap()).unwrap();
    let found = fit(start, &x, steps(80)).unwrap();
    let turned = places.slice(s![..;-1, ..]).to_owned();
    let again = Variational::start(&x, &turned, Prior::standard(2, 0.5).unwrap()).unwrap();
    near(fit(again, &x, steps(80)).unwrap().nats(), found.nats(), 1e-7);
    // Data, places and prior moved alike, far from zero.
    let far = array![1e5, -3e5];
    let prior = Prior::new(0.5, 1.0, far.clone(), Array2::eye(2), 2.0).unwrap();
    let moved = Variational::start(&(&x + &far), &(&places + &far), prior).unwrap();
    near(fit(moved, &(&x + &far), steps(80)).unwrap().nats(), found.nats(), 1e-5);
}

#[test]
fn the_cost_is_a_sum_of_divergences() {
    let x = geyser();
    let mut model = sixfold(&x);
    for _ in 0..30 {
        let q = model.e_step(&x).unwrap();
        assert!(model.kl_weights() >= 0.0 && model.kl_shapes().unwrap() >= 0.0);
        model = model.m_step(&x, &q).unwrap();
    }
    // At the prior itself, all of them vanish.
    let far = array![[1e4, 1e4], [1e4, -1e4]];
    let mut none = Variational::start(&x, &far, Prior::standard(2, 0.4).unwrap()).unwrap();
    none.alpha.fill(0.4);
    none.beta.fill(1.0);
    none.nu.fill(2.0);
    none.means.fill(0.0);
    none.scatters = vec![Array2::eye(2); 2];
    near(none.kl_weights(), 0.0, 1e-13);
    near(none.kl_shapes().unwrap(), 0.0, 1e-13);
    // One Dirichlet against another, by drawing: with two components π is a Beta, on a grid.
    none.alpha = array![3.0, 5.0];
    let p = |x: f64, a: f64, b: f64| {
        ((a - 1.0) * x.ln() + (b - 1.0) * (1.0 - x).ln()) + ln_gamma(a + b)
            - ln_gamma(a)
            - ln_gamma(b)
    };
    let cell = 1e-4;
    let grid = (0..10_000).map(|i| (f64::from(i) + 0.5) * cell);
    let kl: f64 =
        grid.map(|x| p(x, 3.0, 5.0).exp() * (p(x, 3.0, 5.0) - p(x, 0.4, 0.4)) * cell).sum();
    near(none.kl_weights(), kl, 1e-6);
    // E log π by the same Beta.
    let grid = (0..10_000).map(|i| (f64::from(i) + 0.5) * cell);
    let mean: f64 = grid.map(|x| p(x, 3.0, 5.0).exp() * x.ln() * cell).sum();
    near(none.log_pi()[0], mean, 1e-6);
}

#[test]
fn a_wishart_by_draws_has_the_expectations_of_the_formulas() {
    // Λ = Σ gᵢgᵢᵀ with g ~ N(0, W), ν of them; the bound's E log ρ is the mean over draws of (π, μ, Λ).
    let x = geyser();
    let model = fit(sixfold(&x), &x, steps(60)).unwrap().model;
    let (k, mut r) = (by_size(&model)[0], rng(8));
    let (nu, draws) = (40, 4000);
    let mut one = model.clone();
    one.alpha = array![model.alpha[k]];
    one.beta = array![model.beta[k]];
    one.nu = array![nu as f64];
    one.means = model.means.slice(s![k..=k, ..]).to_owned();
    one.scatters = vec![model.scatters[k].clone()];
    let row = array![[0.9, 0.4]];
    let d = &one.scatters[0];
    let det = d[[0, 0]] * d[[1, 1]] - d[[0, 1]] * d[[1, 0]];
    let w = array![[d[[1, 1]], -d[[0, 1]]], [-d[[1, 0]], d[[0, 0]]]] / det;
    let zero = array![0.0, 0.0];
    let mut values = vec![];
    for _ in 0..draws {
        let g = gaussian::sample(nu, zero.view(), w.view(), &mut r).unwrap();
        let lambda = g.t().dot(&g);
        let det = lambda[[0, 0]] * lambda[[1, 1]] - lambda[[0, 1]] * lambda[[1, 0]];
        let inverse =
            array![[lambda[[1, 1]], -lambda[[0, 1]]], [-lambda[[1, 0]], lambda[[0, 0]]]]
                / det;
        let spread = &inverse / one.beta[0];
        let mu = gaussian::sample(1, one.means.row(0), spread.view(), &mut r).unwrap();
        values.push(log_density(row.view(), mu.row(0), inverse.view()).unwrap()[0]);
    }
    let values = Array1::from(values);
    let (mean, error) = (values.mean().unwrap(), values.std(1.0) / (draws as f64).sqrt());
    let q = one.e_step(&row).unwrap();
    near(one.elbo(&row, &q).unwrap().fit, mean, 4.0 * error);
    assert!(error < 0.02, "{error}");
}

// --- two peaks ---

#[test]
fn two_peaks_have_three_levels_in_one_direction_and_one_in_the_other() {
    let all = oracle();
    let cases: Vec<(Peaks, &Value)> = all["peaks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| {
            let two = |key: &str| {
                let v = numbers(&c[key]);
                [v[0], v[1]]
            };
            (Peaks::new(two("weights"), two("means"), two("sds")).unwrap(), c)
        })
        .collect();
    for (peaks, c) in &cases {
        let (want, q) = (numbers(&c["forward"]), peaks.forward());
        close(q.mean + 10.0, want[0] + 10.0, 1e-12);
        close(q.sd, want[1], 1e-12);
        near(peaks.other_way(q), want[2], 1e-9);
        // Its moments are those of the mixture, on the grid as in the formula.
        let hidden = peaks.hidden();
        let z = hidden.z.clone();
        near(hidden.mean(&hidden.log_prior, &z), q.mean, 1e-9);
        near(hidden.mean(&hidden.log_prior, &(&z * &z)), q.sd * q.sd + q.mean * q.mean, 1e-9);
        for mean in [-0.2, 0.2] {
            let moved = Gauss { mean: q.mean + mean, sd: q.sd };
            assert!(peaks.other_way(moved) > peaks.other_way(q));
        }
    }
    let narrow = |peaks: &Peaks, k: usize| {
        peaks.reverse(Gauss { mean: peaks.means[k], sd: peaks.sds[k] }).unwrap()
    };
    // Far apart: a fit on each peak, and KL is nearly −log of the peak's mass.
    let (far, c) = &cases[0];
    for k in 0..2 {
        let (q, kl) = narrow(far, k);
        let want = numbers(&c["reverse"][k]);
        near(q.mean, want[0], 1e-6);
        near(q.sd, want[1], 1e-6);
        near(kl, want[2], 1e-6);
        near(kl, -far.weights[k].ln(), 2e-3);
    }
    near(narrow(far, 0).1, 0.356646, 1e-6);
    near(narrow(far, 1).1, 1.203875, 1e-6);
    // A third level place lies between the peaks, and is the worst: for unequal ones, and for equal ones.
    let (wide, kl) = far.reverse(Gauss { mean: 1.5, sd: 3.0 }).unwrap();
    near(wide.mean, 1.520, 1e-3);
    near(kl, 2.1785, 1e-4);
    for mean in [-0.3, 0.3] {
        let hidden = far.hidden();
        let beside = Gauss { mean: wide.mean + mean, ..wide };
        assert!(-hidden.elbo(&beside.on(&hidden)).nats() > kl, "a hollow, and no pass");
    }
    let (equal, c) = &cases[1];
    let (wide, kl) = equal.reverse(Gauss { mean: 0.0, sd: 3.0 }).unwrap();
    let want = numbers(&c["reverse"][2]);
    near(wide.mean, 0.0, 1e-6);
    near(wide.sd, want[1], 1e-6);
    near(kl, want[2], 1e-6);
    assert!(kl > narrow(equal, 0).1 + 0.1);
    // Close together, both directions agree nearly, and there is one place only.
    let (close_by, _) = &cases[3];
    let (a, b) = (narrow(close_by, 0), narrow(close_by, 1));
    near(a.0.mean, b.0.mean, 1e-6);
    near(a.0.sd, close_by.forward().sd, 0.03);
    assert!(a.1 < 0.011 && close_by.other_way(close_by.forward()) < 0.01);
}

#[test]
fn the_moments_are_the_best_fit_only_of_a_family_that_asks_for_them() {
    // The Laplace with the least KL(p ‖ q) sits at the median of p, and not at its mean.
    let peaks = Peaks::new([0.7, 0.3], [-2.0, 3.0], [0.7, 1.2]).unwrap();
    let hidden = peaks.hidden();
    let mut best = (f64::INFINITY, 0.0, 0.0);
    for place in (-300..100).map(|i| 0.01 * f64::from(i)) {
        let off = hidden.mean(&hidden.log_prior, &hidden.z.mapv(|z| (z - place).abs()));
        let cost = 1.0 + (2.0 * off).ln(); // the best width is E |z − place|
        if cost < best.0 {
            best = (cost, place, off);
        }
    }
    near(peaks.forward().mean, -0.5, 1e-12);
    near(best.1, -1.604, 6e-3);
    let below: f64 = hidden
        .z
        .iter()
        .zip(&hidden.log_prior)
        .filter(|(z, _)| **z <= best.1)
        .map(|(_, l)| l.exp() * 0.01)
        .sum();
    near(below, 0.5, 0.01);
}

// --- gradients through draws ---

/// Draws that are as regular as can be: the middles of equal shares of N(0, 1).
fn noise(n: usize) -> Vec<f64> {
    let mut out = vec![];
    let (mut below, mut z) = (0.0, -9.0);
    let step = 1e-4;
    for i in 0..n {
        let share = (i as f64 + 0.5) / n as f64;
        while below < share {
            below += step * log_normal(z + 0.5 * step, 0.0, 1.0).exp();
            z += step;
        }
        out.push(z);
    }
    out
}

#[test]
fn moving_draws_gives_the_slopes_of_the_bound() {
    let (model, noise) = (Tiny::default(), noise(2000));
    for x in model.every_x().rows() {
        let hidden = model.hidden(x).unwrap();
        for z in [-2.0, -0.3, 0.0, 1.1] {
            let i = ((z + 12.0) / 0.01f64).round() as usize;
            let joint = hidden.log_joint();
            near(slope(&model, x, z), (joint[i + 1] - joint[i - 1]) / 0.02, 1e-3);
        }
        for q in [Gauss { mean: 0.3, sd: 0.6 }, Gauss { mean: -0.8, sd: 1.1 }] {
            let want = hidden.slopes(q).1; // chapter 3's, by the score
            let got = slopes(|z| slope(&model, x, z), q, &noise);
            near(got[0], want[0], 2e-3);
            near(got[1], want[1], 5e-3);
        }
    }
}

#[test]
fn gradient_ascent_reaches_the_best_q_of_the_table() {
    let (model, noise) = (Tiny::default(), noise(800));
    for x in model.every_x().rows() {
        let start = Gauss { mean: 1.0, sd: 0.3 };
        let path = ascend((&model, x), start, &noise, (0.2, 300)).unwrap();
        let hidden = model.hidden(x).unwrap();
        let (best, top) = hidden.best_gaussian(start).unwrap();
        let end = path[path.len() - 1];
        near(end.mean, best.mean, 5e-3);
        near(end.sd, best.sd, 5e-3);
        let reached = hidden.elbo(&end.on(&hidden)).nats();
        assert!(reached <= top.nats() + 1e-9 && reached > top.nats() - 1e-4);
        assert!(hidden.log_evidence() - top.nats() > 1e-4, "a gap stays");
    }
}

// --- hostile input ---

fn refused<T>(got: Result<T>) -> Error {
    match got {
        Err(e) => e,
        Ok(_) => panic!("accepted"),
    }
}

#[test]
fn what_is_no_data_is_refused_by_name() {
    let x = geyser();
    let prior = || Prior::standard(2, 0.1).unwrap();
    let model = sixfold(&x);
    let q = model.e_step(&x).unwrap();
    let mut hole = x.clone();
    hole[[7, 1]] = f64::NAN;
    let places = x.slice(s![..3, ..]).to_owned();
    for e in [
        refused(model.e_step(&hole)),
        refused(Variational::start(&hole, &places, prior())),
        refused(fit(model.clone(), &hole, steps(3))),
    ] {
        assert!(matches!(e, Error::NotFinite { row: 7, column: 1, .. }), "{e}");
    }
    let (wide, none) = (Array2::zeros((5, 3)), Array2::zeros((0, 2)));
    for e in [
        refused(model.e_step(&wide)),
        refused(model.m_step(&wide, &q)),
        refused(model.elbo(&wide, &q)),
        refused(Variational::start(&wide, &places, prior())),
        refused(Variational::start(&x, &Array2::zeros((2, 3)), prior())),
    ] {
        assert!(matches!(e, Error::Shape { .. }), "{e}");
    }
    for e in [
        refused(model.e_step(&none)),
        refused(model.m_step(&none, &q)),
        refused(Variational::start(&none, &places, prior())),
        refused(Variational::start(&x, &none, prior())),
    ] {
        assert!(matches!(e, Error::Empty { .. }), "{e}");
    }
    let mut other = q.clone();
    other.squares = Covariance::Spherical(Array1::ones(6));
    assert!(matches!(refused(model.m_step(&x, &other)), Error::Shape { .. }));
    let mut torn = model.clone();
    torn.scatters.pop();
    assert!(matches!(refused(torn.e_step(&x)), Error::Shape { .. }));
    let zero = Array1::zeros(2);
    for (alpha, beta, nu) in
        [(0.0, 1.0, 2.0), (1.0, -1.0, 2.0), (1.0, 1.0, 1.0), (f64::NAN, 1.0, 2.0)]
    {
        let e = refused(Prior::new(alpha, beta, zero.clone(), Array2::eye(2), nu));
        assert!(matches!(e, Error::Range { .. }), "{e}");
    }
    let flat = array![[1.0, 1.0], [1.0, 1.0]];
    let e = refused(Prior::new(1.0, 1.0, zero.clone(), flat, 2.0));
    assert!(matches!(e, Error::NotPositiveDefinite { .. }), "{e}");
    assert!(matches!(
        refused(Prior::new(1.0, 1.0, zero, Array2::eye(3), 3.0)),
        Error::Shape { .. }
    ));
}

#[test]
fn hostile_tables_targets_and_normals_are_refused() {
    let p = table((2, 3), 1);
    let bad = |v: f64| {
        let mut p = p.clone();
        p[[1, 2]] = v;
        p
    };
    let q2 = array![0.2, 0.3, 0.5];
    for v in [f64::NAN, f64::INFINITY] {
        let e = refused(best_factor(bad(v).view(), q2.view()));
        assert!(matches!(e, Error::NotFinite { row: 1, column: 2, .. }), "{e}");
    }
    assert!(matches!(
        refused(best_factor(p.view(), array![1.0].view())),
        Error::Shape { .. }
    ));
    assert!(matches!(
        refused(best_factor(Array2::zeros((0, 3)).view(), q2.view())),
        Error::Empty { .. }
    ));
    let nothing = Array2::from_elem((2, 3), f64::NEG_INFINITY);
    assert!(matches!(refused(best_factor(nothing.view(), q2.view())), Error::Range { .. }));
    assert!(matches!(
        refused(table_bound(p.view(), array![0.5, 0.6].view(), q2.view())),
        Error::Range { .. }
    ));
    assert!(matches!(refused(Target::pair(1.0)), Error::Range { .. }));
    assert!(matches!(refused(Target::pair(-1.0)), Error::Range { .. }));
    assert!(matches!(refused(Target::new(array![0.0], Array2::eye(2))), Error::Shape { .. }));
    let cross = array![[1.0, 2.0], [2.0, 1.0]];
    assert!(matches!(
        refused(Target::new(array![0.0, 0.0], cross)),
        Error::NotPositiveDefinite { .. }
    ));
    let q = Target::pair(0.5).unwrap().reverse();
    assert!(matches!(
        refused(Target::pair(0.5).unwrap().best_factor(&q, 2)),
        Error::Range { .. }
    ));
    assert!(matches!(refused(NormalGamma::new(0.0, 0.0, 1.0, 1.0)), Error::Range { .. }));
    assert!(matches!(refused(PrecisionFactor::start(weak(), f64::NAN)), Error::Range { .. }));
    let model = PrecisionFactor::start(weak(), 1.0).unwrap();
    assert!(matches!(refused(model.e_step(&array![])), Error::Empty { .. }));
    assert!(matches!(refused(model.e_step(&array![1.0, f64::NAN])), Error::NotFinite { .. }));
    assert!(matches!(
        refused(Peaks::new([0.5, 0.6], [0.0, 1.0], [1.0, 1.0])),
        Error::Range { .. }
    ));
    let tiny = Tiny::default();
    let start = Gauss { mean: 0.0, sd: 1.0 };
    let x = array![1.0, 0.0, 1.0];
    assert!(matches!(
        refused(ascend((&tiny, x.view()), start, &[], (0.1, 1))),
        Error::Empty { .. }
    ));
    assert!(matches!(
        refused(ascend((&tiny, x.slice(s![..2])), start, &[0.0], (0.1, 1))),
        Error::Shape { .. }
    ));
    assert!(matches!(
        refused(ascend((&tiny, x.view()), start, &[1.0, -1.0], (1e9, 99))),
        Error::Diverged { .. }
    ));
}

#[test]
fn constants_are_kept() {
    // Rows in another unit: every density changes by the same factor, and so does each bound.
    let x = eruptions();
    let model = PrecisionFactor::start(weak(), 1.0).unwrap();
    let minutes = fit(model, &x, steps(50)).unwrap().nats();
    let prior = NormalGamma::new(0.0, 0.001, 0.001, 0.001 * 3600.0).unwrap();
    let start = PrecisionFactor::start(prior, 1.0 / 3600.0).unwrap();
    let seconds = fit(start, &(60.0 * &x), steps(50)).unwrap().nats();
    near(seconds, minutes - 272.0 * 60f64.ln(), 1e-8);
    // One row, a prior as narrow as a needle: the evidence is a Gaussian density, and the bound equals it.
    let needle = NormalGamma::new(1.0, 1e9, 1e9, 1e9).unwrap();
    let start = PrecisionFactor::start(needle, 1.0).unwrap();
    let one = fit(start, &array![1.7], steps(20)).unwrap().nats();
    near(one, -0.5 * (LN_2PI + 0.49), 1e-6);
}
