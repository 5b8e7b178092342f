//! One layer there and back, and what stands between two.

/// Where one layer's weights and biases lie in the list of all parameters.
#[derive(Clone, Copy, Debug)]
pub struct Layer {
    pub from: usize,
    pub inputs: usize,
    pub outputs: usize,
}

impl Layer {
    pub fn end(self) -> usize {
        self.from + (self.inputs + 1) * self.outputs
    }

    /// The rows of W, each with its entry of b.
    pub fn rows(self, all: &[f64]) -> impl Iterator<Item = (&[f64], &f64)> {
        let (weight, bias) = all[self.from..self.end()].split_at(self.inputs * self.outputs);
        weight.chunks_exact(self.inputs).zip(bias)
    }

    /// a = W x + b.
    pub fn forward(self, all: &[f64], x: &[f64], a: &mut [f64]) {
        for (a, (row, bias)) in a.iter_mut().zip(self.rows(all)) {
            *a = bias + dot(row, x);
        }
    }

    /// ∂/∂W = δ xᵀ and ∂/∂b = δ, where δ = ∂/∂a; added to the slopes.
    pub fn gather(self, slope: &mut [f64], delta: &[f64], x: &[f64]) {
        let here = &mut slope[self.from..self.end()];
        let (weight, bias) = here.split_at_mut(self.inputs * self.outputs);
        let rows = weight.chunks_exact_mut(self.inputs).zip(bias);
        for ((row, bias), delta) in rows.zip(delta) {
            add(row, *delta, x);
            *bias += delta;
        }
    }

    /// ∂/∂x = Wᵀ δ; added to what is there.
    pub fn back(self, all: &[f64], delta: &[f64], below: &mut [f64]) {
        for ((row, _), delta) in self.rows(all).zip(delta) {
            add(below, *delta, row);
        }
    }
}

/// Σ a b, in four sums that need not wait for each other.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (mut sums, whole) = ([0.0; 4], a.len().min(b.len()) / 4 * 4);
    for (a, b) in a[..whole].chunks_exact(4).zip(b[..whole].chunks_exact(4)) {
        for k in 0..4 {
            sums[k] += a[k] * b[k];
        }
    }
    let rest: f64 = a[whole..].iter().zip(&b[whole..]).map(|(a, b)| a * b).sum();
    sums[0] + sums[1] + sums[2] + sums[3] + rest
}

/// sum += factor · x.
fn add(sum: &mut [f64], factor: f64, x: &[f64]) {
    for (sum, x) in sum.iter_mut().zip(x) {
        *sum += factor * x;
    }
}

/// tanh of each entry, in place.
pub fn bend(a: &mut [f64]) {
    a.iter_mut().for_each(|a| *a = a.tanh());
}

/// From ∂/∂h to ∂/∂a, where h = tanh a: times 1 − h².
pub fn unbend(delta: &mut [f64], h: &[f64]) {
    for (delta, h) in delta.iter_mut().zip(h) {
        *delta *= 1.0 - h * h;
    }
}

/// log(1 + eᵃ) and its slope 1/(1 + e⁻ᵃ), without overflow.
pub fn softplus(a: f64) -> (f64, f64) {
    let e = (-a.abs()).exp();
    let rest = if a > 0.0 { 1.0 } else { e };
    (a.max(0.0) + e.ln_1p(), rest / (1.0 + e))
}
