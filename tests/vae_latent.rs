//! Chapter 7: the laws of codes, of all codes together, and of the autoencoder without a bend.
use dfdx::prelude::*;
use latent::data::wine;
use latent::elbo::{Conjugate, Gauss, Hidden, Tiny};
use latent::em::Sample;
use latent::factor_analysis::FactorAnalysis;
use latent::gaussian::{self, LN_2PI, Moments, log_normal};
use latent::mixture::{Covariance, Gaussians};
use latent::pca::{Origin, Pca};
use latent::vae::checkpoint;
use latent::vae::climb::climb;
use latent::vae::latent::{fitted_prior, neighbours, standard};
use latent::vae::net::{Layer, to_device};
use latent::vae::normal::{cdf, mesh, middles, quantile};
use latent::vae::predict::{again, averaged, coverage, mode, pixel};
use latent::vae::{
    Codes, Form, Likelihood, Linear, Objective, Plan, Run, Sizes, Spread, Vae, loss,
};
use latent::{Error, Result};
use ndarray::{Array1, Array2, ArrayView2, Axis, array, s};
use ndarray_rand::{RandomExt, rand_distr::StandardNormal};
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

#[track_caller]
fn equal(a: ArrayView2<f64>, b: ArrayView2<f64>, absolute: f64) {
    assert_eq!(a.dim(), b.dim());
    for (got, want) in a.iter().zip(&b) {
        near(*got, *want, absolute);
    }
}

fn oracle() -> Value {
    serde_json::from_str(include_str!("oracles/vae_latent.json")).unwrap()
}

fn number(v: &Value) -> f64 {
    v.as_f64().unwrap()
}

fn numbers(v: &Value) -> Vec<f64> {
    v.as_array().unwrap().iter().map(number).collect()
}

fn matrix(v: &Value) -> Array2<f64> {
    let rows: Vec<Vec<f64>> = v.as_array().unwrap().iter().map(numbers).collect();
    Array2::from_shape_fn((rows.len(), rows[0].len()), |(i, j)| rows[i][j])
}

fn column(v: &Value) -> Array2<f64> {
    Array1::from(numbers(v)).insert_axis(Axis(1))
}

/// 178 wines, each column with mean zero and variance one.
fn wines() -> Array2<f64> {
    let all = Moments::of(wine().x.view()).unwrap();
    (&wine().x - &all.mean) / all.covariance.diag().mapv(f64::sqrt)
}

fn moments() -> Moments {
    Moments::of(wines().view()).unwrap()
}

/// The image 011, and its best Gaussian.
fn image_011() -> (Hidden, Gauss) {
    let hidden = Tiny::default().hidden(array![0.0, 1.0, 1.0].view()).unwrap();
    let (q, _) = hidden.best_gaussian(Gauss { mean: 0.0, sd: 1.0 }).unwrap();
    (hidden, q)
}

/// p(x_d = 1 | z) of the small decoder at the places of the grid.
fn pixels_on_grid() -> Vec<Array1<f64>> {
    let tiny = Tiny::default();
    let images = tiny.every_x();
    let likelihoods: Vec<_> =
        images.rows().into_iter().map(|x| tiny.hidden(x).unwrap().log_likelihood).collect();
    (0..3).map(|d| pixel(images.view(), &likelihoods, d).unwrap()).collect()
}

// What the codes say.

#[test]
fn the_mean_of_q_is_not_the_mode_of_the_posterior() {
    let oracle = &oracle()["tiny"];
    let (hidden, q) = image_011();
    let top = mode(&hidden).unwrap();
    let mean = hidden.mean(&hidden.log_posterior(), &hidden.z);
    near(top, number(&oracle["mode"]), 1e-4);
    near(mean, number(&oracle["mean"]), 1e-9);
    near(q.mean, number(&oracle["q"][0]), 1e-6);
    near(q.mean, -0.707164, 1e-6);
    near(top, -0.488, 5e-4);
    // The best q sits beside the posterior's mean, and far from its highest place.
    assert!((q.mean - mean).abs() < 0.01 && (q.mean - top).abs() > 0.2);
}

#[test]
fn where_the_posterior_is_gaussian_mode_mean_and_q_are_one() {
    let model = Conjugate::new(1.2, 0.7).unwrap();
    let hidden = model.hidden();
    let (exact, _) = model.posterior();
    near(mode(&hidden).unwrap(), exact, 1e-9);
    let end = Hidden { log_likelihood: hidden.z.mapv(|z| 90.0 * z), ..hidden };
    near(mode(&end).unwrap(), 12.0, 1e-12); // a top at the border is no parabola
}

#[test]
fn decoding_the_mean_is_not_the_mean_of_decodings() {
    let oracle = &oracle()["tiny"];
    let (hidden, q) = image_011();
    for (d, f) in pixels_on_grid().iter().enumerate() {
        let [mean, there] = averaged(&hidden, &q.on(&hidden), f).unwrap();
        near(mean, number(&oracle["mean_of_pixels_under_q"][d]), 1e-6);
        near(there, number(&oracle["pixels_at_mean_of_q"][d]), 1e-5);
        // The decoder is surer at one place than on average over many.
        assert!((there - 0.5).abs() > (mean - 0.5).abs() + 0.03);
        let [exact, _] = averaged(&hidden, &hidden.log_posterior(), f).unwrap();
        near(exact, number(&oracle["mean_of_pixels_under_posterior"][d]), 1e-6);
    }
}

#[test]
fn a_mean_of_squashed_odds_is_nearer_to_one_half() {
    let hidden = Hidden::on_grid(|z| log_normal(z, 0.0, 1.0), |_| 0.0);
    for (slope, shift) in [(1.0, 0.3), (-2.0, 1.0), (3.0, -2.0), (0.5, -0.1)] {
        let f = hidden.z.mapv(|z| 1.0 / (1.0 + (-slope * z - shift).exp()));
        let q = Gauss { mean: 0.4, sd: 0.8 };
        let [mean, there] = averaged(&hidden, &q.on(&hidden), &f).unwrap();
        assert!((mean - 0.5).abs() < (there - 0.5).abs() - 1e-4);
        assert!((mean - 0.5) * (there - 0.5) > 0.0);
    }
    let straight = hidden.z.mapv(|z| 2.0 * z - 1.0);
    let q = Gauss { mean: 0.4, sd: 0.8 }.on(&hidden);
    let [mean, there] = averaged(&hidden, &q, &straight).unwrap();
    near(mean, there, 1e-9); // no bend, no difference
}

