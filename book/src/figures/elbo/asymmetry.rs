//! Two directions of one comparison.
use super::*;
use latent::gaussian;
use ndarray::array;

pub const FIGURE: Figure = Figure {
    name: "elbo.asymmetry",
    caption: "$q = \\mathcal N(0, 1)$ against $p = \\mathcal N(1, r^2)$, in both directions. At $r = 1$ the spreads are equal, and so are the directions. \
At $r = 2$, $\\mathrm{KL}(q\\,\\Vert\\,p)$ is {{number elbo.kl.there 4}} nats and $\\mathrm{KL}(p\\,\\Vert\\,q)$ {{number elbo.kl.back 4}}.",
    alt: "Two curves over r from 0.4 to 4. The divergence of q from p falls steeply from 5 to its least value near r equal to 1.4 and then rises slowly. The divergence of p from q is least at 1 and rises steeply to the right, to 6.6 at r equal to 4. They cross at r equal to 1.",
    draw,
};

fn kl(m0: f64, s0: f64, m1: f64, s1: f64) -> Result<f64> {
    let (a, b) = (array![[s0 * s0]], array![[s1 * s1]]);
    gaussian::kl(array![m0].view(), a.view(), array![m1].view(), b.view())
}

fn draw() -> Result<Drawing> {
    let (mut there, mut back) = (vec![], vec![]);
    for r in (8..=80).map(|i| f64::from(i) * 0.05) {
        there.push((r, kl(0.0, 1.0, 1.0, r)?));
        back.push((r, kl(1.0, r, 0.0, 1.0)?));
    }
    let (a, b) = (kl(0.0, 1.0, 1.0, 2.0)?, kl(1.0, 2.0, 0.0, 1.0)?);
    let marks = vec![
        line(there, Role::Model, 4),
        line(back, Role::Data, 4),
        (Mark::Dots(vec![(2.0, a)], Role::Model, 6), ""),
        (Mark::Dots(vec![(2.0, b)], Role::Data, 6), ""),
        words(2.9, 1.75, "KL(q ‖ p)", Role::Model),
        words(2.25, 4.6, "KL(p ‖ q)", Role::Data),
    ];
    let svg = Chart {
        x: "r, the standard deviation of p",
        y: "nats",
        size: (640, 360),
        marks,
        ..Chart::default()
    }
    .svg()?;
    Ok(Drawing::one(svg).exact("elbo.kl.there", a).exact("elbo.kl.back", b))
}
