//! Ten rows of tosses, and the heads that each coin is credited with.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "em.coins",
    caption: "Ten rows of ten tosses. Left: the heads that were seen. Middle: the same heads shared out between two coins, \
which are believed to show heads 60 % and 50 % of the time; no row is sure whose it is. The lower part is the first coin's. Right: shared out by the coins that EM ends with.",
    alt: "Three bar charts over the same ten rows, with 9, 4, 8, 3, 7, 5, 9, 2, 8 and 4 heads. In the middle one both coins have a part of every bar, the first from a fifth of the shortest to four fifths of the tallest. In the right one tall bars belong to the first coin and short bars to the second, nearly whole; the row with 5 is mostly the second's.",
    draw,
};

fn draw() -> Result<Drawing> {
    let (start, data) = ten_rows()?;
    let end = walk(start.clone(), &data, 200)?;
    let q = start.e_step(&data)?;
    let (first, chain) = step(&start, &data)?;
    let seen = (1..).zip(&data).map(|(i, &h)| (f64::from(i), h)).collect::<Points>();
    let seen = vec![(Mark::Bars(seen, Role::Data), "")];
    let panels = vec![
        ("Seen", chart(seen)?),
        ("First E step", chart(shared(&q, &data))?),
        ("Last E step", chart(shared(&end.model.e_step(&data)?, &data))?),
    ];
    let mut drawing = Drawing::panels(panels)
        .exact("em.coins.start.nats", chain.old)
        .exact("em.coins.first.nats", chain.new)
        .exact("em.coins.end.nats", end.nats())
        .exact("em.coins.q.9", q[[0, 0]])
        .exact("em.coins.q.2", q[[7, 0]])
        .exact("em.coins.rows.a", q.column(0).sum())
        .exact("em.coins.heads.a", q.column(0).dot(&data))
        .exact("em.coins.end.q.5", end.model.e_step(&data)?[[5, 0]]);
    for (k, name) in ["a", "b"].into_iter().enumerate() {
        drawing = drawing
            .exact(format!("em.coins.first.{name}"), first.heads[k])
            .exact(format!("em.coins.end.{name}"), end.model.heads[k]);
    }
    Ok(drawing)
}

fn chart(marks: Vec<(Mark, &'static str)>) -> Result<latent::plot::Svg> {
    Chart { x: "row", y: "heads", size: (420, 330), marks, ..Chart::default() }.svg()
}

/// The heads of each row: the first coin's share below, the second's above it.
fn shared(q: &Array2<f64>, data: &Array1<f64>) -> Vec<(Mark, &'static str)> {
    let place = |i: usize| (i as f64 + 0.6, i as f64 + 1.4);
    let mine = |i: usize| q[[i, 0]] * data[i];
    let first = (0..10).map(|i| [(place(i).0, 0.0), (place(i).1, mine(i))]).collect();
    let second = (0..10).map(|i| [(place(i).0, mine(i)), (place(i).1, data[i])]).collect();
    vec![(Mark::Blocks(first, Role::Model), ""), (Mark::Blocks(second, Role::Other), "")]
}
