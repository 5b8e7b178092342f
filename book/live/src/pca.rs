//! Chapter 1: a cloud whose points can be dragged, its principal axis, and a tied autoencoder that walks to it.
use latent::linalg::second_moment;
use latent::pca::{Origin, Pca, tied};
use ndarray::{Array2, array};

/// The points that the figure opens with, the first coordinate of each and then the second.
#[rustfmt::skip]
const OPENING: [[f64; 2]; 18] = [
    [-2.3, -1.5], [-2.0, -0.6], [-1.7, -1.2], [-1.4, -0.2], [-1.2, -1.0], [-0.9, 0.1],
    [-0.6, -0.7], [-0.4, 0.3], [-0.1, -0.3], [0.2, 0.4], [0.4, -0.4], [0.7, 0.8],
    [0.9, 0.0], [1.2, 1.1], [1.5, 0.4], [1.8, 1.4], [2.1, 0.9], [2.4, 1.7],
];

/// How many numbers [`Cloud::state`] has.
pub const STATE: usize = 11;

/// Everything that the figure shows.
pub struct Cloud {
    /// The points, of shape (N, 2).
    pub x: Array2<f64>,
    /// The weights of the autoencoder, of shape (2, 1).
    pub w: Array2<f64>,
    /// Mean (2), first direction (2), eigenvalues (2), weights (2), loss, steps, degrees between the two lines.
    pub state: [f64; STATE],
    steps: f64,
}

impl Default for Cloud {
    fn default() -> Self {
        let x = Array2::from_shape_fn((OPENING.len(), 2), |(i, j)| OPENING[i][j]);
        let mut cloud =
            Cloud { x, w: array![[-0.3], [1.2]], state: [0.0; STATE], steps: 0.0 };
        cloud.look();
        cloud
    }
}

impl Cloud {
    /// Puts a point elsewhere; one that does not exist, or a place that is no number, changes nothing.
    pub fn place(&mut self, point: usize, to: [f64; 2]) {
        if point < self.x.nrows() && to.iter().all(|v| v.is_finite()) {
            self.x
                .row_mut(point)
                .assign(&array![to[0].clamp(-4.0, 4.0), to[1].clamp(-4.0, 4.0)]);
            self.steps = 0.0;
        }
        self.look();
    }

    /// Begins the descent again from `w`.
    pub fn restart(&mut self, w: [f64; 2]) {
        self.w = array![[w[0]], [w[1]]];
        self.steps = 0.0;
        self.look();
    }

    /// Some steps of gradient descent.
    pub fn descend(&mut self, steps: usize) {
        let s = self.moment();
        if let Ok(path) =
            tied::descend(s.view(), self.w.view(), tied::safe_rate(s.view()), steps)
        {
            self.w = path.w;
            self.steps += steps as f64;
        }
        self.look();
    }

    fn moment(&self) -> Array2<f64> {
        let mean = self.x.sum_axis(ndarray::Axis(0)) / self.x.nrows() as f64;
        second_moment((&self.x - &mean).view())
    }

    fn look(&mut self) {
        let Ok(fit) = Pca::by_eigen(self.x.view(), Origin::Mean) else { return };
        let (w, v) = (&self.w, &fit.w);
        let size = w[[0, 0]].hypot(w[[1, 0]]).max(1e-300);
        let cosine = ((w[[0, 0]] * v[[0, 0]] + w[[1, 0]] * v[[1, 0]]) / size).abs().min(1.0);
        let loss = tied::loss(self.moment().view(), w.view()).unwrap_or(f64::NAN);
        let degrees = cosine.acos().to_degrees();
        self.state = [
            fit.mean[0],
            fit.mean[1],
            v[[0, 0]],
            v[[1, 0]],
            fit.variances[0],
            fit.variances[1],
            w[[0, 0]],
            w[[1, 0]],
            loss,
            self.steps,
            degrees,
        ];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_descent_lands_on_the_line_wherever_the_points_are() {
        let mut cloud = Cloud::default();
        for (i, to) in [(0, [2.0, -2.0]), (5, [-1.0, 3.0]), (17, [0.0, 0.0])] {
            cloud.place(i, to);
            cloud.restart([0.9, -0.8]);
            cloud.descend(5000);
            assert!(cloud.state[10] < 1e-3, "{} degrees", cloud.state[10]);
            assert!(
                (cloud.state[8] - cloud.state[5]).abs() < 1e-6,
                "the loss is the smaller eigenvalue"
            );
            assert!(
                (cloud.w[[0, 0]].hypot(cloud.w[[1, 0]]) - 1.0).abs() < 1e-6,
                "and the weights have length one"
            );
        }
    }

    #[test]
    fn nonsense_from_the_page_changes_nothing() {
        let mut cloud = Cloud::default();
        let before = cloud.x.clone();
        cloud.place(99, [0.0, 0.0]);
        cloud.place(0, [f64::NAN, 0.0]);
        assert_eq!(cloud.x, before);
        for i in 0..18 {
            cloud.place(i, [1.0, 1.0]);
        }
        cloud.descend(10);
        assert!(cloud.state.iter().all(|v| v.is_finite()), "{:?}", cloud.state);
    }
}
