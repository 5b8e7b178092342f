//! Chapter 3's exercises: what a wrong answer is told, and the cells between the exercises.
use crate::elbo_set as set;
use crate::fails_with;
use latent::check::{Verdict, elbo as check};
use latent::prelude::*;

#[test]
fn the_other_cells_run() {
    set::look();
    set::play();
}

#[test]
fn the_bugs_are_as_wrong_as_their_texts_say() {
    let (m, s) = ([1.0, -2.0, 0.5], [0.5, 1.0, 2.0]);
    assert!((set::minus_kl::stub::minus_kl(&m, &s) - 3.75).abs() < 1e-12);
    assert!((set::minus_kl::solution::minus_kl(&m, &s) + 3.75).abs() < 1e-12);
    let (w, m, s) = ([0.7, 0.3], [0.2, 1.4], [0.6, 0.4]);
    let at = |z: f64| {
        set::log_mixture::stub::log_mixture(z, &w, &m, &s)
            - set::log_mixture::solution::log_mixture(z, &w, &m, &s)
    };
    // log q too large by 0.7 − log 0.7 on the left and 0.3 − log 0.3 on the right.
    assert!((at(-2.0) - (0.7 - f64::ln(0.7))).abs() < 0.01);
    assert!((at(2.0) - (0.3 - f64::ln(0.3))).abs() < 0.2);
}

#[test]
fn the_numbers_in_the_texts_are_right() {
    let kl = set::kl_normals::solution::kl_normals;
    assert_eq!(
        format!("{:.4} {:.4}", kl(0.0, 1.0, 1.0, 2.0), kl(1.0, 2.0, 0.0, 1.0)),
        "0.4431 1.3069"
    );
    let right = check::negative(|| [0.1, 0.1, 0.0]);
    assert!(matches!(&right, Verdict::Pass(text) if text.contains("-1.0371")), "{right}");
}

