//! Chapter 0: why latent variables. What its pictures claim.
use latent::data::{digits, swiss_roll};
use latent::elbo::{Elbo, Tiny};
use latent::em::{Coins, Exact, Isotropic, Sample, Stop, fit};
use latent::factor_analysis::FactorAnalysis;
use latent::gaussian::{Moments, log_normal};
use latent::mean_field::{Prior, Variational};
use latent::mixture::{Bernoullis, Gaussians, Kind};
use latent::pca::{Origin, Pca};
use latent::why::ancestral;
use latent::why::answers::{Twofold, cost, cost_of_a_draw, hours_from_noon, looks};
use latent::why::enlarge::{alike, middle, shrink, two_costs};
use latent::why::features::{Net, best_line, two_moons};
use latent::why::few_labels::{accuracy, pick};
use latent::why::roll::{spearman, unroll, walks};
use ndarray::{Array1, Array2, Axis, array, s};
use ndarray_rand::rand_distr::StandardNormal;
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::path::Path;

fn rng(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

#[track_caller]
fn near(got: f64, want: f64, absolute: f64) {
    assert!((got - want).abs() <= absolute, "{got} is not {want} to {absolute:e}");
}

/// The mean of a list, and the standard error of that mean.
fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / n;
    (mean, (variance / n).sqrt())
}

// The last hidden layer.

#[test]
fn a_line_parts_the_moons_behind_the_last_hidden_layer_and_not_before() {
    let (seen, new) = (two_moons(300, 0.1, &mut rng(1)), two_moons(2000, 0.1, &mut rng(2)));
    let fresh = Net::new(16, &mut rng(3));
    let net = fresh.trained(seen.x.view(), &seen.class, 800, 0.3).unwrap();
    let share = |net: &Net| {
        best_line(net.features(new.x.view()).unwrap().view(), &new.class).unwrap()
    };
    let raw = best_line(new.x.view(), &new.class).unwrap();
    assert!(raw < 0.9 && raw > 0.8, "{raw}");
    assert!(share(&fresh) < 0.95, "{}", share(&fresh));
    assert!(share(&net) >= 0.99, "{}", share(&net));
    // The network's own line, not the best in hindsight, on rows that it has not seen.
    let odds = net.log_odds(new.x.view()).unwrap();
    let right =
        odds.iter().zip(&new.class).filter(|(a, c)| (**a > 0.0) == (**c == 1)).count();
    assert!(right as f64 >= 0.99 * 2000.0, "{right}");
}

#[test]
fn the_slopes_of_the_classifier_are_those_of_its_loss() {
    let moons = two_moons(30, 0.2, &mut rng(4));
    let net = Net::new(5, &mut rng(5));
    let slopes = net.slopes(moons.x.view(), &moons.class).unwrap();
    let step = 1e-6;
    let by = |change: &dyn Fn(&mut Net, f64)| {
        let at = |h| {
            let mut moved = net.clone();
            change(&mut moved, h);
            moved.loss(moons.x.view(), &moons.class).unwrap()
        };
        (at(step) - at(-step)) / (2.0 * step)
    };
    for i in 0..2 {
        for j in 0..5 {
            near(by(&|n, h| n.first.w[[i, j]] += h), slopes.first.w[[i, j]], 1e-8);
            near(by(&|n, h| n.last.w[[j, i]] += h), slopes.last.w[[j, i]], 1e-8);
            near(by(&|n, h| n.first.b[j] += h), slopes.first.b[j], 1e-8);
        }
        near(by(&|n, h| n.last.b[i] += h), slopes.last.b[i], 1e-8);
        near(by(&|n, h| n.out.w[[i, 0]] += h), slopes.out.w[[i, 0]], 1e-8);
    }
    near(by(&|n, h| n.out.b[0] += h), slopes.out.b[0], 1e-8);
    assert!(slopes.out.b[0].abs() > 1e-4, "the comparison sees something");
}

#[test]
fn the_loss_is_the_mean_of_minus_log_probabilities() {
    let moons = two_moons(20, 0.1, &mut rng(6));
    let net = Net::new(4, &mut rng(7));
    let odds = net.log_odds(moons.x.view()).unwrap();
    let naive: f64 = odds
        .iter()
        .zip(&moons.class)
        .map(|(a, c)| {
            let p = 1.0 / (1.0 + (-a).exp());
            -(if *c == 1 { p } else { 1.0 - p }).ln()
        })
        .sum::<f64>()
        / 20.0;
    near(net.loss(moons.x.view(), &moons.class).unwrap(), naive, 1e-12);
}

