//! The checks of the nearest Gaussian in either direction.
use super::near;
use crate::check::{Verdict, ask, library, must, same, verdict};
use crate::elbo::{Gauss, Hidden};
use crate::mean_field::Peaks;

/// From weights, means and standard deviations of peaks to a mean and a standard deviation.
type Moments = fn(&[f64], &[f64], &[f64]) -> (f64, f64);

const PEAKS: [[&[f64]; 3]; 4] = [
    [&[0.5, 0.5], &[-3.0, 3.0], &[1.0, 1.0]],
    [&[0.7, 0.3], &[-3.0, 4.0], &[0.7, 1.0]],
    [&[0.2, 0.3, 0.5], &[1.0, -2.0, 4.0], &[0.5, 1.5, 2.0]],
    [&[1.0], &[2.0], &[0.5]],
];

/// `moments` and `slopes`: the best Gaussian in KL(p ‖ q), and why.
pub fn moments(f: Moments, slopes: fn([f64; 2], [f64; 2]) -> [f64; 2]) -> Verdict {
    verdict(|| {
        for [w, m, s] in PEAKS {
            let of =
                |g: &dyn Fn(usize) -> f64| (0..w.len()).map(|k| w[k] * g(k)).sum::<f64>();
            let (mean, inside) = (of(&|k| m[k]), of(&|k| s[k] * s[k]));
            let square = inside + of(&|k| m[k] * m[k]);
            let variance = square - mean * mean;
            let case = format!("weights {w:?}, means {m:?}, standard deviations {s:?}");
            let got = ask("moments", &case, move || f(w, m, s))?;
            let hint = if near(got.0, m.iter().sum::<f64>() / m.len() as f64) {
                "Each peak counts by its weight."
            } else {
                "The mean of p: Σ wₖ mₖ."
            };
            same(&format!("{case}: the mean"), got.0, mean, hint)?;
            let hint = if near(got.1, variance) {
                "That is the variance. Give its root."
            } else if near(got.1, square.sqrt()) {
                "The variance is the mean square less the square of the mean."
            } else if near(got.1, inside.sqrt()) || near(got.1, of(&|k| s[k])) {
                "That is the width of the peaks. They also stand apart."
            } else if near(got.1, (variance - inside).max(0.0).sqrt()) {
                "That is how far the peaks stand apart. Each has a width too."
            } else {
                "E z² = Σ wₖ (sₖ² + mₖ²)."
            };
            same(&format!("{case}: the standard deviation"), got.1, variance.sqrt(), hint)?;
        }
        slopes_of(slopes)?;
        Ok("For peaks at ±3: mean 0, standard deviation 3.1623. The best q is highest where p has almost nothing: it has to cover both peaks, and one Gaussian cannot do so without what lies between.".into())
    })
}

fn slopes_of(f: fn([f64; 2], [f64; 2]) -> [f64; 2]) -> Result<(), Verdict> {
    for (p, q) in [
        ([0.0, 10.0], [0.5, -0.1]),
        ([-0.9, 11.743], [-2.0, -0.5]),
        ([1.0, 2.0], [1.0, -0.5]),
    ] {
        let variance = -0.5 / q[1];
        let mean = q[0] * variance;
        let want = [mean - p[0], mean * mean + variance - p[1]];
        let case = format!("slopes({p:?}, {q:?})");
        let got = ask("moments", &case, move || f(p, q))?;
        let names = ["in a", "in b"];
        for i in 0..2 {
            let hint = if near(got[i], -want[i]) {
                "That is the slope of −KL: the divergence falls where q's moment is too small and grows."
            } else if i == 1 && near(got[i], want[i] - variance) {
                "The mean of z² under q is m² + s²."
            } else if i == 1 && near(got[i], variance - p[1]) {
                "The second moment, not the variance: m² belongs to it."
            } else {
                "KL(p ‖ q) is log ∫ exp(az + bz²) dz − a E z − b E z², and what does not depend on q. The slope of that logarithm is a moment of q, with s² = −1/(2b) and m = a s²."
            };
            same(&format!("{case}: the slope {}", names[i]), got[i], want[i], hint)?;
        }
    }
    Ok(())
}

