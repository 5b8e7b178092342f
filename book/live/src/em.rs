//! Chapter 4's live figure: EM as a staircase on the surface of the bound, for one column and one factor.
use latent::em::Em;
use latent::factor_analysis::FactorAnalysis;
use latent::gaussian::{Moments, kl};
use ndarray::array;

/// Heights along each side of the map.
pub const SIDE: usize = 201;

/// The map reaches from −REACH to REACH both ways.
pub const REACH: f64 = 1.6;

/// How many numbers [`Stairs::state`] has.
pub const STATE: usize = 10;

/// The mean square of the data.
const S: f64 = 1.0;

/// A place on the map: the loading u whose posterior q is, and the model's loading w.
pub type Place = [f64; 2];

/// Everything that the figure shows.
pub struct Stairs {
    /// How far the bound lies below its highest place, row by row from w = −REACH, each row from u = −REACH.
    pub depths: Vec<f64>,
    /// Where the climb has been, the start first.
    pub path: Vec<Place>,
    /// u, w, log p(x | u), the bound, log p(x | w), gain of M, KL between the posteriors, half steps, ψ, and the
    /// largest of all bounds; in nats a row.
    pub state: [f64; STATE],
    psi: f64,
}

impl Default for Stairs {
    fn default() -> Self {
        let mut stairs = Stairs {
            depths: vec![0.0; SIDE * SIDE],
            path: vec![[-0.9, 0.12]],
            state: [0.0; STATE],
            psi: 0.0,
        };
        stairs.noise(0.25);
        stairs
    }
}

impl Stairs {
    /// Another noise variance: the map is drawn anew, and the climb begins again.
    pub fn noise(&mut self, psi: f64) {
        if !psi.is_finite() {
            return;
        }
        self.psi = psi.clamp(0.05, 2.0);
        self.path.truncate(1);
        self.map();
        self.look();
    }

    /// Begins again elsewhere; a place that is no number changes nothing.
    pub fn restart(&mut self, place: Place) {
        if place.iter().all(|v| v.is_finite()) {
            self.path.clear();
            self.path.push(place.map(|v| v.clamp(-REACH, REACH)));
        }
        self.look();
    }

    /// An E step: level, to the diagonal. Says whether anything moved.
    pub fn e_step(&mut self) -> bool {
        let w = self.here()[1];
        self.go([w, w])
    }

    /// An M step: straight up or down, to the top of the column.
    pub fn m_step(&mut self) -> bool {
        let [u, w] = self.here();
        let model = self.model(u);
        let next = model.and_then(|m| m.m_step(&data(), &m.e_step(&data())?));
        self.go([u, next.map_or(w, |m| m.w[[0, 0]])])
    }

    /// Whichever of the two is due.
    pub fn half(&mut self) -> bool {
        let [u, w] = self.here();
        if u == w { self.m_step() } else { self.e_step() }
    }

    /// Takes the last half step back.
    pub fn back(&mut self) -> bool {
        let moved = self.path.len() > 1;
        if moved {
            self.path.pop();
            self.look();
        }
        moved
    }

    fn here(&self) -> Place {
        self.path.last().copied().unwrap_or([0.0; 2])
    }

    fn go(&mut self, to: Place) -> bool {
        let moved = to != self.here();
        if moved && self.path.len() < 10_000 {
            self.path.push(to);
        }
        self.look();
        moved
    }

    fn model(&self, w: f64) -> latent::Result<FactorAnalysis> {
        FactorAnalysis::new(array![0.0], array![[w]], array![self.psi])
    }

    /// The bound of the model with loading w, for the posterior of the model with loading u.
    fn bound(&self, u: f64, w: f64) -> latent::Result<f64> {
        let q = self.model(u)?.e_step(&data())?;
        Ok(self.model(w)?.elbo(&data(), &q)?.nats())
    }

    fn evidence(&self, w: f64) -> f64 {
        self.model(w).and_then(|m| m.log_likelihood(&data())).unwrap_or(f64::NAN)
    }

    /// The highest place: at ±√(s − ψ), or at zero where the noise is all there is.
    fn top(&self) -> f64 {
        self.evidence((S - self.psi).max(0.0).sqrt())
    }

