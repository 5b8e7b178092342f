//! `cargo run -- reproduce …`: a published result, by the book's own code, beside what was published.
use crate::bar::Bar;
use crate::runs::Log;
use crate::sets;
use crate::train::{self, Args};
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
    /// A variational autoencoder on static binarised MNIST, 784-200-20, 30 epochs: minutes
    Vae,
    /// The networks of Burda et al. (2015) on MNIST, 784-200-200-50, one draw and five, 100 epochs: hours
    Iwae,
    /// The book's digits with a product as q and with autoregressive steps, five seeds each: minutes
    Flow,
}

/// Components, steps, and what Larochelle and Murray (2011) report: the mean −log p(x) of a test image, in nats.
/// One component is independent pixels.
const MIXTURES: [(usize, usize, Option<f64>); 3] =
    [(1, 1, None), (10, 60, Some(168.95)), (500, 40, Some(137.64))];

/// Runs it, and prints a table.
pub fn run(what: What) -> Result<()> {
    match what {
        What::BernoulliMixture => mixtures(),
        What::Vae => trained("static MNIST", &VAE),
        What::Iwae => trained("MNIST, black and white drawn anew at each visit", &IWAE),
        What::Flow => crate::flow::run(),
    }
}

fn mixtures() -> Result<()> {
    let set = binarised::load()?;
    println!(
        "mean −log p(x) in nats; smoothing {SMOOTHING}; K: training, validation, test (published test), seconds"
    );
    let command = "reproduce bernoulli-mixture".to_string();
    let mut log = Log { command, rows: vec![], last: vec![] };
    for (k, steps, published) in MIXTURES {
        let start = Instant::now();
        let [train, valid, test] = mixture(&set, k, steps)?;
        let seconds = start.elapsed().as_secs_f64();
        let published = published.map_or("none".into(), |v: f64| v.to_string());
        println!("K = {k}: {train:.2}, {valid:.2}, {test:.2} ({published}), {seconds:.0} s");
        log.last.push((format!("test_{k}"), -test));
    }
    let folder = std::path::Path::new("runs/mnist-mixtures");
    std::fs::create_dir_all(folder)?;
    Ok(std::fs::write(folder.join("log.csv"), log.text())?)
}

/// A training run: a name, what to type after `train`, and what others report.
type Target = (&'static str, &'static str, &'static str);

const VAE: [Target; 1] = [(
    "784-200-20, one draw",
    "--data binarised-mnist --hidden 200 --latent 20 --epochs 30 --batch 100 --score 500 --out runs/mnist-20",
    "a program of public code with 128 latents and longer training reports 97.10",
)];

const IWAE: [Target; 2] = [
    (
        "784-200-200-50, one draw",
        "--data mnist --hidden 200,200 --latent 50 --epochs 100 --batch 100 --last-rate 1e-4 --score 5000 --out runs/burda-1",
        "Burda et al. 86.76 after 3280 epochs; others 86.35 with that schedule, 90.26 with a short one",
    ),
    (
        "784-200-200-50, five draws, weighted",
        "--data mnist --hidden 200,200 --latent 50 --draws 5 --weighted --epochs 100 --batch 100 --last-rate 1e-4 --score 5000 --out runs/burda-5",
        "Burda et al. 85.54 after 3280 epochs; others 85.18 with that schedule, 88.49 with a short one",
    ),
];

/// Trains each, or goes on where it was broken off, and prints nats beside what others report.
fn trained(data: &str, targets: &[Target]) -> Result<()> {
    println!("{data}: nats an image on the test set");
    for (name, words, others) in targets {
        let mut args = Args::typed(words)?;
        args.resume = args.folder().join("checkpoint.safetensors").exists();
        let start = Instant::now();
        let log = train::train(&args, &sets::load(&args)?, &args.folder())?;
        let seconds = start.elapsed().as_secs_f64();
        let weighted = log.number(&format!("weighted_{}", args.score))?;
        println!(
            "{name}: bound {:.2}, importance-weighted ({} draws) {weighted:.2}, {seconds:.0} s",
            log.number("bound")?,
            args.score
        );
        println!("    −log p(x) at most {:.2}; {others}", -weighted);
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
