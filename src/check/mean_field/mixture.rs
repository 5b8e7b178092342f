//! The checks of the Bayesian mixture.
use crate::check::{Verdict, ask, library, must, same, same_table, verdict};
use crate::data::old_faithful;
use crate::em::Em;
use crate::gaussian::Moments;
use crate::mean_field::{Prior, Variational};
use crate::mixture::responsibilities;
use ndarray::{Array1, Array2, Axis, s};

/// Old Faithful, standardised, and six components at its first six rows.
fn six() -> Result<(Variational, Array2<f64>), Verdict> {
    let all = Moments::of(old_faithful().x.view()).map_err(library)?;
    let x = (&old_faithful().x - &all.mean) / all.covariance.diag().mapv(f64::sqrt);
    let prior = Prior::standard(2, 0.001).map_err(library)?;
    let places = x.slice(s![..6, ..]).to_owned();
    Ok((Variational::start(&x, &places, prior).map_err(library)?, x))
}

/// E log p(x, k) under q(π, μ, Λ), of shape (N, K).
type LogRho = fn(&Array2<f64>, &Variational) -> Array2<f64>;

/// q(π, μ, Λ) from rows and their shares.
type Counted = fn(&Array2<f64>, &Array2<f64>, &Prior) -> Variational;

/// The bound from log ρ, the shares and q(π, μ, Λ).
type Whole = fn(&Array2<f64>, &Array2<f64>, &Variational) -> f64;

fn column(v: &Array1<f64>) -> Array2<f64> {
    v.clone().insert_axis(Axis(1))
}

/// `log_rho`, `counted` and `whole`: the variational mixture and its bound.
pub fn pruned(log_rho: LogRho, counted: Counted, whole: Whole) -> Verdict {
    verdict(|| {
        let (mut model, x) = six()?;
        for step in 0..4 {
            let want = model.log_rho(&x).map_err(library)?;
            let (y, m) = (x.clone(), model.clone());
            let case = format!("step {step}: log_rho");
            let got = ask("pruned", &case, move || log_rho(&y, &m))?;
            same_table(&case, &got, &want, why_rho(&got, &want, &model))?;
            let r = responsibilities(want.clone()).r;
            let q = model.e_step(&x).map_err(library)?;
            let bound = model.elbo(&x, &q).map_err(library)?.nats();
            let (rho, shares, m) = (want.clone(), r.clone(), model.clone());
            let case = format!("step {step}: whole");
            let nats = ask("pruned", &case, move || whole(&rho, &shares, &m))?;
            same(
                &case,
                nats,
                bound,
                "Σ r (log ρ − log r), less both divergences; a share of zero adds nothing.",
            )?;
            even_shares(step, &want, &model, whole)?;
            let (y, shares, prior) = (x.clone(), r, model.prior.clone());
            let case = format!("step {step}: counted");
            let got = ask("pruned", &case, move || counted(&y, &shares, &prior))?;
            model = model.m_step(&x, &q).map_err(library)?;
            alike(&case, &got, &model)?;
        }
        finish(log_rho, counted, whole)
    })
}

/// The bound for shares that are nobody's best.
fn even_shares(
    step: usize,
    rho: &Array2<f64>,
    model: &Variational,
    whole: Whole,
) -> Result<(), Verdict> {
    let (n, k) = rho.dim();
    let even = Array2::from_elem((n, k), 1.0 / k as f64);
    let price = model.kl_weights() + model.kl_shapes().map_err(library)?;
    let want = rho.sum() / k as f64 + n as f64 * (k as f64).ln() - price;
    let (rho, model) = (rho.clone(), model.clone());
    let case = format!("step {step}: whole, for even shares");
    let nats = ask("pruned", &case, move || whole(&rho, &even, &model))?;
    same(
        &case,
        nats,
        want,
        "This is the bound for the shares that were given, not for the best ones.",
    )
}

/// What a wrong log ρ comes from.
fn why_rho(got: &Array2<f64>, want: &Array2<f64>, model: &Variational) -> &'static str {
    if got.dim() != want.dim() {
        return "A row for each row of x, a column for each component.";
    }
    let d = model.prior.mean.len() as f64;
    let off = got - want;
    let is = |each: Array1<f64>| (&off - &each).iter().all(|v| v.abs() < 1e-6);
    if is(0.5 * d / &model.beta) {
        "The mean is not known either: it adds −D/(2β)."
    } else if is(Array1::from_elem(model.alpha.len(), 0.5 * d * crate::gaussian::LN_2PI)) {
        "The constant −½ D log 2π is missing."
    } else {
        "E log π + ½ E log |Λ| − D/(2β) − ½ ν (x − m)ᵀW(x − m) − ½ D log 2π, with W the inverse of the scatter."
    }
}

