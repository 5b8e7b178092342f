//! EM as a staircase on the surface of the bound.
use super::*;
use latent::plot::contours;

pub const FIGURE: Figure = Figure {
    name: "em.staircase",
    caption: "One column, one factor, $\\mathcal B$ in nats a row. To the right: the loading $u$ whose posterior is $q$. Upwards: the loading $w$ of the model. \
An E step goes level to the diagonal, where the bound touches the evidence. An M step goes straight up or down to the top of its column. \
The two summits lie at $w = \\pm\\sqrt{s-\\psi}$ where $\\psi < s$; between them, at zero, is a pass where EM rests too. On paper: $s = 1$, $\\psi = 0.25$, two starts.",
    alt: "Level lines of a surface over a square. Two summits lie on the rising diagonal, symmetric about the centre, which is a saddle. Two staircases climb from either side of the centre, one to each summit, alternating level and upright pieces between the diagonal and the highest place above or below it.",
    draw,
};

/// The bound of the model with loading w, for the posterior of the model with loading u.
fn bound(u: f64, w: f64) -> Result<f64> {
    let at = |w: f64| FactorAnalysis::new(array![0.0], array![[w]], array![0.25]);
    let data = Moments { rows: 1.0, mean: array![0.0], covariance: array![[1.0]] };
    let q = at(u)?.e_step(&data)?;
    Ok(at(w)?.elbo(&data, &q)?.nats())
}

/// From (u, w), half steps until nothing moves.
fn stairs(mut u: f64, mut w: f64) -> Result<Points> {
    let data = Moments { rows: 1.0, mean: array![0.0], covariance: array![[1.0]] };
    let mut path = vec![(u, w)];
    for _ in 0..14 {
        u = w;
        path.push((u, w));
        let model = FactorAnalysis::new(array![0.0], array![[w]], array![0.25])?;
        w = model.m_step(&data, &model.e_step(&data)?)?.w[[0, 0]];
        path.push((u, w));
    }
    Ok(path)
}

fn draw() -> Result<Drawing> {
    let axis = Array1::linspace(-1.6, 1.6, 81);
    let mut heights = Array2::zeros((81, 81));
    for ((i, j), v) in heights.indexed_iter_mut() {
        *v = bound(axis[j], axis[i])?;
    }
    let top = bound(0.75f64.sqrt(), 0.75f64.sqrt())?;
    let mut level = vec![];
    for depth in [0.02, 0.08, 0.18, 0.32, 0.5, 0.75, 1.05, 1.4, 1.9, 2.5, 3.2, 4.0, 5.0] {
        level.extend(contours(axis.view(), axis.view(), heights.view(), top - depth));
    }
    let (up, down) = (stairs(-0.9, 0.12)?, stairs(1.2, -0.25)?);
    let crest = 0.75f64.sqrt();
    let starts = vec![up[0], down[0]];
    let marks = vec![
        (Mark::Pieces(level, Role::Faint, 3), ""),
        (Mark::Dashed(vec![(-1.6, -1.6), (1.6, 1.6)], Role::Ink, 2), ""),
        (Mark::Line(up, Role::Model, 4), ""),
        (Mark::Line(down, Role::Data, 4), ""),
        (Mark::Dots(starts, Role::Ink, 6), ""),
        (Mark::Dots(vec![(crest, crest), (-crest, -crest)], Role::Other, 8), ""),
    ];
    let svg = Chart {
        x: "u: whose posterior q is",
        y: "w: the model's loading",
        size: (640, 600),
        equal: true,
        marks,
        ..Chart::default()
    }
    .svg()?;
    Ok(Drawing::one(svg)
        .exact("em.staircase.top", top)
        .exact("em.staircase.pass", bound(0.0, 0.0)?))
}
