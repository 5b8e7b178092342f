//! A step that ties a q, and what such steps did for digits.
use super::super::vae::log;
use super::super::{Drawing, Figure};
use crate::flow::{KINDS, SEEDS, SIZES};
use crate::runs::Log;
use latent::blurriness::flow::Affine;
use latent::mean_field::Target;
use latent::plot::{Chart, Corner, Mark, Points, Role, ellipse};
use latent::{Error, Result};
use ndarray::{Array2, array};

pub const FIGURES: &[&Figure] = &[&STEP, &FLOW, &super::sharing::BARS, &super::sharing::WALK];

const STEP: Figure = Figure {
    name: "blurriness.step",
    caption: "Left: circles of noise, one and two standard deviations out, and twelve places on each. Right: where one affine step takes them, and, dashed, where the best product takes them. Both coordinates have variance 1 and the correlation is 0.9.",
    alt: "Left: two circles about zero with dots on them. Right: the same dots on two narrow ellipses that lean to the upper right, and two small dashed circles inside, which cannot lean.",
    draw: step,
};

fn step() -> Result<Drawing> {
    let p = Target::pair(0.9)?;
    let step = Affine::of(p.mean.view(), p.covariance.view())?;
    let product = p.reverse();
    let widths = Array2::from_diag(&product.variances);
    let (mut noise, mut codes, mut rings, mut lean, mut upright) =
        (vec![], vec![], vec![], vec![], vec![]);
    for radius in [1.0, 2.0] {
        for i in 0..12 {
            let (sin, cos) = (std::f64::consts::TAU * f64::from(i) / 12.0).sin_cos();
            let e = array![radius * cos, radius * sin];
            let (z, _) = step.forward(e.view())?;
            noise.push((e[0], e[1]));
            codes.push((z[0], z[1]));
        }
        let line = |s: &Array2<f64>| ellipse([0.0, 0.0], s.view(), radius);
        rings.push((Mark::Line(line(&Array2::eye(2)), Role::Third, 3), ""));
        lean.push((Mark::Line(line(&p.covariance), Role::Model, 3), ""));
        upright.push((Mark::Dashed(line(&widths), Role::Other, 3), ""));
    }
    rings.push((Mark::Dots(noise, Role::Third, 6), ""));
    lean.push((Mark::Dots(codes, Role::Model, 6), ""));
    lean.extend(upright);
    let chart = |x, y, marks| Chart {
        x,
        y,
        size: (440, 420),
        equal: true,
        marks,
        ..Chart::default()
    };
    let (left, right) = (chart("ε₁", "ε₂", rings), chart("z₁", "z₂", lean));
    let (z, log_det) = step.forward(array![0.0, 1.0].view())?;
    Ok(Drawing::panels(vec![("Noise", left.svg()?), ("Codes", right.svg()?)])
        .exact("blurriness.step.product", p.gap(&product)?)
        .exact("blurriness.step.after", step.gap(&p)?.abs())
        .exact("blurriness.step.corner", z[1])
        .exact("blurriness.step.log_det", log_det))
}

const FLOW: Figure = Figure {
    name: "blurriness.flow",
    caption: "Digits with codes of two numbers and of ten, five seeds each; each dot is a trained network. Left: the test bound, less that of the product with the same seed. Right: how sharp the decoder's pictures of codes from the prior are, as the mean absolute Laplacian; the dashed line is the test digits'.",
    alt: "Left: for codes of two numbers the dots of the blind steps lie between −0.01 and 0.29 nats, those of the steps between 0.14 and 0.32; for ten numbers both lie lower, between 0.03 and 0.22. Right: with two numbers all fifteen dots are near 0.65, with ten all are near 0.83, and the dashed line of the data is at 1.22.",
    draw: flow,
};

fn missing(e: anyhow::Error) -> Error {
    Error::file("book/runs/digits-iaf", format!("{e:#}"))
}

