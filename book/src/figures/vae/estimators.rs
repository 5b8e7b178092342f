//! Figures on estimators, gaps and tighter bounds, and what several of them need.
use super::{digits, net};
use crate::figures::Figure;
use latent::elbo::{Conjugate, Gauss, Hidden, Tiny};
use latent::plot::Points;
use latent::vae::OnCpu;
use latent::{Error, Result};
use ndarray::{Array1, Array2, s};

/// In the order of the pages.
pub const FIGURES: &[&Figure] = &[
    &super::variances::FIGURE,
    &super::two_gaps::FIGURE,
    &super::freed::FIGURE,
    &super::tighter::FIGURE,
    &super::starved::FIGURE,
    &super::channel::FIGURE,
];

/// f over a piece of the line.
pub fn curve(low: f64, high: f64, f: impl Fn(f64) -> f64) -> Points {
    Array1::linspace(low, high, 241).iter().map(|&x| (x, f(x))).collect()
}

/// x = 1.2 behind plain noise, variance 1, and behind little, variance 0.1.
pub fn behind_noise() -> Result<[Conjugate; 2]> {
    Ok([Conjugate::new(1.2, 1.0)?, Conjugate::new(1.2, 0.1f64.sqrt())?])
}

/// The image 101 of the smallest decoder, and its two q.
pub fn image_101() -> Result<(Hidden, [Gauss; 2])> {
    let tiny = Tiny::default();
    let x = tiny.every_x();
    Ok((tiny.hidden(x.row(5))?, [0.6, 0.9].map(|sd| Gauss { mean: 0.3, sd })))
}

/// The network with two numbers in the code, and the first 100 test rows.
pub fn hundred_digits() -> Result<(OnCpu, Array2<f32>)> {
    let net = net("digits-2").map_err(|why| Error::Device(why.to_string()))?;
    Ok((net, digits().test.slice(s![..100, ..]).to_owned()))
}
