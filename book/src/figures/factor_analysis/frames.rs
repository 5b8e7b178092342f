//! One covariance in three frames.
use super::*;
use latent::linalg::eigen_symmetric;
use latent::plot::{Picture, images};

pub const FIGURE: Figure = Figure {
    name: "factor_analysis.frames",
    caption: "The correlations of the wines, 13 × 13, and what two factors make of them in three ways: $\\mat W\\mat W\\T$, plus the noise, and the rest that neither explains. Orange is positive, blue negative; full colour is 1. \
PCA has no noise, probabilistic PCA one for all, factor analysis one for each column. The rest has a root mean square of {{number factor_analysis.frames.pca 3}}, {{number factor_analysis.frames.ppca 3}} and {{number factor_analysis.frames.fa 3}}.",
    alt: "The data's correlations as a coloured matrix; beside it three rows of matrices for PCA, PPCA and FA, each with the shared part, the noise on the diagonal, and the rest. PCA's rest has a strong diagonal, PPCA's a weak one, and that of factor analysis none.",
    draw,
};

fn draw() -> Result<Drawing> {
    let data = wine_moments()?;
    let found = eigen_symmetric(data.covariance.view())?;
    let pca =
        &found.vectors.slice(s![.., ..2]) * &found.values.slice(s![..2]).mapv(f64::sqrt);
    let (ppca, fa) = (FactorAnalysis::ppca(&data, 2)?, wine_fit()?);
    let rows =
        [("PCA", pca, Array1::zeros(13)), ("PPCA", ppca.w, ppca.psi), ("FA", fa.w, fa.psi)];
    let (mut drawn, mut left) = (vec![], vec![]);
    for (name, w, psi) in rows {
        let (shared, own) = (w.dot(&w.t()), Array2::from_diag(&psi));
        let rest = &data.covariance - &shared - &own;
        left.push((rest.mapv(|v| v * v).sum() / 169.0).sqrt());
        drawn.push((name, flat(&[&shared, &own, &rest])));
    }
    let picture =
        |name: &str, pixels| Picture { name: name.into(), pixels, ink: 1.0, signed: true };
    let pictures: Vec<Picture<'_>> =
        drawn.iter().map(|(name, x)| picture(name, x.view())).collect();
    let whole = flat(&[&data.covariance]);
    Ok(Drawing::panels(vec![
        ("data", images(&[picture("", whole.view())], 13)?),
        ("two factors", headed(images(&pictures, 13)?)),
    ])
    .exact("factor_analysis.frames.pca", left[0])
    .exact("factor_analysis.frames.ppca", left[1])
    .exact("factor_analysis.frames.fa", left[2]))
}

/// One matrix a row.
fn flat(of: &[&Array2<f64>]) -> Array2<f64> {
    Array2::from_shape_fn((of.len(), 169), |(i, k)| of[i][[k / 13, k % 13]])
}

/// The pictures with a word above each column.
fn headed(svg: Svg) -> Svg {
    let Some((_, rest)) = svg.0.split_once('\n') else { return svg };
    let words = ["shared", "noise", "rest"].iter().enumerate().map(|(k, word)| {
        let x = 167 + 90 * k;
        format!("<text x=\"{x}\" y=\"-8\" font-size=\"17\" fill=\"currentColor\" text-anchor=\"middle\">{word}</text>\n")
    });
    let tag = "<svg viewBox=\"30 -30 370 324\" xmlns=\"http://www.w3.org/2000/svg\" font-family=\"sans-serif\">\n";
    Svg(tag.to_string() + &words.collect::<String>() + rest)
}
