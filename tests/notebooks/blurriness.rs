//! Chapter 8's exercises: what a wrong answer is told, and the cells between the exercises.
use crate::blurriness_set as set;
use crate::fails_with;
use latent::check::{Verdict, blurriness as check};
use latent::elbo::Gauss;
use latent::prelude::*;

#[test]
fn the_other_cells_of_chapter_8_run() {
    set::look();
    set::play();
}

fn passes_with(verdict: Verdict, words: &str) {
    assert!(matches!(&verdict, Verdict::Pass(text) if text.contains(words)), "{verdict}");
}

/// The solution's functions, each under its own name.
use set::{
    beta::solution as beta, critic::solution as critic, log_q::solution as log_q,
    moments::solution as moments, noise::solution as noise, optima::solution as optima,
    scales::solution as scales, shared::solution as shared, sharpness::solution as sharpness,
    step::solution as step, tamed::solution as tamed,
};

#[test]
fn the_answers_of_chapter_8_have_the_numbers_of_the_text() {
    let (mean, sd) = moments::moments(&[0.5, 0.5], &[-3.0, 3.0], &[1.0, 1.0]);
    assert!(mean.abs() < 1e-12 && (sd - 3.1622776601683795).abs() < 1e-12);
    assert!((noise::fit(64, 0.03) - 21.397786589140367).abs() < 1e-9);
    let l = linalg::cholesky(array![[1.0, 0.9], [0.9, 1.0]].view()).unwrap();
    assert!((step::log_det(l.view()) + 0.8303656034108257).abs() < 1e-12);
    let nats = check::critic(critic::conjugate, critic::best, critic::bound);
    passes_with(nats.clone(), "sees 0.285320 nats");
    passes_with(nats, "the best one 0.349910");
    passes_with(check::scales(scales::scales), "3.000 and 2.425 for the first");
    passes_with(check::beta(beta::twin, beta::apart, beta::columns), "[7, 3, 2] latents");
}

#[test]
fn the_curves_are_the_librarys() {
    let truth = elbo::Tiny::default().scaled(3.0);
    let curves = check::curves(3.0);
    for c in [2.425, 3.0] {
        let (evidence, bound) = elbo::Tiny::default().scaled(c).on_average(&truth).unwrap();
        let got = curves(c);
        assert!((got[0] - evidence).abs() < 1e-7 && (got[1] - bound).abs() < 1e-7, "{got:?}");
    }
}

#[test]
fn the_moments_are_where_the_divergence_is_level() {
    let z: Vec<f64> = (0..6001).map(|i| 0.01 * f64::from(i) - 30.0).collect();
    let kl = |q: [f64; 2]| {
        let (s, m) = ((-0.5 / q[1]).sqrt(), -0.5 * q[0] / q[1]);
        let log_p = |z: f64| {
            let one = |at: f64| gaussian::log_normal(z, at, 1.0) + 0.5f64.ln();
            gaussian::log_sum_exp(&[one(-3.0), one(3.0)])
        };
        let term = |z: &f64| log_p(*z).exp() * (log_p(*z) - gaussian::log_normal(*z, m, s));
        0.01 * z.iter().map(term).sum::<f64>()
    };
    let at = [0.5, -0.1];
    let got = moments::slopes([0.0, 10.0], at);
    for i in 0..2 {
        let beside = |by: f64| {
            let mut q = at;
            q[i] += by;
            kl(q)
        };
        let slope = (beside(1e-5) - beside(-1e-5)) / 2e-5;
        assert!((got[i] - slope).abs() < 1e-5, "{got:?} {slope}");
    }
}

