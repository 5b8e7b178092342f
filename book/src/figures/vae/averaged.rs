//! One mistake: a mean over pixels beside a sum over the code.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "vae.averaged",
    caption: "The same network on the same digits, two losses. One sums the fit over the 64 pixels. The other takes the mean over the pixels and leaves the cost as it is (run as a sum with $\\beta=64$, the same but for a factor). Left: the bound on the test rows, computed in full for both. Right: the cost $\\mathrm{KL}(q\\,\\Vert\\,p)$. Under the mean the code is not worth its cost, and after a few epochs nothing is sent.",
    alt: "Left: two rising lines over 60 epochs; the sum climbs above minus 22 nats, the mean stops below minus 24 and stays level. Right: the cost of the sum rises to between two and three nats; the cost of the mean drops to zero within the first epochs and stays there.",
    draw,
};

fn draw() -> Result<Drawing> {
    let (summed, averaged) = (log("digits-2")?, log("digits-2-averaged")?);
    let bound = |r: &Row| (r.epoch as f64, r.test.nats());
    let cost = |r: &Row| (r.epoch as f64, r.test.kl);
    let chart = |y, [sum, mean]: [&'static str; 2], of: fn(&Row) -> (f64, f64)| {
        let line = |log: &Log| log.rows.iter().take(60).map(of).collect::<Points>();
        let marks = vec![
            (Mark::Line(line(&summed), Role::Model, 3), sum),
            (Mark::Line(line(&averaged), Role::Other, 3), mean),
        ];
        let legend = Corner::LowerRight;
        Chart { x: "epoch", y, size: (520, 400), legend, marks, ..Chart::default() }.svg()
    };
    let panels = vec![
        (
            "The bound",
            chart(
                "bound on test rows, nats",
                ["sum over pixels", "mean over pixels"],
                bound,
            )?,
        ),
        ("The cost", chart("cost, nats", ["", ""], cost)?),
    ];
    let (last, end) = end("digits-2-averaged", "bound")?;
    Ok(Drawing::panels(panels)
        .exact("vae.averaged.bound", end)
        .exact("vae.averaged.kl", last.test.kl)
        .exact("vae.averaged.active", last.active as f64))
}
