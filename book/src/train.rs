//! `cargo run -- train …`: a variational autoencoder on the book's data or on a reader's own.
use crate::bar::Bar;
use crate::runs::{Log, Row};
use crate::sets::{self, Set};
use anyhow::{Context, Result, bail};
use clap::{Args as _, FromArgMatches};
use dfdx::prelude::Cpu;
use latent::vae::{self, Form, Likelihood, Objective, Plan, Run, Sizes, Vae, checkpoint};
use ndarray::ArrayView2;
use rand::{SeedableRng, rngs::StdRng};
use std::iter::once;
use std::path::{Path, PathBuf};

/// What `train` takes.
#[derive(Clone, clap::Args)]
pub struct Args {
    /// digits, mnist, binarised-mnist, or a file: IDX (packed or not) or NPY, rows first
    #[arg(long, default_value = "digits")]
    pub data: String,
    /// A file of rows to test on; without, the last sixth of the data
    #[arg(long)]
    pub test: Option<PathBuf>,
    /// Entries of the code
    #[arg(long, default_value_t = 2)]
    pub latent: usize,
    /// Widths of the hidden layers, from the data on: 200,200
    #[arg(long, value_delimiter = ',')]
    pub hidden: Vec<usize>,
    /// bernoulli, shared, predicted, continuous, gaussian:SD, or logistic:LEVELS (without LEVELS, 17 for the digits and 256 for others)
    #[arg(long, default_value = "bernoulli")]
    pub likelihood: String,
    /// Pixels at or above this are 1, the others 0; for the digits 0.5 unless another is given
    #[arg(long, conflicts_with = "drawn")]
    pub threshold: Option<f64>,
    /// Draw black and white pixels from greys between 0 and 1, anew at each visit; so for mnist unless there is a threshold
    #[arg(long)]
    pub drawn: bool,
    /// Passes over the rows
    #[arg(long, default_value_t = 30)]
    pub epochs: usize,
    /// Rows a step
    #[arg(long, default_value_t = 100)]
    pub batch: usize,
    /// Adam's rate in the first epoch
    #[arg(long, default_value_t = 1e-3)]
    pub rate: f64,
    /// Adam's rate in the last epoch, if it is to fall
    #[arg(long)]
    pub last_rate: Option<f64>,
    /// Draws of z for each row and step
    #[arg(long, default_value_t = 1)]
    pub draws: usize,
    /// Maximise the importance-weighted bound of those draws
    #[arg(long)]
    pub weighted: bool,
    /// Multiply KL(q ‖ prior) by this
    #[arg(long, default_value_t = 1.0)]
    pub beta: f64,
    /// Where the randomness begins
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Draws for the importance-weighted bound at the end; 0 leaves it out
    #[arg(long, default_value_t = 500)]
    pub score: usize,
    /// The folder for log, weights and checkpoint; without, one in runs/ named after the data and the latents
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Go on where the run in that folder stopped
    #[arg(long)]
    pub resume: bool,
    /// What was typed, for the log
    #[arg(skip = std::env::args_os().skip(1).map(|w| w.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" "))]
    pub words: String,
}

impl Args {
    /// As if these words had been typed after `train`.
    pub fn typed(words: &str) -> Result<Args> {
        let command = Args::augment_args(clap::Command::new("train"));
        let found = command.try_get_matches_from(once("train").chain(words.split(' ')))?;
        Ok(Args { words: format!("train {words}"), ..Args::from_arg_matches(&found)? })
    }

    fn plan(&self) -> Plan {
        let (draws, weighted, beta) = (self.draws, self.weighted, self.beta);
        let objective = Objective { form: Form::Cost, draws, weighted, beta };
        Plan {
            epochs: self.epochs,
            batch: self.batch,
            rate: self.rate,
            last_rate: self.last_rate.unwrap_or(self.rate),
            objective,
            drawn: self.drawn(),
            seed: self.seed,
        }
    }

    /// The threshold, if there is one.
    pub fn threshold(&self) -> Option<f64> {
        let default =
            (self.data == "digits" && self.bernoulli() && !self.drawn).then_some(0.5);
        self.threshold.or(default)
    }

