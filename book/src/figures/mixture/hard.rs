//! Shares that become sure while the variance goes.
use super::*;
use latent::mixture::kmeans;

pub const FIGURE: Figure = Figure {
    name: "mixture.hard",
    caption: "Left: the share of the component at 1, on the line through two means at 0 and 1, with one standard deviation $s$ for both. Right: the petals of iris and the boundary that k-means ends with, where the nearest mean changes.",
    alt: "Left: three curves from zero to one; for s = 1 nearly straight, for s = 0.5 an S, for s = 0.1 a step at one half. Right: petals in three colours with a large dot at each mean; straight lines cut the plane between them.",
    draw,
};

fn draw() -> Result<Drawing> {
    let share = |s: f64| {
        let at = |i: i32| f64::from(i) * 0.01 - 0.5;
        let odds = move |x: f64| ((2.0 * x - 1.0) / (2.0 * s * s)).exp();
        (0..=200).map(|i| (at(i), odds(at(i)) / (1.0 + odds(at(i))))).collect::<Points>()
    };
    let left = Chart {
        x: "place x",
        y: "share of the mean at 1",
        size: (440, 380),
        legend: Corner::UpperLeft,
        marks: vec![
            (Mark::Line(share(1.0), Role::Model, 4), "s = 1"),
            (Mark::Line(share(0.5), Role::Other, 4), "s = 0.5"),
            (Mark::Line(share(0.1), Role::Third, 4), "s = 0.1"),
        ],
        ..Chart::default()
    };
    let x = iris().x.slice(s![.., 2..4]).to_owned();
    let (means, owner) = kmeans(x.view(), x.select(Axis(0), &[0, 50, 100]))?;
    let r = Array2::from_shape_fn((150, 3), |(i, k)| f64::from(owner[i] == k));
    let mut marks = shared(&x, &r);
    marks.push((Mark::Dots(points_of(means.view()), Role::Ink, 9), ""));
    marks.push((Mark::Pieces(borders(&means), Role::Ink, 3), ""));
    let right = Chart {
        x: "petal length, cm",
        y: "petal width, cm",
        size: (440, 380),
        marks,
        ..Chart::default()
    };
    Ok(Drawing::panels(vec![("Less and less doubt", left.svg()?), ("K-means", right.svg()?)]))
}

/// Where the nearest mean changes, in short pieces.
fn borders(means: &Array2<f64>) -> Vec<[(f64, f64); 2]> {
    let x: Vec<f64> = (0..=240).map(|i| 0.8 + 0.026 * f64::from(i)).collect();
    let y: Vec<f64> = (0..=120).map(|i| 0.022 * f64::from(i)).collect();
    let far =
        |x: f64, y: f64, k: usize| (x - means[[k, 0]]).powi(2) + (y - means[[k, 1]]).powi(2);
    let between = |a: usize, b: usize, c: usize| {
        let height = |(i, j): (usize, usize)| {
            let (x, y) = (x[j], y[i]);
            // Beyond the third mean's border there is none between these two.
            match far(x, y, c) < far(x, y, a).min(far(x, y, b)) {
                true => f64::NAN,
                false => far(x, y, a) - far(x, y, b),
            }
        };
        let heights = Array2::from_shape_fn((y.len(), x.len()), height);
        latent::plot::contours(
            Array1::from(x.clone()).view(),
            Array1::from(y.clone()).view(),
            heights.view(),
            0.0,
        )
    };
    [between(0, 1, 2), between(1, 2, 0), between(0, 2, 1)].concat()
}
