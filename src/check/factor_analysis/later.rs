//! The checks of the chapter's later exercises: units, limits, and what goes wrong.
use super::*;

/// W and ψ after a change of unit.
type Rescale = fn(ArrayView2<f64>, ArrayView1<f64>, usize, f64) -> (Array2<f64>, Array1<f64>);

/// `rescale(W, ψ, column, factor)`: the same model after that column was multiplied.
pub fn rescale(f: Rescale) -> Verdict {
    verdict(|| {
        let (x, model) = (wine_rows()?, wine_fit()?);
        for (column, factor) in [(0, 100.0), (6, -0.5), (12, 1000.0)] {
            let case = format!("rescale(W, ψ, {column}, {factor})");
            let (w, psi) = (model.w.clone(), model.psi.clone());
            let (w, psi) =
                ask("rescale", &case, move || f(w.view(), psi.view(), column, factor))?;
            must(
                w.dim() == (13, 2) && psi.len() == 13,
                format!("{case} gave {:?} loadings and {} variances.", w.dim(), psi.len()),
            )?;
            let mut want = model.w.clone();
            want.row_mut(column).mapv_inplace(|v| v * factor);
            let hint = "Only the row of that column changes, and it has the column's unit.";
            same_table(&format!("{case}: W"), &w, &want, hint)?;
            let hint = if near(psi[column], model.psi[column] * factor) {
                "ψ is a variance: what happens to its unit?"
            } else {
                "Only the ψ of that column changes."
            };
            for j in 0..13 {
                let by = if j == column { factor * factor } else { 1.0 };
                same(&format!("{case}: ψ[{j}]"), psi[j], model.psi[j] * by, hint)?;
            }
        }
        let mut scaled = x;
        scaled.column_mut(12).mapv_inplace(|v| v * 100.0);
        let found = eigen_symmetric(moments(&scaled)?.covariance.view()).map_err(library)?;
        Ok(format!(
            "With proline in units a hundredth as large, PCA's first direction has {:.5} of it; factor analysis has the model that you wrote down.",
            found.vectors[[12, 0]].abs()
        ))
    })
}

/// A point in data space from a centred row, U, λ and σ².
type Reconstruct = fn(ArrayView1<f64>, ArrayView2<f64>, ArrayView1<f64>, f64) -> Array1<f64>;

/// `reconstruct(x, U, λ, σ²)`: W times the posterior mean, for the best W at that noise.
pub fn reconstruct(f: Reconstruct) -> Verdict {
    verdict(|| {
        let x = wine_rows()?;
        let data = moments(&x)?;
        let found = eigen_symmetric(data.covariance.view()).map_err(library)?;
        let u = found.vectors.slice(s![.., ..2]).to_owned();
        let foot = x.row(0).dot(&projector(u.view()).map_err(library)?);
        let (mut gaps, noises) = (vec![], [0.5, 0.05, 0.005]);
        for noise in noises {
            let model = FactorAnalysis::ppca_at(&data, 2, noise).map_err(library)?;
            let want =
                model.posterior(x.view()).map_err(library)?.mean.row(0).dot(&model.w.t());
            let (row, v) = (x.row(0).to_owned(), u.clone());
            let values = found.values.slice(s![..2]).to_owned();
            let case = format!("σ² = {noise}: reconstruct(x, U, λ, σ²)");
            let got = ask("reconstruct", &case, move || {
                f(row.view(), v.view(), values.view(), noise)
            })?;
            must(
                got.len() == 13,
                format!("{case} has {} entries, and x has 13.", got.len()),
            )?;
            let plain = got.iter().zip(&foot).all(|(a, b)| near(*a, *b));
            let hint = if plain {
                "That is PCA's projection, the limit. How much is thought to be noise?"
            } else {
                "Compare your row with PCA's projection, one direction at a time: by what is each multiplied, σ² and λ given?"
            };
            for j in 0..13 {
                same(&format!("{case}, entry {j}"), got[j], want[j], hint)?;
            }
            gaps.push((&got - &foot).mapv(|v| v * v).sum().sqrt());
        }
        let slope = (gaps[0] / gaps[2]).ln() / (noises[0] / noises[2]).ln();
        Ok(format!("The distance to PCA's projection falls with slope {slope:.4} in log σ²."))
    })
}

