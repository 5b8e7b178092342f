//! The checks of divergences from below: a critic's bound, and the domain that its outputs must keep to.
use super::near;
use crate::check::{Verdict, ask, must, random, same, verdict};
use crate::gaussian::log_normal;

/// From p, q and the critic's outputs, place by place, to a bound.
type Bound = fn(&[f64], &[f64], &[f64]) -> f64;

/// `k` probabilities, none of them zero.
fn simplex(k: usize, seed: u64) -> Vec<f64> {
    let raw = random(1, k, seed).mapv(|v| (2.0 * v).exp());
    (&raw / raw.sum()).iter().copied().collect()
}

/// Σ p f(p, q) over the places.
fn mean(p: &[f64], q: &[f64], f: impl Fn(f64, f64) -> f64) -> f64 {
    p.iter().zip(q).map(|(p, q)| p * f(*p, *q)).sum()
}

/// KL(p ‖ q).
fn kl(p: &[f64], q: &[f64]) -> f64 {
    mean(p, q, |p, q| (p / q).ln())
}

/// N(0, 1) and N(1, 1.5²) on a grid: places, as probabilities.
fn two_normals() -> [Vec<f64>; 2] {
    [(0.0, 1.0), (1.0, 1.5)].map(|(m, s)| {
        (0..6000)
            .map(|i| 0.005 * log_normal(-15.0 + 0.005 * f64::from(i), m, s).exp())
            .collect()
    })
}

/// `conjugate`, `best` and `bound`: KL(p ‖ q) from below, by any critic.
pub fn critic(conjugate: fn(f64) -> f64, best: fn(f64) -> f64, bound: Bound) -> Verdict {
    verdict(|| {
        conjugated(conjugate)?;
        for r in [0.1, 0.5, 1.0, 2.0, 30.0f64] {
            let case = format!("best({r})");
            let got = ask("critic", &case, move || best(r))?;
            let hint = if near(got, r.ln()) && r != 1.0 {
                "f is u log u: differentiate the u before the logarithm too."
            } else if near(got, r * r.ln()) {
                "That is f. The touching line has its slope."
            } else if near(got, 1.0 - r.ln()) {
                "r is p/q, not q/p."
            } else {
                "The slope of u log u at u = p/q."
            };
            same(&case, got, 1.0 + r.ln(), hint)?;
        }
        bounded(bound)?;
        let mut nats = [0.0; 2];
        for (i, trust) in [0.5, 1.0].into_iter().enumerate() {
            nats[i] = ask("critic", "bound", move || {
                let [p, q] = two_normals();
                let t: Vec<f64> = p
                    .iter()
                    .zip(&q)
                    .map(|(p, q)| 1.0 + trust * (best(p / q) - 1.0))
                    .collect();
                bound(&p, &q, &t)
            })?;
        }
        Ok(format!(
            "Between N(0, 1) and N(1, 1.5²) a critic that is half as sure as it should be sees {:.6} nats, the best one {:.6}. That is all there is.",
            nats[0], nats[1]
        ))
    })
}

fn conjugated(conjugate: fn(f64) -> f64) -> Result<(), Verdict> {
    for t in [-2.0, 0.0, 0.5, 1.0, 3.0f64] {
        let case = format!("conjugate({t})");
        let got = ask("critic", &case, move || conjugate(t))?;
        let hint = if near(got, t.exp()) {
            "The slope of u log u is log u + 1, so the best u is not e^t."
        } else if near(got, (t - 1.0).exp() * (t - 1.0)) {
            "That is u log u at the best u. Take it from u t."
        } else if near(got, t * (t - 1.0).exp()) {
            "That is u t at the best u. Take u log u away."
        } else {
            "The highest value of u t − u log u over u > 0; set its slope in u to zero."
        };
        same(&case, got, (t - 1.0).exp(), hint)?;
    }
    Ok(())
}

fn bounded(bound: Bound) -> Result<(), Verdict> {
    for k in 2..8 {
        let (p, q) = (simplex(k, 30), simplex(k, 50));
        let t = random(1, k, 70).mapv(|v| 2.0 * v).row(0).to_vec();
        let touching: Vec<f64> = p.iter().zip(&q).map(|(p, q)| 1.0 + (p / q).ln()).collect();
        let most = kl(&p, &q);
        for t in [t, touching] {
            let of = |a: &[f64], f: &dyn Fn(f64) -> f64| mean(a, &t, |_, t| f(t));
            let (lift, price) = (of(&p, &|t| t), of(&q, &|t| (t - 1.0).exp()));
            let case = format!("{k} places: bound");
            let (a, b, c) = (p.clone(), q.clone(), t.clone());
            let got = ask("critic", &case, move || bound(&a, &b, &c))?;
            let hint = if near(got, of(&q, &|t| t) - of(&p, &|t| (t - 1.0).exp())) {
                "p and q have changed places."
            } else if near(got, price - lift) {
                "The sign: the critic is paid under p and pays under q."
            } else if near(got, lift - of(&q, &f64::exp)) {
                "The conjugate at T is e^(T − 1)."
            } else if near(got, lift - of(&p, &|t| (t - 1.0).exp())) {
                "The second mean is taken under q."
            } else {
                "Σ p T − Σ q e^(T − 1)."
            };
            same(&case, got, lift - price, hint)?;
            must(
                got <= most + 1e-9,
                format!("the check itself failed: {got:.6} above {most:.6}"),
            )?;
        }
    }
    Ok(())
}

/// `tamed(p, q, v)`: KL(q ‖ p) from below, whatever the network gives.
pub fn tamed(f: Bound) -> Verdict {
    verdict(|| {
        for k in 2..8 {
            let (p, q) = (simplex(k, 31), simplex(k, 51));
            let most = kl(&q, &p);
            let v = random(1, k, 71).mapv(|v| 2.0 * v).row(0).to_vec();
            let touching: Vec<f64> = p.iter().zip(&q).map(|(p, q)| (p / q).ln()).collect();
            for v in [vec![3.0; k], v, vec![-2.0; k], touching] {
                let of = |t: &dyn Fn(f64) -> f64| {
                    mean(&p, &v, |_, v| t(v)) - mean(&q, &v, |_, v| -1.0 - (-t(v)).ln())
                };
                let (case, want) =
                    (format!("{k} places, outputs {v:.2?}"), of(&|v| -(-v).exp()));
                let (a, b, c) = (p.clone(), q.clone(), v.clone());
                let got = ask("tamed", &case, move || f(&a, &b, &c))?;
                let hint = if got.is_nan() {
                    "The logarithm of a negative number: an output above zero went through as it was.".into()
                } else if got > most + 1e-9 {
                    format!(
                        "And the divergence is {most:.4}: no bound from below may be above it. Where does the conjugate of −log u exist?"
                    )
                } else if near(got, of(&|v| -v.exp())) {
                    "T = −e^(−v): then T rises with v, and a high v says p.".into()
                } else if near(got, of(&|v| -v.abs())) {
                    "That keeps to the domain, but two outputs then give one T. Take −e^(−v)."
                        .into()
                } else {
                    "Σ p T − Σ q f*(T), with T = −e^(−v) and f*(t) = −1 − log(−t)."
                        .to_string()
                };
                must(
                    near(got, want),
                    format!("{case}: tamed gave {got:.6}, and {want:.6} is right. {hint}"),
                )?;
            }
        }
        Ok("Whatever the network gives, the bound stays below the divergence, and v = log p/q reaches it.".into())
    })
}