#[test]
fn a_beta_is_another_variance_in_the_linear_network() {
    let wine = Moments::of(data::wine().x.view()).unwrap().standardised().unwrap();
    let values = linalg::eigen_symmetric(wine.covariance.view()).unwrap().values;
    let s = Array2::from_diag(&values);
    let (b, noise, d) = (4.0, 0.5, 13);
    let any = vae::Linear::random(d, 3, &mut StdRng::seed_from_u64(1)).unwrap();
    let at = |net: &vae::Linear, noise: f64| {
        let net = vae::Linear { log_noise: noise.ln(), ..net.clone() };
        net.slopes(s.view()).unwrap()
    };
    let (with, twin) = (at(&any, noise).0, at(&any, beta::twin(b, noise)).0);
    let apart = with.fit - b * with.kl - b * twin.nats();
    assert!((apart - beta::apart(d, b, noise)).abs() < 1e-9);
    let (lengths, spread) = beta::columns(&values.to_vec(), 3, b, noise);
    let mut w = Array2::zeros((d, 3));
    (0..3).for_each(|j| w[[j, j]] = lengths[j].sqrt());
    let best = vae::Linear::reading(w, beta::twin(b, noise)).unwrap();
    for (log, v) in best.log_variance.iter().zip(&spread) {
        assert!((log.exp() - v).abs() < 1e-12);
    }
    let slopes = at(&best, beta::twin(b, noise)).1;
    let steep = slopes.w.iter().chain(&slopes.v).chain(&slopes.log_variance);
    assert!(steep.fold(0.0f64, |m, v| m.max(v.abs())) < 1e-9);
}

#[test]
fn the_bugs_of_chapter_8_do_what_their_texts_say() {
    fails_with(check::density(set::log_q::stub::log_q), "is -1.6607 nats. The sign");
    let tamed_with = |f, words| fails_with(check::tamed(f), words);
    tamed_with(set::tamed::stub::tamed, "no bound from below may be above it");
    tamed_with(
        |p, q, v| (0..v.len()).map(|i| p[i] * v[i] + q[i] * (1.0 + (-v[i]).ln())).sum(),
        "went through as it was",
    );
    tamed_with(
        |p, q, v| tamed::tamed(p, q, &v.iter().map(|v| -v).collect::<Vec<_>>()),
        "T rises with v",
    );
    tamed_with(
        |p, q, v| tamed::tamed(p, q, &v.iter().map(|v| -v.abs().ln()).collect::<Vec<_>>()),
        "keeps to the domain",
    );
    let wrong = |f: fn(ArrayView2<f64>, ArrayView1<f64>, ArrayView1<f64>) -> f64, words| {
        fails_with(check::density(f), words)
    };
    let _ = log_q::log_q;
    wrong(|l, m, z| log_q::log_q(l, m, z) + l.diag().mapv(f64::ln).sum(), "is missing");
    wrong(
        |l, m, z| log_q::log_q(l, m, z) + 0.5 * z.len() as f64 * gaussian::LN_2PI,
        "own density",
    );
    wrong(|l, m, z| log_q::log_q(l, (&m * 0.0).view(), z), "Take m away");
    wrong(|l, m, z| 2.0 * log_q::log_q(l, m, z), "with ε = L");
}

type Two = (f64, f64);