#[test]
fn doubt_has_two_parts_and_they_add_up() {
    // Many draws of z, and at each as many draws of x: their variance falls apart exactly.
    let mut r = rng(3);
    let (draws, each) = (40, 25);
    let x = Array2::from_shape_fn((draws, each), |(i, _)| {
        (i as f64).sin() * 3.0 + r.random_range(-1.0..1.0) * (1.0 + i as f64 / 10.0)
    });
    let means = x.mean_axis(Axis(1)).unwrap().insert_axis(Axis(1));
    let variances = x.var_axis(Axis(1), 0.0).insert_axis(Axis(1));
    let spread = Spread::of(means.view(), variances.view()).unwrap();
    close(spread.mean[0], x.mean().unwrap(), 1e-12);
    close(spread.variance()[0], x.var(0.0), 1e-12);
    close(spread.noise[0], variances.mean().unwrap(), 1e-12);
    close(spread.latent[0], means.var(0.0), 1e-12);
    // A decoder that ignores z leaves no latent part, and one without noise only that.
    let still = Spread::of(array![[2.0], [2.0]].view(), array![[0.5], [1.5]].view()).unwrap();
    assert_eq!((still.latent[0], still.noise[0]), (0.0, 1.0));
    // Black and white pixels: whatever is known of z, p(1 − p) of the mean is the whole.
    let p = array![[0.1, 0.9], [0.8, 0.3], [0.6, 0.5]];
    let pixels = Spread::of(p.view(), p.mapv(|p| p * (1.0 - p)).view()).unwrap();
    for (v, m) in pixels.variance().iter().zip(&pixels.mean) {
        close(*v, m * (1.0 - m), 1e-12);
    }
}

/// Rows of a linear model, and second rows with the same z.
fn twice(n: usize) -> (FactorAnalysis, Array2<f64>, Array2<f64>) {
    let model = FactorAnalysis::ppca(&moments(), 2).unwrap();
    let (z, x) = model.sample(n, &mut rng(11));
    let noise: Array2<f64> = Array2::random_using(x.raw_dim(), StandardNormal, &mut rng(12));
    let second = z.dot(&model.w.t()) + &model.mean + noise * model.psi.mapv(f64::sqrt);
    (model, x, second)
}

#[test]
fn ninety_percent_intervals_hold_ninety_percent() {
    let (model, x, second) = twice(4000);
    let told = again(&model, x.view()).unwrap();
    let both = &told.noise + &told.latent;
    let share =
        |v: &Array1<f64>, level| coverage(second.view(), told.mean.view(), v, level).unwrap();
    for level in [0.5, 0.8, 0.9, 0.95] {
        near(share(&both, level), level, 0.02);
    }
    near(share(&both, 0.9), 0.9, 0.004);
    // One part alone is too sure of itself, by as much as the normal law says.
    for part in [&told.noise, &told.latent] {
        let expected =
            (part / &both).mapv(|r| 2.0 * cdf(quantile(0.95).unwrap() * r.sqrt()) - 1.0);
        near(share(part, 0.9), expected.mean().unwrap(), 0.006);
        assert!(share(part, 0.9) < 0.89);
    }
}

#[test]
fn a_second_row_has_the_mean_and_the_variance_that_were_told() {
    let (model, x, second) = twice(60_000);
    let told = again(&model, x.view()).unwrap();
    let miss = &second - &told.mean;
    let both = &told.noise + &told.latent;
    let n = (x.nrows() as f64).sqrt();
    for j in 0..13 {
        let e = miss.column(j);
        near(e.mean().unwrap(), 0.0, 5.0 * both[j].sqrt() / n);
        close(e.mapv(|v| v * v).mean().unwrap(), both[j], 5.0 * 2f64.sqrt() / n);
    }
}

#[test]
fn hostile_predictions_are_refused() {
    let m = array![[0.0, 1.0], [f64::NAN, 0.0]];
    assert!(matches!(Spread::of(m.view(), m.view()), Err(Error::NotFinite { row: 1, .. })));
    let (one, two) = (Array2::<f64>::zeros((1, 2)), Array2::<f64>::zeros((2, 2)));
    assert!(matches!(Spread::of(two.view(), one.view()), Err(Error::Shape { .. })));
    let none = Array2::<f64>::zeros((0, 2));
    assert!(matches!(Spread::of(none.view(), none.view()), Err(Error::Empty { .. })));
    for level in [-0.1, 1.0, f64::NAN] {
        let found = coverage(two.view(), two.view(), &array![1.0, 1.0], level);
        assert!(matches!(found, Err(Error::Range { .. })), "{level}");
    }
    assert!(coverage(two.view(), one.view(), &array![1.0, 1.0], 0.9).is_err());
    assert!(coverage(two.view(), two.view(), &array![1.0], 0.9).is_err());
    let nothing =
        Hidden { z: array![], step: 1.0, log_prior: array![], log_likelihood: array![] };
    assert!(mode(&nothing).is_err());
    assert!(averaged(&nothing, &array![], &array![]).is_err());
    assert!(pixel(two.view(), &[], 0).is_err());
    assert!(pixel(one.view(), &[array![0.0]], 2).is_err());
}

// The normal law, and a mesh through it.

