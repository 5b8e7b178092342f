//! The check of the plane of codes: where the prior puts mass and the codes do not.
use super::near;
use super::networks::{house, trained};
use super::refine::Decoder;
use crate::check::{Verdict, ask, library, must, verdict};
use crate::gaussian::log_normal;
use crate::vae::Codes;
use crate::vae::digits::split;
use ndarray::{Array2, ArrayView1, s};

/// From m and s of shape (N, 2), and the places of either axis, to KL(aggregate ‖ prior).
type Divergence = fn(&Array2<f64>, &Array2<f64>, &[f64]) -> f64;

/// The same, and how many: places where the prior is most above the aggregate.
type Holes = fn(&Array2<f64>, &Array2<f64>, &[f64], usize) -> Vec<[f64; 2]>;

/// Places of either axis: from −5 to 5, a fifth apart.
fn axis() -> Vec<f64> {
    (0..51).map(|i| -5.0 + 0.2 * f64::from(i)).collect()
}

fn prior(z: [f64; 2]) -> f64 {
    (log_normal(z[0], 0.0, 1.0) + log_normal(z[1], 0.0, 1.0)).exp()
}

fn aggregate(codes: &Codes, z: [f64; 2]) -> f64 {
    let one = |(m, s): (ArrayView1<f64>, ArrayView1<f64>)| {
        (log_normal(z[0], m[0], s[0]) + log_normal(z[1], m[1], s[1])).exp()
    };
    let rows = codes.mean.rows().into_iter().zip(codes.sd.rows());
    rows.map(one).sum::<f64>() / codes.mean.nrows() as f64
}

/// `divergence` and `holes`: how the aggregate differs from the prior, and where.
pub fn holes(divergence: Divergence, holes: Holes) -> Verdict {
    verdict(|| {
        let net = trained(house())?;
        let x = split().0.slice(s![..200, ..]).to_owned();
        let codes = net.codes(x.view()).map_err(library)?;
        let kl = diverges(&codes, divergence)?;
        let found = places(&codes, holes)?;
        let (decoder, x) = (Decoder::of(&net)?, x.mapv(f64::from));
        let likest = |z: &[f64; 2]| {
            let z = ArrayView1::from(z);
            x.rows().into_iter().map(|x| decoder.fit(x, z)).fold(f64::NEG_INFINITY, f64::max)
        };
        let mean = |all: Vec<f64>| all.iter().sum::<f64>() / all.len() as f64;
        let there = mean(found.iter().map(likest).collect());
        // Codes of digits that are not among those compared with.
        let others = split().1.slice(s![..100, ..]).to_owned();
        let others = net.codes(others.view()).map_err(library)?.mean;
        let here = mean(others.rows().into_iter().map(|m| likest(&[m[0], m[1]])).collect());
        must(
            there < here,
            format!(
                "the check itself failed: {there:.2} in the holes, {here:.2} at the codes"
            ),
        )?;
        Ok(format!(
            "KL(aggregate ‖ prior) = {kl:.4} nats. The likeliest digit for what is decoded has log p(x | z) = {there:.2} nats in the holes, and {here:.2} at the codes of other digits."
        ))
    })
}

fn diverges(codes: &Codes, f: Divergence) -> Result<f64, Verdict> {
    let (mut want, mut other, cell) = (0.0, 0.0, 0.2 * 0.2);
    for a in axis() {
        for b in axis() {
            let (q, p) = (aggregate(codes, [a, b]), prior([a, b]));
            if q > 0.0 {
                want += cell * q * (q / p).ln();
                other += cell * p * (p / q).ln();
            }
        }
    }
    let (m, s) = (codes.mean.clone(), codes.sd.clone());
    let got = ask("holes", "divergence", move || f(&m, &s, &axis()))?;
    let n = codes.mean.nrows() as f64;
    let hint = if near(got, other, 4) {
        "That is KL(prior ‖ aggregate)."
    } else if near(got, n * (want + n.ln()), 3) {
        "The aggregate has mass N: the 1/N is missing."
    } else if near(got * cell, want, 4) {
        "Each place stands for a cell of 0.2 by 0.2."
    } else {
        "Σ q̄ log(q̄/p) over the places of the grid, times the area of a cell; q̄ is the mean of the N densities."
    };
    must(
        (got - want).abs() < 1e-6,
        format!("divergence gave {got:.6}, and {want:.6} is right. {hint}"),
    )?;
    Ok(want)
}

fn places(codes: &Codes, f: Holes) -> Result<Vec<[f64; 2]>, Verdict> {
    let (m, s) = (codes.mean.clone(), codes.sd.clone());
    let found = ask("holes", "holes", move || f(&m, &s, &axis(), 12))?;
    must(
        found.len() == 12,
        format!("holes gave {} places; 12 were asked for.", found.len()),
    )?;
    for (i, z) in found.iter().enumerate() {
        must(
            z.iter().all(|at| axis().contains(at)),
            format!("({:.3}, {:.3}) is no place of the grid.", z[0], z[1]),
        )?;
        must(
            !found[..i].contains(z),
            "one place stands in the list twice: twelve different ones were asked for.",
        )?;
    }
    let lack = |z: &[f64; 2]| prior(*z) - aggregate(codes, *z);
    let mut all: Vec<f64> =
        axis().iter().flat_map(|a| axis().into_iter().map(|b| lack(&[*a, b]))).collect();
    all.sort_by(|a, b| b.total_cmp(a));
    for z in &found {
        let (p, q) = (prior(*z), aggregate(codes, *z));
        let hint = if p < 0.01 {
            "Far out both are next to nothing: rank by the difference, not by the quotient."
        } else if q > p {
            "There the codes are crowded: the other sign."
        } else {
            "There are places where more is missing."
        };
        must(
            lack(z) >= all[23],
            format!(
                "at ({:.3}, {:.3}) the prior is {p:.4} and the aggregate {q:.4}. {hint}",
                z[0], z[1]
            ),
        )?;
    }
    Ok(found)
}
