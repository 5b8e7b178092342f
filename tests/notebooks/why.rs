//! Chapter 0's exercises: what a wrong answer is told, and the cells between the exercises.
use crate::fails_with;
use crate::why_set as set;
use latent::check::{Verdict, why as check};
use latent::prelude::*;

#[test]
fn the_other_cells_of_chapter_0_run() {
    set::look();
    set::play();
}

fn passes_with(verdict: Verdict, words: &str) {
    assert!(matches!(&verdict, Verdict::Pass(text) if text.contains(words)), "{verdict}");
}

/// The solution's functions, each under its own name.
use set::{
    chance::solution as chance, features::solution as features, grey::solution as grey,
    image::solution as image, order::solution as order, row::solution as row,
};

#[test]
fn the_answers_of_chapter_0_have_the_numbers_of_the_text() {
    assert_eq!(grey::grey(0.5), [0.5, 0.25, 0.5]);
    passes_with(check::row(row::row), "covariance -2.0");
    passes_with(check::features(features::hidden, features::accuracy), "tells 100.0 %");
    let told = check::order(order::ranks, order::rank_correlation);
    assert!(told.is_pass(), "{told}");
}

#[test]
fn wrong_sums_of_chapter_0_are_told_what_is_wrong() {
    let two = |f: fn(f64) -> [f64; 3], words| fails_with(check::grey(f), words);
    two(|p| [p.round(), p * (1.0 - p), 2.0 * p * (1.0 - p)], "likelier colour");
    two(|p| [1.0 - p, p * (1.0 - p), 2.0 * p * (1.0 - p)], "chance of a 1");
    two(|_| [0.5, 0.25, 0.5], "lowest point");
    two(|p| [p, (p * (1.0 - p)).sqrt(), 2.0 * p * (1.0 - p)], "Keep the square");
    two(|p| [p, p * (1.0 - p), p * (1.0 - p)], "it varies too");
    two(|p| [p, p, 2.0 * p * (1.0 - p)], "Square, weigh, add");
    two(|p| [p, p * (1.0 - p), p], "The guess misses");
    type Chance = fn(&[f64], ArrayView2<f64>, &[bool]) -> f64;
    let wrong = |f: Chance, words| fails_with(check::chance(f), words);
    wrong(|p, ink, x| 3.0 * chance::chance(&vec![1.0 / 3.0; p.len()], ink, x), "add up to 3");
    wrong(|p, ink, x| chance::chance(&vec![1.0 / 3.0; p.len()], ink, x), "equally frequent");
    wrong(
        |p, ink, x| {
            (0..3)
                .map(|k| {
                    p[k] * (0..4).filter(|d| x[*d]).map(|d| ink[[k, d]]).product::<f64>()
                })
                .sum()
        },
        "without ink counts too",
    );
    wrong(
        |p, ink, x| {
            let mean = Array1::from(p.to_vec()).dot(&ink);
            mean.iter().zip(x).map(|(m, x)| if *x { *m } else { 1.0 - m }).product()
        },
        "pixel by pixel",
    );
    wrong(
        |p, ink, x| {
            let alone = |k: usize| {
                let mut one = vec![0.0; 3];
                one[k] = p[k];
                chance::chance(&one, ink, x)
            };
            (0..3).map(alone).fold(0.0, f64::max)
        },
        "Any of the three",
    );
    wrong(|p, ink, x| chance::chance(p, ink, x).ln(), "Then add the three");
}

type Normal<'a> = &'a mut dyn FnMut() -> f64;

