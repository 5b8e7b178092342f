//! What images that share a code do to each other: averages, their price, and the walk x → z → x′. All by enumeration.
use super::average::best_mean;
use crate::elbo::{entropy, kl};
use crate::error::{Result, finite, shaped, within};
use ndarray::{Array1, Array2, ArrayView1, Axis, s};

// ANCHOR: sharing
/// Images with their shares of the data, and an encoder to finitely many codes.
#[derive(Clone, Debug)]
pub struct Sharing {
    /// One image a row, of shape (N, D). A row may have the share zero.
    pub images: Array2<f64>,
    /// The share of each image in the data.
    pub share: Array1<f64>,
    /// q(z | x), of shape (N, K).
    pub q: Array2<f64>,
}

impl Sharing {
    /// q(z): how often each code comes up.
    pub fn aggregate(&self) -> Array1<f64> {
        self.share.dot(&self.q)
    }

    /// q(x | z), of shape (K, N): the images behind each code, by Bayes' rule.
    pub fn behind(&self) -> Array2<f64> {
        let joint = &self.q.t() * &self.share;
        let all = joint.sum_axis(Axis(1)).insert_axis(Axis(1));
        joint / all // (eq:behind)
    }

    /// The best image for each code, of shape (K, D): the average of what is behind it.
    pub fn means(&self) -> Result<Array2<f64>> {
        let mut out = Array2::zeros((self.q.ncols(), self.images.ncols()));
        for (mut mean, behind) in out.rows_mut().into_iter().zip(self.behind().rows()) {
            mean.assign(&best_mean(self.images.view(), behind)?); // (eq:averaging)
        }
        Ok(out)
    }

    /// p(x | z) of pixels tossed one by one with those means, of shape (K, N).
    pub fn tossed(&self) -> Result<Array2<f64>> {
        let means = self.means()?;
        let toss = |(k, n): (usize, usize)| {
            let pair = self.images.row(n).into_iter().zip(means.row(k));
            pair.map(|(x, p)| if *x > 0.5 { *p } else { 1.0 - p }).product()
        };
        Ok(Array2::from_shape_fn((self.q.ncols(), self.q.nrows()), toss))
    }
}
// ANCHOR_END: sharing

// ANCHOR: price
/// Where the nats of the best bound go, the prior being q(z).
#[derive(Clone, Copy, Debug)]
pub struct Price {
    /// H(x), the entropy of the data: no bound is above minus this.
    pub data: f64,
    /// I(x; z), what the code tells, and costs.
    pub told: f64,
    /// H(x | z): what is left to say, if the decoder can say anything.
    pub together: f64,
    /// Σ H(x_d | z): what is left, said pixel by pixel.
    pub pixel_by_pixel: f64,
}

impl Sharing {
    /// The price of these codes, in nats.
    pub fn price(&self) -> Result<Price> {
        let (aggregate, behind) = (self.aggregate(), self.behind());
        let (mut together, mut pixel_by_pixel) = (0.0, 0.0);
        for ((share, behind), mean) in
            aggregate.iter().zip(behind.rows()).zip(self.means()?.rows())
        {
            together += share * entropy(&behind.to_vec())?;
            for &p in mean {
                let p = p.clamp(0.0, 1.0); // a sum may end a digit above 1
                pixel_by_pixel += share * entropy(&[p, 1.0 - p])?;
            }
        }
        let data = entropy(&self.share.to_vec())?;
        Ok(Price { data, told: data - together, together, pixel_by_pixel })
    }
}

impl Price {
    /// The bound with a decoder that can say anything: minus H(x), whatever the code.
    pub fn free_bound(&self) -> f64 {
        -self.together - self.told
    }

    /// The bound with pixels that are tossed one by one.
    pub fn pixel_bound(&self) -> f64 {
        -self.pixel_by_pixel - self.told // (eq:sharing-price)
    }
}
// ANCHOR_END: price

// ANCHOR: walk
impl Sharing {
    /// Where one step x → z → x′ of the walk takes a distribution over the images:
    /// z from q(z | x), then x′ from the decoder, of shape (K, N).
    pub fn step(&self, x: ArrayView1<f64>, decoder: &Array2<f64>) -> Result<Array1<f64>> {
        self.fits(x, decoder)?;
        Ok(x.dot(&self.q).dot(decoder)) // (eq:walk)
    }

