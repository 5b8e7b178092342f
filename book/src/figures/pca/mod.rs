//! Chapter 1's figures, in the order of its pages, and what several of them need.
mod angle;
mod arc;
mod candidates;
mod centring;
mod code_drag;
mod descent;
mod digits_by_network;
mod digits_by_pca;
mod digits_error;
mod directions;
mod holes;
mod loss;
mod map;
mod petals;
mod roll;
mod shares;
mod taught;
mod units;
mod zeros;

use super::{Drawing, Figure};
use dfdx::prelude::Cpu;
use latent::Result;
use latent::data::{arc, digits, iris};
use latent::pca::autoencoder::{self as ae, Deep, Plan};
use latent::plot::{Picture, Points, Svg, images};
use ndarray::{Array1, Array2, ArrayView2, Axis, s};
use rand::{SeedableRng, rngs::StdRng};

/// In the order of the pages.
pub const FIGURES: &[&Figure] = &[
    &map::FIGURE,
    &petals::FIGURE,
    &candidates::FIGURE,
    &angle::FIGURE,
    &shares::FIGURE,
    &descent::FIGURE,
    &loss::FIGURE,
    &code_drag::FIGURE,
    &taught::FIGURE,
    &arc::FIGURE,
    &roll::FIGURE,
    &digits_by_pca::FIGURE,
    &digits_by_network::FIGURE,
    &digits_error::FIGURE,
    &directions::FIGURE,
    &zeros::FIGURE,
    &centring::FIGURE,
    &units::FIGURE,
    &holes::FIGURE,
];

fn rng(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

/// Length and width of the petals of 150 irises, in centimetres.
fn petals() -> Array2<f64> {
    iris().x.slice(s![.., 2..4]).to_owned()
}

/// The digits with grey values between 0 and 1: the first 1500 to learn from, the last 297 to test on.
fn digits_split() -> (Array2<f64>, Array2<f64>) {
    let (train, test) = digits().split(1500);
    (train.mapv(|v| v / 16.0), test.mapv(|v| v / 16.0))
}

/// How every network on digits here is trained.
const PLAN: Plan = Plan { epochs: 200, batch: 50, rate: 0.003 };

/// A network with a code of `L` numbers, trained on the digits.
fn digit_net<const L: usize>(train: ArrayView2<f64>) -> Result<Deep<64, 64, L, f32, Cpu>> {
    let cpu = Cpu::default();
    let mut net = Deep::new(&cpu, &mut rng(1));
    ae::train(&mut net, train, PLAN, &cpu, &mut rng(2))?;
    Ok(net)
}

/// The points near an arc that several pages use.
fn arc_points() -> Array2<f64> {
    arc(300, 0.06, &mut rng(5)).x
}

/// A network with one number as its code, trained on the arc for so many epochs.
fn arc_net(x: ArrayView2<f64>, epochs: usize) -> Result<Deep<2, 24, 1, f32, Cpu>> {
    let cpu = Cpu::default();
    let mut net = Deep::new(&cpu, &mut rng(6));
    ae::train(&mut net, x, Plan { epochs, batch: 30, rate: 0.01 }, &cpu, &mut rng(7))?;
    Ok(net)
}

/// The curve that a decoder of one number draws while its code runs over the codes of the rows of `x`.
fn decoder_curve(net: &Deep<2, 24, 1, f32, Cpu>, x: ArrayView2<f64>) -> Result<Points> {
    let cpu = Cpu::default();
    let z = ae::encode(net, x, &cpu)?;
    let (low, high) = reach(z.view());
    let grid = Array1::linspace(low[0], high[0], 300).insert_axis(Axis(1));
    Ok(latent::plot::points_of(ae::decode(net, grid.view(), &cpu)?.view()))
}

/// The least and the greatest entry of each column.
fn reach(z: ArrayView2<f64>) -> (Array1<f64>, Array1<f64>) {
    (
        z.fold_axis(Axis(0), f64::INFINITY, |a, b| a.min(*b)),
        z.fold_axis(Axis(0), f64::NEG_INFINITY, |a, b| a.max(*b)),
    )
}

/// Rows of digits, each with its name: grey values from 0, paper, to 1, ink.
fn digit_rows(rows: &[(&str, Array2<f64>)]) -> Result<Svg> {
    let rows = rows.iter().map(|(name, x)| Picture {
        name: name.to_string(),
        pixels: x.view(),
        ink: 1.0,
        signed: false,
    });
    images(&rows.collect::<Vec<_>>(), 8)
}

/// Straight pieces from the rows of `a` to those of `b`.
fn pieces(a: ArrayView2<f64>, b: ArrayView2<f64>) -> Vec<[(f64, f64); 2]> {
    a.rows().into_iter().zip(b.rows()).map(|(p, q)| [(p[0], p[1]), (q[0], q[1])]).collect()
}

/// The piece of the line through `middle` along `direction` that reaches `length` both ways.
fn segment(middle: [f64; 2], direction: [f64; 2], length: f64) -> Points {
    [-length, length]
        .map(|t| (middle[0] + t * direction[0], middle[1] + t * direction[1]))
        .to_vec()
}

/// One row for each digit 0 to 9: the first of the rows of `x` with that class, of those from row `from` on.
fn one_of_each(x: ArrayView2<f64>, from: usize) -> Array2<f64> {
    let rows: Vec<usize> = (0..10)
        .filter_map(|c| digits().class.iter().skip(from).position(|&k| k == c))
        .collect();
    x.select(Axis(0), &rows)
}
