//! The checks of chapter 4's exercises.
mod later;

pub use later::{climb, drive, restart, rests, sure};

use super::{Verdict, ask, library, must, same, same_table, verdict};
use crate::elbo;
use crate::em::{Coins, Em, Exact, TEN_ROWS, step};
use ndarray::{Array1, Array2, ArrayView2, array};

/// A step, or a slope, of two coins: from heads, tosses a row and the two probabilities.
type OfTwo = fn(&[f64], f64, [f64; 2]) -> [f64; 2];

/// The rows of the chapter, and a model of them.
fn coins(p: [f64; 2]) -> Result<(Coins, Array1<f64>), Verdict> {
    let model = Coins::new(10, array![p[0], p[1]]).map_err(library)?;
    Ok((model, Array1::from(TEN_ROWS.to_vec())))
}

/// Asks for two numbers about the ten rows.
fn two(name: &str, f: OfTwo, p: [f64; 2]) -> Result<[f64; 2], Verdict> {
    ask(name, &format!("{name}(ten rows, 10, {p:.3?})"), move || f(&TEN_ROWS, 10.0, p))
}

/// `turn(heads, tosses, p)`: the two coins after one step of EM.
pub fn turn(f: OfTwo) -> Verdict {
    verdict(|| {
        let (mut model, data) = coins([0.6, 0.5])?;
        for number in 1..=3 {
            let p = [model.heads[0], model.heads[1]];
            let got = two("turn", f, p)?;
            model = step(&model, &data).map_err(library)?.0;
            let hard = (got[0] - 0.82).abs() < 1e-9 && number == 1;
            for k in 0..2 {
                let hint = if (got[0] - got[1]).abs() < 1e-9 {
                    "Both coins come out alike: do the shares depend on the heads of the row?"
                } else if hard {
                    "Each row went to one coin as a whole. Share it out."
                } else {
                    "Share each row out by Bayes' rule. Divide the credited heads by the credited tosses, of that coin alone."
                };
                let case = format!("step {number}, from {p:.4?}: coin {}", k + 1);
                same(&case, got[k], model.heads[k], hint)?;
            }
        }
        Ok("From 0.6 and 0.5 to 0.6932 and 0.4718, to 0.7709 and 0.4010, to 0.8046 and 0.3730.".into())
    })
}

/// `shares(log_joint)`: the posterior of each row, from log p(x, z).
pub fn shares(f: fn(ArrayView2<f64>) -> Array2<f64>) -> Verdict {
    verdict(|| {
        let odds = |t: f64| [1.0 / (1.0 + (-t).exp()), 1.0 / (1.0 + t.exp())];
        let half = odds(0.0);
        let cases = [
            ("log joints −1 and −3", [-1.0, -3.0], odds(2.0)),
            ("log joints −800 and −805", [-800.0, -805.0], odds(5.0)),
            ("log joints 900 and 900", [900.0, 900.0], half),
            ("log joints −2 and −∞", [-2.0, f64::NEG_INFINITY], [1.0, 0.0]),
        ];
        for (case, joint, want) in cases {
            let got = ask("shares", case, move || f(array![joint, [-1.0, -1.0]].view()))?;
            must(
                got.dim() == (2, 2),
                format!(
                    "{case}: shares has shape {:?}, and the log joints have (2, 2).",
                    got.dim()
                ),
            )?;
            must(
                got.iter().all(|v| v.is_finite()),
                format!(
                    "{case}: shares gave {:?}. The exponential has left the numbers of 64 bits, at zero below −746 and at infinity above 709. Bring the row near zero before you take it; a share does not change when both of its log joints move by the same amount.",
                    got.row(0).to_vec()
                ),
            )?;
            same_table(
                case,
                &got,
                &array![want, half],
                "Every row must sum to one, and its odds are those of its joints.",
            )?;
        }
        Ok("The largest term is taken out first, so that one exponential is always 1.".into())
    })
}

/// `gain_parts(old, new, x)`: what the M step gained, and the divergence of the posteriors.
pub fn gain_parts(f: fn(&Coins, &Coins, &Array1<f64>) -> (f64, f64)) -> Verdict {
    verdict(|| {
        let (mut old, data) = coins([0.6, 0.5])?;
        for number in 1..=3 {
            let (new, chain) = step(&old, &data).map_err(library)?;
            let (a, b, x) = (old.clone(), new.clone(), data.clone());
            let case = format!("step {number}: gain_parts(old, new, x)");
            let (earned, given) = ask("gain_parts", &case, move || f(&a, &b, &x))?;
            let gap = between(&old, &new, &data)?;
            let other_way = between(&new, &old, &data)?;
            let hint = if (given - other_way).abs() < 1e-9 && (gap - other_way).abs() > 1e-9 {
                "That is KL(new ‖ old). The old posterior is the q, so it stands first."
            } else {
                "KL(old ‖ new) is the sum over rows and coins of q log(q / q'), with q of the old model."
            };
            same(&format!("{case}: the divergence"), given, gap, hint)?;
            same(
                &format!("{case}: the gain of the M step"),
                earned,
                chain.raised - chain.old,
                "The bound of the new model less the bound of the old one, both with the OLD q.",
            )?;
            same(&format!("{case}: the sum"), earned + given, chain.new - chain.old, "")?;
            old = new;
        }
        Ok("Earned and given add up to the gain of the log-likelihood, in every step.".into())
    })
}

