//! What a code costs and what it brings, for several prices.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "vae.tradeoff",
    caption: "Seven trainings on the digits, each with another weight $\\beta$ on the cost. Across: what the code costs, in nats. Up: the fit $\\E\\log p(\\vec x\\mid\\vec z)$. Both on the test rows. The dashed lines join places of one bound, fit less cost. At a smaller $\\beta$ more is sent: the fit is better and the cost higher. Below $\\beta=\\frac12$ the extra nats cost more than they bring.",
    alt: "Dots along a rising, flattening curve, from a cost near zero and a fit of minus 24.6 at beta 10 to a cost of about six nats at beta one tenth. Parallel dashed lines rise at one nat per nat; the dots for beta one half and one lie at the highest of them.",
    draw,
};

const PRICES: [&str; 6] = ["0.1", "0.25", "0.5", "2", "4", "10"];

fn draw() -> Result<Drawing> {
    let mut drawing = Drawing::default();
    let mut ends = vec![];
    for price in PRICES {
        let (row, bound) = end(&format!("digits-2-beta-{price}"), "bound")?;
        ends.push((price, row.test.kl, row.test.fit));
        drawing = drawing.exact(format!("vae.tradeoff.bound.{price}"), bound);
    }
    let (row, bound) = end("digits-2", "bound")?;
    ends.insert(3, ("1", row.test.kl, row.test.fit));
    let (free, unpaid) = end("digits-2-beta-0", "bound")?;
    drawing = drawing
        .exact("vae.tradeoff.bound.1", bound)
        .exact("vae.tradeoff.bound.0", unpaid)
        .exact("vae.tradeoff.kl.0", free.test.kl);
    let places: Points = ends.iter().map(|e| (e.1, e.2)).collect();
    let most = places.iter().fold(0f64, |m, p| m.max(p.0));
    let mut marks: Vec<(Mark, &'static str)> = [-26.0, -24.0, -22.0, -20.4]
        .map(|b| (Mark::Dashed(vec![(0.0, b), (most, b + most)], Role::Other, 2), ""))
        .to_vec();
    marks.push((Mark::Line(places.clone(), Role::Model, 3), ""));
    marks.push((Mark::Dots(places, Role::Model, 8), ""));
    for (price, kl, fit) in &ends {
        marks.push((Mark::Words(kl + 0.25, fit - 0.7, (*price).into(), Role::Ink), ""));
    }
    let chart = Chart { x: "cost, nats", y: "fit, nats", marks, ..Chart::default() };
    drawing.panels = vec![("", chart.svg()?)];
    Ok(drawing)
}