#[test]
fn the_best_line_knows_a_corner_and_a_cross() {
    let corners = array![[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]];
    let share = |class: [usize; 4]| best_line(corners.view(), &class).unwrap();
    assert_eq!(share([0, 0, 0, 1]), 1.0);
    assert_eq!(share([1, 0, 0, 0]), 1.0);
    assert_eq!(share([0, 1, 1, 0]), 0.75, "no line parts a cross");
    assert_eq!(share([1, 1, 1, 1]), 1.0);
}

#[test]
fn without_noise_each_moon_is_the_half_circle_of_its_angle() {
    let moons = two_moons(50, 0.0, &mut rng(8));
    for ((p, t), c) in moons.x.rows().into_iter().zip(&moons.t).zip(&moons.class) {
        let centre = if *c == 0 { [0.0, 0.0] } else { [1.0, 0.5] };
        near((p[0] - centre[0]).hypot(p[1] - centre[1]), 1.0, 1e-12);
        let sign = if *c == 0 { 1.0 } else { -1.0 };
        near(sign * (p[0] - centre[0]), t.cos(), 1e-12);
        near(sign * (p[1] - centre[1]), t.sin(), 1e-12);
    }
}

// Two answers.

fn integral(f: impl Fn(f64) -> f64) -> f64 {
    let step = 1e-3;
    (-30_000..=30_000).map(|i| f(f64::from(i) * step) * step).sum()
}

#[test]
fn the_mixture_is_likelier_than_one_bell_by_the_closed_form() {
    for (half, sd) in [(3.0, 0.25), (2.0, 0.2), (5.0, 0.5)] {
        let two = Twofold::new(half, sd).unwrap();
        near(integral(|y| two.log_density(y).exp()), 1.0, 1e-9);
        let difference =
            integral(|y| two.log_density(y).exp() * (two.log_density(y) - two.log_single(y)));
        near(two.gap(), difference, 1e-9);
        near(two.gap(), 0.5 * (1.0 + half * half / (sd * sd)).ln() - 2f64.ln(), 1e-12);
    }
    // When the answers overlap, the closed form is a floor, and nothing is less than 0.
    for half in [0.0, 0.3, 1.0, 2.0] {
        let two = Twofold::new(half, 1.0).unwrap();
        let difference =
            integral(|y| two.log_density(y).exp() * (two.log_density(y) - two.log_single(y)));
        assert!(difference >= two.gap() && difference >= -1e-9, "{half}: {difference}");
    }
}

#[test]
fn no_other_bell_is_likelier_than_the_one_with_the_mean_and_the_variance() {
    let two = Twofold::new(3.0, 0.25).unwrap();
    let expected =
        |mean: f64, sd: f64| integral(|y| two.log_density(y).exp() * log_normal(y, mean, sd));
    let sd = 3f64.hypot(0.25);
    let best = expected(0.0, sd);
    near(best, integral(|y| two.log_density(y).exp() * two.log_single(y)), 1e-9);
    for (mean, sd) in [(0.1, sd), (-0.1, sd), (0.0, 1.05 * sd), (0.0, sd / 1.05), (3.0, 0.25)]
    {
        assert!(expected(mean, sd) < best - 1e-4, "{mean} {sd}");
    }
}

#[test]
fn on_new_answers_the_fitted_mixture_wins_by_the_closed_form_gap() {
    let two = Twofold::new(hours_from_noon(45.0), 0.25).unwrap();
    near(two.half, 3.0, 1e-12);
    let (seen, new) = (two.sample(400, &mut rng(9)), two.sample(4000, &mut rng(10)));
    let table = seen.insert_axis(Axis(1));
    let one = Moments::of(table.view()).unwrap();
    let start = Gaussians::around(&table, array![[-1.0], [1.0]], Kind::Full).unwrap();
    let mixture = fit(start, &table, Stop { steps: 50, gain: 1e-9 }).unwrap().model;
    let log_mixture = mixture.log_densities(&new.clone().insert_axis(Axis(1))).unwrap();
    let gains: Vec<f64> = new
        .iter()
        .zip(&log_mixture)
        .map(|(y, m)| m - log_normal(*y, one.mean[0], one.covariance[[0, 0]].sqrt()))
        .collect();
    let (gain, error) = mean_and_error(&gains);
    // What 400 rows leave uncertain costs each side about half a parameter over 400: 0.006.
    near(gain, two.gap(), 5.0 * error + 0.01);
    assert!(gain > 1.5, "{gain}");
}

