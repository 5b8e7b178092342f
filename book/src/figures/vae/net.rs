//! The two networks and the draw between them, from the sizes of a network that exists.
use super::shapes::{HIDDEN, INK, MODEL, SEEN, arrow, block, circle, page, words};
use crate::figures::{Drawing, Figure};
use dfdx::prelude::{Cpu, HasShape};
use latent::Result;
use latent::vae::{Likelihood, Sizes, Vae};
use rand::{SeedableRng, rngs::StdRng};

pub const FIGURE: Figure = Figure {
    name: "vae.net",
    caption: "The network that this chapter trains on the 8×8 digits, drawn from its sizes. The encoder turns 64 pixels into the mean and the log-variance of two hidden numbers. A draw $\\vec z$ is made, with noise $\\boldsymbol\\varepsilon$ from outside. \
The decoder turns it into 64 log-odds. The three arrows that end at $\\vec z$ are the draw. Every other arrow is a layer, and the number under a box says how many values stand there.",
    alt: "From left to right: a column x with 64 values, a column of 64 tanh units, two small blocks m and log v with 2 values each, a circle z with 2 values that also has an arrow from a dot marked ε, a column of 64 tanh units, and a column of 64 log-odds.",
    draw,
};

/// A column of so many values, as high as its logarithm.
fn column(x: f64, y: f64, n: usize, colour: &str, name: &str) -> String {
    let height = 40.0 + 27.0 * (n as f64).log2();
    block(x, y, 74.0, height, colour, name)
        + &words(x, y + height / 2.0 + 24.0, &n.to_string())
}

/// Numbers in the encoder, and in the decoder.
fn counts(net: &mut Vae<f32, Cpu>) -> (usize, usize) {
    let of = |decoder: bool, net: &mut Vae<f32, Cpu>| {
        let all = net.parameters().into_iter();
        all.filter(|(name, _)| {
            ["decoder", "out"].iter().any(|s| name.starts_with(s)) == decoder
        })
        .map(|(_, p)| p.shape().0 * p.shape().1)
        .sum()
    };
    (of(false, net), of(true, net))
}

fn draw() -> Result<Drawing> {
    let sizes = Sizes { pixels: 64, hidden: vec![64], latent: 2 };
    let mut rng = StdRng::seed_from_u64(1);
    let mut net: Vae<f32, Cpu> =
        Vae::new(&sizes, Likelihood::Bernoulli, &Cpu::default(), &mut rng)?;
    let Sizes { pixels, hidden, latent } = net.sizes();
    let (top, y) = (hidden[hidden.len() - 1], 150.0);
    let inside = column(42.0, y, pixels, SEEN, "x")
        + &arrow((83.0, y), (108.0, y), INK, false)
        + &column(150.0, y, top, MODEL, "tanh")
        + &arrow((190.0, y - 20.0), (216.0, 96.0), INK, false)
        + &arrow((190.0, y + 20.0), (216.0, 200.0), INK, false)
        + &column(258.0, 78.0, latent, MODEL, "m")
        + &column(258.0, 216.0, latent, MODEL, "log v")
        + &arrow((300.0, 94.0), (337.0, 130.0), INK, false)
        + &arrow((300.0, 202.0), (337.0, 170.0), INK, false)
        + &circle(364.0, y, 32.0, HIDDEN, false, "z")
        + &words(364.0, y + 56.0, &latent.to_string())
        + &format!("<circle cx=\"364\" cy=\"52\" r=\"6\" fill=\"{INK}\"/>\n")
        + &words(386.0, 46.0, "ε")
        + &arrow((364.0, 60.0), (364.0, 112.0), INK, false)
        + &arrow((400.0, y), (440.0, y), INK, false)
        + &column(482.0, y, top, SEEN, "tanh")
        + &arrow((523.0, y), (554.0, y), INK, false)
        + &column(596.0, y, net.likelihood.outputs(pixels), SEEN, "odds")
        + &words(150.0, 12.0, "encoder, φ")
        + &words(530.0, 12.0, "decoder, θ");
    let (encoder, decoder) = counts(&mut net);
    Ok(Drawing::one(page(640, 310, &inside))
        .exact("vae.net.encoder", encoder as f64)
        .exact("vae.net.decoder", decoder as f64))
}
