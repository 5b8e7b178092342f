//! Where the divergence comes from.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "elbo.signed",
    caption: "Left: $q = \\mathcal N(0, 1)$ and $p = \\mathcal N(1, 2^2)$. Right: the integrand $q\\log(q/p)$. Where $q$ is above $p$ it is positive, and the area is \
{{number elbo.signed.up 3}}; where $q$ is below $p$ it is negative, and the signed area is {{number elbo.signed.down 3}}. Their sum is the divergence, \
{{number elbo.signed.kl 3}} nats.",
    alt: "Left: a narrow bell q at 0 and a wide, low bell p at 1; they cross near minus 1.8 and 1.2. Right: the integrand is a large hill between the crossings and two shallow dips outside them.",
    draw,
};

fn draw() -> Result<Drawing> {
    let (q, p) = (density(0.0, 1.0), density(1.0, 2.0));
    let term = |z: f64| q(z) * (q(z) / p(z)).ln();
    let grid = Hidden::on_grid(|z| log_normal(z, 0.0, 1.0), |z| log_normal(z, 1.0, 2.0));
    let log_ratio = &grid.log_prior - &grid.log_likelihood;
    let up = grid.mean(&grid.log_prior, &log_ratio.mapv(|t| t.max(0.0)));
    let down = grid.mean(&grid.log_prior, &log_ratio.mapv(|t| t.min(0.0)));
    let half = Chart { size: (440, 320), ..Chart::default() };
    let bells = Chart {
        x: "z",
        y: "density",
        marks: vec![
            line(curve(-4.0, 6.0, &p), Role::Data, 4),
            line(curve(-4.0, 6.0, &q), Role::Model, 4),
            words(0.9, 0.36, "q", Role::Model),
            words(3.4, 0.14, "p", Role::Data),
        ],
        ..half.clone()
    };
    let closed = |keep: fn(f64) -> f64| {
        let mut edge = curve(-4.0, 6.0, |z| keep(term(z)));
        edge.extend([(6.0, 0.0), (-4.0, 0.0)]);
        edge
    };
    let areas = Chart {
        x: "z",
        y: "q log(q/p)",
        marks: vec![
            (Mark::Area(closed(|t| t.max(0.0)), Role::Model), ""),
            (Mark::Area(closed(|t| t.min(0.0)), Role::Data), ""),
            line(curve(-4.0, 6.0, term), Role::Ink, 3),
            words(-0.35, 0.15, "+", Role::Model),
            words(2.6, -0.055, "−", Role::Data),
        ],
        ..half
    };
    Ok(Drawing::panels(vec![
        ("Two densities", bells.svg()?),
        ("What each z contributes", areas.svg()?),
    ])
    .exact("elbo.signed.up", up)
    .exact("elbo.signed.down", down)
    .exact("elbo.signed.kl", up + down))
}
