//! The checks of chapter 3's exercises.
mod later;

pub use later::{Spoil, jensen_gap, log_mixture, minus_kl, negative, spoiled, which_form};

use super::{Verdict, ask, library, must, same, verdict};
use crate::elbo::{self, Conjugate, Gauss, Hidden};
use crate::gaussian::log_sum_exp;
use ndarray::Array1;
use rand::{Rng, SeedableRng, rngs::StdRng};

/// `k` probabilities, none of them zero.
fn simplex(k: usize, r: &mut StdRng) -> Vec<f64> {
    let raw: Vec<f64> = (0..k).map(|_| 1e-3 - f64::ln(1.0 - r.random::<f64>())).collect();
    let sum: f64 = raw.iter().sum();
    raw.iter().map(|v| v / sum).collect()
}

fn logs(p: &[f64]) -> Array1<f64> {
    p.iter().map(|v| v.ln()).collect()
}

/// `slack(q, p)`: never negative for one pair, and the divergence when it is summed over two distributions.
pub fn slack(f: fn(f64, f64) -> f64) -> Verdict {
    verdict(|| {
        let mut r = StdRng::seed_from_u64(1);
        for round in 0..1000 {
            let k = 2 + round % 5;
            let (q, p) = (simplex(k, &mut r), simplex(k, &mut r));
            let want = elbo::kl(&q, &p).map_err(library)?;
            let pairs: Vec<(f64, f64)> = q.iter().copied().zip(p.iter().copied()).collect();
            let terms = ask("slack", "slack(q, p)", {
                let pairs = pairs.clone();
                move || pairs.iter().map(|&(q, p)| f(q, p)).collect::<Vec<f64>>()
            })?;
            for (term, (q, p)) in terms.iter().zip(&pairs) {
                let hint = "q log(q/p) alone may be negative: which multiple of q − p lifts it, and adds up to zero?";
                must(
                    *term >= -1e-12,
                    format!(
                        "slack({q:.3}, {p:.3}) gave {term:.4}, and no term may be negative. {hint}"
                    ),
                )?;
            }
            same(
                &format!("the sum of slack over two lists of {k} probabilities"),
                terms.iter().sum(),
                want,
                "What you add to q log(q/p) must add up to zero over all z.",
            )?;
        }
        for (q, p) in [(0.0, 0.3), (0.4, 0.4)] {
            let got = ask("slack", &format!("slack({q}, {p})"), move || f(q, p))?;
            let hint = "0 log 0 counts as nothing: treat q = 0 before the logarithm.";
            same(&format!("slack({q}, {p})"), got, if q > 0.0 { 0.0 } else { p }, hint)?;
        }
        Ok("A thousand pairs, not one negative term: the sum cannot be negative either, and it is zero only if every term is.".into())
    })
}

/// `kl_normals(m0, s0, m1, s1)`: KL(N(m0, s0²) ‖ N(m1, s1²)).
pub fn kl_normals(f: fn(f64, f64, f64, f64) -> f64) -> Verdict {
    verdict(|| {
        let right = |m0: f64, s0: f64, m1: f64, s1: f64| {
            0.5 * ((s0 * s0 + (m1 - m0).powi(2)) / (s1 * s1) - 1.0) + (s1 / s0).ln()
        };
        let cases: [(f64, f64, f64, f64); 5] = [
            (0.0, 1.0, 0.0, 1.0),
            (0.0, 1.0, 1.0, 2.0),
            (1.0, 2.0, 0.0, 1.0),
            (0.3, 0.7, -1.0, 0.4),
            (-2.0, 0.1, 2.0, 3.0),
        ];
        for (m0, s0, m1, s1) in cases {
            let case = format!("kl_normals({m0}, {s0}, {m1}, {s1})");
            let got = ask("kl_normals", &case, move || f(m0, s0, m1, s1))?;
            let want = right(m0, s0, m1, s1);
            let near = |v: f64| (got - v).abs() < 1e-9;
            let hint = if near(right(m1, s1, m0, s0)) {
                "That is the other direction: draw from the first, divide by the second's variance."
            } else if near(right(m0, s0.sqrt(), m1, s1.sqrt())) {
                "s0 and s1 are standard deviations; square them where a variance stands."
            } else if near(want + 0.5) {
                "The mean of ((z − m0)/s0)² under the first is 1. Subtract a half of it."
            } else if near(want - 2.0 * (s1 / s0).ln()) {
                "The logarithm has the wrong sign: a narrow first density has the larger log q."
            } else {
                "Take E of log q − log p, term by term: two quadratics and log(s1/s0)."
            };
            same(&case, got, want, hint)?;
        }
        Ok("From N(0, 1) to N(1, 2²) it is 0.4431 nats, and back 1.3069: a draw of the wide one often lands where the narrow one is nearly zero.".into())
    })
}

