//! The checks of what a loss is made of: draws, the cost, and the sum of both parts.
use super::near;
use crate::check::{Verdict, ask, must, same, verdict};
use crate::elbo::kl_to_standard;
use ndarray::{Array2, ArrayView2, array};

/// `drawn(mean, log_variance, noise)`: z = m + s ε.
pub fn drawn(f: fn(f64, f64, &[f64]) -> Vec<f64>) -> Verdict {
    verdict(|| {
        for (m, v) in [(0.5, 1.0), (0.5, 4.0), (-2.0, 0.25), (0.0, 0.01)] {
            let (l, noise) = (f64::ln(v), vec![1.0, -1.0, 0.0, 2.0]);
            let case = format!("m = {m}, log v = {l:.4}");
            let given = noise.clone();
            let got = ask("drawn", &case, move || f(m, l, &given))?;
            must(got.len() == 4, format!("{case}: {} draws for 4 noises.", got.len()))?;
            must(
                near(got[2], m, 9),
                format!("{case}: with ε = 0 the draw is {:.4}, and m is right.", got[2]),
            )?;
            let (seen, s) = ((got[0] - got[1]) / 2.0, v.sqrt());
            let hint = if near(seen, v, 6) {
                "You multiply ε by the variance. By what must it be multiplied?"
            } else if near(seen, l, 6) {
                "The encoder's number is a logarithm, and it may be negative."
            } else {
                "ε is to be multiplied by s = √v."
            };
            must(
                near(seen, s, 9),
                format!(
                    "{case}: the draws m ± {seen:.4} have variance {:.4}, and q has v = {v}. {hint}",
                    seen * seen
                ),
            )?;
            for (e, z) in noise.iter().zip(&got) {
                same(&format!("{case}, ε = {e}"), *z, m + s * e, "z = m + s ε.")?;
            }
        }
        Ok("The draws have the variance that the encoder says.".into())
    })
}

/// Entries' slopes in m and in log v.
type Pair = (Vec<f64>, Vec<f64>);

/// `cost(m, log_variance)` and `push(m, log_variance)`: KL to the prior and its slopes.
pub fn cost(f: fn(&[f64], &[f64]) -> f64, push: fn(&[f64], &[f64]) -> Pair) -> Verdict {
    verdict(|| {
        let cases: [(&[f64], &[f64]); 4] = [
            (&[1.0, -2.0, 0.5], &[0.5, 1.0, 2.0]),
            (&[0.0, 0.0], &[1.0, 1.0]),
            (&[0.3], &[0.6]),
            (&[0.0], &[3e-7]),
        ];
        for (m, s) in cases {
            let l: Vec<f64> = s.iter().map(|s| 2.0 * s.ln()).collect();
            let case = format!("m = {m:?}, s = {s:?}, log v = {l:.4?}");
            let (want, given) = (kl_to_standard(m, s), l.clone());
            let got = ask("cost", &case, move || f(m, &given))?;
            same(&format!("{case}: cost"), got, want, why_cost(got, want, m, &l))?;
            slopes(&case, m, l, push)?;
        }
        Ok("3.75 nats for the first, and zero only at the prior, where both slopes vanish."
            .into())
    })
}

fn slopes(
    case: &str,
    m: &'static [f64],
    l: Vec<f64>,
    push: fn(&[f64], &[f64]) -> Pair,
) -> Result<(), Verdict> {
    let given = l.clone();
    let (by_m, by_l) = ask("cost", &format!("{case}: push"), move || push(m, &given))?;
    must(
        by_m.len() == m.len() && by_l.len() == m.len(),
        format!("{case}: push gives a slope for each entry of m, and one for each of log v."),
    )?;
    for i in 0..m.len() {
        let (name, v) = (format!("{case}: push"), l[i].exp());
        same(&format!("{name}, in m[{i}]"), by_m[i], m[i], "½m² has the slope m.")?;
        let hint = if near(by_l[i], v - 1.0, 9) {
            "Twice too long: the ½ stands before all of it."
        } else if near(by_l[i], 0.5 * (1.0 - 1.0 / v), 9)
            || near(by_l[i], v.sqrt() - 1.0 / v.sqrt(), 9)
        {
            "That is the slope in v or in s. By the chain rule: log v moves v by v, and s by s/2."
        } else {
            "The slope of e^l in l is e^l."
        };
        same(&format!("{name}, in log v[{i}]"), by_l[i], 0.5 * (v - 1.0), hint)?;
    }
    Ok(())
}

