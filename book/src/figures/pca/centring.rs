//! The direction of greatest energy points at the mean.
use super::*;
use latent::pca::{Origin, Pca};
use latent::plot::{Chart, Corner, Mark, Role, points_of};

pub const FIGURE: Figure = Figure {
    name: "pca.centring",
    caption: "Sepals: length and width. Measured from the mean, the first direction runs along the cloud. Measured from zero, it runs from the origin to the middle of the cloud: of all directions $\\vec w$, this one has the largest energy $\\E[(\\vec w\\T\\vec x)^2]$.",
    alt: "A cloud of points far from the origin. One line goes through the cloud along its long axis. Another starts at the origin and goes through the middle of the cloud, crossing it.",
    draw,
};

fn draw() -> Result<Drawing> {
    let x = iris().x.slice(s![.., 0..2]).to_owned();
    let (mean, zero) = (
        Pca::by_svd(x.view(), Origin::Mean)?.keep(1)?,
        Pca::by_svd(x.view(), Origin::Zero)?.keep(1)?,
    );
    let through = |p: &Pca, t: [f64; 2]| {
        t.map(|t| (p.mean[0] + t * p.w[[0, 0]], p.mean[1] + t * p.w[[1, 0]])).to_vec()
    };
    let marks = vec![
        (Mark::Dots(points_of(x.view()), Role::Data, 4), "flowers"),
        (Mark::Line(through(&mean, [-2.4, 2.4]), Role::Model, 4), "from the mean"),
        (Mark::Dashed(through(&zero, [0.0, 8.8]), Role::Third, 4), "from zero"),
        (Mark::Dots(vec![(0.0, 0.0)], Role::Ink, 6), ""),
    ];
    let svg = Chart {
        x: "sepal length, cm",
        y: "sepal width, cm",
        size: (640, 420),
        equal: true,
        marks,
        legend: Corner::UpperLeft,
        ..Chart::default()
    }
    .svg()?;
    let (all, energy) = (
        Pca::by_svd(iris().x.view(), Origin::Mean)?.keep(1)?,
        Pca::by_svd(iris().x.view(), Origin::Zero)?.keep(1)?,
    );
    let first = energy.w.column(0);
    Ok(Drawing::one(svg)
        .exact(
            "pca.iris.cosine_mean",
            first.dot(&all.mean).abs() / all.mean.dot(&all.mean).sqrt(),
        )
        .exact("pca.iris.cosine_first", first.dot(&all.w.column(0)).abs())
        .exact("pca.iris.error_from_zero", energy.error(iris().x.view())?)
        .exact("pca.iris.error_from_mean", all.error(iris().x.view())?)
        .exact("pca.iris.variance", all.variances[0])
        .exact("pca.iris.unbiased", all.variances_unbiased()?[0]))
}