#[test]
fn least_squares_answers_noon_at_every_height() {
    let rows = looks(4000, 0.25, &mut rng(11)).unwrap();
    // A cubic in the height, by the normal equations, solved by elimination.
    let powers =
        Array2::from_shape_fn((4000, 4), |(i, j)| (rows[[i, 0]] / 90.0).powi(j as i32));
    let fit = Pca::by_eigen(powers.view(), Origin::Zero).unwrap();
    let codes = fit.encode(powers.view()).unwrap();
    let weights = codes.t().dot(&rows.column(1)) / (&fit.variances * 4000.0);
    let guesses = codes.dot(&weights);
    for (guess, row) in guesses.iter().zip(rows.rows()) {
        assert!(guess.abs() < 0.7, "{guess} hours at {} degrees", row[0]);
    }
    // And nobody was there: every answer below 60 degrees is more than 0.4 hours off.
    let off = |i: usize| (guesses[i] - rows[[i, 1]]).abs();
    assert!((0..4000).filter(|i| rows[[*i, 0]] < 60.0).all(|i| off(i) > 0.4));
}

// The grey pixel.

#[test]
fn the_mean_costs_least_and_a_draw_costs_twice_that() {
    let mut r = rng(12);
    for n in 1..6 {
        let values: Vec<f64> = (0..n).map(|_| r.random_range(-2.0..2.0)).collect();
        let raw: Vec<f64> = (0..n).map(|_| r.random_range(0.1..1.0)).collect();
        let shares: Vec<f64> = raw.iter().map(|p| p / raw.iter().sum::<f64>()).collect();
        let mean: f64 = values.iter().zip(&shares).map(|(x, p)| x * p).sum();
        let least = cost(&values, &shares, mean).unwrap();
        for step in -20..=20 {
            let a = mean + f64::from(step) / 10.0;
            // E(X − a)² = var + (a − mean)².
            near(cost(&values, &shares, a).unwrap(), least + (a - mean) * (a - mean), 1e-12);
        }
        near(cost_of_a_draw(&values, &shares).unwrap(), 2.0 * least, 1e-12);
    }
    let fair = [0.5, 0.5];
    near(cost(&[0.0, 1.0], &fair, 0.5).unwrap(), 0.25, 0.0);
    near(cost(&[0.0, 1.0], &fair, 1.0).unwrap(), 0.5, 0.0);
    near(cost_of_a_draw(&[0.0, 1.0], &fair).unwrap(), 0.5, 0.0);
}

// Small pictures made large again.

#[test]
fn a_mean_of_candidates_costs_less_than_one_of_them_by_their_own_spread() {
    let x = digits().x.mapv(|v| v / 16.0);
    let (known, new) = x.view().split_at(Axis(0), 1500);
    let small = shrink(known, 8, 4).unwrap();
    let asked = shrink(new, 8, 4).unwrap();
    let mut sums = [0.0; 2];
    for (truth, question) in new.rows().into_iter().zip(asked.rows()) {
        let found = alike(question, small.view(), 20).unwrap();
        let candidates = known.select(Axis(0), &found);
        let [mean, one] = two_costs(truth, candidates.view()).unwrap();
        let away = &candidates - &middle(candidates.view()).unwrap();
        near(one, mean + (&away * &away).sum() / 20.0, 1e-9);
        sums[0] += mean;
        sums[1] += one;
    }
    let ratio = sums[1] / sums[0];
    // Exactly 2 if the candidates were draws from the true law, and infinitely many.
    assert!(ratio > 1.8 && ratio < 2.1, "{ratio}");
}

#[test]
fn shrinking_keeps_the_mean_and_ends_at_it() {
    let x = digits().x.slice(s![..5, ..]).to_owned();
    assert_eq!(shrink(x.view(), 8, 1).unwrap(), x);
    let one = shrink(x.view(), 8, 8).unwrap();
    let four = shrink(x.view(), 8, 4).unwrap();
    for i in 0..5 {
        near(one[[i, 0]], x.row(i).sum() / 64.0, 1e-12);
        near(four.row(i).sum() / 4.0, one[[i, 0]], 1e-12);
        // Upper right: rows 0 to 3, columns 4 to 7.
        let block = x.row(i).into_shape_with_order((8, 8)).unwrap().slice(s![..4, 4..]).sum();
        near(four[[i, 1]], block / 16.0, 1e-12);
    }
}