#[test]
fn wrong_directions_are_told_what_is_wrong() {
    use moments::{moments as right, slopes};
    let wrong = |f: fn(&[f64], &[f64], &[f64]) -> Two, words| {
        fails_with(check::moments(f, slopes), words)
    };
    wrong(|w, m, s| (right(w, m, s).0, right(w, m, s).1.powi(2)), "That is the variance");
    wrong(
        |w, m, s| (m.iter().sum::<f64>() / m.len() as f64, right(w, m, s).1),
        "by its weight",
    );
    wrong(|w, m, s| (-right(w, m, s).0, right(w, m, s).1), "The mean of p");
    wrong(
        |w, m, s| (right(w, m, s).0, right(w, &vec![0.0; w.len()], s).1),
        "They also stand",
    );
    wrong(|w, m, s| (right(w, m, s).0, right(w, m, &vec![0.0; w.len()]).1), "a width too");
    wrong(
        |w, m, s| {
            let (mean, sd) = right(w, m, s);
            (mean, (sd * sd + mean * mean).sqrt())
        },
        "square of the mean",
    );
    wrong(|w, m, s| (right(w, m, s).0, 2.0 * right(w, m, s).1), "E z² = Σ");
    let slope_with = |f, words| fails_with(check::moments(right, f), words);
    slope_with(|p, q| slopes(p, q).map(|v| -v), "slope of −KL");
    slope_with(|p, q| [slopes(p, q)[0], slopes(p, q)[1] + 0.5 / q[1]], "m² + s²");
    slope_with(|p, q| [slopes(p, q)[0], -0.5 / q[1] - p[1]], "not the variance");
    slope_with(|p, q| [slopes(p, q)[0], 0.0], "a moment of q");
    use optima::{optima as ends, switch};
    let wrong = |f: fn(f64) -> Vec<Gauss>, words| fails_with(check::optima(f, switch), words);
    wrong(|_| vec![], "ends somewhere");
    wrong(|d| vec![Gauss { mean: d, sd: 1.0 }], "is not level");
    wrong(|d| ends(d).into_iter().take(1).collect(), "Start on a peak");
    wrong(|d| ends(d).into_iter().take(2).collect(), "the other peak");
    wrong(|d| ends(d).into_iter().rev().take(2).collect(), "in the middle");
    wrong(|d| [ends(d), ends(d)].concat(), "are one place");
    wrong(|_| vec![Gauss { mean: 0.0, sd: 99.0 }], "far from everything");
    wrong(
        |d| {
            let mut all = ends(d);
            if d == 3.0 {
                all.push(Gauss { mean: 1.8404962396740248, sd: 2.103822639036348 });
            }
            all
        },
        "but a pass",
    );
    let at = |f: fn() -> f64, words| fails_with(check::optima(ends, f), words);
    at(|| 2.0 * switch(), "half of it");
    at(|| 2.4165, "begin to exist");
    at(|| 1.0, "two peaks");
    at(|| 2.79, "halve the interval");
}

#[test]
fn wrong_averages_are_told_what_is_wrong() {
    type Images<'a> = ArrayView1<'a, f64>;
    let wrong = |f: fn(Images, Images, f64) -> (Array1<f64>, f64), words| {
        fails_with(check::shared(f), words)
    };
    use shared::shared as right;
    wrong(|a, b, w| right(b, a, w), "the first image's");
    wrong(|a, b, _| right(a, b, 0.5), "not equally frequent");
    wrong(|a, b, w| (a.to_owned(), right(a, b, w).1), "one of the two");
    wrong(|a, b, w| (right(a, b, w).0 * 2.0, right(a, b, w).1), "The derivative");
    wrong(|a, b, w| (right(a, b, w).0, a.len() as f64 * right(a, b, w).1), "not a sum");
    wrong(|a, b, w| (right(a, b, w).0, right(a, b, w).1.sqrt()), "That is σ");
    wrong(|a, b, w| (right(a, b, w).0, 2.0 * right(a, b, w).1), "Twice too much");
    wrong(|a, b, w| (right(a, b, w).0, right(a, b, 0.5).1), "not equally frequent");
    wrong(|a, b, w| (right(a, b, w).0, w * right(a, b, w).1), "error that the best mean");
    wrong(|_, _, _| (array![1.0], 1.0), "1 pixels");
    use noise::{fit, variance};
    let of = |f: fn(ArrayView2<f64>) -> f64, words| fails_with(check::noise(f, fit), words);
    of(|m| noise::variance(m) * m.ncols() as f64, "divide by D too");
    of(|m| noise::variance(m).sqrt(), "That is σ");
    of(|m| m.var(0.0), "a miss that is the same everywhere");
    of(|m| noise::variance(m) * m.len() as f64 / (m.len() - 1) as f64, "no n − 1");
    of(|m| noise::variance(m) * m.len() as f64, "number of misses");
    of(|m| 0.5 * noise::variance(m), "at the mean square");
    let worth =
        |f: fn(usize, f64) -> f64, words| fails_with(check::noise(variance, f), words);
    worth(|d, v| -fit(d, v), "That is the loss");
    worth(|d, v| fit(d, v) / d as f64, "one pixel's");
    worth(|d, v| fit(d, v) + 0.5 * d as f64, "hence ½ D");
    worth(|d, v| fit(d, v) + 0.5 * d as f64 * gaussian::LN_2PI, "Keep ½ D log 2π");
    worth(|d, v| fit(d, v * v), "once, with the ½");
    worth(|d, v| 2.0 * fit(d, v), "Where is the ½");
    worth(|d, v| fit(d, 2.0 * v), "Put the mean square");
}

