//! A network that trains while one looks: 1500 digits, two latents, and β times the cost.
use super::{Dice, ROWS, SIZES, TRAIN, class, pixels};
use latent::rand::seq::SliceRandom;
use latent::vae::normal::mesh;
use latent::vae::small::{Adam, Small, noise};

/// How many numbers [`Beta::state`] has.
pub const STATE: usize = 7;

/// Rows a step, and Adam's rate.
const BATCH: usize = 50;
const RATE: f64 = 2e-3;

/// Images of the mesh, each way.
pub const SIDE: usize = 6;

/// Everything that the figure shows.
pub struct Beta {
    /// Mean (two) and class of each digit's code, for the digits that nothing is trained on.
    pub codes: Vec<f64>,
    /// The mesh of the prior, decoded: 64 numbers an image, row by row from the top left.
    pub images: Vec<f64>,
    /// Steps, epochs, β, fit and cost of the digits that nothing is trained on, active units, the reach of the codes.
    pub state: [f64; STATE],
    net: Small,
    adam: Adam,
    rng: Dice,
    beta: f64,
    steps: usize,
    order: Vec<usize>,
    train: Vec<f64>,
    test: Vec<f64>,
    noise: Vec<f64>,
    mesh: Vec<f64>,
}

impl Beta {
    /// A network that has learnt nothing.
    pub fn new() -> latent::Result<Beta> {
        let mut rng = Dice(1);
        let test = pixels(TRAIN..ROWS);
        let mut beta = Beta {
            codes: vec![],
            images: vec![],
            state: [0.0; STATE],
            net: Small::new(SIZES, &mut rng)?,
            adam: Adam::default(),
            noise: noise(2 * (ROWS - TRAIN), &mut rng),
            rng,
            beta: 1.0,
            steps: 0,
            order: (0..TRAIN).collect(),
            train: pixels(0..TRAIN),
            test,
            mesh: mesh(SIDE)?.into_iter().collect(),
        };
        beta.look();
        beta.score();
        Ok(beta)
    }

    /// Forgets everything but β.
    pub fn reset(&mut self) {
        self.rng = Dice(1);
        if let Ok(net) = Small::new(SIZES, &mut self.rng) {
            (self.net, self.adam, self.steps) = (net, Adam::default(), 0);
            self.noise = noise(self.noise.len(), &mut self.rng);
            self.order = (0..TRAIN).collect();
        }
        self.look();
        self.score();
    }

    /// What the cost is multiplied by, from 0 to 64; training goes on from where it is.
    pub fn weigh(&mut self, beta: f64) {
        if beta.is_finite() {
            self.beta = beta.clamp(0.0, 64.0);
            self.state[2] = self.beta;
        }
    }

    /// One step on a batch of 50 rows; says whether it was possible.
    pub fn step(&mut self) -> bool {
        let at = self.steps * BATCH % TRAIN;
        if at == 0 {
            self.order.shuffle(&mut self.rng);
        }
        let mut x = Vec::with_capacity(64 * BATCH);
        for &row in &self.order[at..at + BATCH] {
            x.extend_from_slice(&self.train[64 * row..64 * row + 64]);
        }
        let noise = noise(2 * BATCH, &mut self.rng);
        let slopes = self.net.slopes(&x, &noise, self.beta);
        let step = slopes.and_then(|(_, slope)| self.adam.step(&mut self.net, &slope, RATE));
        self.steps += usize::from(step.is_ok());
        step.is_ok()
    }

    /// Brings fit and cost up to date: one draw for each digit, always the same.
    pub fn score(&mut self) {
        let elbo = self.net.elbo(&self.test, &self.noise);
        let (fit, cost) = elbo.map_or((f64::NAN, f64::NAN), |e| (e.fit, e.kl));
        (self.state[3], self.state[4]) = (fit, cost);
    }

    /// Brings all else that is shown up to date.
    pub fn look(&mut self) {
        let q = self.net.encode(&self.test);
        let row = |(i, s): (usize, &[f64])| [s[0], s[1], f64::from(class(TRAIN + i))];
        self.codes = q.chunks_exact(4).enumerate().flat_map(row).collect();
        self.images = self.net.decode(&self.mesh);
        let active = (0..2).filter(|k| moments(&self.codes, *k).1 > 0.01).count();
        let square = (0..2).map(|k| moments(&self.codes, k)).map(|(m, v)| m * m + v);
        let epochs = (self.steps * BATCH / TRAIN) as f64;
        let reach = (2.6 * square.fold(0.0, f64::max).sqrt()).max(3.0);
        let [_, _, _, fit, cost, ..] = self.state;
        self.state = [self.steps as f64, epochs, self.beta, fit, cost, active as f64, reach];
    }
}

/// The mean and the variance of one column of the codes. A unit is active if its variance is above 0.01.
fn moments(codes: &[f64], column: usize) -> (f64, f64) {
    let values = || codes.chunks_exact(3).map(|c| c[column]);
    let n = values().len() as f64;
    let mean = values().sum::<f64>() / n;
    (mean, values().map(|v| (v - mean).powi(2)).sum::<f64>() / n)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trained(beta: f64, epochs: usize) -> Beta {
        let mut b = Beta::new().unwrap();
        b.weigh(beta);
        for _ in 0..30 * epochs {
            assert!(b.step());
        }
        b.look();
        b.score();
        b
    }

    #[test]
    fn beta_decides_what_the_code_is_for() {
        let all = [0.0, 1.0, 64.0].map(|beta| trained(beta, 40).state);
        println!("{all:?}");
        let [free, bound, collapsed] = all;
        assert!(free[4] > 2.0 * bound[4] && bound[4] > 2.0, "costs");
        assert!(collapsed[4] < 0.05 && collapsed[5] == 0.0, "all units are off");
        assert_eq!((free[5], bound[5]), (2.0, 2.0));
        assert!(bound[3] - bound[4] > -23.0, "the bound after 40 epochs");
        for other in [free, collapsed] {
            assert!(other[3] - other[4] < bound[3] - bound[4], "β = 1 is the bound");
        }
        assert!(free[6] > bound[6], "codes spread where they cost nothing");
    }

    #[test]
    fn a_reset_is_the_start_and_walks_the_same_way() {
        let mut b = trained(1.0, 2);
        let (state, images) = (b.state, b.images.clone());
        b.reset();
        let fresh = Beta::new().unwrap();
        assert_eq!((b.state, &b.images), (fresh.state, &fresh.images));
        for _ in 0..60 {
            b.step();
        }
        b.look();
        b.score();
        assert_eq!((b.state, b.images.clone()), (state, images));
        assert_eq!((b.codes.len(), b.images.len()), (3 * 297, 64 * SIDE * SIDE));
        b.weigh(f64::NAN);
        assert_eq!(b.state[2], 1.0);
        b.weigh(1e9);
        assert_eq!(b.state[2], 64.0);
    }
}
