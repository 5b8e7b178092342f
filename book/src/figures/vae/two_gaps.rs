//! The smallest decoder and an encoder for it: what is lost, and to what.
use super::estimators::curve;
use crate::figures::{Drawing, Figure};
use latent::Result;
use latent::elbo::{Gauss, Tiny};
use latent::gaussian::log_normal;
use latent::plot::{Chart, Corner, Mark, Points, Role};
use latent::vae::amortised::{Encoder, gaps};

pub const FIGURE: Figure = Figure {
    name: "vae.two_gaps",
    caption: "The decoder with three pixels, and an encoder that is linear in them. Left and middle: for two images the posterior, the best Gaussian, and the Gaussian that the encoder gives. \
Right: what is lost for each image. The lower part is lost because $q$ is a Gaussian, the upper because one encoder serves all eight.",
    alt: "Left and middle: a lopsided filled density, a bell that follows it closely, and a second bell, wider or shifted. Right: eight bars of two parts, from 0.013 to 0.044 nats in all; for the images 000 and 111 the upper part is the larger, for 001 and 110 the lower.",
    draw,
};

fn draw() -> Result<Drawing> {
    let tiny = Tiny::default();
    let encoder = Encoder::trained(&tiny, 300, 0.5)?;
    let found = gaps(&tiny, &encoder)?;
    let mut drawing = Drawing::default();
    for (row, title) in [(4, "The image 100"), (0, "The image 000")] {
        let hidden = tiny.hidden(tiny.every_x().row(row))?;
        let bell = |q: Gauss| curve(-3.0, 3.0, move |z| log_normal(z, q.mean, q.sd).exp());
        let mut area: Points = hidden
            .z
            .iter()
            .zip(&hidden.log_posterior())
            .map(|(&z, l)| (z, l.exp()))
            .collect();
        area.retain(|p| p.0.abs() < 3.0);
        let mut area: Points = area.into_iter().step_by(4).collect();
        area.insert(0, (-3.0, 0.0));
        area.push((3.0, 0.0));
        let marks = vec![
            (Mark::Area(area, Role::Data), "posterior"),
            (Mark::Line(bell(found[row].best.0), Role::Model, 4), "best"),
            (Mark::Line(bell(found[row].amortised.0), Role::Other, 4), "encoder"),
        ];
        let chart = Chart {
            x: "z",
            y: "density",
            size: (440, 380),
            legend: Corner::UpperLeft,
            marks,
            ..Chart::default()
        };
        drawing.panels.push((title, chart.svg()?));
    }
    let (mut low, mut high, mut means) = (vec![], vec![], [0.0; 2]);
    for (i, g) in (0..).zip(&found) {
        let (at, a, b) = (f64::from(i), g.approximation(), g.amortisation());
        low.push([(at - 0.4, 0.0), (at + 0.4, a)]);
        high.push([(at - 0.4, a), (at + 0.4, a + b)]);
        means = [means[0] + g.share * a, means[1] + g.share * b];
    }
    let marks = vec![
        (Mark::Blocks(high, Role::Other), "encoder"),
        (Mark::Blocks(low, Role::Model), "Gaussian"),
        (Mark::Words(-0.4, 0.058, String::new(), Role::Ink), ""),
    ];
    let chart = Chart {
        x: "image, 000 to 111",
        y: "lost, nats",
        size: (440, 380),
        legend: Corner::UpperRight,
        marks,
        ..Chart::default()
    };
    drawing.panels.push(("What is lost", chart.svg()?));
    for (row, name) in [(4, "100"), (0, "000")] {
        drawing = drawing
            .exact(format!("vae.gaps.{name}.best"), found[row].best.0.sd)
            .exact(format!("vae.gaps.{name}.encoder"), found[row].amortised.0.sd)
            .exact(format!("vae.gaps.{name}.approximation"), found[row].approximation())
            .exact(format!("vae.gaps.{name}.amortisation"), found[row].amortisation());
    }
    Ok(drawing
        .exact("vae.gaps.approximation", means[0])
        .exact("vae.gaps.amortisation", means[1]))
}
