//! The checks of the chapter's later sections: pixels, spikes, floors, limits.
use crate::check::{Verdict, ask, library, must, random, same, same_table, verdict};
use crate::data::{digits, iris};
use crate::em::{Em, Stop, fit};
use crate::linalg::eigen_symmetric;
use crate::mixture::{Bernoullis, Covariance, Gaussians, black_and_white, kmeans};
use ndarray::{Array1, Array2, ArrayView2, Axis, array, s};

/// `templates(x, θ)`: the templates after one step with uniform weights.
pub fn templates(f: fn(ArrayView2<f64>, ArrayView2<f64>) -> Array2<f64>) -> Verdict {
    verdict(|| {
        let x = black_and_white(digits().x.view(), &digits().class, &[2, 3, 4], 7.5);
        let theta = x.slice(s![..3, ..]).mapv(|x| 0.25 + 0.5 * x);
        let third = Array1::from_elem(3, 1.0 / 3.0);
        let start = Bernoullis::new(third, theta).map_err(library)?;
        let mut model = Bernoullis { learn_weights: false, ..start };
        for t in 1..=5 {
            let (rows, before) = (x.clone(), model.theta.clone());
            let case = format!("541 digits: templates, step {t}");
            let got = ask("templates", &case, move || f(rows.view(), before.view()))?;
            must(
                got.iter().all(|v| !v.is_nan()),
                format!(
                    "{case} gave NaN. A pixel that is always white has θ = 0, and 0 · log 0 counts as 0: keep θ and 1 − θ above 1e-300 inside the logarithm."
                ),
            )?;
            model = model.m_step(&x, &model.e_step(&x).map_err(library)?).map_err(library)?;
            must(
                (got.sum_axis(Axis(1)).sum() - x.sum()).abs() > 1e-6
                    || got.iter().all(|v| *v <= 1.0 + 1e-9),
                format!(
                    "{case}: these are sums of black pixels. Divide each template by its N_k."
                ),
            )?;
            unclipped(&case, &got, &model.theta)?;
            same_table(
                &case,
                &got,
                &model.theta,
                "Of the rows that component k accounts for, N_k in all, the share in which the pixel is black.",
            )?;
        }
        let stop = Stop { steps: 400, gain: 1e-9 };
        let end = fit(model, &x, stop).map_err(library)?;
        Ok(format!(
            "Five steps agree, and from here your walk ends at {:.4} nats.",
            end.nats()
        ))
    })
}

/// Fails for templates that are nearly right: those of somebody who keeps θ from 0 and 1 by a millionth.
fn unclipped(case: &str, got: &Array2<f64>, want: &Array2<f64>) -> Result<(), Verdict> {
    let off = super::apart(got, want);
    must(
        !(2e-9..1e-6).contains(&off),
        format!(
            "{case}: right to six digits, and off by {off:.0e}. Did you keep θ away from 0 and 1? Do so inside the logarithm only, and by no more than 1e-300."
        ),
    )
}

/// `smooth(black, rows, a)`: θ with pretended rows.
pub fn smooth(f: fn(f64, f64, f64) -> f64) -> Verdict {
    verdict(|| {
        let cases = [
            (0.0, 10.0, 1.0),
            (10.0, 10.0, 1.0),
            (3.5, 8.25, 0.5),
            (0.0, 0.0, 2.0),
            (2.0, 5.0, 1e9),
            (2.0, 5.0, 1e-12),
        ];
        for (black, rows, a) in cases {
            let case = format!("smooth({black}, {rows}, {a:e})");
            let got = ask("smooth", &case, move || f(black, rows, a))?;
            let hint = if (got - (black + a) / (rows + a)).abs() < 1e-12 {
                "With a black rows and a white ones there are 2a rows more, and not a."
            } else if (got - black / rows).abs() < 1e-12 {
                "That is the plain share. The pretended rows count too."
            } else {
                "Black ones over all, the pretended rows among them."
            };
            same(&case, got, (black + a) / (rows + 2.0 * a), hint)?;
        }
        Ok("From the plain share at a = 0 to grey at a = ∞; grey, too, where there are no rows.".into())
    })
}

/// The five points, with a component of standard deviation `sd` on the first.
fn spiked(sd: f64) -> Result<f64, Verdict> {
    let at =
        |x: f64, mean: f64, sd: f64| crate::gaussian::log_normal(x, mean, sd) + 0.5f64.ln();
    must(
        sd > 0.0 && sd.is_finite(),
        format!("a standard deviation of {sd} makes no density."),
    )?;
    let both =
        |x: f64| crate::gaussian::log_sum_exp(&[at(x, 0.0, sd), at(x, 2.0, 2f64.sqrt())]);
    Ok((0..5).map(|i| both(f64::from(i))).sum())
}

/// `spike(goal)`: a standard deviation that brings more than so many nats.
pub fn spike(f: fn(f64) -> f64) -> Verdict {
    verdict(|| {
        for goal in [-9.0, 0.0, 10.0, 100.0, 500.0] {
            let case = format!("spike({goal})");
            let sd = ask("spike", &case, move || f(goal))?;
            let nats = spiked(sd)?;
            must(
                nats > goal,
                format!(
                    "{case} gave s = {sd:e}, which brings {nats:.3} nats. The point under the spike earns −log s; what do the other four and the constants cost?"
                ),
            )?;
        }
        Ok("There is always a smaller s, so there is no largest likelihood. A program should refuse, or have a floor.".into())
    })
}

