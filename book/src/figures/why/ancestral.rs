//! First a hidden number, then a point: how a model makes rows.
use super::*;
use latent::why::ancestral;
use ndarray::{Array1, array};
use rand::Rng;

pub const FIGURE: Figure = Figure {
    name: "why.ancestral",
    caption: "Fifty rows, each made in two steps. Left: a hidden number $z$ is drawn from the prior. Right: it names a place on a curve, the decoder's answer, and the row is drawn around that place. A line joins each row to its place. Only the points on the right are ever seen.",
    alt: "Left: a bell curve with small dots on its base line. Right: a wave-like curve with points scattered closely around it, each joined to the curve by a short line; points are dense in the middle of the curve and sparse at its ends.",
    draw,
};

/// Where a hidden number stands in the plane.
fn place(z: f64) -> [f64; 2] {
    [z, (1.6 * z).sin()]
}

fn draw() -> Result<Drawing> {
    let prior = normal;
    let likelihood = |z: &f64, r: &mut StdRng| -> Array1<f64> {
        array![place(*z)[0] + 0.15 * normal(r), place(*z)[1] + 0.15 * normal(r)]
    };
    let (z, x) = ancestral(50, prior, likelihood, &mut rng(33));
    let bell = curve(-3.0, 3.0, |z| latent::gaussian::log_normal(z, 0.0, 1.0).exp());
    let left = Chart {
        x: "z, hidden",
        y: "density",
        size: (440, 330),
        marks: vec![
            (Mark::Line(bell, Role::Third, 4), ""),
            (Mark::Dots(z.iter().map(|z| (*z, 0.0)).collect(), Role::Third, 5), ""),
            words(0.85, 0.34, "prior", Role::Third),
        ],
        ..Chart::default()
    };
    let joined = z.iter().zip(&x).map(|(z, x)| [place(*z).into(), (x[0], x[1])]).collect();
    let right = Chart {
        x: "x₁",
        y: "x₂",
        size: (440, 330),
        marks: vec![
            (Mark::Line(curve(-3.0, 3.0, |z| place(z)[1]), Role::Model, 3), ""),
            (Mark::Pieces(joined, Role::Ink, 1), ""),
            (Mark::Dots(x.iter().map(|x| (x[0], x[1])).collect(), Role::Data, 5), ""),
        ],
        ..Chart::default()
    };
    Ok(Drawing::panels(vec![("First z", left.svg()?), ("Then x", right.svg()?)]))
}

/// A draw from N(0, 1), from two uniform ones (Box and Muller).
fn normal(r: &mut StdRng) -> f64 {
    let (u, v): (f64, f64) = (r.random(), r.random());
    (-2.0 * (1.0 - u).ln()).sqrt() * (std::f64::consts::TAU * v).cos()
}
