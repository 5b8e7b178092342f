//! Four kinds of covariance on the same petals.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "mixture.kinds",
    caption: "Three components on the petals of 150 irises, with each kind of covariance. Full: {{number mixture.kinds.full.nats 1}} nats for {{number mixture.kinds.full.size 0}} numbers. Tied: {{number mixture.kinds.tied.nats 1}} for {{number mixture.kinds.tied.size 0}}. \
Diagonal: {{number mixture.kinds.diagonal.nats 1}} for {{number mixture.kinds.diagonal.size 0}}. Spherical: {{number mixture.kinds.spherical.nats 1}} for {{number mixture.kinds.spherical.size 0}}.",
    alt: "Four scatters of petal width over petal length with three ellipses each. Full: three ellipses of different size and tilt. Tied: three of the same shape. Diagonal: level ones of different size. Spherical: three circles, which leave their clumps' long ends out.",
    draw,
};

fn draw() -> Result<Drawing> {
    let x = iris().x.slice(s![.., 2..4]).to_owned();
    let means = x.select(Axis(0), &[0, 50, 100]);
    let mut drawing = Drawing::default();
    for (kind, title, name, size) in [
        (Kind::Full, "Full", "full", 17),
        (Kind::Tied, "Tied", "tied", 11),
        (Kind::Diagonal, "Diagonal", "diagonal", 14),
        (Kind::Spherical, "Spherical", "spherical", 11),
    ] {
        let found = walk(Gaussians::around(&x, means.clone(), kind)?, &x, 400)?;
        let mut marks = shared(&x, &found.model.responsibilities(&x)?);
        marks.extend((0..3).map(|k| outline(&found.model, k, 4)));
        let chart = Chart {
            x: "petal length, cm",
            y: "petal width, cm",
            size: (440, 270),
            equal: true,
            marks,
            ..Chart::default()
        };
        drawing.panels.push((title, chart.svg()?));
        drawing = drawing
            .exact(format!("mixture.kinds.{name}.nats"), found.nats())
            .exact(format!("mixture.kinds.{name}.size"), f64::from(size));
    }
    Ok(drawing)
}
