//! One clean number, two noisy ones: the same information.
use super::estimators::curve;
use super::{digits, net};
use crate::figures::{Drawing, Figure};
use latent::elbo::{Tiny, kl_to_standard};
use latent::gaussian::log_normal;
use latent::plot::{Chart, Mark, Points, Role, ellipse};
use latent::vae::amortised::{Encoder, information};
use latent::vae::normal::middles;
use latent::{Error, Result};
use ndarray::{Array2, array};

pub const FIGURE: Figure = Figure {
    name: "vae.channel",
    caption: "Two codes with one ceiling, $\\log 10$ nats. Left: one number, each $q(z\\mid\\vec x)$ with variance 0.01. Right: two numbers, each with variance 0.1; circles are two standard deviations out. The ceiling is reached when all codes together are the prior. The ten of each kind that are drawn here come near that spread; they overlap, and tell about 2.0 nats.",
    alt: "Left: ten narrow bells side by side along a line, crowded in the middle. Right: ten overlapping circles in a plane.",
    draw,
};

/// The mean cost of the 1500 training digits, in nats.
fn spent(run: &str) -> Result<f64> {
    let x = digits().train;
    let net = net(run).map_err(|why| Error::Device(why.to_string()))?;
    let codes = net.codes(x.view())?;
    let rows = codes.mean.rows().into_iter().zip(codes.sd.rows());
    let each = rows.map(|(m, s)| kl_to_standard(&m.to_vec(), &s.to_vec()));
    Ok(each.sum::<f64>() / x.nrows() as f64)
}

fn draw() -> Result<Drawing> {
    let (v1, v2) = (0.01f64, 0.1f64);
    let at = middles(10)?.mapv(|e| (1.0 - v1).sqrt() * e);
    let narrow: Vec<_> = at
        .iter()
        .map(|&m| {
            let bell = curve(m - 0.45, m + 0.45, |z| log_normal(z, m, v1.sqrt()).exp());
            (Mark::Line(bell, Role::Model, 3), "")
        })
        .collect();
    let one =
        Chart { x: "z", y: "density", size: (440, 380), marks: narrow, ..Chart::default() };
    // Ten places of the plane: two in the middle, eight around, at the prior's spread.
    let mut places: Points = vec![(-0.45, 0.0), (0.45, 0.0)];
    for i in 0..8 {
        let (sin, cos) = (std::f64::consts::TAU * (f64::from(i) + 0.5) / 8.0).sin_cos();
        places.push((1.45 * cos, 1.45 * sin));
    }
    let spread: Array2<f64> = array![[v2, 0.0], [0.0, v2]];
    let wide: Vec<_> = places
        .iter()
        .map(|&(x, y)| (Mark::Line(ellipse([x, y], spread.view(), 2.0), Role::Model, 3), ""))
        .collect();
    let two = Chart {
        x: "z₁",
        y: "z₂",
        size: (440, 380),
        equal: true,
        marks: wide,
        ..Chart::default()
    };
    let tiny = Tiny::default();
    let [told, paid] = information(&tiny, &Encoder::trained(&tiny, 300, 0.5)?)?;
    let mut drawing = Drawing::panels(vec![
        ("Narrow and clean", one.svg()?),
        ("Wide and noisy", two.svg()?),
    ])
    .exact("vae.information.told", told)
    .exact("vae.information.paid", paid)
    .trained("vae.information.digits.2", spent("digits-2")?)
    .trained("vae.information.digits.10", spent("digits-10")?);
    drawing.by_training = false; // the pictures are exact
    Ok(drawing)
}
