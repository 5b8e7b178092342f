//! The checks of the chapter's later sections: factor analysis, points of rest, the driver.
use crate::check::{Verdict, ask, library, must, same, same_table, verdict};
use crate::data::{iris, old_faithful, wine};
use crate::em::{Coins, Em, Exact, Pair, Stop, TEN_ROWS, fit};
use crate::factor_analysis::FactorAnalysis;
use crate::gaussian::Moments;
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, array};
use rand::{SeedableRng, rngs::StdRng};

/// Wine with columns of variance one, and where the fits of the chapter begin.
fn wine_start(l: usize) -> Result<(FactorAnalysis, Moments), Verdict> {
    let data =
        Moments::of(wine().x.view()).and_then(|m| m.standardised()).map_err(library)?;
    Ok((FactorAnalysis::start(&data, l).map_err(library)?, data))
}

fn geyser() -> Result<(Pair, Array2<f64>), Verdict> {
    let x = old_faithful().x.clone();
    Ok((Pair::around(&x, array![[3.6, 79.0], [1.8, 54.0]]).map_err(library)?, x))
}

const FOR_EVER: f64 = f64::NEG_INFINITY;

/// A step of factor analysis from S, W and ψ.
type Step =
    fn(ArrayView2<f64>, ArrayView2<f64>, ArrayView1<f64>) -> (Array2<f64>, Array1<f64>);

/// `climb(S, W, ψ)`: W and ψ after one step of EM.
pub fn climb(f: Step) -> Verdict {
    verdict(|| {
        let (start, data) = wine_start(2)?;
        let want = fit(start.clone(), &data, Stop { steps: 500, gain: FOR_EVER })
            .map_err(library)?;
        let mut model = start.clone();
        for t in 1..=11 {
            let (s, w, psi) = (data.covariance.clone(), model.w.clone(), model.psi.clone());
            let case = format!("wine, L = 2: climb, step {t}");
            let (w, psi) = ask("climb", &case, move || f(s.view(), w.view(), psi.view()))?;
            must(
                w.dim() == (13, 2) && psi.len() == 13,
                format!(
                    "{case}: W has shape {:?} and ψ has {} entries; (13, 2) and 13 are right.",
                    w.dim(),
                    psi.len()
                ),
            )?;
            model = FactorAnalysis::new(start.mean.clone(), w, psi)
                .map_err(|e| Verdict::Fail(format!("{case}: {e}")))?;
            let got = model.log_likelihood(&data).map_err(library)?;
            let right = want.trace[t].nats();
            must(
                (got - right).abs() < 1e-8,
                format!(
                    "{case} ends at {got:.6} nats, and {right:.6} is right. {}",
                    why(got, t)
                ),
            )?;
        }
        let (s, start) = (data.covariance.clone(), (model.w.clone(), model.psi.clone()));
        let end = ask("climb", "wine, L = 2: 489 more steps", move || {
            (0..489).fold(start, |(w, psi), _| f(s.view(), w.view(), psi.view()))
        })?;
        let end = FactorAnalysis::new(model.mean, end.0, end.1).map_err(library)?;
        let end = end.log_likelihood(&data).map_err(library)?;
        same("after 500 steps", end, want.nats(), "")?;
        Ok(format!("The first eleven steps agree to 1e-8 nats, and the end is {end:.6}."))
    })
}

/// What a wrong first step comes from.
fn why(got: f64, t: usize) -> &'static str {
    match t {
        1 if (got + 2788.436775).abs() < 1e-4 => {
            "That is EM without G: E[zzᵀ] is G and the mean of E[z]E[z]ᵀ."
        }
        1 if (got + 2785.818954).abs() < 1e-4 => {
            "That is a legal step, with the old W in ψ; the new one climbs higher."
        }
        _ => {
            "First G and GWᵀΨ⁻¹ of the OLD model, then both averages, then the new W, then ψ with the new W."
        }
    }
}

/// Two averages from S, the gain and G.
type Averages =
    fn(ArrayView2<f64>, ArrayView2<f64>, ArrayView2<f64>) -> (Array2<f64>, Array2<f64>);

