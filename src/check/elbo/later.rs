//! The checks of the later exercises: the bound's edges, its estimates, and two bugs.
use super::simplex;
use crate::check::{Verdict, ask, library, must, same, verdict};
use crate::elbo::{self, Conjugate, kl_to_standard};
use crate::gaussian::{log_normal, log_sum_exp};
use rand::{Rng, SeedableRng, rngs::StdRng};

/// `which()`: for three cases the number of a form; `by_draws(log joint, log q)`: the third form.
pub fn which_form(which: fn() -> [u8; 3], by_draws: fn(&[f64], &[f64]) -> f64) -> Verdict {
    verdict(|| {
        let got = ask("which", "which()", which)?;
        let told = [
            "Case A knows the divergence: only the fit is left to draws.",
            "Case B knows no divergence, but it knows H(q).",
            "Case C can evaluate log q at a draw, and nothing else.",
        ];
        for (i, (got, why)) in got.iter().zip(told).enumerate() {
            must(
                *got == i as u8 + 1,
                format!("which() answers {got} for case {}. {why}", ["A", "B", "C"][i]),
            )?;
        }
        let model = Conjugate { x: 1.2, noise: 1.0 };
        let mut r = StdRng::seed_from_u64(3);
        let z: Vec<f64> = (0..2000).map(|_| mixture_draw(&mut r)).collect();
        let log_joint: Vec<f64> =
            z.iter().map(|&z| log_normal(z, 0.0, 1.0) + log_normal(1.2, z, 1.0)).collect();
        let log_q: Vec<f64> = z.iter().map(|&z| mixture(z)).collect();
        let want = log_joint.iter().zip(&log_q).map(|(j, q)| j - q).sum::<f64>() / 2000.0;
        let case = "by_draws on 2000 draws of a mixture";
        let got = ask("by_draws", case, move || by_draws(&log_joint, &log_q))?;
        let hint = if (got - 2000.0 * want).abs() < 1e-6 {
            "Divide by the number of draws."
        } else if (got + want).abs() < 1e-9 {
            "The sign is turned round: the joint is above, q below."
        } else {
            "The draws come from q already: take the plain mean, with no further weight."
        };
        same(case, got, want, hint)?;
        Ok(format!(
            "The bound of the mixture is about {want:.3} nats; log p(x) is {:.3}.",
            model.log_evidence()
        ))
    })
}

const PARTS: [(f64, f64, f64); 2] = [(0.7, 0.2, 0.6), (0.3, 1.4, 0.4)];

fn mixture(z: f64) -> f64 {
    log_sum_exp(&PARTS.map(|(w, m, s)| w.ln() + log_normal(z, m, s)))
}

