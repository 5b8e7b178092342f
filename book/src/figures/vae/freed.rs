//! A hundred digits, each with a q of its own.
use super::digits;
use super::estimators::hundred_digits;
use crate::figures::{Drawing, Figure};
use latent::plot::{Chart, Corner, Mark, Points, Role, ellipse};
use latent::vae::Codes;
use latent::vae::local::{Search, evidence, improve};
use latent::vae::normal::mesh;
use latent::{Error, Result};
use ndarray::{Array2, Axis, s};

pub const FIGURE: Figure = Figure {
    name: "vae.freed",
    caption: "A hundred test digits under the network with two numbers in the code. Left: what each loses, in order of the loss to the encoder; the lower part is lost because $q$ is a Gaussian with independent entries, the upper because of the encoder. \
Right: for the five at the upper end, the encoder's $q$ and the one that is best for that digit, two standard deviations out.",
    alt: "Left: a hundred thin bars of two parts. The lower part is small everywhere. The upper is small for most digits and rises steeply to several nats for the last ten. Right: a plane with five pairs of ellipses; the two of a pair lie apart, by about their own size.",
    draw,
};

/// 25 draws, laid out as evenly as can be, with variance one.
fn laid_out() -> Result<Array2<f64>> {
    let z = mesh(5)?;
    let sd = z.std_axis(Axis(0), 0.0);
    Ok(z / sd)
}

fn oval(codes: &Codes, row: usize) -> Points {
    let variance = Array2::from_diag(&codes.sd.row(row).mapv(|s| s * s));
    ellipse([codes.mean[[row, 0]], codes.mean[[row, 1]]], variance.view(), 2.0)
}

fn draw() -> Result<Drawing> {
    let (net, x) = hundred_digits()?;
    let search = Search { steps: 40, rate: 0.1 };
    let found = improve(&net, x.view(), laid_out()?.view(), search)?;
    let train = digits().train.slice(s![..100, ..]).to_owned();
    let learned = improve(&net, train.view(), laid_out()?.view(), search)?;
    let exact = evidence(&net, x.view(), (6.0, 241))?;
    let encoder = net.codes(x.view())?;
    let amortisation = &found.after - &found.before;
    let approximation = &exact - &found.after;
    let mut order: Vec<usize> = (0..x.nrows()).collect();
    order.sort_by(|&a, &b| amortisation[a].total_cmp(&amortisation[b]));
    let (mut low, mut high) = (vec![], vec![]);
    for (i, &row) in (1..).zip(&order) {
        let (at, a, b) = (f64::from(i), approximation[row], amortisation[row]);
        low.push([(at - 0.5, 0.0), (at + 0.5, a)]);
        high.push([(at - 0.5, a), (at + 0.5, a + b)]);
    }
    let marks = vec![
        (Mark::Blocks(high, Role::Other), "encoder"),
        (Mark::Blocks(low, Role::Model), "Gaussian"),
    ];
    let bars = Chart {
        x: "digits, in order",
        y: "lost, nats",
        size: (440, 380),
        legend: Corner::UpperLeft,
        marks,
        ..Chart::default()
    };
    let mut marks = vec![];
    for (i, &row) in order.iter().rev().take(5).enumerate() {
        let name = |name: &'static str| if i == 0 { name } else { "" };
        marks.push((Mark::Line(oval(&encoder, row), Role::Other, 4), name("encoder")));
        marks.push((Mark::Line(oval(&found.codes, row), Role::Model, 4), name("best")));
        let ends = [encoder.mean.row(row), found.codes.mean.row(row)].map(|m| (m[0], m[1]));
        marks.push((Mark::Pieces(vec![ends], Role::Ink, 2), ""));
    }
    let plane = Chart {
        x: "z₁",
        y: "z₂",
        size: (440, 380),
        equal: true,
        legend: Corner::UpperLeft,
        marks,
        ..Chart::default()
    };
    let mean = |v: &ndarray::Array1<f64>| v.mean().unwrap_or(f64::NAN);
    let (least, most) = (order.first(), order.last());
    let (Some(&least), Some(&most)) = (least, most) else {
        return Err(Error::Device("no digits".into()));
    };
    Ok(Drawing::panels(vec![
        ("What each digit loses", bars.svg()?),
        ("The five that lose most", plane.svg()?),
    ])
    .trained("vae.freed.amortised", mean(&found.before))
    .trained("vae.freed.best", mean(&found.after))
    .trained("vae.freed.evidence", mean(&exact))
    .trained("vae.freed.amortisation", mean(&amortisation))
    .trained("vae.freed.approximation", mean(&approximation))
    .trained("vae.freed.train", mean(&(&learned.after - &learned.before)))
    .trained("vae.freed.median", amortisation[order[order.len() / 2]])
    .trained("vae.freed.least", amortisation[least])
    .trained("vae.freed.most", amortisation[most]))
}
