//! The checks of what is random: moving draws, and the variances of estimators.
use super::{near, places};
use crate::check::{Verdict, ask, must, same, verdict};

/// A function of one number.
type Curve = fn(f64) -> f64;

/// From f or its slope, m, s, places ε and their probabilities, to the slopes of E f(z) in m and in s.
type Slopes = fn(&dyn Fn(f64) -> f64, f64, f64, &[f64], &[f64]) -> [f64; 2];

/// A name, f, its slope, and the slopes of E f(z) in m and s.
type Case = (&'static str, Curve, Curve, fn(f64, f64) -> [f64; 2]);

const SMOOTH: [Case; 3] = [
    ("z²", |z| z * z, |z| 2.0 * z, |m, s| [2.0 * m, 2.0 * s]),
    ("sin z", f64::sin, f64::cos, |m, s| {
        let shrink = (-0.5 * s * s).exp();
        [m.cos() * shrink, -s * m.sin() * shrink]
    }),
    ("exp z", f64::exp, f64::exp, |m, s| {
        let mean = (m + 0.5 * s * s).exp();
        [mean, s * mean]
    }),
];

fn answer(f: Slopes, of: Curve, m: f64, s: f64, case: &str) -> Result<[f64; 2], Verdict> {
    ask("moved", case, move || {
        let (e, p) = places();
        f(&of, m, s, &e, &p)
    })
}

/// `still`, `moved` and `holds`: both sides of the reparameterisation identity, and where they agree.
pub fn moved(still: Slopes, moved: Slopes, holds: fn() -> [bool; 5]) -> Verdict {
    verdict(|| {
        for (name, f, slope, exact) in SMOOTH {
            for (m, s) in [(0.3, 1.0), (-1.0, 0.6), (0.8, 1.4)] {
                let want = exact(m, s);
                let case = format!("still for f = {name}, m = {m}, s = {s}");
                let got = answer(still, f, m, s, &case)?;
                both(&case, got, want, why_still(got, want, s))?;
                let case = format!("moved for f = {name}, m = {m}, s = {s}");
                let got = answer(moved, slope, m, s, &case)?;
                both(&case, got, want, why_moved(got, want))?;
            }
        }
        let step = |z: f64| if z > 0.0 { 1.0 } else { 0.0 };
        let truth = answer(still, step, 0.0, 1.0, "still for a step")?[0];
        let wrong = answer(moved, |_| 0.0, 0.0, 1.0, "moved for a step")?[0];
        same_answers(ask("moved", "holds", holds)?)?;
        Ok(format!(
            "Equal for z², sin z and exp z. For the step at 0, m = 0, s = 1, `still` says {truth:.5} and `moved` says {wrong}: a jump has no slope to tell of it."
        ))
    })
}

fn both(case: &str, got: [f64; 2], want: [f64; 2], hint: &str) -> Result<(), Verdict> {
    same(&format!("{case}: the slope in m"), got[0], want[0], hint)?;
    same(&format!("{case}: the slope in s"), got[1], want[1], hint)
}

fn why_still(got: [f64; 2], want: [f64; 2], s: f64) -> &'static str {
    if s != 1.0 && (near(got[0], s * want[0], 6) || near(got[0] * s, want[0], 6)) {
        "The slope of log q in m is (z − m)/s², and z − m is sε: one s is left below."
    } else if near(got[0], want[0], 6) {
        "The slope of log q in s is (ε² − 1)/s: the width moves the normaliser too."
    } else {
        "Weigh f(m + sε) with p and with the slope of log q at that z."
    }
}

fn why_moved(got: [f64; 2], want: [f64; 2]) -> &'static str {
    if near(got[1], want[0], 6) {
        "z = m + sε moves by ε when s moves by 1. You moved it by 1."
    } else {
        "The slope of f at m + sε, times 1 for m and times ε for s, averaged with p."
    }
}

fn same_answers(got: [bool; 5]) -> Result<(), Verdict> {
    let cases = ["z²", "|z|", "exp z", "1 for z > 0, else 0", "max(z, 0)"];
    let why = [
        "It is smooth, and its slope has a finite mean.",
        "One point without a slope has probability zero, and the slope is never above 1 in size.",
        "It is smooth, and the mean of its slope is finite, if large.",
        "Its slope is zero wherever it has one, and the mean of zero is zero. Your own `still` gives 0.39894 at m = 0, s = 1.",
        "One point without a slope has probability zero, and nothing jumps there.",
    ];
    for i in 0..5 {
        let says = if got[i] { "holds" } else { "fails" };
        let want = i != 3;
        must(
            got[i] == want,
            format!("holds: you say that the identity {says} for {}. {}", cases[i], why[i]),
        )?;
    }
    Ok(())
}

