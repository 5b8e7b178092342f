//! An encoder for the smallest decoder: one straight line from the pixels to m, and one to log s, for all images.
//! Everything is a sum over a grid, so each gap is exact.
use crate::elbo::{Elbo, Gauss, Hidden, Tiny};
use crate::error::{Error, Result, shaped, within};
use ndarray::{Array1, ArrayView1};

// ANCHOR: encoder
/// q(z | x) = N(m(x), s(x)²): m and log s are linear in the pixels, taken as ±1.
#[derive(Clone, Debug, PartialEq)]
pub struct Encoder {
    /// For m: a weight a pixel, and a constant at the end.
    pub mean: Array1<f64>,
    /// For log s: the same.
    pub log_sd: Array1<f64>,
}

impl Encoder {
    /// What this encoder says of x.
    pub fn q(&self, x: ArrayView1<f64>) -> Result<Gauss> {
        shaped("the pixels", (x.len() + 1, 1), "this encoder", (self.mean.len(), 1))?;
        shaped("log s", (self.log_sd.len(), 1), "this encoder", (self.mean.len(), 1))?;
        let signs = signs(x);
        let sd = self.log_sd.dot(&signs).exp();
        Ok(Gauss { mean: self.mean.dot(&signs), sd })
    }

    /// Climbs the mean bound over images from the decoder itself, all images at once.
    pub fn trained(model: &Tiny, steps: usize, rate: f64) -> Result<Encoder> {
        within("the rate", rate, 0.0, 10.0, "")?;
        let images = images(model)?;
        let zero = Array1::zeros(model.w.nrows() + 1);
        let mut encoder = Encoder { mean: zero.clone(), log_sd: zero };
        for step in 0..steps {
            let before = encoder.clone();
            for (x, share, hidden) in &images {
                let (bound, [by_mean, by_log_sd]) = hidden.slopes(before.q(x.view())?);
                let signs = signs(x.view());
                encoder.mean.scaled_add(rate * share * by_mean, &signs); // (eq:amortised-slope)
                encoder.log_sd.scaled_add(0.5 * rate * share * by_log_sd, &signs); // half, as in (eq:ascent)
                if !(bound.nats() + by_mean + by_log_sd).is_finite() {
                    return Err(Error::NoBound { step, bound: bound.nats() });
                }
            }
        }
        Ok(encoder)
    }
}
// ANCHOR_END: encoder

/// Pixels as ±1, and a 1 for the constant.
fn signs(x: ArrayView1<f64>) -> Array1<f64> {
    x.iter().map(|v| 2.0 * v - 1.0).chain([1.0]).collect()
}

/// Every image, its probability, and its posterior.
fn images(model: &Tiny) -> Result<Vec<(Array1<f64>, f64, Hidden)>> {
    let each = |x: ArrayView1<f64>| {
        let hidden = model.hidden(x)?;
        Ok((x.to_owned(), hidden.log_evidence().exp(), hidden))
    };
    model.every_x().rows().into_iter().map(each).collect()
}

// ANCHOR: gaps
/// What is lost for one image, in nats.
#[derive(Clone, Copy, Debug)]
pub struct Gaps {
    /// p(x), the share of this image.
    pub share: f64,
    /// log p(x).
    pub evidence: f64,
    /// The best Gaussian, and its bound.
    pub best: (Gauss, Elbo),
    /// What the encoder says, and its bound.
    pub amortised: (Gauss, Elbo),
}

impl Gaps {
    /// Lost because q is a Gaussian.
    pub fn approximation(&self) -> f64 {
        self.evidence - self.best.1.nats() // (eq:two-gaps)
    }

    /// Lost because one encoder serves all.
    pub fn amortisation(&self) -> f64 {
        self.best.1.nats() - self.amortised.1.nats()
    }
}

/// Both gaps for every image there is.
pub fn gaps(model: &Tiny, encoder: &Encoder) -> Result<Vec<Gaps>> {
    let each = |(x, share, hidden): (Array1<f64>, f64, Hidden)| {
        let q = encoder.q(x.view())?;
        let amortised = (q, hidden.elbo(&q.on(&hidden)));
        let best = hidden.best_gaussian(q)?;
        Ok(Gaps { share, evidence: hidden.log_evidence(), best, amortised })
    };
    images(model)?.into_iter().map(each).collect()
}
// ANCHOR_END: gaps

// ANCHOR: information
/// Over images from the decoder: what the code tells about the image, I(x; z), and the
/// mean cost. The first is the cost with the average of all q in the prior's place.
pub fn information(model: &Tiny, encoder: &Encoder) -> Result<[f64; 2]> {
    let images = images(model)?;
    let mut all = Array1::<f64>::zeros(images[0].2.z.len());
    let mut each = vec![];
    for (x, share, hidden) in &images {
        let log_q = encoder.q(x.view())?.on(hidden);
        all += &log_q.mapv(|l| share * l.exp());
        each.push((share, hidden, log_q));
    }
    let mut sums = [0.0; 2];
    for (share, hidden, log_q) in each {
        sums[0] += share * hidden.mean(&log_q, &(&log_q - &all.mapv(f64::ln)));
        sums[1] += share * hidden.mean(&log_q, &(&log_q - &hidden.log_prior)); // (eq:information)
    }
    Ok(sums)
}
// ANCHOR_END: information
