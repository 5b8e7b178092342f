//! The rooms `linalg` and `gaussian`: identities, closed forms, and each route against a naive twin.
use latent::linalg::{
    angle_between, cholesky, eigen_symmetric, fix_signs, jacobi, projector, right_singular,
    second_moment, solve_lower,
};
use latent::{Error, gaussian};
use ndarray::{Array1, Array2, array};
use rand::{Rng, SeedableRng, rngs::StdRng};

fn random(rows: usize, columns: usize, seed: u64) -> Array2<f64> {
    let mut r = StdRng::seed_from_u64(seed);
    Array2::from_shape_fn((rows, columns), |_| r.random_range(-1.0..1.0))
}

/// Symmetric, positive definite.
fn covariance(d: usize, seed: u64) -> Array2<f64> {
    let a = random(d, d + 3, seed);
    a.dot(&a.t())
}

fn far(a: &Array2<f64>, b: &Array2<f64>) -> f64 {
    (a - b).iter().fold(0.0, |m, v| m.max(v.abs()))
}

#[test]
fn an_eigen_decomposition_multiplies_out() {
    for (d, seed) in [(1, 1), (2, 2), (5, 3), (30, 4)] {
        let s = covariance(d, seed);
        for found in [eigen_symmetric(s.view()).unwrap(), jacobi(s.view()).unwrap()] {
            let v = &found.vectors;
            assert!(
                far(&v.dot(&Array2::from_diag(&found.values)).dot(&v.t()), &s)
                    < 1e-12 * s.diag().sum()
            );
            assert!(far(&v.t().dot(v), &Array2::eye(d)) < 1e-12);
            assert!(found.values.windows(2).into_iter().all(|w| w[0] >= w[1]));
        }
    }
}

#[test]
fn faer_and_jacobi_agree() {
    for seed in 0..20 {
        let s = random(6, 6, seed);
        let s = &s + &s.t(); // not definite
        let (a, b) = (eigen_symmetric(s.view()).unwrap(), jacobi(s.view()).unwrap());
        assert!((&a.values - &b.values).iter().all(|v| v.abs() < 1e-12));
        assert!(far(&a.vectors, &b.vectors) < 1e-9);
        let large = jacobi((&s * 1e8).view()).unwrap(); // a unit changes nothing
        assert!((&large.values * 1e-8 - &a.values).iter().all(|v| v.abs() < 1e-12));
        assert!(far(&large.vectors, &b.vectors) < 1e-9);
    }
    let pair = array![[1.0, 0.0, 0.0], [0.0, 1.0, 0.5], [0.0, 0.5, 1.0]]; // nothing to turn in two planes
    let found = jacobi(pair.view()).unwrap().values;
    assert!((&found - &array![1.5, 1.0, 0.5]).iter().all(|v| v.abs() < 1e-12), "{found}");
    let diagonal = Array2::from_diag(&array![1.0, 3.0, 2.0]);
    assert_eq!(jacobi(diagonal.view()).unwrap().values, array![3.0, 2.0, 1.0]);
    assert_eq!(jacobi(Array2::zeros((2, 2)).view()).unwrap().values, array![0.0, 0.0]);
}

#[test]
fn singular_values_are_roots_of_eigenvalues_tall_square_and_wide() {
    for (n, d) in [(40, 5), (5, 40), (8, 8), (9, 8)] {
        let x = random(n, d, 7);
        let found = right_singular(x.view()).unwrap();
        let by_eigen = eigen_symmetric((second_moment(x.view()) * n as f64).view()).unwrap();
        for (j, s) in found.values.iter().enumerate() {
            assert!((s * s - by_eigen.values[j]).abs() < 1e-11);
        }
        assert_eq!(found.vectors.dim(), (d, n.min(d)));
        assert!(far(&found.vectors.t().dot(&found.vectors), &Array2::eye(n.min(d))) < 1e-12);
        let back = x.dot(&found.vectors).dot(&found.vectors.t());
        assert!(far(&back, &x) < 1e-12, "the right singular vectors span the rows");
    }
}

#[test]
fn memory_layout_does_not_matter() {
    let x = random(20, 6, 3);
    let columns_first = x.t().as_standard_layout().into_owned().reversed_axes();
    let spaced = random(40, 12, 3);
    let sliced = spaced.slice(ndarray::s![..;2, ..;2]);
    for (a, b) in [(x.view(), columns_first.view()), (sliced, sliced.to_owned().view())] {
        assert!(far(&second_moment(a), &second_moment(b)) < 1e-14);
        assert!(
            far(&right_singular(a).unwrap().vectors, &right_singular(b).unwrap().vectors)
                < 1e-12
        );
    }
}

