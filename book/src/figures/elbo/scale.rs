//! A loose bound moves the best parameters.
use super::*;
use latent::elbo::Tiny;

pub const FIGURE: Figure = Figure {
    name: "elbo.scale",
    caption: "Images come from the decoder with its last weights three times as large. Other scales are judged on them, by the mean of $\\log p(x)$ and by the mean of the best Gaussian bound, over infinitely many images. \
The evidence is highest at the true scale, 3. The bound is highest at {{number elbo.scale.best 3}}: a smaller scale has posteriors that are nearer to Gaussians.",
    alt: "Two curves over the scale from 1 to 4. The upper one, log p(x), has its top at 3. The lower one, the bound, has its top at 2.4; the distance between them grows with the scale.",
    draw,
};

/// Where f is highest between 2.2 and 2.7, by the golden section.
fn top(f: impl Fn(f64) -> Result<f64>) -> Result<f64> {
    const CUT: f64 = 0.618_033_988_749_895;
    let (mut low, mut high) = (2.2, 2.7);
    let (mut a, mut b) = (high - CUT * (high - low), low + CUT * (high - low));
    let (mut fa, mut fb) = (f(a)?, f(b)?);
    while high - low > 2e-4 {
        if fa > fb {
            (high, b, fb) = (b, a, fa);
            a = high - CUT * (high - low);
            fa = f(a)?;
        } else {
            (low, a, fa) = (a, b, fb);
            b = low + CUT * (high - low);
            fb = f(b)?;
        }
    }
    Ok((low + high) / 2.0)
}

fn draw() -> Result<Drawing> {
    let tiny = Tiny::default();
    let truth = tiny.scaled(3.0);
    let at = |scale: f64| tiny.scaled(scale).on_average(&truth);
    let (mut evidence, mut bound) = (vec![], vec![]);
    for scale in (4..=16).map(|i| f64::from(i) / 4.0) {
        let (e, b) = at(scale)?;
        evidence.push((scale, e));
        bound.push((scale, b));
    }
    let best = top(|scale| Ok(at(scale)?.1))?;
    let (highest, loose) = at(3.0)?;
    let marks = vec![
        line(evidence, Role::Data, 4),
        line(bound, Role::Model, 4),
        (Mark::Dots(vec![(3.0, highest)], Role::Data, 7), ""),
        (Mark::Dots(vec![(best, at(best)?.1)], Role::Model, 7), ""),
        words(1.5, -1.665, "log p(x)", Role::Data),
        words(1.95, -1.8, "the best Gaussian bound", Role::Model),
    ];
    let svg = Chart {
        x: "scale of the decoder",
        y: "nats an image",
        size: (640, 360),
        marks,
        ..Chart::default()
    }
    .svg()?;
    Ok(Drawing::one(svg)
        .exact("elbo.scale.best", (best * 1e3).round() / 1e3)
        .exact("elbo.scale.evidence", highest)
        .exact("elbo.scale.gap", highest - loose))
}
