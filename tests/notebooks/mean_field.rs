//! Chapter 6's exercises: what a wrong answer is told, and the cells between the exercises.
use crate::fails_with;
use crate::mean_field_set as set;
use latent::check::{Verdict, mean_field as check};
use latent::elbo::Gauss;
use latent::prelude::*;

#[test]
fn the_other_cells_of_chapter_6_run() {
    set::look();
    set::play();
}

fn passes_with(verdict: Verdict, words: &str) {
    assert!(matches!(&verdict, Verdict::Pass(text) if text.contains(words)), "{verdict}");
}

#[test]
fn the_bugs_do_what_their_texts_say() {
    fails_with(check::update(set::averaged::stub::averaged), "the logarithm of the mean");
    fails_with(check::bound(set::bound::stub::bound), "gave -186.18");
    fails_with(check::bound(set::bound::stub::bound), "0.9189");
    passes_with(check::normal(set::normal::solution::normal), "-436.130390");
    passes_with(
        check::pruned(
            set::pruned::solution::log_rho,
            set::pruned::solution::counted,
            set::pruned::solution::whole,
        ),
        "-443.297873",
    );
    passes_with(check::forward(set::forward::solution::forward), "0.386095");
    passes_with(check::three(set::three::solution::three), "0.356646, 1.203875 and 2.1785");
}

#[test]
fn a_wrong_answer_of_chapter_6_is_told_what_is_wrong() {
    fails_with(check::update(|p, _| Array1::ones(p.nrows())), "Divide by the sum");
    fails_with(check::update(|p, _| Array1::ones(p.nrows() + 1)), "rows are z₁");
    fails_with(
        check::update(|p, _| {
            let q = p.mapv(f64::exp).sum_axis(Axis(1));
            &q / q.sum()
        }),
        "exact marginal",
    );
    fails_with(
        check::update(|p, _| {
            let q = p.sum_axis(Axis(1)).mapv(f64::exp);
            &q / q.sum()
        }),
        "not weighted",
    );
    fails_with(
        check::update(|p, _| Array1::from_elem(p.nrows(), 1.0 / p.nrows() as f64)),
        "then the exponential",
    );
    let left = set::sweep::solution::left;
    let sweep = set::sweep::solution::sweep;
    fails_with(check::sweep(|r, m| [r * m[1], r * m[0]], left), "one factor at a time");
    fails_with(check::sweep(|_, m| m, left), "Λ₁₂");
    fails_with(check::sweep(sweep, |r| 0.5 * (1.0 - r * r).ln()), "not negative");
    fails_with(check::sweep(sweep, |r| r), "1 − ρ²");
    fails_with(
        check::forward(|s| {
            let l = linalg::cholesky(s).unwrap();
            let half = linalg::solve_lower(l.view(), Array2::eye(s.nrows()).view()).unwrap();
            (half.t().dot(&half).diag().mapv(f64::recip), 0.0)
        }),
        "matches moments",
    );
    fails_with(check::forward(|s| (s.diag().to_owned(), 0.0)), "log determinants");
    fails_with(check::forward(|s| (Array1::ones(s.nrows()), 0.83)), "log determinants");
    let refute = set::refute::solution::refute;
    fails_with(check::refute(|_| (0.3, 0.0)), "Update q₁ last");
    fails_with(check::refute(|_| (0.0, 0.0)), "from its own target");
    fails_with(check::refute(|_| (0.0, 7.0)), "after 50 sweeps");
    assert!(refute(array![[0.1f64.ln()]].view()).1.abs() < 1e-12);
    fails_with(
        check::refute(|p| {
            let (own, gap) = set::refute::solution::refute(p);
            (own, gap - gaussian::log_sum_exp(&p.iter().copied().collect::<Vec<_>>()))
        }),
        "minus the bound",
    );
    let right = set::normal::solution::normal;
    assert_eq!(right(&[1.0], [0.0, 1.0, 1.0, 1.0], 1.0)[0], 0.5);
    fails_with(check::normal(|x, _, _| [x[0]; 4]), "(λm + Σx)/(λ + N)");
    fails_with(
        check::normal(|x, p, t| {
            let mut q = set::normal::solution::normal(x, p, t);
            q[1] /= t;
            q
        }),
        "with the E τ",
    );
    fails_with(
        check::normal(|x, p, t| {
            let mut q = set::normal::solution::normal(x, p, t);
            q[2] -= 0.5;
            q
        }),
        "½ more",
    );
    fails_with(
        check::normal(|x, p, t| {
            let mut q = set::normal::solution::normal(x, p, t);
            q[3] -= 0.5 * (x.len() as f64 + p[1]) / q[1];
            q
        }),
        "variance of μ",
    );
    fails_with(check::bound(|_, _, _| -1e4), "Every constant");
    wrong_mixtures();
    fails_with(
        check::choose(|b| {
            (1..=b.len()).max_by(|i, j| b[i - 1].total_cmp(&b[j - 1])).unwrap()
        }),
        "K! orders",
    );
    fails_with(check::choose(|b| set::choose::solution::choose(b) - 1), "K = 1");
    fails_with(check::choose(|_| 9), "take the largest");
    fails_with(check::ascend(|_, _| (0.0, 1e-9)), "entropy is missing");
    fails_with(check::ascend(|_, _| (1.5, 0.5)), "below the best Gaussian");
    fails_with(check::three(|_| vec![]), "asks for three");
    fails_with(
        check::three(|_| vec![Gauss { mean: 0.0, sd: 1.0 }; 3]),
        "still has the slopes",
    );
    fails_with(check::three(|_| vec![Gauss { mean: 0.0, sd: 99.0 }; 3]), "off the grid");
    fails_with(
        check::three(|p| vec![p.reverse(Gauss { mean: -3.0, sd: 0.7 }).unwrap().0; 3]),
        "two of them are one place",
    );
}

fn wrong_mixtures() {
    use set::pruned::solution::{counted, log_rho, whole};
    fails_with(
        check::pruned(|x, _| Array2::zeros((x.nrows(), 1)), counted, whole),
        "a column for each component",
    );
    fails_with(
        check::pruned(|x, m| log_rho(x, m) + &(1.0 / &m.beta), counted, whole),
        "−D/(2β)",
    );
    fails_with(
        check::pruned(|x, m| log_rho(x, m) + gaussian::LN_2PI, counted, whole),
        "−½ D log 2π is missing",
    );
    fails_with(check::pruned(|x, m| 2.0 * log_rho(x, m), counted, whole), "E log π + ½");
    fails_with(
        check::pruned(log_rho, counted, |l, r, m| whole(l, r, m) + m.kl_weights()),
        "less both divergences",
    );
    fails_with(
        check::pruned(
            log_rho,
            |x, r, p| {
                let mut m = counted(x, r, p);
                m.alpha += 1.0;
                m
            },
            whole,
        ),
        "The prior's α",
    );
    fails_with(
        check::pruned(
            log_rho,
            |x, r, p| {
                let mut m = counted(x, r, p);
                m.means *= 1.1;
                m
            },
            whole,
        ),
        "divided by a count of zero",
    );
    fails_with(
        check::pruned(
            log_rho,
            |x, r, p| {
                let mut m = counted(x, r, p);
                m.scatters.pop();
                m
            },
            whole,
        ),
        "5 scatters for 6",
    );
    fails_with(
        check::pruned(
            log_rho,
            |x, r, p| {
                let mut m = counted(x, r, p);
                for s in &mut m.scatters {
                    *s *= 2.0;
                }
                m
            },
            whole,
        ),
        "βmmᵀ",
    );
}
