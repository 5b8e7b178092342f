//! The likelihood around the fit, by the size of the loadings and the size of the noise.
use super::*;
use latent::plot::contours;

pub const FIGURE: Figure = Figure {
    name: "factor_analysis.slice",
    caption: "A slice through the likelihood of the wines with one factor: the loading $w$ and the noise variance $\\psi$ of total phenols, all else as fitted. The lines are 1, 4, 16, 50 and 120 nats below the top, summed over the rows. \
The solid curve is the best $\\psi$ for each $w$, the dashed one the best $w$ for each $\\psi$. They cross at the top. Neither is straight up or level: what is best for one depends on the other.",
    alt: "Closed level lines around a dot at a loading of 0.88 and a variance of 0.22. A solid curve has its lowest point near the dot and rises on both sides; a dashed curve leans to the left as it rises. They cross at the dot.",
    draw,
};

/// Where a function with one peak between `low` and `high` is greatest, by the golden section.
fn peak(mut low: f64, mut high: f64, f: impl Fn(f64) -> Result<f64>) -> Result<f64> {
    let golden = (5f64.sqrt() - 1.0) / 2.0;
    for _ in 0..45 {
        let (a, b) = (high - golden * (high - low), low + golden * (high - low));
        if f(a)? < f(b)? { low = a } else { high = b }
    }
    Ok((low + high) / 2.0)
}

fn draw() -> Result<Drawing> {
    let (data, column) = (wine_moments()?, 5);
    let best = after(&data, 1, 1000)?;
    let top = best.log_likelihood(&data)?;
    let below = |w: f64, psi: f64| -> Result<f64> {
        let mut other = best.clone();
        (other.w[[column, 0]], other.psi[column]) = (w, psi);
        Ok(other.log_likelihood(&data)? - top)
    };
    let (across, up) = (Array1::linspace(0.4, 1.4, 101), Array1::linspace(0.1, 0.7, 101));
    let mut heights = Array2::zeros((101, 101));
    for ((i, j), h) in heights.indexed_iter_mut() {
        *h = below(across[j], up[i])?;
    }
    let mut marks: Vec<(Mark, &'static str)> = [-1.0, -4.0, -16.0, -50.0, -120.0]
        .into_iter()
        .map(|level| {
            let lines = contours(across.view(), up.view(), heights.view(), level);
            (Mark::Pieces(lines, Role::Data, 2), "")
        })
        .collect();
    let (mut solid, mut dashed) = (vec![], vec![]);
    for step in 0..=30 {
        let t = f64::from(step) / 30.0;
        let (w, psi) = (0.4 + t, 0.1 + 0.6 * t);
        solid.push((w, peak(0.05, 2.0, |v| below(w, v))?));
        dashed.push((peak(0.0, 2.0, |v| below(v, psi))?, psi));
    }
    solid.retain(|p: &(f64, f64)| p.1 < 0.7);
    marks.push((Mark::Line(solid, Role::Model, 4), ""));
    marks.push((Mark::Dashed(dashed, Role::Other, 4), ""));
    marks.push((Mark::Dots(vec![(best.w[[column, 0]], best.psi[column])], Role::Ink, 7), ""));
    let svg = Chart {
        x: "loading of total phenols",
        y: "its noise variance",
        size: (640, 460),
        marks,
        ..Chart::default()
    }
    .svg()?;
    let ppca = |l: usize| FactorAnalysis::ppca(&data, l)?.log_likelihood(&data);
    Ok(Drawing::one(svg)
        .exact("factor_analysis.wine.k1.loglik", top)
        .exact("factor_analysis.wine.k2.loglik", wine_fit()?.log_likelihood(&data)?)
        .exact("factor_analysis.wine.k1.ppca", ppca(1)?)
        .exact("factor_analysis.wine.k2.ppca", ppca(2)?)
        .exact("factor_analysis.wine.k2.noise", FactorAnalysis::ppca(&data, 2)?.psi[0])
        .exact("factor_analysis.wine.full", data.log_likelihood(data.covariance.view())?))
}
