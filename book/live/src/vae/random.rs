//! Two ways to the slope of a mean: draws that move, and draws that stay and change their weights.
use super::Dice;
use latent::elbo::{Gauss, Hidden, Tiny};
use latent::gaussian::log_normal;
use latent::mean_field::slope;
use latent::vae::small::noise;
use ndarray::{Array1, array};
use std::f64::consts::TAU;

/// How many draws there are.
pub const DRAWS: usize = 12;

/// How many numbers [`Random::draws`] has for each.
pub const EACH: usize = 5;

/// How many numbers [`Random::state`] has.
pub const STATE: usize = 15;

/// At how many places the curve of f is given, from −5 to 5.
pub const PLACES: usize = 101;

const OPENING: Gauss = Gauss { mean: 2.0, sd: 1.0 };

/// Everything that the figure shows.
pub struct Random {
    /// ε, z, f(z), weight, and f′(z) of each draw.
    pub draws: [f64; DRAWS * EACH],
    /// μ, σ, and where the draws that stay were made; the mean of f, without the entropy; then in μ and in σ the slope,
    /// its two estimates from these draws, and the standard deviation that one draw of each has.
    pub state: [f64; STATE],
    /// f at the places.
    pub curve: Vec<f64>,
    /// The draws stay where they are.
    held: bool,
    noise: Vec<f64>,
    seed: u64,
    /// Where the draws were made, and where q is.
    from: Gauss,
    now: Gauss,
    /// f is log p(x, z) of a tiny decoder; if not that, z².
    tiny: bool,
    grid: Hidden,
    /// f and its slope at the places of the grid.
    f: Array1<f64>,
    push: Array1<f64>,
}

impl Default for Random {
    fn default() -> Self {
        let mut random = Random {
            draws: [0.0; DRAWS * EACH],
            state: [0.0; STATE],
            curve: vec![],
            held: false,
            noise: vec![],
            seed: 0,
            from: OPENING,
            now: OPENING,
            tiny: false,
            grid: Hidden::on_grid(|z| log_normal(z, 0.0, 1.0), |_| 0.0),
            f: Array1::zeros(0),
            push: Array1::zeros(0),
        };
        random.choose(0);
        random.reset();
        random
    }
}

impl Random {
    /// Back to the opening: its q, its draws.
    pub fn reset(&mut self) {
        self.seed = 0;
        (self.from, self.now) = (OPENING, OPENING);
        self.again();
    }

    /// Twelve new draws, made where q is.
    pub fn again(&mut self) {
        self.seed += 1;
        self.noise = noise(DRAWS, &mut Dice(self.seed));
        self.from = self.now;
        self.look();
    }

    /// z² is 0; any other is the bound of the tiny decoder.
    pub fn choose(&mut self, which: u32) {
        let (z, x, tiny) = (&self.grid.z, array![1.0, 0.0, 0.0], Tiny::default());
        let seen = tiny.hidden(x.view()).ok().filter(|_| which != 0);
        self.tiny = seen.is_some();
        (self.f, self.push) = match seen {
            None => (z * z, 2.0 * z),
            Some(h) => (h.log_joint(), z.mapv(|z| slope(&tiny, x.view(), z))),
        };
        self.look();
    }

    /// Holds the draws where they are, or lets them go with q.
    pub fn hold(&mut self, held: bool) {
        self.held = held;
        self.from = self.now;
        self.look();
    }

    /// Moves q; what is no number changes nothing.
    pub fn place(&mut self, mean: f64, sd: f64) {
        if mean.is_finite() && sd.is_finite() {
            self.now = Gauss { mean: mean.clamp(-2.5, 2.5), sd: sd.clamp(0.2, 1.5) };
            if !self.held {
                self.from = self.now;
            }
        }
        self.look();
    }

    /// What a draw says of the slopes in μ and in σ: f′ where z moves, and f times a weight where it stays.
    fn says(&self, z: f64, [f, push]: [f64; 2], weight: f64) -> [f64; 4] {
        let e = (z - self.now.mean) / self.now.sd;
        let pull = weight * f / self.now.sd;
        [push, push * e, pull * e, pull * (e * e - 1.0)]
    }

    fn look(&mut self) {
        let (f, push) = (&self.f, &self.push);
        self.curve = (0..PLACES).map(|k| f[700 + 10 * k]).collect();
        let Gauss { mean, sd } = self.now;
        let mut sums = [0.0; 4];
        for (i, e) in self.noise.iter().enumerate() {
            let z = [self.from.mean + self.from.sd * e, mean + sd * e];
            let log = |q: Gauss| log_normal(z[0], q.mean, q.sd);
            let weight = (log(self.now) - log(self.from)).exp();
            let moved = self.says(z[1], [0.0, between(push, z[1])], 0.0);
            let held = self.says(z[0], [between(f, z[0]), 0.0], weight);
            (0..4).for_each(|k| sums[k] += (moved[k] + held[k]) / DRAWS as f64);
            let here = [*e, z[0], between(f, z[0]), weight, between(push, z[0])];
            self.draws[EACH * i..EACH * (i + 1)].copy_from_slice(&here);
        }
        // The slope of the entropy is no matter of chance.
        let (rest, entropy) = match self.tiny {
            false => (0.0, 0.0),
            true => (1.0 / sd, 0.5 * (1.0 + TAU.ln()) + sd.ln()),
        };
        let [log_q, log_from] = [self.now, self.from].map(|q| q.on(&self.grid));
        let value = self.grid.mean(&log_q, f) + entropy;
        let spread = self.spread([&log_q, &log_from]);
        let slope = |k: usize| self.grid.mean(&log_q, &self.column(k));
        self.state =
            [mean, sd, self.from.mean, self.from.sd, value, slope(0), slope(1) + rest]
                .into_iter()
                .chain([sums[0], sums[1] + rest, sums[2], sums[3] + rest])
                .chain(spread)
                .collect::<Vec<f64>>()
                .try_into()
                .unwrap_or([f64::NAN; STATE]);
    }

