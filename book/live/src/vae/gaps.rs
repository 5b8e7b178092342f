//! What a shared encoder loses: the gap of the best Gaussian, and the gap to it, for each image of a tiny decoder.
use latent::elbo::{Elbo, Gauss, Hidden, Tiny};
use ndarray::Array1;

/// How many numbers [`Gaps::state`] has.
pub const STATE: usize = 9;

/// At how many places the curves are given, from −4 to 4.
pub const PLACES: usize = 161;

/// m(x) and log s(x), affine in the three pixels: a bias, then a weight for each. Its bound, averaged over the eight
/// images, is as high as such an encoder's can be.
const ENCODER: [[f64; 4]; 2] = [
    [0.06183849098077287, 0.9504007451880053, -0.5107157737946938, -0.3796706713481301],
    [-0.6306844676759515, -0.18858205458864696, -0.024577253259254243, -0.06425321911584096],
];

/// Everything that the figure shows.
pub struct Gaps {
    /// The image from 0 to 7, m, s, log p(x), the best Gaussian's bound, q's bound, the best m and s, and 1 if q is
    /// the encoder's.
    pub state: [f64; STATE],
    /// Posterior, best Gaussian and q at the places: one after the other.
    pub curves: Vec<f64>,
    tiny: Tiny,
    hidden: Hidden,
    best: (Gauss, Elbo),
    q: Gauss,
}

/// The decoder of this book's examples, three times as sure of its pixels.
fn decoder() -> Tiny {
    Tiny::default().scaled(3.0)
}

fn pixels(image: usize) -> Array1<f64> {
    [4, 2, 1].map(|bit| f64::from(u8::from(image & bit != 0))).into_iter().collect()
}

/// q(z | x) of the encoder.
fn encoded([mean, log_sd]: [[f64; 4]; 2], image: usize) -> Gauss {
    let x = pixels(image);
    let affine = |w: [f64; 4]| w[0] + w[1] * x[0] + w[2] * x[1] + w[3] * x[2];
    Gauss { mean: affine(mean), sd: affine(log_sd).exp() }
}

impl Gaps {
    /// The image 010, and what the encoder says of it.
    pub fn new() -> latent::Result<Gaps> {
        let tiny = decoder();
        let hidden = tiny.hidden(pixels(2).view())?;
        let best = hidden.best_gaussian(Gauss { mean: 0.0, sd: 1.0 })?;
        let (state, curves) = ([0.0; STATE], vec![0.0; 3 * PLACES]);
        let mut gaps = Gaps { state, curves, tiny, hidden, best, q: best.0 };
        gaps.choose(2);
        Ok(gaps)
    }

    /// Another image of the eight, and what the encoder says of it.
    pub fn choose(&mut self, image: usize) {
        let image = image % 8;
        let hidden = self.tiny.hidden(pixels(image).view());
        let start = Gauss { mean: 0.0, sd: 1.0 };
        if let Ok((hidden, best)) =
            hidden.and_then(|h| h.best_gaussian(start).map(|b| (h, b)))
        {
            (self.hidden, self.best) = (hidden, best);
            self.state[0] = image as f64;
            self.encode();
        }
    }

    /// q is what the encoder says.
    pub fn encode(&mut self) {
        self.q = encoded(ENCODER, self.state[0] as usize);
        self.look();
    }

    /// q is the best Gaussian.
    pub fn best(&mut self) {
        self.q = self.best.0;
        self.look();
    }

    /// Moves q; what is no number changes nothing.
    pub fn place(&mut self, mean: f64, sd: f64) {
        if mean.is_finite() && sd.is_finite() {
            self.q = Gauss { mean: mean.clamp(-3.0, 3.0), sd: sd.clamp(0.2, 2.0) };
        }
        self.look();
    }

