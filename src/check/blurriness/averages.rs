//! The checks of what a decoder says best: of a code that two images share, and of its own noise.
use super::near;
use crate::check::{Verdict, ask, must, random, same, verdict};
use crate::gaussian::LN_2PI;
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, array};

/// From two images and the weight of the first to the best mean and the best variance.
type Shared = fn(ArrayView1<f64>, ArrayView1<f64>, f64) -> (Array1<f64>, f64);

/// `shared(a, b, w)`: the decoder's best mean and variance for a code of two images.
pub fn shared(f: Shared) -> Verdict {
    verdict(|| {
        let row = |seed| random(1, 5, seed).row(0).to_owned();
        let strokes = (array![1.0, 0.0], array![0.0, 1.0]);
        for ((a, b), w) in [
            ((row(1), row(2)), 0.3),
            (strokes.clone(), 0.8),
            (strokes, 0.5),
            ((row(3), row(3)), 0.6),
        ] {
            let d = a.len();
            let case = format!("two images of {d} pixels, the first with weight {w}");
            let (mine, other) = (a.clone(), b.clone());
            let (mean, variance) =
                ask("shared", &case, move || f(mine.view(), other.view(), w))?;
            must(
                mean.len() == d,
                format!("{case}: the mean has {} pixels, and {d} is right.", mean.len()),
            )?;
            averaged(&case, &mean, (&a, &b, w))?;
            let apart = (&a - &b).mapv(|v| v * v).sum();
            let want = w * (1.0 - w) * apart / d as f64;
            let hint = if near(variance, want * d as f64) {
                "One variance serves all pixels: a mean over them, not a sum."
            } else if near(variance, want.sqrt()) {
                "That is σ. Give σ²."
            } else if near(variance, 2.0 * want) {
                "Twice too much: that is the error of an image that is drawn, not of the mean."
            } else if near(variance, 0.25 * apart / d as f64) {
                "The images are not equally frequent."
            } else {
                "The mean squared error that the best mean leaves: w‖a − μ‖² + (1 − w)‖b − μ‖², over the pixels."
            };
            same(&format!("{case}: the variance"), variance, want, hint)?;
        }
        Ok("A stroke on the left or on the right, half the time each: the best mean is two grey pixels, with variance 0.25. No image is grey, and no better mean exists.".into())
    })
}

/// Fails unless the mean is w a + (1 − w) b.
fn averaged(
    case: &str,
    mean: &Array1<f64>,
    (a, b, w): (&Array1<f64>, &Array1<f64>, f64),
) -> Result<(), Verdict> {
    let mix = |u: f64| u * a + (1.0 - u) * b;
    let is = |u: f64| (mean - &mix(u)).iter().all(|v| v.abs() < 1e-9);
    let hint = if is(1.0 - w) {
        "The weight w is the first image's."
    } else if is(0.5) {
        "The images are not equally frequent."
    } else if is(1.0) || is(0.0) {
        "That is one of the two images: it loses the whole distance whenever the other one comes."
    } else {
        "The derivative of w‖a − μ‖² + (1 − w)‖b − μ‖² in μ is zero at w a + (1 − w) b."
    };
    must(is(w), format!("{case}: the mean is {mean:.4}, and {:.4} is right. {hint}", mix(w)))
}

/// From misses x − μ, a row for each image, to the best variance.
type Best = fn(ArrayView2<f64>) -> f64;

/// `variance(misses)` and `fit(pixels, variance)`: the best shared σ², and what the fit is worth there.
pub fn noise(best: Best, fit: fn(usize, f64) -> f64) -> Verdict {
    verdict(|| {
        for (rows, d) in [(6, 64), (9, 3), (1, 4)] {
            let misses: Array2<f64> = random(rows, d, 11) + 0.4;
            let n = misses.len() as f64;
            let (sum, squares) = (misses.sum(), misses.mapv(|v| v * v).sum());
            let case = format!("{rows} rows of {d} pixels: variance");
            let got = ask("noise", &case, move || best(misses.view()))?;
            let hint = if near(got, squares / rows as f64) {
                "That is the error of an image. Each of its D pixels has this variance, so divide by D too."
            } else if near(got, (squares / n).sqrt()) {
                "That is σ. Give σ²."
            } else if near(got, squares / n - (sum / n).powi(2)) {
                "Do not take the mean away: a miss that is the same everywhere is a miss."
            } else if near(got, squares / (n - 1.0)) {
                "Divide by the number of misses. Likelihood knows no n − 1."
            } else if near(got, squares) {
                "Divide by the number of misses."
            } else {
                "The derivative of −½ n log v − Σ misses²/(2v) in v is zero at the mean square."
            };
            same(&case, got, squares / n, hint)?;
        }
        worth(fit)?;
        Ok("64 pixels with a variance of 0.03: 21.397787 nats an image. Above zero, as a density may be.".into())
    })
}

fn worth(fit: fn(usize, f64) -> f64) -> Result<(), Verdict> {
    for (d, v) in [(64, 0.03), (3, 0.5), (10, 4.0)] {
        let (case, n) = (format!("fit({d}, {v})"), d as f64);
        let got = ask("noise", &case, move || fit(d, v))?;
        let want = -0.5 * n * (LN_2PI + v.ln() + 1.0);
        let hint = if near(got, -want) {
            "That is the loss. The fit is its negative."
        } else if near(got, want / n) {
            "That is one pixel's. An image has D of them."
        } else if near(got, want + 0.5 * n) {
            "The squared errors themselves are missing: over the best variance they add up to D, hence ½ D."
        } else if near(got, want + 0.5 * n * LN_2PI) {
            "Keep ½ D log 2π: without it two decoders can still be compared, but not the fit with a cost in nats of another family."
        } else if near(got, want - 0.5 * n * v.ln()) {
            "log σ², once, with the ½ before it."
        } else if near(got, 2.0 * want) {
            "Where is the ½?"
        } else {
            "Put the mean square into −½ D log 2πv − Σ misses²/(2v), a mean over the images."
        };
        same(&case, got, want, hint)?;
    }
    Ok(())
}
