//! Chapter 2: the laws that factor analysis and probabilistic PCA obey.
use latent::data::{iris, noisy_axis, wine};
use latent::em::{Stop, fit};
use latent::factor_analysis::{FactorAnalysis, ppca_log_likelihood, varimax_criterion};
use latent::gaussian::{LN_2PI, Moments, log_density, log_normal, log_sum_exp};
use latent::linalg::{cholesky, eigen_symmetric, projector};
use latent::pca::{Origin, Pca};
use latent::{Error, Result};
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

fn largest(x: &Array2<f64>) -> f64 {
    x.iter().fold(0.0, |m, v| m.max(v.abs()))
}

#[track_caller]
fn close(got: f64, want: f64, relative: f64) {
    assert!(
        (got - want).abs() <= relative * want.abs().max(1e-12),
        "{got} is not {want} to {relative:e}"
    );
}

#[track_caller]
fn equal(got: &Array2<f64>, want: &Array2<f64>, within: f64) {
    assert_eq!(got.dim(), want.dim());
    let off = largest(&(got - want));
    assert!(off <= within, "{got} is not {want}: off by {off:e}");
}

fn oracle() -> Value {
    serde_json::from_str(include_str!("oracles/factor_analysis.json")).unwrap()
}

fn numbers(v: &Value) -> Vec<f64> {
    v.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

fn table(v: &Value) -> Array2<f64> {
    let rows: Vec<Vec<f64>> = v.as_array().unwrap().iter().map(numbers).collect();
    Array2::from_shape_fn((rows.len(), rows[0].len()), |(i, j)| rows[i][j])
}

/// The wines with columns of mean zero and variance one.
fn wine_rows() -> Array2<f64> {
    let m = Moments::of(wine().x.view()).unwrap();
    (&wine().x - &m.mean) / m.covariance.diag().mapv(f64::sqrt)
}

fn wine_moments() -> Moments {
    Moments::of(wine_rows().view()).unwrap()
}

fn iris_moments() -> Moments {
    Moments::of(iris().x.view()).unwrap()
}

/// Factor analysis after so many steps from the book's start.
fn after(data: &Moments, l: usize, steps: usize) -> FactorAnalysis {
    let stop = Stop { steps, gain: f64::NEG_INFINITY };
    fit(FactorAnalysis::start(data, l).unwrap(), data, stop).unwrap().model
}

/// A model with numbers of no meaning.
fn some_model(d: usize, l: usize, seed: u64) -> FactorAnalysis {
    let mut r = rng(seed + 1000);
    let psi = Array1::from_shape_fn(d, |_| r.random_range(0.2..2.0));
    FactorAnalysis::new(random(1, d, seed).row(0).to_owned(), random(d, l, seed + 1), psi)
        .unwrap()
}

fn rotation(l: usize, seed: u64) -> Array2<f64> {
    Pca::by_svd(random(3 * l, l, seed).view(), Origin::Zero).unwrap().w
}

// --- the model and its marginal ---

#[test]
fn draws_have_the_mean_and_the_covariance_of_the_model() {
    let (model, n) = (some_model(4, 2, 1), 40_000);
    let (z, x) = model.sample(n, &mut rng(2));
    assert_eq!((z.dim(), x.dim()), ((n, 2), (n, 4)));
    let (mz, mx) = (Moments::of(z.view()).unwrap(), Moments::of(x.view()).unwrap());
    let root = (n as f64).sqrt();
    let wanted = [
        (mz, Array1::zeros(2), Array2::eye(2)),
        (mx, model.mean.clone(), model.covariance()),
    ];
    for (got, mean, c) in wanted {
        for i in 0..mean.len() {
            let error = c[[i, i]].sqrt() / root;
            assert!((got.mean[i] - mean[i]).abs() < 5.0 * error, "mean {i}");
            for j in 0..mean.len() {
                // The variance of a product of two Gaussians of mean zero.
                let error = (c[[i, i]] * c[[j, j]] + c[[i, j]] * c[[i, j]]).sqrt() / root;
                assert!((got.covariance[[i, j]] - c[[i, j]]).abs() < 5.0 * error, "{i}, {j}");
            }
        }
    }
    let rest = &x - &model.mean - z.dot(&model.w.t());
    let rest = Moments::of(rest.view()).unwrap().covariance;
    for (got, want) in rest.diag().iter().zip(&model.psi) {
        close(*got, *want, 5.0 * (2.0 / n as f64).sqrt());
    }
}

#[test]
fn parts_that_do_not_fit_are_refused() {
    let (mean, w, psi) = (array![0.0, 0.0], array![[1.0], [2.0]], array![1.0, 1.0]);
    let make = |m: &Array1<f64>, w: &Array2<f64>, p: &Array1<f64>| {
        FactorAnalysis::new(m.clone(), w.clone(), p.clone()).map(|_| ())
    };
    assert!(make(&mean, &w, &psi).is_ok());
    let shape = |r: Result<()>| assert!(matches!(r, Err(Error::Shape { .. })), "{r:?}");
    let range = |r: Result<()>| assert!(matches!(r, Err(Error::Range { .. })), "{r:?}");
    let number = |r: Result<()>| assert!(matches!(r, Err(Error::NotFinite { .. })), "{r:?}");
    shape(make(&mean, &array![[1.0, 2.0]], &psi));
    shape(make(&mean, &w, &array![1.0]));
    range(make(&mean, &array![[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]], &psi));
    for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        range(make(&mean, &w, &array![1.0, bad]));
    }
    number(make(&mean, &array![[1.0], [f64::NAN]], &psi));
    number(make(&array![f64::INFINITY, 0.0], &w, &psi));
    let empty = make(&mean, &Array2::zeros((2, 0)), &psi);
    assert!(matches!(empty, Err(Error::Empty { .. })), "{empty:?}");
}

