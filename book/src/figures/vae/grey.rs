//! What a Bernoulli pixel pays for a grey.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "vae.grey",
    caption: "The cross-entropy of a pixel, $-x\\log p-(1-x)\\log(1-p)$, against the probability $p$ that the decoder gives. For $x=1$ it falls to zero. For a grey $x$ the best it can do is $p=x$, and there it still costs the entropy of $x$: a floor that no network gets below.",
    alt: "Three curves over p from 0 to 1. For x equal to 1 the curve falls to zero at the right. For x equal to 0.8 and 0.5 the curves have their lowest points at p equal to x, at half a nat and at 0.69 nats; dots mark these points.",
    draw,
};

/// −x log p − (1 − x) log(1 − p), with nothing where x or 1 − x is nothing.
fn crossed(x: f64, p: f64) -> f64 {
    let term = |x: f64, p: f64| if x == 0.0 { 0.0 } else { -x * p.ln() };
    term(x, p) + term(1.0 - x, 1.0 - p)
}

fn draw() -> Result<Drawing> {
    let places = || (1..200).map(|i| f64::from(i) / 200.0);
    let curve = |x: f64| -> Points {
        places().map(|p| (p, crossed(x, p))).filter(|p| p.1 < 2.0).collect()
    };
    let least = |x: f64| vec![(x, crossed(x, x))];
    let marks = vec![
        (Mark::Line(curve(1.0), Role::Ink, 3), ""),
        (Mark::Line(curve(0.8), Role::Data, 3), ""),
        (Mark::Line(curve(0.5), Role::Model, 3), ""),
        (Mark::Dots(least(0.8), Role::Data, 8), ""),
        (Mark::Dots(least(0.5), Role::Model, 8), ""),
        (Mark::Words(0.44, 0.52, "x = 0.5".into(), Role::Model), ""),
        (Mark::Words(0.85, 0.38, "x = 0.8".into(), Role::Data), ""),
        (Mark::Words(0.17, 1.9, "x = 1".into(), Role::Ink), ""),
    ];
    let (x, y) = ("p, the decoder's probability of 1", "cross-entropy, nats");
    let svg = Chart { x, y, marks, ..Chart::default() }.svg()?;
    let greys = ::latent::data::digits().x.mapv(|v| v / 16.0);
    let floor = greys.mapv(|x| crossed(x, x)).sum() / greys.nrows() as f64;
    Ok(Drawing::one(svg)
        .exact("vae.grey.floor", floor)
        .exact("vae.grey.at", crossed(0.8, 0.8)))
}
