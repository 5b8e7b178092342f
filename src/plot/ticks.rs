//! What stands at the ticks of an axis.

/// A number as an axis shows it: no trailing zeros, no minus zero.
pub(super) fn short(v: f64) -> String {
    let text = format!("{v:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.replace('-', "−") }
}

/// The name at a whole number, and nothing between.
pub(super) fn name_at(names: &[String], v: f64) -> String {
    let whole = (v - v.round()).abs() < 1e-6 && v > -0.5;
    if whole {
        names.get(v.round() as usize).cloned().unwrap_or_default()
    } else {
        String::new()
    }
}

/// 10ᵛ as an axis shows it: a power of ten, or two digits and one.
pub(super) fn short_power(v: f64) -> String {
    let floor = (v + 1e-9).floor();
    let digits = format!("{:.1}", 10f64.powf(v - floor));
    let digits = digits.strip_suffix(".0").unwrap_or(&digits);
    format!("{digits}e{floor:.0}")
}
