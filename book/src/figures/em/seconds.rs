//! What a step costs, measured: the table that `benches cost` wrote.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "em.seconds",
    caption: "The same, measured on two cores: medians of nine, written by `cargo run -p benches -- cost`. Dots in one panel differ in one number only. \
The moments are computed once for a fit, and a step is taken hundreds of times.",
    alt: "Three panels with logarithmic axes, seconds upwards. Over the rows, a step through the rows and the moments rise along straight lines, and a step from moments stays level near a ten-thousandth of a second. Over the columns all three rise; over the factors a step from moments stays below the other two, some ten times or more up to twenty factors.",
    draw,
};

/// N, D, L, and the seconds of the moments, of a step from them, and of a step through the rows.
fn table() -> Vec<[f64; 6]> {
    let text = include_str!("../../../../benches/em_cost.csv");
    let numbers = |line: &str| {
        let mut row = [f64::NAN; 6];
        row.iter_mut()
            .zip(line.split(','))
            .for_each(|(r, v)| *r = v.parse().unwrap_or(f64::NAN));
        row
    };
    text.lines().skip(2).map(numbers).collect()
}

fn draw() -> Result<Drawing> {
    let rows = table();
    let mut drawing = Drawing::default();
    for (title, x, column, fixed) in [
        ("D = 64, L = 10", "rows N", 0, [(1, 64.0), (2, 10.0)]),
        ("N = 4000, L = 10", "columns D", 1, [(0, 4000.0), (2, 10.0)]),
        ("N = 4000, D = 256", "factors L", 2, [(0, 4000.0), (1, 256.0)]),
    ] {
        let of = |what: usize| -> Points {
            let here = rows.iter().filter(|r| fixed.iter().all(|&(j, v)| r[j] == v));
            here.map(|r| (r[column].log10(), r[what].log10())).collect()
        };
        let marks = vec![
            (Mark::Dots(of(5), Role::Data, 7), "step, rows"),
            (Mark::Dots(of(4), Role::Model, 7), "step, moments"),
            (Mark::Dots(of(3), Role::Third, 5), "moments, once"),
        ];
        let legend = if column == 0 { Corner::UpperLeft } else { Corner::LowerRight };
        let marks = if column == 0 { marks } else { unnamed(marks) };
        let (y, size) = ("seconds", (420, 380));
        let chart =
            Chart { x, y, size, log_x: true, log_y: true, marks, legend, ..Chart::default() };
        drawing.panels.push((title, chart.svg()?));
    }
    let most = rows.iter().find(|r| r[0] == 64_000.0).copied().unwrap_or([f64::NAN; 6]);
    Ok(drawing
        .exact("em.seconds.moments", 1e3 * most[3])
        .exact("em.seconds.step", 1e3 * most[4])
        .exact("em.seconds.rows", 1e3 * most[5])
        .exact("em.seconds.ratio", most[5] / most[4]))
}

/// The same layers without a legend.
fn unnamed(marks: Vec<(Mark, &'static str)>) -> Vec<(Mark, &'static str)> {
    marks.into_iter().map(|(mark, _)| (mark, "")).collect()
}
