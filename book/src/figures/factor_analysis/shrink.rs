//! Probabilistic PCA as its noise goes to zero.
use super::*;
use latent::data::tilted_cloud;
use latent::linalg::{eigen_symmetric, projector};

pub const FIGURE: Figure = Figure {
    name: "factor_analysis.shrink",
    caption: "Left: eleven points, PCA's line, and where the posterior mean puts them, $\\mat W\\vec m + \\vmu$, for noise of $\\sigma = {{number factor_analysis.shrink.loud 1}}$. \
It puts them on the line, but short of the feet of the perpendiculars: noise pulls to the mean. Right: the distance to the feet, for all thirteen columns of the wines and $L=2$, against $\\sigma^2$. The line has slope {{number factor_analysis.shrink.slope 3}}.",
    alt: "Left, points and a rising line; from each point one stroke at a right angle to the line and another to a place nearer the middle. Right, a straight rising line on two logarithmic axes.",
    draw,
};

fn distance(noise: f64) -> Result<f64> {
    let (data, x) = (wine_moments()?, wine_rows()?);
    let model = FactorAnalysis::ppca_at(&data, 2, noise)?;
    let principal = eigen_symmetric(data.covariance.view())?.vectors;
    let p = projector(principal.slice(s![.., ..2]))?;
    let gap = model.posterior(x.view())?.mean.dot(&model.w.t()) - x.dot(&p);
    Ok((gap.mapv(|v| v * v).sum() / 178.0).sqrt())
}

fn plane() -> Result<(Svg, f64)> {
    let x = tilted_cloud(11, 0.5, 1.8, 0.6, &mut rng(12));
    let (data, sd) = (Moments::of(x.view())?, 1.0);
    let model = FactorAnalysis::ppca_at(&data, 1, sd * sd)?;
    let line = eigen_symmetric(data.covariance.view())?.vectors.slice(s![.., ..1]).to_owned();
    let feet = (&x - &data.mean).dot(&projector(line.view())?) + &data.mean;
    let pulled = model.posterior(x.view())?.mean.dot(&model.w.t()) + &data.mean;
    let join = |a: &Array2<f64>, b: &Array2<f64>| {
        points_of(a.view())
            .into_iter()
            .zip(points_of(b.view()))
            .map(|(p, q)| [p, q])
            .collect()
    };
    let reach = [-4.2, 4.2]
        .map(|t| (data.mean[0] + t * line[[0, 0]], data.mean[1] + t * line[[1, 0]]));
    let marks = vec![
        (Mark::Line(reach.to_vec(), Role::Faint, 3), ""),
        (Mark::Pieces(join(&x, &feet), Role::Other, 2), ""),
        (Mark::Pieces(join(&x, &pulled), Role::Model, 2), ""),
        (Mark::Dots(points_of(x.view()), Role::Data, 6), "data"),
        (Mark::Dots(points_of(feet.view()), Role::Other, 5), "foot"),
        (Mark::Dots(points_of(pulled.view()), Role::Model, 5), "posterior"),
    ];
    let svg = Chart {
        x: "first column",
        y: "second column",
        size: (480, 420),
        equal: true,
        legend: Corner::UpperLeft,
        marks,
        ..Chart::default()
    }
    .svg()?;
    Ok((svg, sd))
}

fn draw() -> Result<Drawing> {
    let (left, sd) = plane()?;
    let places: Vec<f64> = (0..=14).map(|k| -0.5 * f64::from(k)).collect();
    let curve = places
        .iter()
        .map(|p| Ok((*p, distance(10f64.powf(*p))?.log10())))
        .collect::<Result<Points>>()?;
    let (first, last) = (curve[0], curve[14]);
    let slope = (first.1 - last.1) / (first.0 - last.0);
    let right = Chart {
        x: "σ²",
        y: "root mean square distance",
        size: (480, 420),
        log_x: true,
        log_y: true,
        marks: vec![
            (Mark::Line(curve.clone(), Role::Model, 4), ""),
            (Mark::Dots(curve, Role::Model, 5), ""),
        ],
        ..Chart::default()
    }
    .svg()?;
    Ok(Drawing::panels(vec![("at one σ", left), ("as σ falls", right)])
        .exact("factor_analysis.shrink.loud", sd)
        .exact("factor_analysis.shrink.slope", slope))
}
