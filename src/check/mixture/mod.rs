//! The checks of the exercises on mixtures.
mod later;
mod limits;

pub use later::{lift, nearest, smooth, spike, templates};
pub use limits::{nodes, ten};

use super::{Verdict, ask, library, must, random, same, same_table, verdict};
use crate::data::old_faithful;
use crate::em::{Em, Exact, Stop, fit};
use crate::gaussian::log_sum_exp;
use crate::mixture::{Covariance, Gaussians, Kind};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis, array};

/// Old Faithful, and where the chapter's fit of it begins.
fn geyser() -> Result<(Gaussians, Array2<f64>), Verdict> {
    let x = old_faithful().x.clone();
    let means = array![[3.6, 79.0], [1.8, 54.0]];
    Ok((Gaussians::around(&x, means, Kind::Full).map_err(library)?, x))
}

/// `posterior(log_likelihood)`: the responsibilities of equally likely components.
pub fn posterior(f: fn(ArrayView2<f64>) -> Array2<f64>) -> Verdict {
    verdict(|| {
        let small = random(7, 4, 1);
        let cases = [
            ("log-likelihoods between −1 and 1", small.clone()),
            ("two components", random(5, 2, 2) * 3.0),
            ("log-likelihoods near −100000", &small * 5.0 - 1e5),
            ("log-likelihoods near 2000", &small * 5.0 + 2e3),
        ];
        for (case, table) in cases {
            let given = table.clone();
            let got = ask("posterior", case, move || f(given.view()))?;
            must(
                got.iter().all(|v| v.is_finite()),
                format!(
                    "{case}: posterior gave numbers that are not finite. The exponential has left the numbers of 64 bits. A share does not change when all log-likelihoods of its row move by the same amount: bring the row near zero first."
                ),
            )?;
            must(
                got.dim() == table.dim(),
                format!(
                    "{case}: the shape is {:?}, and {:?} is right.",
                    got.dim(),
                    table.dim()
                ),
            )?;
            shared(case, &got, &table)?;
        }
        Ok("The prior cancels, and so does any factor that a row's likelihoods have in common.".into())
    })
}

/// Fails unless every row of `got` has the shares that the log-likelihoods of `table` give.
fn shared(case: &str, got: &Array2<f64>, table: &Array2<f64>) -> Result<(), Verdict> {
    for (got, row) in got.rows().into_iter().zip(table.rows()) {
        must(
            (got.sum() - 1.0).abs() < 1e-9,
            format!(
                "{case}: a row of shares adds up to {:.4}. Every row was made by one component, so its shares add up to 1, over the components and not over the rows.",
                got.sum()
            ),
        )?;
        let total = log_sum_exp(&row.to_vec());
        let hint = "The odds of two components are the ratio of their likelihoods; the prior cancels.";
        for (share, l) in got.iter().zip(row) {
            same(case, *share, (l - total).exp(), hint)?;
        }
    }
    Ok(())
}

/// `weighted(weights, log_p)`: log p(x) of each row.
pub fn weighted(f: fn(ArrayView1<f64>, ArrayView2<f64>) -> Array1<f64>) -> Verdict {
    verdict(|| {
        let table = random(6, 3, 4) - 5.0;
        let cases = [
            (
                "one component of weight 1",
                array![1.0],
                table.slice(ndarray::s![.., ..1]).to_owned(),
            ),
            ("weights 0.2, 0.3, 0.5", array![0.2, 0.3, 0.5], table.clone()),
            ("a weight of zero", array![0.0, 0.5, 0.5], table),
        ];
        for (case, weights, table) in cases {
            let (w, t) = (weights.clone(), table.clone());
            let got = ask("weighted", case, move || f(w.view(), t.view()))?;
            must(
                got.len() == table.nrows(),
                format!("{case}: {} numbers for {} rows.", got.len(), table.nrows()),
            )?;
            for (got, row) in got.iter().zip(table.rows()) {
                let p: f64 = row.iter().zip(&weights).map(|(l, w)| w * l.exp()).sum();
                let as_added: Vec<f64> =
                    row.iter().zip(&weights).map(|(l, w)| l + w).collect();
                let hint = if (got - log_sum_exp(&as_added)).abs() < 1e-9 {
                    "A weight is a probability, and everything around it is a logarithm. With one component of weight 1 the answer must be its own log density."
                } else {
                    "log p(x) is the logarithm of Σ π p(x | k)."
                };
                same(case, *got, p.ln(), hint)?;
            }
        }
        Ok("Logarithms are added to logarithms.".into())
    })
}

