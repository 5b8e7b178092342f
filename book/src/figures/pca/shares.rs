//! How many directions.
use super::*;
use latent::pca::{Origin, Pca};
use latent::plot::{Chart, Corner, Mark, Role};

pub const FIGURE: Figure = Figure {
    name: "pca.shares",
    caption: "The 64 eigenvalues of all 1797 digits, with ink from 0 to 1, one bar each, and the share of all variance that the first directions hold together. \
{{number pca.digits.for90 0}} directions hold 90 %.",
    alt: "Left: bars that fall steeply from 0.7 and are close to zero beyond the thirtieth. Right: a curve that rises fast and flattens; it crosses a dashed line at 90 percent at 21 directions.",
    draw,
};

fn draw() -> Result<Drawing> {
    let x = digits().x.mapv(|v| v / 16.0);
    let fit = Pca::by_svd(x.view(), Origin::Mean)?;
    let numbered =
        |v: &Array1<f64>| (1..).zip(v).map(|(l, &v)| (f64::from(l), v)).collect::<Points>();
    let shares = fit.shares();
    let l = fit.directions_for(0.9)?;
    let bars = vec![(Mark::Bars(numbered(&fit.variances), Role::Data), "")];
    let bars = Chart {
        x: "direction",
        y: "variance λ, grey²",
        size: (440, 320),
        marks: bars,
        ..Chart::default()
    }
    .svg()?;
    let line = vec![
        (Mark::Line(numbered(&shares), Role::Model, 4), "share held"),
        (Mark::Dashed(vec![(1.0, 0.9), (64.0, 0.9)], Role::Ink, 2), "90 %"),
        (Mark::Dots(vec![(l as f64, shares[l - 1])], Role::Ink, 6), ""),
    ];
    let line = Chart {
        x: "directions kept, L",
        y: "share of the variance",
        size: (440, 320),
        marks: line,
        legend: Corner::LowerRight,
        ..Chart::default()
    }
    .svg()?;
    let mut drawing = Drawing::panels(vec![("One by one", bars), ("Together", line)])
        .exact("pca.digits.for90", l as f64)
        .exact("pca.digits.total", fit.variances.sum());
    for l in [1, 2, 5, 10, 20] {
        drawing = drawing.exact(format!("pca.digits.share.{l}"), shares[l - 1]);
    }
    Ok(drawing)
}
