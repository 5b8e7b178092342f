//! Chapter 3: one x, a q that the reader moves, and the bar of log p(x), divided into bound and gap.
use latent::elbo::{Conjugate, Elbo, Gauss, Hidden, Tiny};
use latent::gaussian::log_normal;
use ndarray::array;

/// How many numbers [`Bar::state`] has.
pub const STATE: usize = 7;

/// At how many places the curves are given.
pub const PLACES: usize = 161;

const SEEN: Conjugate = Conjugate { x: 1.2, noise: 1.0 };
const OPENING: Gauss = Gauss { mean: -0.4, sd: 0.55 };

/// Everything that the figure shows.
pub struct Bar {
    /// m, s, log p(x), bound, gap, fit, cost.
    pub state: [f64; STATE],
    /// Prior, posterior and q at the places −4, −3.95, …, 4: one after the other.
    pub curves: Vec<f64>,
    /// The decoder with three pixels, if it is chosen; else one number behind noise.
    pixels: Option<Hidden>,
    q: Gauss,
}

impl Default for Bar {
    fn default() -> Self {
        let mut bar = Bar {
            state: [0.0; STATE],
            curves: vec![0.0; 3 * PLACES],
            pixels: None,
            q: OPENING,
        };
        bar.look();
        bar
    }
}

impl Bar {
    /// Model 0 is one number behind noise, any other the image 100 of the decoder with three pixels.
    pub fn choose(&mut self, model: usize) {
        self.pixels = match model {
            0 => None,
            _ => Tiny::default().hidden(array![1.0, 0.0, 0.0].view()).ok(),
        };
        self.look();
    }

    /// Moves q; what is no number changes nothing.
    pub fn place(&mut self, mean: f64, sd: f64) {
        if mean.is_finite() && sd.is_finite() {
            self.q = Gauss { mean: mean.clamp(-3.0, 3.0), sd: sd.clamp(0.1, 1.5) };
        }
        self.look();
    }

    /// Moves q to the highest bound that a Gaussian can reach.
    pub fn best(&mut self) {
        let (mean, sd) = SEEN.posterior();
        self.q = match &self.pixels {
            None => Gauss { mean, sd },
            Some(hidden) => hidden
                .best_gaussian(Gauss { mean: 0.0, sd: 1.0 })
                .map_or(self.q, |best| best.0),
        };
        self.look();
    }

    /// The q that the figure opened with.
    pub fn reset(&mut self) {
        self.q = OPENING;
        self.look();
    }

    fn look(&mut self) {
        let Gauss { mean, sd } = self.q;
        let (evidence, bound): (f64, Elbo) = match &self.pixels {
            None => (SEEN.log_evidence(), SEEN.elbo(mean, sd)),
            Some(hidden) => (hidden.log_evidence(), hidden.elbo(&self.q.on(hidden))),
        };
        let gap = (evidence - bound.nats()).max(0.0);
        self.state = [mean, sd, evidence, bound.nats(), gap, bound.fit, bound.kl];
        let (m, s) = SEEN.posterior();
        let posterior = self.pixels.as_ref().map(Hidden::log_posterior);
        for k in 0..PLACES {
            let z = 0.05 * (k as f64 - 80.0);
            self.curves[k] = log_normal(z, 0.0, 1.0).exp();
            // The library's grid has a place every 0.01, from −12.
            self.curves[PLACES + k] = posterior
                .as_ref()
                .map_or_else(|| log_normal(z, m, s), |p| p[800 + 5 * k])
                .exp();
            self.curves[2 * PLACES + k] = log_normal(z, mean, sd).exp();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_keeps_its_height_and_the_parts_add_up() {
        let mut bar = Bar::default();
        for model in [0, 1] {
            bar.choose(model);
            let height = bar.state[2];
            for (m, s) in [(-3.0, 0.1), (0.0, 1.0), (2.0, 1.5), (0.6, 0.7)] {
                bar.place(m, s);
                let [_, _, evidence, bound, gap, fit, cost] = bar.state;
                assert_eq!(evidence, height);
                assert!(gap > 0.0 && (bound + gap - height).abs() < 1e-9);
                assert!((fit - cost - bound).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn the_best_q_is_tight_where_the_posterior_is_gaussian_and_nowhere_else() {
        let mut bar = Bar::default();
        bar.best();
        assert!(bar.state[4] < 1e-12, "{:?}", bar.state);
        let (posterior, q) = bar.curves[PLACES..].split_at(PLACES);
        assert!(posterior.iter().zip(q).all(|(p, q)| (p - q).abs() < 1e-12));
        bar.choose(1);
        bar.best();
        assert!((bar.state[4] - 0.02410).abs() < 1e-5, "{:?}", bar.state);
        bar.reset();
        assert_eq!(bar.state[..2], [OPENING.mean, OPENING.sd]);
        bar.choose(0);
        assert!((bar.state[2] + 1.6255).abs() < 1e-4);
    }

    #[test]
    fn the_curves_have_area_one() {
        let mut bar = Bar::default();
        for model in [0, 1] {
            bar.choose(model);
            for curve in bar.curves.chunks(PLACES) {
                assert!((curve.iter().sum::<f64>() * 0.05 - 1.0).abs() < 1e-3);
            }
        }
    }

    #[test]
    fn nonsense_from_the_page_changes_nothing() {
        let mut bar = Bar::default();
        let before = bar.state;
        bar.place(f64::NAN, 1.0);
        bar.place(0.0, f64::INFINITY);
        assert_eq!(bar.state, before);
        bar.place(99.0, -5.0);
        assert_eq!(bar.state[..2], [3.0, 0.1]);
        assert!(bar.state.iter().all(|v| v.is_finite()));
    }
}
