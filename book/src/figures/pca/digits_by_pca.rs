//! Ten digits, squeezed through L numbers and back, by PCA.
use super::*;
use latent::pca::{Origin, Pca};

pub const FIGURE: Figure = Figure {
    name: "pca.digits_by_pca",
    caption: "Ten digits that the fit has not seen, and what PCA makes of them through $L$ numbers. With one number all ten are the mean and a little of one direction.",
    alt: "Six rows of ten small images. The top row shows the digits 0 to 9. Below, with 1 number most look alike and grey; with 2 rings and strokes differ; with 5 some can be read, with 10 most, with 20 all, with a grey veil.",
    draw,
};

fn draw() -> Result<Drawing> {
    let (train, test) = digits_split();
    let fit = Pca::by_svd(train.view(), Origin::Mean)?;
    let ten = one_of_each(test.view(), 1500);
    let by = |l: usize| fit.keep(l)?.reconstruct(ten.view());
    let rows = [
        ("as written", ten.clone()),
        ("L = 1", by(1)?),
        ("L = 2", by(2)?),
        ("L = 5", by(5)?),
        ("L = 10", by(10)?),
        ("L = 20", by(20)?),
    ];
    Ok(Drawing::one(digit_rows(&rows)?))
}
