//! The check of a sharpness score, and of what it says about a trained network's four kinds of image.
use super::near;
use crate::check::{Verdict, ask, must, random, same, verdict};
use ndarray::{Array2, ArrayView2};

/// The mean of |Laplacian| over the pixels with four neighbours.
fn inside(x: &Array2<f64>) -> f64 {
    let (h, w) = x.dim();
    let mut sum = 0.0;
    for i in 1..h - 1 {
        for j in 1..w - 1 {
            let around = x[[i - 1, j]] + x[[i + 1, j]] + x[[i, j - 1]] + x[[i, j + 1]];
            sum += (4.0 * x[[i, j]] - around).abs();
        }
    }
    sum / ((h - 2) * (w - 2)) as f64
}

/// The same with a frame of zeros, or of copies, around the image; over all pixels.
fn framed(x: &Array2<f64>, copies: bool) -> f64 {
    let (h, w) = x.dim();
    let wide = Array2::from_shape_fn((h + 2, w + 2), |(i, j)| {
        let (a, b) = (i.clamp(1, h) - 1, j.clamp(1, w) - 1);
        let outside = (a + 1, b + 1) != (i, j);
        if outside && !copies { 0.0 } else { x[[a, b]] }
    });
    inside(&wide)
}

/// What the reader says beforehand: three kinds of image from the blurriest to the sharpest, and whether empty
/// places of the prior are to blame.
type Forecast = (fn() -> [&'static str; 3], fn() -> bool);

/// `sharpness(image)`, `ranked()` and `emptiness()`: a score, and what it will say of a trained network.
pub fn sharpness(
    f: fn(ArrayView2<f64>) -> f64,
    ranked: fn() -> [&'static str; 3],
    emptiness: fn() -> bool,
) -> Verdict {
    verdict(|| {
        let ramp = |h, w| Array2::from_shape_fn((h, w), |(i, j)| 0.1 * (2 * i + j) as f64);
        let board = |h, w| Array2::from_shape_fn((h, w), |(i, j)| ((i + j) % 2) as f64);
        let cases = [
            ("a white image", Array2::ones((5, 5))),
            ("an even slope from corner to corner", ramp(4, 6)),
            ("a chessboard", board(5, 7)),
            ("random pixels", random(8, 8, 5)),
        ];
        for (name, x) in cases {
            let (want, mine) = (inside(&x), x.clone());
            let got = ask("sharpness", name, move || f(mine.view()))?;
            same(&format!("{name}: sharpness"), got, want, slip(&x, got))?;
        }
        forecast((ranked, emptiness))
    })
}

fn slip(x: &Array2<f64>, got: f64) -> &'static str {
    let (h, w) = x.dim();
    let (want, n) = (inside(x), ((h - 2) * (w - 2)) as f64);
    if near(got, framed(x, false)) || near(got * (h * w) as f64, n * want) {
        "The border: a pixel there has fewer than four neighbours. Leave it out, of the sum and of the count. Otherwise an image is sharp because it ends."
    } else if near(got, framed(x, true)) {
        "The border is in: leave out the pixels without four neighbours."
    } else if near(got, want * n) {
        "Divide by the number of pixels that have four neighbours: (height − 2)(width − 2)."
    } else if near(got, 0.25 * want) {
        "Four times the pixel less the sum of its neighbours, not their mean: a factor of four."
    } else if got.abs() < 1e-9 || got < 0.0 {
        "Take each pixel's size before the mean; the signs cancel."
    } else {
        "|4 x_ij − x_above − x_below − x_left − x_right|, in the mean over the pixels that are not on the border."
    }
}

/// The kinds that are ranked; the fourth is the decoder's mean at draws of the prior.
const KINDS: [&str; 3] = ["data", "reconstruction", "draw"];

fn forecast((ranked, emptiness): Forecast) -> Result<String, Verdict> {
    let said = ask("sharpness", "ranked()", ranked)?;
    must(
        KINDS.iter().all(|k| said.contains(k)),
        format!("ranked() gave {said:?}; each of {KINDS:?} stands in it once."),
    )?;
    told(said, ask("sharpness", "emptiness()", emptiness)?)
}

#[cfg(not(feature = "neural"))]
fn told(_: [&'static str; 3], _: bool) -> Result<String, Verdict> {
    Ok("To measure the kinds of image, build with networks.".into())
}

#[cfg(feature = "neural")]
fn told(said: [&'static str; 3], emptiness: bool) -> Result<String, Verdict> {
    let [scores @ .., mean] = measured()?;
    let of = |kind: &str| scores[KINDS.iter().position(|k| *k == kind).unwrap_or(0)];
    let list: Vec<String> = KINDS.iter().map(|k| format!("{k} {:.3}", of(k))).collect();
    let list = list.join(", ");
    for pair in said.windows(2) {
        let hint = match (pair[0], pair[1]) {
            ("data", _) => {
                "A reconstruction is the mean of p(x | z): an average of what shares the code."
            }
            _ => {
                "A draw decides every pixel by itself, with no look at its neighbours. Can that be blurred?"
            }
        };
        must(
            of(pair[0]) < of(pair[1]),
            format!(
                "you say that \"{}\" is blurrier than \"{}\". Measured: {list}. {hint}",
                pair[0], pair[1]
            ),
        )?;
    }
    let rebuilt = of("reconstruction");
    must(
        emptiness == (mean < 0.9 * rebuilt),
        format!(
            "you forecast {emptiness}. Measured: {rebuilt:.3} for reconstructions, {mean:.3} for means at codes of the prior. Is there anything left for empty places to explain?"
        ),
    )?;
    Ok(format!(
        "{list}; means at codes of the prior {mean:.3}. Blur is there already at the digits' own codes: empty places cannot have made it. Draws are sharper than digits: a high score is no praise."
    ))
}

/// Of a network trained for it: the mean sharpness of data, reconstructions, draws of pixels, and decoder means at
/// draws of the prior.
#[cfg(feature = "neural")]
fn measured() -> Result<[f64; 4], Verdict> {
    use crate::check::library;
    use crate::vae::Plan;
    use crate::vae::digits::{images, split, train};
    use ndarray_rand::{RandomExt, rand_distr::StandardNormal};
    use rand::{Rng, SeedableRng, rngs::StdRng};
    static SCORES: std::sync::Mutex<Option<[f64; 4]>> = std::sync::Mutex::new(None);
    let mut kept = SCORES.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(scores) = *kept {
        return Ok(scores);
    }
    let plan = Plan { epochs: 40, rate: 5e-3, last_rate: 5e-4, ..Plan::default() };
    let (net, x) = (train(plan).map_err(library)?, split().1);
    let codes = net.codes(x.view()).map_err(library)?;
    let rebuilt = images(&net, codes.mean.view()).map_err(library)?;
    let mut rng = StdRng::seed_from_u64(1);
    let z = Array2::<f64>::random_using((1000, 2), StandardNormal, &mut rng);
    let means = images(&net, z.view()).map_err(library)?;
    let draws = means.mapv(|p| if rng.random::<f64>() < p { 1.0 } else { 0.0 });
    let score = |all: &Array2<f64>| {
        let one = |row: ndarray::ArrayView1<f64>| {
            inside(&Array2::from_shape_fn((8, 8), |(i, j)| row[8 * i + j]))
        };
        all.rows().into_iter().map(one).sum::<f64>() / all.nrows() as f64
    };
    let x = x.mapv(f64::from);
    let scores = [score(&x), score(&rebuilt), score(&draws), score(&means)];
    *kept = Some(scores);
    Ok(scores)
}
