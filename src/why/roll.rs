//! A rolled sheet, laid flat by walking on it; and the correlation of ranks that says how flat.
use super::enlarge::alike;
use crate::error::{Result, finite, shaped, within};
use crate::linalg::eigen_symmetric;
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis, s};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

// ANCHOR: walks
/// The length of the shortest walk between any two rows, if each step leads to one of
/// the `k` nearest rows, or back from there.
pub fn walks(x: ArrayView2<f64>, k: usize) -> Result<Array2<f64>> {
    let roads = roads(x, k)?;
    let mut all = Array2::from_elem((x.nrows(), x.nrows()), f64::INFINITY);
    for (from, mut length) in all.rows_mut().into_iter().enumerate() {
        // Distances are not negative, so their bits are in the order of their sizes.
        let mut next = BinaryHeap::from([(Reverse(0f64.to_bits()), from)]);
        length[from] = 0.0;
        while let Some((Reverse(bits), i)) = next.pop() {
            if f64::from_bits(bits) > length[i] {
                continue; // a shorter walk has been here
            }
            for &(j, step) in &roads[i] {
                let walk = length[i] + step;
                if walk < length[j] {
                    length[j] = walk;
                    next.push((Reverse(walk.to_bits()), j));
                }
            }
        }
    }
    Ok(all)
}
// ANCHOR_END: walks

/// From each row the roads to its neighbours, with their lengths; each road leads both ways.
fn roads(x: ArrayView2<f64>, k: usize) -> Result<Vec<Vec<(usize, f64)>>> {
    finite("the data", x)?;
    within("the neighbours", k as f64, 1.0, x.nrows() as f64 - 1.0, "")?;
    let mut roads = vec![vec![]; x.nrows()];
    for (i, row) in x.rows().into_iter().enumerate() {
        for j in alike(row, x, k + 1)?.into_iter().filter(|&j| j != i).take(k) {
            let length =
                row.iter().zip(x.row(j)).map(|(a, b)| (a - b) * (a - b)).sum::<f64>();
            roads[i].push((j, length.sqrt()));
            roads[j].push((i, length.sqrt()));
        }
    }
    Ok(roads)
}

// ANCHOR: unroll
/// `l` coordinates whose straight distances are near the lengths of the walks.
pub fn unroll(x: ArrayView2<f64>, k: usize, l: usize) -> Result<Array2<f64>> {
    let squares = walks(x, k)?.mapv(|d| d * d);
    let n = x.nrows() as f64;
    let reached = squares.row(0).iter().filter(|d| d.is_finite()).count() as f64;
    within("the rows that walks reach", reached, n, n, ": allow more neighbours")?;
    within("the coordinates", l as f64, 1.0, n, "")?;
    let mean = squares.sum_axis(Axis(0)) / n; // of rows and of columns: it is symmetric
    let products =
        -0.5 * (&squares - &mean - &mean.clone().insert_axis(Axis(1)) + mean.sum() / n);
    let found = eigen_symmetric(products.view())?;
    let lengths = found.values.slice(s![..l]).mapv(|v| v.max(0.0).sqrt());
    Ok(&found.vectors.slice(s![.., ..l]) * &lengths)
}
// ANCHOR_END: unroll

/// The correlation of the ranks of `a` with the ranks of `b`: ±1 if one rises or falls
/// with the other, straight or not.
pub fn spearman(a: ArrayView1<f64>, b: ArrayView1<f64>) -> Result<f64> {
    finite("the first list", a.insert_axis(Axis(1)))?;
    finite("the second list", b.insert_axis(Axis(1)))?;
    shaped("the second list", (b.len(), 1), "the first", (a.len(), 1))?;
    let centred = |v| {
        let r = ranks(v);
        let mean = r.sum() / r.len() as f64;
        r - mean
    };
    let (a, b) = (centred(a), centred(b));
    let both = (a.dot(&a) * b.dot(&b)).sqrt();
    Ok(if both > 0.0 { a.dot(&b) / both } else { 0.0 })
}

/// The place of each entry in the sorted list, from 0; equals share the mean of their places.
fn ranks(v: ArrayView1<f64>) -> Array1<f64> {
    let below = |x: f64| v.iter().filter(|&&y| y < x).count() as f64;
    let equal = |x: f64| v.iter().filter(|&&y| y == x).count() as f64;
    v.mapv(|x| below(x) + (equal(x) - 1.0) / 2.0)
}
