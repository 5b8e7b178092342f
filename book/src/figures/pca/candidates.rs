//! Two lines through one cloud, and what each leaves.
use super::*;
use latent::pca::{Origin, Pca, mean_square};
use latent::plot::{Chart, Mark, Role, Svg, points_of};

pub const FIGURE: Figure = Figure {
    name: "pca.candidates",
    caption: "Two lines through the mean of the petals. Each flower is moved to the nearest point of the line; the short pieces are \
what is lost. Their mean squared length is {{number pca.petals.poor_error 3}} cm² for the level line and \
{{number pca.petals.error 3}} cm² for the best one.",
    alt: "Two panels with the same cloud. In the first a level line leaves long upright pieces between points and line. In the second a rising line follows the cloud and the pieces are short.",
    draw,
};

fn draw() -> Result<Drawing> {
    let x = petals();
    let fit = Pca::by_svd(x.view(), Origin::Mean)?.keep(1)?;
    let (best, level) = ([fit.w[[0, 0]], fit.w[[1, 0]]], [1.0, 0.0]);
    let (poor, poor_error) = panel(&x, &fit, level)?;
    let (good, error) = panel(&x, &fit, best)?;
    Ok(Drawing::panels(vec![("A level line", poor), ("The line of greatest variance", good)])
        .exact("pca.petals.poor_error", poor_error)
        .exact("pca.petals.error", error)
        .exact("pca.petals.total", fit.variances.sum())
        .exact("pca.petals.variance", fit.variances[0])
        .exact("pca.petals.discarded", fit.discarded())
        .exact("pca.petals.share", fit.shares()[0])
        .exact("pca.petals.w1", best[0])
        .exact("pca.petals.w2", best[1]))
}

fn panel(x: &Array2<f64>, fit: &Pca, direction: [f64; 2]) -> Result<(Svg, f64)> {
    let w = ndarray::array![[direction[0]], [direction[1]]];
    let back = (x - &fit.mean).dot(&w).dot(&w.t()) + &fit.mean;
    let marks = vec![
        (Mark::Line(segment([fit.mean[0], fit.mean[1]], direction, 3.2), Role::Model, 3), ""),
        (Mark::Pieces(pieces(x.view(), back.view()), Role::Ink, 1), ""),
        (Mark::Dots(points_of(x.view()), Role::Data, 5), ""),
    ];
    let svg = Chart {
        x: "petal length, cm",
        y: "petal width, cm",
        size: (440, 288),
        equal: true,
        marks,
        ..Chart::default()
    }
    .svg()?;
    Ok((svg, mean_square(x.view(), back.view())))
}
