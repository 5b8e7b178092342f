//! The smallest model in which every term has a closed form: z ~ N(0, 1) and x given z ~ N(z, noise²).
use super::{Elbo, Hidden, kl_to_standard};
use crate::error::{Result, within};
use crate::gaussian::log_normal;

// ANCHOR: conjugate
/// One number x, seen through noise of standard deviation `noise`.
/// Its z is what was there.
#[derive(Clone, Copy, Debug)]
pub struct Conjugate {
    /// What was seen.
    pub x: f64,
    /// The standard deviation of x given z.
    pub noise: f64,
}

impl Conjugate {
    /// log p(x), because x ~ N(0, 1 + noise²).
    pub fn log_evidence(&self) -> f64 {
        log_normal(self.x, 0.0, (1.0 + self.noise * self.noise).sqrt())
    }

    /// The posterior of z: its mean and its standard deviation.
    pub fn posterior(&self) -> (f64, f64) {
        let variance = self.noise * self.noise;
        let shrink = 1.0 / (1.0 + variance);
        (self.x * shrink, (variance * shrink).sqrt()) // (eq:conjugate-posterior)
    }

    /// The bound for q = N(m, s²).
    pub fn elbo(&self, m: f64, s: f64) -> Elbo {
        let spread = 0.5 * s * s / (self.noise * self.noise);
        Elbo {
            fit: log_normal(self.x, m, self.noise) - spread, // (eq:conjugate-fit)
            kl: kl_to_standard(&[m], &[s]),
        }
    }

    /// The slopes of the bound in m and in s: both zero at the posterior, and only there.
    pub fn slopes(&self, m: f64, s: f64) -> (f64, f64) {
        let precision = 1.0 / (self.noise * self.noise);
        ((self.x - m) * precision - m, 1.0 / s - s * (1.0 + precision))
    }
    // ANCHOR_END: conjugate

    /// A model, if the noise is a standard deviation.
    pub fn new(x: f64, noise: f64) -> Result<Conjugate> {
        within("x", x, f64::MIN, f64::MAX, "")?;
        within("the noise", noise, 1e-100, 1e100, "")?;
        Ok(Conjugate { x, noise })
    }

    /// The same model on a grid, for everything that has no closed form.
    pub fn hidden(&self) -> Hidden {
        Hidden::on_grid(|z| log_normal(z, 0.0, 1.0), |z| log_normal(self.x, z, self.noise))
    }
}

// ANCHOR: shifted
/// The same with one parameter: x given z ~ N(z + θ, noise²).
/// Here q = N(m, s²) has the posterior's own s.
#[derive(Clone, Copy, Debug)]
pub struct Shifted {
    /// What was seen.
    pub x: f64,
    /// The standard deviation of x given z.
    pub noise: f64,
}

impl Shifted {
    /// The model at one θ: it sees x − θ.
    pub fn at(&self, theta: f64) -> Conjugate {
        Conjugate { x: self.x - theta, noise: self.noise }
    }

    /// The bound at (m, θ).
    pub fn elbo(&self, [m, theta]: [f64; 2]) -> Elbo {
        let model = self.at(theta);
        model.elbo(m, model.posterior().1)
    }

    /// Its slopes in m and in θ.
    pub fn slopes(&self, [m, theta]: [f64; 2]) -> [f64; 2] {
        let misfit = (self.x - theta - m) / (self.noise * self.noise);
        [misfit - m, misfit]
    }
}
// ANCHOR_END: shifted

impl Shifted {
    // ANCHOR: climbs
    /// By turns: the best m for this θ, then the best θ for that m. Two places a round.
    pub fn by_turns(&self, [mut m, mut theta]: [f64; 2], rounds: usize) -> Vec<[f64; 2]> {
        let mut path = vec![[m, theta]];
        for _ in 0..rounds {
            m = self.at(theta).posterior().0; // (eq:by-turns)
            path.push([m, theta]);
            theta = self.x - m;
            path.push([m, theta]);
        }
        path
    }

    /// Both at once: steps along the slope.
    pub fn together(&self, from: [f64; 2], rate: f64, steps: usize) -> Vec<[f64; 2]> {
        let mut path = vec![from];
        let mut here = from;
        for _ in 0..steps {
            let [by_m, by_theta] = self.slopes(here);
            here = [here[0] + rate * by_m, here[1] + rate * by_theta]; // (eq:together)
            path.push(here);
        }
        path
    }
    // ANCHOR_END: climbs
}
