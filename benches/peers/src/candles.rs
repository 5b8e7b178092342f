//! Training by candle.
use crate::Sizes;
use candle_core::{DType, Device, Result, Tensor};
use candle_nn::{AdamW, Linear, Module, Optimizer, ParamsAdamW, VarBuilder, VarMap, linear};

pub struct Run {
    x: Tensor,
    sizes: Sizes,
    adam: AdamW,
    encoder: Linear,
    mean: Linear,
    log_variance: Linear,
    decoder: Linear,
    out: Linear,
}

impl Run {
    pub fn new(x: &[f32], sizes: Sizes) -> Result<Self> {
        let Sizes { pixels, hidden, latent, .. } = sizes;
        let map = VarMap::new();
        let at = VarBuilder::from_varmap(&map, DType::F32, &Device::Cpu);
        Ok(Run {
            x: Tensor::from_slice(x, (x.len() / pixels, pixels), &Device::Cpu)?,
            sizes,
            encoder: linear(pixels, hidden, at.pp("encoder"))?,
            mean: linear(hidden, latent, at.pp("mean"))?,
            log_variance: linear(hidden, latent, at.pp("log_variance"))?,
            decoder: linear(latent, hidden, at.pp("decoder"))?,
            out: linear(hidden, pixels, at.pp("out"))?,
            adam: AdamW::new(
                map.all_vars(),
                ParamsAdamW { lr: 1e-3, weight_decay: 0.0, ..Default::default() },
            )?,
        })
    }

    fn bend(&self, a: Tensor) -> Result<Tensor> {
        if self.sizes.hidden > 100 { a.relu() } else { a.tanh() }
    }

    /// The mean over rows of the negative bound.
    fn loss(&self, x: &Tensor) -> Result<Tensor> {
        let top = self.bend(self.encoder.forward(x)?)?;
        let (m, l) = (self.mean.forward(&top)?, self.log_variance.forward(&top)?);
        let noise = Tensor::randn(0f32, 1.0, m.shape(), m.device())?;
        let z = (&m + (&l * 0.5)?.exp()? * noise)?;
        let a = self.out.forward(&self.bend(self.decoder.forward(&z)?)?)?;
        // −log p(x | a) = max(a, 0) − a x + log(1 + exp(−|a|))
        let soft = (a.abs()?.neg()?.exp()? + 1.0)?.log()?;
        let fit = ((a.relu()? - (&a * x)?)? + soft)?.sum_all()?;
        let cost = (((l.exp()? + m.sqr()?)? - &l)? - 1.0)?.sum_all()?;
        (fit + (cost * 0.5)?)? / x.dim(0)? as f64
    }

    pub fn epoch(&mut self, order: &[u32]) -> Result<f64> {
        let mut total = 0.0;
        for rows in order.chunks(self.sizes.batch) {
            let rows = Tensor::new(rows, &Device::Cpu)?;
            let x = self.x.index_select(&rows, 0)?;
            let loss = self.loss(&x)?;
            self.adam.backward_step(&loss)?;
            total += f64::from(loss.to_scalar::<f32>()?) * x.dim(0)? as f64;
        }
        Ok(-total / order.len() as f64)
    }
}
