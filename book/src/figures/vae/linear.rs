//! Figures on the autoencoder without a bend.
use super::*;
use ::latent::factor_analysis::{FactorAnalysis, ppca_log_likelihood};
use ::latent::gaussian::Moments;
use ::latent::linalg::eigen_symmetric;
use ::latent::plot::{Chart, Corner, Mark, Points, Role};
use ::latent::vae::Linear;
use ndarray::{Array1, array};

/// In the order of the pages.
pub const FIGURES: &[&Figure] = &[&CLIMB, &TURN, &COLLAPSE];

/// The moments of 178 wines, each column with mean zero and variance one.
fn wine() -> Result<Moments> {
    Moments::of(::latent::data::wine().x.view())?.standardised()
}

const CLIMB: Figure = Figure {
    name: "vae.climb",
    caption: "The linear autoencoder with two numbers on standardised wine, trained by its slopes from four random starts. Left: the bound over all rows; the dashed line is the log-likelihood of probabilistic PCA, \
{{number vae.climb.ppca 3}} nats, from eigenvalues alone. Right: what is missing to that line. All four starts reach it to ten digits.",
    alt: "Left, four rising lines from below −3300 nats to one dashed level line at −2876, which they reach in twenty steps. Right, on a scale of powers of ten, four jagged lines that fall from 500 nats to less than a millionth.",
    draw: climb,
};

fn climb() -> Result<Drawing> {
    let data = wine()?;
    let eigen = eigen_symmetric(data.covariance.view())?;
    let best = ppca_log_likelihood(data.rows, &eigen.values.to_vec(), 2)?;
    let (mut rise, mut rest, mut longest) = (vec![], vec![], 0);
    for (seed, role) in (0..4).zip([Role::Model, Role::Data, Role::Other, Role::Third]) {
        let (_, heights) = Linear::random(13, 2, &mut rng(seed))?.train(&data, true)?;
        longest = longest.max(heights.len() - 1);
        let height = |(i, h): (usize, &f64)| (i as f64, data.rows * h);
        let missing = |(i, h): (usize, f64)| (i as f64, (best - h).log10());
        let shown: Points = heights.iter().enumerate().map(height).collect();
        let logs = shown.iter().map(|p| p.1).enumerate().map(missing);
        let logs = logs.take_while(|p| p.1 > -7.0).collect();
        rise.push((Mark::Line(shown.into_iter().take(31).collect(), role, 3), ""));
        rest.push((Mark::Line(logs, role, 3), ""));
    }
    rise.push((Mark::Dashed(vec![(0.0, best), (30.0, best)], Role::Ink, 3), ""));
    rise.push((Mark::Words(20.0, best - 20.0, "PPCA".into(), Role::Ink), ""));
    let size = (460, 400);
    let left = Chart { x: "steps", y: "bound, nats", size, marks: rise, ..Chart::default() };
    let right = Chart {
        x: "steps",
        y: "missing, nats",
        size,
        log_y: true,
        marks: rest,
        ..Chart::default()
    };
    let panels = vec![("The bound", left.svg()?), ("What is missing", right.svg()?)];
    Ok(Drawing::panels(panels)
        .exact("vae.climb.ppca", best)
        .trained("vae.climb.steps", longest as f64)
        .exact("vae.climb.row", best / data.rows))
}

const TURN: Figure = Figure {
    name: "vae.turn",
    caption: "The likeliest decoder with two factors, its columns turned within their plane. The likelihood does not notice. The bound of the best encoder with a diagonal covariance does: \
it touches where the columns are the principal axes, and misses {{number vae.turn.gap 3}} nats a row halfway between.",
    alt: "A level dashed line, and under it a wave that touches it at 0, 90 and 180 degrees and lies lowest at 45 and 135 degrees.",
    draw: turn,
};

