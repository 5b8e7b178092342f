//! Chapter 2's exercises: what a wrong answer is told, and the cells between the exercises.
use crate::factor_analysis_set as set;
use crate::fails_with;
use latent::check::factor_analysis as check;
use latent::prelude::*;

/// What the exercise on the posterior asks for.
type Infer =
    fn(ArrayView1<f64>, ArrayView2<f64>, ArrayView1<f64>) -> (Array1<f64>, Array2<f64>);

#[test]
fn the_other_cells_run() {
    set::look();
    set::play();
}

fn wine() -> (Array2<f64>, FactorAnalysis) {
    let m = Moments::of(data::wine().x.view()).unwrap();
    let x = (&data::wine().x - &m.mean) / m.covariance.diag().mapv(f64::sqrt);
    let data = Moments::of(x.view()).unwrap();
    let stop = Stop { steps: 500, gain: f64::NEG_INFINITY };
    let model = em::fit(FactorAnalysis::start(&data, 2).unwrap(), &data, stop).unwrap().model;
    (x, model)
}

#[test]
fn the_bugs_do_what_their_texts_say() {
    let (x, model) = wine();
    let first = |f: Infer| f(x.row(0), model.w.view(), model.psi.view()).0[0];
    assert_eq!(format!("{:.2}", first(set::posterior::stub::posterior)), "1.31");
    assert_eq!(format!("{:.2}", first(set::posterior::solution::posterior)), "1.25");
    let one = model.w.slice(s![..1, ..]);
    let single =
        set::posterior::stub::posterior(x.slice(s![0, ..1]), one, model.psi.slice(s![..1]));
    assert!(!single.1[[0, 0]].is_finite() || single.1[[0, 0]].abs() > 1e12);

    use set::log_likelihood::{solution, stub};
    let w = model.w.column(0);
    let total = |f: fn(ArrayView2<f64>, ArrayView1<f64>, ArrayView1<f64>) -> f64,
                 rows: ArrayView2<f64>| f(rows, w, model.psi.view());
    let (a, b) = (x.slice(s![..1, ..]), x.slice(s![1..2, ..]));
    let wrong = total(stub::log_likelihood, a) - total(stub::log_likelihood, b);
    let right = total(solution::log_likelihood, a) - total(solution::log_likelihood, b);
    assert!((wrong - right).abs() < 1e-12 * (1.0 + right.abs()), "{wrong} {right}");
    // One column, no loading: the bug takes the root of the best variance.
    let column = Array2::from_elem((1, 1), 3.0);
    let score = |psi: f64| {
        stub::log_likelihood(column.view(), array![0.0].view(), array![psi].view())
    };
    assert!([1.0, 2.9, 3.1, 9.0].iter().all(|v| score(*v) < score(3.0)));
}

#[test]
fn a_wrong_answer_is_told_what_is_wrong() {
    use set::*;
    fails_with(
        check::log_marginal(|x, _, psi| {
            x.iter().zip(psi).map(|(x, p)| gaussian::log_normal(*x, 0.0, p.sqrt())).sum()
        }),
        "not been averaged out",
    );
    fails_with(
        check::log_marginal(|x, w, psi| {
            log_marginal::solution::log_marginal(x, w, psi)
                + 0.5 * (1.0 + (&w * &w / psi).sum()).ln()
        }),
        "1 + wᵀΨ⁻¹w",
    );
    fails_with(
        check::log_marginal(|x, w, p| -log_marginal::solution::log_marginal(x, w, p)),
        "turned round",
    );
    fails_with(
        check::log_marginal(|x, w, p| log_marginal::solution::log_marginal(x, w, p).exp()),
        "give its logarithm",
    );
    fails_with(
        check::absorb(|w, mean, mu0, sigma0| {
            let found = linalg::eigen_symmetric(sigma0).unwrap();
            let root =
                (&found.vectors / &found.values.mapv(f64::sqrt)).dot(&found.vectors.t());
            (w.dot(&root), w.dot(&mu0) + mean)
        }),
        "wrong sign",
    );
    fails_with(
        check::absorb(|w, mean, mu0, sigma0| (w.dot(&sigma0), w.dot(&mu0) + mean)),
        "a root of Σ₀ for each side",
    );
    fails_with(
        check::absorb(|w, mean, _, sigma0| {
            (w.dot(&linalg::cholesky(sigma0).unwrap()), mean.to_owned())
        }),
        "goes through W",
    );
    fails_with(check::posterior(posterior::stub::posterior), "that of the prior");
    fails_with(
        check::posterior(|x, w, psi| {
            let (m, g) = posterior::solution::posterior(x, w, psi);
            (m * 2.0, g)
        }),
        "G times WᵀΨ⁻¹x",
    );
    fails_with(check::ppca(|v, _, l| (v[l..].iter().sum(), 0.0)), "σ² is the mean");
    fails_with(
        check::ppca(|v, _, l| (v[l..].iter().sum::<f64>() / v.len() as f64, 0.0)),
        "not by D",
    );
    fails_with(
        check::ppca(|v, n, l| {
            let (noise, total) = ppca::solution::ppca(v, n, l);
            (noise, total / n)
        }),
        "for one row",
    );
    fails_with(check::varimax(|w| w.to_owned()), "is possible");
    fails_with(check::varimax(|w| w.mapv(f64::abs)), "leaves WWᵀ");
    fails_with(check::varimax(|w| w.t().to_owned()), "shape");
    fails_with(
        check::rescale(|w, psi, j, c| {
            let (w, mut p) = (rescale::solution::rescale(w, psi, j, c).0, psi.to_owned());
            p[j] *= c;
            (w, p)
        }),
        "ψ is a variance",
    );
    fails_with(check::rescale(|w, psi, _, c| (&w * c, psi.to_owned())), "Only the row");
    fails_with(check::reconstruct(|x, u, _, _| u.dot(&u.t().dot(&x))), "the limit");
    fails_with(
        check::reconstruct(|x, u, v, noise| {
            u.dot(&(u.t().dot(&x) / v.mapv(|v| 1.0 + noise / v)))
        }),
        "one direction at a time",
    );
    fails_with(
        check::petal_noise(|n| petal_noise::solution::petal_noise(n)[..n].to_vec()),
        "One before the first step",
    );
    fails_with(
        check::petal_noise(|n| vec![petal_noise::solution::petal_noise(0)[0]; n + 1]),
        "where the last one ended",
    );
    fails_with(
        check::average(|w, psi, s| {
            let full = average::solution::average(w, psi, s);
            full - posterior::solution::posterior(psi, w, psi).1
        }),
        "covariance of the means",
    );
    fails_with(
        check::average(|w, psi, _| posterior::solution::posterior(psi, w, psi).1),
        "differ from row to row",
    );
    fails_with(
        check::log_likelihood(log_likelihood::stub::log_likelihood),
        "depends on ψ alone",
    );
    fails_with(
        check::log_likelihood(|x, w, psi| {
            let half = 0.5 * x.nrows() as f64 * psi.mapv(f64::ln).sum();
            log_likelihood::solution::log_likelihood(x, w, psi) + half
        }),
        "is missing",
    );
}
