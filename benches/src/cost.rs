//! What a step of EM for factor analysis costs: `benches cost` prints seconds, as the table `em_cost.csv` beside it.
use latent::em::{Em, Statistics};
use latent::factor_analysis::FactorAnalysis;
use latent::gaussian::Moments;
use latent::ndarray::{Array1, Array2};
use latent::rand::{Rng, SeedableRng, rngs::StdRng};
use std::time::Instant;

const NOTE: &str = "# Median seconds of nine: the moments once, a step from moments, a step row by row. Written by `cargo run -p benches -- cost`.";

pub fn table() -> latent::Result<()> {
    println!("{NOTE}\nN,D,L,moments,step,rows");
    let by_n = [250, 1000, 4000, 16_000, 64_000].map(|n| (n, 64, 10));
    let by_d = [16, 32, 64, 128, 256, 512].map(|d| (4000, d, 10));
    let by_l = [1, 2, 5, 10, 20, 50].map(|l| (4000, 256, l));
    for (n, d, l) in by_n.into_iter().chain(by_d).chain(by_l) {
        let mut rng = StdRng::seed_from_u64(1);
        let w = Array2::from_shape_fn((d, l), |_| rng.random_range(-1.0..1.0));
        let model = FactorAnalysis::new(Array1::zeros(d), w, Array1::ones(d))?;
        let x = model.sample(n, &mut rng).1;
        let data = Moments::of(x.view())?;
        let moments = median(|| Moments::of(x.view()).map(drop))?;
        let step = median(|| model.m_step(&data, &model.e_step(&data)?).map(drop))?;
        let rows = median(|| model.m_step(&data, &row_by_row(&model, &x)?).map(drop))?;
        println!("{n},{d},{l},{moments:.3e},{step:.3e},{rows:.3e}");
    }
    Ok(())
}

/// The same statistics from the posterior of every row.
fn row_by_row(model: &FactorAnalysis, x: &Array2<f64>) -> latent::Result<Statistics> {
    let (gain, covariance) = model.gain()?;
    let z = model.posterior(x.view())?.mean;
    let n = x.nrows() as f64;
    let xz = (x - &model.mean).t().dot(&z) / n;
    let zz = z.t().dot(&z) / n + &covariance;
    Ok(Statistics { gain, covariance, xz, zz })
}

fn median(mut work: impl FnMut() -> latent::Result<()>) -> latent::Result<f64> {
    let mut times = vec![];
    for _ in 0..9 {
        let start = Instant::now();
        work()?;
        times.push(start.elapsed().as_secs_f64());
    }
    times.sort_by(f64::total_cmp);
    Ok(times[4])
}
