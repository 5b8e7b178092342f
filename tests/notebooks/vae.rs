//! Chapter 7's exercises: what a wrong answer is told, and the cells between the exercises.
use crate::fails_with;
use crate::vae_set as set;
use latent::check::{Verdict, vae as check};
use latent::prelude::*;

#[test]
fn the_other_cells_of_chapter_7_run() {
    set::look();
    set::play();
}

fn passes_with(verdict: Verdict, words: &str) {
    assert!(matches!(&verdict, Verdict::Pass(text) if text.contains(words)), "{verdict}");
}

/// The solution's functions, each under its own name.
use set::{
    average::solution as average, broken::solution as broken, cloud::solution as cloud,
    cost::solution as cost, differences::solution as differences,
    error_bars::solution as bars, holes::solution as holes, linear::solution as linear,
    moved::solution as moved, quantile::solution as quantile, three::solution as three,
    train::solution as train, variances::solution as variances,
    weighted::solution as weighted,
};

#[test]
fn the_answers_of_chapter_7_have_the_numbers_of_the_text() {
    passes_with(check::moved(moved::still, moved::moved, moved::holds), "0.39894");
    passes_with(
        check::variances(
            variances::score,
            variances::path,
            variances::wave,
            variances::wave_slope,
        ),
        "200.00 against 0.50",
    );
    passes_with(
        check::differences(differences::differences, differences::off),
        "All 63 slopes",
    );
    passes_with(check::three(three::three, three::decoded), "mode -0.490, mean -0.700");
    passes_with(check::average(average::average, average::needs), "0.705");
    passes_with(check::average(average::average, average::needs), "0.104");
    passes_with(
        check::linear(linear::encoder, linear::decoder, linear::bound),
        "-2875.636260",
    );
    passes_with(check::switched(set::switched::solution::switched), "7, 3 and 2");
    let all = check::weighted(weighted::weighted, weighted::pair);
    passes_with(all.clone(), "-2.182627 and -2.139732");
    passes_with(all, "-2.102569");
    let mesh = quantile::mesh(20);
    let variance = mesh.iter().map(|z| z * z).sum::<f64>() / 20.0;
    assert!((variance - 0.9385568635425869).abs() < 1e-12);
}

#[test]
fn the_bugs_of_chapter_7_do_what_their_texts_say() {
    fails_with(check::drawn(set::drawn::stub::drawn), "have variance 16.0000");
    fails_with(check::slopes(set::slopes::stub::slopes), "twice too long");
    fails_with(check::loss(set::loss::stub::loss), "β = 4.0000");
    fails_with(check::drawn(|m, l, e| e.iter().map(|e| m + l * e).collect()), "a logarithm");
    fails_with(check::drawn(|m, _, e| e.iter().map(|e| m + e).collect()), "s = √v");
    fails_with(
        check::slopes(|_, m, l, _| [-m, 0.5 * (1.0 - l.exp())]),
        "Only the cost's slope",
    );
    fails_with(
        check::slopes(|f, m, l, e| {
            let [a, b] = set::slopes::solution::slopes(f, m, l, e);
            [a + m, b - 0.5 * (1.0 - l.exp())]
        }),
        "The cost's slope is missing",
    );
    let right = set::loss::solution::loss;
    fails_with(
        check::loss(|f, m, l| set::loss::solution::loss(f, m, l) / f.ncols() as f64),
        "not in nats a row",
    );
    fails_with(check::loss(|f, m, l| -set::loss::solution::loss(f, m, l)), "A loss falls");
    fails_with(
        check::loss(|f, m, l| 1.0 + set::loss::solution::loss(f, m, l)),
        "less the fit",
    );
    assert!(right(array![[-1.0]].view(), array![[0.0]].view(), array![[0.0]].view()) == 1.0);
}

