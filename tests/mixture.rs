//! Chapter 5: the laws of mixtures.
use latent::data::{digits, iris, old_faithful};
use latent::em::{Em, Exact, Fit, Sample, Stop, best_of, fit};
use latent::gaussian::{Moments, log_density, log_normal, log_sum_exp};
use latent::mixture::{
    Bernoullis, Covariance, Gaussians, Hard, Kind, Soft, along, black_and_white, kmeans,
    responsibilities, scattered,
};
use latent::{Error, Result};
use ndarray::{Array1, Array2, ArrayView1, Axis, array, concatenate, s};
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::Value;

const KINDS: [Kind; 4] = [Kind::Full, Kind::Tied, Kind::Diagonal, Kind::Spherical];
const NEVER: f64 = f64::NEG_INFINITY;

fn rng(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

fn random(rows: usize, columns: usize, seed: u64) -> Array2<f64> {
    let mut r = rng(seed);
    Array2::from_shape_fn((rows, columns), |_| r.random_range(-1.0..1.0))
}

#[track_caller]
fn close(got: f64, want: f64, relative: f64) {
    assert!(
        (got - want).abs() <= relative * want.abs().max(1e-12),
        "{got} is not {want} to {relative:e}"
    );
}

#[track_caller]
fn near(got: &Array2<f64>, want: &Array2<f64>, within: f64) {
    assert_eq!(got.dim(), want.dim());
    let off = (got - want).fold(0.0f64, |m, v| m.max(v.abs()));
    assert!(off <= within, "{off:e} apart:\n{got}\n{want}");
}

fn oracle() -> Value {
    serde_json::from_str(include_str!("oracles/mixture.json")).unwrap()
}

fn numbers(v: &Value) -> Vec<f64> {
    v.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

fn table(v: &Value) -> Array2<f64> {
    let rows: Vec<Vec<f64>> = v.as_array().unwrap().iter().map(numbers).collect();
    Array2::from_shape_fn((rows.len(), rows[0].len()), |(i, j)| rows[i][j])
}

fn steps(steps: usize) -> Stop {
    Stop { steps, gain: NEVER }
}

fn geyser() -> (Gaussians, Array2<f64>) {
    let x = old_faithful().x.clone();
    (Gaussians::around(&x, array![[3.6, 79.0], [1.8, 54.0]], Kind::Full).unwrap(), x)
}

fn standardised() -> Array2<f64> {
    let x = &old_faithful().x;
    let all = Moments::of(x.view()).unwrap();
    (x - &all.mean) / all.covariance.diag().mapv(f64::sqrt)
}

/// Three flowers as means, rows 0, 50 and 100.
fn flowers(kind: Kind) -> (Gaussians, Array2<f64>) {
    let x = iris().x.clone();
    (Gaussians::around(&x, x.select(Axis(0), &[0, 50, 100]), kind).unwrap(), x)
}

/// A mixture in which no two components agree in anything that the kind allows.
fn lively(kind: Kind) -> (Gaussians, Array2<f64>) {
    let (mut model, x) = flowers(kind);
    for _ in 0..3 {
        model = model.m_step(&x, &model.e_step(&x).unwrap()).unwrap();
    }
    (model, x)
}

fn twos_to_fours() -> Array2<f64> {
    black_and_white(digits().x.view(), &digits().class, &[2, 3, 4], 7.5)
}

/// Templates halfway from grey to the first 2, 3 and 4.
fn templates(learn_weights: bool) -> (Bernoullis, Array2<f64>) {
    let x = twos_to_fours();
    let theta = x.slice(s![..3, ..]).mapv(|x| 0.25 + 0.5 * x);
    let start = Bernoullis::new(Array1::from_elem(3, 1.0 / 3.0), theta).unwrap();
    (Bernoullis { learn_weights, ..start }, x)
}

/// log p(x, k), one component and one row at a time.
fn naive_joint(model: &Gaussians, x: &Array2<f64>) -> Array2<f64> {
    let mut out = Array2::zeros((x.nrows(), model.weights.len()));
    for k in 0..model.weights.len() {
        let s = model.covariance.matrix(k, x.ncols());
        let each = log_density(x.view(), model.means.row(k), s.view()).unwrap();
        out.column_mut(k).assign(&(each + model.weights[k].ln()));
    }
    out
}

/// Shares by their definition, with numbers that do not underflow.
fn naive_shares(log_joint: &Array2<f64>) -> Array2<f64> {
    let joint = log_joint.mapv(f64::exp);
    &joint / &joint.sum_axis(Axis(1)).insert_axis(Axis(1))
}

/// E log p(x, k) under q: the bound without the entropy.
fn expected(model: &Gaussians, x: &Array2<f64>, q: &Soft) -> f64 {
    model.elbo(x, q).unwrap().nats() - q.shares.entropy
}

// --- the E step ---

#[test]
fn the_shares_are_bayes_rule_for_any_weights() {
    for kind in KINDS {
        let (model, x) = lively(kind);
        let joint = naive_joint(&model, &x);
        near(&model.log_joint(&x).unwrap(), &joint, 1e-9);
        let r = model.responsibilities(&x).unwrap();
        near(&r, &naive_shares(&joint), 1e-12);
        for row in r.rows() {
            close(row.sum(), 1.0, 1e-14);
        }
        let each = model.log_densities(&x).unwrap();
        for (row, e) in joint.rows().into_iter().zip(&each) {
            close(*e, log_sum_exp(&row.to_vec()), 1e-10);
        }
        close(model.log_likelihood(&x).unwrap(), each.sum(), 1e-12);
    }
}

#[test]
fn in_many_columns_the_shares_are_the_same() {
    let (x, means) = (random(200, 30, 1), random(2, 30, 2));
    for kind in KINDS {
        let model = Gaussians::around(&x, means.clone(), kind).unwrap();
        near(&model.log_joint(&x).unwrap(), &naive_joint(&model, &x), 1e-9);
        climbs(model, &x, 5);
    }
}

#[test]
fn equal_weights_cancel_and_so_does_any_factor_of_a_row() {
    let (mut model, x) = lively(Kind::Full);
    model.weights = Array1::from_elem(3, 1.0 / 3.0);
    let likelihood = naive_joint(&model, &x) + 3f64.ln();
    near(&model.responsibilities(&x).unwrap(), &naive_shares(&likelihood), 1e-12);
    let factors = 300.0 * random(150, 1, 1);
    near(&responsibilities(&likelihood + &factors).r, &responsibilities(likelihood).r, 1e-10);
}

#[test]
fn the_first_five_rows_are_shared_as_scipy_shares_them() {
    let covariances = vec![array![[0.1, 0.5], [0.5, 35.0]], array![[0.2, 1.0], [1.0, 36.0]]];
    let means = array![[2.0, 55.0], [4.3, 80.0]];
    let full = Covariance::Full(covariances);
    let model = Gaussians::new(array![0.3, 0.7], means, full).unwrap();
    let (want, x) = (&oracle()["rows"], old_faithful().x.clone());
    let five = x.slice(s![..5, ..]).to_owned();
    near(&model.log_joint(&five).unwrap(), &table(&want["log_joint"]), 1e-9);
    near(&model.responsibilities(&five).unwrap(), &table(&want["responsibilities"]), 1e-12);
    close(model.log_likelihood(&x).unwrap(), want["log_likelihood"].as_f64().unwrap(), 1e-12);
}

#[test]
fn a_row_a_thousand_deviations_away_still_has_an_owner() {
    for kind in KINDS {
        let (model, _) = lively(kind);
        for far in [1e3, -1e3, 1e5] {
            let x = array![[far, far, far, far], [5.0, 3.0, 1.5, 0.2]];
            let answer = responsibilities(model.log_joint(&x).unwrap());
            assert!(answer.r.iter().all(|r| (0.0..=1.0).contains(r)), "{}", answer.r);
            assert!(answer.evidence.iter().all(|e| e.is_finite()) && answer.entropy >= 0.0);
            close(answer.r.row(0).sum(), 1.0, 1e-14);
        }
    }
    let three = responsibilities(array![[-1e5, -1e5 - 1.0, f64::NEG_INFINITY]]);
    close(three.r[[0, 0]], 1.0 / (1.0 + (-1.0f64).exp()), 1e-12);
    assert_eq!(three.r[[0, 2]], 0.0);
    assert!(responsibilities(Array2::zeros((3, 0))).r.is_empty());
}

#[test]
fn the_normaliser_is_a_sum_of_k_terms_and_the_density_has_mass_one() {
    // E-39: z takes K values. On a grid over x, the sum over k has mass one.
    let (_, x) = geyser();
    let model = fit(geyser().0, &x, steps(50)).unwrap().model;
    let (mut rows, n) = (vec![], 400);
    for i in 0..n {
        for j in 0..n {
            rows.extend([0.02 * i as f64 - 1.0, 0.4 * j as f64 - 10.0]);
        }
    }
    let grid = Array2::from_shape_vec((n * n, 2), rows).unwrap();
    let mass = model.log_densities(&grid).unwrap().mapv(f64::exp).sum() * 0.02 * 0.4;
    close(mass, 1.0, 1e-6);
}

// --- both halves climb one bound ---

fn climbs<M: Exact>(mut model: M, x: &M::Data, n: usize) {
    let mut before = NEVER;
    for _ in 0..n {
        let q = model.e_step(x).unwrap();
        let tight = model.elbo(x, &q).unwrap().nats();
        close(tight, model.log_likelihood(x).unwrap(), 1e-10);
        assert!(tight >= before - 1e-9 * before.abs(), "E: {before} to {tight}");
        model = model.m_step(x, &q).unwrap();
        before = model.elbo(x, &q).unwrap().nats();
        assert!(before >= tight - 1e-9 * tight.abs(), "M: {tight} to {before}");
    }
}

#[test]
fn the_bound_is_tight_after_e_and_no_half_step_lowers_it() {
    for kind in KINDS {
        for learn_weights in [true, false] {
            let (model, x) = flowers(kind);
            climbs(Gaussians { learn_weights, ..model }, &x, 60);
        }
    }
    for learn in [true, false] {
        let (model, x) = templates(learn);
        climbs(model, &x, 40);
    }
}

#[test]
fn the_bound_is_the_fit_less_the_cost() {
    let (model, x) = lively(Kind::Full);
    let (q, r) = (model.e_step(&x).unwrap(), model.responsibilities(&x).unwrap());
    let likelihood = naive_joint(&model, &x) - model.weights.mapv(f64::ln);
    let bound = model.elbo(&x, &q).unwrap();
    close(bound.fit, (&r * &likelihood).sum(), 1e-10);
    let ratio = (&r / &model.weights).mapv(|v| v.max(1e-300).ln());
    close(bound.kl, (&r * &ratio).sum(), 1e-9); // (eq:mixture-kl)
}

#[test]
fn the_bound_of_an_old_q_lies_below_and_has_the_slope_of_the_evidence() {
    for kind in [Kind::Full, Kind::Diagonal] {
        let (model, x) = lively(kind);
        let q = model.e_step(&x).unwrap();
        let gap =
            |m: &Gaussians| m.log_likelihood(&x).unwrap() - m.elbo(&x, &q).unwrap().nats();
        let h = 1e-4;
        for (k, j) in [(1, 0), (1, 2), (2, 3)] {
            let moved = |by: f64| {
                let mut m = model.clone();
                m.means[[k, j]] += by;
                m
            };
            assert!(gap(&moved(0.3)) > 1e-3 && gap(&moved(-0.3)) > 1e-3);
            let slope =
                |f: &dyn Fn(&Gaussians) -> f64| (f(&moved(h)) - f(&moved(-h))) / (2.0 * h);
            let evidence = slope(&|m| m.log_likelihood(&x).unwrap());
            close(evidence, slope(&|m| expected(m, &x, &q)), 1e-4);
            assert!(evidence.abs() > 1e-2);
        }
    }
}

#[test]
fn with_a_hidden_list_the_bound_without_entropy_is_a_bound_too() {
    let (model, x) = lively(Kind::Full);
    let r = 0.5 * model.responsibilities(&x).unwrap() + 0.5 / 3.0;
    let q = model.given(&x, &r).unwrap();
    let bound = model.elbo(&x, &q).unwrap().nats();
    assert!(q.shares.entropy > 1.0);
    assert!(expected(&model, &x, &q) < bound && bound < model.log_likelihood(&x).unwrap());
}

#[test]
fn weights_and_components_do_not_meet_in_the_objective() {
    let ((a, x), b) = (lively(Kind::Full), flowers(Kind::Full).0);
    let q = a.e_step(&x).unwrap();
    let j = |w: &Gaussians, c: &Gaussians| {
        expected(&Gaussians { weights: w.weights.clone(), ..c.clone() }, &x, &q)
    };
    close(j(&a, &a) - j(&a, &b), j(&b, &a) - j(&b, &b), 1e-10);
    let evidence = |w: &Gaussians, c: &Gaussians| {
        let both = Gaussians { weights: w.weights.clone(), ..c.clone() };
        both.log_likelihood(&x).unwrap()
    };
    let mixed = evidence(&a, &a) - evidence(&a, &b) - evidence(&b, &a) + evidence(&b, &b);
    assert!(mixed.abs() > 0.1, "in the log-likelihood they do meet: {mixed}");
}

// --- the M step ---

/// Means and covariances row by row, each covariance about `about`, if that is given.
fn naive_m(
    x: &Array2<f64>,
    r: &Array2<f64>,
    about: Option<&Array2<f64>>,
) -> (Array2<f64>, Vec<Array2<f64>>) {
    let (d, k) = (x.ncols(), r.ncols());
    let (mut means, mut covariances) = (Array2::zeros((k, d)), vec![]);
    for c in 0..k {
        let n = r.column(c).sum();
        for (row, r) in x.rows().into_iter().zip(r.column(c)) {
            means.row_mut(c).scaled_add(r / n, &row);
        }
        let middle = about.map_or(means.row(c).to_owned(), |a| a.row(c).to_owned());
        let mut s = Array2::zeros((d, d));
        for (row, r) in x.rows().into_iter().zip(r.column(c)) {
            let away = (&row - &middle).insert_axis(Axis(1));
            s.scaled_add(r / n, &away.dot(&away.t()));
        }
        covariances.push(s);
    }
    (means, covariances)
}

#[test]
fn every_kind_has_the_means_and_covariances_of_the_sums_as_written() {
    for kind in KINDS {
        let (model, x) = lively(kind);
        let (q, r) = (model.e_step(&x).unwrap(), model.responsibilities(&x).unwrap());
        let next = model.m_step(&x, &q).unwrap();
        let (means, full) = naive_m(&x, &r, None);
        near(&next.means, &means, 1e-11);
        let counts = r.sum_axis(Axis(0));
        let tied = full.iter().zip(&counts).map(|(s, n)| s * (n / 150.0));
        let tied = tied.fold(Array2::zeros((4, 4)), |a, b| a + b);
        for (k, s) in full.iter().enumerate() {
            let want = match kind {
                Kind::Full => s.clone(),
                Kind::Tied => tied.clone(),
                Kind::Diagonal => Array2::from_diag(&s.diag()),
                Kind::Spherical => Array2::eye(4) * (s.diag().sum() / 4.0),
            };
            near(&next.covariance.matrix(k, 4), &want, 1e-10);
        }
        close(counts.sum(), 150.0, 1e-12);
        for (w, n) in next.weights.iter().zip(&counts) {
            close(*w, n / 150.0, 1e-12);
        }
    }
}

#[test]
fn a_covariance_about_the_old_mean_is_too_large_and_still_climbs() {
    let (model, x) = flowers(Kind::Full);
    let (q, r) = (model.e_step(&x).unwrap(), model.responsibilities(&x).unwrap());
    let next = model.m_step(&x, &q).unwrap();
    let (_, about_old) = naive_m(&x, &r, Some(&model.means));
    let mut lost = 0.0;
    for (k, about_old) in about_old.iter().enumerate() {
        let away = (&next.means.row(k) - &model.means.row(k)).insert_axis(Axis(1));
        let square = away.dot(&away.t()); // ΔΔᵀ
        let s = next.covariance.matrix(k, 4);
        near(about_old, &(&s + &square), 1e-10); // (eq:mixture-old-mean)
        let l = latent::linalg::cholesky(s.view()).unwrap();
        let u = latent::linalg::solve_lower(l.view(), away.view()).unwrap();
        lost += 0.5 * q.shares.counts[k] * u.mapv(|v| v * v).sum();
    }
    // The same covariances with the old means: J is lower by ½ Σ N_k ΔᵀΣ⁻¹Δ.
    let stale = Gaussians { means: model.means.clone(), ..next.clone() };
    close(expected(&next, &x, &q) - expected(&stale, &x, &q), lost, 1e-9); // (eq:mixture-stale)
    let wrong = Gaussians { covariance: Covariance::Full(about_old), ..next.clone() };
    let j = [&model, &wrong, &next].map(|m| expected(m, &x, &q));
    assert!(j[0] < j[1] && j[1] < j[2] - 1.0, "{j:?}");
}

#[test]
fn sure_responsibilities_give_maximum_likelihood_class_by_class() {
    let (x, class) = (iris().x.clone(), &iris().class);
    let r = Array2::from_shape_fn((150, 3), |(i, k)| f64::from(class[i] == k));
    let (model, _) = flowers(Kind::Full);
    let q = model.given(&x, &r).unwrap();
    assert_eq!(q.shares.entropy, 0.0);
    let next = model.m_step(&x, &q).unwrap();
    for k in 0..3 {
        let own = Moments::of(iris().only(k).view()).unwrap();
        near(&next.covariance.matrix(k, 4), &own.covariance, 1e-12);
        let off = &next.means.row(k) - &own.mean;
        assert!(off.iter().all(|v| v.abs() < 1e-12));
        close(next.weights[k], 1.0 / 3.0, 1e-12);
    }
}

#[test]
fn the_weights_are_the_best_and_their_multiplier_is_the_number_of_rows() {
    let (model, x) = geyser();
    let q = model.e_step(&x).unwrap();
    let next = model.m_step(&x, &q).unwrap();
    close(q.shares.counts.sum(), 272.0, 1e-12);
    for (n, w) in q.shares.counts.iter().zip(&next.weights) {
        close(n / w, 272.0, 1e-10); // (eq:mixture-multiplier)
    }
    let j = |w: Array1<f64>| expected(&Gaussians { weights: w, ..next.clone() }, &x, &q);
    let best = j(next.weights.clone());
    let mut r = rng(3);
    for _ in 0..50 {
        let by: f64 = r.random_range(-0.3..0.3);
        assert!(j(&next.weights + &array![by, -by]) < best);
    }
    // E-43: without the multiplier there is no place of zero slope, J rises with every weight.
    let h = 1e-6;
    for k in 0..2 {
        let mut more = next.weights.clone();
        more[k] += h;
        close((j(more) - best) / h, 272.0, 1e-3);
    }
}

#[test]
fn the_m_step_is_the_top_along_every_line() {
    for kind in KINDS {
        let (model, x) = lively(kind);
        let q = model.e_step(&x).unwrap();
        let next = model.m_step(&x, &q).unwrap();
        let top = expected(&next, &x, &q);
        for seed in 0..20 {
            let a = random(3, 4, seed);
            let means = &next.means + &(0.05 * &a);
            // wider and narrower, far and near: B Σ Bᵀ has an inverse whatever Σ is
            let by = [0.1, -0.1, 1e-3, -1e-3][seed as usize % 4];
            let b = Array2::<f64>::eye(4) + by * random(4, 4, seed / 4);
            let covariance = match next.covariance.clone() {
                Covariance::Full(s) => {
                    Covariance::Full(s.into_iter().map(|s| b.dot(&s).dot(&b.t())).collect())
                }
                Covariance::Tied(s) => Covariance::Tied(b.dot(&s).dot(&b.t())),
                Covariance::Diagonal(v) => {
                    Covariance::Diagonal(v * (0.2 * &a).mapv(f64::exp))
                }
                Covariance::Spherical(v) => {
                    Covariance::Spherical(v * (0.2 * &a.column(0)).mapv(f64::exp))
                }
            };
            let moved = Gaussians { means, ..next.clone() };
            assert!(expected(&moved, &x, &q) < top);
            assert!(expected(&Gaussians { covariance, ..next.clone() }, &x, &q) < top);
        }
    }
}

// --- known walks ---

fn walks<M: Em>(start: M, x: &M::Data, want: &Value, n: usize) -> Fit<M> {
    let found = fit(start, x, steps(n)).unwrap();
    for (t, want) in numbers(&want["first_20"]).into_iter().enumerate() {
        close(found.trace[t].nats(), want, 1e-11);
    }
    close(found.nats(), want["end"].as_f64().unwrap(), 1e-9);
    found
}

#[test]
fn old_faithful_walks_as_numpy_walks() {
    let ((start, x), want) = (geyser(), oracle());
    let found = walks(start.clone(), &x, &want["raw"], 600);
    close(found.nats(), -1130.2639601847416, 1e-10);
    near(&found.model.means, &table(&want["raw"]["means"]), 1e-6);
    walks(Gaussians { learn_weights: false, ..start }, &x, &want["fixed"], 600);
    let (x, means) = (standardised(), array![[-1.5, 1.0], [1.5, -1.0]]);
    let half = Covariance::Full(vec![Array2::eye(2) / 2.0; 2]);
    let start = Gaussians::new(array![0.5, 0.5], means, half).unwrap();
    let found = walks(start, &x, &want["standardised"], 600);
    close(found.trace[0].nats(), -1542.3613137976774, 1e-10);
    close(found.nats(), -385.4606956297796, 1e-9);
}

#[test]
fn iris_walks_as_numpy_walks_and_a_better_start_ends_higher() {
    let want = oracle();
    let names = ["full", "tied", "diagonal", "spherical"];
    for (kind, name) in KINDS.into_iter().zip(names) {
        let (start, x) = flowers(kind);
        walks(start, &x, &want["iris"][name], 1500);
        let best = want["iris"][name]["best"].as_f64().unwrap();
        let stop = Stop { steps: 3000, gain: 1e-10 };
        let start = |r: &mut StdRng| Gaussians::start(&x, 3, kind, r);
        let found = best_of(60, start, &x, stop, &mut rng(5)).unwrap();
        assert!(found.nats() > best - 1e-4, "{name}: {} of {best}", found.nats());
    }
    close(want["iris"]["full"]["end"].as_f64().unwrap(), -186.56945979826, 1e-10);
}

#[test]
fn templates_walk_as_numpy_walks() {
    let want = &oracle()["bernoulli"];
    for (name, learn) in [("uniform", false), ("learned", true)] {
        let (start, x) = templates(learn);
        assert_eq!(x.dim(), (541, 64));
        let found = walks(start, &x, &want[name], 1000);
        let weights = numbers(&want[name]["weights"]);
        assert!(found.model.weights.iter().zip(weights).all(|(a, b)| (a - b).abs() < 1e-6));
    }
}

#[test]
fn a_clip_costs_a_millionth_for_every_row_and_certain_pixel() {
    for (name, learn) in [("uniform", false), ("learned", true)] {
        let want = &oracle()["bernoulli"][name];
        let (start, x) = templates(learn);
        let found = fit(start, &x, steps(1000)).unwrap();
        let (e, mut clipped) = (1e-6, found.model.clone());
        clipped.theta.mapv_inplace(|t| t.clamp(e, 1.0 - e));
        let nats = clipped.log_likelihood(&x).unwrap();
        close(nats, want["clipped"].as_f64().unwrap(), 1e-10);
        let q = found.model.e_step(&x).unwrap();
        let counts = q.counts.clone().insert_axis(Axis(1));
        let certain = found.model.theta.mapv(|t| f64::from(t < e || t > 1.0 - e));
        close(found.nats() - nats, e * (counts * certain).sum(), 5e-3);
    }
}

// --- statistics ---

#[test]
fn one_pass_in_blocks_gives_what_the_whole_table_of_shares_gives() {
    for kind in KINDS {
        let (model, _) = lively(kind);
        let x = model.sample(9000, &mut rng(4)).unwrap().1; // many blocks, all parts, all cores
        let q = model.e_step(&x).unwrap();
        let whole = model.given(&x, &model.responsibilities(&x).unwrap()).unwrap();
        same_statistics(&q, &whole);
        let (a, b) = x.view().split_at(Axis(0), 4321);
        let (a, b) = (a.to_owned(), b.to_owned());
        let (a, b) = (model.e_step(&a).unwrap(), model.e_step(&b).unwrap());
        let both = a.shares + b.shares;
        near(&both.sums, &whole.shares.sums, 1e-8);
        for k in 0..3 {
            let squares = a.squares.matrix(k, 4) + b.squares.matrix(k, 4);
            near(&squares, &whole.squares.matrix(k, 4), 1e-7);
        }
        let again = model.e_step(&x).unwrap();
        assert_eq!(q.shares.sums, again.shares.sums, "the same sum, whatever the cores do");
        let order = model.log_densities(&x).unwrap();
        let joint = naive_joint(&model, &x);
        for i in [0, 255, 256, 4096, 8999] {
            close(order[i], log_sum_exp(&joint.row(i).to_vec()), 1e-9);
        }
    }
}

fn same_statistics(a: &Soft, b: &Soft) {
    let column = |v: &Array1<f64>| v.clone().insert_axis(Axis(1));
    near(&column(&a.shares.counts), &column(&b.shares.counts), 1e-8);
    near(&a.shares.sums, &b.shares.sums, 1e-8);
    close(a.shares.entropy, b.shares.entropy, 1e-9);
    for k in 0..a.shares.counts.len() {
        near(&a.squares.matrix(k, 4), &b.squares.matrix(k, 4), 1e-7);
    }
}

#[test]
fn the_bound_of_any_q_comes_from_its_statistics_alone() {
    for kind in KINDS {
        let (model, x) = lively(kind);
        let r = naive_shares(&(3.0 * random(150, 3, 8)));
        let q = flowers(kind).0.given(&x, &r).unwrap(); // about another origin
        let joint = naive_joint(&model, &x);
        let entropy = -(&r * &r.mapv(f64::ln)).sum();
        close(model.elbo(&x, &q).unwrap().nats(), (&r * &joint).sum() + entropy, 1e-10); // (eq:mixture-bound)
    }
}

#[test]
fn far_from_zero_the_covariances_keep_their_digits() {
    let (start, x) = geyser();
    let moved = &x + 1e6;
    let there = Gaussians { means: &start.means + 1e6, ..start.clone() };
    let (a, b) = (fit(start, &x, steps(30)).unwrap(), fit(there, &moved, steps(30)).unwrap());
    close(b.nats(), a.nats(), 1e-8);
    for k in 0..2 {
        near(&b.model.covariance.matrix(k, 2), &a.model.covariance.matrix(k, 2), 1e-5);
    }
}

// --- pixels ---

#[test]
fn all_sixteen_pictures_of_four_pixels_sum_to_one() {
    let all = Array2::from_shape_fn((16, 4), |(i, j)| f64::from((i >> j) as u32 & 1));
    for (theta, weights) in [
        (random(3, 4, 1).mapv(|v| 0.5 + 0.4 * v), array![0.2, 0.3, 0.5]),
        (array![[0.0, 1.0, 0.5, 0.3], [1.0, 1.0, 0.0, 0.0]], array![0.25, 0.75]),
    ] {
        let model = Bernoullis::new(weights, theta).unwrap();
        let joint = model.log_joint(&all).unwrap();
        close(joint.mapv(f64::exp).sum(), 1.0, 1e-12);
        for (i, row) in all.rows().into_iter().enumerate() {
            for k in 0..model.weights.len() {
                let each = row.iter().zip(model.theta.row(k));
                let p: f64 =
                    each.map(|(x, t)| if *x == 1.0 { *t } else { 1.0 - t }).product();
                assert!((joint[[i, k]].exp() - model.weights[k] * p).abs() < 1e-12);
            }
        }
    }
}

/// E log p(x, k) of templates, row by row.
fn expected_pixels(model: &Bernoullis, x: &Array2<f64>, r: &Array2<f64>) -> f64 {
    (r * &model.log_joint(x).unwrap()).sum()
}

#[test]
fn the_slope_of_a_template_is_that_of_its_row_and_zero_at_the_update() {
    let (start, x) = templates(false);
    let model = Bernoullis { smoothing: 0.5, ..start.clone() };
    let model = model.m_step(&x, &model.e_step(&x).unwrap()).unwrap(); // no pixel is certain
    let r = model.responsibilities(&x).unwrap();
    let h = 1e-5;
    let slope = |at: &Bernoullis, k: usize, d: usize| {
        let moved = |by: f64| {
            let mut m = at.clone();
            m.theta[[k, d]] += by;
            expected_pixels(&m, &x, &r)
        };
        (moved(h) - moved(-h)) / (2.0 * h)
    };
    let next = start.m_step(&x, &model.e_step(&x).unwrap()).unwrap();
    let mut tried = 0;
    for (k, d) in [(0, 10), (1, 20), (2, 27), (0, 36), (1, 43), (2, 60)] {
        let t = model.theta[[k, d]];
        let by_hand = |n: usize| {
            r[[n, k]] * (x[[n, d]] / t - (1.0 - x[[n, d]]) / (1.0 - t)) // (eq:bernoulli-slope)
        };
        let sum: f64 = (0..x.nrows()).map(by_hand).sum();
        assert!((slope(&model, k, d) - sum).abs() < 1e-3 * (1.0 + sum.abs()));
        let t = next.theta[[k, d]];
        if (0.05..0.95).contains(&t) {
            assert!(slope(&next, k, d).abs() < 1e-3, "{}", slope(&next, k, d));
            close(t, r.column(k).dot(&x.column(d)) / r.column(k).sum(), 1e-10);
            tried += 1;
        }
    }
    assert!(tried > 3 && next.theta.iter().all(|t| (0.0..=1.0).contains(t)));
}

#[test]
fn the_constant_is_n_log_one_over_k_and_the_entropy_is_left_out() {
    let (model, x) = templates(false);
    let (q, r) = (model.e_step(&x).unwrap(), model.responsibilities(&x).unwrap());
    // E-44: L_n is the sum of ONE row over components and pixels; the outer sum is over rows.
    let row = |n: usize| -> f64 {
        let pixel = |k: usize, d: usize| {
            let (x, t) = (x[[n, d]], model.theta[[k, d]]);
            x * t.ln() + (1.0 - x) * (1.0 - t).ln()
        };
        (0..3).map(|k| r[[n, k]] * (0..64).map(|d| pixel(k, d)).sum::<f64>()).sum() // (eq:bernoulli-row)
    };
    let constant = -541.0 * 3f64.ln();
    let expected = constant + (0..541).map(row).sum::<f64>();
    close(expected, expected_pixels(&model, &x, &r), 1e-11);
    close(model.elbo(&x, &q).unwrap().nats(), expected + q.entropy, 1e-11);
}

#[test]
fn a_pixel_that_never_varies_gives_no_nan_and_smoothing_keeps_all_possible() {
    let (start, x) = templates(true);
    let dark = x.columns().into_iter().filter(|c| c.sum() == 0.0).count();
    assert!(dark > 5);
    let hard = fit(start.clone(), &x, steps(60)).unwrap();
    assert!(hard.model.theta.iter().filter(|t| **t == 0.0).count() > dark);
    let mut odd = x.slice(s![..1, ..]).to_owned();
    let never = x.columns().into_iter().position(|c| c.sum() == 0.0).unwrap();
    odd[[0, never]] = 1.0;
    let nats = hard.model.log_likelihood(&odd).unwrap();
    assert!(nats.is_finite() && nats < -600.0, "{nats}");
    let soft = fit(Bernoullis { smoothing: 0.5, ..start }, &x, steps(60)).unwrap();
    assert!(soft.model.theta.iter().all(|t| *t > 1e-3 && *t < 1.0 - 1e-3));
    assert!(soft.model.log_likelihood(&odd).unwrap() > -60.0);
}

#[test]
fn smoothing_climbs_the_bound_with_its_pseudo_rows() {
    for a in [0.1, 0.5, 2.0] {
        let (start, x) = templates(false);
        let mut model = Bernoullis { smoothing: a, ..start };
        let mut before = NEVER;
        for _ in 0..40 {
            let q = model.e_step(&x).unwrap();
            let told = model.theta.mapv(|t| t.ln() + (1.0 - t).ln()).sum();
            let now = model.elbo(&x, &q).unwrap().nats() + a * told; // (eq:bernoulli-smooth)
            assert!(now >= before - 1e-9 * now.abs(), "{before} to {now}");
            before = now;
            model = model.m_step(&x, &q).unwrap();
        }
    }
    let (start, x) = templates(true);
    let q = start.e_step(&x).unwrap();
    let next = |a: f64| Bernoullis { smoothing: a, ..start.clone() }.m_step(&x, &q).unwrap();
    near(&next(1e-9).theta, &next(0.0).theta, 1e-9);
    near(&next(1e9).theta, &Array2::from_elem((3, 64), 0.5), 1e-6);
}

#[test]
fn an_empty_component_is_named() {
    let (model, x) = lively(Kind::Full);
    let r = Array2::from_shape_fn((150, 3), |(i, k)| f64::from(k == i % 2));
    let q = model.given(&x, &r).unwrap();
    assert!(matches!(model.m_step(&x, &q), Err(Error::NoRows { component: 2, .. })));
    let (model, x) = templates(true);
    let r = Array2::from_shape_fn((541, 3), |(i, k)| f64::from(k == 2 * (i % 2)));
    let q = model.given(&x, &r).unwrap();
    assert!(matches!(model.m_step(&x, &q), Err(Error::NoRows { component: 1, .. })));
    let grey = Bernoullis { smoothing: 0.5, ..model };
    assert!(matches!(grey.m_step(&x, &q), Err(Error::NoRows { component: 1, .. })));
}

// --- towards a continuous latent ---

/// Where a curve is at z, and the standard deviation there.
fn curve(z: f64) -> (Array1<f64>, f64) {
    (array![z, (1.5 * z).sin()], 0.15 * (0.2 * z).exp())
}

#[test]
fn more_components_along_a_curve_come_to_a_continuous_latent() {
    // The reference: the integral over z, by 6001 places, written out without the library's mixture.
    let (_, x) = along(100, 4.0, curve).unwrap().sample(200, &mut rng(9)).unwrap();
    let exact: f64 = x
        .rows()
        .into_iter()
        .map(|x| {
            let each: Vec<f64> = (0..=6000)
                .map(|i| {
                    let z = -6.0 + 0.002 * f64::from(i);
                    let (m, sd) = curve(z);
                    let at = log_normal(x[0], m[0], sd) + log_normal(x[1], m[1], sd);
                    at + log_normal(z, 0.0, 1.0) + 0.002f64.ln()
                })
                .collect();
            log_sum_exp(&each)
        })
        .sum();
    let off =
        |k: usize| (along(k, 5.0, curve).unwrap().log_likelihood(&x).unwrap() - exact).abs();
    assert!(off(3) > 100.0 * off(30) && off(30) > off(100), "{} {}", off(3), off(30));
    assert!(off(100) < 1e-2 && off(1000) < 1e-3, "{} {}", off(100), off(1000)); // (eq:mixture-curve)
    let one = along(1, 4.0, curve).unwrap();
    assert_eq!(one.means, array![[0.0, 0.0]]);
    close(along(7, 4.0, curve).unwrap().weights.sum(), 1.0, 1e-12);
}

#[test]
fn one_component_for_each_place_of_a_straight_line_is_factor_analysis() {
    // E-25: with means on a line and one noise, the continuous mixture is the model of chapter 2.
    let line = |z: f64| (array![0.8 * z, -0.5 * z], 0.3);
    let many = along(400, 6.0, line).unwrap();
    let w = array![[0.8], [-0.5]];
    let s = w.dot(&w.t()) + 0.09 * Array2::<f64>::eye(2);
    let x = 2.0 * random(50, 2, 4);
    let want = log_density(x.view(), array![0.0, 0.0].view(), s.view()).unwrap();
    for (a, b) in many.log_densities(&x).unwrap().iter().zip(&want) {
        close(*a, *b, 1e-6);
    }
}

// --- what goes wrong ---

#[test]
fn the_spike_rises_without_end_and_a_floor_stops_it() {
    let x = array![[0.0], [1.0], [2.0], [3.0], [4.0]];
    let spike = |sd: f64| {
        let covariance = Covariance::Spherical(array![sd * sd, 2.0]);
        let model = Gaussians::new(array![0.5, 0.5], array![[0.0], [2.0]], covariance);
        model.unwrap().log_likelihood(&x).unwrap()
    };
    let want = [
        -9.776524801558079,
        -8.61845741508464,
        -6.338954821005817,
        -4.038707554741286,
        2.8687878881513056,
    ];
    for (sd, want) in [1.0, 0.1, 0.01, 1e-3, 1e-6].into_iter().zip(want) {
        // Terms of size 1/s² cancel in a log joint that is linear in squares.
        close(spike(sd), want, 1e-11 + 1e-17 / (sd * sd));
    }
    for sd in [1e-3, 1e-4] {
        close(spike(sd / 10.0) - spike(sd), 10f64.ln(), 1e-3); // (eq:mixture-spike)
    }
    let on_it = Covariance::Spherical(array![1e-4, 2.0]);
    let start = Gaussians::new(array![0.5, 0.5], array![[0.0], [2.0]], on_it).unwrap();
    let end = fit(start.clone(), &x, steps(100));
    assert!(matches!(end, Err(Error::Collapsed { component: 0, row: 0, .. })), "{end:?}");
    for floor in [0.01, 0.2] {
        let found = fit(Gaussians { floor, ..start.clone() }, &x, steps(300)).unwrap();
        assert!(found.nats() < 0.0);
        assert!((0..2).all(|k| found.model.covariance.matrix(k, 1)[[0, 0]] >= floor));
    }
}

#[test]
fn a_collapse_names_the_component_and_the_row() {
    let x = random(40, 3, 6);
    for kind in [Kind::Full, Kind::Diagonal, Kind::Spherical] {
        let means = x.select(Axis(0), &[7, 20]);
        let mut start = Gaussians::around(&x, means, kind).unwrap();
        match &mut start.covariance {
            Covariance::Full(s) => s[1] *= 1e-8,
            Covariance::Diagonal(v) => v.row_mut(1).mapv_inplace(|v| 1e-8 * v),
            Covariance::Spherical(v) => v[1] *= 1e-8,
            Covariance::Tied(_) => unreachable!(),
        }
        let end = fit(start, &x, steps(5));
        assert!(
            matches!(end, Err(Error::Collapsed { component: 1, row: 20, .. })),
            "{end:?}"
        );
        let words = end.err().unwrap().to_string();
        assert!(words.contains("component 1") && words.contains("row 20"), "{words}");
    }
}

#[test]
fn the_floor_is_the_best_that_has_no_smaller_variance_and_the_bound_still_climbs() {
    for kind in KINDS {
        for floor in [0.02, 0.1, 0.5] {
            let (start, x) = flowers(kind);
            let start = Gaussians { floor, ..start };
            // An E step may begin below the floor; from the first M step on, all models are above it.
            let mut model = start.m_step(&x, &start.e_step(&x).unwrap()).unwrap();
            let mut before = NEVER;
            for _ in 0..60 {
                let q = model.e_step(&x).unwrap();
                let now = model.elbo(&x, &q).unwrap().nats();
                assert!(
                    now >= before - 1e-9 * now.abs(),
                    "{kind:?}, {floor}: {before} to {now}"
                );
                before = now;
                model = model.m_step(&x, &q).unwrap();
            }
            for k in 0..3 {
                let s = model.covariance.matrix(k, 4);
                let least = latent::linalg::eigen_symmetric(s.view()).unwrap().values;
                assert!(least.iter().all(|v| *v >= floor * (1.0 - 1e-9)), "{least}");
            }
        }
    }
}

#[test]
fn no_other_covariance_above_the_floor_is_better() {
    let (start, x) = flowers(Kind::Full);
    let floor = 0.15;
    let q = start.e_step(&x).unwrap();
    let next = Gaussians { floor, ..start }.m_step(&x, &q).unwrap();
    let top = expected(&next, &x, &q);
    for seed in 0..200 {
        let share = [0.5, 0.1, 0.01][seed as usize % 3];
        let Covariance::Full(best) = &next.covariance else { unreachable!() };
        let other = best
            .iter()
            .map(|s| {
                let a = random(4, 4, seed);
                (1.0 - share) * s + share * (Array2::eye(4) * floor + a.dot(&a.t()))
            })
            .collect();
        let other = Gaussians { covariance: Covariance::Full(other), ..next.clone() };
        assert!(expected(&other, &x, &q) < top + 1e-9);
    }
}

#[test]
fn names_of_components_do_not_matter() {
    let order = [2, 0, 1];
    for kind in KINDS {
        let (model, x) = lively(kind);
        let covariance = match &model.covariance {
            Covariance::Full(s) => Covariance::Full(order.map(|k| s[k].clone()).to_vec()),
            Covariance::Tied(s) => Covariance::Tied(s.clone()),
            Covariance::Diagonal(v) => Covariance::Diagonal(v.select(Axis(0), &order)),
            Covariance::Spherical(v) => Covariance::Spherical(v.select(Axis(0), &order)),
        };
        let weights = model.weights.select(Axis(0), &order);
        let other = Gaussians::new(weights, model.means.select(Axis(0), &order), covariance);
        let (a, b) =
            (fit(model, &x, steps(20)).unwrap(), fit(other.unwrap(), &x, steps(20)).unwrap());
        close(a.nats(), b.nats(), 1e-10);
        near(&a.model.means.select(Axis(0), &order), &b.model.means, 1e-8);
    }
}

#[test]
fn as_the_variance_goes_the_shares_become_sure_and_em_becomes_kmeans() {
    let (x, mut means) = (iris().x.clone(), iris().x.select(Axis(0), &[0, 50, 100]));
    let model = |means: &Array2<f64>, v: f64| {
        let covariance = Covariance::Spherical(Array1::from_elem(3, v));
        let third = Array1::from_elem(3, 1.0 / 3.0);
        let model = Gaussians::new(third, means.clone(), covariance).unwrap();
        Gaussians { learn_weights: false, ..model }
    };
    let doubt = |v: f64| model(&means, v).e_step(&x).unwrap().shares.entropy;
    assert!(doubt(1.0) > doubt(0.1) && doubt(0.1) > doubt(0.01) && doubt(0.01) > doubt(1e-3));
    let (want, owner) = kmeans(x.view(), means.clone()).unwrap();
    for _ in 0..30 {
        let tiny = model(&means, 1e-6);
        means = tiny.m_step(&x, &tiny.e_step(&x).unwrap()).unwrap().means; // (eq:mixture-kmeans)
    }
    near(&means, &want, 1e-9);
    let sure = model(&means, 1e-6).e_step(&x).unwrap();
    assert!(sure.shares.entropy < 1e-9);
    let r = model(&means, 1e-6).responsibilities(&x).unwrap();
    assert!((0..150).all(|i| r[[i, owner[i]]] > 0.999));
    let theirs = &oracle()["kmeans"];
    near(&want, &table(&theirs["means"]), 1e-9);
    let sizes = numbers(&theirs["sizes"]);
    assert!((0..3).all(|k| owner.iter().filter(|o| **o == k).count() as f64 == sizes[k]));
}

#[test]
fn hard_em_climbs_its_bound_and_leaves_a_gap() {
    let (start, x) = flowers(Kind::Full);
    let (mut model, mut before) = (Hard(start), NEVER);
    for _ in 0..20 {
        let q = model.e_step(&x).unwrap();
        assert_eq!(q.shares.entropy, 0.0);
        let now = model.elbo(&x, &q).unwrap().nats();
        assert!(now >= before - 1e-9 * now.abs());
        let r = model.0.responsibilities(&x).unwrap();
        let doubt = |r: ArrayView1<f64>| -r.fold(0.0f64, |m, v| m.max(*v)).ln();
        let gap: f64 = r.rows().into_iter().map(doubt).sum();
        assert!(gap > 0.1);
        close(model.0.log_likelihood(&x).unwrap() - now, gap, 1e-9);
        before = now;
        model = model.m_step(&x, &q).unwrap();
    }
    let soft = fit(model.0.clone(), &x, steps(5)).unwrap();
    assert!(soft.nats() > model.0.log_likelihood(&x).unwrap());
}

#[test]
fn hard_em_pushes_the_means_apart() {
    let round = Covariance::Spherical(array![1.0, 1.0]);
    let truth = Gaussians::new(array![0.5, 0.5], array![[-1.0], [1.0]], round).unwrap();
    let x = truth.sample(4000, &mut rng(3)).unwrap().1;
    let soft = fit(truth.clone(), &x, steps(300)).unwrap().model;
    let hard = fit(Hard(truth), &x, steps(300)).unwrap().model.0;
    let apart = |m: &Gaussians| m.means[[1, 0]] - m.means[[0, 0]];
    assert!((apart(&soft) - 2.0).abs() < 0.2, "{}", apart(&soft));
    assert!(apart(&hard) > apart(&soft) + 0.2);
    for k in 0..2 {
        let spread = |m: &Gaussians| m.covariance.matrix(k, 1)[[0, 0]];
        assert!(spread(&hard) < 0.8 * spread(&soft));
    }
}

#[test]
fn every_run_has_rows_of_its_own_and_they_lie_far_apart() {
    let x = iris().x.clone();
    let (mut r, mut starts) = (rng(0), vec![]);
    let start = |r: &mut StdRng| {
        let model = Gaussians::start(&x, 3, Kind::Full, r)?;
        starts.push(model.means.clone());
        Ok(model)
    };
    let stop = Stop { steps: 500, gain: 1e-6 };
    let best = best_of(10, start, &x, stop, &mut r).unwrap();
    assert_eq!(starts.len(), 10);
    assert!((1..10).all(|i| starts[i] != starts[0]));
    let ends: Vec<Result<Fit<Gaussians>>> = starts
        .iter()
        .map(|m| fit(Gaussians::around(&x, m.clone(), Kind::Full)?, &x, stop))
        .collect();
    let nats: Vec<f64> = ends.iter().flatten().map(Fit::nats).collect();
    let most = nats.iter().copied().fold(NEVER, f64::max);
    assert_eq!(best.nats(), most);
    assert!(nats.iter().any(|v| *v < most - 1.0), "no second hill: {nats:?}");
    // Far apart: three clumps, and each of the three rows is from a clump of its own.
    let clumps = concatenate![
        Axis(0),
        random(30, 2, 1),
        100.0 + random(30, 2, 2),
        random(30, 2, 3) - 100.0
    ];
    for seed in 0..30 {
        let m = scattered(clumps.view(), 3, &mut rng(seed)).unwrap();
        let mut sides: Vec<i32> =
            m.column(0).iter().map(|v| (v / 50.0).round() as i32).collect();
        sides.sort_unstable();
        assert_eq!(sides, [-2, 0, 2]);
    }
}

#[test]
fn the_highest_end_may_be_a_few_rows_that_happen_to_be_flat() {
    let (x, mut r) = (iris().x.clone(), rng(5));
    let stop = Stop { steps: 600, gain: 1e-7 };
    let starts: Vec<Gaussians> =
        (0..40).map(|_| Gaussians::start(&x, 3, Kind::Full, &mut r).unwrap()).collect();
    let best = |floor: f64| {
        let runs = starts.iter().map(|m| fit(Gaussians { floor, ..m.clone() }, &x, stop));
        let better =
            |a: Fit<Gaussians>, b: Fit<Gaussians>| if b.nats() > a.nats() { b } else { a };
        runs.flatten().reduce(better).unwrap()
    };
    let (free, held) = (best(0.0), best(1e-3));
    close(held.nats(), -180.185477, 1e-7);
    assert!(free.nats() > held.nats() + 0.1);
    let counts = free.model.e_step(&x).unwrap().shares.counts;
    let small = (0..3).min_by(|&a, &b| counts[a].total_cmp(&counts[b])).unwrap();
    let s = free.model.covariance.matrix(small, 4);
    let least = latent::linalg::eigen_symmetric(s.view()).unwrap().values[3];
    assert!(counts[small] < 7.0 && least < 1e-6, "{counts}, {least:e}");
    let end = fit(free.model, &x, Stop { steps: 2000, gain: 1e-11 }).unwrap(); // a rest, no spike
    close(end.nats(), -179.7077085, 1e-8);
}

#[test]
fn the_next_row_is_drawn_by_its_squared_distance() {
    let (x, mut r) = (array![[0.0], [1.0], [3.0]], rng(2));
    let (mut threes, mut tries) = (0.0, 0.0);
    while tries < 4000.0 {
        let two = scattered(x.view(), 2, &mut r).unwrap();
        if two[[0, 0]] == 0.0 {
            tries += 1.0;
            threes += f64::from(two[[1, 0]] == 3.0);
        }
    }
    assert!((threes / tries - 0.9f64).abs() < 0.02, "{}", threes / tries); // 9 of 1 + 9
}

#[test]
fn samples_have_the_weights_means_and_covariances_of_the_model() {
    for kind in KINDS {
        let model = lively(kind).0;
        let (z, x) = model.sample(40_000, &mut rng(1)).unwrap();
        for k in 0..3 {
            let own: Vec<usize> = (0..40_000).filter(|&i| z[[i, 0]] == k as f64).collect();
            assert!((own.len() as f64 / 40_000.0 - model.weights[k]).abs() < 0.01);
            let m = Moments::of(x.select(Axis(0), &own).view()).unwrap();
            let off = &m.mean - &model.means.row(k);
            assert!(off.iter().all(|v| v.abs() < 0.03), "{off}");
            near(&m.covariance, &model.covariance.matrix(k, 4), 0.04);
        }
    }
    let model = templates(false).0;
    let (z, x) = model.sample(20_000, &mut rng(1)).unwrap();
    let own: Vec<usize> = (0..20_000).filter(|&i| z[[i, 0]] == 1.0).collect();
    let share = x.select(Axis(0), &own).mean_axis(Axis(0)).unwrap() - model.theta.row(1);
    assert!(share.iter().all(|v| v.abs() < 0.03));
}

// --- hostile input ---

#[test]
fn a_gaussian_mixture_says_what_is_wrong_with_its_input() {
    let (model, x) = lively(Kind::Full);
    let mut hole = x.clone();
    hole[[3, 2]] = f64::NAN;
    let nan = |e: Error| matches!(e, Error::NotFinite { row: 3, column: 2, .. });
    assert!(nan(model.e_step(&hole).unwrap_err()));
    assert!(nan(model.log_likelihood(&hole).unwrap_err()));
    assert!(nan(model.responsibilities(&hole).unwrap_err()));
    assert!(nan(Gaussians::start(&hole, 3, Kind::Full, &mut rng(1)).unwrap_err()));
    let none = Array2::zeros((0, 4));
    assert!(matches!(model.log_likelihood(&none), Err(Error::Empty { .. })));
    assert!(matches!(
        Gaussians::start(&none, 1, Kind::Full, &mut rng(1)),
        Err(Error::Empty { .. })
    ));
    assert!(fit(model.clone(), &none, steps(3)).is_err());
    let narrow = x.slice(s![.., ..3]).to_owned();
    assert!(matches!(
        model.e_step(&narrow),
        Err(Error::Shape { got: (3, 3), expected: (3, 4), .. })
    ));
    let few = x.slice(s![..2, ..]).to_owned();
    assert!(matches!(
        Gaussians::start(&few, 3, Kind::Full, &mut rng(1)),
        Err(Error::Range { high: 2.0, .. })
    ));
    let mut flat = x.clone();
    flat.column_mut(1).fill(3.0);
    for kind in KINDS {
        let means = flat.select(Axis(0), &[0, 50, 100]);
        let found =
            Gaussians::around(&flat, means, kind).and_then(|m| fit(m, &flat, steps(5)));
        match kind {
            Kind::Full | Kind::Tied => {
                assert!(matches!(found, Err(Error::NotPositiveDefinite { index: 1, .. })))
            }
            Kind::Diagonal => assert!(matches!(found, Err(Error::Range { got: 0.0, .. }))),
            Kind::Spherical => assert!(found.is_ok()),
        }
    }
    let same = Array2::from_elem((20, 2), 1.5);
    assert!(matches!(
        scattered(same.view(), 2, &mut rng(1)),
        Err(Error::Range { got: 0.0, .. })
    ));
    assert!(Gaussians::around(&same, array![[1.5, 1.5]], Kind::Full).is_err());
}

#[test]
fn parts_that_do_not_fit_make_no_mixture() {
    let means = array![[0.0, 0.0], [1.0, 1.0]];
    let one = || Covariance::Spherical(array![1.0, 1.0]);
    let new = |w: Array1<f64>, c: Covariance| Gaussians::new(w, means.clone(), c);
    assert!(matches!(new(array![0.5, 0.6], one()), Err(Error::Range { .. })));
    assert!(matches!(new(array![-0.5, 1.5], one()), Err(Error::Range { got: -0.5, .. })));
    assert!(matches!(new(array![0.5, f64::NAN], one()), Err(Error::Range { .. })));
    assert!(matches!(new(array![1.0], one()), Err(Error::Shape { .. })));
    let half = || array![0.5, 0.5];
    assert!(matches!(
        new(half(), Covariance::Spherical(array![1.0])),
        Err(Error::Shape { .. })
    ));
    assert!(matches!(
        new(half(), Covariance::Spherical(array![1.0, -1.0])),
        Err(Error::Range { got: -1.0, .. })
    ));
    let flat = Covariance::Tied(array![[1.0, 1.0], [1.0, 1.0]]);
    assert!(matches!(new(half(), flat), Err(Error::NotPositiveDefinite { .. })));
    let wide = Covariance::Full(vec![Array2::eye(3), Array2::eye(3)]);
    assert!(matches!(new(half(), wide), Err(Error::Shape { .. })));
    let nan = Covariance::Diagonal(array![[1.0, f64::NAN], [1.0, 1.0]]);
    assert!(matches!(new(half(), nan), Err(Error::NotFinite { row: 0, column: 1, .. })));
    let (model, x) = lively(Kind::Full);
    let bad = |r: Array2<f64>| model.given(&x, &r).unwrap_err();
    assert!(matches!(bad(Array2::from_elem((150, 3), 0.5)), Error::Range { got: 1.5, .. }));
    assert!(matches!(bad(Array2::from_elem((150, 2), 0.5)), Error::Shape { .. }));
    assert!(matches!(bad(Array2::from_elem((150, 3), f64::NAN)), Error::NotFinite { .. }));
    assert!(along(0, 3.0, curve).is_err() && along(3, f64::NAN, curve).is_err());
}

#[test]
fn templates_say_what_is_wrong_with_their_pixels() {
    let (model, x) = templates(true);
    let grey = &x * 0.5;
    assert!(matches!(model.e_step(&grey), Err(Error::Range { .. })));
    assert!(matches!(Bernoullis::start(&grey, 3, &mut rng(1)), Err(Error::Range { .. })));
    let mut hole = x.clone();
    hole[[5, 7]] = f64::NAN;
    assert!(matches!(model.e_step(&hole), Err(Error::NotFinite { row: 5, column: 7, .. })));
    let narrow = x.slice(s![.., ..63]).to_owned();
    assert!(matches!(model.log_likelihood(&narrow), Err(Error::Shape { .. })));
    assert!(matches!(model.e_step(&Array2::zeros((0, 64))), Err(Error::Empty { .. })));
    assert!(matches!(Bernoullis::start(&x, 542, &mut rng(1)), Err(Error::Range { .. })));
    let t = |v: f64| Array2::from_elem((1, 2), v);
    assert!(matches!(
        Bernoullis::new(array![1.0], t(1.2)),
        Err(Error::Range { got: 1.2, .. })
    ));
    assert!(matches!(
        Bernoullis::new(array![0.9], t(0.2)),
        Err(Error::Range { got: 0.9, .. })
    ));
    assert!(matches!(Bernoullis::new(array![0.5, 0.5], t(0.2)), Err(Error::Shape { .. })));
    let mut r = rng(7);
    let (a, b) = (
        Bernoullis::start(&x, 3, &mut r).unwrap(),
        Bernoullis::start(&x, 3, &mut r).unwrap(),
    );
    assert!(a.theta != b.theta && a.theta.iter().all(|t| *t == 0.25 || *t == 0.75));
}

#[test]
fn neither_the_order_in_memory_nor_many_columns_change_the_statistics() {
    for columns in [3, 30] {
        let x = random(400, columns, 5);
        let by_columns = x.t().as_standard_layout().into_owned().reversed_axes();
        assert!(by_columns == x && by_columns.as_slice().is_none());
        for kind in KINDS {
            let means = x.slice(s![..2, ..]).to_owned();
            let model = Gaussians::around(&x, means, kind).unwrap();
            let q = model.e_step(&x).unwrap();
            same_statistics(&model.e_step(&by_columns).unwrap(), &q);
            let joint = naive_joint(&model, &x);
            for k in 0..2 {
                let (mut sum, mut square) = (0.0, Array2::<f64>::zeros((columns, columns)));
                for (x, joint) in x.rows().into_iter().zip(joint.rows()) {
                    let r = (joint[k] - log_sum_exp(&joint.to_vec())).exp();
                    let away = (&x - &q.origin).insert_axis(Axis(1));
                    sum += r;
                    square.scaled_add(r, &away.dot(&away.t()));
                }
                close(q.shares.counts[k], sum, 1e-10);
                match &q.squares {
                    Covariance::Full(found) => near(&found[k], &square, 1e-9),
                    Covariance::Tied(_) => {} // of all rows together
                    Covariance::Diagonal(found) => {
                        close(found.row(k).sum(), square.diag().sum(), 1e-10);
                    }
                    Covariance::Spherical(found) => {
                        close(found[k], square.diag().sum(), 1e-10);
                    }
                }
            }
        }
    }
}