/// KL between the posteriors of two models, over all rows.
fn between(old: &Coins, new: &Coins, x: &Array1<f64>) -> Result<f64, Verdict> {
    let (q, p) = (old.e_step(x).map_err(library)?, new.e_step(x).map_err(library)?);
    let rows = q.rows().into_iter().zip(p.rows());
    rows.map(|(q, p)| elbo::kl(&q.to_vec(), &p.to_vec()).map_err(library)).sum()
}

/// `best_q(log_joint)`: the q that maximises E_q log p(x, z), and nothing else.
pub fn best_q(f: fn(&[f64]) -> Vec<f64>) -> Verdict {
    verdict(|| {
        for joint in [vec![-2.0, -1.2, -3.8], vec![-5.0, -4.0], vec![0.5, 0.4, 0.3, 0.6]] {
            let (j, case) = (joint.clone(), format!("best_q({joint:?})"));
            let got = ask("best_q", &case, move || f(&j))?;
            must(
                got.len() == joint.len(),
                format!(
                    "{case} has {} entries, and z has {} values.",
                    got.len(),
                    joint.len()
                ),
            )?;
            must(
                (got.iter().sum::<f64>() - 1.0).abs() < 1e-9 && got.iter().all(|v| *v >= 0.0),
                format!("{case} gave {got:.3?}, which is no distribution."),
            )?;
            let energy: f64 = got.iter().zip(&joint).map(|(q, l)| q * l).sum();
            let best = joint.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            must(
                (energy - best).abs() < 1e-9,
                format!(
                    "{case} gave {got:.3?}, whose weighted mean is {energy:.4}, and {best:.4} can be had. The posterior is best for the bound; this objective has no entropy in it. Where must all the weight go?"
                ),
            )?;
        }
        Ok("All the weight on one value. What makes the posterior best is the entropy, which pays for doubt.".into())
    })
}

/// Σ log p(heads) at other coins.
fn evidence(p: [f64; 2]) -> Result<f64, Verdict> {
    let (model, data) = coins(p)?;
    model.log_likelihood(&data).map_err(library)
}

/// The slopes of the log-likelihood, by central differences.
fn differences(p: [f64; 2]) -> Result<[f64; 2], Verdict> {
    let h = 1e-5;
    let first = evidence([p[0] + h, p[1]])? - evidence([p[0] - h, p[1]])?;
    let second = evidence([p[0], p[1] + h])? - evidence([p[0], p[1] - h])?;
    Ok([first / (2.0 * h), second / (2.0 * h)])
}

/// `slopes(heads, tosses, p)`: the slope of the expected complete log-likelihood, at the p whose posterior it uses.
pub fn slopes(f: OfTwo) -> Verdict {
    verdict(|| {
        for p in [[0.6, 0.5], [0.8, 0.3], [0.25, 0.7]] {
            let (got, want) = (two("slopes", f, p)?, differences(p)?);
            for k in 0..2 {
                must(
                    (got[k] - want[k]).abs() < 1e-6 * (1.0 + want[k].abs()),
                    format!(
                        "slopes at {p:?}: coin {} gave {:.6}, and central differences of the log-likelihood give {:.6}. {}",
                        k + 1,
                        got[k],
                        want[k],
                        "Hold the shares still and differentiate h log p + (T − h) log(1 − p), a row at a time, each with its share."
                    ),
                )?;
            }
        }
        Ok("The bound and the log-likelihood have one slope where they touch: that is Fisher's identity.".into())
    })
}

/// `small_step(heads, tosses, p, rate)`: one step of gradient ascent in place of the M step.
pub fn small_step(f: fn(&[f64], f64, [f64; 2], f64) -> [f64; 2]) -> Verdict {
    verdict(|| {
        let rate = 0.002;
        let (mut p, (mut exact, data)) = ([0.6, 0.5], coins([0.6, 0.5])?);
        let mut before = evidence(p)?;
        for number in 1..=60 {
            let case = format!("turn {number}, from {p:.4?}: small_step");
            let got = ask("small_step", &case, move || f(&TEN_ROWS, 10.0, p, rate))?;
            must(
                got.iter().all(|v| (0.01..=0.99).contains(v)),
                format!(
                    "{case} gave {got:?}: a coin has a probability between 0 and 1. Multiply the slope by the rate."
                ),
            )?;
            let nats = evidence(got)?;
            must(
                nats >= before - 1e-9,
                format!(
                    "{case} fell from {before:.6} to {nats:.6} nats. Uphill is along the slope, not against it."
                ),
            )?;
            moved_by(&case, p, got, rate)?;
            exact = step(&exact, &data).map_err(library)?.0;
            (p, before) = (got, nats);
        }
        let top = exact.log_likelihood(&data).map_err(library)?;
        Ok(format!(
            "It never fell, and after 60 turns it is {:.6} nats below the exact M step.",
            top - before
        ))
    })
}

/// Fails unless `got` is `p` plus the rate times the slope there.
fn moved_by(case: &str, p: [f64; 2], got: [f64; 2], rate: f64) -> Result<(), Verdict> {
    let slope = differences(p)?;
    for k in 0..2 {
        let want = p[k] + rate * slope[k];
        must(
            (got[k] - want).abs() < 1e-7,
            format!(
                "{case} went to {:.6} for coin {}, and old value plus rate times slope is {want:.6}. One step from the old value, with the shares of the old coins.",
                got[k],
                k + 1
            ),
        )?;
    }
    Ok(())
}