/// −log |Σ| − tr Σ⁻¹S.
fn objective(sigma: &Array2<f64>, s: &Array2<f64>) -> Result<f64, Verdict> {
    let l = crate::linalg::cholesky(sigma.view())
        .map_err(|e| Verdict::Fail(format!("lift gave no covariance: {e}.")))?;
    let half = crate::linalg::solve_lower(l.view(), s.view()).map_err(library)?;
    let whole = crate::linalg::solve_lower(l.view(), half.t()).map_err(library)?;
    Ok(-2.0 * crate::gaussian::half_log_det(&l) - whole.diag().sum())
}

/// A covariance equals its transpose.
fn symmetric(case: &str, got: &Array2<f64>) -> Result<(), Verdict> {
    let skew = (got - &got.t()).fold(0.0f64, |m, v| m.max(v.abs()));
    must(
        skew < 1e-9,
        format!(
            "{case}: a covariance is symmetric, and this one differs from its transpose by {skew:.2e}."
        ),
    )
}

/// `lift(S, floor)`: the best covariance with no variance below the floor.
pub fn lift(f: fn(ArrayView2<f64>, f64) -> Array2<f64>) -> Verdict {
    verdict(|| {
        let long = array![[1.0, 0.99], [0.99, 1.0]];
        let flat = array![[1.0, 1.0], [1.0, 1.0]];
        let a = random(4, 3, 2);
        for (case, s, floor) in [
            ("a long thin ellipse", long, 0.1),
            ("an ellipse without width", flat, 0.05),
            ("four columns of rank three", a.dot(&a.t()), 0.2),
            ("a round one, floor below it", Array2::eye(3), 0.1),
        ] {
            let given = s.clone();
            let got = ask("lift", case, move || f(given.view(), floor))?;
            must(
                got.dim() == s.dim(),
                format!("{case}: the shape is {:?}, and {:?} is right.", got.dim(), s.dim()),
            )?;
            symmetric(case, &got)?;
            let found = eigen_symmetric(got.view())
                .map_err(|e| Verdict::Fail(format!("{case}: {e}.")))?;
            let least = found.values.fold(f64::INFINITY, |m, v| m.min(*v));
            must(
                least > floor * (1.0 - 1e-9),
                format!(
                    "{case}: a variance of {least:.6} is below the floor of {floor}. The diagonal shows the variances of the columns; the smallest may lie along another direction."
                ),
            )?;
            let e = eigen_symmetric(s.view()).map_err(library)?;
            let best = (&e.vectors * &e.values.mapv(|v| v.max(floor))).dot(&e.vectors.t());
            let (mine, top) = (objective(&got, &s)?, objective(&best, &s)?);
            must(
                mine > top - 1e-9 * (1.0 + top.abs()),
                format!(
                    "{case}: no variance is below the floor, but the objective is {mine:.6}, and {top:.6} can be had. Large variances need no help: leave them as they are."
                ),
            )?;
        }
        Ok("Only the eigenvalues below the floor move, and only up to it.".into())
    })
}

/// `nearest(x, means, s)`: the shares of balls of one size.
pub fn nearest(f: fn(ArrayView2<f64>, ArrayView2<f64>, f64) -> Array2<f64>) -> Verdict {
    verdict(|| {
        let (x, mut means) = (iris().x.clone(), iris().x.select(Axis(0), &[0, 50, 100]));
        let asked = |means: &Array2<f64>, sd: f64| {
            let (rows, m) = (x.clone(), means.clone());
            ask("nearest", &format!("iris, s = {sd:e}"), move || f(rows.view(), m.view(), sd))
        };
        for sd in [2.0, 0.5] {
            let equal = Covariance::Spherical(Array1::from_elem(3, sd * sd));
            let model = Gaussians::new(Array1::from_elem(3, 1.0 / 3.0), means.clone(), equal)
                .map_err(library)?;
            let want = model.responsibilities(&x).map_err(library)?;
            same_table(
                &format!("iris, s = {sd}"),
                &asked(&means, sd)?,
                &want,
                "The odds are exp of the difference of −distance²/2s²; s is a standard deviation.",
            )?;
        }
        for _ in 0..30 {
            let r = asked(&means, 1e-9)?;
            must(
                r.iter().all(|v| v.is_finite()),
                "iris, s = 1e-9: the shares are not finite. Take the largest of −distance²/2s² out of each row before the exponential.",
            )?;
            means = r.t().dot(&x) / r.sum_axis(Axis(0)).insert_axis(Axis(1));
        }
        let (want, _) =
            kmeans(x.view(), x.select(Axis(0), &[0, 50, 100])).map_err(library)?;
        same_table(
            "iris, thirty steps at s = 1e-9: the means",
            &means,
            &want,
            "Each row should belong to its nearest mean.",
        )?;
        Ok("At s = 1e-9 every row is sure, and thirty steps of EM end where k-means ends."
            .into())
    })
}