fn alike(case: &str, got: &Variational, want: &Variational) -> Result<(), Verdict> {
    let lists = [
        ("alpha", &got.alpha, &want.alpha, "The prior's α, and the rows of the component."),
        ("beta", &got.beta, &want.beta, "The prior's β, and the rows of the component."),
        ("nu", &got.nu, &want.nu, "The prior's ν, and the rows of the component."),
    ];
    for (name, got, want, hint) in lists {
        same_table(&format!("{case}: {name}"), &column(got), &column(want), hint)?;
    }
    let hint = "(β₀m₀ + Σ r x) / β, so that nothing is divided by a count of zero.";
    same_table(&format!("{case}: the means"), &got.means, &want.means, hint)?;
    must(
        got.scatters.len() == want.scatters.len(),
        format!(
            "{case}: {} scatters for {} components.",
            got.scatters.len(),
            want.scatters.len()
        ),
    )?;
    for (got, want) in got.scatters.iter().zip(&want.scatters) {
        let hint = "W₀⁻¹ + Σ r xxᵀ + β₀m₀m₀ᵀ − βmmᵀ, or N_kS_k and the square of the step to the prior's mean.";
        same_table(&format!("{case}: a scatter"), got, want, hint)?;
    }
    Ok(())
}

/// The reader's own fit, to its end.
fn finish(log_rho: LogRho, counted: Counted, whole: Whole) -> Result<String, Verdict> {
    let (start, x) = six()?;
    let walk = move || {
        let (mut model, mut trace) = (start, vec![]);
        for _ in 0..220 {
            let rho = log_rho(&x, &model);
            let r = responsibilities(rho.clone()).r;
            trace.push(whole(&rho, &r, &model));
            model = counted(&x, &r, &model.prior);
        }
        (model.survivors(), trace)
    };
    let (alive, trace) = ask("pruned", "220 steps with your three functions", walk)?;
    let end = trace.last().copied().unwrap_or(f64::NAN);
    must(
        trace.iter().all(|t| t.is_finite()),
        "your own fit becomes NaN on the way: from the eighth step on some shares are exactly 0. Leave r log r out where r is 0, and divide by no count.",
    )?;
    must(
        trace.windows(2).all(|t| t[1] >= t[0] - 1e-9 * t[0].abs()),
        "your own fit falls on the way: the three functions do not belong to one bound.",
    )?;
    same("the end of 220 steps", end, -443.2978734510836, "Six components, two survivors.")?;
    Ok(format!(
        "It never falls, ends at {end:.6} nats, and {alive} of six components survive."
    ))
}

/// `choose(bounds)`: the best K, from the best bound for K = 1, 2, …
pub fn choose(f: fn(&[f64]) -> usize) -> Verdict {
    verdict(|| {
        let cases: [(&str, &[f64], usize, usize); 5] = [
            ("Old Faithful", &[-561.6748, -436.0473, -440.909, -445.3689], 2, 2),
            ("bounds that hardly fall", &[-100.0, -99.9, -100.5, -100.8], 4, 2),
            ("one component", &[-70.0, -80.0], 1, 1),
            ("two that hardly gain", &[-100.0, -100.8], 1, 1),
            ("two that hardly lose", &[-100.0, -100.5], 2, 1),
        ];
        for (case, bounds, want, bare) in cases {
            let got = ask("choose", case, move || f(bounds))?;
            let hint = if got == bare && bare != want {
                "You took the largest bound. The K components can be named in K! orders, each a copy of the same fit, and the bound sees one of them: add log K!, which is 0 for one component, log 2 for two and log 6 for three."
            } else if got.checked_add(1) == Some(want) {
                "bounds[0] belongs to K = 1."
            } else {
                "Add log K! to each bound, and take the largest."
            };
            must(
                got == want,
                format!("{case}, {bounds:?}: {got}, and {want} is right. {hint}"),
            )?;
        }
        Ok("Two for Old Faithful; and where bounds lie close, log K! decides.".into())
    })
}
