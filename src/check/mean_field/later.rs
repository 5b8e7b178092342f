//! The checks of the middle of the chapter: what the update sets to zero, the normal, gradients, peaks.
use super::tables;
use crate::check::{Verdict, ask, library, must, same, verdict};
use crate::data::old_faithful;
use crate::elbo::{Gauss, Hidden, Tiny};
use crate::em::{Em, Stop, fit};
use crate::gaussian::{LN_2PI, log_sum_exp};
use crate::mean_field::{MeanFactor, NormalGamma, Peaks, PrecisionFactor, Second, slope};
use ndarray::{Array1, Array2, ArrayView2, array};

/// `refute(log_joint)`: after 50 sweeps, KL of q₁ from what it was set to, and KL of q₁q₂ from the posterior.
pub fn refute(f: fn(ArrayView2<f64>) -> (f64, f64)) -> Verdict {
    verdict(|| {
        let product = array![[0.06, 0.14], [0.09, 0.21]].mapv(f64::ln);
        let mut cases: Vec<Array2<f64>> = tables().into_iter().map(|(p, _)| p).collect();
        cases.push(product);
        let mut most: f64 = 0.0;
        for p in cases {
            let k = p.ncols();
            let start = Second(Array1::from_elem(k, 1.0 / k as f64));
            let stop = Stop { steps: 50, gain: f64::NEG_INFINITY };
            let bound = fit(start, &p, stop).map_err(library)?.nats();
            let evidence = log_sum_exp(&p.iter().copied().collect::<Vec<_>>());
            let want = evidence - bound;
            let case = format!("a {}×{k} table with log p(x) = {evidence:.3}", p.nrows());
            let (own, gap) = ask("refute", &case, move || f(p.view()))?;
            must(
                own.abs() < 1e-9,
                format!(
                    "{case}: the divergence of q₁ from its own target gave {own:.6}. Update q₁ last, and compare it with exp E log p divided by its sum, for the q₂ of that moment."
                ),
            )?;
            let hint = if (gap + bound).abs() < 1e-6 {
                "That is minus the bound. The posterior is the table divided by p(x)."
            } else if gap.abs() < 1e-9 {
                "That is zero, as q₁ is from its own target. Compare the product q₁q₂ with p(z₁, z₂ | x), over all cells."
            } else {
                "Σ q₁q₂ log(q₁q₂ / p(z₁, z₂ | x)), after 50 sweeps from a q₂ with equal entries."
            };
            must(
                (gap - want).abs() < 1e-6,
                format!(
                    "{case}: KL(q ‖ posterior) gave {gap:.6}, and {want:.6} is right. {hint}"
                ),
            )?;
            most = most.max(gap);
        }
        Ok(format!(
            "Zero for the factor, and up to {most:.4} nats for the product. Only where the table is a product is there no gap."
        ))
    })
}

fn eruptions() -> Vec<f64> {
    old_faithful().x.column(0).to_vec()
}

fn prior([mean, strength, a, b]: [f64; 4]) -> Result<NormalGamma, Verdict> {
    NormalGamma::new(mean, strength, a, b).map_err(library)
}

const WEAK: [f64; 4] = [0.0, 0.001, 0.001, 0.001];

/// From rows, the prior (m, λ, a, b) and E τ, to both factors (m, λ, a, b).
type Turn = fn(&[f64], [f64; 4], f64) -> [f64; 4];

