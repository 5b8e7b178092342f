//! A training, epoch by epoch.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "vae.curves",
    caption: "Two hundred epochs on 1500 digits, 64-64-2. Left: the bound on the training rows, as it was seen while training, and on 297 rows that were not trained on. Right: its two parts on those rows. The fit rises; the cost, drawn as −cost, grows, because what is sent is worth more than it costs.",
    alt: "Left: two jagged lines that rise steeply from minus 39 and minus 33 nats in the first twenty epochs and then slowly to about minus 20. Right: the fit rises to minus 17.6 nats while a second line, minus the cost, falls from about minus 1.8 to minus 2.8.",
    draw,
};

fn draw() -> Result<Drawing> {
    let log = log("digits-2")?;
    let of = |f: fn(&Row) -> f64| -> Points {
        log.rows.iter().map(|r| (r.epoch as f64, f(r))).collect()
    };
    let bounds = vec![
        (Mark::Line(of(|r| r.train.nats()), Role::Other, 2), "training rows"),
        (Mark::Line(of(|r| r.test.nats()), Role::Model, 2), "test rows"),
    ];
    let parts = vec![
        (Mark::Line(of(|r| r.test.fit), Role::Data, 2), "fit"),
        (Mark::Line(of(|r| -r.test.kl), Role::Third, 2), "−cost"),
    ];
    let chart = |y, marks| {
        let legend = Corner::LowerRight;
        Chart { x: "epoch", y, size: (520, 400), legend, marks, ..Chart::default() }.svg()
    };
    let falls = log.rows.windows(2).filter(|w| w[1].test.nats() < w[0].test.nats()).count();
    let twenties: Vec<f64> =
        log.rows.chunks(20).map(|c| c.iter().map(|r| r.test.nats()).sum::<f64>()).collect();
    let mean_falls = twenties.windows(2).filter(|w| w[1] <= w[0]).count();
    let (last, bound) = end("digits-2", "bound")?;
    let (_, weighted) = end("digits-2", "weighted_500")?;
    let (ten, bound_10) = end("digits-10", "bound")?;
    let (_, weighted_10) = end("digits-10", "weighted_500")?;
    let panels = vec![
        ("The bound", chart("bound, nats a row", bounds)?),
        ("Its parts", chart("nats a test row", parts)?),
    ];
    Ok(Drawing::panels(panels)
        .exact("vae.curves.falls", falls as f64)
        .exact("vae.curves.mean_falls", mean_falls as f64)
        .exact("vae.curves.bound", bound)
        .exact("vae.units.bits", -bound / (64.0 * f64::ln(2.0)))
        .exact("vae.curves.fit", last.test.fit)
        .exact("vae.curves.kl", last.test.kl)
        .exact("vae.curves.weighted", weighted)
        .exact("vae.curves.first", log.rows[0].test.nats())
        .exact("vae.curves.bound_10", bound_10)
        .exact("vae.curves.kl_10", ten.test.kl)
        .exact("vae.curves.weighted_10", weighted_10)
        .exact("vae.curves.active_10", ten.active as f64))
}
