//! Other divergences: a convex function and its lines, and a critic that measures by draws.
use super::super::{Drawing, Figure};
use latent::Result;
use latent::blurriness::critic::Critic;
use latent::blurriness::{Divergence, Modes};
use latent::elbo::Gauss;
use latent::plot::{Chart, Corner, Mark, Points, Role};
use latent::rand::{SeedableRng, rngs::StdRng};
use ndarray::{Array1, Array2};

pub const FIGURES: &[&Figure] = &[&LINES, &CRITIC, &OVERFIT];

const LINES: Figure = Figure {
    name: "blurriness.lines",
    caption: "Left: the densities of the example, $p = \\mathcal N(0, 1)$ filled and $q = \\mathcal N(1, 1.5^2)$ as a line. \
Right: $f(u) = u\\log u$ and two straight lines of slope $t$ below it. The highest line of slope $t$ that never exceeds $f$ meets the axis at $-f^*(t)$. Each is right at one $u$, and too low elsewhere.",
    alt: "Left, a filled bell, and a lower and wider one to its right. Right, a convex curve that dips below zero and rises; two straight lines touch it from below, one at u = 0.5 and one at u = 2.",
    draw: lines,
};

const CRITIC: Figure = Figure {
    name: "blurriness.critic",
    caption: "A critic of 16 units learns from fresh draws, 200 of each density in a step. Left: its $T$ after 400 steps, and the best there is, $1+\\log(p/q)$, dashed. \
Right: its bound, exactly, at every eighth step, from 0.25 nats on. It climbs to the divergence, dashed, and stays below.",
    alt: "Left, a solid arch lies on a dashed arch over the middle of the axis and leaves it at the far left and right. Right, a line rises fast and then creeps towards a dashed level line without crossing it.",
    draw: critic,
};

const OVERFIT: Figure = Figure {
    name: "blurriness.overfit",
    caption: "Another critic sees the same 30 draws of each density in every step. What it measures on them rises above the divergence, dashed, and on. \
The same critic on endless draws falls away: it knows the draws, and no longer the densities.",
    alt: "Two lines start together below a dashed level. One crosses the dashed line and keeps rising. The other reaches a top below the dashed line and then falls out of the picture.",
    draw: overfit,
};

const NAMES: [&str; 7] =
    ["forward", "reverse", "pearson", "hellinger", "js", "classifier", "tv"];

fn pair() -> Result<(Modes, Modes)> {
    let one = |mean, sd| Modes::one(Gauss { mean, sd });
    Ok((one(0.0, 1.0)?, one(1.0, 1.5)?))
}

fn curve(low: f64, high: f64, f: impl Fn(f64) -> f64) -> Points {
    Array1::linspace(low, high, 241).iter().map(|&x| (x, f(x))).collect()
}

fn column(rows: &[f64]) -> Array2<f64> {
    Array2::from_shape_fn((rows.len(), 1), |(i, _)| rows[i])
}

fn lines() -> Result<Drawing> {
    let (p, q) = pair()?;
    let mut area = vec![(-4.5, 0.0)];
    area.extend(curve(-4.5, 6.0, |z| p.log_density(z).exp()));
    area.push((6.0, 0.0));
    let densities = Chart {
        x: "x",
        y: "density",
        size: (440, 380),
        marks: vec![
            (Mark::Area(area, Role::Data), "p"),
            (Mark::Line(curve(-4.5, 6.0, |z| q.log_density(z).exp()), Role::Model, 4), "q"),
        ],
        ..Chart::default()
    };
    let d = Divergence::Forward;
    let line = |u: f64| {
        let t = d.slope(u);
        let low = curve(0.0, 3.0, |v| t * v - d.conjugate(t));
        Mark::Line(low.into_iter().filter(|p| p.1 > -2.2).collect(), Role::Model, 3)
    };
    let touch = [0.5, 2.0].map(|u| (u, d.f(u))).to_vec();
    let convex = Chart {
        x: "u",
        y: "f(u)",
        size: (440, 380),
        marks: vec![
            (Mark::Line(curve(0.0, 3.0, |u| d.f(u)), Role::Data, 5), ""),
            (line(0.5), ""),
            (line(2.0), ""),
            (Mark::Dots(touch, Role::Model, 7), ""),
        ],
        ..Chart::default()
    };
    let panels = vec![("Two densities", densities.svg()?), ("Lines below f", convex.svg()?)];
    let mut drawing = Drawing::panels(panels);
    for (d, name) in Divergence::ALL.into_iter().zip(NAMES) {
        drawing = drawing.exact(format!("blurriness.f.{name}"), d.between(&p, &q));
    }
    let half = |z: f64| 1.0 + 0.5 * (p.log_density(z) - q.log_density(z));
    let (wide, narrow) = (Modes::pair(3.0)?, Modes::one(Gauss { mean: 0.0, sd: 0.5 })?);
    Ok(drawing
        .exact("blurriness.f.halfway", d.bound(&p, &q, half))
        .exact("blurriness.f.blind", wide.kl(&narrow)))
}

