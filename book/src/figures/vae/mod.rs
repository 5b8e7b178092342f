//! Figures of the chapter on variational autoencoders, in the order of its pages.
pub mod cloud;
pub mod codes;
pub mod estimators;
pub mod latent;
pub mod linear;
pub mod mesh;
pub mod setup;
pub mod training;

use ::latent::plot::{Picture, Svg, images};
use ::latent::vae::{OnCpu, checkpoint};
use anyhow::{Result, bail};
use dfdx::prelude::Cpu;
use ndarray::{Array2, s};
use rand::{SeedableRng, rngs::StdRng};

/// The weights of a run in `book/runs`.
pub fn net(run: &str) -> Result<OnCpu> {
    let bytes: &[u8] = match run {
        "digits-2" => include_bytes!("../../../runs/digits-2/weights.safetensors"),
        "digits-10" => include_bytes!("../../../runs/digits-10/weights.safetensors"),
        other => bail!("no weights of a run `{other}` are kept"),
    };
    checkpoint::net_from(bytes, &Cpu::default()).map_err(anyhow::Error::msg)
}

/// The black and white digits, one a row: 1500 to train on, 297 to test on, and what each of those shows.
pub struct Digits {
    /// 1500 × 64.
    pub train: Array2<f32>,
    /// 297 × 64.
    pub test: Array2<f32>,
    /// 0 to 9.
    pub class: Vec<usize>,
    /// 0 to 9, of the test rows.
    pub test_class: Vec<usize>,
}

/// As the runs on the digits have them: a pixel of 8 or more is 1.
pub fn digits() -> Digits {
    let table = ::latent::data::digits();
    let x = table.x.mapv(|v| if v >= 8.0 { 1f32 } else { 0.0 });
    Digits {
        train: x.slice(s![..1500, ..]).to_owned(),
        test: x.slice(s![1500.., ..]).to_owned(),
        class: table.class[..1500].to_vec(),
        test_class: table.class[1500..].to_vec(),
    }
}

/// The same, in the terms of a figure.
fn network(run: &str) -> ::latent::Result<OnCpu> {
    net(run).map_err(|e| ::latent::Error::Plot(e.to_string()))
}

fn rng(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

/// A table of draws from N(0, 1).
fn normals(
    (rows, columns): (usize, usize),
    rng: &mut StdRng,
) -> ::latent::Result<Array2<f64>> {
    let (mean, one) = (ndarray::Array1::zeros(columns), Array2::eye(columns));
    ::latent::gaussian::sample(rows, mean.view(), one.view(), rng)
}

/// Rows of 8×8 images, each with its name, its values, and the value that is full ink.
fn strips(rows: &[(&str, &Array2<f64>, f64)]) -> ::latent::Result<Svg> {
    let rows = rows.iter().map(|(name, x, ink)| Picture {
        name: name.to_string(),
        pixels: x.view(),
        ink: *ink,
        signed: false,
    });
    images(&rows.collect::<Vec<_>>(), 8)
}