#[test]
fn rows_and_moments_that_do_not_fit_are_refused() {
    let (model, data) = (some_model(4, 2, 3), wine_moments());
    let narrow = random(3, 2, 1);
    let mut hole = random(3, 4, 1);
    hole[[1, 2]] = f64::NAN;
    for x in [narrow.view(), hole.view(), random(0, 4, 1).view()] {
        assert!(model.log_density(x).is_err() && model.posterior(x).is_err());
    }
    assert!(matches!(model.log_likelihood(&data), Err(Error::Shape { .. })));
    assert!(matches!(model.gradient(&data), Err(Error::Shape { .. })));
    assert!(matches!(model.aggregate(&data), Err(Error::Shape { .. })));
    assert!(matches!(model.rotated(Array2::eye(3).view()), Err(Error::Shape { .. })));
    for l in [0, 14] {
        assert!(matches!(FactorAnalysis::start(&data, l), Err(Error::Range { .. })));
        assert!(matches!(FactorAnalysis::ppca_at(&data, l, 0.5), Err(Error::Range { .. })));
    }
    for l in [0, 13] {
        assert!(matches!(FactorAnalysis::ppca(&data, l), Err(Error::Range { .. })));
    }
    for noise in [0.0, -1.0, f64::NAN] {
        let model = FactorAnalysis::ppca_at(&data, 2, noise);
        assert!(matches!(model, Err(Error::Range { .. })), "{model:?}");
    }
    assert!(matches!(ppca_log_likelihood(10.0, &[2.0, 1.0], 2), Err(Error::Range { .. })));
    for odd in [-1.0, f64::NAN] {
        let nats = ppca_log_likelihood(10.0, &[2.0, odd], 1);
        assert!(matches!(nats, Err(Error::Range { what: "an eigenvalue", .. })));
    }
    let still = Moments::of(array![[1.0, 5.0], [2.0, 5.0], [4.0, 5.0]].view()).unwrap();
    let start = FactorAnalysis::start(&still, 1);
    assert!(matches!(start, Err(Error::Constant { column: 1 })), "{start:?}");
    assert!(still.standardised().is_err(), "a constant column has no standard deviation");
    let flat = Moments::of(array![[1.0, 2.0], [2.0, 4.0], [4.0, 8.0]].view()).unwrap();
    for l in [0, 2, 3] {
        let all = FactorAnalysis::ppca(&flat, l);
        let names = matches!(all, Err(Error::Range { what: "the number of factors", .. }));
        assert!(names, "{l} of two: {all:?}");
    }
    let none = FactorAnalysis::ppca(&flat, 1);
    assert!(matches!(none, Err(Error::NoNoise { factors: 1 })), "{none:?}");
    assert!(matches!(Moments::of(random(0, 3, 1).view()), Err(Error::Empty { .. })));
}

/// log ∫ N(x | Wz + μ, Ψ) N(z | 0, I) dz by the trapezoid rule, which is exact to rounding for such a bell.
fn by_quadrature(model: &FactorAnalysis, x: &Array1<f64>, steps: i32) -> f64 {
    let l = model.w.ncols();
    let width = 20.0 / f64::from(steps);
    let count = (steps as usize + 1).pow(l as u32);
    let terms = (0..count).map(|k| {
        let (i, j) = (k % (steps as usize + 1), k / (steps as usize + 1));
        let z = Array1::from_shape_fn(l, |a| -10.0 + width * [i, j][a] as f64);
        log_joint(model, x, &z)
    });
    log_sum_exp(&terms.collect::<Vec<_>>()) + l as f64 * width.ln()
}

/// log p(x | z) + log p(z), column by column.
fn log_joint(model: &FactorAnalysis, x: &Array1<f64>, z: &Array1<f64>) -> f64 {
    let middle = model.w.dot(z) + &model.mean;
    let likelihood: f64 =
        (0..x.len()).map(|j| log_normal(x[j], middle[j], model.psi[j].sqrt())).sum();
    likelihood + z.iter().map(|v| log_normal(*v, 0.0, 1.0)).sum::<f64>()
}

#[test]
fn the_marginal_is_the_integral_over_z() {
    for (l, steps) in [(1, 1000), (2, 300)] {
        let model = some_model(3, l, 7);
        for x in random(4, 3, 8).rows() {
            let exact = model.log_density(x.insert_axis(Axis(0))).unwrap()[0];
            let integral = by_quadrature(&model, &x.to_owned(), steps);
            assert!((exact - integral).abs() < 1e-10, "L = {l}: {exact} {integral}");
        }
    }
}

