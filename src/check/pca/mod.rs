//! The checks of chapter 1's exercises.
mod later;

pub use later::{explained, nearest, round_trip, same_plane};

use super::{Verdict, ask, library, must, random, same, same_table, verdict};
use crate::data::{digits, iris};
use crate::linalg::second_moment;
use crate::pca::{Origin, Pca, mean_square, tied};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, array};

fn iris_fit(origin: Origin) -> Result<Pca, Verdict> {
    Pca::by_eigen(iris().x.view(), origin).map_err(library)
}

/// `error_left(S, W)`: E‖x − WWᵀx‖² for orthonormal columns, without a single row of data.
pub fn error_left(f: fn(ArrayView2<f64>, ArrayView2<f64>) -> f64) -> Verdict {
    verdict(|| {
        for l in 1..=3 {
            let fit = iris_fit(Origin::Mean)?.keep(l).map_err(library)?;
            let centred = &iris().x - &fit.mean;
            let (moment, w) = (second_moment(centred.view()), fit.w.clone());
            let case = format!("iris, L = {l}: error_left(S, W)");
            let got = ask("error_left", &case, move || f(moment.view(), w.view()))?;
            let hint = if (got + fit.discarded()).abs() < 1e-9 {
                "The sign is turned round."
            } else {
                "All the variance is tr S; what W keeps is tr WᵀSW."
            };
            same(&case, got, fit.discarded(), hint)?;
        }
        let (x, w) = (
            random(40, 5, 1),
            Pca::by_eigen(random(9, 5, 2).view(), Origin::Zero)
                .map_err(library)?
                .keep(2)
                .map_err(library)?
                .w,
        );
        let want = mean_square(x.view(), x.dot(&w).dot(&w.t()).view());
        let moment = second_moment(x.view());
        let got = ask("error_left", "a W that is not the best one", move || {
            f(moment.view(), w.view())
        })?;
        same(
            "a W that is not the best one: error_left(S, W)",
            got,
            want,
            "The eigenvalues of S alone do not tell: W need not hold eigenvectors.",
        )?;
        Ok("Iris keeps 0.342417 square centimetres of error at L = 1 and 0.101364 at L = 2: the eigenvalues left out.".into())
    })
}

/// `gradient(S, W)`: the derivative of E‖x − WWᵀx‖².
pub fn gradient(f: fn(ArrayView2<f64>, ArrayView2<f64>) -> Array2<f64>) -> Verdict {
    verdict(|| {
        let moment = second_moment(random(30, 4, 3).view());
        for seed in 4..7 {
            let w = random(4, 2, seed);
            let mut want = Array2::zeros(w.dim());
            for at in ndarray::indices(w.dim()) {
                let nudged = |h: f64| {
                    let mut v = w.clone();
                    v[at] += h;
                    tied::loss(moment.view(), v.view()).unwrap_or(f64::NAN)
                };
                want[at] = (nudged(1e-5) - nudged(-1e-5)) / 2e-5;
            }
            let (s2, w2) = (moment.clone(), w.clone());
            let got = ask("gradient", "gradient(S, W)", move || f(s2.view(), w2.view()))?;
            must(
                got.dim() == w.dim(),
                format!("gradient(S, W) has shape {:?}, and W has {:?}.", got.dim(), w.dim()),
            )?;
            must(got.iter().all(|v| v.is_finite()), "gradient(S, W) is not finite.")?;
            let off = (&got - &want).iter().fold(0.0f64, |m, v| m.max(v.abs()));
            let half = (2.0 * &got - &want).iter().all(|v| v.abs() < 1e-6);
            let hint = if half {
                "It is half of what it should be: W stands in the loss more than once."
            } else {
                "Differentiate −2 tr(WᵀSW) and tr(WᵀSW WᵀW) one after the other; each W in a product gives a term."
            };
            must(
                off < 1e-6,
                format!(
                    "gradient(S, W) differs from the central differences of the loss by up to {off:.4}. {hint}"
                ),
            )?;
        }
        Ok("It agrees with central differences of the loss for three random W.".into())
    })
}

/// `energy(C, μ)`: E xxᵀ from the covariance and the mean.
pub fn energy(f: fn(ArrayView2<f64>, ArrayView1<f64>) -> Array2<f64>) -> Verdict {
    verdict(|| {
        let x = &iris().x;
        let fit = iris_fit(Origin::Mean)?;
        let covariance = second_moment((x - &fit.mean).view());
        let mean = fit.mean.clone();
        let got = ask("energy", "energy(C, μ) on iris", move || {
            f(covariance.view(), mean.view())
        })?;
        same_table(
            "energy(C, μ) on iris",
            &got,
            &second_moment(x.view()),
            "E[xxᵀ] = E[(x−μ)(x−μ)ᵀ] + a matrix made of μ alone.",
        )?;
        let first = crate::linalg::eigen_symmetric(got.view())
            .map_err(library)?
            .vectors
            .column(0)
            .to_owned();
        let with_mean = first.dot(&fit.mean) / fit.mean.dot(&fit.mean).sqrt();
        let with_pc = first.dot(&fit.w.column(0)).abs();
        Ok(format!(
            "Without centring, the first direction of iris has cosine {with_mean:.5} with the mean and {with_pc:.5} with the first principal direction."
        ))
    })
}

