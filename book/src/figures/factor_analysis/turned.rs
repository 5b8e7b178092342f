//! Two tables of loadings, one model.
use super::*;
use latent::factor_analysis::varimax_criterion;

pub const FIGURE: Figure = Figure {
    name: "factor_analysis.turned",
    caption: "The loadings of the wines, one dot a column, as a fit gives them, and after a turn by {{number factor_analysis.turned.degrees 0}}°. Every number in the table of loadings has changed. \
Both models have the log-likelihood {{number factor_analysis.wine.k2.loglik 3}} nats, and no data can tell them apart.",
    alt: "Two scatter plots with thirteen strokes from the origin. The right one is the left one turned about the origin; the named dots flavanoids, colour and alcohol lie at other places, at the same distances from each other.",
    draw,
};

fn panel(w: &Array2<f64>, words: [(f64, f64); 3]) -> Result<Svg> {
    let strokes = points_of(w.view()).into_iter().map(|p| [(0.0, 0.0), p]).collect();
    let mut marks = vec![
        (Mark::Line(vec![(-1.0, 0.0), (1.0, 0.0)], Role::Faint, 2), ""),
        (Mark::Line(vec![(0.0, -1.0), (0.0, 1.0)], Role::Faint, 2), ""),
        (Mark::Pieces(strokes, Role::Model, 3), ""),
        (Mark::Dots(points_of(w.view()), Role::Model, 6), ""),
    ];
    for ((x, y), name) in words.into_iter().zip(["flavanoids", "colour", "alcohol"]) {
        marks.push((Mark::Words(x, y, name.into(), Role::Ink), ""));
    }
    beside("loading on the first factor", "on the second", marks)
}

fn draw() -> Result<Drawing> {
    let (model, degrees) = (wine_fit()?, 40.0f64);
    let (sin, cos) = degrees.to_radians().sin_cos();
    let turned = model.rotated(array![[cos, sin], [-sin, cos]].view())?;
    let three = after(&wine_moments()?, 3, 1000)?;
    let criterion = |m: &FactorAnalysis| varimax_criterion(m.w.view());
    Ok(Drawing::panels(vec![
        ("as fitted", panel(&model.w, [(0.5, 0.32), (-0.1, 1.0), (0.34, 0.86)])?),
        ("turned", panel(&turned.w, [(0.42, 0.87), (-1.0, 0.76), (-0.5, 0.9)])?),
    ])
    .exact("factor_analysis.turned.degrees", degrees)
    .exact("factor_analysis.turned.before", model.w[[6, 0]])
    .exact("factor_analysis.turned.after", turned.w[[6, 0]])
    .exact("factor_analysis.varimax.turned", criterion(&turned))
    .exact("factor_analysis.varimax.two", criterion(&turned.varimax()?))
    .exact("factor_analysis.varimax.fitted", criterion(&three))
    .exact("factor_analysis.varimax.three", criterion(&three.varimax()?)))
}
