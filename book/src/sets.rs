//! The rows to train on: the book's, or a reader's own.
use crate::train::Args;
use anyhow::{Context, Result, ensure};
use latent::data::{self, binarised, idx, mnist, npy};
use latent::error::finite;
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
        ensure!(!threshold.is_nan(), "--threshold NaN: no pixel is at or above it");
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

fn narrow(x: &Array2<f64>) -> Array2<f32> {
    x.mapv(|v| v as f32)
}

/// MNIST's greys, which are between 0 and 1 already.
fn greys(set: &mnist::Mnist) -> Set {
    Set { train: narrow(&set.train), test: narrow(&set.test) }
}

fn read(args: &Args) -> Result<Set> {
    match args.data.as_str() {
        "digits" => Ok(split(narrow(&data::digits().x) / 16.0, 1500)),
        "mnist" => Ok(greys(&mnist::load()?)),
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
        let x = npy::read(path)?;
        finite("the file", x.view()).with_context(|| path.display().to_string())?;
        return Ok(x);
    }
    let found = idx::read(path)?;
    let rows = found.sizes.first().copied().unwrap_or(0);
    let columns = found.bytes.len() / rows.max(1);
    let most = f64::from(found.bytes.iter().copied().max().unwrap_or(0));
    let white = if most <= 1.0 { 1.0 } else { 255.0 };
    let values = found.bytes.iter().map(|&b| f64::from(b) / white).collect();
    Ok(Array2::from_shape_vec((rows, columns), values)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A black pixel of the files is a 1 of the rows that are trained on, and the middle grey is a half.
    #[test]
    fn bytes_of_mnist_become_greys_once() {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in [
            (
                "train-images-idx3-ubyte",
                vec![0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 255, 51],
            ),
            ("train-labels-idx1-ubyte", vec![0, 0, 8, 1, 0, 0, 0, 1, 7]),
            (
                "t10k-images-idx3-ubyte",
                vec![0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 255],
            ),
            ("t10k-labels-idx1-ubyte", vec![0, 0, 8, 1, 0, 0, 0, 1, 3]),
        ] {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
        let set = greys(&mnist::load_from(folder.path()).unwrap());
        assert_eq!(set.train.as_slice().unwrap(), [1.0, 0.2]);
        assert_eq!(set.test.as_slice().unwrap(), [0.0, 1.0]);
    }

    #[test]
    fn a_file_with_a_hole_and_a_threshold_that_is_no_number_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("own.npy");
        let mut bytes = b"\x93NUMPY\x01\x00\x76\x00".to_vec();
        let head = "{'descr': '<f8', 'fortran_order': False, 'shape': (4, 1), }";
        bytes.extend(format!("{head:<117}\n").bytes());
        bytes.extend([0.0, 1.0, f64::NAN, 1.0].iter().flat_map(|v: &f64| v.to_le_bytes()));
        std::fs::write(&path, bytes).unwrap();
        let words = format!("--threshold 0.5 --data {}", path.display());
        let said =
            |words: &str| load(&Args::typed(words).unwrap()).err().map(|e| format!("{e:#}"));
        assert!(said(&words).unwrap().contains("row 2, column 0"), "{:?}", said(&words));
        assert!(said("--data digits --threshold nan").unwrap().contains("--threshold"));
    }
}
