//! The same digits, by networks of the same code size.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "pca.digits_by_network",
    caption: "The same ten digits through autoencoders with 64 tanh units on either side of the code. With two numbers most of the ten can be read.",
    alt: "Six rows of ten small images: the digits 0 to 9, then what networks make of them. With 1 number blurred but digit-like shapes, with 2 most are readable, with 5 all but the 8, and all are sharper than by PCA.",
    draw,
};

fn draw() -> Result<Drawing> {
    let (train, test) = digits_split();
    let ten = one_of_each(test.view(), 1500);
    let rows = [
        ("as written", ten.clone()),
        ("L = 1", through::<1>(&train, &ten)?),
        ("L = 2", through::<2>(&train, &ten)?),
        ("L = 5", through::<5>(&train, &ten)?),
        ("L = 10", through::<10>(&train, &ten)?),
        ("L = 20", through::<20>(&train, &ten)?),
    ];
    Ok(Drawing::one(digit_rows(&rows)?).by_training())
}

fn through<const L: usize>(train: &Array2<f64>, ten: &Array2<f64>) -> Result<Array2<f64>> {
    ae::reconstruct(&digit_net::<L>(train.view())?, ten.view(), &Cpu::default())
}
