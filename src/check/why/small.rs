//! A network so small that it needs no library: full batches, Adam, slopes by hand.
use ndarray::{Array1, Array2, Axis, Zip};
use rand::{Rng, SeedableRng, rngs::StdRng};

/// Layers of weights (outputs × inputs) and offsets, and whether each one bends its outputs by tanh.
#[derive(Clone)]
pub(super) struct Net {
    pub(super) layers: Vec<(Array2<f64>, Array1<f64>)>,
    bent: Vec<bool>,
}

/// From outputs and targets to the slope of the loss by the outputs.
type Push = fn(f64, f64) -> f64;

/// Half the squared error.
pub(super) const SQUARED: Push = |out, target| out - target;

/// The logarithm of the chance of the right class, for an output that is a log-odds.
pub(super) const LOGISTIC: Push = |out, target| 1.0 / (1.0 + (-out).exp()) - target;

impl Net {
    /// Fresh weights; the last layer and those in `straight` do not bend.
    pub(super) fn new(sizes: &[usize], straight: &[usize], seed: u64) -> Net {
        let mut rng = StdRng::seed_from_u64(seed);
        let layer = |pair: &[usize]| {
            let reach = (3.0 / pair[0] as f64).sqrt();
            let draw = || rng.random_range(-reach..reach);
            (Array2::from_shape_simple_fn((pair[1], pair[0]), draw), Array1::zeros(pair[1]))
        };
        let layers: Vec<_> = sizes.windows(2).map(layer).collect();
        let last = layers.len() - 1;
        let bent = (0..=last).map(|i| i < last && !straight.contains(&i)).collect();
        Net { layers, bent }
    }

    /// What each layer gives, beginning with the rows themselves.
    pub(super) fn through(&self, x: &Array2<f64>) -> Vec<Array2<f64>> {
        let mut all = vec![x.clone()];
        for ((w, b), bent) in self.layers.iter().zip(&self.bent) {
            let a = all[all.len() - 1].dot(&w.t()) + b;
            all.push(if *bent { a.mapv(f64::tanh) } else { a });
        }
        all
    }

    /// Adam with full batches.
    pub(super) fn train(&mut self, x: &Array2<f64>, y: &Array2<f64>, push: Push, steps: i32) {
        let zero: Vec<_> = self.layers.iter().map(|(w, b)| (w * 0.0, b * 0.0)).collect();
        let (mut first, mut second) = (zero.clone(), zero);
        for step in 1..=steps {
            let slopes = self.slopes(x, y, push);
            let size = 0.02 * (1.0 - 0.999f64.powi(step)).sqrt() / (1.0 - 0.9f64.powi(step));
            for (i, (w, b)) in slopes.iter().enumerate() {
                let (layer, f, s) = (&mut self.layers[i], &mut first[i], &mut second[i]);
                adam(&mut layer.0, &mut f.0, &mut s.0, w, size);
                adam(&mut layer.1, &mut f.1, &mut s.1, b, size);
            }
        }
    }

    /// The slopes of the mean loss, back from the last layer.
    fn slopes(
        &self,
        x: &Array2<f64>,
        y: &Array2<f64>,
        push: Push,
    ) -> Vec<(Array2<f64>, Array1<f64>)> {
        let (all, last) = (self.through(x), self.layers.len());
        let mut back = Zip::from(&all[last]).and(y).map_collect(|&o, &t| push(o, t));
        back /= x.nrows() as f64;
        let mut out = vec![];
        for i in (0..last).rev() {
            if self.bent[i] {
                back *= &all[i + 1].mapv(|a| 1.0 - a * a);
            }
            out.push((back.t().dot(&all[i]), back.sum_axis(Axis(0))));
            back = back.dot(&self.layers[i].0);
        }
        out.reverse();
        out
    }
}

fn adam<D: ndarray::Dimension>(
    at: &mut ndarray::Array<f64, D>,
    first: &mut ndarray::Array<f64, D>,
    second: &mut ndarray::Array<f64, D>,
    slope: &ndarray::Array<f64, D>,
    size: f64,
) {
    Zip::from(at).and(first).and(second).and(slope).for_each(|at, f, s, &g| {
        *f = 0.9 * *f + 0.1 * g;
        *s = 0.999 * *s + 0.001 * g * g;
        *at -= size * *f / (s.sqrt() + 1e-8);
    });
}
