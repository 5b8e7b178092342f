//! The sun stands 45 degrees high: what time is it?
use super::*;
use latent::em::{Stop, fit};
use latent::gaussian::{Moments, log_normal};
use latent::mixture::{Gaussians, Kind};
use latent::pca::{Origin, Pca};
use latent::why::answers::{Twofold, hours_from_noon, looks};

pub const FIGURE: Figure = Figure {
    name: "why.sun",
    caption: "What time is it, if you know how high the sun stands? Left: 300 looks at the sun and at a clock that is good to a quarter of an hour, and a cubic fitted by least squares. It says noon, whatever it is asked. \
Right: the times of 400 looks at 45 degrees; one Gaussian has its peak where no look is, a mixture of two has its peaks where they are.",
    alt: "Left: points on two straight arms that meet at 90 degrees, noon; a fitted curve runs flat between the arms. Right: a histogram with two narrow heaps at minus three and plus three hours; a low wide bell over both, and a curve with two tall peaks on the heaps.",
    draw,
};

fn draw() -> Result<Drawing> {
    let rows = looks(300, 0.25, &mut rng(31))?;
    let powers = |e: f64| [1.0, e / 90.0, (e / 90.0).powi(2), (e / 90.0).powi(3)];
    let table = Array2::from_shape_fn((300, 4), |(i, j)| powers(rows[[i, 0]])[j]);
    let axes = Pca::by_eigen(table.view(), Origin::Zero)?;
    let codes = axes.encode(table.view())?;
    let weights = axes.w.dot(&(codes.t().dot(&rows.column(1)) / (&axes.variances * 300.0)));
    let cubic = |e: f64| powers(e).iter().zip(&weights).map(|(p, w)| p * w).sum::<f64>();
    let places = rows.rows().into_iter().map(|r| (r[0], r[1])).collect();
    let left = Chart {
        x: "height of the sun, degrees",
        y: "hours from noon",
        size: (440, 380),
        marks: vec![
            (Mark::Dots(places, Role::Data, 4), ""),
            (Mark::Line(curve(15.0, 80.0, cubic), Role::Other, 5), ""),
            words(17.0, 1.1, "least squares", Role::Other),
        ],
        ..Chart::default()
    };
    let two = Twofold::new(hours_from_noon(45.0), 0.25)?;
    let seen = two.sample(400, &mut rng(32)).insert_axis(Axis(1));
    let one = Moments::of(seen.view())?;
    let sd = one.covariance[[0, 0]].sqrt();
    let start = Gaussians::around(&seen, ndarray::array![[-1.0], [1.0]], Kind::Full)?;
    let model = fit(start, &seen, Stop { steps: 100, gain: 1e-9 })?.model;
    let Ok(peaks) = model.log_densities(&grid()) else {
        return Ok(Drawing::one(left.svg()?));
    };
    let mixture = grid().column(0).iter().copied().zip(peaks.mapv(f64::exp)).collect();
    let single = curve(-5.0, 5.0, |y| log_normal(y, one.mean[0], sd).exp());
    let right = Chart {
        x: "hours from noon",
        y: "density, per hour",
        size: (440, 380),
        marks: vec![
            (Mark::Blocks(heaps(&seen), Role::Data), ""),
            (Mark::Line(single, Role::Other, 5), ""),
            (Mark::Line(mixture, Role::Model, 5), ""),
            words(-1.05, 0.24, "one bell", Role::Other),
            words(-1.25, 0.66, "a mixture", Role::Model),
        ],
        ..Chart::default()
    };
    Ok(Drawing::panels(vec![("Every height", left.svg()?), ("At 45 degrees", right.svg()?)])
        .exact("why.sun.guess", cubic(45.0))
        .exact("why.sun.half", two.half)
        .exact("why.sun.gap", two.gap()))
}

fn grid() -> Array2<f64> {
    Array2::from_shape_fn((401, 1), |(i, _)| -5.0 + i as f64 / 40.0)
}

/// A histogram with bins of a quarter of an hour, as boxes of total area 1.
fn heaps(seen: &Array2<f64>) -> Vec<[(f64, f64); 2]> {
    (-20..20)
        .map(|k| (f64::from(k) / 4.0, f64::from(k + 1) / 4.0))
        .map(|(a, b)| (a, b, seen.iter().filter(|v| (a..b).contains(*v)).count()))
        .filter(|(.., count)| *count > 0)
        .map(|(a, b, count)| [(a, 0.0), (b, count as f64 * 4.0 / seen.len() as f64)])
        .collect()
}