    /// For one q the bound is a parabola in w: three heights tell a whole column.
    fn map(&mut self) {
        let top = self.top();
        let axis = |i: usize| REACH * (2.0 * i as f64 / (SIDE - 1) as f64 - 1.0);
        for j in 0..SIDE {
            let at = |w: f64| self.bound(axis(j), w).unwrap_or(f64::NEG_INFINITY);
            let (low, middle, high) = (at(-1.0), at(0.0), at(1.0));
            let (slope, bend) = ((high - low) / 2.0, (high + low) / 2.0 - middle);
            for i in 0..SIDE {
                let w = axis(i);
                self.depths[i * SIDE + j] = top - (middle + w * (slope + w * bend));
            }
        }
    }

    /// KL between the posteriors of the models with loadings u and w, by the formula for two Gaussians.
    fn apart(&self, u: f64, w: f64) -> latent::Result<f64> {
        let x = array![[S.sqrt()]];
        let (a, b) =
            (self.model(u)?.posterior(x.view())?, self.model(w)?.posterior(x.view())?);
        kl(a.mean.row(0), a.covariance.view(), b.mean.row(0), b.covariance.view())
    }

    fn look(&mut self) {
        let [u, w] = self.here();
        let (old, new) = (self.evidence(u), self.evidence(w));
        let bound = self.bound(u, w).unwrap_or(f64::NAN);
        let apart = self.apart(u, w).unwrap_or(f64::NAN);
        let half_steps = (self.path.len() - 1) as f64;
        self.state =
            [u, w, old, bound, new, bound - old, apart, half_steps, self.psi, self.top()];
    }
}

/// One row, as moments.
fn data() -> Moments {
    Moments { rows: 1.0, mean: array![0.0], covariance: array![[S]] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stairs_climb_to_the_nearer_summit_and_never_fall() {
        for (start, sign) in [([-0.9, 0.12], 1.0), ([1.2, -0.25], -1.0), ([1.5, 1.5], 1.0)] {
            let mut stairs = Stairs::default();
            stairs.restart(start);
            let mut before = stairs.state[3];
            for _ in 0..400 {
                stairs.half();
                assert!(stairs.state[3] >= before - 1e-12);
                before = stairs.state[3];
            }
            assert!((stairs.here()[1] - sign * 0.75f64.sqrt()).abs() < 1e-6);
            assert!((before - stairs.state[9]).abs() < 1e-9);
        }
    }

    #[test]
    fn the_gap_is_the_divergence_everywhere() {
        let mut stairs = Stairs::default();
        for place in [[0.3, 0.9], [-1.0, 0.4], [1.4, -1.5], [0.0, 0.7]] {
            stairs.restart(place);
            let [.., old, bound, new, earned, given, _, _, _] = stairs.state;
            assert!((new - bound - given).abs() < 1e-12);
            assert!((earned - (bound - old)).abs() < 1e-12);
            stairs.e_step();
            assert!((stairs.state[3] - stairs.state[4]).abs() < 1e-12, "tight after E");
            assert!(stairs.state[6].abs() < 1e-12);
        }
    }

    #[test]
    fn the_map_is_the_bound() {
        let stairs = Stairs::default();
        for (i, j) in [(0, 0), (100, 100), (17, 150), (200, 3)] {
            let axis = |i: usize| REACH * (2.0 * i as f64 / (SIDE - 1) as f64 - 1.0);
            let want = stairs.top() - stairs.bound(axis(j), axis(i)).unwrap();
            assert!((stairs.depths[i * SIDE + j] - want).abs() < 1e-9 * (1.0 + want));
            assert!(want > -1e-12);
        }
    }

    #[test]
    fn the_pass_holds_and_much_noise_leaves_one_summit() {
        let mut stairs = Stairs::default();
        stairs.restart([0.0, 0.0]);
        assert!(!stairs.half() && !stairs.e_step() && !stairs.m_step());
        stairs.noise(1.4);
        stairs.restart([1.0, 1.0]);
        for _ in 0..400 {
            stairs.half();
        }
        assert!(stairs.here()[1].abs() < 1e-3);
    }

    #[test]
    fn back_undoes_and_nonsense_changes_nothing() {
        let mut stairs = Stairs::default();
        let first = stairs.here();
        for _ in 0..5 {
            stairs.half();
        }
        for _ in 0..5 {
            assert!(stairs.back());
        }
        assert!(!stairs.back() && stairs.here() == first);
        stairs.restart([f64::NAN, 0.0]);
        stairs.noise(f64::INFINITY);
        assert_eq!(stairs.here(), first);
        stairs.restart([99.0, -99.0]);
        assert_eq!(stairs.here(), [REACH, -REACH]);
        stairs.noise(-3.0);
        assert!(stairs.state.iter().all(|v| v.is_finite()), "{:?}", stairs.state);
    }
}
