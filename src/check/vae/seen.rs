//! The checks of a trained network's use: three middles of a posterior, and error bars.
use super::{near, places};
use crate::check::{Verdict, ask, library, must, random, same, verdict};
use crate::elbo::{Gauss, Hidden, Tiny};
use ndarray::{Array1, Array2, ArrayView2, Axis};
use ndarray_rand::{RandomExt, rand_distr::StandardNormal};
use rand::{SeedableRng, rngs::StdRng};

/// From the probability of a pixel as a function of z, m, s, places ε and their probabilities, to two probabilities.
type Decoded = fn(&dyn Fn(f64) -> f64, f64, f64, &[f64], &[f64]) -> [f64; 2];

/// A pixel's probability of being 1.
fn pixel(d: usize, z: f64) -> f64 {
    let model = Tiny::default();
    let odds = model.w.row(d).dot(&(z * &model.a + &model.b).mapv(f64::tanh));
    1.0 / (1.0 + (-odds).exp())
}

/// `three(hidden)` and `decoded`: mode, mean and best Gaussian; the image of the mean and the mean of the images.
pub fn three(f: fn(&Hidden) -> [f64; 3], decoded: Decoded) -> Verdict {
    verdict(|| {
        let mut told = String::new();
        for x in Tiny::default().every_x().rows() {
            let hidden = Tiny::default().hidden(x).map_err(library)?;
            let case = format!("pixels {x:.0}: three");
            let (mode, mean, q) = middles(&case, &hidden, f)?;
            let (d, [a, b]) = images(q, &case, decoded)?;
            if x.to_vec() == [0.0, 1.0, 1.0] {
                told = format!(
                    "Pixels 011: mode {mode:.3}, mean {mean:.3}, best Gaussian {:.3}. Pixel {} is {a:.3} decoded from the mean, {b:.3} on average over the draws.",
                    q.mean,
                    d + 1
                );
            }
        }
        Ok(told)
    })
}

/// The right mode, mean and best Gaussian, if the reader's are these.
fn middles(
    case: &str,
    hidden: &Hidden,
    f: fn(&Hidden) -> [f64; 3],
) -> Result<(f64, f64, Gauss), Verdict> {
    let log_posterior = hidden.log_posterior();
    let top = log_posterior.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let at = log_posterior.iter().position(|v| *v == top).unwrap_or(0);
    let (mode, mean) = (hidden.z[at], hidden.mean(&log_posterior, &hidden.z));
    let start = Gauss { mean: 0.0, sd: 1.0 };
    let q = hidden.best_gaussian(start).map_err(library)?.0;
    let given = hidden.clone();
    let got = ask("three", case, move || f(&given))?;
    let hint = if near(got[0], at as f64, 9) {
        "That is where it stands in the list: give back its z."
    } else if near(got[0], mean, 6) {
        "That is the mean."
    } else {
        "The place of the largest log posterior."
    };
    must(
        (got[0] - mode).abs() < 0.006,
        format!("{case}: the mode gave {:.3}, and {mode:.3} is right. {hint}", got[0]),
    )?;
    let hint = "The mean of z under the posterior.";
    same(&format!("{case}: the mean"), got[1], mean, hint)?;
    must(
        (got[2] - q.mean).abs() < 1e-6,
        format!(
            "{case}: the mean of the best Gaussian gave {:.6}, and {:.6} is right: hidden.best_gaussian climbs to it.",
            got[2], q.mean
        ),
    )?;
    Ok((mode, mean, q))
}

/// The pixel whose two probabilities differ most, and both.
fn images(q: Gauss, case: &str, f: Decoded) -> Result<(usize, [f64; 2]), Verdict> {
    let mut most = (0, [0f64; 2]);
    let (e, p) = places();
    for d in 0..3 {
        let each = e.iter().zip(&p).map(|(e, p)| p * pixel(d, q.mean + q.sd * e));
        let want = [pixel(d, q.mean), each.sum()];
        let got = ask("three", &format!("{case}: decoded"), move || {
            let (e, p) = places();
            f(&|z| pixel(d, z), q.mean, q.sd, &e, &p)
        })?;
        let hint = if near(got[0], want[1], 6) && near(got[1], want[0], 6) {
            "The other way round: first the pixel at m."
        } else if near(got[1], want[0], 6) {
            "You decoded the mean of the draws. Decode each draw, and take the mean of the pixels."
        } else {
            "First pixel(m); then the mean of pixel(m + sε), with the probabilities p."
        };
        let case = format!("{case}, pixel {} decoded", d + 1);
        same(&format!("{case} from the mean"), got[0], want[0], hint)?;
        same(&format!("{case} on average"), got[1], want[1], hint)?;
        if (want[0] - want[1]).abs() > (most.1[0] - most.1[1]).abs() {
            most = (d, want);
        }
    }
    Ok(most)
}

/// From means and standard deviations of shape (R, D), one row a draw of z, to those of each pixel.
type Bars = fn(ArrayView2<f64>, ArrayView2<f64>) -> (Array1<f64>, Array1<f64>);