fn why_cost(got: f64, want: f64, m: &[f64], l: &[f64]) -> &'static str {
    let as_sd: f64 =
        m.iter().zip(l).map(|(m, l)| 0.5 * ((2.0 * l).exp() + m * m - 1.0) - l).sum();
    let as_s: f64 =
        m.iter().zip(l).map(|(m, s)| 0.5 * (s * s + m * m - 1.0) - s.abs().ln()).sum();
    if near(got, 2.0 * want, 9) {
        "Twice too much: where is the ½?"
    } else if near(got, -want, 9) {
        "That is minus the divergence."
    } else if near(got, as_sd, 9) {
        "You read log v as log s. With l = log v, the variance is e^l."
    } else if near(got, as_s, 9) || !got.is_finite() {
        "You read log v as s. It is a logarithm, and may be negative."
    } else if near(got, want / m.len() as f64, 9) {
        "You took the mean over the entries. A divergence sums over them."
    } else {
        "½ Σ (e^l + m² − 1 − l)."
    }
}

/// From log p(x_d | z) of shape (N, D), and m and log v of shape (N, L), to a loss.
type Loss = fn(ArrayView2<f64>, ArrayView2<f64>, ArrayView2<f64>) -> f64;

/// `loss(log_likelihood, mean, log_variance)`: minus the mean bound.
pub fn loss(f: Loss) -> Verdict {
    verdict(|| {
        let mut last = 0.0;
        for (rows, pixels, latent) in [(3, 4, 1), (2, 64, 2), (5, 10, 3)] {
            let case = format!("{rows} rows, {pixels} pixels, {latent} latents");
            let entry = |i: usize, j: usize, by: f64| ((i * 7 + j * 3) as f64 * by).sin();
            let fit = Array2::from_shape_fn((rows, pixels), |(i, d)| -1.5 - entry(i, d, 0.7));
            let mean = Array2::from_shape_fn((rows, latent), |(i, j)| entry(i, j, 1.3));
            let l = Array2::from_shape_fn((rows, latent), |(i, j)| -1.0 + entry(i, j, 0.4));
            let each = l.mapv(f64::exp) + &mean * &mean - &l - 1.0;
            let want = (0.5 * each.sum() - fit.sum()) / rows as f64;
            let value = |fit: &Array2<f64>, mean: &Array2<f64>| {
                let (a, b, c) = (fit.clone(), mean.clone(), l.clone());
                ask("loss", &case, move || f(a.view(), b.view(), c.view()))
            };
            let got = value(&fit, &mean)?;
            // How much one nat of fit, and one nat of cost, move the answer.
            let by_fit = got - value(&(&fit + &first(fit.dim(), 1.0)), &mean)?;
            let far = mean[[0, 0]].signum() * (mean[[0, 0]] * mean[[0, 0]] + 2.0).sqrt();
            let moved = &mean + &first(mean.dim(), far - mean[[0, 0]]);
            let by_cost = value(&fit, &moved)? - got;
            weights(&case, [by_fit, by_cost], [rows as f64, pixels as f64])?;
            same(&case, got, want, "The mean over rows of KL(q ‖ prior) less the fit.")?;
            last = got;
        }
        let one = array![[0.0]];
        let quiet = ask("loss", "one pixel", move || f(one.view(), one.view(), one.view()))?;
        same("one sure pixel, q the prior", quiet, 0.0, "Nothing is lost there.")?;
        Ok(format!(
            "A nat of fit weighs as much as a nat of cost. The last loss is {last:.4}."
        ))
    })
}

/// `by` in the first entry, and zero elsewhere.
fn first(shape: (usize, usize), by: f64) -> Array2<f64> {
    Array2::from_shape_fn(shape, |at| if at == (0, 0) { by } else { 0.0 })
}

fn weights(
    case: &str,
    [fit, cost]: [f64; 2],
    [rows, pixels]: [f64; 2],
) -> Result<(), Verdict> {
    must(
        fit > 0.0 && cost > 0.0,
        format!(
            "{case}: a nat more of fit moves the loss by {:+.5}, a nat more of cost by {cost:+.5}. A loss falls with the fit and rises with the cost.",
            -fit
        ),
    )?;
    let beta = cost / fit;
    let hint = if near(beta, pixels, 6) {
        "That is the number of pixels: the fit is a mean over pixels, and the cost a sum over latents. Nothing is wrong with either alone."
    } else if near(beta, 1.0, 6) {
        "The two parts agree, but their sum is not in nats a row."
    } else {
        "Sum over pixels and over latents; the mean is over rows only."
    };
    must(
        near(fit * rows, 1.0, 6) && near(beta, 1.0, 6),
        format!(
            "{case}: a nat of fit in one row moves the loss by {fit:.6}, and a nat of cost by {cost:.6}. So the cost weighs β = {beta:.4} times as much. {hint}"
        ),
    )
}
