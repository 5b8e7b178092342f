//! Figures of the chapter on variational autoencoders, in the order of its pages.
pub mod estimators;
pub mod latent;
pub mod live;
pub mod setup;
pub mod training;

use ::latent::vae::{OnCpu, checkpoint};
use anyhow::{Result, bail};
use dfdx::prelude::Cpu;
use ndarray::{Array2, s};

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
