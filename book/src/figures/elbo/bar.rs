//! The still picture of the live figure: one bar, two curves.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "elbo.bar",
    caption: "Move $q$, and watch the bar. Its top is $\\log p(x)$ and stands still; the bound is what the gap leaves of it. Both heights are below zero, so they are measured up from a floor. \
On paper: $x = 1.2$ seen through noise of standard deviation 1, and $q = \\mathcal N(-0.4, 0.55^2)$; the bar stands at its mean $m$.",
    alt: "Left: a bar whose top is at minus 1.63 nats, divided at the bound, minus 2.68. Right: the prior, dashed, a wide bell at 0; the posterior, a bell at 0.6; and q, a narrower bell at minus 0.4.",
    draw,
};

fn draw() -> Result<Drawing> {
    let (m, s) = (-0.4, 0.55);
    let (evidence, bound) = (SEEN.log_evidence(), SEEN.elbo(m, s));
    let floor = -4.0;
    let mut marks = stack(m, 0.22, floor, bound.nats(), evidence).to_vec();
    let level = |y: f64| dashed(vec![(m - 0.3, y), (1.7, y)], Role::Ink);
    let gap = evidence - bound.nats();
    marks.extend([
        level(evidence),
        level(bound.nats()),
        words(-0.05, evidence + 0.25, format!("log p(x) {}", shown(evidence)), Role::Ink),
        words(
            -0.05,
            bound.nats() + 0.5 * gap + 0.1,
            format!("gap {}", shown(gap)),
            Role::Other,
        ),
        words(
            -0.05,
            bound.nats() - 0.1,
            format!("bound {}", shown(bound.nats())),
            Role::Model,
        ),
        words(-0.05, floor + 0.25, "the floor", Role::Ink),
    ]);
    let bar = Chart { x: "m", y: "nats", size: (440, 380), marks, ..Chart::default() };
    let (pm, ps) = SEEN.posterior();
    let curves = Chart {
        x: "z",
        y: "density",
        size: (440, 380),
        marks: vec![
            dashed(curve(-3.0, 3.0, density(0.0, 1.0)), Role::Third),
            line(curve(-3.0, 3.0, density(pm, ps)), Role::Data, 4),
            line(curve(-3.0, 3.0, density(m, s)), Role::Model, 4),
            words(1.35, 0.52, "posterior", Role::Data),
            words(-1.35, 0.68, "q", Role::Model),
            words(-2.9, 0.19, "prior", Role::Third),
        ],
        ..Chart::default()
    };
    let first = SEEN.elbo(0.0, 1.0);
    Ok(Drawing::panels(vec![("The bar", bar.svg()?), ("What it is about", curves.svg()?)])
        .exact("elbo.seen.log_evidence", evidence)
        .exact("elbo.seen.bound", bound.nats())
        .exact("elbo.seen.fit", bound.fit)
        .exact("elbo.seen.kl", bound.kl)
        .exact("elbo.seen.gap", gap)
        .exact("elbo.seen.prior_bound", first.nats())
        .exact("elbo.seen.prior_gap", evidence - first.nats())
        .exact("elbo.seen.mean", pm)
        .exact("elbo.seen.sd", ps))
}
