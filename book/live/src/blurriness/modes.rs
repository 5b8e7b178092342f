//! Two peaks, and the one Gaussian that each divergence puts in their place.
use latent::blurriness::{Level, Modes};
use latent::elbo::Gauss;

/// The curves reach from −REACH to REACH.
pub const REACH: f64 = 8.0;

/// Places on each curve.
pub const PLACES: usize = 161;

/// How many numbers [`Two::state`] has.
pub const STATE: usize = 20;

/// The peaks stand at −a and a: the most that a can be, its step, and its places from none to the most.
const FAR: f64 = 4.0;
const STEP: f64 = 0.05;
const COLUMNS: usize = 81;

/// The shares that the first peak can have: from one twentieth to nineteen.
const SHARES: usize = 19;

/// Two peaks of standard deviation 1, and what stands for them.
pub struct Two {
    /// Half the distance of the peaks, a; the mass of the first; and of the fit by KL(p ‖ q) the mean, the standard deviation,
    /// KL(p ‖ q) and KL(q ‖ p). Then how many fits by KL(q ‖ p) there are, and of each, the best first, the mean, the
    /// standard deviation, KL(q ‖ p) and KL(p ‖ q). Last, 1 if the fork is that of this share.
    pub state: [f64; STATE],
    /// The densities of p, of the fit by KL(p ‖ q), and of up to three by KL(q ‖ p).
    pub curves: Vec<f64>,
    /// For one share of the first peak: a, the mean of a fit by KL(q ‖ p), and 1 if none is better there.
    pub fork: Vec<f64>,
    /// Which of its places a has, and which share the first peak has; and which one it has in the fork.
    at: usize,
    share: usize,
    forked: usize,
    /// What is known, share by share and place by place.
    known: Vec<Option<Column>>,
    /// What was found last: whoever moves the peaks a little moves it a little.
    last: Vec<Level>,
}

/// Everything that takes long to find for one a and one share.
#[derive(Clone)]
struct Column {
    /// KL(p ‖ q) and KL(q ‖ p) of the Gaussian with the moments of p.
    whole: [f64; 2],
    fits: Vec<Level>,
}

impl Default for Two {
    fn default() -> Self {
        let mut two = Two {
            state: [f64::NAN; STATE],
            curves: vec![],
            fork: vec![],
            at: 60,
            share: 9,
            forked: SHARES,
            known: vec![None; SHARES * COLUMNS],
            last: vec![],
        };
        two.advance();
        two
    }
}

fn peaks(half: f64, share: f64) -> latent::Result<Modes> {
    Modes::new(vec![share, 1.0 - share], vec![-half, half], vec![1.0; 2])
}

impl Column {
    /// The fits from every start that the library takes; or, in a hurry, from the fits that were there before.
    fn of(p: &Modes, hurry: Option<&[Level]>) -> Column {
        let whole = p.forward();
        let least = Modes::one(whole).map_or(f64::NAN, |q| p.kl(&q));
        let mut fits: Vec<Level> = vec![];
        for start in hurry.unwrap_or_default() {
            if let Ok(fit) = p.settle(start.q) {
                let apart = |l: &Level| (l.q.mean - fit.q.mean).abs() > 1e-3 * whole.sd;
                if fits.iter().all(apart) {
                    let place = fits.iter().filter(|l| l.kl <= fit.kl).count();
                    fits.insert(place, fit);
                }
            }
        }
        if fits.is_empty() {
            fits = p.optima().unwrap_or_default();
        }
        fits.truncate(3);
        Column { whole: [least, p.reverse(whole).kl], fits }
    }
}

/// The mass of the first peak.
fn mass(share: usize) -> f64 {
    (share + 1) as f64 / (SHARES + 1) as f64
}

impl Two {
    /// Another a, and another mass of the first peak; what is no number changes nothing.
    pub fn place(&mut self, half: f64, mass: f64) {
        if half.is_finite() && mass.is_finite() {
            self.at = (half.clamp(0.0, FAR) / STEP).round() as usize;
            self.share = (mass.clamp(0.05, 0.95) * (SHARES + 1) as f64).round() as usize - 1;
        }
        self.branch();
        self.look();
    }

