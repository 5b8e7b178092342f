//! More and more components along a curve.
use super::*;
use latent::em::{Exact, Sample};
use latent::mixture::along;

pub const FIGURE: Figure = Figure {
    name: "mixture.curve",
    caption: "The same 300 points and 3, 10 and 100 components along one curve, each drawn one standard deviation from its mean. The weights follow a standard normal density of the place $z$ on the curve. At a hundred the sum cannot be told from an integral.",
    alt: "Three scatters of points along a wave. Three circles leave most points outside; ten circles look like beads on the wave, with gaps where it is steep; a hundred circles run together into a band that covers the points.",
    draw,
};

fn wave(z: f64) -> (Array1<f64>, f64) {
    (array![z, (1.5 * z).sin()], 0.15 * (0.2 * z).exp())
}

fn draw() -> Result<Drawing> {
    let exact = along(4001, 4.0, wave)?;
    let (_, x) = exact.sample(300, &mut rng(3))?;
    let best = along(8001, 8.0, wave)?.log_likelihood(&x)?; // without the cut
    let mut drawing = Drawing::default();
    for (k, title) in [(3, "K = 3"), (10, "K = 10"), (100, "K = 100")] {
        let model = along(k, 4.0, wave)?;
        let mut marks = vec![(Mark::Dots(points_of(x.view()), Role::Data, 3), "")];
        for c in 0..k {
            let mean = [model.means[[c, 0]], model.means[[c, 1]]];
            let ring = ellipse(mean, model.covariance.matrix(c, 2).view(), 1.0);
            marks.push((Mark::Line(ring, Role::Model, 2), ""));
        }
        let chart = Chart {
            x: "x, first column",
            y: "x, second column",
            size: (420, 330),
            equal: true,
            marks,
            ..Chart::default()
        };
        drawing.panels.push((title, chart.svg()?));
        let wide = model.log_likelihood(&x)?;
        drawing = drawing.exact(format!("mixture.curve.off.{k}"), best - wide);
    }
    let off = best - along(30, 4.0, wave)?.log_likelihood(&x)?;
    Ok(drawing.exact("mixture.curve.off.30", off).exact("mixture.curve.best", best))
}
