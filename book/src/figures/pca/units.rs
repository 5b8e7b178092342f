//! One noisy column takes the first direction.
use super::*;
use latent::data::noisy_axis;
use latent::pca::{Origin, Pca};
use latent::plot::{Chart, Mark, Role};

pub const FIGURE: Figure = Figure {
    name: "pca.units",
    caption: "Three columns: two share a factor, the third is noise and nothing else. While the noise is quiet, its column has no part in the \
first direction. Where its variance passes that of the shared direction, at a standard deviation of {{number pca.units.switch 2}}, it takes the \
whole of it: PCA follows variance, whatever the variance is of. A change of units does the same.",
    alt: "Two curves over the standard deviation of the noise from 0.1 to 4. Up to 1.4 the shared columns' entries are 0.7 and the noisy one's is 0. There they change places at once: above, the noisy column's entry is 1.",
    draw,
};

fn draw() -> Result<Drawing> {
    let (mut shared, mut noisy) = (vec![], vec![]);
    for step in 2..=80 {
        let sd = f64::from(step) * 0.05;
        let w =
            Pca::by_svd(noisy_axis(2000, sd, &mut rng(3)).view(), Origin::Mean)?.keep(1)?.w;
        shared.push((sd, w[[0, 0]].abs()));
        noisy.push((sd, w[[2, 0]].abs()));
    }
    let marks = vec![
        (Mark::Line(shared, Role::Data, 4), ""),
        (Mark::Line(noisy, Role::Model, 4), ""),
        (Mark::Words(0.12, 0.79, "a shared column".into(), Role::Data), ""),
        (Mark::Words(1.7, 0.95, "the noisy column".into(), Role::Model), ""),
    ];
    Ok(Drawing::one(
        Chart {
            x: "standard deviation of the noise",
            y: "size of its entry in w",
            marks,
            ..Chart::default()
        }
        .svg()?,
    )
    // The shared direction has variance 2 for the factor and 0.09 for the noise of its own columns.
    .exact("pca.units.switch", 2.09f64.sqrt()))
}
