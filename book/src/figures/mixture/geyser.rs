//! 272 eruptions, and the two Gaussians that account for them.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "mixture.geyser",
    caption: "272 eruptions of Old Faithful {{cite azzalini1990}}: how long each lasted, and how long the next one kept its visitors waiting. Left as measured; right with the two Gaussians that EM finds, \
each drawn two standard deviations from its mean, and grey where neither has nine tenths of a row.",
    alt: "Left: a scatter of dots in two clumps, short eruptions with short waits and long ones with long waits. Right: the same dots in two colours, an ellipse round each clump, and a grey dot between them.",
    draw,
};

fn draw() -> Result<Drawing> {
    let x = &old_faithful().x;
    let start = Gaussians::around(x, array![[3.6, 79.0], [1.8, 54.0]], Kind::Full)?;
    let found = walk(start.clone(), x, 200)?;
    let one = Moments::of(x.view())?;
    let fixed = walk(Gaussians { learn_weights: false, ..start.clone() }, x, 200)?;
    let r = found.model.responsibilities(x)?;
    let doubt = r.rows().into_iter().filter(|r| r.iter().all(|v| *v <= 0.9)).count();
    let (first, second) = (&found.model, 1);
    let mut marks = shared(x, &r);
    marks.extend((0..2).map(|k| outline(first, k, 4)));
    let chart = |marks| Chart {
        x: "eruption, minutes",
        y: "wait, minutes",
        size: (440, 400),
        marks,
        ..Chart::default()
    };
    let bare = vec![(Mark::Dots(points_of(x.view()), Role::Data, 4), "")];
    let panels =
        vec![("As measured", chart(bare).svg()?), ("Whose is each?", chart(marks).svg()?)];
    Ok(Drawing::panels(panels)
        .exact("mixture.geyser.end", found.nats())
        .exact("mixture.geyser.start", found.trace[0].nats())
        .exact("mixture.geyser.fixed", fixed.nats())
        .exact("mixture.geyser.one", one.log_likelihood(one.covariance.view())?)
        .exact("mixture.geyser.doubt", doubt as f64)
        .exact("mixture.geyser.weight.long", first.weights[0])
        .exact("mixture.geyser.weight.short", first.weights[second])
        .exact("mixture.geyser.long", first.means[[0, 0]])
        .exact("mixture.geyser.short", first.means[[second, 0]])
        .exact("mixture.geyser.long.wait", first.means[[0, 1]])
        .exact("mixture.geyser.short.wait", first.means[[second, 1]])
        .exact("mixture.geyser.count.long", first.e_step(x)?.shares.counts[0]))
}
