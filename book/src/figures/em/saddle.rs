//! Points of rest that are no summit, and summits that are not the highest.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "em.saddle",
    caption: "Two Gaussians. Left, Old Faithful: two kinds that begin equal stay equal, at {{number em.saddle.stays 4}} nats; a nudge of a thousandth of a standard deviation \
leaves, and reaches {{number em.saddle.leaves 4}}. Right, iris from twelve starts, each with two random flowers as means: {{number em.restarts.poor 0}} end on the lower hill.",
    alt: "Left: a level line, and a curve that lies on it for some thirty steps and then rises by 160 nats within ten. Right: twelve rising curves; they end on two levels, near minus 214 and minus 294.",
    draw,
};

fn draw() -> Result<Drawing> {
    let x = &old_faithful().x;
    let all = Moments::of(x.view())?;
    let apart = |shift: f64| {
        let away = all.covariance.diag().mapv(f64::sqrt) * shift;
        let means = ndarray::stack![ndarray::Axis(0), &all.mean + &away, &all.mean - &away];
        walk(Pair::around(x, means)?, x, 200)
    };
    let (stays, leaves) = (apart(0.0)?, apart(1e-3)?);
    let near = |b: &&latent::elbo::Elbo| b.nats() < stays.nats() + 1.0;
    let waits = leaves.trace.iter().filter(near).count() - 1; // the start is no step
    let left = Chart {
        x: "step",
        y: "log-likelihood, nats",
        size: (440, 380),
        legend: Corner::UpperLeft,
        marks: vec![
            (Mark::Line(by_step(&leaves)[..81].to_vec(), Role::Model, 4), "nudged"),
            (Mark::Line(by_step(&stays)[..81].to_vec(), Role::Data, 4), "equal"),
        ],
        ..Chart::default()
    };
    let (soft, hard) = soft_and_hard(x)?;
    let (flowers, mut r) = (&iris().x, rng(2));
    let (mut marks, mut ends) = (vec![], vec![]);
    for _ in 0..12 {
        let found = walk(Pair::start(flowers, &mut r)?, flowers, 500)?;
        let role = if found.nats() > -250.0 { Role::Model } else { Role::Data };
        marks.push((Mark::Line(by_step(&found)[1..60].to_vec(), role, 3), ""));
        ends.push(found.nats());
    }
    let right = Chart {
        x: "step",
        y: "log-likelihood, nats",
        size: (440, 380),
        marks,
        ..Chart::default()
    };
    let most = ends.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let least = ends.iter().copied().fold(f64::INFINITY, f64::min);
    let poor = ends.iter().filter(|e| **e < most - 50.0).count();
    Ok(Drawing::panels(vec![("Equal kinds", left.svg()?), ("Twelve starts", right.svg()?)])
        .exact("em.saddle.stays", stays.nats())
        .exact("em.saddle.leaves", leaves.nats())
        .exact("em.saddle.waits", waits as f64)
        .exact("em.hard.gap", soft - hard)
        .exact("em.restarts.best", most)
        .exact("em.restarts.worst", least)
        .exact("em.restarts.poor", poor as f64))
}

/// Where EM ends from two means on Old Faithful, and where hard EM does, which gives each row to one kind.
fn soft_and_hard(x: &Array2<f64>) -> Result<(f64, f64)> {
    let start = Pair::around(x, array![[3.6, 79.0], [1.8, 54.0]])?;
    let (soft, mut model) = (walk(start.clone(), x, 200)?.nats(), start);
    for _ in 0..100 {
        let q = model.e_step(x)?;
        let mine = |(i, k): (usize, usize)| if q[[i, k]] > q[[i, 1 - k]] { 1.0 } else { 0.0 };
        model = model.m_step(x, &Array2::from_shape_fn(q.dim(), mine))?;
    }
    Ok((soft, latent::em::Exact::log_likelihood(&model, x)?))
}