#[test]
fn the_distribution_function_and_its_inverse_have_their_digits() {
    let oracle = &oracle()["normal"];
    for (z, p) in numbers(&oracle["z"]).into_iter().zip(numbers(&oracle["cdf"])) {
        close(cdf(z), p, 1e-12);
    }
    for (p, z) in numbers(&oracle["p"]).into_iter().zip(numbers(&oracle["quantile"])) {
        near(quantile(p).unwrap(), z, 1e-9 * z.abs().max(1.0));
        close(cdf(quantile(p).unwrap()), p, 1e-12);
    }
    for z in [0.0, 0.7, 2.9, 3.1, 7.0] {
        close(cdf(z) + cdf(-z), 1.0, 1e-15);
    }
}

#[test]
fn a_mesh_has_cells_of_equal_probability_and_no_ends() {
    let z = middles(20).unwrap();
    let want = numbers(&oracle()["normal"]["middles"]);
    z.iter().zip(&want).for_each(|(a, b)| near(*a, *b, 1e-9));
    near(z.mapv(|v| v * v).mean().unwrap(), 0.9385568635425869, 1e-9);
    near(z[19], 1.959963984540054, 1e-9);
    let m = mesh(20).unwrap();
    assert_eq!(m.dim(), (400, 2));
    assert!(m.iter().all(|v| v.is_finite()));
    assert!(m[[0, 0]] < 0.0 && m[[0, 1]] > 0.0, "the first place is at the top left");
    assert!(m[[19, 0]] > 0.0 && m[[399, 1]] < 0.0);
    near(m[[7, 0]], z[7], 0.0);
    near(m[[7 * 20, 1]], z[12], 0.0);
    for p in [0.0, 1.0, -0.1, 1.1, f64::NAN] {
        assert!(matches!(quantile(p), Err(Error::Range { .. })), "{p}");
    }
    assert!(middles(0).is_err() && mesh(0).is_err());
    // The finer the mesh, the nearer its variance is to 1, from below.
    let variance = |n| middles(n).unwrap().mapv(|v| v * v).mean().unwrap();
    let climb = [variance(5), variance(20), variance(80), variance(1000)];
    assert!(climb.windows(2).all(|w| w[0] < w[1] && w[1] < 1.0), "{climb:?}");
}

#[test]
fn a_mesh_is_bounded_and_a_sample_is_not() {
    let reach = middles(20).unwrap()[19];
    let mut r = rng(5);
    let z: Array2<f64> = Array2::random_using((40_000, 2), StandardNormal, &mut r);
    let out = z.rows().into_iter().filter(|z| z.iter().any(|v| v.abs() > reach)).count();
    let expected = 1.0 - 0.95f64.powi(2); // the last middle leaves 1/40 on each side
    near(
        out as f64 / 40_000.0,
        expected,
        5.0 * (expected * (1.0 - expected) / 40_000.0).sqrt(),
    );
    assert!(mesh(20).unwrap().iter().all(|v| v.abs() < reach + 1e-12));
    // Cells of one probability are wider outside: that is the fish-eye.
    let z = middles(20).unwrap();
    let gaps: Vec<f64> = (10..19).map(|i| z[i + 1] - z[i]).collect();
    assert!(gaps.windows(2).all(|w| w[1] > w[0]));
    assert!(gaps[8] > 4.0 * gaps[0]);
}

#[test]
fn of_all_laws_with_variance_one_the_gaussian_has_the_most_entropy() {
    let root3 = 3f64.sqrt();
    let scale = root3 / std::f64::consts::PI;
    type Law = fn(f64, f64, f64) -> f64;
    let laws: [(&str, Law); 4] =
        [
            ("gaussian", |z, _, _| log_normal(z, 0.0, 1.0)),
            ("laplace", |z, _, _| -z.abs() * 2f64.sqrt() - 0.5 * 2f64.ln()),
            ("uniform", |z, root3, _| {
                if z.abs() < root3 { -(2.0 * root3).ln() } else { f64::NEG_INFINITY }
            }),
            ("logistic", |z, _, s| {
                let a = (z / s).abs();
                -a - s.ln() - 2.0 * (-a).exp().ln_1p()
            }),
        ];
    let want =
        [1.4189385332046727, 1.3465735902799727, 1.2424533248940002, 1.4045762584846546];
    let hidden = Hidden::on_grid(|z| log_normal(z, 0.0, 1.0), |_| 0.0);
    for ((name, law), want) in laws.iter().zip(want) {
        let log_q = hidden.z.mapv(|z| law(z, root3, scale));
        let entropy = hidden.entropy(&log_q);
        near(entropy, want, 3e-3);
        let variance = hidden.mean(&log_q, &hidden.z.mapv(|z| z * z));
        near(variance, 1.0, 6e-3);
        // The lack of entropy is the divergence from the Gaussian.
        let kl = hidden.elbo(&log_q).kl;
        near(0.5 * (LN_2PI + variance) - entropy, kl, 5e-3);
        assert!(
            *name == "gaussian" || entropy < gaussian::entropy(array![[1.0]].view()).unwrap()
        );
    }
}

// All codes together.

fn five(key: &str) -> (Codes, Value) {
    let oracle = oracle()[key].clone();
    let read = if key == "line" { column } else { matrix };
    (Codes::new(read(&oracle["mean"]), read(&oracle["sd"])).unwrap(), oracle)
}

#[test]
fn the_mean_cost_is_the_distance_of_all_codes_and_the_information_of_each() {
    for key in ["line", "plane"] {
        let (codes, want) = five(key);
        let split = codes.split(801, standard).unwrap();
        close(codes.cost(), number(&want["cost"]), 1e-12);
        near(split.average, number(&want["average"]), 1e-7);
        near(split.information, number(&want["information"]), 1e-7);
        near(split.cost(), codes.cost(), 1e-7);
        assert!(split.average > 0.0 && split.information > 0.0);
        // No row can be told from five others by more than log 5.
        assert!(split.information < 5f64.ln());
    }
    let (codes, _) = five("line");
    let split = codes.split(801, standard).unwrap();
    near(split.information, 1.130878, 1e-6);
    near(split.average, 0.208857, 1e-6);
}

