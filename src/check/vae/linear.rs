//! The checks of the linear autoencoder, of latents that switch off, and of weighted bounds.
use super::near;
use crate::check::{Verdict, ask, library, must, random, same, same_table, verdict};
use crate::data::wine;
use crate::elbo::{Gauss, Tiny};
use crate::factor_analysis::{FactorAnalysis, ppca_log_likelihood};
use crate::gaussian::{LN_2PI, Moments, log_sum_exp};
use crate::linalg::{cholesky, eigen_symmetric, solve_lower};
use ndarray::{Array1, Array2, ArrayView2, Axis, array};
use ndarray_rand::{RandomExt, rand_distr::StandardNormal};
use rand::{SeedableRng, rngs::StdRng};

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
        let s = data.covariance.clone();
        let mut ends = vec![];
        for seed in 1..=3 {
            let w = random(13, 2, seed);
            if seed == 1 {
                one_turn(&s, &w, encoder, decoder, bound)?;
            }
            let given = s.clone();
            let case = format!("1500 turns from start {seed}");
            let (trace, w) = ask("linear", &case, move || {
                let (mut w, mut noise, mut trace) = (w, 1.0, vec![]);
                for _ in 0..1500 {
                    let (gain, v) = encoder(w.view(), noise);
                    trace.push(bound(given.view(), w.view(), noise, gain.view(), &v));
                    (w, noise) = decoder(given.view(), gain.view(), &v);
                }
                (trace, w)
            })?;
            must(
                trace.windows(2).all(|t| t[1] >= t[0] - 1e-9),
                format!("{case}: the bound falls on the way."),
            )?;
            let end = data.rows * trace.last().copied().unwrap_or(f64::NAN);
            let best = eigen_symmetric(s.view()).map_err(library)?;
            let top =
                ppca_log_likelihood(data.rows, &best.values.to_vec(), 2).map_err(library)?;
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
            ends.push(end);
        }
        Ok(format!(
            "From three starts {:.6} nats, which is the likelihood of PPCA; and WᵀW is diagonal, as the diagonal q wants it.",
            ends[0]
        ))
    })
}

fn inverse(a: &Array2<f64>) -> Result<Array2<f64>, Verdict> {
    let l = cholesky(a.view()).map_err(library)?;
    let half = solve_lower(l.view(), Array2::eye(a.nrows()).view()).map_err(library)?;
    Ok(half.t().dot(&half))
}

