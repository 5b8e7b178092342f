//! One fit at a time, timed by itself, for `versus.py`: `benches ROUTE FILE ROWS COLUMNS [FACTORS or COMPONENTS [STEPS]]` reads rows of
//! 64-bit numbers from the file, and then one line on its input for each round. It answers with the seconds that the
//! fit took and what it found. The line may hold a log-likelihood: the fit goes on until it has reached that.
//! `benches cost` prints what the parts of such a fit cost; `benches vae …` trains networks, an epoch at a time.
mod cost;
mod mixture;
mod vae;
#[cfg(not(feature = "cuda"))]
mod vae_cost;
#[cfg(not(feature = "cuda"))]
mod vae_plain;

use latent::em::Em;
use latent::factor_analysis::FactorAnalysis;
use latent::gaussian::Moments;
use latent::mixture::Kind;
use latent::ndarray::{Array2, ArrayView2};
use latent::pca::{Origin, Pca};
use std::io::{BufRead, Write};
use std::time::Instant;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words == ["cost"] {
        return Ok(cost::table()?);
    }
    #[cfg(not(feature = "cuda"))]
    if words == ["vae-cost"] {
        return vae_cost::table();
    }
    let [route, file, sizes @ ..] = words.as_slice() else {
        return Err("say ROUTE FILE ROWS COLUMNS [FACTORS or COMPONENTS [STEPS]]".into());
    };
    let sizes = sizes.iter().map(|s| s.parse()).collect::<Result<Vec<usize>, _>>()?;
    let (rows, columns) = (sizes[0], sizes[1]);
    let x = read(file, rows, columns)?;
    if let ("vae", [_, _, hidden, latent, batch]) = (route.as_str(), &sizes[..]) {
        return vae::serve(&x, [*hidden, *latent, *batch]);
    }
    println!("ready");
    for line in std::io::stdin().lock().lines() {
        let wanted = line?.trim().parse().unwrap_or(f64::INFINITY);
        let start = Instant::now();
        let found = match route.as_str() {
            "svd" => variances(&Pca::by_svd(x.view(), Origin::Mean)?),
            "eigen" => variances(&Pca::by_eigen(x.view(), Origin::Mean)?),
            "ppca" => {
                let data = Moments::of(x.view())?;
                vec![FactorAnalysis::ppca(&data, sizes[2])?.log_likelihood(&data)?]
            }
            "fa" => factors(x.view(), sizes[2], wanted)?,
            "full" => mixture::gaussians(&x, Kind::Full, sizes[2], sizes[3])?,
            "tied" => mixture::gaussians(&x, Kind::Tied, sizes[2], sizes[3])?,
            "diag" => mixture::gaussians(&x, Kind::Diagonal, sizes[2], sizes[3])?,
            "spherical" => mixture::gaussians(&x, Kind::Spherical, sizes[2], sizes[3])?,
            "variational" => mixture::variational(&x, sizes[2], sizes[3])?,
            "bernoulli" => mixture::bernoullis(&x, sizes[2], sizes[3])?,
            _ => return Err(format!("no route {route}").into()),
        };
        let seconds = start.elapsed().as_secs_f64();
        let found: Vec<String> = found.iter().map(|v| v.to_string()).collect();
        println!("{seconds} {}", found.join(" "));
        std::io::stdout().flush()?;
    }
    Ok(())
}

fn variances(fit: &Pca) -> Vec<f64> {
    fit.variances.iter().take(3).copied().collect()
}

/// EM until the log-likelihood is at least `wanted`: it, and the steps taken.
fn factors(x: ArrayView2<f64>, l: usize, wanted: f64) -> Result<Vec<f64>, Failure> {
    let data = Moments::of(x)?;
    let mut model = FactorAnalysis::start(&data, l)?;
    for step in 0..100_000 {
        let q = model.e_step(&data)?;
        let reached = model.elbo(&data, &q)?.nats(); // after an E step, the log-likelihood
        if reached >= wanted {
            return Ok(vec![reached, f64::from(step)]);
        }
        model = model.m_step(&data, &q)?;
    }
    Err("100000 steps did not reach that likelihood".into())
}

fn read(file: &str, rows: usize, columns: usize) -> Result<Array2<f64>, Failure> {
    let bytes = std::fs::read(file)?;
    let numbers =
        bytes.chunks_exact(8).map(|b| f64::from_le_bytes(b.try_into().unwrap_or_default()));
    Ok(Array2::from_shape_vec((rows, columns), numbers.collect())?)
}
