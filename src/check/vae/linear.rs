//! The checks of the linear autoencoder, and of latents that switch off.
use super::near;
use crate::check::{Verdict, ask, library, must, random, same, same_table, verdict};
use crate::data::wine;
use crate::factor_analysis::{FactorAnalysis, ppca_log_likelihood};
use crate::gaussian::{LN_2PI, Moments};
use crate::linalg::{cholesky, eigen_symmetric, solve_lower};
use ndarray::{Array1, Array2, ArrayView2, Axis};

/// The wines, each column of variance 1.
fn data() -> Result<Moments, Verdict> {
    Moments::of(wine().x.view()).and_then(|m| m.standardised()).map_err(library)
}

/// From W of shape (D, L) and σ² to V of shape (L, D), so that m = V(x − μ), and the variances of q.
type Encoder = fn(ArrayView2<f64>, f64) -> (Array2<f64>, Array1<f64>);

/// From S, V and the variances of q to W and σ².
type Decoder = fn(ArrayView2<f64>, ArrayView2<f64>, &Array1<f64>) -> (Array2<f64>, f64);

/// From S, W, σ², V and the variances of q to nats a row.
type Bound = fn(ArrayView2<f64>, ArrayView2<f64>, f64, ArrayView2<f64>, &Array1<f64>) -> f64;

/// `encoder`, `decoder` and `bound`: a linear autoencoder with a diagonal q, fitted by turns.
pub fn linear(encoder: Encoder, decoder: Decoder, bound: Bound) -> Verdict {
    verdict(|| {
        let data = data()?;
        first_encoder(encoder)?;
        first_decoder(&data.covariance, decoder)?;
        first_bound(&data.covariance, bound)?;
        let mut ends = vec![];
        for seed in 1..=3 {
            ends.push(fitted(&data, seed, encoder, decoder, bound)?);
        }
        Ok(format!(
            "From three starts {:.6} nats, which is the likelihood of PPCA; and WᵀW is diagonal, as the diagonal q wants it.",
            ends[0]
        ))
    })
}

/// The end of 1000 turns, in nats for all rows.
fn fitted(
    data: &Moments,
    seed: u64,
    encoder: Encoder,
    decoder: Decoder,
    bound: Bound,
) -> Result<f64, Verdict> {
    let s = data.covariance.clone();
    let case = format!("1000 turns from start {seed}");
    let (trace, w) = ask("linear", &case, move || {
        let (mut w, mut noise, mut trace) = (random(13, 2, seed), 1.0, vec![]);
        for _ in 0..1000 {
            let (gain, v) = encoder(w.view(), noise);
            trace.push(bound(s.view(), w.view(), noise, gain.view(), &v));
            (w, noise) = decoder(s.view(), gain.view(), &v);
        }
        (trace, w)
    })?;
    must(
        trace.windows(2).all(|t| t[1] >= t[0] - 1e-9),
        format!("{case}: the bound falls on the way."),
    )?;
    let end = data.rows * trace.last().copied().unwrap_or(f64::NAN);
    let best = eigen_symmetric(data.covariance.view()).map_err(library)?;
    let top = ppca_log_likelihood(data.rows, &best.values.to_vec(), 2).map_err(library)?;
    must(
        (end - top).abs() < 1e-6,
        format!("{case}: the bound ends at {end:.6} nats, and PPCA has {top:.6}."),
    )?;
    let tied = w.t().dot(&w)[[0, 1]].abs();
    must(
        tied < 1e-4,
        format!(
            "{case}: the columns of W have the product {tied:.6}; at the end it should be 0."
        ),
    )?;
    Ok(end)
}

fn inverse(a: &Array2<f64>) -> Result<Array2<f64>, Verdict> {
    let l = cholesky(a.view()).map_err(library)?;
    let half = solve_lower(l.view(), Array2::eye(a.nrows()).view()).map_err(library)?;
    Ok(half.t().dot(&half))
}

/// W, σ², V, the variances of q, and WᵀW + σ²I.
type Place = (Array2<f64>, f64, Array2<f64>, Array1<f64>, Array2<f64>);

/// Some decoder, and the best encoder for it.
fn some() -> Result<Place, Verdict> {
    let (w, noise) = (random(13, 2, 1), 0.7);
    let m = w.t().dot(&w) + Array2::<f64>::eye(2) * noise;
    let gain = inverse(&m)?.dot(&w.t());
    let v = m.diag().mapv(|m| noise / m);
    Ok((w, noise, gain, v, m))
}

fn first_encoder(encoder: Encoder) -> Result<(), Verdict> {
    let (w, noise, gain, v, m) = some()?;
    let column = |v: &Array1<f64>| v.clone().insert_axis(Axis(1));
    let got = ask("linear", "encoder", move || encoder(w.view(), noise))?;
    let hint = "The best mean is the posterior's: V = (I + WᵀW/σ²)⁻¹Wᵀ/σ².";
    same_table("encoder: V", &got.0, &gain, hint)?;
    let exact = inverse(&m)?.diag().mapv(|g| g * noise);
    let off = got.1.len() == 2 && (&got.1 - &exact).iter().all(|d| d.abs() < 1e-9);
    let hint = if off {
        "Those are the posterior's own variances. In KL(q ‖ posterior) a product takes 1 over the diagonal of the precision."
    } else {
        "The precision of the posterior is I + WᵀW/σ²; take 1 over its diagonal."
    };
    same_table("encoder: the variances", &column(&got.1), &column(&v), hint)
}