/// `sure(S, F, G)`: the means `E[xzᵀ]` and `E[zzᵀ]`.
pub fn sure(f: Averages) -> Verdict {
    verdict(|| {
        let (mut model, data) = wine_start(2)?;
        let mut before = model.log_likelihood(&data).map_err(library)?;
        let mut averages = vec![];
        for t in 1..=60 {
            let mut q = model.e_step(&data).map_err(library)?;
            let (s, a, g) = (data.covariance.clone(), q.gain.clone(), q.covariance.clone());
            let case = format!("wine, L = 2, step {t}");
            let (xz, zz) = ask("sure", &case, move || f(s.view(), a.view(), g.view()))?;
            let shapes = (xz.dim(), zz.dim());
            must(
                shapes == (q.xz.dim(), q.zz.dim()),
                format!(
                    "{case}: the shapes are {shapes:?}, and (13, 2) and (2, 2) are right."
                ),
            )?;
            let right = (std::mem::replace(&mut q.xz, xz), std::mem::replace(&mut q.zz, zz));
            averages.push((right, (q.xz.clone(), q.zz.clone())));
            model =
                model.m_step(&data, &q).map_err(|e| Verdict::Fail(format!("{case}: with these averages the M step fails: {e}. E[zzᵀ] has two parts, what a row says about its z and what it leaves open.")))?;
            let nats = model.log_likelihood(&data).map_err(library)?;
            must(
                nats >= before - 1e-9 * before.abs(),
                format!(
                    "{case} falls from {before:.4} to {nats:.4} nats. EM never falls, so this is not EM: what does a row leave open about its z?"
                ),
            )?;
            before = nats;
        }
        for ((xz, zz), got) in &averages {
            let hint = "It is S times the gain's transpose.";
            same_table("it climbs, but E[xzᵀ]", &got.0, xz, hint)?;
            same_table("it climbs, but E[zzᵀ]", &got.1, zz, "What does a row leave open?")?;
        }
        Ok(format!("No step falls any more, and 60 of them reach {before:.4} nats."))
    })
}

/// `rests(wine, geyser)`: a model for each, where EM stands still and which is not the best.
pub fn rests(f: fn(&Moments, &Array2<f64>) -> (FactorAnalysis, Pair)) -> Verdict {
    verdict(|| {
        let ((best, data), (best_pair, x)) = (wine_start(2)?, geyser()?);
        let (d, y) = (data.clone(), x.clone());
        let (factors, pair) = ask("rests", "rests(wine, geyser)", move || f(&d, &y))?;
        let many = Stop { steps: 200, gain: FOR_EVER };
        let top = fit(best, &data, many).map_err(library)?.nats();
        must(
            factors.w.ncols() == 2 && factors.mean == data.mean,
            "factor analysis on wine: the model is to have two factors, and the mean of the rows.",
        )?;
        still("factor analysis on wine", &factors, &data, top)?;
        let top = fit(best_pair, &x, many).map_err(library)?.nats();
        still("two Gaussians on Old Faithful", &pair, &x, top)?;
        let mut nudged = pair.clone();
        nudged.means[[0, 0]] += 1e-2;
        let nudged = fit(nudged, &x, many).map_err(library)?.nats();
        let stays = pair.log_likelihood(&x).map_err(library)?;
        Ok(format!(
            "EM rests at {stays:.4} nats for ever; with one mean moved by a hundredth of a minute it reaches {nudged:.4}."
        ))
    })
}

/// Fails unless EM stands still at this model, well below `top`.
fn still<M: Exact + Clone>(
    case: &str,
    model: &M,
    data: &M::Data,
    top: f64,
) -> Result<(), Verdict> {
    let walk = fit(model.clone(), data, Stop { steps: 300, gain: FOR_EVER })
        .map_err(|e| Verdict::Fail(format!("{case}: {e}")))?;
    let (first, last) = (walk.trace[0].nats(), walk.nats());
    must(
        (last - first).abs() < 1e-7,
        format!(
            "{case}: 300 steps lead from {first:.6} to {last:.6} nats, so EM does not rest there. {}",
            "What symmetry can an M step not break? With W at zero, which ψ is the best?"
        ),
    )?;
    must(
        first < top - 1.0,
        format!(
            "{case}: EM rests at {first:.4} nats, but that is its summit. Find a place that is none."
        ),
    )
}

