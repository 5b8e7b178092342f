//! Chapter 7: the laws of estimators of the bound, of its two gaps, and of tighter bounds.
use dfdx::prelude::*;
use latent::Error;
use latent::data::{digits, wine};
use latent::elbo::{Conjugate, Gauss, Hidden, Tiny, kl_to_standard};
use latent::factor_analysis::FactorAnalysis;
use latent::gaussian::{Moments, log_density, log_normal, log_sum_exp};
use latent::vae::amortised::{Encoder, Gaps, gaps, information};
use latent::vae::estimators::{Pair, one_draw, slope_variances, spread, variances};
use latent::vae::local::{self, Search, evidence, improve, log_weights};
use latent::vae::loss::{cost, loss, terms};
use latent::vae::net::{Table, to_array, to_device};
use latent::vae::normal::{mesh, middles};
use latent::vae::train::noise;
use latent::vae::weighted::{in_groups, signals, weighted_bounds};
use latent::vae::{Codes, Form, Likelihood, Objective, Sizes, Vae, checkpoint};
use ndarray::{Array1, Array2, Axis as Way, array, s};
use ndarray_rand::rand_distr::StandardNormal;
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::Value;
use std::path::Path;

const FORMS: [Form; 3] = [Form::Cost, Form::Energy, Form::Weight];

fn rng(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

#[track_caller]
fn near(got: f64, want: f64, absolute: f64) {
    assert!((got - want).abs() <= absolute, "{got} is not {want} to {absolute:e}");
}

/// The mean of `values` is `want` to five standard errors.
#[track_caller]
fn unbiased(values: &[f64], want: f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0);
    near(mean, want, 5.0 * (variance / n).sqrt() + 1e-12);
}

fn oracle() -> Value {
    serde_json::from_str(include_str!("oracles/vae_estimators.json")).unwrap()
}

