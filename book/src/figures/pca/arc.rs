//! One number for an arc: by a line, and by a curve.
use super::*;
use latent::pca::{Origin, Pca, mean_square};
use latent::plot::{Chart, Mark, Role, Svg, points_of};

pub const FIGURE: Figure = Figure {
    name: "pca.arc",
    caption: "300 points near three quarters of a circle, each squeezed through one number. The best line leaves a mean squared error of {{number pca.arc.line 3}}; \
the autoencoder with 24 tanh units on either side of its code leaves {{number pca.arc.curve 4}}. The noise across the circle has mean square {{number pca.arc.noise 4}}.",
    alt: "Two panels. Left: a level line through an arc, with long pieces from the points to the line. Right: a curve that runs along the arc, with pieces too short to see.",
    draw,
};

fn draw() -> Result<Drawing> {
    let x = arc_points();
    let fit = Pca::by_svd(x.view(), Origin::Mean)?.keep(1)?;
    let flat = fit.reconstruct(x.view())?;
    let net = arc_net(x.view(), 400)?;
    let bent = ae::reconstruct(&net, x.view(), &Cpu::default())?;
    let line = panel(
        &x,
        &flat,
        segment([fit.mean[0], fit.mean[1]], [fit.w[[0, 0]], fit.w[[1, 0]]], 1.3),
    )?;
    let curve = panel(&x, &bent, decoder_curve(&net, x.view())?)?;
    let clean = x.rows().into_iter().map(|r| (r.dot(&r).sqrt() - 1.0).powi(2)).sum::<f64>()
        / x.nrows() as f64;
    Ok(Drawing::panels(vec![("By PCA", line), ("By a deep autoencoder", curve)])
        .exact("pca.arc.line", mean_square(x.view(), flat.view()))
        .exact("pca.arc.noise", clean)
        .trained("pca.arc.curve", mean_square(x.view(), bent.view())))
}

fn panel(x: &Array2<f64>, back: &Array2<f64>, model: Points) -> Result<Svg> {
    let marks = vec![
        (Mark::Pieces(pieces(x.view(), back.view()), Role::Faint, 2), ""),
        (Mark::Dots(points_of(x.view()), Role::Data, 4), ""),
        (Mark::Line(model, Role::Model, 5), ""),
    ];
    Chart { x: "x₁", y: "x₂", size: (440, 374), equal: true, marks, ..Chart::default() }.svg()
}