    /// Whether pixels are drawn from the greys.
    pub fn drawn(&self) -> bool {
        self.drawn || (self.data == "mnist" && self.bernoulli() && self.threshold.is_none())
    }

    fn bernoulli(&self) -> bool {
        self.likelihood == "bernoulli"
    }

    fn likelihood(&self) -> Result<Likelihood> {
        Ok(match self.likelihood.as_str() {
            "bernoulli" => Likelihood::Bernoulli,
            "shared" => Likelihood::Shared,
            "predicted" => Likelihood::Predicted,
            "continuous" => Likelihood::Continuous,
            "logistic" => Likelihood::Logistic(if self.data == "digits" { 17 } else { 256 }),
            other => {
                let gaussian = other.strip_prefix("gaussian:").and_then(|sd| sd.parse().ok());
                let logistic = other.strip_prefix("logistic:").and_then(|n| n.parse().ok());
                let found = gaussian.map(Likelihood::Gaussian);
                let found = found.or(logistic.map(Likelihood::Logistic));
                found.with_context(|| {
                    format!(
                        "`{other}`: bernoulli, shared, predicted, continuous, gaussian:0.1, or logistic:256"
                    )
                })?
            }
        })
    }

    /// Where the run is written.
    pub fn folder(&self) -> PathBuf {
        let name = Path::new(&self.data).file_stem().unwrap_or_default().to_string_lossy();
        let default = || Path::new("runs").join(format!("{name}-{}", self.latent));
        self.out.clone().unwrap_or_else(default)
    }
}

/// Trains, and says where everything was written.
pub fn run(args: &Args) -> Result<()> {
    let set = sets::load(args)?;
    let folder = args.folder();
    let log = train(args, &set, &folder)?;
    for (name, value) in &log.last {
        println!("{name}: {value:.2} nats a row");
    }
    println!("{}", folder.display());
    Ok(())
}

/// Trains on a set, writing to a folder as it goes.
pub fn train(args: &Args, set: &Set, folder: &Path) -> Result<Log> {
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let (mut run, mut log) = begin(args, set, folder)?;
    let mut bar =
        Bar::new("training", (args.epochs as u64).saturating_mul(set.train.nrows() as u64));
    while run.done < args.epochs {
        let before = (run.done * set.train.nrows()) as u64;
        let made = run.epoch(set.train.view(), |now| {
            let speed = now.rows as f64 / now.seconds.max(1e-9);
            let (bound, e) = (now.elbo.nats(), now.elbo);
            let active = log.rows.last().map_or(0, |r: &Row| r.active);
            bar.show(
                before + now.rows as u64,
                &format!(
                    "bound {bound:.2} = {:.2} − {:.2}, {active} active, {speed:.0} rows/s",
                    e.fit, e.kl
                ),
            );
        })?;
        let rng = &mut StdRng::seed_from_u64(made.epoch as u64);
        let test = run.net.score(set.test.view(), 1, rng)?.elbo;
        let active = active(&run.net, set.test.view())?;
        let (train, objective) = (made.elbo, made.objective);
        log.rows.push(Row { epoch: made.epoch, train, objective, test, active });
        // the log first: a run that is taken up again drops the rows that its checkpoint does not have
        checkpoint::replace(&folder.join("log.csv"), log.text().as_bytes())?;
        run.save(&folder.join("checkpoint.safetensors"))?;
    }
    bar.end(&format!("{} epochs", run.done));
    finish(args, set, folder, &mut run.net, log)
}

/// A fresh run, or the one that was broken off.
fn begin(args: &Args, set: &Set, folder: &Path) -> Result<(Run<f32, Cpu>, Log)> {
    let device = Cpu::default();
    if args.resume {
        let run = Run::resume(&folder.join("checkpoint.safetensors"), args.plan(), &device)?;
        let mut log = Log::read(folder)?;
        log.rows.truncate(run.done);
        log.last.clear();
        return Ok((run, log));
    }
    if folder.join("checkpoint.safetensors").exists() {
        bail!("{} holds a run: --resume it, or choose another --out", folder.display());
    }
    for name in ["log.csv", "weights.safetensors"] {
        if folder.join(name).exists() {
            bail!("{} holds a {name} already: choose another --out", folder.display());
        }
    }
    let hidden = if args.hidden.is_empty() { vec![200] } else { args.hidden.clone() };
    let sizes = Sizes { pixels: set.train.ncols(), hidden, latent: args.latent };
    let rng = &mut StdRng::seed_from_u64(args.seed);
    let net = Vae::new(&sizes, args.likelihood()?, &device, rng)?;
    let log = Log { command: args.words.clone(), rows: vec![], last: vec![] };
    Ok((Run::new(net, args.plan())?, log))
}

