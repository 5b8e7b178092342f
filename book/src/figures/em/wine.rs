//! Factor analysis on wine, by step.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "em.wine",
    caption: "Factor analysis on the 178 wines with one, two and three factors. Left: the log-likelihood over all rows. \
Right: what is left to climb. Straight stretches multiply it by a constant a step: {{number em.wine.factor.1 2}}, {{number em.wine.factor.2 2}} and, for three factors, which bend on, \
{{number em.wine.factor.3 3}} by step 600.",
    alt: "Left: three curves that jump up in the first two steps and then look flat, three factors highest. Right, on a logarithmic axis: one and two factors fall along straight lines to 1e-8 within 170 steps; three factors bend away and have about two thousandths of a nat to go after 400.",
    draw,
};

fn draw() -> Result<Drawing> {
    let data = wines()?.1;
    let (mut early, mut left, mut drawing) = (vec![], vec![], Drawing::default());
    for (l, name) in [(1, "L = 1"), (2, "L = 2"), (3, "L = 3")] {
        let found = walk(FactorAnalysis::start(&data, l)?, &data, 5000)?;
        let top = found.nats();
        let short = short_of(&found, top, -8.0);
        let at = |t: usize| top - found.trace[t].nats();
        let late = if l == 3 { 600 } else { 40 };
        early.push((Mark::Line(by_step(&found)[..15].to_vec(), ROLES[l - 1], 4), name));
        left.push((Mark::Line(short.into_iter().take(401).collect(), ROLES[l - 1], 4), name));
        drawing = drawing
            .exact(format!("em.wine.start.{l}"), found.trace[0].nats())
            .exact(format!("em.wine.first.{l}"), found.trace[1].nats())
            .exact(format!("em.wine.end.{l}"), top)
            .exact(format!("em.wine.after10.{l}"), at(10))
            .trained(format!("em.wine.factor.{l}"), (at(late + 10) / at(late)).powf(0.1));
        let factor = (at(late + 10) / at(late)).powf(0.1);
        let near = (0..5000).find(|t| at(*t) < 1e-3).unwrap_or(5000);
        let hasty =
            fit(FactorAnalysis::start(&data, l)?, &data, Stop { steps: 5000, gain: 0.01 })?;
        drawing = drawing
            .exact(format!("em.wine.thousandth.{l}"), near as f64)
            .exact(format!("em.wine.hasty.steps.{l}"), hasty.trace.len() as f64 - 1.0)
            .exact(format!("em.wine.hasty.{l}"), top - hasty.nats());
        if l == 3 {
            let last = hasty.trace.len() - 1;
            let last_gain = hasty.trace[last].nats() - hasty.trace[last - 1].nats();
            let off =
                (&hasty.model.psi - &found.model.psi).fold(0.0f64, |m, v| m.max(v.abs()));
            drawing = drawing
                .exact("em.wine.hasty.psi", off)
                .exact("em.wine.hasty.ratio", (top - hasty.nats()) / last_gain)
                .trained("em.wine.left.3", factor / (1.0 - factor));
        }
    }
    drawing.by_training = false;
    let early = Chart {
        x: "step",
        y: "log-likelihood, nats",
        size: (440, 380),
        legend: Corner::LowerRight,
        marks: early,
        ..Chart::default()
    };
    let left = Chart {
        x: "step",
        y: "nats still to climb",
        size: (440, 380),
        log_y: true,
        marks: left,
        ..Chart::default()
    };
    drawing.panels = vec![("The climb", early.svg()?), ("What is left of it", left.svg()?)];
    Ok(drawing)
}
