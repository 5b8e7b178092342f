//! The checks of one autoregressive step: through it, back, and the density behind it.
use super::near;
use crate::check::{Verdict, ask, library, must, random, same, verdict};
use crate::gaussian::{LN_2PI, half_log_det, log_density};
use crate::linalg::{cholesky, solve_lower};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis, array};

/// From L, m and a list of draws to another list.
type Through = fn(ArrayView2<f64>, ArrayView1<f64>, ArrayView1<f64>) -> Array1<f64>;

/// Covariances of posteriors that are no products, and their means.
fn posteriors() -> Vec<(Array2<f64>, Array1<f64>)> {
    let a = random(4, 4, 3);
    let wide = a.dot(&a.t()) + Array2::<f64>::eye(4) * 0.3;
    vec![
        (array![[1.0, 0.9], [0.9, 1.0]], array![0.0, 0.0]),
        (array![[2.0, -0.6], [-0.6, 0.5]], array![1.0, -2.0]),
        (wide, array![0.5, 0.0, -1.0, 2.0]),
    ]
}

fn draws(d: usize) -> Vec<Array1<f64>> {
    (0..6).map(|i| 2.0 * &random(1, d, 20 + i).row(0)).collect()
}

fn equal(a: &Array1<f64>, b: &Array1<f64>) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| near(*a, *b))
}

/// `forth`, `back` and `log_det`: a q with correlations, by one step from independent draws.
pub fn step(forth: Through, back: Through, log_det: fn(ArrayView2<f64>) -> f64) -> Verdict {
    verdict(|| {
        for (sigma, m) in posteriors() {
            let l = cholesky(sigma.view()).map_err(library)?;
            let (d, volume) = (m.len(), half_log_det(&l));
            for e in draws(d) {
                let z = moved(forth, &l, &m, &e)?;
                returned(back, &l, &m, (&z, &e))?;
            }
            let case = format!("{d} latents: log_det");
            let mine = l.clone();
            let got = ask("step", &case, move || log_det(mine.view()))?;
            let hint = if near(got, -volume) {
                "The other sign: that is the step back."
            } else if near(got, volume.exp()) {
                "That is the determinant. Take its logarithm."
            } else if near(got, 2.0 * volume) {
                "That is log|Σ|, of LLᵀ. The step goes through L once."
            } else if near(got, 0.5 * volume) {
                "No ½ here: it is not a covariance whose determinant is asked for."
            } else if near(got, l.diag().sum()) {
                "The sum of the logarithms."
            } else {
                "A triangular matrix has its diagonal's product as its determinant."
            };
            same(&case, got, volume, hint)?;
            gap(back, log_det, (&sigma, &l, &m))?;
        }
        Ok("log|det| is −0.830366 at a correlation of 0.9. log q − log p is zero at every draw: the gap of 0.830366 nats that the best product leaves is closed by one entry of L.".into())
    })
}

/// The answer's z, if it is m + Lε.
fn moved(
    forth: Through,
    l: &Array2<f64>,
    m: &Array1<f64>,
    e: &Array1<f64>,
) -> Result<Array1<f64>, Verdict> {
    let (mine, mean, draw) = (l.clone(), m.clone(), e.clone());
    let case = format!("{} latents: forth", m.len());
    let got = ask("step", &case, move || forth(mine.view(), mean.view(), draw.view()))?;
    let want = m + &l.dot(e);
    let mut on_z = Array1::<f64>::zeros(m.len());
    for i in 0..m.len() {
        on_z[i] = m[i] + l[[i, i]] * e[i] + (0..i).map(|j| l[[i, j]] * on_z[j]).sum::<f64>();
    }
    let hint = if equal(&got, &(m + &l.t().dot(e))) {
        "Transposed: entry i may look at the draws up to ε_i, not from ε_i on."
    } else if equal(&got, &l.dot(e)) {
        "The mean is missing."
    } else if equal(&got, &l.dot(&(e + m))) {
        "Scale first, then add the mean."
    } else if equal(&got, &on_z) {
        "Below the diagonal L multiplies the draws ε_j, not the z_j made of them."
    } else if equal(&got, &(m + &(&l.diag() * e))) {
        "That is a product: the entries below the diagonal tie the latents."
    } else {
        "z_i = m_i + Σ_{j ≤ i} L_ij ε_j."
    };
    must(
        equal(&got, &want),
        format!("{case} gave {got:.4}, and {want:.4} is right. {hint}"),
    )?;
    Ok(got)
}