/// The last numbers, the weights alone, and the log with both.
fn finish(
    args: &Args,
    set: &Set,
    folder: &Path,
    net: &mut Vae<f32, Cpu>,
    mut log: Log,
) -> Result<Log> {
    let rng = &mut StdRng::seed_from_u64(args.seed);
    if args.score > 0 {
        eprintln!("{} draws for each of {} test rows", args.score, set.test.nrows());
        let score = net.score(set.test.view(), args.score, rng)?;
        log.last.push(("bound".into(), score.elbo.nats()));
        log.last.push((format!("weighted_{}", args.score), score.weighted));
    }
    checkpoint::save(net, &folder.join("weights.safetensors"))?;
    checkpoint::replace(&folder.join("log.csv"), log.text().as_bytes())?;
    Ok(log)
}

/// Entries of the code whose mean varies over the rows.
fn active(net: &Vae<f32, Cpu>, x: ArrayView2<f32>) -> Result<usize> {
    let mean = net.codes(x)?.mean;
    Ok(mean.var_axis(ndarray::Axis(0), 0.0).iter().filter(|v| **v > vae::ACTIVE).count())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Trains on the digits, all at once and broken off: the same log and the same weights, byte for byte.
    #[test]
    fn a_run_broken_off_and_resumed_leaves_the_same_files() {
        let folder = tempfile::tempdir().unwrap();
        let run = |out: &str, epochs: usize, resume: bool| {
            let words = "--data digits --hidden 8 --epochs 0 --batch 300 --score 2";
            let mut args = Args::typed(words).unwrap();
            (args.epochs, args.resume, args.last_rate) = (epochs, resume, None);
            let folder = folder.path().join(out);
            train(&args, &sets::load(&args).unwrap(), &folder).unwrap();
            (
                std::fs::read(folder.join("log.csv")).unwrap(),
                std::fs::read(folder.join("weights.safetensors")).unwrap(),
                std::fs::read(folder.join("checkpoint.safetensors")).unwrap(),
            )
        };
        let whole = run("whole", 4, false);
        run("broken", 2, false);
        assert!(run("broken", 4, true) == whole);
        let args = Args::typed("--data digits --epochs 1").unwrap();
        let again = train(&args, &sets::load(&args).unwrap(), &folder.path().join("whole"));
        assert!(
            again.unwrap_err().to_string().contains("--resume"),
            "a run is never written over"
        );
    }

    /// A reader's own rows, as IDX and as NPY.
    #[test]
    fn a_file_of_ones_own_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let idx = folder.path().join("own-idx");
        let mut bytes = vec![0, 0, 8, 3, 0, 0, 0, 12, 0, 0, 0, 2, 0, 0, 0, 3];
        bytes.extend((0..72).map(|i| if i % 3 == 0 { 255 } else { 0 }));
        std::fs::write(&idx, &bytes).unwrap();
        let npy = folder.path().join("own.npy");
        let mut bytes = b"\x93NUMPY\x01\x00\x3a\x00".to_vec();
        let head = "{'descr': '|u1', 'fortran_order': False, 'shape': (12, 6), }";
        bytes[8] = head.len() as u8;
        bytes.extend(head.as_bytes());
        bytes.extend((0..72).map(|i| u8::from(i % 3 == 0)));
        std::fs::write(&npy, &bytes).unwrap();
        let of = |path: &Path| {
            let args = Args {
                data: path.display().to_string(),
                ..Args::typed("--epochs 1").unwrap()
            };
            sets::load(&args).unwrap()
        };
        assert_eq!(of(&idx).train, of(&npy).train);
        assert_eq!((of(&npy).train.dim(), of(&npy).test.dim()), ((10, 6), (2, 6)));
        assert!(of(&idx).train.iter().all(|v| *v == 0.0 || *v == 1.0));
    }
}
