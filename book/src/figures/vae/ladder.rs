//! Five models of one set of images, on one scale.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "vae.ladder",
    caption: "Static black-and-white MNIST: the mean $-\\log p(\\vec x)$ of a test image, in nats; less is better. Independent pixels; mixtures of 10 and of 500 Bernoulli components, chapter 5; VAEs with codes of 2 and of 20 numbers. For the mixtures the number is exact. For the VAEs it is a bound from above: 500 weighted draws an image.",
    alt: "Five bars, falling: independent pixels above 200 nats, ten components near 167, the VAE with two numbers near 149, five hundred components near 126, the VAE with twenty numbers near 98.",
    draw,
};

fn draw() -> Result<Drawing> {
    let (_, two) = end("mnist-2", "weighted_500")?;
    let (last, twenty) = end("mnist-20", "weighted_500")?;
    let (_, bound_2) = end("mnist-2", "bound")?;
    let (_, bound_20) = end("mnist-20", "bound")?;
    let mixtures = log("mnist-mixtures")?;
    let nats = |k: usize| {
        mixtures.number(&format!("test_{k}")).map_err(|e| Error::file("mnist-mixtures", e))
    };
    let (pixels, ten, many) = (-nats(1)?, -nats(10)?, -nats(500)?);
    let all = [
        ("pixels", pixels),
        ("K = 10", ten),
        ("VAE, 2", -two),
        ("K = 500", many),
        ("VAE, 20", -twenty),
    ];
    let bars: Points = all.iter().enumerate().map(|(i, (_, v))| (i as f64, *v)).collect();
    let marks = vec![(Mark::Bars(bars, Role::Model), "")];
    let names = all.map(|(name, _)| name.to_string()).to_vec();
    let chart = Chart { x: "model", y: "nats an image", names, marks, ..Chart::default() };
    Ok(Drawing::one(chart.svg()?)
        .exact("vae.ladder.pixels", -pixels)
        .exact("vae.ladder.mixture_10", -ten)
        .exact("vae.ladder.mixture_500", -many)
        .exact("vae.ladder.bound_2", bound_2)
        .exact("vae.ladder.weighted_2", two)
        .exact("vae.ladder.bound_20", bound_20)
        .exact("vae.ladder.weighted_20", twenty)
        .exact("vae.ladder.fit_20", last.test.fit)
        .exact("vae.ladder.kl_20", last.test.kl)
        .exact("vae.ladder.active_20", last.active as f64))
}
