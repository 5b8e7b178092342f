//! Chapter 4's exercises: what a wrong answer is told, and the cells between the exercises.
use crate::em_set as set;
use crate::fails_with;
use latent::check::{Verdict, em as check};
use latent::prelude::*;

#[test]
fn the_other_cells_of_chapter_4_run() {
    set::look();
    set::play();
}

#[test]
fn the_bugs_do_what_their_texts_say() {
    fails_with(
        check::sure(set::sure::stub::sure),
        "step 3 falls from -2785.1610 to -2792.9469",
    );
    fails_with(
        check::restart(set::restart::stub::restart),
        "twelve runs end at -294.13 nats",
    );
    fails_with(check::shares(set::shares::stub::shares), "NaN");
    let right = check::restart(set::restart::solution::restart);
    assert!(
        matches!(&right, Verdict::Pass(t) if t.contains("-294.13") && t.contains("-214.35")),
        "{right}"
    );
    let right = check::climb(set::climb::solution::climb);
    assert!(matches!(&right, Verdict::Pass(t) if t.contains("-2747.191052")), "{right}");
}

type Coins = em::Coins;

#[test]
fn a_wrong_answer_of_chapter_4_is_told_what_is_wrong() {
    fails_with(check::turn(|_, _, p| p), "Bayes' rule");
    fails_with(
        check::turn(|h, t, _| [h.iter().sum::<f64>() / (10.0 * t); 2]),
        "come out alike",
    );
    fails_with(
        check::turn(|h, t, p| {
            let (mut c, mut n) = ([0.0; 2], [0.0; 2]);
            for h in h {
                let each = p.map(|p| p.powf(*h) * (1.0 - p).powf(t - h));
                let k = usize::from(each[1] > each[0]);
                c[k] += h;
                n[k] += t;
            }
            [c[0] / n[0], c[1] / n[1]]
        }),
        "as a whole",
    );
    fails_with(check::shares(|j| j.mapv(|_| 0.5)), "odds");
    fails_with(check::shares(|_| Array2::zeros((1, 1))), "shape");
    fails_with(
        check::gain_parts(|old: &Coins, new: &Coins, x| {
            let (q, p) = (old.e_step(x).unwrap(), new.e_step(x).unwrap());
            (0.0, p.iter().zip(&q).map(|(p, q)| p * (p / q).ln()).sum())
        }),
        "stands first",
    );
    fails_with(
        check::gain_parts(|old: &Coins, new: &Coins, x| {
            let (q, p) = (old.e_step(x).unwrap(), new.e_step(x).unwrap());
            let kl = q.iter().zip(&p).map(|(q, p)| q * (q / p).ln()).sum();
            (new.elbo(x, &p).unwrap().nats() - old.elbo(x, &q).unwrap().nats(), kl)
        }),
        "both with the OLD q",
    );
    fails_with(
        check::best_q(|j| {
            set::shares::solution::shares(array![[j[0], j[1]]].view()).row(0).to_vec()
        }),
        "entries",
    );
    fails_with(check::best_q(|j| vec![1.0 / j.len() as f64; j.len()]), "no entropy");
    fails_with(check::best_q(|j| vec![1.0; j.len()]), "no distribution");
    fails_with(check::slopes(|_, _, _| [0.0; 2]), "Hold the shares still");
    fails_with(
        check::small_step(|h, t, p, rate| {
            set::small_step::solution::small_step(h, t, p, -rate)
        }),
        "not against it",
    );
    fails_with(
        check::small_step(|h, t, p, _| set::turn::solution::turn(h, t, p)),
        "plus rate times slope",
    );
    fails_with(
        check::small_step(|h, t, p, _| set::small_step::solution::small_step(h, t, p, 1.0)),
        "Multiply the slope",
    );
    fails_with(check::climb(|_, w, psi| (w.to_owned(), psi.to_owned())), "OLD model");
    fails_with(check::climb(|_, _, psi| (Array2::zeros((1, 1)), psi.to_owned())), "shape");
    fails_with(check::climb(|s, w, psi| step(s, w, psi, 0.0, false)), "without G");
    fails_with(check::climb(|s, w, psi| step(s, w, psi, 1.0, true)), "legal step");
    fails_with(check::sure(|s, a, g| (s.dot(&a.t()), g.to_owned())), "with these averages");
    fails_with(check::sure(|s, _, g| (s.to_owned(), g.to_owned())), "shapes");
    fails_with(
        check::sure(|s, a, _| (s.dot(&a.t()), Array2::eye(2))),
        "it climbs, but E[zzᵀ]",
    );
    fails_with(
        check::rests(|wine, geyser| {
            let one = FactorAnalysis::start(wine, 1).unwrap();
            let all = em::fit(one, wine, Stop { steps: 2000, gain: 1e-12 }).unwrap().model;
            let mean = geyser.mean_axis(Axis(0)).unwrap();
            let means = ndarray::stack![Axis(0), mean, mean];
            (all, em::Pair::around(geyser, means).unwrap())
        }),
        "two factors",
    );
    fails_with(
        check::rests(|m, x| {
            (FactorAnalysis::start(m, 2).unwrap(), set::rests::solution::rests(m, x).1)
        }),
        "does not rest there",
    );
    fails_with(
        check::rests(|m, x| {
            let start = FactorAnalysis::start(m, 2).unwrap();
            let best =
                em::fit(start, m, Stop { steps: 1000, gain: f64::NEG_INFINITY }).unwrap();
            (best.model, set::rests::solution::rests(m, x).1)
        }),
        "that is its summit",
    );
    fails_with(
        check::drive(|_, _, _| vec![], |_, _, _| vec![], |_, _, _| vec![]),
        "one more than steps",
    );
    fails_with(
        check::drive(
            |_, _, _| vec![-25.476494042157395; 21],
            |_, _, n| vec![0.0; n],
            |_, _, n| vec![0.0; n],
        ),
        "Is the model replaced",
    );
    fails_with(check::restart(|_, start, climb| climb(start(0)).1), "one of its own");
    fails_with(check::restart(|_, _, _| f64::NEG_INFINITY), "number 0");
    fails_with(
        check::restart(|runs, start, climb| {
            if runs == 1 { climb(start(0)).1 } else { climb(start(runs as u64 - 1)).1 }
        }),
        "Keep the largest of all ends",
    );
    fails_with(
        check::restart(|runs, start, climb| {
            let twelve = if runs == 5 { 2 } else { runs as u64 };
            (0..twelve).map(|run| climb(start(run)).1).fold(f64::NEG_INFINITY, f64::max)
        }),
        "Keep the largest of all ends",
    );
    fails_with(
        check::restart(|runs, start, climb| if runs == 1 { climb(start(0)).1 } else { 0.0 }),
        "more than any run",
    );
}

/// A step of EM with `share` of G, and with the old W in the noise if asked for.
fn step(
    s: ArrayView2<f64>,
    w: ArrayView2<f64>,
    psi: ArrayView1<f64>,
    share: f64,
    old: bool,
) -> (Array2<f64>, Array1<f64>) {
    let model = FactorAnalysis::new(Array1::zeros(13), w.to_owned(), psi.to_owned()).unwrap();
    let (a, g) = model.gain().unwrap();
    let xz = s.dot(&a.t());
    let zz = share * &g + a.dot(&xz);
    let new = xz.dot(&set::climb::solution::inverse(&zz));
    let v = if old { w.to_owned() } else { new.clone() };
    let left = (&v * &xz).sum_axis(Axis(1));
    let within = (v.dot(&zz) * &v).sum_axis(Axis(1));
    (new, &s.diag() - &(2.0 * left) + within)
}