    fn look(&mut self) {
        let (hidden, (best, elbo), q) = (&self.hidden, self.best, self.q);
        let logs = [hidden.log_posterior(), best.on(hidden), q.on(hidden)];
        let own = encoded(ENCODER, self.state[0] as usize) == q;
        let bound = hidden.elbo(&logs[2]).nats().min(elbo.nats());
        let image = self.state[0];
        let evidence = hidden.log_evidence();
        let own = f64::from(u8::from(own));
        self.state =
            [image, q.mean, q.sd, evidence, elbo.nats(), bound, best.mean, best.sd, own];
        for (curve, log) in self.curves.chunks_exact_mut(PLACES).zip(&logs) {
            // The library's grid has a place every 0.01, from −12.
            curve.iter_mut().enumerate().for_each(|(k, v)| *v = log[800 + 5 * k].exp());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The mean bound over the eight images, and its slopes in the encoder's eight numbers.
    fn mean_bound(encoder: [[f64; 4]; 2]) -> (f64, [[f64; 4]; 2]) {
        let (mut sum, mut slope) = (0.0, [[0.0; 4]; 2]);
        for image in 0..8 {
            let x = pixels(image);
            let hidden = decoder().hidden(x.view()).unwrap();
            let (bound, by) = hidden.slopes(encoded(encoder, image));
            sum += bound.nats() / 8.0;
            for (slope, by) in slope.iter_mut().zip(by) {
                for (slope, x) in slope.iter_mut().zip([1.0, x[0], x[1], x[2]]) {
                    *slope += by * x / 8.0;
                }
            }
        }
        (sum, slope)
    }

    /// How the encoder's numbers were found.
    #[test]
    #[ignore = "prints the encoder's numbers, which have their own test"]
    fn climb() {
        let mut encoder = [[0.0; 4]; 2];
        for _ in 0..3000 {
            let (_, slope) = mean_bound(encoder);
            for (w, g) in encoder.iter_mut().flatten().zip(slope.iter().flatten()) {
                *w += 0.1 * g;
            }
        }
        println!("{encoder:?} {:?}", mean_bound(encoder));
    }

    #[test]
    fn the_encoder_is_as_good_as_one_so_small_can_be() {
        let (bound, slope) = mean_bound(ENCODER);
        assert!(slope.iter().flatten().all(|g| g.abs() < 1e-6), "{bound} {slope:?}");
    }

    #[test]
    fn the_two_gaps_add_up_for_every_image() {
        let mut gaps = Gaps::new().unwrap();
        for image in 0..8 {
            gaps.choose(image);
            let [which, m, s, evidence, best, bound, .., own] = gaps.state;
            assert_eq!((which, own), (image as f64, 1.0));
            let hidden = decoder().hidden(pixels(image).view()).unwrap();
            let gap = hidden.gap(&Gauss { mean: m, sd: s }.on(&hidden));
            assert!((evidence - bound - gap).abs() < 1e-9);
            assert!(best < evidence - 1e-3 && bound < best - 1e-4, "{:?}", gaps.state);
            assert!(m.abs() < 3.0 && s > 0.2 && s < 2.0);
            gaps.best();
            assert_eq!((gaps.state[5], gaps.state[8]), (best, 0.0));
            assert_eq!(gaps.state[1..3], gaps.state[6..8]);
            for curve in gaps.curves.chunks(PLACES) {
                assert!((curve.iter().sum::<f64>() * 0.05 - 1.0).abs() < 1e-3);
            }
            gaps.encode();
            assert_eq!(gaps.state[1..3], [m, s]);
        }
    }

    #[test]
    fn nonsense_from_the_page_changes_nothing() {
        let mut gaps = Gaps::new().unwrap();
        let before = gaps.state;
        gaps.place(f64::NAN, 1.0);
        assert_eq!(gaps.state, before);
        gaps.place(99.0, -5.0);
        assert_eq!(gaps.state[1..3], [3.0, 0.2]);
        gaps.choose(10);
        assert_eq!(gaps.state, before);
    }
}