/// `terms(joint, q)`: log p(x), E log p(x, z), H(q) and KL(q ‖ posterior) for three values of z.
pub fn terms(f: fn([f64; 3], [f64; 3]) -> [f64; 4]) -> Verdict {
    verdict(|| {
        let cases = [
            ([0.05, 0.12, 0.14], [0.2, 0.5, 0.3]),
            ([0.3, 0.01, 0.4], [0.6, 0.1, 0.3]),
            ([0.2, 0.0, 0.1], [0.5, 0.0, 0.5]),
            ([0.2, 0.1, 0.1], [0.5, 0.25, 0.25]),
        ];
        for (joint, q) in cases {
            let hidden = Hidden::discrete(&[1.0 / 3.0; 3], &joint.map(|v| 3.0 * v))
                .map_err(library)?;
            let log_q = logs(&q);
            let case = format!("terms({joint:?}, {q:?})");
            let got = ask("terms", &case, move || f(joint, q))?;
            four_terms(&case, &hidden, &log_q, got)?;
        }
        Ok("Energy plus entropy plus gap is the evidence, each time. In the last case q was the posterior.".into())
    })
}

/// Fails unless each of the four terms is right, and the last three add up to the first.
fn four_terms(
    case: &str,
    hidden: &Hidden,
    log_q: &Array1<f64>,
    [evidence, energy, entropy, gap]: [f64; 4],
) -> Result<(), Verdict> {
    let entropy_hint = if (entropy + hidden.entropy(log_q)).abs() < 1e-9 {
        "The entropy has a minus in front of the sum."
    } else {
        "H(q) = −Σ q log q, and a place without mass adds nothing."
    };
    let sum_first = "Sum the joint over z, then take the logarithm.";
    let weigh = "E log p(x, z) weighs the logarithms of the joint with q; where q is zero it adds nothing.";
    let divide =
        "Divide the joint by its sum first: the gap is a divergence from the posterior.";
    for (name, got, want, hint) in [
        ("log p(x)", evidence, hidden.log_evidence(), sum_first),
        ("E log p(x, z)", energy, hidden.mean(log_q, &hidden.log_joint()), weigh),
        ("H(q)", entropy, hidden.entropy(log_q), entropy_hint),
        ("the gap", gap, hidden.gap(log_q), divide),
    ] {
        same(&format!("{case}: {name}"), got, want, hint)?;
    }
    let all = energy + entropy + gap;
    same(&format!("{case}: the bound and the gap"), all, evidence, "")
}

/// One form of the bound as its two terms, from the logarithms of prior, likelihood and q at each z.
pub type Form = fn(&[f64], &[f64], &[f64]) -> [f64; 2];

