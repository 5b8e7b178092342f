//! Six components become two, in frames.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "mean_field.pruning",
    caption: "Old Faithful, to the right the length of an eruption, upwards the wait for the next, both standardised; and a Bayesian mixture of six. An ellipse is one component, two standard deviations out, and the thicker the more rows it accounts for. \
Components that lose their rows go back to the prior, the circle about zero. On paper: the start, and four places on the way.",
    alt: "Five panels with the same two clouds of dots. At first six overlapping ellipses lie over both clouds. By the fourth panel three have gone; in the last, one ellipse surrounds each cloud and a thin circle about the middle marks the four that are the prior again.",
    draw,
};

fn panel(x: &Array2<f64>, model: &Variational) -> Result<Svg> {
    let rows: Points = x.rows().into_iter().map(|r| (r[0], r[1])).collect();
    let mut marks = vec![(Mark::Dots(rows, Role::Data, 4), "")];
    let covariances = model.covariances();
    for (k, alpha) in model.alpha.iter().enumerate() {
        let at = [model.means[[k, 0]], model.means[[k, 1]]];
        let line = ellipse(at, covariances.matrix(k, 2).view(), 2.0);
        let alive = *alpha > model.prior.alpha + 1.0;
        let width = if alive { 3 + (alpha / 30.0) as u32 } else { 2 };
        let role = if alive { Role::Model } else { Role::Third };
        marks.push((Mark::Line(line, role, width), ""));
    }
    Chart { size: (400, 380), equal: true, marks, ..Chart::default() }.svg()
}

fn draw() -> Result<Drawing> {
    let x = geyser()?;
    let start = sixfold(&x)?;
    let found = fit(start.clone(), &x, Stop { steps: 400, gain: NEVER })?;
    let mut drawing = Drawing::default();
    let (mut model, mut alive) = (start, vec![]);
    let frames =
        [(0, "Start"), (4, "4 steps"), (10, "10 steps"), (20, "20 steps"), (60, "60 steps")];
    for step in 0..=150 {
        if let Some((_, title)) = frames.iter().find(|(at, _)| *at == step) {
            drawing.panels.push((title, panel(&x, &model)?));
        }
        alive.push(model.survivors());
        model = model.m_step(&x, &model.e_step(&x)?)?;
    }
    let last = (1..alive.len()).rev().find(|t| alive[t - 1] != alive[*t]).unwrap_or(0);
    let mut alpha = found.model.alpha.to_vec();
    alpha.sort_by(|a, b| b.total_cmp(a));
    let cost = found.trace[400].kl;
    Ok(drawing
        .exact("mean_field.pruning.start", found.trace[0].nats())
        .exact("mean_field.pruning.end", found.nats())
        .exact("mean_field.pruning.cost", cost)
        .exact("mean_field.pruning.steps", last as f64)
        .exact("mean_field.pruning.alpha.1", alpha[0])
        .exact("mean_field.pruning.alpha.2", alpha[1])
        .exact("mean_field.pruning.alpha.3", alpha[2])
        .exact("mean_field.pruning.weights", found.model.kl_weights())
        .exact("mean_field.pruning.shapes", found.model.kl_shapes()?))
}
