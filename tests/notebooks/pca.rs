//! Chapter 1's exercises: what a wrong answer is told, and the cells between the exercises.
use crate::fails_with;
use crate::pca_set as pca;
use latent::check::{Verdict, pca as check};
use latent::prelude::*;

#[test]
fn the_other_cells_run() {
    pca::look();
    pca::play();
}

#[test]
fn the_bug_gives_the_variances_that_its_text_says() {
    let fit = Pca::by_eigen(data::iris().x.view(), Origin::Mean).unwrap();
    let singular = fit.variances.mapv(|v| (v * 150.0).sqrt()).to_vec();
    for (kept, want) in [(2, "630.0"), (3, "315.0"), (4, "210.0")] {
        assert_eq!(
            format!("{:.1}", pca::explained::stub::explained(&singular, 150, kept)[0]),
            want
        );
    }
    assert!(pca::explained::stub::explained(&singular, 150, 1)[0].is_infinite());
    assert_eq!(
        format!("{:.3}", pca::explained::solution::explained(&singular, 150, 1)[0]),
        "4.228"
    );
}

#[test]
fn a_wrong_answer_is_told_what_is_wrong() {
    fails_with(
        check::error_left(|s, w| w.t().dot(&s).dot(&w).diag().sum() - s.diag().sum()),
        "turned round",
    );
    fails_with(check::error_left(|s, w| s.diag().sum() - w.ncols() as f64), "is right");
    fails_with(
        check::gradient(|s, w| 0.5 * tied::gradient(s, w).unwrap()),
        "half of what it should be",
    );
    fails_with(check::gradient(|s, w| s.dot(&w)), "central differences");
    fails_with(check::gradient(|_, _| Array2::zeros((1, 1))), "shape");
    fails_with(check::energy(|c, _| c.to_owned()), "made of μ alone");
    fails_with(check::pair(|w, a| (a.dot(&w.t()), w.to_owned())), "undo");
    fails_with(check::pair(|w, _| (w.t().to_owned(), w.to_owned())), "C times the old one");
    fails_with(check::restore(|w, x| w.t().dot(&x)), "WᵀW = I");
    fails_with(check::restore(|_, _| Array1::zeros(1)), "entries");
    fails_with(check::choose(|_, _| 0), "Count from one");
    fails_with(check::choose(|v, _| v.len()), "largest");
    fails_with(check::round_trip(|x| x[0], |z| [z, 0.0]), "straight line");
    fails_with(
        check::nearest(|a, b| (&a.row(0) - &b.row(0)).mapv(|v| v * v).sum()),
        "Distance, not its square",
    );
    fails_with(
        check::nearest(|a, b| (&a.row(0) - &b.row(0)).mapv(|v| v * v).sum().sqrt()),
        "is right",
    );
    fails_with(check::explained(|s, _, kept| s[..kept].to_vec()), "cannot depend");
    fails_with(check::same_plane(|_, _| true), "All directions must agree");
    fails_with(check::same_plane(|_, _| false), "said false");
}

#[test]
fn a_panic_an_endless_loop_and_a_todo_are_caught() {
    fails_with(check::choose(|v, _| v[v.len()] as usize), "panicked: index out of bounds");
    fails_with(
        check::nearest(|_, _| {
            loop {
                std::thread::sleep(std::time::Duration::from_millis(50))
            }
        }),
        "still runs after 3 seconds",
    );
    let todo = check::choose(|_, _| todo!());
    assert!(
        matches!(&todo, Verdict::Todo(text) if text.contains("choose is still todo!()")),
        "{todo}"
    );
    let after = check::choose(|v, share| {
        let total: f64 = v.iter().sum();
        1 + v
            .iter()
            .scan(0.0, |t, x| {
                *t += x;
                Some(*t)
            })
            .position(|t| t >= (share - 1e-12) * total)
            .unwrap()
    });
    assert!(after.is_pass(), "{after}");
}
