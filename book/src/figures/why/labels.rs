//! Twenty labels, and what 780 digits without labels do for them.
use super::*;
use latent::data::digits;
use latent::pca::{Origin, Pca};
use latent::why::few_labels::{accuracy, pick};
use latent::why::roll::unroll;

pub const FIGURE: Figure = Figure {
    name: "why.labels",
    caption: "Eight hundred digits, of which two of each kind have a label. Each of the others is named after its nearest label. One dot for each of twenty draws of the labels, and their mean. \
The distance is taken between images, between their codes along PCA's first ten directions, or between ten coordinates found by walking from image to image.",
    alt: "Three columns of twenty dots, the share of digits named right. Pixels and PCA directions lie side by side at about three quarters; the third column lies well above, its lowest dots level with the highest of the others.",
    draw,
};

fn draw() -> Result<Drawing> {
    let x = digits().x.slice(s![..800, ..]).mapv(|v| v / 16.0);
    let class = &digits().class[..800];
    let straight = Pca::by_svd(x.view(), Origin::Mean)?.keep(10)?.encode(x.view())?;
    let along = unroll(x.view(), 6, 10)?;
    let (mut r, mut dots, mut sums) = (rng(13), [vec![], vec![], vec![]], [0.0; 3]);
    for draw in 0..20 {
        let labelled = pick(class, 2, &mut r)?;
        for (k, x) in [&x, &straight, &along].into_iter().enumerate() {
            let share = accuracy(x.view(), class, &labelled)?;
            dots[k].push((k as f64 - 0.19 + 0.02 * f64::from(draw), share));
            sums[k] += share / 20.0;
        }
    }
    let wins = dots[2].iter().zip(&dots[0]).filter(|(a, b)| a.1 > b.1).count();
    let means =
        (0..3).map(|k| [(k as f64 - 0.3, sums[k]), (k as f64 + 0.3, sums[k])]).collect();
    let [raw, straight, along] = dots;
    let chart = Chart {
        x: "distance between",
        y: "share named right",
        size: (640, 360),
        names: ["pixels", "PCA codes", "walked codes"].map(String::from).to_vec(),
        marks: vec![
            (Mark::Dots(raw, Role::Data, 6), ""),
            (Mark::Dots(straight, Role::Other, 6), ""),
            (Mark::Dots(along, Role::Model, 6), ""),
            (Mark::Pieces(means, Role::Ink, 3), ""),
        ],
        ..Chart::default()
    };
    Ok(Drawing::one(chart.svg()?)
        .exact("why.labels.pixels", sums[0])
        .exact("why.labels.straight", sums[1])
        .exact("why.labels.along", sums[2])
        .exact("why.labels.wins", wins as f64))
}
