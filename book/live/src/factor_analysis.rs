//! Chapter 2: three columns that listen to one factor. The reader turns up the noise of the third, and its unit.
use latent::em::{Stop, fit};
use latent::factor_analysis::FactorAnalysis;
use latent::gaussian::Moments;
use latent::linalg::eigen_symmetric;
use latent::rand::{SeedableRng, rngs::StdRng};
use ndarray::{Array1, Array2, array};

/// How many numbers [`Cloud::state`] has.
pub const STATE: usize = 9;

/// Everything that the figure shows.
pub struct Cloud {
    /// The rows, of shape (200, 3), in the unit that the reader chose.
    pub x: Array2<f64>,
    /// PCA's first direction (3), the loadings in the old unit (3), the share of each variance that is shared (3).
    pub state: [f64; STATE],
}

impl Default for Cloud {
    fn default() -> Self {
        let mut cloud = Cloud { x: Array2::zeros((1, 3)), state: [0.0; STATE] };
        cloud.set(0.3, 1.0);
        cloud
    }
}

impl Cloud {
    /// Draws the rows with that noise in the third column, a standard deviation, multiplies the column by `unit`,
    /// and fits. The same seed every time: only the size of the noise changes.
    pub fn set(&mut self, noise: f64, unit: f64) {
        if !(noise.is_finite() && unit.is_finite()) {
            return;
        }
        let (noise, unit) = (noise.clamp(0.05, 10.0), unit.clamp(0.01, 100.0));
        let psi = array![0.09, 0.09, noise * noise];
        let law = FactorAnalysis::new(Array1::zeros(3), Array2::ones((3, 1)), psi);
        let Ok(law) = law else { return };
        let mut x = law.sample(200, &mut StdRng::seed_from_u64(4)).1;
        x.column_mut(2).mapv_inplace(|v| v * unit);
        let Some(state) = look(&x, unit) else { return };
        // The page reads the memory row by row.
        (self.x, self.state) = (x.as_standard_layout().into_owned(), state);
    }
}

fn look(x: &Array2<f64>, unit: f64) -> Option<[f64; STATE]> {
    let data = Moments::of(x.view()).ok()?;
    let first = eigen_symmetric(data.covariance.view()).ok()?.vectors.column(0).to_owned();
    let stop = Stop { steps: 300, gain: f64::NEG_INFINITY };
    let model = fit(FactorAnalysis::start(&data, 1).ok()?, &data, stop).ok()?.model;
    let shared = model.communalities();
    let mut state = [0.0; STATE];
    for j in 0..3 {
        state[j] = first[j].abs();
        state[3 + j] = model.w[[j, 0]].abs() / if j == 2 { unit.abs() } else { 1.0 };
        state[6 + j] = shared[j] / (shared[j] + model.psi[j]);
    }
    Some(state)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_turns_pca_and_not_factor_analysis() {
        let mut cloud = Cloud::default();
        let quiet = cloud.state;
        assert_eq!(cloud.x.strides(), [3, 1], "row by row, as the page reads it");
        assert!(quiet[..3].iter().all(|v| (v - 0.577).abs() < 0.05), "{quiet:?}");
        cloud.set(6.0, 1.0);
        let loud = cloud.state;
        assert!(loud[2] > 0.99 && loud[0] < 0.1, "{loud:?}");
        for j in 3..6 {
            assert!((loud[j] - 1.0).abs() < 0.1 && (quiet[j] - 1.0).abs() < 0.1);
        }
        assert!(loud[8] < 0.05 && quiet[8] > 0.85, "the share of the third column falls");
        assert!(loud[6] > 0.85, "and that of the first does not");
    }

    #[test]
    fn a_unit_turns_pca_and_not_factor_analysis() {
        let mut cloud = Cloud::default();
        for noise in [0.3, 1.0, 3.0] {
            cloud.set(noise, 1.0);
            let before = cloud.state;
            for unit in [0.1, 10.0] {
                cloud.set(noise, unit);
                for j in 3..9 {
                    assert!(
                        (cloud.state[j] - before[j]).abs() < 0.03,
                        "{noise} {unit} {j}: {:?} {before:?}",
                        cloud.state
                    );
                }
            }
            assert!(cloud.state[2] > 0.99);
        }
    }

    #[test]
    fn nonsense_from_the_page_changes_nothing() {
        let mut cloud = Cloud::default();
        let before = cloud.x.clone();
        cloud.set(f64::NAN, 1.0);
        cloud.set(1.0, f64::INFINITY);
        assert_eq!(cloud.x, before);
        for (noise, unit) in [(0.0, 1.0), (-3.0, 0.0), (1e9, 1e-9)] {
            cloud.set(noise, unit);
            assert!(cloud.state.iter().all(|v| v.is_finite()), "{:?}", cloud.state);
        }
    }
}
