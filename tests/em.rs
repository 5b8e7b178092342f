//! Chapter 4: the laws of expectation maximisation.
use latent::data::{iris, old_faithful, wine};
use latent::elbo;
use latent::em::{
    Coins, Em, Exact, Fit, Isotropic, Pair, Sample, Statistics, Stop, TEN_ROWS, best_of, fit,
    monte_carlo, multiplications, step,
};
use latent::factor_analysis::{FactorAnalysis, ppca_log_likelihood};
use latent::gaussian::{self, LN_2PI, Moments, log_density, log_normal};
use latent::{Error, Result};
use ndarray::{Array1, Array2, Axis, array, s};
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::Value;
use std::cell::RefCell;

fn rng(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

fn random(rows: usize, columns: usize, seed: u64) -> Array2<f64> {
    let mut r = rng(seed);
    Array2::from_shape_fn((rows, columns), |_| r.random_range(-1.0..1.0))
}

#[track_caller]
fn close(got: f64, want: f64, relative: f64) {
    assert!(
        (got - want).abs() <= relative * want.abs().max(1e-12),
        "{got} is not {want} to {relative:e}"
    );
}

fn largest(x: &Array2<f64>) -> f64 {
    x.iter().fold(0.0, |m, v| m.max(v.abs()))
}

fn oracle() -> Value {
    serde_json::from_str(include_str!("oracles/em.json")).unwrap()
}

fn numbers(v: &Value) -> Vec<f64> {
    v.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

/// Wine, each column with mean zero and variance one: the rows, and their moments.
fn wines() -> (Array2<f64>, Moments) {
    let x = &wine().x;
    let all = Moments::of(x.view()).unwrap();
    let rows = (x - &all.mean) / all.covariance.diag().mapv(f64::sqrt);
    let moments = Moments::of(rows.view()).unwrap();
    (rows, moments)
}

fn factors(l: usize) -> (FactorAnalysis, Moments) {
    let data = wines().1;
    (FactorAnalysis::start(&data, l).unwrap(), data)
}

fn coins() -> (Coins, Array1<f64>) {
    (Coins::new(10, array![0.6, 0.5]).unwrap(), Array1::from(TEN_ROWS.to_vec()))
}

fn geyser() -> (Pair, Array2<f64>) {
    let x = old_faithful().x.clone();
    (Pair::around(&x, array![[3.6, 79.0], [1.8, 54.0]]).unwrap(), x)
}

fn isotropic(l: usize) -> (Isotropic, Moments) {
    let (start, data) = factors(l);
    (Isotropic(start), data)
}

const NEVER: f64 = f64::NEG_INFINITY;

fn steps(steps: usize) -> Stop {
    Stop { steps, gain: NEVER }
}

fn nats<M>(found: &Fit<M>) -> Vec<f64> {
    found.trace.iter().map(|b| b.nats()).collect()
}

// --- the two halves of a step ---

/// Walks `n` steps and hands every half to `look`: the model, its q, and the model after the M step.
fn walk<M: Em>(
    mut model: M,
    data: &M::Data,
    n: usize,
    mut look: impl FnMut(&M, &M::Posterior, &M),
) {
    for _ in 0..n {
        let q = model.e_step(data).unwrap();
        let next = model.m_step(data, &q).unwrap();
        look(&model, &q, &next);
        model = next;
    }
}

fn tight<M: Exact>((model, data): (M, impl std::borrow::Borrow<M::Data>), n: usize) {
    let data = data.borrow();
    walk(model, data, n, |old, q, _| {
        // (eq:em-gap): after an E step nothing is left of the gap.
        close(old.elbo(data, q).unwrap().nats(), old.log_likelihood(data).unwrap(), 1e-9);
    });
}

#[test]
fn the_bound_meets_the_evidence_after_every_e_step() {
    for l in 1..=3 {
        tight::<FactorAnalysis>(factors(l), 60);
        tight::<Isotropic>(isotropic(l), 60);
    }
    tight::<Coins>(coins(), 60);
    tight::<Pair>(geyser(), 60);
}

fn climbs<M: Exact>((model, data): (M, impl std::borrow::Borrow<M::Data>), n: usize) {
    let data = data.borrow();
    let mut before = f64::NEG_INFINITY;
    walk(model, data, n, |old, q, new| {
        let after_e = old.elbo(data, q).unwrap().nats();
        assert!(after_e >= before - 1e-9 * before.abs(), "E: {before} to {after_e}");
        let after_m = new.elbo(data, q).unwrap().nats();
        assert!(after_m >= after_e - 1e-9 * after_e.abs(), "M: {after_e} to {after_m}");
        before = after_m;
    });
    assert!(before.is_finite());
}

#[test]
fn no_half_step_lowers_the_bound() {
    for l in 1..=3 {
        climbs::<FactorAnalysis>(factors(l), 300);
        climbs::<Isotropic>(isotropic(l), 300);
    }
    climbs::<Coins>(coins(), 200);
    climbs::<Pair>(geyser(), 200);
    for seed in 0..5 {
        let x = iris().x.clone();
        climbs::<Pair>((Pair::start(&x, &mut rng(seed)).unwrap(), x), 100);
    }
}

/// KL between the posteriors of two models, row by row.
fn between(old: &FactorAnalysis, new: &FactorAnalysis, x: &Array2<f64>) -> f64 {
    let (a, b) = (old.posterior(x.view()).unwrap(), new.posterior(x.view()).unwrap());
    let (g, h) = (a.covariance.view(), b.covariance.view());
    let each = a.mean.rows().into_iter().zip(b.mean.rows());
    each.map(|(m, n)| gaussian::kl(m, g, n, h).unwrap()).sum()
}

/// The same, where z is one of a few.
fn between_lists(old: &Array2<f64>, new: &Array2<f64>) -> f64 {
    let each = old.rows().into_iter().zip(new.rows());
    each.map(|(q, p)| elbo::kl(&q.to_vec(), &p.to_vec()).unwrap()).sum()
}

#[test]
fn the_gain_is_the_m_gain_and_the_divergence_between_the_posteriors() {
    // (eq:em-gain), with the divergence from another formula than the bound's.
    let x = wines().0;
    for l in 1..=3 {
        let (mut model, data) = factors(l);
        for _ in 0..25 {
            let (next, chain) = step(&model, &data).unwrap();
            let apart = between(&model, &next, &x);
            close(chain.new - chain.raised, apart, 1e-7);
            close(chain.new - chain.old, (chain.raised - chain.old) + apart, 1e-7);
            assert!(chain.old <= chain.raised && chain.raised <= chain.new);
            model = next;
        }
    }
    let (model, data) = coins();
    let (next, chain) = step(&model, &data).unwrap();
    let apart = between_lists(&model.e_step(&data).unwrap(), &next.e_step(&data).unwrap());
    assert!(apart > 0.1);
    close(chain.new - chain.raised, apart, 1e-10);
    let (model, data) = geyser();
    let (next, chain) = step(&model, &data).unwrap();
    let apart = between_lists(&model.e_step(&data).unwrap(), &next.e_step(&data).unwrap());
    close(chain.new - chain.raised, apart, 1e-9);
}

#[test]
fn the_m_step_is_the_top_along_every_line() {
    let (model, data) = factors(2);
    let q = model.e_step(&data).unwrap();
    let best = model.m_step(&data, &q).unwrap();
    let top = best.elbo(&data, &q).unwrap().nats();
    for seed in 0..10 {
        let (dw, dp) = (random(13, 2, seed), random(13, 1, seed + 50).column(0).to_owned());
        for i in -20..=20 {
            let t = 0.03 * f64::from(i);
            let w = &best.w + &(t * &dw);
            let psi = &best.psi * &(t * &dp).mapv(f64::exp);
            let other = FactorAnalysis::new(best.mean.clone(), w, psi).unwrap();
            let bound = other.elbo(&data, &q).unwrap().nats();
            assert!(if i == 0 { (bound - top).abs() < 1e-9 } else { bound < top });
        }
    }
    let (model, data) = coins();
    let q = model.e_step(&data).unwrap();
    let best = model.m_step(&data, &q).unwrap();
    let top = best.elbo(&data, &q).unwrap().nats();
    for shift in [array![0.01, 0.0], array![0.0, -0.01], array![0.01, 0.01]] {
        let other = Coins::new(10, &best.heads + &shift).unwrap();
        assert!(other.elbo(&data, &q).unwrap().nats() < top);
    }
}

#[test]
fn the_e_step_is_the_top_along_every_line() {
    let (model, data) = factors(2);
    let best = model.e_step(&data).unwrap();
    let top = model.elbo(&data, &best).unwrap().nats();
    for seed in 0..10 {
        let (da, r) = (random(2, 13, seed), random(2, 2, seed + 50));
        let dv = r.dot(&r.t());
        for i in -20..=20 {
            let t = 0.0005 * f64::from(i);
            let gain = &best.gain + &(t * &da);
            let covariance = &best.covariance + &(t * &dv);
            let xz = data.covariance.dot(&gain.t());
            let zz = &covariance + &gain.dot(&xz);
            let other = Statistics { gain, covariance, xz, zz };
            let bound = model.elbo(&data, &other).unwrap().nats();
            assert!(if i == 0 { (bound - top).abs() < 1e-9 } else { bound < top });
        }
    }
    let (model, data) = coins();
    let best = model.e_step(&data).unwrap();
    let top = model.elbo(&data, &best).unwrap().nats();
    for t in [0.1, 0.5, 0.9, 1.0] {
        let other = (1.0 - t) * &best + t * 0.5;
        let gap = between_lists(&other, &best);
        close(model.elbo(&data, &other).unwrap().nats(), top - gap, 1e-10);
    }
}

#[test]
fn the_entropy_of_q_is_all_that_the_two_objectives_differ_by() {
    // (eq:em-energy): the bound is the expected complete log-likelihood and the entropy of q.
    let (start, data) = factors(2);
    let q = start.e_step(&data).unwrap();
    let entropy = data.rows * gaussian::entropy(q.covariance.view()).unwrap();
    let prior = -0.5 * data.rows * (q.zz.diag().sum() + 2.0 * LN_2PI);
    walk(start, &data, 5, |model, _, _| {
        let bound = model.elbo(&data, &q).unwrap();
        close(bound.nats(), bound.fit + prior + entropy, 1e-10);
    });
    let (model, data) = coins();
    let q = model.e_step(&data).unwrap();
    let entropy: f64 =
        q.rows().into_iter().map(|r| elbo::entropy(&r.to_vec()).unwrap()).sum();
    for p in [[0.6, 0.5], [0.8, 0.4], [0.2, 0.9]] {
        let model = Coins::new(10, array![p[0], p[1]]).unwrap();
        let complete: f64 = (0..10)
            .flat_map(|i| [(i, 0), (i, 1)])
            .map(|(i, k)| q[[i, k]] * (0.5 * binomial(data[i] as u64, 10, p[k])).ln())
            .sum();
        close(model.elbo(&data, &q).unwrap().nats(), complete + entropy, 1e-10);
    }
}

/// The probability of `h` heads in `n` tosses, by products.
fn binomial(h: u64, n: u64, p: f64) -> f64 {
    let choose = (0..h).fold(1.0, |c, i| c * (n - i) as f64 / (i + 1) as f64);
    choose * p.powi(h as i32) * (1.0 - p).powi((n - h) as i32)
}

// --- coins ---

#[test]
fn one_step_with_two_coins_is_the_one_by_hand() {
    let (model, data) = coins();
    let q = model.e_step(&data).unwrap();
    let (mut heads, mut tosses) = ([0.0; 2], [0.0; 2]);
    for (i, &h) in data.iter().enumerate() {
        let each = [0.6, 0.5].map(|p| binomial(h as u64, 10, p));
        for k in 0..2 {
            let share = each[k] / (each[0] + each[1]);
            close(q[[i, k]], share, 1e-12);
            heads[k] += share * h;
            tosses[k] += 10.0 * share;
        }
    }
    let next = model.m_step(&data, &q).unwrap();
    close(next.heads[0], heads[0] / tosses[0], 1e-12);
    close(next.heads[1], heads[1] / tosses[1], 1e-12);
}

#[test]
fn coins_walk_as_numpy_walks() {
    let (mut model, data) = coins();
    for (i, want) in oracle()["coins"]["first"].as_array().unwrap().iter().enumerate() {
        for (k, p) in numbers(&want[0]).into_iter().enumerate() {
            close(model.heads[k], p, 1e-10);
        }
        close(model.log_likelihood(&data).unwrap(), want[1].as_f64().unwrap(), 1e-10);
        model = step(&model, &data).unwrap().0;
        assert!(i < 6);
    }
    let end = fit(model, &data, steps(200)).unwrap();
    close(end.nats(), oracle()["coins"]["end"][1].as_f64().unwrap(), 1e-10);
}

#[test]
fn a_million_tosses_a_row_do_not_underflow() {
    let data = array![700_000.0, 300_000.0, 650_000.0];
    let model = Coins::new(1_000_000, array![0.6, 0.4]).unwrap();
    let q = model.e_step(&data).unwrap();
    assert!(
        q.iter().all(|v| v.is_finite()) && (&q.sum_axis(Axis(1)) - 1.0).sum().abs() < 1e-12
    );
    let end = fit(model, &data, steps(5)).unwrap();
    close(end.model.heads[0], 0.675, 1e-9);
    close(end.model.heads[1], 0.3, 1e-9);
}

#[test]
fn a_coin_that_never_fails_is_no_trouble() {
    let model = Coins::new(10, array![1.0, 0.5]).unwrap();
    let data = array![10.0, 4.0, 6.0];
    let found = fit(model, &data, steps(50)).unwrap();
    assert!(found.nats().is_finite());
    assert_eq!(found.model.e_step(&data).unwrap()[[1, 0]], 0.0);
}

// --- factor analysis ---

#[test]
fn factor_analysis_walks_as_numpy_walks() {
    for l in 1..=3 {
        let want = &oracle()["wine"][l.to_string()];
        let (start, data) = factors(l);
        let found = fit(start, &data, steps(5000)).unwrap();
        for (got, want) in nats(&found).iter().zip(numbers(&want["first"])) {
            assert!((got - want).abs() < 1e-8, "L = {l}: {got} {want}");
        }
        assert!((found.nats() - want["end"].as_f64().unwrap()).abs() < 1e-6);
        assert!((found.nats() - want["scikit_learn"].as_f64().unwrap()).abs() < 1e-5);
        for (got, want) in found.model.psi.iter().zip(numbers(&want["psi"])) {
            assert!(*got > 0.0);
            close(*got, want, 1e-5);
        }
    }
}

#[test]
fn the_statistics_are_the_means_over_the_rows() {
    let ((x, data), (model, _)) = (wines(), factors(3));
    let q = model.e_step(&data).unwrap();
    let each = model.posterior(x.view()).unwrap();
    let (mut xz, mut zz) = (Array2::<f64>::zeros((13, 3)), Array2::<f64>::zeros((3, 3)));
    for (x, m) in x.rows().into_iter().zip(each.mean.rows()) {
        for i in 0..3 {
            for j in 0..13 {
                xz[[j, i]] += x[j] * m[i] / 178.0;
            }
            for j in 0..3 {
                zz[[i, j]] += (each.covariance[[i, j]] + m[i] * m[j]) / 178.0;
            }
        }
    }
    assert!(largest(&(&q.xz - &xz)) < 1e-12 && largest(&(&q.zz - &zz)) < 1e-12);
}

#[test]
fn a_model_with_a_mean_of_its_own_measures_from_there() {
    let ((x, data), (mut model, _)) = (wines(), factors(2));
    model.mean[3] = 0.7;
    let (next, chain) = step(&model, &data).unwrap();
    close(chain.old, model.log_density(x.view()).unwrap().sum(), 1e-10);
    close(chain.new, next.log_density(x.view()).unwrap().sum(), 1e-10);
    close(chain.new - chain.raised, between(&model, &next, &x), 1e-7);
    assert_eq!(next.mean, model.mean);
}

#[test]
fn the_noise_after_a_step_is_the_mean_square_that_is_left() {
    let ((x, data), (model, _)) = (wines(), factors(2));
    let (next, _) = step(&model, &data).unwrap();
    let each = model.posterior(x.view()).unwrap();
    for j in 0..13 {
        let w = next.w.row(j);
        let spread = w.dot(&each.covariance.dot(&w));
        let left: f64 =
            (0..178).map(|n| (x[[n, j]] - each.mean.row(n).dot(&w)).powi(2) + spread).sum();
        close(next.psi[j], left / 178.0, 1e-10);
    }
}

#[test]
fn the_old_w_in_the_noise_reaches_the_same_end_more_slowly() {
    let (mut model, data) = factors(2);
    let want = &oracle()["wine_old_w"];
    for (i, nats) in numbers(&want["first"]).into_iter().enumerate() {
        let here = model.log_likelihood(&data).unwrap();
        assert!((here - nats).abs() < 1e-8, "{here} {nats}");
        if i > 0 {
            assert!(here < numbers(&oracle()["wine"]["2"]["first"])[i]);
        }
        model = with_old_w(&model, &data);
    }
    for _ in 0..2000 {
        model = with_old_w(&model, &data);
    }
    let end = oracle()["wine"]["2"]["end"].as_f64().unwrap();
    assert!((model.log_likelihood(&data).unwrap() - end).abs() < 1e-6);
}

fn with_old_w(old: &FactorAnalysis, data: &Moments) -> FactorAnalysis {
    let q = old.e_step(data).unwrap();
    let mut next = old.m_step(data, &q).unwrap();
    let within = (old.w.dot(&q.zz) * &old.w).sum_axis(Axis(1));
    next.psi = &data.covariance.diag() - &(2.0 * (&old.w * &q.xz).sum_axis(Axis(1))) + within;
    next
}

#[test]
fn the_expected_complete_log_likelihood_needs_two_statistics_only() {
    let ((x, data), (old, _)) = (wines(), factors(2));
    let q = old.e_step(&data).unwrap();
    let new = old.m_step(&data, &q).unwrap();
    let fit = new.elbo(&data, &q).unwrap().fit;
    let from_statistics = fit - 0.5 * 178.0 * (q.zz.diag().sum() + 2.0 * LN_2PI);
    // By drawing z from the posterior of every row, and log p(x, z) one factor at a time.
    let (each, mut r) = (old.posterior(x.view()).unwrap(), rng(4));
    let sd = new.psi.mapv(f64::sqrt);
    let draws: Vec<f64> = (0..400)
        .map(|_| {
            let noise = gaussian::sample(
                178,
                array![0.0, 0.0].view(),
                each.covariance.view(),
                &mut r,
            )
            .unwrap();
            let z = &each.mean + &noise;
            let middle = z.dot(&new.w.t());
            let given: f64 = x
                .indexed_iter()
                .map(|((n, j), &v)| log_normal(v, middle[[n, j]], sd[j]))
                .sum();
            given + z.iter().map(|&v| log_normal(v, 0.0, 1.0)).sum::<f64>()
        })
        .collect();
    let mean = draws.iter().sum::<f64>() / 400.0;
    let sd = (draws.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / 400.0).sqrt();
    assert!(
        (mean - from_statistics).abs() < 4.0 * sd / 20.0,
        "{mean} {from_statistics} {sd}"
    );
    assert!(sd < 60.0, "so the comparison means something: {sd}");
}

#[test]
fn the_bound_and_the_evidence_have_one_slope_where_they_touch() {
    // (eq:em-fisher), by central differences in every loading and every noise variance.
    let data = wines().1;
    let (w, psi) = (random(13, 2, 3), random(13, 1, 4).column(0).mapv(|v| 0.6 + 0.5 * v));
    let model = FactorAnalysis::new(Array1::zeros(13), w, psi).unwrap();
    let q = model.e_step(&data).unwrap();
    let slopes = |change: &dyn Fn(&mut FactorAnalysis, f64)| {
        let at = |h: f64| {
            let mut m = model.clone();
            change(&mut m, h);
            (m.log_likelihood(&data).unwrap(), m.elbo(&data, &q).unwrap().nats())
        };
        let (up, down) = (at(1e-5), at(-1e-5));
        ((up.0 - down.0) / 2e-5, (up.1 - down.1) / 2e-5)
    };
    for j in 0..13 {
        for i in 0..2 {
            let (evidence, bound) = slopes(&|m, h| m.w[[j, i]] += h);
            assert!(
                (evidence - bound).abs() < 1e-6 * (1.0 + evidence.abs()) * 100.0,
                "{evidence} {bound}"
            );
        }
        let (evidence, bound) = slopes(&|m, h| m.psi[j] += h);
        assert!(
            (evidence - bound).abs() < 1e-6 * (1.0 + evidence.abs()) * 100.0,
            "{evidence} {bound}"
        );
    }
    let (model, data) = coins();
    let q = model.e_step(&data).unwrap();
    for k in 0..2 {
        let at = |h: f64| {
            let mut m = model.clone();
            m.heads[k] += h;
            (m.log_likelihood(&data).unwrap(), m.elbo(&data, &q).unwrap().nats())
        };
        let (up, down) = (at(1e-5), at(-1e-5));
        assert!(((up.0 - down.0) - (up.1 - down.1)).abs() / 2e-5 < 1e-6);
        assert!((up.0 - down.0).abs() / 2e-5 > 1.0, "a slope to speak of");
    }
}

// --- streaming ---

#[test]
fn chunks_and_the_whole_give_the_same_moments_and_the_same_fit() {
    let (x, whole) = wines();
    for size in [1, 7, 50, 177, 178] {
        let chunks = x.axis_chunks_iter(Axis(0), size);
        let merged = chunks
            .map(|c| Moments::of(c).unwrap())
            .reduce(|a, b| a.merge(&b).unwrap())
            .unwrap();
        assert_eq!(merged.rows, 178.0);
        let (mean, covariance) =
            (&merged.mean - &whole.mean, &merged.covariance - &whole.covariance);
        assert!(mean.iter().chain(&covariance).all(|v| v.abs() < 1e-12), "{size}");
        let a = fit(FactorAnalysis::start(&merged, 2).unwrap(), &merged, steps(30)).unwrap();
        let b = fit(FactorAnalysis::start(&whole, 2).unwrap(), &whole, steps(30)).unwrap();
        close(a.nats(), b.nats(), 1e-12);
    }
}

#[test]
fn merging_keeps_the_square_of_the_step_between_the_means() {
    let (x, y) = (array![[0.0], [2.0]], array![[10.0], [10.0], [10.0], [14.0]]);
    let merged =
        Moments::of(x.view()).unwrap().merge(&Moments::of(y.view()).unwrap()).unwrap();
    let all = [0.0, 2.0, 10.0, 10.0, 10.0, 14.0];
    let mean = all.iter().sum::<f64>() / 6.0;
    let variance = all.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / 6.0;
    close(merged.mean[0], mean, 1e-14);
    close(merged.covariance[[0, 0]], variance, 1e-14);
    let e = merged.merge(&wines().1).unwrap_err();
    assert!(matches!(e, Error::Shape { .. }), "{e}");
}

#[test]
fn far_from_zero_the_merged_moments_keep_their_digits() {
    let far = random(5000, 3, 8) + 1e6;
    let near = &far - 1e6;
    let chunks = far.axis_chunks_iter(Axis(0), 100).map(|c| Moments::of(c).unwrap());
    let far = chunks.reduce(|a, b| a.merge(&b).unwrap()).unwrap();
    let near = Moments::of(near.view()).unwrap();
    assert!(largest(&(&far.covariance - &near.covariance)) < 1e-9);
}

// --- what is a fixed point, and what is a maximum ---

#[test]
fn two_equal_kinds_stay_equal_until_they_are_nudged() {
    let x = old_faithful().x.clone();
    let all = Moments::of(x.view()).unwrap();
    let two = |shift: f64| {
        let away = all.covariance.diag().mapv(f64::sqrt) * shift;
        let means = [(&all.mean + &away).to_vec(), (&all.mean - &away).to_vec()].concat();
        Pair::around(&x, Array2::from_shape_vec((2, 2), means).unwrap()).unwrap()
    };
    let want = oracle();
    let stays = fit(two(0.0), &x, steps(200)).unwrap();
    for nats in nats(&stays) {
        assert!((nats - numbers(&want["old_faithful"]["equal"])[0]).abs() < 1e-8, "{nats}");
    }
    let leaves = fit(two(1e-3), &x, steps(200)).unwrap();
    assert!((leaves.trace[3].nats() - stays.nats()).abs() < 0.1, "it lingers");
    assert!((leaves.nats() - want["old_faithful"]["end"].as_f64().unwrap()).abs() < 1e-6);
}

#[test]
fn no_loadings_stay_no_loadings_until_they_are_nudged() {
    let (best, data) = factors(2);
    let best = fit(best, &data, steps(2000)).unwrap().nats();
    let with = |w: Array2<f64>| {
        FactorAnalysis::new(data.mean.clone(), w, data.covariance.diag().to_owned()).unwrap()
    };
    let stays = fit(with(Array2::zeros((13, 2))), &data, steps(100)).unwrap();
    assert_eq!(largest(&stays.model.w), 0.0);
    close(stays.nats(), stays.trace[0].nats(), 1e-14);
    assert!(stays.nats() < best - 100.0);
    let leaves = fit(with(1e-3 * random(13, 2, 5)), &data, steps(2000)).unwrap();
    assert!((leaves.nats() - best).abs() < 1e-6, "{} {best}", leaves.nats());
}

#[test]
fn the_best_of_all_is_a_point_of_rest_too() {
    let (start, data) = factors(2);
    let end = fit(start, &data, steps(3000)).unwrap().model;
    let (next, chain) = step(&end, &data).unwrap();
    assert!(largest(&(&next.w - &end.w)) < 1e-7);
    assert!((chain.new - chain.old).abs() < 1e-9);
}

#[test]
fn the_geyser_walks_as_numpy_walks() {
    let (start, x) = geyser();
    let want = &oracle()["old_faithful"];
    let found = fit(start, &x, steps(200)).unwrap();
    for (got, want) in nats(&found).iter().zip(numbers(&want["first"])) {
        assert!((got - want).abs() < 1e-8, "{got} {want}");
    }
    close(found.nats(), want["end"].as_f64().unwrap(), 1e-10);
    close(found.nats(), want["scikit_learn"].as_f64().unwrap(), 1e-9);
}

// --- half-truths about the E step ---

#[test]
fn without_the_entropy_the_best_q_is_a_point_and_hard_em_ends_lower() {
    let (start, x) = geyser();
    let joint: Vec<f64> = (0..2)
        .map(|k| {
            let c = start.covariances[k].view();
            log_density(x.view(), start.means.row(k), c).unwrap()[2] + 0.5f64.ln()
        })
        .collect();
    let energy = |q: f64| q * joint[0] + (1.0 - q) * joint[1];
    let best = joint[0].max(joint[1]);
    for i in 0..=100 {
        assert!(energy(f64::from(i) / 100.0) <= best + 1e-12);
    }
    let soft = start.e_step(&x).unwrap()[[2, 0]];
    assert!(soft > 0.0 && soft < 1.0 && energy(soft) < best);
    let mut model = start;
    for _ in 0..100 {
        let q = model.e_step(&x).unwrap();
        let hard = Array2::from_shape_fn(q.dim(), |(i, k)| {
            f64::from(u8::from(q[[i, k]] > q[[i, 1 - k]]))
        });
        model = model.m_step(&x, &hard).unwrap();
    }
    let end = model.log_likelihood(&x).unwrap();
    close(end, oracle()["old_faithful"]["hard_end"].as_f64().unwrap(), 1e-9);
    assert!(end < oracle()["old_faithful"]["end"].as_f64().unwrap() - 0.01);
}

#[test]
fn without_g_the_likelihood_falls_and_columns_lose_their_noise() {
    let (mut model, data) = factors(2);
    let want = numbers(&oracle()["wine_without_g"]["first"]);
    let mut seen = vec![];
    let end = loop {
        seen.push(model.log_likelihood(&data).unwrap());
        let mut q = model.e_step(&data).unwrap();
        q.zz = &q.zz - &q.covariance;
        match model.m_step(&data, &q) {
            Ok(next) => model = next,
            Err(e) => break e,
        }
    };
    assert!(matches!(end, Error::Heywood { column: 6 | 9, .. }), "{end}");
    assert_eq!(seen.len(), 9);
    for (got, want) in seen.iter().zip(&want).take(8) {
        assert!((got - want).abs() < 1e-6, "{got} {want}");
    }
    assert!((seen[3] - seen[2] + 7.7859).abs() < 1e-4, "the worst step of all");
    let with_g = numbers(&oracle()["wine"]["2"]["first"]);
    assert!(seen.iter().skip(4).zip(with_g.iter().skip(4)).all(|(a, b)| a < b));
}

// --- probabilistic PCA, and how fast ---

#[test]
fn ppca_by_em_reaches_the_closed_form_by_a_constant_factor() {
    for l in 1..=3 {
        let (start, data) = isotropic(l);
        let found = fit(start, &data, steps(1500)).unwrap();
        let best = FactorAnalysis::ppca(&data, l).unwrap();
        let top = best.log_likelihood(&data).unwrap();
        let want = &oracle()["wine_ppca"][l.to_string()];
        assert!((found.nats() - want["nats"].as_f64().unwrap()).abs() < 1e-8);
        close(found.model.0.psi[0], want["noise"].as_f64().unwrap(), 1e-7);
        assert!(largest(&(found.model.0.covariance() - best.covariance())) < 1e-6);
        let values = latent::linalg::eigen_symmetric(data.covariance.view()).unwrap().values;
        close(ppca_log_likelihood(178.0, &values.to_vec(), l).unwrap(), top, 1e-10);
        let left: Vec<f64> = found.trace.iter().map(|b| top - b.nats()).collect();
        let late: Vec<usize> =
            (5..left.len() - 1).filter(|&t| left[t] < 1e-2 && left[t] > 1e-6).collect();
        let factors: Vec<f64> = late.iter().map(|&t| left[t + 1] / left[t]).collect();
        assert!(factors.len() > 3, "L = {l}: {}", factors.len());
        for pair in factors.windows(2) {
            assert!((pair[0] - pair[1]).abs() < 0.02, "L = {l}: {pair:?}");
        }
        assert!(*factors.last().unwrap() < 0.99);
    }
}

/// One column, one factor: the model of the live figure. Gives the loading after one step.
fn one_step(w: f64, psi: f64, s: f64) -> f64 {
    let model = FactorAnalysis::new(array![0.0], array![[w]], array![psi]).unwrap();
    let data = Moments { rows: 1.0, mean: array![0.0], covariance: array![[s]] };
    let q = model.e_step(&data).unwrap();
    model.m_step(&data, &q).unwrap().w[[0, 0]]
}

#[test]
fn one_factor_converges_by_a_factor_that_can_be_written_down() {
    for (psi, s) in [(0.1f64, 1.0f64), (0.25, 1.0), (0.5, 1.0), (1.2, 2.0), (0.9, 1.0)] {
        let (top, r) = ((s - psi).sqrt(), psi / s);
        close(one_step(top, psi, s), top, 1e-12);
        close(one_step(-top, psi, s), -top, 1e-12);
        assert_eq!(one_step(0.0, psi, s), 0.0);
        let rate = (one_step(top + 1e-6, psi, s) - one_step(top - 1e-6, psi, s)) / 2e-6;
        assert!((rate - (1.0 - 2.0 * r + 2.0 * r * r)).abs() < 1e-7); // (eq:em-rate)
        let away = one_step(1e-6, psi, s) / 1e-6;
        close(away, s / psi, 1e-6);
    }
}

#[test]
fn a_small_step_uphill_in_place_of_the_m_step_climbs_too_and_more_slowly() {
    let (start, data) = coins();
    let (mut slow, mut fast) = (start.clone(), start);
    let mut before = f64::NEG_INFINITY;
    for t in 0..200 {
        let nats = slow.log_likelihood(&data).unwrap();
        assert!(nats >= before - 1e-12, "step {t}: {before} to {nats}");
        if (1..12).contains(&t) {
            assert!(nats < fast.log_likelihood(&data).unwrap());
        }
        before = nats;
        let q = slow.e_step(&data).unwrap();
        for k in 0..2 {
            let p = slow.heads[k];
            let slope: f64 = data
                .iter()
                .zip(q.column(k))
                .map(|(h, q)| q * (h / p - (10.0 - h) / (1.0 - p)))
                .sum();
            slow.heads[k] += 0.002 * slope;
        }
        fast = step(&fast, &data).unwrap().0;
    }
    close(before, oracle()["coins"]["end"][1].as_f64().unwrap(), 1e-9);
}

// --- Monte Carlo ---

#[test]
fn drawn_statistics_are_the_exact_ones_but_for_noise() {
    let ((x, data), (model, _)) = (wines(), factors(2));
    let exact = model.e_step(&data).unwrap();
    let drawn = monte_carlo(&model, x.view(), 400, &mut rng(1)).unwrap();
    assert_eq!(drawn.gain, exact.gain);
    assert_eq!(drawn.covariance, exact.covariance);
    assert!(largest(&(&drawn.xz - &exact.xz)) < 0.01);
    assert!(largest(&(&drawn.zz - &exact.zz)) < 0.01);
    let again = monte_carlo(&model, x.view(), 400, &mut rng(1)).unwrap();
    assert_eq!(again.zz, drawn.zz, "the generator is the caller's");
}

#[test]
fn drawn_statistics_do_not_know_where_zero_is() {
    let ((x, _), (model, _)) = (wines(), factors(2));
    let away = Array1::linspace(-3.0, 9.0, 13);
    let mut moved = model.clone();
    moved.mean += &away;
    let here = monte_carlo(&model, x.view(), 20, &mut rng(3)).unwrap();
    let there = monte_carlo(&moved, (&x + &away).view(), 20, &mut rng(3)).unwrap();
    assert!(largest(&(&there.xz - &here.xz)) < 1e-12);
    assert!(largest(&(&there.zz - &here.zz)) < 1e-12);
}

#[test]
fn more_draws_leave_a_smaller_gap() {
    let ((x, data), (start, _)) = (wines(), factors(2));
    let top = oracle()["wine"]["2"]["end"].as_f64().unwrap();
    let gap = |draws: usize| {
        let (mut model, mut r, mut total) = (start.clone(), rng(7), 0.0);
        for t in 0..150 {
            let q = monte_carlo(&model, x.view(), draws, &mut r).unwrap();
            model = model.m_step(&data, &q).unwrap();
            if t >= 100 {
                total += (top - model.log_likelihood(&data).unwrap()) / 50.0;
            }
        }
        total
    };
    let gaps = [gap(10), gap(100), gap(1000)];
    assert!(gaps[0] > 3.0 * gaps[1] && gaps[1] > 3.0 * gaps[2] && gaps[2] > 0.0, "{gaps:?}");
}

// --- the driver ---

#[test]
fn fit_stops_when_it_is_told_to() {
    let (start, data) = factors(2);
    assert_eq!(fit(start.clone(), &data, steps(0)).unwrap().trace.len(), 1);
    let seven = fit(start.clone(), &data, steps(7)).unwrap();
    assert_eq!(seven.trace.len(), 8);
    close(seven.nats(), seven.model.log_likelihood(&data).unwrap(), 1e-10);
    let early = fit(start, &data, Stop { steps: 500, gain: 0.01 }).unwrap();
    let gains: Vec<f64> = nats(&early).windows(2).map(|w| w[1] - w[0]).collect();
    let (last, before) = gains.split_last().unwrap();
    assert!(*last < 0.01 && before.iter().all(|g| *g >= 0.01) && gains.len() < 100);
}

#[test]
fn every_run_has_a_start_of_its_own_and_the_best_is_kept() {
    let x = iris().x.clone();
    let seen = RefCell::new(vec![]);
    let start = |r: &mut StdRng| -> Result<Pair> {
        let pair = Pair::start(&x, r)?;
        seen.borrow_mut().push(pair.clone());
        Ok(pair)
    };
    let stop = Stop { steps: 500, gain: 1e-9 };
    let best = best_of(12, start, &x, stop, &mut rng(2)).unwrap();
    let seen = seen.into_inner();
    assert_eq!(seen.len(), 12);
    for (i, a) in seen.iter().enumerate() {
        assert_ne!(a.means.row(0), a.means.row(1));
        assert!(seen[..i].iter().all(|b| a.means != b.means), "run {i} repeats a start");
    }
    let each: Vec<f64> = seen.into_iter().map(|m| fit(m, &x, stop).unwrap().nats()).collect();
    let top = each.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    assert_eq!(best.nats(), top);
    close(top, oracle()["iris_pair"]["best"].as_f64().unwrap(), 1e-6);
    let poor = each.iter().filter(|n| **n < top - 50.0).count();
    assert!((2..10).contains(&poor), "a single run often ends on a lower hill: {each:?}");
}

#[test]
fn a_run_that_fails_is_passed_over_unless_all_do() {
    let (good, data) = coins();
    let turn = RefCell::new(0);
    let start = |_: &mut StdRng| {
        *turn.borrow_mut() += 1;
        if *turn.borrow() % 2 == 1 { Coins::new(10, array![2.0]) } else { Ok(good.clone()) }
    };
    assert!(best_of(4, start, &data, steps(3), &mut rng(1)).unwrap().nats().is_finite());
    let never = |_: &mut StdRng| Coins::new(10, array![2.0]);
    let e = best_of(4, never, &data, steps(3), &mut rng(1)).unwrap_err();
    assert!(matches!(e, Error::Range { .. }), "{e}");
    let e = best_of(0, |_: &mut StdRng| Ok(good.clone()), &data, steps(3), &mut rng(1));
    assert!(matches!(e, Err(Error::Range { what: "the number of runs", .. })));
}

// --- samples, costs ---

#[test]
fn models_make_the_data_that_they_describe() {
    let (_, heads) =
        Coins::new(10, array![0.9, 0.3]).unwrap().sample(20_000, &mut rng(1)).unwrap();
    let mean = heads.sum() / 20_000.0;
    assert!((mean - 6.0).abs() < 0.1, "{mean}");
    let (start, x) = geyser();
    let model = fit(start, &x, steps(50)).unwrap().model;
    let (z, rows) = model.sample(20_000, &mut rng(2)).unwrap();
    let second = z.sum() / 20_000.0;
    assert!((second - model.weights[1]).abs() < 0.015, "{second}");
    let (got, want) = (Moments::of(rows.view()).unwrap(), Moments::of(x.view()).unwrap());
    for j in 0..2 {
        close(got.mean[j], want.mean[j], 0.02);
        close(got.covariance[[j, j]], want.covariance[[j, j]], 0.05);
    }
    let (model, data) = factors(2);
    let (z, rows) = Sample::sample(&model, 20_000, &mut rng(3)).unwrap();
    assert!(
        (&z.t().dot(&z) / 20_000.0 - Array2::<f64>::eye(2)).iter().all(|v| v.abs() < 0.05)
    );
    let got = Moments::of(rows.view()).unwrap();
    assert!(largest(&(&got.covariance - &model.covariance())) < 0.2);
    assert_eq!(data.rows, 178.0);
}

/// A matrix product that counts its multiplications.
fn counted(a: &Array2<f64>, b: &Array2<f64>, count: &mut f64) -> Array2<f64> {
    *count += (a.nrows() * a.ncols() * b.ncols()) as f64;
    a.dot(b)
}

#[test]
fn the_multiplications_are_as_many_as_the_formulas_say() {
    let ((x, data), (model, _)) = (wines(), factors(3));
    let (n, d, l) = (178.0, 13.0, 3.0);
    let cost = multiplications(n, d, l);
    let b = &model.w.t() / &model.psi;
    let (want, covariance) = model.gain().unwrap();
    let mut shared = 0.0;
    counted(&b, &model.w, &mut shared); // M
    let gain = counted(&covariance, &b, &mut shared);
    assert!(largest(&(&gain - &want)) < 1e-12);
    let q = model.e_step(&data).unwrap();
    counted(&q.xz, &q.zz, &mut shared); // the two halves of xz · zz⁻¹
    counted(&q.xz, &q.zz, &mut shared);
    let (mut rows, mut moments) = (shared, shared);
    let z = counted(&x, &gain.t().to_owned(), &mut rows);
    let xz = counted(&x.t().to_owned(), &z, &mut rows) / n;
    let zz = counted(&z.t().to_owned(), &z, &mut rows) / n + &covariance;
    assert!(largest(&(&xz - &q.xz)) < 1e-12 && largest(&(&zz - &q.zz)) < 1e-12);
    let xz = counted(&data.covariance, &gain.t().to_owned(), &mut moments);
    let zz = counted(&gain, &xz, &mut moments) + &covariance;
    assert!(largest(&(&xz - &q.xz)) < 1e-12 && largest(&(&zz - &q.zz)) < 1e-12);
    assert_eq!((cost.rows, cost.moments), (rows, moments));
    let mut once = 0.0;
    counted(&x.t().to_owned(), &x, &mut once);
    assert_eq!(cost.once, once);
    let more = multiplications(10.0 * n, d, l);
    assert_eq!(more.moments, cost.moments);
    assert!(more.rows > 9.0 * cost.rows);
}

// --- bad input ---

#[test]
fn bad_input_gets_an_error_that_names_it() {
    assert!(matches!(Coins::new(10, array![1.2]), Err(Error::Range { .. })));
    assert!(matches!(Coins::new(10, array![f64::NAN]), Err(Error::NotFinite { .. })));
    assert!(matches!(Coins::new(10, array![]), Err(Error::Empty { .. })));
    assert!(matches!(Coins::new(0, array![0.5]), Err(Error::Range { .. })));
    let (model, data) = coins();
    assert!(matches!(model.e_step(&array![11.0]), Err(Error::Range { .. })));
    assert!(matches!(model.e_step(&array![-1.0]), Err(Error::Range { .. })));
    assert!(matches!(model.e_step(&array![f64::NAN]), Err(Error::NotFinite { .. })));
    assert!(matches!(model.e_step(&Array1::zeros(0)), Err(Error::Empty { .. })));
    let sure = Coins::new(10, array![1.0, 1.0]).unwrap();
    let e = sure.e_step(&array![10.0, 5.0]).unwrap_err();
    assert!(e.to_string().contains("no coin makes this row"), "{e}");
    let mut q = Array2::zeros((10, 2));
    q.column_mut(0).fill(1.0);
    let e = model.m_step(&data, &q).unwrap_err();
    assert!(matches!(e, Error::NoRows { component: 1, .. }), "{e}");
    for q in [Array2::from_elem((9, 2), 0.5), Array2::from_elem((10, 3), 0.5)] {
        assert!(matches!(model.m_step(&data, &q), Err(Error::Shape { what: "q", .. })));
        assert!(matches!(model.elbo(&data, &q), Err(Error::Shape { what: "q", .. })));
    }
    let (pair, x) = geyser();
    for q in [Array2::from_elem((271, 2), 0.5), Array2::from_elem((272, 3), 0.5)] {
        assert!(matches!(pair.m_step(&x, &q), Err(Error::Shape { what: "q", .. })));
        assert!(matches!(pair.elbo(&x, &q), Err(Error::Shape { what: "q", .. })));
    }
    let mut q = Array2::zeros((272, 2));
    q.column_mut(1).fill(1.0);
    assert!(matches!(pair.m_step(&x, &q), Err(Error::NoRows { component: 0, .. })));
    assert!(matches!(pair.e_step(&random(4, 3, 1)), Err(Error::Shape { .. })));
    let mut holes = x.clone();
    holes[[3, 1]] = f64::NAN;
    assert!(matches!(pair.e_step(&holes), Err(Error::NotFinite { row: 3, column: 1, .. })));
    assert!(matches!(
        Pair::start(&x.slice(s![..1, ..]).to_owned(), &mut rng(1)),
        Err(Error::Range { .. })
    ));
    assert!(matches!(Pair::around(&x, array![[1.0, 2.0]]), Err(Error::Shape { .. })));
    let c = [Array2::eye(2), Array2::eye(2)];
    let means = array![[0.0, 0.0], [1.0, 1.0]];
    assert!(matches!(
        Pair::new(array![0.5, 0.6], means.clone(), c.clone()),
        Err(Error::Range { .. })
    ));
    assert!(matches!(
        Pair::new(array![1.5, -0.5], means.clone(), c.clone()),
        Err(Error::Range { .. })
    ));
    assert!(matches!(Pair::new(array![1.0], means, c), Err(Error::Shape { .. })));
}

#[test]
fn a_start_takes_two_different_rows_and_may_take_any_two() {
    let x =
        Array2::from_shape_fn((5, 2), |(i, j)| (i * i) as f64 + j as f64 * (i as f64).sin());
    let row = |mean: ndarray::ArrayView1<f64>| x.rows().into_iter().position(|r| r == mean);
    let mut seen = [[0; 5]; 5];
    let mut r = rng(4);
    for _ in 0..2000 {
        let means = Pair::start(&x, &mut r).unwrap().means;
        seen[row(means.row(0)).unwrap()][row(means.row(1)).unwrap()] += 1;
    }
    for (i, seconds) in seen.iter().enumerate() {
        for (j, &times) in seconds.iter().enumerate() {
            // 100 times each pair is expected, give or take ten.
            assert!(if i == j { times == 0 } else { (50..150).contains(&times) }, "{seen:?}");
        }
    }
}

#[test]
fn a_heywood_case_says_how_small_a_share_is_left_in_any_unit() {
    let twice = |factor: f64| {
        let x = wines().0;
        let both = ndarray::concatenate(Axis(1), &[x.view(), x.slice(s![.., 6..7])]).unwrap();
        Moments::of((both * factor).view()).unwrap()
    };
    for factor in [1.0, 1e6] {
        let data = twice(factor);
        let end = fit(FactorAnalysis::start(&data, 2).unwrap(), &data, steps(500));
        let Err(Error::Heywood { column: 6 | 13, share }) = end else { panic!("{end:?}") };
        assert!(share <= 1e-10, "{share:e}");
    }
}

#[test]
fn factor_analysis_says_which_column_it_cannot_explain() {
    let (model, data) = factors(2);
    let mut flat = data.clone();
    flat.covariance.row_mut(4).fill(0.0);
    flat.covariance.column_mut(4).fill(0.0);
    assert!(matches!(FactorAnalysis::start(&flat, 2), Err(Error::Constant { column: 4 })));
    let q = model.e_step(&flat).unwrap();
    assert!(matches!(model.m_step(&flat, &q), Err(Error::Constant { column: 4 })));
    assert!(matches!(FactorAnalysis::start(&data, 14), Err(Error::Range { .. })));
    assert!(matches!(FactorAnalysis::start(&data, 0), Err(Error::Range { .. })));
    let few = Moments::of(random(20, 3, 1).view()).unwrap();
    assert!(matches!(model.e_step(&few), Err(Error::Shape { .. })));
    let x = wines().0;
    assert!(matches!(
        monte_carlo(&model, x.view(), 0, &mut rng(1)),
        Err(Error::Range { .. })
    ));
    assert!(matches!(
        monte_carlo(&model, x.slice(s![.., ..3]), 5, &mut rng(1)),
        Err(Error::Shape { .. })
    ));
    let bad = Stop { steps: 5, gain: f64::NAN };
    assert!(matches!(fit(model.clone(), &data, bad), Err(Error::Range { .. })));
    let endless = Moments { rows: f64::INFINITY, ..data.clone() };
    let e = fit(model.clone(), &endless, steps(3)).unwrap_err();
    assert!(matches!(e, Error::NoBound { step: 0, .. }), "{e}");
    let mut huge = data;
    huge.covariance[[0, 0]] = f64::INFINITY;
    assert!(fit(model, &huge, steps(3)).is_err());
}
