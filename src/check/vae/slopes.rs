//! The checks of slopes: by differences, and by the chain rule.
use super::near;
use crate::check::{Verdict, ask, must, verdict};
use crate::elbo::{Tiny, kl_to_standard};
use crate::mean_field::slope;
use ndarray::Array1;
use ndarray_rand::{RandomExt, rand_distr::StandardNormal};
use rand::{SeedableRng, rngs::StdRng};

/// From the slope of log p(x | z) in z, m, log v and draws ε, to the bound's slopes in m and in log v.
type Slopes = fn(&dyn Fn(f64) -> f64, f64, f64, &[f64]) -> [f64; 2];

/// `slopes(push, m, log_variance, noise)`: the slopes of the bound, held against differences.
pub fn slopes(f: Slopes) -> Verdict {
    verdict(|| {
        let mut rng = StdRng::seed_from_u64(7);
        let noise: Vec<f64> = Array1::random_using(40, StandardNormal, &mut rng).to_vec();
        for row in Tiny::default().every_x().rows() {
            for (m, l) in [(0.3, -1.0), (-0.6, 0.4)] {
                let case = format!("pixels {row:.0}, m = {m}, log v = {l}");
                let (x, e) = (row.to_owned(), noise.clone());
                let got = ask("slopes", &case, move || {
                    let model = Tiny::default();
                    f(&|z| slope(&model, x.view(), z) + z, m, l, &e)
                })?;
                let want = by_differences(row.to_owned(), m, l, &noise)?;
                compare(&case, got, want, [m, l])?;
            }
        }
        Ok("As the differences say, for all eight images.".into())
    })
}

/// log p(x | z).
fn fit(model: &Tiny, x: &Array1<f64>, z: f64) -> f64 {
    let odds = model.w.dot(&(z * &model.a + &model.b).mapv(f64::tanh));
    x.dot(&odds) - odds.mapv(|a| a.exp().ln_1p()).sum()
}

fn by_differences(
    x: Array1<f64>,
    m: f64,
    l: f64,
    noise: &[f64],
) -> Result<[f64; 2], Verdict> {
    let (h, model) = (1e-5, Tiny::default());
    let bound = |m: f64, l: f64| {
        let s = (0.5 * l).exp();
        let fit: f64 = noise.iter().map(|e| fit(&model, &x, m + s * e)).sum();
        fit / noise.len() as f64 - kl_to_standard(&[m], &[s])
    };
    Ok([
        (bound(m + h, l) - bound(m - h, l)) / (2.0 * h),
        (bound(m, l + h) - bound(m, l - h)) / (2.0 * h),
    ])
}

fn compare(
    case: &str,
    got: [f64; 2],
    want: [f64; 2],
    [m, l]: [f64; 2],
) -> Result<(), Verdict> {
    // The slopes of minus the cost, and what is left for the fit.
    let cost = [-m, 0.5 * (1.0 - l.exp())];
    for (i, name) in ["m", "log v"].into_iter().enumerate() {
        let (fit, right) = (got[i] - cost[i], want[i] - cost[i]);
        let hint = if near(fit, 2.0 * right, 5) {
            "Take off the cost's slope, which is right: what is left is twice too long. How far does s move when log v moves by 1?"
        } else if near(fit, 0.0, 9) {
            "Only the cost's slope is left. The draws hang on s, and so does the fit."
        } else if near(got[i], right, 5) {
            "The cost's slope is missing."
        } else {
            "The mean of push(m + sε) times what z moves by: 1 for m, ½sε for log v. Then less the slope of the cost."
        };
        must(
            near(got[i], want[i], 6),
            format!(
                "{case}: in {name} the slope gave {:.6}, and central differences of the bound say {:.6}. {hint}",
                got[i], want[i]
            ),
        )?;
    }
    Ok(())
}
