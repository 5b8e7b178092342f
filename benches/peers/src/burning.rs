//! Training by burn, on its flex backend.
use crate::Sizes;
use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::activation::{relu, tanh};
use burn::tensor::{Device, Distribution, Int, Tensor, TensorData};

#[derive(Module, Debug)]
struct Net {
    encoder: Linear,
    mean: Linear,
    log_variance: Linear,
    decoder: Linear,
    out: Linear,
    wide: bool,
}

impl Net {
    fn bend(&self, a: Tensor<2>) -> Tensor<2> {
        if self.wide { relu(a) } else { tanh(a) }
    }

    /// The mean over rows of the negative bound.
    fn loss(&self, x: Tensor<2>, device: &Device) -> Tensor<1> {
        let rows = x.dims()[0] as f32;
        let top = self.bend(self.encoder.forward(x.clone()));
        let (m, l) = (self.mean.forward(top.clone()), self.log_variance.forward(top));
        let noise: Tensor<2> = Tensor::random(m.dims(), Distribution::Normal(0.0, 1.0), device);
        let z = m.clone() + (l.clone() * 0.5).exp() * noise;
        let a = self.out.forward(self.bend(self.decoder.forward(z)));
        let fit = (relu(a.clone()) - a.clone() * x + a.abs().neg().exp().log1p()).sum();
        let cost = (l.clone().exp() + m.clone() * m - l - 1.0).sum() * 0.5;
        (fit + cost) / rows
    }
}

pub struct Run {
    x: Tensor<2>,
    sizes: Sizes,
    device: Device,
    net: Option<Net>,
    step: Box<dyn FnMut(Net, GradientsParams) -> Net>,
}

impl Run {
    pub fn new(x: &[f32], sizes: Sizes) -> Self {
        let Sizes { pixels, hidden, latent, .. } = sizes;
        let device = Device::flex().autodiff();
        let layer = |inputs, outputs| LinearConfig::new(inputs, outputs).init(&device);
        let net = Net {
            encoder: layer(pixels, hidden),
            mean: layer(hidden, latent),
            log_variance: layer(hidden, latent),
            decoder: layer(latent, hidden),
            out: layer(hidden, pixels),
            wide: hidden > 100,
        };
        let mut adam = AdamConfig::new().init();
        let data = TensorData::new(x.to_vec(), [x.len() / pixels, pixels]);
        let x = Tensor::from_data(data, &device);
        let step = Box::new(move |net, slope| adam.step(1e-3, net, slope));
        Run { x, sizes, device, net: Some(net), step }
    }

    pub fn epoch(&mut self, order: &[u32]) -> f64 {
        let mut total = 0.0;
        for rows in order.chunks(self.sizes.batch) {
            let Some(net) = self.net.take() else { return f64::NAN };
            let at: Vec<i32> = rows.iter().map(|&row| row as i32).collect();
            let at: Tensor<1, Int> = Tensor::from_data(TensorData::new(at, [rows.len()]), &self.device);
            let loss = net.loss(self.x.clone().select(0, at), &self.device);
            total += f64::from(loss.clone().into_scalar::<f32>()) * rows.len() as f64;
            let slope = GradientsParams::from_grads(loss.backward(), &net);
            self.net = Some((self.step)(net, slope));
        }
        -total / order.len() as f64
    }
}
