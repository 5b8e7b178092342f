//! The checks of the exercises before the first chapter.
mod draws;
mod nets;
mod sums;
mod tasks;

pub use draws::{image, row};
pub use nets::{features, order};
pub use sums::{chance, grey};
pub use tasks::tasks;

mod small;

use ndarray::{Array2, array};

/// Three hidden states and four pixels: how often each state comes, and the chance of ink in each pixel.
fn three_states() -> (Vec<f64>, Array2<f64>) {
    let ink = array![[0.9, 0.8, 0.1, 0.2], [0.1, 0.2, 0.9, 0.7], [0.6, 0.1, 0.1, 0.9]];
    (vec![0.5, 0.3, 0.2], ink)
}

/// Image number `i` of the sixteen: bit d says whether pixel d has ink.
fn pixels(i: usize) -> Vec<bool> {
    (0..4).map(|d| (i >> d) & 1 == 1).collect()
}

/// p(x) of the three states, by the sum over them.
fn probability(x: &[bool]) -> f64 {
    let (prior, ink) = three_states();
    let one = |k: usize| {
        let each = |(d, x): (usize, &bool)| if *x { ink[[k, d]] } else { 1.0 - ink[[k, d]] };
        prior[k] * x.iter().enumerate().map(each).product::<f64>()
    };
    (0..3).map(one).sum()
}
