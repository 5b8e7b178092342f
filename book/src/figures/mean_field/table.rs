//! A table of joint probabilities: the bound climbs, and stops below the evidence.
use super::*;
use latent::gaussian::log_sum_exp;
use latent::mean_field::{Second, best_factor, table_bound};

pub const FIGURE: Figure = Figure {
    name: "mean_field.table",
    caption: "Left: $p(z_1, z_2\\mid x)$; the area of a square is its probability. The two answers hang together: if $z_1$ is high, so is $z_2$. \
Middle: the best product $q_1(z_1)\\,q_2(z_2)$, which cannot be large along a diagonal alone. Right: the bound of the product after each half of a sweep, below $\\log p(x)$. It climbs, and then a gap stays.",
    alt: "Left: nine squares in three rows and three columns, the largest along the rising diagonal, small ones off it. In the middle: nine squares, the central one the largest. Right: a line that rises steeply, levels out after ten half sweeps, and stays well below a dashed line for the evidence.",
    draw,
};

/// p(x, z₁, z₂), with a row for each z₁.
pub fn joint() -> Array2<f64> {
    array![[0.024, 0.006, 0.001], [0.005, 0.020, 0.006], [0.002, 0.004, 0.032]]
}

fn squares(p: &Array2<f64>, most: f64) -> Vec<[(f64, f64); 2]> {
    let square = |((i, j), p): ((usize, usize), &f64)| {
        let half = 0.46 * (p / most).sqrt();
        let (x, y) = (j as f64 + 1.0, i as f64 + 1.0);
        [(x - half, y - half), (x + half, y + half)]
    };
    p.indexed_iter().map(square).collect()
}

fn draw() -> Result<Drawing> {
    let p = joint();
    let log_p = p.mapv(f64::ln);
    let evidence = log_sum_exp(&log_p.iter().copied().collect::<Vec<_>>());
    let mut q2 = array![0.9, 0.08, 0.02];
    let mut q1 = q2.clone();
    let mut walk = vec![(0.0, table_bound(log_p.view(), q1.view(), q2.view())?)];
    for half in 1..=16 {
        if half % 2 == 1 {
            q1 = best_factor(log_p.view(), q2.view())?.0;
        } else {
            q2 = best_factor(log_p.t(), q1.view())?.0;
        }
        walk.push((f64::from(half), table_bound(log_p.view(), q1.view(), q2.view())?));
    }
    let found = fit(Second(q2), &log_p, Stop { steps: 500, gain: NEVER })?;
    let (q2, q1) = (found.model.0.clone(), found.model.e_step(&log_p)?);
    let product = Array2::from_shape_fn((3, 3), |(i, j)| q1[i] * q2[j]);
    let frame = vec![(0.5, 0.5), (3.5, 0.5), (3.5, 3.5), (0.5, 3.5), (0.5, 0.5)];
    let chart = |p: &Array2<f64>, role| {
        let marks = vec![
            (Mark::Line(frame.clone(), Role::Faint, 2), ""),
            (Mark::Blocks(squares(p, 0.32), role), ""),
        ];
        Chart {
            x: "z₂", y: "z₁", size: (420, 380), equal: true, marks, ..Chart::default()
        }
        .svg()
    };
    let marks = vec![
        (Mark::Dashed(vec![(0.0, evidence), (16.0, evidence)], Role::Data, 4), "log p(x)"),
        (Mark::Line(walk.clone(), Role::Model, 4), "bound"),
        (Mark::Dots(walk.clone(), Role::Model, 5), ""),
    ];
    let right = Chart {
        x: "half sweeps",
        y: "nats",
        size: (440, 380),
        legend: Corner::LowerRight,
        marks,
        ..Chart::default()
    };
    let panels = vec![
        ("The posterior", chart(&(&p / p.sum()), Role::Data)?),
        ("The best product", chart(&product, Role::Model)?),
        ("The bound", right.svg()?),
    ];
    Ok(Drawing::panels(panels)
        .exact("mean_field.table.evidence", evidence)
        .exact("mean_field.table.start", walk[0].1)
        .exact("mean_field.table.first", walk[1].1)
        .exact("mean_field.table.end", found.nats())
        .exact("mean_field.table.gap", evidence - found.nats())
        .exact("mean_field.table.corner", p[[2, 2]] / p.sum())
        .exact("mean_field.table.q_corner", product[[2, 2]]))
}
