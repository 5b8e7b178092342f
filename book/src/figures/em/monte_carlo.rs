//! Monte Carlo EM: the gap that noise leaves, against the number of draws.
use super::*;
use latent::em::monte_carlo;

pub const FIGURE: Figure = Figure {
    name: "em.monte_carlo",
    caption: "Factor analysis on wine with two factors, the E step by drawing. Shown is how far the log-likelihood stays below its maximum, \
averaged over steps 101 to 150, against the draws for each row. The dashed line falls as one over the draws.",
    alt: "Points on two logarithmic axes fall along a dashed line from more than two nats at one draw a row to a few thousandths of a nat at a thousand.",
    draw,
};

fn draw() -> Result<Drawing> {
    let (x, data) = wines()?;
    let start = FactorAnalysis::start(&data, 2)?;
    let top = walk(start.clone(), &data, 2000)?.nats();
    let (mut gaps, mut drawing) = (vec![], Drawing::default());
    for draws in [1, 3, 10, 30, 100, 300, 1000] {
        let (mut model, mut r, mut gap) = (start.clone(), rng(7), 0.0);
        for t in 0..150 {
            let q = monte_carlo(&model, x.view(), draws, &mut r)?;
            model = model.m_step(&data, &q)?;
            if t >= 100 {
                gap += (top - model.log_likelihood(&data)?) / 50.0;
            }
        }
        gaps.push(((draws as f64).log10(), gap.log10()));
        drawing = drawing.trained(format!("em.monte_carlo.{draws}"), gap);
    }
    let middle = gaps.iter().map(|p| p.0 + p.1).sum::<f64>() / gaps.len() as f64;
    let marks = vec![
        (
            Mark::Dashed(vec![(0.0, middle), (3.0, middle - 3.0)], Role::Ink, 2),
            "one over the draws",
        ),
        (Mark::Dots(gaps, Role::Model, 8), "the gap"),
    ];
    let svg = Chart {
        x: "draws for each row",
        y: "gap, nats",
        size: (640, 380),
        log_x: true,
        log_y: true,
        marks,
        ..Chart::default()
    }
    .svg()?;
    drawing.panels = vec![("", svg)];
    Ok(drawing)
}
