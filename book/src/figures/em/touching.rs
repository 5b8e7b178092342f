//! The evidence over one parameter, and the bounds that touch it.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "em.touching",
    caption: "The second coin is held at its final {{number em.coins.end.b 3}}, and the first alone is free. Solid: the log-likelihood. Dashed: the bound for the posterior of \
each coin on the way. Each bound touches the curve at the coin whose posterior it uses, with the same slope, and lies below it everywhere else. The top of one bound is where the next one touches.",
    alt: "A solid curve over the first coin's probability of heads, with a maximum near 0.81. Three dashed arches lie below it, each touching it at one dot; the dots walk from 0.45 to the right, each where the previous arch has its top.",
    draw,
};

const SECOND: f64 = 0.370_180_758_378;

fn draw() -> Result<Drawing> {
    let data = ten_rows()?.1;
    let at = |p: f64| Coins::new(10, array![p, SECOND]);
    let grid = Array1::linspace(0.2, 0.97, 155);
    let mut evidence = vec![];
    for &p in &grid {
        evidence.push((p, latent::em::Exact::log_likelihood(&at(p)?, &data)?));
    }
    let mut marks = vec![(Mark::Line(evidence, Role::Data, 4), "log-likelihood")];
    let (mut p, mut touches) = (0.45, vec![]);
    for i in 0..3 {
        let model = at(p)?;
        let q = model.e_step(&data)?;
        touches.push((p, model.elbo(&data, &q)?.nats()));
        let mut arch = vec![];
        for &other in &grid {
            arch.push((other, at(other)?.elbo(&data, &q)?.nats()));
        }
        arch.retain(|v| v.1 > -36.0);
        marks.push((Mark::Dashed(arch, Role::Model, 3), if i == 0 { "bounds" } else { "" }));
        p = model.m_step(&data, &q)?.heads[0];
    }
    marks.push((Mark::Dots(touches, Role::Ink, 7), ""));
    Ok(Drawing::one(
        Chart {
            x: "the first coin's probability of heads",
            y: "nats",
            size: (640, 430),
            legend: Corner::LowerRight,
            marks,
            ..Chart::default()
        }
        .svg()?,
    ))
}
