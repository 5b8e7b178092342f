//! What q may look at: nothing, the row as a name, or the row as numbers. On a decoder with so few pixels that all
//! images can be listed.
use crate::elbo::{Gauss, Hidden, Tiny};
use crate::error::{Result, shaped};
use ndarray::{Array1, Array2, array};

/// A tiny decoder with all its images.
#[derive(Clone, Debug)]
pub struct Choices {
    /// Every image, one a row, of shape (images, D).
    pub images: Array2<f64>,
    /// How often each comes.
    pub shares: Array1<f64>,
    /// What each says about z.
    pub hidden: Vec<Hidden>,
}

impl Choices {
    /// All images of `model`, as often as it makes them.
    pub fn of(model: &Tiny) -> Result<Choices> {
        let images = model.every_x();
        let hidden: Vec<Hidden> =
            images.rows().into_iter().map(|x| model.hidden(x)).collect::<Result<_>>()?;
        let shares = hidden.iter().map(|h| h.log_evidence().exp()).collect();
        Ok(Choices { images, shares, hidden })
    }

    /// The mean of log p(x): what no choice of q can exceed.
    pub fn log_evidence(&self) -> f64 {
        self.shares.iter().zip(&self.hidden).map(|(s, h)| s * h.log_evidence()).sum()
    }

    /// The mean bound, with one q for each image.
    pub fn bound(&self, q: &[Gauss]) -> Result<f64> {
        shaped("the list of q", (q.len(), 1), "this decoder", (self.hidden.len(), 1))?;
        let each = self.shares.iter().zip(&self.hidden).zip(q);
        Ok(each.map(|((share, h), q)| share * h.elbo(&q.on(h)).nats()).sum())
    }

    // ANCHOR: choices
    /// One q for all images: the mean of their log-likelihoods takes the place of one.
    pub fn shared(&self) -> Result<Vec<Gauss>> {
        let mut all = self.hidden[0].clone();
        all.log_likelihood = Array1::zeros(all.z.len());
        for (share, hidden) in self.shares.iter().zip(&self.hidden) {
            all.log_likelihood.scaled_add(*share, &hidden.log_likelihood);
        }
        let (best, _) = all.best_gaussian(Gauss { mean: 0.0, sd: 1.0 })?;
        Ok(vec![best; self.hidden.len()])
    }

    /// A q for each image, found for it alone.
    pub fn own(&self) -> Result<Vec<Gauss>> {
        let start = Gauss { mean: 0.0, sd: 1.0 };
        self.hidden.iter().map(|h| Ok(h.best_gaussian(start)?.0)).collect()
    }

    /// A q for each image, computed from its pixels: m and log s are φ times (1, ±1, …).
    /// All images train the one table φ, by so many steps uphill.
    pub fn amortised(&self, steps: usize) -> Vec<Gauss> {
        let inputs = self.inputs();
        let mut phi: Array2<f64> = Array2::zeros((2, inputs.ncols()));
        for _ in 0..steps {
            let mut slope = Array2::zeros(phi.dim());
            for (i, q) in guesses(&phi, &inputs).into_iter().enumerate() {
                let (_, [by_mean, by_log_sd]) = self.hidden[i].slopes(q);
                let by_q = array![[by_mean], [by_log_sd]] * self.shares[i];
                slope += &(by_q * inputs.row(i));
            }
            phi.scaled_add(0.4, &slope);
        }
        guesses(&phi, &inputs)
    }
    // ANCHOR_END: choices

    /// A one, and each pixel as −1 or 1, of shape (images, 1 + D).
    fn inputs(&self) -> Array2<f64> {
        let (rows, pixels) = self.images.dim();
        let entry = |(i, d)| if d == 0 { 1.0 } else { 2.0 * self.images[[i, d - 1]] - 1.0 };
        Array2::from_shape_fn((rows, pixels + 1), entry)
    }
}

/// q of each row of the inputs.
fn guesses(phi: &Array2<f64>, inputs: &Array2<f64>) -> Vec<Gauss> {
    let out = inputs.dot(&phi.t());
    out.rows().into_iter().map(|r| Gauss { mean: r[0], sd: r[1].exp() }).collect()
}
