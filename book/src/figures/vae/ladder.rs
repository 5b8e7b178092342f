//! Five models of one set of images, on one scale.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "vae.ladder",
    caption: "Static black-and-white MNIST: the mean $-\\log p(\\vec x)$ of a test image, in nats; less is better. Independent pixels; mixtures of 10 and of 500 Bernoulli components, chapter 5; VAEs with codes of 2 and of 20 numbers. For the mixtures the number is exact. For the VAEs it is a bound from above: 500 weighted draws an image.",
    alt: "Five bars, falling: independent pixels above 200 nats, ten components near 167, the VAE with two numbers near 151, five hundred components near 126, the VAE with twenty numbers near 99.",
    draw,
};

/// What `cargo run -- reproduce bernoulli-mixture` prints for the test images; and the pixels one by one.
const EARLIER: [(&str, f64); 3] =
    [("pixels", 205.79), ("K = 10", 167.26), ("K = 500", 125.77)];

fn draw() -> Result<Drawing> {
    let (_, two) = end("mnist-2", "weighted_500")?;
    let (last, twenty) = end("mnist-20", "weighted_500")?;
    let (_, bound_2) = end("mnist-2", "bound")?;
    let (_, bound_20) = end("mnist-20", "bound")?;
    let [pixels, ten, many] = EARLIER;
    let all = [pixels, ten, ("VAE, 2", -two), many, ("VAE, 20", -twenty)];
    let bars: Points = all.iter().enumerate().map(|(i, (_, v))| (i as f64, *v)).collect();
    let marks = vec![(Mark::Bars(bars, Role::Model), "")];
    let names = all.map(|(name, _)| name.to_string()).to_vec();
    let chart = Chart { x: "model", y: "nats an image", names, marks, ..Chart::default() };
    Ok(Drawing::one(chart.svg()?)
        .exact("vae.ladder.bound_2", bound_2)
        .exact("vae.ladder.weighted_2", two)
        .exact("vae.ladder.bound_20", bound_20)
        .exact("vae.ladder.weighted_20", twenty)
        .exact("vae.ladder.fit_20", last.test.fit)
        .exact("vae.ladder.kl_20", last.test.kl)
        .exact("vae.ladder.active_20", last.active as f64))
}
