//! The checks of draws: rows with one hidden number, and images with one hidden state.
use super::{pixels, probability, three_states};
use crate::check::{Verdict, ask, must, verdict};
use ndarray::ArrayView2;
use ndarray_rand::rand_distr::StandardNormal;
use rand::{Rng, SeedableRng, rngs::StdRng};

const ROWS: usize = 100_000;

/// `row(normal)`: one row of the two thermometers.
pub fn row(f: fn(&mut dyn FnMut() -> f64) -> [f64; 2]) -> Verdict {
    verdict(|| {
        let rows = ask("row", "row(normal)", move || {
            let mut rng = StdRng::seed_from_u64(8);
            let mut normal = || rng.sample(StandardNormal);
            (0..ROWS).map(|_| f(&mut normal)).collect::<Vec<_>>()
        })?;
        let n = ROWS as f64;
        let mean = [0, 1].map(|j| rows.iter().map(|r| r[j]).sum::<f64>() / n);
        let moment = |i: usize, j: usize| {
            rows.iter().map(|r| (r[i] - mean[i]) * (r[j] - mean[j])).sum::<f64>() / n
        };
        let (a, b, both) = (moment(0, 0), moment(1, 1), moment(0, 1));
        means(mean)?;
        let off = 5.0 * ((4.25 * 1.25 + 4.0) / n).sqrt();
        let hint = if both.abs() < off {
            "They know nothing of each other. Draw z once a row, and let both read it."
        } else if (both - 2.0).abs() < off {
            "The second falls when z rises."
        } else if (both + 1.75).abs() < off {
            "They share their noise too. Each has its own: call normal() again."
        } else {
            "Both see the same z; nothing else is shared."
        };
        must(
            (both + 2.0).abs() < off,
            format!(
                "the mean product of their deviations is {both:.3}, and −2 is right. {hint}"
            ),
        )?;
        spreads(a, b)?;
        Ok(format!(
            "Over {ROWS} rows: variances {a:.2} and {b:.2}, covariance {both:.2}. One hidden number is enough to tie two columns."
        ))
    })
}

/// The means of the two thermometers, 1 and 3, within five standard errors.
fn means(mean: [f64; 2]) -> Result<(), Verdict> {
    for (j, want, spread) in [(0, 1.0, 4.25f64), (1, 3.0, 1.25)] {
        must(
            (mean[j] - want).abs() < 5.0 * (spread / ROWS as f64).sqrt(),
            format!(
                "over {ROWS} rows thermometer {} reads {:.3} in the mean, and {want:.3} is right: what does it read when z and the noise are 0?",
                j + 1,
                mean[j]
            ),
        )?;
    }
    Ok(())
}

/// The variances of the two thermometers, 4.25 and 1.25, within five standard errors.
fn spreads(a: f64, b: f64) -> Result<(), Verdict> {
    for (j, got, of_z) in [(2, b, 1.0f64), (1, a, 4.0)] {
        let (want, error) = (of_z + 0.25, (2.0 / ROWS as f64).sqrt());
        let near = |v: f64| (got - v).abs() < 5.0 * error * v;
        let hint = if near(of_z + 0.0625) {
            "0.5 is the standard deviation of the noise. Its square, 0.25, is the variance, and it needs no further square."
        } else if near(of_z) {
            "Where is the noise?"
        } else if near(of_z + 1.0) {
            "The noise is too large: 0.5 times a draw."
        } else {
            "It is the square of the factor of z, and the square of 0.5."
        };
        must(
            near(want),
            format!("thermometer {j} has variance {got:.3}, and {want} is right. {hint}"),
        )?;
    }
    Ok(())
}

/// From the chances of the states, ink[state, pixel], and numbers between 0 and 1, to an image.
type Image = fn(&[f64], ArrayView2<f64>, &mut dyn FnMut() -> f64) -> Vec<bool>;

/// `image(prior, ink, uniform)`: one image of the three states.
pub fn image(f: Image) -> Verdict {
    verdict(|| {
        let images = ask("image", "image(prior, ink, uniform)", move || {
            let ((prior, ink), mut rng) = (three_states(), StdRng::seed_from_u64(5));
            let mut uniform = || rng.random::<f64>();
            (0..ROWS).map(|_| f(&prior, ink.view(), &mut uniform)).collect::<Vec<_>>()
        })?;
        let wrong = images.iter().find(|x| x.len() != 4).map(Vec::len);
        must(
            wrong.is_none(),
            format!("an image has {} pixels, and 4 is right.", wrong.unwrap_or(0)),
        )?;
        let n = ROWS as f64;
        let close = |got: f64, p: f64| (got - p).abs() < 5.0 * (p * (1.0 - p) / n).sqrt();
        for d in 0..4 {
            let p: f64 = (0..16).map(pixels).filter(|x| x[d]).map(|x| probability(&x)).sum();
            let got = images.iter().filter(|x| x[d]).count() as f64 / n;
            must(
                close(got, p),
                format!(
                    "pixel {d} has ink in {got:.4} of the images, and {p:.4} is right. Draw the state by `prior`, the pixel by that state's row of `ink`."
                ),
            )?;
        }
        for i in 0..16 {
            let (x, p) = (pixels(i), probability(&pixels(i)));
            let got = images.iter().filter(|y| **y == x).count() as f64 / n;
            let text: String = x.iter().map(|x| if *x { '■' } else { '□' }).collect();
            must(
                close(got, p),
                format!(
                    "every pixel has ink as often as it should, but the image {text} comes in {got:.4} of all draws, and its chance is {p:.4}. The pixels do not belong together. How often is the state drawn?"
                ),
            )?;
        }
        Ok("All sixteen images come as often as their chances say. The state is drawn once, and the pixels then agree on it.".into())
    })
}