#[test]
fn wrong_weights_and_scales_are_told_what_is_wrong() {
    use beta::{apart, columns, twin};
    let wrong =
        |f: fn(f64, f64) -> f64, words| fails_with(check::beta(f, apart, columns), words);
    wrong(|b, v| v / b, "count less");
    wrong(|b, v| v * b.sqrt(), "not standard deviations");
    wrong(|_, v| v, "Divide fit");
    let wrong = |f: fn(usize, f64, f64) -> f64, words| {
        fails_with(check::beta(twin, f, columns), words)
    };
    wrong(|d, b, v| -apart(d, b, v), "The other sign");
    wrong(|d, b, v| 0.5 * d as f64 * (b * (b * v).ln() - v.ln()), "only if β = 1");
    wrong(|d, b, _| 0.5 * d as f64 * b.ln(), "multiplied by β");
    wrong(|_, _, _| 0.0, "Neither the squared errors");
    type Columns = fn(&[f64], usize, f64, f64) -> (Vec<f64>, Vec<f64>);
    let wrong = |f: Columns, words| fails_with(check::beta(twin, apart, f), words);
    wrong(|e, l, _, v| columns(e, l, 1.0, v), "the twin's variance for σ²");
    wrong(
        |e, l, b, v| (e[..l].iter().map(|e| e - b * v).collect(), columns(e, l, b, v).1),
        "No length is negative",
    );
    wrong(
        |e, l, b, v| {
            let (lengths, q) = columns(e, l, b, v);
            (lengths.iter().map(|v| v.sqrt()).collect(), q)
        },
        "squared length was asked",
    );
    wrong(|e, l, b, v| (columns(e, l, b, v).0, columns(e, l, 1.0, v).1), "the plain bound's");
    wrong(
        |e, l, b, v| {
            let (lengths, q) = columns(e, l, b, v);
            (lengths, q.iter().map(|v| 1.0 - v).collect())
        },
        "add up to 1",
    );
    wrong(|e, l, b, v| (columns(e, l, b, v).0, vec![0.0; l]), "it is the prior");
    wrong(|_, _, _, _| (vec![], vec![]), "0 lengths");
    type Tops = fn(&dyn Fn(f64) -> [f64; 2]) -> [f64; 2];
    let wrong = |f: Tops, words| fails_with(check::scales(f), words);
    wrong(|_| [3.0, 3.0], "does not prefer it");
    wrong(|_| [2.425, 3.0], "in the other order");
    wrong(|_| [2.5, 2.5], "highest mean of log p(x)");
    wrong(|_| [3.0, 2.415], "Search until");
    wrong(|_| [3.0, 20.0], "far from all");
}

