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
    caption: "Left: circles of noise, one and two standard deviations out, and twelve draws on each. Right: where one affine step takes them, and, dashed, where the best product takes them. Both coordinates have variance 1 and the correlation is 0.9.",
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
    alt: "TODO",
    draw: flow,
};

/// A measure of one kind of q: one number a seed.
fn measured(log: &Log, kind: &str, latent: usize, name: &str) -> Result<Vec<f64>> {
    let missing = |e: anyhow::Error| Error::file("book/runs/digits-iaf", format!("{e:#}"));
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

fn less(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

fn dots(values: &[f64], at: f64) -> Points {
    let place = |i: usize| at + 0.09 * (i as f64 - 2.0);
    values.iter().enumerate().map(|(i, &v)| (place(i), v)).collect()
}

fn flow() -> Result<Drawing> {
    let log = log("digits-iaf")?;
    let (mut gains, mut sharp, mut numbers) = (vec![], vec![], vec![]);
    for (group, (latent, _)) in (0..).zip(SIZES) {
        let of = |kind, name| measured(&log, kind, latent, name);
        for (k, (kind, _)) in (0..).zip(KINDS) {
            let role = [Role::Data, Role::Other, Role::Model][k as usize];
            let name =
                if group == 0 { ["product", "blind", "steps"][k as usize] } else { "" };
            let gain = less(&of(kind, "bound")?, &of("product", "bound")?);
            let at = 4.0 * f64::from(group) + f64::from(k);
            if k > 0 {
                gains.push((Mark::Dots(dots(&gain, at), role, 7), name));
            }
            sharp.push((Mark::Dots(dots(&of(kind, "sharp")?, at), role, 7), name));
            for measure in ["bound", "weighted", "sharp", "back", "sure", "train"] {
                let (mine, other) = (of(kind, measure)?, of("product", measure)?);
                let key = format!("blurriness.flow.{kind}.{latent}.{measure}");
                numbers.push((key.clone(), mean(&mine)));
                numbers.push((format!("{key}.gain"), mean(&less(&mine, &other))));
                numbers.push((format!("{key}.spread"), spread(&less(&mine, &other))));
            }
            if latent == 2 {
                let gap = less(&of(kind, "evidence")?, &of(kind, "bound")?);
                numbers.push((format!("blurriness.flow.{kind}.gap"), mean(&gap)));
                numbers.push((
                    format!("blurriness.flow.{kind}.evidence"),
                    mean(&of(kind, "evidence")?),
                ));
            }
        }
    }
    let data = log.number("data.sharp").map_err(|e| Error::file("digits-iaf", e))?;
    gains.insert(0, (Mark::Dashed(vec![(0.3, 0.0), (6.7, 0.0)], Role::Data, 3), ""));
    sharp.insert(0, (Mark::Dashed(vec![(-0.5, data), (6.5, data)], Role::Ink, 3), ""));
    let names = ["", "2 numbers", "", "", "", "10 numbers", ""].map(String::from).to_vec();
    let chart = |y, marks| Chart {
        y,
        size: (440, 400),
        names: names.clone(),
        legend: Corner::UpperLeft,
        marks,
        ..Chart::default()
    };
    let (left, right) = (chart("gain, nats a digit", gains), chart("sharpness", sharp));
    let drawing =
        Drawing::panels(vec![("The bound", left.svg()?), ("The pictures", right.svg()?)])
            .exact("blurriness.flow.data", data);
    Ok(numbers.into_iter().fold(drawing, |d, (key, value)| d.exact(key, value)))
}
