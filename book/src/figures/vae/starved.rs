//! More draws, and what the slopes become.
use super::estimators::behind_noise;
use crate::figures::{Drawing, Figure};
use latent::Result;
use latent::elbo::Gauss;
use latent::plot::{Chart, Corner, Mark, Role};
use latent::vae::weighted::signals;
use rand::{SeedableRng, rngs::StdRng};

pub const FIGURE: Figure = Figure {
    name: "vae.starved",
    caption: "One number behind noise of variance 1, $x = 1.2$, and $q = \\mathcal N(0, 0.8^2)$. How large the mean of one estimated slope is beside its standard deviation, against the number of draws in it. \
The decoder's slope becomes clearer with more draws, the encoder's drowns.",
    alt: "Two lines on logarithmic axes from 1 to 256 draws. The decoder's rises from 1.5 to 10. The encoder's falls from 0.75 to 0.04.",
    draw,
};

fn draw() -> Result<Drawing> {
    let model = behind_noise()?[0];
    let q = Gauss { mean: 0.0, sd: 0.8 };
    let mut rng = StdRng::seed_from_u64(11);
    let (mut encoder, mut decoder, mut drawing) = (vec![], vec![], Drawing::default());
    for k in [1usize, 4, 16, 64, 256] {
        let [one, other] = signals(&model, q, (k, 20_000), &mut rng)?;
        let at = (k as f64).log10();
        encoder.push((at, one.log10()));
        decoder.push((at, other.log10()));
        drawing = drawing
            .trained(format!("vae.signal.encoder.{k}"), one)
            .trained(format!("vae.signal.decoder.{k}"), other);
    }
    let mut marks = vec![];
    for (line, role, name) in
        [(decoder, Role::Data, "decoder"), (encoder, Role::Model, "encoder")]
    {
        marks.push((Mark::Line(line.clone(), role, 4), name));
        marks.push((Mark::Dots(line, role, 6), ""));
    }
    let chart = Chart {
        x: "draws k",
        y: "mean / standard deviation",
        size: (640, 380),
        log_x: true,
        log_y: true,
        legend: Corner::UpperLeft,
        marks,
        ..Chart::default()
    };
    drawing.panels.push(("", chart.svg()?));
    drawing.by_training = false;
    Ok(drawing)
}
