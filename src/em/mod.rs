//! Chapter 4: expectation maximisation, one driver for every model whose posterior is known.
mod coins;
mod cost;
mod factors;
mod pair;

pub use coins::{Coins, TEN_ROWS};
pub use cost::{Cost, multiplications};
pub use factors::{Isotropic, Statistics, monte_carlo};
pub use pair::Pair;

use crate::elbo::Elbo;
use crate::error::{Error, Result, within};
use ndarray::Array2;
use rand::Rng;

// ANCHOR: em
/// A model that EM can fit. Both halves of a step raise the same bound.
pub trait Em: Sized {
    /// What the model needs of the data.
    type Data: ?Sized;
    /// q(z) for all rows.
    type Posterior;
    /// The q that raises the bound of this model most: the posterior.
    fn e_step(&self, data: &Self::Data) -> Result<Self::Posterior>;
    /// The model that raises the bound of this q most.
    fn m_step(&self, data: &Self::Data, q: &Self::Posterior) -> Result<Self>;
    /// The bound for this model and that q, over all rows.
    fn elbo(&self, data: &Self::Data, q: &Self::Posterior) -> Result<Elbo>;
}

/// A model whose evidence is known: after an E step, the bound equals it.
pub trait Exact: Em {
    /// Σ log p(x) over all rows.
    fn log_likelihood(&self, data: &Self::Data) -> Result<f64>;
}

/// A model that can make data: latents first, then rows.
pub trait Sample {
    /// `n` draws of z, one a row, and of x given z.
    fn sample(&self, n: usize, rng: &mut impl Rng) -> Result<(Array2<f64>, Array2<f64>)>;
}
// ANCHOR_END: em

// ANCHOR: stop
/// When to stop.
#[derive(Clone, Copy, Debug)]
pub struct Stop {
    /// After this many steps.
    pub steps: usize,
    /// Or after a step that raises the bound, over all rows, by less than this many nats.
    pub gain: f64,
}

/// The bound after each E step: one more entry than steps taken.
pub type Trace = Vec<Elbo>;

/// A fitted model and the way to it.
#[derive(Clone, Debug)]
pub struct Fit<M> {
    /// The model after the last step.
    pub model: M,
    /// The bound of every model on the way, the start's first.
    pub trace: Trace,
}

impl<M> Fit<M> {
    /// The last bound, in nats over all rows.
    pub fn nats(&self) -> f64 {
        self.trace.last().map_or(f64::NEG_INFINITY, Elbo::nats)
    }
}
// ANCHOR_END: stop

// ANCHOR: fit
/// Raises the bound by q, then by the model, until a step gains too little.
pub fn fit<M: Em>(mut model: M, data: &M::Data, stop: Stop) -> Result<Fit<M>> {
    within("the least gain", stop.gain, f64::NEG_INFINITY, f64::MAX, "")?;
    let mut trace: Trace = vec![];
    loop {
        let q = model.e_step(data)?; // (eq:e-step)
        let bound = model.elbo(data, &q)?;
        if !bound.nats().is_finite() {
            return Err(Error::NoBound { step: trace.len(), bound: bound.nats() });
        }
        let gained = trace.last().map_or(f64::INFINITY, |b| bound.nats() - b.nats());
        trace.push(bound);
        if trace.len() > stop.steps || gained < stop.gain {
            return Ok(Fit { model, trace });
        }
        model = model.m_step(data, &q)?; // (eq:m-step)
    }
}
// ANCHOR_END: fit

// ANCHOR: best_of
/// The best of several fits, each from a start of its own.
/// A run that fails is passed over, unless all do.
pub fn best_of<M: Em, R: Rng>(
    runs: usize,
    mut start: impl FnMut(&mut R) -> Result<M>,
    data: &M::Data,
    stop: Stop,
    rng: &mut R,
) -> Result<Fit<M>> {
    within("the number of runs", runs as f64, 1.0, f64::MAX, "")?;
    let run = |_| start(rng).and_then(|model| fit(model, data, stop));
    let better = |a: Result<Fit<M>>, b: Result<Fit<M>>| match (a, b) {
        (Ok(a), Ok(b)) => Ok(if b.nats() > a.nats() { b } else { a }),
        (Ok(one), Err(_)) | (Err(_), Ok(one)) => Ok(one),
        (failed, _) => failed,
    };
    (0..runs).map(run).reduce(better).unwrap_or(Err(Error::NoConvergence { what: "fit" }))
}
// ANCHOR_END: best_of

// ANCHOR: chain
/// The three numbers that one step of EM climbs through, in nats.
#[derive(Clone, Copy, Debug)]
pub struct Chain {
    /// log p(x) of the old model: the bound after its E step.
    pub old: f64,
    /// The bound of the new model with the old q.
    pub raised: f64,
    /// log p(x) of the new model.
    pub new: f64,
}

/// One step of EM, and what it gained where.
pub fn step<M: Exact>(model: &M, data: &M::Data) -> Result<(M, Chain)> {
    let q = model.e_step(data)?;
    let next = model.m_step(data, &q)?;
    let chain = Chain {
        old: model.log_likelihood(data)?,
        raised: next.elbo(data, &q)?.nats(), // (eq:chain)
        new: next.log_likelihood(data)?,
    };
    Ok((next, chain))
}
// ANCHOR_END: chain