/// `petal_noise(steps)`: ψ of petal length on iris with one factor, before the first step and after each.
pub fn petal_noise(f: fn(usize) -> Vec<f64>) -> Verdict {
    verdict(|| {
        let data = moments(&iris().x)?;
        let mut model = FactorAnalysis::start(&data, 1).map_err(library)?;
        let mut want = vec![model.psi[2]];
        for _ in 0..200 {
            model = fit(model, &data, Stop { steps: 1, gain: f64::NEG_INFINITY })
                .map_err(library)?
                .model;
            want.push(model.psi[2]);
        }
        for steps in [0, 5, 200] {
            let case = format!("petal_noise({steps})");
            let got = ask("petal_noise", &case, move || f(steps))?;
            must(
                got.len() == steps + 1,
                format!(
                    "{case} has {} numbers. One before the first step and one after each make {}.",
                    got.len(),
                    steps + 1
                ),
            )?;
            for (i, v) in got.iter().enumerate() {
                let hint =
                    "Column 2 is petal length. Each step begins where the last one ended.";
                same(&format!("{case}, entry {i}"), *v, want[i], hint)?;
            }
        }
        let falls = want.windows(2).all(|w| w[1] < w[0]);
        let total = model.log_likelihood(&data).map_err(library)?;
        must(falls && total < -422.37, "the check itself failed: it no longer falls")?;
        Ok(format!(
            "It falls at every step, to {:.5} after 200, and the log-likelihood {total:.3} stays below the ceiling.",
            want[200]
        ))
    })
}

/// A matrix from W, ψ and S.
type Average = fn(ArrayView2<f64>, ArrayView1<f64>, ArrayView2<f64>) -> Array2<f64>;

/// `average(W, ψ, S)`: the covariance of z under the mean of all posteriors.
pub fn average(f: Average) -> Verdict {
    verdict(|| {
        let data = moments(&wine_rows()?)?;
        let best = FactorAnalysis::ppca(&data, 2).map_err(library)?;
        let mut loud = wine_fit()?;
        loud.w *= 2.0;
        let mut off = 0.0f64;
        for (name, model) in [
            ("some model", some_model(13, 2, 9)?),
            ("W doubled", loud),
            ("the best PPCA", best),
        ] {
            let want = model.aggregate(&data).map_err(library)?;
            let g = model.gain().map_err(library)?.1;
            let (w, psi, s) = (model.w.clone(), model.psi.clone(), data.covariance.clone());
            let case = format!("{name}: average(W, ψ, S)");
            let got = ask("average", &case, move || f(w.view(), psi.view(), s.view()))?;
            let is = |m: &Array2<f64>| {
                got.dim() == m.dim() && got.iter().zip(m).all(|(a, b)| near(*a, *b))
            };
            let hint = if is(&(&want - &g)) {
                "That is the covariance of the means. Each posterior has a width as well."
            } else if is(&g) {
                "That is the width of each posterior. Their means differ from row to row as well."
            } else {
                "The covariance of a mixture has two parts: how wide each piece is, and how far apart they lie. Which is off?"
            };
            same_table(&case, &got, &want, hint)?;
            if name == "W doubled" {
                off = (&want - &Array2::<f64>::eye(2)).fold(0.0, |m, v| m.max(v.abs()));
            }
        }
        Ok(format!("At the fit it is I, the prior's. With W doubled it is off by {off:.4}."))
    })
}

/// A sum over rows of a table, from the loadings and the noise variances of one factor.
type Likelihood = fn(ArrayView2<f64>, ArrayView1<f64>, ArrayView1<f64>) -> f64;

/// `log_likelihood(X, w, ψ)`: the sum over rows, for one factor.
pub fn log_likelihood(f: Likelihood) -> Verdict {
    verdict(|| {
        let x = wine_rows()?;
        let mut one = wine_fit()?;
        one.w = one.w.slice(s![.., ..1]).to_owned();
        let mut other = one.clone();
        other.psi.mapv_inplace(|v| 3.0 * v);
        for (name, model) in [("wine", one), ("wine with three times the noise", other)] {
            let want = model.log_density(x.view()).map_err(library)?.sum();
            let case = format!("{name}: log_likelihood(X, w, ψ)");
            let (table, w, psi) =
                (x.clone(), model.w.column(0).to_owned(), model.psi.clone());
            let got =
                ask("log_likelihood", &case, move || f(table.view(), w.view(), psi.view()))?;
            let half = 0.5 * x.nrows() as f64 * model.psi.mapv(f64::ln).sum();
            let hint = if near(got, want + half) {
                "The determinant of Ψ is missing."
            } else if near(got, want - half) {
                "log |Ψ| counts twice: inside the bracket it stands once, beside D log 2π."
            } else if near(got, want + 0.5 * half) {
                "log |Ψ| counts half: inside the bracket it stands in full, beside D log 2π."
            } else {
                "Compare two models, not two rows of one: which term depends on ψ alone?"
            };
            same(&case, got, want, hint)?;
        }
        Ok("A constant that is wrong cancels between two rows of one model, and ruins the choice between two models.".into())
    })
}