/// What a driver gives for one model: the bound after every E step.
type Driver<M, D> = fn(M, &D, usize) -> Vec<f64>;

/// `drive(model, data, steps)` for coins, factors and two Gaussians.
pub fn drive(
    coins: Driver<Coins, Array1<f64>>,
    factors: Driver<FactorAnalysis, Moments>,
    pair: Driver<Pair, Array2<f64>>,
) -> Verdict {
    verdict(|| {
        let start = Coins::new(10, array![0.6, 0.5]).map_err(library)?;
        driven("ten rows of tosses", coins, start, Array1::from(TEN_ROWS.to_vec()))?;
        let (start, data) = wine_start(2)?;
        driven("factor analysis on wine", factors, start, data)?;
        let (start, x) = geyser()?;
        driven("two Gaussians on Old Faithful", pair, start, x)?;
        Ok("Three models, one driver: it knows nothing of coins, factors or Gaussians."
            .into())
    })
}

fn driven<M, D>(case: &str, f: Driver<M, D>, start: M, data: D) -> Result<(), Verdict>
where
    M: Em<Data = D> + Clone + Send + 'static,
    D: Clone + Send + 'static,
{
    let steps = 20;
    let want = fit(start.clone(), &data, Stop { steps, gain: FOR_EVER }).map_err(library)?;
    let got = ask("drive", case, move || f(start, &data, steps))?;
    must(
        got.len() == steps + 1,
        format!(
            "{case}: {} bounds for {steps} steps; the start's own is the first, so there is one more than steps.",
            got.len()
        ),
    )?;
    for (t, (got, want)) in got.iter().zip(&want.trace).enumerate() {
        same(
            &format!("{case}: the bound after the E step number {t}"),
            *got,
            want.nats(),
            "In each turn: the E step, the bound of that model with that q, then the M step. Is the model replaced?",
        )?;
    }
    Ok(())
}

/// A start for each seed; the first of them leads to the lower hill.
fn start(seed: u64) -> Pair {
    let mut rng = StdRng::seed_from_u64(seed + FIRST);
    Pair::start(&iris().x, &mut rng).unwrap_or_else(|_| unreachable!("150 rows are two"))
}

const FIRST: u64 = 0;

/// A start, climbed from; and the log-likelihood where it ends.
fn ascend(pair: Pair) -> (Pair, f64) {
    let (again, stop) = (pair.clone(), Stop { steps: 300, gain: 1e-4 });
    fit(pair, &iris().x, stop).map_or((again, FOR_EVER), |f| (f.model.clone(), f.nats()))
}

/// What the reader's `restart` is given, and gives: the best log-likelihood.
type Restart = fn(usize, fn(u64) -> Pair, fn(Pair) -> (Pair, f64)) -> f64;

/// `restart(runs, start, climb)`: the best end of several runs.
pub fn restart(f: Restart) -> Verdict {
    verdict(|| {
        let one = ask("restart", "one run", move || f(1, start, ascend))?;
        let twelve = ask("restart", "twelve runs", move || f(12, start, ascend))?;
        same(
            "one run",
            one,
            ascend(start(0)).1,
            "One run is one start, number 0, climbed from once.",
        )?;
        must(
            twelve > -214.4,
            format!(
                "twelve runs end at {twelve:.2} nats, and one run at {one:.2}. Among twelve starts some reach −214.35: does every run begin at one of its own?"
            ),
        )?;
        must(
            twelve < -214.3,
            format!(
                "twelve runs end at {twelve:.2} nats, more than any run can reach. Is the best the largest, and is it kept?"
            ),
        )?;
        let third = ask("restart", "five runs, the third the best", move || {
            f(5, start, |pair| {
                let off = &pair.means - &start(2).means;
                (pair, -off.mapv(|v| v * v).sum())
            })
        })?;
        same(
            "five runs of which the third is the best",
            third,
            0.0,
            "Keep the largest of all ends: neither the first nor the last need be it.",
        )?;
        Ok(format!("One run ends at {one:.2} nats, the best of twelve at {twelve:.2}."))
    })
}