fn turn() -> Result<Drawing> {
    let data = wine()?;
    let fit = FactorAnalysis::ppca(&data, 2)?;
    let best = fit.log_likelihood(&data)? / data.rows;
    let bound = |degrees: f64| -> Result<f64> {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let turned = fit.rotated(array![[cos, -sin], [sin, cos]].view())?;
        let (bound, _) =
            Linear::reading(turned.w, fit.psi[0])?.slopes(data.covariance.view())?;
        Ok(bound.nats())
    };
    let angles = Array1::linspace(0.0, 180.0, 121);
    let wave = angles.iter().map(|&a| Ok((a, bound(a)?))).collect::<Result<Points>>()?;
    let marks = vec![
        (Mark::Line(wave, Role::Model, 4), "bound"),
        (Mark::Dashed(vec![(0.0, best), (180.0, best)], Role::Ink, 3), "log p(x)"),
        (Mark::Dots(vec![(0.0, best - 0.072)], Role::Faint, 0), ""),
    ];
    let chart = Chart {
        x: "turned by, degrees",
        y: "nats a row",
        size: (640, 360),
        marks,
        legend: Corner::LowerRight,
        ..Chart::default()
    };
    Ok(Drawing::one(chart.svg()?).exact("vae.turn.gap", best - bound(45.0)?))
}

const COLLAPSE: Figure = Figure {
    name: "vae.collapse",
    caption: "Left: the thirteen eigenvalues of standardised wine, and a noise variance of 1. The linear autoencoder uses the directions above the line, and switches the grey ones off. \
Right: the noise variance is moved. Lines: $1-\\sigma^2/\\lambda_j$ for the first five directions. Dots: the variance of the encoder's mean after training. Each goes out at its own eigenvalue.",
    alt: "Left: thirteen falling bars, of which three stand above a level line at 1 and the rest are grey. Right: five lines fall to zero one after another as the noise variance grows, the last at 4.7; dots lie on them.",
    draw: collapse,
};

fn collapse() -> Result<Drawing> {
    let data = wine()?;
    let values = eigen_symmetric(data.covariance.view())?.values;
    let bar = |j: usize| (j as f64 + 1.0, values[j]);
    let (on, off): (Points, Points) = (0..13).map(bar).partition(|b| b.1 > 1.0);
    let marks = vec![
        (Mark::Bars(on, Role::Model), ""),
        (Mark::Bars(off, Role::Faint), ""),
        (Mark::Dashed(vec![(0.4, 1.0), (13.6, 1.0)], Role::Data, 3), ""),
        (Mark::Words(9.0, 1.35, "σ² = 1".into(), Role::Data), ""),
    ];
    let size = (460, 400);
    let left =
        Chart { x: "direction j", y: "λ, a variance", size, marks, ..Chart::default() };
    let mut drawing = Drawing::default();
    let mut marks = vec![];
    for j in 0..5 {
        let share = |noise: f64| (1.0 - noise / values[j]).max(0.0);
        let noises = Array1::linspace(0.05, 5.0, 100);
        let line = noises.iter().map(|&n| (n, share(n))).collect();
        marks.push((Mark::Line(line, Role::Model, 3), ""));
        drawing = drawing
            .exact(format!("vae.collapse.active.{j}"), share(1.0))
            .exact(format!("vae.collapse.lambda.{j}"), values[j]);
    }
    let mut dots = vec![];
    for noise in [0.3, 0.7, 1.0, 1.8, 3.0, 4.5] {
        let start =
            Linear { log_noise: f64::ln(noise), ..Linear::random(13, 5, &mut rng(5))? };
        let (linear, _) = start.train(&data, false)?;
        dots.extend(linear.active(&data)?.iter().map(|&v| (noise, v)));
    }
    marks.push((Mark::Dots(dots, Role::Data, 5), ""));
    let right = Chart {
        x: "noise variance σ²",
        y: "variance of m(x)",
        size,
        marks,
        ..Chart::default()
    };
    drawing.panels =
        vec![("Eigenvalues", left.svg()?), ("Directions that speak", right.svg()?)];
    Ok(drawing)
}
