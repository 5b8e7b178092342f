//! Small pictures, and what they may have been: the opening question.
use super::*;
use latent::data::digits;
use latent::why::enlarge::{alike, middle, shrink, two_costs};

pub const FIGURE: Figure = Figure {
    name: "why.enlarge",
    caption: "Eight handwritten digits, made small until four grey values were left. The second row is the best single answer, the mean of the twenty known digits that look most alike when small. \
The next two rows are two of those twenty, taken by a rule that does not look at them. The last row is what was written.",
    alt: "Five rows of eight small images. Row one: four grey squares each. Row two: soft grey blots, some like digits. Rows three and four: clear digits, often not the same ones. Row five: the digits as written.",
    draw,
};

/// How many known digits are asked.
const ASKED: usize = 20;

fn draw() -> Result<Drawing> {
    let x = digits().x.mapv(|v| v / 16.0);
    let (known, new) = x.view().split_at(Axis(0), 1500);
    let (small, asked) = (shrink(known, 8, 4)?, shrink(new, 8, 4)?);
    let candidates =
        |i: usize| Ok(known.select(Axis(0), &alike(asked.row(i), small.view(), ASKED)?));
    let (mut sums, mut flat) = ([0.0; 2], 0.0);
    for (i, truth) in new.rows().into_iter().enumerate() {
        let [mean, one] = two_costs(truth, candidates(i)?.view())?;
        sums = [sums[0] + mean, sums[1] + one];
        flat += (&truth - &blocks(asked.row(i))).mapv(|v| v * v).sum();
    }
    let shown = [8, 5, 3, 9, 2, 6, 0, 4]
        .map(|c| digits().class.iter().skip(1500).position(|&k| k == c).unwrap_or(0));
    let mut rows: [Vec<f64>; 5] = Default::default();
    for (k, &i) in shown.iter().enumerate() {
        let found = candidates(i)?;
        rows[0].extend(blocks(asked.row(i)));
        rows[1].extend(middle(found.view())?);
        rows[2].extend(found.row((7 * k + 3) % ASKED));
        rows[3].extend(found.row((11 * k + 8) % ASKED));
        rows[4].extend(new.row(i));
    }
    let tables = rows.map(|r| Array2::from_shape_vec((8, 64), r).unwrap_or_default());
    let names = ["small", "the mean", "one of 20", "another", "it was"];
    let rows: Vec<(&str, &Array2<f64>)> = names.into_iter().zip(&tables).collect();
    let n = new.nrows() as f64;
    let decibel = |cost: f64| 10.0 * (64.0 * n / cost).log10();
    Ok(Drawing::one(strips(&rows)?)
        .exact("why.enlarge.mean", sums[0] / n)
        .exact("why.enlarge.one", sums[1] / n)
        .exact("why.enlarge.ratio", sums[1] / sums[0])
        .exact("why.enlarge.psnr_mean", decibel(sums[0]))
        .exact("why.enlarge.psnr_one", decibel(sums[1]))
        .exact("why.enlarge.psnr_small", decibel(flat)))
}

/// Four grey values as a picture of 8×8 pixels.
fn blocks(small: ndarray::ArrayView1<f64>) -> ndarray::Array1<f64> {
    ndarray::Array1::from_shape_fn(64, |p| small[p / 8 / 4 * 2 + p % 8 / 4])
}