#[test]
fn the_nearest_come_first_and_no_other_is_nearer() {
    let x = digits().x.slice(s![..200, ..]).to_owned();
    let far = |j: usize| (&x.row(7) - &x.row(j)).mapv(|v| v * v).sum();
    let found = alike(x.row(7), x.view(), 12).unwrap();
    assert_eq!(found[0], 7);
    assert!(found.windows(2).all(|w| far(w[0]) <= far(w[1])));
    let farthest = far(found[11]);
    assert!((0..200).filter(|j| !found.contains(j)).all(|j| far(j) >= farthest));
}

// Twenty labels.

#[test]
fn coordinates_on_the_sheet_help_twenty_labels_and_straight_ones_do_not() {
    let rows = 800;
    let x = digits().x.slice(s![..rows, ..]).mapv(|v| v / 16.0);
    let class = &digits().class[..rows];
    let straight = Pca::by_svd(x.view(), Origin::Mean).unwrap().keep(10).unwrap();
    let straight = straight.encode(x.view()).unwrap();
    let along = unroll(x.view(), 6, 10).unwrap();
    let mut r = rng(13);
    let mut shares = [vec![], vec![], vec![]];
    for _ in 0..20 {
        let labelled = pick(class, 2, &mut r).unwrap();
        for (share, x) in shares.iter_mut().zip([&x, &straight, &along]) {
            share.push(accuracy(x.view(), class, &labelled).unwrap());
        }
    }
    let [raw, straight, along] = shares;
    let mean = |v: &[f64]| mean_and_error(v).0;
    assert!(mean(&along) > mean(&raw) + 0.07, "{} and {}", mean(&along), mean(&raw));
    assert!((mean(&straight) - mean(&raw)).abs() < 0.03, "{}", mean(&straight));
    let wins = along.iter().zip(&raw).filter(|(a, b)| a > b).count();
    assert!(wins >= 18, "{wins} of 20 draws of the labels");
}

#[test]
fn labels_are_two_of_each_class_and_are_not_counted() {
    let class: Vec<usize> = (0..60).map(|i| i % 3).collect();
    let rows = pick(&class, 2, &mut rng(14)).unwrap();
    assert_eq!(rows.len(), 6);
    for c in 0..3 {
        assert_eq!(rows.iter().filter(|&&i| class[i] == c).count(), 2);
    }
    let distinct: std::collections::BTreeSet<_> = rows.iter().collect();
    assert_eq!(distinct.len(), 6);
    assert_ne!(rows, pick(&class, 2, &mut rng(15)).unwrap(), "another draw, other rows");
    // One row is at its label, one beside the wrong one: half are right, and the labels are left out.
    let x = array![[0.0], [10.0], [1.0], [9.0]];
    assert_eq!(accuracy(x.view(), &[0, 1, 0, 0], &[0, 1]).unwrap(), 0.5);
}

// The rolled sheet.

#[test]
fn walking_on_the_roll_finds_its_coordinates_and_a_plane_does_not() {
    let roll = swiss_roll(700, 0.2, &mut rng(4));
    let flat = unroll(roll.x.view(), 5, 2).unwrap();
    let t = spearman(flat.column(0), roll.t.view()).unwrap().abs();
    let h = spearman(flat.column(1), roll.h.view()).unwrap().abs();
    assert!(t > 0.99 && h > 0.95, "{t} and {h}");
    let shadow =
        Pca::by_svd(roll.x.view(), Origin::Mean).unwrap().encode(roll.x.view()).unwrap();
    for code in shadow.columns() {
        let t = spearman(code, roll.t.view()).unwrap().abs();
        assert!(t < 0.5, "{t}");
    }
    // With one neighbour more, a road leads from turn to turn, and the sheet folds.
    let folded = unroll(roll.x.view(), 6, 2).unwrap();
    let t = spearman(folded.column(0), roll.t.view()).unwrap().abs();
    let h = spearman(folded.column(1), roll.h.view()).unwrap().abs();
    assert!(t < 0.95 && h < 0.5, "{t} and {h}");
}

