//! The log of a mean and the mean of logs.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "elbo.jensen",
    caption: "The flower once more, with $q$ = 0.85 on versicolor and 0.15 on virginica. Each species has a weight $w = p(x,z)/q(z)$: the two outer dots on the curve. Their mean under $q$ is $p(x)$. \
At that place the curve is at $\\log p(x)$, and the chord, which averages the logarithms, is lower by {{number elbo.jensen.gap 3}} nats: the gap.",
    alt: "A logarithm curve with two dots on it, at weights 0.17 and 0.63, joined by a straight chord that lies below the curve. At the weight 0.24 an upright piece leads from the chord up to the curve.",
    draw,
};

fn draw() -> Result<Drawing> {
    let hidden = flower()?;
    let log_q = logs(&[0.0, 0.85, 0.15]);
    let log_w = hidden.log_joint() - &log_q;
    let dots = vec![(log_w[1].exp(), log_w[1]), (log_w[2].exp(), log_w[2])];
    let (top, bound) = hidden.by_jensen(&log_q);
    let mean = top.exp();
    let marks = vec![
        line(curve(0.07, 0.72, f64::ln), Role::Data, 4),
        line(dots.clone(), Role::Model, 3),
        (Mark::Pieces(vec![[(mean, bound), (mean, top)]], Role::Other, 5), ""),
        dashed(vec![(mean, -2.6), (mean, bound)], Role::Ink),
        (Mark::Dots(dots, Role::Ink, 6), ""),
        (Mark::Dots(vec![(mean, top)], Role::Data, 7), ""),
        (Mark::Dots(vec![(mean, bound)], Role::Model, 7), ""),
        words(0.165, top + 0.2, "log p(x)", Role::Data),
        words(0.26, bound - 0.03, "the bound", Role::Model),
        words(0.25, -2.45, "p(x)", Role::Ink),
        words(0.045, -1.56, "versicolor", Role::Ink),
        words(0.56, -0.28, "virginica", Role::Ink),
    ];
    let svg = Chart {
        x: "weight w = p(x, z) / q(z), per cm",
        y: "log w",
        size: (640, 400),
        marks,
        ..Chart::default()
    }
    .svg()?;
    let sharp = Hidden::on_grid(|z| log_normal(z, 0.0, 0.1), |z| log_normal(0.0, z, 0.1));
    let posterior = sharp.log_posterior();
    Ok(Drawing::one(svg)
        .exact("elbo.sharp.log_evidence", sharp.log_evidence())
        .exact("elbo.sharp.minus_bound", -sharp.elbo(&posterior).nats())
        .exact("elbo.sharp.energy", sharp.mean(&posterior, &sharp.log_joint()))
        .exact("elbo.sharp.entropy", sharp.entropy(&posterior))
        .exact("elbo.jensen.gap", top - bound)
        .exact("elbo.jensen.bound", bound)
        .exact("elbo.jensen.versicolor", log_w[1].exp())
        .exact("elbo.jensen.virginica", log_w[2].exp()))
}