#[test]
fn wrong_draws_of_chapter_0_are_told_what_is_wrong() {
    let wrong = |f: fn(Normal) -> [f64; 2], words| fails_with(check::row(f), words);
    wrong(
        |n| [1.0 + 2.0 * n() + 0.5 * n(), 3.0 - n() + 0.5 * n()],
        "know nothing of each other",
    );
    wrong(
        |n| {
            let (z, e) = (n(), n());
            [1.0 + 2.0 * z + 0.5 * e, 3.0 - z + 0.5 * e]
        },
        "share their noise",
    );
    wrong(
        |n| {
            let z = n();
            [1.0 + 2.0 * z + 0.25 * n(), 3.0 - z + 0.25 * n()]
        },
        "no further square",
    );
    wrong(
        |n| {
            let z = n();
            [1.0 + 2.0 * z, 3.0 - z]
        },
        "Where is the noise",
    );
    wrong(
        |n| {
            let z = n();
            [1.0 + 2.0 * z + n(), 3.0 - z + n()]
        },
        "too large",
    );
    wrong(
        |n| {
            let z = n();
            [1.0 + 2.0 * z + 0.5 * n(), 3.0 + z + 0.5 * n()]
        },
        "falls when z rises",
    );
    wrong(|n| [2.0 * n(), 3.0], "when z and the noise are 0");
    fails_with(check::image(set::image::stub::image), "How often is the state drawn?");
    fails_with(
        check::image(|_, ink, u| (0..4).map(|d| u() < ink[[0, d]]).collect()),
        "Draw the state by",
    );
    fails_with(
        check::image(|p, ink, u| {
            let k = image::pick(p, u());
            (0..4).map(|d| 0.5 < ink[[k, d]]).collect()
        }),
        "pixel by that state's row",
    );
    fails_with(check::image(|_, _, _| vec![true]), "1 pixels");
    fails_with(check::tasks(|| ["learning"; 5]), "not all five");
    fails_with(check::tasks(|| ["x"; 5]), "The two words");
    fails_with(
        check::tasks(|| ["learning", "inference", "inference", "inference", "inference"]),
        "task 3",
    );
}

#[test]
fn wrong_features_and_ranks_are_told_what_is_wrong() {
    let (hidden, accuracy) = (features::hidden, features::accuracy);
    fails_with(check::features(|x, w, b| x.dot(&w.t()) + b, accuracy), "The bend is missing");
    fails_with(
        check::features(|x, w, _| x.dot(&w.t()).mapv(f64::tanh), accuracy),
        "plus its offset",
    );
    fails_with(
        check::features(|x, w, b| features::hidden(x, w, b).reversed_axes(), accuracy),
        "shape",
    );
    fails_with(
        check::features(hidden, |s, l| features::accuracy(s, l) * s.len() as f64),
        "Divide by",
    );
    fails_with(
        check::features(hidden, |s, l| 1.0 - features::accuracy(s, l)),
        "the wrong ones",
    );
    fails_with(
        check::features(hidden, |s, l| {
            l.iter().filter(|l| **l).count() as f64 / s.len() as f64
        }),
        "A score above zero",
    );
    let (ranks, agree) = (order::ranks, order::rank_correlation);
    fails_with(
        check::order(
            |v| {
                let mut order: Vec<usize> = (0..v.len()).collect();
                order.sort_by(|&i, &j| v[i].total_cmp(&v[j]));
                order.iter().map(|i| *i as f64 + 1.0).collect()
            },
            agree,
        ),
        "which row comes first",
    );
    fails_with(
        check::order(|v| order::ranks(v).iter().map(|r| r - 1.0).collect(), agree),
        "Count from 1",
    );
    fails_with(
        check::order(
            |v| order::ranks(v).iter().map(|r| v.len() as f64 + 1.0 - r).collect(),
            agree,
        ),
        "The least has rank 1",
    );
    let wrong =
        |f: fn(&[f64], &[f64]) -> f64, words| fails_with(check::order(ranks, f), words);
    wrong(|a, b| order::rank_correlation(a, b).abs(), "Keep the sign");
    wrong(|a, b| 1.0 - (1.0 - order::rank_correlation(a, b)) / 6.0, "The 6 is missing");
    wrong(|a, b| order::rank_correlation(a, b).powi(3), "1 − 6 Σd²");
    wrong(
        |a, b| {
            let of =
                |v: &[f64]| Array1::from(v.to_vec()) - v.iter().sum::<f64>() / v.len() as f64;
            let (a, b) = (of(a), of(b));
            a.dot(&b) / (a.dot(&a) * b.dot(&b)).sqrt()
        },
        "correlation of the numbers",
    );
}
