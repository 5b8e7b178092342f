//! A network in a byte a parameter, for a page to carry.
use super::Small;
use crate::error::{Result, shaped};

impl Small {
    /// For each unit of each layer: four bytes of f32, the step, low byte first; then its weights and its bias as
    /// signed multiples of the step.
    pub fn pack(&self) -> Vec<u8> {
        let mut bytes = vec![];
        for layer in self.layers() {
            for (row, bias) in layer.rows(&self.theta) {
                let all = || row.iter().chain([bias]);
                let step = (all().fold(0.0f64, |m, v| m.max(v.abs())) / 127.0) as f32;
                let whole =
                    |v: &f64| (v / f64::from(step).max(f64::MIN_POSITIVE)).round() as i8;
                bytes.extend(step.to_le_bytes());
                bytes.extend(all().map(|v| whole(v) as u8));
            }
        }
        bytes
    }

    /// The network that [`Small::pack`] wrote, each parameter to within half a step of its unit.
    pub fn unpack(sizes: [usize; 3], bytes: &[u8]) -> Result<Self> {
        let blank = Small { sizes, theta: vec![] };
        blank.check()?;
        let layers = blank.layers();
        let want: usize = layers.iter().map(|l| l.outputs * (l.inputs + 5)).sum();
        shaped("the packed network", (bytes.len(), 1), "these sizes", (want, 1))?;
        let (mut theta, mut left) = (vec![], bytes);
        for layer in layers {
            let (here, rest) = left.split_at(layer.outputs * (layer.inputs + 5));
            left = rest;
            let mut biases = vec![];
            for unit in here.chunks_exact(layer.inputs + 5) {
                let step =
                    f64::from(f32::from_le_bytes([unit[0], unit[1], unit[2], unit[3]]));
                theta.extend(unit[4..].iter().map(|b| step * f64::from(*b as i8)));
                biases.extend(theta.pop());
            }
            theta.extend(biases);
        }
        Small::with(sizes, theta)
    }
}