    /// One of the four things that a draw says, at each place of the grid.
    fn column(&self, k: usize) -> Array1<f64> {
        let z = &self.grid.z;
        (0..z.len()).map(|i| self.says(z[i], [self.f[i], self.push[i]], 1.0)[k]).collect()
    }

    /// The standard deviations of what one draw says. Where q is more than √2 times as wide as where the draws were
    /// made, a draw that stays has none.
    fn spread(&self, [log_q, log_from]: [&Array1<f64>; 2]) -> [f64; 4] {
        let endless = self.now.sd > 1.4 * self.from.sd;
        [0, 1, 2, 3].map(|k| {
            let one = self.column(k);
            let mean = self.grid.mean(log_q, &one);
            let by = if k < 2 { log_q.clone() } else { 2.0 * log_q - log_from };
            let variance = self.grid.mean(&by, &(&one * &one)) - mean * mean;
            if k > 1 && endless { f64::INFINITY } else { variance.max(0.0).sqrt() }
        })
    }
}

/// A function on the library's grid, from −12 in steps of 0.01, between two places of it.
fn between(values: &Array1<f64>, z: f64) -> f64 {
    let place = (100.0 * (z + 12.0)).clamp(0.0, 2399.0);
    let (k, share) = (place as usize, place.fract());
    (1.0 - share) * values[k] + share * values[k + 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_squares_slopes_and_spreads_are_the_closed_forms() {
        let mut r = Random::default();
        for (m, s) in [(2.0, 1.0), (-1.0, 0.5), (0.0, 1.5)] {
            r.place(m, s);
            let [.., value, by_m, by_s, _, _, _, _, path, path_s, score, _] = r.state;
            assert!((value - (m * m + s * s)).abs() < 1e-6);
            assert!((by_m - 2.0 * m).abs() + (by_s - 2.0 * s).abs() < 1e-6);
            assert!((path - 2.0 * s).abs() < 1e-6);
            // Var(2 z ε) = 4 m² + 8 s².
            assert!((path_s - (4.0 * m * m + 8.0 * s * s).sqrt()).abs() < 1e-6);
            // E z⁴ε² = m⁴ + 18 m²s² + 15 s⁴.
            let second = (m.powi(4) + 18.0 * m * m * s * s + 15.0 * s.powi(4)) / (s * s);
            assert!((score - (second - 4.0 * m * m).sqrt()).abs() < 1e-6, "{score}");
        }
    }

    #[test]
    fn the_bounds_slopes_are_chapter_threes() {
        let mut r = Random::default();
        r.choose(1);
        let hidden = Tiny::default().hidden(array![1.0, 0.0, 0.0].view()).unwrap();
        for (m, s) in [(0.5, 0.7), (-1.0, 1.2)] {
            r.place(m, s);
            let (bound, [by_m, by_log_s]) = hidden.slopes(Gauss { mean: m, sd: s });
            assert!((r.state[4] - bound.nats()).abs() < 1e-9);
            assert!((r.state[5] - by_m).abs() < 1e-7, "{} {by_m}", r.state[5]);
            assert!((r.state[6] - by_log_s / s).abs() < 1e-7);
        }
    }

    #[test]
    fn both_estimates_are_right_on_average() {
        let mut r = Random::default();
        for which in [0, 1] {
            r.choose(which);
            for held in [false, true] {
                r.hold(held);
                r.place(if held { 1.7 } else { 2.0 }, 1.0);
                let (mut sums, n) = ([0.0; 4], 300);
                for _ in 0..n {
                    r.seed += 1;
                    r.noise = noise(DRAWS, &mut Dice(r.seed));
                    r.look();
                    (0..4).for_each(|k| sums[k] += r.state[7 + k] / f64::from(n));
                }
                for k in 0..4 {
                    let error = r.state[11 + k] / f64::from(n * DRAWS as i32).sqrt();
                    let want = r.state[5 + k % 2];
                    assert!(
                        (sums[k] - want).abs() < 5.0 * error,
                        "{which} {held} {k}: {sums:?} {want} {error}"
                    );
                }
                r.reset();
            }
        }
    }

    #[test]
    fn held_draws_stay_and_the_others_move() {
        let mut r = Random::default();
        let z = |r: &Random| (0..DRAWS).map(|i| r.draws[EACH * i + 1]).collect::<Vec<f64>>();
        let (first, opening) = (z(&r), r.state);
        r.place(1.0, 0.5);
        for (i, (a, b)) in z(&r).iter().zip(&first).enumerate() {
            assert!((a - (1.0 + 0.5 * (b - 2.0))).abs() < 1e-12);
            assert_eq!(r.draws[EACH * i + 3], 1.0, "no weights but one");
        }
        r.reset();
        r.hold(true);
        r.place(1.0, 1.2);
        assert_eq!(z(&r), first);
        assert!(r.draws.chunks(EACH).any(|d| (d[3] - 1.0).abs() > 0.1));
        r.place(1.0, 1.5);
        assert!(r.state[13].is_infinite() && r.state[11].is_finite());
        r.reset();
        assert_eq!(r.state, opening);
        r.place(f64::NAN, 1.0);
        assert_eq!(r.state, opening);
    }
}