/// `normal(x, prior, tau)`: q(μ) for this E τ, and then q(τ).
pub fn normal(f: Turn) -> Verdict {
    verdict(|| {
        let mut last = (0.0, 0.0);
        for (numbers, mut tau) in [([2.0, 10.0, 3.0, 2.0], 4.0), (WEAK, 1.0)] {
            let (x, p) = (Array1::from(eruptions()), prior(numbers)?);
            let mut model = PrecisionFactor::start(p, tau).map_err(library)?;
            for turn in 1..=4 {
                let q = model.e_step(&x).map_err(library)?;
                model = model.m_step(&x, &q).map_err(library)?;
                let case = format!("prior {numbers:?}, turn {turn}: normal");
                let got = ask("normal", &case, move || f(&eruptions(), numbers, tau))?;
                let want = [q.mean, q.precision, model.a, model.b];
                let hints = [
                    "q(μ) has mean (λm + Σx)/(λ + N).",
                    "Its precision is (λ + N) E τ, with the E τ that you were given.",
                    "The shape grows by N/2, and by ½ more for the Gaussian factor of μ.",
                    "The rate grows by half the mean of Σ(x − μ)² + λ(μ − m)² under q(μ): each square has the variance of μ in it.",
                ];
                for i in 0..4 {
                    same(&format!("{case}: number {}", i + 1), got[i], want[i], hints[i])?;
                }
                tau = model.tau();
                let q = model.e_step(&x).map_err(library)?;
                last = (
                    model.elbo(&x, &q).map_err(library)?.nats(),
                    p.log_evidence(&x).map_err(library)?,
                );
            }
        }
        Ok(format!("The bound is {:.6}, and the evidence {:.6} nats.", last.0, last.1))
    })
}

/// From rows, the prior (m, λ, a, b) and both factors (m, λ, a, b) to nats.
type Bound = fn(&[f64], [f64; 4], [f64; 4]) -> f64;

/// `bound(x, prior, q)`: the whole bound of the normal.
pub fn bound(f: Bound) -> Verdict {
    verdict(|| {
        let x = Array1::from(eruptions());
        for (numbers, q) in [
            (WEAK, [3.4877702655504943, 209.5569284411683, 136.501, 177.17576210525317]),
            ([2.0, 10.0, 3.0, 2.0], [3.0, 90.0, 50.0, 60.0]),
        ] {
            let p = prior(numbers)?;
            let model = PrecisionFactor { prior: p, a: q[2], b: q[3] };
            let mean = MeanFactor { mean: q[0], precision: q[1] };
            let want = model.elbo(&x, &mean).map_err(library)?.nats();
            let evidence = p.log_evidence(&x).map_err(library)?;
            let case = format!("prior {numbers:?}: bound");
            let got = ask("bound", &case, move || f(&eruptions(), numbers, q))?;
            let off = got - want;
            let n = x.len() as f64;
            must(
                got <= evidence + 1e-9,
                format!(
                    "{case} gave {got:.4} nats, and log p(x) is {evidence:.4}: no bound may be above it. It is {off:.4} too large, which is {:.4} for each of the {n} rows. What has every Gaussian density that this lacks? ½ log 2π is {:.4}.",
                    off / n,
                    0.5 * LN_2PI
                ),
            )?;
            same(&case, got, want, "Every constant of every density belongs to it.")?;
        }
        Ok("−436.132227 nats, 0.001837 below the evidence: now two models can be compared."
            .into())
    })
}

/// Draws as regular as can be: the middles of equal shares of N(0, 1).
fn regular(n: usize) -> Vec<f64> {
    let (mut out, mut below, mut z) = (vec![], 0.0, -9.0f64);
    for i in 0..n {
        while below < (i as f64 + 0.5) / n as f64 {
            below += 1e-3 * (-0.5 * ((z + 5e-4) * (z + 5e-4) + LN_2PI)).exp();
            z += 1e-3;
        }
        out.push(z);
    }
    out
}

/// From the slope of log p(x, z) in z, and draws of N(0, 1), to m and s.
type Ascent = fn(&dyn Fn(f64) -> f64, &[f64]) -> (f64, f64);

