//! The checks of exercises that train a network. The reader gives a plan; the training is done here, once a plan.
use crate::check::{Verdict, ask, library, must, random, same, verdict};
use crate::vae::OnCpu;
use crate::vae::digits::{split, train};
use crate::vae::{Codes, Objective, Plan, Score};
use ndarray::{Array1, Array2, ArrayView2, Axis};
use rand::{SeedableRng, rngs::StdRng};
use std::sync::{Mutex, PoisonError};

/// The plan of the book's own answer: what the other checks use.
pub(super) fn house() -> Plan {
    Plan { epochs: 60, rate: 5e-3, last_rate: 5e-4, ..Plan::default() }
}

/// A network trained by this plan, now or before.
pub(super) fn trained(plan: Plan) -> Result<OnCpu, Verdict> {
    static DONE: Mutex<Vec<(Plan, OnCpu)>> = Mutex::new(vec![]);
    let mut done = DONE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, net)) = done.iter().find(|(p, _)| *p == plan) {
        return Ok(net.clone());
    }
    let net = train(plan)
        .map_err(|e| Verdict::Fail(format!("plan(): this plan does not train. {e}.")))?;
    done.push((plan, net.clone()));
    Ok(net)
}

/// On the test rows: bound, cost, and q.
fn tested(net: &OnCpu) -> Result<(Score, Codes), Verdict> {
    let test = split().1;
    let score = net.score(test.view(), 20, &mut StdRng::seed_from_u64(3)).map_err(library)?;
    Ok((score, net.codes(test.view()).map_err(library)?))
}

/// Latents whose mean varies over the rows by more than 0.01 in variance.
fn alive(mean: &Array2<f64>) -> usize {
    mean.var_axis(Axis(0), 0.0).iter().filter(|v| **v > crate::vae::ACTIVE).count()
}

/// From log p(x_d | z) of shape (N, D), and m and s of shape (N, L), to bound, fit and cost.
type Report = fn(ArrayView2<f64>, ArrayView2<f64>, ArrayView2<f64>) -> [f64; 3];

/// `plan`, `report` and `active`: a network for the digits, and what to say of it.
pub fn plan(
    f: fn() -> Plan,
    report: Report,
    active: fn(ArrayView2<f64>) -> usize,
) -> Verdict {
    verdict(|| {
        let plan = ask("plan", "plan()", f)?;
        let (epochs, objective) = (plan.epochs, plan.objective);
        must(
            (1..=60).contains(&epochs),
            format!("{epochs} epochs: reach it in 60 at most, by the rates."),
        )?;
        must(
            objective.beta == 1.0 && !objective.weighted && !plan.drawn,
            "train for the bound itself: β = 1, not weighted, and the pixels are black and white already.",
        )?;
        must((1..=1500).contains(&plan.batch), "the batch: between 1 and 1500 rows.")?;
        reports(report)?;
        counts(active)?;
        let net = trained(plan)?;
        let (score, codes) = tested(&net)?;
        let (bound, kl) = (score.elbo.nats(), score.elbo.kl);
        must(
            bound >= -21.5,
            format!(
                "after {epochs} epochs the bound on the test rows is {bound:.3} = {:.3} − {kl:.3} nats, and −21.5 can be had. A larger rate gets on faster at the start; a small one at the end keeps what was found.",
                score.elbo.fit
            ),
        )?;
        must(kl > 1.5, format!("the cost is {kl:.3} nats: the code says next to nothing."))?;
        let mean = codes.mean.clone();
        let units = ask("plan", "active", move || active(mean.view()))?;
        Ok(format!(
            "After {epochs} epochs, on the test rows: {:.2} − {kl:.2} = {bound:.2} nats, {units} active latents. With 20 draws weighted: {:.2}.",
            score.elbo.fit, score.weighted
        ))
    })
}

