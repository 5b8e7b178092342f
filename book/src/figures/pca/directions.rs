//! The columns of W as images.
use super::*;
use latent::pca::{Origin, Pca};
use latent::plot::{Picture, images};

pub const FIGURE: Figure = Figure {
    name: "pca.directions",
    caption: "PCA's dictionary: the mean digit, and the first ten columns of $\\mat W$ as images. With a positive code orange adds ink and blue takes it away; a negative code swaps them. \
A digit is the mean plus so much of each.",
    alt: "Two rows of small images. Above, one grey blur, the mean of all digits. Below, ten patterns of orange and blue patches, coarse at first and finer to the right.",
    draw,
};

fn draw() -> Result<Drawing> {
    let (train, _) = digits_split();
    let fit = Pca::by_svd(train.view(), Origin::Mean)?.keep(10)?;
    let mean = fit.mean.clone().insert_axis(Axis(0));
    let columns = fit.w.t().to_owned();
    let rows = [
        Picture { name: "mean".into(), pixels: mean.view(), ink: 1.0, signed: false },
        Picture { name: "columns".into(), pixels: columns.view(), ink: 0.35, signed: true },
    ];
    Ok(Drawing::one(images(&rows, 8)?))
}
