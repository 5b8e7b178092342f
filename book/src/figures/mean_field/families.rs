//! Four families for one posterior, from a point to a mixture.
use super::*;
use latent::gaussian::{log_density, log_sum_exp};

pub const FIGURE: Figure = Figure {
    name: "mean_field.families",
    caption: "One posterior with two tilted hills, and the best member of four families, by $\\mathrm{KL}(q\\,\\Vert\\,p)$. A point knows a place and no width; its divergence is infinite everywhere, and it stands where $p$ is highest. A product has widths and no tilt. \
A full Gaussian has the tilt and one hill. A mixture has both hills. Each family contains a copy of the one before, and each gap is smaller.",
    alt: "Four panels with the same two tilted hills as level lines. In the first, a dot on one hill; in the second, a small circle there; in the third, a tilted ellipse along that hill; in the fourth, an ellipse along each.",
    draw,
};

const AT: [[f64; 2]; 2] = [[-1.5, 1.5], [1.5, -1.5]];

/// log p at each place of a square grid, row by row.
fn log_p(axis: &Array1<f64>) -> Result<Array2<f64>> {
    let n = axis.len();
    let places =
        Array2::from_shape_fn((n * n, 2), |(i, j)| axis[if j == 0 { i % n } else { i / n }]);
    let target = Target::pair(0.9)?;
    let peak = |k: usize| {
        log_density(
            places.view(),
            Array1::from(AT[k].to_vec()).view(),
            target.covariance.view(),
        )
    };
    let (a, b) = (peak(0)?, peak(1)?);
    Ok(Array2::from_shape_fn((n, n), |(i, j)| {
        let at = i * n + j;
        log_sum_exp(&[a[at], b[at]]) - 2f64.ln()
    }))
}

fn draw() -> Result<Drawing> {
    let target = Target::pair(0.9)?;
    let axis = Array1::linspace(-4.2, 4.2, 85);
    let heights = log_p(&axis)?;
    let top = heights.fold(f64::NEG_INFINITY, |m, v| m.max(*v));
    let mut level = vec![];
    for depth in [0.1, 0.5, 1.1, 2.0, 3.1, 4.5] {
        level.extend(contours(axis.view(), axis.view(), heights.view(), top - depth));
    }
    let level = Mark::Pieces(level, Role::Data, 2);
    let on = |k: usize| ellipse(AT[k], target.covariance.view(), 1.5);
    let narrow = Product { mean: Array1::from(AT[0].to_vec()), ..target.reverse() };
    let chart = |marks: Vec<Mark>| {
        let mut all = vec![(level.clone(), "")];
        all.extend(marks.into_iter().map(|m| (m, "")));
        Chart { size: (400, 380), equal: true, marks: all, ..Chart::default() }.svg()
    };
    let line = |p: Points| Mark::Line(p, Role::Model, 5);
    let panels = vec![
        ("A point", chart(vec![Mark::Dots(vec![(AT[0][0], AT[0][1])], Role::Model, 9)])?),
        ("A product", chart(vec![line(upright(&narrow, 1.5))])?),
        ("A full Gaussian", chart(vec![line(on(0))])?),
        ("A mixture of two", chart(vec![line(on(0)), line(on(1))])?),
    ];
    let full = 2f64.ln();
    let product = full + target.gap(&target.reverse())?;
    Ok(Drawing::panels(panels)
        .exact("mean_field.families.full", full)
        .exact("mean_field.families.product", product))
}
