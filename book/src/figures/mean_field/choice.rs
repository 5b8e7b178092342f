//! How many components? The bound, and the orders that it cannot see.
use super::*;
use latent::mean_field::log_orders;
use latent::mixture::{Gaussians, Kind, scattered};

pub const FIGURE: Figure = Figure {
    name: "mean_field.choice",
    caption: "Old Faithful with one to six components, the best of six starts each. Left: the bound of the Bayesian mixture, $\\alpha_0 = 1$, and the bound plus $\\log K!$. Middle: the same from two components on. Both are highest at two. \
Right: the log-likelihood of the mixture of chapter 5, with a floor of 0.001 under the variances, which rises with every component that is added.",
    alt: "Left: two lines over K that jump up from one to two components. Middle: from two on both fall, the one with the log of the factorial less steeply. Right: a line that jumps from one to two and keeps rising to six.",
    draw,
};

fn draw() -> Result<Drawing> {
    let x = geyser()?;
    let (mut bounds, mut sums, mut likeliest) = (vec![], vec![], vec![]);
    let mut drawing = Drawing::default();
    for k in 1..=6 {
        let (mut best, mut most) = (NEVER, NEVER);
        for seed in 0..6 {
            let mut rng = StdRng::seed_from_u64(seed);
            let places = scattered(x.view(), k, &mut rng)?;
            let start = Variational::start(&x, &places, Prior::standard(2, 1.0)?)?;
            best = best.max(fit(start, &x, Stop { steps: 2000, gain: 1e-6 })?.nats());
            let mut start = Gaussians::around(&x, places, Kind::Full)?;
            start.floor = 1e-3;
            most = most.max(fit(start, &x, Stop { steps: 600, gain: 1e-4 })?.nats());
        }
        bounds.push((k as f64, best));
        sums.push((k as f64, best + log_orders(k)));
        likeliest.push((k as f64, most));
        drawing = drawing
            .trained(format!("mean_field.choice.bound.{k}"), best)
            .trained(format!("mean_field.choice.sum.{k}"), best + log_orders(k))
            .trained(format!("mean_field.choice.likelihood.{k}"), most);
    }
    let marks = |from: usize| {
        vec![
            (Mark::Line(bounds[from..].to_vec(), Role::Model, 3), "bound"),
            (Mark::Dots(bounds[from..].to_vec(), Role::Model, 7), ""),
            (Mark::Line(sums[from..].to_vec(), Role::Other, 3), "with log K!"),
            (Mark::Dots(sums[from..].to_vec(), Role::Other, 7), ""),
        ]
    };
    let chart = |y, legend, marks| {
        Chart { x: "K", y, size: (420, 400), legend, marks, ..Chart::default() }.svg()
    };
    let right = vec![
        (Mark::Line(likeliest.clone(), Role::Data, 3), ""),
        (Mark::Dots(likeliest.clone(), Role::Data, 7), ""),
    ];
    drawing.panels = vec![
        ("The bound", chart("nats", Corner::LowerRight, marks(0))?),
        ("From two on", chart("nats", Corner::LowerLeft, marks(1))?),
        ("The likelihood", chart("log-likelihood, nats", Corner::LowerRight, right)?),
    ];
    drawing.by_training = false;
    Ok(drawing)
}