fn one_turn(
    s: &Array2<f64>,
    w: &Array2<f64>,
    encoder: Encoder,
    decoder: Decoder,
    bound: Bound,
) -> Result<(), Verdict> {
    let (noise, l) = (0.7, w.ncols());
    let m = w.t().dot(w) + Array2::<f64>::eye(l) * noise;
    let (gain, v) = (inverse(&m)?.dot(&w.t()), m.diag().mapv(|m| noise / m));
    let column = |v: &Array1<f64>| v.clone().insert_axis(Axis(1));
    let given = w.clone();
    let got = ask("linear", "encoder", move || encoder(given.view(), noise))?;
    let hint = "The best mean is the posterior's: V = (WᵀW + σ²I)⁻¹Wᵀ.";
    same_table("encoder: V", &got.0, &gain, hint)?;
    let exact = inverse(&m)?.diag().mapv(|g| g * noise);
    let off = got.1.len() == l && (&got.1 - &exact).iter().all(|d| d.abs() < 1e-9);
    let hint = if off {
        "Those are the posterior's own variances. In KL(q ‖ posterior) a product takes 1 over the diagonal of the precision."
    } else {
        "The precision of the posterior is (WᵀW + σ²I)/σ²; take 1 over its diagonal."
    };
    same_table("encoder: the variances", &column(&got.1), &column(&v), hint)?;
    let (a, g, one) = (s.clone(), gain.clone(), v.clone());
    let (w2, noise2) = ask("linear", "decoder", move || decoder(a.view(), g.view(), &one))?;
    let second = gain.dot(s).dot(&gain.t()) + Array2::from_diag(&v);
    let best = s.dot(&gain.t()).dot(&inverse(&second)?);
    let hint = "W = SVᵀ(VSVᵀ + diag v)⁻¹: a regression of x on the draws of q.";
    same_table("decoder: W", &w2, &best, hint)?;
    let d = s.nrows() as f64;
    let left = (s.diag().sum() - best.dot(&gain).dot(s).diag().sum()) / d;
    same("decoder: σ²", noise2, left, "σ² = tr(S − WVS)/D, with the new W.")?;
    let (a, b, g, one) = (s.clone(), w.clone(), gain.clone(), v.clone());
    let got =
        ask("linear", "bound", move || bound(a.view(), b.view(), noise, g.view(), &one))?;
    let cross = w.dot(&gain).dot(s).diag().sum();
    let square = s.diag().sum() - 2.0 * cross + (w.t().dot(w) * &second).sum();
    let fit = -0.5 * d * (LN_2PI + noise.ln()) - 0.5 * square / noise;
    let moved = (second.diag().sum() - l as f64 - v.mapv(f64::ln).sum()) / 2.0;
    let hint = if near(got, fit + moved, 9) {
        "The cost is taken off."
    } else if near(got, fit - moved + 0.5 * d * LN_2PI, 9) {
        "The constant −½ D log 2π belongs to it."
    } else {
        "−½D log 2πσ² − (tr S − 2 tr WVS + tr WᵀW(VSVᵀ + diag v))/(2σ²) − ½(tr(VSVᵀ) + Σ(v − 1 − log v))."
    };
    same("bound", got, fit - moved, hint)
}

/// From eigenvalues, L and σ² to the number of active latents, and the variances of q.
type Switched = fn(&[f64], usize, f64) -> (usize, Vec<f64>);

/// `switched(eigenvalues, l, noise)`: which latents of the best model with this noise still say something.
pub fn switched(f: Switched) -> Verdict {
    verdict(|| {
        let data = data()?;
        let values =
            eigen_symmetric(data.covariance.view()).map_err(library)?.values.to_vec();
        let mut told = vec![];
        for (l, noise) in [(10, 0.5), (10, 1.0), (10, 2.0), (5, 1.0), (3, 6.0)] {
            let best = FactorAnalysis::ppca_at(&data, l, noise).map_err(library)?;
            let g = best.gain().map_err(library)?.1;
            let want = values[..l].iter().filter(|v| **v > noise).count();
            let (case, given) = (format!("L = {l}, σ² = {noise}"), values.clone());
            let (count, v) = ask("switched", &case, move || f(&given, l, noise))?;
            let hint = if count == values.iter().filter(|v| **v <= noise).count() {
                "Those are the ones that are off."
            } else if count > l {
                "There are only L latents, for the L largest eigenvalues."
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
                let hint = if near(*v, 1.0 - g[[j, j]], 9) {
                    "That is 1 − σ²/λ, the variance of the means. Of q it is what is left of 1."
                } else if want <= j {
                    "A latent that is off has q equal to the prior: its variance is 1."
                } else {
                    "The column of W has the squared length λ − σ², and the posterior's variance is σ²/(λ − σ² + σ²)."
                };
                same(&format!("{case}: variance of latent {j}"), *v, g[[j, j]], hint)?;
            }
            told.push(count);
        }
        Ok(format!(
            "Of ten latents {}, {} and {} are active at σ² = 0.5, 1 and 2. Where σ² is learned it is the mean of the eigenvalues left over, and below all that are kept.",
            told[0], told[1], told[2]
        ))
    })
}

