//! Chapter 1: the laws that principal component analysis and the tied autoencoder obey.
use latent::data::{digits, iris, noisy_axis, old_faithful, tilted_cloud, wine};
use latent::linalg::{angle_between, projector, second_moment};
use latent::pca::{Origin, Pca, mean_square, tied};
use latent::{Error, gaussian};
use ndarray::{Array1, Array2, ArrayView2, Axis, array, s};
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::Value;

fn rng(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

fn random(rows: usize, columns: usize, seed: u64) -> Array2<f64> {
    let mut r = rng(seed);
    Array2::from_shape_fn((rows, columns), |_| r.random_range(-1.0..1.0))
}

fn fit(x: ArrayView2<f64>, l: usize) -> Pca {
    Pca::by_svd(x, Origin::Mean).unwrap().keep(l).unwrap()
}

fn centred(x: ArrayView2<f64>) -> Array2<f64> {
    &x - &(x.sum_axis(Axis(0)) / x.nrows() as f64)
}

fn largest(x: &Array2<f64>) -> f64 {
    x.iter().fold(0.0, |m, v| m.max(v.abs()))
}

fn standardised(x: &Array2<f64>) -> Array2<f64> {
    let c = centred(x.view());
    let sd = c.mapv(|v| v * v).mean_axis(Axis(0)).unwrap().mapv(f64::sqrt);
    c / sd
}

#[track_caller]
fn close(got: f64, want: f64, relative: f64) {
    assert!(
        (got - want).abs() <= relative * want.abs().max(1e-12),
        "{got} is not {want} to {relative:e}"
    );
}

fn oracle() -> Value {
    serde_json::from_str(include_str!("oracles/pca.json")).unwrap()
}

fn numbers(v: &Value) -> Vec<f64> {
    v.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

fn tables() -> [(&'static str, Array2<f64>); 4] {
    let (i, w, f, d) = (
        iris().x.clone(),
        standardised(&wine().x),
        old_faithful().x.clone(),
        digits().x.clone(),
    );
    [("iris", i), ("wine_standardised", w), ("old_faithful", f), ("digits", d)]
}

#[test]
fn agrees_with_scikit_learn() {
    for (name, x) in tables() {
        let want = &oracle()[name];
        let sum = oracle()["sums"][name].as_f64().unwrap(); // of zero mean: only rounding is left
        assert!(
            (x.sum() - sum).abs() < 1e-12 * x.mapv(f64::abs).sum(),
            "{name}: {} {sum}",
            x.sum()
        );
        for found in [
            Pca::by_svd(x.view(), Origin::Mean).unwrap(),
            Pca::by_eigen(x.view(), Origin::Mean).unwrap(),
        ] {
            let total = found.variances.sum();
            for (j, v) in numbers(&want["variances_n"]).into_iter().enumerate() {
                assert!(
                    (found.variances[j] - v).abs() < 1e-9 * total,
                    "{name} λ{j}: {} {v}",
                    found.variances[j]
                );
                close(
                    found.variances_unbiased().unwrap()[j] + total,
                    numbers(&want["variances_n_minus_1"])[j] + total,
                    1e-9,
                );
                close(found.shares()[j], numbers(&want["shares"])[j], 1e-9);
            }
            for (l, error) in want["error"].as_object().unwrap() {
                let kept = found.keep(l.parse().unwrap()).unwrap();
                close(kept.error(x.view()).unwrap(), error.as_f64().unwrap(), 1e-9);
            }
            if let Some(rows) = want["directions_as_columns"].as_array() {
                for (i, row) in rows.iter().enumerate() {
                    for (j, v) in numbers(row).into_iter().enumerate() {
                        assert!(
                            (found.w[[i, j]] - v).abs() < 1e-9,
                            "{name} W[{i}, {j}]: {} {v}",
                            found.w[[i, j]]
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn the_error_is_the_sum_of_the_discarded_eigenvalues() {
    for (name, x) in tables() {
        for l in 1..x.ncols().min(6) {
            let kept = fit(x.view(), l);
            let error = kept.error(x.view()).unwrap();
            assert!(
                (error - kept.discarded()).abs() < 1e-9 * kept.variances.sum(),
                "{name}, L = {l}: {error} {}",
                kept.discarded()
            );
        }
    }
}

#[test]
fn both_routes_find_the_same() {
    for x in [random(50, 7, 1), random(7, 50, 2), random(12, 12, 3), iris().x.clone()] {
        for origin in [Origin::Mean, Origin::Zero] {
            let a = Pca::by_svd(x.view(), origin).unwrap();
            let b = Pca::by_eigen(x.view(), origin).unwrap();
            assert_eq!(a.w.dim(), b.w.dim());
            assert_eq!(a.rows, x.nrows());
            let off =
                (&a.variances - &b.variances).iter().fold(0.0f64, |m, v| m.max(v.abs()));
            assert!(off < 1e-12 * a.variances.sum(), "{off}");
            let l = 3;
            let (p, q) = (a.keep(l).unwrap().w, b.keep(l).unwrap().w);
            assert!(largest(&(p.dot(&p.t()) - q.dot(&q.t()))) < 1e-9);
        }
    }
}

#[test]
fn no_other_plane_does_better() {
    let x = iris().x.view();
    for l in 1..=3 {
        let best = fit(x, l).error(x).unwrap();
        for seed in 0..300 {
            let p = projector(random(4, l, seed).view()).unwrap();
            let c = centred(x);
            assert!(mean_square(c.view(), c.dot(&p).view()) >= best - 1e-12);
        }
    }
}

#[test]
fn the_columns_of_w_are_orthonormal() {
    for (_, x) in tables() {
        let w = fit(x.view(), 2.min(x.ncols() - 1)).w;
        assert!(largest(&(w.t().dot(&w) - Array2::<f64>::eye(w.ncols()))) < 1e-12);
    }
}

#[test]
fn codes_are_uncorrelated_and_their_variances_are_the_eigenvalues() {
    let x = iris().x.view();
    let found = fit(x, 4);
    let z = found.encode(x).unwrap();
    assert!(
        largest(&(second_moment(z.view()) - Array2::from_diag(&found.variances))) < 1e-12
    );
    for (sd, v) in found.spreads().iter().zip(&found.variances) {
        close(sd * sd, *v, 1e-12);
    }
}

#[test]
fn outputs_lie_on_a_plane_and_residuals_stand_upright_on_it() {
    let x = iris().x.view();
    for l in 1..=3 {
        let found = fit(x, l);
        let back = found.reconstruct(x).unwrap();
        let flat = Pca::by_svd(back.view(), Origin::Mean).unwrap();
        assert!(flat.variances.slice(s![l..]).sum() < 1e-20, "rank {l}");
        assert!(largest(&(&x - &back).dot(&found.w)) < 1e-10, "residual · direction");
        assert!(
            largest(&(found.reconstruct(back.view()).unwrap() - &back)) < 1e-10,
            "projecting twice is projecting once"
        );
    }
}

#[test]
fn rows_off_the_data_land_on_the_plane_too() {
    let found = fit(iris().x.view(), 1);
    let noise = random(100, 4, 9) * 50.0;
    let back = found.reconstruct(noise.view()).unwrap();
    let flat = Pca::by_svd(back.view(), Origin::Zero).unwrap();
    let line = Pca::by_svd(iris().x.view(), Origin::Mean).unwrap().keep(1).unwrap();
    assert!(line.error(back.view()).unwrap() < 1e-18);
    assert!(flat.variances[2] < 1e-18, "a line and the origin span a plane");
}

#[test]
fn decoding_any_code_gives_that_code_back() {
    let found = fit(wine().x.view(), 3);
    let z = random(20, 3, 8) * 100.0;
    let again = found.encode(found.decode(z.view()).unwrap().view()).unwrap();
    assert!(largest(&(again - z)) < 1e-9);
}

#[test]
fn without_centring_the_direction_points_at_the_mean() {
    let (x, want) = (iris().x.view(), &oracle()["iris_uncentred"]);
    let (energy, variance) =
        (Pca::by_svd(x, Origin::Zero).unwrap().keep(1).unwrap(), fit(x, 1));
    assert_eq!(energy.mean, Array1::<f64>::zeros(4));
    let (first, mean) = (energy.w.column(0), &variance.mean);
    close(energy.variances[0], want["energy"].as_f64().unwrap(), 1e-9);
    let with_mean = first.dot(mean).abs() / mean.dot(mean).sqrt();
    close(with_mean, want["cosine_with_mean"].as_f64().unwrap(), 1e-9);
    assert!(with_mean > 0.999);
    let with_first = first.dot(&variance.w.column(0)).abs();
    close(with_first, want["cosine_with_first_direction"].as_f64().unwrap(), 1e-9);
    close(energy.error(x).unwrap(), want["error"].as_f64().unwrap(), 1e-9);
    assert!(variance.error(x).unwrap() < energy.error(x).unwrap());
    let c = centred(x);
    let same = Pca::by_svd(c.view(), Origin::Zero).unwrap();
    assert!(largest(&(same.w - fit(x, 4).w)) < 1e-9, "with mean zero, energy is variance");
}

#[test]
fn moving_the_data_moves_the_mean_and_nothing_else() {
    let x = iris().x.view();
    let moved = &x + &array![10.0, -5.0, 3.0, 100.0];
    let (a, b) = (fit(x, 2), fit(moved.view(), 2));
    assert!(largest(&(&a.w - &b.w)) < 1e-9);
    assert!(
        ((&b.mean - &a.mean) - array![10.0, -5.0, 3.0, 100.0]).iter().all(|v| v.abs() < 1e-9)
    );
}

#[test]
fn turning_the_data_turns_the_directions() {
    let x = random(60, 3, 5).dot(&Array2::from_diag(&array![3.0, 2.0, 1.0]));
    let q = Pca::by_svd(random(9, 3, 6).view(), Origin::Zero).unwrap().w;
    let (a, b) = (fit(x.view(), 2), fit(x.dot(&q.t()).view(), 2));
    assert!(angle_between(q.dot(&a.w).view(), b.w.view()).unwrap() < 1e-7);
    for (u, v) in a.variances.iter().zip(&b.variances) {
        close(*u, *v, 1e-10);
    }
}

#[test]
fn the_variances_of_divisor_n_minus_one_are_larger_by_n_over_n_minus_one() {
    let found = Pca::by_svd(iris().x.view(), Origin::Mean).unwrap();
    for (a, b) in found.variances_unbiased().unwrap().iter().zip(&found.variances) {
        close(*a, b * 150.0 / 149.0, 1e-14);
    }
    let two = fit(array![[1.0, 0.0], [3.0, 0.0]].view(), 1); // the fewest rows that have a divisor
    close(two.variances_unbiased().unwrap()[0], 2.0, 1e-12);
    for kept in 1..=4 {
        close(found.keep(kept).unwrap().variances_unbiased().unwrap()[0], 4.228241706, 1e-8);
    }
}

#[test]
fn the_largest_entry_of_each_direction_is_positive() {
    for (_, x) in tables() {
        for column in Pca::by_svd(x.view(), Origin::Mean).unwrap().w.columns() {
            let top =
                column.iter().fold(0.0f64, |m, v| if v.abs() > m.abs() { *v } else { m });
            assert!(top > 0.0);
        }
    }
}

#[test]
fn shares_rise_to_one_and_choose_the_number_of_directions() {
    let found = Pca::by_svd(digits().x.view(), Origin::Mean).unwrap();
    let shares = found.shares();
    assert!(shares.windows(2).into_iter().all(|w| w[1] >= w[0]));
    close(shares[63], 1.0, 1e-12);
    let in_millionths = Pca::by_svd((1e-6 * &digits().x).view(), Origin::Mean).unwrap();
    assert!((in_millionths.shares() - &shares).iter().all(|v| v.abs() < 1e-12), "no unit");
    let l = found.directions_for(0.9).unwrap();
    assert!(shares[l - 1] >= 0.9 && shares[l - 2] < 0.9);
    assert_eq!(l, 21);
    assert_eq!(found.directions_for(0.0).unwrap(), 1);
    assert_eq!(
        found.directions_for(1.0).unwrap(),
        shares.iter().position(|s| *s >= 1.0 - 1e-12).unwrap() + 1
    );
    let constant = Pca::by_svd(Array2::from_elem((5, 3), 2.0).view(), Origin::Mean).unwrap();
    assert_eq!(constant.shares(), array![1.0, 1.0, 1.0]);
    assert_eq!(constant.discarded(), 0.0);
}

#[test]
fn one_direction_is_enough_for_a_share_that_it_holds_exactly() {
    let x = array![[3.0, 0.0], [-3.0, 0.0], [0.0, 1.0], [0.0, -1.0]]; // variances 4.5 and 0.5
    let found = Pca::by_svd(x.view(), Origin::Mean).unwrap();
    assert_eq!(found.directions_for(0.9).unwrap(), 1);
    assert_eq!(found.directions_for(0.9 + 1e-9).unwrap(), 2);
}

#[test]
fn a_generic_w_does_not_restore_and_an_orthonormal_one_does() {
    let (w, z) = (random(6, 2, 1), random(30, 2, 2));
    let x = z.dot(&w.t()); // in the span of W
    assert!(largest(&(x.dot(&w).dot(&w.t()) - &x)) > 0.1);
    assert!(largest(&(x.dot(&projector(w.view()).unwrap()) - &x)) < 1e-12);
    let q = Pca::by_svd(random(9, 6, 3).view(), Origin::Zero).unwrap().keep(2).unwrap().w;
    let y = z.dot(&q.t());
    assert!(largest(&(y.dot(&q).dot(&q.t()) - &y)) < 1e-12);
}

#[test]
fn a_noisy_column_draws_the_direction_to_itself() {
    let quiet = fit(noisy_axis(2000, 0.3, &mut rng(1)).view(), 1);
    let loud = fit(noisy_axis(2000, 30.0, &mut rng(1)).view(), 1);
    assert!(quiet.w[[2, 0]].abs() < 0.05 && loud.w[[2, 0]].abs() > 0.99);
}

#[test]
fn the_first_direction_is_the_long_axis_of_the_cloud() {
    for angle in [0.3, 1.0, 2.5] {
        let x = tilted_cloud(4000, angle, 2.0, 0.5, &mut rng(7));
        let w = fit(x.view(), 1).w;
        let along = (w[[0, 0]] * angle.cos() + w[[1, 0]] * angle.sin()).abs();
        assert!(along > 0.999, "{angle}: {along}");
    }
}

// --- the tied autoencoder ---

fn moment_of_iris() -> Array2<f64> {
    second_moment(centred(iris().x.view()).view())
}

#[test]
fn the_loss_of_moments_is_the_loss_of_rows() {
    let c = centred(iris().x.view());
    for seed in 0..20 {
        let w = random(4, 2, seed);
        let rows = mean_square(c.view(), c.dot(&w).dot(&w.t()).view());
        close(tied::loss(second_moment(c.view()).view(), w.view()).unwrap(), rows, 1e-10);
    }
}

#[test]
fn the_gradient_is_the_slope_of_the_loss() {
    let s = moment_of_iris();
    for seed in 0..10 {
        let w = random(4, 3, seed);
        let g = tied::gradient(s.view(), w.view()).unwrap();
        for at in ndarray::indices(w.dim()) {
            let at_step = |h: f64| {
                let mut v = w.clone();
                v[at] += h;
                tied::loss(s.view(), v.view()).unwrap()
            };
            let slope = (at_step(1e-5) - at_step(-1e-5)) / 2e-5;
            assert!((g[at] - slope).abs() < 1e-7 * (1.0 + slope.abs()), "{} {slope}", g[at]);
        }
    }
}

#[test]
fn descent_ends_on_the_principal_subspace_and_nobody_asked_for_orthonormal_columns() {
    let s = moment_of_iris();
    let start = array![[1.0, 0.3], [0.1, 1.0], [0.2, -0.2], [0.3, 0.1]];
    let path = tied::descend(s.view(), start.view(), 0.02, 20_000).unwrap();
    close(path.loss[0], 2.6272597481777784, 1e-12);
    let best = fit(iris().x.view(), 2);
    close(*path.loss.last().unwrap(), best.discarded(), 1e-9);
    assert!(path.loss.windows(2).all(|w| w[1] <= w[0] + 1e-12), "the loss never rises");
    assert!(largest(&(path.w.t().dot(&path.w) - Array2::<f64>::eye(2))) < 1e-6);
    assert!(largest(&(path.w.dot(&path.w.t()) - best.w.dot(&best.w.t()))) < 1e-6);
    assert!(largest(&(&path.w - &best.w)) > 0.1, "the axes are not the principal ones");
    assert_eq!(path.loss.len(), 20_001);
}

#[test]
fn descent_from_random_starts_finds_the_line() {
    for seed in 0..10 {
        let x = tilted_cloud(200, 0.6, 2.0, 0.5, &mut rng(seed));
        let c = centred(x.view());
        let s = second_moment(c.view());
        let path = tied::descend(
            s.view(),
            random(2, 1, seed + 50).view(),
            tied::safe_rate(s.view()),
            3000,
        )
        .unwrap();
        let best = fit(x.view(), 1);
        close(*path.loss.last().unwrap(), best.discarded(), 1e-9);
        assert!(angle_between(path.w.view(), best.w.view()).unwrap() < 1e-6);
    }
}

#[test]
fn the_safe_rate_is_an_eighth_of_one_over_the_trace() {
    close(tied::safe_rate(array![[3.0, 0.0], [0.0, 1.0]].view()), 1.0 / 32.0, 1e-15);
    close(tied::safe_rate(array![[0.1, 0.0], [0.0, 0.4]].view()), 0.25, 1e-15);
    close(tied::safe_rate(array![[0.0]].view()), 0.125, 1e-15);
}

#[test]
fn the_zero_matrix_is_a_resting_place_that_is_no_minimum() {
    let s = moment_of_iris();
    let zero = Array2::zeros((4, 1));
    assert_eq!(tied::gradient(s.view(), zero.view()).unwrap(), zero);
    let nudged =
        tied::descend(s.view(), Array2::from_elem((4, 1), 1e-3).view(), 0.02, 3000).unwrap();
    assert!(nudged.loss.last().unwrap() < &(0.1 * nudged.loss[0]));
}

#[test]
fn other_eigenvectors_are_resting_places_too() {
    let (s, found) = (moment_of_iris(), fit(iris().x.view(), 4));
    for j in 0..4 {
        let v = found.w.slice(s![.., j..j + 1]);
        assert!(largest(&tied::gradient(s.view(), v).unwrap()) < 1e-12);
        close(
            tied::loss(s.view(), v).unwrap(),
            found.variances.sum() - found.variances[j],
            1e-10,
        );
    }
}

// --- bad input ---

#[test]
fn bad_input_gets_an_error_that_names_it() {
    let mut x = iris().x.clone();
    x[[7, 2]] = f64::NAN;
    let e = Pca::by_svd(x.view(), Origin::Mean).unwrap_err();
    assert!(matches!(e, Error::NotFinite { row: 7, column: 2, .. }), "{e}");
    assert!(e.to_string().contains("row 7, column 2"), "{e}");
    assert!(matches!(
        Pca::by_eigen(Array2::zeros((0, 3)).view(), Origin::Mean),
        Err(Error::Empty { rows: 0, columns: 3, .. })
    ));
    assert!(matches!(
        Pca::by_svd(Array2::zeros((3, 0)).view(), Origin::Mean),
        Err(Error::Empty { rows: 3, columns: 0, .. })
    ));
    let found = fit(iris().x.view(), 2);
    assert!(matches!(found.keep(0), Err(Error::Range { .. })));
    assert!(matches!(found.keep(3), Err(Error::Range { .. })));
    assert!(matches!(
        found.encode(random(2, 3, 1).view()),
        Err(Error::Shape { got: (2, 3), expected: (2, 4), .. })
    ));
    assert!(matches!(found.decode(random(2, 4, 1).view()), Err(Error::Shape { .. })));
    assert!(matches!(found.directions_for(1.5), Err(Error::Range { .. })));
    let one_row = Pca::by_svd(random(1, 3, 1).view(), Origin::Mean).unwrap();
    assert!(matches!(one_row.variances_unbiased(), Err(Error::Range { .. })));
    let s = moment_of_iris();
    let e = tied::descend(s.view(), random(4, 2, 1).view(), 50.0, 100).unwrap_err();
    assert!(matches!(e, Error::Diverged { .. }), "{e}");
    assert!(matches!(tied::loss(s.view(), random(3, 2, 1).view()), Err(Error::Shape { .. })));
    assert!(matches!(
        tied::gradient(s.view(), random(3, 2, 1).view()),
        Err(Error::Shape { .. })
    ));
    assert!(matches!(
        tied::descend(s.view(), random(3, 2, 1).view(), 0.1, 1),
        Err(Error::Shape { .. })
    ));
    assert!(matches!(
        tied::descend(s.view(), random(4, 2, 1).view(), f64::NAN, 1),
        Err(Error::Range { .. })
    ));
}

#[test]
fn more_columns_than_rows_is_no_trouble() {
    let x = random(5, 40, 3);
    let found = Pca::by_svd(x.view(), Origin::Mean).unwrap();
    assert_eq!(found.w.dim(), (40, 5));
    assert!(found.variances[4] < 1e-12, "five centred rows span four directions");
    assert!(found.keep(4).unwrap().error(x.view()).unwrap() < 1e-12);
}

#[test]
fn the_gaussian_with_pcas_moments_has_pcas_ellipse() {
    let covariance = array![[2.0, 0.9], [0.9, 1.0]];
    let x =
        gaussian::sample(50_000, array![1.0, -2.0].view(), covariance.view(), &mut rng(3))
            .unwrap();
    let found = fit(x.view(), 2);
    let want = latent::linalg::eigen_symmetric(covariance.view()).unwrap();
    for j in 0..2 {
        close(found.variances[j], want.values[j], 0.03);
    }
    assert!((found.mean[0] - 1.0).abs() < 0.03 && (found.mean[1] + 2.0).abs() < 0.03);
}
