//! The checks with a small network behind them: what a last layer sees, and the order of points along an arc.
use super::small::{LOGISTIC, Net, SQUARED};
use crate::check::{Verdict, ask, must, random, same, same_table, verdict};
use crate::data::{Curve, arc};
use crate::pca::{Origin, Pca};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis};
use ndarray_rand::rand_distr::StandardNormal;
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::f64::consts::PI;
use std::sync::OnceLock;

/// Two half circles that reach into each other, and which one each point belongs to.
fn moons() -> (Array2<f64>, Array2<f64>) {
    let (n, mut rng) = (300, StdRng::seed_from_u64(3));
    let mut x = Array2::zeros((n, 2));
    for (i, mut row) in x.rows_mut().into_iter().enumerate() {
        let (sin, cos) = (PI * rng.random::<f64>()).sin_cos();
        let place = if i % 2 == 0 { [cos, sin] } else { [1.0 - cos, 0.5 - sin] };
        for j in 0..2 {
            row[j] = place[j] + 0.1 * rng.sample::<f64, _>(StandardNormal);
        }
    }
    (x, Array2::from_shape_fn((n, 1), |(i, _)| (i % 2) as f64))
}

/// A network that tells the moons apart: two numbers in, six hidden, one out.
fn trained() -> &'static Net {
    static NET: OnceLock<Net> = OnceLock::new();
    NET.get_or_init(|| {
        let ((x, y), mut net) = (moons(), Net::new(&[2, 6, 1], &[], 4));
        net.train(&x, &y, LOGISTIC, 1500);
        net
    })
}

/// From rows, weights (units × inputs) and offsets, to the hidden units of each row.
type Hidden = fn(ArrayView2<f64>, ArrayView2<f64>, ArrayView1<f64>) -> Array2<f64>;

/// `hidden` and `accuracy`: the last hidden layer, and how many rows are told right.
pub fn features(hidden: Hidden, accuracy: fn(&[f64], &[bool]) -> f64) -> Verdict {
    verdict(|| {
        layer(hidden)?;
        counted(accuracy)?;
        let ((x, y), net) = (moons(), trained());
        let (rows, (w, b)) = (x.clone(), net.layers[0].clone());
        let h = ask("hidden", "hidden", move || hidden(rows.view(), w.view(), b.view()))?;
        let label: Vec<bool> = y.iter().map(|v| *v > 0.5).collect();
        let mut shares = vec![];
        for rows in [x, h] {
            let mut straight = Net::new(&[rows.ncols(), 1], &[], 5);
            straight.train(&rows, &y, LOGISTIC, 1500);
            let score = straight.through(&rows)[1].column(0).to_vec();
            let label = label.clone();
            shares.push(ask("accuracy", "accuracy", move || accuracy(&score, &label))?);
        }
        must(
            shares[0] <= 0.9 && shares[1] >= 0.99,
            format!("the check itself failed: {shares:?}"),
        )?;
        Ok(format!(
            "A straight cut trained on the points tells {:.1} % right. Through the six numbers of the last hidden layer, a straight cut tells {:.1} %. The layers before it did the bending.",
            100.0 * shares[0],
            100.0 * shares[1]
        ))
    })
}

fn layer(hidden: Hidden) -> Result<(), Verdict> {
    for (rows, inputs, units) in [(4, 2, 6), (3, 5, 2)] {
        let (x, w) = (random(rows, inputs, 1), random(units, inputs, 2));
        let b = random(1, units, 3).row(0).to_owned();
        let straight = x.dot(&w.t()) + &b;
        let want = straight.mapv(f64::tanh);
        let case = format!("hidden of {rows} rows with {inputs} inputs and {units} units");
        let got = ask("hidden", &case, move || hidden(x.view(), w.view(), b.view()))?;
        let hint = if got.dim() == want.dim()
            && (&got - &straight).iter().all(|d| d.abs() < 1e-9)
        {
            "The bend is missing: tanh of each entry. Without it two layers are no more than one."
        } else {
            "tanh of the row's product with each unit's weights, plus its offset: a row for each row, a column for each unit."
        };
        same_table(&case, &got, &want, hint)?;
    }
    Ok(())
}

fn counted(accuracy: fn(&[f64], &[bool]) -> f64) -> Result<(), Verdict> {
    let score = [2.0, -1.0, 0.3, -0.2, 0.1];
    for (label, want) in [
        ([true, false, true, true, false], 0.6),
        ([true, false, true, false, true], 1.0),
        ([false, false, false, false, false], 0.4),
    ] {
        let case = format!("accuracy of the scores {score:?} for {label:?}");
        let got = ask("accuracy", &case, move || accuracy(&score, &label))?;
        let hint = if (got - 5.0 * want).abs() < 1e-9 {
            "Divide by the number of rows."
        } else if (got - (1.0 - want)).abs() < 1e-9 {
            "That is the share of the wrong ones."
        } else {
            "A score above zero says true. Which share of the rows is said right?"
        };
        same(&case, got, want, hint)?;
    }
    Ok(())
}

