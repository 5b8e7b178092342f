//! The logarithm of the gamma function and its slope, for the distributions over precisions and over weights.

// ANCHOR: gamma
/// Where Stirling's series is good to the last digit.
const FAR: f64 = 10.0;

/// log Γ(x), for x above zero; NaN elsewhere.
pub fn ln_gamma(x: f64) -> f64 {
    let (x, product) = shifted(x, |product, x| product * x, 1.0);
    let y = 1.0 / (x * x);
    let terms = [1.0 / 156.0, -691.0 / 360_360.0, 1.0 / 1188.0, -1.0 / 1680.0];
    let terms = terms.iter().chain(&[1.0 / 1260.0, -1.0 / 360.0, 1.0 / 12.0]);
    let series = terms.fold(0.0, |sum, term| sum * y + term) / x;
    // (eq:stirling); log Γ(x + 1) = log Γ(x) + log x, as often as it takes
    (x - 0.5) * x.ln() - x + 0.5 * crate::gaussian::LN_2PI + series - product.ln()
}

/// Its slope, ψ(x), for x above zero; NaN elsewhere.
pub fn digamma(x: f64) -> f64 {
    let (x, sum) = shifted(x, |sum, x| sum + 1.0 / x, 0.0);
    let y = 1.0 / (x * x);
    let terms = [1.0 / 12.0, -691.0 / 32_760.0, 1.0 / 132.0, -1.0 / 240.0];
    let terms = terms.iter().chain(&[1.0 / 252.0, -1.0 / 120.0, 1.0 / 12.0]);
    let series = terms.fold(0.0, |sum, term| sum * y + term) * y;
    x.ln() - 0.5 / x - series - sum // the slope of the line above
}

/// Moves x up by ones until the series is good, and keeps what that changes.
fn shifted(mut x: f64, keep: impl Fn(f64, f64) -> f64, mut kept: f64) -> (f64, f64) {
    if x <= 0.0 {
        return (f64::NAN, kept);
    }
    while x < FAR {
        kept = keep(kept, x);
        x += 1.0;
    }
    (x, kept)
}
// ANCHOR_END: gamma
