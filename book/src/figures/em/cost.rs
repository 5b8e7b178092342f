//! What a step costs, counted.
use super::*;
use latent::em::multiplications;

pub const FIGURE: Figure = Figure {
    name: "em.cost",
    caption: "Multiplications of one step, counted. Through the rows, a step grows with $N$; from moments it does not. In $D$ the moments grow faster, and lose \
where there are more columns than twice the rows. In $L$ both grow alike until $L$ nears $D/5$.",
    alt: "Three panels with logarithmic axes. Over the number of rows, one line rises and the other is level. Over the number of columns both rise, the moments more steeply, and they cross at two thousand columns. Over the number of factors both rise.",
    draw,
};

fn draw() -> Result<Drawing> {
    type Count = fn(f64) -> latent::em::Cost;
    let panels: [(&str, &str, Count, (f64, f64)); 3] = [
        ("D = 64, L = 5", "rows N", |n| multiplications(n, 64.0, 5.0), (2.0, 6.0)),
        ("N = 1000, L = 5", "columns D", |d| multiplications(1000.0, d, 5.0), (1.0, 4.0)),
        (
            "N = 100 000, D = 1000",
            "factors L",
            |l| multiplications(1e5, 1000.0, l),
            (0.0, 3.0),
        ),
    ];
    let mut drawing = Drawing::default();
    for (title, x, count, (low, high)) in panels {
        let line = |f: &dyn Fn(latent::em::Cost) -> f64| {
            let at = |t: f64| (t, f(count(10f64.powf(t))).log10());
            Array1::linspace(low, high, 41).iter().map(|&t| at(t)).collect::<Points>()
        };
        let marks = vec![
            (Mark::Line(line(&|c| c.rows), Role::Data, 4), "rows"),
            (Mark::Line(line(&|c| c.moments), Role::Model, 4), "moments"),
        ];
        let legend = if x == "rows N" { Corner::UpperLeft } else { Corner::LowerRight };
        let y = "multiplications";
        let size = (420, 380);
        let chart =
            Chart { x, y, size, log_x: true, log_y: true, marks, legend, ..Chart::default() };
        drawing.panels.push((title, chart.svg()?));
    }
    let (wine, huge) = (multiplications(178.0, 13.0, 2.0), multiplications(1e6, 64.0, 5.0));
    Ok(drawing
        .exact("em.cost.wine.rows", wine.rows)
        .exact("em.cost.wine.moments", wine.moments)
        .exact("em.cost.wine.once", wine.once)
        .exact("em.cost.wine.ratio", wine.rows / wine.moments)
        .exact("em.cost.huge.ratio", huge.rows / huge.moments)
        .exact("em.cost.huge.steps", huge.once / (huge.rows - huge.moments)))
}