/// `weighted(log_weights)` and `pair(p, log_weights)`: the weighted bound, from draws and exactly for two.
pub fn weighted(f: fn(ArrayView2<f64>) -> f64, pair: fn(&[f64], &[f64]) -> f64) -> Verdict {
    verdict(|| {
        let w = array![[0.0, 3f64.ln()], [-900.0, -900.0]];
        let (got, want) =
            (ask("weighted", "two rows", move || f(w.view()))?, -449.653_426_409_720_03);
        let hint = if near(got, 0.5 * (0.5 * 3f64.ln() - 900.0), 9) {
            "That is the mean of the logarithms, the plain bound. Take the mean of the weights of a row first."
        } else if got == f64::NEG_INFINITY || got.is_nan() {
            "exp(−900) is zero in 64 bits: use gaussian::log_sum_exp."
        } else if near(got, want + 2f64.ln(), 9) {
            "A mean of k weights: divide by k."
        } else {
            "For each row the log of the mean weight; then the mean over rows."
        };
        same("weights 1, 3 and e^−900, e^−900", got, want, hint)?;
        let hidden = Tiny::default().hidden(array![1.0, 0.0, 1.0].view()).map_err(library)?;
        let q = Gauss { mean: 0.3, sd: 0.9 };
        let two = exact(q, pair)?;
        let mut rng = StdRng::seed_from_u64(9);
        let e = Array2::random_using((4000, 50), StandardNormal, &mut rng);
        let model = Tiny::default();
        let weight = |e: f64| {
            let z = q.mean + q.sd * e;
            let odds = model.w.dot(&(z * &model.a + &model.b).mapv(f64::tanh));
            let fit = odds[0] + odds[2] - odds.mapv(|a| a.exp().ln_1p()).sum();
            fit - 0.5 * z * z + 0.5 * e * e + q.sd.ln()
        };
        let all = e.mapv(weight);
        let mut line = vec![];
        for k in [1, 2, 5, 50] {
            let part =
                Array2::from_shape_vec((4000 * 50 / k, k), all.iter().copied().collect());
            let part = part.map_err(|e| Verdict::Fail(e.to_string()))?;
            line.push(ask("weighted", &format!("k = {k}"), move || f(part.view()))?);
        }
        must(
            line.windows(2).all(|b| b[0] < b[1]) && (line[1] - two).abs() < 0.01,
            format!("k = 1, 2, 5, 50 gave {line:.4?}, and with more draws it should rise."),
        )?;
        Ok(format!(
            "Exactly {:.6} and {two:.6} nats for k = 1 and 2; from draws {line:.3?} for k = 1, 2, 5, 50; log p(x) = {:.6}.",
            hidden.elbo(&q.on(&hidden)).nats(),
            hidden.log_evidence()
        ))
    })
}

/// The bound with two draws, by a double sum over a coarser grid.
fn exact(q: Gauss, pair: fn(&[f64], &[f64]) -> f64) -> Result<f64, Verdict> {
    let hidden = Tiny::default().hidden(array![1.0, 0.0, 1.0].view()).map_err(library)?;
    let log_q = q.on(&hidden);
    let weight = hidden.log_joint() - &log_q;
    let some = |v: &Array1<f64>| v.iter().copied().step_by(12).collect::<Vec<f64>>();
    let p: Vec<f64> = some(&log_q).iter().map(|l| 0.12 * l.exp()).collect();
    let w = some(&weight);
    let mut want = 0.0;
    for (p, v) in p.iter().zip(&w) {
        for (r, u) in p_and(&w, &some(&log_q)) {
            want += p * r * (log_sum_exp(&[*v, u]) - 2f64.ln());
        }
    }
    let got = ask("weighted", "pair", move || pair(&p, &w))?;
    let hint = if near(got, want + 2f64.ln(), 9) {
        "The mean of two weights is their sum divided by 2."
    } else {
        "Σᵢ Σⱼ pᵢ pⱼ log((wᵢ + wⱼ)/2): both draws go through all places."
    };
    same("pair", got, want, hint)?;
    Ok(want)
}

/// Probabilities of places, and their log weights.
fn p_and(w: &[f64], log_q: &[f64]) -> Vec<(f64, f64)> {
    log_q.iter().map(|l| 0.12 * l.exp()).zip(w.iter().copied()).collect()
}
