//! One fit, timed by itself, for `versus.py`: `versus pca svd` or `versus pca eigen` reads one line on its input
//! for each round, fits MNIST, and answers with seconds and the first three variances.
use latent::data::mnist;
use latent::pca::{Origin, Pca};
use std::io::{BufRead, Write};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let route = std::env::args().nth(1).unwrap_or_default();
    let x = mnist::load()?.train;
    println!("ready");
    for line in std::io::stdin().lock().lines() {
        line?;
        let start = std::time::Instant::now();
        let fit = match route.as_str() {
            "svd" => Pca::by_svd(x.view(), Origin::Mean)?,
            "eigen" => Pca::by_eigen(x.view(), Origin::Mean)?,
            _ => return Err("say svd or eigen".into()),
        };
        let seconds = start.elapsed().as_secs_f64();
        let v = &fit.variances;
        println!("{seconds} {} {} {}", v[0], v[1], v[2]);
        std::io::stdout().flush()?;
    }
    Ok(())
}