#[test]
fn a_wrong_answer_is_told_what_is_wrong() {
    fails_with(check::slack(|q, p| q * (q / p).ln()), "may be negative");
    fails_with(check::slack(|q, p| q * (q / p).ln() + 2.0 * (p + q)), "add up to zero");
    fails_with(check::slack(|q, p| q * (q / p).ln() + p - q), "0 log 0");
    let kl = set::kl_normals::solution::kl_normals;
    fails_with(check::kl_normals(|a, s, b, t| kl_twin(b, t, a, s)), "other direction");
    fails_with(check::kl_normals(|a, s, b, t| kl_twin(a, s, b, t) + 0.5), "a half of it");
    fails_with(
        check::kl_normals(|a, s, b, t| kl_twin(a, s, b, t) - 2.0 * (t / s).ln()),
        "wrong sign",
    );
    fails_with(
        check::kl_normals(|a, s, b, t| kl_twin(a, s.sqrt(), b, t.sqrt())),
        "standard deviations",
    );
    assert_eq!(kl_twin(0.3, 0.7, -1.0, 0.4), kl(0.3, 0.7, -1.0, 0.4));
    let terms = |joint, q| set::terms::solution::terms(joint, q);
    fails_with(check::terms(|_, _| [0.0; 4]), "then take the logarithm");
    fails_with(
        check::terms(|j, q| {
            let [a, b, c, d] = set::terms::solution::terms(j, q);
            [a, b, -c, d]
        }),
        "minus in front",
    );
    fails_with(
        check::terms(|j, q| {
            let [a, b, c, _] = set::terms::solution::terms(j, q);
            [a, b, c, -b - c]
        }),
        "Divide the joint by its sum",
    );
    assert!(terms([0.2, 0.1, 0.1], [0.5, 0.25, 0.25])[3].abs() < 1e-12);
    use set::three_forms::solution::{by_entropy, by_gap, by_prior};
    fails_with(
        check::three_forms(by_prior, by_prior, by_prior),
        "gave the terms of by_prior",
    );
    fails_with(check::three_forms(by_gap, by_entropy, by_entropy), "the terms of by_entropy");
    fails_with(check::three_forms(by_gap, by_prior, by_gap), "E log p(x, z) and the entropy");
    fails_with(
        check::three_forms(
            |p, l, q| {
                let sum: f64 = p.iter().zip(l).map(|(a, b)| (a + b).exp()).sum();
                let gap: f64 =
                    (0..q.len()).map(|i| q[i].exp() * (q[i] - p[i] - l[i] + sum.ln())).sum();
                [sum.ln(), gap]
            },
            by_prior,
            by_entropy,
        ),
        "log_sum_exp",
    );
    fails_with(
        check::three_forms(by_gap, |_, l, q| by_prior(l, l, q), by_entropy),
        "by_prior on a die: the cost",
    );
    fails_with(
        check::three_forms(by_gap, by_prior, |p, l, q| {
            let [energy, entropy] = by_entropy(p, l, q);
            [energy, -entropy]
        }),
        "turned round",
    );
    fails_with(
        check::three_forms(
            |p, l, q| {
                let [fit, cost] = by_prior(p, l, q);
                [fit - cost, 0.0]
            },
            by_prior,
            by_entropy,
        ),
        "not split where",
    );
    use set::which_form::solution::{by_draws, which};
    fails_with(check::which_form(|| [1, 3, 3], by_draws), "knows H(q)");
    fails_with(check::which_form(|| [2, 2, 3], by_draws), "knows the divergence");
    fails_with(check::which_form(|| [1, 2, 2], by_draws), "at a draw");
    fails_with(
        check::which_form(which, |j, q| by_draws(j, q) * q.len() as f64),
        "number of draws",
    );
    fails_with(check::which_form(which, |j, q| -by_draws(j, q)), "turned round");
    fails_with(
        check::which_form(which, |j, q| {
            (0..q.len()).map(|i| q[i].exp() * (j[i] - q[i])).sum()
        }),
        "plain mean",
    );
    fails_with(check::log_mixture(set::log_mixture::stub::log_mixture), "has area");
    fails_with(
        check::log_mixture(|z, w, m, s| {
            let each = (0..w.len()).map(|k| w[k] * gaussian::log_normal(z, m[k], s[k]).exp());
            each.sum::<f64>().ln()
        }),
        "log_sum_exp",
    );
    fails_with(check::negative(|| [1.0, 1.0, 0.0]), "not negative");
    fails_with(check::negative(|| [0.1, -0.1, 0.0]), "standard deviations");
    fails_with(
        check::spoiled(|p, entry, value| {
            let mut q = p.to_vec();
            q[entry] = value;
            (q, 0.0)
        }),
        "share 1 − value",
    );
    fails_with(
        check::spoiled(|p, entry, value| {
            let mut q = p.to_vec();
            q[entry] = value;
            let sum: f64 = q.iter().sum();
            (q.iter().map(|v| v / sum).collect(), 0.0)
        }),
        "Set the entry itself",
    );
    fails_with(
        check::spoiled(|p, entry, value| {
            let (q, _) = set::spoiled::solution::spoiled(p, entry, value);
            let back = elbo::kl(p, &q).unwrap();
            (q, back)
        }),
        "other direction",
    );
    fails_with(
        check::jensen_gap(|w| -set::jensen_gap::solution::jensen_gap(w)),
        "other way round",
    );
    fails_with(
        check::jensen_gap(|w| {
            gaussian::log_sum_exp(w) - w.iter().sum::<f64>() / w.len() as f64
        }),
        "divides by the number",
    );
    fails_with(
        check::jensen_gap(|w| {
            let n = w.len() as f64;
            (w.iter().map(|v| v.exp()).sum::<f64>() / n).ln() - w.iter().sum::<f64>() / n
        }),
        "900",
    );
    fails_with(check::minus_kl(set::minus_kl::stub::minus_kl), "never positive");
    fails_with(
        check::minus_kl(|m, s| elbo::kl_to_standard(m, s) - 100.0),
        "Which of the two",
    );
}

/// The divergence once more, for closures that are function pointers.
fn kl_twin(m0: f64, s0: f64, m1: f64, s1: f64) -> f64 {
    set::kl_normals::solution::kl_normals(m0, s0, m1, s1)
}
