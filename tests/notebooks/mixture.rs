//! Chapter 5's exercises: what a wrong answer is told, and the cells between the exercises.
use crate::fails_with;
use crate::mixture_set as set;
use latent::check::{Verdict, mixture as check};
use latent::prelude::*;

#[test]
fn the_other_cells_of_chapter_5_run() {
    set::look();
    set::play();
}

#[test]
fn the_bugs_of_chapter_5_do_what_their_texts_say() {
    fails_with(check::weighted(set::weighted::stub::weighted), "A weight is a probability");
    fails_with(check::about(set::about::stub::about), "too large by ΔΔᵀ");
    let right = check::turn(set::turn::solution::turn);
    assert!(matches!(&right, Verdict::Pass(t) if t.contains("-1130.2639602")), "{right}");
    let right = check::templates(set::templates::solution::templates);
    assert!(matches!(&right, Verdict::Pass(t) if t.contains("-10336.34")), "{right}");
    // The wrong covariance climbs, as its text says, and ends where the right one does.
    let x = data::old_faithful().x.clone();
    let start = Gaussians::around(&x, array![[3.6, 79.0], [1.8, 54.0]], Kind::Full).unwrap();
    let (mut model, mut before) = (start, f64::NEG_INFINITY);
    for _ in 0..200 {
        let nats = model.log_likelihood(&x).unwrap();
        assert!(nats >= before - 1e-9);
        before = nats;
        let (q, r) = (model.e_step(&x).unwrap(), model.responsibilities(&x).unwrap());
        let (means, full) = set::about::stub::about(x.view(), r.view(), model.means.view());
        let weights = &q.shares.counts / 272.0;
        model = Gaussians { weights, means, covariance: Covariance::Full(full), ..model };
    }
    assert!((before + 1130.2639602).abs() < 1e-6, "{before}");
}

