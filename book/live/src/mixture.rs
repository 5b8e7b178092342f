//! Chapter 5's live figures: EM on a cloud that the reader may change, and templates that learn digits.
//! Two full Gaussians are chapter 4's `Pair`, a third of the code of the four kinds of covariance; a test walks beside
//! `Gaussians`, and the tables come packed, because a page should be light.
use latent::Error;
use latent::em::{Em, Pair};
use latent::mixture::{Bernoullis, Shares};
use ndarray::{Array1, Array2};

/// The cloud reaches from −REACH to REACH both ways.
pub const REACH: f64 = 2.6;

/// How many points a cloud may have.
const MOST: usize = 600;

/// How far back one can go.
const MEMORY: usize = 400;

/// What a half step leads from and to.
#[derive(Clone)]
struct Moment {
    model: Pair,
    r: Array2<f64>,
    e_due: bool,
}

/// Everything that the first figure shows.
pub struct Cloud {
    /// x, y and the share of the first component, three numbers for each point.
    pub rows: Vec<f64>,
    /// Weight, mean (two) and Cholesky factor of the covariance (three), for each component.
    pub ellipses: [f64; 12],
    /// log-likelihood, bound, N₁, N₂, half steps, 1 if an E step is due.
    pub state: [f64; 6],
    /// Why the last half step was refused, in the library's words; empty if it was not.
    pub words: String,
    points: Vec<[f64; 2]>,
    now: Moment,
    past: Vec<Moment>,
}

/// Numbers as rows of so many columns. One function for all tables: every other way to fill one is code of its own.
fn table(columns: usize, values: Vec<f64>) -> Array2<f64> {
    Array2::from_shape_vec((values.len() / columns, columns), values).unwrap_or_default()
}

fn start(kind: u32, first: [f64; 2]) -> latent::Result<Pair> {
    let (means, variances) = match kind {
        0 => ([[-1.5, 1.0], [1.5, -1.0]], [0.5, 0.5]),
        1 => ([[-1.2, -1.2], [0.7, 0.7]], [0.3, 0.3]),
        _ => ([[0.0, 0.0], first], [1.0, 9e-4]),
    };
    let round = |v: f64| table(2, vec![v, 0.0, 0.0, v]);
    let means = table(2, means.concat());
    Pair::new(Array1::from(vec![0.5; 2]), means, variances.map(round))
}

/// 272 eruptions, three bytes each: thousandths of a minute, the low byte first, and the wait in minutes.
const ERUPTIONS: &[u8] = include_bytes!("faithful.bits");

/// Old Faithful, each column with mean zero and variance one.
fn geyser() -> Vec<[f64; 2]> {
    let minutes =
        |b: &[u8]| [f64::from(u16::from_le_bytes([b[0], b[1]])) / 1e3, f64::from(b[2])];
    let mut points: Vec<[f64; 2]> = ERUPTIONS.chunks_exact(3).map(minutes).collect();
    let (mean, variance) = moments(&points);
    for p in &mut points {
        *p = [0, 1].map(|j| (p[j] - mean[j]) / variance[j].sqrt());
    }
    points
}

/// Mean and variance of each column.
fn moments(points: &[[f64; 2]]) -> ([f64; 2], [f64; 2]) {
    let n = points.len() as f64;
    let mean = [0, 1].map(|j| points.iter().map(|p| p[j]).sum::<f64>() / n);
    (mean, [0, 1].map(|j| points.iter().map(|p| (p[j] - mean[j]).powi(2)).sum::<f64>() / n))
}

/// Refuses a component without volume, as `Gaussians` does: each column in units of the cloud's own variance.
fn refuse_collapsed(model: &Pair, points: &[[f64; 2]]) -> latent::Result<()> {
    let t = moments(points).1;
    for (component, s) in model.covariances.iter().enumerate() {
        let (a, b, c) =
            (s[[0, 0]] / t[0], s[[0, 1]] / (t[0] * t[1]).sqrt(), s[[1, 1]] / t[1]);
        let share = if a > 0.0 { a.min(c - b * b / a).max(0.0) } else { 0.0 };
        if share < 1e-10 {
            let m = model.means.row(component);
            let far = |p: &[f64; 2]| (p[0] - m[0]).powi(2) + (p[1] - m[1]).powi(2);
            let near = |a: &usize, b: &usize| far(&points[*a]).total_cmp(&far(&points[*b]));
            let row = (0..points.len()).min_by(near).unwrap_or(0);
            return Err(Error::Collapsed { component, row, share });
        }
    }
    Ok(())
}

