//! The checks of chapter 2's exercises.
mod later;

pub use later::{average, log_likelihood, petal_noise, reconstruct, rescale};

use super::{Verdict, ask, library, must, random, same, same_table, verdict};
use crate::data::{iris, wine};
use crate::em::{Stop, fit};
use crate::factor_analysis::{FactorAnalysis, ppca_log_likelihood, varimax_criterion};
use crate::gaussian::{Moments, log_normal, log_sum_exp};
use crate::linalg::{eigen_symmetric, projector};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis, array, s};

/// The wines, each column with mean zero and variance one.
fn wine_rows() -> Result<Array2<f64>, Verdict> {
    let m = Moments::of(wine().x.view()).map_err(library)?;
    Ok((&wine().x - &m.mean) / m.covariance.diag().mapv(f64::sqrt))
}

fn moments(x: &Array2<f64>) -> Result<Moments, Verdict> {
    Moments::of(x.view()).map_err(library)
}

/// The wines' factor analysis with two factors.
fn wine_fit() -> Result<FactorAnalysis, Verdict> {
    let data = moments(&wine_rows()?)?;
    let start = FactorAnalysis::start(&data, 2).map_err(library)?;
    let stop = Stop { steps: 500, gain: f64::NEG_INFINITY };
    Ok(fit(start, &data, stop).map_err(library)?.model)
}

/// A model with numbers of no meaning, of mean zero.
fn some_model(d: usize, l: usize, seed: u64) -> Result<FactorAnalysis, Verdict> {
    let psi = random(1, d, seed + 500).row(0).mapv(|v| 1.2 + v);
    FactorAnalysis::new(Array1::zeros(d), random(d, l, seed), psi).map_err(library)
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * (1.0 + b.abs())
}

/// log Σ over a grid of z of p(x | z) p(z), which is the integral to rounding.
fn by_quadrature(x: &Array1<f64>, w: &Array1<f64>, psi: &Array1<f64>) -> f64 {
    let term = |i: i32| {
        let z = f64::from(i) / 50.0;
        let likelihood: f64 =
            (0..x.len()).map(|j| log_normal(x[j], w[j] * z, psi[j].sqrt())).sum();
        likelihood + log_normal(z, 0.0, 1.0)
    };
    log_sum_exp(&(-600..=600).map(term).collect::<Vec<_>>()) - 50f64.ln()
}

/// A function of a row, the loadings and the noise variances of one factor.
type OneFactor = fn(ArrayView1<f64>, ArrayView1<f64>, ArrayView1<f64>) -> f64;

/// `log_marginal(x, w, ψ)`: log N(x | 0, wwᵀ + Ψ) for one factor.
pub fn log_marginal(f: OneFactor) -> Verdict {
    verdict(|| {
        for (d, seed) in [(1, 1), (3, 2), (6, 3)] {
            let model = some_model(d, 1, seed)?;
            let (w, psi) = (model.w.column(0).to_owned(), model.psi);
            let x = random(1, d, seed + 50).row(0).mapv(|v| 2.0 * v);
            let want = by_quadrature(&x, &w, &psi);
            let log_m = (1.0 + (&w * &w / &psi).sum()).ln();
            let own: f64 = (0..d).map(|j| log_normal(x[j], 0.0, psi[j].sqrt())).sum();
            let case = format!("{d} columns: log_marginal(x, w, ψ)");
            let got = ask("log_marginal", &case, move || f(x.view(), w.view(), psi.view()))?;
            let hint = if near(got, own) {
                "That is p(x | z = 0): the factor has not been averaged out."
            } else if near(got, want + 0.5 * log_m) {
                "The determinant of C is that of Ψ times 1 + wᵀΨ⁻¹w."
            } else if near(got, -want) {
                "The sign is turned round."
            } else if near(got.ln(), want) {
                "That is the density; give its logarithm."
            } else {
                "A sum over a fine grid of z says so. The mean is 0 and the covariance wwᵀ + Ψ."
            };
            same(&case, got, want, hint)?;
        }
        Ok("It agrees with the integral over z, and no integral was taken.".into())
    })
}

/// Ŵ and μ̂ from W, μ, μ₀ and Σ₀.
type Absorb = fn(
    ArrayView2<f64>,
    ArrayView1<f64>,
    ArrayView1<f64>,
    ArrayView2<f64>,
) -> (Array2<f64>, Array1<f64>);

/// `absorb(W, μ, μ₀, Σ₀)`: loadings and mean that do the same with the prior N(0, I).
pub fn absorb(f: Absorb) -> Verdict {
    verdict(|| {
        let w = array![[1.0, 0.5], [0.2, -1.0], [0.7, 0.3]];
        let (mean, prior) = (array![0.1, 0.2, 0.3], array![0.5, -1.0]);
        for sigma in [array![[2.0, 0.6], [0.6, 1.0]], array![[4.0, 0.0], [0.0, 0.25]]] {
            let case = "absorb(W, μ, μ₀, Σ₀)";
            let (a, b, c, d) = (w.clone(), mean.clone(), prior.clone(), sigma.clone());
            let (got, middle) =
                ask("absorb", case, move || f(a.view(), b.view(), c.view(), d.view()))?;
            let want = w.dot(&sigma).dot(&w.t());
            let minors =
                array![[sigma[[1, 1]], -sigma[[0, 1]]], [-sigma[[1, 0]], sigma[[0, 0]]]];
            let inverse = minors / (sigma[[0, 0]] * sigma[[1, 1]] - sigma[[0, 1]].powi(2));
            let other = w.dot(&inverse).dot(&w.t());
            let made = got.dot(&got.t());
            let as_other = made.dim() == other.dim()
                && made.iter().zip(&other).all(|(a, b)| near(*a, *b));
            let hint = if as_other {
                "The exponent of Σ₀ has the wrong sign: that is WΣ₀⁻¹Wᵀ."
            } else {
                "It should be WΣ₀Wᵀ, and you hold a root of Σ₀ for each side."
            };
            same_table(&format!("{case}: ŴŴᵀ"), &made, &want, hint)?;
            let want = w.dot(&prior) + &mean;
            must(middle.len() == 3, format!("{case}: μ̂ has {} entries.", middle.len()))?;
            for j in 0..3 {
                let hint = "The prior's mean goes through W, the old one, and is added.";
                same(&format!("{case}: μ̂[{j}]"), middle[j], want[j], hint)?;
            }
        }
        Ok("The plus a half it is. A prior of its own adds nothing that W and μ cannot do."
            .into())
    })
}

