//! Six frames of EM from a bad start.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "mixture.em",
    caption: "EM on Old Faithful, standardised, from a start that has everything wrong. The log-likelihood climbs from {{number mixture.em.0 2}} nats to {{number mixture.em.1 2}} in one step, to {{number mixture.em.2 2}} in two, and to {{number mixture.em.20 2}} in twenty.",
    alt: "Six scatters of the same two clumps. First two round components lie off the clumps, at upper left and lower right, and every dot is grey. After the first E step one takes the lower left clump, the other the right edge of the upper right one, with grey between. After one and two steps one long ellipse lies across both clumps and the other beside it; after five the second has most of the upper clump; after twenty each has one clump.",
    draw,
};

fn draw() -> Result<Drawing> {
    let (x, start) = (standardised()?, bad_start()?);
    let mut panels = vec![];
    let mut drawing = Drawing::default();
    for (steps, seen, title) in [
        (0, false, "The start"),
        (0, true, "First E step"),
        (1, true, "After 1 step"),
        (2, true, "2 steps"),
        (5, true, "5 steps"),
        (20, true, "20 steps"),
    ] {
        let found = walk(start.clone(), &x, steps)?;
        let mut marks = match seen {
            true => shared(&x, &found.model.responsibilities(&x)?),
            false => vec![(Mark::Dots(points_of(x.view()), Role::Faint, 4), "")],
        };
        marks.extend((0..2).map(|k| outline(&found.model, k, 5)));
        let chart = Chart {
            x: "eruption, standardised",
            y: "wait, standardised",
            size: (420, 380),
            marks,
            ..Chart::default()
        };
        panels.push((title, chart.svg()?));
        if seen {
            drawing = drawing.exact(format!("mixture.em.{steps}"), found.nats());
        }
    }
    let long = walk(start, &x, 200)?;
    let near = long.trace.iter().take_while(|b| long.nats() - b.nats() > 0.01).count();
    drawing.panels = panels;
    Ok(drawing.exact("mixture.em.end", long.nats()).exact("mixture.em.near", near as f64))
}