fn returned(
    back: Through,
    l: &Array2<f64>,
    m: &Array1<f64>,
    (z, e): (&Array1<f64>, &Array1<f64>),
) -> Result<(), Verdict> {
    let (mine, mean, place) = (l.clone(), m.clone(), z.clone());
    let case = format!("{} latents: back", m.len());
    let got = ask("step", &case, move || back(mine.view(), mean.view(), place.view()))?;
    let hint = if equal(&got, &l.dot(&(z - m))) {
        "That goes forth once more."
    } else if equal(&got, &l.t().dot(&(z - m))) {
        "The transpose undoes L only if L is a rotation."
    } else if equal(&got, &((z - m) / l.diag())) {
        "Take away first what the earlier draws put in."
    } else {
        "One after the other: ε₁ = (z₁ − m₁)/L₁₁ is known at once, and then ε₂, and so on."
    };
    must(equal(&got, e), format!("{case} gave {got:.4}, and {e:.4} went in. {hint}"))
}

/// log N(z; m, Σ) of one z.
fn log_p(z: &Array1<f64>, m: &Array1<f64>, sigma: &Array2<f64>) -> Result<f64, Verdict> {
    let row = z.view().insert_axis(Axis(0));
    Ok(log_density(row, m.view(), sigma.view()).map_err(library)?[0])
}

/// By the answer: log q − log p is zero at every draw.
fn gap(
    back: Through,
    log_det: fn(ArrayView2<f64>) -> f64,
    (sigma, l, m): (&Array2<f64>, &Array2<f64>, &Array1<f64>),
) -> Result<(), Verdict> {
    for e in draws(m.len()) {
        let z = m + &l.dot(&e);
        let p = log_p(&z, m, sigma)?;
        let (mine, mean) = (l.clone(), m.clone());
        let q = ask("step", "log q", move || {
            let e = back(mine.view(), mean.view(), z.view());
            -0.5 * e.mapv(|e| e * e + LN_2PI).sum() - log_det(mine.view())
        })?;
        must(
            near(q, p),
            format!("the check itself failed: log q − log p = {:.6} at a draw.", q - p),
        )?;
    }
    Ok(())
}

/// From L, m and z to log q(z).
type Density = fn(ArrayView2<f64>, ArrayView1<f64>, ArrayView1<f64>) -> f64;

/// `log_q(l, m, z)`: the density of what has gone through the step.
pub fn density(f: Density) -> Verdict {
    verdict(|| {
        for (sigma, m) in posteriors() {
            let l = cholesky(sigma.view()).map_err(library)?;
            let (volume, d) = (half_log_det(&l), m.len() as f64);
            for e in draws(m.len()) {
                let z = &m + &l.dot(&e);
                let want = log_p(&z, &m, &sigma)?;
                let (mine, mean, place) = (l.clone(), m.clone(), z.clone());
                let got =
                    ask("log_q", "log_q", move || f(mine.view(), mean.view(), place.view()))?;
                let missing =
                    solve_lower(l.view(), z.view().insert_axis(Axis(1))).map_err(library)?;
                let far = 0.5 * (missing.mapv(|v| v * v).sum() - e.dot(&e));
                let hint = if near(got, want + 2.0 * volume) {
                    "The sign: where L squeezes the draws together, they lie denser."
                } else if near(got, want + volume) {
                    "How much the step stretches or squeezes is missing."
                } else if near(got, want + 0.5 * d * LN_2PI) {
                    "½ D log 2π of the draws' own density is missing."
                } else if far.abs() > 1e-6 && near(got, want - far) {
                    "Take m away before you go back."
                } else {
                    "log N(ε; 0, I) less log|det L|, with ε = L⁻¹(z − m)."
                };
                must(
                    near(got, want),
                    format!(
                        "{d} latents: log_q gave {got:.4}, and {want:.4} is right. If it is off by {:.4} everywhere, q has the mass {:.4} in place of 1, and its divergence from itself is {:.4} nats. {hint}",
                        got - want,
                        (got - want).exp(),
                        got - want
                    ),
                )?;
            }
        }
        Ok("A density again: its mass is 1, and no bound made with it rises above log p(x)."
            .into())
    })
}
