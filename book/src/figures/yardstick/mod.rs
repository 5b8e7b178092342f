//! Every model of the book on the same images.
use super::vae::{digits, end};
use super::{Drawing, Figure};
use latent::Result;
use latent::em::{Exact, Stop, fit};
use latent::factor_analysis::FactorAnalysis;
use latent::gaussian::Moments;
use latent::mixture::{Bernoullis, Gaussians, Kind};
use latent::plot::{Chart, Mark, Points, Role};
use latent::yardstick::{cubes, spread};
use ndarray::Array2;
use rand::{SeedableRng, rngs::StdRng};

pub const FIGURES: &[&Figure] = &[&LADDER];

const LADDER: Figure = Figure {
    name: "yardstick.ladder",
    caption: "The mean $-\\log P(\\vec x)$ of 297 test digits in black and white, in nats an image; less is better. Blue: models of zeros and ones. Orange: densities over numbers, by what they hold in the cube of each image.",
    alt: "Bars. The Gaussian models stand highest; independent pixels lower; mixtures of templates lower still; the variational autoencoders lowest, and among them the one with ten numbers, trained by the weighted bound or with a flow.",
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
        ("VAE, 2", "vae_2", "digits-2"),
        ("VAE, 10", "vae_10", "digits-10"),
        ("k = 5", "weighted_10", "digits-10-weighted"),
    ];
    let mut bars: Vec<(&str, &str, f64, Role)> = vec![];
    bars.extend(densities.map(|(name, key, nats)| (name, key, nats, Role::Other)));
    bars.extend(counts.map(|(name, key, nats)| (name, key, nats, Role::Model)));
    for (name, key, run) in runs {
        bars.push((name, key, -end(run, "weighted_500")?.1, Role::Model));
    }
    let of = |role: Role| -> Points {
        let at = bars.iter().enumerate().filter(|(_, bar)| bar.3 == role);
        at.map(|(i, bar)| (i as f64, bar.2)).collect()
    };
    let marks = vec![
        (Mark::Bars(of(Role::Other), Role::Other), ""),
        (Mark::Bars(of(Role::Model), Role::Model), ""),
    ];
    let names = bars.iter().map(|bar| bar.0.to_string()).collect();
    let chart = Chart { x: "model", y: "nats an image", names, marks, ..Chart::default() };
    let drawing = Drawing::one(chart.svg()?);
    Ok(bars
        .iter()
        .fold(drawing, |drawing, bar| drawing.exact(format!("yardstick.{}", bar.1), bar.2)))
}

type Bar = (&'static str, &'static str, f64);

/// Densities, fitted to places in the cubes of the training rows.
fn gaussians(train: &Array2<f64>, test: &Array2<f64>) -> Result<[Bar; 4]> {
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
    Ok([
        ("PPCA, 2", "ppca_2", -cubes(test.view(), DRAWS, |x| ppca.log_density(x), rng)?),
        ("PPCA, 10", "ppca_10", -cubes(test.view(), DRAWS, |x| ppca_10.log_density(x), rng)?),
        ("FA, 10", "fa_10", -cubes(test.view(), DRAWS, |x| fa.log_density(x), rng)?),
        (
            "Gaussians",
            "gaussians_10",
            -cubes(test.view(), DRAWS, |x| mixture.log_densities(&x.to_owned()), rng)?,
        ),
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
        ("pixels", "pixels", nats(1)?),
        ("K = 10", "bernoulli_10", nats(10)?),
        ("K = 50", "bernoulli_50", nats(50)?),
    ])
}
