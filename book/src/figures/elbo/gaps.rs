//! The best Gaussian, and what it leaves.
use super::*;
use latent::elbo::Tiny;

pub const FIGURE: Figure = Figure {
    name: "elbo.gaps",
    caption: "Left: the posterior of $z$ behind the image 100, and the best Gaussian $q$ for it. The posterior leans, and a Gaussian cannot. Right: the gap that the best Gaussian leaves, for each of the eight images, from 000 to 111; the fifth is 100. \
It is never zero: {{number elbo.gaps.least 5}} nats at least, {{number elbo.gaps.most 5}} at most.",
    alt: "Left: a lopsided density with its peak near 0.7, steep on the left with a faint long tail behind, and a lower bell that crosses it four times. Right: eight bars between 0.006 and 0.024 nats; the fifth, for the image 100, is the tallest.",
    draw,
};

fn draw() -> Result<Drawing> {
    let tiny = Tiny::default();
    let start = Gauss { mean: 0.0, sd: 1.0 };
    let mut gaps = vec![];
    for (i, x) in (1..).zip(tiny.every_x().rows()) {
        let hidden = tiny.hidden(x)?;
        let (q, _) = hidden.best_gaussian(start)?;
        gaps.push((f64::from(i), hidden.gap(&q.on(&hidden))));
    }
    let hidden = tiny.hidden(tiny.every_x().row(4))?;
    let (q, best) = hidden.best_gaussian(start)?;
    let posterior: Points = hidden
        .z
        .iter()
        .zip(&hidden.log_posterior())
        .map(|(&z, l)| (z, l.exp()))
        .filter(|p| p.0.abs() < 3.0)
        .collect();
    let posterior = posterior.into_iter().step_by(5).collect();
    let half = Chart { size: (440, 330), ..Chart::default() };
    let bells = Chart {
        x: "z",
        y: "density",
        marks: vec![
            dashed(curve(-3.0, 3.0, density(0.0, 1.0)), Role::Third),
            line(posterior, Role::Data, 4),
            line(curve(-3.0, 3.0, density(q.mean, q.sd)), Role::Model, 4),
            words(-2.9, 0.5, "posterior", Role::Data),
            words(-2.9, 0.44, "best Gaussian", Role::Model),
            words(-2.9, 0.38, "prior", Role::Third),
        ],
        ..half.clone()
    };
    let bars = Chart {
        x: "image, from 000 to 111",
        y: "gap, nats",
        marks: vec![(Mark::Bars(gaps.clone(), Role::Other), "")],
        ..half
    };
    let least = gaps.iter().fold(f64::INFINITY, |m, g| m.min(g.1));
    let most = gaps.iter().fold(0.0f64, |m, g| m.max(g.1));
    Ok(Drawing::panels(vec![
        ("The image 100", bells.svg()?),
        ("What is left, for each image", bars.svg()?),
    ])
    .exact("elbo.gaps.least", least)
    .exact("elbo.gaps.most", most)
    .exact("elbo.tiny.log_evidence", hidden.log_evidence())
    .exact("elbo.tiny.best", best.nats())
    .exact("elbo.tiny.mean", q.mean)
    .exact("elbo.tiny.sd", q.sd))
}
