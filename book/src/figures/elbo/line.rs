//! The inequality that everything rests on.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "elbo.line",
    caption: "$\\log t$ lies below its tangent $t - 1$, and touches it at $t = 1$ only.",
    alt: "A straight line rising through zero at t equal to 1, and the curve of the logarithm, which touches the line there and is below it everywhere else.",
    draw,
};

fn draw() -> Result<Drawing> {
    let marks = vec![
        line(vec![(0.06, -0.94), (3.2, 2.2)], Role::Data, 3),
        line(curve(0.06, 3.2, f64::ln), Role::Model, 4),
        (Mark::Dots(vec![(1.0, 0.0)], Role::Ink, 6), ""),
        words(1.75, 1.6, "t − 1", Role::Data),
        words(2.4, 0.62, "log t", Role::Model),
    ];
    Ok(Drawing::one(Chart { x: "t", size: (640, 300), marks, ..Chart::default() }.svg()?))
}
