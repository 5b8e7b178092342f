//! The check of bounds with several draws.
use super::near;
use crate::check::{Verdict, ask, library, must, same, verdict};
use crate::elbo::{Gauss, Hidden, Tiny};
use crate::gaussian::log_sum_exp;
use ndarray::{Array1, Array2, ArrayView2, array};
use ndarray_rand::{RandomExt, rand_distr::StandardNormal};
use rand::{SeedableRng, rngs::StdRng};

/// From k log weights a row to nats.
type Weighted = fn(ArrayView2<f64>) -> f64;

/// From the probabilities of places and their log weights to nats.
type Two = fn(&[f64], &[f64]) -> f64;

const Q: Gauss = Gauss { mean: 0.3, sd: 0.9 };

/// The tiny decoder's image 101.
fn hidden() -> Result<Hidden, Verdict> {
    Tiny::default().hidden(array![1.0, 0.0, 1.0].view()).map_err(library)
}

/// `weighted(log_weights)` and `pair(p, log_weights)`: the weighted bound, from draws and exactly for two.
pub fn weighted(f: Weighted, pair: Two) -> Verdict {
    verdict(|| {
        two_rows(f)?;
        let two = exact(pair)?;
        let all = draws();
        let mut line = vec![];
        for k in [1, 2, 5, 50] {
            let shape = (all.len() / k, k);
            let part = Array2::from_shape_fn(shape, |(row, i)| all[row * k + i]);
            line.push(ask("weighted", &format!("k = {k}"), move || f(part.view()))?);
        }
        must(
            line.windows(2).all(|b| b[0] < b[1]) && (line[1] - two).abs() < 0.01,
            format!("k = 1, 2, 5, 50 gave {line:.4?}, and with more draws it should rise."),
        )?;
        let hidden = hidden()?;
        Ok(format!(
            "Exactly {:.6} and {two:.6} nats for k = 1 and 2; from draws {line:.3?} for k = 1, 2, 5, 50; log p(x) = {:.6}.",
            hidden.elbo(&Q.on(&hidden)).nats(),
            hidden.log_evidence()
        ))
    })
}

fn two_rows(f: Weighted) -> Result<(), Verdict> {
    let w = array![[0.0, 3f64.ln()], [-900.0, -900.0]];
    let want = 0.5 * (2f64.ln() - 900.0);
    let got = ask("weighted", "two rows", move || f(w.view()))?;
    let hint = if near(got, 0.5 * (0.5 * 3f64.ln() - 900.0), 9) {
        "That is the mean of the logarithms, the plain bound. Take the mean of the weights of a row first."
    } else if !got.is_finite() {
        "exp(−900) is zero in 64 bits: use gaussian::log_sum_exp."
    } else if near(got, want + 2f64.ln(), 9) {
        "A mean of k weights: divide by k."
    } else {
        "For each row the log of the mean weight; then the mean over rows."
    };
    same("weights 1, 3 in one row, e^−900 twice in the other", got, want, hint)
}

/// 200000 log weights of draws from q.
fn draws() -> Array1<f64> {
    let (model, mut rng) = (Tiny::default(), StdRng::seed_from_u64(9));
    let weight = |e: f64| {
        let z = Q.mean + Q.sd * e;
        let odds = model.w.dot(&(z * &model.a + &model.b).mapv(f64::tanh));
        let fit = odds[0] + odds[2] - odds.mapv(|a| a.exp().ln_1p()).sum();
        fit - 0.5 * z * z + 0.5 * e * e + Q.sd.ln()
    };
    Array1::random_using(200_000, StandardNormal, &mut rng).mapv(weight)
}

/// The bound with two draws, by a double sum over a coarser grid.
fn exact(pair: Two) -> Result<f64, Verdict> {
    let hidden = hidden()?;
    let log_q = Q.on(&hidden);
    let weight = hidden.log_joint() - &log_q;
    let some = |v: &Array1<f64>| v.iter().copied().step_by(12).collect::<Vec<f64>>();
    let p: Vec<f64> = some(&log_q).iter().map(|l| 0.12 * l.exp()).collect();
    let w = some(&weight);
    let mut want = 0.0;
    for (p1, w1) in p.iter().zip(&w) {
        for (p2, w2) in p.iter().zip(&w) {
            want += p1 * p2 * (log_sum_exp(&[*w1, *w2]) - 2f64.ln());
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
