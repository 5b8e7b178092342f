//! Chapter 7: the laws of the networks, in f64 where digits count.
use dfdx::prelude::*;
use latent::Error;
use latent::vae::checkpoint::{self, load, net_from, save};
use latent::vae::loss::{loss, terms};
use latent::vae::net::{Table, to_device};
use latent::vae::train::noise;
use latent::vae::{Bend, Form, Likelihood, Objective, OnCpu, Plan, Run, Sizes, Vae};
use ndarray::{Array2, ArrayView1, ArrayView2, Axis, array, s};
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::path::Path;

fn rng(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

fn sizes(pixels: usize, hidden: &[usize], latent: usize) -> Sizes {
    Sizes { pixels, hidden: hidden.to_vec(), latent }
}

const KINDS: [Likelihood; 4] = [
    Likelihood::Bernoulli,
    Likelihood::Gaussian(0.7),
    Likelihood::Shared,
    Likelihood::Predicted,
];

/// A small network in f64, with a spread that is not zero.
fn small(likelihood: Likelihood, hidden: &[usize]) -> Vae<f64, Cpu> {
    let cpu = Cpu::default();
    let mut net = Vae::new(&sizes(6, hidden, 2), likelihood, &cpu, &mut rng(3)).unwrap();
    net.spread = to_device(array![[-0.4]].view(), &cpu).unwrap();
    net
}

fn binary(rows: usize, columns: usize, seed: u64) -> Array2<f64> {
    let mut rng = rng(seed);
    Array2::from_shape_simple_fn((rows, columns), || f64::from(rng.random_bool(0.4)))
}

fn tensor(x: &Array2<f64>) -> Table<f64, Cpu> {
    to_device(x.view(), &Cpu::default()).unwrap()
}

fn eps(rows: usize, seed: u64) -> Table<f64, Cpu> {
    noise((rows, 2), &Cpu::default(), &mut rng(seed)).unwrap()
}

/// A loss, and its slope if it was asked for.
type Judged = (f64, Option<Gradients<f64, Cpu>>);

/// Every slope of a loss against central differences, to 1e-6 of the largest.
fn slopes_hold(
    net: &Vae<f64, Cpu>,
    f: impl Fn(&Vae<f64, Cpu>, Gradients<f64, Cpu>, bool) -> Judged,
) {
    let by_tape = f(net, Gradients::leaky(), true).1.unwrap();
    let mut whole = net.clone();
    let count = whole.parameters().len();
    for p in 0..count {
        let mut probe = net.clone();
        let (rows, columns) = *probe.parameters()[p].1.shape();
        let slope = by_tape.get(&*probe.parameters()[p].1);
        let most = slope.as_vec().iter().fold(1e-3f64, |m, v| m.max(v.abs()));
        for at in 0..rows * columns {
            let (i, j, h) = (at / columns, at % columns, 1e-5);
            let moved = |by: f64| {
                let mut net = net.clone();
                let mut all = net.parameters();
                all[p].1[[i, j]] += by;
                drop(all);
                f(&net, Gradients::leaky(), false).0
            };
            let rise = (moved(h) - moved(-h)) / (2.0 * h);
            let name = probe.parameters()[p].0.clone();
            assert!(
                (rise - slope[[i, j]]).abs() < 1e-6 * most,
                "{name} [{i}, {j}]: {rise} {}",
                slope[[i, j]]
            );
        }
    }
}

fn of_objective(
    x: &Array2<f64>,
    noise: &Table<f64, Cpu>,
    objective: Objective,
) -> impl Fn(&Vae<f64, Cpu>, Gradients<f64, Cpu>, bool) -> Judged {
    let (x, noise) = (tensor(x), noise.clone());
    move |net, slope, back| {
        if !back {
            return (loss(net, x.clone(), noise.clone(), objective).unwrap().array(), None);
        }
        let now = loss(net, x.clone().traced(slope), noise.clone(), objective).unwrap();
        (now.array(), Some(now.backward()))
    }
}

#[test]
fn every_slope_agrees_with_differences() {
    let x = binary(5, 6, 1);
    let plain = Objective::default();
    for likelihood in KINDS {
        let net = small(likelihood, &[4]);
        for form in [Form::Cost, Form::Energy, Form::Weight] {
            let objective = Objective { form, ..plain };
            slopes_hold(&net, of_objective(&x, &eps(5, 2), objective));
        }
        let objective = Objective { form: Form::Weight, draws: 3, weighted: true, beta: 1.0 };
        slopes_hold(&net, of_objective(&x, &eps(15, 2), objective));
        let objective = Objective { draws: 3, beta: 0.25, ..plain };
        slopes_hold(&net, of_objective(&x, &eps(15, 2), objective));
    }
    slopes_hold(&small(Likelihood::Bernoulli, &[]), of_objective(&x, &eps(5, 2), plain));
    let deep = small(Likelihood::Bernoulli, &[5, 3]);
    slopes_hold(&deep, of_objective(&x, &eps(5, 2), plain));
    slopes_hold(&deep.bent(Bend::Relu), of_objective(&x, &eps(5, 2), plain));
}

#[test]
fn three_forms_are_one_bound_and_one_draw_tells_them_apart() {
    let (net, x) = (small(Likelihood::Bernoulli, &[4]), tensor(&binary(1, 6, 4)));
    let draws = 40_000;
    let noise = eps(draws, 5);
    let mean = |form| {
        let objective = Objective { form, draws, weighted: false, beta: 1.0 };
        terms(&net, x.clone(), noise.clone(), objective).unwrap().bound.as_vec()[0]
    };
    let (cost, energy, weight) = (mean(Form::Cost), mean(Form::Energy), mean(Form::Weight));
    assert!(
        (cost - energy).abs() < 0.03 && (cost - weight).abs() < 0.03,
        "{cost} {energy} {weight}"
    );
    let one = |form| {
        let objective = Objective { form, ..Objective::default() };
        terms(&net, x.clone(), eps(1, 6), objective).unwrap().bound.as_vec()[0]
    };
    assert!((one(Form::Cost) - one(Form::Energy)).abs() > 1e-3);
    assert!((one(Form::Weight) - one(Form::Energy)).abs() > 1e-3);
}

#[test]
fn weights_are_drawn_whole_in_any_form() {
    let (net, x) = (small(Likelihood::Bernoulli, &[4]), tensor(&binary(3, 6, 4)));
    let of = |form| {
        let objective = Objective { form, draws: 4, weighted: true, beta: 1.0 };
        terms(&net, x.clone(), eps(12, 5), objective).unwrap().bound.as_vec()
    };
    assert_eq!(of(Form::Cost), of(Form::Weight));
}

#[test]
fn pixels_are_summed_and_rows_are_averaged() {
    let (net, x) = (small(Likelihood::Bernoulli, &[4]), binary(4, 6, 7));
    let noise = eps(4, 8);
    let of = |rows: &Array2<f64>, noise: Table<f64, Cpu>| {
        loss(&net, tensor(rows), noise, Objective::default()).unwrap().array()
    };
    let whole = of(&x, noise.clone());
    let each: f64 = (0..4)
        .map(|i| {
            let one =
                Array2::from_shape_vec((1, 2), noise.as_vec()[2 * i..2 * i + 2].to_vec());
            of(&x.slice(s![i..i + 1, ..]).to_owned(), tensor(&one.unwrap()))
        })
        .sum();
    assert!((whole - each / 4.0).abs() < 1e-12, "the mean over rows");
    // by hand, pixel by pixel
    let code = net.encode(tensor(&x)).unwrap();
    let (m, l) = (code.mean.as_vec(), code.log_variance.as_vec());
    let z: Vec<f64> = noise
        .as_vec()
        .iter()
        .enumerate()
        .map(|(i, e)| m[i] + (0.5 * l[i]).exp() * e)
        .collect();
    let odds = net.decode(tensor(&Array2::from_shape_vec((4, 2), z).unwrap())).unwrap();
    let fit: f64 = odds
        .as_vec()
        .iter()
        .zip(&x)
        .map(|(a, x)| {
            let p = 1.0 / (1.0 + (-a).exp());
            if *x > 0.5 { p.ln() } else { (1.0 - p).ln() }
        })
        .sum();
    let kl: f64 = m.iter().zip(&l).map(|(m, l)| 0.5 * (l.exp() + m * m - 1.0 - l)).sum();
    assert!((whole - (kl - fit) / 4.0).abs() < 1e-12, "the sum over pixels");
}

#[test]
fn gaussian_pixels_are_squares_and_a_constant() {
    let x = binary(3, 6, 9);
    let code = eps(3, 10);
    for sd in [0.1, 1.0, 3.0] {
        let net = small(Likelihood::Gaussian(sd), &[4]);
        let mean = net.decode(code.clone()).unwrap();
        let fit = net.fit(mean.clone(), &tensor(&x)).unwrap().as_vec();
        let mean = Array2::from_shape_vec((3, 6), mean.as_vec()).unwrap();
        for (i, fit) in fit.iter().enumerate() {
            let square: f64 = (&x.row(i) - &mean.row(i)).mapv(|d| d * d).sum();
            let constant = 3.0 * (std::f64::consts::TAU * sd * sd).ln();
            let wanted = -square / (2.0 * sd * sd) - constant;
            assert!((fit - wanted).abs() < 1e-10 * wanted.abs(), "{fit} {wanted}");
        }
    }
    // a shared spread of log-variance l is a fixed one of standard deviation e^(l/2)
    let shared = small(Likelihood::Shared, &[4]);
    let fixed = small(Likelihood::Gaussian((-0.2f64).exp()), &[4]);
    let of = |net: &Vae<f64, Cpu>| {
        let given = shared.decode(code.clone()).unwrap();
        net.fit(given, &tensor(&x)).unwrap().as_vec()
    };
    assert!(of(&shared).iter().zip(of(&fixed)).all(|(a, b)| (a - b).abs() < 1e-12));
}

#[test]
fn predicted_variances_belong_to_their_pixels() {
    let net = small(Likelihood::Predicted, &[4]);
    let given = array![[0.0, 1.0, 2.0, 0.0, 0.0, 0.0, 0.0, -1.0, 2.0, 0.5, 0.0, 0.0]];
    let x = array![[0.5, 1.0, 0.0, 0.0, 1.0, 0.0]];
    let fit = net.fit(tensor(&given), &tensor(&x)).unwrap().as_vec()[0];
    let wanted: f64 = (0..6)
        .map(|d| {
            let sd = (0.5 * given[[0, 6 + d]]).exp();
            latent::gaussian::log_normal(x[[0, d]], given[[0, d]], sd)
        })
        .sum();
    assert!((fit - wanted).abs() < 1e-12);
}

#[test]
fn no_log_odds_are_too_large() {
    let net = small(Likelihood::Bernoulli, &[]);
    let odds = array![[100.0, -100.0, 0.0, 5.0, -800.0, 800.0]];
    let x = array![[1.0, 0.0, 1.0, 0.0, 0.0, 1.0]];
    let a = tensor(&odds).leaky_traced();
    let kept = a.retaped::<NoneTape>();
    let fit = net.fit(a, &tensor(&x)).unwrap();
    let wanted = -2.0 * (-100f64).exp().ln_1p() + 0.5f64.ln() - 5.0 - (-5f64).exp().ln_1p();
    assert!((fit.as_vec()[0] - wanted).abs() < 1e-12);
    let slope = fit.sum::<Rank0, _>().backward().get(&kept).as_vec();
    for (slope, (a, x)) in slope.iter().zip(odds.iter().zip(&x)) {
        assert!((slope - (x - 1.0 / (1.0 + (-a).exp()))).abs() < 1e-12, "x − p");
    }
    let wrong = net.fit(tensor(&odds), &tensor(&(1.0 - &x))).unwrap().as_vec()[0];
    assert!((-1810.0..-1800.0).contains(&wrong), "{wrong}");
}

fn digits() -> (Array2<f32>, Array2<f32>) {
    let x = latent::data::digits().x.mapv(|v| if v >= 8.0 { 1f32 } else { 0.0 });
    (x.slice(s![..1500, ..]).to_owned(), x.slice(s![1500.., ..]).to_owned())
}

fn on_digits(plan: Plan) -> (Run<f32, Cpu>, Vec<latent::vae::Epoch>) {
    let net: OnCpu =
        Vae::new(&sizes(64, &[64], 2), Likelihood::Bernoulli, &Cpu::default(), &mut rng(1))
            .unwrap();
    let mut run = Run::new(net, plan).unwrap();
    let log = run.finish(digits().0.view()).unwrap();
    (run, log)
}

#[test]
fn digits_are_learned_in_two_numbers() {
    let (run, log) = on_digits(Plan { epochs: 200, ..Plan::default() });
    let score = run.net.score(digits().1.view(), 100, &mut rng(2)).unwrap();
    assert!(score.elbo.nats() > -21.4, "{score:?}");
    assert!(score.weighted > score.elbo.nats() + 0.2, "{score:?}");
    assert!(score.elbo.kl > 1.5, "{score:?}");
    // from epoch to epoch the bound may fall; the mean of each twenty is above that of the twenty before
    let bound: Vec<f64> = log.iter().map(|e| e.elbo.nats()).collect();
    assert!(bound.windows(2).any(|w| w[1] < w[0]));
    let means: Vec<f64> = bound.chunks(20).map(|c| c.iter().sum::<f64>() / 20.0).collect();
    assert!(means.windows(2).all(|w| w[1] > w[0]), "{means:?}");
}

#[test]
fn averaging_over_pixels_collapses_the_code() {
    // the mean over 64 pixels beside the sum over the code: β = 64
    let beta = Objective { beta: 64.0, ..Objective::default() };
    let (run, _) = on_digits(Plan { epochs: 40, objective: beta, ..Plan::default() });
    let test = digits().1;
    let score = run.net.score(test.view(), 10, &mut rng(2)).unwrap();
    assert!(score.elbo.kl < 0.01, "{score:?}");
    // as good as a model that knows how often each pixel is black, and nothing else
    let often = digits().0.mapv(f64::from).mean_axis(Axis(0)).unwrap();
    let often = often.mapv(|p| p.clamp(1e-6, 1.0 - 1e-6));
    let row = |x: ArrayView1<f32>| -> f64 {
        x.iter()
            .zip(&often)
            .map(|(x, p)| if *x > 0.5 { p.ln() } else { (1.0 - p).ln() })
            .sum()
    };
    let alone = test.rows().into_iter().map(row).sum::<f64>() / test.nrows() as f64;
    assert!((score.elbo.nats() - alone).abs() < 0.1, "{} {alone}", score.elbo.nats());
    let codes = run.net.codes(test.view()).unwrap();
    assert!(codes.mean.var_axis(Axis(0), 0.0).iter().all(|v| *v < latent::vae::ACTIVE));
    assert!(codes.sd.iter().all(|s| (s - 1.0).abs() < 0.1), "back to the prior");
}

#[test]
fn without_the_cost_the_noise_goes_out_and_with_it_stays() {
    let free = Objective { beta: 0.0, ..Objective::default() };
    let plan = Plan { epochs: 40, ..Plan::default() };
    let mean =
        |run: &Run<f32, Cpu>| run.net.codes(digits().1.view()).unwrap().sd.mean().unwrap();
    let (with, _) = on_digits(plan);
    let (without, _) = on_digits(Plan { objective: free, ..plan });
    let mut long = without.clone();
    long.plan.epochs = 80;
    long.finish(digits().0.view()).unwrap();
    // measured against the spread of the means: the code grows, and its noise does not
    let share = |run: &Run<f32, Cpu>| {
        let means = run.net.codes(digits().1.view()).unwrap().mean;
        mean(run) / means.std_axis(Axis(0), 0.0).mean().unwrap()
    };
    assert!(share(&without) < 0.3 * share(&with), "{} {}", share(&without), share(&with));
    assert!(share(&long) < share(&without));
}

#[test]
fn a_finer_code_fits_better_and_costs_more() {
    let plan = Plan { epochs: 30, ..Plan::default() };
    let at = |beta: f64| {
        let objective = Objective { beta, ..Objective::default() };
        let (run, _) = on_digits(Plan { objective, ..plan });
        run.net.score(digits().1.view(), 20, &mut rng(2)).unwrap().elbo
    };
    let ends = [0.25, 1.0, 4.0].map(at);
    assert!(ends.windows(2).all(|w| w[0].fit > w[1].fit && w[0].kl > w[1].kl), "{ends:?}");
}

fn tiny_run(plan: Plan, likelihood: Likelihood) -> Run<f32, Cpu> {
    let net: OnCpu =
        Vae::new(&sizes(64, &[8], 2), likelihood, &Cpu::default(), &mut rng(5)).unwrap();
    Run::new(net, plan).unwrap()
}

#[test]
fn a_broken_run_ends_where_the_unbroken_one_ends() {
    let x = digits().0;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.safetensors");
    let plan = Plan { epochs: 6, last_rate: 1e-4, ..Plan::default() };
    for likelihood in [Likelihood::Bernoulli, Likelihood::Shared] {
        let mut whole = tiny_run(plan, likelihood);
        whole.finish(x.view()).unwrap();
        let mut broken = tiny_run(plan, likelihood);
        for _ in 0..3 {
            broken.epoch(x.view(), |_| ()).unwrap();
        }
        broken.save(&path).unwrap();
        drop(broken);
        let mut run = Run::resume(&path, plan, &Cpu::default()).unwrap();
        assert_eq!(run.done, 3);
        run.finish(x.view()).unwrap();
        let bits = |run: &mut Run<f32, Cpu>| -> Vec<u32> {
            let all = run.net.parameters();
            all.iter().flat_map(|(_, t)| t.as_vec()).map(f32::to_bits).collect()
        };
        assert_eq!(bits(&mut run), bits(&mut whole));
        let (a, b) = (folder.path().join("a"), folder.path().join("b"));
        run.save(&a).unwrap();
        whole.save(&b).unwrap();
        assert_eq!(std::fs::read(a).unwrap(), std::fs::read(b).unwrap());
    }
}

#[test]
fn networks_come_back_as_they_were_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("net.safetensors");
    let cpu = Cpu::default();
    for (likelihood, hidden) in KINDS.into_iter().zip([&[5usize, 4][..], &[5], &[], &[3]]) {
        let bend = if hidden.len() == 1 { Bend::Relu } else { Bend::Tanh };
        let net: OnCpu =
            Vae::new(&sizes(6, hidden, 2), likelihood, &cpu, &mut rng(5)).unwrap();
        let mut net = net.bent(bend);
        save(&mut net, &path).unwrap();
        let mut back = load(&path, &cpu).unwrap();
        assert_eq!(
            (back.likelihood, back.bend, back.sizes()),
            (likelihood, bend, net.sizes())
        );
        for ((a, x), (b, y)) in net.parameters().iter().zip(back.parameters()) {
            assert_eq!((a, x.as_vec()), (&b, y.as_vec()));
        }
    }
    let refused = |why: &str, bytes: &[u8]| {
        let got = net_from(bytes, &cpu).err().unwrap();
        assert!(got.contains(why), "{got}");
    };
    let whole = std::fs::read(&path).unwrap();
    refused("no whole safetensors file", &whole[..whole.len() - 1]);
    refused("no whole safetensors file", b"");
    refused("no whole safetensors file", &[0xff; 64]);
    let mut bad = whole.clone();
    let end = bad.len();
    bad[end - 4..].copy_from_slice(&f32::NAN.to_le_bytes());
    refused("NaN", &bad);
    let renamed = String::from_utf8_lossy(&whole[8..]).replace("out.bias", "out.bi_s");
    let renamed = [&whole[..8], renamed.as_bytes()].concat();
    assert!(net_from(&renamed, &cpu).is_err());
    let plan = Plan::default();
    let e = Run::resume(&path, plan, &cpu).err().unwrap();
    assert!(e.to_string().contains("holds no table `adam.first"), "{e}");
    let e = load(Path::new("nowhere.safetensors"), &cpu).err().unwrap();
    assert!(matches!(e, Error::File { .. }), "{e}");
}

