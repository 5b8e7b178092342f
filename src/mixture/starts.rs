//! Where a fit begins: rows that lie far apart; and k-means, the hard cousin of EM.
use crate::error::{Result, finite, shaped, within};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis};
use rand::Rng;

fn distance(a: ArrayView1<f64>, b: ArrayView1<f64>) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

// ANCHOR: scattered
/// k rows far apart: each is drawn with a chance that grows as the squared
/// distance to the nearest one drawn before.
pub fn scattered(x: ArrayView2<f64>, k: usize, rng: &mut impl Rng) -> Result<Array2<f64>> {
    finite("the data", x)?;
    within("the number of components", k as f64, 1.0, x.nrows() as f64, ": the rows")?;
    let mut chosen = vec![rng.random_range(0..x.nrows())];
    let mut nearest = Array1::from_elem(x.nrows(), f64::INFINITY);
    while chosen.len() < k {
        let last = x.row(chosen[chosen.len() - 1]);
        for (near, row) in nearest.iter_mut().zip(x.rows()) {
            *near = near.min(distance(row, last));
        }
        within(
            "the number of different rows",
            nearest.sum(),
            f64::MIN_POSITIVE,
            f64::MAX,
            "",
        )?;
        chosen.push(super::draw(&nearest, rng));
    }
    Ok(x.select(Axis(0), &chosen))
}
// ANCHOR_END: scattered

// ANCHOR: kmeans
/// Each row to its nearest mean, each mean to the middle of its rows, until no row moves.
/// The means, and the component of each row.
pub fn kmeans(
    x: ArrayView2<f64>,
    mut means: Array2<f64>,
) -> Result<(Array2<f64>, Vec<usize>)> {
    finite("the data", x)?;
    finite("the means", means.view())?;
    shaped("the means", means.dim(), "these rows", (means.nrows(), x.ncols()))?;
    let mut owner = vec![];
    loop {
        let nearest = |row: ArrayView1<f64>| {
            let far = |&a: &usize, &b: &usize| {
                distance(row, means.row(a)).total_cmp(&distance(row, means.row(b)))
            };
            (0..means.nrows()).min_by(far).unwrap_or(0)
        };
        let next: Vec<usize> = x.rows().into_iter().map(nearest).collect();
        if next == owner {
            return Ok((means, owner));
        }
        owner = next;
        for (k, mut mean) in means.rows_mut().into_iter().enumerate() {
            let rows: Vec<usize> = (0..x.nrows()).filter(|&i| owner[i] == k).collect();
            if let Some(middle) = x.select(Axis(0), &rows).mean_axis(Axis(0)) {
                mean.assign(&middle);
            }
        }
    }
}
// ANCHOR_END: kmeans
