//! A rolled sheet, flattened by PCA.
use super::*;
use latent::data::swiss_roll;
use latent::pca::{Origin, Pca};
use latent::plot::{Chart, Mark, Role, Svg};

pub const FIGURE: Figure = Figure {
    name: "pca.roll",
    caption: "A sheet rolled up in three dimensions, its points coloured in four bands along it. Left: its two coordinates, angle and height, which are known because we drew them. \
Right: its first two codes by PCA, a shadow of the roll seen across its axis: $z_1$ is close to the height, $z_2$ is one direction across. Bands that are far apart on the sheet fall on one another.",
    alt: "Left: four upright bands of points side by side. Right: the same points fill a rectangle in which the bands lie over one another; only the outer edges of the last two stand alone.",
    draw,
};

fn draw() -> Result<Drawing> {
    use std::f64::consts::PI;
    let roll = swiss_roll(900, 0.2, &mut rng(4));
    let z = Pca::by_svd(roll.x.view(), Origin::Mean)?.keep(2)?.encode(roll.x.view())?;
    let band = |i: usize| (((roll.t[i] - 1.5 * PI) / (3.0 * PI) * 4.0) as usize).min(3);
    let rank = |t: f64| t / PI;
    let sheet = panel(
        "angle along the roll, π",
        "height",
        |i| (rank(roll.t[i]), roll.h[i]),
        &band,
        roll.t.len(),
        false,
    )?;
    let shadow = panel("z₁", "z₂", |i| (z[[i, 0]], z[[i, 1]]), &band, roll.t.len(), true)?;
    Ok(Drawing::panels(vec![("The sheet", sheet), ("Its first two codes by PCA", shadow)]))
}

fn panel(
    x: &'static str,
    y: &'static str,
    at: impl Fn(usize) -> (f64, f64),
    band: &dyn Fn(usize) -> usize,
    n: usize,
    equal: bool,
) -> Result<Svg> {
    let roles = [Role::Data, Role::Model, Role::Other, Role::Third];
    let marks = (0..4)
        .map(|b| {
            (Mark::Dots((0..n).filter(|&i| band(i) == b).map(&at).collect(), roles[b], 5), "")
        })
        .collect();
    Chart { x, y, size: (440, 346), equal, marks, ..Chart::default() }.svg()
}
