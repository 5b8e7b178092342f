//! One iteration as three bars: the bound and the gap add up to the evidence.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "em.bars",
    caption: "Two steps with two coins, in nats. The whole bar is the evidence, $\\log p(\\vec x\\mid\\theta)$. Its lower part is the bound, its upper part the gap, \
$\\mathrm{KL}(q\\,\\Vert\\,p(z\\mid\\vec x))$. An E step leaves the bar as it is and closes the gap. An M step raises the bound with $q$ held still, \
and the bar rises further than the bound: the old $q$ is not the posterior of the new coins.",
    alt: "Five bars. The first reaches minus 23.26, and its upper part is gap. The second has the same height and no gap. The third reaches minus 21.34, with a gap. The fourth has that height and no gap, and the fifth is a little higher with a small gap.",
    draw,
};

fn draw() -> Result<Drawing> {
    let (start, data) = ten_rows()?;
    let q0 = start.e_step(&data)?;
    let model = start.m_step(&data, &q0)?;
    let before = model.elbo(&data, &q0)?.nats();
    let (next, chain) = step(&model, &data)?;
    let then = step(&next, &data)?.1;
    let states = [
        (before, chain.old),
        (chain.old, chain.old),
        (chain.raised, chain.new),
        (then.old, then.old),
        (then.raised, then.new),
    ];
    let floor = -26.0;
    let place = |i: usize| (i as f64 + 0.65, i as f64 + 1.35);
    let (mut bound, mut gap, mut words) = (vec![], vec![], vec![]);
    for (i, (low, high)) in states.into_iter().enumerate() {
        bound.push([(place(i).0, floor), (place(i).1, low)]);
        gap.push([(place(i).0, low), (place(i).1, high)]);
        words.push(Mark::Words(
            i as f64 + 0.64,
            high + 0.45,
            format!("−{:.2}", -high),
            Role::Ink,
        ));
    }
    let mut marks = vec![
        (Mark::Blocks(bound, Role::Model), "bound"),
        (Mark::Blocks(gap, Role::Other), "gap"),
    ];
    marks.extend(words.into_iter().map(|w| (w, "")));
    let svg = Chart {
        x: "1: before E · 2, 4: after E · 3, 5: after M",
        y: "nats",
        size: (640, 400),
        legend: Corner::UpperLeft,
        marks,
        ..Chart::default()
    }
    .svg()?;
    Ok(Drawing::one(svg)
        .exact("em.bars.before", before)
        .exact("em.bars.old", chain.old)
        .exact("em.bars.raised", chain.raised)
        .exact("em.bars.new", chain.new)
        .exact("em.bars.m_gain", chain.raised - chain.old)
        .exact("em.bars.kl", chain.new - chain.raised)
        .exact("em.bars.gain", chain.new - chain.old))
}
