//! One decoder early, late, and asked about nonsense.
use super::*;
use latent::pca::mean_square;
use latent::plot::{Chart, Mark, Role, Svg, points_of};
use rand::Rng;

pub const FIGURE: Figure = Figure {
    name: "pca.taught",
    caption: "The curve that a decoder draws while its one hidden value runs from end to end, after {{number pca.taught.few 0}} passes over the data and after {{number pca.taught.many 0}}. \
Badly taught, it misses the data (error {{number pca.taught.early 3}}); well taught, it follows them ({{number pca.taught.late 4}}). \
In the third picture noise goes in, and each point of it is joined to the place where it comes out.",
    alt: "Three panels with points along three quarters of a circle. First, a flat bow cuts across. Second, the curve follows the arc. Third, scattered points are joined to where they come out, all on that same arc.",
    draw,
};

fn draw() -> Result<Drawing> {
    let x = arc_points();
    let (few, many) = (4, 400);
    let (early, early_error) = panel(&x, few)?;
    let (late, late_error) = panel(&x, many)?;
    let net = arc_net(x.view(), many)?;
    let mut r = rng(8);
    let noise = Array2::from_shape_fn((60, 2), |_| r.random_range(-1.6..1.6));
    let out = ae::reconstruct(&net, noise.view(), &Cpu::default())?;
    let marks = vec![
        (Mark::Pieces(pieces(noise.view(), out.view()), Role::Faint, 2), ""),
        (Mark::Line(decoder_curve(&net, noise.view())?, Role::Model, 4), ""),
        (Mark::Dots(points_of(noise.view()), Role::Third, 4), ""),
        (Mark::Dots(points_of(out.view()), Role::Ink, 4), ""),
    ];
    let nonsense =
        Chart {
            x: "x₁", y: "x₂", size: (440, 403), equal: true, marks, ..Chart::default()
        }
        .svg()?;
    Ok(Drawing::panels(vec![
        ("Badly taught", early),
        ("Well taught", late),
        ("Asked about noise", nonsense),
    ])
    .exact("pca.taught.few", few as f64)
    .exact("pca.taught.many", many as f64)
    .trained("pca.taught.early", early_error)
    .trained("pca.taught.late", late_error))
}

fn panel(x: &Array2<f64>, epochs: usize) -> Result<(Svg, f64)> {
    let net = arc_net(x.view(), epochs)?;
    let error =
        mean_square(x.view(), ae::reconstruct(&net, x.view(), &Cpu::default())?.view());
    let marks = vec![
        (Mark::Dots(points_of(x.view()), Role::Data, 4), ""),
        (Mark::Line(decoder_curve(&net, x.view())?, Role::Model, 5), ""),
    ];
    let svg =
        Chart {
            x: "x₁", y: "x₂", size: (440, 403), equal: true, marks, ..Chart::default()
        }
        .svg()?;
    Ok((svg, error))
}
