//! The bar as small multiples: five guesses at one flower.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "elbo.guesses",
    caption: "Five guesses at the species of one flower, and the bar of each. Guess 1 is the posterior. 2: versicolor and virginica, half and half. 3: versicolor for sure. 4: virginica for sure. \
5: the posterior, but for one per cent that goes to setosa. The top is $\\log p(x)$ = {{number elbo.flower.log_evidence 3}} for all; over each bar stands its gap in nats.",
    alt: "Five bars of one height, each divided into a bound below and a gap on top. The gaps are 0, 0.02, 0.50, 0.93 and 1.82 nats.",
    draw,
};

fn draw() -> Result<Drawing> {
    let hidden = flower()?;
    let p = hidden.log_posterior().mapv(f64::exp);
    let guesses = [
        p.to_vec(),
        vec![0.0, 0.5, 0.5],
        vec![0.0, 1.0, 0.0],
        vec![0.0, 0.0, 1.0],
        vec![0.01, 0.99 * p[1], 0.99 * p[2]],
    ];
    let (top, floor) = (hidden.log_evidence(), -4.0);
    let (mut marks, mut numbers) = (vec![], vec![]);
    for (i, q) in (1..).zip(&guesses) {
        let bound = hidden.elbo(&logs(q)).nats();
        let at = f64::from(i);
        marks.extend(stack(at, 0.36, floor, bound, top));
        marks.push(words(
            at - 0.24,
            top + 0.3,
            format!("{:.2}", (top - bound).abs()),
            Role::Other,
        ));
        numbers.push((format!("elbo.guess.{i}.gap"), top - bound));
        numbers.push((format!("elbo.guess.{i}.bound"), bound));
    }
    marks.push(line(vec![(0.55, top), (5.45, top)], Role::Ink, 3));
    marks.push(words(1.62, floor + 0.45, "bound", Role::Ink));
    let svg =
        Chart { x: "guess", y: "nats", size: (640, 380), marks, ..Chart::default() }.svg()?;
    Ok(numbers.into_iter().fold(Drawing::one(svg), |d, (key, value)| d.exact(key, value)))
}
