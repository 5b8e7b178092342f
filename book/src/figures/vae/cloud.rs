//! Figures on the plane of the codes.
use super::*;
use ::latent::gaussian::LN_2PI;
use ::latent::pca::{Origin, Pca};
use ::latent::plot::{Chart, Mark, Role, points_of};
use ::latent::vae::latent::neighbours;
use ndarray::Axis;

/// In the order of the pages.
pub const FIGURES: &[&Figure] = &[&CLOUD, &AXES];

const CLOUD: Figure = Figure {
    name: "vae.cloud",
    caption: "Test digits in the plane of a code of two numbers: the encoder's means, coloured by what each image shows. The network was never told.",
    alt: "Two scatter plots of one plane. In the first the digits 0 to 4, in the second 5 to 9, each digit mostly in a patch of its own, with some overlap.",
    draw: cloud,
};

const ROLES: [Role; 5] = [Role::Data, Role::Model, Role::Other, Role::Third, Role::Ink];

fn cloud() -> Result<Drawing> {
    let (net, d) = (net("digits-2")?, super::digits());
    let (known, new) = (net.codes(d.train.view())?, net.codes(d.test.view())?);
    let names = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
    let chart = |from: usize| {
        let of = |k: usize| {
            let rows: Vec<usize> = (0..297).filter(|&i| d.test_class[i] == k).collect();
            (
                Mark::Dots(
                    points_of(new.mean.select(Axis(0), &rows).view()),
                    ROLES[k - from],
                    5,
                ),
                names[k],
            )
        };
        // The corners are there so that both panels show the same piece of the plane.
        let corners = vec![(-2.6, -2.4), (3.8, 3.0)];
        let mut marks = vec![(Mark::Dots(corners, Role::Faint, 0), "")];
        marks.extend((from..from + 5).map(of));
        let size = (460, 400);
        Chart { x: "z₁", y: "z₂", size, equal: true, marks, ..Chart::default() }.svg()
    };
    let right = |known: &Array2<f64>, x: &Array2<f64>| -> Result<f64> {
        let found = neighbours(known.view(), &d.class, x.view(), 5)?;
        let hits = found.iter().zip(&d.test_class).filter(|(a, b)| a == b).count();
        Ok(hits as f64 / 297.0)
    };
    let (x, y) = (d.train.mapv(f64::from), d.test.mapv(f64::from));
    let plane = Pca::by_svd(x.view(), Origin::Mean)?.keep(2)?;
    let by_plane = right(&plane.encode(x.view())?, &plane.encode(y.view())?)?;
    let drawing = Drawing::panels(vec![("0 to 4", chart(0)?), ("5 to 9", chart(5)?)]);
    Ok(drawing
        .trained("vae.cloud.codes", right(&known.mean, &new.mean)?)
        .exact("vae.cloud.plane", by_plane)
        .exact("vae.entropy.gaussian", 0.5 * (1.0 + LN_2PI))
        .exact("vae.entropy.logistic", 2.0 + (3f64.sqrt() / std::f64::consts::PI).ln())
        .exact("vae.entropy.laplace", 1.0 + 0.5 * 2f64.ln())
        .exact("vae.entropy.uniform", 0.5 * 12f64.ln()))
}

const AXES: Figure = Figure {
    name: "vae.axes",
    caption: "What the decoder makes of places along each axis of the plane, from −2 to 2, while the other number is 0.",
    alt: "Two rows of eleven small grey images of digits that change shape step by step: above from a 7 through an 8 and a 0 to a 6, below from a 3 through an 8 to a 4.",
    draw: axes,
};

fn axes() -> Result<Drawing> {
    let net = net("digits-2")?;
    let along = |axis: usize| {
        let z = Array2::from_shape_fn((11, 2), |(i, l)| {
            if l == axis { i as f64 * 0.4 - 2.0 } else { 0.0 }
        });
        net.images(z.view())
    };
    let (first, second) = (along(0)?, along(1)?);
    let images = strips(&[("along z₁", &first, 1.0), ("along z₂", &second, 1.0)])?;
    Ok(Drawing::one(images).by_training())
}
