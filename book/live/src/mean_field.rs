//! Chapter 6's live figures: a correlated Gaussian and the products that stand for it; a Bayesian mixture that prunes.
use latent::em::Em;
use latent::gaussian::Moments;
use latent::linalg::cholesky;
use latent::mean_field::{Prior, Product, Target, Variational, log_orders};
use latent::mixture::Soft;
use ndarray::{Array2, array, s};

/// How many numbers [`Tied::state`] has.
pub const TIED: usize = 10;

/// A correlated Gaussian, and coordinate ascent on the two means of a product.
pub struct Tied {
    /// Where the means have been, the start first.
    pub path: Vec<[f64; 2]>,
    /// ρ, the two means, the variance of the reverse fit and of the forward fit, the gap here, the least gap, the
    /// other divergence of the forward fit, half steps, and the distance of the means from zero.
    pub state: [f64; TIED],
    rho: f64,
}

impl Default for Tied {
    fn default() -> Self {
        let mut tied = Tied { path: vec![[-1.6, 1.8]], state: [0.0; TIED], rho: 0.9 };
        tied.look();
        tied
    }
}

impl Tied {
    /// Another correlation; the climb begins again where it began.
    pub fn correlate(&mut self, rho: f64) {
        if rho.is_finite() {
            self.rho = rho.clamp(-0.99, 0.99);
            self.path.truncate(1);
        }
        self.look();
    }

    /// Begins elsewhere; a place that is no number changes nothing.
    pub fn restart(&mut self, place: [f64; 2]) {
        if place.iter().all(|v| v.is_finite()) {
            self.path.clear();
            self.path.push(place.map(|v| v.clamp(-3.0, 3.0)));
        }
        self.look();
    }

    /// Moves one mean to its best place, the other held. Says whether it moved by more than rounding.
    pub fn half(&mut self) -> bool {
        let (half, here) = (self.path.len() - 1, self.here());
        let best = Target::pair(self.rho)
            .and_then(|t| t.best_factor(&product(here, t.reverse()), half % 2));
        let mut next = here;
        if let Ok((mean, _)) = best {
            next[half % 2] = mean;
        }
        if self.path.len() < 10_000 {
            self.path.push(next);
        }
        self.look();
        (next[0] - here[0]).abs() + (next[1] - here[1]).abs() > 1e-4
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

    fn here(&self) -> [f64; 2] {
        self.path.last().copied().unwrap_or([0.0; 2])
    }

    fn look(&mut self) {
        let here = self.here();
        let Ok(target) = Target::pair(self.rho) else { return };
        let (reverse, forward) = (target.reverse(), target.forward());
        let q = product(here, reverse.clone());
        let nan = |v: latent::Result<f64>| v.unwrap_or(f64::NAN);
        self.state = [
            self.rho,
            here[0],
            here[1],
            reverse.variances[0],
            forward.variances[0],
            nan(target.gap(&q)),
            nan(target.gap(&reverse)),
            nan(target.other_way(&forward)),
            (self.path.len() - 1) as f64,
            here[0].hypot(here[1]),
        ];
    }
}

fn product(mean: [f64; 2], like: Product) -> Product {
    Product { mean: array![mean[0], mean[1]], ..like }
}

/// How many numbers [`Prune::state`] begins with.
pub const PRUNE: usize = 8;

/// How many numbers each component adds: α, the mean, and the Cholesky factor of its covariance.
pub const EACH: usize = 6;

/// A variational mixture on Old Faithful, standardised.
pub struct Prune {
    /// The rows, two numbers each.
    pub rows: Vec<f64>,
    /// K, steps, components with rows, the bound, log K!, fit, cost, and the last gain; then the components.
    pub state: Vec<f64>,
    /// The bound after each E step, the start's first.
    pub trace: Vec<f64>,
    x: Array2<f64>,
    now: Option<(Variational, Soft)>,
}

impl Default for Prune {
    fn default() -> Self {
        let x = standardised().unwrap_or_else(|_| Array2::eye(2));
        let rows = x.iter().copied().collect();
        let mut prune = Prune { rows, state: vec![], trace: vec![], x, now: None };
        prune.start(6, 0.001);
        prune
    }
}

fn standardised() -> latent::Result<Array2<f64>> {
    let x = table();
    let all = Moments::of(x.view())?;
    Ok((&x - &all.mean) / all.covariance.diag().mapv(f64::sqrt))
}

/// Old Faithful, digit by digit: the standard library's parser for decimal numbers would be a sixth of the download.
fn table() -> Array2<f64> {
    let lines = include_str!("../../../data/old_faithful.csv").lines().skip(1);
    let numbers: Vec<f64> =
        lines.flat_map(|line| line.split(',').take(2)).map(decimal).collect();
    Array2::from_shape_fn((numbers.len() / 2, 2), |(i, j)| numbers[2 * i + j])
}

/// An unsigned decimal number.
fn decimal(text: &str) -> f64 {
    let places = text.split_once('.').map_or(0, |(_, after)| after.trim_end().len());
    let digits = text.bytes().filter(u8::is_ascii_digit);
    let whole = digits.fold(0u32, |sum, digit| 10 * sum + u32::from(digit - b'0'));
    f64::from(whole) / f64::from(10u32.pow(places as u32))
}

impl Prune {
    /// Begins again: K components at the first K rows, and a prior that gives each weight the count α.
    pub fn start(&mut self, k: usize, alpha: f64) {
        let k = k.clamp(1, 6);
        let alpha = if alpha.is_finite() { alpha.clamp(1e-3, 100.0) } else { 1.0 };
        let start = Prior::standard(2, alpha)
            .and_then(|p| {
                Variational::start(&self.x, &self.x.slice(s![..k, ..]).to_owned(), p)
            })
            .and_then(|model| model.e_step(&self.x).map(|q| (model, q)));
        self.trace.clear();
        self.now = start.ok();
        self.look();
    }