#[test]
fn walks_are_the_shortest() {
    let x = two_moons(40, 0.1, &mut rng(17)).x;
    let found = walks(x.view(), 3).unwrap();
    // By trying every place to pass through, as often as there are places.
    let far = |i: usize, j: usize| (&x.row(i) - &x.row(j)).mapv(|v| v * v).sum().sqrt();
    let mut naive = Array2::from_elem((40, 40), f64::INFINITY);
    for i in 0..40 {
        naive[[i, i]] = 0.0;
        let mut others: Vec<usize> = (0..40).filter(|&j| j != i).collect();
        others.sort_by(|&a, &b| far(i, a).total_cmp(&far(i, b)));
        for &j in &others[..3] {
            naive[[i, j]] = far(i, j);
            naive[[j, i]] = far(i, j);
        }
    }
    for via in 0..40 {
        for i in 0..40 {
            for j in 0..40 {
                let round: f64 = naive[[i, via]] + naive[[via, j]];
                naive[[i, j]] = naive[[i, j]].min(round);
            }
        }
    }
    for (a, b) in found.iter().zip(&naive) {
        assert!(a == b || (a - b).abs() < 1e-12, "{a} and {b}");
    }
}

#[test]
fn on_a_flat_sheet_the_coordinates_are_those_of_pca() {
    // With roads between all, walks are straight, and scaling gives the distances back.
    let mut r = rng(18);
    let x =
        Array2::from_shape_fn((30, 2), |(_, j)| (3.0 - 2.0 * j as f64) * r.random::<f64>());
    let found = unroll(x.view(), 29, 2).unwrap();
    let codes = Pca::by_svd(x.view(), Origin::Mean).unwrap().encode(x.view()).unwrap();
    for j in 0..2 {
        let sign = (found[[0, j]] * codes[[0, j]]).signum();
        for i in 0..30 {
            near(found[[i, j]], sign * codes[[i, j]], 1e-9);
        }
    }
}

#[test]
fn ranks_correlate_whatever_bends_them() {
    let a = Array1::from_shape_fn(50, |i| ((i * 37) % 50) as f64 / 10.0);
    near(spearman(a.view(), a.mapv(f64::exp).view()).unwrap(), 1.0, 1e-12);
    near(spearman(a.view(), a.mapv(|v| -v * v * v).view()).unwrap(), -1.0, 1e-12);
    // Without ties: 1 − 6 Σ d²/n(n² − 1), here with d = 1, 1, 2, 2, 0.
    let (a, b) = (array![1.0, 2.0, 3.0, 4.0, 5.0], array![2.0, 1.0, 5.0, 3.0, 4.0]);
    near(spearman(a.view(), b.view()).unwrap(), 1.0 - 6.0 * 8.0 / 120.0, 1e-12);
    // Equals share their places: ranks ½, ½, 2 against 0, 1, 2.
    let (a, b) = (array![7.0, 7.0, 9.0], array![1.0, 2.0, 3.0]);
    near(spearman(a.view(), b.view()).unwrap(), 1.5 / (1.5f64 * 2.0).sqrt(), 1e-12);
    assert_eq!(spearman(array![1.0, 1.0].view(), array![1.0, 2.0].view()).unwrap(), 0.0);
}

// First z, then x.

#[test]
fn rows_drawn_in_two_steps_have_the_moments_of_the_marginal() {
    let (w, mean) = (array![2.0, -1.0], array![1.0, 5.0]);
    let prior = |r: &mut StdRng| r.sample::<f64, _>(StandardNormal);
    let likelihood = |z: &f64, r: &mut StdRng| {
        &mean
            + &(*z * &w)
            + Array1::from_shape_fn(2, |_| 0.5 * r.sample::<f64, _>(StandardNormal))
    };
    let n = 20_000;
    let (z, x) = ancestral(n, prior, likelihood, &mut rng(19));
    assert_eq!((z.len(), x.len()), (n, n));
    let model =
        FactorAnalysis::new(mean.clone(), w.clone().insert_axis(Axis(1)), array![0.25, 0.25]);
    let marginal = model.unwrap().covariance();
    for i in 0..2 {
        let values: Vec<f64> = x.iter().map(|x| x[i]).collect();
        let (found, error) = mean_and_error(&values);
        near(found, mean[i], 5.0 * error);
        for j in 0..2 {
            let products: Vec<f64> =
                x.iter().map(|x| (x[i] - mean[i]) * (x[j] - mean[j])).collect();
            let (found, error) = mean_and_error(&products);
            near(found, marginal[[i, j]], 5.0 * error);
        }
        // And with z: cov(x, z) = w.
        let products: Vec<f64> =
            x.iter().zip(&z).map(|(x, z)| (x[i] - mean[i]) * z).collect();
        let (found, error) = mean_and_error(&products);
        near(found, w[i], 5.0 * error);
    }
}

