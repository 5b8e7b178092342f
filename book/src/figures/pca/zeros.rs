//! A decoder that was only ever shown zeros.
use super::*;
use rand::Rng;

pub const FIGURE: Figure = Figure {
    name: "pca.zeros",
    caption: "A dictionary of one word. An autoencoder was trained on the 178 zeros of the digits and on nothing else. Nearly whatever its two hidden values are, within the range that training gave them, it says *zero*: \
of 1000 random codes {{number pca.zeros.inside 1%}} give an image that is nearer to the mean zero than to the mean of any other digit. In a box three times as wide in each direction, of which training saw at most the middle ninth, it is {{number pca.zeros.wide 0%}}.",
    alt: "Three rows of ten small images. Zeros as written; zeros drawn by the decoder from random codes, all readable as zeros, some narrow, some slanted; and images from codes out of range, several broken.",
    draw,
};

fn draw() -> Result<Drawing> {
    let zeros = digits().only(0) / 16.0;
    let cpu = Cpu::default();
    let mut net: Deep<64, 32, 2, f32, Cpu> = Deep::new(&cpu, &mut rng(9));
    ae::train(
        &mut net,
        zeros.view(),
        Plan { epochs: 150, batch: 20, rate: 0.003 },
        &cpu,
        &mut rng(10),
    )?;
    let (low, high) = reach(ae::encode(&net, zeros.view(), &cpu)?.view());
    let mut r = rng(11);
    let mut codes = |wider: f64| {
        Array2::from_shape_fn((1000, 2), |(_, j)| {
            let (middle, half) = ((low[j] + high[j]) / 2.0, (high[j] - low[j]) / 2.0 * wider);
            r.random_range(middle - half..middle + half)
        })
    };
    let (inside, wide) = (
        ae::decode(&net, codes(1.0).view(), &cpu)?,
        ae::decode(&net, codes(3.0).view(), &cpu)?,
    );
    let ten = |x: &Array2<f64>| x.slice(s![..10, ..]).to_owned();
    let rows =
        [("as written", ten(&zeros)), ("in range", ten(&inside)), ("beyond", ten(&wide))];
    Ok(Drawing::one(digit_rows(&rows)?)
        .trained("pca.zeros.inside", share_of_zeros(&inside))
        .trained("pca.zeros.wide", share_of_zeros(&wide)))
}

/// The share of images that are nearer to the mean zero than to the mean of any other digit.
fn share_of_zeros(x: &Array2<f64>) -> f64 {
    let means: Vec<Array1<f64>> = (0..10)
        .map(|c| digits().only(c).sum_axis(Axis(0)) / 16.0 / digits().only(c).nrows() as f64)
        .collect();
    let distance =
        |row: ndarray::ArrayView1<f64>, c: usize| (&row - &means[c]).mapv(|v| v * v).sum();
    let is_zero = |row: &ndarray::ArrayView1<f64>| {
        (1..10).all(|c| distance(*row, 0) < distance(*row, c))
    };
    x.rows().into_iter().filter(is_zero).count() as f64 / x.nrows() as f64
}