fn critic() -> Result<Drawing> {
    let (p, q) = pair()?;
    let (d, mut rng) = (Divergence::Forward, StdRng::seed_from_u64(4));
    let most = d.between(&p, &q);
    let mut critic = Critic::new(d, 1, &[16], &mut rng)?;
    let mut climb = vec![];
    for step in 0..=400 {
        if step % 8 == 0 {
            climb.push((f64::from(step), critic.bound(&p, &q)?));
        }
        if step == 400 {
            break;
        }
        let rate = if step < 250 { 0.02 } else { 0.004 };
        let (x, y) = (p.sample(200, &mut rng), q.sample(200, &mut rng));
        critic.step(column(&x).view(), column(&y).view(), rate)?;
    }
    let last = critic.bound(&p, &q)?;
    let (x, y) = (p.sample(4000, &mut rng), q.sample(4000, &mut rng));
    let fresh = critic.estimate(column(&x).view(), column(&y).view())?;
    let best = curve(-4.0, 6.0, |z| 1.0 + p.log_density(z) - q.log_density(z));
    let places: Vec<f64> = best.iter().map(|place| place.0).collect();
    let learnt = critic.values(column(&places).view())?;
    let learnt = Mark::Line(places.into_iter().zip(learnt).collect(), Role::Model, 4);
    let left = Chart {
        x: "x",
        y: "T(x)",
        size: (440, 380),
        marks: vec![(Mark::Dashed(best, Role::Ink, 3), ""), (learnt, "")],
        ..Chart::default()
    };
    climb.retain(|place| place.1 > 0.25);
    let right = Chart {
        x: "step",
        y: "nats",
        size: (440, 380),
        marks: vec![
            (Mark::Dashed(vec![(0.0, most), (400.0, most)], Role::Ink, 3), ""),
            (Mark::Line(climb, Role::Model, 4), ""),
        ],
        ..Chart::default()
    };
    let panels = vec![("What it learnt", left.svg()?), ("Its bound", right.svg()?)];
    Ok(Drawing::panels(panels)
        .trained("blurriness.critic.bound", last)
        .trained("blurriness.critic.fresh", fresh.bound)
        .trained("blurriness.critic.error", fresh.error))
}

fn overfit() -> Result<Drawing> {
    let (p, q) = pair()?;
    let d = Divergence::JensenShannon;
    let most = d.between(&p, &q);
    let mut rng = StdRng::seed_from_u64(2);
    let (x, y) = (column(&p.sample(30, &mut rng)), column(&q.sample(30, &mut rng)));
    let mut critic = Critic::new(d, 1, &[32, 32], &mut rng)?;
    let (mut own, mut truth) = (vec![], vec![]);
    for step in 0..=1200 {
        if step % 24 == 0 {
            own.push((f64::from(step), critic.estimate(x.view(), y.view())?.bound));
            truth.push((f64::from(step), critic.bound(&p, &q)?));
        }
        critic.step(x.view(), y.view(), 0.01)?;
    }
    let ends = [own[50].1, truth[50].1];
    let top = truth.iter().map(|place| place.1).fold(f64::NEG_INFINITY, f64::max);
    truth.retain(|place| place.1 > -0.35);
    let chart = Chart {
        x: "step",
        y: "nats",
        marks: vec![
            (Mark::Dashed(vec![(0.0, most), (1200.0, most)], Role::Ink, 3), ""),
            (Mark::Line(own, Role::Other, 4), "on its own draws"),
            (Mark::Line(truth, Role::Model, 4), "on endless draws"),
        ],
        legend: Corner::LowerRight,
        ..Chart::default()
    };
    Ok(Drawing::one(chart.svg()?)
        .trained("blurriness.overfit.own", ends[0])
        .trained("blurriness.overfit.truth", ends[1])
        .trained("blurriness.overfit.top", top))
}
