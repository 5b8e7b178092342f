//! Chapter 8: the laws of a bound that bends the model, of a step that ties a q, and of what a code must share.
use dfdx::prelude::{Cpu, HasShape as _};
use latent::Error;
use latent::blurriness::flow::Affine;
use latent::blurriness::iaf::Iaf;
use latent::blurriness::masked::{Masked, Order, masks};
use latent::blurriness::scale::{Tied, highest, sureness, vertex, with_draws};
use latent::blurriness::sharing::Sharing;
use latent::elbo::{self, Tiny};
use latent::gaussian::{self, log_density, log_normal};
use latent::mean_field::Target;
use latent::vae::loss::terms;
use latent::vae::net::{Table, to_array, to_device};
use latent::vae::{Form, Likelihood, Objective, Plan, Sizes};
use ndarray::{Array1, Array2, ArrayView1, Axis, array};
use ndarray_rand::RandomExt;
use ndarray_rand::rand_distr::StandardNormal;
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
    // E log p(x) is highest at the truth, x by x summed over what comes up there.
    let evidence = |scale: f64| -> f64 {
        let at = |model: &Tiny, x| model.hidden(x).unwrap().log_evidence();
        let each = |x| at(&truth, x).exp() * at(&tiny.scaled(scale), x);
        tiny.every_x().rows().into_iter().map(each).sum()
    };
    near(vertex(|a| Ok(evidence(a)), (2.9, 0.1), 3).unwrap(), 3.0, 1e-5);
    let slope = |at: f64| {
        let bound = |scale: f64| tiny.scaled(scale).on_average(&truth).unwrap().1;
        bound(at + 1e-3) - bound(at - 1e-3)
    };
    assert!(slope(2.4250) > 0.0 && slope(2.4253) < 0.0, "2.4251");
    assert!(sureness(&tiny.scaled(2.4251)) < sureness(&truth), "so its pixels are greyer");
    near(sureness(&tiny.scaled(0.0)), 0.0, 1e-12);
    near(sureness(&tiny.scaled(1e5)), 1.0, 1e-3);
    // By draws of z, and two probabilities at a time.
    let odd = Tiny { a: array![0.4, -2.0, 1.5], b: array![0.1, 0.0, -0.7], ..tiny };
    let (mut sum, mut squares, mut r, n) = (0.0, 0.0, rng(60), 20_000.0);
    for _ in 0..n as usize {
        let z: f64 = r.sample(StandardNormal);
        let units: Vec<f64> = (0..3).map(|i| (odd.a[i] * z + odd.b[i]).tanh()).collect();
        let sure = odd.w.rows().into_iter().map(|w| {
            let odds: f64 = w.iter().zip(&units).map(|(w, u)| w * u).sum();
            (1.0 / (1.0 + (-odds).exp()) - 1.0 / (1.0 + odds.exp())).abs()
        });
        let one = sure.sum::<f64>() / 3.0;
        (sum, squares) = (sum + one, squares + one * one);
    }
    let (mean, error) = (sum / n, ((squares / n - (sum / n).powi(2)) / n).sqrt());
    near(sureness(&odd), mean, 5.0 * error);
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
    assert!(highest(|x| Ok(-x * x), (-1.0, f64::INFINITY), 1e-3).is_err());
    assert!(highest(|x| Ok(-x * x), (2.0, -1.0), 1e-3).is_err(), "the ends change places");
    assert!(highest(|_| Ok(f64::NAN), (0.0, 1.0), 1e-3).is_err());
    // Places farther apart than the width, but neighbours among the numbers: it ends all the same.
    let far = highest(|x| Ok(-(x - 1e6 - 0.5).abs()), (1e6, 1e6 + 1.0), 1e-12).unwrap();
    assert!((far - 1e6 - 0.5).abs() < 1e-6);
    let hill = |x: f64| Ok(x.ln() - x); // its top is at 1
    near(highest(hill, (0.2, 3.0), 1e-7).unwrap(), 1.0, 1e-7);
    near(vertex(hill, (1.2, 0.2), 3).unwrap(), 1.0, 1e-5);
    assert!(vertex(|x| Ok(x * x), (0.0, 1.0), 1).is_err(), "a valley has no top");
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
    let h = 0.1;
    let grid = || (-130..=130).map(|i| h * f64::from(i));
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

