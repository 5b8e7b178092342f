//! Probabilistic PCA by EM, against its closed form.
use super::*;
use latent::em::Isotropic;

pub const FIGURE: Figure = Figure {
    name: "em.ppca",
    caption: "Probabilistic PCA on wine by EM, measured against the closed form of chapter 2. It arrives; \
each step multiplies the error by {{number em.ppca.factor.1 2}}, {{number em.ppca.factor.2 2}} and {{number em.ppca.factor.3 2}} for one, two and three factors. \
The lines are cut at $10^{-9}$ nats.",
    alt: "Three falling lines on a logarithmic axis, straight after a few steps. Each reaches a billionth of a nat; one factor after 36 steps, two after 45, three after 53.",
    draw,
};

fn draw() -> Result<Drawing> {
    let data = wines()?.1;
    let (mut marks, mut drawing) = (vec![], Drawing::default());
    for (l, name) in [(1, "L = 1"), (2, "L = 2"), (3, "L = 3")] {
        let top = FactorAnalysis::ppca(&data, l)?.log_likelihood(&data)?;
        let found = walk(Isotropic(FactorAnalysis::start(&data, l)?), &data, 400)?;
        let left: Vec<f64> = found.trace.iter().map(|b| top - b.nats()).collect();
        let late = left.iter().position(|v| *v < 1e-3).unwrap_or(0);
        marks.push((Mark::Line(short_of(&found, top, -9.0), ROLES[l - 1], 4), name));
        drawing = drawing.exact(format!("em.ppca.top.{l}"), top).trained(
            format!("em.ppca.factor.{l}"),
            (left[late + 8] / left[late]).powf(0.125),
        );
    }
    drawing.by_training = false;
    let svg = Chart {
        x: "step",
        y: "below the closed form, nats",
        size: (640, 380),
        log_y: true,
        marks,
        ..Chart::default()
    }
    .svg()?;
    drawing.panels = vec![("", svg)];
    Ok(drawing)
}
