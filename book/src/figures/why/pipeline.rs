//! Image, code, image: with the names of what each half says.
use super::*;
use crate::figures::vae;
use latent::plot::ellipse;
use ndarray::Array1;

pub const FIGURE: Figure = Figure {
    name: "why.pipeline",
    caption: "The way of an image through the variational autoencoder of chapter 7, with two numbers as its code. Left: three images. Middle: what the encoder says of each, a distribution over *codes*, drawn as the ellipse that holds 86 % of it, and three codes chosen inside it: blue, orange and green in the order of the images; the dashed circle holds as much of the prior. \
Right: what the decoder says of those codes, each image's in one column: a distribution over *images*, for each pixel the probability that it is black.",
    alt: "Left: three small black and white digits in a row. Middle: a plane with a large dashed circle around zero and three small ellipses in different places, each with three dots. Right: three columns of three soft grey digits; each column is like one of the digits at the left, with small differences from row to row.",
    draw,
};

fn draw() -> Result<Drawing> {
    let net = vae::net("digits-2")?;
    let x = vae::digits().test;
    let rows = apart(&net.codes(x.view())?.mean);
    let x = x.select(Axis(0), &rows);
    let codes = net.codes(x.view())?;
    let circle = |mean: [f64; 2], sd: Array1<f64>| {
        ellipse(mean, Array2::from_diag(&sd.mapv(|s| s * s)).view(), 2.0)
    };
    let roles = [Role::Data, Role::Model, Role::Other];
    let mut marks =
        vec![(Mark::Dashed(circle([0.0, 0.0], Array1::ones(2)), Role::Third, 3), "")];
    for (k, role) in roles.into_iter().enumerate() {
        let (mean, sd) = (codes.mean.row(k), codes.sd.row(k).to_owned());
        let dots = NOISE.map(|e| (mean[0] + sd[0] * e[0], mean[1] + sd[1] * e[1])).to_vec();
        marks.push((Mark::Line(circle([mean[0], mean[1]], sd), role, 4), ""));
        marks.push((Mark::Dots(dots, role, 6), ""));
    }
    marks.push(words(-0.9, -0.25, "prior", Role::Third));
    let plane =
        Chart {
            x: "z₁", y: "z₂", size: (420, 400), equal: true, marks, ..Chart::default()
        };
    let mut draws = vec![];
    for e in NOISE {
        let noise = Array2::from_shape_fn((3, 2), |(_, l)| e[l]);
        draws.push(net.images((&codes.mean + &(noise * &codes.sd)).view())?);
    }
    let right: Vec<(&str, &Array2<f64>)> = draws.iter().map(|x| ("", x)).collect();
    Ok(Drawing::panels(vec![
        ("Images", strips(&[("", &x.mapv(f64::from))])?),
        ("q(z | x): laws of codes", plane.svg()?),
        ("p(x | z): laws of images", strips(&right)?),
    ])
    .by_training())
}

/// Three draws that lie well apart.
const NOISE: [[f64; 2]; 3] = [[0.9, 0.7], [-1.2, 0.3], [0.3, -1.1]];

/// The first row, and two whose codes lie far from it and from each other; none far out.
fn apart(means: &Array2<f64>) -> Vec<usize> {
    let far = |i: usize, j: usize| {
        (means[[i, 0]] - means[[j, 0]]).hypot(means[[i, 1]] - means[[j, 1]])
    };
    let inside: Vec<usize> =
        (0..means.nrows()).filter(|&i| means[[i, 0]].hypot(means[[i, 1]]) < 1.7).collect();
    let mut found = vec![inside.first().copied().unwrap_or(0)];
    while found.len() < 3 {
        let least = |i: usize| found.iter().map(|&j| far(i, j)).fold(f64::INFINITY, f64::min);
        let next = inside.iter().copied().max_by(|&i, &j| least(i).total_cmp(&least(j)));
        found.push(next.unwrap_or(0));
    }
    found
}
