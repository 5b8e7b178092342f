//! The four procedures on the linear network, and where they arrive.
use crate::figures::{Drawing, Figure};
use dfdx::prelude::Cpu;
use latent::Result;
use latent::data::iris;
use latent::factor_analysis::FactorAnalysis;
use latent::gaussian::Moments;
use latent::plot::{Chart, Corner, Mark, Points, Role};
use latent::vae::{Learner, Likelihood, Sizes, Vae};
use ndarray::{ArrayView2, Axis};
use rand::{SeedableRng, rngs::StdRng};

pub const FIGURE: Figure = Figure {
    name: "vae.turns",
    caption: "The mean bound of 150 flowers while a network without hidden layers is trained on batches of 15, with one hidden number and one learned $\\sigma$. *Nested* makes its M step row by row, with two draws a row; \
*in turns* moves $\\phi$ and then $\\theta$; *joint* moves both at once. Dashed: the best log-likelihood of this model, which chapter 2 has in closed form.",
    alt: "Three curves rise from minus eight nats, jitter a little, and level out together just under a dashed line at about minus three.",
    draw,
};

const STEPS: usize = 700;

type Net = Vae<f64, Cpu>;
type Way = fn(&mut Learner<f64, Cpu>, ArrayView2<f64>) -> Result<()>;

fn climb(x: ArrayView2<f64>, way: Way) -> Result<Points> {
    let sizes = Sizes { pixels: 4, hidden: vec![], latent: 1 };
    let net =
        Net::new(&sizes, Likelihood::Shared, &Cpu::default(), &mut StdRng::seed_from_u64(1))?;
    let mut learner = Learner::new(net, 0.02, 3)?;
    let mut path = vec![];
    for step in 0..=STEPS {
        if step % 20 == 0 {
            let score = learner.net.score(x, 20, &mut StdRng::seed_from_u64(11))?;
            path.push((step as f64, score.elbo.nats()));
        }
        let rows: Vec<usize> = (0..15).map(|k| (step * 15 + k) * 37 % 150).collect();
        way(&mut learner, x.select(Axis(0), &rows).view())?;
    }
    Ok(path)
}

fn draw() -> Result<Drawing> {
    let x = &iris().x;
    let x = x - &Moments::of(x.view())?.mean;
    let moments = Moments::of(x.view())?;
    let top = FactorAnalysis::ppca(&moments, 1)?.log_likelihood(&moments)? / moments.rows;
    let ways: [(Way, &str, Role); 3] = [
        (|l, x| l.nested(x, 2), "nested", Role::Other),
        (|l, x| l.turns(x), "in turns", Role::Data),
        (|l, x| l.joint(x), "joint", Role::Model),
    ];
    let limit = vec![(0.0, top), (STEPS as f64, top)];
    let mut marks = vec![(Mark::Dashed(limit, Role::Ink, 2), "")];
    let mut drawing = Drawing::default().exact("vae.turns.top", top);
    for (way, name, role) in ways {
        let path = climb(x.view(), way)?;
        let end = path.iter().rev().take(5).map(|p| p.1).sum::<f64>() / 5.0;
        drawing = drawing.trained(format!("vae.turns.{}", name.replace(' ', "_")), end);
        marks.push((Mark::Line(path, role, 4), name));
    }
    let chart = Chart {
        x: "steps",
        y: "mean bound, nats a row",
        legend: Corner::LowerRight,
        marks,
        ..Chart::default()
    };
    drawing.panels = vec![("", chart.svg()?)];
    Ok(drawing)
}
