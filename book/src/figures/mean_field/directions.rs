//! The two divergences against the correlation, and three coordinates where they differ.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "mean_field.directions",
    caption: "What each best product leaves, in nats: the left bar of a pair is $\\mathrm{KL}(q\\,\\Vert\\,p)$, the right one $\\mathrm{KL}(p\\,\\Vert\\,q)$. \
With two coordinates they are equal at every correlation. In the last pair there are three coordinates, whose covariance has the rows (2, 0.8, 0.3), (0.8, 1, 0.4) and (0.3, 0.4, 0.5), and they are not.",
    alt: "Five pairs of bars. For correlations 0.3, 0.5, 0.7 and 0.9 both bars of a pair have one height, from 0.05 to 0.83 nats. In the pair for three coordinates the left bar reaches 0.34 and the right one 0.39.",
    draw,
};

fn draw() -> Result<Drawing> {
    let three = array![[2.0, 0.8, 0.3], [0.8, 1.0, 0.4], [0.3, 0.4, 0.5]];
    let three = Target::new(Array1::zeros(3), three)?;
    let mut each = vec![];
    for rho in [0.3, 0.5, 0.7, 0.9] {
        each.push((Target::pair(rho)?, format!("ρ = {rho}")));
    }
    each.push((three.clone(), "three".into()));
    let (mut one, mut other) = (vec![], vec![]);
    for (i, (target, _)) in each.iter().enumerate() {
        let at = i as f64;
        let (a, b) = (target.gap(&target.reverse())?, target.other_way(&target.forward())?);
        one.push([(at - 0.4, 0.0), (at - 0.02, a)]);
        other.push([(at + 0.02, 0.0), (at + 0.4, b)]);
    }
    let marks = vec![
        (Mark::Blocks(one, Role::Model), "KL(q ‖ p)"),
        (Mark::Blocks(other, Role::Other), "KL(p ‖ q)"),
    ];
    let svg = Chart {
        x: "",
        y: "nats",
        size: (640, 360),
        names: each.into_iter().map(|(_, name)| name).collect(),
        legend: Corner::UpperLeft,
        marks,
        ..Chart::default()
    }
    .svg()?;
    Ok(Drawing::one(svg)
        .exact("mean_field.directions.3.reverse", three.gap(&three.reverse())?)
        .exact("mean_field.directions.3.forward", three.other_way(&three.forward())?))
}
