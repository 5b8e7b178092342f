//! `peers FILE ROWS PIXELS HIDDEN LATENT BATCH`: an epoch of training for each line on the input, which names a library; the
//! answer is its seconds and the mean bound of its rows.
mod burning;
mod candles;

use rand::{SeedableRng, rngs::StdRng, seq::SliceRandom};
use std::io::{BufRead, Write};
use std::time::Instant;

type Failure = Box<dyn std::error::Error>;

/// The widths of the network, and the rows of a step.
#[derive(Clone, Copy)]
struct Sizes {
    pixels: usize,
    hidden: usize,
    latent: usize,
    batch: usize,
}

fn main() -> Result<(), Failure> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = |i: usize| words[i].parse::<usize>();
    let (rows, pixels) = (number(1)?, number(2)?);
    let sizes = Sizes { pixels, hidden: number(3)?, latent: number(4)?, batch: number(5)? };
    let bytes = std::fs::read(&words[0])?;
    let numbers = bytes.chunks_exact(8).map(|b| f64::from_le_bytes(b.try_into().unwrap()) as f32);
    let x: Vec<f32> = numbers.collect();
    assert_eq!(x.len(), rows * pixels);
    let mut candle = candles::Run::new(&x, sizes)?;
    let mut burn = burning::Run::new(&x, sizes);
    let mut rng = StdRng::seed_from_u64(1);
    let mut order: Vec<u32> = (0..rows as u32).collect();
    println!("ready");
    for line in std::io::stdin().lock().lines() {
        let start = Instant::now();
        order.shuffle(&mut rng);
        let bound = match line?.as_str() {
            "candle" => candle.epoch(&order)?,
            _ => burn.epoch(&order),
        };
        println!("{} {bound}", start.elapsed().as_secs_f64());
        std::io::stdout().flush()?;
    }
    Ok(())
}
