//! A bound that bends the model: one latent with a bend, and two that are tied.
use super::super::{Drawing, Figure};
use latent::Result;
use latent::blurriness::scale::{Tied, sureness, vertex, with_draws};
use latent::elbo::Tiny;
use latent::plot::{Chart, Mark, Points, Role};

pub const FIGURES: &[&Figure] = &[&SCALE, &TIED];

const SCALE: Figure = Figure {
    name: "blurriness.scale",
    caption: "Left: images come from the decoder with three pixels at scale 3, and other scales are judged on them; each curve has its top marked. The bound with one draw is chapter 3's. Right: what lies between the likelihood and each bound.",
    alt: "Left: three curves over the scale from 1.5 to 4. The highest, log p(x), has its top at 3. The bound with ten draws lies close under it, with its top a little to the left of 3. The bound with one draw falls away from them and has its top at 2.4. Right: two curves that rise with the scale; that of one draw reaches 0.13 nats at scale 4, that of ten draws 0.03.",
    draw: scale,
};

/// The polynomial through some places, at `x`.
fn through(places: &Points, x: f64) -> f64 {
    let share = |i: usize| {
        let others = (0..places.len()).filter(|&j| j != i);
        others.map(|j| (x - places[j].0) / (places[i].0 - places[j].0)).product::<f64>()
    };
    places.iter().enumerate().map(|(i, p)| p.1 * share(i)).sum()
}

fn scale() -> Result<Drawing> {
    let tiny = Tiny::default();
    let truth = tiny.scaled(3.0);
    let at = |a: f64| tiny.scaled(a).on_average(&truth);
    // The curves are smooth: seven places fix them to more digits than a picture has.
    let mut known: [Points; 3] = Default::default();
    for k in 0..7 {
        let a = 2.75 - 1.25 * (std::f64::consts::PI * (f64::from(k) + 0.5) / 7.0).cos();
        let (evidence, one) = at(a)?;
        let ten = with_draws(&tiny.scaled(a), &truth, &[10])?[0];
        for (known, y) in known.iter_mut().zip([evidence, one, ten]) {
            known.push((a, y));
        }
    }
    let scales = || (30..=80).map(|i| f64::from(i) / 20.0);
    let curves = known.each_ref().map(|p| scales().map(|a| (a, through(p, a))).collect());
    let gap = |k: usize| -> Points {
        scales().map(|a| (a, through(&known[0], a) - through(&known[k], a))).collect()
    };
    let gaps = [gap(1), gap(2)];
    let best = vertex(|a| Ok(at(a)?.1), (2.45, 0.1), 2)?;
    let best_10 = vertex(|a| Ok(through(&known[2], a)), (2.8, 0.1), 3)?;
    let ((top, low), (bent, bent_low)) = (at(3.0)?, at(best)?);
    let dot = |x, y, role| (Mark::Dots(vec![(x, y)], role, 7), "");
    let words = |x, y, words: &str, role| (Mark::Words(x, y, words.into(), role), "");
    let half = Chart { x: "scale of the decoder", size: (440, 400), ..Chart::default() };
    let [likelihood, one_draw, ten_draws] = curves;
    let left = Chart {
        y: "nats an image",
        marks: vec![
            (Mark::Line(likelihood, Role::Data, 4), ""),
            (Mark::Line(ten_draws, Role::Other, 4), ""),
            (Mark::Line(one_draw, Role::Model, 4), ""),
            dot(3.0, top, Role::Data),
            dot(best_10, through(&known[2], best_10), Role::Other),
            dot(best, bent_low, Role::Model),
            words(1.55, -1.662, "log p(x)", Role::Data),
            words(2.9, -1.71, "ten draws", Role::Other),
            words(1.75, -1.8, "one draw", Role::Model),
        ],
        ..half.clone()
    };
    let [one_gap, ten_gap] = gaps;
    let right = Chart {
        y: "gap, nats",
        marks: vec![
            (Mark::Line(one_gap, Role::Model, 4), ""),
            (Mark::Line(ten_gap, Role::Other, 4), ""),
            words(1.9, 0.1, "one draw", Role::Model),
            words(2.6, 0.01, "ten draws", Role::Other),
        ],
        ..half
    };
    Ok(Drawing::panels(vec![("Judged", left.svg()?), ("What is between", right.svg()?)])
        .exact("blurriness.scale.best", (best * 1e4).round() / 1e4)
        .exact("blurriness.scale.best_10", (best_10 * 1e2).round() / 1e2)
        .exact("blurriness.scale.gap", ((top - low) * 1e4).round() / 1e4)
        .exact("blurriness.scale.gap_bent", ((bent - bent_low) * 1e4).round() / 1e4)
        .exact("blurriness.scale.lost", ((top - bent) * 1e4).round() / 1e4)
        .exact("blurriness.scale.sure", sureness(&truth))
        .exact(
            "blurriness.scale.sure_bent",
            (sureness(&tiny.scaled(best)) * 1e4).round() / 1e4,
        ))
}

