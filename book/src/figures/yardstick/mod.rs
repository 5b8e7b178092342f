//! Every model of the book on the same images.
use super::vae::{digits, end, log};
use super::{Drawing, Figure};
use latent::Result;
use latent::em::{Exact, Stop, fit};
use latent::factor_analysis::FactorAnalysis;
use latent::gaussian::Moments;
use latent::mixture::{Bernoullis, Gaussians, Kind};
use latent::plot::{Chart, Mark, Role};
use latent::yardstick::{boxes, cubes, spread};
use ndarray::{Array2, Axis};
use rand::{SeedableRng, rngs::StdRng};

pub const FIGURES: &[&Figure] = &[&LADDER];

const LADDER: Figure = Figure {
    name: "yardstick.ladder",
    caption: "The mean $-\\log P(\\vec x)$ of 297 test digits in black and white, in nats an image; less is better. Orange: models of zeros and ones. Green: densities over numbers, by what they hold in the cube of each image.",
    alt: "Lying bars, the shortest below. The variational autoencoders with ten numbers have the shortest, then fifty templates, the autoencoder with two numbers, ten templates, independent pixels; the five Gaussian models have the longest.",
    draw,
};

/// Draws in the cube of each image.
const DRAWS: usize = 200;

/// Rows all white and all black that each template is taken to have seen besides.
const SMOOTHING: f64 = 0.1;

fn draw() -> Result<Drawing> {
    let digits = digits();
    let [train, test] = [digits.train, digits.test].map(|x| x.mapv(f64::from));
    let densities = gaussians(&train, &test)?;
    let counts = templates(&train, &test)?;
    let runs = [
        ("VAE, 2 numbers", "vae_2", "digits-2"),
        ("VAE, 10 numbers", "vae_10", "digits-10"),
        ("VAE, 10, k = 5", "weighted_10", "digits-10-weighted"),
    ];
    let mut bars: Vec<(&str, &str, f64, Role)> = vec![];
    bars.extend(densities.map(|(name, key, nats)| (name, key, nats, Role::Other)));
    bars.extend(counts.map(|(name, key, nats)| (name, key, nats, Role::Model)));
    for (name, key, run) in runs {
        bars.push((name, key, -end(run, "weighted_500")?.1, Role::Model));
    }
    bars.push(("VAE, 10, a flow in q", "flow_10", flow("steps")?, Role::Model));
    bars.sort_by(|a, b| a.2.total_cmp(&b.2));
    let at = |i: usize| i as f64 + 1.0;
    let of = |role: Role| {
        let mine = bars.iter().enumerate().filter(|(_, bar)| bar.3 == role);
        mine.map(|(i, bar)| [(0.0, at(i) - 0.35), (bar.2, at(i) + 0.35)]).collect()
    };
    let mut marks = vec![
        (Mark::Blocks(of(Role::Other), Role::Other), ""),
        (Mark::Blocks(of(Role::Model), Role::Model), ""),
        (Mark::Words(46.0, 1.0, String::new(), Role::Ink), ""), // room for the names
    ];
    for (i, (name, _, nats, _)) in bars.iter().enumerate() {
        marks.push((Mark::Words(nats + 0.6, at(i) + 0.22, name.to_string(), Role::Ink), ""));
    }
    let chart =
        Chart { x: "nats an image", y: "rank", size: (640, 460), marks, ..Chart::default() };
    let drawing = Drawing::one(chart.svg()?).exact("yardstick.product_10", flow("product")?);
    Ok(bars
        .iter()
        .fold(drawing, |drawing, bar| drawing.exact(format!("yardstick.{}", bar.1), bar.2)))
}

/// The mean of five trainings with a kind of q: two masked steps, or a product.
fn flow(kind: &str) -> Result<f64> {
    let log = log("digits-iaf")?;
    let of = |seed: usize| log.number(&format!("{kind}.10.{seed}.weighted"));
    let all: anyhow::Result<Vec<f64>> = (1..=5).map(of).collect();
    let all =
        all.map_err(|e| latent::Error::file("book/runs/digits-iaf", format!("{e:#}")))?;
    Ok(-all.iter().sum::<f64>() / 5.0)
}

type Bar = (&'static str, &'static str, f64);

/// Densities, fitted to places in the cubes of the training rows.
fn gaussians(train: &Array2<f64>, test: &Array2<f64>) -> Result<[Bar; 5]> {
    let rng = &mut StdRng::seed_from_u64(1);
    let rows = spread(train.view(), rng);
    let data = Moments::of(rows.view())?;
    let stop = Stop { steps: 200, gain: 1e-3 };
    let ppca = FactorAnalysis::ppca(&data, 2)?;
    let ppca_10 = FactorAnalysis::ppca(&data, 10)?;
    let fa = fit(FactorAnalysis::start(&data, 10)?, &data, stop)?.model;
    let start =
        Gaussians { floor: 0.01, ..Gaussians::start(&rows, 10, Kind::Diagonal, rng)? };
    let mixture = fit(start, &rows, Stop { steps: 40, gain: 1e-3 })?.model;
    let means = data.mean.clone().insert_axis(Axis(0));
    let alone = Gaussians::around(&rows, means, Kind::Diagonal)?;
    Ok([
        (
            "PPCA, 2 numbers",
            "ppca_2",
            -cubes(test.view(), DRAWS, |x| ppca.log_density(x), rng)?,
        ),
        (
            "PPCA, 10 numbers",
            "ppca_10",
            -cubes(test.view(), DRAWS, |x| ppca_10.log_density(x), rng)?,
        ),
        ("FA, 10 numbers", "fa_10", -cubes(test.view(), DRAWS, |x| fa.log_density(x), rng)?),
        ("10 Gaussians", "gaussians_10", -boxes(&mixture, test.view())?),
        ("independent Gaussians", "gaussians_1", -boxes(&alone, test.view())?),
    ])
}

/// Mixtures of templates; one template is independent pixels.
fn templates(train: &Array2<f64>, test: &Array2<f64>) -> Result<[Bar; 3]> {
    let nats = |k: usize| -> Result<f64> {
        let start = Bernoullis::start(train, k, &mut StdRng::seed_from_u64(1))?;
        let start = Bernoullis { smoothing: SMOOTHING, ..start };
        let model = fit(start, train, Stop { steps: 60, gain: 1e-3 })?.model;
        Ok(-model.log_likelihood(test)? / test.nrows() as f64)
    };
    Ok([
        ("independent pixels", "pixels", nats(1)?),
        ("10 templates", "bernoulli_10", nats(10)?),
        ("50 templates", "bernoulli_50", nats(50)?),
    ])
}
