//! The blurry images, and what the chapter's figures of digits in shades of grey share.
use super::super::{Drawing, Figure};
use latent::blurriness::sharpness::mean_sharpness;
use latent::plot::{Picture, Svg, images};
use latent::vae::{OnCpu, checkpoint};
use latent::{Error, Result, gaussian};
use ndarray::{Array1, Array2, s};
use rand::{SeedableRng, rngs::StdRng};

pub const FIGURES: &[&Figure] = &[&LOOK];

const LOOK: Figure = Figure {
    name: "blurriness.look",
    caption: "A variational autoencoder of the digits in grey: a code of two numbers, Gaussian pixels with one $\\sigma$ that was learned. From the top: test digits; what comes back, $\\vec x\\to\\vec m(\\vec x)\\to$ the decoder's mean; the decoder's means at codes drawn from the prior; the same with the noise that the model says a pixel has.",
    alt: "Four rows of ten small digits. The test digits have crisp strokes. Their returns are the same shapes in softer strokes with grey around them. The means of drawn codes are as soft, some between two digits. The last row is covered by grains of noise.",
    draw: look,
};

/// The weights of a run in `book/runs`.
pub fn net(run: &str) -> Result<OnCpu> {
    macro_rules! weights {
        ($name:literal) => {
            include_bytes!(concat!("../../../runs/", $name, "/weights.safetensors"))
        };
    }
    let bytes: &[u8] = match run {
        "grey-0.1" => weights!("grey-0.1"),
        "grey-0.3" => weights!("grey-0.3"),
        "grey-1" => weights!("grey-1"),
        "grey-shared" => weights!("grey-shared"),
        "grey-predicted" => weights!("grey-predicted"),
        "grey-continuous" => weights!("grey-continuous"),
        "grey-logistic" => weights!("grey-logistic"),
        other => return super::super::vae::net(other),
    };
    let place = format!("book/runs/{run}/weights.safetensors");
    checkpoint::net_from(bytes, &Default::default()).map_err(|why| Error::file(place, why))
}

/// The digits in 17 levels from 0 to 1, one a row: 1500 to train on, and 297 to test on.
pub fn greys() -> [Array2<f32>; 2] {
    let x = latent::data::digits().x.mapv(|v| v as f32 / 16.0);
    [x.slice(s![..1500, ..]).to_owned(), x.slice(s![1500.., ..]).to_owned()]
}

/// So many codes drawn from the prior, the same for every network.
pub fn prior(rows: usize, latent: usize) -> Result<Array2<f64>> {
    let (mean, one) = (Array1::zeros(latent), Array2::eye(latent));
    gaussian::sample(rows, mean.view(), one.view(), &mut rng(7))
}

pub fn rng(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

/// The mean sharpness of 8 × 8 images.
pub fn score(x: &Array2<f64>) -> Result<f64> {
    mean_sharpness(x.view(), 8)
}

/// The first ten of each row of images, with its name; full ink is 1.
pub fn strips(rows: &[(&str, &Array2<f64>)]) -> Result<Svg> {
    let rows = rows.iter().map(|(name, x)| Picture {
        name: name.to_string(),
        pixels: x.slice(s![..x.nrows().min(10), ..]),
        ink: 1.0,
        signed: false,
    });
    images(&rows.collect::<Vec<_>>(), 8)
}

fn look() -> Result<Drawing> {
    let net = net("grey-shared")?;
    let [_, test] = greys();
    let back = net.images(net.codes(test.view())?.mean.view())?;
    let z = prior(1000, 2)?;
    let (mean, noisy) = (net.images(z.view())?, net.drawn(z.view(), &mut rng(3))?);
    let data = test.mapv(f64::from);
    let rows =
        [("data", &data), ("returns", &back), ("means", &mean), ("with noise", &noisy)];
    let mut drawing = Drawing::one(strips(&rows)?);
    for (key, (_, x)) in ["data", "back", "mean", "noisy"].into_iter().zip(rows) {
        drawing = drawing.trained(format!("blurriness.look.{key}"), score(x)?);
    }
    Ok(drawing.trained("blurriness.look.sd", (0.5 * net.shared()?).exp()))
}