/// Weights, means of shape (K, D), covariances.
type Mix = (Array1<f64>, Array2<f64>, Vec<Array2<f64>>);

/// `turn(x, mix)`: the mixture after one step of EM.
pub fn turn(f: fn(ArrayView2<f64>, &Mix) -> Mix) -> Verdict {
    verdict(|| {
        let (start, x) = geyser()?;
        let want = fit(start.clone(), &x, Stop { steps: 100, gain: f64::NEG_INFINITY })
            .map_err(library)?;
        let mut mix = parts(&start);
        for t in 1..=100 {
            let (rows, before) = (x.clone(), mix);
            let case = format!("Old Faithful: turn, step {t}");
            mix = ask("turn", &case, move || f(rows.view(), &before))?;
            let (weights, means, covariances) = mix.clone();
            let model = Gaussians::new(weights, means, Covariance::Full(covariances))
                .map_err(|e| Verdict::Fail(format!("{case}: {e}.")))?;
            let (got, right) =
                (model.log_likelihood(&x).map_err(library)?, want.trace[t].nats());
            must(
                (got - right).abs() < 1e-8,
                format!(
                    "{case} ends at {got:.6} nats, and {right:.6} is right. {}",
                    why(got, t)
                ),
            )?;
        }
        Ok(format!("Every step agrees to 1e-8 nats, and the end is {:.7}.", want.nats()))
    })
}

fn parts(model: &Gaussians) -> Mix {
    let d = model.means.ncols();
    let covariances =
        (0..model.weights.len()).map(|k| model.covariance.matrix(k, d)).collect();
    (model.weights.clone(), model.means.clone(), covariances)
}

/// What a wrong first step comes from.
fn why(got: f64, t: usize) -> &'static str {
    match t {
        1 if (got + 1_268.832_629_5).abs() < 1e-4 => {
            "The weights did not move: each is N_k over N."
        }
        1 if (got + 1_435.213_463_9).abs() < 1e-4 => "That is the start: nothing has moved.",
        _ => {
            "First the shares of the OLD mixture, then the counts, then means, then covariances about the NEW means, each divided by its own N_k; the weights are N_k over N."
        }
    }
}

/// From counts, steps of the means and covariances to a loss.
type Loss = fn(&[f64], ArrayView2<f64>, &[Array2<f64>]) -> f64;

/// `lost(counts, moved, covariances)`: what stale means cost.
pub fn lost(f: Loss) -> Verdict {
    verdict(|| {
        let (mut model, x) = geyser()?;
        for t in 1..=4 {
            let q = model.e_step(&x).map_err(library)?;
            let next = model.m_step(&x, &q).map_err(library)?;
            let moved = &next.means - &model.means;
            let stale = Gaussians { means: model.means.clone(), ..next.clone() };
            let bound = |m: &Gaussians| m.elbo(&x, &q).map(|b| b.nats()).map_err(library);
            let right = bound(&next)? - bound(&stale)?;
            let (counts, step, covariances) =
                (q.shares.counts.to_vec(), moved, parts(&next).2);
            let case = format!("Old Faithful, step {t}: lost(counts, moved, covariances)");
            let got = ask("lost", &case, move || f(&counts, step.view(), &covariances))?;
            let hint = if (got - 2.0 * right).abs() < 1e-6 {
                "Twice too much: log N has a factor of one half."
            } else if (got + right).abs() < 1e-6 {
                "The size is right. It is what is lost, so it is positive."
            } else {
                "Each row of component k brings ½ ΔᵀΣ⁻¹Δ, and there are N_k of them. Use the inverse of the covariance, and not the covariance."
            };
            must(
                (got - right).abs() < 1e-6 * (1.0 + right),
                format!(
                    "{case} gave {got:.6}, and two bounds differ by {right:.6} nats. {hint}"
                ),
            )?;
            model = next;
        }
        Ok("½ Σ N_k ΔᵀΣ⁻¹Δ, the difference of two bounds, in every step.".into())
    })
}