#[test]
fn the_second_moment_is_the_mean_of_outer_products() {
    let x = random(11, 3, 5);
    let mut naive = Array2::<f64>::zeros((3, 3));
    for row in x.rows() {
        for i in 0..3 {
            for j in 0..3 {
                naive[[i, j]] += row[i] * row[j] / 11.0;
            }
        }
    }
    assert!(far(&second_moment(x.view()), &naive) < 1e-15);
}

#[test]
fn the_sign_rule_turns_columns_by_their_largest_entry() {
    let fixed = fix_signs(array![[0.6, -0.9, 0.0], [-0.8, 0.1, 0.0]]);
    assert_eq!(fixed, array![[-0.6, 0.9, 0.0], [0.8, -0.1, 0.0]]);
    assert_eq!(fix_signs(fixed.clone()), fixed);
    let tie = array![[0.5], [-0.5]];
    assert_eq!(fix_signs(tie.clone()), tie, "of two entries of one size, the first decides");
}

#[test]
fn cholesky_multiplies_out_and_solves() {
    for d in [1, 2, 6] {
        let a = covariance(d, 9);
        let l = cholesky(a.view()).unwrap();
        assert!(far(&l.dot(&l.t()), &a) < 1e-12);
        assert!((0..d).all(|i| (i + 1..d).all(|j| l[[i, j]] == 0.0) && l[[i, i]] > 0.0));
        let b = random(d, 3, 1);
        assert!(far(&l.dot(&solve_lower(l.view(), b.view()).unwrap()), &b) < 1e-12);
    }
}

#[test]
fn a_projector_projects() {
    let a = random(6, 2, 4);
    let p = projector(a.view()).unwrap();
    assert!(far(&p.dot(&p), &p) < 1e-12 && far(&p, &p.t().to_owned()) < 1e-12);
    assert!(far(&p.dot(&a), &a) < 1e-12);
    assert!((p.diag().sum() - 2.0).abs() < 1e-12, "its trace is the dimension");
}

#[test]
fn angles_between_planes() {
    let a = array![[1.0], [0.0]];
    for degrees in [0.0f64, 1.0, 30.0, 60.0, 90.0] {
        let t = degrees.to_radians();
        let b = array![[-3.0 * t.cos()], [-3.0 * t.sin()]];
        assert!((angle_between(a.view(), b.view()).unwrap() - t).abs() < 1e-7, "{degrees}");
    }
    for turn in 0..200 {
        let t = 0.031 * f64::from(turn); // at right angles, whichever way rounding goes
        let (a, b) = (array![[t.cos()], [t.sin()]], array![[-t.sin()], [t.cos()]]);
        let found = angle_between(a.view(), b.view()).unwrap();
        assert!((found - std::f64::consts::FRAC_PI_2).abs() < 1e-7, "{turn}: {found}");
    }
    let number = array![[2.0]]; // a line has only itself
    assert!(angle_between(number.view(), number.view()).unwrap() < 1e-7);
    let (w, mix) = (random(5, 2, 1), array![[2.0, 1.0], [0.0, 1.0]]);
    assert!(angle_between(w.view(), w.dot(&mix).view()).unwrap() < 1e-7);
}

#[test]
fn what_cannot_be_factorised_says_why() {
    let e = cholesky(array![[1.0, 1.0], [1.0, 1.0]].view()).unwrap_err();
    assert!(matches!(e, Error::NotPositiveDefinite { index: 1, .. }), "{e}");
    assert!(matches!(
        cholesky(array![[0.0]].view()),
        Err(Error::NotPositiveDefinite { index: 0, .. })
    ));
    assert!(matches!(
        cholesky(array![[-2.0]].view()),
        Err(Error::NotPositiveDefinite { .. })
    ));
    assert!(matches!(cholesky(random(2, 3, 1).view()), Err(Error::Shape { .. })));
    assert!(matches!(eigen_symmetric(random(2, 3, 1).view()), Err(Error::Shape { .. })));
    assert!(matches!(jacobi(random(2, 3, 1).view()), Err(Error::Shape { .. })));
    assert!(matches!(
        solve_lower(random(2, 2, 1).view(), random(3, 1, 1).view()),
        Err(Error::Shape { .. })
    ));
    assert!(matches!(
        angle_between(random(4, 2, 1).view(), random(5, 2, 1).view()),
        Err(Error::Shape { .. })
    ));
    assert!(matches!(
        eigen_symmetric(array![[f64::INFINITY]].view()),
        Err(Error::NotFinite { .. })
    ));
    assert!(matches!(
        right_singular(array![[f64::NAN]].view()),
        Err(Error::NotFinite { .. })
    ));
    assert!(matches!(
        projector(array![[1.0, 2.0], [1.0, 2.0]].view()),
        Err(Error::NotPositiveDefinite { .. })
    ));
}

// --- gaussian ---