fn first_decoder(s: &Array2<f64>, decoder: Decoder) -> Result<(), Verdict> {
    let (_, _, gain, v, _) = some()?;
    let (given, g, one) = (s.clone(), gain.clone(), v.clone());
    let (w, noise) = ask("linear", "decoder", move || decoder(given.view(), g.view(), &one))?;
    let second = gain.dot(s).dot(&gain.t()) + Array2::from_diag(&v);
    let best = s.dot(&gain.t()).dot(&inverse(&second)?);
    let hint = "W = SVᵀ(VSVᵀ + diag v)⁻¹: a regression of x on the draws of q.";
    same_table("decoder: W", &w, &best, hint)?;
    let left = (s.diag().sum() - best.dot(&gain).dot(s).diag().sum()) / s.nrows() as f64;
    same("decoder: σ²", noise, left, "σ² = tr(S − WVS)/D, with the new W.")
}

fn first_bound(s: &Array2<f64>, bound: Bound) -> Result<(), Verdict> {
    let (w, noise, gain, v, _) = some()?;
    let (given, b, g, one) = (s.clone(), w.clone(), gain.clone(), v.clone());
    let got =
        ask("linear", "bound", move || bound(given.view(), b.view(), noise, g.view(), &one))?;
    let (d, second) = (s.nrows() as f64, gain.dot(s).dot(&gain.t()) + Array2::from_diag(&v));
    let cross = w.dot(&gain).dot(s).diag().sum();
    let square = s.diag().sum() - 2.0 * cross + (w.t().dot(&w) * &second).sum();
    let fit = -0.5 * d * (LN_2PI + noise.ln()) - 0.5 * square / noise;
    let cost = (second.diag().sum() - v.mapv(|v| 1.0 + v.ln()).sum()) / 2.0;
    let hint = if near(got, fit + cost, 9) {
        "The cost is taken off."
    } else if near(got, fit - cost + 0.5 * d * LN_2PI, 9) {
        "The constant −½ D log 2π belongs to it."
    } else {
        "−½D log 2πσ² − (tr S − 2 tr WVS + tr WᵀW(VSVᵀ + diag v))/(2σ²) − ½(tr(VSVᵀ) + Σ(v − 1 − log v))."
    };
    same("bound", got, fit - cost, hint)
}

/// From eigenvalues, L and σ² to the number of active latents, and the variances of q.
type Switched = fn(&[f64], usize, f64) -> (usize, Vec<f64>);

/// `switched(eigenvalues, l, noise)`: which latents of the best model with this noise still say something.
pub fn switched(f: Switched) -> Verdict {
    verdict(|| {
        let data = data()?;
        let mut told = vec![];
        for (l, noise) in [(10, 0.5), (10, 1.0), (10, 2.0), (5, 1.0), (3, 6.0)] {
            told.push(switched_at(&data, l, noise, f)?);
        }
        Ok(format!(
            "Of ten latents {}, {} and {} are active at σ² = 0.5, 1 and 2. Where σ² is learned it is the mean of the eigenvalues left over, and below all that are kept.",
            told[0], told[1], told[2]
        ))
    })
}

fn switched_at(data: &Moments, l: usize, noise: f64, f: Switched) -> Result<usize, Verdict> {
    let values = eigen_symmetric(data.covariance.view()).map_err(library)?.values.to_vec();
    let best = FactorAnalysis::ppca_at(data, l, noise).map_err(library)?;
    let g = best.gain().map_err(library)?.1;
    let want = values[..l].iter().filter(|v| **v > noise).count();
    let (case, given) = (format!("L = {l}, σ² = {noise}"), values.clone());
    let (count, v) = ask("switched", &case, move || f(&given, l, noise))?;
    let hint = if count > l {
        "There are only L latents, for the L largest eigenvalues."
    } else if count == l - want {
        "Those are the ones that are off."
    } else {
        "A direction is worth a latent only if its eigenvalue is above σ²."
    };
    must(count == want, format!("{case}: {count} active, and {want} are. {hint}"))?;
    must(
        v.len() == l,
        format!(
            "{case}: {} variances, and there are {l} latents: one that is off has one too.",
            v.len()
        ),
    )?;
    for (j, v) in v.iter().enumerate() {
        let hint = if want <= j {
            "A latent that is off has q equal to the prior: its variance is 1."
        } else if near(*v, 1.0 - g[[j, j]], 9) {
            "That is 1 − σ²/λ, the variance of the means. Of q it is what is left of 1."
        } else {
            "The column of W has the squared length λ − σ², and the posterior's variance is σ²/(λ − σ² + σ²)."
        };
        same(&format!("{case}: variance of latent {j}"), *v, g[[j, j]], hint)?;
    }
    Ok(want)
}