// --- masked steps, in f64 ---

const KINDS: [&[Order]; 4] =
    [&[], &[Order::Forward], &[Order::Forward, Order::Backward], &[Order::Blind; 2]];

/// A small network with steps, whose weights are large enough to bend.
fn model(pixels: usize, latent: usize, orders: &[Order]) -> Iaf<f64, Cpu> {
    let sizes = Sizes { pixels, hidden: vec![4], latent };
    let cpu = Cpu::default();
    let kind = Likelihood::Bernoulli;
    let mut model = Iaf::new(&sizes, kind, (5, orders), &cpu, &mut rng(4)).unwrap();
    for (name, p) in model.parameters() {
        let factor = if name.starts_with("step") { 2.0 } else { 1.5 };
        *p = p.clone() * factor;
    }
    model
}

fn on_cpu(x: &Array2<f64>) -> Table<f64, Cpu> {
    to_device(x.view(), &Cpu::default()).unwrap()
}

fn normal(shape: (usize, usize), seed: u64) -> Array2<f64> {
    let normal = ndarray_rand::rand_distr::StandardNormal;
    Array2::random_using(shape, normal, &mut rng(seed))
}

fn bits(rows: usize, pixels: usize) -> Array2<f64> {
    normal((rows, pixels), 7).mapv(|v| f64::from(v > 0.2))
}

#[test]
fn masks_leave_paths_only_from_coordinates_before() {
    for (latent, hidden) in [(1, 3), (2, 2), (3, 7), (5, 16)] {
        let paths = |order| {
            let [sees, tells] = masks(latent, hidden, order);
            tells.dot(&sees)
        };
        for ((i, j), v) in paths(Order::Forward).indexed_iter() {
            assert_eq!(*v > 0.0, j < i, "from {j} to {i}");
        }
        for ((i, j), v) in paths(Order::Backward).indexed_iter() {
            assert_eq!(*v > 0.0, j > i, "from {j} to {i}");
        }
        assert_eq!(paths(Order::Blind).sum(), 0.0);
        let [_, tells] = masks(latent, hidden, Order::Forward);
        assert!(tells.rows().into_iter().all(|r| r.sum() > 0.0), "all are told of the image");
    }
}

#[test]
fn the_jacobian_of_a_masked_step_is_triangular_and_of_two_it_is_not() {
    let x = bits(1, 4);
    for orders in KINDS {
        let model = model(4, 3, orders);
        let draw = |e: &Array2<f64>| model.draw(on_cpu(&x), on_cpu(e)).unwrap();
        let z = |e: ArrayView1<f64>| {
            to_array(&draw(&e.insert_axis(Axis(0)).to_owned()).z).unwrap().row(0).to_owned()
        };
        let e = normal((1, 3), 5);
        let j = jacobian(z, &e.row(0).to_owned());
        near(draw(&e).log_det.as_vec()[0], det3(&j).abs().ln(), 1e-7);
        let above = j.indexed_iter().filter(|((i, k), _)| k > i).map(|(_, v)| v.abs());
        let below = j.indexed_iter().filter(|((i, k), _)| k < i).map(|(_, v)| v.abs());
        let (above, below) = (above.fold(0.0, f64::max), below.fold(0.0, f64::max));
        let tied = orders.contains(&Order::Forward);
        assert_eq!(below > 1e-4, tied, "below the diagonal: {below}");
        assert_eq!(above > 1e-4, orders.contains(&Order::Backward), "above it: {above}");
        assert!(j.diag().iter().all(|v| *v > 0.0));
        for step in &model.steps {
            let (before, top) = (on_cpu(&normal((6, 3), 8)), on_cpu(&normal((6, 4), 9)));
            let after = step.step(before.clone(), top.clone()).unwrap().z;
            let back = to_array(&step.back(&after, &top).unwrap()).unwrap();
            assert!((back - to_array(&before).unwrap()).iter().all(|v| v.abs() < 1e-11));
        }
    }
}

