//! Adam on a list of parameters.
use super::Small;
use crate::error::{Error, Result, shaped};

/// Adam's memory, with β₁ = 0.9, β₂ = 0.999 and 10⁻⁸ to keep the quotient finite.
#[derive(Clone, Debug, Default)]
pub struct Adam {
    steps: i32,
    moments: Vec<[f64; 2]>,
}

impl Adam {
    /// One step down. Refuses a slope of another network, and one that is not finite.
    pub fn step(&mut self, net: &mut Small, slope: &[f64], rate: f64) -> Result<()> {
        let count = net.theta.len();
        shaped("the slope", (slope.len(), 1), "this network", (count, 1))?;
        let step = self.steps as usize;
        if let Some(g) = slope.iter().find(|g| !g.is_finite()) {
            return Err(Error::Diverged { step, loss: *g, rate });
        }
        self.steps += 1;
        self.moments.resize(count, [0.0; 2]);
        let [left1, left2] = [0.9, 0.999].map(|keep: f64| 1.0 - keep.powi(self.steps));
        for ((p, [first, second]), g) in
            net.theta.iter_mut().zip(&mut self.moments).zip(slope)
        {
            *first += 0.1 * (g - *first);
            *second += 0.001 * (g * g - *second);
            *p -= rate * (*first / left1) / ((*second / left2).sqrt() + 1e-8);
        }
        Ok(())
    }
}