#[test]
fn codes_that_say_nothing_have_no_information_and_codes_apart_have_all() {
    let same = Codes::new(Array2::from_elem((6, 1), 0.4), Array2::from_elem((6, 1), 0.7));
    let split = same.unwrap().split(401, standard).unwrap();
    near(split.information, 0.0, 1e-12);
    near(split.average, 0.5 * (0.49 + 0.16 - 1.0) - 0.7f64.ln(), 1e-9);
    let apart = Codes::new(array![[-30.0], [0.0], [30.0]], Array2::ones((3, 1))).unwrap();
    near(apart.split(2001, standard).unwrap().information, 3f64.ln(), 1e-9);
    // Another prior moves the first part only.
    let (codes, _) = five("plane");
    let wide = |z: &Array2<f64>| {
        Ok(z.map_axis(Axis(1), |z| z.iter().map(|&v| log_normal(v, 0.3, 2.0)).sum::<f64>()))
    };
    let (a, b) = (codes.split(401, standard).unwrap(), codes.split(401, wide).unwrap());
    close(a.information, b.information, 1e-12);
    assert!(b.average != a.average);
}

#[test]
fn the_average_on_a_grid_is_the_average_at_each_place() {
    let (codes, _) = five("plane");
    let (x, y) = (Array1::linspace(-2.0, 2.0, 7), Array1::linspace(-1.0, 3.0, 5));
    let grid = codes.on_grid(&x, &y).unwrap();
    assert_eq!(grid.dim(), (5, 7));
    for ((i, j), q) in grid.indexed_iter() {
        let naive: f64 = (0..5)
            .map(|n| {
                let each = |l: usize, v: f64| {
                    log_normal(v, codes.mean[[n, l]], codes.sd[[n, l]]).exp()
                };
                each(0, x[j]) * each(1, y[i]) / 5.0
            })
            .sum();
        close(*q, naive, 1e-12);
        let log = codes.log_density(array![[x[j], y[i]]].view()).unwrap()[0];
        close(log, naive.ln(), 1e-12);
    }
}

#[test]
fn draws_of_all_codes_have_the_moments_of_their_average() {
    let (few, _) = five("plane");
    let times = 8000;
    let many =
        |x: &Array2<f64>| Array2::from_shape_fn((5 * times, 2), |(i, l)| x[[i % 5, l]]);
    let codes = Codes::new(many(&few.mean), many(&few.sd)).unwrap();
    let (found, want) = (
        Moments::of(codes.draw(&mut rng(9)).unwrap().view()).unwrap(),
        few.moments().unwrap(),
    );
    let n = (5.0 * times as f64).sqrt();
    for l in 0..2 {
        near(found.mean[l], want.mean[l], 5.0 * want.covariance[[l, l]].sqrt() / n);
        for k in 0..2 {
            near(found.covariance[[l, k]], want.covariance[[l, k]], 5.0 * 2.0 / n);
        }
    }
    let active = few.active().unwrap();
    near(active[0], few.mean.column(0).var(0.0), 1e-12);
    near(
        want.covariance[[0, 0]] - active[0],
        few.sd.column(0).mapv(|s| s * s).mean().unwrap(),
        1e-12,
    );
}

#[test]
fn a_perfect_posterior_is_not_enough_for_the_prior() {
    // PPCA has its exact posterior at hand: its codes average to N(0, I) at the likeliest model only. (eq:average-posterior)
    let (x, data) = (wines(), moments());
    let off = |w: f64, noise: f64| {
        let fit = FactorAnalysis::ppca(&data, 2).unwrap();
        let model = FactorAnalysis::new(fit.mean, fit.w * w, fit.psi * noise).unwrap();
        let q = model.posterior(x.view()).unwrap();
        let all = Moments::of(q.mean.view()).unwrap().covariance + q.covariance;
        (all - Array2::<f64>::eye(2)).fold(0.0, |m: f64, v| m.max(v.abs()))
    };
    assert!(off(1.0, 1.0) < 1e-12);
    near(off(2.0, 1.0), 0.705, 0.0005);
    near(off(1.0, 0.5), 0.104, 0.0005);
    // And the 1/N: without it the mass is N.
    let (codes, _) = five("line");
    let z = Array1::linspace(-6.0, 6.0, 1201);
    let density = codes.log_density(z.view().insert_axis(Axis(1))).unwrap().mapv(f64::exp);
    near(density.sum() * 0.01, 1.0, 1e-6);
}

#[test]
fn another_prior_needs_only_its_density() {
    // A Laplace prior, as a list of its logarithms on a grid: the bound is there, below the evidence and tight.
    let laplace = |z: f64| -z.abs() * 2f64.sqrt() - 0.5 * 2f64.ln();
    let hidden = Hidden::on_grid(laplace, |z| log_normal(0.8, z, 0.6));
    let evidence = hidden.log_evidence();
    near(hidden.elbo(&hidden.log_posterior()).nats(), evidence, 1e-9);
    let q = |mean, sd| hidden.elbo(&Gauss { mean, sd }.on(&hidden)).nats();
    let (best, bound) = hidden.best_gaussian(Gauss { mean: 0.0, sd: 1.0 }).unwrap();
    assert!(bound.nats() < evidence && bound.nats() > evidence - 0.05);
    assert!(q(0.0, 1.0) < bound.nats() && q(best.mean + 0.1, best.sd) < bound.nats());
    // The distance of all codes from it: by grid, and by draws of the codes alone.
    let (codes, _) = five("line");
    let log = |z: &Array2<f64>| Ok(z.map_axis(Axis(1), |z| laplace(z[0])));
    let by_grid = codes.split(801, log).unwrap().average;
    let many = |x: &Array2<f64>| Array2::from_shape_fn((20_000, 1), |(i, _)| x[[i % 5, 0]]);
    let z =
        Codes::new(many(&codes.mean), many(&codes.sd)).unwrap().draw(&mut rng(8)).unwrap();
    let ratio = codes.log_density(z.view()).unwrap() - log(&z).unwrap();
    near(ratio.mean().unwrap(), by_grid, 5.0 * ratio.std(1.0) / 20_000f64.sqrt());
}