#[test]
fn a_weight_of_a_draw_is_on_average_the_evidence() {
    // The sum over a grid of ε of N(ε) w(ε) is p(x), whatever the steps: it fails if log q has a wrong sign anywhere.
    let x = bits(1, 3);
    let (step, half) = (0.15, 45);
    let side = (2 * half + 1) as usize;
    let place = |i: usize| step * (i as f64 - f64::from(half));
    let e = Array2::from_shape_fn((side * side, 2), |(n, k)| {
        place(if k == 0 { n / side } else { n % side })
    });
    let rows = Array2::from_shape_fn((e.nrows(), 3), |(_, d)| x[[0, d]]);
    let log_prior =
        e.map_axis(Axis(1), |e| log_normal(e[0], 0.0, 1.0) + log_normal(e[1], 0.0, 1.0));
    for orders in KINDS {
        let model = model(3, 2, orders);
        let given = model.net.decode(on_cpu(&e)).unwrap();
        let fit = model.net.fit(given, &on_cpu(&rows)).unwrap().as_vec();
        let total = |logs: Vec<f64>| {
            let all: Vec<f64> = logs.iter().zip(&log_prior).map(|(a, b)| a + b).collect();
            gaussian::log_sum_exp(&all) + 2.0 * step.ln()
        };
        let evidence = total(fit);
        let by_weights = total(model.bound(on_cpu(&rows), on_cpu(&e)).unwrap().as_vec());
        near(by_weights, evidence, 1e-5);
        let [bound, weighted] = model.score(x.view(), 400, &mut rng(6)).unwrap();
        assert!(bound[0] < evidence && bound[0] < weighted[0]);
        near(weighted[0], evidence, 0.2);
    }
}

#[test]
fn slopes_of_the_flow_are_those_of_differences_and_zero_behind_the_mask() {
    let (x, e) = (bits(5, 4), normal((5, 2), 11));
    for orders in KINDS {
        let mut model = model(4, 2, orders);
        let (_, by_tape) = model.slope(on_cpu(&x), on_cpu(&e)).unwrap();
        let shapes: Vec<_> = model
            .parameters()
            .into_iter()
            .map(|(n, p)| (n, *p.shape(), by_tape.get(p)))
            .collect();
        for (at, (name, (rows, columns), slope)) in shapes.iter().enumerate() {
            let most = slope.as_vec().iter().fold(1e-3f64, |m, v| m.max(v.abs()));
            for (i, j) in (0..rows * columns).map(|n| (n / columns, n % columns)) {
                let moved = |by: f64| {
                    let mut model = model.clone();
                    model.parameters()[at].1[[i, j]] += by;
                    let bound = model.bound(on_cpu(&x), on_cpu(&e)).unwrap().as_vec();
                    -bound.iter().sum::<f64>() / 5.0
                };
                let rise = (moved(1e-5) - moved(-1e-5)) / 2e-5;
                let here = slope[[i, j]];
                assert!(
                    (rise - here).abs() < 1e-6 * most,
                    "{name} [{i}, {j}]: {rise} {here}"
                );
            }
        }
        for (n, step) in model.steps.iter().enumerate() {
            let of = |part: &str| {
                let name = format!("step.{n}.{part}.weight");
                let found = shapes.iter().find(|s| s.0 == name).unwrap();
                to_array(&found.2).unwrap()
            };
            let masks = step.masks.each_ref().map(|m| to_array(m).unwrap());
            for (part, mask) in
                [("code", &masks[0]), ("gate", &masks[1]), ("shift", &masks[1])]
            {
                for (slope, mask) in of(part).iter().zip(mask) {
                    assert_eq!(*slope == 0.0, *mask == 0.0, "{part}");
                }
            }
        }
    }
}

#[test]
fn without_a_step_it_is_the_network_of_before() {
    let (x, e) = (bits(4, 4), normal((4, 2), 12));
    let model = model(4, 2, &[]);
    let objective = Objective { form: Form::Weight, ..Objective::default() };
    let want = terms(&model.net, on_cpu(&x), on_cpu(&e), objective).unwrap().bound.as_vec();
    let got = model.bound(on_cpu(&x), on_cpu(&e)).unwrap().as_vec();
    got.into_iter().zip(want).for_each(|(got, want)| near(got, want, 1e-12));
}

