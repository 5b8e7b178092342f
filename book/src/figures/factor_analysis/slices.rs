//! The marginal as the sum of what each z makes.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "factor_analysis.slices",
    caption: "The model of the chapter's first figure. Each thin ellipse is $p(\\vec x\\mid z)$ for one $z$ from −2 to 2; it reaches two standard deviations from its middle. All are alike, and none is tilted. \
Weighted by $p(z)$ and added up, they make $p(\\vec x)$, the thick one: a single Gaussian, tilted, because all moved along one line.",
    alt: "Nine level ellipses, a little wider than tall, stand in a row along a rising line. One large tilted ellipse, drawn thick, runs along them and through the cloud of points; all but the middle one reach beyond it.",
    draw,
};

fn draw() -> Result<Drawing> {
    let model = two_columns()?;
    let (_, x) = model.sample(400, &mut rng(8));
    let mut marks = vec![(Mark::Dots(points_of(x.view()), Role::Faint, 3), "")];
    let own = Array2::from_diag(&model.psi);
    for step in -4..=4 {
        let z = f64::from(step) / 2.0;
        let middle = [5.0 + 1.5 * z, 3.0 + 0.8 * z];
        marks.push((Mark::Line(ellipse(middle, own.view(), 2.0), Role::Third, 2), ""));
    }
    let whole = ellipse([5.0, 3.0], model.covariance().view(), 2.0);
    marks.push((Mark::Line(whole, Role::Model, 5), ""));
    marks.push((Mark::Words(5.9, 1.5, "p(x)".into(), Role::Model), ""));
    marks.push((Mark::Words(2.6, 3.9, "p(x | z)".into(), Role::Third), ""));
    let svg = Chart {
        x: "first column",
        y: "second column",
        size: (640, 430),
        equal: true,
        marks,
        ..Chart::default()
    }
    .svg()?;
    let c = model.covariance();
    Ok(Drawing::one(svg)
        .exact("factor_analysis.slices.across", c[[0, 0]])
        .exact("factor_analysis.slices.both", c[[0, 1]])
        .exact("factor_analysis.slices.upwards", c[[1, 1]]))
}
