//! The rows to train on: the book's, or a reader's own.
use crate::train::Args;
use anyhow::{Result, ensure};
use latent::data::{self, binarised, idx, mnist, npy};
use latent::vae;
use ndarray::{Array2, s};
use rand::{SeedableRng, rngs::StdRng};
use std::path::Path;

/// Rows to train on, and rows to test on.
pub struct Set {
    /// N rows.
    pub train: Array2<f32>,
    /// Others.
    pub test: Array2<f32>,
}

/// The data that the arguments name, made black and white if they say so.
pub fn load(args: &Args) -> Result<Set> {
    let mut set = read(args)?;
    if let Some(threshold) = args.threshold() {
        for x in [&mut set.train, &mut set.test] {
            x.mapv_inplace(|v| if f64::from(v) >= threshold { 1.0 } else { 0.0 });
        }
    }
    if args.drawn() {
        let all = set.train.iter().chain(&set.test);
        ensure!(
            all.into_iter().all(|v| (0.0..=1.0).contains(v)),
            "--drawn needs greys between 0 and 1; bytes are divided by 255, other numbers are taken as they are"
        );
        vae::train::draw(&mut set.test, &mut StdRng::seed_from_u64(0)); // once, and for all
    }
    Ok(set)
}

fn read(args: &Args) -> Result<Set> {
    let narrow = |x: &Array2<f64>| x.mapv(|v| v as f32);
    match args.data.as_str() {
        "digits" => Ok(split(narrow(&data::digits().x) / 16.0, 1500)),
        "mnist" => {
            let set = mnist::load()?;
            Ok(Set { train: narrow(&set.train) / 255.0, test: narrow(&set.test) / 255.0 })
        }
        "binarised-mnist" => {
            let set = binarised::load()?;
            Ok(Set { train: narrow(&set.train), test: narrow(&set.test) })
        }
        path => {
            let x = narrow(&file(Path::new(path))?);
            match &args.test {
                Some(test) => Ok(Set { train: x, test: narrow(&file(test)?) }),
                None => {
                    let rows = x.nrows();
                    ensure!(rows >= 2, "{path} holds {rows} row(s): at least two are needed");
                    Ok(split(x, rows - rows.div_ceil(6)))
                }
            }
        }
    }
}

fn split(x: Array2<f32>, rows: usize) -> Set {
    Set {
        train: x.slice(s![..rows, ..]).to_owned(),
        test: x.slice(s![rows.., ..]).to_owned(),
    }
}

/// A reader's table: NPY, or IDX with its bytes divided by 255, unless they are 0 and 1.
fn file(path: &Path) -> Result<Array2<f64>> {
    if path.extension().is_some_and(|e| e == "npy") {
        return Ok(npy::read(path)?);
    }
    let found = idx::read(path)?;
    let rows = found.sizes.first().copied().unwrap_or(0);
    let columns = found.bytes.len() / rows.max(1);
    let most = f64::from(found.bytes.iter().copied().max().unwrap_or(0));
    let white = if most <= 1.0 { 1.0 } else { 255.0 };
    let values = found.bytes.iter().map(|&b| f64::from(b) / white).collect();
    Ok(Array2::from_shape_vec((rows, columns), values)?)
}