/// An encoder of shape (L, D) and a decoder of shape (D, L).
type EncoderDecoder = (Array2<f64>, Array2<f64>);

/// `pair(W, C)`: the encoder CWᵀ and the decoder WC⁻¹.
pub fn pair(f: fn(ArrayView2<f64>, ArrayView2<f64>) -> EncoderDecoder) -> Verdict {
    verdict(|| {
        let w = iris_fit(Origin::Mean)?.keep(2).map_err(library)?.w;
        for c in [
            array![[1.0, 0.0], [0.0, 1.0]],
            array![[2.0, 1.0], [-1.0, 3.0]],
            array![[0.0, 5.0], [-0.2, 0.0]],
        ] {
            let case = format!("pair(W, {c})").replace('\n', "");
            let (w2, c2) = (w.clone(), c.clone());
            let (down, up) = ask("pair", &case, move || f(w2.view(), c2.view()))?;
            must(
                down.dim() == (2, 4) && up.dim() == (4, 2),
                format!(
                    "{case} gave shapes {:?} and {:?}, and (2, 4) and (4, 2) are right.",
                    down.dim(),
                    up.dim()
                ),
            )?;
            same_table(
                &format!("{case}: the encoder"),
                &down,
                &c.dot(&w.t()),
                "The new code is C times the old one.",
            )?;
            same_table(
                &format!("{case}: decoder · encoder"),
                &up.dot(&down),
                &w.dot(&w.t()),
                "What C does to the code, the decoder must undo.",
            )?;
        }
        Ok("Three pairs with one product: the loss sees only the product.".into())
    })
}

/// `restore(W, x)`: the code z with x = Wz, for any W of full column rank.
pub fn restore(f: fn(ArrayView2<f64>, ArrayView1<f64>) -> Array1<f64>) -> Verdict {
    verdict(|| {
        for seed in 11..15 {
            let (w, z) = (random(6, 2, seed), random(1, 2, seed + 100).row(0).to_owned());
            let x = w.dot(&z);
            let naive = w.t().dot(&x);
            let got = ask("restore", "restore(W, Wz)", {
                let w = w.clone();
                move || f(w.view(), x.view())
            })?;
            must(
                got.len() == 2,
                format!("restore(W, Wz) has {} entries, and z has 2.", got.len()),
            )?;
            let hint = if (&got - &naive).iter().all(|v| v.abs() < 1e-9) {
                "Wᵀ restores only where WᵀW = I, and here it is not."
            } else {
                "Solve WᵀW z = Wᵀx, two equations in two unknowns."
            };
            for i in 0..2 {
                same(&format!("restore(W, Wz), entry {i}"), got[i], z[i], hint)?;
            }
        }
        Ok("(WᵀW)⁻¹Wᵀ restores where Wᵀ does not.".into())
    })
}

/// `choose(variances, share)`: the least L whose first variances hold the share.
pub fn choose(f: fn(&[f64], f64) -> usize) -> Verdict {
    verdict(|| {
        let fit = Pca::by_eigen(digits().x.view(), Origin::Mean).map_err(library)?;
        let real = fit.variances.to_vec();
        let mut cases = vec![
            (vec![3.0, 1.0], 0.75, 1),
            (vec![3.0, 1.0], 0.76, 2),
            (vec![2.0, 1.0, 1.0], 1.0, 3),
            (vec![5.0], 0.9, 1),
        ];
        for share in [0.5, 0.8, 0.9, 0.95] {
            cases.push((real.clone(), share, fit.directions_for(share).map_err(library)?));
        }
        for (variances, share, want) in cases {
            let case = if variances.len() > 4 {
                format!("choose(the variances of the digits, {share})")
            } else {
                format!("choose(&{variances:?}, {share})")
            };
            let got = ask("choose", &case, move || f(&variances, share))?;
            let hint = if got.checked_add(1) == Some(want) {
                "Count from one: the first direction alone is L = 1."
            } else {
                "Add up from the largest, and stop as soon as the share is reached."
            };
            must(got == want, format!("{case} gave {got}, and {want} is right. {hint}"))?;
        }
        let nine = fit.directions_for(0.9).map_err(library)?;
        Ok(format!("{nine} of 64 directions hold 90 % of the variance of the digits."))
    })
}
