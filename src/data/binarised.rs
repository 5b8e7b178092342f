//! MNIST in black and white, drawn once and then fixed, so that likelihoods of different models can be compared.
//! `cargo run -- fetch binarised-mnist` puts it on the reader's disk.
use super::{idx, mnist::File};
use crate::error::{Error, Result};
use ndarray::Array2;
use std::path::{Path, PathBuf};

/// The three files as published: a line an image, 784 digits 0 or 1 apart by spaces.
pub const FILES: [File; 3] = [
    File {
        name: "binarized_mnist_train.amat",
        size: 78_400_000,
        sha256: "ad693b29f94c14277b095f5238ddefbbdaaae0939789dd2f4f0205278cee3e4d",
    },
    File {
        name: "binarized_mnist_valid.amat",
        size: 15_680_000,
        sha256: "1de3d397c40fe8eeb33dafd4099a1f665ec01e96d9be234aaeeac8a34930e2e2",
    },
    File {
        name: "binarized_mnist_test.amat",
        size: 15_680_000,
        sha256: "e6687bfea3f820c174f33b7865140b2a2dd2930ef786f35d45795fc193b5ab2c",
    },
];

/// Images as rows of 784 pixels, each 0 or 1.
#[derive(Clone, Debug)]
pub struct Binarised {
    /// 50,000 × 784.
    pub train: Array2<f64>,
    /// 10,000 × 784, to choose by.
    pub valid: Array2<f64>,
    /// 10,000 × 784, to report.
    pub test: Array2<f64>,
}

/// Where the set is looked for: `binarized_mnist` in [`super::home`].
pub fn folder() -> PathBuf {
    super::home().join("binarized_mnist")
}

/// Reads the set from [`folder`].
pub fn load() -> Result<Binarised> {
    load_from(&folder())
}

/// Reads the set from a folder with the three files, as published or in the IDX format, packed or not.
pub fn load_from(folder: &Path) -> Result<Binarised> {
    let [train, valid, test] = FILES.map(|file| part(folder, file.name));
    Ok(Binarised { train: train?, valid: valid?, test: test? })
}

fn part(folder: &Path, name: &str) -> Result<Array2<f64>> {
    let text = folder.join(name);
    if text.is_file() {
        let bytes = std::fs::read(&text).map_err(|e| Error::file(&text, e))?;
        return rows(&bytes).map_err(|why| Error::file(&text, why));
    }
    let stem = name.trim_end_matches(".amat");
    let forms = ["-images-idx3-ubyte.gz", "-images-idx3-ubyte"];
    let found = forms
        .map(|end| folder.join(format!("{stem}{end}")))
        .into_iter()
        .find(|p| p.is_file());
    let Some(path) = found else {
        return Err(Error::file(
            &text,
            "not found: `cargo run -- fetch binarised-mnist`, or set LATENT_DATA to the folder that holds binarized_mnist/",
        ));
    };
    let image = idx::read(&path)?;
    let pixels = image.bytes.iter().map(|&b| f64::from(b)).collect();
    table(pixels, image.sizes.first().copied().unwrap_or(0))
        .map_err(|why| Error::file(&path, why))
}

fn rows(text: &[u8]) -> std::result::Result<Array2<f64>, String> {
    let (mut pixels, mut images) = (Vec::with_capacity(text.len() / 2), 0);
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'0' => pixels.push(0.0),
            b'1' => pixels.push(1.0),
            b' ' | b'\r' => {}
            b'\n' => images += 1,
            other => {
                return Err(format!(
                    "byte {at} is {other}, and not 0, 1, a space or the end of a line"
                ));
            }
        }
    }
    table(pixels, images)
}

fn table(pixels: Vec<f64>, images: usize) -> std::result::Result<Array2<f64>, String> {
    if images == 0 {
        return Err("holds no images; fetch it again".into());
    }
    if pixels.iter().any(|p| *p != 0.0 && *p != 1.0) {
        return Err("holds greys, and this set is black and white".into());
    }
    let count = pixels.len();
    Array2::from_shape_vec((images, 784), pixels).map_err(|_| {
        format!("holds {count} pixels in {images} images of 784; fetch it again")
    })
}