#[test]
fn a_coin_and_then_a_number_is_a_mixture() {
    let prior = |r: &mut StdRng| r.random::<f64>() < 0.3;
    let likelihood = |late: &bool, r: &mut StdRng| {
        array![if *late { 3.0 } else { -3.0 } + 0.25 * r.sample::<f64, _>(StandardNormal)]
    };
    let (z, x) = ancestral(20_000, prior, likelihood, &mut rng(20));
    let x: Vec<f64> = x.iter().map(|x| x[0]).collect();
    let (mean, error) = mean_and_error(&x);
    near(mean, 0.3 * 3.0 - 0.7 * 3.0, 5.0 * error);
    let squares: Vec<f64> = x.iter().map(|x| x * x).collect();
    let (square, error) = mean_and_error(&squares);
    near(square, 9.0 + 0.0625, 5.0 * error);
    assert!(z.iter().zip(&x).all(|(late, x)| *late == (*x > 0.0)), "z decided the side");
}

// The map.

#[test]
fn the_tiny_autoencoder_shares_one_out_among_all_images() {
    let tiny = Tiny::default();
    let total: f64 = tiny
        .every_x()
        .rows()
        .into_iter()
        .map(|x| tiny.hidden(x).unwrap().log_evidence().exp())
        .sum();
    near(total, 1.0, 1e-9);
}

/// The bound after an E step, and the evidence that it must meet.
fn infers<M: Exact>(model: &M, data: &M::Data) -> (Elbo, f64) {
    let q = model.e_step(data).unwrap();
    (model.elbo(data, &q).unwrap(), model.log_likelihood(data).unwrap())
}

/// One step of learning does not lower the evidence.
fn learns<M: Exact>(model: M, data: &M::Data) {
    let (bound, before) = infers(&model, data);
    near(bound.nats(), before, 1e-9 * before.abs());
    let after = model.m_step(data, &model.e_step(data).unwrap()).unwrap();
    assert!(after.log_likelihood(data).unwrap() >= before - 1e-9 * before.abs());
}

#[test]
fn every_model_learns_and_infers() {
    let x = latent::data::old_faithful().x.clone();
    let moments = Moments::of(x.view()).unwrap();
    let fa = FactorAnalysis::start(&moments, 1).unwrap();
    learns(fa.clone(), &moments);
    let round = FactorAnalysis::new(fa.mean.clone(), fa.w.clone(), array![9.0, 9.0]);
    learns(Isotropic(round.unwrap()), &moments);
    learns(Gaussians::around(&x, array![[2.0, 50.0], [4.0, 80.0]], Kind::Full).unwrap(), &x);
    let bits = digits().x.slice(s![..60, ..]).mapv(|v| if v >= 8.0 { 1.0 } else { 0.0 });
    learns(Bernoullis::start(&bits, 3, &mut rng(21)).unwrap(), &bits);
    learns(Coins::new(10, array![0.4, 0.6]).unwrap(), &array![3.0, 8.0, 5.0]);
    // The Bayesian mixture has a bound and no evidence to compare it with.
    let prior = Prior::standard(2, 1.0).unwrap();
    let places = x.slice(s![..2, ..]).to_owned();
    let vb = Variational::start(&x, &places, prior).unwrap();
    let found = fit(vb, &x, Stop { steps: 3, gain: f64::NEG_INFINITY }).unwrap();
    assert!(found.trace.windows(2).all(|w| w[1].nats() >= w[0].nats() - 1e-9));
    // PCA has codes and no posterior.
    let pca = Pca::by_svd(x.view(), Origin::Mean).unwrap().keep(1).unwrap();
    assert_eq!(pca.encode(x.view()).unwrap().dim(), (272, 1));
    let (z, rows) =
        Coins::new(10, array![0.4, 0.6]).unwrap().sample(7, &mut rng(22)).unwrap();
    assert_eq!((z.nrows(), rows.nrows()), (7, 7));
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn map() -> String {
    std::fs::read_to_string(root().join("chapters/why/map.md")).unwrap()
}

/// What stands between `open` and `close` in a line, each time.
fn between<'a>(line: &'a str, open: &str, close: &str) -> Vec<&'a str> {
    line.split(open).skip(1).filter_map(|rest| rest.split(close).next()).collect()
}