#[test]
fn a_file_is_replaced_in_one_move() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.csv");
    checkpoint::replace(&path, b"one").unwrap();
    checkpoint::replace(&path, b"two").unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), b"two");
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        1,
        "nothing is left beside it"
    );
    assert!(checkpoint::replace(&folder.path().join("no/log.csv"), b"").is_err());
}

#[test]
fn what_a_likelihood_cannot_hold_is_refused() {
    let x = digits().0;
    let mut run = tiny_run(Plan::default(), Likelihood::Bernoulli);
    let mut with = |value: f32| {
        let mut x = x.clone();
        x[[3, 5]] = value;
        run.epoch(x.view(), |_| ()).unwrap_err()
    };
    assert!(matches!(with(0.5), Error::NotBinary { row: 3, column: 5, value: 0.5, .. }));
    assert!(matches!(with(f32::NAN), Error::NotFinite { row: 3, column: 5, .. }));
    let narrow: ArrayView2<f32> = x.slice(s![.., ..63]);
    assert!(matches!(run.epoch(narrow, |_| ()), Err(Error::Shape { .. })));
    let none = Array2::<f32>::zeros((0, 64));
    assert!(matches!(run.epoch(none.view(), |_| ()), Err(Error::Empty { .. })));
    let grey = x.mapv(|v| 0.25 + 0.5 * v);
    let mut drawn = tiny_run(Plan { drawn: true, ..Plan::default() }, Likelihood::Bernoulli);
    drawn.epoch(grey.view(), |_| ()).unwrap();
    let far = grey.mapv(|v| 2.0 * v);
    assert!(matches!(drawn.epoch(far.view(), |_| ()), Err(Error::NotBinary { .. })));
    let mut gaussian = tiny_run(Plan::default(), Likelihood::Gaussian(0.3));
    gaussian.epoch(grey.view(), |_| ()).unwrap();
    assert!(run.net.score(x.view(), 0, &mut rng(1)).is_err());
    assert!(run.net.images(Array2::zeros((1, 3)).view()).is_err());
}

