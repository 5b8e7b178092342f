//! The checks of β against σ², and of the decoder that a loose bound prefers.
use super::near;
use crate::check::{Verdict, ask, library, must, same, verdict};
use crate::data::wine;
use crate::elbo::Tiny;
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
            let (noise, value) = (b * v, values[j]);
            let want = (value - noise).max(0.0);
            let hint = if near(length[j], value - v) && b != 1.0 {
                "That is the plain bound's. Put the twin's variance for σ²."
            } else if near(length[j], value - noise) {
                "No length is negative: that latent is off."
            } else if near(length[j], want.sqrt()) {
                "The squared length was asked for."
            } else {
                "λ less the twin's variance, or zero."
            };
            same(&format!("{case}: squared length {}", j + 1), length[j], want, hint)?;
            let hint = if near(spread[j], (v / value).min(1.0)) {
                "That is the plain bound's: put the twin's variance for σ²."
            } else if near(spread[j], 1.0 - (noise / value).min(1.0)) {
                "That is the variance of the means over the rows. The two add up to 1."
            } else {
                "The twin's variance over λ, and 1 for a latent that is off: it is the prior."
            };
            let want = (noise / value).min(1.0);
            same(&format!("{case}: variance {} of q", j + 1), spread[j], want, hint)?;
        }
        let on = length.iter().filter(|v| **v > 0.0);
        (count[i], least) = (on.clone().count(), on.copied().fold(f64::INFINITY, f64::min));
    }
    Ok((count, least))
}

/// `scales(truth)`: the scale of the weights that the likelihood prefers, and the one that the bound prefers.
pub fn scales(f: fn(&Tiny) -> (f64, f64)) -> Verdict {
    verdict(|| {
        let mut told = vec![];
        for made in [3.0, 1.5] {
            let case = format!("data from a decoder {made} times as sure");
            let (likely, bound) =
                ask("scales", &case, move || f(&Tiny::default().scaled(made)))?;
            let hint = if (bound - made).abs() < 2e-3 {
                "You have the two in the other order."
            } else {
                "Of all distributions the data's own has the highest mean of log p(x)."
            };
            must(
                (likely - made).abs() < 2e-3,
                format!(
                    "{case}: by the likelihood you found {likely:.4}, and {made} is right. {hint}"
                ),
            )?;
            let hint = if (bound - made).abs() < 2e-3 {
                "That is the truth, and the bound does not prefer it: its best q has to bend less elsewhere. "
            } else {
                ""
            };
            must(
                (0.2..6.0).contains(&bound),
                format!(
                    "{case}: by the bound you found {bound:.4}, far from all that was asked."
                ),
            )?;
            let truth = Tiny::default().scaled(made);
            let at = |c: f64| Tiny::default().scaled(c).on_average(&truth).map(|v| v.1);
            let [here, below, above] = [bound, bound - 0.02, bound + 0.02].map(at);
            let (here, below, above) =
                (here.map_err(library)?, below.map_err(library)?, above.map_err(library)?);
            // A parabola through the three: how far its top is.
            let off = 0.01 * (above - below) / (2.0 * here - above - below);
            must(
                here > below.max(above) && off.abs() < 3e-3,
                format!(
                    "{case}: at the scale {bound:.4} the best Gaussian's bound is {here:.6} nats, beside it {below:.6} and {above:.6}. {hint}Search until neither side is higher, to three digits."
                ),
            )?;
            told.push(format!("{likely:.3} and {bound:.3}"));
        }
        Ok(format!(
            "By likelihood and by bound: {} for the first data, {} for the second. The bound makes the pixels less sure than they are, to have posteriors that a Gaussian can reach.",
            told[0], told[1]
        ))
    })
}