#[test]
fn wrong_answers_about_draws_are_told_what_is_wrong() {
    use moved::{holds, moved as path, still};
    fails_with(
        check::moved(|f, m, s, e, p| moved::still(f, m, s, e, p).map(|v| v * s), path, holds),
        "one s is left below",
    );
    fails_with(
        check::moved(
            |f, m, s, e, p| {
                let [a, b] = moved::still(f, m, s, e, p);
                let mean: f64 = e.iter().zip(p).map(|(e, p)| p * f(m + s * e)).sum();
                [a, b + mean / s]
            },
            path,
            holds,
        ),
        "the normaliser too",
    );
    fails_with(
        check::moved(still, |f, m, s, e, p| [moved::moved(f, m, s, e, p)[0]; 2], holds),
        "moves by ε when s moves by 1",
    );
    fails_with(check::moved(still, path, || [true; 5]), "the mean of zero is zero");
    fails_with(check::moved(still, path, || [true, false, true, false, true]), "One point");
    let (score, wave, rise) = (variances::score, variances::wave, variances::wave_slope);
    let by_path: fn(f64, f64) -> f64 = variances::path;
    fails_with(
        check::variances(score, |m, s| 4.0 * (m * m + s * s), wave, rise),
        "mean of the square",
    );
    fails_with(
        check::variances(|m, s| variances::score(m, s) + 4.0 * m * m, by_path, wave, rise),
        "mean of the square",
    );
    fails_with(check::variances(score, by_path, wave, f64::cos), "wave rises there");
    fails_with(check::variances(score, by_path, |z| z * z, |z| 2.0 * z), "small and steep");
    fails_with(
        check::variances(score, by_path, |z| if z > 0.0 { 1.0 } else { 0.0 }, |_| 0.0),
        "without a jump",
    );
    fails_with(
        check::forms(|x, n, m, s| set::forms::solution::forms(x, n, m, s).map(|v| v / 2.0)),
        "aε² + bε + c",
    );
    fails_with(
        check::forms(|x, n, m, s| {
            let (a, b) = (-0.5 * s * s / (n * n), (x - m) * s / (n * n));
            [a * a + b * b; 3]
        }),
        "variance of ε² is 2",
    );
}

#[test]
fn wrong_costs_are_told_what_is_wrong() {
    use cost::push;
    let wrong = |f: fn(&[f64], &[f64]) -> f64, words: &str| {
        fails_with(check::cost(f, push), words);
    };
    wrong(|m, l| 2.0 * cost::cost(m, l), "where is the ½");
    wrong(|m, l| -cost::cost(m, l), "minus the divergence");
    wrong(elbo::kl_to_standard, "log v as s. It");
    wrong(
        |m, l| {
            let s: Vec<f64> = l.iter().map(|l| l.exp()).collect();
            elbo::kl_to_standard(m, &s)
        },
        "log v as log s",
    );
    wrong(|m, l| cost::cost(m, l) / m.len() as f64, "mean over the entries");
    fails_with(
        check::cost(cost::cost, |m, l| {
            (m.to_vec(), l.iter().map(|l| l.exp() - 1.0).collect())
        }),
        "the ½ stands before all",
    );
    fails_with(
        check::cost(cost::cost, |m, l| {
            (m.to_vec(), l.iter().map(|l| 0.5 * (1.0 - (-l).exp())).collect())
        }),
        "log v moves v by v",
    );
    fails_with(
        check::cost(cost::cost, |m, l| (l.to_vec(), m.to_vec())),
        "½m² has the slope m",
    );
    fails_with(
        check::differences(
            |f, at| at.iter().enumerate().map(|(i, _)| f(at, i as u64)).collect(),
            differences::off,
        ),
        "the seed must be the same",
    );
    fails_with(
        check::differences(|f, at| vec![f(at, 1)], differences::off),
        "1 slopes for 63",
    );
    fails_with(
        check::differences(
            |f, at| differences::differences(f, at).iter().map(|v| 2.0 * v).collect(),
            differences::off,
        ),
        "two steps",
    );
    fails_with(
        check::differences(differences::differences, |a, b| (a[5] - b[5]).abs()),
        "divided by the largest entry",
    );
}

