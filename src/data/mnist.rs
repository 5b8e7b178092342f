//! MNIST from the reader's own disk. `cargo run -- fetch mnist` puts it there.
use super::idx;
use crate::error::{Error, Result};
use ndarray::Array2;
use std::path::{Path, PathBuf};

/// One file of the set: its name, packed size and SHA-256 as published.
#[derive(Clone, Copy, Debug)]
pub struct File {
    /// The published name.
    pub name: &'static str,
    /// Bytes, packed.
    pub size: u64,
    /// Of the packed file, in hexadecimal.
    pub sha256: &'static str,
}

/// The four files, training set first, images before labels.
pub const FILES: [File; 4] = [
    File {
        name: "train-images-idx3-ubyte.gz",
        size: 9_912_422,
        sha256: "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    },
    File {
        name: "train-labels-idx1-ubyte.gz",
        size: 28_881,
        sha256: "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    },
    File {
        name: "t10k-images-idx3-ubyte.gz",
        size: 1_648_877,
        sha256: "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    },
    File {
        name: "t10k-labels-idx1-ubyte.gz",
        size: 4_542,
        sha256: "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    },
];

/// Images as rows of 784 grey values between 0 and 1, and their labels.
#[derive(Clone, Debug)]
pub struct Mnist {
    /// 60,000 × 784.
    pub train: Array2<f64>,
    /// 10,000 × 784.
    pub test: Array2<f64>,
    /// 60,000 digits.
    pub train_class: Vec<usize>,
    /// 10,000 digits.
    pub test_class: Vec<usize>,
}

/// Where the set is looked for: `$LATENT_DATA/mnist`, else `latent-book/mnist` in the user's cache folder.
pub fn folder() -> PathBuf {
    super::home().join("mnist")
}

/// Reads the set from [`folder`].
pub fn load() -> Result<Mnist> {
    load_from(&folder())
}

/// Reads the set from a folder that holds the four files, packed or not.
pub fn load_from(folder: &Path) -> Result<Mnist> {
    let [train_images, train_labels, test_images, test_labels] = FILES.map(|f| f.name);
    let (train, train_class) = part(folder, train_images, train_labels)?;
    let (test, test_class) = part(folder, test_images, test_labels)?;
    Ok(Mnist { train, test, train_class, test_class })
}

fn part(folder: &Path, images: &str, labels: &str) -> Result<(Array2<f64>, Vec<usize>)> {
    let (image_path, label_path) = (find(folder, images)?, find(folder, labels)?);
    let (image, label) = (idx::read(&image_path)?, idx::read(&label_path)?);
    let [n, rows, columns] = image.sizes[..] else {
        return Err(Error::file(
            image_path,
            format!("has {} axes, and images have 3", image.sizes.len()),
        ));
    };
    if label.sizes != [n] {
        return Err(Error::file(
            label_path,
            format!("holds {:?} labels for {n} images", label.sizes),
        ));
    }
    let grey = image.bytes.iter().map(|&b| f64::from(b) / 255.0).collect();
    let x = Array2::from_shape_vec((n, rows * columns), grey)
        .map_err(|e| Error::file(image_path, e))?;
    Ok((x, label.bytes.iter().map(|&b| usize::from(b)).collect()))
}

fn find(folder: &Path, name: &str) -> Result<PathBuf> {
    let packed = folder.join(name);
    let plain = folder.join(name.trim_end_matches(".gz"));
    let missing = || {
        Error::file(
            &packed,
            "not found: `cargo run -- fetch mnist`, or set LATENT_DATA to the folder that holds mnist/",
        )
    };
    [&packed, &plain].into_iter().find(|p| p.is_file()).cloned().ok_or_else(missing)
}
