//! Bounds with several draws.
use super::estimators::{hundred_digits, image_101};
use crate::figures::{Drawing, Figure};
use latent::Result;
use latent::plot::{Chart, Corner, Mark, Points, Role};
use latent::vae::local::{evidence, log_weights};
use latent::vae::weighted::{in_groups, weighted_bounds};
use rand::{SeedableRng, rngs::StdRng};

pub const FIGURE: Figure = Figure {
    name: "vae.tighter",
    caption: "The importance-weighted bound against the number of draws $k$, on a logarithmic axis. Left: the image 101 under the decoder with three pixels, exactly, for two $q$ with one mean; dashed, $\\log p(\\vec x)$. \
Right: the mean over a hundred test digits under the network with two numbers in the code, estimated from 512 draws a digit.",
    alt: "Left: two curves that rise towards one dashed level; the one for the wider q starts higher and arrives sooner, the other is still a little short of the level at 512 draws. Right: a curve that rises by more than half a nat to a dashed level.",
    draw,
};

const DRAWS: [usize; 10] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

fn draw() -> Result<Drawing> {
    let (hidden, [narrow, wide]) = image_101()?;
    let log_k = |k: usize| (k as f64).log10();
    let curve = |values: &[f64]| -> Points {
        DRAWS.iter().zip(values).map(|(&k, &v)| (log_k(k), v)).collect()
    };
    let level = |at: f64| {
        let ends = vec![(0.0, at), (log_k(512), at)];
        (Mark::Dashed(ends, Role::Data, 4), "log p(x)")
    };
    let both =
        [weighted_bounds(&hidden, narrow, &DRAWS)?, weighted_bounds(&hidden, wide, &DRAWS)?];
    let chart = |marks| Chart {
        x: "draws k",
        y: "nats",
        size: (440, 380),
        log_x: true,
        legend: Corner::LowerRight,
        marks,
        ..Chart::default()
    };
    let left = chart(vec![
        level(hidden.log_evidence()),
        (Mark::Line(curve(&both[1]), Role::Model, 4), "s = 0.9"),
        (Mark::Dots(curve(&both[1]), Role::Model, 5), ""),
        (Mark::Line(curve(&both[0]), Role::Other, 4), "s = 0.6"),
        (Mark::Dots(curve(&both[0]), Role::Other, 5), ""),
    ]);
    let (net, x) = hundred_digits()?;
    let log_w = log_weights(&net, x.view(), 512, &mut StdRng::seed_from_u64(7))?;
    let mut means = vec![];
    for k in DRAWS {
        let mut sum = 0.0;
        for column in log_w.columns() {
            sum += in_groups(column, k)?;
        }
        means.push(sum / log_w.ncols() as f64);
    }
    let exact = evidence(&net, x.view(), (6.0, 241))?.mean().unwrap_or(f64::NAN);
    let right = chart(vec![
        level(exact),
        (Mark::Line(curve(&means), Role::Model, 4), "100 digits"),
        (Mark::Dots(curve(&means), Role::Model, 5), ""),
    ]);
    let exactly = weighted_bounds(&hidden, narrow, &[1, 5, 50])?;
    let mut drawing =
        Drawing::panels(vec![("The image 101", left.svg()?), ("Digits", right.svg()?)])
            .exact("vae.weighted.evidence", hidden.log_evidence())
            .exact("vae.weighted.narrow.1", exactly[0])
            .exact("vae.weighted.narrow.5", exactly[1])
            .exact("vae.weighted.narrow.50", exactly[2])
            .exact("vae.weighted.wide.1", both[1][0])
            .exact("vae.weighted.wide.2", both[1][1])
            .trained("vae.weighted.digits.evidence", exact);
    for (k, mean) in DRAWS.into_iter().zip(means) {
        drawing = drawing.trained(format!("vae.weighted.digits.{k}"), mean);
    }
    Ok(drawing)
}
