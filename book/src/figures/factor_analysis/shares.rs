//! How much of each wine column's variance is shared.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "factor_analysis.shares",
    caption: "178 wines, thirteen measurements, two factors. The left part of each bar is the share of the variance that the factors explain, the communality; the rest is the column's own. \
Flavanoids are nearly all shared, at {{number factor_analysis.wine.shared.flavanoids 0%}}; ash shares {{number factor_analysis.wine.shared.ash 0%}}.",
    alt: "Thirteen horizontal bars from most to least shared: flavanoids 92 %, colour intensity 83 %, total phenols 80 %, OD280 76 %, then four near one half, nonflavanoid phenols near one third, and malic acid, alcalinity, magnesium and ash below one quarter.",
    draw,
};

fn draw() -> Result<Drawing> {
    let model = wine_fit()?;
    let shared = model.communalities();
    let total = &shared + &model.psi;
    let mut order: Vec<usize> = (0..13).collect();
    order.sort_by(|&i, &j| shared[j].total_cmp(&shared[i]));
    let mut svg = String::from(
        "<svg viewBox=\"0 0 640 478\" xmlns=\"http://www.w3.org/2000/svg\" font-family=\"sans-serif\" font-size=\"20\" fill=\"currentColor\">\n",
    );
    for (i, &j) in order.iter().enumerate() {
        let (top, share) = (4 + 34 * i, shared[j] / total[j]);
        let name = wine().columns[j].split(" of dil").next().unwrap_or_default();
        svg += &format!(
            "<text x=\"228\" y=\"{}\" text-anchor=\"end\">{name}</text>\n<rect x=\"240\" y=\"{top}\" width=\"340\" height=\"26\" fill=\"var(--fig-a,#3b8fd0)\" fill-opacity=\"0.3\"/>\n<rect x=\"240\" y=\"{top}\" width=\"{:.1}\" height=\"26\" fill=\"var(--fig-b,#d9652a)\"/>\n<text x=\"590\" y=\"{}\">{:.0} %</text>\n",
            top + 20,
            340.0 * share,
            top + 20,
            100.0 * share
        );
    }
    svg += "<text x=\"240\" y=\"468\" fill=\"var(--fig-b,#d9652a)\">shared</text>\n<text x=\"580\" y=\"468\" text-anchor=\"end\" fill=\"var(--fig-a,#3b8fd0)\">its own</text>\n</svg>\n";
    Ok(Drawing::one(Svg(svg))
        .exact("factor_analysis.wine.shared.flavanoids", shared[6] / total[6])
        .exact("factor_analysis.wine.shared.ash", shared[2] / total[2])
        .exact("factor_analysis.wine.shared.all", shared.sum() / total.sum())
        .exact("factor_analysis.wine.w.flavanoids", model.w[[6, 0]])
        .exact("factor_analysis.wine.w.colour", model.w[[9, 1]])
        .exact("factor_analysis.wine.w.alcohol", model.w[[0, 1]]))
}