fn mixture_draw(r: &mut StdRng) -> f64 {
    let (_, m, s) = PARTS[usize::from(r.random::<f64>() > PARTS[0].0)];
    let (u, v): (f64, f64) = (1.0 - r.random::<f64>(), r.random());
    m + s * (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
}

/// `log_mixture(z, weights, means, sds)`: log Σ w N(z | m, s²).
pub fn log_mixture(f: fn(f64, &[f64], &[f64], &[f64]) -> f64) -> Verdict {
    verdict(|| {
        let parts = PARTS;
        let ask_at = |z: f64| {
            ask("log_mixture", &format!("log_mixture({z}, …)"), move || {
                let of = |k: fn(&(f64, f64, f64)) -> f64| {
                    parts.iter().map(k).collect::<Vec<f64>>()
                };
                f(z, &of(|p| p.0), &of(|p| p.1), &of(|p| p.2))
            })
        };
        let mut area = 0.0;
        for i in -60..=80 {
            area += 0.1 * ask_at(f64::from(i) * 0.1)?.exp();
        }
        must(
            (area - 1.0).abs() < 1e-6,
            format!(
                "The exponential of log_mixture has area {area:.4}, and a density has area 1. So minus its mean logarithm is no entropy, and what is made with it is not the bound of this q. What multiplies each component, and what is that in logarithms?"
            ),
        )?;
        for z in [-3.0, 0.3, 1.4, 40.0] {
            let case = format!("log_mixture({z}, …)");
            same(
                &case,
                ask_at(z)?,
                mixture(z),
                "Add log w to each log density, then log_sum_exp.",
            )?;
        }
        Ok("Its area is one, so minus its mean logarithm is an entropy again.".into())
    })
}

/// `negative()`: prior's and noise's standard deviations, and x, with −log p(x) < 0.
pub fn negative(f: fn() -> [f64; 3]) -> Verdict {
    verdict(|| {
        let [prior, noise, x] = ask("negative", "negative()", f)?;
        must(
            prior > 0.0 && noise > 0.0 && x.is_finite(),
            format!(
                "negative() gave {prior}, {noise}, {x}: the first two are standard deviations, so positive."
            ),
        )?;
        let minus_bound = -log_normal(x, 0.0, (prior * prior + noise * noise).sqrt());
        must(
            minus_bound < 0.0,
            format!(
                "With the posterior as q, the integral is −log p(x) = {minus_bound:.4}, which is not negative. p(x) must be above one: how narrow must a density be for that?"
            ),
        )?;
        Ok(format!(
            "∫ q log(q / p(x, z)) = {minus_bound:.4}. No divergence is negative, so this is none."
        ))
    })
}

/// From the posterior, an entry and its new value: q and its gap.
pub type Spoil = fn(&[f64], usize, f64) -> (Vec<f64>, f64);

/// `spoiled(posterior, entry, value)`: q with one entry set, the others scaled to make it a distribution; and its gap.
pub fn spoiled(f: Spoil) -> Verdict {
    verdict(|| {
        let mut r = StdRng::seed_from_u64(5);
        for round in 0..30 {
            let p = simplex(3 + round % 3, &mut r);
            let (entry, mut value) = (round % 3, r.random_range(0.05..0.95));
            if round == 0 {
                value = p[entry];
            }
            let (p2, n) = (p.clone(), p.len());
            let case = format!("spoiled({p:.2?}, {entry}, {value:.2})");
            let (q, gap) = ask("spoiled", &case, move || f(&p2, entry, value))?;
            must(
                q.len() == n,
                format!("{case} gave {} entries, and {n} are right.", q.len()),
            )?;
            in_proportion(&case, &p, &q, entry, value)?;
            let want = elbo::kl(&q, &p).map_err(library)?;
            let back = elbo::kl(&p, &q).map_err(library)?;
            let hint = if (gap - back).abs() < 1e-9 && round > 0 {
                "That is the other direction: the gap is the divergence of q from the posterior."
            } else {
                "The gap is Σ q log(q / posterior)."
            };
            same(&format!("{case}: the gap"), gap, want, hint)?;
        }
        Ok("Tight when the entry was right, and only then. The others kept their proportions, so the gap is that of two coins: value against posterior[entry].".into())
    })
}

/// Fails unless `q` is `p` with one entry set and the others scaled to make up the rest.
fn in_proportion(
    case: &str,
    p: &[f64],
    q: &[f64],
    entry: usize,
    value: f64,
) -> Result<(), Verdict> {
    let sum = q.iter().sum();
    same(&format!("{case}: the sum of q"), sum, 1.0, "The others must share 1 − value.")?;
    same(
        &format!("{case}: the entry"),
        q[entry],
        value,
        "Set the entry itself, and scale the others only.",
    )?;
    for other in (0..p.len()).filter(|&i| i != entry) {
        same(
            &format!("{case}: entry {other}"),
            q[other],
            p[other] * (1.0 - value) / (1.0 - p[entry]),
            "Keep the others in proportion: multiply each by (1 − value)/(1 − posterior[entry]).",
        )?;
    }
    Ok(())
}

/// `jensen_gap(log weights)`: the log of the mean weight less the mean log weight.
pub fn jensen_gap(f: fn(&[f64]) -> f64) -> Verdict {
    verdict(|| {
        let pairs =
            [([0.0, 0.0], 0.0), ([0.0, f64::ln(3.0)], f64::ln(2.0) - 0.5 * f64::ln(3.0))];
        for (w, want) in pairs {
            let case = format!("jensen_gap({w:.3?})");
            let got = ask("jensen_gap", &case, move || f(&w))?;
            let hint = if (got + want).abs() < 1e-12 {
                "The log of the mean is the larger: subtract the other way round."
            } else if (got - want - f64::ln(2.0)).abs() < 1e-9 {
                "A mean divides by the number of weights: log_sum_exp is the log of the sum."
            } else {
                "log of the mean weight, less the mean of the log weights."
            };
            same(&case, got, want, hint)?;
        }
        let far = [-900.0, -900.0 + f64::ln(3.0)];
        let got = ask("jensen_gap", "jensen_gap near −900", move || f(&far))?;
        must(
            (got - pairs[1].1).abs() < 1e-9,
            format!(
                "With 900 taken off both log weights jensen_gap gave {got}, and nothing should change: the gap is a difference. e⁻⁹⁰⁰ is zero for a computer; use gaussian::log_sum_exp."
            ),
        )?;
        let (model, m, s, n) = (Conjugate { x: 1.2, noise: 1.0 }, 0.3, 0.8, 20_000);
        let draws = log_weights(model, m, s, n);
        let want = model.log_evidence() - model.elbo(m, s).nats();
        let got = ask("jensen_gap", "jensen_gap on 20000 draws", move || f(&draws))?;
        must(
            (got - want).abs() < 0.02,
            format!(
                "20000 draws gave a gap of {got:.4}, and the divergence from the posterior is {want:.4}."
            ),
        )?;
        Ok(format!(
            "From 20000 draws {got:.4} nats; the divergence of q from the posterior is {want:.4}."
        ))
    })
}

/// log p(x, z) / q(z) for `n` draws of z from q = N(m, s²).
fn log_weights(model: Conjugate, m: f64, s: f64, n: usize) -> Vec<f64> {
    let mut r = StdRng::seed_from_u64(8);
    let mut draw = |_| {
        let (u, v): (f64, f64) = (1.0 - r.random::<f64>(), r.random());
        let z = m + s * (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos();
        log_normal(z, 0.0, 1.0) + log_normal(model.x, z, model.noise) - log_normal(z, m, s)
    };
    (0..n).map(&mut draw).collect()
}

/// `minus_kl(m, s)`: −KL(N(m, s²) ‖ N(0, 1)), summed over the entries.
pub fn minus_kl(f: fn(&[f64], &[f64]) -> f64) -> Verdict {
    verdict(|| {
        let cases: [(Vec<f64>, Vec<f64>); 4] = [
            (vec![1.0, -2.0, 0.5], vec![0.5, 1.0, 2.0]),
            (vec![0.0], vec![1.0]),
            (vec![0.0], vec![0.1]),
            (vec![3.0, 0.2], vec![1.5, 0.7]),
        ];
        for (m, s) in cases {
            let want = -kl_to_standard(&m, &s);
            let case = format!("minus_kl(&{m:?}, &{s:?})");
            let got = ask("minus_kl", &case, move || f(&m, &s))?;
            let hint = if want < 0.0 && got > 0.0 {
                "Minus a divergence is never positive. Subtract the second integral from the first again, and watch both signs."
            } else {
                "Which of the two integrals is E log p, and which is E log q?"
            };
            same(&case, got, want, hint)?;
        }
        Ok("−3.75 nats for the first case. With the other sign, training would push q away from the prior without end.".into())
    })
}
