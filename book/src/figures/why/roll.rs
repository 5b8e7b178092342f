//! A rolled sheet from the side, and laid flat.
use super::*;
use latent::data::swiss_roll;
use latent::pca::{Origin, Pca};
use latent::why::roll::{spearman, unroll};

pub const FIGURE: Figure = Figure {
    name: "why.roll",
    caption: "Points on a rolled sheet, in four colours along it. Left: from the side. Right: two coordinates computed from the points alone, by walking from each to its nearest neighbours and measuring walks in place of straight distances.",
    alt: "Left: a spiral of points whose colour changes along it four times. Right: a long rectangle of points in which the four colours stand side by side as bands.",
    draw,
};

fn draw() -> Result<Drawing> {
    use std::f64::consts::PI;
    let roll = swiss_roll(700, 0.2, &mut rng(4));
    let flat = unroll(roll.x.view(), 5, 2)?;
    let shadow = Pca::by_svd(roll.x.view(), Origin::Mean)?.encode(roll.x.view())?;
    let mut best = 0f64;
    for code in shadow.columns() {
        best = best.max(spearman(code, roll.t.view())?.abs());
    }
    let folded = unroll(roll.x.view(), 6, 2)?;
    let band = |i: usize| (((roll.t[i] - 1.5 * PI) / (3.0 * PI) * 4.0) as usize).min(3);
    let side = panel(["x₁", "x₃"], &|i| (roll.x[[i, 0]], roll.x[[i, 2]]), &band, 700)?;
    let sheet = panel(["z₁", "z₂"], &|i| (flat[[i, 0]], flat[[i, 1]]), &band, 700)?;
    Ok(Drawing::panels(vec![("From the side", side), ("Laid flat", sheet)])
        .exact("why.roll.along", spearman(flat.column(0), roll.t.view())?.abs())
        .exact("why.roll.across", spearman(flat.column(1), roll.h.view())?.abs())
        .exact("why.roll.folded", spearman(folded.column(1), roll.h.view())?.abs())
        .exact("why.roll.shadow", best))
}

fn panel(
    [x, y]: [&'static str; 2],
    at: &dyn Fn(usize) -> (f64, f64),
    band: &dyn Fn(usize) -> usize,
    n: usize,
) -> Result<Svg> {
    let roles = [Role::Data, Role::Model, Role::Other, Role::Third];
    let dots = |b: usize| (0..n).filter(|&i| band(i) == b).map(at).collect();
    let marks = (0..4).map(|b| (Mark::Dots(dots(b), roles[b], 4), "")).collect();
    Chart { x, y, size: (440, 346), equal: true, marks, ..Chart::default() }.svg()
}
