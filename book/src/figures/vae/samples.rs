//! Digits there and back, and digits from nothing.
use super::*;
use ::latent::vae::normal::quantile;
use rand::Rng;
use rand::{SeedableRng, rngs::StdRng};

pub const FIGURE: Figure = Figure {
    name: "vae.samples",
    caption: "Top row: twelve test digits. Below: what comes back through two numbers and through ten, $\\vec x\\to\\vec m(\\vec x)\\to$ the probability of each pixel. Then the decoders alone: twelve codes of two numbers and twelve of ten, drawn from the prior, and again the probability of each pixel. The last row tosses the pixels of the row above it, as the model says that digits come about.",
    alt: "Six rows of twelve small digits. The test digits are black and white. Their returns through two numbers are soft and some have become another digit; through ten they are sharper and right. The draws from the prior look like soft digits, some between two. The last row is ragged: digits with single pixels missing or added.",
    draw,
};

fn draw() -> Result<Drawing> {
    let (two, ten) = (net("digits-2")?, net("digits-10")?);
    let x = digits().test.slice(s![..12, ..]).to_owned();
    let rng = &mut StdRng::seed_from_u64(7);
    let back = |net: &OnCpu| net.images(net.codes(x.view())?.mean.view());
    let mut drawn = |net: &OnCpu| {
        let n = 12 * net.sizes().latent;
        let shares = (0..n).map(|_| rng.random_range(1e-9..1.0 - 1e-9));
        let z = shares.map(quantile).collect::<Result<Vec<f64>>>()?; // draws of N(0, 1)
        net.images(Array2::from_shape_fn((12, n / 12), |(i, k)| z[i * n / 12 + k]).view())
    };
    let (from_two, from_ten) = (drawn(&two)?, drawn(&ten)?);
    let tossed = from_ten.mapv(|p| if rng.random::<f64>() < p { 1.0 } else { 0.0 });
    let (back_two, back_ten) = (back(&two)?, back(&ten)?);
    let x = x.mapv(f64::from);
    let rows = [
        ("data", &x),
        ("through 2", &back_two),
        ("through 10", &back_ten),
        ("drawn, 2", &from_two),
        ("drawn, 10", &from_ten),
        ("tossed, 10", &tossed),
    ];
    let rows = rows.map(|(name, pixels)| row_of(name, pixels));
    Ok(Drawing::one(images(&rows, 8)?))
}

fn row_of<'a>(name: &str, pixels: &'a Array2<f64>) -> Picture<'a> {
    Picture { name: name.into(), pixels: pixels.view(), ink: 1.0, signed: false }
}