#[test]
fn log_sum_exp_is_exact_where_the_naive_sum_overflows() {
    assert!((gaussian::log_sum_exp(&[0.0, 0.0]) - 2f64.ln()).abs() < 1e-15);
    assert!((gaussian::log_sum_exp(&[1000.0, 1000.0]) - 1000.0 - 2f64.ln()).abs() < 1e-12);
    assert!(
        (gaussian::log_sum_exp(&[-1e5, -1e5 - 1.0]) + 1e5 - (1.0 + (-1f64).exp()).ln()).abs()
            < 1e-9
    );
    assert_eq!(gaussian::log_sum_exp(&[]), f64::NEG_INFINITY);
    assert_eq!(gaussian::log_sum_exp(&[f64::NEG_INFINITY]), f64::NEG_INFINITY);
}

#[test]
fn the_density_integrates_to_one_and_matches_one_dimension() {
    let (mean, variance) = (array![0.5], array![[2.0]]);
    let grid = Array1::linspace(-15.0, 16.0, 20_001).insert_axis(ndarray::Axis(1));
    let density = gaussian::log_density(grid.view(), mean.view(), variance.view())
        .unwrap()
        .mapv(f64::exp);
    assert!((density.sum() * 31.0 / 20_000.0 - 1.0).abs() < 1e-9);
    let at: f64 = 1.7;
    let want = -0.5 * ((at - 0.5).powi(2) / 2.0 + (2.0 * std::f64::consts::PI * 2.0).ln());
    let got =
        gaussian::log_density(array![[at]].view(), mean.view(), variance.view()).unwrap()[0];
    assert!((got - want).abs() < 1e-14);
}

#[test]
fn entropy_is_the_mean_of_minus_the_log_density() {
    let (m, s) = (array![1.0, 2.0], array![[2.0, 0.5], [0.5, 1.0]]);
    let x =
        gaussian::sample(40_000, m.view(), s.view(), &mut StdRng::seed_from_u64(2)).unwrap();
    let mean = -gaussian::log_density(x.view(), m.view(), s.view()).unwrap().mean().unwrap();
    let want = gaussian::entropy(s.view()).unwrap();
    assert!(
        (mean - want).abs() < 5.0 / 200.0,
        "within five standard errors: Var of −log p is D/2 = 1: {mean} {want}"
    );
    assert!(
        (gaussian::entropy(array![[1.0]].view()).unwrap() - 1.418_938_533_204_672_7).abs()
            < 1e-15
    );
    assert!(
        gaussian::entropy(array![[0.001]].view()).unwrap() < 0.0,
        "of a density, it may be negative"
    );
}

#[test]
fn divergence_has_its_closed_form_and_its_direction() {
    let kl = |m0: f64, s0: f64, m1: f64, s1: f64| {
        gaussian::kl(
            array![m0].view(),
            array![[s0 * s0]].view(),
            array![m1].view(),
            array![[s1 * s1]].view(),
        )
        .unwrap()
    };
    assert!((kl(0.0, 1.0, 1.0, 2.0) - (2f64.ln() + (1.0 + 1.0) / 8.0 - 0.5)).abs() < 1e-15);
    assert!(
        (kl(0.0, 1.0, 1.0, 2.0) - 0.4431).abs() < 1e-4
            && (kl(1.0, 2.0, 0.0, 1.0) - 1.3069).abs() < 1e-4
    );
    let (m, s) = (array![0.3, 1.0, -2.0], covariance(3, 2));
    assert!(gaussian::kl(m.view(), s.view(), m.view(), s.view()).unwrap().abs() < 1e-13);
    for seed in 0..50 {
        let (a, b) =
            (random(1, 3, seed).row(0).to_owned(), random(1, 3, seed + 99).row(0).to_owned());
        assert!(
            gaussian::kl(
                a.view(),
                covariance(3, seed).view(),
                b.view(),
                covariance(3, seed + 7).view()
            )
            .unwrap()
                > 0.0
        );
    }
    assert!(matches!(
        gaussian::kl(m.view(), s.view(), array![1.0].view(), s.view()),
        Err(Error::Shape { .. })
    ));
}

#[test]
fn moments_of_many_rows_are_those_of_all_rows_at_once() {
    for rows in [1, 1023, 1024, 1025, 2500] {
        let x = random(rows, 3, 9) * 1e-3 + 1e3; // a mean a million times the spread
        let found = gaussian::Moments::of(x.view()).unwrap();
        let mean = x.sum_axis(ndarray::Axis(0)) / rows as f64;
        let centred = &x - &mean;
        assert_eq!(found.rows, rows as f64);
        assert!((&found.mean - &mean).iter().all(|v| v.abs() < 1e-10));
        let naive = centred.t().dot(&centred) / rows as f64;
        assert!(far(&found.covariance, &naive) < 1e-18 + 1e-9 * naive.diag().sum());
    }
}
