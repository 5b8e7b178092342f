//! Which species has a petal of 4.8 cm?
use super::*;

pub const FIGURE: Figure = Figure {
    name: "elbo.flower",
    caption: "Petal lengths of 150 irises, a row of dots for each of three species, and the Gaussian of each species, with the mean and the standard deviation (divisor 50) of its petals. The dashed line is a flower \
whose petal is 4.8 cm long. If the species are equally common, it is a versicolor with probability {{number elbo.flower.versicolor 3}}, \
and a virginica with probability {{number elbo.flower.virginica 3}}.",
    alt: "Three bell curves over petal length from 1 to 7 cm. Setosa's is tall and narrow at 1.5, far from the others. Versicolor's peaks at 4.3 and virginica's at 5.6; they overlap, and a dashed line at 4.8 crosses both, versicolor's a little higher.",
    draw,
};

fn draw() -> Result<Drawing> {
    let mut marks = vec![];
    let named = [
        (0, "setosa", Role::Third, 1.85),
        (1, "versicolor", Role::Data, 2.6),
        (2, "virginica", Role::Other, 6.1),
    ];
    for (k, name, role, x) in named {
        let (mean, sd) = species(k);
        let dots =
            iris().only(k).column(2).iter().map(|&v| (v, -0.12 - 0.12 * k as f64)).collect();
        marks.push((Mark::Dots(dots, role, 4), ""));
        marks.push(line(curve(0.8, 7.2, density(mean, sd)), role, 4));
        marks.push(words(x, [2.2, 0.8, 0.8][k], name, role));
    }
    marks.push(dashed(vec![(LENGTH, -0.45), (LENGTH, 2.4)], Role::Ink));
    let svg = Chart {
        x: "petal length, cm",
        y: "density, per cm",
        size: (640, 380),
        marks,
        ..Chart::default()
    }
    .svg()?;
    let hidden = flower()?;
    let posterior = hidden.log_posterior();
    let third = logs(&[1.0 / 3.0; 3]);
    let believer = hidden.log_posterior().mapv(f64::exp);
    let spared = logs(&[0.01, 0.99 * believer[1], 0.99 * believer[2]]);
    Ok(Drawing::one(svg)
        .exact("elbo.flower.versicolor", posterior[1].exp())
        .exact("elbo.flower.virginica", posterior[2].exp())
        .exact("elbo.flower.setosa_power", posterior[0] / std::f64::consts::LN_10)
        .exact("elbo.flower.density_versicolor", hidden.log_likelihood[1].exp())
        .exact("elbo.flower.density_virginica", hidden.log_likelihood[2].exp())
        .exact("elbo.flower.evidence", hidden.log_evidence().exp())
        .exact("elbo.flower.log_evidence", hidden.log_evidence())
        .exact("elbo.flower.log_evidence_mm", hidden.log_evidence() - f64::ln(10.0))
        .exact("elbo.flower.gap_half", hidden.gap(&logs(&[0.0, 0.5, 0.5])))
        .exact("elbo.flower.gap_thirds", hidden.gap(&third))
        .exact("elbo.flower.gap_one_per_cent", hidden.gap(&spared)))
}
