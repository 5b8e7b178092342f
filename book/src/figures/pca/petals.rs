//! The data of the first page.
use super::*;
use latent::plot::{Chart, Mark, Role, points_of};

pub const FIGURE: Figure = Figure {
    name: "pca.petals",
    caption: "150 irises: the length and the width of a petal, both in centimetres. One unit is equally long on both axes. \
Two numbers a flower, and yet the points keep close to a line.",
    alt: "Scatter plot of petal width from 0.1 to 2.5 cm against petal length from 1 to 7 cm. The points lie along a rising line, with one cluster of short petals at its lower end.",
    draw,
};

fn draw() -> Result<Drawing> {
    let x = petals();
    let marks = vec![(Mark::Dots(points_of(x.view()), Role::Data, 5), "")];
    let svg = Chart {
        x: "petal length, cm",
        y: "petal width, cm",
        size: (640, 330),
        equal: true,
        marks,
        ..Chart::default()
    }
    .svg()?;
    let middle = x.sum_axis(Axis(0)) / 150.0;
    Ok(Drawing::one(svg)
        .exact("pca.petals.mean_length", middle[0])
        .exact("pca.petals.mean_width", middle[1]))
}
