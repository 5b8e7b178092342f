//! How far one draw of each form jumps, against q.
use super::estimators::{behind_noise, curve};
use crate::figures::{Drawing, Figure};
use latent::Result;
use latent::elbo::Gauss;
use latent::plot::{Chart, Corner, Mark, Role};
use latent::vae::estimators::{slope_variances, variances};

pub const FIGURE: Figure = Figure {
    name: "vae.variances",
    caption: "One number behind noise, $x = 1.2$. The variance of one draw of the bound against the mean $m$ of $q$; the width $s$ is that of the posterior. Left: noise of variance 1. Right: of variance 0.1. \
At the posterior, the dashed upright, estimator A does not vary at all. Near it A jumps less than B. Farther off B jumps less than A: in the left panel on both sides, in the right panel on the right side only; at its left edge A is still below B.",
    alt: "Two panels with three curves each. Estimator A falls to zero at the dashed line that marks the posterior and rises on both sides. Estimator B falls to its own lowest point to the right of the line, and does not reach zero; near the line it lies above A, and below A at the right of both panels and at the left edge of the first. The entropy form has the shape of A, half a unit higher.",
    draw,
};

fn draw() -> Result<Drawing> {
    let mut drawing = Drawing::default();
    let ranges = [(-0.5, 2.0), (0.7, 1.6)];
    let titles = ["Noise of variance 1", "Noise of variance 0.1"];
    let models = behind_noise()?;
    for ((model, title), (low, high)) in models.iter().zip(titles).zip(ranges) {
        let (mean, sd) = model.posterior();
        let of = |form: usize| {
            curve(low, high, move |m| variances(model, Gauss { mean: m, sd })[form])
        };
        let top = variances(model, Gauss { mean: low, sd })[1];
        let marks = vec![
            (Mark::Dashed(vec![(mean, 0.0), (mean, top)], Role::Ink, 2), ""),
            (Mark::Words(low, 2.0 * top, String::new(), Role::Ink), ""), // room for the legend
            (Mark::Line(of(1), Role::Third, 3), "entropy"),
            (Mark::Line(of(0), Role::Model, 4), "B"),
            (Mark::Line(of(2), Role::Other, 4), "A"),
        ];
        let chart = Chart {
            x: "mean of q",
            y: "variance, nats²",
            size: (440, 380),
            legend: Corner::UpperRight,
            marks,
            ..Chart::default()
        };
        drawing.panels.push((title, chart.svg()?));
    }
    let [plain, sharp] = models;
    let cases = [
        ("posterior", plain, 0.6, 0.5),
        ("prior", plain, 0.0, 1.0),
        ("off", plain, -0.4, 0.3),
        ("sharp", sharp, 1.0, 0.2),
    ];
    for (name, model, mean, variance) in cases {
        let q = Gauss { mean, sd: f64::sqrt(variance) };
        let [b, entropy, a] = variances(&model, q).map(|v| (v * 1e12).round() / 1e12);
        for (form, value) in [("a", a), ("b", b), ("entropy", entropy)] {
            drawing = drawing.exact(format!("vae.draw.{name}.{form}"), value);
        }
        for (form, [by_m, by_s]) in
            ["cost", "other"].into_iter().zip(slope_variances(&model, q))
        {
            drawing = drawing
                .exact(format!("vae.slope.{name}.{form}.m"), by_m)
                .exact(format!("vae.slope.{name}.{form}.s"), by_s);
        }
    }
    Ok(drawing)
}
