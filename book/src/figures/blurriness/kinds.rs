//! Pixels of other kinds: one of them, all of them, and what their spread does.
use super::super::vae::end;
use super::super::{Drawing, Figure};
use super::look::{greys, net, prior, rng, score, strips};
use latent::Result;
use latent::plot::{Chart, Corner, Mark, Points, Role};
use latent::vae::greys::{Continuous, Levels, Logistic};
use ndarray::Array2;

pub const FIGURES: &[&Figure] = &[&PIXEL, &KINDS, &SWEEP];

const PIXEL: Figure = Figure {
    name: "blurriness.pixel",
    caption: "Three laws for one grey pixel around 0.7. The Gaussian and the continuous Bernoulli are densities; the bars are the logistic law, whose mass is gathered in 17 levels and here shown over the width of a level. Its last bar takes all that lies beyond.",
    alt: "Over the grey from 0 to 1: a bell around 0.7 that runs out past 1, a curve that rises slowly from the left edge to the right one, and bars in the shape of a bell with a tall bar at 1.",
    draw: pixel,
};

/// The odds of the continuous Bernoulli with a mean, by halving.
fn odds_of(mean: f64) -> f64 {
    let (mut low, mut high) = (-500.0, 500.0);
    for _ in 0..80 {
        let odds = 0.5 * (low + high);
        let law = Continuous { odds };
        if law.mean() < mean { low = odds } else { high = odds }
    }
    low
}

fn pixel() -> Result<Drawing> {
    let (levels, sd, mean) = (Levels::new(17)?, 0.2, 0.7);
    let law = Logistic { mean, scale: sd * 3f64.sqrt() / std::f64::consts::PI };
    let half = 0.5 * levels.step();
    let bars = (0..17).map(|k| {
        let x = k as f64 * levels.step();
        let (low, high) = ((x - half).max(0.0), (x + half).min(1.0));
        [(low, 0.0), (high, law.log_mass(levels.bin(x)).exp() / levels.step())]
    });
    let curve = |low: f64, high: f64, f: &dyn Fn(f64) -> f64| -> Points {
        let places = (0..=150).map(|i| low + (high - low) * f64::from(i) / 150.0);
        places.map(|x| (x, f(x))).collect()
    };
    let bell = |x: f64| latent::gaussian::log_normal(x, mean, sd).exp();
    let tilt = Continuous { odds: odds_of(mean) };
    let marks = vec![
        (Mark::Blocks(bars.collect(), Role::Faint), "logistic, 17 levels"),
        (Mark::Line(curve(-0.1, 1.4, &bell), Role::Model, 4), "Gaussian"),
        (
            Mark::Line(curve(0.0, 1.0, &|x| tilt.log_density(x).exp()), Role::Other, 4),
            "continuous Bernoulli",
        ),
    ];
    let (x, y, legend) = ("grey", "mass per unit of grey", Corner::UpperLeft);
    let chart = Chart { x, y, marks, legend, ..Chart::default() };
    let black = Continuous { odds: (0.9f64 / 0.1).ln() };
    Ok(Drawing::one(chart.svg()?)
        .exact("blurriness.pixel.odds", tilt.odds)
        .exact("blurriness.pixel.mean", black.mean())
        .exact("blurriness.pixel.unit", -64.0 * levels.step().ln()))
}

const KINDS: Figure = Figure {
    name: "blurriness.kinds",
    caption: "One network, six kinds of pixels, the same ten codes from the prior in each row; every network lays its digits out in its own way. Left the decoder's means, right one draw of each pixel. The Bernoulli row was trained on digits in black and white.",
    alt: "Two panels of six rows of small digits. On the left all rows are soft digits, equally soft but for one that fell apart. On the right all rows are rough: grains of grey for the Gaussian rows, fewer where the spread is predicted, single black and white pixels for Bernoulli, ragged dark strokes for the continuous Bernoulli and the logistic.",
    draw: kinds,
};

const ROWS: [(&str, &str); 7] = [
    ("0.1", "σ = 0.1"),
    ("0.3", ""),
    ("shared", "σ shared"),
    ("predicted", "predicted"),
    ("bernoulli", "Bernoulli"),
    ("continuous", "continuous"),
    ("logistic", "logistic"),
];

