//! Two labels a class, and many rows without: what the others are good for.
use super::enlarge::alike;
use crate::error::{Result, shaped, within};
use ndarray::{ArrayView2, Axis};
use rand::{Rng, seq::SliceRandom};

/// `each` rows of every class, drawn at random.
pub fn pick(class: &[usize], each: usize, rng: &mut impl Rng) -> Result<Vec<usize>> {
    let mut out = vec![];
    for c in 0..=class.iter().copied().max().unwrap_or(0) {
        let mut rows: Vec<usize> = (0..class.len()).filter(|&i| class[i] == c).collect();
        within("the rows of a class", rows.len() as f64, each as f64, f64::MAX, "")?;
        rows.shuffle(rng);
        out.extend(&rows[..each]);
    }
    Ok(out)
}

/// The share of the other rows whose nearest labelled row is of their class.
pub fn accuracy(x: ArrayView2<f64>, class: &[usize], labelled: &[usize]) -> Result<f64> {
    shaped("the classes", (class.len(), 1), "these rows", (x.nrows(), 1))?;
    for &i in labelled {
        within("the place of a label", i as f64, 0.0, x.nrows() as f64 - 1.0, "")?;
    }
    let known = x.select(Axis(0), labelled);
    let others: Vec<usize> = (0..x.nrows()).filter(|i| !labelled.contains(i)).collect();
    let mut right = 0;
    for &i in &others {
        let nearest = alike(x.row(i), known.view(), 1)?[0];
        right += usize::from(class[labelled[nearest]] == class[i]);
    }
    Ok(right as f64 / others.len().max(1) as f64)
}
