//! Any distribution from a standard normal one, through a map.
use super::normal::cdf;
use crate::error::{Result, within};

// ANCHOR: pushed
/// The x with F(x) = Φ(z): if z ~ N(0, 1), then x has the distribution function F.
/// F rises from 0 to 1; z is between −8 and 8.
pub fn pushed(f: impl Fn(f64) -> f64, z: f64) -> Result<f64> {
    within("z", z, -8.0, 8.0, ": beyond, Φ is 0 or 1 to all digits")?;
    let share = cdf(z);
    let (mut low, mut high) = (-1.0, 1.0);
    while f(low) >= share && low > -1e300 {
        low *= 2.0;
    }
    while f(high) < share && high < 1e300 {
        high *= 2.0;
    }
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        *(if f(middle) < share { &mut low } else { &mut high }) = middle;
    }
    Ok(high) // (eq:pushed)
}

/// A ring in the plane from N(0, I): z keeps its direction, and its length r, which is
/// below r with probability 1 − exp(−r²/2), becomes that of a radius ~ N(2, 0.15²).
pub fn ring([a, b]: [f64; 2]) -> Result<[f64; 2]> {
    let length = a.hypot(b);
    within("the length of z", length, f64::MIN_POSITIVE, 8.0, "")?;
    let below = -(-0.5 * length * length).exp_m1();
    let radius = 2.0 + 0.15 * super::normal::quantile(below.min(1.0 - f64::EPSILON))?;
    Ok([radius * a / length, radius * b / length])
}
// ANCHOR_END: pushed
