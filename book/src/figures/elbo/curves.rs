//! The bound as a curve below a constant.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "elbo.curves",
    caption: "The bound for $q = \\mathcal N(m, s^2)$, when $x = 1.2$ was seen through noise of standard deviation 1. Solid: the other of the two parameters is the posterior's. Dashed: it is not, $s = 1.3$ on the left, $m = -0.2$ on the right. \
The level line is $\\log p(x)$. Only the solid curves touch it, at one place each: $m$ = {{number elbo.seen.mean 1}}, $s$ = {{number elbo.seen.sd 3}}.",
    alt: "Two panels, each with a level line at minus 1.63. Left, over m: a solid parabola touches the line at 0.6, a dashed one below it does not. Right, over s: a solid lopsided hill touches the line at 0.71, steep towards zero, and a dashed one stays below.",
    draw,
};

fn draw() -> Result<Drawing> {
    let (evidence, (m, s)) = (SEEN.log_evidence(), SEEN.posterior());
    let nats = |m, s| SEEN.elbo(m, s).nats();
    let panel = |low, high, x, best: &dyn Fn(f64) -> f64, other: &dyn Fn(f64) -> f64, at| {
        let marks = vec![
            line(vec![(low, evidence), (high, evidence)], Role::Ink, 3),
            dashed(curve(low, high, other), Role::Model),
            line(curve(low, high, best), Role::Model, 4),
            (Mark::Dots(vec![(at, evidence)], Role::Data, 7), ""),
            words(low + 0.02 * (high - low), evidence + 0.26, "log p(x)", Role::Ink),
        ];
        Chart { x, y: "nats", size: (440, 360), marks, ..Chart::default() }.svg()
    };
    let by_m = panel(-0.8, 2.0, "m", &|m| nats(m, s), &|m| nats(m, 1.3), m)?;
    let by_s = panel(0.16, 1.8, "s", &|s| nats(m, s), &|s| nats(-0.2, s), s)?;
    Ok(Drawing::panels(vec![("Moving the mean", by_m), ("Moving the spread", by_s)]))
}