#[test]
fn wrong_networks_are_told_what_is_wrong() {
    use train::{active, plan, report};
    let slow = || vae::Plan { epochs: 2, ..vae::Plan::default() };
    fails_with(check::plan(slow, report, active), "after 2 epochs the bound");
    fails_with(check::plan(vae::Plan::default, report, active), "200 epochs");
    fails_with(check::plan(broken::broken, report, active), "the bound itself");
    fails_with(
        check::plan(
            plan,
            |l, m, s| {
                let [_, fit, cost] = train::report(l, m, s);
                let fit = fit / l.ncols() as f64;
                [fit - cost, fit, cost]
            },
            active,
        ),
        "mean over pixels",
    );
    fails_with(
        check::plan(
            plan,
            |l, m, s| {
                let [_, fit, cost] = train::report(l, m, s);
                [fit - cost / 2.0, fit, cost / 2.0]
            },
            active,
        ),
        "Sum over the latents",
    );
    fails_with(check::plan(plan, report, |m| m.ncols()), "count 4 active");
    fails_with(check::broken(slow, broken::sd_for), "That is the bound");
    fails_with(check::broken(broken::broken, |b, s| b * s), "It is the variance");
    let short = || vae::Plan { epochs: 1, rate: 1e-6, last_rate: 1e-6, ..broken::broken() };
    fails_with(check::broken(short, broken::sd_for), "give it more epochs");
    fails_with(check::refine(|_, m, s, _| (m, s)), "There is more");
    fails_with(check::refine(|_, m, s, _| (m + 3.0, s)), "the bound fell");
    fails_with(check::refine(|_, m, s, _| (m, s * 0.0)), "above zero");
    fails_with(
        check::holes(|m, s, a| 200.0 * holes::divergence(m, s, a), holes::holes),
        "q̄ log(q̄/p)",
    );
    fails_with(
        check::holes(|m, s, a| holes::divergence(m, s, a) / 0.04, holes::holes),
        "0.2 by 0.2",
    );
    fails_with(
        check::holes(
            |m, s, a| 200.0 * (holes::divergence(m, s, a) + 200f64.ln()),
            holes::holes,
        ),
        "the 1/N is missing",
    );
    fails_with(
        check::holes(holes::divergence, |_, _, a, n| {
            (0..n).map(|i| [a[0], a[i]]).collect::<Vec<[f64; 2]>>()
        }),
        "rank by the difference",
    );
    fails_with(
        check::holes(holes::divergence, |m, s, a, n| vec![holes::holes(m, s, a, n)[0]; n]),
        "twelve different ones",
    );
    fails_with(
        check::holes(holes::divergence, |_, _, _, n| vec![[0.05, 0.05]; n]),
        "no place of the grid",
    );
    fails_with(check::holes(holes::divergence, |_, _, _, _| vec![]), "12 were asked for");
}

type Bars = fn(ArrayView2<f64>, ArrayView2<f64>) -> (Array1<f64>, Array1<f64>);

#[test]
fn wrong_uses_are_told_what_is_wrong() {
    use three::decoded;
    fails_with(check::three(|h| [three::three(h)[1], 0.0, 0.0], decoded), "That is the mean");
    fails_with(check::three(|h| [three::three(h)[0], 0.0, 0.0], decoded), "The mean of z");
    fails_with(
        check::three(|h| [three::three(h)[0], three::three(h)[1], 9.0], decoded),
        "best_gaussian climbs",
    );
    fails_with(
        check::three(three::three, |f, m, _, _, _| [f(m), f(m)]),
        "decoded the mean of the draws",
    );
    let bars_with = |f, words: &str| fails_with(check::error_bars(f, bars::interval), words);
    let wrong: [(Bars, &str); 4] = [
        (
            |m, s| (bars::error_bars(m, s).0, bars::error_bars((&m * 0.0).view(), s).1),
            "noise only",
        ),
        (
            |m, s| (bars::error_bars(m, s).0, bars::error_bars(m, (&s * 0.0).view()).1),
            "own noise",
        ),
        (
            |m, s| (bars::error_bars(m, s).0, bars::error_bars(m, s).1.mapv(|v| v * v)),
            "Take its root",
        ),
        (
            |m, s| {
                let latent = m.std_axis(Axis(0), 0.0);
                let noise = bars::error_bars((&m * 0.0).view(), s).1;
                (bars::error_bars(m, s).0, latent + noise)
            },
            "standard deviations do not",
        ),
    ];
    for (f, words) in wrong {
        bars_with(f, words);
    }
    fails_with(
        check::error_bars(bars::error_bars, |m, s| [m - 1.959964 * s, m + 1.959964 * s]),
        "95 % interval",
    );
    fails_with(
        check::cloud(|m, _, _| m.to_owned(), cloud::summary, cloud::share),
        "Those are the means",
    );
    fails_with(
        check::cloud(|m, s, e| &m + &(&s * &s * e), cloud::summary, cloud::share),
        "with the variance",
    );
    fails_with(check::cloud(cloud::cloud, |_| [0.0; 3], cloud::share), "length of the mean");
    fails_with(
        check::cloud(cloud::cloud, cloud::summary, |r| 2.0 * vae::normal::cdf(r) - 1.0),
        "on a line",
    );
    let needs = average::needs;
    fails_with(
        check::average(
            |m, g| (average::average(m, g).0, average::average(m, g).1 - g),
            needs,
        ),
        "add G",
    );
    fails_with(
        check::average(
            |m, g| (average::average(m, g).0, average::average(m, g).1 * 178.0),
            needs,
        ),
        "divide by N",
    );
    fails_with(check::average(average::average, || [1, 2, 2, 0]), "no encoder can make up");
    fails_with(
        check::quantile(|p| -quantile::quantile(p), quantile::mesh, quantile::outside),
        "The other tail",
    );
    fails_with(
        check::quantile(
            quantile::quantile,
            |n| {
                (0..n)
                    .map(|i| {
                        vae::normal::quantile(i as f64 / n as f64)
                            .unwrap_or(f64::NEG_INFINITY)
                    })
                    .collect()
            },
            quantile::outside,
        ),
        "take the middles",
    );
    fails_with(
        check::quantile(quantile::quantile, quantile::mesh, |n| 1.0 / n as f64),
        "That is one axis",
    );
}