fn reports(f: Report) -> Result<(), Verdict> {
    for (rows, pixels, latent) in [(3, 64, 2), (7, 5, 1)] {
        let l = random(rows, pixels, 1).mapv(|v| v - 1.0);
        let (m, sd) = (random(rows, latent, 2), random(rows, latent, 3).mapv(f64::exp));
        let (n, each) = (rows as f64, &m * &m + &sd * &sd - 1.0);
        let cost = 0.5 * each.sum() / n - sd.mapv(f64::ln).sum() / n;
        let fit = l.sum() / n;
        let case = format!("report of {rows} rows, {pixels} pixels, {latent} latents");
        let got = ask("plan", &case, move || f(l.view(), m.view(), sd.view()))?;
        let hint = if (got[1] * pixels as f64 - fit).abs() < 1e-9 {
            "You took the mean over pixels. All the pixels of a row belong to it: sum over them, and take the mean over rows."
        } else if (got[1] - fit * n).abs() < 1e-9 {
            "Divide by the number of rows."
        } else {
            "Sum over pixels, mean over rows."
        };
        same(&format!("{case}: the fit"), got[1], fit, hint)?;
        let hint = if (got[2] * latent as f64 - cost).abs() < 1e-9 && latent > 1 {
            "Sum over the latents, and take the mean over rows only."
        } else {
            "½ Σ (s² + m² − 1) − Σ log s, with s a standard deviation; then the mean over rows."
        };
        same(&format!("{case}: the cost"), got[2], cost, hint)?;
        same(&format!("{case}: the bound"), got[0], fit - cost, "The fit less the cost.")?;
    }
    Ok(())
}

fn counts(f: fn(ArrayView2<f64>) -> usize) -> Result<(), Verdict> {
    let scale = Array1::from(vec![1.0, 0.3, 0.1, 0.01]);
    // Variances near 1/3, 0.03, 0.003 and 0.00003; and a mean that is far off and does not move.
    let mean = random(400, 4, 5) * &scale + &Array1::from(vec![0.0, 0.0, 0.0, 3.0]);
    let want = alive(&mean);
    let got = ask("plan", "active", move || f(mean.view()))?;
    must(
        got == want,
        format!(
            "active: of latents whose means vary with variances 0.33, 0.03, 0.003 and 0.00003 you count {got} active, and {want} are above 0.01. It is the variance of m over the rows that counts, not its size."
        ),
    )
}

/// `broken` and `sd_for`: a plan that averages over pixels, and what β means for Gaussian pixels.
pub fn broken(f: fn() -> Plan, sd_for: fn(f64, f64) -> f64) -> Verdict {
    verdict(|| {
        let plan = ask("broken", "broken()", f)?;
        must(plan.epochs <= 60, "60 epochs are enough to break it.")?;
        let hint = match plan.objective.beta {
            1.0 => "That is the bound.",
            b if b < 1.0 => "The fit is made smaller: beside it the cost is larger.",
            _ => "How many pixels has a digit?",
        };
        must(
            plan.objective == Objective { beta: 64.0, ..Objective::default() },
            format!(
                "your plan maximises fit − {} · cost. Divide the fit by D and leave the cost; then multiply all by D. {hint}",
                plan.objective.beta
            ),
        )?;
        noisier(sd_for)?;
        let (score, codes) = tested(&trained(plan)?)?;
        let (kl, units) = (score.elbo.kl, alive(&codes.mean));
        must(
            kl < 0.01 && units == 0,
            format!(
                "after {} epochs the cost is {kl:.4} nats and {units} latents are active: give it more epochs.",
                plan.epochs
            ),
        )?;
        Ok(format!(
            "Cost {kl:.6} nats, no active latent, bound {:.2}: every digit gets the same picture. The training log shows nothing odd.",
            score.elbo.nats()
        ))
    })
}

fn noisier(sd_for: fn(f64, f64) -> f64) -> Result<(), Verdict> {
    for (beta, sd) in [(64.0, 0.1), (4.0, 1.0), (0.25, 0.3)] {
        let case = format!("sd_for({beta}, {sd})");
        let got = ask("broken", &case, move || sd_for(beta, sd))?;
        let hint = if (got - beta * sd).abs() < 1e-9 {
            "It is the variance that is multiplied by β."
        } else {
            "−(x − μ)²/(2σ²) less β times the cost: divide by β, and read off the variance."
        };
        same(&case, got, sd * f64::sqrt(beta), hint)?;
    }
    Ok(())
}
