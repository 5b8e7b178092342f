//! The checks of the cloud of latent draws: what it resembles, why, and how to lay a mesh under it.
use super::near;
use crate::check::{Verdict, ask, library, must, same, same_table, verdict};
use crate::data::{digits, wine};
use crate::factor_analysis::FactorAnalysis;
use crate::gaussian::Moments;
use crate::vae::normal;
use ndarray::{Array1, Array2, ArrayView2, Axis};
use ndarray_rand::{RandomExt, rand_distr::StandardNormal};
use rand::{SeedableRng, rngs::StdRng};

/// From m, s and ε, all of shape (N, L), to one draw a row.
type Cloud = fn(ArrayView2<f64>, ArrayView2<f64>, ArrayView2<f64>) -> Array2<f64>;

/// `cloud`, `summary` and `share`: draws of q(z | x) for all rows, and how like N(0, I) they are.
pub fn cloud(
    f: Cloud,
    summary: fn(ArrayView2<f64>) -> [f64; 3],
    share: fn(f64) -> f64,
) -> Verdict {
    verdict(|| {
        let z = draws(f)?;
        for (name, z) in
            [("the cloud", z.clone()), ("a cloud off the middle", &z * 0.5 + 0.4)]
        {
            summed(name, z, summary)?;
        }
        for r in [0.5, 1.0, 2.0, 3.0f64] {
            let got = ask("cloud", &format!("share({r})"), move || share(r))?;
            let line = 2.0 * normal::cdf(r) - 1.0;
            let hint = if near(got, line, 6) {
                "That is the share within r on a line."
            } else if near(got, line * line, 6) {
                "That is a square. For a disc, integrate r e^(−r²/2) from 0."
            } else {
                "In polar coordinates the density of the radius is r e^(−r²/2)."
            };
            same(&format!("share({r})"), got, 1.0 - (-0.5 * r * r).exp(), hint)?;
        }
        let [off, spread, inside] = own_summary(&z);
        Ok(format!(
            "The mean is {off:.3} from 0, no entry of the covariance is further than {spread:.3} from I, and {inside:.3} of the draws lie within 1; of N(0, I) {:.3} do.",
            1.0 - (-0.5f64).exp()
        ))
    })
}

/// The digits under the best linear Gaussian model with two latents, and the reader's draws for them.
fn draws(f: Cloud) -> Result<Array2<f64>, Verdict> {
    let x = &digits().x;
    let model = FactorAnalysis::ppca(&Moments::of(x.view()).map_err(library)?, 2);
    let q = model.and_then(|m| m.posterior(x.view())).map_err(library)?;
    let sd = Array2::zeros(q.mean.dim()) + &q.covariance.diag().mapv(f64::sqrt);
    let e = Array2::random_using(q.mean.dim(), StandardNormal, &mut StdRng::seed_from_u64(2));
    let want = &q.mean + &(&sd * &e);
    let (m, s, noise) = (q.mean.clone(), sd.clone(), e.clone());
    let got = ask("cloud", "cloud", move || f(m.view(), s.view(), noise.view()))?;
    let is = |other: Array2<f64>| {
        got.dim() == other.dim() && (&got - &other).iter().all(|v| v.abs() < 1e-9)
    };
    let hint = if is(q.mean.clone()) {
        "Those are the means. The cloud is made of draws: means alone vary too little."
    } else if is(&q.mean + &e) {
        "The noise has the standard deviation s, not 1."
    } else if is(&q.mean + &(&sd * &sd * &e)) {
        "You multiplied with the variance."
    } else {
        "One draw a row: m + s ε, entry by entry."
    };
    same_table("cloud", &got, &want, hint)?;
    Ok(want)
}

fn own_summary(z: &Array2<f64>) -> [f64; 3] {
    let n = z.nrows() as f64;
    let mean = z.sum_axis(Axis(0)) / n;
    let centred = z - &mean;
    let gap = centred.t().dot(&centred) / n - Array2::<f64>::eye(z.ncols());
    let far = gap.iter().fold(0.0, |m: f64, v| m.max(v.abs()));
    let inside = z.rows().into_iter().filter(|r| r.dot(r) < 1.0).count();
    [mean.dot(&mean).sqrt(), far, inside as f64 / n]
}

fn summed(
    name: &str,
    z: Array2<f64>,
    f: fn(ArrayView2<f64>) -> [f64; 3],
) -> Result<(), Verdict> {
    let want = own_summary(&z);
    let got = ask("cloud", "summary", move || f(z.view()))?;
    let hints = [
        "The length of the mean vector: the root of the sum of its squares.",
        "The largest entry, in size, of the covariance (divided by N) less I.",
        "The share of the rows whose distance from 0 is below 1.",
    ];
    for i in 0..3 {
        same(&format!("summary of {name}: number {}", i + 1), got[i], want[i], hints[i])?;
    }
    Ok(())
}

/// From posterior means of shape (N, L) and their one covariance, to mean and covariance of the average posterior.
type Average = fn(ArrayView2<f64>, ArrayView2<f64>) -> (Array1<f64>, Array2<f64>);

