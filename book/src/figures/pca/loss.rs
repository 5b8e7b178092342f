//! The loss of the tied autoencoder, step by step.
use super::*;
use latent::linalg::second_moment;
use latent::pca::{Origin, Pca, tied};
use latent::plot::{Chart, Mark, Role};

pub const FIGURE: Figure = Figure {
    name: "pca.loss",
    caption: "Gradient descent of a tied autoencoder with two hidden values on all four columns of iris, from three random starts. \
Shown is the distance of its loss from the sum of the two smallest eigenvalues, {{number pca.iris.discarded.2 6}} cm². \
Straight stretches are a constant factor a step.",
    alt: "Three falling curves on a logarithmic axis. Each drops fast, may linger on a plateau, and then falls along a straight line to below one ten-millionth.",
    draw,
};

fn draw() -> Result<Drawing> {
    let x = &iris().x;
    let fit = Pca::by_svd(x.view(), Origin::Mean)?;
    let s = second_moment((x - &fit.mean).view());
    let floor = fit.keep(2)?.discarded();
    let mut marks = vec![];
    for (seed, role, name) in
        [(1, Role::Data, "start 1"), (2, Role::Model, "start 2"), (3, Role::Other, "start 3")]
    {
        use rand::Rng;
        let mut r = rng(seed);
        let start = Array2::from_shape_fn((4, 2), |_| r.random_range(-0.5..0.5));
        let path = tied::descend(s.view(), start.view(), 0.02, 1500)?;
        let curve = path
            .loss
            .iter()
            .enumerate()
            .map(|(t, l)| (t as f64, (l - floor).max(1e-12).log10()))
            .filter(|p| p.1 > -7.5);
        marks.push((Mark::Line(curve.collect(), role, 4), name));
    }
    let svg =
        Chart {
            x: "step", y: "loss − floor, cm²", log_y: true, marks, ..Chart::default()
        }
        .svg()?;
    let start = ndarray::array![[1.0, 0.3], [0.1, 1.0], [0.2, -0.2], [0.3, 0.1]];
    let end = tied::descend(s.view(), start.view(), 0.02, 20_000)?;
    Ok(Drawing::one(svg)
        .exact("pca.iris.discarded.1", fit.keep(1)?.discarded())
        .exact("pca.iris.discarded.2", floor)
        .exact("pca.iris.discarded.3", fit.keep(3)?.discarded())
        .exact("pca.iris.total", fit.variances.sum())
        .exact("pca.tied.start", end.loss[0])
        .exact("pca.tied.end", end.loss[20_000]))
}