#[test]
fn training_raises_the_bound_and_repeats_itself() {
    let x = bits(60, 4);
    let plan = Plan { epochs: 12, batch: 10, rate: 1e-2, last_rate: 1e-2, ..Plan::default() };
    let mut first = model(4, 2, &[Order::Forward, Order::Backward]);
    let mut second = first.clone();
    let log = first.train(x.view(), plan).unwrap();
    assert!(log[11] > log[0] + 0.1, "{log:?}");
    assert_eq!(log, second.train(x.view(), plan).unwrap());
    let hidden = first.steps[0].code.as_vec();
    assert_ne!(
        hidden,
        model(4, 2, &[Order::Forward, Order::Backward]).steps[0].code.as_vec()
    );
    let grey = Array2::from_elem((2, 4), 0.5);
    assert!(matches!(first.train(grey.view(), plan), Err(Error::NotBinary { .. })));
    assert!(first.train(x.view(), Plan { batch: 0, ..plan }).is_err());
    assert!(first.score(x.view(), 0, &mut rng(1)).is_err());
    let cpu = Cpu::default();
    assert!(Masked::<f64, Cpu>::new([0, 3, 2], Order::Forward, &cpu, &mut rng(1)).is_err());
}

// --- what a code must share ---

#[test]
fn the_best_image_of_a_code_is_the_average_of_what_is_behind_it() {
    for apart in [false, true] {
        let world = Sharing::bars(3, apart, 0.7).unwrap();
        let (means, behind) = (world.means().unwrap(), world.behind());
        let error = |k: usize, a: ArrayView1<f64>| {
            behind.row(k).dot(&(&world.images - &a).mapv(|v| v * v).sum_axis(Axis(1)))
        };
        let fit = |k: usize, a: ArrayView1<f64>| {
            let log = |x: ArrayView1<f64>| {
                let pair = x
                    .into_iter()
                    .zip(a)
                    .map(|(x, p)| if *x > 0.5 { p.ln() } else { (1.0 - p).ln() });
                pair.sum::<f64>()
            };
            behind.row(k).dot(&world.images.map_axis(Axis(1), log))
        };
        for (k, mean) in means.rows().into_iter().enumerate() {
            for d in 0..9 {
                for by in [-0.01, 0.01] {
                    let mut other = mean.to_owned();
                    other[d] += by;
                    near(error(k, other.view()), error(k, mean) + 1e-4, 1e-12);
                    assert!(
                        fit(k, other.view()) < fit(k, mean),
                        "and tossed pixels want the same"
                    );
                }
            }
        }
        // Averaged over q(z), the averages are the mean of the data; and squares add up.
        let all = world.share.dot(&world.images);
        let back = world.aggregate().dot(&means);
        assert!((&back - &all).iter().all(|v| v.abs() < 1e-14));
        let total =
            world.share.dot(&(&world.images - &all).mapv(|v| v * v).sum_axis(Axis(1)));
        let between =
            world.aggregate().dot(&(&means - &all).mapv(|v| v * v).sum_axis(Axis(1)));
        near(world.left_over().unwrap() + between, total, 1e-12);
    }
    // By hand: certain codes that a row and a column share. The crossing is black, four pixels are half grey.
    let sure = Sharing::bars(3, false, 40.0).unwrap();
    let want = array![1.0, 0.5, 0.5, 0.5, 0.0, 0.0, 0.5, 0.0, 0.0];
    assert!((&sure.means().unwrap().row(0) - &want).iter().all(|v| v.abs() < 1e-9));
    near(sure.left_over().unwrap(), 1.0, 1e-9);
    near(sure.aggregate()[0], 4.0 / 7.0, 1e-9);
}