/// `average` and `needs`: when the average posterior is the prior.
pub fn average(f: Average, needs: fn() -> [u8; 4]) -> Verdict {
    verdict(|| {
        let all = Moments::of(wine().x.view()).map_err(library)?;
        let x = (&wine().x - &all.mean) / all.covariance.diag().mapv(f64::sqrt);
        let data = Moments::of(x.view()).map_err(library)?;
        let best = FactorAnalysis::ppca(&data, 2).map_err(library)?;
        let (mut wide, mut sure) = (best.clone(), best.clone());
        wide.w *= 2.0;
        sure.psi *= 0.5;
        let mut off = vec![];
        for (name, model) in
            [("the best fit", best), ("W doubled", wide), ("σ² halved", sure)]
        {
            let q = model.posterior(x.view()).map_err(library)?;
            off.push(averaged(name, q.mean, q.covariance, f)?);
        }
        steps(ask("average", "needs", needs)?)?;
        Ok(format!(
            "The covariance differs from I by {:.0e} at the best fit, by {:.3} with W doubled and by {:.3} with σ² halved, each time with the exact posterior.",
            off[0], off[1], off[2]
        ))
    })
}

fn averaged(name: &str, m: Array2<f64>, g: Array2<f64>, f: Average) -> Result<f64, Verdict> {
    let n = m.nrows() as f64;
    let mean = m.sum_axis(Axis(0)) / n;
    let between = (&m - &mean).t().dot(&(&m - &mean)) / n;
    let want = &between + &g;
    let (given, one) = (m.clone(), g.clone());
    let (at, got) = ask("average", name, move || f(given.view(), one.view()))?;
    let row = |v: &Array1<f64>| v.clone().insert_axis(Axis(0));
    same_table(
        &format!("{name}: the mean"),
        &row(&at),
        &row(&mean),
        "The mean of the means.",
    )?;
    let is = |other: Array2<f64>| {
        got.dim() == other.dim() && (&got - &other).iter().all(|v| v.abs() < 1e-9)
    };
    let hint = if is(between.clone()) {
        "Each posterior has a width of its own: add G."
    } else if is(&want * n) || is(&between * n + &g) || is(&(&between + &g) * n) {
        "A sum of N densities is no density: divide by N."
    } else if is(&between * (n / (n - 1.0)) + &g) {
        "Divide by N: the mixture has N components, each of weight 1/N."
    } else {
        "The covariance of a mixture: the mean of the covariances, and the covariance of the means."
    };
    same_table(&format!("{name}: the covariance"), &got, &want, hint)?;
    Ok((want - Array2::<f64>::eye(g.nrows())).iter().fold(0.0, |m, v| m.max(v.abs())))
}

fn steps(got: [u8; 4]) -> Result<(), Verdict> {
    let why = [
        "A mean over rows stands for an integral over the data's own distribution: that takes many rows (1), and the 1/N.",
        "q(z | x) is exchanged for p(z | x): that takes a good encoder (2).",
        "The data's distribution is exchanged for the model's p(x): that takes a good decoder (3), and no encoder can make up for it.",
        "The product rule, and an integral over x: an identity (0).",
    ];
    for (i, want) in [1, 2, 3, 0].into_iter().enumerate() {
        must(
            got[i] == want,
            format!("needs: step {} does not rest on {}. {}", i + 1, got[i], why[i]),
        )?;
    }
    Ok(())
}

/// `quantile`, `mesh` and `outside`: Φ⁻¹, the middles of equal shares, and what a mesh leaves out.
pub fn quantile(
    f: fn(f64) -> f64,
    mesh: fn(usize) -> Vec<f64>,
    outside: fn(usize) -> f64,
) -> Verdict {
    verdict(|| {
        for p in [0.5, 0.975, 0.1, 0.9999, 1e-9, 0.025] {
            let want = normal::quantile(p).map_err(library)?;
            let case = format!("quantile({p})");
            let got = ask("quantile", &case, move || f(p))?;
            let hint = if near(got, -want, 6) && p != 0.5 {
                "The other tail."
            } else if (got - want).abs() < 1e-3 {
                "Nearly: nine digits are asked for. More steps?"
            } else {
                "Find the z with vae::normal::cdf(z) = p: halve an interval from −10 to 10."
            };
            must(
                (got - want).abs() < 1e-9 * want.abs().max(1.0),
                format!("{case} gave {got:.10}, and {want:.10} is right. {hint}"),
            )?;
        }
        for n in [2, 20] {
            meshed(n, mesh)?;
            let got = ask("quantile", &format!("outside({n})"), move || outside(n))?;
            let inside = 1.0 - 1.0 / n as f64;
            let hint = if near(got, 1.0 - inside, 9) {
                "That is one axis. A draw is outside if either of its two numbers is."
            } else if near(got, inside * inside, 9) {
                "That is the share inside."
            } else {
                "The outermost middles are at 1/(2n) and 1 − 1/(2n)."
            };
            same(&format!("outside({n})"), got, 1.0 - inside * inside, hint)?;
        }
        Ok("The 20 middles have variance 0.938557 and end at ±1.96: almost a tenth of the prior lies outside. A finite mesh is a box too; its merit is that all its cells weigh the same.".into())
    })
}

fn meshed(n: usize, mesh: fn(usize) -> Vec<f64>) -> Result<(), Verdict> {
    let want = normal::middles(n).map_err(library)?;
    let got = ask("quantile", &format!("mesh({n})"), move || mesh(n))?;
    must(
        got.len() == n && got.iter().all(|z| z.is_finite()),
        format!(
            "mesh({n}) = {got:.3?}: {n} finite places. At shares of 0 and 1 the quantile is infinite: take the middles (i + ½)/n."
        ),
    )?;
    for (i, (got, want)) in got.iter().zip(&want).enumerate() {
        let hint = "The share below the middle of cell i is (i + ½)/n.";
        same(&format!("mesh({n})[{i}]"), *got, *want, hint)?;
    }
    Ok(())
}