#[test]
fn a_prior_fitted_to_the_codes_is_nearer_to_them() {
    let truth = Gaussians::new(
        array![0.5, 0.5],
        array![[-1.5, 0.0], [1.5, 0.5]],
        Covariance::of_kind(latent::mixture::Kind::Full, 2, (Array2::eye(2) * 0.1).view()),
    )
    .unwrap();
    let (_, mean) = truth.sample(300, &mut rng(21)).unwrap();
    let codes = Codes::new(mean, Array2::from_elem((300, 2), 0.2)).unwrap();
    let prior = fitted_prior(&codes, 2, &mut rng(22)).unwrap();
    let old = codes.split(301, standard).unwrap();
    let new = codes.split(301, |z| prior.log_densities(z)).unwrap();
    assert!(new.average < 0.1 * old.average, "{old:?} {new:?}");
    assert!(new.average > 0.0);
    close(new.information, old.information, 1e-12);
    assert!(new.cost() < old.cost());
}

#[test]
fn the_nearest_rows_vote_and_a_tie_goes_to_the_nearer() {
    let known = array![[0.0], [1.0], [2.1], [10.0], [11.0]];
    let class = [0, 1, 1, 2, 2];
    let x = array![[0.1], [1.2], [0.4], [9.0]];
    assert_eq!(neighbours(known.view(), &class, x.view(), 1).unwrap(), [0, 1, 0, 2]);
    assert_eq!(neighbours(known.view(), &class, x.view(), 2).unwrap(), [0, 1, 0, 2]);
    assert_eq!(neighbours(known.view(), &class, x.view(), 3).unwrap(), [1, 1, 1, 2]);
    for k in [0, 6] {
        assert!(neighbours(known.view(), &class, x.view(), k).is_err());
    }
    assert!(neighbours(known.view(), &class[..4], x.view(), 1).is_err());
    assert!(
        neighbours(known.view(), &class, Array2::<f64>::zeros((1, 2)).view(), 1).is_err()
    );
}

#[test]
fn hostile_codes_are_refused() {
    let (two, one) = (Array2::<f64>::zeros((2, 2)), Array2::<f64>::ones((1, 2)));
    assert!(matches!(Codes::new(two.clone(), one), Err(Error::Shape { .. })));
    for sd in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let found = Codes::new(two.clone(), Array2::from_elem((2, 2), sd));
        let expected = |e: &Error| {
            if sd.is_finite() {
                matches!(e, Error::Range { .. })
            } else {
                matches!(e, Error::NotFinite { .. })
            }
        };
        assert!(found.is_err_and(|e| expected(&e)), "{sd}");
    }
    let one_bad = Codes::new(two.clone(), array![[f64::NAN, 1.0], [1.0, 1.0]]);
    assert!(matches!(one_bad, Err(Error::NotFinite { .. })));
    let three = Codes::new(Array2::zeros((2, 3)), Array2::ones((2, 3))).unwrap();
    assert!(three.split(11, standard).is_err());
    assert!(three.on_grid(&array![0.0], &array![0.0]).is_err());
    assert!(three.log_density(two.view()).is_err());
    let fine = Codes::new(two, Array2::ones((2, 2))).unwrap();
    assert!(fine.split(1, standard).is_err());
    let broken = Codes { mean: Array2::from_elem((2, 2), f64::NAN), ..fine };
    assert!(broken.moments().is_err() && broken.active().is_err());
    assert!(fitted_prior(&broken, 2, &mut rng(1)).is_err());
    let torn = Codes { mean: Array2::zeros((2, 2)), sd: Array2::ones((3, 2)) };
    assert!(torn.draw(&mut rng(1)).is_err());
}

// The linear one.

fn some_linear() -> (Linear, Value) {
    let oracle = oracle()["linear"].clone();
    let linear = Linear {
        w: matrix(&oracle["w"]),
        v: matrix(&oracle["v"]),
        log_variance: Array1::from(numbers(&oracle["variance"])).mapv(f64::ln),
        log_noise: number(&oracle["noise"]).ln(),
    };
    (linear, oracle)
}

#[test]
fn the_linear_bound_is_that_of_its_rows() {
    let (linear, want) = some_linear();
    let (bound, _) = linear.slopes(moments().covariance.view()).unwrap();
    close(bound.fit, number(&want["fit"]), 1e-12);
    close(bound.kl, number(&want["kl"]), 1e-12);
}

#[test]
fn the_linear_slopes_are_those_of_the_bound() {
    let (linear, _) = some_linear();
    let s = moments().covariance;
    let at = |move_by: &dyn Fn(&mut Linear)| {
        let mut other = linear.clone();
        move_by(&mut other);
        other.slopes(s.view()).unwrap().0.nats()
    };
    let (_, slopes) = linear.slopes(s.view()).unwrap();
    let h = 1e-5;
    let by =
        |f: &dyn Fn(&mut Linear, f64)| (at(&|o| f(o, h)) - at(&|o| f(o, -h))) / (2.0 * h);
    for i in 0..13 {
        for l in 0..3 {
            near(slopes.w[[i, l]], by(&|o, h| o.w[[i, l]] += h), 1e-7);
            near(slopes.v[[l, i]], by(&|o, h| o.v[[l, i]] += h), 1e-7);
        }
    }
    for l in 0..3 {
        near(slopes.log_variance[l], by(&|o, h| o.log_variance[l] += h), 1e-7);
    }
    near(slopes.log_noise, by(&|o, h| o.log_noise += h), 1e-7);
}