#[test]
fn absorbing_the_prior_takes_the_root_and_not_its_inverse() {
    let (w, s0) =
        (array![[1.0, 0.5], [0.2, -1.0], [0.7, 0.3]], array![[2.0, 0.6], [0.6, 1.0]]);
    let (mu, psi) = (array![0.1, 0.2, 0.3], array![0.3, 0.2, 0.1]);
    let mu0 = array![0.5, -1.0];
    let model =
        FactorAnalysis::absorb(mu.view(), w.view(), psi.clone(), mu0.view(), s0.view())
            .unwrap();
    let want = &oracle()["absorb"];
    equal(&model.covariance(), &table(&want["covariance"]), 1e-14);
    for (got, want) in model.mean.iter().zip(numbers(&want["mean"])) {
        close(*got, want, 1e-14);
    }
    let found = eigen_symmetric(s0.view()).unwrap();
    let power =
        |p: f64| (&found.vectors * &found.values.mapv(|v| v.powf(p))).dot(&found.vectors.t());
    let shared = w.dot(&s0).dot(&w.t());
    let with = |p: f64| {
        let v = w.dot(&power(p));
        largest(&(v.dot(&v.t()) - &shared))
    };
    assert!(with(0.5) < 1e-14);
    close(with(-0.5), want["error_with_minus_half"].as_f64().unwrap(), 1e-12);
    assert!(with(-0.5) > 1.0);
    let mixed = array![[1.0, 2.0], [2.0, 1.0]]; // no covariance
    let bad =
        FactorAnalysis::absorb(mu.view(), w.view(), psi.clone(), mu0.view(), mixed.view());
    assert!(matches!(bad, Err(Error::NotPositiveDefinite { .. })), "{bad:?}");
    let short = FactorAnalysis::absorb(
        mu.view(),
        w.view(),
        psi.clone(),
        array![1.0].view(),
        s0.view(),
    );
    let narrow =
        FactorAnalysis::absorb(array![1.0].view(), w.view(), psi, mu0.view(), s0.view());
    assert!(matches!(narrow, Err(Error::Shape { what: "the mean", .. })), "{narrow:?}");
    assert!(matches!(short, Err(Error::Shape { .. })), "{short:?}");
}

#[test]
fn the_density_by_small_matrices_is_the_dense_one() {
    for (d, l, seed) in [(1, 1, 1), (3, 1, 2), (5, 5, 3), (13, 3, 4)] {
        let model = some_model(d, l, seed);
        let x = random(20, d, seed + 50) * 3.0;
        let dense =
            log_density(x.view(), model.mean.view(), model.covariance().view()).unwrap();
        for (a, b) in model.log_density(x.view()).unwrap().iter().zip(&dense) {
            close(*a, *b, 1e-12);
        }
        let inverse = model.precision().unwrap().dot(&model.covariance());
        equal(&inverse, &Array2::eye(d), 1e-11);
    }
}

#[test]
fn forty_thousand_columns_need_no_matrix_of_that_size() {
    // C itself would have 1.6 · 10⁹ entries. With w of squared length d/4 and ψ = 1, both sides are known.
    let d = 40_000;
    let w = Array2::from_elem((d, 1), 0.5);
    let model = FactorAnalysis::new(Array1::zeros(d), w, Array1::ones(d)).unwrap();
    let x = Array2::ones((1, d));
    let n = d as f64;
    let m = 1.0 + n / 4.0;
    let want = -0.5 * (n * LN_2PI + m.ln() + n - (n / 2.0).powi(2) / m);
    close(model.log_density(x.view()).unwrap()[0], want, 1e-12);
}

#[test]
fn a_density_may_exceed_one_and_its_logarithm_zero() {
    let x = wine_rows() * 1e-3;
    let data = Moments::of(x.view()).unwrap();
    let model = FactorAnalysis::ppca(&data, 2).unwrap();
    let total = model.log_likelihood(&data).unwrap();
    assert!(total > 0.0);
    // Other units move it by a constant and by nothing else.
    let here = FactorAnalysis::ppca(&wine_moments(), 2).unwrap();
    let here = here.log_likelihood(&wine_moments()).unwrap();
    close(total - here, 178.0 * 13.0 * 1e3f64.ln(), 1e-10);
}

// --- shared and own ---

#[test]
fn at_the_fit_communality_and_noise_make_up_each_variance() {
    let data = wine_moments();
    for l in 1..=2 {
        let model = after(&data, l, 3000);
        let total = model.communalities() + &model.psi;
        for (got, want) in total.iter().zip(data.covariance.diag()) {
            close(*got, *want, 1e-6);
        }
        equal(
            &Array2::from_diag(&model.covariance().diag()),
            &Array2::from_diag(&total),
            1e-14,
        );
    }
    let start = FactorAnalysis::start(&data, 2).unwrap();
    let off = start.communalities() + &start.psi - data.covariance.diag();
    assert!(off.iter().any(|v| v.abs() > 0.1), "and at the start they do not");
}

#[test]
fn the_fits_of_wine_are_those_of_scikit_learn() {
    let data = wine_moments();
    for (l, steps, within) in [(1, 500, 1e-5), (2, 800, 1e-5), (3, 5000, 2e-4)] {
        let (want, model) =
            (&oracle()["factor_analysis"][l.to_string()], after(&data, l, steps));
        close(
            FactorAnalysis::start(&data, l).unwrap().log_likelihood(&data).unwrap(),
            oracle()["start"][l.to_string()].as_f64().unwrap(),
            1e-12,
        );
        close(
            model.log_likelihood(&data).unwrap(),
            want["log_likelihood"].as_f64().unwrap(),
            1e-9,
        );
        let (psi, shared) = (numbers(&want["psi"]), numbers(&want["communalities"]));
        for j in 0..13 {
            assert!(
                (model.psi[j] - psi[j]).abs() < within,
                "ψ{j} {} {}",
                model.psi[j],
                psi[j]
            );
            assert!((model.communalities()[j] - shared[j]).abs() < within);
        }
        equal(&model.w.dot(&model.w.t()), &table(&want["shared_covariance"]), within);
        // Rotations aside, the posterior is the same too.
        let found = model.posterior(wine_rows().view()).unwrap();
        let row = model.w.dot(&found.mean.row(0));
        for (got, want) in row.iter().zip(numbers(&want["row_0_shared"])) {
            assert!((got - want).abs() < within, "{got} {want}");
        }
        let g = found.covariance;
        let factor = cholesky(g.view()).unwrap();
        let determinant = factor.diag().mapv(|v| v * v).product();
        close(g.diag().sum(), want["posterior_trace"].as_f64().unwrap(), 10.0 * within);
        close(determinant, want["posterior_determinant"].as_f64().unwrap(), 10.0 * within);
    }
}

