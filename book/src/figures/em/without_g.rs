//! The posterior's covariance left out.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "em.without_g",
    caption: "Two factors on wine, by EM and by an algorithm that takes each $\\E[\\vec z]$ for the truth. The second one falls, in its third step by \
{{number em.without_g.fall 2}} nats, and ends in step {{number em.without_g.steps 0}}, where two columns have no noise left.",
    alt: "Two curves over the steps. The upper one rises and levels out at minus 2747. The lower one rises once, falls twice, rises again and stops near minus 2789.",
    draw,
};

fn draw() -> Result<Drawing> {
    let data = wines()?.1;
    let mut model = FactorAnalysis::start(&data, 2)?;
    let with = walk(model.clone(), &data, 12)?;
    let mut without = vec![];
    loop {
        without.push((without.len() as f64, model.log_likelihood(&data)?));
        let mut q = model.e_step(&data)?;
        q.zz = &q.zz - &q.covariance; // the mistake
        match model.m_step(&data, &q) {
            Ok(next) => model = next,
            Err(_) => break,
        }
    }
    let steps = without.len() as f64;
    let marks = vec![
        (Mark::Line(by_step(&with)[1..].to_vec(), Role::Model, 4), "EM"),
        (Mark::Line(without[1..].to_vec(), Role::Data, 4), "without G"),
        (Mark::Dots(without[1..].to_vec(), Role::Data, 6), ""),
    ];
    let svg = Chart {
        x: "step",
        y: "log-likelihood, nats",
        size: (640, 380),
        legend: Corner::LowerRight,
        marks,
        ..Chart::default()
    }
    .svg()?;
    Ok(Drawing::one(svg)
        .exact("em.without_g.before", without[2].1)
        .exact("em.without_g.after", without[3].1)
        .exact("em.without_g.fall", without[2].1 - without[3].1)
        .exact("em.without_g.seventh", without[7].1)
        .exact("em.without_g.steps", steps))
}
