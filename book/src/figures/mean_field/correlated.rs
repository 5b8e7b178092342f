//! The correlated Gaussian and the two products that stand for it.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "mean_field.correlated",
    caption: "A posterior with correlation $\\rho$, and the two best products of independent Gaussians; each curve is one standard deviation out. Minimising \
$\\mathrm{KL}(q\\,\\Vert\\,p)$ gives the small circle, minimising $\\mathrm{KL}(p\\,\\Vert\\,q)$ the large one. The staircase is coordinate ascent on the two means: one half step moves one of them. \
On paper: $\\rho = 0.9$.",
    alt: "A narrow ellipse along the rising diagonal. A small circle about the middle crosses the ellipse where the ellipse crosses the axes, and bulges out of its long sides. A large circle reaches as far left, right, up and down as the ellipse, which sticks out of it at both tips. A staircase of level and upright pieces walks from the upper left into the centre, with ever smaller steps.",
    draw,
};

fn draw() -> Result<Drawing> {
    let target = Target::pair(0.9)?;
    let (reverse, forward) = (target.reverse(), target.forward());
    let mut q = Product { mean: array![-1.6, 1.8], variances: reverse.variances.clone() };
    let mut path = vec![(q.mean[0], q.mean[1])];
    for half in 0..24 {
        (q.mean[half % 2], _) = target.best_factor(&q, half % 2)?;
        path.push((q.mean[0], q.mean[1]));
    }
    let p = ellipse([0.0, 0.0], target.covariance.view(), 1.0);
    let marks = vec![
        (Mark::Area(p.clone(), Role::Data), ""),
        (Mark::Line(p, Role::Data, 4), "posterior p"),
        (Mark::Line(upright(&reverse, 1.0), Role::Model, 5), "least KL(q ‖ p)"),
        (Mark::Line(upright(&forward, 1.0), Role::Other, 4), "least KL(p ‖ q)"),
        (Mark::Line(path.clone(), Role::Ink, 2), ""),
        (Mark::Dots(path, Role::Ink, 4), ""),
        (Mark::Dots(vec![(2.6, -2.4)], Role::Faint, 0), ""), // room for the legend
    ];
    let svg = Chart {
        x: "z₁",
        y: "z₂",
        size: (640, 540),
        equal: true,
        legend: Corner::LowerRight,
        marks,
        ..Chart::default()
    }
    .svg()?;
    let gap = target.gap(&reverse)?;
    Ok(Drawing::one(svg)
        .exact("mean_field.correlated.gap", gap)
        .exact("mean_field.correlated.other", target.other_way(&forward)?)
        .exact("mean_field.correlated.variance", reverse.variances[0])
        .exact("mean_field.correlated.sd", reverse.variances[0].sqrt())
        .exact("mean_field.correlated.share", (-gap).exp()))
}