/// A name, log prior, log likelihood and log q, as lists that add up to one where they should.
type Lists = (&'static str, Vec<f64>, Vec<f64>, Vec<f64>);

fn three_models() -> [Lists; 3] {
    let seen = Conjugate { x: 1.2, noise: 0.7 }.hidden();
    let on_line = Gauss { mean: -0.4, sd: 0.5 }.on(&seen);
    let shift = seen.step.ln(); // a grid's densities as probabilities
    [
        (
            "a die",
            [0.5f64, 0.3, 0.2].map(f64::ln).to_vec(),
            [0.1f64, 0.4, 0.7].map(f64::ln).to_vec(),
            [0.2f64, 0.5, 0.3].map(f64::ln).to_vec(),
        ),
        (
            "a coin with small likelihoods",
            vec![0.5f64.ln(); 2],
            vec![-801.0, -800.0],
            vec![0.9f64.ln(), 0.1f64.ln()],
        ),
        (
            "a grid of 2401 places",
            (&seen.log_prior + shift).to_vec(),
            seen.log_likelihood.to_vec(),
            (&on_line + shift).to_vec(),
        ),
    ]
}

/// What the three forms are made of: the two terms of each, and the sign of the second.
const FORMS: [(&str, [&str; 2], f64); 3] = [
    ("by_gap", ["log p(x)", "the gap"], -1.0),
    ("by_prior", ["the fit", "the cost"], -1.0),
    ("by_entropy", ["E log p(x, z)", "the entropy"], 1.0),
];

/// How each term is made.
const MADE: [[&str; 2]; 3] = [
    [
        "Take gaussian::log_sum_exp of log prior + log likelihood: e⁻⁸⁰⁰ is zero for a computer.",
        "It is Σ q (log q − log posterior), and log posterior = log prior + log likelihood − log p(x).",
    ],
    ["It is Σ q log p(x | z).", "It is Σ q (log q − log p(z))."],
    ["It is Σ q (log p(x | z) + log p(z)).", "It is −Σ q log q."],
];

/// The right terms of the three forms.
fn six_terms(prior: &[f64], likelihood: &[f64], q: &[f64]) -> [[f64; 2]; 3] {
    let mean =
        |f: &dyn Fn(usize) -> f64| (0..q.len()).map(|i| q[i].exp() * f(i)).sum::<f64>();
    let joint: Vec<f64> = prior.iter().zip(likelihood).map(|(p, l)| p + l).collect();
    let evidence = log_sum_exp(&joint);
    [
        [evidence, mean(&|i| q[i] - joint[i] + evidence)],
        [mean(&|i| likelihood[i]), mean(&|i| q[i] - prior[i])],
        [mean(&|i| joint[i]), -mean(&|i| q[i])],
    ]
}

/// `by_gap`, `by_prior`, `by_entropy` of (log prior, log likelihood, log q): the two terms of each form.
pub fn three_forms(by_gap: Form, by_prior: Form, by_entropy: Form) -> Verdict {
    verdict(|| {
        for (name, prior, likelihood, q) in three_models() {
            let want = six_terms(&prior, &likelihood, &q);
            for (form, f) in [by_gap, by_prior, by_entropy].into_iter().enumerate() {
                let (a, b, c) = (prior.clone(), likelihood.clone(), q.clone());
                let case = format!("{} on {name}", FORMS[form].0);
                let got = ask(FORMS[form].0, &case, move || f(&a, &b, &c))?;
                two_terms(&case, form, got, &want)?;
            }
        }
        Ok("Three functions, three models, six terms, and one number each time.".into())
    })
}

/// Fails unless `got` holds the two terms of this form, and not those of another.
fn two_terms(
    case: &str,
    form: usize,
    got: [f64; 2],
    want: &[[f64; 2]; 3],
) -> Result<(), Verdict> {
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-10 * (1.0 + b.abs());
    let (_, names, sign) = FORMS[form];
    let bound = want[1][0] - want[1][1];
    for (other, pair) in want.iter().enumerate() {
        must(
            other == form || !(near(got[0], pair[0]) && near(got[1], pair[1])),
            format!(
                "{case} gave the terms of {}. The bound is the same; this form splits it into {} and {}.",
                FORMS[other].0, names[0], names[1]
            ),
        )?;
    }
    for term in 0..2 {
        let hint = if near(got[term], -want[form][term]) {
            "Its sign is turned round; the check itself adds or subtracts the second."
        } else if near(got[0] + sign * got[1], bound) {
            "Together the two make the right bound, but they are not split where this form splits it."
        } else {
            ""
        };
        must(
            near(got[term], want[form][term]),
            format!(
                "{case}: {} is {:.6}, and yours is {:.6}. {hint} {}",
                names[term], want[form][term], got[term], MADE[form][term]
            ),
        )?;
    }
    Ok(())
}