fn numbers(v: &Value) -> Vec<f64> {
    v.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

fn number(v: &Value, key: &str) -> f64 {
    v[key].as_f64().unwrap()
}

fn q(mean: f64, sd: f64) -> Gauss {
    Gauss { mean, sd }
}

/// log p(x | z) of the smallest decoder, pixel by pixel.
fn log_likelihood(model: &Tiny, x: &[f64], z: f64) -> f64 {
    let units: Vec<f64> = (0..3).map(|h| (model.a[h] * z + model.b[h]).tanh()).collect();
    let mut sum = 0.0;
    for (d, x) in x.iter().enumerate() {
        let odds: f64 = (0..3).map(|h| model.w[[d, h]] * units[h]).sum();
        let p = 1.0 / (1.0 + (-odds).exp());
        sum += if *x == 1.0 { p.ln() } else { (1.0 - p).ln() };
    }
    sum
}

fn put(table: &mut Table<f64, Cpu>, values: Array2<f64>) {
    assert_eq!(*table.shape(), values.dim());
    *table = to_device(values.view(), &Cpu::default()).unwrap();
}

/// The smallest decoder as a network, with an encoder that says N(m, s²) to everything.
fn network(model: &Tiny, q: Gauss) -> Vae<f64, Cpu> {
    let sizes = Sizes { pixels: 3, hidden: vec![3], latent: 1 };
    let mut net =
        Vae::new(&sizes, Likelihood::Bernoulli, &Cpu::default(), &mut rng(1)).unwrap();
    put(&mut net.decoder[0].weight, model.a.clone().insert_axis(Way(1)));
    put(&mut net.decoder[0].bias, model.b.clone().insert_axis(Way(0)));
    put(&mut net.out.weight, model.w.clone());
    put(&mut net.out.bias, Array2::zeros((1, 3)));
    put(&mut net.mean.weight, Array2::zeros((1, 3)));
    put(&mut net.mean.bias, array![[q.mean]]);
    put(&mut net.log_variance.weight, Array2::zeros((1, 3)));
    put(&mut net.log_variance.bias, array![[2.0 * q.sd.ln()]]);
    net
}

/// Factor analysis with one noise for all as a network: its encoder is the posterior.
fn linear(columns: usize, factors: usize) -> (Vae<f64, Cpu>, Array2<f64>, Array1<f64>) {
    let x = wine().x.slice(s![.., ..columns]).to_owned();
    let all = Moments::of(x.view()).unwrap();
    let x = (&x - &all.mean) / all.covariance.diag().mapv(f64::sqrt);
    let model = FactorAnalysis::ppca(&Moments::of(x.view()).unwrap(), factors).unwrap();
    let (w, noise) = (model.w.clone(), model.psi[0]);
    let sizes = Sizes { pixels: columns, hidden: vec![], latent: factors };
    let likelihood = Likelihood::Gaussian(noise.sqrt());
    let mut net = Vae::new(&sizes, likelihood, &Cpu::default(), &mut rng(1)).unwrap();
    let m = w.t().dot(&w) + Array2::<f64>::eye(factors) * noise; // diagonal: columns of W are orthogonal
    let gain = &w.t() / &m.diag().insert_axis(Way(1));
    let log_variance = m.diag().mapv(|m| (noise / m).ln()).insert_axis(Way(0)).to_owned();
    put(&mut net.mean.weight, gain);
    put(&mut net.mean.bias, Array2::zeros((1, factors)));
    put(&mut net.log_variance.weight, Array2::zeros((factors, columns)));
    put(&mut net.log_variance.bias, log_variance);
    put(&mut net.out.weight, w.clone());
    put(&mut net.out.bias, Array2::zeros((1, columns)));
    let covariance = w.dot(&w.t()) + Array2::<f64>::eye(columns) * noise;
    let evidence = log_density(x.view(), Array1::zeros(columns).view(), covariance.view());
    (net, x, evidence.unwrap())
}

fn images() -> Array2<f64> {
    Tiny::default().every_x()
}

fn posteriors() -> Vec<Hidden> {
    let tiny = Tiny::default();
    images().rows().into_iter().map(|x| tiny.hidden(x).unwrap()).collect()
}

#[test]
fn the_three_forms_have_one_mean() {
    for hidden in posteriors() {
        for q in [q(0.3, 0.6), q(-1.0, 1.4), q(0.0, 1.0)] {
            let forms = spread(&hidden, q);
            let want = hidden.elbo(&q.on(&hidden)).nats();
            for (mean, variance) in forms {
                near(mean, want, 1e-8);
                assert!(variance > 0.0);
            }
        }
    }
    let (all, tiny) = (oracle(), posteriors());
    for (hidden, want) in tiny.iter().zip(all["spread"].as_array().unwrap()) {
        for ((_, got), want) in spread(hidden, q(0.3, 0.6)).iter().zip(numbers(want)) {
            near(*got, want, 1e-8);
        }
    }
}

#[test]
fn one_draw_of_each_form_is_unbiased() {
    let tiny = Tiny::default();
    let mut rng = rng(2);
    for (x, hidden) in images().rows().into_iter().zip(posteriors()) {
        let q = q(0.3, 0.6);
        let draws: Vec<[f64; 3]> = (0..20_000)
            .map(|_| {
                one_draw(
                    |z| log_likelihood(&tiny, &x.to_vec(), z),
                    q,
                    rng.sample(StandardNormal),
                )
            })
            .collect();
        for (form, (mean, variance)) in spread(&hidden, q).into_iter().enumerate() {
            let each: Vec<f64> = draws.iter().map(|d| d[form]).collect();
            unbiased(&each, mean);
            let square: Vec<f64> = each.iter().map(|v| (v - mean).powi(2)).collect();
            unbiased(&square, variance);
        }
    }
}

#[test]
fn the_variances_of_one_draw_have_closed_forms() {
    for case in oracle()["conjugate"].as_array().unwrap() {
        let model = Conjugate::new(number(case, "x"), number(case, "noise")).unwrap();
        let q = q(number(case, "mean"), number(case, "sd"));
        let by_grid = spread(&model.hidden(), q);
        let want = numbers(&case["variance"]);
        for (form, got) in variances(&model, q).into_iter().enumerate() {
            near(got, want[form], 1e-12);
            near(got, by_grid[form].1, 1e-8);
            near(model.elbo(q.mean, q.sd).nats(), numbers(&case["bound"])[form], 1e-12);
        }
    }
}

#[test]
fn neither_estimator_has_the_lower_variance_always() {
    let (plain, sharp) =
        (Conjugate::new(1.2, 1.0).unwrap(), Conjugate::new(1.2, 0.1f64.sqrt()).unwrap());
    let both = |model: &Conjugate, mean: f64, variance: f64| {
        let [b, _, a] = variances(model, q(mean, variance.sqrt()));
        [a, b]
    };
    let [a, b] = both(&plain, 0.6, 0.5); // the posterior
    near(a, 0.0, 1e-30);
    near(b, 0.305, 1e-12);
    let [a, b] = both(&plain, -0.4, 0.3); // far off
    near(a, 1.28, 1e-12);
    near(b, 0.813, 1e-12);
    let [a, b] = both(&sharp, 1.0, 0.2); // near a sharp posterior
    near(a, 0.92, 1e-12);
    near(b, 2.8, 1e-12);
    let [a, b] = both(&plain, 0.0, 1.0); // the prior: log p(z) − log q(z) is zero
    near(a, b, 1e-12);
    near(a, 1.94, 1e-12);
}

#[test]
fn the_best_width_leaves_the_entropy_form_half_a_nat_squared() {
    // At the posterior log p(x, z) is −ε²/2 and a constant: variance ½ for each number in the code.
    for noise in [0.1, 0.5, 1.0, 3.0] {
        let model = Conjugate::new(0.7, noise).unwrap();
        let (m, s) = model.posterior();
        let [_, energy, weight] = variances(&model, q(m, s));
        near(energy, 0.5, 1e-12);
        near(weight, 0.0, 1e-24);
    }
}

#[test]
fn parentheses_decide_the_variance_of_estimator_a() {
    // Without them the sum covers log p(x, z) alone, and one log q(z) is taken off: at the posterior, where the
    // right estimator does not vary at all, this one keeps half a nat squared however many draws there are.
    let model = Conjugate::new(1.2, 1.0).unwrap();
    let (m, s) = model.posterior();
    let mut rng = rng(3);
    let (mut right, mut wrong) = (vec![], vec![]);
    for _ in 0..4000 {
        let (mut joint, mut log_q) = (vec![], vec![]);
        for _ in 0..30 {
            let z = m + s * rng.sample::<f64, _>(StandardNormal);
            joint.push(log_normal(z, 0.0, 1.0) + log_normal(model.x, z, model.noise));
            log_q.push(log_normal(z, m, s));
        }
        let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
        right.push(mean(&joint) - mean(&log_q));
        wrong.push(mean(&joint) - log_q[29]);
    }
    for value in &right {
        near(*value, model.log_evidence(), 1e-12);
    }
    unbiased(&wrong, model.log_evidence());
    let square: Vec<f64> = wrong.iter().map(|v| (v - model.log_evidence()).powi(2)).collect();
    unbiased(&square, 0.5 * (1.0 - 1.0 / 30.0)); // var(log q − its mean over the draws)
}

#[test]
fn only_the_third_form_holds_for_a_pair() {
    // Two hills: x = z² and noise.
    let log_likelihood = |z: f64| log_normal(2.0, z * z, 0.7);
    let hidden = Hidden::on_grid(|z| log_normal(z, 0.0, 1.0), log_likelihood);
    let (best, bound) = hidden.best_gaussian(q(1.2, 0.3)).unwrap();
    let pair = Pair::new(0.5, [best, q(-best.mean, best.sd)]).unwrap();
    let log_q = pair.on(&hidden);
    near(hidden.mean(&log_q, &Array1::ones(log_q.len())), 1.0, 1e-9);
    let exact = hidden.elbo(&log_q).nats();
    near(exact - bound.nats(), std::f64::consts::LN_2, 1e-3); // the second hill is worth log 2
    let mut rng = rng(4);
    let log_joint = |z: f64| log_normal(z, 0.0, 1.0) + log_likelihood(z);
    // its draws have its moments
    let uneven = Pair::new(0.3, [q(1.0, 0.5), q(-2.0, 0.25)]).unwrap();
    let z: Vec<f64> = (0..40_000).map(|_| uneven.draw(&mut rng)).collect();
    let mean = |power: i32| z.iter().map(|z| z.powi(power)).sum::<f64>() / 40_000.0;
    near(mean(1), 0.3 * 1.0 - 0.7 * 2.0, 0.04);
    near(mean(2), 0.3 * (1.0 + 0.25) + 0.7 * (4.0 + 0.0625), 0.06);
    let draws: Vec<f64> = (0..40_000).map(|_| pair.one_draw(log_joint, &mut rng)).collect();
    unbiased(&draws, exact);
    let lopsided = Pair::new(0.8, [best, q(-best.mean, 0.5)]).unwrap();
    let draws: Vec<f64> =
        (0..40_000).map(|_| lopsided.one_draw(log_joint, &mut rng)).collect();
    unbiased(&draws, hidden.elbo(&lopsided.on(&hidden)).nats());
}

#[test]
fn the_cost_of_a_code_is_plus_half_the_sum() {
    let device = Cpu::default();
    let (m, sd) = (array![[1.0, -2.0, 0.5]], array![[0.5f64, 1.0, 2.0]]);
    let l = to_device(sd.mapv(|s| 2.0 * s.ln()).view(), &device).unwrap();
    let got = cost(to_device(m.view(), &device).unwrap(), l).unwrap().as_vec()[0];
    near(got, 3.75, 1e-12);
    let formula = |m: &f64, s: &f64| 1.0 + (s * s).ln() - m * m - s * s;
    let half: f64 = m.iter().zip(&sd).map(|(m, s)| 0.5 * formula(m, s)).sum();
    near(-got, half, 1e-12); // and not −½ Σ
    // The two integrals: E log p(z) and E log q(z), each by a sum over a grid.
    let mut by_quadrature = 0.0;
    for (&m, &s) in m.iter().zip(&sd) {
        let hidden = Hidden::on_grid(|z| log_normal(z, 0.0, 1.0), |_| 0.0);
        let log_q = q(m, s).on(&hidden);
        let prior = hidden.mean(&log_q, &hidden.log_prior);
        near(prior, -0.5 * ((std::f64::consts::TAU).ln() + m * m + s * s), 1e-6);
        let own = hidden.mean(&log_q, &log_q);
        near(own, -0.5 * ((std::f64::consts::TAU).ln() + 1.0 + (s * s).ln()), 1e-6);
        by_quadrature += own - prior;
    }
    near(got, by_quadrature, 2e-6);
    near(got, kl_to_standard(&[1.0, -2.0, 0.5], &[0.5, 1.0, 2.0]), 1e-12);
}

fn objective(form: Form, draws: usize) -> Objective {
    Objective { form, draws, ..Objective::default() }
}

#[test]
fn all_forms_of_a_network_are_unbiased_for_the_bound_of_each_image() {
    let q = q(0.3, 0.6);
    let net = network(&Tiny::default(), q);
    let (x, mut rng) = (to_device(images().view(), net.device()).unwrap(), rng(5));
    for form in FORMS {
        for draws in [1, 7] {
            let mut values = vec![vec![]; 8];
            for _ in 0..600 {
                let noise = noise((8 * draws, 1), net.device(), &mut rng).unwrap();
                let terms = terms(&net, x.clone(), noise, objective(form, draws)).unwrap();
                for kl in terms.kl.as_vec() {
                    near(kl, kl_to_standard(&[q.mean], &[q.sd]), 1e-12);
                }
                for (row, v) in terms.bound.as_vec().into_iter().enumerate() {
                    values[row].push(v);
                }
            }
            for (hidden, values) in posteriors().iter().zip(&values) {
                unbiased(values, hidden.elbo(&q.on(hidden)).nats());
            }
        }
    }
}

#[test]
fn the_bound_of_a_gaussian_network_is_that_of_the_closed_form() {
    // One pixel, one number in the code, out = z: the model of one number behind noise.
    for (x, sd, q) in [(1.2, 1.0, q(-0.4, 0.3)), (0.3, 0.4, q(0.5, 0.9))] {
        let model = Conjugate::new(x, sd).unwrap();
        let sizes = Sizes { pixels: 1, hidden: vec![], latent: 1 };
        let mut net =
            Vae::new(&sizes, Likelihood::Gaussian(sd), &Cpu::default(), &mut rng(1)).unwrap();
        put(&mut net.mean.weight, array![[0.0]]);
        put(&mut net.mean.bias, array![[q.mean]]);
        put(&mut net.log_variance.weight, array![[0.0]]);
        put(&mut net.log_variance.bias, array![[2.0 * q.sd.ln()]]);
        put(&mut net.out.weight, array![[1.0]]);
        put(&mut net.out.bias, array![[0.0]]);
        let mut rng = rng(6);
        for (form, variance) in FORMS.into_iter().zip(variances(&model, q)) {
            let x = to_device(Array2::from_elem((5000, 1), x).view(), net.device()).unwrap();
            let noise = noise((5000, 1), net.device(), &mut rng).unwrap();
            let values = terms(&net, x, noise, objective(form, 1)).unwrap().bound.as_vec();
            let bound = model.elbo(q.mean, q.sd).nats();
            unbiased(&values, bound);
            let square: Vec<f64> = values.iter().map(|v| (v - bound).powi(2)).collect();
            unbiased(&square, variance);
        }
    }
}

/// The slopes of the mean bound in the encoder's two biases.
fn slopes(net: &Vae<f64, Cpu>, noise: Table<f64, Cpu>, form: Form) -> [f64; 2] {
    let draws = noise.shape().0 / 8;
    let x = to_device(images().view(), net.device()).unwrap();
    let value = loss(net, x.traced(Gradients::leaky()), noise, objective(form, draws));
    let slope = value.unwrap().backward();
    [&net.mean.bias, &net.log_variance.bias].map(|bias| -slope.get(bias).as_vec()[0])
}

#[test]
fn two_forms_have_the_same_slopes_and_the_third_the_same_mean() {
    let q = q(0.3, 0.6);
    let net = network(&Tiny::default(), q);
    let mut rng = rng(7);
    let mut each = [const { [const { vec![] }; 2] }; 3];
    for _ in 0..1500 {
        let noise = noise((8 * 4, 1), net.device(), &mut rng).unwrap();
        let found = FORMS.map(|form| slopes(&net, noise.clone(), form));
        for way in 0..2 {
            near(found[1][way], found[2][way], 1e-12); // draw by draw
            for (form, each) in each.iter_mut().enumerate() {
                each[way].push(found[form][way]);
            }
        }
    }
    let exact: Vec<[f64; 2]> = posteriors().iter().map(|h| h.slopes(q).1).collect();
    let by_mean = exact.iter().map(|s| s[0]).sum::<f64>() / 8.0;
    let by_log_variance = exact.iter().map(|s| 0.5 * s[1]).sum::<f64>() / 8.0;
    for form in &each {
        unbiased(&form[0], by_mean);
        unbiased(&form[1], by_log_variance);
    }
}

#[test]
fn the_slope_of_log_q_at_a_fixed_draw_may_be_kept_or_dropped() {
    // x = 1.2 behind noise of variance 1, q = N(0.3, 0.64): ∂/∂m of log p(x, z) − log q(z), z = m + sε
    let (x, m, s) = (1.2, 0.3, 0.8);
    let mut rng = rng(18);
    let [mut kept, mut dropped, mut direct] = [const { vec![] }; 3];
    for _ in 0..40_000 {
        let e: f64 = rng.sample(StandardNormal);
        let (h, z) = (1e-5, m + s * e);
        let bound = |moved: f64, mean: f64| {
            let z = moved + s * e;
            log_normal(x, z, 1.0) + log_normal(z, 0.0, 1.0) - log_normal(z, mean, s)
        };
        let all = (bound(m + h, m + h) - bound(m - h, m - h)) / (2.0 * h);
        let path = (bound(m + h, m) - bound(m - h, m)) / (2.0 * h);
        near(all - path, -(z - m) / (s * s), 1e-6); // −∂ log q/∂m with z held
        kept.push(all);
        dropped.push(path);
        direct.push(all - path);
    }
    unbiased(&direct, 0.0);
    for (slopes, variance) in [(kept, 4.0 * s * s), (dropped, (1.0 / s - 2.0 * s).powi(2))] {
        unbiased(&slopes, x - 2.0 * m);
        let square: Vec<f64> = slopes.iter().map(|v| (v - 0.6).powi(2)).collect();
        unbiased(&square, variance); // 2.56 and 0.1225
    }
}

#[test]
fn the_variances_of_slopes_have_closed_forms() {
    let mut rng = rng(8);
    for (x, noise, q) in [(1.2, 1.0, q(0.6, 0.5f64.sqrt())), (1.2, 0.4, q(-0.4, 0.7))] {
        let model = Conjugate::new(x, noise).unwrap();
        let want = slope_variances(&model, q);
        let mut found = [const { [const { vec![] }; 2] }; 2];
        for _ in 0..30_000 {
            let e: f64 = rng.sample(StandardNormal);
            let h = 1e-5;
            let at = |m: f64, s: f64| {
                one_draw(|z| log_normal(x, z, noise), Gauss { mean: m, sd: s }, e)
            };
            let by_mean = [at(q.mean + h, q.sd), at(q.mean - h, q.sd)];
            let by_sd = [at(q.mean, q.sd * h.exp()), at(q.mean, q.sd * (-h).exp())];
            for (way, [up, down]) in [by_mean, by_sd].into_iter().enumerate() {
                let slope: Vec<f64> = (0..3).map(|f| (up[f] - down[f]) / (2.0 * h)).collect();
                near(slope[1], slope[2], 1e-5);
                found[0][way].push(slope[0]);
                found[1][way].push(slope[1]);
            }
        }
        let (by_m, by_s) = model.slopes(q.mean, q.sd);
        for form in 0..2 {
            for (way, mean) in [by_m, q.sd * by_s].into_iter().enumerate() {
                let each = &found[form][way];
                unbiased(each, mean);
                let square: Vec<f64> = each.iter().map(|v| (v - mean).powi(2)).collect();
                unbiased(&square, want[form][way]);
            }
        }
    }
}

fn trained() -> Encoder {
    Encoder::trained(&Tiny::default(), 300, 0.5).unwrap()
}

#[test]
fn both_gaps_are_there_for_every_image() {
    let (all, tiny) = (oracle(), Tiny::default());
    let encoder = trained();
    let want = numbers(&all["encoder"]);
    for (got, want) in encoder.mean.iter().chain(&encoder.log_sd).zip(want) {
        near(*got, want, 1e-5);
    }
    let found = gaps(&tiny, &encoder).unwrap();
    near(found.iter().map(|g| g.share).sum(), 1.0, 1e-9);
    let (one, other) = (numbers(&all["approximation"]), numbers(&all["amortisation"]));
    for (i, gaps) in found.iter().enumerate() {
        near(gaps.approximation(), one[i], 1e-8);
        near(gaps.amortisation(), other[i], 1e-6);
        assert!(gaps.approximation() > 0.0 && gaps.amortisation() > 0.0);
        let hidden = &posteriors()[i];
        let whole = hidden.gap(&gaps.amortised.0.on(hidden));
        near(gaps.approximation() + gaps.amortisation(), whole, 1e-9);
    }
}

#[test]
fn the_encoder_gives_up_an_image_for_the_mean() {
    // Its mean bound is at a top: no small change of a weight helps. For a single image almost every change does.
    let tiny = Tiny::default();
    let encoder = trained();
    let mean = |found: &[Gaps]| -> f64 {
        found.iter().map(|g| g.share * g.amortised.1.nats()).sum()
    };
    let top = mean(&gaps(&tiny, &encoder).unwrap());
    for d in 0..4 {
        for step in [-0.02, 0.02] {
            let (mut one, mut other) = (encoder.clone(), encoder.clone());
            one.mean[d] += step;
            other.log_sd[d] += step;
            assert!(mean(&gaps(&tiny, &one).unwrap()) < top);
            assert!(mean(&gaps(&tiny, &other).unwrap()) < top);
        }
    }
    let start = Encoder::trained(&tiny, 0, 0.5).unwrap();
    assert_eq!(start.q(images().row(3)).unwrap(), q(0.0, 1.0));
    assert!(mean(&gaps(&tiny, &start).unwrap()) < top - 0.1);
}

#[test]
fn a_search_from_the_encoder_finds_the_best_gaussian() {
    let net = network(&Tiny::default(), q(0.0, 1.0));
    let noise = middles(2000).unwrap().insert_axis(Way(1));
    let search = Search { steps: 300, rate: 0.03 };
    let found = improve(&net, images().view(), noise.view(), search).unwrap();
    for (row, hidden) in posteriors().iter().enumerate() {
        let (best, bound) = hidden.best_gaussian(q(0.0, 1.0)).unwrap();
        near(found.before[row], hidden.elbo(&q(0.0, 1.0).on(hidden)).nats(), 2e-3);
        near(found.after[row], bound.nats(), 1e-3);
        near(found.codes.mean[[row, 0]], best.mean, 5e-3);
        near(found.codes.sd[[row, 0]], best.sd, 5e-3);
    }
}

/// The trained network with two numbers in its code, and some test digits.
fn digits_two(rows: usize) -> (Vae<f32, Cpu>, Array2<f32>) {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("book/runs/digits-2/weights.safetensors");
    let x = digits().x.mapv(|v| if v >= 8.0 { 1f32 } else { 0.0 });
    let x = x.slice(s![1500..1500 + rows, ..]).to_owned();
    (checkpoint::load(&path, &Cpu::default()).unwrap(), x)
}

/// 36 draws of two numbers, laid out evenly, with variance one.
fn laid_out() -> Array2<f64> {
    let z = mesh(6).unwrap();
    &z / &z.std_axis(Way(0), 0.0)
}

#[test]
fn a_row_is_never_worse_for_a_search_of_its_own() {
    let (net, x) = digits_two(100);
    let search = Search { steps: 40, rate: 0.1 };
    let found = improve(&net, x.view(), laid_out().view(), search).unwrap();
    let exact = evidence(&net, x.view(), (6.0, 241)).unwrap();
    let gain = &found.after - &found.before;
    assert!(gain.iter().all(|g| *g >= 0.0));
    let (amortisation, approximation) =
        (gain.mean().unwrap(), (&exact - &found.after).mean().unwrap());
    assert!((0.3..1.2).contains(&amortisation), "{amortisation}");
    assert!((0.02..0.4).contains(&approximation), "{approximation}");
    // Under draws that the search has not seen, the mean gain is nearly as large.
    let fresh = |codes: &Codes| {
        let mut rng = rng(15);
        let mut sum = 0.0;
        for (row, (m, sd)) in codes.mean.rows().into_iter().zip(codes.sd.rows()).enumerate() {
            let z = Array2::from_shape_fn((400, 2), |(_, d)| {
                m[d] + sd[d] * rng.sample::<f64, _>(StandardNormal)
            });
            let one = x.slice(s![row..row + 1, ..]);
            let fit = local::log_likelihood(&net, one, z.view()).unwrap().mean().unwrap();
            sum += fit - kl_to_standard(&m.to_vec(), &sd.to_vec());
        }
        sum / 100.0
    };
    let gained = fresh(&found.codes) - fresh(&net.codes(x.view()).unwrap());
    near(gained, amortisation, 0.05);
}

#[test]
fn many_draws_come_near_the_evidence_of_a_network_from_below() {
    let (net, x) = digits_two(50);
    let exact = evidence(&net, x.view(), (6.0, 241)).unwrap();
    let finer = evidence(&net, x.view(), (7.0, 401)).unwrap();
    let log_w = log_weights(&net, x.view(), 400, &mut rng(16)).unwrap();
    let mean = |k| -> f64 {
        log_w.columns().into_iter().map(|w| in_groups(w, k).unwrap()).sum::<f64>() / 50.0
    };
    let bounds = [1, 4, 20, 100, 400].map(mean);
    assert!(bounds.windows(2).all(|pair| pair[0] < pair[1]));
    let evidence = exact.mean().unwrap();
    near(evidence, finer.mean().unwrap(), 1e-4);
    assert!(bounds[3] < evidence);
    near(bounds[4], evidence, 0.2); // one group a row: an estimate, which may lie above
}

#[test]
fn a_linear_encoder_loses_nothing_on_a_linear_decoder() {
    let (net, x, evidence) = linear(5, 2);
    let mut rng = rng(9);
    // With pairs ε, −ε of the right second moments the bound of a quadratic is exact.
    let noise = array![[1.0, 1.0], [-1.0, 1.0], [1.0, -1.0], [-1.0, -1.0]];
    let search = Search { steps: 100, rate: 0.01 };
    let found = improve(&net, x.slice(s![..40, ..]), noise.view(), search).unwrap();
    for row in 0..40 {
        near(found.before[row], evidence[row], 1e-9); // no approximation gap either
        near(found.after[row], found.before[row], 1e-9);
    }
    // An encoder that is off is improved, back to the same place.
    let mut off = net.clone();
    put(&mut off.mean.bias, array![[0.3, -0.2]]);
    let found = improve(&off, x.slice(s![..40, ..]), noise.view(), search).unwrap();
    for row in 0..40 {
        assert!(found.before[row] < evidence[row] - 0.1);
        near(found.after[row], evidence[row], 1e-3);
    }
    let log_w = log_weights(&net, x.slice(s![..40, ..]), 10, &mut rng).unwrap();
    for ((_, row), log_w) in log_w.indexed_iter() {
        near(*log_w, evidence[row], 1e-9); // at the posterior every weight is p(x)
    }
}

#[test]
fn the_evidence_of_a_network_is_a_sum_over_a_grid() {
    let net = network(&Tiny::default(), q(0.0, 1.0));
    let found = evidence(&net, images().view(), (9.0, 901)).unwrap();
    for (found, hidden) in found.iter().zip(posteriors()) {
        near(*found, hidden.log_evidence(), 1e-9);
    }
    let (net, x, want) = linear(3, 2);
    let found = evidence(&net, x.slice(s![..6, ..]), (8.0, 161)).unwrap();
    for row in 0..6 {
        near(found[row], want[row], 1e-9);
    }
}

#[test]
fn weighted_bounds_are_those_of_sums_over_many_draws() {
    let hidden = &posteriors()[5];
    for case in oracle()["weighted"].as_array().unwrap() {
        let q = q(number(case, "mean"), number(case, "sd"));
        let found = weighted_bounds(hidden, q, &[1, 2, 3]).unwrap();
        for (found, want) in found.iter().zip(numbers(&case["bound"])) {
            near(*found, want, 2e-8);
        }
        near(found[0], hidden.elbo(&q.on(hidden)).nats(), 1e-9);
    }
    // Weights of which the least is below e⁻¹⁰⁰⁰: one draw is the bound still.
    let (sharp, wide) = (Conjugate::new(1.0, 0.15).unwrap().hidden(), q(0.0, 1.0));
    let found = weighted_bounds(&sharp, wide, &[1]).unwrap();
    near(found[0], sharp.elbo(&wide.on(&sharp)).nats(), 1e-6);
    // The numbers of the reference runs, by drawing: five and fifty draws, standard errors below.
    let found = weighted_bounds(hidden, q(0.3, 0.6), &[5, 50]).unwrap();
    near(found[0], -2.172_687, 5.0 * 0.000_686);
    near(found[1], -2.119_874, 5.0 * 0.001_119);
}

#[test]
fn more_draws_never_loosen_the_bound_and_never_pass_the_evidence() {
    let draws = [1, 2, 3, 5, 10, 50, 500, 5000];
    for hidden in posteriors() {
        for q in [q(0.3, 0.6), q(0.3, 0.9), q(-0.5, 1.3)] {
            let found = weighted_bounds(&hidden, q, &draws).unwrap();
            for pair in found.windows(2) {
                assert!(pair[0] < pair[1]);
            }
            assert!(found[7] < hidden.log_evidence() + 1e-9);
            if q.sd > 0.7 {
                near(found[7], hidden.log_evidence(), 5e-3); // the weights have a variance
            }
        }
    }
    // If q is the posterior all weights are equal, and nothing is left to gain.
    let model = Conjugate::new(1.2, 1.0).unwrap();
    let (m, s) = model.posterior();
    for found in weighted_bounds(&model.hidden(), q(m, s), &draws).unwrap() {
        near(found, model.log_evidence(), 1e-9);
    }
}

#[test]
fn draws_can_reverse_an_order() {
    // One model, one image, one evidence: the poorer q with five draws has the higher number.
    let hidden = &posteriors()[5];
    let narrow = weighted_bounds(hidden, q(0.3, 0.6), &[1, 5]).unwrap();
    let wide = weighted_bounds(hidden, q(0.3, 0.9), &[1, 5]).unwrap();
    assert!(narrow[0] < wide[0] && narrow[1] < wide[1]);
    assert!(narrow[1] > wide[0] + 0.009);
}

#[test]
fn groups_of_draws_estimate_the_weighted_bound() {
    let (tiny, q) = (Tiny::default(), q(0.3, 0.6));
    let net = network(&tiny, q);
    let log_w = log_weights(&net, images().view(), 12_000, &mut rng(10)).unwrap();
    for (hidden, log_w) in posteriors().iter().zip(log_w.columns()) {
        let exact = weighted_bounds(hidden, q, &[1, 2, 5]).unwrap();
        for (k, exact) in [1, 2, 5].into_iter().zip(exact) {
            let groups: Vec<f64> = log_w
                .to_vec()
                .chunks_exact(k)
                .map(|g| log_sum_exp(g) - (k as f64).ln())
                .collect();
            unbiased(&groups, exact);
            let mean = groups.iter().sum::<f64>() / groups.len() as f64;
            near(in_groups(log_w, k).unwrap(), mean, 1e-12);
        }
    }
    // What is left over after the last whole group takes no part.
    let five = array![0.0, 0.0, 0.0, 0.0, 100.0];
    near(in_groups(five.view(), 2).unwrap(), 0.0, 1e-12);
}

#[test]
fn the_weighted_objective_is_the_log_of_the_mean_weight() {
    let net = network(&Tiny::default(), q(0.3, 0.6));
    let x = to_device(images().view(), net.device()).unwrap();
    let noise = noise((8 * 5, 1), net.device(), &mut rng(11)).unwrap();
    let values = to_array(&noise).unwrap();
    let weighted = Objective { weighted: true, ..objective(Form::Weight, 5) };
    let got = terms(&net, x.clone(), noise, weighted).unwrap().bound.as_vec();
    let mut each = Array2::zeros((5, 8));
    for (draw, mut each) in each.rows_mut().into_iter().enumerate() {
        let e =
            to_device(values.slice(s![8 * draw..8 * draw + 8, ..]), net.device()).unwrap();
        let one = terms(&net, x.clone(), e, objective(Form::Weight, 1)).unwrap();
        each.assign(&Array1::from(one.bound.as_vec()));
    }
    for (row, got) in got.into_iter().enumerate() {
        near(got, log_sum_exp(&each.column(row).to_vec()) - 5f64.ln(), 1e-12);
    }
}

#[test]
fn more_draws_help_the_decoder_and_starve_the_encoder() {
    let (model, q) = (Conjugate::new(1.2, 1.0).unwrap(), q(0.0, 0.8));
    // One draw: mean over standard deviation has a closed form.
    let [encoder, decoder] = signals(&model, q, (1, 100_000), &mut rng(12)).unwrap();
    near(encoder, 1.2 / (0.8 * 2.0), 0.02);
    near(decoder, 1.2 / 0.8, 0.02);
    let sharp = Conjugate::new(1.2, 0.5).unwrap(); // slopes of m: 4 (1.2 − z) − z
    let [encoder, decoder] = signals(&sharp, q, (1, 100_000), &mut rng(12)).unwrap();
    near(encoder, 4.0 * 1.2 / (0.8 * 5.0), 0.02);
    near(decoder, 1.2 / 0.8, 0.02);
    // From 16 draws to 256 the one falls by about √16 and the other rises by as much.
    let few = signals(&model, q, (16, 20_000), &mut rng(13)).unwrap();
    let many = signals(&model, q, (256, 20_000), &mut rng(14)).unwrap();
    near((many[0] / few[0]).log2(), -2.0, 0.5);
    near((many[1] / few[1]).log2(), 2.0, 0.5);
}

#[test]
fn the_information_in_the_code_is_at_most_the_mean_cost() {
    let (tiny, all) = (Tiny::default(), oracle());
    let [told, paid] = information(&tiny, &trained()).unwrap();
    near(told, number(&all, "information"), 1e-6);
    near(paid, number(&all, "cost"), 1e-6);
    for steps in [0, 1, 5, 20, 100] {
        for scale in [1.0, 3.0] {
            let tiny = tiny.scaled(scale);
            let encoder = Encoder::trained(&tiny, steps, 0.5).unwrap();
            let [told, paid] = information(&tiny, &encoder).unwrap();
            assert!(told >= -1e-9 && told <= paid + 1e-9 && told <= 8f64.ln());
        }
    }
    // An encoder that does not look tells nothing; what it pays is its distance from the prior.
    let blind =
        Encoder { mean: array![0.0, 0.0, 0.0, 0.7], log_sd: array![0.0, 0.0, 0.0, -1.0] };
    let [told, paid] = information(&tiny, &blind).unwrap();
    near(told, 0.0, 1e-9);
    near(paid, kl_to_standard(&[0.7], &[(-1f64).exp()]), 1e-8);
}

#[test]
fn a_wide_noisy_code_and_a_narrow_clean_one_cost_the_same() {
    // If the means spread so that the average of all q is the prior, the mean cost is −½ Σ log v, and it is all information.
    let mean_cost = |v: f64| {
        let each = middles(4000)
            .unwrap()
            .mapv(|e| kl_to_standard(&[(1.0 - v).sqrt() * e], &[v.sqrt()]));
        each.sum() / 4000.0
    };
    near(mean_cost(0.01), -0.5 * 0.01f64.ln(), 2e-3);
    near(2.0 * mean_cost(0.1), mean_cost(0.01), 3e-3);
    near(2.0 * -0.5 * 0.1f64.ln(), 10f64.ln(), 1e-12);
}

#[test]
fn hostile_input_is_refused() {
    let (net, x) = (network(&Tiny::default(), q(0.0, 1.0)), images());
    let search = Search { steps: 1, rate: 0.1 };
    let e = array![[0.5], [-0.5]];
    let range = |got: Error| assert!(matches!(got, Error::Range { .. }), "{got}");
    let shape = |got: Error| assert!(matches!(got, Error::Shape { .. }), "{got}");
    shape(improve(&net, x.slice(s![.., ..2]), e.view(), search).unwrap_err());
    shape(improve(&net, x.view(), Array2::zeros((2, 2)).view(), search).unwrap_err());
    range(
        improve(&net, x.view(), e.view(), Search { rate: f64::NAN, ..search }).unwrap_err(),
    );
    assert!(improve(&net, x.view(), Array2::zeros((0, 1)).view(), search).is_err());
    assert!(improve(&net, x.slice(s![..0, ..]), e.view(), search).is_err());
    let nan = array![[f64::NAN]];
    assert!(improve(&net, x.view(), nan.view(), search).is_err());
    range(log_weights(&net, x.view(), 0, &mut rng(1)).unwrap_err());
    range(evidence(&net, x.view(), (0.0, 10)).unwrap_err());
    range(evidence(&net, x.view(), (5.0, 1)).unwrap_err());
    let (wide, rows, _) = linear(5, 3);
    range(evidence(&wide, rows.view(), (5.0, 10)).unwrap_err());
    let hidden = &posteriors()[0];
    range(weighted_bounds(hidden, q(0.0, 1.0), &[0]).unwrap_err());
    range(weighted_bounds(hidden, q(0.0, 0.0), &[1]).unwrap_err());
    let impossible = Hidden::discrete(&[0.5, 0.5], &[0.0, 0.4]).unwrap();
    range(weighted_bounds(&impossible, q(0.0, 1.0), &[1]).unwrap_err()); // and not a loop without end
    range(in_groups(array![0.0].view(), 2).unwrap_err());
    range(in_groups(array![0.0].view(), 0).unwrap_err());
    range(Pair::new(1.5, [q(0.0, 1.0); 2]).unwrap_err());
    range(Pair::new(0.5, [q(0.0, -1.0), q(0.0, 1.0)]).unwrap_err());
    let model = Conjugate::new(1.0, 1.0).unwrap();
    range(signals(&model, q(0.0, 1.0), (0, 10), &mut rng(1)).unwrap_err());
    range(signals(&model, q(0.0, 1.0), (1, 1), &mut rng(1)).unwrap_err());
    range(Encoder::trained(&Tiny::default(), 1, f64::NAN).unwrap_err());
    shape(trained().q(array![1.0].view()).unwrap_err());
    let short = Encoder { log_sd: array![0.0], ..trained() };
    shape(short.q(array![1.0, 0.0, 1.0].view()).unwrap_err());
    shape(local::log_likelihood(&net, x.slice(s![.., ..2]), e.view()).unwrap_err());
    shape(local::log_likelihood(&net, x.view(), Array2::zeros((2, 2)).view()).unwrap_err());
}
