//! Two moons: as they are, and as the last hidden layer sees them before and after training.
use super::*;
use latent::why::features::{Moons, Net, best_line, two_moons};

pub const FIGURE: Figure = Figure {
    name: "why.moons",
    caption: "Two classes of points, and the two values of a classifier's last hidden layer for the same points. Left: as measured; the best of all straight lines has {{number why.moons.raw 1%}} of new points on the right side. \
Middle: behind a fresh network, {{number why.moons.before 1%}}. Right: after training, {{number why.moons.after 1%}}.",
    alt: "Three scatter plots in two colours. Left: two half moons that reach into each other. Middle: the same, squeezed and turned, still entangled. Right: one colour in the lower left corner, the other along the right side, most of it in the upper and the lower corner; a straight line between the two has room.",
    draw,
};

fn draw() -> Result<Drawing> {
    let (seen, new) = (two_moons(300, 0.1, &mut rng(1)), two_moons(2000, 0.1, &mut rng(2)));
    let fresh = Net::new(16, &mut rng(3));
    let net = fresh.trained(seen.x.view(), &seen.class, 800, 0.3)?;
    let share = |net: &Net| best_line(net.features(new.x.view())?.view(), &new.class);
    let panels = vec![
        ("As measured", panel(&seen, &seen.x, ["x₁", "x₂"])?),
        (
            "Before training",
            panel(&seen, &fresh.features(seen.x.view())?, ["unit 1", "unit 2"])?,
        ),
        ("After", panel(&seen, &net.features(seen.x.view())?, ["unit 1", "unit 2"])?),
    ];
    Ok(Drawing::panels(panels)
        .exact("why.moons.raw", best_line(new.x.view(), &new.class)?)
        .exact("why.moons.before", share(&fresh)?)
        .trained("why.moons.after", share(&net)?))
}

fn panel(moons: &Moons, x: &Array2<f64>, [across, up]: [&'static str; 2]) -> Result<Svg> {
    let of = |c: usize| {
        let rows = x.rows().into_iter().zip(&moons.class);
        rows.filter(|(_, k)| **k == c).map(|(r, _)| (r[0], r[1])).collect()
    };
    let marks =
        vec![(Mark::Dots(of(0), Role::Data, 6), ""), (Mark::Dots(of(1), Role::Model, 6), "")];
    Chart { x: across, y: up, size: (400, 360), marks, ..Chart::default() }.svg()
}