impl Cloud {
    /// Old Faithful, standardised, and the bad start.
    pub fn new() -> latent::Result<Cloud> {
        let now = Moment { model: start(0, [0.0; 2])?, r: table(2, vec![]), e_due: true };
        let mut cloud = Cloud {
            rows: vec![],
            ellipses: [0.0; 12],
            state: [0.0; 6],
            words: String::new(),
            points: vec![],
            now,
            past: vec![],
        };
        cloud.geyser();
        Ok(cloud)
    }

    /// Old Faithful again.
    pub fn geyser(&mut self) {
        self.points = geyser();
        self.restart(0);
    }

    /// No points at all.
    pub fn clear(&mut self) {
        self.points.clear();
        self.restart(1);
    }

    /// One point more; a place that is no number adds none.
    pub fn drop_point(&mut self, x: f64, y: f64) -> bool {
        let fits = x.is_finite() && y.is_finite() && self.points.len() < MOST;
        if fits {
            self.points.push([x, y].map(|v| v.clamp(-REACH, REACH)));
            self.forget();
        }
        fits
    }

    /// The bad start, 0; the good one, 1; or one whose second component sits on the first point.
    pub fn restart(&mut self, kind: u32) {
        let first = self.points.first().copied().unwrap_or([0.0; 2]);
        if let Ok(model) = start(kind, first) {
            self.now.model = model;
        }
        self.forget();
    }

    /// The model stays; all shares are halves again.
    fn forget(&mut self) {
        self.past.clear();
        self.words.clear();
        self.now.r = table(2, vec![0.5; 2 * self.points.len()]);
        self.now.e_due = true;
        self.look();
    }

    fn x(&self) -> Array2<f64> {
        table(2, self.points.concat())
    }

    fn next(&self) -> latent::Result<Moment> {
        let (x, Moment { model, r, e_due }) = (self.x(), &self.now);
        if *e_due {
            return Ok(Moment { model: model.clone(), r: model.e_step(&x)?, e_due: false });
        }
        let model = model.m_step(&x, r)?;
        refuse_collapsed(&model, &self.points)?;
        Ok(Moment { model, r: r.clone(), e_due: true })
    }

    /// The half step that is due; says whether it was taken.
    pub fn half(&mut self) -> bool {
        self.words.clear();
        let done = match self.next() {
            Ok(next) => {
                self.past.push(std::mem::replace(&mut self.now, next));
                if self.past.len() > MEMORY {
                    self.past.remove(0);
                }
                true
            }
            Err(e) => {
                self.words = e.to_string();
                false
            }
        };
        self.look();
        done
    }

    /// Takes the last half step back.
    pub fn back(&mut self) -> bool {
        self.words.clear();
        let before = self.past.pop();
        let moved = before.is_some();
        if let Some(before) = before {
            self.now = before;
        }
        self.look();
        moved
    }

    fn look(&mut self) {
        let (x, m) = (self.x(), &self.now);
        let places = self.points.iter().zip(m.r.column(0));
        self.rows = places.flat_map(|(p, r)| [p[0], p[1], *r]).collect();
        let bound = m.model.elbo(&x, &m.r).map_or(f64::NAN, |b| b.nats());
        // The bound of the posterior is the log-likelihood.
        let tight = m.model.e_step(&x).and_then(|q| m.model.elbo(&x, &q));
        let nats = tight.map_or(f64::NAN, |b| b.nats());
        let counts = [m.r.column(0).sum(), m.r.column(1).sum()];
        let halves = self.past.len() as f64;
        self.state = [nats, bound, counts[0], counts[1], halves, f64::from(m.e_due)];
        for k in 0..2 {
            let s = &m.model.covariances[k];
            let a = s[[0, 0]].sqrt();
            let b = s[[0, 1]] / a;
            let c = (s[[1, 1]] - b * b).max(0.0).sqrt();
            let mean = m.model.means.row(k);
            let six = [m.model.weights[k], mean[0], mean[1], a, b, c];
            self.ellipses[6 * k..6 * k + 6].copy_from_slice(&six);
        }
    }
}