    fn here(&self) -> usize {
        self.share * COLUMNS + self.at
    }

    /// Finds out, from all starts, about the place where the peaks stand; or else about one that can be reached by a
    /// move of a, or else by a move of the mass. Says whether another is left.
    pub fn advance(&mut self) -> bool {
        let (at, share) = (self.at, self.share);
        let row = (0..COLUMNS).map(|k| share * COLUMNS + k);
        let order = [self.here()].into_iter().chain(row);
        let order = order.chain((0..SHARES).map(|k| k * COLUMNS + at));
        let mut left = order.filter(|cell| self.known[*cell].is_none());
        let Some(next) = left.next() else { return false };
        let more = left.any(|cell| cell != next);
        if let Ok(p) = peaks(STEP * (next % COLUMNS) as f64, mass(next / COLUMNS)) {
            self.known[next] = Some(Column::of(&p, None));
        }
        self.branch();
        if next == self.here() {
            self.look();
        }
        more
    }

    /// The fork of this share, once all of it is known.
    fn branch(&mut self) {
        let all = &self.known[self.share * COLUMNS..][..COLUMNS];
        if self.forked != self.share && all.iter().all(Option::is_some) {
            self.fork.clear();
            for (k, column) in all.iter().enumerate() {
                let fits = column.iter().flat_map(|c| &c.fits);
                let least = fits.clone().fold(f64::INFINITY, |m, l| m.min(l.kl));
                for fit in fits {
                    let best = f64::from(u8::from(fit.kl < least + 1e-7));
                    self.fork.extend([STEP * k as f64, fit.q.mean, best]);
                }
            }
            self.forked = self.share;
        }
        self.state[STATE - 1] = f64::from(u8::from(self.forked == self.share));
    }

    fn look(&mut self) {
        let (half, share) = (STEP * self.at as f64, mass(self.share));
        self.state[..STATE - 1].fill(f64::NAN);
        self.state[..2].copy_from_slice(&[half, share]);
        self.state[6] = 0.0;
        self.curves.clear();
        let Ok(p) = peaks(half, share) else { return };
        let known = self.known[self.here()].clone();
        let Column { whole: [least, other], fits } =
            known.unwrap_or_else(|| Column::of(&p, Some(&self.last)));
        let whole = p.forward();
        self.state[2..6].copy_from_slice(&[whole.mean, whole.sd, least, other]);
        self.state[6] = fits.len() as f64;
        for (Level { q, kl }, out) in fits.iter().zip(self.state[7..].chunks_exact_mut(4)) {
            out.copy_from_slice(&[q.mean, q.sd, *kl, least + more(whole, *q)]);
        }
        let at = |i: usize| REACH * (2.0 * i as f64 / (PLACES - 1) as f64 - 1.0);
        self.curves.extend((0..PLACES).map(|i| p.log_density(at(i)).exp()));
        for q in [whole].into_iter().chain(fits.iter().map(|l| l.q)) {
            let bell = |i: usize| latent::gaussian::log_normal(at(i), q.mean, q.sd).exp();
            self.curves.extend((0..PLACES).map(bell));
        }
        self.last = fits;
    }
}

