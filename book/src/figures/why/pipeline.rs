//! Image, code, image: with the names of what each half says.
use super::*;
use crate::figures::vae;
use latent::plot::ellipse;
use ndarray::Array1;

pub const FIGURE: Figure = Figure {
    name: "why.pipeline",
    caption: "The way of an image through the variational autoencoder of chapter 7, with two numbers as its code. Left: three images. Middle: what the encoder says of each, a distribution over *codes*, drawn as the ellipse that holds 86 % of it, and three draws; the large circle holds as much of the prior. \
Right: what the decoder says of those draws, a distribution over *images*: for each pixel the probability that it is black.",
    alt: "Left: three small black and white digits in a column. Middle: a plane with a large circle around zero and three small ellipses in different places, each with three dots. Right: three rows of three soft grey digits, each row like the digit at its left.",
    draw,
};

fn draw() -> Result<Drawing> {
    let net = vae::net("digits-2")?;
    let digits = vae::digits();
    let rows: Vec<usize> = [0, 1, 6]
        .map(|c| digits.test_class.iter().position(|&k| k == c).unwrap_or(0))
        .to_vec();
    let x = digits.test.select(Axis(0), &rows);
    let codes = net.codes(x.view())?;
    let circle = |mean: [f64; 2], sd: Array1<f64>| {
        ellipse(mean, Array2::from_diag(&sd.mapv(|s| s * s)).view(), 2.0)
    };
    let roles = [Role::Data, Role::Model, Role::Other];
    let mut marks =
        vec![(Mark::Dashed(circle([0.0, 0.0], Array1::ones(2)), Role::Third, 3), "")];
    let mut images = vec![];
    for k in 0..3 {
        let (mean, sd) = (codes.mean.row(k), codes.sd.row(k).to_owned());
        let z = Array2::from_shape_fn((3, 2), |(i, l)| mean[l] + sd[l] * NOISE[i][l]);
        let dots = z.rows().into_iter().map(|r| (r[0], r[1])).collect();
        marks.push((Mark::Line(circle([mean[0], mean[1]], sd), roles[k], 4), ""));
        marks.push((Mark::Dots(dots, roles[k], 6), ""));
        images.push(net.images(z.view())?);
    }
    marks.push(words(-0.5, -2.35, "prior", Role::Third));
    let plane =
        Chart {
            x: "z₁", y: "z₂", size: (420, 400), equal: true, marks, ..Chart::default()
        };
    let one = |k: usize| x.slice(s![k..=k, ..]).mapv(f64::from);
    let inputs = [one(0), one(1), one(2)];
    let left: Vec<(&str, &Array2<f64>)> = inputs.iter().map(|x| ("", x)).collect();
    let right: Vec<(&str, &Array2<f64>)> = images.iter().map(|x| ("", x)).collect();
    Ok(Drawing::panels(vec![
        ("Images", strips(&left)?),
        ("q(z | x): laws of codes", plane.svg()?),
        ("p(x | z): laws of images", strips(&right)?),
    ])
    .by_training())
}

/// Three draws that lie well apart.
const NOISE: [[f64; 2]; 3] = [[0.9, 0.7], [-1.2, 0.3], [0.3, -1.1]];