const TIED: Figure = Figure {
    name: "blurriness.tied",
    caption: "Two latents whose columns have the inner product $r$, with the noise $\\sigma=1$ and data from the scale 3. Left: the likelihood, which is also the bound with a full covariance, and the bound with the best product, for $r=0.9$; tops marked. Right: the scale that the product's bound prefers, for each $r$.",
    alt: "Left: two curves over the scale from 1 to 5. The upper one has its top at 3. The lower one has its top to the left of that, and the distance between them grows with the scale. Right: a curve that begins at 3 for r = 0, stays near it up to r = 0.5, and then falls ever more steeply.",
    draw: tied,
};

fn tied() -> Result<Drawing> {
    let truth = Tied::new(3.0, 0.9, 1.0)?;
    let over = |f: &dyn Fn(&Tied) -> f64| -> Points {
        let scales = (20..=100).map(|i| f64::from(i) / 20.0);
        scales.map(|scale| (scale, f(&Tied { scale, ..truth }))).collect()
    };
    let best = truth.preferred()?;
    let bent = Tied { scale: best, ..truth };
    let mut preferred = vec![];
    for r in (0..=49).map(|i| f64::from(i) / 50.0) {
        preferred.push((r, Tied { r, ..truth }.preferred()?));
    }
    let dot = |x, y, role| (Mark::Dots(vec![(x, y)], role, 7), "");
    let words = |x, y, words: &str, role| (Mark::Words(x, y, words.into(), role), "");
    let half = Chart { size: (440, 380), ..Chart::default() };
    let left = Chart {
        x: "scale of the decoder",
        y: "nats a row",
        marks: vec![
            (Mark::Line(over(&|m| m.evidence(&truth)), Role::Data, 4), ""),
            (Mark::Line(over(&|m| m.bound(&truth)), Role::Model, 4), ""),
            dot(3.0, truth.evidence(&truth), Role::Data),
            dot(best, bent.bound(&truth), Role::Model),
            words(3.0, -4.3, "full covariance", Role::Data),
            words(2.9, -5.7, "product", Role::Model),
        ],
        ..half.clone()
    };
    let right = Chart {
        x: "inner product r",
        y: "preferred scale",
        marks: vec![
            (Mark::Dashed(vec![(0.0, 3.0), (0.98, 3.0)], Role::Data, 4), ""),
            (Mark::Line(preferred, Role::Model, 4), ""),
            dot(0.9, best, Role::Model),
        ],
        ..half
    };
    let (scale, noise) = truth.preferred_both()?;
    let round = |v: f64| (v * 1e4).round() / 1e4;
    Ok(Drawing::panels(vec![("r = 0.9", left.svg()?), ("Every r", right.svg()?)])
        .exact("blurriness.tied.best", round(best))
        .exact("blurriness.tied.gap", truth.gap())
        .exact("blurriness.tied.both.scale", (scale * 1e3).round() / 1e3)
        .exact("blurriness.tied.both.noise", (noise * 1e3).round() / 1e3))
}