#[test]
fn impossible_networks_and_plans_are_refused() {
    let cpu = Cpu::default();
    let of = |sizes: Sizes, likelihood| {
        Vae::<f32, Cpu>::new(&sizes, likelihood, &cpu, &mut rng(1))
    };
    for bad in [sizes(0, &[4], 2), sizes(6, &[0], 2), sizes(6, &[4], 0)] {
        assert!(matches!(of(bad, Likelihood::Shared), Err(Error::Range { .. })));
    }
    assert!(of(sizes(6, &[4], 2), Likelihood::Gaussian(0.0)).is_err());
    assert!(of(sizes(6, &[4], 2), Likelihood::Gaussian(f64::NAN)).is_err());
    let net = of(sizes(6, &[4], 2), Likelihood::Bernoulli).unwrap();
    let none = Objective { draws: 0, ..Objective::default() };
    for plan in [
        Plan { batch: 0, ..Plan::default() },
        Plan { rate: 0.0, ..Plan::default() },
        Plan { last_rate: f64::NAN, ..Plan::default() },
        Plan { objective: none, ..Plan::default() },
    ] {
        assert!(matches!(Run::new(net.clone(), plan), Err(Error::Range { .. })));
    }
}

#[test]
fn a_diverged_run_says_where_and_which_term() {
    let x = digits().0.mapv(|v| 100.0 * v);
    let plan = Plan { rate: 100.0, last_rate: 100.0, ..Plan::default() };
    let mut run = tiny_run(plan, Likelihood::Predicted);
    let e = run.finish(x.view()).unwrap_err();
    let Error::Lost { epoch, step, term, rate, .. } = &e else { panic!("{e}") };
    assert!(["the loss", "KL(q ‖ prior)"].contains(term) && *rate == 100.0, "{e}");
    assert_eq!(*epoch, run.done, "the epoch that was not finished");
    let words = format!("epoch {epoch}, step {step} (both from 0): {term}");
    assert!(e.to_string().contains(&words), "{e}");
}

#[test]
fn the_same_seed_gives_the_same_run_and_another_another() {
    let x = digits().0;
    let after = |seed| {
        let mut run =
            tiny_run(Plan { epochs: 1, seed, ..Plan::default() }, Likelihood::Bernoulli);
        run.finish(x.view()).unwrap();
        run.net.out.bias.as_vec()
    };
    assert_eq!(after(1), after(1));
    assert_ne!(after(1), after(2));
}

#[test]
fn the_rate_falls_by_one_factor_an_epoch() {
    let plan = Plan { epochs: 4, rate: 1e-3, last_rate: 1e-6, ..Plan::default() };
    for (epoch, wanted) in [1e-3, 1e-4, 1e-5, 1e-6].into_iter().enumerate() {
        assert!((plan.rate_in(epoch) / wanted - 1.0).abs() < 1e-12);
    }
    assert_eq!(Plan { epochs: 1, ..plan }.rate_in(0), 1e-3);
}