    /// One step: the factor of the parameters, then that of the labels. Says whether the bound rose by 1e-6 nats.
    pub fn step(&mut self) -> bool {
        let next = self.now.as_ref().and_then(|(model, q)| {
            let model = model.m_step(&self.x, q).ok()?;
            let q = model.e_step(&self.x).ok()?;
            Some((model, q))
        });
        if next.is_some() && self.trace.len() < 10_000 {
            self.now = next;
            self.look();
        }
        self.state.get(7).is_some_and(|gain| *gain > 1e-6)
    }

    fn look(&mut self) {
        let Some((model, q)) = &self.now else { return };
        let Ok(bound) = model.elbo(&self.x, q) else { return };
        let k = model.alpha.len();
        let gain = self.trace.last().map_or(f64::INFINITY, |b| bound.nats() - b);
        self.trace.push(bound.nats());
        let steps = (self.trace.len() - 1) as f64;
        let head = [k as f64, steps, model.survivors() as f64, bound.nats(), log_orders(k)];
        self.state.clear();
        self.state.extend(head);
        self.state.extend([bound.fit, bound.kl, gain]);
        let covariances = model.covariances();
        for j in 0..k {
            let l =
                cholesky(covariances.matrix(j, 2).view()).unwrap_or_else(|_| Array2::eye(2));
            let (x, y) = (model.means[[j, 0]], model.means[[j, 1]]);
            self.state.extend([model.alpha[j], x, y, l[[0, 0]], l[[1, 0]], l[[1, 1]]]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_staircase_ends_in_the_middle_and_the_gap_does_not() {
        let mut tied = Tied::default();
        let mut gap = tied.state[5];
        while tied.half() {
            assert!(tied.state[5] <= gap + 1e-12);
            gap = tied.state[5];
        }
        assert!(tied.state[9] < 1e-2 && (gap - 0.830366).abs() < 1e-3, "{gap}");
        assert!((tied.state[6] - tied.state[7]).abs() < 1e-9, "equal in two dimensions");
        let places = &tied.path;
        for pair in places.windows(2) {
            assert!(pair[0][0] == pair[1][0] || pair[0][1] == pair[1][1], "one at a time");
        }
    }

    #[test]
    fn back_undoes_and_nonsense_changes_nothing() {
        let mut tied = Tied::default();
        let first = tied.state;
        for _ in 0..5 {
            tied.half();
        }
        for _ in 0..5 {
            assert!(tied.back());
        }
        assert!(!tied.back() && tied.state == first);
        tied.correlate(f64::NAN);
        tied.restart([0.0, f64::INFINITY]);
        assert_eq!(tied.state, first);
        tied.correlate(7.0);
        tied.restart([99.0, -99.0]);
        assert_eq!((tied.state[0], tied.here()), (0.99, [3.0, -3.0]));
        tied.correlate(0.0);
        tied.half();
        tied.half();
        assert!(!tied.half() && tied.state[5].abs() < 1e-12, "no correlation, no gap");
    }

    #[test]
    fn the_table_is_the_librarys() {
        assert_eq!(table(), latent::data::old_faithful().x);
    }

    #[test]
    fn six_become_two_and_the_bound_never_falls() {
        let mut prune = Prune::default();
        assert_eq!((prune.rows.len(), prune.state.len()), (544, PRUNE + 6 * EACH));
        let mut before = prune.state[3];
        assert!((before + 533.9641195981384).abs() < 1e-6, "{before}");
        for _ in 0..300 {
            prune.step();
            assert!(prune.state[3] >= before - 1e-9);
            before = prune.state[3];
        }
        assert_eq!(prune.state[2], 2.0);
        assert!((before + 443.2978734510836).abs() < 1e-6, "{before}");
        assert_eq!(prune.trace.len(), 301);
    }

    #[test]
    fn one_component_is_done_at_once_and_starts_do_not_grow() {
        let mut prune = Prune::default();
        for k in [1, 3, 6, 0, 99] {
            prune.start(k, f64::NAN);
            assert_eq!(prune.state.len(), PRUNE + k.clamp(1, 6) * EACH);
            assert_eq!(prune.trace.len(), 1);
        }
        prune.start(1, 1.0);
        assert!(!prune.step() && (prune.state[3] + 561.6747951591885).abs() < 1e-6);
    }
}
