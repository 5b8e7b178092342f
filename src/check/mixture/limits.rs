//! The checks of the chapter's last exercises: unseen digits, and a curve.
use crate::check::{Verdict, ask, library, must, same, verdict};
use crate::data::digits;
use crate::em::{Exact, Sample};
use crate::mixture::{Bernoullis, Covariance, Gaussians, along, black_and_white};
use ndarray::{Array1, Array2, array, s};
use rand::{SeedableRng, rngs::StdRng};

/// `ten(x)`: ten templates, fitted to the rows.
pub fn ten(f: fn(&Array2<f64>) -> Bernoullis) -> Verdict {
    verdict(|| {
        let all: Vec<usize> = (0..10).collect();
        let x = black_and_white(digits().x.view(), &digits().class, &all, 7.5);
        let (seen, unseen) =
            (x.slice(s![..1500, ..]).to_owned(), x.slice(s![1500.., ..]).to_owned());
        let model = ask("ten", "ten(1500 digits)", move || f(&seen))?;
        must(
            model.theta.dim() == (10, 64) && model.weights.len() == 10,
            format!(
                "the templates have shape {:?}, with {} weights; (10, 64) and 10 are asked for.",
                model.theta.dim(),
                model.weights.len()
            ),
        )?;
        let each = model.log_likelihood(&unseen).map_err(library)? / unseen.nrows() as f64;
        let hint = if model.smoothing == 0.0 {
            "Without smoothing one dark speck where no row had one costs hundreds of nats."
        } else {
            "Give it more steps, or several starts of which the best is kept."
        };
        must(
            each > GOAL,
            format!(
                "unseen digits have {each:.3} nats each, and {GOAL} is asked for. {hint}"
            ),
        )?;
        Ok(format!("{each:.3} nats a picture on digits that the fit has not seen."))
    })
}

const GOAL: f64 = -20.2;

/// Fails unless the places are the middles of their pieces, and the weights follow the prior there.
fn laid(case: &str, places: &[f64], weights: &[f64]) -> Result<(), Verdict> {
    let k = places.len();
    same(
        &format!("{case}: the weights' sum"),
        weights.iter().sum(),
        1.0,
        "A mixture's weights add up to 1: divide by their sum.",
    )?;
    for (i, z) in places.iter().enumerate() {
        let middle = 4.0 * ((2 * i + 1) as f64 / k as f64 - 1.0);
        let hint = "The middle of each piece, and not its end.";
        same(&format!("{case}: place {i}"), *z, middle, hint)?;
        let ratio = (0.5 * (places[0] * places[0] - z * z)).exp();
        let what = format!("{case}: weight {i}, over weight 0");
        let hint = "Each weight follows exp(−z²/2) at its own place.";
        same(&what, weights[i] / weights[0], ratio, hint)?;
    }
    Ok(())
}

/// `nodes(k, reach)`: the places of the components along a curve, and their weights.
pub fn nodes(f: fn(usize, f64) -> (Vec<f64>, Vec<f64>)) -> Verdict {
    verdict(|| {
        let wave = |z: f64| (array![z, (1.5 * z).sin()], 0.15 * (0.2 * z).exp());
        let exact = along(2001, 4.0, wave).map_err(library)?;
        let (_, x) = exact.sample(100, &mut StdRng::seed_from_u64(6)).map_err(library)?;
        let best = exact.log_likelihood(&x).map_err(library)?;
        let mut off = vec![];
        for k in [1, 3, 10, 100] {
            let case = format!("nodes({k}, 4)");
            let (places, weights) = ask("nodes", &case, move || f(k, 4.0))?;
            must(
                places.len() == k && weights.len() == k,
                format!(
                    "{case}: {} places and {} weights for {k} components.",
                    places.len(),
                    weights.len()
                ),
            )?;
            laid(&case, &places, &weights)?;
            let means = Array2::from_shape_fn((k, 2), |(i, j)| wave(places[i]).0[j]);
            let spread =
                Covariance::Spherical(places.iter().map(|z| wave(*z).1.powi(2)).collect());
            let model =
                Gaussians::new(Array1::from(weights), means, spread).map_err(library)?;
            off.push(best - model.log_likelihood(&x).map_err(library)?);
        }
        Ok(format!(
            "With 3, 10 and 100 components the log-likelihood of 100 points is {:.1}, {:.1} and {:.5} nats below that of 2001 components on the same range.",
            off[1], off[2], off[3]
        ))
    })
}