#[test]
fn another_unit_turns_pca_and_leaves_factor_analysis() {
    let x = wine_rows();
    for column in [0, 6, 12] {
        let mut factors = Array1::ones(13);
        factors[column] = 100.0;
        let scaled = &x * &factors;
        let first = Pca::by_svd(scaled.view(), Origin::Mean).unwrap().keep(1).unwrap().w;
        assert!(first[[column, 0]] > 0.99, "PCA turns to the column of many units");
        let (here, there) = (wine_moments(), Moments::of(scaled.view()).unwrap());
        let (a, b) = (after(&here, 2, 3000), after(&there, 2, 3000));
        let back = &b.w / &factors.view().insert_axis(Axis(1));
        equal(&back.dot(&back.t()), &a.w.dot(&a.w.t()), 1e-6);
        for j in 0..13 {
            assert!((b.psi[j] / factors[j].powi(2) - a.psi[j]).abs() < 1e-6);
        }
        let gap = a.log_likelihood(&here).unwrap() - b.log_likelihood(&there).unwrap();
        close(gap, 178.0 * 100f64.ln(), 1e-9);
        let moved = here.rescaled(factors.view()).unwrap();
        equal(&moved.covariance, &there.covariance, 1e-9);
    }
}

#[test]
fn noise_in_one_column_draws_pca_and_not_factor_analysis() {
    // Three columns listen to one factor; the third is drowned in noise.
    let law = |noise: f64| {
        let psi = array![0.09, 0.09, noise * noise];
        FactorAnalysis::new(Array1::zeros(3), Array2::ones((3, 1)), psi).unwrap()
    };
    for noise in [0.3, 2.0, 6.0] {
        let (_, x) = law(noise).sample(2000, &mut rng(9));
        let data = Moments::of(x.view()).unwrap();
        let model = after(&data, 1, 5000);
        for j in 0..2 {
            assert!((model.w[[j, 0]].abs() - 1.0).abs() < 0.1, "loading {j}: {}", model.w);
        }
        close(model.psi[2], noise * noise, 0.1);
        let first = Pca::by_svd(x.view(), Origin::Mean).unwrap().keep(1).unwrap().w;
        assert_eq!(first[[2, 0]].abs() > 0.99, noise > 5.0);
    }
    // With two columns that share and one that does not, the shared covariance is all that is known.
    let pair = Moments::of(noisy_axis(2000, 0.5, &mut rng(4)).view()).unwrap().covariance;
    assert!(pair[[0, 1]] > 0.9 && pair[[0, 2]].abs() < 0.05);
}

#[test]
fn pca_follows_a_rotation_of_the_data_and_factor_analysis_does_not() {
    let q = rotation(13, 5);
    let here = wine_moments();
    let there = Moments::of(wine_rows().dot(&q.t()).view()).unwrap();
    let best = |m: &Moments| {
        let p = FactorAnalysis::ppca(m, 2).unwrap();
        (p.log_likelihood(m).unwrap(), p.w.dot(&p.w.t()))
    };
    let ((a, shared), (b, turned)) = (best(&here), best(&there));
    close(a, b, 1e-12);
    equal(&turned, &q.dot(&shared).dot(&q.t()), 1e-9);
    let plane = |x: Array2<f64>| {
        let w = Pca::by_svd(x.view(), Origin::Mean).unwrap().keep(2).unwrap().w;
        w.dot(&w.t())
    };
    let (here_plane, there_plane) = (plane(wine_rows()), plane(wine_rows().dot(&q.t())));
    equal(&there_plane, &q.dot(&here_plane).dot(&q.t()), 1e-9);
    let (a, b) = (after(&here, 2, 1500), after(&there, 2, 1500));
    let gap = a.log_likelihood(&here).unwrap() - b.log_likelihood(&there).unwrap();
    assert!(gap.abs() > 1.0, "diagonal noise belongs to the columns as they are: {gap}");
}

// --- probabilistic PCA ---

#[test]
fn the_closed_form_is_that_of_the_oracle() {
    for (name, data) in [("iris", iris_moments()), ("wine", wine_moments())] {
        let values = eigen_symmetric(data.covariance.view()).unwrap().values.to_vec();
        for (l, want) in oracle()["ppca"][name].as_object().unwrap() {
            let (l, total) = (l.parse().unwrap(), want["log_likelihood"].as_f64().unwrap());
            let model = FactorAnalysis::ppca(&data, l).unwrap();
            close(model.psi[0], want["noise"].as_f64().unwrap(), 1e-11);
            assert!(model.psi.iter().all(|v| *v == model.psi[0]));
            close(model.log_likelihood(&data).unwrap(), total, 1e-11);
            close(ppca_log_likelihood(data.rows, &values, l).unwrap(), total, 1e-11);
        }
    }
}

