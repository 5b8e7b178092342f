//! One q for all, one for each, one from the pixels.
use crate::figures::{Drawing, Figure};
use latent::Result;
use latent::elbo::{Gauss, Tiny};
use latent::plot::{Chart, Mark, Role};
use latent::vae::Choices;

pub const FIGURE: Figure = Figure {
    name: "vae.choices",
    caption: "The eight images of chapter 3's decoder, counted in binary, from 000 to 111. Broad bars: the posterior of each, its mean and one standard deviation either way. Narrow bars with dots: $q$. \
Left: one $q$ for all. Middle: one for each, two numbers an image. Right: computed from the three pixels, with eight numbers in all.",
    alt: "Three panels with the same eight broad upright bars at different heights. Left, eight equal narrow bars about zero, which miss most of the broad ones. Middle, each narrow bar covers its broad bar. Right, nearly so.",
    draw,
};

fn draw() -> Result<Drawing> {
    let all = Choices::of(&Tiny::default())?;
    let mut wide = vec![];
    for (i, h) in all.hidden.iter().enumerate() {
        let log_q = h.log_posterior();
        let mean = h.mean(&log_q, &h.z);
        let sd = h.mean(&log_q, &h.z.mapv(|z| (z - mean).powi(2))).sqrt();
        let at = i as f64;
        wide.push([(at - 0.3, mean - sd), (at + 0.3, mean + sd)]);
    }
    let chart = |q: &[Gauss]| {
        let (mut pieces, mut dots) = (vec![], vec![]);
        for (i, q) in q.iter().enumerate() {
            let at = i as f64;
            pieces.push([(at, q.mean - q.sd), (at, q.mean + q.sd)]);
            dots.push((at, q.mean));
        }
        let marks = vec![
            (Mark::Blocks(wide.clone(), Role::Faint), ""),
            (Mark::Pieces(pieces, Role::Model, 6), ""),
            (Mark::Dots(dots, Role::Model, 8), ""),
            (Mark::Dots(vec![(3.5, -1.7), (3.5, 1.7)], Role::Faint, 0), ""),
        ];
        Chart { x: "image", y: "z", size: (400, 360), marks, ..Chart::default() }.svg()
    };
    let prior = vec![Gauss { mean: 0.0, sd: 1.0 }; 8];
    let (shared, own, pixels) = (all.shared()?, all.own()?, all.amortised(400));
    Ok(Drawing::panels(vec![
        ("One for all", chart(&shared)?),
        ("One for each", chart(&own)?),
        ("From the pixels", chart(&pixels)?),
    ])
    .exact("vae.choices.prior", all.bound(&prior)?)
    .exact("vae.choices.shared", all.bound(&shared)?)
    .exact("vae.choices.own", all.bound(&own)?)
    .exact("vae.choices.pixels", all.bound(&pixels)?)
    .exact("vae.choices.evidence", all.log_evidence()))
}
