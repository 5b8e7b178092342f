//! Many starts, many ends.
use super::*;
use latent::em::best_of;

pub const FIGURE: Figure = Figure {
    name: "mixture.hills",
    caption: "Three full Gaussians on all four columns of iris. Left: the climb from flowers 1, 51 and 101, one of each species, and the climb of the best of {{number mixture.hills.runs 0}} scattered starts. Right: where all the starts end that are not refused, the poorest first.",
    alt: "Left: two curves, both level after about fifty steps, one 6.4 nats above the other. Right: bars of the final log-likelihood; several levels between about minus 230 and minus 180.",
    draw,
};

fn draw() -> Result<Drawing> {
    let x = &iris().x;
    let species = Gaussians::around(x, x.select(Axis(0), &[0, 50, 100]), Kind::Full)?;
    let stop = Stop { steps: 400, gain: 1e-7 };
    let poor = fit(species, x, stop)?;
    let (runs, mut r, mut ends, mut refused) = (40, rng(5), vec![], 0);
    let mut best: Option<Fit<Gaussians>> = None;
    for _ in 0..runs {
        // One run each, so that every end is seen.
        match best_of(
            1,
            |r: &mut StdRng| Gaussians::start(x, 3, Kind::Full, r),
            x,
            stop,
            &mut r,
        ) {
            Ok(found) => {
                ends.push(found.nats());
                if best.as_ref().is_none_or(|b| found.nats() > b.nats()) {
                    best = Some(found);
                }
            }
            Err(_) => refused += 1,
        }
    }
    let best = best.ok_or(latent::Error::NoConvergence { what: "fit" })?;
    ends.sort_by(f64::total_cmp);
    let left = Chart {
        x: "step",
        y: "log-likelihood, nats",
        size: (440, 380),
        legend: Corner::LowerRight,
        marks: vec![
            (
                Mark::Line(
                    by_step(&best).into_iter().skip(3).take(100).collect(),
                    Role::Model,
                    4,
                ),
                "best start",
            ),
            (
                Mark::Line(
                    by_step(&poor).into_iter().skip(3).take(100).collect(),
                    Role::Data,
                    4,
                ),
                "one of each",
            ),
        ],
        ..Chart::default()
    };
    let dots = ends.iter().enumerate().map(|(i, v)| (i as f64 + 1.0, *v)).collect();
    let right = Chart {
        x: "start, by rank",
        y: "end, nats",
        size: (440, 380),
        marks: vec![(Mark::Dots(dots, Role::Model, 7), "")],
        ..Chart::default()
    };
    let good = ends.iter().filter(|v| **v > best.nats() - 0.01).count();
    Ok(Drawing::panels(vec![("Two climbs", left.svg()?), ("All ends", right.svg()?)])
        .exact("mixture.hills.poor", poor.nats())
        .exact("mixture.hills.best", best.nats())
        .exact("mixture.hills.worst", ends[0])
        .exact("mixture.hills.good", good as f64)
        .exact("mixture.hills.refused", f64::from(refused))
        .exact("mixture.hills.runs", f64::from(runs)))
}