#[test]
fn the_closed_form_has_the_eigenvalues_of_the_data() {
    let (data, l) = (wine_moments(), 3);
    let (s, c) = (
        eigen_symmetric(data.covariance.view()).unwrap(),
        eigen_symmetric(FactorAnalysis::ppca(&data, l).unwrap().covariance().view()).unwrap(),
    );
    for j in 0..l {
        close(c.values[j], s.values[j], 1e-12);
        assert!(c.vectors.column(j).dot(&s.vectors.column(j)).abs() > 1.0 - 1e-10);
    }
    let mean = s.values.slice(s![l..]).mean().unwrap();
    for j in l..13 {
        close(c.values[j], mean, 1e-12);
    }
    let lengths = FactorAnalysis::ppca(&data, l).unwrap().w;
    let want = s.values.slice(s![..l]).mapv(|v| v - c.values[12]);
    equal(&lengths.t().dot(&lengths), &Array2::from_diag(&want), 1e-12);
}

#[test]
fn no_other_isotropic_model_is_likelier() {
    let data = wine_moments();
    let best = FactorAnalysis::ppca(&data, 2).unwrap();
    let top = best.log_likelihood(&data).unwrap();
    for seed in 0..300 {
        let size = [1e-3, 1e-2, 0.3][seed as usize % 3];
        let w = &best.w + &(random(13, 2, seed) * size);
        let noise = best.psi[0] * (1.0 + size * random(1, 1, seed + 9000)[[0, 0]]);
        let other =
            FactorAnalysis::new(best.mean.clone(), w, Array1::from_elem(13, noise)).unwrap();
        assert!(other.log_likelihood(&data).unwrap() < top);
    }
    for factor in [0.5, 0.9, 1.1, 2.0] {
        let other = FactorAnalysis::ppca_at(&data, 2, factor * best.psi[0]).unwrap();
        assert!(other.log_likelihood(&data).unwrap() < top, "σ² is not free");
    }
    let all =
        FactorAnalysis::new(best.mean.clone(), Array2::zeros((13, 1)), Array1::ones(13));
    assert!(all.unwrap().log_likelihood(&data).unwrap() < top);
}

#[test]
fn the_other_divisor_costs_a_quarter_of_d_over_n() {
    let data = wine_moments();
    let best = FactorAnalysis::ppca(&data, 2).unwrap();
    let larger = 178.0f64 / 177.0;
    let (w, psi) = (&best.w * larger.sqrt(), &best.psi * larger);
    let other = FactorAnalysis::new(best.mean.clone(), w, psi).unwrap();
    let lost = best.log_likelihood(&data).unwrap() - other.log_likelihood(&data).unwrap();
    close(lost, 178.0 * 13.0 / 2.0 * (larger.ln() - 1.0 / 178.0), 1e-8);
    close(lost, 13.0 / (4.0 * 178.0), 0.01);
}

#[test]
fn noise_louder_than_an_eigenvalue_switches_its_column_off() {
    let data = iris_moments(); // eigenvalues 4.2, 0.24, 0.08, 0.02
    let lengths = |noise: f64| {
        let w = FactorAnalysis::ppca_at(&data, 3, noise).unwrap().w;
        w.mapv(|v| v * v).sum_axis(Axis(0))
    };
    for (noise, on) in [(0.01, 3), (0.1, 2), (0.3, 1), (5.0, 0)] {
        assert_eq!(lengths(noise).iter().filter(|v| **v > 0.0).count(), on, "{noise}");
    }
}

#[test]
fn a_rotation_of_the_factors_changes_nothing_that_data_can_show() {
    let data = wine_moments();
    for model in [FactorAnalysis::ppca(&data, 3).unwrap(), after(&data, 3, 50)] {
        for seed in 0..5 {
            let r = rotation(3, seed);
            let turned = model.rotated(r.view()).unwrap();
            assert!(largest(&(&turned.w - &model.w)) > 0.1);
            equal(&turned.covariance(), &model.covariance(), 1e-13);
            close(
                turned.log_likelihood(&data).unwrap(),
                model.log_likelihood(&data).unwrap(),
                1e-13,
            );
            let x = wine_rows();
            let (a, b) =
                (model.posterior(x.view()).unwrap(), turned.posterior(x.view()).unwrap());
            equal(&b.mean, &a.mean.dot(&r), 1e-12);
        }
    }
}

/// The distance, over all rows, between WE[z|x] and the projection of x, for a noise variance that is given.
fn beyond_projection(noise: f64) -> f64 {
    let (data, x) = (wine_moments(), wine_rows());
    let model = FactorAnalysis::ppca_at(&data, 2, noise).unwrap();
    let means = model.posterior(x.view()).unwrap().mean;
    let principal = eigen_symmetric(data.covariance.view()).unwrap().vectors;
    let p = projector(principal.slice(s![.., ..2])).unwrap();
    let gap = means.dot(&model.w.t()) - x.dot(&p);
    gap.mapv(|v| v * v).sum().sqrt()
}

