//! Other distributions out of N(0, 1).
use crate::figures::{Drawing, Figure};
use latent::Result;
use latent::gaussian::{log_normal, sample};
use latent::plot::{Chart, Mark, Points, Role, points_of};
use latent::vae::normal::{cdf, middles};
use latent::vae::prior::{pushed, ring};
use ndarray::{Array1, Array2};
use rand::{SeedableRng, rngs::StdRng};

pub const FIGURE: Figure = Figure {
    name: "vae.pushed",
    caption: "Left: the map $x = F^{-1}(\\Phi(z))$ takes twenty-four values of $z$, equally probable under the bell below, to twenty-four values equally probable under the two hills at the left. \
Middle and right: a cloud from $\\mathcal N(\\vec 0, \\mat I)$, and the same dots after a map that keeps each dot's direction.",
    alt: "Three panels. A rising curve with a steep middle; a bell lies along the bottom and a density with two hills along the left side, and dots on the curve stand for equal probability. A round cloud of dots. The same dots on a thin ring with an empty middle.",
    draw,
};

fn hills(x: f64) -> f64 {
    0.7 * cdf((x + 1.0) / 0.4) + 0.3 * cdf((x - 2.0) / 0.8)
}

fn height(x: f64) -> f64 {
    0.7 * log_normal(x, -1.0, 0.4).exp() + 0.3 * log_normal(x, 2.0, 0.8).exp()
}

fn draw() -> Result<Drawing> {
    let grid = |low: f64, high: f64| {
        (0..=160).map(move |i| low + (high - low) * f64::from(i) / 160.0)
    };
    let curve: Points =
        grid(-2.6, 2.6).map(|z| Ok((z, pushed(hills, z)?))).collect::<Result<_>>()?;
    let dots: Points =
        middles(24)?.iter().map(|z| Ok((*z, pushed(hills, *z)?))).collect::<Result<_>>()?;
    let bell: Points =
        grid(-2.9, 2.9).map(|z| (z, -3.6 + 3.0 * log_normal(z, 0.0, 1.0).exp())).collect();
    let side: Points = grid(-2.6, 4.3).map(|x| (-4.2 + 1.9 * height(x), x)).collect();
    let map = vec![
        (Mark::Line(bell, Role::Third, 4), ""),
        (Mark::Line(side, Role::Data, 4), ""),
        (Mark::Line(curve, Role::Model, 4), ""),
        (Mark::Dots(dots, Role::Ink, 4), ""),
    ];
    let mut rng = StdRng::seed_from_u64(8);
    let z = sample(500, Array1::zeros(2).view(), Array2::eye(2).view(), &mut rng)?;
    let x: Points = z
        .rows()
        .into_iter()
        .map(|r| ring([r[0], r[1]]).map(|[a, b]| (a, b)))
        .collect::<Result<_>>()?;
    let cloud = vec![(Mark::Dots(points_of(z.view()), Role::Third, 4), "")];
    let chart = |x, y, equal, marks| {
        Chart { x, y, equal, size: (400, 400), marks, ..Chart::default() }.svg()
    };
    Ok(Drawing::panels(vec![
        ("A map on the line", chart("z", "x", false, map)?),
        ("A cloud", chart("z₁", "z₂", true, cloud)?),
        ("A ring", chart("x₁", "x₂", true, vec![(Mark::Dots(x, Role::Data, 4), "")])?),
    ]))
}
