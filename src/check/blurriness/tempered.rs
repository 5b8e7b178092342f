//! The check of β against σ².
use super::near;
use crate::check::{Verdict, ask, library, must, same, verdict};
use crate::data::wine;
use crate::gaussian::{LN_2PI, Moments};
use crate::linalg::eigen_symmetric;

/// From all eigenvalues, the size of the code, β and σ², to squared lengths and variances of q.
type Columns = fn(&[f64], usize, f64, f64) -> (Vec<f64>, Vec<f64>);

/// `twin`, `apart` and `columns`: a β beside σ² is another σ².
pub fn beta(
    twin: fn(f64, f64) -> f64,
    apart: fn(usize, f64, f64) -> f64,
    columns: Columns,
) -> Verdict {
    verdict(|| {
        for (b, v) in [(4.0, 0.5), (0.25, 1.0), (64.0, 0.01), (1.0, 3.0f64)] {
            let case = format!("twin({b}, {v})");
            let got = ask("beta", &case, move || twin(b, v))?;
            let hint = if near(got, v / b) {
                "The other way: a β above 1 makes a pixel's error count less."
            } else if near(got, v * b * b) || near(got, v * b.sqrt()) {
                "Variances, not standard deviations."
            } else {
                "Divide fit − β cost by β. What stands below the squared error then?"
            };
            same(&case, got, b * v, hint)?;
            offset(apart, b, v)?;
        }
        let (count, least) = lengths(columns)?;
        Ok(format!(
            "For the wines, ten latents and σ² = 0.5, {count:?} latents speak at β = 1, 2 and 4: as at σ² = 0.5, 1 and 2. At β = 4 the weakest that speaks has the squared length {least:.4}."
        ))
    })
}

fn offset(apart: fn(usize, f64, f64) -> f64, b: f64, v: f64) -> Result<(), Verdict> {
    for d in [1, 64] {
        let case = format!("apart({d}, {b}, {v})");
        let got = ask("beta", &case, move || apart(d, b, v))?;
        let half = 0.5 * d as f64;
        let want = half * (b * (LN_2PI + (b * v).ln()) - LN_2PI - v.ln());
        let hint = if near(got, -want) {
            "The other sign: the objective with β, less β times the bound."
        } else if near(got, half * (b * (b * v).ln() - v.ln())) && b != 1.0 {
            "log 2π cancels only if β = 1."
        } else if near(got, half * ((b * v).ln() - v.ln())) && b != 1.0 {
            "The second logarithm stands in a fit that is multiplied by β."
        } else {
            "Neither the squared errors nor the costs are left, but both fits have a −½ D log 2πσ², with their own variance, and one is multiplied by β."
        };
        same(&case, got, want, hint)?;
    }
    Ok(())
}

/// How many of ten latents speak at β = 1, 2, 4, and the least squared length at the last.
fn lengths(columns: Columns) -> Result<([usize; 3], f64), Verdict> {
    let standard =
        Moments::of(wine().x.view()).and_then(|m| m.standardised()).map_err(library)?;
    let values =
        eigen_symmetric(standard.covariance.view()).map_err(library)?.values.to_vec();
    let (mut count, mut least) = ([0; 3], 0.0);
    for (i, b) in [1.0, 2.0, 4.0].into_iter().enumerate() {
        let (l, v) = (10, 0.5);
        let case = format!("ten latents of wine, β = {b}, σ² = {v}");
        let mine = values.clone();
        let (length, spread) = ask("beta", &case, move || columns(&mine, l, b, v))?;
        must(
            (length.len(), spread.len()) == (l, l),
            format!(
                "{case}: {} lengths and {} variances for {l} latents.",
                length.len(),
                spread.len()
            ),
        )?;
        for j in 0..l {
            latent(
                &format!("{case}: latent {}", j + 1),
                values[j],
                (b, v),
                (length[j], spread[j]),
            )?;
        }
        let on = length.iter().filter(|v| **v > 0.0);
        (count[i], least) = (on.clone().count(), on.copied().fold(f64::INFINITY, f64::min));
    }
    Ok((count, least))
}

/// One latent of eigenvalue `value`: the squared length of its column, and the variance of its q.
fn latent(
    case: &str,
    value: f64,
    (b, v): (f64, f64),
    (length, spread): (f64, f64),
) -> Result<(), Verdict> {
    let noise = b * v;
    let want = (value - noise).max(0.0);
    let hint = if near(length, value - v) && b != 1.0 {
        "That is the plain bound's. Put the twin's variance for σ²."
    } else if near(length, value - noise) {
        "No length is negative: that latent is off."
    } else if near(length, want.sqrt()) {
        "The squared length was asked for."
    } else {
        "λ less the twin's variance, or zero."
    };
    same(&format!("{case}: squared length"), length, want, hint)?;
    let hint = if near(spread, (v / value).min(1.0)) {
        "That is the plain bound's: put the twin's variance for σ²."
    } else if near(spread, 1.0 - (noise / value).min(1.0)) {
        "That is the variance of the means over the rows. The two add up to 1."
    } else {
        "The twin's variance over λ, and 1 for a latent that is off: it is the prior."
    };
    let want = (noise / value).min(1.0);
    same(&format!("{case}: variance of q"), spread, want, hint)
}