#[test]
fn as_the_noise_goes_the_posterior_mean_becomes_the_projection() {
    let places: Vec<f64> = (0..8).map(|k| 10f64.powi(-k) * 0.5).collect();
    for pair in places.windows(2) {
        let rise = beyond_projection(pair[0]).ln() - beyond_projection(pair[1]).ln();
        let slope = rise / (pair[0].ln() - pair[1].ln());
        assert!((slope - 1.0).abs() < 0.05, "{slope}");
    }
    assert!(beyond_projection(1e-9) < 1e-7);
    // The columns of W keep their lengths √λ: PCA's have length one.
    let w = FactorAnalysis::ppca_at(&wine_moments(), 2, 1e-9).unwrap().w;
    let lengths = w.mapv(|v| v * v).sum_axis(Axis(0));
    close(lengths[0], 4.705850252990424, 1e-8);
    close(lengths[1], 2.4969737334111684, 1e-8);
}

// --- the likelihood and its slopes ---

#[test]
fn the_likelihood_of_rows_is_that_of_their_moments() {
    let x = wine().x.slice(s![.., ..5]).to_owned();
    let data = Moments::of(x.view()).unwrap();
    for seed in 0..5 {
        let model = some_model(5, 2, seed); // its mean is not the data's
        let rows = model.log_density(x.view()).unwrap().sum();
        close(model.log_likelihood(&data).unwrap(), rows, 1e-11);
        let at_home = FactorAnalysis { mean: data.mean.clone(), ..model };
        let rows = at_home.log_density(x.view()).unwrap().sum();
        close(at_home.log_likelihood(&data).unwrap(), rows, 1e-11);
        close(data.log_likelihood(at_home.covariance().view()).unwrap(), rows, 1e-11);
    }
}

#[test]
fn the_trace_form_is_the_likelihood_and_is_greatest_at_the_covariance() {
    let (x, data) = (iris().x.view(), iris_moments());
    let c = some_model(4, 2, 6).covariance();
    let rows = log_density(x, data.mean.view(), c.view()).unwrap().sum();
    close(data.log_likelihood(c.view()).unwrap(), rows, 1e-12);
    let top = data.log_likelihood(data.covariance.view()).unwrap();
    for by in [0.9, 0.99, 1.01, 1.1] {
        assert!(data.log_likelihood((&data.covariance * by).view()).unwrap() < top, "{by}");
    }
    for seed in 0..50 {
        let off = random(4, 4, seed) * 0.02;
        let other = &data.covariance + &off.dot(&off.t());
        assert!(data.log_likelihood(other.view()).unwrap() < top);
        assert!(
            data.log_likelihood(some_model(4, 3, seed).covariance().view()).unwrap() < top
        );
    }
}

#[test]
fn the_gradient_is_the_slope_of_the_likelihood() {
    let data = iris_moments();
    for seed in 0..4 {
        let model = some_model(4, 2, seed);
        let (by_w, by_psi) = model.gradient(&data).unwrap();
        let at = |m: FactorAnalysis| m.log_likelihood(&data).unwrap();
        for ij in ndarray::indices(model.w.dim()) {
            let nudged = |h: f64| {
                let mut m = model.clone();
                m.w[ij] += h;
                at(m)
            };
            let slope = (nudged(1e-5) - nudged(-1e-5)) / 2e-5;
            assert!(
                (by_w[ij] - slope).abs() < 1e-6 * (1.0 + slope.abs()),
                "{} {slope}",
                by_w[ij]
            );
        }
        for j in 0..4 {
            let nudged = |h: f64| {
                let mut m = model.clone();
                m.psi[j] += h;
                at(m)
            };
            let slope = (nudged(1e-5) - nudged(-1e-5)) / 2e-5;
            assert!((by_psi[j] - slope).abs() < 1e-6 * (1.0 + slope.abs()), "{j}: {slope}");
        }
    }
}

#[test]
fn at_the_fit_the_gradient_is_zero() {
    let data = wine_moments();
    let model = after(&data, 2, 3000);
    let (by_w, by_psi) = model.gradient(&data).unwrap();
    assert!(largest(&by_w) < 1e-6 && by_psi.iter().all(|v| v.abs() < 1e-6));
    let sc = data.covariance.dot(&model.precision().unwrap());
    equal(&sc.dot(&model.w), &model.w, 1e-9); // SC⁻¹W = W
    let (by_w, _) = FactorAnalysis::start(&data, 2).unwrap().gradient(&data).unwrap();
    assert!(largest(&by_w) > 1.0);
    let ppca = FactorAnalysis::ppca(&data, 2).unwrap();
    let (by_w, by_psi) = ppca.gradient(&data).unwrap();
    assert!(largest(&by_w) < 1e-9 && by_psi.sum().abs() < 1e-9, "one σ² for all columns");
    assert!(by_psi.iter().any(|v| v.abs() > 1.0), "a ψ of its own would help each column");
}

#[test]
fn one_factor_takes_all_the_noise_of_petal_length() {
    let data = iris_moments();
    let stop = |steps| Stop { steps, gain: f64::NEG_INFINITY };
    let mut model = FactorAnalysis::start(&data, 1).unwrap();
    let (mut least, mut total) = (f64::INFINITY, f64::NEG_INFINITY);
    for _ in 0..20 {
        model = fit(model, &data, stop(100)).unwrap().model;
        let (psi, now) = (model.psi[2], model.log_likelihood(&data).unwrap());
        assert!(psi < least && now >= total - 1e-9, "{psi} {least}, {now} {total}");
        (least, total) = (psi, now);
    }
    assert!(least < 1e-3 * data.covariance[[2, 2]]);
    // At the edge the factor is petal length itself, and the others are straight lines in it.
    let s = &data.covariance;
    let rest = |j: usize| s[[j, j]] - s[[j, 2]] * s[[j, 2]] / s[[2, 2]];
    let logs = s[[2, 2]].ln() + rest(0).ln() + rest(1).ln() + rest(3).ln();
    let edge = -0.5 * 150.0 * (4.0 * (LN_2PI + 1.0) + logs);
    assert!(total < edge && edge - total < 0.05, "{total} creeps up to {edge}");
    assert_eq!(model.heywood(1e-3), [2]);
    assert!(model.heywood(1e-9).is_empty());
    // A share, and no variance: in other units the same columns are named.
    let (w, psi) = (&model.w * 100.0, &model.psi * 1e4);
    let far = FactorAnalysis::new(model.mean.clone(), w, psi).unwrap();
    assert_eq!(far.heywood(1e-3), [2]);
    assert!(after(&wine_moments(), 2, 500).heywood(1e-3).is_empty());
}