/// 541 digits, 2, 3 and 4, eight pixels a byte, the first in the lowest bit: black where the grey value is above 7.5.
const BITS: &[u8] = include_bytes!("digits.bits");

fn digits() -> Array2<f64> {
    let bit = |i: usize| f64::from(BITS[i / 8] >> (i % 8) & 1);
    table(64, (0..8 * BITS.len()).map(bit).collect())
}

/// Everything that the second figure shows.
pub struct Templates {
    /// The templates, one after the other, 64 numbers each.
    pub theta: Vec<f64>,
    /// How many rows each template accounts for.
    pub counts: Vec<f64>,
    /// K, steps, bound, gain of the last step.
    pub state: [f64; 4],
    x: Array2<f64>,
    model: Bernoullis,
    q: Option<Shares>,
}

fn softened(x: &Array2<f64>, k: usize, seed: usize) -> latent::Result<Bernoullis> {
    let row = |c: usize| {
        if seed == 0 && k == 3 { c } else { (97 * seed + 181 * c + c) % x.nrows() }
    };
    let theta = (0..64 * k).map(|i| 0.25 + 0.5 * x[[row(i / 64), i % 64]]).collect();
    Bernoullis::new(Array1::from(vec![1.0 / k as f64; k]), table(64, theta))
}

impl Templates {
    /// Three templates, halfway between grey and the first three digits.
    pub fn new() -> latent::Result<Templates> {
        let x = digits();
        let model = softened(&x, 3, 0)?;
        let mut out = Templates {
            theta: vec![],
            counts: vec![],
            state: [3.0, 0.0, 0.0, 0.0],
            x,
            model,
            q: None,
        };
        out.look();
        Ok(out)
    }

    /// Begins again with `k` templates, 3 to 6, at digits that the seed names.
    pub fn restart(&mut self, k: usize, seed: usize) {
        let k = k.clamp(3, 6);
        if let Ok(model) = softened(&self.x, k, seed % 541) {
            self.model = model;
            self.state = [k as f64, 0.0, 0.0, 0.0];
            self.look();
        }
    }

    /// One step of EM; says whether it gained more than a thousandth of a nat.
    pub fn step(&mut self) -> bool {
        let before = self.state[2];
        let next = self.q.as_ref().and_then(|q| self.model.m_step(&self.x, q).ok());
        let Some(next) = next else { return false };
        self.model = next;
        self.state[1] += 1.0;
        self.look();
        self.state[3] = self.state[2] - before;
        self.state[3] > 1e-3
    }

