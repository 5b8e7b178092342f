//! Which way to measure: one Gaussian for two peaks, where its optima part, and likelihood with more Gaussians.
use super::super::{Drawing, Figure};
use latent::Result;
use latent::blurriness::{Modes, switches};
use latent::elbo::Gauss;
use latent::plot::{Chart, Corner, Mark, Points, Role};
use latent::rand::{SeedableRng, rngs::StdRng};
use ndarray::Array1;

pub const FIGURES: &[&Figure] = &[&WAYS, &SWITCH, &RIGID];

const WAYS: Figure = Figure {
    name: "blurriness.ways",
    caption: "A density with two equal peaks, filled, and one Gaussian for it. Dashed: the least $\\mathrm{KL}(p\\,\\Vert\\,q)$. \
Lines: where $\\mathrm{KL}(q\\,\\Vert\\,p)$ has a least value among its neighbours; the thick line is the best of them. Close peaks are covered either way. Farther apart there are three such places, \
and at first the middle one is the best.",
    alt: "Three panels with two filled humps at growing distance. In the first, a dashed and a solid bell nearly coincide over both. In the second, two thin narrow bells stand on the humps and a thick wide one between them. In the third the narrow bells are thick, and the wide one is thin.",
    draw: ways,
};

const SWITCH: Figure = Figure {
    name: "blurriness.switch",
    caption: "The same, for every distance. The Gaussian in the middle is an optimum at all of them. The ones on the peaks begin at the dot, well above it, and are the better ones from the crossing on. \
Far apart they level off at $\\log 2$, the price of half the mass. The other direction rises more slowly at first, passes $\\log 2$ in the end, and has one answer throughout.",
    alt: "Divergence against half the distance of the peaks. One line rises ever more steeply from zero. A second begins at 2.4, at 0.65, and runs level; the first crosses it at 2.8. A dashed line rises more gently and crosses the level one at 3.9.",
    draw: switch,
};

const RIGID: Figure = Figure {
    name: "blurriness.rigid",
    caption: "Ten thousand draws of the filled density, and three models. On the left and on the right, maximum likelihood; in the middle, $\\mathrm{KL}(q\\,\\Vert\\,p)$. \
The first fills the valley, the second leaves a peak out, the third does neither.",
    alt: "Three panels with two filled humps. First a low wide bell with its top over the valley between them; then a narrow bell on one hump; then a line that follows both humps.",
    draw: rigid,
};

/// A density over the line, as places.
fn curve(p: &Modes, reach: f64) -> Points {
    Array1::linspace(-reach, reach, 361)
        .iter()
        .map(|&z| (z, p.log_density(z).exp()))
        .collect()
}

fn area(p: &Modes, reach: f64) -> Mark {
    let mut area = vec![(-reach, 0.0)];
    area.extend(curve(p, reach));
    area.push((reach, 0.0));
    Mark::Area(area, Role::Data)
}

fn panel(marks: Vec<(Mark, &'static str)>) -> Chart {
    Chart { x: "x", y: "density", size: (400, 340), marks, ..Chart::default() }
}

fn ways() -> Result<Drawing> {
    let mut drawing = Drawing::default();
    for (title, key, half) in
        [("Peaks at ±1", "1", 1.0), ("Peaks at ±2.6", "26", 2.6), ("Peaks at ±4", "4", 4.0)]
    {
        let (p, reach) = (Modes::pair(half)?, 8.0);
        let forward = Modes::one(p.forward())?;
        let mut marks = vec![
            (area(&p, reach), ""),
            (Mark::Dashed(curve(&forward, reach), Role::Other, 4), ""),
        ];
        let found = p.optima()?;
        for level in &found {
            let best = level.kl < found[0].kl + 1e-9;
            let role = if level.q.mean.abs() < 0.1 { Role::Third } else { Role::Model };
            let line = curve(&Modes::one(level.q)?, reach);
            marks.push((Mark::Line(line, role, if best { 6 } else { 2 }), ""));
        }
        drawing.panels.push((title, panel(marks).svg()?));
        let middle = p.settle(p.forward())?;
        drawing = drawing
            .exact(format!("blurriness.ways.{key}.forward"), p.kl(&forward))
            .exact(format!("blurriness.ways.{key}.middle"), middle.kl)
            .exact(format!("blurriness.ways.{key}.best"), found[0].kl)
            .exact(format!("blurriness.ways.{key}.sd"), forward.sds[0])
            .number(format!("blurriness.ways.{key}.middle_sd"), middle.q.sd, 1e-6);
    }
    Ok(drawing)
}

fn switch() -> Result<Drawing> {
    let [born, wins] = switches()?;
    let (mut middle, mut aside, mut forward) = (vec![], vec![], vec![]);
    for i in 0..=60 {
        let half = 0.6 + f64::from(i) * 0.06;
        let p = Modes::pair(half)?;
        middle.push((half, p.settle(p.forward())?.kl));
        forward.push((half, p.kl(&Modes::one(p.forward())?)));
    }
    let at = |half: f64| -> Result<f64> {
        Ok(Modes::pair(half)?.settle(Gauss { mean: half, sd: 1.0 })?.kl)
    };
    for half in Array1::linspace(born + 1e-5, 4.2, 32) {
        aside.push((half, at(half)?));
    }
    middle.retain(|place| place.1 < 1.6);
    let chart = Chart {
        x: "half the distance, in standard deviations",
        y: "divergence, nats",
        marks: vec![
            (Mark::Line(middle, Role::Third, 4), "in the middle"),
            (Mark::Line(aside.clone(), Role::Model, 4), "on a peak"),
            (Mark::Dashed(forward, Role::Other, 4), "the other direction"),
            (Mark::Dots(vec![aside[0]], Role::Model, 8), ""),
        ],
        legend: Corner::UpperLeft,
        ..Chart::default()
    };
    Ok(Drawing::one(chart.svg()?)
        .number("blurriness.switch.born", born, 1e-6)
        .number("blurriness.switch.wins", wins, 1e-6)
        .number("blurriness.switch.born_kl", aside[0].1, 1e-4)
        .number("blurriness.switch.wins_kl", at(wins)?, 1e-6))
}

fn rigid() -> Result<Drawing> {
    let p = Modes::pair(3.0)?;
    let rows = p.sample(10_000, &mut StdRng::seed_from_u64(5));
    let likeliest = |k: usize| Modes::likeliest(&rows, k, &mut StdRng::seed_from_u64(1));
    let aside = p.settle(Gauss { mean: -3.0, sd: 1.0 })?.q;
    let models = [
        ("Likelihood, one Gaussian", "one", likeliest(1)?),
        ("Reverse, one Gaussian", "aside", Modes::one(aside)?),
        ("Likelihood, two Gaussians", "two", likeliest(2)?),
        ("", "four", likeliest(4)?),
    ];
    let mut drawing = Drawing::default();
    for (title, key, model) in models {
        if !title.is_empty() {
            let line = Mark::Line(curve(&model, 8.0), Role::Model, 4);
            drawing.panels.push((title, panel(vec![(area(&p, 8.0), ""), (line, "")]).svg()?));
        }
        let key = format!("blurriness.rigid.{key}");
        drawing = drawing
            .number(format!("{key}.kl"), p.kl(&model), 0.02)
            .number(format!("{key}.strays"), p.strays(&model), 0.02)
            .number(format!("{key}.missed"), model.strays(&p), 0.02);
    }
    Ok(drawing.exact("blurriness.rigid.itself", p.strays(&p)))
}
