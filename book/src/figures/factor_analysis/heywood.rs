//! One factor on iris: a noise variance that falls and falls.
use super::*;
use latent::gaussian::LN_2PI;

pub const FIGURE: Figure = Figure {
    name: "factor_analysis.heywood",
    caption: "One factor on the four columns of iris: each column's own share of its variance, step by step. That of petal length never stops falling. \
After {{number factor_analysis.heywood.steps 0}} steps it is {{number factor_analysis.heywood.share 6}}, and the log-likelihood is {{number factor_analysis.heywood.loglik 3}} nats, still below its ceiling of {{number factor_analysis.heywood.edge 3}}.",
    alt: "Four curves over the steps on two logarithmic axes. Those of sepal length, sepal width and petal width level off between one twentieth and one. That of petal length falls along a straight line to below one ten-thousandth.",
    draw,
};

fn draw() -> Result<Drawing> {
    let data = Moments::of(iris().x.view())?;
    let mut model = FactorAnalysis::start(&data, 1)?;
    let (mut so_far, mut curves) = (0usize, vec![vec![]; 4]);
    while so_far < 10_000 {
        let steps = (so_far / 5).max(1).min(10_000 - so_far);
        model = fit(model, &data, Stop { steps, gain: f64::NEG_INFINITY })?.model;
        so_far += steps;
        for (j, curve) in curves.iter_mut().enumerate() {
            let share = model.psi[j] / data.covariance[[j, j]];
            curve.push(((so_far as f64).log10(), share.log10()));
        }
    }
    let s = &data.covariance;
    let rest = |j: usize| s[[j, j]] - s[[j, 2]] * s[[j, 2]] / s[[2, 2]];
    let logs = s[[2, 2]].ln() + rest(0).ln() + rest(1).ln() + rest(3).ln();
    let edge = -0.5 * data.rows * (4.0 * (LN_2PI + 1.0) + logs);
    let last = |j: usize| curves[j].last().map_or(0.0, |p: &(f64, f64)| p.1);
    let words = [
        (last(1) - 0.08, "sepal width", Role::Third),
        (last(0) - 0.08, "sepal length", Role::Data),
        (last(3) - 0.08, "petal width", Role::Other),
        (last(2) + 2.0, "petal length", Role::Model),
    ];
    let mut marks: Vec<(Mark, &'static str)> = words
        .into_iter()
        .map(|(y, name, role)| (Mark::Words(2.9, y, name.into(), role), ""))
        .collect();
    for (j, role) in [(0, Role::Data), (1, Role::Third), (2, Role::Model), (3, Role::Other)] {
        marks.push((Mark::Line(curves[j].clone(), role, 4), ""));
    }
    let svg = Chart {
        x: "step",
        y: "its own share of the variance",
        size: (640, 430),
        log_x: true,
        log_y: true,
        marks,
        ..Chart::default()
    }
    .svg()?;
    Ok(Drawing::one(svg)
        .exact("factor_analysis.heywood.steps", so_far as f64)
        .exact("factor_analysis.heywood.share", model.psi[2] / s[[2, 2]])
        .exact("factor_analysis.heywood.loglik", model.log_likelihood(&data)?)
        .exact("factor_analysis.heywood.triad", s[[0, 2]] * s[[2, 3]] / s[[0, 3]])
        .exact("factor_analysis.heywood.variance", s[[2, 2]])
        .exact("factor_analysis.heywood.edge", edge))
}
