//! The still picture of the live figure: where descent leads from everywhere.
use super::*;
use latent::linalg::second_moment;
use latent::pca::{Origin, Pca, tied};
use latent::plot::{Chart, Mark, Role};

pub const FIGURE: Figure = Figure {
    name: "pca.descent",
    caption: "Drag the points, or choose one with N and P and move it with the arrow keys. The solid line is the eigenvector's; the dashed one belongs to the \
weights $\\vec w$ of a tied autoencoder that walks downhill, and the arrow is $\\vec w$ itself. When it arrives, the two lines are one, and the arrow has length one. On paper: sixteen starts in the plane of the two weights, for the petals; the dashed circle is length one, the dots are the first direction and its opposite.",
    alt: "Sixteen paths in the plane of the two weights start all around zero. Each bends towards one of two opposite points on the unit circle, the first principal direction and its negative.",
    draw,
};

fn draw() -> Result<Drawing> {
    let x = petals();
    let centred = &x - &(x.sum_axis(Axis(0)) / 150.0);
    let s = second_moment(centred.view());
    let w = Pca::by_eigen(x.view(), Origin::Mean)?.keep(1)?.w;
    let circle = (0..=120)
        .map(|i| (f64::from(i) * 3.0f64.to_radians()).sin_cos())
        .map(|(s, c)| (c, s))
        .collect();
    let mut marks = vec![(Mark::Dashed(circle, Role::Ink, 2), "")];
    for k in 0..16 {
        let (sin, cos) = (0.2 + f64::from(k) * std::f64::consts::PI / 8.0).sin_cos();
        let start = ndarray::array![[1.4 * cos], [1.4 * sin]];
        let mut path = vec![(start[[0, 0]], start[[1, 0]])];
        let mut here = start;
        for _ in 0..400 {
            here = tied::descend(s.view(), here.view(), 0.01, 1)?.w;
            path.push((here[[0, 0]], here[[1, 0]]));
        }
        marks.push((Mark::Line(path, Role::Data, 2), ""));
    }
    marks.push((
        Mark::Dots(vec![(w[[0, 0]], w[[1, 0]]), (-w[[0, 0]], -w[[1, 0]])], Role::Model, 9),
        "",
    ));
    Ok(Drawing::one(
        Chart {
            x: "first weight",
            y: "second weight",
            size: (640, 520),
            equal: true,
            marks,
            ..Chart::default()
        }
        .svg()?,
    ))
}
