//! The yardstick: a density's share of a cube is a probability, and more draws come nearer to it from below.
use latent::gaussian::log_normal;
use latent::mixture::{Covariance, Gaussians};
use latent::ndarray::{Array1, Array2, ArrayView2, Axis, array};
use latent::rand::{SeedableRng, rngs::StdRng};
use latent::vae::normal::cdf;
use latent::yardstick::{boxes, cubes};
use latent::{Error, Result};

fn rng(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

/// Independent pixels with mean 1 and standard deviation one half.
fn bells(x: ArrayView2<f64>) -> Result<Array1<f64>> {
    Ok(x.mapv(|x| log_normal(x, 1.0, 0.5)).sum_axis(Axis(1)))
}

/// Every image of three pixels.
fn images() -> Array2<f64> {
    Array2::from_shape_fn((8, 3), |(i, d)| f64::from(i >> d & 1 == 1))
}

#[test]
fn a_flat_density_is_measured_without_error_by_one_draw() {
    // 0.3 on [0, 1), 0.7 on [1, 2): constant in each cube, so every draw says the same
    let steps = |x: ArrayView2<f64>| -> Result<Array1<f64>> {
        Ok(x.mapv(|x| if x < 1.0 { 0.3f64.ln() } else { 0.7f64.ln() }).sum_axis(Axis(1)))
    };
    let x = array![[0.0, 1.0, 1.0]];
    let exact = (0.3f64 * 0.7 * 0.7).ln();
    for draws in [1, 7] {
        assert!((cubes(x.view(), draws, steps, &mut rng(1)).unwrap() - exact).abs() < 1e-12);
    }
}

#[test]
fn many_draws_find_the_share_of_a_bell_and_few_stay_below() {
    let half = cdf(2.0) - cdf(0.0); // of one pixel, by symmetry the same for 0 and 1
    let exact = 3.0 * half.ln();
    let at = |draws| cubes(images().view(), draws, bells, &mut rng(2)).unwrap();
    assert!((at(100_000) - exact).abs() < 0.02, "{} {exact}", at(100_000));
    let mean = |draws| {
        (0..200)
            .map(|seed| cubes(images().view(), draws, bells, &mut rng(seed)).unwrap())
            .sum::<f64>()
            / 200.0
    };
    let (one, four, sixteen) = (mean(1), mean(4), mean(16));
    assert!(
        one < four && four < sixteen && sixteen < exact,
        "{one} {four} {sixteen} {exact}"
    );
}

#[test]
fn the_shares_of_all_images_sum_to_what_lies_in_the_cubes() {
    let total: f64 = images()
        .rows()
        .into_iter()
        .map(|row| {
            let one = row.insert_axis(Axis(0));
            cubes(one, 20_000, bells, &mut rng(3)).unwrap().exp()
        })
        .sum();
    let inside = (cdf(2.0) - cdf(-2.0)).powi(3); // the cubes of all images fill [0, 2)³
    assert!((total - inside).abs() < 0.01, "{total} {inside}");
}

#[test]
fn differences_of_phi_are_what_many_draws_find_and_sum_to_one() {
    let means = array![[0.4, 1.2, 0.7], [1.5, 0.3, 1.0]];
    let variances = array![[0.3, 0.2, 0.5], [0.4, 0.6, 0.25]];
    let weights = array![0.3, 0.7];
    let model = Gaussians::new(weights, means, Covariance::Diagonal(variances)).unwrap();
    let exact = boxes(&model, images().view()).unwrap();
    let densities = |x: ArrayView2<f64>| model.log_densities(&x.to_owned());
    let drawn = cubes(images().view(), 20_000, densities, &mut rng(4)).unwrap();
    assert!((exact - drawn).abs() < 0.02, "{exact} {drawn}");
    // every cube of a lattice that holds nearly all of the mass
    let cells =
        (0..1000).map(|i| [i % 10, i / 10 % 10, i / 100].map(|at| f64::from(at) - 4.0));
    let total: f64 =
        cells.map(|cell| boxes(&model, array![cell].view()).unwrap().exp()).sum();
    assert!((total - 1.0).abs() < 1e-6, "{total}");
    assert!(boxes(&model, array![[0.0, 1.0]].view()).is_err());
}

#[test]
fn hostile_images_and_no_draws_are_refused() {
    let x = array![[0.0, f64::NAN]];
    assert!(matches!(cubes(x.view(), 1, bells, &mut rng(1)), Err(Error::NotFinite { .. })));
    assert!(cubes(images().view(), 0, bells, &mut rng(1)).is_err());
    let short = |_: ArrayView2<f64>| Ok(Array1::zeros(3));
    assert!(cubes(images().view(), 1, short, &mut rng(1)).is_err());
}
