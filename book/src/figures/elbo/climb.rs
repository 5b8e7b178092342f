//! Two ways up one hill.
use super::*;
use latent::elbo::Shifted;
use latent::plot::contours;
use ndarray::Array2;

pub const FIGURE: Figure = Figure {
    name: "elbo.climb",
    caption: "Level lines of the bound over the mean $m$ of $q$ and the parameter $\\theta$, for $x = 1.2$ and noise of standard deviation 1. The stairs change one of the two at a time, and each step goes to the best value: inference, learning, inference, learning. \
The curve changes both, along the slope. The top is at $m = 0$, $\\theta = x$, the maximum of the likelihood.",
    alt: "Nested tilted ellipses round the point (0, 1.2). From the lower left, a staircase of alternating level and upright steps and a smooth curve both lead to the centre.",
    draw,
};

fn draw() -> Result<Drawing> {
    let model = Shifted { x: 1.2, noise: 1.0 };
    let (m, theta) = (Array1::linspace(-1.9, 1.9, 96), Array1::linspace(-1.4, 3.0, 96));
    let heights =
        Array2::from_shape_fn((96, 96), |(i, j)| model.elbo([m[j], theta[i]]).nats());
    let top = model.elbo([0.0, 1.2]).nats();
    let places =
        |path: Vec<[f64; 2]>| path.into_iter().map(|p| (p[0], p[1])).collect::<Points>();
    let start = [-1.6, -1.0];
    let (stairs, curve) =
        (places(model.by_turns(start, 12)), places(model.together(start, 0.05, 400)));
    let mut marks = vec![];
    for below in [0.05, 0.2, 0.5, 1.0, 2.1, 3.5] {
        marks.push((
            Mark::Pieces(
                contours(m.view(), theta.view(), heights.view(), top - below),
                Role::Faint,
                3,
            ),
            "",
        ));
    }
    marks.extend([
        line(stairs, Role::Model, 4),
        line(curve, Role::Data, 4),
        (Mark::Dots(vec![(start[0], start[1])], Role::Ink, 6), ""),
        (Mark::Dots(vec![(0.0, 1.2)], Role::Other, 8), ""),
        words(-1.35, 0.75, "together", Role::Data),
        words(-0.2, -1.08, "by turns", Role::Model),
    ]);
    let svg =
        Chart { x: "m, the mean of q", y: "θ", size: (640, 480), marks, ..Chart::default() }
            .svg()?;
    let after = |rounds: usize| model.by_turns(start, rounds)[2 * rounds];
    Ok(Drawing::one(svg)
        .exact("elbo.climb.start", model.elbo(start).nats())
        .exact("elbo.climb.top", top)
        .exact("elbo.climb.one", model.elbo(after(1)).nats())
        .exact("elbo.climb.five", model.elbo(after(5)).nats()))
}