#[test]
fn trained_by_gradients_the_linear_one_is_probabilistic_pca() {
    let data = moments();
    for l in [1, 2, 5] {
        let want = &oracle()["linear"]["wine"][l.to_string()];
        for seed in 0..4 {
            let start = Linear::random(13, l, &mut rng(seed)).unwrap();
            let (linear, heights) = start.train(&data, true).unwrap();
            let total = 178.0 * heights[heights.len() - 1];
            close(total, number(&want["log_likelihood"]), 1e-10);
            close(linear.log_noise.exp(), number(&want["noise"]), 1e-6);
            // It never falls, and it never passes the likelihood of its own decoder.
            assert!(heights.windows(2).all(|w| w[1] >= w[0]));
            let model = linear.model(Array1::zeros(13)).unwrap();
            assert!(total <= model.log_likelihood(&data).unwrap() + 1e-8);
            // The columns are principal axes, so W'W is diagonal ...
            let ww = linear.w.t().dot(&linear.w);
            let mut lengths: Vec<f64> = ww.diag().to_vec();
            ww.indexed_iter()
                .filter(|((i, j), _)| i != j)
                .for_each(|(_, v)| near(*v, 0.0, 1e-4));
            // ... and the encoder's variances are σ²/λ.
            let mut variances = linear.log_variance.mapv(f64::exp).to_vec();
            lengths.sort_by(|a, b| b.total_cmp(a));
            variances.sort_by(f64::total_cmp);
            for (got, want) in variances.iter().zip(numbers(&want["variance"])) {
                near(*got, want, 1e-5);
            }
            let fit = FactorAnalysis::ppca(&data, l).unwrap();
            for (k, length) in lengths.iter().enumerate() {
                near(*length, fit.w.column(k).dot(&fit.w.column(k)), 1e-4);
            }
        }
    }
    let two = oracle()["linear"]["wine"]["2"]["log_likelihood"].as_f64().unwrap();
    near(two, -2875.636260, 1e-6);
}

#[test]
fn turned_axes_cost_nothing_in_likelihood_and_something_in_the_bound() {
    let data = moments();
    let fit = FactorAnalysis::ppca(&data, 2).unwrap();
    let noise = fit.psi[0];
    let best = fit.log_likelihood(&data).unwrap() / data.rows;
    for angle in [0.0, 0.2, std::f64::consts::FRAC_PI_4, 1.0] {
        let (sin, cos) = f64::sin_cos(angle);
        let turned = fit.rotated(array![[cos, -sin], [sin, cos]].view()).unwrap();
        close(turned.log_likelihood(&data).unwrap() / data.rows, best, 1e-12);
        let reading = Linear::reading(turned.w.clone(), noise).unwrap();
        let (bound, slopes) = reading.slopes(data.covariance.view()).unwrap();
        // No other diagonal encoder does better.
        assert!(slopes.v.iter().chain(&slopes.log_variance).all(|v| v.abs() < 1e-12));
        let m = Array2::<f64>::eye(2) + turned.w.t().dot(&turned.w) / noise;
        let determinant = m[[0, 0]] * m[[1, 1]] - m[[0, 1]] * m[[1, 0]];
        let gap = 0.5 * (m[[0, 0]] * m[[1, 1]] / determinant).ln();
        near(best - bound.nats(), gap, 1e-12);
        assert!((angle == 0.0) == (gap < 1e-12), "{angle}: {gap}");
    }
    let (sin, cos) = std::f64::consts::FRAC_PI_4.sin_cos();
    let turned = fit.rotated(array![[cos, -sin], [sin, cos]].view()).unwrap();
    let (bound, _) =
        Linear::reading(turned.w, noise).unwrap().slopes(data.covariance.view()).unwrap();
    near(best - bound.nats(), number(&oracle()["linear"]["turned_gap"]), 1e-10);
}

#[test]
fn directions_with_less_variance_than_the_noise_switch_off() {
    let data = moments();
    let want = numbers(&oracle()["linear"]["active"]);
    for seed in 0..4 {
        let start = Linear::random(13, 5, &mut rng(seed)).unwrap();
        let (linear, _) = start.train(&data, false).unwrap();
        assert_eq!(linear.log_noise, 0.0, "σ² was given, and stays");
        let mut active = linear.active(&data).unwrap().to_vec();
        active.sort_by(|a, b| b.total_cmp(a));
        for (got, want) in active.iter().zip(&want) {
            near(*got, *want, 1e-7);
        }
        for (l, v) in linear.active(&data).unwrap().iter().enumerate() {
            if *v < 1e-6 {
                // Off: the decoder does not listen, and the code is the prior.
                assert!(linear.w.column(l).iter().all(|w| w.abs() < 1e-4));
                near(linear.log_variance[l], 0.0, 1e-6);
            }
        }
    }
    near(want[0], 0.7875, 5e-5);
    near(want[1], 0.5995, 5e-5);
    near(want[2], 0.3085, 5e-5);
    assert_eq!(want[3..], [0.0, 0.0]);
}

#[test]
fn hostile_linear_ones_are_refused() {
    let mut r = rng(1);
    for (d, l) in [(0, 1), (3, 0), (3, 4)] {
        assert!(Linear::random(d, l, &mut r).is_err());
    }
    let data = moments();
    let small = Linear::random(5, 2, &mut r).unwrap();
    assert!(matches!(small.slopes(data.covariance.view()), Err(Error::Shape { .. })));
    assert!(small.train(&data, true).is_err() && small.active(&data).is_err());
    let broken =
        Linear { v: Array2::zeros((3, 13)), ..Linear::random(13, 2, &mut r).unwrap() };
    assert!(broken.slopes(data.covariance.view()).is_err());
    assert!(Linear::reading(Array2::zeros((3, 2)), -1.0).is_err());
    let hole =
        |_: &Array1<f64>| -> Result<(f64, Array1<f64>)> { Ok((f64::NAN, array![1.0])) };
    assert!(matches!(climb(array![0.0], hole, 5, 0.0), Err(Error::NoBound { .. })));
    assert!(climb(array![f64::NAN], hole, 5, 0.0).is_err());
    assert!(matches!(climb(array![0.0, 1.0], hole, 5, 0.0), Err(Error::Shape { .. })));
}

