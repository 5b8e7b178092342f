//! The checks of chapter 6's exercises.
mod later;
mod mixture;

pub use later::{ascend, bound, normal, refute, three};
pub use mixture::{choose, pruned};

use super::{Verdict, ask, library, must, same, same_table, verdict};
use crate::mean_field::{Product, Target, best_factor, table_bound};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, array};

/// log p(x, z₁, z₂), and a q₂ for it.
fn tables() -> Vec<(Array2<f64>, Array1<f64>)> {
    let ln = |p: Array2<f64>| p.mapv(f64::ln);
    vec![
        (ln(array![[0.02, 0.01], [0.005, 0.065]]), array![0.4, 0.6]),
        (ln(array![[0.03, 0.002, 0.01], [0.008, 0.04, 0.01]]), array![0.5, 0.2, 0.3]),
        (ln(array![[0.1, 0.3], [0.3, 0.1], [0.15, 0.05]]), array![0.9, 0.1]),
    ]
}

/// From log p and q₂ to q₁.
type Update = fn(ArrayView2<f64>, ArrayView1<f64>) -> Array1<f64>;

/// `update(log_joint, q2)`: the q₁ with the highest bound.
pub fn update(f: Update) -> Verdict {
    verdict(|| {
        for (p, q2) in tables() {
            let (rows, columns) = p.dim();
            let case = format!("a {rows}×{columns} table, q₂ = {q2:.1}");
            let (a, b) = (p.clone(), q2.clone());
            let got = ask("update", &case, move || f(a.view(), b.view()))?;
            is_distribution(&case, &got, rows)?;
            let want = best_factor(p.view(), q2.view()).map_err(library)?.0;
            let bound =
                |q: &Array1<f64>| table_bound(p.view(), q.view(), q2.view()).map_err(library);
            let (reached, top) = (bound(&got)?, bound(&want)?);
            must(
                (&got - &want).iter().all(|v| v.abs() < 1e-9),
                format!(
                    "{case}: your q₁ = {got:.4} has the bound {reached:.6}, and there is one with {top:.6}. {}",
                    why(&p, &q2, &got)
                ),
            )?;
            beats_a_grid(&p, &q2, top)?;
        }
        Ok("On three tables no q₁ of a grid has a higher bound.".into())
    })
}

fn is_distribution(case: &str, q: &Array1<f64>, n: usize) -> Result<(), Verdict> {
    must(
        q.len() == n,
        format!("{case}: q₁ has {} entries, and z₁ has {n} states: rows are z₁.", q.len()),
    )?;
    must(
        (q.sum() - 1.0).abs() < 1e-9 && q.iter().all(|v| *v >= 0.0),
        format!("{case}: q₁ = {q:.4} sums to {:.4}. Divide by the sum.", q.sum()),
    )
}

/// What a wrong update is.
fn why(p: &Array2<f64>, q2: &Array1<f64>, got: &Array1<f64>) -> &'static str {
    let is = |other: Array1<f64>| {
        let other = &other / other.sum();
        (got - &other).iter().all(|v| v.abs() < 1e-9)
    };
    let joint = p.mapv(f64::exp);
    if is(joint.dot(q2)) {
        "You averaged p and took the logarithm of the mean. It is the logarithm that is averaged."
    } else if is(joint.sum_axis(ndarray::Axis(1))) {
        "That is the exact marginal of z₁, which does not look at q₂."
    } else if is(p.sum_axis(ndarray::Axis(1)).mapv(f64::exp)) {
        "The logarithms are summed, but not weighted with q₂."
    } else {
        "Take the mean of log p over z₂ with the weights q₂, for each row; then the exponential; then divide by the sum."
    }
}

/// The library's own update against every q₁ of a grid: a check of the check.
fn beats_a_grid(p: &Array2<f64>, q2: &Array1<f64>, top: f64) -> Result<(), Verdict> {
    for i in 0..=20 {
        for j in 0..=20 - i {
            let q = match p.nrows() {
                2 => array![f64::from(i) / 20.0, f64::from(20 - i) / 20.0],
                _ => array![f64::from(i), f64::from(j), f64::from(20 - i - j)] / 20.0,
            };
            let bound = table_bound(p.view(), q.view(), q2.view()).map_err(library)?;
            must(bound <= top + 1e-12, format!("the check itself failed: {q} is better"))?;
        }
    }
    Ok(())
}

