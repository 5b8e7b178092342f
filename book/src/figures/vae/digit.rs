//! One digit through the trained network: a distribution over codes, and what some of them decode to.
use crate::figures::{Drawing, Figure};
use latent::plot::{Chart, Mark, Picture, Role, ellipse, images, points_of};
use latent::vae::normal::middles;
use latent::{Error, Result};
use ndarray::{Array2, s};

pub const FIGURE: Figure = Figure {
    name: "vae.digit",
    caption: "A digit from the test rows, and $q(\\vec z\\mid\\vec x)$ for it, two standard deviations out; the faint dots are the means of the other test rows. Five codes, spread over $q$ along its wider axis, go through the decoder. What comes out is not a picture but 64 probabilities of ink.",
    alt: "Left, a faint cloud of dots in the plane and a small ellipse in it with five dots along its longer axis. Right, the black and white digit above five grey pictures of it, which change from the first to the last.",
    draw,
};

/// The row that is shown.
const ROW: usize = 262;

fn draw() -> Result<Drawing> {
    let net = super::net("digits-2").map_err(|e| Error::Plot(e.to_string()))?;
    let x = super::digits().test;
    let codes = net.codes(x.view())?;
    let (m, s) = (codes.mean.row(ROW), codes.sd.row(ROW));
    let wide = if s[0] > s[1] { 0 } else { 1 };
    let spread = middles(5)?;
    let z = Array2::from_shape_fn((5, 2), |(i, l)| {
        m[l] + if l == wide { s[l] * spread[i] } else { 0.0 }
    });
    let out = net.images(z.view())?;
    let variances = Array2::from_diag(&(&s * &s));
    let marks = vec![
        (Mark::Dots(points_of(codes.mean.view()), Role::Faint, 4), ""),
        (Mark::Line(ellipse([m[0], m[1]], variances.view(), 2.0), Role::Model, 4), ""),
        (Mark::Dots(points_of(z.view()), Role::Model, 4), ""),
    ];
    let chart =
        Chart {
            x: "z₁", y: "z₂", size: (640, 460), equal: true, marks, ..Chart::default()
        };
    let seen = x.slice(s![ROW..ROW + 1, ..]).mapv(f64::from);
    let rows = [
        Picture { name: "x".into(), pixels: seen.view(), ink: 1.0, signed: false },
        Picture { name: "p(x | z)".into(), pixels: out.view(), ink: 1.0, signed: false },
    ];
    Ok(Drawing::panels(vec![("Codes", chart.svg()?), ("Pixels", images(&rows, 8)?)])
        .trained("vae.digit.sd1", s[0])
        .trained("vae.digit.sd2", s[1]))
}
