//! The still picture of the live figure: one column grows noisy.
use super::*;
use latent::pca::{Origin, Pca};

pub const FIGURE: Figure = Figure {
    name: "factor_analysis.noisy",
    caption: "Three columns listen to one factor with the same loading, 1. Two have little noise of their own; the noise of the third is yours to turn up, and so is its unit. \
PCA's first direction goes where the variance is. Factor analysis gives the noise to $\\psi_3$ and keeps its loadings, told here in the old unit. \
On paper: the size of the entries of columns 1 and 3 in PCA's first direction, and of their loadings, over the noise.",
    alt: "Two panels over the standard deviation of the third column's noise, from 0.1 to 6. In PCA the entry of column 3 rises from 0.58 to nearly 1, and that of column 1 falls to nearly 0. In factor analysis both loadings stay near 1.",
    draw,
};

/// Two curves, and room for both panels to have the same heights.
fn panel(y: &'static str, curves: [(Points, Role, f64, &str); 2]) -> Result<Svg> {
    let mut marks: Vec<(Mark, &'static str)> =
        vec![(Mark::Words(0.1, 0.0, "".into(), Role::Ink), "")];
    marks.push((Mark::Words(0.1, 1.3, "".into(), Role::Ink), ""));
    for (points, role, height, name) in curves {
        marks.push((Mark::Line(points, role, 5), ""));
        marks.push((Mark::Words(3.2, height, name.into(), role), ""));
    }
    let x = "noise of column 3, standard deviation";
    Chart { x, y, size: (460, 360), marks, ..Chart::default() }.svg()
}

fn draw() -> Result<Drawing> {
    let (mut pca, mut fa) = ([vec![], vec![]], [vec![], vec![]]);
    let mut share = 0.0;
    for step in 1..=60 {
        let noise = f64::from(step) / 10.0;
        let psi = array![0.09, 0.09, noise * noise];
        let law = FactorAnalysis::new(Array1::zeros(3), Array2::ones((3, 1)), psi)?;
        let (_, x) = law.sample(200, &mut rng(4));
        let data = Moments::of(x.view())?;
        let model = after(&data, 1, 300)?;
        let first = Pca::by_eigen(x.view(), Origin::Mean)?.keep(1)?.w;
        for (k, j) in [(0, 0), (1, 2)] {
            pca[k].push((noise, first[[j, 0]].abs()));
            fa[k].push((noise, model.w[[j, 0]].abs()));
        }
        share = model.communalities()[2] / (model.communalities()[2] + model.psi[2]);
    }
    let ([p1, p3], [f1, f3]) = (pca, fa);
    let (one, three) = ("column 1", "column 3, noisy");
    let left = [(p1, Role::Data, 0.3, one), (p3, Role::Model, 0.9, three)];
    let right = [(f1, Role::Data, 0.95, one), (f3, Role::Model, 1.18, three)];
    Ok(Drawing::panels(vec![
        ("PCA", panel("entry in w", left)?),
        ("factor analysis", panel("loading", right)?),
    ])
    .exact("factor_analysis.noisy.share", share))
}
