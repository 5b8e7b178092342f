//! A component that shrinks onto one point.
use super::*;
use latent::em::Exact;

pub const FIGURE: Figure = Figure {
    name: "mixture.spike",
    caption: "Five points, 0 to 4, and two components of equal weight: one with mean 2 and variance 2, one sitting on the point 0 with standard deviation $s$. Left: the density. Right: the log-likelihood of all five points, which soon rises by $\\log 10$ for every further zero of $s$.",
    alt: "Left: a broad hump over 2 and three spikes at 0, the narrower the higher. Right: the log-likelihood wavers at first and then rises along a straight line as the standard deviation shrinks from 1 to a millionth, from minus 9.8 to plus 2.9.",
    draw,
};

fn model(s: f64) -> Result<Gaussians> {
    let covariance = Covariance::Spherical(array![s * s, 2.0]);
    Gaussians::new(array![0.5, 0.5], array![[0.0], [2.0]], covariance)
}

fn draw() -> Result<Drawing> {
    let points = array![[0.0], [1.0], [2.0], [3.0], [4.0]];
    let density = |s: f64| -> Result<Points> {
        let fine = (-400..=400).map(|i| f64::from(i) * 0.0025);
        let places: Vec<f64> = fine.chain((101..=600).map(|i| f64::from(i) * 0.01)).collect();
        let x = Array2::from_shape_fn((places.len(), 1), |(i, _)| places[i]);
        let heights = model(s)?.log_densities(&x)?.mapv(f64::exp);
        Ok(places.into_iter().zip(heights).collect())
    };
    let left = Chart {
        x: "x",
        y: "density",
        size: (440, 380),
        marks: vec![
            (Mark::Line(density(0.05)?, Role::Third, 3), "s = 0.05"),
            (Mark::Line(density(0.1)?, Role::Other, 3), "s = 0.1"),
            (Mark::Line(density(0.5)?, Role::Model, 3), "s = 0.5"),
            (Mark::Dots((0..5).map(|i| (f64::from(i), 0.0)).collect(), Role::Data, 8), ""),
        ],
        ..Chart::default()
    };
    let mut rise = Points::new();
    for i in 0..=60 {
        let log = -0.1 * f64::from(i);
        rise.push((log, model(10f64.powf(log))?.log_likelihood(&points)?));
    }
    let right = Chart {
        x: "standard deviation s",
        y: "log-likelihood, nats",
        size: (440, 380),
        log_x: true,
        marks: vec![(Mark::Line(rise, Role::Model, 4), "")],
        ..Chart::default()
    };
    let mut drawing =
        Drawing::panels(vec![("A spike", left.svg()?), ("Without end", right.svg()?)]);
    for (name, s) in [("1", 1.0), ("2", 0.1), ("3", 0.01), ("4", 1e-3), ("5", 1e-6)] {
        drawing = drawing
            .exact(format!("mixture.spike.{name}"), model(s)?.log_likelihood(&points)?);
    }
    Ok(drawing)
}
