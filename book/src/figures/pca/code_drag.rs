//! What the hidden value can do: move along the line, and nothing else.
use super::*;
use latent::pca::{Origin, Pca};
use latent::plot::{Chart, Corner, Mark, Role, points_of};

pub const FIGURE: Figure = Figure {
    name: "pca.code_drag",
    caption: "Five values of the code $z$, from minus two to plus two spreads, and the flowers that the decoder makes of them. No value of $z$ leads off the line. The first flower has a negative width: the line does not know what a width is. \
The three points far from the cloud are no flowers; the encoder takes them all the same, and they come out on the line.",
    alt: "The cloud of petals with a line through it. Five large dots sit on the line at equal distances. Three far-off points are joined to the line by pieces that meet it at right angles.",
    draw,
};

fn draw() -> Result<Drawing> {
    let x = petals();
    let fit = Pca::by_svd(x.view(), Origin::Mean)?.keep(1)?;
    let spread = fit.spreads()[0];
    let codes = Array2::from_shape_fn((5, 1), |(i, _)| (i as f64 - 2.0) * spread);
    let strange = ndarray::array![[2.4, 2.6], [5.5, -0.4], [6.5, 3.6]];
    let back = fit.reconstruct(strange.view())?;
    let marks = vec![
        (Mark::Dots(points_of(x.view()), Role::Data, 4), "flowers"),
        (
            Mark::Line(
                segment([fit.mean[0], fit.mean[1]], [fit.w[[0, 0]], fit.w[[1, 0]]], 4.2),
                Role::Model,
                3,
            ),
            "all the decoder can say",
        ),
        (Mark::Pieces(pieces(strange.view(), back.view()), Role::Ink, 2), ""),
        (Mark::Dots(points_of(strange.view()), Role::Third, 7), "no flowers"),
        (Mark::Dots(points_of(fit.decode(codes.view())?.view()), Role::Model, 9), ""),
    ];
    let svg = Chart {
        x: "petal length, cm",
        y: "petal width, cm",
        size: (640, 440),
        equal: true,
        marks,
        legend: Corner::UpperLeft,
        ..Chart::default()
    }
    .svg()?;
    Ok(Drawing::one(svg).exact("pca.petals.spread", spread))
}
