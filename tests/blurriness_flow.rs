//! Chapter 8: the laws of a bound that bends the model, of a step that ties a q, and of what a code must share.
use latent::Error;
use latent::blurriness::flow::Affine;
use latent::blurriness::scale::{Tied, highest, sureness, with_draws};
use latent::elbo::Tiny;
use latent::gaussian::{self, log_density, log_normal};
use latent::mean_field::Target;
use ndarray::{Array1, Array2, ArrayView1, Axis, array};
use rand::{Rng, SeedableRng, rngs::StdRng};

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

// --- a bound that bends the model ---

#[test]
fn the_likelihood_picks_the_true_scale_and_the_gaussian_bound_a_smaller_one() {
    let tiny = Tiny::default();
    let truth = tiny.scaled(3.0);
    let slope = |at: f64, h: f64| {
        let [up, down] = [at + h, at - h].map(|s| tiny.scaled(s).on_average(&truth).unwrap());
        [(up.0 - down.0) / (2.0 * h), (up.1 - down.1) / (2.0 * h)]
    };
    assert!(slope(2.9998, 1e-3)[0] > 0.0 && slope(3.0002, 1e-3)[0] < 0.0, "3.0000");
    assert!(slope(2.4250, 1e-3)[1] > 0.0 && slope(2.4253, 1e-3)[1] < 0.0, "2.4251");
    assert!(sureness(&tiny.scaled(2.4251)) < sureness(&truth), "so its pixels are greyer");
    near(sureness(&tiny.scaled(0.0)), 0.0, 1e-12);
    near(sureness(&tiny.scaled(1e5)), 1.0, 1e-3);
}

#[test]
fn more_draws_bend_the_model_less() {
    let tiny = Tiny::default();
    let truth = tiny.scaled(3.0);
    let at = |scale: f64| with_draws(&tiny.scaled(scale), &truth, &[1, 10]).unwrap();
    let (low, high) = (at(2.43), at(2.75));
    let (_, bound) = tiny.scaled(2.43).on_average(&truth).unwrap();
    near(low[0], bound, 1e-8);
    assert!(low[0] > high[0], "one draw prefers the bent model");
    assert!(low[1] < high[1], "ten prefer the one nearer to the truth");
}

fn tied() -> Tied {
    Tied::new(3.0, 0.9, 1.0).unwrap()
}

#[test]
fn the_two_variances_and_the_gap_of_tied_latents_are_those_of_the_matrices() {
    let mut rng = rng(1);
    for _ in 0..40 {
        let mut one = || Tied {
            scale: rng.random_range(0.1..5.0),
            r: rng.random_range(-0.95..0.95),
            noise: rng.random_range(0.3..2.0),
            turn: rng.random_range(-3.0..3.0),
        };
        let (model, mut truth) = (one(), one());
        truth.r = model.r; // the axes of both are the same
        let of = |m: &Tied| {
            m.loadings().dot(&m.loadings().t()) + m.noise * m.noise * Array2::<f64>::eye(2)
        };
        let (c, c0) = (of(&model), of(&truth));
        let zero = array![0.0, 0.0];
        // E log p = −H(truth) − KL(truth ‖ model)
        let kl = gaussian::kl(zero.view(), c0.view(), zero.view(), c.view()).unwrap();
        near(truth.evidence(&truth) - model.evidence(&truth), kl, 1e-9);
        let at_zero =
            log_density(array![[0.0, 0.0]].view(), zero.view(), c0.view()).unwrap()[0];
        near(truth.evidence(&truth), at_zero - 1.0, 1e-9); // tr(C⁻¹C)/2 = 1
        let posterior = model.posterior().unwrap();
        near(model.gap(), posterior.gap(&posterior.reverse()).unwrap(), 1e-9);
    }
}

