//! Chapter 1: what networks find that were never told about eigenvectors. Each trains in a second or two.
use dfdx::prelude::*;
use latent::data::{arc, digits, iris};
use latent::linalg::{angle_between, right_singular};
use latent::pca::autoencoder::{self as ae, Deep, Linear, Plan};
use latent::pca::{Origin, Pca, mean_square};
use latent::{Error, gaussian};
use ndarray::{Array1, Array2, ArrayView2, Axis, s};
use rand::{Rng, SeedableRng, rngs::StdRng};

fn rng(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

fn centred(x: ArrayView2<f64>) -> Array2<f64> {
    &x - &(x.sum_axis(Axis(0)) / x.nrows() as f64)
}

fn to_array<const R: usize, const C: usize>(
    t: &Tensor<Rank2<R, C>, f32, Cpu>,
) -> Array2<f64> {
    Array2::from_shape_vec((R, C), t.as_vec().into_iter().map(f64::from).collect()).unwrap()
}

/// The mean distance of each row of `a` to the nearest row of `b`.
fn nearest(a: ArrayView2<f64>, b: ArrayView2<f64>) -> f64 {
    let distance = |u: ndarray::ArrayView1<f64>| {
        b.rows()
            .into_iter()
            .map(|v| mean_square(u.insert_axis(Axis(0)), v.insert_axis(Axis(0))))
            .fold(f64::INFINITY, f64::min)
            .sqrt()
    };
    a.rows().into_iter().map(distance).sum::<f64>() / a.nrows() as f64
}

#[test]
fn a_linear_network_finds_the_subspace_and_not_the_axes() {
    let (x, cpu) = (centred(iris().x.view()), Cpu::default());
    let mut net: Linear<4, 2, f32, Cpu> = Linear::new(&cpu, &mut rng(1));
    let plan = Plan { epochs: 1500, batch: 30, rate: 0.01 };
    let history = ae::train(&mut net, x.view(), plan, &cpu, &mut rng(2)).unwrap();
    let best = Pca::by_svd(x.view(), Origin::Mean).unwrap().keep(2).unwrap();
    let up = to_array(&net.up.weight);
    assert!(angle_between(up.view(), best.w.view()).unwrap() < 1e-3);
    let error = *history.last().unwrap();
    assert!(
        error >= best.discarded() - 1e-5 && error < 1.001 * best.discarded(),
        "{error} {}",
        best.discarded()
    );
    let (a, b) = (up.column(0), up.column(1));
    assert!(
        (a.dot(&b) / (a.dot(&a) * b.dot(&b)).sqrt()).abs() > 0.05,
        "columns need not be orthogonal"
    );
    let product = up.dot(&to_array(&net.down.weight));
    assert!(
        (product - best.w.dot(&best.w.t())).iter().all(|v| v.abs() < 2e-3),
        "only the product is fixed"
    );
}

#[test]
fn the_gradient_of_the_network_is_the_slope_of_its_loss() {
    let cpu = Cpu::default();
    let mut net: Deep<4, 3, 1, f64, Cpu> = Deep::new(&cpu, &mut rng(3));
    let x: ae::Rows<4, f64, Cpu> = ae::to_device(iris().x.slice(s![..10, ..]), &cpu).unwrap();
    let slope = ae::loss(&net, x.clone().traced(net.alloc_grads()))
        .unwrap()
        .backward()
        .get(&net.into.weight);
    for at in [[0, 0], [1, 3], [2, 1]] {
        let before = net.into.weight[at];
        let mut at_step = |h: f64| {
            net.into.weight[at] = before + h;
            ae::loss(&net, x.clone()).unwrap().array()
        };
        let want = (at_step(1e-6) - at_step(-1e-6)) / 2e-6;
        at_step(0.0);
        assert!((slope[at] - want).abs() < 1e-6 * (1.0 + want.abs()), "{} {want}", slope[at]);
    }
}

#[test]
fn the_loss_is_the_mean_over_rows_of_the_sum_over_columns() {
    let cpu = Cpu::default();
    let net: Deep<4, 5, 2, f64, Cpu> = Deep::new(&cpu, &mut rng(4));
    let x = iris().x.view();
    let back = ae::reconstruct(&net, x, &cpu).unwrap();
    let got = ae::loss(&net, ae::to_device(x, &cpu).unwrap()).unwrap().array();
    assert!((got - mean_square(x, back.view())).abs() < 1e-12);
    let (one, back) = (x.slice(s![..1, ..]), back.slice(s![..1, ..])); // a row alone is its own mean
    let got = ae::loss(&net, ae::to_device(one, &cpu).unwrap()).unwrap().array();
    assert!((got - mean_square(one, back)).abs() < 1e-12);
}

#[test]
fn every_row_is_trained_on() {
    let cpu = Cpu::default();
    let mut net: Deep<4, 5, 2, f64, Cpu> = Deep::new(&cpu, &mut rng(4));
    let x = iris().x.slice(s![..7, ..]).to_owned();
    let before = mean_square(x.view(), ae::reconstruct(&net, x.view(), &cpu).unwrap().view());
    let still = Plan { epochs: 1, batch: 1, rate: 0.0 }; // so that each row is met by the same network
    let met = ae::train(&mut net, x.view(), still, &cpu, &mut rng(5)).unwrap();
    assert!((met[0] - before).abs() < 1e-12, "{} {before}", met[0]);
}

/// The least and the greatest code in each column.
fn reach(z: &Array2<f64>) -> (Array1<f64>, Array1<f64>) {
    (
        z.fold_axis(Axis(0), f64::INFINITY, |a, b| a.min(*b)),
        z.fold_axis(Axis(0), f64::NEG_INFINITY, |a, b| a.max(*b)),
    )
}

type ArcNet = Deep<2, 24, 1, f32, Cpu>;

fn arc_net(epochs: usize) -> (Array2<f64>, ArcNet) {
    let (x, cpu) = (arc(400, 0.05, &mut rng(5)).x, Cpu::default());
    let mut net: ArcNet = Deep::new(&cpu, &mut rng(6));
    ae::train(&mut net, x.view(), Plan { epochs, batch: 40, rate: 0.01 }, &cpu, &mut rng(7))
        .unwrap();
    (x, net)
}

#[test]
fn a_deep_network_follows_an_arc_that_a_line_cannot() {
    let (x, net) = arc_net(400);
    let line = Pca::by_svd(x.view(), Origin::Mean)
        .unwrap()
        .keep(1)
        .unwrap()
        .error(x.view())
        .unwrap();
    let back = ae::reconstruct(&net, x.view(), &Cpu::default()).unwrap();
    let curve = mean_square(x.view(), back.view());
    assert!(curve < 0.05 * line, "{curve} {line}");
}

#[test]
fn any_input_comes_out_on_the_curve() {
    let ((_, net), cpu) = (arc_net(100), Cpu::default());
    let mut r = rng(8);
    let noise = Array2::from_shape_fn((50, 2), |_| r.random_range(-2.0..2.0));
    let z = ae::encode(&net, noise.view(), &cpu).unwrap();
    let out = ae::reconstruct(&net, noise.view(), &cpu).unwrap();
    assert_eq!(
        out,
        ae::decode(&net, z.view(), &cpu).unwrap(),
        "the output is the curve at the code"
    );
    // The curve is continuous: points of nearby codes are near each other, all along it.
    let grid = Array1::linspace(
        z.iter().copied().fold(f64::INFINITY, f64::min),
        z.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        4001,
    );
    let curve = ae::decode(&net, grid.insert_axis(Axis(1)).view(), &cpu).unwrap();
    assert!(
        nearest(out.view(), curve.view()) < 2e-3,
        "{}",
        nearest(out.view(), curve.view())
    );
}

#[test]
fn a_decoder_of_zeros_only_says_zero() {
    let zeros = digits().only(0) / 16.0;
    let cpu = Cpu::default();
    let mut net: Deep<64, 32, 2, f32, Cpu> = Deep::new(&cpu, &mut rng(9));
    ae::train(
        &mut net,
        zeros.view(),
        Plan { epochs: 150, batch: 20, rate: 0.003 },
        &cpu,
        &mut rng(10),
    )
    .unwrap();
    let mut r = rng(11);
    let (low, high) = reach(&ae::encode(&net, zeros.view(), &cpu).unwrap());
    let codes = Array2::from_shape_fn((500, 2), |(_, j)| r.random_range(low[j]..high[j]));
    let out = ae::decode(&net, codes.view(), &cpu).unwrap() * 16.0;
    let means: Vec<_> =
        (0..10).map(|c| digits().only(c).mean_axis(Axis(0)).unwrap()).collect();
    let class = |row: ndarray::ArrayView1<f64>| {
        let d = |m: &Array1<f64>| (&row - m).mapv(|v| v * v).sum();
        (0..10).min_by(|&a, &b| d(&means[a]).total_cmp(&d(&means[b]))).unwrap()
    };
    let share = out.rows().into_iter().filter(|r| class(*r) == 0).count() as f64 / 500.0;
    assert!(share >= 0.95, "{share}");
}

#[test]
fn on_unseen_digits_the_network_beats_the_plane_of_the_same_size() {
    let x = digits().x.mapv(|v| v / 16.0);
    let (train, test) = x.view().split_at(Axis(0), 1500);
    let pca = Pca::by_svd(train, Origin::Mean).unwrap().keep(2).unwrap();
    let cpu = Cpu::default();
    let plan = Plan { epochs: 60, batch: 50, rate: 0.003 };
    let mut deep: Deep<64, 64, 2, f32, Cpu> = Deep::new(&cpu, &mut rng(12));
    ae::train(&mut deep, train, plan, &cpu, &mut rng(13)).unwrap();
    let error = |back: Array2<f64>| mean_square(test, back.view());
    let (by_pca, by_deep) = (
        error(pca.reconstruct(test).unwrap()),
        error(ae::reconstruct(&deep, test, &cpu).unwrap()),
    );
    assert!(by_deep < 0.85 * by_pca, "{by_deep} {by_pca}");
    let mut linear: Linear<64, 2, f32, Cpu> = Linear::new(&cpu, &mut rng(14));
    ae::train(
        &mut linear,
        train,
        Plan { epochs: 200, rate: 0.02, ..plan },
        &cpu,
        &mut rng(15),
    )
    .unwrap();
    let on_train = mean_square(train, ae::reconstruct(&linear, train, &cpu).unwrap().view());
    assert!(
        on_train >= pca.discarded() - 1e-4,
        "no linear network beats PCA on the rows it was fitted to: {on_train}"
    );
    assert!(
        on_train < 1.01 * pca.discarded(),
        "and it comes close: {on_train} {}",
        pca.discarded()
    );
    let best_on_test = Pca::by_svd(test, Origin::Mean).unwrap().keep(2).unwrap().discarded();
    assert!(error(ae::reconstruct(&linear, test, &cpu).unwrap()) >= best_on_test);
}

#[test]
fn random_codes_decode_to_places_far_from_the_data() {
    let x = digits().x.mapv(|v| v / 16.0);
    let cpu = Cpu::default();
    let mut net: Deep<64, 64, 10, f32, Cpu> = Deep::new(&cpu, &mut rng(16));
    ae::train(
        &mut net,
        x.view(),
        Plan { epochs: 30, batch: 50, rate: 0.003 },
        &cpu,
        &mut rng(17),
    )
    .unwrap();
    let z = ae::encode(&net, x.view(), &cpu).unwrap();
    let (low, high) = reach(&z);
    let mut r = rng(18);
    let codes = Array2::from_shape_fn((200, 10), |(_, j)| r.random_range(low[j]..high[j]));
    let invented = nearest(ae::decode(&net, codes.view(), &cpu).unwrap().view(), x.view());
    let back = nearest(
        ae::reconstruct(&net, x.slice(s![..200, ..]), &cpu).unwrap().view(),
        x.view(),
    );
    // Probabilistic PCA: codes and pixels both from Gaussians, fitted in closed form.
    let p = Pca::by_svd(x.view(), Origin::Mean).unwrap().keep(10).unwrap();
    let sigma2 = p.discarded() / 54.0;
    let covariance =
        p.w.dot(&Array2::from_diag(&p.variances.slice(s![..10]).mapv(|v| v - sigma2)))
            .dot(&p.w.t())
            + Array2::<f64>::eye(64) * sigma2;
    let drawn = gaussian::sample(200, p.mean.view(), covariance.view(), &mut r).unwrap();
    let ppca = nearest(drawn.view(), x.view());
    println!("invented {invented:.3}, reconstructed {back:.3}, PPCA {ppca:.3}");
    assert!(invented > 1.5 * back, "{invented} {back}");
    assert!(invented > 1.1 * ppca, "{invented} {ppca}");
}

#[test]
fn the_same_seed_trains_the_same_network() {
    let x = centred(iris().x.view());
    let run = || {
        let cpu = Cpu::default();
        let mut net: Deep<4, 6, 1, f32, Cpu> = Deep::new(&cpu, &mut rng(1));
        let history = ae::train(
            &mut net,
            x.view(),
            Plan { epochs: 5, batch: 32, rate: 0.01 },
            &cpu,
            &mut rng(2),
        )
        .unwrap();
        (history, net.out.weight.as_vec())
    };
    assert_eq!(run(), run());
}

#[test]
fn two_trainings_give_codes_of_two_sizes() {
    let (x, cpu) = (centred(iris().x.view()), Cpu::default());
    let spreads = Pca::by_svd(x.view(), Origin::Mean).unwrap().keep(2).unwrap().spreads();
    let sizes: Vec<Array1<f64>> = [21, 22]
        .map(|seed| {
            let mut net: Linear<4, 2, f32, Cpu> = Linear::new(&cpu, &mut rng(seed));
            let plan = Plan { epochs: 1500, batch: 30, rate: 0.01 };
            ae::train(&mut net, x.view(), plan, &cpu, &mut rng(23)).unwrap();
            let codes = centred(ae::encode(&net, x.view(), &cpu).unwrap().view());
            right_singular(codes.view()).unwrap().values / 150f64.sqrt()
        })
        .to_vec();
    let apart = |a: &Array1<f64>, b: &Array1<f64>| (a - b).iter().any(|v| v.abs() > 0.05);
    assert!(apart(&sizes[0], &sizes[1]), "{sizes:?}");
    assert!(sizes.iter().all(|s| apart(s, &spreads)), "{sizes:?} {spreads}");
}

#[test]
fn bad_input_gets_an_error_that_names_it() {
    let cpu = Cpu::default();
    let mut net: Linear<4, 2, f32, Cpu> = Linear::new(&cpu, &mut rng(1));
    let plan = Plan { epochs: 3, batch: 10, rate: 0.01 };
    let x = &iris().x;
    assert!(matches!(
        ae::train(&mut net, digits().x.view(), plan, &cpu, &mut rng(1)),
        Err(Error::Shape { .. })
    ));
    assert!(matches!(
        ae::train(&mut net, Array2::zeros((0, 4)).view(), plan, &cpu, &mut rng(1)),
        Err(Error::Empty { .. })
    ));
    assert!(matches!(
        ae::train(&mut net, x.view(), Plan { batch: 0, ..plan }, &cpu, &mut rng(1)),
        Err(Error::Range { .. })
    ));
    assert!(matches!(
        ae::train(&mut net, x.view(), Plan { rate: -1.0, ..plan }, &cpu, &mut rng(1)),
        Err(Error::Range { .. })
    ));
    assert!(matches!(ae::decode(&net, x.view(), &cpu), Err(Error::Shape { .. })));
    let huge = x * 1e30;
    let e = ae::train(&mut net, huge.view(), plan, &cpu, &mut rng(1)).unwrap_err();
    assert!(matches!(e, Error::Diverged { step: 0, .. }), "{e}");
    let nothing =
        ae::train(&mut net, x.view(), Plan { epochs: 0, ..plan }, &cpu, &mut rng(1)).unwrap();
    assert!(nothing.is_empty());
}