#[test]
fn with_three_columns_of_one_factor_the_loadings_have_a_formula() {
    // S₁₂ = w₁w₂ and so on: three equations for three loadings. Iris gives a ψ below zero.
    let s = iris_moments().covariance;
    let square = |i: usize, j: usize, k: usize| s[[i, j]] * s[[i, k]] / s[[j, k]];
    assert!(square(2, 0, 3) > s[[2, 2]], "more is shared than there is");
    let law = FactorAnalysis::new(
        Array1::zeros(3),
        array![[1.0], [0.5], [2.0]],
        array![1.0, 2.0, 3.0],
    );
    let c = law.unwrap().covariance();
    close(c[[0, 1]] * c[[0, 2]] / c[[1, 2]], 1.0, 1e-14);
}

// --- the posterior ---

#[test]
fn both_forms_of_the_posterior_agree() {
    let x = wine_rows();
    for model in [after(&wine_moments(), 2, 800), some_model(13, 4, 2)] {
        let (gain, g) = model.gain().unwrap();
        let l = model.w.ncols();
        let long = model.w.t().dot(&model.precision().unwrap()); // WᵀC⁻¹
        equal(&gain, &long, 1e-12);
        equal(&g, &(Array2::eye(l) - long.dot(&model.w)), 1e-12);
        let m = Array2::eye(l) + (&model.w.t() / &model.psi).dot(&model.w);
        equal(&g.dot(&m), &Array2::eye(l), 1e-12);
        let found = model.posterior(x.view()).unwrap();
        equal(&found.mean, &(&x - &model.mean).dot(&long.t()), 1e-11);
        equal(&found.covariance, &g, 0.0);
    }
}

#[test]
fn the_posterior_is_bayes_rule_on_a_grid() {
    let (model, x) = (some_model(3, 2, 4), random(1, 3, 12));
    let found = model.posterior(x.view()).unwrap();
    let side: Vec<f64> = (0..=400).map(|i| -10.0 + 0.05 * f64::from(i)).collect();
    let row = x.row(0).to_owned();
    let cells: Vec<Array1<f64>> =
        side.iter().flat_map(|a| side.iter().map(|b| array![*a, *b])).collect();
    let logs: Vec<f64> = cells.iter().map(|z| log_joint(&model, &row, z)).collect();
    let total = log_sum_exp(&logs);
    let mean = |f: &dyn Fn(&Array1<f64>) -> f64| -> f64 {
        cells.iter().zip(&logs).map(|(z, w)| f(z) * (w - total).exp()).sum()
    };
    for i in 0..2 {
        let m = mean(&|z| z[i]);
        assert!((found.mean[[0, i]] - m).abs() < 1e-10);
        for j in 0..2 {
            let centre = &found.mean;
            let c = mean(&|z| (z[i] - centre[[0, i]]) * (z[j] - centre[[0, j]]));
            assert!((found.covariance[[i, j]] - c).abs() < 1e-10);
        }
    }
}

#[test]
fn bayes_rule_holds_at_every_z() {
    let model = some_model(5, 3, 11);
    let x = random(6, 5, 12) * 2.0;
    let (evidence, found) =
        (model.log_density(x.view()).unwrap(), model.posterior(x.view()).unwrap());
    for (i, row) in x.rows().into_iter().enumerate() {
        for z in (random(5, 3, 13) * 3.0).rows() {
            let joint = log_joint(&model, &row.to_owned(), &z.to_owned());
            let after = log_density(
                z.insert_axis(Axis(0)),
                found.mean.row(i),
                found.covariance.view(),
            );
            close(joint - after.unwrap()[0], evidence[i], 1e-11);
        }
    }
}

#[test]
fn a_row_can_only_narrow_what_is_known_of_z() {
    for seed in 0..5 {
        let (_, g) = some_model(6, 3, seed).gain().unwrap();
        let values = eigen_symmetric(g.view()).unwrap().values;
        assert!(values.iter().all(|v| *v > 0.0 && *v < 1.0));
    }
    let deaf = FactorAnalysis::new(Array1::zeros(3), Array2::zeros((3, 2)), Array1::ones(3));
    equal(&deaf.unwrap().gain().unwrap().1, &Array2::eye(2), 0.0);
}

