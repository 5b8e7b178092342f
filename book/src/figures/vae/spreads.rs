//! The standard deviation of a pixel: given, learned, or predicted.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "vae.spreads",
    caption: "Grey digits, pixels from 0 to 1, under Gaussian pixels: the same network with five ideas of a pixel's standard deviation. Left: the bound on the test rows; a density has no ceiling at zero. Right: the cost of the code. With a standard deviation of 1 no digit is worth sending.",
    alt: "Left: five bars of the bound in nats per row. At the standard deviation 1 it is far below zero, at 0.3 near zero, at 0.1 again far below; the learned one is a little above zero, the predicted one by far the highest. Right: five bars of the cost, zero for 1 and several nats for the others.",
    draw,
};

const KINDS: [&str; 5] = ["1", "0.3", "0.1", "shared", "predicted"];

fn draw() -> Result<Drawing> {
    let (mut bounds, mut costs) = (vec![], vec![]);
    let mut drawing = Drawing::default();
    for (i, kind) in KINDS.into_iter().enumerate() {
        let (last, bound) = end(&format!("grey-{kind}"), "bound")?;
        bounds.push((i as f64, bound));
        costs.push((i as f64, last.test.kl));
        drawing = drawing
            .exact(format!("vae.spreads.bound.{kind}"), bound)
            .exact(format!("vae.spreads.kl.{kind}"), last.test.kl)
            .exact(format!("vae.spreads.active.{kind}"), last.active as f64);
    }
    let chart = |y, bars: Points| {
        let names = KINDS.map(String::from).to_vec();
        let marks = vec![(Mark::Bars(bars, Role::Model), "")];
        Chart {
            x: "standard deviation of a pixel",
            y,
            size: (560, 420),
            names,
            marks,
            ..Chart::default()
        }
        .svg()
    };
    drawing.panels = vec![
        ("The bound", chart("bound, nats", bounds)?),
        ("The cost", chart("cost, nats", costs)?),
    ];
    Ok(drawing)
}