/// Points near an arc, and two orders of them: by a line, and by a trained code of one number.
fn ordered() -> &'static (Curve, Array1<f64>, Array1<f64>) {
    static CODES: OnceLock<(Curve, Array1<f64>, Array1<f64>)> = OnceLock::new();
    CODES.get_or_init(|| {
        let points = arc(200, 0.05, &mut StdRng::seed_from_u64(2));
        let x = &points.x;
        let line = Pca::by_eigen(x.view(), Origin::Mean)
            .and_then(|pca| pca.keep(1)?.encode(x.view()))
            .map_or_else(|_| Array1::zeros(200), |z| z.index_axis(Axis(1), 0).to_owned());
        let mut net = Net::new(&[2, 10, 1, 10, 2], &[1], 1);
        net.train(x, x, SQUARED, 1500);
        let code = net.through(x)[2].column(0).to_owned();
        (points, line, code)
    })
}

/// Ranks from 1, of numbers that are all different.
fn rank(v: &[f64]) -> Vec<f64> {
    v.iter().map(|a| 1.0 + v.iter().filter(|b| *b < a).count() as f64).collect()
}

/// Spearman's correlation.
fn spearman(a: &[f64], b: &[f64]) -> f64 {
    correlation(&rank(a), &rank(b))
}

fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
    let product = |a: &[f64], b: &[f64]| {
        let (m, k) = (mean(a), mean(b));
        a.iter().zip(b).map(|(a, b)| (a - m) * (b - k)).sum::<f64>()
    };
    product(a, b) / (product(a, a) * product(b, b)).sqrt()
}

/// From a list to its ranks.
type Ranks = fn(&[f64]) -> Vec<f64>;

/// `ranks` and `rank_correlation`: do two lists put the rows in the same order?
pub fn order(ranks: Ranks, agree: fn(&[f64], &[f64]) -> f64) -> Verdict {
    verdict(|| {
        ranked(ranks)?;
        agreed(agree)?;
        let (points, line, code) = ordered();
        let mut found = vec![];
        for by in [line, code] {
            let (t, by) = (points.t.to_vec(), by.to_vec());
            found.push(
                ask("rank_correlation", "rank_correlation", move || agree(&by, &t))?.abs(),
            );
        }
        must(
            found[0] < 0.98 && found[1] > 0.99,
            format!("the check itself failed: {found:?}"),
        )?;
        Ok(format!(
            "Without the sign: {:.3} for the shadow on a line, {:.4} for the one number of a trained network. The network found the order along the arc, and nobody told it that there is one.",
            found[0], found[1]
        ))
    })
}

fn ranked(ranks: Ranks) -> Result<(), Verdict> {
    for v in [vec![0.3, 7.0, -2.0, 1.0, 5.0], vec![5.0, 4.0, 3.0, 9.0, -1.0], vec![2.0]] {
        let (want, case) = (rank(&v), format!("ranks(&{v:?})"));
        let mine = v.clone();
        let got = ask("ranks", &case, move || ranks(&mine))?;
        let mut order: Vec<usize> = (0..v.len()).collect();
        order.sort_by(|&i, &j| v[i].total_cmp(&v[j]));
        let is = |of: &dyn Fn(usize) -> f64| {
            got.len() == v.len() && got.iter().enumerate().all(|(i, r)| *r == of(i))
        };
        let hint = if v.len() > 1
            && (is(&|i| order[i] as f64) || is(&|i| order[i] as f64 + 1.0))
        {
            "That says which row comes first, second, third. Asked is, for each row, the place it comes to."
        } else if is(&|i| want[i] - 1.0) {
            "Count from 1."
        } else if is(&|i| (v.len() + 1) as f64 - want[i]) {
            "The least has rank 1."
        } else {
            "The rank of a number is 1 plus how many are less than it."
        };
        must(got == want, format!("{case} gave {got:?}, and {want:?} is right. {hint}"))?;
    }
    Ok(())
}

fn agreed(agree: fn(&[f64], &[f64]) -> f64) -> Result<(), Verdict> {
    let a = random(1, 30, 7).row(0).to_vec();
    let cases = [
        (
            "a list and its exponentials",
            a.iter().map(|v| (4.0 * v).exp()).collect::<Vec<_>>(),
        ),
        ("a list and its negative", a.iter().map(|v| -v).collect()),
        (
            "two lists that have little to do with each other",
            random(1, 30, 8).row(0).to_vec(),
        ),
    ];
    for (case, b) in cases {
        let want = spearman(&a, &b);
        let (x, y) = (a.clone(), b.clone());
        let got = ask("rank_correlation", case, move || agree(&x, &y))?;
        let near = |v: f64| (got - v).abs() < 1e-9;
        let hint = if (correlation(&a, &b) - want).abs() > 1e-6 && near(correlation(&a, &b)) {
            "That is the correlation of the numbers. Take that of their ranks: then no bend can hurt it."
        } else if near(want.abs()) {
            "Keep the sign: a reversed order has −1."
        } else if near(1.0 - (1.0 - want) / 6.0) {
            "The 6 is missing."
        } else {
            "1 − 6 Σd²/(n³ − n), with d the difference of a row's two ranks."
        };
        same(&format!("{case}: rank_correlation"), got, want, hint)?;
    }
    Ok(())
}