/// Two equal peaks of width 1 at ±d.
fn two_peaks(d: f64) -> Result<Peaks, Verdict> {
    Peaks::new([0.5; 2], [-d, d], [1.0; 2]).map_err(library)
}

/// `optima(d)` and `switch()`: the ends of a way down in KL(q ‖ p), and where the middle stops being the best.
pub fn optima(f: fn(f64) -> Vec<Gauss>, switch: fn() -> f64) -> Verdict {
    verdict(|| {
        for (d, count) in [(1.0, 1), (2.0, 1), (3.0, 3), (4.0, 3)] {
            let case = format!("optima({d})");
            let found = ask("optima", &case, move || f(d))?;
            let hidden = two_peaks(d)?.hidden();
            for (i, q) in found.iter().enumerate() {
                end_of_a_climb(&hidden, *q, &case)?;
                must(
                    found[..i].iter().all(|o| (o.mean - q.mean).abs() > 1e-2),
                    format!("{case}: two of your ends are one place, m = {:.3}.", q.mean),
                )?;
            }
            let sides = found.iter().filter(|q| q.mean.abs() > 1.0).count();
            let hint = match (sides, found.len()) {
                (_, 0) => "A way down from anywhere ends somewhere.",
                (0, _) => "Start on a peak.",
                (1, _) => "Start on the other peak.",
                _ => "Start in the middle, with a q that is wide enough to see both.",
            };
            must(
                found.len() == count,
                format!(
                    "{case}: the ways down end in {count} places, and you have {}. {hint}",
                    found.len()
                ),
            )?;
        }
        switched(switch)?;
        Ok("One end at ±1 and ±2, three at ±3 and ±4. Below d = 2.8001 the best q of this direction covers both peaks, as in the other direction; above, it takes one and forgets the other.".into())
    })
}

fn end_of_a_climb(hidden: &Hidden, q: Gauss, case: &str) -> Result<(), Verdict> {
    let place = format!("{case}: m = {:.3}, s = {:.3}", q.mean, q.sd);
    must(
        q.mean.abs() < 9.0 && (0.05..5.0).contains(&q.sd),
        format!("{place} is far from everything."),
    )?;
    let [by_mean, by_log_sd] = hidden.slopes(q).1;
    must(
        by_mean.abs().max(by_log_sd.abs()) < 1e-4,
        format!(
            "{place} is not level: the slopes are {by_mean:.4} and {by_log_sd:.4}. Go down from there with `settle`."
        ),
    )?;
    let slopes = |by: f64, log: f64| {
        hidden.slopes(Gauss { mean: q.mean + by, sd: q.sd * log.exp() }).1
    };
    let bend = |i: usize, by: f64, log: f64| {
        (slopes(-by, -log)[i] - slopes(by, log)[i]) / (2.0 * (by + log))
    };
    let (mean, both, sd) = (bend(0, 1e-3, 0.0), bend(1, 1e-3, 0.0), bend(1, 0.0, 1e-3));
    must(
        mean > 0.0 && mean * sd > both * both,
        format!(
            "{place} is level, but a pass: beside it, in some direction, the divergence falls."
        ),
    )?;
    Ok(())
}

/// Where both ends are equally far from p: found apart from this library, by other quadrature and another descent.
const SWITCH: f64 = 2.800082;

fn switched(switch: fn() -> f64) -> Result<(), Verdict> {
    let d = ask("optima", "switch()", switch)?;
    let hint = if (d - 2.0 * SWITCH).abs() < 2e-3 {
        "That is the distance of the peaks; d is half of it."
    } else if (2.40..2.43).contains(&d) {
        "That is where the ends on the sides begin to exist. They are still farther from p than the middle."
    } else if (d - 1.0).abs() < 1e-3 {
        "That is where p itself begins to have two peaks. q does not care yet."
    } else {
        "Compare the divergence of the end that starts on a peak with that of the end that starts wide in the middle; halve the interval from 2.5 to 3."
    };
    must(
        (d - SWITCH).abs() < 6e-4,
        format!("switch() gave {d:.4}, and {SWITCH:.4} is right. {hint}"),
    )
}