#[test]
fn the_climb_finds_the_top_of_a_long_valley() {
    // Rosenbrock's valley upside down: its top is at (1, 1).
    let hill = |p: &Array1<f64>| -> Result<(f64, Array1<f64>)> {
        let (x, y) = (p[0], p[1]);
        let (a, b) = (1.0 - x, y - x * x);
        Ok((-(a * a + 100.0 * b * b), array![2.0 * a + 400.0 * x * b, -200.0 * b]))
    };
    let found = climb(array![-1.2, 1.0], hill, 200, 1e-10).unwrap();
    near(found.place[0], 1.0, 1e-8);
    near(found.place[1], 1.0, 1e-8);
    assert!(found.heights.windows(2).all(|w| w[1] >= w[0]));
    assert!(found.heights.len() < 80, "{}", found.heights.len());
    let none = climb(array![-1.2, 1.0], hill, 0, 1e-10).unwrap();
    assert_eq!(none.heights.len(), 1);
}

/// The network of the chapter, with no hidden layer, given these weights.
fn network(linear: &Linear) -> Vae<f64, Cpu> {
    let cpu = Cpu::default();
    let (d, l) = linear.w.dim();
    let sizes = Sizes { pixels: d, hidden: vec![], latent: l };
    let mut net = Vae::new(&sizes, Likelihood::Shared, &cpu, &mut rng(1)).unwrap();
    let table = |x: Array2<f64>| to_device(x.view(), &cpu).unwrap();
    let zeros = |n: usize| table(Array2::zeros((1, n)));
    net.mean = Layer { weight: table(linear.v.clone()), bias: zeros(l) };
    net.log_variance = Layer {
        weight: table(Array2::zeros((l, d))),
        bias: table(linear.log_variance.clone().insert_axis(Axis(0))),
    };
    net.out = Layer { weight: table(linear.w.clone()), bias: zeros(d) };
    net.spread = table(array![[linear.log_noise]]);
    net
}

/// Noise whose first two moments over the draws are exactly those of N(0, I): ±√L along each axis.
fn sigma_points(rows: usize, l: usize) -> Array2<f64> {
    Array2::from_shape_fn((2 * l * rows, l), |(i, k)| {
        let draw = i / rows;
        let side = if draw.is_multiple_of(2) { 1.0 } else { -1.0 };
        if draw / 2 == k { side * (l as f64).sqrt() } else { 0.0 }
    })
}

#[test]
fn the_network_without_hidden_layers_has_the_linear_bound_and_its_slopes() {
    let (linear, _) = some_linear();
    let (x, s, cpu) = (wines(), moments().covariance, Cpu::default());
    let net = network(&linear);
    let (bound, slopes) = linear.slopes(s.view()).unwrap();
    // The bound is quadratic in the noise, so six draws are as good as all.
    let noise = to_device(sigma_points(178, 3).view(), &cpu).unwrap();
    for form in [Form::Cost, Form::Energy, Form::Weight] {
        let objective = Objective { form, draws: 6, ..Objective::default() };
        let rows = to_device(x.view(), &cpu).unwrap();
        let loss = loss::loss(&net, rows.leaky_trace(), noise.clone(), objective).unwrap();
        close(-loss.array(), bound.nats(), 1e-12);
        let g = loss.backward();
        let of = |t: &latent::vae::net::Table<f64, Cpu>| {
            Array2::from_shape_vec(*t.shape(), g.get(t).as_vec()).unwrap()
        };
        equal((-of(&net.out.weight)).view(), slopes.w.view(), 1e-10);
        equal((-of(&net.mean.weight)).view(), slopes.v.view(), 1e-10);
        near(-of(&net.spread)[[0, 0]], slopes.log_noise, 1e-10);
        for l in 0..3 {
            near(-of(&net.log_variance.bias)[[0, l]], slopes.log_variance[l], 1e-10);
        }
    }
}

#[test]
fn the_network_trained_by_noisy_steps_comes_near_the_likelihood_of_ppca() {
    let x = wines();
    let sizes = Sizes { pixels: 13, hidden: vec![], latent: 2 };
    let net: Vae<f64, Cpu> =
        Vae::new(&sizes, Likelihood::Shared, &Cpu::default(), &mut rng(3)).unwrap();
    let plan =
        Plan { epochs: 300, batch: 30, rate: 0.02, last_rate: 1e-4, ..Plan::default() };
    let mut run = Run::new(net, plan).unwrap();
    run.finish(x.view()).unwrap();
    let objective = Objective { draws: 4, ..Objective::default() };
    let noise = to_device(sigma_points(178, 2).view(), &Cpu::default()).unwrap();
    let rows = to_device(x.view(), &Cpu::default()).unwrap();
    let loss = loss::loss(&run.net, rows, noise, objective).unwrap().array();
    let best = -2875.6362600986185 / 178.0;
    assert!(-loss < best, "a bound: {} and {best}", -loss);
    near(-loss, best, 0.03);
}

// The digits, by the network of two numbers that the figures show.

struct Digits {
    net: Vae<f32, Cpu>,
    train: Array2<f32>,
    test: Array2<f32>,
    class: Vec<usize>,
}

fn digits() -> Digits {
    let run = concat!(env!("CARGO_MANIFEST_DIR"), "/book/runs/digits-2/weights.safetensors");
    let net = checkpoint::load(run.as_ref(), &Cpu::default()).unwrap();
    let table = latent::data::digits();
    let x = table.x.mapv(|v| if v >= 8.0 { 1f32 } else { 0.0 });
    Digits {
        net,
        train: x.slice(s![..1500, ..]).to_owned(),
        test: x.slice(s![1500.., ..]).to_owned(),
        class: table.class.clone(),
    }
}

/// The share of the rows whose class is that of most of their five nearest in `known`.
fn by_five(d: &Digits, known: &Array2<f64>, x: &Array2<f64>) -> f64 {
    let found = neighbours(known.view(), &d.class[..1500], x.view(), 5).unwrap();
    let right = found.iter().zip(&d.class[1500..]).filter(|(a, b)| a == b).count();
    right as f64 / x.nrows() as f64
}