fn all_of(dir: &str) -> String {
    let mut out = String::new();
    let mut todo = vec![root().join(dir)];
    while let Some(dir) = todo.pop() {
        for path in std::fs::read_dir(dir).unwrap().flatten().map(|e| e.path()) {
            if path.is_dir() {
                todo.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                out += &std::fs::read_to_string(path).unwrap();
            }
        }
    }
    out
}

#[test]
fn each_arrow_of_the_map_names_a_page_and_a_tested_module() {
    let map = map();
    let arrows: Vec<&str> =
        map.lines().filter(|l| l.starts_with("| ") && l.contains(" → ")).collect();
    assert!(arrows.len() >= 4, "{} arrows", arrows.len());
    for arrow in arrows {
        let page = between(arrow, "](../", ")")[0];
        assert!(root().join("chapters").join(page).is_file(), "{page}");
        let module = between(arrow, "`", "`")[0];
        let path = root().join("src").join(module.replace("::", "/"));
        assert!(
            path.with_extension("rs").is_file() || path.join("mod.rs").is_file(),
            "{module}"
        );
        let claims = between(arrow, "{{claim ", "}}");
        assert!(!claims.is_empty(), "no test: {arrow}");
        for claim in claims {
            let (file, test) = claim.split_once("::").unwrap();
            let text =
                std::fs::read_to_string(root().join(format!("tests/{file}.rs"))).unwrap();
            assert!(text.contains(&format!("fn {test}()")), "{claim}");
            let stem = module.split("::").next().unwrap();
            assert!(
                text.contains(&format!("latent::{stem}")),
                "{file} does not use {module}"
            );
        }
    }
}

#[test]
fn each_function_in_the_tables_of_the_map_is_in_the_library() {
    let (map, library) = (map(), all_of("src"));
    let mut found = 0;
    for line in map.lines().filter(|l| l.starts_with("| ")) {
        for name in between(line, "`", "`").into_iter().step_by(2) {
            let Some((owner, function)) = name.rsplit_once("::") else { continue };
            let last = owner.rsplit("::").next().unwrap();
            if function.chars().next().is_some_and(|c| c.is_lowercase())
                && library.contains(&format!("fn {function}"))
            {
                found += 1;
                continue;
            }
            let module = root().join("src").join(name.replace("::", "/"));
            assert!(module.with_extension("rs").is_file(), "{name} of {last}");
        }
    }
    assert!(found >= 12, "{found} functions");
}

