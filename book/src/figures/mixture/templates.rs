//! Three templates that learn to be digits.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "mixture.templates",
    caption: "Three templates learn from 541 digits, 2, 3 and 4, in black and white, without being told which is which. A pixel's darkness is $\\theta_{kd}$. They begin halfway between grey and the first three digits.",
    alt: "Five rows of three small pictures. At the start, a pale 2, 3 and 4. After 1, 2 and 5 steps and at the end the templates turn into smooth shapes of a 2, a 3 and a 4, blurred only where hands differ.",
    draw,
};

fn draw() -> Result<Drawing> {
    let all = digits();
    let x = latent::mixture::black_and_white(all.x.view(), &all.class, &[2, 3, 4], 7.5);
    let class: Vec<usize> =
        all.class.iter().copied().filter(|c| (2..=4).contains(c)).collect();
    let theta = x.slice(s![..3, ..]).mapv(|x| 0.25 + 0.5 * x);
    let start = Bernoullis::new(Array1::from_elem(3, 1.0 / 3.0), theta)?;
    let fixed = Bernoullis { learn_weights: false, ..start.clone() };
    let end = walk(start.clone(), &x, 600)?;
    let uniform = walk(fixed, &x, 600)?;
    let mut rows = vec![];
    for (steps, name) in [(0, "start"), (1, "1 step"), (2, "2 steps"), (5, "5 steps")] {
        rows.push((name, walk(start.clone(), &x, steps)?.model.theta));
    }
    rows.push(("end", end.model.theta.clone()));
    let rows: Vec<Picture> = rows
        .iter()
        .map(|(name, x)| Picture {
            name: name.to_string(),
            pixels: x.view(),
            ink: 1.0,
            signed: false,
        })
        .collect();
    let q = end.model.e_step(&x)?;
    let mut clipped = end.model.clone();
    clipped.theta.mapv_inplace(|t| t.clamp(1e-6, 1.0 - 1e-6));
    let clipped = latent::em::Exact::log_likelihood(&clipped, &x)?;
    let certain = end.model.theta.iter().filter(|t| **t < 1e-6 || **t > 1.0 - 1e-6).count();
    let constant = x.columns().into_iter().filter(|c| c.sum() == 0.0 || c.sum() == 541.0);
    Ok(Drawing::one(images(&rows, 8)?)
        .exact("mixture.templates.start", end.trace[0].nats())
        .exact("mixture.templates.first", end.trace[1].nats())
        .exact("mixture.templates.end", end.nats())
        .exact("mixture.templates.uniform", uniform.nats())
        .exact("mixture.templates.clip", end.nats() - clipped)
        .exact("mixture.templates.certain", certain as f64)
        .exact("mixture.templates.constant", constant.count() as f64)
        .exact("mixture.templates.own", majority(&end.model, &x, &class)? as f64)
        .exact("mixture.templates.count.0", q.counts[0])
        .exact("mixture.templates.count.1", q.counts[1])
        .exact("mixture.templates.count.2", q.counts[2]))
}

/// How many rows are of the digit that most rows of their component are of.
fn majority(model: &Bernoullis, x: &Array2<f64>, class: &[usize]) -> Result<usize> {
    let r = model.responsibilities(x)?;
    let mut tally = Array2::<usize>::zeros((3, 10));
    for (row, &class) in r.rows().into_iter().zip(class) {
        let best = (0..3).max_by(|&a, &b| row[a].total_cmp(&row[b])).unwrap_or(0);
        tally[[best, class]] += 1;
    }
    Ok(tally.rows().into_iter().map(|r| r.iter().copied().max().unwrap_or(0)).sum())
}
