//! Two functions on which moving the draw is the wrong thing to do.
use crate::figures::{Drawing, Figure};
use latent::Result;
use latent::elbo::Gauss;
use latent::plot::{Chart, Corner, Mark, Points, Role};
use latent::vae::gradient::{mean, moments, pathwise, score};

pub const FIGURE: Figure = Figure {
    name: "vae.jump",
    caption: "Thin: a function $f$. Thick: its mean under $\\mathcal N(m, 1)$, as $m$ moves. Left, $f$ jumps, so its slope is zero wherever a draw can fall; its mean rises all the same. Right, $f$ turns so often that a single slope says nothing; its mean is flat.",
    alt: "Two panels. Left, a thin step from zero to one and a thick curve that rises smoothly through it. Right, a thin wave of twenty radians a unit between minus one and one, and a thick level line at zero.",
    draw,
};

fn draw() -> Result<Drawing> {
    let grid = |n: i32| (-n..=n).map(move |i| 2.5 * f64::from(i) / f64::from(n));
    let step = |z: f64| if z > 0.0 { 1.0 } else { 0.0 };
    let wave = |z: f64| (20.0 * z).sin();
    let mean_of = |f: &dyn Fn(f64) -> f64| -> Result<Points> {
        grid(25).map(|m| Ok((m, mean(f, Gauss { mean: m, sd: 1.0 })?))).collect()
    };
    let chart = |thin: Points, thick: Points| {
        let marks = vec![
            (Mark::Line(thin, Role::Data, 2), "f"),
            (Mark::Line(thick, Role::Model, 5), "its mean"),
            (Mark::Dots(vec![(0.0, 1.5)], Role::Faint, 0), ""),
        ];
        let legend = Corner::UpperLeft;
        Chart { x: "z, m", size: (400, 360), legend, marks, ..Chart::default() }.svg()
    };
    let steps = vec![(-2.5, 0.0), (0.0, 0.0), (0.0, 1.0), (2.5, 1.0)];
    let waves = grid(500).map(|z| (z, wave(z))).collect();
    let q = Gauss { mean: 0.0, sd: 1.0 };
    Ok(Drawing::panels(vec![
        ("A jump", chart(steps, mean_of(&step)?)?),
        ("A fast wave", chart(waves, mean_of(&wave)?)?),
    ])
    .exact("vae.jump.truth", moments(|e| score(step, q, e)[0]).0)
    .exact(
        "vae.jump.wave.path",
        moments(|e| pathwise(|z| 20.0 * (20.0 * z).cos(), q, e)[0]).1,
    )
    .exact("vae.jump.wave.score", moments(|e| score(wave, q, e)[0]).1))
}
