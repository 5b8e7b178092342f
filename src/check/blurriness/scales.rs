//! The check of the decoder that a loose bound prefers. Evidence and bound are computed here a second time, with
//! slopes along the draws and a coarse mesh: faster than the library's, and another way to the same numbers.
use crate::check::{Verdict, ask, must, verdict};
use crate::elbo::Tiny;
use crate::gaussian::log_normal;

/// The tiny decoder with its last weights times some scale, and one image: lists of three, to be quick.
struct Seen {
    a: [f64; 3],
    b: [f64; 3],
    w: [[f64; 3]; 3],
    sign: [f64; 3],
}

impl Seen {
    fn all(scale: f64) -> Vec<Seen> {
        let tiny = Tiny::default().scaled(scale);
        let three = |f: &dyn Fn(usize) -> f64| [f(0), f(1), f(2)];
        let one = |i: usize| Seen {
            a: three(&|k| tiny.a[k]),
            b: three(&|k| tiny.b[k]),
            w: [0, 1, 2].map(|d| three(&|k| tiny.w[[d, k]])),
            sign: three(&|d| if (i >> d) & 1 == 1 { 1.0 } else { -1.0 }),
        };
        (0..8).map(one).collect()
    }

    /// log p(x | z), and its slope in z.
    fn at(&self, z: f64) -> [f64; 2] {
        let u = [0, 1, 2].map(|k| (self.a[k] * z + self.b[k]).tanh());
        let mut out = [0.0; 2];
        for (w, sign) in self.w.iter().zip(self.sign) {
            let odds: f64 = (0..3).map(|k| w[k] * u[k]).sum();
            let rise: f64 = (0..3).map(|k| w[k] * self.a[k] * (1.0 - u[k] * u[k])).sum();
            let surprise = 1.0 / (1.0 + (sign * odds).exp()); // 1 − the chance of what was seen
            out[0] += (-surprise).ln_1p();
            out[1] += sign * surprise * rise;
        }
        out
    }

    /// log p(x).
    fn evidence(&self) -> f64 {
        let z = (0..161).map(|i| 0.1 * f64::from(i) - 8.0);
        z.map(|z| 0.1 * (log_normal(z, 0.0, 1.0) + self.at(z)[0]).exp()).sum::<f64>().ln()
    }

    /// The bound of the best Gaussian.
    fn bound(&self) -> f64 {
        let (mut m, mut s, mut rate) = (0.0, 1.0f64, 0.8);
        let mesh: Vec<[f64; 2]> = (0..53)
            .map(|i| 0.25 * f64::from(i) - 6.5)
            .map(|e| [e, 0.25 * log_normal(e, 0.0, 1.0).exp()])
            .collect();
        for step in 1..2000 {
            let [mut fit, mut by_mean, mut by_log] = [0.0, -m, 1.0 - s * s];
            for [e, share] in &mesh {
                let [log, slope] = self.at(m + s * e);
                fit += share * log;
                by_mean += share * slope;
                by_log += share * slope * s * e;
            }
            if by_mean.abs().max(by_log.abs()) < 1e-7 {
                return fit - 0.5 * (m * m + s * s - 1.0) + s.ln();
            }
            if step % 100 == 0 {
                rate *= 0.5; // it goes round in a circle
            }
            m += s * (rate * s * by_mean).clamp(-1.0, 1.0);
            s *= (0.5 * rate * by_log).clamp(-0.5, 0.5).exp();
        }
        f64::NAN
    }
}

/// For data made at the scale `made`: the mean of log p(x) and of the best bound at the scale c.
pub fn curves(made: f64) -> impl Fn(f64) -> [f64; 2] {
    let share: Vec<f64> = Seen::all(made).iter().map(|x| x.evidence().exp()).collect();
    move |c| {
        let mean = |f: &dyn Fn(&Seen) -> f64| {
            Seen::all(c).iter().zip(&share).map(|(x, share)| share * f(x)).sum()
        };
        [mean(&Seen::evidence), mean(&Seen::bound)]
    }
}

/// From both curves to the place of either top.
type Tops = fn(&dyn Fn(f64) -> [f64; 2]) -> [f64; 2];

/// `scales(curves)`: the scale that the likelihood prefers, and the one that the bound prefers.
pub fn scales(f: Tops) -> Verdict {
    verdict(|| {
        let mut told = vec![];
        for made in [3.0, 1.5] {
            let case = format!("data from a decoder {made} times as sure");
            let [likely, bound] = ask("scales", &case, move || f(&curves(made)))?;
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
            top(&case, made, bound)?;
            told.push(format!("{likely:.3} and {bound:.3}"));
        }
        Ok(format!(
            "By likelihood and by bound: {} for the first data, {} for the second. The bound prefers pixels less sure than those that made the data, with posteriors that a Gaussian can reach.",
            told[0], told[1]
        ))
    })
}

/// Is the bound highest at this scale?
fn top(case: &str, made: f64, bound: f64) -> Result<(), Verdict> {
    must(
        (0.2..6.0).contains(&bound),
        format!("{case}: by the bound you found {bound:.4}, far from all that was asked."),
    )?;
    let at = curves(made);
    let [here, below, above] = [bound, bound - 0.02, bound + 0.02].map(|c| at(c)[1]);
    // How far the top of the parabola through the three is.
    let off = 0.01 * (above - below) / (2.0 * here - above - below);
    let hint = if (bound - made).abs() < 2e-3 {
        "That is the truth, and the bound does not prefer it. "
    } else {
        ""
    };
    must(
        here > below.max(above) && off.abs() < 3e-3,
        format!(
            "{case}: at the scale {bound:.4} the best Gaussian's bound is {here:.7} nats; 0.02 below it is {below:.7}, 0.02 above {above:.7}. {hint}Search until the top is between, to three digits."
        ),
    )
}