/// `error_bars` and `interval`: mean, standard deviation and a 90 % interval of what the decoder will say.
pub fn error_bars(f: Bars, interval: fn(f64, f64) -> [f64; 2]) -> Verdict {
    verdict(|| {
        let cases = [
            ("four draws of three pixels", random(4, 3, 1), random(4, 3, 2).mapv(f64::exp)),
            ("noise only", Array2::from_elem((5, 2), 0.7), random(5, 2, 3).mapv(f64::exp)),
            (
                "a pixel that is all but sure",
                random(6, 1, 4),
                Array2::from_elem((6, 1), 1e-9),
            ),
        ];
        for (case, means, sds) in cases {
            law(case, means, sds, f)?;
        }
        ends(interval)?;
        let share = coverage(f, interval)?;
        must(
            (share - 0.9).abs() < 0.02,
            format!("of 3000 second looks at the same z, {share:.3} lie in your intervals."),
        )?;
        Ok(format!(
            "Mean of variances and variance of means. Of 3000 second looks {:.1} % lie inside.",
            100.0 * share
        ))
    })
}

fn ends(interval: fn(f64, f64) -> [f64; 2]) -> Result<(), Verdict> {
    let got = ask("error_bars", "interval(1, 2)", move || interval(1.0, 2.0))?;
    let hint = if near(got[1], 1.0 + 2.0 * 1.959_964, 4) {
        "That is a 95 % interval."
    } else if near(got[1], 1.0 + 2.0 * 1.281_552, 4) {
        "That leaves 10 % on either side; leave 5 %."
    } else {
        "mean ± Φ⁻¹(0.95) sd, and vae::normal::quantile(0.95) is that number."
    };
    let reach = 2.0 * 1.644_853_626_951_472_7;
    same("interval(1, 2): the upper end", got[1], 1.0 + reach, hint)?;
    same("interval(1, 2): the lower end", got[0], 1.0 - reach, hint)
}

fn law(case: &str, means: Array2<f64>, sds: Array2<f64>, f: Bars) -> Result<(), Verdict> {
    let (a, b) = (means.clone(), sds.clone());
    let (mean, sd) = ask("error_bars", case, move || f(a.view(), b.view()))?;
    let (r, d) = means.dim();
    must(
        mean.len() == d && sd.len() == d,
        format!("{case}: a mean and a standard deviation for each of the {d} pixels."),
    )?;
    for j in 0..d {
        let (m, s) = (means.column(j), sds.column(j));
        let middle = m.sum() / r as f64;
        same(
            &format!("{case}: mean of pixel {j}"),
            mean[j],
            middle,
            "The mean over the draws.",
        )?;
        let latent = m.mapv(|v| (v - middle) * (v - middle)).sum() / r as f64;
        let noise = s.dot(&s) / r as f64;
        let v = sd[j] * sd[j];
        let hint = if near(v, noise, 9) {
            "That is the decoder's noise only. What you do not know of z moves the mean as well."
        } else if near(v, latent, 9) {
            "That is what the draws of z differ by. The decoder's own noise is missing."
        } else if near(sd[j], noise.sqrt() + latent.sqrt(), 9) {
            "Variances add, standard deviations do not."
        } else if near(sd[j], noise + latent, 9) {
            "That is the variance. Take its root."
        } else if near(v, noise + latent * r as f64 / (r as f64 - 1.0), 9) {
            "Divide by R: the draws stand for the whole mixture, each with weight 1/R."
        } else {
            "The mean of the variances, and the variance of the means."
        };
        same(&format!("{case}: sd of pixel {j}"), sd[j], (noise + latent).sqrt(), hint)?;
    }
    Ok(())
}

/// z ~ N(0, 1), seen once through noise of 0.8; the share of second looks that lie in the reader's interval.
fn coverage(f: Bars, interval: fn(f64, f64) -> [f64; 2]) -> Result<f64, Verdict> {
    let mut rng = StdRng::seed_from_u64(6);
    let each = Array2::random_using((3000, 3), StandardNormal, &mut rng);
    let e = Array2::random_using((3000, 200), StandardNormal, &mut rng);
    let noise: f64 = 0.8;
    let shrink = 1.0 / (1.0 + noise * noise);
    let inside = ask("error_bars", "3000 second looks", move || {
        let hit = |(row, e): (ndarray::ArrayView1<f64>, ndarray::ArrayView1<f64>)| {
            let (first, second) = (row[0] + noise * row[1], row[0] + noise * row[2]);
            let means = e.mapv(|e| first * shrink + noise * shrink.sqrt() * e);
            let means = means.insert_axis(Axis(1));
            let sds = Array2::from_elem(means.dim(), noise);
            let (mean, sd) = f(means.view(), sds.view());
            let [low, high] = interval(mean[0], sd[0]);
            low <= second && second <= high
        };
        each.rows().into_iter().zip(e.rows()).filter(|both| hit(*both)).count()
    })?;
    Ok(inside as f64 / 3000.0)
}
