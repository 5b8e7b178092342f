//! A q for each row alone: from what the encoder says, uphill. And log p(x) by a sum over a grid of codes.
use super::engine::{Engine, Step};
use super::latent::Codes;
use super::loss::{Form, Objective, Terms, terms, terms_of};
use super::net::{Code, Likelihood, Table, Vae, to_array, to_device};
use super::train::noise;
use crate::error::{Result, finite, shaped, within};
use crate::gaussian::{LN_2PI, log_sum_exp};
use crate::pca::autoencoder::{Real, failed, real};
use dfdx::prelude::{Gradients, OwnedTape, Rank0, Trace, *};
use ndarray::{Array1, Array2, ArrayView2, Axis as Rows, concatenate};
use rand::Rng;

/// How each row's q is looked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Search {
    /// Steps of Adam.
    pub steps: usize,
    /// Their rate, for m and log v alike.
    pub rate: f64,
}

/// What a search came to.
#[derive(Clone, Debug)]
pub struct Found {
    /// The bound of each row with the encoder's q.
    pub before: Array1<f64>,
    /// The bound with the best q that was seen.
    pub after: Array1<f64>,
    /// Those q.
    pub codes: Codes,
}

// ANCHOR: search
/// The best q = N(m, diag v) for each row, the decoder held still. All bounds are with
/// the same `noise`, of shape (draws, L), so the search climbs one fixed function.
pub fn improve<E: Real, D: Engine<E>>(
    net: &Vae<E, D>,
    x: ArrayView2<E>,
    noise: ArrayView2<f64>,
    search: Search,
) -> Result<Found> {
    let (x, noise) = checked(net, x, noise, search)?;
    let Code { mean, log_variance } = net.encode(x.clone()).map_err(failed)?;
    let mut leaves = [Leaf::new(mean)?, Leaf::new(log_variance)?];
    let mut found: Option<Found> = None;
    for step in 1..=search.steps as i32 + 1 {
        let (now, mut slope) = climb(net, &x, &leaves, &noise)?;
        let codes = codes(&leaves)?;
        match &mut found {
            Some(found) => found.keep(&now, &codes),
            None => found = Some(Found { before: now.clone(), after: now, codes }),
        }
        for leaf in &mut leaves {
            leaf.step(&mut slope, search.rate, step)?; // uphill in m and in log v
        }
    }
    found.ok_or_else(|| failed("no step was made"))
}

/// The bound of each row for these m and log v, and the slopes of minus their sum.
fn climb<E: Real, D: Engine<E>>(
    net: &Vae<E, D>,
    x: &Table<E, D>,
    [mean, log_variance]: &[Leaf<E, D>; 2],
    noise: &Table<E, D>,
) -> Result<(Array1<f64>, Gradients<E, D>)> {
    let mean = mean.at.clone().traced(Gradients::leaky());
    let code = Code { mean, log_variance: log_variance.at.retaped::<OwnedTape<E, D>>() };
    let draws = noise.shape().0 / x.shape().0;
    let objective = Objective { draws, ..Objective::default() };
    let Terms { bound, .. } =
        terms_of(net, x, code, noise.clone(), objective).map_err(failed)?;
    let values = bound.as_vec().into_iter().map(Into::into).collect();
    let loss = bound.try_sum::<Rank0, _>().and_then(|sum| sum.try_negate());
    Ok((values, loss.and_then(|loss| loss.try_backward()).map_err(failed)?))
}
// ANCHOR_END: search

impl Found {
    /// Keeps, row by row, the better of what was found and what is here.
    fn keep(&mut self, now: &Array1<f64>, codes: &Codes) {
        for row in 0..now.len() {
            if now[row] > self.after[row] {
                self.after[row] = now[row];
                self.codes.mean.row_mut(row).assign(&codes.mean.row(row));
                self.codes.sd.row_mut(row).assign(&codes.sd.row(row));
            }
        }
    }
}

/// A table that moves, and Adam's two moments of it.
struct Leaf<E: Dtype, D: Storage<E>> {
    at: Table<E, D>,
    moments: [Table<E, D>; 2],
}

impl<E: Real, D: Engine<E>> Leaf<E, D> {
    fn new(at: Table<E, D>) -> Result<Self> {
        let (device, zero) = (at.device().clone(), Array2::zeros(*at.shape()));
        let zeros = || to_device(zero.view(), &device);
        Ok(Leaf { moments: [zeros()?, zeros()?], at })
    }

    fn step(&mut self, slope: &mut Gradients<E, D>, rate: f64, step: i32) -> Result<()> {
        let keep = [0.9, 0.999];
        let [left1, left2] = keep.map(|keep: f64| 1.0 - keep.powi(step));
        let step = Step { rate: rate / left1, keep, lift: 1.0 / left2.sqrt(), tiny: 1e-8 };
        let [first, second] = &mut self.moments;
        D::adam([&mut self.at, first, second], slope, step).map_err(failed)
    }
}

fn codes<E: Real, D: Engine<E>>([mean, log_variance]: &[Leaf<E, D>; 2]) -> Result<Codes> {
    Ok(Codes {
        mean: to_array(&mean.at)?.mapv(Into::into),
        sd: to_array(&log_variance.at)?.mapv(|l| (0.5 * Into::<f64>::into(l)).exp()),
    })
}

