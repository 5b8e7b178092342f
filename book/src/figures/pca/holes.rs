//! An autoencoder's codes have holes.
use super::*;
use latent::gaussian;
use latent::pca::{Origin, Pca};
use rand::Rng;

pub const FIGURE: Figure = Figure {
    name: "pca.holes",
    caption: "What a decoder makes of codes that nobody gave it. The autoencoder has ten hidden values. Third row: codes drawn evenly from the smallest box that holds the digits' codes. Fourth row: codes from a Gaussian fitted to them. \
Last row: no network, but a Gaussian on the images, with PCA's first ten directions and noise. The mean distance to the nearest real digit is {{number pca.holes.box 2}}, {{number pca.holes.fitted 2}} and {{number pca.holes.ppca 2}}, against {{number pca.holes.back 2}} for reconstructions.",
    alt: "Five rows of ten small images: digits as written; their reconstructions, which are faithful; images from codes of the box, which are blots and scrawls; from Gaussian codes, some of which can be read; and draws from a Gaussian on images, which are grey and speckled.",
    draw,
};

fn draw() -> Result<Drawing> {
    let x = digits().x.mapv(|v| v / 16.0);
    let cpu = Cpu::default();
    let net = digit_net::<10>(x.view())?;
    let (codes, back) =
        (ae::encode(&net, x.view(), &cpu)?, ae::reconstruct(&net, x.view(), &cpu)?);
    let (low, high) = reach(codes.view());
    let mut r = rng(18);
    let random = Array2::from_shape_fn((300, 10), |(_, j)| r.random_range(low[j]..high[j]));
    let invented = ae::decode(&net, random.view(), &cpu)?;
    let fitted = ae::decode(&net, like(codes.view(), &mut r)?.view(), &cpu)?;
    let drawn = by_gaussian(&x, &mut r)?;
    let ten = |x: &Array2<f64>| x.slice(s![..10, ..]).to_owned();
    let rows = [
        ("as written", ten(&x)),
        ("and back", ten(&back)),
        ("box", ten(&invented)),
        ("codes", ten(&fitted)),
        ("images", ten(&drawn)),
    ];
    let back = back.slice(s![..300, ..]);
    let mean = (x.sum_axis(Axis(0)) / x.nrows() as f64).insert_axis(Axis(0));
    Ok(Drawing::one(digit_rows(&rows)?)
        .trained("pca.holes.box", nearest(invented.view(), x.view()))
        .trained("pca.holes.fitted", nearest(fitted.view(), x.view()))
        .exact("pca.holes.mean", nearest(mean.view(), x.view()))
        .trained("pca.holes.back", nearest(back, x.view()))
        .exact("pca.holes.ppca", nearest(drawn.view(), x.view())))
}

/// 300 codes from a Gaussian with the mean and the covariance of the rows of `codes`.
fn like(codes: ArrayView2<f64>, r: &mut StdRng) -> Result<Array2<f64>> {
    let mean = codes.sum_axis(Axis(0)) / codes.nrows() as f64;
    let covariance = latent::linalg::second_moment((&codes - &mean).view());
    gaussian::sample(300, mean.view(), covariance.view(), r)
}

/// 300 rows from N(μ, W(Λ − σ²I)Wᵀ + σ²I): PCA's directions, and noise for the rest.
fn by_gaussian(x: &Array2<f64>, r: &mut StdRng) -> Result<Array2<f64>> {
    let p = Pca::by_svd(x.view(), Origin::Mean)?.keep(10)?;
    let noise = p.discarded() / 54.0;
    let scale = Array2::from_diag(&p.variances.slice(s![..10]).mapv(|v| v - noise));
    let covariance = p.w.dot(&scale).dot(&p.w.t()) + Array2::<f64>::eye(64) * noise;
    gaussian::sample(300, p.mean.view(), covariance.view(), r)
}

/// The mean distance of the rows of `a` to the nearest row of `b`.
fn nearest(a: ArrayView2<f64>, b: ArrayView2<f64>) -> f64 {
    let squared = |u: ndarray::ArrayView1<f64>| {
        b.rows()
            .into_iter()
            .map(|v| u.iter().zip(v).map(|(p, q)| (p - q) * (p - q)).sum::<f64>())
            .fold(f64::INFINITY, f64::min)
    };
    a.rows().into_iter().map(|u| squared(u).sqrt()).sum::<f64>() / a.nrows() as f64
}