/// Means and covariances from rows, shares and old means.
type MStep =
    fn(ArrayView2<f64>, ArrayView2<f64>, ArrayView2<f64>) -> (Array2<f64>, Vec<Array2<f64>>);

/// `about(x, r, means)`: the new means and covariances.
pub fn about(f: MStep) -> Verdict {
    verdict(|| {
        let (mut model, x) = geyser()?;
        for t in 1..=5 {
            let (q, r) = (
                model.e_step(&x).map_err(library)?,
                model.responsibilities(&x).map_err(library)?,
            );
            let next = model.m_step(&x, &q).map_err(library)?;
            let (rows, old) = (x.clone(), model.means.clone());
            let case = format!("Old Faithful, step {t}");
            let (means, covariances) =
                ask("about", &case, move || f(rows.view(), r.view(), old.view()))?;
            same_table(
                &format!("{case}: the means"),
                &means,
                &next.means,
                "Σ r x over Σ r.",
            )?;
            must(
                covariances.len() == 2,
                format!("{case}: {} covariances for two components.", covariances.len()),
            )?;
            for (k, (got, want)) in covariances.iter().zip(parts(&next).2).enumerate() {
                let away = (&next.means.row(k) - &model.means.row(k)).insert_axis(Axis(1));
                let stretched = &want + &away.dot(&away.t());
                let hint = if apart(got, &stretched) < 1e-9 {
                    "That is the mean square about the mean of the step before: too large by ΔΔᵀ, stretched along the way that the mean has moved. EM climbs with it, more slowly, which is why the law of never falling does not see it."
                } else {
                    "Weighted squares about the new mean, divided by N_k."
                };
                same_table(&format!("{case}: covariance {k}"), got, &want, hint)?;
            }
            model = next;
        }
        Ok("About the new means. An M step needs the rows and their shares, and no old parameter.".into())
    })
}

/// The largest difference of two entries, and no number for tables of two shapes.
fn apart(a: &Array2<f64>, b: &Array2<f64>) -> f64 {
    if a.dim() != b.dim() {
        return f64::INFINITY;
    }
    (a - b).fold(0.0f64, |m, v| m.max(v.abs()))
}

/// `multiplier(counts)`: λ, and the best weights.
pub fn multiplier(f: fn(&[f64]) -> (f64, Vec<f64>)) -> Verdict {
    verdict(|| {
        let (start, x) = geyser()?;
        let counts = start.e_step(&x).map_err(library)?.shares.counts.to_vec();
        for counts in [vec![3.0, 1.0], vec![0.5, 0.25, 1.25], counts] {
            let (given, case) = (counts.clone(), format!("multiplier({counts:.3?})"));
            let (lambda, weights) = ask("multiplier", &case, move || f(&given))?;
            let n: f64 = counts.iter().sum();
            must(
                weights.len() == counts.len(),
                format!("{case}: {} weights for {} counts.", weights.len(), counts.len()),
            )?;
            same(
                &format!("{case}: the weights' sum"),
                weights.iter().sum(),
                1.0,
                "That is the condition.",
            )?;
            for (w, n_k) in weights.iter().zip(&counts) {
                same(
                    &format!("{case}: a weight"),
                    *w,
                    n_k / n,
                    "Each weight is its component's part of all rows.",
                )?;
            }
            same(
                &format!("{case}: λ"),
                lambda,
                n,
                "Sum N_k = λ π_k over k, with the weights adding up to 1.",
            )?;
        }
        Ok("λ is the number of rows: 272 on Old Faithful. It is the price of a little more total weight, in nats.".into())
    })
}