    /// Where so many steps take it.
    pub fn after(
        &self,
        steps: usize,
        x: ArrayView1<f64>,
        decoder: &Array2<f64>,
    ) -> Result<Array1<f64>> {
        (0..steps).try_fold(x.to_owned(), |x, _| self.step(x.view(), decoder))
    }
}
// ANCHOR_END: walk

impl Sharing {
    /// A set of images with an encoder, if the parts fit together.
    pub fn new(images: Array2<f64>, share: Array1<f64>, q: Array2<f64>) -> Result<Sharing> {
        let n = images.nrows();
        finite("the images", images.view())?;
        for v in &images {
            within(
                "a pixel's distance from grey",
                (v - 0.5).abs(),
                0.5,
                0.5,
                ": it is 0 or 1",
            )?;
        }
        shaped("the shares", (share.len(), 1), "these images", (n, 1))?;
        finite("the encoder", q.view())?;
        shaped("the encoder", q.dim(), "these images", (n, q.ncols()))?;
        entropy(&share.to_vec())?; // refuses what is no distribution
        for row in q.rows() {
            entropy(&row.to_vec())?;
        }
        let least = share.dot(&q).fold(1.0f64, |m, v| m.min(*v));
        within("how often a code comes up", least, 1e-300, 1.0, ": leave it out")?;
        Ok(Sharing { images, share, q })
    }

    /// Every image of `side`² black and white pixels; the data are its bars. Row i and column i come up twice as often
    /// as row i + 1 and column i + 1. With `apart` each bar has a code of its own, otherwise row i and column i share
    /// one. q(z | x) goes by how many pixels x is away from the bars of the code, by e^(−sureness) a pixel.
    pub fn bars(side: usize, apart: bool, sureness: f64) -> Result<Sharing> {
        within("the side", side as f64, 2.0, 3.0, ": there are 2^(side²) images")?;
        within("the sureness", sureness, 0.0, 50.0, "")?;
        let d = side * side;
        let images = Array2::from_shape_fn((1 << d, d), |(n, i)| {
            f64::from(n as u32 >> (d - 1 - i) & 1)
        });
        let bars = Array2::from_shape_fn((2 * side, d), |(b, i)| {
            f64::from(if b < side { i / side == b } else { i % side == b - side })
        });
        let away = |n: usize, b: usize| (&images.row(n) - &bars.row(b)).mapv(f64::abs).sum();
        let often = |n: usize| {
            let bar = (0..2 * side).find(|&b| away(n, b) == 0.0);
            bar.map_or(0.0, |b| f64::from(1u32 << (side - 1 - b % side)))
        };
        let share = Array1::from_shape_fn(1 << d, often);
        let near = Array2::from_shape_fn((1 << d, 2 * side), |(n, b)| {
            (-sureness * away(n, b)).exp()
        });
        let joined = &near.slice(s![.., ..side]) + &near.slice(s![.., side..]);
        let weights = if apart { near } else { joined };
        let all = weights.sum_axis(Axis(1)).insert_axis(Axis(1));
        let total = share.sum();
        Sharing::new(images, share / total, weights / all)
    }

    /// The images that have a share.
    pub fn data(&self) -> Array2<f64> {
        let seen: Vec<usize> =
            (0..self.share.len()).filter(|&n| self.share[n] > 0.0).collect();
        self.images.select(Axis(0), &seen)
    }

    /// KL(data ‖ x), in nats: how far a distribution over the images is from the data.
    pub fn from_data(&self, x: ArrayView1<f64>) -> Result<f64> {
        let all = x.sum();
        kl(&self.share.to_vec(), &x.mapv(|p| p / all).to_vec())
    }

    /// E ‖x − its code's best image‖²: what the averages leave, summed over pixels.
    pub fn left_over(&self) -> Result<f64> {
        let (means, behind, aggregate) = (self.means()?, self.behind(), self.aggregate());
        let mut sum = 0.0;
        for ((share, behind), mean) in aggregate.iter().zip(behind.rows()).zip(means.rows()) {
            let misses = (&self.images - &mean).mapv(|v| v * v).sum_axis(Axis(1));
            sum += share * behind.dot(&misses);
        }
        Ok(sum)
    }

    fn fits(&self, x: ArrayView1<f64>, decoder: &Array2<f64>) -> Result<()> {
        let (n, k) = self.q.dim();
        shaped("the distribution", (x.len(), 1), "these images", (n, 1))?;
        finite("the distribution", x.insert_axis(Axis(0)))?;
        shaped("the decoder", decoder.dim(), "these codes", (k, n))
    }
}
