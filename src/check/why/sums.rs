//! The checks of two sums by hand: the best grey, and the chance of an image.
use super::{pixels, probability, three_states};
use crate::check::{Verdict, ask, must, same, verdict};
use ndarray::ArrayView2;

/// `grey(p)`: the best number, its mean squared error, and that of a guess that is drawn as the pixel is.
pub fn grey(f: fn(f64) -> [f64; 3]) -> Verdict {
    verdict(|| {
        for p in [0.2, 0.5, 0.9, 1.0, 0.0] {
            let case = format!("grey({p})");
            let [best, error, drawn] = ask("grey", &case, move || f(p))?;
            let hint = if best == p.round() && p != p.round() {
                "That is the likelier colour. Its squared error is larger than you can have: a miss by 1 costs four times as much as a miss by ½."
            } else if best == 1.0 - p {
                "p is the chance of a 1."
            } else {
                "The mean of (x − a)² is a parabola in a. Where is its lowest point?"
            };
            same(&format!("{case}: the best number"), best, p, hint)?;
            let least = p * (1.0 - p);
            let hint = if (error - least.sqrt()).abs() < 1e-9 {
                "That is its root. Keep the square."
            } else {
                "With chance p the pixel is 1 and you miss by 1 − a; else you miss by a. Square, weigh, add."
            };
            same(&format!("{case}: its error"), error, least, hint)?;
            let hint = if (drawn - least).abs() < 1e-9 {
                "That is the error of the best number. A drawn guess does worse: it varies too."
            } else {
                "The guess misses, by 1, when the pixel is 1 and the guess 0, or the pixel 0 and the guess 1."
            };
            same(&format!("{case}: the error of a drawn guess"), drawn, 2.0 * least, hint)?;
        }
        Ok("Grey loses 0.25, and an honest black or white loses 0.5: judged by squared error, the blurred answer wins, though no pixel is ever grey.".into())
    })
}

/// From the chances of the states, ink[state, pixel], and an image, to its probability.
type Chance = fn(&[f64], ArrayView2<f64>, &[bool]) -> f64;

/// `chance(prior, ink, image)`: the probability of an image, summed over the hidden states.
pub fn chance(f: Chance) -> Verdict {
    verdict(|| {
        let mut total = 0.0;
        for i in 0..16 {
            let x = pixels(i);
            let case = format!("the image {}", shown(&x));
            let image = x.clone();
            let got = ask("chance", &case, move || {
                let (prior, ink) = three_states();
                f(&prior, ink.view(), &image)
            })?;
            let want = probability(&x);
            same(&format!("{case}: chance"), got, want, slip(&x, got))?;
            total += got;
        }
        must(
            (total - 1.0).abs() < 1e-12,
            format!(
                "the sixteen chances add up to {total:.6}, and every image is one of them."
            ),
        )?;
        Ok("The sixteen images have chances that add up to 1. With a thousand pixels the images can no longer be listed; the sum over three states stays as short as it is.".into())
    })
}

/// An image in ink and paper.
fn shown(x: &[bool]) -> String {
    x.iter().map(|x| if *x { '■' } else { '□' }).collect()
}

/// What a wrong chance was made of.
fn slip(x: &[bool], got: f64) -> &'static str {
    let (prior, ink) = three_states();
    let near = |v: f64| (got - v).abs() < 1e-9;
    let pixel = |k: usize, d: usize| if x[d] { ink[[k, d]] } else { 1.0 - ink[[k, d]] };
    let whole = |k: usize| (0..4).map(|d| pixel(k, d)).product::<f64>();
    let inked = |k: usize| (0..4).filter(|d| x[*d]).map(|d| ink[[k, d]]).product::<f64>();
    let mixed = |d: usize| (0..3).map(|k| prior[k] * pixel(k, d)).sum::<f64>();
    let best = (0..3).map(|k| prior[k] * whole(k)).fold(0.0, f64::max);
    if near((0..3).map(whole).sum()) {
        "Weigh each state by its own chance: these sixteen add up to 3."
    } else if near((0..3).map(|k| whole(k) / 3.0).sum()) {
        "The states are not equally frequent: weigh each by its own chance."
    } else if near((0..3).map(|k| prior[k] * inked(k)).sum()) {
        "A pixel without ink counts too: its chance is 1 − ink."
    } else if near((0..4).map(mixed).product()) {
        "You averaged over the states pixel by pixel. One state makes the whole image: multiply within a state first, and add the states last."
    } else if near(best) {
        "That is the likeliest state alone. Any of the three may have made the image: add."
    } else {
        "For each state: its chance, times the chance of each of the four pixels. Then add the three."
    }
}