#[test]
fn every_exercise_has_a_checker() {
    let mut sets = 0;
    for path in
        std::fs::read_dir(root().join("notebooks")).unwrap().flatten().map(|e| e.path())
    {
        if path.extension().is_none_or(|e| e != "rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let count = |words: &str| text.lines().filter(|l| l.starts_with(words)).count();
        assert_eq!(count("//% exercise "), count("//% check check::"), "{}", path.display());
        assert!(count("//% exercise ") >= 5, "{}", path.display());
        sets += 1;
    }
    assert!(sets >= 7, "{sets} sets");
}

#[cfg(feature = "neural")]
mod networks {
    use super::*;
    use dfdx::prelude::Cpu;
    use latent::pca::autoencoder::{self as ae, Deep, Plan};
    use latent::vae::net::{Likelihood, Sizes, Vae};

    #[test]
    fn an_autoencoder_from_an_ordinary_start_leaves_the_roll_rolled() {
        let roll = swiss_roll(700, 0.2, &mut rng(4));
        let all = Moments::of(roll.x.view()).unwrap();
        let x = (&roll.x - &all.mean) / all.covariance.diag().mapv(f64::sqrt);
        let cpu = Cpu::default();
        let mut net: Deep<3, 24, 2, f32, Cpu> = Deep::new(&cpu, &mut rng(30));
        let plan = Plan { epochs: 100, batch: 50, rate: 0.01 };
        ae::train(&mut net, x.view(), plan, &cpu, &mut rng(31)).unwrap();
        let z = ae::encode(&net, x.view(), &cpu).unwrap();
        for degrees in 0..180 {
            let (sin, cos) = f64::from(degrees).to_radians().sin_cos();
            let along = &z.column(0) * cos + &z.column(1) * sin;
            let t = spearman(along.view(), roll.t.view()).unwrap().abs();
            assert!(t < 0.7, "{t} at {degrees} degrees");
        }
    }

    #[test]
    fn an_encoder_gives_a_law_of_codes_and_a_decoder_a_law_of_pixels() {
        let sizes = Sizes { pixels: 64, hidden: vec![8], latent: 2 };
        let net: Vae<f32, Cpu> =
            Vae::new(&sizes, Likelihood::Bernoulli, &Cpu::default(), &mut rng(23)).unwrap();
        let x = Array2::<f32>::ones((5, 64));
        let codes = net.codes(x.view()).unwrap();
        assert_eq!((codes.mean.dim(), codes.sd.dim()), ((5, 2), (5, 2)));
        assert!(codes.sd.iter().all(|s| *s > 0.0));
        let (mean, variance) = net.pixels(codes.mean.view()).unwrap();
        assert_eq!((mean.dim(), variance.dim()), ((5, 64), (5, 64)));
        assert!(mean.iter().all(|p| (0.0..=1.0).contains(p)));
        let drawn = net.drawn(codes.mean.view(), &mut rng(24)).unwrap();
        assert_eq!(drawn.dim(), (5, 64));
        assert!(drawn.iter().all(|v| *v == 0.0 || *v == 1.0));
        assert!(net.codes(x.slice(s![.., ..63])).is_err(), "a row too short");
        assert!(net.pixels(Array2::zeros((5, 3)).view()).is_err(), "a code too long");
    }
}

// What cannot be.

#[test]
fn hostile_input_is_refused() {
    let x = two_moons(10, 0.1, &mut rng(25)).x;
    let class = vec![0; 10];
    let mut hole = x.clone();
    hole[[3, 1]] = f64::NAN;
    let net = Net::new(3, &mut rng(26));
    assert!(net.features(hole.view()).is_err());
    assert!(net.features(Array2::zeros((3, 5)).view()).is_err());
    assert!(net.loss(x.view(), &[0, 1]).is_err());
    assert!(net.slopes(x.view(), &[2; 10]).is_err());
    assert!(net.trained(x.view(), &class, 3, f64::NAN).is_err());
    assert!(best_line(Array2::zeros((10, 3)).view(), &class).is_err());
    assert!(best_line(Array2::zeros((0, 2)).view(), &[]).is_err());
    assert!(Twofold::new(f64::NAN, 1.0).is_err() && Twofold::new(1.0, 0.0).is_err());
    assert!(looks(3, -1.0, &mut rng(27)).is_err());
    assert!(cost(&[], &[], 0.0).is_err() && cost(&[1.0], &[0.5], 0.0).is_err());
    assert!(cost(&[1.0], &[0.5, 0.5], 0.0).is_err());
    assert!(cost_of_a_draw(&[], &[]).is_err());
    assert!(cost(&[1.0, f64::NAN], &[0.5, 0.5], 0.0).is_err());
    assert!(shrink(Array2::zeros((2, 64)).view(), 8, 3).is_err());
    assert!(shrink(Array2::zeros((2, 64)).view(), 8, 0).is_err());
    assert!(shrink(Array2::zeros((2, 63)).view(), 8, 2).is_err());
    assert!(alike(x.row(0), x.view(), 11).is_err() && alike(x.row(0), x.view(), 0).is_err());
    assert!(alike(array![1.0].view(), x.view(), 1).is_err());
    assert!(two_costs(array![1.0].view(), x.view()).is_err());
    assert!(middle(Array2::zeros((0, 2)).view()).is_err());
    assert!(pick(&[0, 0, 1], 2, &mut rng(28)).is_err(), "one row of class 1");
    assert!(pick(&[], 1, &mut rng(28)).is_err());
    assert!(accuracy(x.view(), &class, &[10]).is_err());
    assert!(accuracy(x.view(), &class, &[]).is_err());
    assert!(accuracy(x.view(), &[0], &[0]).is_err());
    assert!(walks(hole.view(), 2).is_err() && walks(x.view(), 0).is_err());
    assert!(walks(x.view(), 10).is_err());
    let islands = array![[0.0], [1.0], [100.0], [101.0]];
    assert!(unroll(islands.view(), 1, 1).is_err(), "no road from one island to the other");
    assert!(unroll(x.view(), 9, 0).is_err() && unroll(x.view(), 9, 11).is_err());
    assert!(spearman(x.column(0), array![1.0].view()).is_err());
    assert!(spearman(hole.column(1), x.column(0)).is_err());
}
