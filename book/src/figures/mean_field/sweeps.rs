//! The error of coordinate ascent by sweep.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "mean_field.sweeps",
    caption: "How far the second mean is from where it belongs, by sweep. Each sweep multiplies the distance by $\\rho^2$, so the lines are straight.",
    alt: "Three straight falling lines on a logarithmic axis. For correlation 0.5 the error is below a millionth after ten sweeps, for 0.9 it has fallen below two hundredths after twenty, and for 0.99 it hardly falls.",
    draw,
};

fn draw() -> Result<Drawing> {
    let (mut marks, mut drawing) = (vec![], Drawing::default());
    let roles = [Role::Model, Role::Data, Role::Other];
    for ((rho, name), role) in
        [(0.5, "ρ = 0.5"), (0.9, "ρ = 0.9"), (0.99, "ρ = 0.99")].into_iter().zip(roles)
    {
        let target = Target::pair(rho)?;
        let mut q =
            Product { mean: array![0.0, 1.0 / (rho * rho)], variances: array![1.0, 1.0] };
        let mut line = vec![];
        for sweep in 0..=30 {
            q = target.sweep(&q)?;
            line.push((f64::from(sweep), q.mean[1].abs().max(1e-300).log10()));
        }
        line.retain(|p| p.1 > -8.0);
        let needed = (0.001f64.ln() / (rho * rho).ln()).ceil();
        drawing =
            drawing.exact(format!("mean_field.sweeps.{}", (100.0 * rho).round()), needed);
        marks.push((Mark::Line(line.clone(), role, 4), name));
        marks.push((Mark::Dots(line, role, 4), ""));
    }
    let chart = Chart {
        x: "sweeps",
        y: "distance of the mean",
        size: (640, 380),
        log_y: true,
        legend: Corner::LowerLeft,
        marks,
        ..Chart::default()
    };
    drawing.panels = vec![("", chart.svg()?)];
    Ok(drawing)
}
