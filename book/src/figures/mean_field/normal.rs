//! A normal with unknown mean and precision: the exact posterior and the product.
use super::*;
use latent::gaussian::log_normal;
use latent::mean_field::{NormalGamma, PrecisionFactor};

pub const FIGURE: Figure = Figure {
    name: "mean_field.normal",
    caption: "The posterior of the mean $\\mu$ and the precision $\\tau$, level lines of equal depth. Left: eight eruptions. The exact posterior is wide in $\\mu$ where $\\tau$ is small; the product cannot bend. \
Right: all 272, where the two can hardly be told apart.",
    alt: "Two panels with level lines of two densities over mean and precision. Left: the exact lines are pear shaped, wide below and narrow above; those of the product are upright ovals, narrower below and wider above. Right: both are the same small ovals.",
    draw,
};

fn panel(x: &Array1<f64>) -> Result<(Svg, f64, f64)> {
    let prior = NormalGamma::new(0.0, 0.001, 0.001, 0.001)?;
    let exact = prior.posterior(x)?;
    let start = PrecisionFactor::start(prior, 1.0)?;
    let found = fit(start, x, Stop { steps: 200, gain: NEVER })?;
    let q = found.model.e_step(x)?;
    let (sd, tau) = (1.0 / q.precision.sqrt(), found.model.tau());
    let spread = tau / found.model.a.sqrt();
    let a = Array1::linspace(q.mean - 4.6 * sd, q.mean + 4.6 * sd, 91);
    let b = Array1::linspace((tau - 3.4 * spread).max(0.01 * tau), tau + 4.4 * spread, 91);
    let heights =
        |f: &dyn Fn(f64, f64) -> f64| Array2::from_shape_fn((91, 91), |(i, j)| f(a[j], b[i]));
    let levels = |h: &Array2<f64>| {
        let top = h.fold(f64::NEG_INFINITY, |m, v| m.max(*v));
        let mut out = vec![];
        for depth in [0.2, 1.0, 2.0, 3.6] {
            out.extend(contours(a.view(), b.view(), h.view(), top - depth));
        }
        out
    };
    let p = levels(&heights(&|m, t| exact.log_density(m, t)));
    let f = levels(&heights(&|m, t| log_normal(m, q.mean, sd) + found.model.log_density(t)));
    let marks = vec![
        (Mark::Pieces(p, Role::Data, 4), "exact"),
        (Mark::Pieces(f, Role::Model, 3), "product"),
        (Mark::Dots(vec![(q.mean, tau + 5.4 * spread)], Role::Faint, 0), ""), // room for the legend
    ];
    let svg = Chart {
        x: "μ, minutes",
        y: "τ, 1/minutes²",
        size: (440, 400),
        marks,
        ..Chart::default()
    }
    .svg()?;
    Ok((svg, found.nats(), prior.log_evidence(x)?))
}

fn draw() -> Result<Drawing> {
    let x = old_faithful().x.column(0).to_owned();
    let few = panel(&x.slice(s![..8]).to_owned())?;
    let all = panel(&x)?;
    let prior = NormalGamma::new(0.0, 0.001, 0.001, 0.001)?;
    let mut model = PrecisionFactor::start(prior, 1.0)?;
    let mut drawing = Drawing::panels(vec![("8 eruptions", few.0), ("272 eruptions", all.0)])
        .exact("mean_field.normal.bound", all.1)
        .exact("mean_field.normal.evidence", all.2)
        .exact("mean_field.normal.gap", all.2 - all.1)
        .exact("mean_field.normal.few.gap", few.2 - few.1);
    for step in 1..=4 {
        model = model.m_step(&x, &model.e_step(&x)?)?;
        drawing = drawing.exact(format!("mean_field.normal.tau.{step}"), model.tau());
    }
    let exact = prior.posterior(&x)?;
    let variance = |a: f64, b: f64| a / (b * b);
    Ok(drawing
        .exact("mean_field.normal.exact", exact.a / exact.b)
        .exact("mean_field.normal.sd", (exact.b / exact.a).sqrt())
        .exact(
            "mean_field.normal.ratio",
            variance(model.a, model.b) / variance(exact.a, exact.b),
        ))
}