#[test]
fn a_product_bends_the_scale_and_a_full_covariance_does_not() {
    let truth = tied();
    let best = truth.preferred().unwrap();
    assert!(best < 2.9, "{best}");
    let full = |scale: f64| Ok(Tied { scale, ..truth }.evidence(&truth)); // no gap is left
    near(highest(full, (0.0, 6.0), 1e-9).unwrap(), 3.0, 1e-6);
    let gap = |scale: f64| Tied { scale, ..truth }.gap();
    assert!((1..60).all(|i| gap(f64::from(i + 1) / 10.0) > gap(f64::from(i) / 10.0)));
    near(Tied { scale: 1e6, ..truth }.gap(), -0.5 * (1.0f64 - 0.81).ln(), 1e-9);
    // The step makes the full q, for the posterior of this model: nothing is left at any scale.
    for scale in [0.5, 2.0, 3.0] {
        let posterior = Tied { scale, ..truth }.posterior().unwrap();
        let step = Affine::of(posterior.mean.view(), posterior.covariance.view()).unwrap();
        near(step.gap(&posterior).unwrap(), 0.0, 1e-12);
    }
    // Independent latents are bent by nothing, and more noise is preferred where noise is free.
    near(Tied::new(3.0, 0.0, 1.0).unwrap().preferred().unwrap(), 3.0, 1e-6);
    let (scale, noise) = truth.preferred_both().unwrap();
    assert!(scale < 3.0 && noise > 1.0, "{scale} {noise}");
    let at = |scale, noise| Tied { scale, noise, ..truth }.bound(&truth);
    for (s, n) in [(1e-3, 0.0), (-1e-3, 0.0), (0.0, 1e-3), (0.0, -1e-3)] {
        assert!(at(scale + s, noise + n) < at(scale, noise));
    }
}

#[test]
fn a_decoder_that_may_turn_is_not_bent() {
    let truth = tied();
    let at = |turn: f64| Tied { turn, ..truth };
    let eighth = std::f64::consts::FRAC_PI_4;
    for turn in [-1.0, 0.3, eighth] {
        near(at(turn).evidence(&truth), truth.evidence(&truth), 1e-12);
        assert!(at(turn).gap() <= truth.gap() + 1e-12);
    }
    near(at(eighth).gap(), 0.0, 1e-12);
    near(at(eighth).preferred().unwrap(), 3.0, 1e-6);
}

#[test]
fn impossible_scales_are_refused() {
    assert!(matches!(Tied::new(3.0, 1.0, 1.0), Err(Error::Range { .. })));
    assert!(matches!(Tied::new(f64::NAN, 0.5, 1.0), Err(Error::Range { .. })));
    assert!(matches!(Tied::new(1.0, 0.5, 0.0), Err(Error::Range { .. })));
    assert!(highest(|x| Ok(-x * x), (-1.0, 2.0), 0.0).is_err());
}

// --- one affine step ---

/// Some step on three coordinates, whose scales depend on what stands before.
fn bent() -> Affine {
    Affine {
        shift: array![0.3, -0.5, 0.1],
        shift_by: array![[0.0, 0.0, 0.0], [0.9, 0.0, 0.0], [-0.4, 0.7, 0.0]],
        log_scale: array![0.2, -0.6, 0.1],
        log_scale_by: array![[0.0, 0.0, 0.0], [0.5, 0.0, 0.0], [0.3, -0.2, 0.0]],
    }
}

/// ∂z/∂ε by central differences.
fn jacobian(f: impl Fn(ArrayView1<f64>) -> Array1<f64>, at: &Array1<f64>) -> Array2<f64> {
    let h = 1e-6;
    let mut out = Array2::zeros((at.len(), at.len()));
    for j in 0..at.len() {
        let (mut up, mut down) = (at.clone(), at.clone());
        up[j] += h;
        down[j] -= h;
        out.column_mut(j).assign(&((f(up.view()) - f(down.view())) / (2.0 * h)));
    }
    out
}

fn det3(a: &Array2<f64>) -> f64 {
    let minor = |i: usize, j: usize| a[[1, i]] * a[[2, j]] - a[[1, j]] * a[[2, i]];
    a[[0, 0]] * minor(1, 2) - a[[0, 1]] * minor(0, 2) + a[[0, 2]] * minor(0, 1)
}

#[test]
fn the_jacobian_of_a_step_is_triangular_and_its_log_det_is_the_sum_of_log_scales() {
    let (step, mut rng) = (bent(), rng(2));
    for _ in 0..20 {
        let e = Array1::from_shape_simple_fn(3, || rng.random_range(-2.0..2.0));
        let (_, log_det) = step.forward(e.view()).unwrap();
        let j = jacobian(|e| step.forward(e).unwrap().0, &e);
        for ((i, k), v) in j.indexed_iter() {
            assert!(k <= i || v.abs() < 1e-12, "z{i} must not depend on ε{k}");
        }
        near(log_det, det3(&j).abs().ln(), 1e-7);
    }
}

#[test]
fn the_inverse_pass_recovers_the_noise() {
    let (step, mut rng) = (bent(), rng(3));
    for _ in 0..20 {
        let e = Array1::from_shape_simple_fn(3, || rng.random_range(-3.0..3.0));
        let (z, _) = step.forward(e.view()).unwrap();
        let back = step.inverse(z.view()).unwrap();
        assert!((&back - &e).iter().all(|v| v.abs() < 1e-12));
    }
    let e = array![0.4, -1.0];
    assert_eq!(Affine::identity(2).forward(e.view()).unwrap(), (e.clone(), 0.0));
}

