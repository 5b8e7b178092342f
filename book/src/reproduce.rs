//! `cargo run -- reproduce …`: a published result, by the book's own code, beside what was published.
use crate::bar::Bar;
use anyhow::Result;
use latent::data::binarised::{self, Binarised};
use latent::em::{Em, Exact};
use latent::mixture::Bernoullis;
use rand::{SeedableRng, rngs::StdRng};
use std::time::Instant;

/// What can be reproduced.
#[derive(Clone, Copy, clap::ValueEnum)]
pub enum What {
    /// Mixtures of Bernoullis on static binarised MNIST, with 10 and with 500 components
    BernoulliMixture,
}

/// Components, steps, and what Larochelle and Murray (2011) report: the mean −log p(x) of a test image, in nats.
const MIXTURES: [(usize, usize, f64); 2] = [(10, 60, 168.95), (500, 40, 137.64)];

/// Runs it, and prints a table.
pub fn run(what: What) -> Result<()> {
    let What::BernoulliMixture = what;
    let set = binarised::load()?;
    println!(
        "mean −log p(x) in nats; smoothing {SMOOTHING}; K: training, validation, test (published test), seconds"
    );
    for (k, steps, published) in MIXTURES {
        let start = Instant::now();
        let [train, valid, test] = mixture(&set, k, steps)?;
        let seconds = start.elapsed().as_secs_f64();
        println!("K = {k}: {train:.2}, {valid:.2}, {test:.2} ({published}), {seconds:.0} s");
    }
    Ok(())
}

/// Rows all white and all black that each template is taken to have seen besides.
const SMOOTHING: f64 = 0.1;

/// So many steps of EM from rows drawn at random: the mean −log p(x) of the three parts.
fn mixture(set: &Binarised, k: usize, steps: usize) -> Result<[f64; 3]> {
    let start = Bernoullis::start(&set.train, k, &mut StdRng::seed_from_u64(1))?;
    let mut model = Bernoullis { smoothing: SMOOTHING, ..start };
    let mut bar = Bar::new(&format!("{k} components"), steps as u64);
    for step in 0..steps {
        let q = model.e_step(&set.train)?;
        let bound = model.elbo(&set.train, &q)?.nats() / set.train.nrows() as f64;
        model = model.m_step(&set.train, &q)?;
        bar.show(step as u64 + 1, &format!("bound {bound:.2} nats an image"));
    }
    bar.end(&format!("{steps} steps"));
    let mut out = [0.0; 3];
    for (out, x) in out.iter_mut().zip([&set.train, &set.valid, &set.test]) {
        *out = -model.log_likelihood(x)? / x.nrows() as f64;
    }
    Ok(out)
}
