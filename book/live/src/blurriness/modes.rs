//! Two peaks, and the one Gaussian that each divergence puts in their place.
use latent::blurriness::{Level, Modes};
use latent::elbo::Gauss;

/// The curves reach from −REACH to REACH.
pub const REACH: f64 = 8.0;

/// Places on each curve.
pub const PLACES: usize = 161;

/// How many numbers [`Two::state`] has.
pub const STATE: usize = 19;

/// The most by which the peaks stand apart, and the places of the fork up to there.
const FAR: f64 = 8.0;
const COLUMNS: usize = 81;

/// Two peaks of standard deviation 1, and what stands for them.
pub struct Two {
    /// The distance of the peaks, the mass of the first, and of the fit by KL(p ‖ q) the mean, the standard deviation,
    /// KL(p ‖ q) and KL(q ‖ p). Then how many fits by KL(q ‖ p) there are, and of each, the best first, the mean, the
    /// standard deviation, KL(q ‖ p) and KL(p ‖ q).
    pub state: [f64; STATE],
    /// The densities of p, of the fit by KL(p ‖ q), and of up to three by KL(q ‖ p).
    pub curves: Vec<f64>,
    /// For one share of the first peak: the distance, the mean of a fit by KL(q ‖ p), and 1 if none is better there.
    pub fork: Vec<f64>,
    apart: f64,
    share: f64,
    /// The fork that grows for another share, and how many of its columns are there.
    next: Vec<f64>,
    done: usize,
}

impl Default for Two {
    fn default() -> Self {
        let mut two = Two {
            state: [f64::NAN; STATE],
            curves: vec![],
            fork: vec![],
            apart: 6.0,
            share: 0.5,
            next: vec![],
            done: 0,
        };
        two.look();
        two
    }
}

fn peaks(apart: f64, share: f64) -> latent::Result<Modes> {
    Modes::new(vec![share, 1.0 - share], vec![-0.5 * apart, 0.5 * apart], vec![1.0; 2])
}

impl Two {
    /// Another distance, and another mass of the first peak; what is no number changes nothing.
    pub fn place(&mut self, apart: f64, share: f64) {
        if !apart.is_finite() || !share.is_finite() {
            return;
        }
        let before = self.share;
        (self.apart, self.share) = (apart.clamp(0.0, FAR), share.clamp(0.05, 0.95));
        if self.share != before {
            self.next.clear();
            self.done = 0;
        }
        self.look();
    }

    /// One more column of the fork for this share. Says whether there is another to come.
    pub fn advance(&mut self) -> bool {
        if self.done >= COLUMNS {
            return false;
        }
        let apart = FAR * self.done as f64 / (COLUMNS - 1) as f64;
        let fits = peaks(apart, self.share).and_then(|p| p.optima()).unwrap_or_default();
        let least = fits.first().map_or(f64::NAN, |l| l.kl);
        for fit in &fits {
            let best = f64::from(u8::from(fit.kl < least + 1e-7));
            self.next.extend([apart, fit.q.mean, best]);
        }
        self.done += 1;
        if self.done == COLUMNS {
            self.fork = std::mem::take(&mut self.next);
        }
        self.done < COLUMNS
    }

    fn look(&mut self) {
        let (apart, share) = (self.apart, self.share);
        self.state = [f64::NAN; STATE];
        self.state[..2].copy_from_slice(&[apart, share]);
        self.state[6] = 0.0;
        self.curves.clear();
        let Ok(p) = peaks(apart, share) else { return };
        let whole = p.forward();
        let least = Modes::one(whole).map_or(f64::NAN, |q| p.kl(&q));
        self.state[2..6].copy_from_slice(&[whole.mean, whole.sd, least, p.reverse(whole).kl]);
        let mut fits = p.optima().unwrap_or_default();
        fits.truncate(3);
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
        let [apart, share, mean, sd, least, other, count, ..] = two.state;
        assert_eq!((apart, share, mean), (6.0, 0.5, 0.0));
        assert!((sd - 10f64.sqrt()).abs() < 1e-12 && (least - 0.4619946135).abs() < 1e-8);
        assert!(other > 0.8406 && count == 3.0, "{:?}", two.state);
        let (a, b, c) = (&two.state[7..11], &two.state[11..15], &two.state[15..]);
        assert!((a[0].abs() - 2.984306).abs() < 1e-4 && (a[0] + b[0]).abs() < 1e-6);
        assert!((a[2] - 0.6887689959).abs() < 1e-6 && (c[2] - 0.8406214312).abs() < 1e-6);
        assert_eq!(two.curves.len(), 5 * PLACES);
        let mass = |k: usize| two.curves[k * PLACES..][..PLACES].iter().sum::<f64>() * 0.1;
        assert!((0..5).all(|k| (mass(k) - 1.0).abs() < 0.02));
    }

    #[test]
    fn each_fit_wins_by_its_own_measure() {
        let mut two = Two::default();
        for (apart, share) in [(6.0, 0.5), (3.0, 0.5), (7.0, 0.2), (2.0, 0.35), (0.0, 0.9)] {
            two.place(apart, share);
            let p = peaks(apart, share).unwrap();
            let [_, _, mean, sd, least, other, count, ..] = two.state;
            for fit in two.state[7..].chunks_exact(4).take(count as usize) {
                assert!(fit[3] >= least - 1e-9 && fit[2] <= other + 1e-9, "{:?}", two.state);
                let q = Modes::one(Gauss { mean: fit[0], sd: fit[1] }).unwrap();
                assert!((p.kl(&q) - fit[3]).abs() < 1e-6 * (1.0 + fit[3]));
            }
            assert!(
                count >= 1.0 && (mean - apart * (0.5 - share)).abs() < 1e-12 && sd >= 1.0
            );
        }
    }

    #[test]
    fn the_fork_has_one_branch_and_then_more() {
        let mut two = Two::default();
        while two.advance() {}
        let column = |apart: f64| -> Vec<&[f64]> {
            two.fork.chunks_exact(3).filter(|c| (c[0] - apart).abs() < 1e-9).collect()
        };
        assert!(column(0.0).len() == 1 && column(2.0).len() == 1 && column(8.0).len() >= 2);
        let best: Vec<f64> =
            column(6.0).iter().filter(|c| c[2] == 1.0).map(|c| c[1]).collect();
        assert!(best.len() == 2 && (best[0] + best[1]).abs() < 1e-6, "{best:?}");
        // The means that the fork has at this distance are those that the figure shows.
        assert!((best[0].abs() - two.state[7].abs()).abs() < 1e-9);
        let before = two.fork.clone();
        two.place(6.0, 0.3);
        assert!(
            two.advance() && two.fork == before,
            "the old one stands until the new is whole"
        );
        while two.advance() {}
        assert_ne!(two.fork, before);
        let alone = two.fork.chunks_exact(3).filter(|c| c[0] == 8.0 && c[2] == 1.0).count();
        assert_eq!(alone, 1, "the heavier peak is the better one");
    }

    #[test]
    fn every_setting_of_the_sliders_has_its_fits() {
        let mut two = Two::default();
        for share in [0.05, 0.3, 0.5, 0.95] {
            for step in 0..=80 {
                two.place(f64::from(step) * 0.1, share);
                assert!(two.state[6] >= 1.0, "{:?}", two.state);
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
        assert_eq!(two.state[..2], [FAR, 0.05]);
    }
}
