//! The average posterior at the fit, and off it.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "factor_analysis.average",
    caption: "The posterior of every wine: the dots are the means $\\vec m_n$, and around each lies the same $\\mat G$ (one is drawn). The thick ellipse is the covariance of the posteriors mixed, one part in $N$ each, at two standard deviations; the dashed circle is the prior's. \
At the fit the two are one. With $\\mat W$ doubled each posterior is as exact as before, for a model that is wrong; the largest entry of the difference of the two covariances is {{number factor_analysis.average.off 2}}.",
    alt: "Two panels of dots in the plane of the two factors. At the fit a thick ellipse coincides with a dashed circle of radius two. With doubled loadings the dots crowd together and the thick ellipse is half as wide as the circle.",
    draw,
};

fn panel(model: &FactorAnalysis) -> Result<Svg> {
    let found = model.posterior(wine_rows()?.view())?;
    let average = model.aggregate(&wine_moments()?)?;
    let one = [found.mean[[0, 0]], found.mean[[0, 1]]];
    let mut marks = vec![
        (Mark::Dots(points_of(found.mean.view()), Role::Data, 4), ""),
        (Mark::Area(ellipse(one, found.covariance.view(), 2.0), Role::Model), ""),
        (Mark::Line(ellipse([0.0, 0.0], average.view(), 2.0), Role::Model, 5), ""),
        (Mark::Dashed(ellipse([0.0, 0.0], Array2::eye(2).view(), 2.0), Role::Third, 4), ""),
    ];
    marks.extend(corners(-2.7, 2.7));
    beside("first factor", "second factor", marks)
}

fn draw() -> Result<Drawing> {
    let (best, data) = (wine_fit()?, wine_moments()?);
    let mut loud = best.clone();
    loud.w *= 2.0;
    let off = |m: &FactorAnalysis| -> Result<f64> {
        let gap = m.aggregate(&data)? - Array2::<f64>::eye(2);
        Ok(gap.iter().fold(0.0f64, |a, v| a.max(v.abs())))
    };
    Ok(Drawing::panels(vec![
        ("at the fit", panel(&best)?),
        ("with W doubled", panel(&loud)?),
    ])
    .exact("factor_analysis.average.off", off(&loud)?))
}