/// `ascend(slope, noise)`: mean and standard deviation of the best Gaussian q.
pub fn ascend(f: Ascent) -> Verdict {
    verdict(|| {
        let mut worst: f64 = 0.0;
        for row in Tiny::default().every_x().rows() {
            let x = row.to_owned();
            let case = format!("pixels {x:.0}");
            let mine = x.clone();
            let (m, s) = ask("ascend", &case, move || {
                let model = Tiny::default();
                f(&|z| slope(&model, mine.view(), z), &regular(400))
            })?;
            must(
                m.abs() < 9.0 && (0.012..9.0).contains(&s),
                format!(
                    "{case}: ascend gave m = {m:.4} and s = {s:.4}. If s runs to zero, the entropy is missing: its slope in log s is 1. If both run away, take a smaller rate."
                ),
            )?;
            let hidden = Tiny::default().hidden(x.view()).map_err(library)?;
            let start = Gauss { mean: 0.0, sd: 1.0 };
            let (best, top) = hidden.best_gaussian(start).map_err(library)?;
            let q = Gauss { mean: m, sd: s };
            let lost = top.nats() - hidden.elbo(&q.on(&hidden)).nats();
            must(
                lost < 1e-3,
                format!(
                    "{case}: m = {m:.4}, s = {s:.4} is {lost:.4} nats below the best Gaussian, which has m = {:.4}, s = {:.4}. In m the slope is the mean of slope(m + sε); in log s it is the mean of slope(m + sε)·sε, and 1. Enough steps?",
                    best.mean, best.sd
                ),
            )?;
            worst = worst.max(lost);
        }
        Ok(format!(
            "All eight images: at most {worst:.1e} nats below the table's best Gaussian."
        ))
    })
}

/// The divergence at `q`, if a climb ends there.
fn end_of_a_climb(hidden: &Hidden, q: Gauss) -> Result<f64, Verdict> {
    must(
        q.mean.abs() < 12.0 && (0.05..4.0).contains(&q.sd),
        format!("m = {:.3}, s = {:.3} lies off the grid.", q.mean, q.sd),
    )?;
    let (bound, [by_mean, by_log_sd]) = hidden.slopes(q);
    must(
        by_mean.abs().max(by_log_sd.abs()) < 1e-4,
        format!(
            "at m = {:.3}, s = {:.3} the bound still has the slopes {by_mean:.4} and {by_log_sd:.4}: climb from there with peaks.reverse.",
            q.mean, q.sd
        ),
    )?;
    let near = |by: f64, times: f64| {
        let q = Gauss { mean: q.mean + by, sd: q.sd * times };
        -hidden.slopes(q).0.nats()
    };
    let around = [near(0.2, 1.0), near(-0.2, 1.0), near(0.0, 1.1), near(0.0, 0.9)];
    must(
        around.iter().all(|kl| *kl > -bound.nats()),
        format!(
            "m = {:.3}, s = {:.3} is level, but a pass: beside it the divergence falls, and no climb ends here.",
            q.mean, q.sd
        ),
    )?;
    Ok(-bound.nats())
}

/// `three(peaks)`: the three Gaussians where a climb in KL(q ‖ p) ends.
pub fn three(f: fn(&Peaks) -> Vec<Gauss>) -> Verdict {
    verdict(|| {
        let peaks = Peaks::new([0.7, 0.3], [-3.0, 4.0], [0.7, 1.0]).map_err(library)?;
        let found = ask("three", "three(peaks)", move || f(&peaks))?;
        must(
            found.len() == 3,
            format!("three gave {} Gaussians; it asks for three.", found.len()),
        )?;
        let hidden = peaks.hidden();
        let mut kls = vec![];
        for q in &found {
            kls.push(end_of_a_climb(&hidden, *q)?);
        }
        kls.sort_by(f64::total_cmp);
        must(
            kls.windows(2).all(|k| k[1] - k[0] > 1e-3),
            format!(
                "the divergences are {kls:.6?}, and two of them are one place. There is a place on each peak, and one between them, wide enough to touch both."
            ),
        )?;
        Ok(format!(
            "KL = {:.6}, {:.6} and {:.4}: three ends for one climb.",
            kls[0], kls[1], kls[2]
        ))
    })
}