    fn look(&mut self) {
        self.theta = self.model.theta.iter().copied().collect();
        self.q = self.model.e_step(&self.x).ok();
        if let Some(q) = &self.q {
            self.counts = q.counts.to_vec();
            self.state[2] = self.model.elbo(&self.x, q).map_or(f64::NAN, |b| b.nats());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bad_start_climbs_to_the_known_end_and_back() {
        let mut cloud = Cloud::new().unwrap();
        assert!((cloud.state[0] + 1542.3613137976774).abs() < 1e-8);
        let (first, mut before) = (cloud.state, f64::NEG_INFINITY);
        for i in 0..100 {
            assert!(cloud.half());
            let [nats, bound, a, b, ..] = cloud.state;
            assert!(bound >= before - 1e-9 && bound <= nats + 1e-9);
            assert!(
                (a + b - 272.0).abs() < 1e-9 && (i % 2 == 1 || (nats - bound).abs() < 1e-8)
            );
            before = bound;
        }
        assert!((cloud.state[0] + 385.4606956297796).abs() < 1e-6);
        for _ in 0..100 {
            assert!(cloud.back());
        }
        assert!(!cloud.back() && cloud.state == first);
    }

    #[test]
    fn the_packed_eruptions_are_the_table() {
        let x = &latent::data::old_faithful().x;
        let all = latent::gaussian::Moments::of(x.view()).unwrap();
        let want = (x - &all.mean) / all.covariance.diag().mapv(f64::sqrt);
        let got = geyser();
        assert_eq!(got.len(), 272);
        for (got, want) in got.iter().zip(want.rows()) {
            assert!((got[0] - want[0]).abs() + (got[1] - want[1]).abs() < 1e-12);
        }
    }

    #[test]
    fn the_pair_walks_and_stops_where_the_chapters_mixture_does() {
        use latent::em::Exact;
        use latent::mixture::{Covariance, Gaussians};
        for kind in 0..3 {
            let mut cloud = Cloud::new().unwrap();
            cloud.restart(kind);
            let pair = cloud.now.model.clone();
            let full = Covariance::Full(pair.covariances.to_vec());
            let (x, mut beside) =
                (cloud.x(), Gaussians::new(pair.weights, pair.means, full).unwrap());
            for _ in 0..30 {
                assert!(cloud.half());
                match beside.m_step(&x, &beside.e_step(&x).unwrap()) {
                    Ok(next) => beside = next,
                    Err(e) => {
                        let words = e.to_string();
                        let start = words.find("its least").unwrap();
                        assert!(!cloud.half() && cloud.words.starts_with(&words[..start]));
                        break;
                    }
                }
                assert!(cloud.half());
                let nats = beside.log_likelihood(&x).unwrap();
                assert!((cloud.state[0] - nats).abs() < 1e-8 * nats.abs());
            }
        }
    }

    #[test]
    fn a_collapse_is_told_in_the_librarys_words() {
        let mut cloud = Cloud::new().unwrap();
        cloud.restart(2);
        while cloud.half() {
            assert!(cloud.state[4] < 50.0);
        }
        assert!(
            cloud.words.contains("component 1 (from 0) has collapsed"),
            "{}",
            cloud.words
        );
        assert!(cloud.back() && cloud.words.is_empty());
    }

    #[test]
    fn points_can_be_dropped_and_nonsense_changes_nothing() {
        let mut cloud = Cloud::new().unwrap();
        cloud.clear();
        assert!(!cloud.half() && cloud.words.contains("empty"), "{}", cloud.words);
        assert!(!cloud.drop_point(f64::NAN, 0.0) && cloud.rows.is_empty());
        for (x, y) in
            [(-1.0, -1.2), (-1.4, -1.0), (-1.2, -1.5), (0.9, 1.0), (1.1, 0.4), (99.0, 0.8)]
        {
            assert!(cloud.drop_point(x, y));
        }
        assert_eq!(cloud.rows.len(), 18);
        assert_eq!(cloud.rows[15], REACH);
        for _ in 0..20 {
            cloud.half();
        }
        assert!((cloud.state[2] - 3.0).abs() < 1e-3, "{:?}", cloud.state);
        cloud.geyser();
        assert_eq!(cloud.rows.len(), 816);
    }

    #[test]
    fn the_packed_digits_are_the_table() {
        let want = {
            let all = latent::data::digits();
            latent::mixture::black_and_white(all.x.view(), &all.class, &[2, 3, 4], 7.5)
        };
        assert_eq!(
            digits(),
            want,
            "digits.bits: eight pixels a byte, the first in the lowest bit"
        );
    }

    #[test]
    fn templates_learn_and_their_bound_never_falls() {
        let mut t = Templates::new().unwrap();
        assert!((t.state[2] + 18233.357066186745).abs() < 1e-6);
        let mut steps = 0;
        while t.step() {
            assert!(t.state[3] > 0.0 && t.counts.iter().all(|n| *n > 1.0));
            steps += 1;
        }
        assert!(steps < 300 && t.state[2] > -10344.0, "{steps}, {}", t.state[2]);
        for k in 0..9 {
            t.restart(k, 5);
            assert_eq!(t.theta.len(), 64 * k.clamp(3, 6));
            let (first, _) = (t.state[2], t.step());
            assert!(t.state[2] > first);
        }
    }
}
