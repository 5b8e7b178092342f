//! How the model makes a row.
use super::*;
use latent::gaussian::log_normal;

pub const FIGURE: Figure = Figure {
    name: "factor_analysis.generative",
    caption: "Forty rows with two columns, made by a factor model with $L = 1$. First a $z$ for each row, from the bell curve. Then $\\mat W z + \\vmu$: \
a place on a line. Then noise, of its own size for each column: a standard deviation of {{number factor_analysis.generative.sd1 1}} across and {{number factor_analysis.generative.sd2 1}} upwards.",
    alt: "Three panels. Dots under a bell curve on the z axis; the same dots spread along a slanted line in the plane; the same dots moved off the line, each joined to its place on the line by a short stroke.",
    draw,
};

fn draw() -> Result<Drawing> {
    let model = two_columns()?;
    let (z, x) = model.sample(40, &mut rng(3));
    let places = z.dot(&model.w.t()) + &model.mean;
    let bell: Points = (-60..=60)
        .map(|i| f64::from(i) / 20.0)
        .map(|t| (t, log_normal(t, 0.0, 1.0).exp()))
        .collect();
    let on_axis = z.iter().map(|v| (*v, 0.0)).collect();
    let first = vec![
        (Mark::Line(bell, Role::Third, 4), ""),
        (Mark::Dots(on_axis, Role::Third, 5), ""),
    ];
    let ends = [-2.9, 2.9].map(|t| (5.0 + 1.5 * t, 3.0 + 0.8 * t)).to_vec();
    let line = || (Mark::Line(ends.clone(), Role::Model, 2), "");
    let second = vec![line(), (Mark::Dots(points_of(places.view()), Role::Third, 5), "")];
    let strokes = points_of(places.view())
        .into_iter()
        .zip(points_of(x.view()))
        .map(|(a, b)| [a, b])
        .collect();
    let third = vec![
        line(),
        (Mark::Pieces(strokes, Role::Faint, 3), ""),
        (Mark::Dots(points_of(x.view()), Role::Data, 5), ""),
    ];
    let chart =
        |x, y, marks| Chart { x, y, size: (340, 320), marks, ..Chart::default() }.svg();
    Ok(Drawing::panels(vec![
        ("draw z", chart("z", "p(z)", first)?),
        ("Wz + μ", chart("first column", "second column", second)?),
        ("and noise", chart("first column", "second column", third)?),
    ])
    .exact("factor_analysis.generative.sd1", model.psi[0].sqrt())
    .exact("factor_analysis.generative.sd2", model.psi[1].sqrt()))
}
