//! Chapter 3: the laws that divergences, entropies and the bound obey.
use latent::Error;
use latent::data::iris;
use latent::elbo::{self, Conjugate, Elbo, Gauss, Hidden, Shifted, Tiny, kl_to_standard};
use latent::gaussian::{self, LN_2PI, log_normal, log_sum_exp};
use ndarray::{Array1, Array2, array};
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::Value;

fn rng(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

/// `k` probabilities.
fn simplex(k: usize, r: &mut StdRng) -> Vec<f64> {
    let raw: Vec<f64> = (0..k).map(|_| -f64::ln(1.0 - r.random::<f64>())).collect();
    let sum: f64 = raw.iter().sum();
    raw.iter().map(|v| v / sum).collect()
}

fn logs(p: &[f64]) -> Array1<f64> {
    p.iter().map(|v| v.ln()).collect()
}

#[track_caller]
fn close(got: f64, want: f64, slack: f64) {
    assert!(
        (got - want).abs() <= slack * (1.0 + want.abs()),
        "{got} is not {want} to {slack:e}"
    );
}

fn oracle() -> Value {
    serde_json::from_str(include_str!("oracles/elbo.json")).unwrap()
}

fn number(v: &Value) -> f64 {
    v.as_f64().unwrap()
}

fn pair(v: &Value) -> (f64, f64) {
    (number(&v[0]), number(&v[1]))
}

/// A grid with the density N(m, s²) as its prior and N(a, b²) as its likelihood, for integrals alone.
fn two_normals(m: f64, s: f64, a: f64, b: f64) -> Hidden {
    Hidden::on_grid(|z| log_normal(z, m, s), |z| log_normal(z, a, b))
}

fn normal_on(hidden: &Hidden, m: f64, s: f64) -> Array1<f64> {
    Gauss { mean: m, sd: s }.on(hidden)
}

fn kl_normals(m0: f64, s0: f64, m1: f64, s1: f64) -> f64 {
    let (a, b) = (array![[s0 * s0]], array![[s1 * s1]]);
    gaussian::kl(array![m0].view(), a.view(), array![m1].view(), b.view()).unwrap()
}

/// Which species has a petal of 4.8 cm?
fn flower() -> Hidden {
    let likelihood: Vec<f64> = (0..3)
        .map(|k| {
            let length = iris().only(k).column(2).to_owned();
            let mean = length.sum() / 50.0;
            let sd = (length.mapv(|v| (v - mean).powi(2)).sum() / 50.0).sqrt();
            log_normal(4.8, mean, sd).exp()
        })
        .collect();
    Hidden::discrete(&[1.0 / 3.0; 3], &likelihood).unwrap()
}

/// Latents of every kind in this chapter, each with a q that is not its posterior.
fn cases() -> Vec<(Hidden, Array1<f64>)> {
    let die = Hidden::discrete(&[0.5, 0.3, 0.2], &[0.1, 0.4, 0.7]).unwrap();
    let seen = Conjugate::new(1.2, 0.7).unwrap().hidden();
    let pixels = Tiny::default().hidden(array![1.0, 0.0, 1.0].view()).unwrap();
    let (q, r) = (normal_on(&seen, -0.4, 0.5), normal_on(&pixels, 0.3, 0.6));
    vec![
        (die, logs(&[0.2, 0.5, 0.3])),
        (flower(), logs(&[0.01, 0.5, 0.49])),
        (seen, q),
        (pixels, r),
    ]
}

// --- divergence ---

#[test]
fn kl_of_lists_agrees_with_scipy() {
    let want = &oracle()["lists"];
    let (a, b) = ([0.3, 0.7], [0.6, 0.4]);
    close(elbo::kl(&a, &b).unwrap(), number(&want["0.3_to_0.6"]), 1e-14);
    close(elbo::kl(&b, &a).unwrap(), number(&want["0.6_to_0.3"]), 1e-14);
    close(elbo::entropy(&a).unwrap(), number(&want["entropy_0.3"]), 1e-14);
}

#[test]
fn kl_is_never_negative_and_zero_only_for_equals() {
    let mut r = rng(1);
    for round in 0..1000 {
        let k = 2 + round % 6;
        let (q, p) = (simplex(k, &mut r), simplex(k, &mut r));
        let found = elbo::kl(&q, &p).unwrap();
        let apart = q.iter().zip(&p).map(|(a, b)| (a - b).abs()).sum::<f64>();
        assert!(found >= 0.5 * apart * apart - 1e-12, "{found}: less than Pinsker's bound");
        assert!(elbo::kl(&q, &q).unwrap().abs() < 1e-15);
    }
}

#[test]
fn a_term_is_never_less_than_the_difference_of_the_probabilities() {
    let mut r = rng(2);
    for _ in 0..1000 {
        let (q, p) = (simplex(5, &mut r), simplex(5, &mut r));
        for (q, p) in q.iter().zip(&p) {
            let t = p / q;
            assert!(t.ln() <= t - 1.0); // (eq:log-line)
            assert!(q * (q / p).ln() >= q - p - 1e-15);
        }
    }
    for t in [1e-9, 0.5, 0.999, 1.001, 2.0, 1e9] {
        assert!(f64::ln(t) < t - 1.0, "touches at 1 only");
    }
}

#[test]
fn kl_has_a_direction_unless_a_symmetry_forbids() {
    let far = |q: &[f64], p: &[f64]| elbo::kl(q, p).unwrap();
    assert!((far(&[0.3, 0.7], &[0.6, 0.4]) - far(&[0.6, 0.4], &[0.3, 0.7])).abs() > 0.008);
    close(far(&[0.3, 0.7], &[0.7, 0.3]), far(&[0.7, 0.3], &[0.3, 0.7]), 1e-15);
    close(kl_normals(0.0, 0.8, 1.5, 0.8), kl_normals(1.5, 0.8, 0.0, 0.8), 1e-15);
    assert!(kl_normals(1.0, 2.0, 0.0, 1.0) > 2.0 * kl_normals(0.0, 1.0, 1.0, 2.0));
}

#[test]
fn the_signed_areas_add_up_to_the_divergence() {
    let grid = two_normals(0.0, 1.0, 1.0, 2.0);
    let log_q = &grid.log_prior;
    let term = log_q - &grid.log_likelihood; // log q / p
    let (up, down) = (term.mapv(|t| t.max(0.0)), term.mapv(|t| t.min(0.0)));
    let (up, down) = (grid.mean(log_q, &up), grid.mean(log_q, &down));
    assert!(up > 0.0 && down < 0.0);
    close(up + down, kl_normals(0.0, 1.0, 1.0, 2.0), 1e-10);
}

#[test]
fn the_gaussian_formula_is_the_integral() {
    for case in oracle()["gaussians"].as_array().unwrap() {
        let ((m0, s0), (m1, s1)) = (pair(&case["from"]), pair(&case["to"]));
        let found = kl_normals(m0, s0, m1, s1);
        close(found, number(&case["kl"]), 1e-11);
        let grid = two_normals(m1, s1, 0.0, 1.0);
        let log_q = normal_on(&grid, m0, s0);
        let slack = if s0 > 1.5 { 1e-5 } else { 1e-9 }; // 1e-5: the grid cuts a wide q's tails
        close(grid.mean(&log_q, &(&log_q - &grid.log_prior)), found, slack);
        if (m1, s1) == (0.0, 1.0) {
            close(kl_to_standard(&[m0], &[s0]), found, 1e-13);
        }
    }
    let (m, s) = ([1.0, -2.0, 0.5], [0.5, 1.0, 2.0]);
    let found = kl_to_standard(&m, &s);
    close(found, number(&oracle()["diagonal_to_standard"]), 1e-12);
    close(found, 3.75, 1e-15);
    let (zero, eye) = (Array1::zeros(3), Array2::eye(3));
    let full = Array2::from_diag(&Array1::from_iter(s.map(|v| v * v)));
    let mean = Array1::from_iter(m);
    close(
        gaussian::kl(mean.view(), full.view(), zero.view(), eye.view()).unwrap(),
        found,
        1e-14,
    );
    let (m0, s0) = (array![0.5, -1.0], array![[1.5, 0.4], [0.4, 0.8]]);
    let (m1, s1) = (array![0.0, 0.3], array![[1.0, -0.3], [-0.3, 2.0]]);
    let want = &oracle()["two_dimensions"];
    let two = gaussian::kl(m0.view(), s0.view(), m1.view(), s1.view()).unwrap();
    close(two, number(&want["kl"]), 1e-13);
    close(gaussian::entropy(s0.view()).unwrap(), number(&want["entropy"]), 1e-13);
}

#[test]
fn minus_the_divergence_is_plus_half_the_sum() {
    let (m, s) = ([1.0f64, -2.0, 0.5], [0.5f64, 1.0, 2.0]);
    let half: f64 =
        0.5 * m.iter().zip(&s).map(|(m, s)| 1.0 + (s * s).ln() - m * m - s * s).sum::<f64>();
    close(-kl_to_standard(&m, &s), half, 1e-15);
    // The two integrals whose difference it is: E log p and E log q.
    let log_p: f64 = m.iter().zip(&s).map(|(m, s)| -0.5 * (LN_2PI + m * m + s * s)).sum();
    let log_q: f64 = s.iter().map(|s| -0.5 * (LN_2PI + 1.0 + (s * s).ln())).sum();
    close(log_p - log_q, half, 1e-14);
    assert!(half < 0.0);
}

#[test]
fn kl_forgets_the_unit_and_the_evidence_does_not() {
    let (cm, mm) = (kl_normals(1.0, 0.5, 2.0, 0.8), kl_normals(10.0, 5.0, 20.0, 8.0));
    close(cm, mm, 1e-13);
    let shift = log_normal(1.2, 0.0, 1.5) - log_normal(12.0, 0.0, 15.0);
    close(shift, f64::ln(10.0), 1e-14);
}

// --- entropy ---

#[test]
fn entropies_have_closed_forms_and_may_be_negative() {
    for k in [2usize, 3, 10] {
        close(elbo::entropy(&vec![1.0 / k as f64; k]).unwrap(), (k as f64).ln(), 1e-14);
    }
    assert_eq!(elbo::entropy(&[0.0, 1.0, 0.0]).unwrap(), 0.0);
    let mut r = rng(3);
    for _ in 0..200 {
        let h = elbo::entropy(&simplex(4, &mut r)).unwrap();
        assert!(h > 0.0 && h < f64::ln(4.0));
    }
    for (s, want) in oracle()["entropies"].as_object().unwrap() {
        let s: f64 = s.parse().unwrap();
        let formula = gaussian::entropy(array![[s * s]].view()).unwrap();
        close(formula, number(want), 1e-13);
        let grid = two_normals(0.0, 1.0, 0.0, 1.0);
        close(
            grid.entropy(&normal_on(&grid, 0.1, s.min(1.5))),
            0.5 * (1.0 + LN_2PI) + s.min(1.5).ln(),
            1e-9,
        );
    }
    assert!(gaussian::entropy(array![[0.2 * 0.2]].view()).unwrap() < 0.0);
    assert!(gaussian::entropy(array![[0.25 * 0.25]].view()).unwrap() > 0.0);
}

#[test]
fn log_sum_exp_survives_numbers_that_exp_does_not() {
    close(log_sum_exp(&[-1000.0, -1000.0]), -1000.0 + f64::ln(2.0), 1e-15);
    close(log_sum_exp(&[1000.0, 0.0]), 1000.0, 1e-15);
    close(log_sum_exp(&[0.1f64.ln(), 0.2f64.ln()]), 0.3f64.ln(), 1e-14);
    assert!(log_sum_exp(&[f64::NAN]).is_nan() && log_sum_exp(&[0.0, f64::NAN]).is_nan());
    assert_eq!(log_sum_exp(&[]), f64::NEG_INFINITY);
    assert_eq!(log_sum_exp(&[f64::NEG_INFINITY; 3]), f64::NEG_INFINITY);
}

// --- the bound ---

#[test]
fn bayes_rule_in_logarithms() {
    for (hidden, _) in cases() {
        let by_hand = &hidden.log_prior + &hidden.log_likelihood - hidden.log_evidence();
        let posterior = hidden.log_posterior();
        assert!((&posterior - &by_hand).iter().all(|v| v.abs() < 1e-12));
        close(posterior.mapv(f64::exp).sum() * hidden.step, 1.0, 1e-12);
    }
    let tiny = Tiny::default();
    let all: f64 = tiny
        .every_x()
        .rows()
        .into_iter()
        .map(|x| tiny.hidden(x).unwrap().log_evidence().exp())
        .sum();
    close(all, 1.0, 1e-11);
    assert_eq!(tiny.every_x().row(4), array![1.0, 0.0, 0.0]);
}

#[test]
fn the_flower_agrees_with_scipy() {
    let (hidden, want) = (flower(), &oracle()["flower"]);
    close(hidden.log_evidence(), number(&want["log_evidence"]), 1e-13);
    for (k, p) in want["posterior"].as_array().unwrap().iter().enumerate() {
        close(hidden.log_posterior()[k], number(p).ln(), 1e-11);
    }
    let third = logs(&[1.0 / 3.0; 3]);
    close(hidden.gap(&third), number(&want["gap_of_a_third_each"]), 1e-12);
    let posterior: Vec<f64> = hidden.log_posterior().iter().map(|v| v.exp()).collect();
    close(hidden.gap(&third), elbo::kl(&[1.0 / 3.0; 3], &posterior).unwrap(), 1e-12);
}

#[test]
fn bound_and_gap_add_up_to_the_evidence() {
    for (hidden, log_q) in cases() {
        let (bound, gap) = (hidden.elbo(&log_q).nats(), hidden.gap(&log_q));
        close(bound + gap, hidden.log_evidence(), 1e-10);
        assert!(gap > 1e-3);
    }
}

#[test]
fn the_closed_forms_are_those_of_quadrature() {
    for case in oracle()["conjugate"].as_array().unwrap() {
        let of = |key: &str| number(&case[key]);
        let model = Conjugate::new(of("x"), of("noise")).unwrap();
        let bound = model.elbo(of("m"), of("s"));
        close(model.log_evidence(), of("log_evidence"), 1e-11);
        close(bound.fit, of("fit"), 1e-11);
        close(bound.kl, of("kl"), 1e-11);
        close(model.log_evidence() - bound.nats(), of("gap"), 1e-11);
        let (m, s) = model.posterior();
        close(kl_normals(of("m"), of("s"), m, s), of("gap"), 1e-11);
        let grid = model.hidden();
        let log_q = normal_on(&grid, of("m"), of("s"));
        close(grid.log_evidence(), of("log_evidence"), 1e-10);
        close(grid.elbo(&log_q).fit, of("fit"), 1e-10);
        close(grid.elbo(&log_q).kl, of("kl"), 1e-10);
        close(grid.gap(&log_q), of("gap"), 1e-10);
        close(grid.entropy(&log_q), of("entropy"), 1e-10);
    }
}

#[test]
fn no_q_lifts_the_bound_above_the_evidence() {
    let mut r = rng(4);
    for _ in 0..1000 {
        let k = r.random_range(2..6);
        let (prior, likelihood) = (simplex(k, &mut r), simplex(k, &mut r));
        let hidden = Hidden::discrete(&prior, &likelihood).unwrap();
        let q = logs(&simplex(k, &mut r));
        assert!(hidden.elbo(&q).nats() < hidden.log_evidence());
        close(hidden.elbo(&hidden.log_posterior()).nats(), hidden.log_evidence(), 1e-12);
    }
    let model = Conjugate::new(1.2, 0.7).unwrap();
    for _ in 0..1000 {
        let (m, s) = (r.random_range(-3.0..3.0), r.random_range(0.1..3.0));
        assert!(model.elbo(m, s).nats() < model.log_evidence());
    }
    let (m, s) = model.posterior();
    close(model.elbo(m, s).nats(), model.log_evidence(), 1e-14);
}

#[test]
fn the_bound_is_a_fit_less_a_cost_and_bounds_of_rows_add_up() {
    let (a, b) = (Elbo { fit: -1.0, kl: 0.5 }, Elbo { fit: -2.0, kl: 0.25 });
    assert_eq!(a.nats(), -1.5);
    assert_eq!((a + b).nats(), -3.75);
    let model = Conjugate::new(1.2, 1.0).unwrap();
    assert_eq!(model.elbo(0.0, 1.0).kl, 0.0, "the prior costs nothing");
}

#[test]
fn the_three_forms_are_one_number() {
    for (hidden, log_q) in cases() {
        let first = hidden.elbo(&log_q).nats();
        close(hidden.by_gap(&log_q), first, 1e-10);
        close(hidden.by_entropy(&log_q), first, 1e-10);
    }
}

#[test]
fn the_three_derivations_give_one_number() {
    for (hidden, log_q) in cases() {
        // Multiply and divide: the mean under q of a constant, split by log(q / q) = 0.
        let constant = hidden.log_joint() - hidden.log_posterior();
        let split = hidden.log_joint() - &log_q + (&log_q - &hidden.log_posterior()); // (eq:multiply-divide)
        assert!((&constant - &split).iter().all(|v| v.abs() < 1e-9));
        close(hidden.mean(&log_q, &constant), hidden.log_evidence(), 1e-9);
        let bound = hidden.mean(&log_q, &(hidden.log_joint() - &log_q)); // (eq:bound)
        close(bound, hidden.by_gap(&log_q), 1e-10);
        close(hidden.by_jensen(&log_q).1, bound, 1e-12);
    }
}

#[test]
fn what_jensen_gives_away_is_the_gap() {
    for (hidden, log_q) in cases() {
        let (log_of_mean, mean_of_log) = hidden.by_jensen(&log_q);
        close(log_of_mean, hidden.log_evidence(), 1e-10);
        close(log_of_mean - mean_of_log, hidden.gap(&log_q), 1e-9);
    }
}

#[test]
fn without_the_entropy_jensens_term_is_no_bound_for_a_density() {
    let sharp = two_normals(0.0, 0.1, 0.0, 0.1); // x = 0, so z ↦ N(x | z, 0.1²) is this too
    let log_q = sharp.log_posterior();
    let want = &oracle()["sharp"];
    let energy = sharp.mean(&log_q, &sharp.log_joint());
    close(energy, number(&want["mean_log_joint"]), 1e-10);
    assert!(energy > sharp.log_evidence() && sharp.entropy(&log_q) < 0.0);
    let mut r = rng(5);
    for _ in 0..200 {
        let die = Hidden::discrete(&simplex(4, &mut r), &simplex(4, &mut r)).unwrap();
        let q = logs(&simplex(4, &mut r));
        assert!(
            die.mean(&q, &die.log_joint()) <= die.elbo(&q).nats(),
            "a list's entropy is positive"
        );
    }
}

#[test]
fn minus_the_bound_can_be_negative_and_is_no_divergence() {
    let sharp = two_normals(0.0, 0.1, 0.0, 0.1);
    let log_q = sharp.log_posterior();
    let minus_bound = sharp.mean(&log_q, &(&log_q - sharp.log_joint()));
    close(minus_bound, number(&oracle()["sharp"]["minus_bound"]), 1e-10);
    assert!(minus_bound < -1.0);
    let mass = sharp.log_joint().mapv(f64::exp).sum() * sharp.step;
    close(mass, sharp.log_evidence().exp(), 1e-12);
    assert!((mass - 1.0).abs() > 1.0, "the joint at a fixed x is no density in z");
}

#[test]
fn only_the_conditional_prior_gives_bayes_rule() {
    let die = Hidden::discrete(&[0.5, 0.3, 0.2], &[0.1, 0.4, 0.7]).unwrap();
    let parameter = 0.25f64; // p(θ), which p(z, θ) = p(z | θ) p(θ) holds and p(z | θ) does not
    let joint_prior = &die.log_prior + parameter.ln();
    let wrong = joint_prior + &die.log_likelihood - die.log_evidence();
    close(wrong.mapv(f64::exp).sum(), parameter, 1e-14);
    close(die.log_posterior().mapv(f64::exp).sum(), 1.0, 1e-14);
}

#[test]
fn mass_where_the_posterior_has_none_costs_everything() {
    let die = Hidden::discrete(&[0.5, 0.5, 0.0], &[0.2, 0.0, 0.9]).unwrap();
    for q in [[0.5, 0.5, 0.0], [0.5, 0.0, 0.5], [0.2, 0.4, 0.4]] {
        let log_q = logs(&q);
        assert_eq!(die.elbo(&log_q).nats(), f64::NEG_INFINITY);
        assert_eq!(die.by_gap(&log_q), f64::NEG_INFINITY);
        assert_eq!(die.by_entropy(&log_q), f64::NEG_INFINITY);
        assert_eq!(die.by_jensen(&log_q).1, f64::NEG_INFINITY);
        assert_eq!(die.gap(&log_q), f64::INFINITY);
    }
    let sure = logs(&[1.0, 0.0, 0.0]);
    close(die.elbo(&sure).nats(), die.log_evidence(), 1e-15);
    close(die.by_entropy(&sure), die.log_evidence(), 1e-15);
    assert_eq!(elbo::kl(&[0.5, 0.5], &[1.0, 0.0]).unwrap(), f64::INFINITY);
    assert_eq!(elbo::kl(&[1.0, 0.0], &[0.5, 0.5]).unwrap(), f64::ln(2.0));
}

#[test]
fn where_q_is_blind_the_mean_weight_misses_what_is_there() {
    let die = Hidden::discrete(&[0.5, 0.3, 0.2], &[0.1, 0.4, 0.7]).unwrap();
    let blind = logs(&[0.4, 0.6, 0.0]);
    let (log_of_mean, bound) = die.by_jensen(&blind);
    close(log_of_mean, (0.05f64 + 0.12).ln(), 1e-14);
    assert!(bound < log_of_mean && log_of_mean < die.log_evidence());
    close(die.elbo(&blind).nats(), bound, 1e-14);
}

#[test]
fn a_bound_holds_for_the_mean_and_not_for_a_draw() {
    for (hidden, log_q) in cases() {
        let log_weight = hidden.log_joint() - &log_q;
        let above = |lw: &&f64| **lw > hidden.log_evidence();
        assert!(
            log_weight.iter().any(|lw| above(&lw)) && !log_weight.iter().all(|lw| above(&lw))
        );
        let identity = hidden.log_evidence() + hidden.log_posterior() - &log_q;
        assert!((&log_weight - &identity).iter().all(|v| v.abs() < 1e-9));
    }
}

// --- families ---

#[test]
fn the_slopes_are_the_slopes_of_the_bound() {
    let model = Conjugate::new(1.2, 0.7).unwrap();
    let h = 1e-5;
    for (m, s) in [(0.3, 0.6), (-1.0, 1.4), (0.9, 0.2)] {
        let nats = |m, s| model.elbo(m, s).nats();
        let (by_m, by_s) = model.slopes(m, s);
        close(by_m, (nats(m + h, s) - nats(m - h, s)) / (2.0 * h), 1e-7);
        close(by_s, (nats(m, s + h) - nats(m, s - h)) / (2.0 * h), 1e-7);
        for x in Tiny::default().every_x().rows() {
            let hidden = Tiny::default().hidden(x).unwrap();
            let at = |mean: f64, log_sd: f64| hidden.slopes(Gauss { mean, sd: log_sd.exp() });
            let (bound, [by_mean, by_log_sd]) = at(m, f64::ln(s));
            close(bound.nats(), hidden.elbo(&normal_on(&hidden, m, s)).nats(), 1e-14);
            let l = f64::ln(s);
            close(by_mean, (at(m + h, l).0.nats() - at(m - h, l).0.nats()) / (2.0 * h), 1e-6);
            close(
                by_log_sd,
                (at(m, l + h).0.nats() - at(m, l - h).0.nats()) / (2.0 * h),
                1e-6,
            );
        }
    }
    let (m, s) = model.posterior();
    let (by_m, by_s) = model.slopes(m, s);
    assert!(by_m.abs() < 1e-14 && by_s.abs() < 1e-13);
}

#[test]
fn the_best_gaussian_stops_short_for_every_x() {
    let tiny = Tiny::default();
    let mut gaps = vec![];
    for case in oracle()["tiny"].as_array().unwrap() {
        let x: Array1<f64> = case["x"].as_array().unwrap().iter().map(number).collect();
        let hidden = tiny.hidden(x.view()).unwrap();
        close(hidden.log_evidence(), number(&case["log_evidence"]), 1e-10);
        close(
            hidden.elbo(&normal_on(&hidden, 0.3, 0.6)).nats(),
            number(&case["at_0.3_0.6"]),
            1e-9,
        );
        let (q, best) = hidden.best_gaussian(Gauss { mean: 0.3, sd: 0.6 }).unwrap();
        assert!((q.mean - number(&case["best_mean"])).abs() < 1e-6);
        assert!((q.sd - number(&case["best_sd"])).abs() < 1e-6);
        close(best.nats(), number(&case["best"]), 1e-9);
        gaps.push(hidden.gap(&q.on(&hidden)));
        assert!((gaps[gaps.len() - 1] - number(&case["gap"])).abs() < 1e-8);
    }
    let least = gaps.iter().copied().fold(f64::INFINITY, f64::min);
    let most = gaps.iter().copied().fold(0.0, f64::max);
    assert_eq!(
        (format!("{least:.5}"), format!("{most:.5}")),
        ("0.00609".into(), "0.02410".into())
    );
}

#[test]
fn where_the_family_holds_the_posterior_the_climb_finds_it() {
    let model = Conjugate::new(1.2, 0.7).unwrap();
    let hidden = model.hidden();
    let (m, s) = model.posterior();
    for (mean, sd) in [(-2.0, 2.0), (-6.0, 0.1), (5.0, 0.02), (0.0, 3.0), (m, s)] {
        let (q, bound) = hidden.best_gaussian(Gauss { mean, sd }).unwrap();
        assert!((q.mean - m).abs() < 1e-8 && (q.sd - s).abs() < 1e-8, "{q:?}");
        close(bound.nats(), model.log_evidence(), 1e-10);
    }
}

#[test]
fn two_starts_can_end_at_two_best_qs() {
    let squared =
        Hidden::on_grid(|z| log_normal(z, 0.3, 1.0), |z| log_normal(2.0, z * z, 0.5));
    let climb = |mean| squared.best_gaussian(Gauss { mean, sd: 0.5 }).unwrap();
    let ((right, high), (left, low)) = (climb(1.0), climb(-1.0));
    assert!(right.mean > 1.0 && left.mean < -1.0);
    assert!(high.nats() > low.nats() + 0.3 && high.nats() < squared.log_evidence());
}

#[test]
fn the_bound_prefers_a_decoder_whose_posteriors_it_can_reach() {
    let (truth, want) = (Tiny::default().scaled(3.0), &oracle()["scale"]);
    let at = |scale: f64| Tiny::default().scaled(scale).on_average(&truth).unwrap();
    let ((evidence, bound), (_, lower)) = (at(3.0), at(2.0));
    close(evidence, number(&want["evidence_at_3"]), 1e-9);
    close(bound, number(&want["bound_at_3"]), 1e-8);
    close(lower, number(&want["bound_at_2"]), 1e-8);
    let top = number(&want["by_bound"]);
    assert!(top < 2.5);
    let (near, at_top) = (at(top - 0.1).1.max(at(top + 0.1).1), at(top).1);
    assert!(at_top > near && at_top > bound, "the bound has its top at {top}, not at 3");
    assert!(evidence > at(2.9).0.max(at(3.1).0), "the likelihood has its top at 3");
}

#[test]
fn a_tiny_model_turned_off_has_its_prior_as_posterior() {
    let off = Tiny::default().scaled(0.0);
    let hidden = off.hidden(array![1.0, 0.0, 1.0].view()).unwrap();
    close(hidden.log_evidence(), 3.0 * 0.5f64.ln(), 1e-11);
    close(hidden.elbo(&hidden.log_prior).nats(), hidden.log_evidence(), 1e-11);
    let loud = Tiny::default().scaled(1e4).hidden(array![1.0, 0.0, 1.0].view()).unwrap();
    assert!(loud.log_likelihood.iter().all(|v| v.is_finite()), "no logit is too large");
}

// --- inference and learning ---

#[test]
fn turns_climb_the_bound_and_end_at_the_maximum_likelihood() {
    let model = Shifted { x: 1.2, noise: 1.0 };
    let path = model.by_turns([-1.5, -1.0], 40);
    assert_eq!(path.len(), 81);
    let nats: Vec<f64> = path.iter().map(|p| model.elbo(*p).nats()).collect();
    assert!(nats.windows(2).all(|w| w[1] >= w[0] - 1e-15), "no half-step lowers the bound");
    for (i, p) in path.iter().enumerate().skip(1) {
        let slope = model.slopes(*p)[(i + 1) % 2];
        assert!(slope.abs() < 1e-12, "each half-step ends where its own slope is zero");
        if i % 2 == 1 {
            close(nats[i], model.at(p[1]).log_evidence(), 1e-13); // tight after every change of q
        }
    }
    let [m, theta] = path[80];
    assert!(m.abs() < 1e-10 && (theta - 1.2).abs() < 1e-10);
    let shrink = |i: usize| (path[i + 2][1] - 1.2) / (path[i][1] - 1.2);
    close(shrink(4), 0.5, 1e-12); // 1/(1 + noise²) a round
    close(shrink(8), 0.5, 1e-12);
    for theta in [-2.0, 0.0, 1.0, 1.3, 4.0] {
        assert!(model.at(theta).log_evidence() <= model.at(1.2).log_evidence());
    }
}

#[test]
fn both_at_once_arrives_at_the_same_place() {
    let model = Shifted { x: 1.2, noise: 1.0 };
    let path = model.together([-1.5, -1.0], 0.1, 600);
    let nats: Vec<f64> = path.iter().map(|p| model.elbo(*p).nats()).collect();
    assert!(nats.windows(2).all(|w| w[1] >= w[0] - 1e-15));
    let [m, theta] = path[600];
    assert!(m.abs() < 1e-8 && (theta - 1.2).abs() < 1e-8);
    let h = 1e-5;
    for [m, theta] in [[-1.5, -1.0], [0.4, 2.0]] {
        let [by_m, by_theta] = model.slopes([m, theta]);
        let nats = |m, theta| model.elbo([m, theta]).nats();
        close(by_m, (nats(m + h, theta) - nats(m - h, theta)) / (2.0 * h), 1e-8);
        close(by_theta, (nats(m, theta + h) - nats(m, theta - h)) / (2.0 * h), 1e-8);
    }
}

// --- bad input ---

#[test]
fn bad_input_gets_an_error_that_names_it() {
    let e = elbo::kl(&[0.5, 0.5], &[0.5, 0.6]).unwrap_err();
    assert!(
        matches!(e, Error::Range { what: "p", .. }) && e.to_string().contains("in sum"),
        "{e}"
    );
    assert!(matches!(
        elbo::kl(&[1.5, -0.5], &[0.5, 0.5]),
        Err(Error::Range { what: "q", .. })
    ));
    assert!(matches!(elbo::kl(&[0.5, 0.5], &[1.0]), Err(Error::Shape { .. })));
    assert!(matches!(elbo::kl(&[], &[]), Err(Error::Empty { .. })));
    assert!(matches!(
        elbo::entropy(&[f64::NAN, 1.0]),
        Err(Error::NotFinite { column: 0, .. })
    ));
    assert!(matches!(Hidden::discrete(&[1.0], &[0.5, 0.5]), Err(Error::Shape { .. })));
    assert!(matches!(Hidden::discrete(&[1.0], &[-0.5]), Err(Error::Range { .. })));
    assert!(matches!(
        Hidden::discrete(&[0.5, 0.5], &[f64::INFINITY, 1.0]),
        Err(Error::NotFinite { .. })
    ));
    let e = Hidden::discrete(&[1.0, 0.0], &[0.0, 1.0]).unwrap_err();
    assert!(matches!(e, Error::Range { what: "the evidence", .. }), "{e}");
    assert!(matches!(Conjugate::new(1.0, 0.0), Err(Error::Range { .. })));
    assert!(matches!(Conjugate::new(f64::NAN, 1.0), Err(Error::Range { .. })));
    let tiny = Tiny::default();
    assert!(matches!(tiny.hidden(array![1.0, 0.0].view()), Err(Error::Shape { .. })));
    assert!(matches!(tiny.hidden(array![1.0, 0.0, 0.4].view()), Err(Error::Range { .. })));
    assert!(matches!(
        tiny.hidden(array![1.0, 0.0, f64::NAN].view()),
        Err(Error::Range { .. })
    ));
    let broken = Tiny { b: array![0.0], ..Tiny::default() };
    assert!(matches!(broken.hidden(array![1.0, 0.0, 0.0].view()), Err(Error::Shape { .. })));
    let hidden = tiny.hidden(array![1.0, 0.0, 0.0].view()).unwrap();
    assert!(matches!(
        hidden.best_gaussian(Gauss { mean: 0.0, sd: -1.0 }),
        Err(Error::Range { .. })
    ));
    let lost = hidden.best_gaussian(Gauss { mean: f64::NAN, sd: 1.0 });
    assert!(matches!(lost, Err(Error::Range { what: "the mean", .. })));
    let nowhere = Array1::from_elem(hidden.z.len(), f64::NAN);
    assert!(hidden.elbo(&nowhere).nats().is_nan(), "a NaN is not taken for nothing");
    let impossible = Hidden::on_grid(|z| log_normal(z, 0.0, 1.0), |_| f64::NEG_INFINITY);
    let lost = impossible.best_gaussian(Gauss { mean: 0.0, sd: 1.0 });
    assert!(matches!(lost, Err(Error::NoBound { step: 0, .. })));
    let flat = Array2::<f64>::zeros((1, 1));
    let (zero, one) = (array![0.0], array![[1.0]]);
    let e = gaussian::kl(zero.view(), flat.view(), zero.view(), one.view()).unwrap_err();
    assert!(matches!(e, Error::NotPositiveDefinite { .. }), "{e}");
    assert!(matches!(
        gaussian::kl(zero.view(), one.view(), array![0.0, 1.0].view(), one.view()),
        Err(Error::Shape { .. })
    ));
}