#[test]
fn a_wrong_answer_of_chapter_5_is_told_what_is_wrong() {
    fails_with(
        check::posterior(|l| {
            let p = l.mapv(f64::exp);
            &p / &p.sum_axis(Axis(1)).insert_axis(Axis(1))
        }),
        "not finite",
    );
    fails_with(
        check::posterior(|l| {
            let p = l.mapv(f64::exp);
            &p / &p.sum_axis(Axis(0))
        }),
        "not over the rows",
    );
    fails_with(check::posterior(|l| l.mapv(|_| 0.25)), "prior cancels");
    fails_with(check::posterior(|_| Array2::zeros((1, 1))), "shape");
    fails_with(check::weighted(|_, p| p.column(0).to_owned()), "logarithm of Σ");
    fails_with(check::weighted(|_, _| array![0.0]), "rows");
    fails_with(check::turn(|_, mix| mix.clone()), "nothing has moved");
    fails_with(
        check::turn(|x, mix| {
            let (_, means, covariances) = set::turn::solution::turn(x, mix);
            (mix.0.clone(), means, covariances)
        }),
        "weights did not move",
    );
    fails_with(
        check::turn(|x, mix| {
            let (weights, means, covariances) = set::turn::solution::turn(x, mix);
            (weights, means, covariances.into_iter().map(|c| c * 2.0).collect())
        }),
        "divided by its own N_k",
    );
    fails_with(check::turn(|_, mix| (array![1.0], mix.1.clone(), mix.2.clone())), "shape");
    fails_with(check::lost(|n, m, c| 2.0 * set::lost::solution::lost(n, m, c)), "one half");
    fails_with(check::lost(|n, m, c| -set::lost::solution::lost(n, m, c)), "positive");
    fails_with(check::lost(|_, _, _| 0.0), "inverse");
    fails_with(check::about(|_, _, m| (m.to_owned(), vec![])), "the means");
    fails_with(
        check::about(|x, r, m| {
            let (means, full) = set::about::solution::about(x, r, m);
            (means, full.into_iter().map(|s| s * 1.1).collect())
        }),
        "divided by N_k",
    );
    fails_with(
        check::multiplier(|n| (0.0, n.iter().map(|v| v / n.iter().sum::<f64>()).collect())),
        "λ",
    );
    fails_with(
        check::multiplier(|n| (n.iter().sum(), vec![1.0 / n.len() as f64; n.len()])),
        "part of all rows",
    );
    fails_with(check::multiplier(|n| (1.0, n.to_vec())), "condition");
    fails_with(
        check::templates(|x, t| {
            let log_p = x.dot(&t.mapv(f64::ln).t())
                + x.mapv(|v| 1.0 - v).dot(&t.mapv(|t| (1.0 - t).ln()).t());
            let r = mixture::responsibilities(log_p).r;
            r.t().dot(&x) / r.sum_axis(Axis(0)).insert_axis(Axis(1))
        }),
        "NaN",
    );
    fails_with(
        check::templates(|x, t| {
            let black = t.mapv(|t| t.max(1e-300).ln());
            let white = t.mapv(|t| (1.0 - t).max(1e-300).ln());
            let log_p = x.dot(&black.t()) + x.mapv(|v| 1.0 - v).dot(&white.t());
            mixture::responsibilities(log_p).r.t().dot(&x)
        }),
        "Divide each template",
    );
    fails_with(check::templates(|_, t| t.to_owned()), "share in which the pixel is black");
    fails_with(check::smooth(|b, n, a| (b + a) / (n + a)), "2a rows more");
    fails_with(check::smooth(|b, n, _| b / n), "plain share");
    fails_with(check::smooth(|_, _, _| 0.5), "Black ones over all");
    fails_with(check::spike(|_| 0.001), "earns −log s");
    fails_with(check::spike(|_| 0.0), "no density");
    fails_with(
        check::lift(|s, floor| &s + &(Array2::<f64>::eye(s.nrows()) * floor)),
        "leave them as they are",
    );
    fails_with(
        check::lift(|s, floor| {
            let mut out = s.to_owned();
            out.diag_mut().mapv_inplace(|v| v.max(floor));
            out
        }),
        "along another direction",
    );
    fails_with(
        check::nearest(|x, m, s| set::nearest::solution::nearest(x, m, s * s)),
        "standard deviation",
    );
    fails_with(
        check::nearest(|x, m, s| {
            let p = Array2::from_shape_fn((x.nrows(), m.nrows()), |(n, k)| {
                let away = &x.row(n) - &m.row(k);
                (-away.dot(&away) / (2.0 * s * s)).exp()
            });
            &p / &p.sum_axis(Axis(1)).insert_axis(Axis(1))
        }),
        "not finite",
    );
    fails_with(
        check::ten(|x| Bernoullis::start(x, 10, &mut StdRng::seed_from_u64(1)).unwrap()),
        "hundreds of nats",
    );
    fails_with(
        check::ten(|x| Bernoullis::start(x, 3, &mut StdRng::seed_from_u64(1)).unwrap()),
        "(10, 64)",
    );
    fails_with(
        check::ten(|x| {
            let start = Bernoullis::start(x, 10, &mut StdRng::seed_from_u64(1)).unwrap();
            Bernoullis { smoothing: 0.5, ..start }
        }),
        "several starts",
    );
    fails_with(
        check::nodes(|k, reach| {
            let (z, w) = set::nodes::solution::nodes(k, reach);
            (z, w.into_iter().map(|w| 2.0 * w).collect())
        }),
        "divide by their sum",
    );
    fails_with(
        check::nodes(|k, reach| {
            let z = set::nodes::solution::nodes(k, reach).0;
            (z, vec![1.0 / k as f64; k])
        }),
        "follows exp",
    );
    fails_with(
        check::nodes(|k, reach| {
            let (_, w) = set::nodes::solution::nodes(k, reach);
            ((0..k).map(|i| -reach + 2.0 * reach * i as f64 / k as f64).collect(), w)
        }),
        "not its end",
    );
}
