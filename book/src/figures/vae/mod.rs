//! Figures of the chapter on variational autoencoders, in the order of its pages.
mod averaged;
mod channel;
mod choices;
pub mod cloud;
pub mod codes;
mod cost;
mod curves;
mod digit;
mod draws;
pub mod estimators;
mod freed;
mod graph;
mod grey;
mod jump;
mod ladder;
pub mod latent;
pub mod linear;
pub mod live;
pub mod mesh;
mod net;
mod plates;
mod pushed;
mod samples;
pub mod setup;
mod shapes;
pub mod speed;
mod spread;
mod spreads;
mod starved;
mod tighter;
mod tradeoff;
pub mod training;
mod turns;
mod two_gaps;
mod variances;

use super::{Drawing, Figure};
use crate::runs::{Log, Row};
use ::latent::plot::{Chart, Corner, Mark, Picture, Points, Role, Svg, images};
use ::latent::vae::{OnCpu, checkpoint};
use ::latent::{Error, Result};
use dfdx::prelude::Cpu;
use ndarray::{Array2, s};
use rand::{SeedableRng, rngs::StdRng};

/// The weights of a run in `book/runs`.
pub fn net(run: &str) -> Result<OnCpu> {
    let bytes: &[u8] = match run {
        "digits-2" => include_bytes!("../../../runs/digits-2/weights.safetensors"),
        "digits-10" => include_bytes!("../../../runs/digits-10/weights.safetensors"),
        other => return Err(missing(other)),
    };
    let place = format!("book/runs/{run}/weights.safetensors");
    checkpoint::net_from(bytes, &Cpu::default()).map_err(|why| Error::file(place, why))
}

fn missing(run: &str) -> Error {
    Error::file(format!("book/runs/{run}"), "is not among the runs that figures read")
}

/// The log of a run in `book/runs`, as it is there now.
pub fn log(run: &str) -> Result<Log> {
    let failed = |e: anyhow::Error| Error::file(format!("book/runs/{run}"), format!("{e:#}"));
    let root = crate::cli::root().map_err(failed)?;
    Log::read(&root.join("book/runs").join(run)).map_err(failed)
}

/// The last epoch of a run, and its number of that name.
pub fn end(run: &str, name: &str) -> Result<(Row, f64)> {
    let log = log(run)?;
    let last = log.rows.last().copied().ok_or_else(|| missing(run))?;
    Ok((last, log.number(name).map_err(|e| Error::file(run, e))?))
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

fn rng(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

/// A table of draws from N(0, 1).
fn normals((rows, columns): (usize, usize), rng: &mut StdRng) -> Result<Array2<f64>> {
    let (mean, one) = (ndarray::Array1::zeros(columns), Array2::eye(columns));
    ::latent::gaussian::sample(rows, mean.view(), one.view(), rng)
}

/// Rows of 8×8 images, each with its name, its values, and the value that is full ink.
fn strips(rows: &[(&str, &Array2<f64>, f64)]) -> Result<Svg> {
    let rows = rows.iter().map(|(name, x, ink)| Picture {
        name: name.to_string(),
        pixels: x.view(),
        ink: *ink,
        signed: false,
    });
    images(&rows.collect::<Vec<_>>(), 8)
}