fn kinds() -> Result<Drawing> {
    let [_, test] = greys();
    let (levels, z) = (Levels::new(17)?, prior(300, 2)?);
    let mut drawing = Drawing::default();
    let (mut means, mut draws, mut scores) = (vec![], vec![], vec![]);
    let mut law = 0.0; // the logistic's means, less those of the learned σ
    for (kind, _) in ROWS {
        let black = kind == "bernoulli";
        let net = net(&if black { "digits-2".into() } else { format!("grey-{kind}") })?;
        let (mean, drawn) = (net.images(z.view())?, net.drawn(z.view(), &mut rng(3))?);
        law += match kind {
            "logistic" => score(&mean)?,
            "shared" => -score(&mean)?,
            _ => 0.0,
        };
        let key = |what: &str| format!("blurriness.kinds.{what}.{kind}");
        drawing =
            drawing.trained(key("mean"), score(&mean)?).trained(key("drawn"), score(&drawn)?);
        if !black {
            let bound = net.in_bins(test.view(), levels, 4, &mut rng(1))?;
            let (_, own) = end(&format!("grey-{kind}"), "bound")?;
            let (_, weighted) = end(&format!("grey-{kind}"), "weighted_500")?;
            let back = score(&net.images(net.codes(test.view())?.mean.view())?)?;
            drawing = drawing
                .trained(key("bins"), bound.nats())
                .trained(key("cost"), bound.kl)
                .trained(key("back"), back)
                .trained(key("taken"), own - bound.nats())
                .exact(key("more"), weighted - own)
                .exact(key("own"), own);
            scores.push(back);
        }
        if kind != "0.3" {
            means.push(mean);
            draws.push(drawn);
        }
    }
    drawing = drawing.trained("blurriness.kinds.law", law);
    let ends = test.iter().filter(|v| **v == 0.0 || **v == 1.0).count() as f64;
    drawing = drawing.exact("blurriness.kinds.ends", ends / test.len() as f64);
    let least = scores.iter().fold(f64::INFINITY, |a, b| a.min(*b));
    let most = scores.iter().fold(0f64, |a, b| a.max(*b));
    drawing =
        drawing.trained("blurriness.kinds.low", least).trained("blurriness.kinds.high", most);
    let strip = |all: &[Array2<f64>]| {
        let names = ROWS.iter().map(|row| row.1).filter(|name| !name.is_empty());
        let rows: Vec<_> = names.zip(all).collect();
        strips(&rows)
    };
    drawing.panels = vec![("The mean", strip(&means)?), ("A draw", strip(&draws)?)];
    Ok(drawing)
}

const SWEEP: Figure = Figure {
    name: "blurriness.sweep",
    caption: "Gaussian pixels with four standard deviations. Left: the decoder's means at the same ten codes from the prior. Right: how sharp they are, and how sharp what comes back from test digits. With $\\sigma=1$ nothing is sent, and the decoder knows one image, the average of all digits. The dashed line is the data.",
    alt: "Left: four rows of small digits; the first three are soft digits, hardly different in softness, the last is ten times the same grey blot. Right: two curves of sharpness that fall a little from the standard deviation 0.1 to 0.3, and much from there to 1, both far below a dashed line.",
    draw: sweep,
};

fn sweep() -> Result<Drawing> {
    let [_, test] = greys();
    let z = prior(300, 2)?;
    let mut drawing = Drawing::default();
    let (mut means, mut drawn, mut back) = (vec![], Points::new(), Points::new());
    for run in ["0.1", "shared", "0.3", "1"] {
        let net = net(&format!("grey-{run}"))?;
        let sd: f64 = run.parse().unwrap_or((0.5 * net.shared()?).exp());
        let comes = net.images(net.codes(test.view())?.mean.view())?;
        let mean = net.images(z.view())?;
        drawn.push((sd, score(&mean)?));
        back.push((sd, score(&comes)?));
        drawing = drawing
            .trained(format!("blurriness.sweep.mean.{run}"), score(&mean)?)
            .trained(format!("blurriness.sweep.back.{run}"), score(&comes)?);
        means.push(mean);
    }
    let mut black = vec![];
    for (name, run) in [("2", "digits-2"), ("10", "digits-10")] {
        let net = net(run)?;
        let mean = score(&net.images(prior(300, net.sizes().latent)?.view())?)?;
        drawing = drawing.trained(format!("blurriness.sweep.black.{name}"), mean);
        black.push(mean);
    }
    drawing = drawing
        .trained("blurriness.sweep.ten", black[1] - black[0])
        .trained("blurriness.sweep.price", score(&means[0])? - score(&means[2])?);
    let black = test.mapv(|v| f64::from(u8::from(v >= 0.5)));
    drawing = drawing.exact("blurriness.sweep.black.data", score(&black)?);
    let names = ["σ = 0.1", "σ shared", "σ = 0.3", "σ = 1"];
    let rows: Vec<_> = names.into_iter().zip(&means).collect();
    let data = score(&test.mapv(f64::from))?;
    let marks = vec![
        (Mark::Dashed(vec![(0.1, data), (1.0, data)], Role::Data, 3), "data"),
        (Mark::Line(back.clone(), Role::Other, 3), "returns"),
        (Mark::Dots(back, Role::Other, 8), ""),
        (Mark::Line(drawn.clone(), Role::Model, 3), "means"),
        (Mark::Dots(drawn, Role::Model, 8), ""),
        (Mark::Words(0.1, 0.0, String::new(), Role::Ink), ""),
    ];
    let (x, y, legend) = ("standard deviation of a pixel", "sharpness", Corner::LowerLeft);
    let chart = Chart { x, y, size: (560, 420), legend, marks, ..Chart::default() };
    drawing.panels = vec![("The means", strips(&rows)?), ("Their sharpness", chart.svg()?)];
    Ok(drawing)
}