#[test]
fn wrong_linear_networks_and_weights_are_told_what_is_wrong() {
    use linear::{bound, decoder, encoder};
    fails_with(
        check::linear(
            |w, n| {
                let m = w.t().dot(&w) + Array2::<f64>::eye(2) * n;
                (encoder(w, n).0, linear::inverse(&m).diag().mapv(|v| n * v))
            },
            decoder,
            bound,
        ),
        "1 over the diagonal of the precision",
    );
    fails_with(
        check::linear(encoder, |s, g, v| (decoder(s, g, v).0, 1.0), bound),
        "with the new W",
    );
    fails_with(check::linear(encoder, |s, g, _| (s.dot(&g.t()), 1.0), bound), "a regression");
    fails_with(
        check::linear(encoder, decoder, |s, w, n, g, v| {
            bound(s, w, n, g, v) + 6.5 * gaussian::LN_2PI
        }),
        "−½ D log 2π belongs",
    );
    use set::switched::solution::switched;
    fails_with(check::switched(|v, l, n| (l - switched(v, l, n).0, vec![])), "that are off");
    fails_with(check::switched(|_, l, _| (l, vec![])), "above σ²");
    fails_with(
        check::switched(|v, l, n| (switched(v, l, n).0, vec![0.5; switched(v, l, n).0])),
        "one that is off has one too",
    );
    fails_with(
        check::switched(|v, l, n| {
            let (count, v) = switched(v, l, n);
            (count, v.iter().map(|v| 1.0 - v).collect())
        }),
        "variance of the means",
    );
    fails_with(
        check::switched(|v, l, n| {
            let (count, mut q) = switched(v, l, n);
            q.iter_mut().skip(count).for_each(|v| *v = 0.0);
            (count, q)
        }),
        "equal to the prior",
    );
    let (f, pair) = (weighted::weighted, weighted::pair);
    fails_with(check::weighted(|w| w.mean().unwrap(), pair), "mean of the logarithms");
    fails_with(
        check::weighted(|w| weighted::weighted(w) + (w.ncols() as f64).ln(), pair),
        "divide by k",
    );
    fails_with(
        check::weighted(
            |w| {
                w.map_axis(Axis(1), |r| r.mapv(f64::exp).mean().unwrap().ln()).mean().unwrap()
            },
            pair,
        ),
        "log_sum_exp",
    );
    fails_with(check::weighted(f, |p, w| weighted::pair(p, w) + 2f64.ln()), "divided by 2");
    fails_with(
        check::weighted(f, |p, w| p.iter().zip(w).map(|(p, w)| p * w).sum()),
        "both draws go through",
    );
}