/// A mean and a covariance from x, W and ψ.
type Infer =
    fn(ArrayView1<f64>, ArrayView2<f64>, ArrayView1<f64>) -> (Array1<f64>, Array2<f64>);

/// `posterior(x, W, ψ)` for two factors: m and G.
pub fn posterior(f: Infer) -> Verdict {
    verdict(|| {
        let x = wine_rows()?;
        for (name, model) in [("wine", wine_fit()?), ("another model", some_model(13, 2, 4)?)]
        {
            let found = model.posterior(x.view()).map_err(library)?;
            for i in [0, 100] {
                let (row, w, psi) = (x.row(i).to_owned(), model.w.clone(), model.psi.clone());
                let case = format!("{name}, row {i}: posterior(x, W, ψ)");
                let (m, g) =
                    ask("posterior", &case, move || f(row.view(), w.view(), psi.view()))?;
                let hint =
                    "With no columns at all, the covariance must be that of the prior.";
                same_table(&format!("{case}: G"), &g, &found.covariance, hint)?;
                let (m, want) = (m.insert_axis(Axis(0)), found.mean.slice(s![i..i + 1, ..]));
                let hint = "The mean is G times WᵀΨ⁻¹x.";
                same_table(&format!("{case}: m"), &m, &want.to_owned(), hint)?;
            }
        }
        Ok("The first wine has m = (1.2505, 0.5430). Without the prior, a row of no columns would say that G is infinite.".into())
    })
}

/// `ppca(eigenvalues, rows, L)`: σ² and the log-likelihood of the best model.
pub fn ppca(f: fn(&[f64], f64, usize) -> (f64, f64)) -> Verdict {
    verdict(|| {
        for (name, x) in [("iris", iris().x.clone()), ("wine", wine_rows()?)] {
            let data = moments(&x)?;
            let values = eigen_symmetric(data.covariance.view()).map_err(library)?.values;
            for l in 1..=3 {
                let values = values.to_vec();
                let (d, n) = (values.len(), data.rows);
                let total = ppca_log_likelihood(n, &values, l).map_err(library)?;
                let left: f64 = values[l..].iter().sum();
                let case = format!("{name}, L = {l}: ppca(λ, N, L)");
                let (noise, got) = ask("ppca", &case, move || f(&values, n, l))?;
                let hint = if near(noise, left) {
                    "That is the sum of what is left over; σ² is the mean."
                } else if near(noise, left / d as f64) {
                    "The sum of the eigenvalues left over is shared by D − L directions, not by D."
                } else {
                    "σ² is the mean of the eigenvalues left over."
                };
                same(&format!("{case}: σ²"), noise, left / (d - l) as f64, hint)?;
                let hint = if near(got * n, total) {
                    "That is for one row; give the sum over all."
                } else {
                    "What do log|C| and tr C⁻¹S become when the eigenvalues of C are λ₁…λ_L, and σ² for the rest?"
                };
                same(&format!("{case}: the log-likelihood"), got, total, hint)?;
            }
        }
        Ok("Iris: −470.669458, −404.962780 and −379.914630 nats with 1, 2 and 3 factors. Wine with two: −2875.636260.".into())
    })
}

/// `varimax(W)`: two columns of loadings, turned to where the squares are most unequal.
pub fn varimax(f: fn(ArrayView2<f64>) -> Array2<f64>) -> Verdict {
    verdict(|| {
        let (sin, cos) = 0.7f64.sin_cos();
        let wine = wine_fit()?.w.dot(&array![[cos, -sin], [sin, cos]]);
        for (case, w) in
            [("wine: varimax(W)", wine), ("a random W: varimax(W)", random(9, 2, 6))]
        {
            let model = FactorAnalysis::new(
                Array1::zeros(w.nrows()),
                w.clone(),
                Array1::ones(w.nrows()),
            );
            let best = model.and_then(|m| m.varimax()).map_err(library)?.w;
            let top = varimax_criterion(best.view());
            let before = w.clone();
            let got = ask("varimax", case, move || f(w.view()))?;
            must(
                got.dim() == before.dim(),
                format!("{case} has shape {:?}, and W has {:?}.", got.dim(), before.dim()),
            )?;
            let (new, old) = (got.dot(&got.t()), before.dot(&before.t()));
            let hint =
                "A rotation leaves WWᵀ as it is; without that, the likelihood changes.";
            same_table(&format!("{case}: WWᵀ"), &new, &old, hint)?;
            let reached = varimax_criterion(got.view());
            must(
                reached > top - 1e-4 * top,
                format!(
                    "{case} reaches {reached:.6}, and {top:.6} is possible. The criterion repeats every 90 degrees: try many angles below that, or its formula."
                ),
            )?;
        }
        Ok("Turned for the eye, and not a nat likelier.".into())
    })
}
