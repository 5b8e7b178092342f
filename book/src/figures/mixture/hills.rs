//! Many starts, many ends.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "mixture.hills",
    caption: "Three full Gaussians on all four columns of iris. Left: the climb from flowers 1, 51 and 101, one of each species, and the climb of the best of {{number mixture.hills.runs 0}} scattered starts. Right: where the starts end, the poorest first, with a floor of 0.001 cm² and without.",
    alt: "Left: two curves; one is level after thirty steps, the other rests nine nats below it until step 80 and then begins to rise. Right: dots in steps: several ends between minus 205 and minus 189, the largest group at minus 186.6, some at minus 180.2; without a floor one dot stands half a nat higher still.",
    draw,
};

/// The rounding of the flowers to whole millimetres alone has a variance of 0.1²/12 cm².
const FLOOR: f64 = 1e-3;
const STOP: Stop = Stop { steps: 400, gain: 1e-6 };

fn draw() -> Result<Drawing> {
    let x = &iris().x;
    let species = Gaussians::around(x, x.select(Axis(0), &[0, 50, 100]), Kind::Full)?;
    let poor = fit(species, x, STOP)?;
    let (runs, mut r) = (40, rng(5));
    let starts: Vec<Gaussians> = (0..runs)
        .map(|_| Gaussians::start(x, 3, Kind::Full, &mut r))
        .collect::<Result<_>>()?;
    let free = ends(&starts, x, 0.0);
    let held = ends(&starts, x, FLOOR);
    let none = latent::Error::NoConvergence { what: "fit" };
    let (Some(top), Some(best)) = (free.last(), held.last()) else { return Err(none) };
    let late = |found: &Fit<Gaussians>| by_step(found).into_iter().skip(3).take(90).collect();
    let left = Chart {
        x: "step",
        y: "log-likelihood, nats",
        size: (440, 380),
        legend: Corner::LowerRight,
        marks: vec![
            (Mark::Line(late(best), Role::Model, 4), "best start"),
            (Mark::Line(late(&poor), Role::Data, 4), "one of each"),
        ],
        ..Chart::default()
    };
    let dots = |all: &[Fit<Gaussians>]| {
        all.iter().enumerate().map(|(i, f)| (i as f64 + 1.0, f.nats())).collect::<Points>()
    };
    let right = Chart {
        x: "start, by rank",
        y: "end, nats",
        size: (440, 380),
        legend: Corner::UpperLeft,
        marks: vec![
            (Mark::Dots(dots(&free), Role::Data, 8), "no floor"),
            (Mark::Dots(dots(&held), Role::Model, 5), "floor"),
        ],
        ..Chart::default()
    };
    let good = held.iter().filter(|f| f.nats() > best.nats() - 0.01).count();
    let counts = top.model.e_step(x)?.shares.counts;
    Ok(Drawing::panels(vec![("Two climbs", left.svg()?), ("All ends", right.svg()?)])
        .exact("mixture.hills.poor", poor.nats())
        .exact("mixture.hills.best", best.nats())
        .exact("mixture.hills.top", top.nats())
        .exact("mixture.hills.top.rows", counts.fold(f64::INFINITY, |m, v| m.min(*v)))
        .exact("mixture.hills.worst", held[0].nats())
        .exact("mixture.hills.good", good as f64)
        .exact("mixture.hills.refused", (starts.len() - free.len()) as f64)
        .exact("mixture.hills.runs", f64::from(runs)))
}

/// Where the starts end that are not refused, the poorest first.
fn ends(starts: &[Gaussians], x: &Array2<f64>, floor: f64) -> Vec<Fit<Gaussians>> {
    let run = |m: &Gaussians| fit(Gaussians { floor, ..m.clone() }, x, STOP).ok();
    let mut found: Vec<_> = starts.iter().filter_map(run).collect();
    found.sort_by(|a, b| a.nats().total_cmp(&b.nats()));
    found
}
