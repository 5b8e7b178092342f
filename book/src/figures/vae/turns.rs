//! The four procedures on the linear network, and where they arrive.
use crate::figures::{Drawing, Figure};
use dfdx::prelude::Cpu;
use latent::data::iris;
use latent::factor_analysis::FactorAnalysis;
use latent::gaussian::Moments;
use latent::plot::{Chart, Mark, Points, Role};
use latent::vae::loss::loss;
use latent::vae::net::to_device;
use latent::vae::{Learner, Likelihood, Objective, Sizes, Vae};
use latent::{Error, Result};
use ndarray::{Array2, ArrayView2, Axis};
use rand::{SeedableRng, rngs::StdRng};

pub const FIGURE: Figure = Figure {
    name: "vae.turns",
    caption: "How far the mean bound of 150 flowers is below the best log-likelihood of the model, which chapter 2 has in closed form. A network without hidden layers is trained on batches of 15, with one hidden number and one learned $\\sigma$. \
*Nested* makes its M step row by row, with four draws a row; *in turns* moves $\\phi$ and then $\\theta$; *joint* moves both at once. Adam's rate falls to a tenth at step 350.",
    alt: "Three jittering curves fall side by side on a logarithmic axis, from five nats to about a twentieth in the first 250 steps, and stay there. After step 350 all three sink further, to about a hundredth. Nested is the lowest and the smoothest.",
    draw,
};

const STEPS: usize = 500;

type Net = Vae<f64, Cpu>;
type Way = fn(&mut Learner<f64, Cpu>, ArrayView2<f64>) -> Result<()>;

/// The mean bound. The fit is a parabola in the noise, so draws at −1 and 1 give its mean exactly.
fn bound(net: &Net, x: ArrayView2<f64>) -> Result<f64> {
    let n = x.nrows();
    let noise = Array2::from_shape_fn((2 * n, 1), |(i, _)| if i < n { -1.0 } else { 1.0 });
    let (x, noise) = (to_device(x, net.device())?, to_device(noise.view(), net.device())?);
    let objective = Objective { draws: 2, ..Objective::default() };
    let loss = loss(net, x, noise, objective).map_err(|e| Error::Device(e.to_string()))?;
    Ok(-loss.as_vec()[0])
}

/// How far below `top` the bound is, step by step, as a power of ten.
fn climb(x: ArrayView2<f64>, way: Way, top: f64) -> Result<Points> {
    let sizes = Sizes { pixels: 4, hidden: vec![], latent: 1 };
    let mut rng = StdRng::seed_from_u64(1);
    let net = Net::new(&sizes, Likelihood::Shared, &Cpu::default(), &mut rng)?;
    let mut learner = Learner::new(net, 0.02, 3)?;
    let mut path = vec![];
    for step in 0..=STEPS {
        if step % 10 == 0 {
            path.push((step as f64, (top - bound(&learner.net, x)?).max(1e-9).log10()));
        }
        learner.rate = if step < 350 { 0.02 } else { 0.002 };
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
        (|l, x| l.nested(x, 4), "nested", Role::Other),
        (|l, x| l.turns(x), "in turns", Role::Data),
        (|l, x| l.joint(x), "joint", Role::Model),
    ];
    let (mut marks, mut drawing) = (vec![], Drawing::default().exact("vae.turns.top", top));
    for (way, name, role) in ways {
        let path = climb(x.view(), way, top)?;
        let last: Vec<f64> = path.iter().rev().take(10).map(|p| 10f64.powf(p.1)).collect();
        let left = last.iter().sum::<f64>() / last.len() as f64;
        drawing = drawing.trained(format!("vae.turns.{}", name.replace(' ', "_")), left);
        marks.push((Mark::Line(path, role, 3), name));
    }
    let chart = Chart {
        x: "steps",
        y: "nats a row below the best",
        log_y: true,
        marks,
        ..Chart::default()
    };
    drawing.panels = vec![("", chart.svg()?)];
    Ok(drawing)
}