/// The rows, and the noise once for each row: first all rows with the first draw.
fn checked<E: Real, D: Engine<E>>(
    net: &Vae<E, D>,
    x: ArrayView2<E>,
    noise: ArrayView2<f64>,
    search: Search,
) -> Result<(Table<E, D>, Table<E, D>)> {
    net.accepts(x, false)?;
    finite("the noise", noise)?;
    let latent = net.sizes().latent;
    shaped("the noise", noise.dim(), "this network", (noise.nrows(), latent))?;
    within("the rate", search.rate, 0.0, 1e3, "")?;
    let (rows, draws) = (x.nrows(), noise.nrows());
    let all = Array2::from_shape_fn((rows * draws, latent), |(i, d)| {
        real::<E>(noise[[i / rows.max(1), d]])
    });
    Ok((to_device(x, net.device())?, to_device(all.view(), net.device())?))
}

// ANCHOR: weights
/// log p(x, z) − log q(z | x) of so many draws for each row, of shape (draws, N).
pub fn log_weights<E: Real, D: Engine<E>>(
    net: &Vae<E, D>,
    x: ArrayView2<E>,
    draws: usize,
    rng: &mut impl Rng,
) -> Result<Array2<f64>> {
    net.accepts(x, false)?;
    within("the number of draws", draws as f64, 1.0, 1e6, "")?;
    let each = Objective { form: Form::Weight, ..Objective::default() };
    let mut all = Array2::zeros((draws, x.nrows()));
    let at_once = (4000 / x.nrows().max(1)).max(1);
    for mut block in all.axis_chunks_iter_mut(Rows(0), at_once) {
        let rows = concatenate(Rows(0), &vec![x; block.nrows()]).map_err(failed)?;
        let shape = (rows.nrows(), net.sizes().latent);
        let noise = noise(shape, net.device(), rng)?;
        let rows = to_device(rows.view(), net.device())?; // every draw is a row of its own
        let terms = terms(net, rows, noise, each).map_err(failed)?;
        let log_w = terms.bound.as_vec().into_iter().map(Into::into);
        block.iter_mut().zip(log_w).for_each(|(to, w): (_, f64)| *to = w);
    }
    Ok(all)
}
// ANCHOR_END: weights

// ANCHOR: plane
/// log p(x) of each row: the sum of p(x, z) over a grid, from −reach to reach in every
/// direction. For a code of one number or two.
pub fn evidence<E: Real, D: Engine<E>>(
    net: &Vae<E, D>,
    x: ArrayView2<E>,
    (reach, places): (f64, usize),
) -> Result<Array1<f64>> {
    net.accepts(x, false)?;
    let latent = net.sizes().latent;
    within("the size of the code", latent as f64, 1.0, 2.0, ": a grid has no more")?;
    within("the places", places as f64, 2.0, 2e3, "")?;
    within("the reach", reach, f64::MIN_POSITIVE, 1e6, "")?;
    let line = Array1::linspace(-reach, reach, places);
    let z = Array2::from_shape_fn((places.pow(latent as u32), latent), |(i, d)| {
        if d == 0 { line[i % places] } else { line[i / places] }
    });
    let cell = (line[1] - line[0]).ln() * latent as f64;
    let mut parts = vec![vec![]; x.nrows()];
    for z in z.axis_chunks_iter(Rows(0), 4000) {
        let mut joint = log_likelihood(net, x, z)?;
        for (z, mut row) in z.rows().into_iter().zip(joint.rows_mut()) {
            row += -0.5 * (z.dot(&z) + latent as f64 * LN_2PI) + cell; // log p(z) dz
        }
        for (parts, column) in parts.iter_mut().zip(joint.columns()) {
            parts.push(log_sum_exp(&column.to_vec()));
        }
    }
    Ok(parts.iter().map(|parts| log_sum_exp(parts)).collect())
}
// ANCHOR_END: plane

/// log p(x | z), of shape (places, rows).
pub fn log_likelihood<E: Real, D: Engine<E>>(
    net: &Vae<E, D>,
    x: ArrayView2<E>,
    z: ArrayView2<f64>,
) -> Result<Array2<f64>> {
    net.accepts(x, false)?;
    shaped("the code", z.dim(), "this network", (z.nrows(), net.sizes().latent))?;
    if net.likelihood == Likelihood::Bernoulli {
        let p = net.images(z)?.mapv(|p| p.clamp(1e-300, 1.0 - 1e-16));
        let x = x.mapv(Into::<f64>::into);
        return Ok(p.mapv(f64::ln).dot(&x.t()) + p.mapv(|p| (-p).ln_1p()).dot(&(1.0 - x).t()));
    }
    let mut all = Array2::zeros((z.nrows(), x.nrows()));
    let z = to_device(z.mapv(real::<E>).view(), net.device())?;
    let given = net.decode(z).map_err(failed)?;
    for (row, mut column) in x.rows().into_iter().zip(all.columns_mut()) {
        let same = Array2::from_shape_fn((column.len(), row.len()), |(_, d)| row[d]);
        let same = to_device(same.view(), net.device())?;
        let fit = net.fit(given.clone(), &same).map_err(failed)?;
        column.iter_mut().zip(fit.as_vec()).for_each(|(to, v)| *to = v.into());
    }
    Ok(all)
}