#[test]
fn one_step_closes_the_gap_of_a_product() {
    let oracle: serde_json::Value =
        serde_json::from_str(include_str!("oracles/blurriness_c.json")).unwrap();
    let want = |key: &str| oracle["affine"][key].as_f64().unwrap();
    let p = Target::pair(0.9).unwrap();
    let step = Affine::of(p.mean.view(), p.covariance.view()).unwrap();
    near(p.gap(&p.reverse()).unwrap(), want("mean_field_gap"), 1e-12);
    near(step.gap(&p).unwrap(), want("gap_after_one_step"), 1e-12);
    let (z, log_det) = step.forward(array![0.7, -0.2].view()).unwrap();
    near(log_det, want("log_det"), 1e-12);
    near(z[1], 0.9 * 0.7 - 0.2 * want("corner"), 1e-12);
    for rho in [-0.99, -0.3, 0.0, 0.5, 0.999] {
        let p = Target::pair(rho).unwrap();
        let step = Affine::of(p.mean.view(), p.covariance.view()).unwrap();
        let (_, log_det) = step.forward(array![1.0, 1.0].view()).unwrap();
        near(-log_det, 0.5 * (1.0 / (1.0 - rho * rho)).ln(), 1e-12);
        near(p.gap(&p.reverse()).unwrap(), -log_det, 1e-9);
        near(step.gap(&p).unwrap(), 0.0, 1e-9);
    }
    // A step that does nothing leaves the widths of the shadows: the other direction's product.
    let (p, none) = (Target::pair(0.9).unwrap(), Affine::identity(2));
    let trace = 1.0 / (1.0 - 0.81);
    close(none.gap(&p).unwrap(), trace - 1.0 + 0.5 * (1.0f64 - 0.81).ln(), 1e-12);
}

#[test]
fn the_density_of_a_step_has_mass_one_and_the_gaussian_one_is_the_gaussian() {
    let cut = |by: &Array2<f64>| by.slice(ndarray::s![..2, ..2]).to_owned();
    let all = bent();
    let two = Affine {
        shift: all.shift.slice(ndarray::s![..2]).to_owned(),
        shift_by: cut(&all.shift_by),
        log_scale: all.log_scale.slice(ndarray::s![..2]).to_owned(),
        log_scale_by: cut(&all.log_scale_by),
    };
    let h = 0.05;
    let grid = || (-260..=260).map(|i| h * f64::from(i));
    let mass: f64 = grid()
        .flat_map(|a| grid().map(move |b| array![a, b]))
        .map(|z| two.log_density(z.view()).unwrap().exp() * h * h)
        .sum();
    near(mass, 1.0, 1e-5);
    let s = array![[2.0, 0.8, 0.3], [0.8, 1.0, 0.4], [0.3, 0.4, 0.5]];
    let m = array![0.5, -1.0, 2.0];
    let step = Affine::of(m.view(), s.view()).unwrap();
    let z = array![0.2, 0.3, 1.5];
    let row = z.view().insert_axis(Axis(0));
    let want = log_density(row, m.view(), s.view()).unwrap()[0];
    near(step.log_density(z.view()).unwrap(), want, 1e-12);
    // One coordinate has nobody before it: a step leaves a Gaussian a Gaussian.
    let one = Affine { shift: array![1.0], log_scale: array![0.3], ..Affine::identity(1) };
    near(
        one.log_density(array![0.2].view()).unwrap(),
        log_normal(0.2, 1.0, 0.3f64.exp()),
        1e-12,
    );
}

#[test]
fn steps_that_look_ahead_are_refused() {
    let mut step = bent();
    assert!(step.moments().is_err(), "scales that move: no Gaussian");
    step.shift_by[[0, 2]] = 0.1;
    let why = step.forward(array![0.0, 0.0, 0.0].view()).unwrap_err();
    assert!(why.to_string().contains("looks ahead"), "{why}");
    let step = bent();
    assert!(matches!(step.forward(array![0.0].view()), Err(Error::Shape { .. })));
    assert!(matches!(
        step.inverse(array![0.0, f64::NAN, 0.0].view()),
        Err(Error::NotFinite { .. })
    ));
    let s = array![[1.0, 2.0], [2.0, 1.0]];
    assert!(Affine::of(array![0.0, 0.0].view(), s.view()).is_err());
}
