//! Small pictures made large again: the mean of all that they may have been, and one of those.
use crate::error::{Error, Result, finite, shaped, within};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis};

/// Each row, a square picture of `side` × `side` pixels, with every block of `block` × `block`
/// pixels replaced by their mean.
pub fn shrink(x: ArrayView2<f64>, side: usize, block: usize) -> Result<Array2<f64>> {
    finite("the pictures", x)?;
    shaped("the pictures", x.dim(), "this side", (x.nrows(), side * side))?;
    within("the block", block as f64, 1.0, side as f64, "")?;
    if !side.is_multiple_of(block) {
        let (got, high) = ((side % block) as f64, 0.0);
        let why = ": the blocks must fill the side";
        return Err(Error::Range {
            what: "what is left of the side",
            got,
            low: 0.0,
            high,
            why,
        });
    }
    let small = side / block;
    let mut out = Array2::zeros((x.nrows(), small * small));
    for ((n, pixel), v) in x.indexed_iter() {
        let (i, j) = (pixel / side / block, pixel % side / block);
        out[[n, i * small + j]] += v / (block * block) as f64;
    }
    Ok(out)
}

/// The `k` rows of `known` nearest to `x`, the nearest first.
pub fn alike(x: ArrayView1<f64>, known: ArrayView2<f64>, k: usize) -> Result<Vec<usize>> {
    finite("the rows", known)?;
    shaped("the row", (x.len(), 1), "these rows", (known.ncols(), 1))?;
    within("the number of rows", k as f64, 1.0, known.nrows() as f64, "")?;
    let far: Vec<f64> = known.rows().into_iter().map(|r| square(x, r)).collect();
    let mut order: Vec<usize> = (0..far.len()).collect();
    order.sort_by(|&i, &j| far[i].total_cmp(&far[j]));
    order.truncate(k);
    Ok(order)
}

/// The squared distance of `truth` from the mean of the candidates, and its mean over
/// the candidates one by one.
pub fn two_costs(truth: ArrayView1<f64>, candidates: ArrayView2<f64>) -> Result<[f64; 2]> {
    let mean = middle(candidates)?;
    shaped("the truth", (truth.len(), 1), "these candidates", (mean.len(), 1))?;
    let each = candidates.rows().into_iter().map(|r| square(truth, r)).sum::<f64>();
    Ok([square(truth, mean.view()), each / candidates.nrows() as f64])
}

/// The mean of the rows.
pub fn middle(rows: ArrayView2<f64>) -> Result<Array1<f64>> {
    finite("the candidates", rows)?;
    Ok(rows.sum_axis(Axis(0)) / rows.nrows() as f64)
}

fn square(a: ArrayView1<f64>, b: ArrayView1<f64>) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}