/// One sweep on a pair: from ρ and the two means to the two new means.
type Sweep = fn(f64, [f64; 2]) -> [f64; 2];

/// `sweep(rho, means)` and `left(rho)`: coordinate ascent on a correlated pair, and the KL that it leaves.
pub fn sweep(f: Sweep, left: fn(f64) -> f64) -> Verdict {
    verdict(|| {
        for (rho, means) in [(0.9, [1.0, 1.0]), (-0.5, [2.0, -1.0]), (0.3, [0.0, 4.0])] {
            let target = Target::pair(rho).map_err(library)?;
            let q = Product {
                mean: Array1::from(means.to_vec()),
                variances: target.reverse().variances,
            };
            let want = target.sweep(&q).map_err(library)?.mean;
            let case = format!("sweep({rho}, {means:?})");
            let got = ask("sweep", &case, move || f(rho, means))?;
            let both = (got[0] - rho * means[1]).abs() + (got[1] - rho * means[0]).abs();
            let hint = if both < 1e-9 && (got[1] - want[1]).abs() > 1e-9 {
                "The second mean is to see the new first one: one factor at a time."
            } else {
                "With Λ the inverse of [[1, ρ], [ρ, 1]], the best m₁ is −Λ₁₂ m₂ / Λ₁₁."
            };
            same(&format!("{case}: the first mean"), got[0], want[0], hint)?;
            same(&format!("{case}: the second mean"), got[1], want[1], hint)?;
        }
        for rho in [0.0, 0.5, 0.9] {
            let target = Target::pair(rho).map_err(library)?;
            let want = target.gap(&target.reverse()).map_err(library)?;
            let got = ask("left", &format!("left({rho})"), move || left(rho))?;
            let hint = if (got + want).abs() < 1e-9 && rho > 0.0 {
                "A divergence is not negative."
            } else {
                "The variances of the fit are 1/Λ₁₁ = 1 − ρ², and both means are right. Use the formula for two Gaussians."
            };
            same(&format!("left({rho})"), got, want, hint)?;
        }
        Ok("Each sweep multiplies the error by ρ²; at ρ = 0.9, KL = 0.830366 is left.".into())
    })
}

/// `forward(sigma)`: the variances of the best product in KL(p ‖ q), and that divergence.
pub fn forward(f: fn(ArrayView2<f64>) -> (Array1<f64>, f64)) -> Verdict {
    verdict(|| {
        let pair = array![[1.0, 0.9], [0.9, 1.0]];
        let three = array![[2.0, 0.8, 0.3], [0.8, 1.0, 0.4], [0.3, 0.4, 0.5]];
        let mut left = vec![];
        for (name, sigma) in [("two coordinates", pair), ("three coordinates", three)] {
            let target = Target::new(Array1::zeros(sigma.nrows()), sigma).map_err(library)?;
            let (best, other) = (target.forward(), target.reverse());
            let s = target.covariance.clone();
            let (variances, kl) = ask("forward", name, move || f(s.view()))?;
            let row = |v: &Array1<f64>| v.clone().insert_axis(ndarray::Axis(0));
            let narrow = variances.len() == other.variances.len()
                && (&variances - &other.variances).iter().all(|v| v.abs() < 1e-9);
            let hint = if narrow {
                "Those are the variances 1/Λᵢᵢ of the other direction. This one matches moments."
            } else {
                "Each factor of the best product is the marginal of p: its own mean, its own variance."
            };
            same_table(
                &format!("{name}: variances"),
                &row(&variances),
                &row(&best.variances),
                hint,
            )?;
            let want = target.other_way(&best).map_err(library)?;
            let hint = "With equal variances the traces cancel, and half the difference of the log determinants is left.";
            same(&format!("{name}: KL(p ‖ q)"), kl, want, hint)?;
            left.push((kl, target.gap(&other).map_err(library)?));
        }
        Ok(format!(
            "Two coordinates: {:.6} in both directions. Three: {:.6} here, and {:.6} the other way.",
            left[0].0, left[1].0, left[1].1
        ))
    })
}