#[test]
fn a_decoder_that_can_say_anything_needs_no_code_and_tossed_pixels_do() {
    let part = |n: f64| 2.0 * n / 14.0 * (14.0 / n).ln();
    let (data, mut last) = (part(4.0) + part(2.0) + part(1.0), 0.0);
    for sureness in [0.0, 0.3, 0.7, 2.0] {
        for apart in [false, true] {
            let world = Sharing::bars(3, apart, sureness).unwrap();
            let price = world.price().unwrap();
            // what the code tells, from q itself, and what is left to say: −H(x), whatever the code
            let (all, mut told) = (world.aggregate(), 0.0);
            for ((n, k), q) in world.q.indexed_iter().filter(|(_, q)| **q > 0.0) {
                told += world.share[n] * q * (q / all[k]).ln();
            }
            near(price.told, told, 1e-12);
            near(-price.together - told, -data, 1e-12);
            near(price.free_bound(), -data, 1e-12);
            let lost = price.free_bound() - price.pixel_bound();
            near(lost, price.pixel_by_pixel - price.together, 1e-12);
            assert!(lost >= 0.0, "pixels apart never say more");
            // E log p(x | z) of the tossed pixels, one image and one code at a time.
            let (tossed, behind, all) =
                (world.tossed().unwrap(), world.behind(), world.aggregate());
            let mut fit = 0.0;
            for ((k, n), p) in tossed.indexed_iter() {
                let mass = all[k] * behind[[k, n]];
                fit += if mass > 0.0 { mass * p.ln() } else { 0.0 };
            }
            near(fit, -price.pixel_by_pixel, 1e-12);
            if sureness == 0.0 {
                near(price.told, 0.0, 1e-12);
            }
            last = price.told;
        }
    }
    near(last, data, 0.01);
    let [shared, apart] = [false, true].map(|a| Sharing::bars(3, a, 2.0).unwrap());
    assert!(apart.left_over().unwrap() < 0.1 * shared.left_over().unwrap(), "less is shared");
}

#[test]
fn the_walk_keeps_the_data_if_the_decoder_can_say_what_is_behind_a_code() {
    let world = Sharing::bars(3, false, 0.7).unwrap();
    let behind = world.behind();
    let kept = world.step(world.share.view(), &behind).unwrap();
    assert!((&kept - &world.share).iter().all(|v| v.abs() < 1e-15));
    // Share by share: as much goes from x to x′ as back.
    let share = world.share.view().insert_axis(Axis(1));
    let flow = world.q.dot(&behind) * share;
    assert!((&flow - &flow.t()).iter().all(|v| v.abs() < 1e-16));
    // From one image alone, or from grey noise, the walk finds the data, and never turns away.
    let mut starts = vec![Array1::zeros(512), Array1::from_elem(512, 1.0 / 512.0)];
    starts[0][0b111_000_000] = 1.0;
    for mut x in starts {
        let mut before = f64::INFINITY;
        for _ in 0..60 {
            x = world.step(x.view(), &behind).unwrap();
            let now = elbo::kl(&x.to_vec(), &world.share.to_vec()).unwrap();
            assert!(now <= before + 1e-13);
            before = now;
        }
        assert!((&x - &world.share).iter().all(|v| v.abs() < 1e-6));
    }
    // Tossed pixels lead it away, step by step, to a place that does not depend on the start.
    let tossed = world.tossed().unwrap();
    let from = |start: &Array1<f64>, n| world.after(n, start.view(), &tossed).unwrap();
    let away = |n| world.from_data(from(&world.share, n).view()).unwrap();
    near(from(&world.share, 7).sum(), 1.0, 1e-12);
    assert!(away(1) > 2.0 && away(3) > away(1) && away(30) > away(3));
    let seen = world.share.mapv(|s| f64::from(s > 0.0));
    assert!(from(&world.share, 1).dot(&seen) < 0.1, "most of what it draws is no bar");
    let (one, other) = (from(&world.share, 60), from(&seen.mapv(|s| s / 6.0), 60));
    assert!((&one - &other).iter().all(|v| v.abs() < 1e-9));
    assert!(
        one.dot(&world.q)[0] < world.aggregate()[0] - 0.05,
        "rare codes become less rare"
    );
}

#[test]
fn worlds_that_are_none_are_refused() {
    assert!(Sharing::bars(4, true, 1.0).is_err());
    let world = Sharing::bars(2, true, 1.0).unwrap();
    assert_eq!(world.data().nrows(), 4);
    let Sharing { images, share, q } = world.clone();
    assert!(Sharing::new(images.clone(), &share * 2.0, q.clone()).is_err());
    assert!(Sharing::new(images.clone(), share.clone(), &q * 0.5).is_err());
    assert!(Sharing::new(&images * 0.5, share.clone(), q.clone()).is_err());
    assert!(Sharing::new(images, Array1::ones(3), q).is_err());
    assert!(world.step(Array1::zeros(3).view(), &world.behind()).is_err());
    assert!(world.step(share.view(), &Array2::zeros((1, 1))).is_err());
}