#[test]
fn wrong_scores_are_told_what_is_wrong() {
    use sharpness::{emptiness, ranked, sharpness as score};
    let wrong = |f: fn(ArrayView2<f64>) -> f64, words| {
        fails_with(check::sharpness(f, ranked, emptiness), words)
    };
    fn framed(x: ArrayView2<f64>, of: impl Fn(usize, usize) -> f64) -> f64 {
        let (h, w) = x.dim();
        let wide = Array2::from_shape_fn((h + 2, w + 2), |(i, j)| of(i, j));
        sharpness::sharpness(wide.view())
    }
    wrong(
        |x| {
            let (h, w) = x.dim();
            framed(x, |i, j| {
                if (1..=h).contains(&i) && (1..=w).contains(&j) {
                    x[[i - 1, j - 1]]
                } else {
                    0.0
                }
            })
        },
        "sharp because it ends",
    );
    wrong(
        |x| {
            let (h, w) = x.dim();
            framed(x, |i, j| x[[i.clamp(1, h) - 1, j.clamp(1, w) - 1]])
        },
        "The border is in",
    );
    wrong(|x| score(x) * ((x.nrows() - 2) * (x.ncols() - 2)) as f64, "height − 2");
    wrong(
        |x| score(x) * ((x.nrows() - 2) * (x.ncols() - 2)) as f64 / x.len() as f64,
        "The border",
    );
    wrong(|x| 0.25 * score(x), "a factor of four");
    wrong(|_| 0.0, "signs cancel");
    wrong(|x| score(x) + x[[0, 0]], "x_above");
    type Ranked = fn() -> [&'static str; 3];
    let said = |f: Ranked, words| fails_with(check::sharpness(score, f, emptiness), words);
    said(|| ["data"; 3], "stands in it once");
    said(|| ["data", "reconstruction", "draw"], "an average of what shares");
    said(|| ["reconstruction", "draw", "data"], "decides every pixel by itself");
    fails_with(check::sharpness(score, ranked, || true), "anything left for empty places");
}

type Through = fn(ArrayView2<f64>, ArrayView1<f64>, ArrayView1<f64>) -> Array1<f64>;

#[test]
fn wrong_steps_and_critics_are_told_what_is_wrong() {
    use step::{back, forth, log_det};
    let wrong = |f: Through, words| fails_with(check::step(f, back, log_det), words);
    wrong(|l, m, e| &m + &l.t().dot(&e), "Transposed");
    wrong(|l, _, e| l.dot(&e), "The mean is missing");
    wrong(|l, m, e| l.dot(&(&e + &m)), "then add the mean");
    wrong(|l, m, e| &m + &(&l.diag() * &e), "That is a product");
    wrong(|_, m, e| &m + &e, "z_i = m_i");
    wrong(
        |l, m, e| {
            let mut z = Array1::zeros(e.len());
            for i in 0..e.len() {
                let before: f64 = (0..i).map(|j| l[[i, j]] * z[j]).sum();
                z[i] = m[i] + before + l[[i, i]] * e[i];
            }
            z
        },
        "not the z_j",
    );
    let wrong = |f: Through, words| fails_with(check::step(forth, f, log_det), words);
    wrong(|l, m, z| l.dot(&(&z - &m)), "once more");
    wrong(|l, m, z| l.t().dot(&(&z - &m)), "only if L is a rotation");
    wrong(|l, m, z| (&z - &m) / l.diag(), "the earlier draws");
    wrong(|l, m, z| back(l, (&m + 1.0).view(), z), "One after the other");
    let wrong =
        |f: fn(ArrayView2<f64>) -> f64, words| fails_with(check::step(forth, back, f), words);
    wrong(|l| -log_det(l), "the step back");
    wrong(|l| log_det(l).exp(), "Take its logarithm");
    wrong(|l| 2.0 * log_det(l), "through L once");
    wrong(|l| 0.5 * log_det(l), "No ½ here");
    wrong(|l| l.diag().sum(), "sum of the logarithms");
    wrong(|_| 0.0, "diagonal's product");
    use critic::{best, bound, conjugate};
    let wrong = |f: fn(f64) -> f64, words| fails_with(check::critic(f, best, bound), words);
    wrong(f64::exp, "not e^t");
    wrong(|t| (t - 1.0) * (t - 1.0).exp(), "Take it from u t");
    wrong(|t| t * (t - 1.0).exp(), "Take u log u away");
    wrong(|t| t * t, "highest value");
    let wrong =
        |f: fn(f64) -> f64, words| fails_with(check::critic(conjugate, f, bound), words);
    wrong(f64::ln, "before the logarithm too");
    wrong(|r| r * r.ln(), "That is f");
    wrong(|r| 1.0 - r.ln(), "not q/p");
    wrong(|r| r, "The slope of u log u");
    type Bound = fn(&[f64], &[f64], &[f64]) -> f64;
    let wrong = |f: Bound, words| fails_with(check::critic(conjugate, best, f), words);
    wrong(|p, q, t| bound(q, p, t), "changed places");
    wrong(|p, q, t| -bound(p, q, t), "The sign");
    wrong(|p, q, t| (0..t.len()).map(|i| p[i] * t[i] - q[i] * t[i].exp()).sum(), "e^(T − 1)");
    wrong(|p, _, t| bound(p, p, t), "taken under q");
    wrong(|p, q, t| bound(p, q, t) / t.len() as f64, "Σ p T − Σ q");
}