/// A measure of one kind of q: one number a seed.
fn measured(log: &Log, kind: &str, latent: usize, name: &str) -> Result<Vec<f64>> {
    SEEDS
        .map(|seed| log.number(&format!("{kind}.{latent}.{seed}.{name}")).map_err(missing))
        .collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The standard deviation from seed to seed, with n − 1.
fn spread(values: &[f64]) -> f64 {
    let (m, n) = (mean(values), values.len() as f64);
    (values.iter().map(|v| (v - m).powi(2)).sum::<f64>() / (n - 1.0)).sqrt()
}

fn dots(values: &[f64], at: f64) -> Points {
    let place = |i: usize| at + 0.09 * (i as f64 - 2.0);
    values.iter().enumerate().map(|(i, &v)| (place(i), v)).collect()
}

fn flow() -> Result<Drawing> {
    let log = log("digits-iaf")?;
    let (mut gains, mut sharp) = (vec![], vec![]);
    for (group, (latent, _)) in SIZES.into_iter().enumerate() {
        for (k, (kind, _)) in KINDS.into_iter().enumerate() {
            let role = [Role::Data, Role::Other, Role::Model][k];
            let name = if group == 0 { kind } else { "" };
            let at = (4 * group + k) as f64;
            let (gain, _) = gained(&log, [kind, "product"], latent, "bound")?;
            let pictures = measured(&log, kind, latent, "sharp")?;
            gains.push((Mark::Dots(dots(&gain, at), role, 7), name));
            sharp.push((Mark::Dots(dots(&pictures, at), role, 7), name));
        }
    }
    let data = log.number("data.sharp").map_err(missing)?;
    sharp.push((Mark::Dashed(vec![(-0.5, data), (6.5, data)], Role::Ink, 3), ""));
    let words = "the data".to_string();
    sharp.push((Mark::Words(3.2, data - 0.02, words, Role::Ink), ""));
    let names = ["", "2 numbers", "", "", "", "10 numbers", ""].map(String::from).to_vec();
    let chart = |y, legend, marks| {
        let (names, size) = (names.clone(), (440, 400));
        Chart { y, size, names, legend, marks, ..Chart::default() }
    };
    let left = chart("gain, nats a digit", Corner::UpperRight, gains).svg()?;
    let right = chart("sharpness", Corner::LowerRight, sharp).svg()?;
    let mut drawing = Drawing::panels(vec![("The bound", left), ("The pictures", right)])
        .exact("blurriness.flow.data", data);
    for (key, value) in numbers(&log)? {
        drawing = drawing.exact(format!("blurriness.flow.{key}"), value);
    }
    Ok(drawing)
}

/// By how much one kind is ahead of another: one number a seed, then their mean and their spread.
fn gained(
    log: &Log,
    [kind, other]: [&str; 2],
    latent: usize,
    name: &str,
) -> Result<(Vec<f64>, [f64; 2])> {
    let (a, b) = (measured(log, kind, latent, name)?, measured(log, other, latent, name)?);
    let each: Vec<f64> = a.iter().zip(b).map(|(a, b)| a - b).collect();
    let of = [mean(&each), spread(&each)];
    Ok((each, of))
}

/// What the page says of the runs.
fn numbers(log: &Log) -> Result<Vec<(String, f64)>> {
    let mut out = vec![];
    for (latent, _) in SIZES {
        for pair in [["steps", "product"], ["blind", "product"], ["steps", "blind"]] {
            for name in ["bound", "sharp", "sure", "evidence"] {
                if name == "evidence" && latent != 2 {
                    continue; // a sum over a grid, for two numbers only
                }
                let (each, [gain, spread]) = gained(log, pair, latent, name)?;
                let ahead = each.iter().filter(|v| **v > 0.0).count();
                let key = format!("{}.{}.{latent}.{name}", pair[0], pair[1]);
                out.push((key.clone(), gain));
                out.push((format!("{key}.ahead"), ahead as f64));
                out.push((format!("{key}.spread"), spread));
            }
        }
        for (kind, _) in KINDS {
            let value = mean(&measured(log, kind, latent, "sharp")?);
            out.push((format!("{kind}.{latent}.sharp"), value));
        }
    }
    for (kind, _) in KINDS {
        let of = |name| measured(log, kind, 2, name).map(|v| mean(&v));
        out.push((format!("{kind}.gap"), of("evidence")? - of("bound")?));
    }
    Ok(out)
}