/// By how much KL(p ‖ q) is more than that of the Gaussian with the moments of p: the entropy of p drops out.
fn more(whole: Gauss, q: Gauss) -> f64 {
    let miss = ((whole.mean - q.mean).powi(2) + whole.sd.powi(2)) / q.sd.powi(2);
    (q.sd / whole.sd).ln() + 0.5 * miss - 0.5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_opening_has_one_wide_fit_and_two_narrow_ones() {
        let two = Two::default();
        let [half, share, mean, sd, least, other, count, ..] = two.state;
        assert_eq!((half, share, mean), (3.0, 0.5, 0.0));
        assert!((sd - 10f64.sqrt()).abs() < 1e-12 && (least - 0.4619946135).abs() < 1e-8);
        assert!(other > 0.8406 && count == 3.0, "{:?}", two.state);
        let (a, b, c) = (&two.state[7..11], &two.state[11..15], &two.state[15..19]);
        assert!((a[0].abs() - 2.984306).abs() < 1e-4 && (a[0] + b[0]).abs() < 1e-6);
        assert!((a[2] - 0.6887689959).abs() < 1e-6 && (c[2] - 0.8406214312).abs() < 1e-6);
        assert_eq!(two.curves.len(), 5 * PLACES);
        let mass = |k: usize| two.curves[k * PLACES..][..PLACES].iter().sum::<f64>() * 0.1;
        assert!((0..5).all(|k| (mass(k) - 1.0).abs() < 0.02));
    }

    #[test]
    fn each_fit_wins_by_its_own_measure() {
        let mut two = Two::default();
        for (half, share) in [(3.0, 0.5), (1.5, 0.5), (3.5, 0.2), (1.0, 0.35), (0.0, 0.9)] {
            two.place(half, share);
            two.advance();
            let p = peaks(half, share).unwrap();
            let [_, _, mean, sd, least, other, count, ..] = two.state;
            assert!(two.state[9] <= other + 1e-9, "{:?}", two.state);
            for fit in two.state[7..].chunks_exact(4).take(count as usize) {
                assert!(fit[3] >= least - 1e-9 && fit[2] >= two.state[9], "{:?}", two.state);
                let q = Modes::one(Gauss { mean: fit[0], sd: fit[1] }).unwrap();
                assert!((p.kl(&q) - fit[3]).abs() < 1e-6 * (1.0 + fit[3]));
            }
            assert!(
                count >= 1.0
                    && (mean - half * (1.0 - 2.0 * share)).abs() < 1e-12
                    && sd >= 1.0
            );
        }
    }

    #[test]
    fn the_fork_has_one_branch_and_then_more() {
        let mut two = Two::default();
        assert_eq!(two.state[STATE - 1], 0.0);
        while two.state[STATE - 1] == 0.0 {
            assert!(two.advance());
        }
        let column = |half: f64| -> Vec<&[f64]> {
            two.fork.chunks_exact(3).filter(|c| (c[0] - half).abs() < 1e-9).collect()
        };
        assert!(column(0.0).len() == 1 && column(1.0).len() == 1 && column(4.0).len() >= 2);
        let best: Vec<f64> =
            column(3.0).iter().filter(|c| c[2] == 1.0).map(|c| c[1]).collect();
        assert!(best.len() == 2 && (best[0] + best[1]).abs() < 1e-6, "{best:?}");
        // The means that the fork has at this distance are those that the figure shows.
        assert!((best[0].abs() - two.state[7].abs()).abs() < 1e-9);
        let before = two.fork.clone();
        two.place(3.0, 0.3);
        assert!(
            two.advance() && two.fork == before,
            "the old one stands until the new is whole"
        );
        assert_eq!(two.state[STATE - 1], 0.0);
        assert!(two.state[7] > 2.9 && two.state[9] < two.state[13] - 0.1, "{:?}", two.state);
    }

    #[test]
    fn every_setting_of_the_sliders_has_its_fits() {
        let mut two = Two::default();
        for share in [0.05, 0.3, 0.5, 0.95] {
            for step in (0..=80).step_by(8) {
                two.place(f64::from(step) * STEP, share);
                let (hurry, count) = (two.state[9], two.state[6]);
                two.advance();
                // In a hurry a fit may be missed, and none is invented.
                assert!(count >= 1.0 && two.state[6] >= 1.0, "{:?}", two.state);
                assert!(two.state[9] <= hurry + 1e-9, "{hurry} {:?}", two.state);
            }
        }
    }

    #[test]
    fn nonsense_from_the_page_changes_nothing() {
        let mut two = Two::default();
        let before = two.state[..11].to_vec();
        two.place(f64::NAN, 0.5);
        two.place(1.0, f64::INFINITY);
        assert_eq!(two.state[..11], before[..]);
        two.place(99.0, -5.0);
        assert_eq!(two.state[..2], [FAR, mass(0)]);
        assert_eq!(mass(0), 0.05);
    }
}
