//! Two peaks, and the Gaussians where the reverse divergence is level.
use super::*;
use latent::elbo::Gauss;
use latent::gaussian::log_normal;
use latent::mean_field::Peaks;

pub const FIGURE: Figure = Figure {
    name: "mean_field.peaks",
    caption: "A density with two peaks, filled, and the three Gaussians where a climb in $\\mathrm{KL}(q\\,\\Vert\\,p)$ ends: one on each peak, and one between them, which is the worst. \
A climb ends at the one it starts near. The dashed Gaussian has the moments of the whole: it is the best in the other direction. Left: masses 0.7 and 0.3. Right: equal ones.",
    alt: "Two panels. In each a filled density with two separate humps, two narrow curves that each put all mass on one hump, a low and wide curve between the humps, and a dashed curve that is low and wide too.",
    draw,
};

/// A density over the line, as places.
fn curve(f: impl Fn(f64) -> f64) -> Points {
    Array1::linspace(-9.0, 9.0, 361).iter().map(|&z| (z, f(z))).collect()
}

fn draw() -> Result<Drawing> {
    let of = |q: Gauss| curve(move |z| log_normal(z, q.mean, q.sd).exp());
    let from = |mean: f64, sd: f64| Gauss { mean, sd };
    let mut drawing = Drawing::default();
    let unequal = Peaks::new([0.7, 0.3], [-3.0, 4.0], [0.7, 1.0])?;
    let equal = Peaks::new([0.5, 0.5], [-3.0, 3.0], [1.0, 1.0])?;
    let cases = [
        (
            "Unequal peaks",
            "unequal",
            unequal,
            vec![from(-3.0, 0.7), from(4.0, 1.0), from(1.5, 3.0)],
        ),
        (
            "Equal peaks",
            "equal",
            equal,
            vec![from(-3.0, 1.0), from(3.0, 1.0), from(0.0, 3.0)],
        ),
    ];
    for (title, key, peaks, starts) in cases {
        let mut area = vec![(-9.0, 0.0)];
        area.extend(curve(|z| peaks.log_density(z).exp()));
        area.push((9.0, 0.0));
        let mut marks = vec![(Mark::Area(area, Role::Data), "")];
        for (i, start) in starts.into_iter().enumerate() {
            let (q, kl) = peaks.reverse(start)?;
            let role = if i == 2 { Role::Third } else { Role::Model };
            marks.push((Mark::Line(of(q), role, 4), ""));
            drawing = drawing.exact(format!("mean_field.peaks.{key}.kl.{i}"), kl);
        }
        let moments = peaks.forward();
        marks.push((Mark::Dashed(of(moments), Role::Other, 4), ""));
        drawing = drawing
            .exact(format!("mean_field.peaks.{key}.mean"), moments.mean)
            .exact(format!("mean_field.peaks.{key}.sd"), moments.sd)
            .exact(format!("mean_field.peaks.{key}.forward"), peaks.other_way(moments));
        let chart =
            Chart { x: "z", y: "density", size: (440, 380), marks, ..Chart::default() };
        drawing.panels.push((title, chart.svg()?));
    }
    let close_by = Peaks::new([0.5, 0.5], [-1.0, 1.0], [1.0, 1.0])?;
    let q = close_by.reverse(from(0.0, 1.0))?.0;
    drawing = drawing.trained("mean_field.peaks.close.sd", q.sd);
    drawing.by_training = false;
    Ok(drawing.exact("mean_field.peaks.close.moments", close_by.forward().sd))
}
