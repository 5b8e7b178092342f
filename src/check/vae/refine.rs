//! The check of a q that is made for one digit, and the decoder that it needs.
use super::networks::{house, trained};
use crate::check::{Verdict, ask, library, must, verdict};
use crate::vae::OnCpu;
use crate::vae::digits::split;
use crate::vae::net::{Layer, to_array};
use dfdx::prelude::Cpu;
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, s};
use ndarray_rand::{RandomExt, rand_distr::StandardNormal};
use rand::{SeedableRng, rngs::StdRng};

/// A decoder with one hidden layer, in f64.
pub(super) struct Decoder {
    hidden: (Array2<f64>, Array1<f64>),
    out: (Array2<f64>, Array1<f64>),
}

impl Decoder {
    pub(super) fn of(net: &OnCpu) -> Result<Decoder, Verdict> {
        let layer = |l: &Layer<f32, Cpu>| {
            let weight = to_array(&l.weight).map_err(library)?.mapv(f64::from);
            let bias = to_array(&l.bias).map_err(library)?.mapv(f64::from);
            Ok((weight, bias.row(0).to_owned()))
        };
        Ok(Decoder { hidden: layer(&net.decoder[0])?, out: layer(&net.out)? })
    }

    fn units(&self, z: ArrayView1<f64>) -> Array1<f64> {
        (self.hidden.0.dot(&z) + &self.hidden.1).mapv(f64::tanh)
    }

    /// log p(x | z).
    pub(super) fn fit(&self, x: ArrayView1<f64>, z: ArrayView1<f64>) -> f64 {
        let odds = self.out.0.dot(&self.units(z)) + &self.out.1;
        let each = odds.mapv(|a| a.max(0.0) + (-a.abs()).exp().ln_1p());
        x.dot(&odds) - each.sum()
    }

    /// The slope of log p(x | z) in z.
    fn slope(&self, x: ArrayView1<f64>, z: ArrayView1<f64>) -> Array1<f64> {
        let units = self.units(z);
        let odds = self.out.0.dot(&units) + &self.out.1;
        let misfit = &x - &odds.mapv(|a| 1.0 / (1.0 + (-a).exp()));
        let back = misfit.dot(&self.out.0) * units.mapv(|u| 1.0 - u * u);
        back.dot(&self.hidden.0)
    }

    /// The bound with these draws.
    fn bound(
        &self,
        x: ArrayView1<f64>,
        q: &(Array1<f64>, Array1<f64>),
        e: &Array2<f64>,
    ) -> f64 {
        let fit: f64 =
            e.rows().into_iter().map(|e| self.fit(x, (&q.0 + &(&q.1 * &e)).view())).sum();
        let cost = crate::elbo::kl_to_standard(&q.0.to_vec(), &q.1.to_vec());
        fit / e.nrows() as f64 - cost
    }
}

/// From the slope of log p(x | z) in z, the encoder's m and s, and draws ε of shape (R, L), to a better m and s.
type Refine = fn(
    &dyn Fn(ArrayView1<f64>) -> Array1<f64>,
    Array1<f64>,
    Array1<f64>,
    ArrayView2<f64>,
) -> (Array1<f64>, Array1<f64>);

/// A q: means and standard deviations.
type Q = (Array1<f64>, Array1<f64>);

/// `refine(slope, m, s, noise)`: q for one digit, from the encoder's on.
pub fn refine(f: Refine) -> Verdict {
    verdict(|| {
        let net = trained(house())?;
        let test = split().1.slice(s![..8, ..]).to_owned();
        let codes = net.codes(test.view()).map_err(library)?;
        let mut rng = StdRng::seed_from_u64(11);
        let mut gain = 0.0;
        for (i, x) in test.mapv(f64::from).rows().into_iter().enumerate() {
            let e = Array2::random_using((40, 2), StandardNormal, &mut rng);
            let fresh = Array2::random_using((1000, 2), StandardNormal, &mut rng);
            let old = (codes.mean.row(i).to_owned(), codes.sd.row(i).to_owned());
            let q = one_digit(&net, i, x, &old, &e, f)?;
            let decoder = Decoder::of(&net)?;
            gain += (decoder.bound(x, &q, &fresh) - decoder.bound(x, &old, &fresh)) / 8.0;
        }
        must(
            gain > 0.1,
            format!(
                "with fresh draws the eight bounds gain {gain:.4} nats on average. There is more: climb further, and in both m and log s."
            ),
        )?;
        Ok(format!(
            "Eight digits, with fresh draws: on average {gain:.3} nats above the encoder's q."
        ))
    })
}

/// The reader's q for one digit, if its bound is not below the encoder's.
fn one_digit(
    net: &OnCpu,
    i: usize,
    x: ArrayView1<f64>,
    old: &Q,
    e: &Array2<f64>,
    f: Refine,
) -> Result<Q, Verdict> {
    let (decoder, mine, noise) = (Decoder::of(net)?, x.to_owned(), e.clone());
    let (start, case) = (old.clone(), format!("test digit {i}"));
    let q = ask("refine", &case, move || {
        let slope = |z: ArrayView1<f64>| decoder.slope(mine.view(), z);
        f(&slope, start.0, start.1, noise.view())
    })?;
    must(
        q.0.len() == 2 && q.1.len() == 2 && q.1.iter().all(|s| *s > 0.0 && s.is_finite()),
        format!(
            "{case}: m = {:.3}, s = {:.3}. Two means and two standard deviations above zero: climb in log s, with smaller steps.",
            q.0, q.1
        ),
    )?;
    let decoder = Decoder::of(net)?;
    let (before, after) = (decoder.bound(x, old, e), decoder.bound(x, &q, e));
    must(
        after >= before - 1e-9,
        format!(
            "{case}: the bound fell from {before:.4} to {after:.4}, with m = {:.3}, s = {:.3}. Is the slope of −cost in it: −m, and 1 − s² in log s? Are the steps too long?",
            q.0, q.1
        ),
    )?;
    Ok(q)
}
