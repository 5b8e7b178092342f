//! The trained decoder on the plane of its codes, and how densely the digits' codes lie there.
use super::{TRAIN, class, network, pixels};
use latent::vae::small::Small;
use std::f64::consts::TAU;

/// The plane reaches from −REACH to REACH both ways.
pub const REACH: f64 = 3.5;

/// Cells of the shading, each way.
pub const CELLS: usize = 70;

/// How many numbers [`Plane::state`] has.
pub const STATE: usize = 6;

/// Everything that the figure shows.
pub struct Plane {
    /// Mean (two) and class of each training digit's code.
    pub codes: Vec<f64>,
    /// The density of all codes together in the middle of each cell, row by row from the top left.
    pub shade: Vec<f64>,
    /// The probability of black at each pixel, decoded from z.
    pub image: Vec<f64>,
    /// z (two), the density of all codes there, that of the prior, and the class and the distance of the nearest mean.
    pub state: [f64; STATE],
    net: Small,
    /// Means and standard deviations.
    spots: Vec<f64>,
    z: [f64; 2],
}

/// The density of N(0, s²) at `x`, without the factor 1/√2π.
fn bell(x: f64, sd: f64) -> f64 {
    (-0.5 * (x / sd).powi(2)).exp() / sd
}

/// The middle of a cell, from the left.
fn middle(cell: usize) -> f64 {
    REACH * ((2 * cell + 1) as f64 / CELLS as f64 - 1.0)
}

/// The density of N(0, I).
fn prior(z: [f64; 2]) -> f64 {
    bell(z[0], 1.0) * bell(z[1], 1.0) / TAU
}

impl Plane {
    /// The trained network at the middle of the plane.
    pub fn new() -> latent::Result<Plane> {
        let net = network()?;
        let spots = net.encode(&pixels(0..TRAIN));
        let place = |(i, s): (usize, &[f64])| [s[0], s[1], f64::from(class(i))];
        let codes = spots.chunks_exact(4).enumerate().flat_map(place).collect();
        let mut plane = Plane {
            codes,
            shade: vec![],
            image: vec![],
            state: [0.0; STATE],
            net,
            spots,
            z: [0.0; 2],
        };
        plane.shade = plane.shading();
        plane.place(0.0, 0.0);
        Ok(plane)
    }

    /// A product of one row and one column for each digit.
    fn shading(&self) -> Vec<f64> {
        let mut shade = vec![0.0; CELLS * CELLS];
        for s in self.spots.chunks_exact(4) {
            let row: Vec<f64> = (0..CELLS).map(|j| bell(middle(j) - s[0], s[2])).collect();
            for (i, line) in shade.chunks_exact_mut(CELLS).enumerate() {
                let up = bell(-middle(i) - s[1], s[3]) / (TAU * TRAIN as f64);
                if up > 1e-9 {
                    line.iter_mut().zip(&row).for_each(|(sum, side)| *sum += up * side);
                }
            }
        }
        shade
    }

    /// (1/N) Σ q(z | xᵢ).
    fn density(&self, z: [f64; 2]) -> f64 {
        let each = |s: &[f64]| bell(z[0] - s[0], s[2]) * bell(z[1] - s[1], s[3]);
        self.spots.chunks_exact(4).map(each).sum::<f64>() / (TAU * TRAIN as f64)
    }

    /// Moves z; a place that is no number changes nothing.
    pub fn place(&mut self, x: f64, y: f64) {
        if x.is_finite() && y.is_finite() {
            self.z = [x, y].map(|v| v.clamp(-REACH, REACH));
        }
        let z = self.z;
        self.image = self.net.decode(&z);
        let far = |c: &[f64]| (c[0] - z[0]).hypot(c[1] - z[1]);
        let near = self.codes.chunks_exact(3).map(|c| (far(c), c[2]));
        let (far, class) =
            near.fold((f64::INFINITY, 0.0), |a, b| if b.0 < a.0 { b } else { a });
        self.state = [z[0], z[1], self.density(z), prior(z), class, far];
    }

    /// Moves z to the cell that is best in some way; within so far from the middle.
    fn seek(&mut self, reach: f64, score: impl Fn(f64, [f64; 2]) -> f64) {
        let mut best = (f64::NEG_INFINITY, [0.0; 2]);
        for (k, q) in self.shade.iter().enumerate() {
            let z = [middle(k % CELLS), -middle(k / CELLS)];
            let here = score(*q, z);
            if z[0].hypot(z[1]) < reach && here > best.0 {
                best = (here, z);
            }
        }
        self.place(best.1[0], best.1[1]);
    }

    /// Moves z to where the codes are thinnest for what the prior promises, not far from the middle.
    pub fn hole(&mut self) {
        self.seek(2.0, |q, z| prior(z) / q.max(1e-12));
    }

    /// Moves z to where the codes are densest.
    pub fn crowd(&mut self) {
        self.seek(REACH, |q, _| q);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_densities_are_densities() {
        let plane = Plane::new().unwrap();
        let cell = (2.0 * REACH / CELLS as f64).powi(2);
        let mass = plane.shade.iter().sum::<f64>() * cell;
        assert!(mass > 0.97 && mass < 1.0, "{mass}");
        assert!((plane.state[3] - 1.0 / TAU).abs() < 1e-15);
        for k in [0, 1234, 2485, 3000] {
            let z = [middle(k % CELLS), -middle(k / CELLS)];
            assert!((plane.density(z) - plane.shade[k]).abs() < 1e-7);
        }
        assert_eq!((plane.codes.len(), plane.image.len()), (3 * TRAIN, 64));
    }

    #[test]
    fn a_hole_is_thin_and_a_crowd_is_dense() {
        let mut plane = Plane::new().unwrap();
        plane.hole();
        let [x, y, q, p, ..] = plane.state;
        assert!(q < 0.5 * p && x.hypot(y) < 2.0, "{:?}", plane.state);
        plane.crowd();
        let most = plane.shade.iter().fold(0.0f64, |m, v| m.max(*v));
        assert!((plane.state[2] - most).abs() < 1e-6);
    }

    #[test]
    fn a_code_decodes_to_something_like_its_digit() {
        let mut plane = Plane::new().unwrap();
        let x = pixels(0..TRAIN);
        let mut wrong = 0.0;
        for i in (0..TRAIN).step_by(10) {
            plane.place(plane.codes[3 * i], plane.codes[3 * i + 1]);
            assert!(plane.image.iter().all(|p| (0.0..=1.0).contains(p)));
            let row = &x[64 * i..64 * i + 64];
            wrong += plane.image.iter().zip(row).map(|(p, x)| (p - x).abs()).sum::<f64>();
        }
        assert!(wrong / 150.0 < 14.0, "of 64 pixels, wrong on average: {}", wrong / 150.0);
    }

    #[test]
    fn nonsense_from_the_page_changes_nothing() {
        let mut plane = Plane::new().unwrap();
        let before = plane.state;
        plane.place(f64::NAN, 1.0);
        assert_eq!(plane.state, before);
        plane.place(99.0, -99.0);
        assert_eq!(plane.state[..2], [REACH, -REACH]);
    }
}