/// `score`, `path`, `wave` and its slope: two variances for f = z², and an f where the order is reversed.
pub fn variances(
    score: fn(f64, f64) -> f64,
    path: fn(f64, f64) -> f64,
    wave: Curve,
    wave_slope: Curve,
) -> Verdict {
    verdict(|| {
        for (m, s) in [(2.0f64, 1.0f64), (0.0, 1.0), (2.0, 0.1), (-1.0, 0.5)] {
            let case = format!("m = {m}, s = {s}: path");
            let got = ask("variances", &case, move || path(m, s))?;
            let hint = if near(got, 4.0 * s * s + 4.0 * m * m, 9) && m != 0.0 {
                "That is the mean of the square. Take off the square of the mean, 2m."
            } else {
                "The estimate is 2(m + sε), and only ε varies."
            };
            same(&case, got, 4.0 * s * s, hint)?;
            let want = m.powi(4) / (s * s) + 14.0 * m * m + 15.0 * s * s;
            let case = format!("m = {m}, s = {s}: score");
            let got = ask("variances", &case, move || score(m, s))?;
            let hint = if near(got, want + 4.0 * m * m, 9) && m != 0.0 {
                "That is the mean of the square. Take off the square of the mean, 2m."
            } else {
                "The estimate is (m + sε)² ε/s. The means of ε², ε⁴, ε⁶ are 1, 3, 15; odd powers have mean 0."
            };
            same(&case, got, want, hint)?;
        }
        let (by_path, by_score) = reversed(wave, wave_slope)?;
        Ok(format!(
            "At m = 2, s = 1: 4 by moving the draws, 87 by the score. For your wave it is {by_path:.2} against {by_score:.2}: a rule of thumb, no law."
        ))
    })
}

/// The variances of both estimators for the reader's f at m = 0, s = 1.
fn reversed(wave: Curve, slope: Curve) -> Result<(f64, f64), Verdict> {
    let h = 1e-6;
    let table = ask("variances", "wave", move || {
        let (e, p) = places();
        let row = |(e, p): (f64, f64)| {
            let risen = (wave(e + h) - wave(e - h)) / (2.0 * h);
            [e, p, wave(e), slope(e), risen]
        };
        e.into_iter().zip(p).map(row).collect::<Vec<_>>()
    })?;
    for [z, p, _, slope, risen] in &table {
        must(
            *p < 1e-6 || (slope - risen).abs() <= 1e-3 * (1.0 + slope.abs()),
            format!("wave_slope({z:.3}) = {slope:.4}, and wave rises there by {risen:.4}."),
        )?;
    }
    let moments = |g: &dyn Fn(&[f64; 5]) -> f64| {
        let mean: f64 = table.iter().map(|r| r[1] * g(r)).sum();
        let square: f64 = table.iter().map(|r| r[1] * g(r) * g(r)).sum();
        (mean, square - mean * mean)
    };
    let (path, score) = (moments(&|r| r[3]), moments(&|r| r[2] * r[0]));
    must(
        (path.0 - score.0).abs() < 5e-3 * (1.0 + path.1.sqrt()),
        format!(
            "wave: the means of the two estimates are {:.4} and {:.4}. Take an f without a jump.",
            path.0, score.0
        ),
    )?;
    must(
        path.1 > score.1,
        format!(
            "wave: at m = 0, s = 1 moving the draws has variance {:.4}, the score {:.4}. Look for an f that is small and steep.",
            path.1, score.1
        ),
    )?;
    Ok((path.1, score.1))
}

/// x, the noise, m and the variance of q: the rows that were computed elsewhere.
const ROWS: [[f64; 4]; 5] = [
    [1.2, 1.0, 0.6, 0.5],
    [1.2, 1.0, 0.0, 1.0],
    [1.2, 1.0, -0.4, 0.3],
    [1.2, 0.316_227_766_016_837_94, 1.0, 0.2],
    [1.2, 0.316_227_766_016_837_94, 1.090_909_090_909_090_8, 0.090_909_090_909_090_91],
];

/// `forms(x, noise, m, s)`: variances with one draw of the three forms, in a model where all is a polynomial.
pub fn forms(f: fn(f64, f64, f64, f64) -> [f64; 3]) -> Verdict {
    verdict(|| {
        for [x, noise, m, v] in ROWS {
            let (s, precision) = (v.sqrt(), 1.0 / (noise * noise));
            let case = format!("x = {x}, noise = {noise:.3}, m = {m:.3}, s = {s:.3}");
            let got = ask("forms", &case, move || f(x, noise, m, s))?;
            let fit = [-0.5 * v * precision, (x - m) * s * precision];
            let prior = [fit[0] - 0.5 * v, fit[1] - m * s];
            let all = [prior[0] + 0.5, prior[1]];
            for (i, [a, b]) in [fit, prior, all].into_iter().enumerate() {
                let want = 2.0 * a * a + b * b;
                let hint = if near(got[i], a * a + b * b, 9) && a.abs() > 1e-6 {
                    "The variance of ε² is 2, not 1."
                } else if near(got[i], 3.0 * a * a + b * b, 9) && a.abs() > 1e-6 {
                    "The mean of ε⁴ is 3, and the square of the mean of ε² is 1: 2 is left."
                } else if near(got[i], (s - 1.0) * (s - 1.0), 9) {
                    "Is s a standard deviation in your formula?"
                } else {
                    "Write what is drawn as aε² + bε + c; its variance is 2a² + b². Form (2) adds log p(z) to log p(x | z), and form (3) takes off log q(z), in which −½ε² is all that varies."
                };
                same(&format!("{case}: form ({})", i + 1), got[i], want, hint)?;
            }
        }
        Ok("0.305 and 0 where q is the posterior, 0.813 and 1.28 where it is far off, 2.8 and 0.92 where it is too wide: neither (1) nor (3) always wins.".into())
    })
}