#[test]
fn at_a_stationary_point_the_average_posterior_has_the_covariance_of_the_prior() {
    let off = |m: &FactorAnalysis, data: &Moments| {
        largest(&(m.aggregate(data).unwrap() - Array2::<f64>::eye(m.w.ncols())))
    };
    for (data, l) in [(wine_moments(), 1), (wine_moments(), 3), (iris_moments(), 2)] {
        let best = FactorAnalysis::ppca(&data, l).unwrap();
        assert!(off(&best, &data) < 1e-12);
        let mut loud = best.clone();
        loud.w *= 2.0;
        assert!(off(&loud, &data) > 0.5);
        let mut quiet = best;
        quiet.psi *= 0.5;
        assert!(off(&quiet, &data) > 0.1 * quiet.psi[0]);
    }
    let data = wine_moments();
    let model = after(&data, 2, 3000);
    assert!(off(&model, &data) < 1e-8);
    // The mean over rows of G + mmᵀ is the same matrix.
    let found = model.posterior(wine_rows().view()).unwrap();
    let by_rows = found.mean.t().dot(&found.mean) / 178.0 + found.covariance;
    equal(&by_rows, &model.aggregate(&data).unwrap(), 1e-12);
    let mut loud = model;
    loud.w *= 2.0;
    assert!(off(&loud, &data) > 0.1);
}

// --- rotations for the eye, and moments ---

#[test]
fn varimax_is_a_rotation_and_no_other_angle_does_better() {
    let model = after(&wine_moments(), 2, 800);
    let turned = model.varimax().unwrap();
    equal(&turned.covariance(), &model.covariance(), 1e-13);
    let top = varimax_criterion(turned.w.view());
    for k in 0..360 {
        let (sin, cos) = f64::from(k).to_radians().sin_cos();
        let other = model.rotated(array![[cos, -sin], [sin, cos]].view()).unwrap();
        assert!(varimax_criterion(other.w.view()) <= top + 1e-12);
    }
    assert!(
        top > varimax_criterion(model.rotated(rotation(2, 3).view()).unwrap().w.view())
            + 1e-3
    );
    let three = after(&wine_moments(), 3, 50);
    let best = varimax_criterion(three.varimax().unwrap().w.view());
    for seed in 0..200 {
        let r = rotation(3, seed);
        assert!(varimax_criterion(three.rotated(r.view()).unwrap().w.view()) <= best + 1e-12);
    }
    let simple = array![[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]];
    let r = array![[0.6, -0.8], [0.8, 0.6]];
    let hidden =
        FactorAnalysis::new(Array1::zeros(4), simple.dot(&r), Array1::ones(4)).unwrap();
    let found = hidden.varimax().unwrap().w.mapv(|v| v * v);
    assert!(found.iter().all(|v| *v < 1e-12 || (*v - 1.0).abs() < 1e-12), "{found}");
    close(varimax_criterion(simple.view()), 0.5, 1e-15);
}

#[test]
fn varimax_ends_where_no_two_columns_can_be_turned_to_advantage() {
    for seed in 0..20 {
        let w = some_model(12, 5, seed).varimax().unwrap().w;
        let top = varimax_criterion(w.view());
        for (i, j) in (0..5).flat_map(|i| (0..i).map(move |j| (i, j))) {
            for k in -90..=90 {
                let (sin, cos) = (f64::from(k) * 0.5).to_radians().sin_cos();
                let mut other = w.clone();
                other.column_mut(i).assign(&(&w.column(i) * cos + &w.column(j) * sin));
                other.column_mut(j).assign(&(&w.column(j) * cos - &w.column(i) * sin));
                let got = varimax_criterion(other.view());
                assert!(got <= top * (1.0 + 1e-9), "{seed}: {got} above {top}");
            }
        }
    }
}

#[test]
fn standardised_moments_are_those_of_standardised_rows() {
    let m = Moments::of(wine().x.view()).unwrap().standardised().unwrap();
    equal(&m.covariance, &wine_moments().covariance, 1e-12);
    assert_eq!(m.rows, 178.0);
    let two = Moments::of(array![[1.0, 0.0], [3.0, 4.0]].view()).unwrap();
    assert_eq!((two.rows, two.mean.clone()), (2.0, array![2.0, 2.0]));
    equal(&two.covariance, &array![[1.0, 2.0], [2.0, 4.0]], 1e-15);
    let by_factors = two.rescaled(array![2.0, -1.0].view()).unwrap();
    equal(&by_factors.covariance, &array![[4.0, -4.0], [-4.0, 4.0]], 1e-15);
    assert_eq!(by_factors.mean, array![4.0, -2.0]);
    assert!(matches!(two.rescaled(array![1.0].view()), Err(Error::Shape { .. })));
    let wrong: ArrayView2<f64> = two.covariance.slice(s![..1, ..1]);
    assert!(matches!(two.log_likelihood(wrong), Err(Error::Shape { .. })));
}

#[test]
fn a_repeated_column_stops_the_fit_only_if_a_factor_takes_it() {
    let doubled = |j: usize| {
        let x = wine_rows();
        let twin = x.column(j).to_owned().insert_axis(Axis(1));
        let both = ndarray::concatenate(Axis(1), &[x.view(), twin.view()]).unwrap();
        Moments::of(both.view()).unwrap()
    };
    let climb = |data: &Moments, l: usize| {
        fit(FactorAnalysis::start(data, l).unwrap(), data, Stop { steps: 500, gain: 1e-9 })
    };
    // Flavanoids are what the one factor is about; with a twin it becomes the two of them.
    assert!(matches!(climb(&doubled(6), 2), Err(Error::Heywood { column: 6 | 13, .. })));
    // Ash hardly loads on it: its twin passes.
    let passed = climb(&doubled(2), 1).unwrap().model;
    assert!(passed.psi[2] > 0.5 && (passed.psi[2] - passed.psi[13]).abs() < 1e-9);
}