#[test]
fn two_numbers_of_the_network_tell_digits_apart_better_than_two_of_pca() {
    let d = digits();
    let (known, new) =
        (d.net.codes(d.train.view()).unwrap(), d.net.codes(d.test.view()).unwrap());
    let by_codes = by_five(&d, &known.mean, &new.mean);
    let (x, y) = (d.train.mapv(f64::from), d.test.mapv(f64::from));
    let plane = Pca::by_svd(x.view(), Origin::Mean).unwrap().keep(2).unwrap();
    let (a, b) = (plane.encode(x.view()).unwrap(), plane.encode(y.view()).unwrap());
    let by_plane = by_five(&d, &a, &b);
    assert!(by_codes > by_plane + 0.03, "{by_codes} and {by_plane}");
    assert!(by_plane > 0.4 && by_codes < 0.8, "{by_codes} and {by_plane}");
}

#[test]
fn all_codes_of_the_digits_look_like_the_prior_and_are_not_the_prior() {
    let d = digits();
    let codes = d.net.codes(d.train.view()).unwrap();
    let all = codes.moments().unwrap();
    assert!(all.mean.iter().all(|m| m.abs() < 0.3));
    let off = (all.covariance - Array2::<f64>::eye(2)).fold(0.0, |m: f64, v| m.max(v.abs()));
    assert!(off < 0.3, "{off}");
    // The radius of N(0, I) in the plane has quantiles √(−2 log(1 − p)).
    let z = codes.draw(&mut rng(1)).unwrap();
    let mut radii: Vec<f64> = z.rows().into_iter().map(|z| z.dot(&z).sqrt()).collect();
    radii.sort_by(f64::total_cmp);
    for p in [0.25, 0.5, 0.75, 0.9, 0.99] {
        let found = radii[(p * 1500.0) as usize];
        close(found, (-2.0 * f64::ln(1.0 - p)).sqrt(), 0.15);
    }
    // And yet they are apart, by far less than each code is from the prior.
    let split = codes.split(201, standard).unwrap();
    near(split.cost(), codes.cost(), 1e-6);
    assert!(split.average > 0.05 && split.average < 0.5, "{split:?}");
    assert!(split.information > 5.0 * split.average && split.information < 1500f64.ln());
    // There are valleys, where codes are rare and the prior is not.
    let axis = Array1::linspace(-1.5, 1.5, 61);
    let density = codes.on_grid(&axis, &axis).unwrap();
    let prior = |v: f64| log_normal(v, 0.0, 1.0).exp();
    let least = density
        .indexed_iter()
        .map(|((i, j), q)| q / (prior(axis[i]) * prior(axis[j])))
        .fold(f64::INFINITY, f64::min);
    assert!(least < 0.5 && least > 0.0, "{least}");
}

#[test]
fn a_prior_fitted_to_the_codes_of_digits_raises_the_bound_of_new_ones() {
    let d = digits();
    let (known, new) =
        (d.net.codes(d.train.view()).unwrap(), d.net.codes(d.test.view()).unwrap());
    let prior = fitted_prior(&known, 10, &mut rng(2)).unwrap();
    let log = |z: &Array2<f64>| prior.log_densities(z);
    let (before, after) =
        (known.split(201, standard).unwrap(), known.split(201, log).unwrap());
    assert!(after.average < 0.5 * before.average, "{before:?} {after:?}");
    let (before, after) = (new.split(201, standard).unwrap(), new.split(201, log).unwrap());
    close(before.information, after.information, 1e-12);
    assert!(after.cost() < before.cost(), "the fit is the same, so the bound rises");
}

#[test]
fn pixels_have_the_spread_that_their_draws_have() {
    let d = digits();
    let code = d.net.code(d.test.view(), 3).unwrap();
    let spread = d.net.spread(&code, 4000, &mut rng(6)).unwrap();
    let z = Array2::from_shape_fn((4000, 2), |(_, l)| code.mean[[0, l]]);
    let noise: Array2<f64> = Array2::random_using((4000, 2), StandardNormal, &mut rng(7));
    let x = d.net.drawn((z + &noise * &code.sd).view(), &mut rng(8)).unwrap();
    assert!(x.iter().all(|v| *v == 0.0 || *v == 1.0));
    for (i, v) in spread.variance().iter().enumerate() {
        close(*v, spread.mean[i] * (1.0 - spread.mean[i]), 1e-9);
        let drawn = x.column(i).mean().unwrap();
        near(drawn, spread.mean[i], 5.0 * (2.0 * v / 4000.0).sqrt() + 1e-6);
    }
    assert!(spread.latent.sum() > 0.01 * spread.noise.sum());
    assert!(d.net.code(d.test.view(), 297).is_err());
    let two = d.net.codes(d.test.slice(s![..2, ..])).unwrap();
    assert!(d.net.spread(&two, 10, &mut rng(6)).is_err());
    assert!(d.net.spread(&code, 0, &mut rng(6)).is_err());
}

#[test]
fn gaussian_pixels_are_drawn_with_the_spread_that_the_decoder_states() {
    let cpu = Cpu::default();
    let sizes = Sizes { pixels: 3, hidden: vec![4], latent: 2 };
    for likelihood in [Likelihood::Gaussian(0.5), Likelihood::Shared, Likelihood::Predicted] {
        let mut net: Vae<f64, Cpu> = Vae::new(&sizes, likelihood, &cpu, &mut rng(4)).unwrap();
        net.spread = to_device(array![[0.25f64.ln()]].view(), &cpu).unwrap();
        let z = Array2::from_shape_fn((20_000, 2), |(_, l)| [0.3, -0.8][l]);
        let (mean, variance) = net.pixels(z.slice(s![..1, ..])).unwrap();
        let x = net.drawn(z.view(), &mut rng(5)).unwrap();
        let found = Moments::of(x.view()).unwrap();
        for j in 0..3 {
            let v = variance[[0, j]];
            if likelihood != Likelihood::Predicted {
                near(v, 0.25, 1e-12);
            }
            near(found.mean[j], mean[[0, j]], 5.0 * (v / 20_000.0).sqrt());
            close(found.covariance[[j, j]], v, 5.0 * (2.0f64 / 20_000.0).sqrt());
        }
    }
}
