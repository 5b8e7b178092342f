//! The floor at work, on a component that wants to be a spike.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "mixture.floor",
    caption: "Old Faithful, standardised, from a start whose second component is a dot of standard deviation 0.03 on the first eruption. Left: the log-likelihood. Without a floor step {{number mixture.floor.refused 0}} is refused. With a floor of 0.01 it ends at {{number mixture.floor.low 2}} nats, as the good fit does; with 0.1 at {{number mixture.floor.high 2}}, where the floor is felt. Right: the end with the floor of 0.1.",
    alt: "Left: two curves that rise by several steps and level off, the floor of 0.1 earlier and slightly lower, and one short curve without a floor that breaks off at once. Right: the two clumps with an ellipse each.",
    draw,
};

/// The second component sits on the first row.
fn start(x: &Array2<f64>, floor: f64) -> Result<Gaussians> {
    let means = ndarray::stack![Axis(0), array![0.0, 0.0], x.row(0)];
    let covariance = Covariance::Full(vec![Array2::eye(2), Array2::eye(2) * 9e-4]);
    Ok(Gaussians { floor, ..Gaussians::new(array![0.5, 0.5], means, covariance)? })
}

fn draw() -> Result<Drawing> {
    let x = standardised()?;
    let (mut alone, mut model) = (Points::new(), start(&x, 0.0)?);
    let refused = loop {
        alone.push((alone.len() as f64, latent::em::Exact::log_likelihood(&model, &x)?));
        match model.m_step(&x, &model.e_step(&x)?) {
            Ok(next) if alone.len() < 60 => model = next,
            _ => break alone.len(),
        }
    };
    let (low, high) = (walk(start(&x, 0.01)?, &x, 60)?, walk(start(&x, 0.1)?, &x, 60)?);
    let left = Chart {
        x: "step",
        y: "log-likelihood, nats",
        size: (440, 380),
        legend: Corner::LowerRight,
        marks: vec![
            (Mark::Line(by_step(&low), Role::Other, 4), "floor 0.01"),
            (Mark::Line(by_step(&high), Role::Model, 4), "floor 0.1"),
            (Mark::Line(alone, Role::Data, 4), "no floor"),
        ],
        ..Chart::default()
    };
    let mut marks = shared(&x, &high.model.responsibilities(&x)?);
    marks.extend((0..2).map(|k| outline(&high.model, k, 4)));
    let right = Chart {
        x: "eruption, standardised",
        y: "wait, standardised",
        size: (440, 380),
        marks,
        ..Chart::default()
    };
    Ok(Drawing::panels(vec![
        ("The climb", left.svg()?),
        ("Its end, floor 0.1", right.svg()?),
    ])
    .exact("mixture.floor.refused", refused as f64)
    .exact("mixture.floor.low", low.nats())
    .exact("mixture.floor.high", high.nats()))
}
