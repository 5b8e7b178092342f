//! Chapter 8: what a code that several images share does to pixels, and pixels of other kinds.
use dfdx::prelude::*;
use latent::Error;
use latent::blurriness::average::{
    best_fit, best_mean, best_variance, drawn_error, fit, squared_error, strokes,
    strokes_fit, weights_at,
};
use latent::blurriness::sharpness::{laplacian, mean_sharpness, sharpness};
use latent::data;
use latent::gaussian::Moments;
use latent::vae::greys::{
    Continuous, Levels, Logistic, continuous_log_mass, log_sinhc, normal_log_mass,
};
use latent::vae::loss::loss;
use latent::vae::net::{Table, to_device};
use latent::vae::train::noise;
use latent::vae::{Likelihood, Linear, Objective, OnCpu, Sizes, Vae, checkpoint, pixel};
use ndarray::{Array1, Array2, Axis, array, s};
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::Value;

fn rng(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

fn oracle() -> Value {
    serde_json::from_str(include_str!("oracles/blurriness_b.json")).unwrap()
}

fn uniform((rows, columns): (usize, usize), seed: u64) -> Array2<f64> {
    let mut rng = rng(seed);
    Array2::from_shape_simple_fn((rows, columns), || rng.random::<f64>())
}

fn close(a: f64, b: f64, by: f64, what: &str) {
    assert!((a - b).abs() <= by * b.abs().max(1.0), "{what}: {a} and {b}");
}

/// Five images of twelve pixels, and weights that do not add up to one.
fn some() -> (Array2<f64>, Array1<f64>) {
    (uniform((5, 12), 1), array![0.2, 1.5, 0.0, 0.7, 0.1])
}

// What shares a code. (eq:shared-mean), (eq:drawn-error), (eq:shared-variance), (eq:best-fit)

#[test]
fn any_other_picture_loses_its_distance_from_the_average() {
    let (x, w) = some();
    let best = best_mean(x.view(), w.view()).unwrap();
    let least = squared_error(x.view(), w.view(), best.view()).unwrap();
    for seed in 2..20 {
        let a = uniform((1, 12), seed).row(0).to_owned();
        let apart = (&a - &best).mapv(|v| v * v).sum();
        let error = squared_error(x.view(), w.view(), a.view()).unwrap();
        close(error, least + apart, 1e-13, "the law of the lever");
    }
    // two images: the share is the grey
    let two = best_mean(strokes().view(), array![3.0, 1.0].view()).unwrap();
    assert_eq!(two, array![0.75, 0.25]);
}

#[test]
fn a_sharp_draw_loses_exactly_twice_as_much_as_the_blur() {
    let (x, w) = some();
    let least = 12.0 * best_variance(x.view(), w.view()).unwrap();
    let drawn = drawn_error(x.view(), w.view()).unwrap();
    close(drawn, 2.0 * least, 1e-13, "a draw");
    let decibel = |error: f64| -10.0 * (error / 12.0).log10();
    close(decibel(least) - decibel(drawn), 10.0 * 2f64.log10(), 1e-12, "3.01 dB");
    // and so of the digits themselves
    let x = data::digits().x.slice(s![..400, ..]).mapv(|v| v / 16.0);
    let w = Array1::ones(400);
    let least = 64.0 * best_variance(x.view(), w.view()).unwrap();
    close(drawn_error(x.view(), w.view()).unwrap(), 2.0 * least, 1e-12, "a digit");
}

#[test]
fn the_best_shared_variance_is_the_mean_squared_error() {
    let (x, w) = some();
    let a = best_mean(x.view(), w.view()).unwrap();
    let v = best_variance(x.view(), w.view()).unwrap();
    let at = |v: f64| fit(x.view(), w.view(), a.view(), v).unwrap();
    close(at(v), best_fit(12, v), 1e-13, "the value there");
    for by in [0.3, 0.9, 0.999, 1.001, 1.1, 3.0] {
        assert!(at(v * by) < at(v) - 1e-9, "{by}");
    }
    let slope = (at(v * (1.0 + 1e-6)) - at(v * (1.0 - 1e-6))) / 2e-6;
    assert!(slope.abs() < 1e-8, "{slope}");
    // shared/oracles: 64 pixels with a mean squared error of 0.03
    close(best_fit(64, 0.03), 21.397786589140367, 1e-14, "the oracle");
    // the wrong picture with its own best variance fits worse
    let b = &a + 0.1;
    let error = squared_error(x.view(), w.view(), b.view()).unwrap() / 12.0;
    assert!(best_fit(12, error) < best_fit(12, v));
}

#[test]
fn a_code_belongs_to_the_rows_that_may_have_sent_it() {
    let (m, s) = (array![[-1.0, 0.0], [1.0, 0.0], [1.0, 40.0]], Array2::ones((3, 2)));
    let at = |z: [f64; 2]| weights_at(array![z[0], z[1]].view(), m.view(), s.view()).unwrap();
    let middle = at([0.0, 3.0]);
    close(middle[0], 0.5, 1e-14, "halfway");
    close(middle[1], 0.5, 1e-14, "halfway");
    // two codes of one width: a logistic curve of z, of slope 2m/s²
    for z in [-2.0, -0.3, 0.0, 1.7] {
        close(at([z, 0.0])[1], 1.0 / (1.0 + f64::exp(-2.0 * z)), 1e-13, "a curve");
    }
    close(at([0.3, -1.0]).sum(), 1.0, 1e-14, "the whole");
    assert_eq!(at([1.0, 4000.0])[2], 1.0, "far from all: the nearest");
    // wide and narrow: by hand
    let s = array![[0.5, 1.0], [2.0, 1.0], [1.0, 1.0]];
    let w = weights_at(array![0.0, 0.0].view(), m.view(), s.view()).unwrap();
    let ratio = (-0.5f64 * 4.0 + 0.5 * 0.25).exp() * 4.0;
    close(w[0] / w[1], ratio, 1e-12, "by hand");
}

#[test]
fn pixels_tossed_one_by_one_pay_twice_for_one_stroke() {
    for left in [0.0, 0.1, 0.5, 0.8, 1.0] {
        let [both, tossed] = strokes_fit(left).unwrap();
        let entropy = -[left, 1.0 - left]
            .map(|p| if p > 0.0 { p * f64::ln(p) } else { 0.0 })
            .iter()
            .sum::<f64>();
        close(both, -entropy, 1e-14, "the images themselves");
        // the best of all pairs of probabilities, on a grid that holds the answer
        let most = (1..1000)
            .flat_map(|i| (1..1000).map(move |j| (f64::from(i) / 1e3, f64::from(j) / 1e3)))
            .map(|(p, q)| left * (p * (1.0 - q)).ln() + (1.0 - left) * (q * (1.0 - p)).ln())
            .fold(f64::NEG_INFINITY, f64::max);
        assert!(most <= tossed + 1e-12 && most > tossed - 3e-3, "{left}: {most} {tossed}");
    }
    close(strokes_fit(0.5).unwrap()[1], -(4f64.ln()), 1e-14, "two bits");
}

#[test]
fn what_is_no_set_of_weights_is_refused() {
    let (x, w) = some();
    let bad = |w: Array1<f64>| best_mean(x.view(), w.view()).unwrap_err();
    assert!(matches!(bad(array![1.0, 1.0]), Error::Shape { .. }));
    assert!(matches!(bad(array![1.0, 1.0, -0.1, 1.0, 1.0]), Error::Range { .. }));
    assert!(matches!(bad(Array1::zeros(5)), Error::Range { .. }));
    assert!(matches!(bad(array![1.0, f64::NAN, 0.1, 1.0, 1.0]), Error::NotFinite { .. }));
    let none = Array2::<f64>::zeros((0, 12));
    assert!(matches!(
        best_mean(none.view(), Array1::zeros(0).view()),
        Err(Error::Empty { .. })
    ));
    assert!(squared_error(x.view(), w.view(), array![1.0].view()).is_err());
    assert!(fit(x.view(), w.view(), x.row(0), 0.0).is_err());
    assert!(fit(x.view(), w.view(), x.row(0), f64::NAN).is_err());
    assert!(strokes_fit(1.1).is_err());
    let (m, s) = (Array2::zeros((2, 2)), array![[1.0, 1.0], [0.0, 1.0]]);
    assert!(weights_at(array![0.0, 0.0].view(), m.view(), s.view()).is_err());
    assert!(weights_at(array![0.0].view(), m.view(), m.view()).is_err());
    assert!(weights_at(array![f64::NAN, 0.0].view(), m.view(), m.view()).is_err());
}

// Sharpness. (eq:laplacian)

#[test]
fn a_ramp_is_not_sharp_and_a_dot_is() {
    let image = |f: fn(f64, f64) -> f64| {
        Array2::from_shape_fn((1, 30), |(_, at)| f((at / 5) as f64, (at % 5) as f64))
    };
    let of = |x: Array2<f64>| sharpness(x.view(), 5).unwrap()[0];
    assert!(of(image(|i, j| 0.3 + 0.1 * i - 0.7 * j)) < 1e-14, "linear in both directions");
    assert!(of(image(|i, j| i * j)) < 1e-13, "and in each");
    close(of(image(|i, _| i * i)), 2.0, 1e-13, "a bend of two");
    // 6 rows of 5: the 4 × 3 pixels inside
    let dot = image(|i, j| f64::from(i == 2.0 && j == 2.0));
    close(of(dot.clone()), 8.0 / 12.0, 1e-14, "four, and one of each neighbour");
    close(of(dot.mapv(|v| 0.2 - 3.0 * v)), 3.0 * 8.0 / 12.0, 1e-13, "contrast counts");
    let corner = image(|i, j| f64::from(i == 0.0 && j == 0.0));
    assert_eq!(of(corner), 0.0, "the corner is nobody's neighbour");
    let bends =
        laplacian(array![[0., 1., 0., 0.], [2., 5., 3., 0.], [0., 4., 0., 0.]].view());
    assert_eq!(bends.unwrap(), array![[10.0, 7.0]]);
}

#[test]
fn an_average_is_never_sharper_than_the_average_of_the_sharp() {
    let x = data::digits().x.mapv(|v| v / 16.0);
    let mut rng = rng(7);
    for _ in 0..50 {
        let rows: Vec<usize> = (0..6).map(|_| rng.random_range(0..x.nrows())).collect();
        let w = Array1::from_shape_simple_fn(6, || rng.random::<f64>());
        let images = x.select(Axis(0), &rows);
        let mean = best_mean(images.view(), w.view()).unwrap().insert_axis(Axis(0));
        let each = w.dot(&sharpness(images.view(), 8).unwrap()) / w.sum();
        assert!(sharpness(mean.view(), 8).unwrap()[0] <= each + 1e-12);
    }
    // equal where the bends have one sign everywhere: images on one ray
    let ray = Array2::from_shape_fn((3, 64), |(n, d)| x[[0, d]] * (n + 1) as f64);
    let mean = best_mean(ray.view(), Array1::ones(3).view()).unwrap().insert_axis(Axis(0));
    let each = mean_sharpness(ray.view(), 8).unwrap();
    close(sharpness(mean.view(), 8).unwrap()[0], each, 1e-13, "on a ray");
}

/// Independent noise of standard deviation σ has a Laplacian of variance 16σ² + 4σ².
#[test]
fn noise_passes_for_sharpness() {
    let mut rng = rng(3);
    let mut normal = || {
        let (u, v) = (1.0 - rng.random::<f64>(), rng.random::<f64>());
        (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
    };
    let x = Array2::from_shape_simple_fn((400, 64), || 0.3 * normal());
    let each = sharpness(x.view(), 8).unwrap();
    let mean = each.sum() / 400.0;
    let wanted = 0.3 * 20f64.sqrt() * (2.0 / std::f64::consts::PI).sqrt();
    let se = (each.mapv(|v| (v - mean) * (v - mean)).sum() / 400.0 / 400.0).sqrt();
    assert!((mean - wanted).abs() < 5.0 * se, "{mean} {wanted} {se}");
}

#[test]
fn images_too_small_for_an_inside_are_refused() {
    let x = uniform((2, 12), 1);
    assert!(matches!(sharpness(x.view(), 5), Err(Error::Range { .. })), "12 is not 5 times");
    assert!(matches!(sharpness(x.view(), 6), Err(Error::Range { .. })), "two rows");
    assert!(matches!(sharpness(x.view(), 2), Err(Error::Range { .. })));
    assert!(matches!(sharpness(x.view(), 0), Err(Error::Range { .. })));
    assert!(sharpness(x.view(), 4).is_ok() && sharpness(x.view(), 3).is_ok());
    let mut hole = uniform((1, 12), 1);
    hole[[0, 5]] = f64::NAN;
    assert!(matches!(sharpness(hole.view(), 4), Err(Error::NotFinite { .. })));
    assert!(matches!(
        mean_sharpness(Array2::zeros((0, 12)).view(), 4),
        Err(Error::Empty { .. })
    ));
}

// One grey pixel. (eq:continuous), (eq:continuous-mean), (eq:logistic-mass)

#[test]
fn the_continuous_bernoulli_is_a_truncated_exponential() {
    for case in oracle()["continuous"].as_array().unwrap() {
        let number = |key: &str| case[key].as_f64().unwrap();
        let law = Continuous { odds: number("odds") };
        let what = format!("odds {}", law.odds);
        close(law.log_density(number("x")), number("log_density"), 1e-9, &what);
        close(law.mean(), number("mean"), 1e-10, &what);
        close(law.variance(), number("variance"), 1e-10, &what);
        close(law.below(number("x")), number("below"), 1e-9, &what);
    }
}

#[test]
fn the_series_and_the_closed_form_are_one_curve() {
    for a in [1e-12, 1e-5, 0.01, 0.3, 0.499, 0.501, 2.0, 40.0] {
        let half: f64 = 0.5 * a;
        let by_hand = if a < 1e-4 { a * a / 24.0 } else { (half.sinh() / half).ln() };
        close(log_sinhc(a), by_hand, 3e-14, &format!("{a}"));
        assert_eq!(log_sinhc(-a), log_sinhc(a));
    }
    assert_eq!(log_sinhc(0.0), 0.0);
    close(log_sinhc(1e6), 5e5 - 1e6f64.ln(), 1e-14, "no overflow");
    let across = log_sinhc(0.5) - log_sinhc(0.5 - 1e-12);
    assert!((0.0..1e-12).contains(&across), "{across}");
}

#[test]
fn the_laws_of_one_pixel_agree_with_one_another() {
    for a in [-300.0, -9.0, -0.3, -0.0999, 0.0, 0.0999, 0.1001, 0.6, 12.0, 300.0] {
        let law = Continuous { odds: a };
        let normaliser = |a: f64| 0.5 * a + log_sinhc(a);
        let h = 1e-4;
        let slope = (normaliser(a + h) - normaliser(a - h)) / (2.0 * h);
        close(law.mean(), slope, 1e-7, "the mean is the slope of the log normaliser");
        let bend = (Continuous { odds: a + h }.mean() - Continuous { odds: a - h }.mean())
            / (2.0 * h);
        close(law.variance(), bend, 1e-7, "and the variance the slope of the mean");
        let turned = Continuous { odds: -a };
        close(law.mean(), 1.0 - turned.mean(), 1e-13, "turned round");
        for share in [1e-9, 0.2, 0.5, 0.999] {
            let x = law.quantile(share);
            assert!((0.0..=1.0).contains(&x));
            close(law.below(x), share, 1e-9, "a share");
        }
    }
    // the mean of a density is not the probability that the same number would be
    let odds: f64 = 3.0;
    assert!(Continuous { odds }.mean() < 1.0 / (1.0 + (-odds).exp()) - 0.2);
}

#[test]
fn masses_of_bins_are_those_of_the_distribution_functions() {
    for case in oracle()["bins"].as_array().unwrap() {
        let number = |key: &str| case[key].as_f64().unwrap();
        let end = |i: usize, open: f64| case["bin"][i].as_f64().unwrap_or(open);
        let bin = (end(0, f64::NEG_INFINITY), end(1, f64::INFINITY));
        let (mean, scale) = (number("mean"), number("scale"));
        let mass = match case["kind"].as_str() {
            Some("normal") => normal_log_mass(bin, mean, scale),
            _ => Logistic { mean, scale }.log_mass(bin),
        };
        close(mass, number("log_mass"), 1e-10, &format!("{case}"));
    }
    let far = normal_log_mass((0.5, 0.6), 0.0, 0.001);
    close(
        far,
        -125_000.0 - (500.0 * std::f64::consts::TAU.sqrt()).ln(),
        1e-8,
        "no underflow",
    );
}

#[test]
fn bins_leave_nothing_over_and_know_their_mean() {
    for count in [2, 3, 17, 256] {
        let levels = Levels::new(count).unwrap();
        let all: Vec<f64> = (0..count).map(|k| k as f64 / (count - 1) as f64).collect();
        for (mean, scale) in [(0.4, 0.05), (0.4, 3.0), (-0.2, 0.1), (1.0, 1e-3), (0.47, 1e-4)]
        {
            let law = Logistic { mean, scale };
            let logistic = |x: f64| law.log_mass(levels.bin(x)).exp();
            let normal = |x: f64| normal_log_mass(levels.bin(x), mean, scale).exp();
            let tilt = Continuous { odds: mean / scale };
            let continuous = |x: f64| continuous_log_mass(levels.bin(x), tilt).exp();
            let total = |f: &dyn Fn(f64) -> f64| all.iter().map(|x| f(*x)).sum::<f64>();
            close(total(&logistic), 1.0, 1e-12, "logistic");
            close(total(&normal), 1.0, 1e-12, "normal");
            close(total(&continuous), 1.0, 1e-11, "continuous");
            let (m, v) = levels.moments(|x| law.above(x));
            let mean_by_hand: f64 = all.iter().map(|x| x * logistic(*x)).sum();
            let square: f64 = all.iter().map(|x| x * x * logistic(*x)).sum();
            close(m, mean_by_hand, 1e-12, "the mean");
            close(v, square - mean_by_hand * mean_by_hand, 1e-11, "the variance");
        }
        for x in all {
            assert_eq!(levels.nearest(x + 0.4 * levels.step()), levels.nearest(x));
            let (low, high) = levels.bin(x);
            assert!(low < x && x < high);
        }
    }
    assert!(Levels::new(1).is_err() && Levels::new(1 << 20).is_err());
    assert_eq!(Levels::of(0).count(), 2);
    let law = Logistic { mean: 0.3, scale: 0.2 };
    close(law.above(law.quantile(0.2)), 0.8, 1e-13, "a quantile");
}

// The same in networks.

const KINDS: [Likelihood; 3] =
    [Likelihood::Continuous, Likelihood::Logistic(17), Likelihood::Logistic(2)];

/// Greys that all three know: levels of 17, or black and white.
fn greys(kind: Likelihood, rows: usize) -> Array2<f64> {
    let last = if kind == Likelihood::Logistic(2) { 1.0 } else { 16.0 };
    let mut x = uniform((rows, 6), 11).mapv(|v| (v * last).round() / last);
    (x[[0, 0]], x[[0, 1]]) = (0.0, 1.0);
    x
}

fn tensor(x: &Array2<f64>) -> Table<f64, Cpu> {
    to_device(x.view(), &Cpu::default()).unwrap()
}

fn small(kind: Likelihood) -> Vae<f64, Cpu> {
    let cpu = Cpu::default();
    let sizes = Sizes { pixels: 6, hidden: vec![4], latent: 2 };
    let mut net = Vae::new(&sizes, kind, &cpu, &mut rng(3)).unwrap();
    net.spread = tensor(&array![[-1.3]]);
    net
}

#[test]
fn the_slopes_of_grey_pixels_agree_with_differences() {
    for kind in KINDS {
        let (mut net, x) = (small(kind), tensor(&greys(kind, 5)));
        let eps = noise((5, 2), &Cpu::default(), &mut rng(8)).unwrap();
        let of = |net: &Vae<f64, Cpu>| {
            loss(net, x.clone(), eps.clone(), Objective::default()).unwrap().array()
        };
        let traced = x.clone().traced(Gradients::leaky());
        let tape = loss(&net, traced, eps.clone(), Objective::default()).unwrap();
        let slopes = tape.backward();
        for p in 0..net.parameters().len() {
            let (name, table) = net.parameters().remove(p);
            let (slope, (rows, columns)) = (slopes.get(table), *table.shape());
            for at in 0..rows * columns {
                let moved = |by: f64| {
                    let mut net = net.clone();
                    net.parameters().remove(p).1[[at / columns, at % columns]] += by;
                    of(&net)
                };
                let rise = (moved(1e-5) - moved(-1e-5)) / 2e-5;
                let told = slope[[at / columns, at % columns]];
                assert!(
                    (rise - told).abs() < 1e-7 * rise.abs().max(1.0),
                    "{kind:?} {name}: {rise} {told}"
                );
            }
        }
    }
}

/// At every size of the decoder's number: values as in f64 by hand, slopes as in closed form, in both number types.
#[test]
fn networks_have_the_pixels_of_the_formulas_at_any_size() {
    let odds = [-800.0, -30.0, -0.51, -0.49, -1e-3, 0.0, 1e-9, 0.5, 0.7, 5.0, 90.0, 800.0];
    let n = odds.len();
    let a = Array2::from_shape_fn((n, 1), |(i, _)| odds[i]);
    let x = Array2::from_shape_fn((n, 1), |(i, _)| (i % 5) as f64 / 4.0);
    let given = tensor(&a).leaky_trace();
    let value = pixel::continuous(given.with_empty_tape(), &tensor(&x)).unwrap();
    let by_hand: Vec<f64> =
        (0..n).map(|i| Continuous { odds: odds[i] }.log_density(x[[i, 0]])).collect();
    for (got, wanted) in value.as_vec().iter().zip(&by_hand) {
        close(*got, *wanted, 1e-13, "the value");
    }
    let (cpu, narrow) = (Cpu::default(), |x: &Array2<f64>| x.mapv(|v| v as f32));
    let given32 = to_device(narrow(&a).view(), &cpu).unwrap().leaky_trace();
    let x32 = to_device(narrow(&x).view(), &cpu).unwrap();
    let value32 = pixel::continuous(given32.with_empty_tape(), &x32).unwrap();
    for (got, wanted) in value32.as_vec().iter().zip(&by_hand) {
        close(f64::from(*got), *wanted, 2e-6, "the value in f32");
    }
    let keep = given.retaped::<NoneTape>();
    let slopes = pixel::continuous(given, &tensor(&x)).unwrap().sum::<Rank0, _>().backward();
    let slopes = slopes.get(&keep);
    let keep32 = given32.retaped::<NoneTape>();
    let slopes32 = pixel::continuous(given32, &x32).unwrap().sum::<Rank0, _>().backward();
    let slopes32 = slopes32.get(&keep32);
    for i in 0..n {
        let wanted = x[[i, 0]] - Continuous { odds: odds[i] }.mean(); // what was there, less what was expected
        close(slopes[[i, 0]], wanted, 1e-12, &format!("the slope at {}", odds[i]));
        close(f64::from(slopes32[[i, 0]]), wanted, 2e-6, &format!("in f32 at {}", odds[i]));
    }
}

#[test]
fn logistic_networks_have_the_masses_of_the_bins() {
    let levels = Levels::new(17).unwrap();
    let means = [-300.0, -2.0, -0.1, 0.0, 0.2, 0.49, 0.5, 0.97, 1.0, 3.0, 40.0];
    for scale in [1e-3f64, 0.05, 0.4, 30.0] {
        for (k, x) in [(0, 0.0), (5, 5.0 / 16.0), (16, 1.0)] {
            let n = means.len();
            let mean = Array2::from_shape_fn((n, 1), |(i, _)| means[i]);
            let rows = Array2::from_elem((n, 1), x);
            let log = Array2::from_elem((n, 1), scale.ln());
            let value =
                pixel::logistic(tensor(&mean), tensor(&log), &tensor(&rows), levels).unwrap();
            let bin = levels.bin(x);
            for (got, mean) in value.as_vec().iter().zip(means) {
                let wanted = Logistic { mean, scale }.log_mass(bin);
                close(*got, wanted, 1e-12, &format!("level {k}, mean {mean}, scale {scale}"));
                assert!(*got <= 1e-15, "a mass is at most one");
            }
        }
    }
}

#[test]
fn draws_of_grey_pixels_have_the_means_and_variances_they_are_said_to_have() {
    for kind in
        [KINDS[0], KINDS[1], KINDS[2], Likelihood::Gaussian(0.2), Likelihood::Bernoulli]
    {
        let (net, n) = (small(kind), 20_000);
        let z = Array2::from_shape_fn((n, 2), |(_, k)| [0.7, -1.1][k]);
        let (mean, variance) = net.pixels(z.view()).unwrap();
        let drawn = net.drawn(z.view(), &mut rng(5)).unwrap();
        assert_eq!(net.images(z.view()).unwrap(), mean);
        for d in 0..6 {
            let (m, v) = (mean[[0, d]], variance[[0, d]]);
            let column = drawn.column(d);
            let seen = column.sum() / n as f64;
            assert!((seen - m).abs() < 5.0 * (v / n as f64).sqrt(), "{kind:?}: {seen} {m}");
            let square = column.mapv(|x| (x - m) * (x - m));
            let spread = square.sum() / n as f64;
            let fourth = square.mapv(|s| (s - v) * (s - v)).sum() / n as f64;
            assert!(
                (spread - v).abs() < 5.0 * (fourth / n as f64).sqrt() + 1e-12,
                "{kind:?}: {spread} {v}"
            );
        }
        if kind == Likelihood::Logistic(17) {
            assert!(drawn.iter().all(|v| (v * 16.0 - (v * 16.0).round()).abs() < 1e-12));
        }
        if kind == Likelihood::Continuous {
            assert!(drawn.iter().all(|v| (0.0..=1.0).contains(v)));
        }
    }
}

#[test]
fn in_bins_all_likelihoods_are_in_one_unit() {
    let levels = Levels::new(17).unwrap();
    let x = greys(Likelihood::Logistic(17), 4);
    let z = uniform((4, 2), 4);
    // what is trained in bins is scored as it was trained
    let net = small(Likelihood::Logistic(17));
    let fit = net.fit(net.decode(tensor(&z)).unwrap(), &tensor(&x)).unwrap().as_vec();
    let masses = net.log_masses(z.view(), x.view(), levels).unwrap().sum_axis(Axis(1));
    for (a, b) in masses.iter().zip(fit) {
        close(*a, b, 1e-12, "its own loss");
    }
    // a density that hardly changes in a bin has there its height times the width, but for the half bins at the ends
    for kind in [
        Likelihood::Gaussian(0.7),
        Likelihood::Shared,
        Likelihood::Predicted,
        Likelihood::Continuous,
    ] {
        let net = small(kind);
        let inner = Array2::from_elem((4, 6), 0.5);
        let masses =
            net.log_masses(z.view(), inner.view(), levels).unwrap().sum_axis(Axis(1));
        let fit = net.fit(net.decode(tensor(&z)).unwrap(), &tensor(&inner)).unwrap().as_vec();
        for (mass, fit) in masses.iter().zip(fit) {
            close(*mass, fit + 6.0 * levels.step().ln(), 3e-3, "height times width");
        }
        let total: f64 = (0..17)
            .map(|k| {
                let x = Array2::from_elem((4, 6), k as f64 / 16.0);
                net.log_masses(z.view(), x.view(), levels).unwrap()[[1, 2]].exp()
            })
            .sum();
        close(total, 1.0, 1e-11, "all levels together");
    }
    let bernoulli = small(Likelihood::Bernoulli);
    let never = bernoulli.log_masses(z.view(), x.view(), levels).unwrap();
    assert_eq!(never.sum(), f64::NEG_INFINITY, "a grey never comes");
    let black = x.mapv(f64::round);
    let fit = bernoulli.fit(bernoulli.decode(tensor(&z)).unwrap(), &tensor(&black)).unwrap();
    let masses = bernoulli.log_masses(z.view(), black.view(), levels).unwrap();
    close(masses.sum(), fit.as_vec().iter().sum(), 1e-12, "black and white does");
    // the cost is the cost
    let elbo = net.in_bins(x.view(), levels, 3, &mut rng(1)).unwrap();
    let (_, kl, _) = net.rows(x.view(), 3, &mut rng(1)).unwrap();
    close(elbo.kl, kl.sum() / 4.0, 1e-12, "the cost");
    assert!(net.in_bins(x.view(), levels, 0, &mut rng(1)).is_err());
    assert!(net.in_bins((x * 0.99).view(), levels, 1, &mut rng(1)).is_err());
}

#[test]
fn greys_that_a_likelihood_does_not_know_are_refused() {
    let refused = |kind, value: f64| {
        let mut x = greys(kind, 3);
        x[[1, 2]] = value;
        matches!(
            small(kind).accepts(x.view(), false),
            Err(Error::NotGrey { row: 1, column: 2, .. })
        )
    };
    for kind in KINDS {
        assert!(
            refused(kind, 1.01) && refused(kind, -0.1) && refused(kind, 16.0),
            "{kind:?}"
        );
        assert!(!refused(kind, 0.0) && !refused(kind, 1.0));
    }
    assert!(refused(Likelihood::Logistic(17), 0.3) && !refused(Likelihood::Continuous, 0.3));
    assert!(refused(Likelihood::Logistic(2), 0.5) && !refused(Likelihood::Logistic(17), 0.5));
    let sizes = Sizes { pixels: 6, hidden: vec![4], latent: 2 };
    let bad =
        Vae::<f32, Cpu>::new(&sizes, Likelihood::Logistic(1), &Cpu::default(), &mut rng(1));
    assert!(matches!(bad, Err(Error::Range { .. })));
}

#[test]
fn grey_networks_come_back_as_they_were_written() {
    let folder = tempfile::tempdir().unwrap();
    let sizes = Sizes { pixels: 6, hidden: vec![4], latent: 2 };
    for kind in KINDS {
        let cpu = Cpu::default();
        let mut net = Vae::<f32, Cpu>::new(&sizes, kind, &cpu, &mut rng(2)).unwrap();
        net.spread = to_device(array![[-1.5f32]].view(), &cpu).unwrap();
        let path = folder.path().join("weights.safetensors");
        checkpoint::save(&mut net, &path).unwrap();
        let back = checkpoint::load(&path, &cpu).unwrap();
        assert_eq!(back.likelihood, kind);
        let z = uniform((3, 2), 1);
        assert_eq!(
            back.drawn(z.view(), &mut rng(1)).unwrap(),
            net.drawn(z.view(), &mut rng(1)).unwrap()
        );
    }
}

// β and σ. (eq:beta-is-sigma)

/// What dividing by β leaves over: no parameter is in it.
fn left_over(pixels: f64, beta: f64, variance: f64) -> f64 {
    let log = (std::f64::consts::TAU * variance).ln();
    0.5 * pixels * ((1.0 - 1.0 / beta) * log + beta.ln())
}

#[test]
fn a_dearer_code_is_a_wider_noise() {
    let x = &data::wine().x;
    let moments = Moments::of(x.view()).unwrap().standardised().unwrap();
    let s = moments.covariance.view();
    let d = s.nrows();
    let at = |net: &Linear, variance: f64| {
        let net = Linear { log_noise: variance.ln(), ..net.clone() };
        net.slopes(s).unwrap()
    };
    for (beta, variance) in [(4.0, 0.1), (0.25, 0.8), (1.0, 0.5), (d as f64, 0.3)] {
        for seed in 0..5 {
            let net = Linear::random(d, 2, &mut rng(seed)).unwrap();
            let (dear, wide) = (at(&net, variance).0, at(&net, beta * variance).0);
            let priced = (dear.fit - beta * dear.kl) / beta;
            close(
                priced,
                wide.nats() + left_over(d as f64, beta, variance),
                1e-12,
                "the identity",
            );
        }
        // so the best of one is the best of the other: no slope is left there
        let start = Linear::random(d, 2, &mut rng(9)).unwrap();
        let start = Linear { log_noise: (beta * variance).ln(), ..start };
        let best = start.train(&moments, false).unwrap().0;
        let flat = best.flat();
        for p in 0..flat.len() - 1 {
            let value = |by: f64| {
                let mut next = best.clone();
                let (w, v) = (next.w.len(), next.v.len());
                match p {
                    _ if p < w => next.w.as_slice_mut().unwrap()[p] += by,
                    _ if p < w + v => next.v.as_slice_mut().unwrap()[p - w] += by,
                    _ => next.log_variance[p - w - v] += by,
                }
                let (elbo, _) = at(&next, variance);
                (elbo.fit - beta * elbo.kl) / beta
            };
            let slope = (value(1e-4) - value(-1e-4)) / 2e-4;
            assert!(slope.abs() < 1e-4, "β {beta}, σ² {variance}: {slope}");
        }
    }
}

/// The same of a network: its objective with β, divided by β, and its bound with the wider noise.
#[test]
fn a_networks_dearer_code_is_a_wider_noise() {
    let x = tensor(&greys(Likelihood::Continuous, 5));
    let eps = noise((5, 2), &Cpu::default(), &mut rng(8)).unwrap();
    for (beta, sd) in [(4.0, 0.3), (0.25, 0.9), (9.0, 0.1)] {
        let of = |sd: f64, beta: f64| {
            let net = small(Likelihood::Gaussian(sd));
            let objective = Objective { beta, ..Objective::default() };
            -loss(&net, x.clone(), eps.clone(), objective).unwrap().array()
        };
        let wide = of(sd * f64::sqrt(beta), 1.0);
        close(
            of(sd, beta) / beta,
            wide + left_over(6.0, beta, sd * sd),
            1e-12,
            "the identity",
        );
    }
}

// The trained networks of book/runs.

fn trained(run: &str) -> OnCpu {
    let place = format!("{}/book/runs/{run}/weights.safetensors", env!("CARGO_MANIFEST_DIR"));
    checkpoint::load(std::path::Path::new(&place), &Cpu::default()).unwrap()
}

/// Digits in 17 levels: 1500 that the networks know, and 297 that they do not.
fn shades() -> [Array2<f32>; 2] {
    let x = data::digits().x.mapv(|v| v as f32 / 16.0);
    [x.slice(s![..1500, ..]).to_owned(), x.slice(s![1500.., ..]).to_owned()]
}

fn prior(rows: usize) -> Array2<f64> {
    let (zero, one) = (Array1::zeros(2), Array2::eye(2));
    latent::gaussian::sample(rows, zero.view(), one.view(), &mut rng(7)).unwrap()
}

fn sharp(x: &Array2<f64>) -> f64 {
    mean_sharpness(x.view(), 8).unwrap()
}

#[test]
fn digits_lose_sharpness_on_the_way_back_and_more_in_a_draw() {
    let (net, [_, test]) = (trained("grey-shared"), shades());
    let back = net.images(net.codes(test.view()).unwrap().mean.view()).unwrap();
    let z = prior(1000);
    let (mean, noisy) =
        (net.images(z.view()).unwrap(), net.drawn(z.view(), &mut rng(3)).unwrap());
    let data = sharp(&test.mapv(f64::from));
    let [back, mean, noisy] = [back, mean, noisy].map(|x| sharp(&x));
    assert!(mean < 0.97 * back && back < 0.75 * data, "{data} {back} {mean}");
    assert!(noisy > 1.02 * data, "a grain is no stroke: {noisy}");
}

#[test]
fn a_trained_decoder_gives_the_average_of_the_rows_that_share_its_code() {
    let [train, _] = shades();
    let (x, z) = (train.mapv(f64::from), prior(300));
    let of = |run: &str| {
        let net = trained(run);
        let (codes, given) =
            (net.codes(train.view()).unwrap(), net.images(z.view()).unwrap());
        let (mut off, mut nearest, mut rows, mut blur) = (0.0, 0.0, 0.0, 0.0);
        for (z, given) in z.rows().into_iter().zip(given.rows()) {
            let w = weights_at(z, codes.mean.view(), codes.sd.view()).unwrap();
            let apart = |a: ndarray::ArrayView1<f64>| (&a - &given).mapv(|v| v * v).sum();
            let a = best_mean(x.view(), w.view()).unwrap();
            off += apart(a.view());
            let top = (0..1500).max_by(|&a, &b| w[a].total_cmp(&w[b])).unwrap();
            nearest += apart(x.row(top));
            rows += 1.0 / w.dot(&w) / 300.0;
            blur += sharp(&a.insert_axis(Axis(0))) / 300.0;
        }
        (f64::sqrt(off / nearest), rows, blur)
    };
    let all = ["grey-1", "grey-0.3", "grey-shared", "grey-0.1"].map(of);
    assert!(all[0].0 < 0.1 && all[1].0 < 0.4, "far nearer to the average: {all:?}");
    for pair in all.windows(2) {
        let ((off, rows, blur), (next_off, next_rows, next_blur)) = (pair[0], pair[1]);
        assert!(
            next_rows < rows && next_blur > blur,
            "fewer rows, a sharper average: {all:?}"
        );
        assert!(next_off > off, "and a decoder that follows less: {all:?}");
    }
}

#[test]
fn no_law_of_a_pixel_makes_the_means_sharp() {
    let [_, test] = shades();
    let (z, data) = (prior(300), sharp(&test.mapv(f64::from)));
    let levels = Levels::new(17).unwrap();
    let kinds = ["0.1", "0.3", "shared", "predicted", "continuous", "logistic"];
    let mut bins = vec![];
    for kind in kinds {
        let net = trained(&format!("grey-{kind}"));
        let mean = sharp(&net.images(z.view()).unwrap());
        let drawn = sharp(&net.drawn(z.view(), &mut rng(3)).unwrap());
        let bound = net.in_bins(test.view(), levels, 4, &mut rng(1)).unwrap();
        let back = sharp(&net.images(net.codes(test.view()).unwrap().mean.view()).unwrap());
        assert!(back < 0.75 * data, "{kind}: {back} {data}");
        assert!(drawn > 1.1 * mean, "{kind}: {drawn} {mean}");
        let own = net.score(test.view(), 4, &mut rng(1)).unwrap().elbo.nats();
        bins.push((own, bound.nats()));
    }
    assert!(bins.iter().all(|b| b.1 < 0.0), "in bins there is a ceiling: {bins:?}");
    let [_, third, shared, predicted, continuous, logistic] = bins[..] else { panic!() };
    assert!((logistic.0 - logistic.1).abs() < 1.0, "already in bins: {logistic:?}");
    assert!(continuous.0 > predicted.0 && predicted.0 > shared.0 && shared.0 > third.0);
    assert!(bins.iter().all(|b| b.1 <= logistic.1), "in one unit the order is another");
    assert!(third.1 > shared.1 && third.1 > predicted.1, "{bins:?}");
}

#[test]
fn a_narrower_noise_sends_more_and_blurs_less() {
    let (z, [_, test]) = (prior(300), shades());
    let of = |run: &str| {
        let net = trained(run);
        let codes = net.codes(test.view()).unwrap();
        let back = net.images(codes.mean.view()).unwrap();
        (sharp(&net.images(z.view()).unwrap()), sharp(&back), codes.cost())
    };
    let all = ["grey-0.1", "grey-shared", "grey-0.3", "grey-1"].map(of);
    for pair in all.windows(2) {
        assert!(pair[0].0 > pair[1].0 && pair[0].1 > pair[1].1 && pair[0].2 > pair[1].2);
    }
    assert!(all[3].2 < 0.05, "at σ = 1 nothing is sent");
}

/// One part in a hundred of a good model, the rest noise: the likelihood hardly minds. (Theis and others, 2016)
#[test]
fn a_likely_model_may_draw_noise() {
    let (net, [_, test]) = (trained("grey-logistic"), shades());
    let codes = net.codes(test.view()).unwrap();
    let masses =
        net.log_masses(codes.mean.view(), test.view(), Levels::new(17).unwrap()).unwrap();
    let noise = -64.0 * 17f64.ln();
    let (mut good, mut mixed) = (0.0, 0.0);
    for row in masses.rows() {
        let p = row.sum();
        let both = latent::gaussian::log_sum_exp(&[0.01f64.ln() + p, 0.99f64.ln() + noise]);
        assert!(both >= p - 100f64.ln());
        (good, mixed) = (good + p / 297.0, mixed + both / 297.0);
    }
    assert!(good - mixed <= 100f64.ln() && good - mixed > 0.9 * 100f64.ln());
    assert!(good < -80.0, "what is lost is small beside what an image costs: {good}");
}
