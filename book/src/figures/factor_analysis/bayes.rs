//! Prior, likelihood and posterior of one wine, from few columns and from all.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "factor_analysis.bayes",
    caption: "One wine, the first of the table, and a model with two factors. Each ellipse reaches one standard deviation from its middle. The prior knows nothing of this wine. \
The likelihood is what its columns say alone, drawn as a function of $\\vec z$. The posterior lies where both are high, and is narrower than either.",
    alt: "Two panels in the plane of the two factors. With three columns measured, the likelihood is a long ellipse and the posterior lies where it overlaps the round prior. With thirteen, the likelihood and the posterior are small and almost the same.",
    draw,
};

/// The same model of some of the columns.
fn only(model: &FactorAnalysis, columns: &[usize]) -> Result<FactorAnalysis> {
    FactorAnalysis::new(
        model.mean.select(ndarray::Axis(0), columns),
        model.w.select(ndarray::Axis(0), columns),
        model.psi.select(ndarray::Axis(0), columns),
    )
}

/// Where log p(x | z) peaks as a function of z, and the covariance of that bell: G without the prior's I.
fn likelihood(model: &FactorAnalysis, x: &Array2<f64>) -> Result<([f64; 2], Array2<f64>)> {
    let b = &model.w.t() / &model.psi;
    let m = b.dot(&model.w);
    let determinant = m[[0, 0]] * m[[1, 1]] - m[[0, 1]] * m[[1, 0]];
    let c = array![[m[[1, 1]], -m[[0, 1]]], [-m[[1, 0]], m[[0, 0]]]] / determinant;
    let peak = c.dot(&b).dot(&(&x.row(0) - &model.mean));
    Ok(([peak[0], peak[1]], c))
}

fn panel(model: &FactorAnalysis, x: &Array2<f64>, words: [(f64, f64); 3]) -> Result<Svg> {
    let found = model.posterior(x.view())?;
    let (peak, wide) = likelihood(model, x)?;
    let middle = [found.mean[[0, 0]], found.mean[[0, 1]]];
    let ring = |m: [f64; 2], c: &Array2<f64>, role, width| {
        (Mark::Line(ellipse(m, c.view(), 1.0), role, width), "")
    };
    let mut marks = vec![
        ring([0.0, 0.0], &Array2::eye(2), Role::Third, 4),
        ring(peak, &wide, Role::Data, 4),
        (Mark::Area(ellipse(middle, found.covariance.view(), 1.0), Role::Model), ""),
        ring(middle, &found.covariance, Role::Model, 5),
    ];
    marks.extend(corners(-1.6, 2.6));
    let names =
        [("prior", Role::Third), ("likelihood", Role::Data), ("posterior", Role::Model)];
    for ((x, y), (name, role)) in words.into_iter().zip(names) {
        marks.push((Mark::Words(x, y, name.into(), role), ""));
    }
    beside("first factor", "second factor", marks)
}

fn draw() -> Result<Drawing> {
    let (x, model) = (wine_rows()?, wine_fit()?);
    let first = x.slice(s![..1, ..]).to_owned();
    let some = [0, 4, 12]; // alcohol, magnesium, proline
    let small = only(&model, &some)?;
    let few = first.select(ndarray::Axis(1), &some);
    let found = model.posterior(first.view())?;
    let (g, h) = (&found.covariance, small.posterior(few.view())?.covariance);
    Ok(Drawing::panels(vec![
        ("three columns", panel(&small, &few, [(-1.4, -1.0), (1.0, 3.4), (1.5, 0.4)])?),
        ("all thirteen", panel(&model, &first, [(-1.4, -0.9), (1.0, 1.4), (1.4, 0.1)])?),
    ])
    .exact("factor_analysis.bayes.mean1", found.mean[[0, 0]])
    .exact("factor_analysis.bayes.mean2", found.mean[[0, 1]])
    .exact("factor_analysis.bayes.sd1", g[[0, 0]].sqrt())
    .exact("factor_analysis.bayes.sd2", g[[1, 1]].sqrt())
    .exact("factor_analysis.bayes.few1", h[[0, 0]].sqrt())
    .exact("factor_analysis.bayes.few2", h[[1, 1]].sqrt()))
}
