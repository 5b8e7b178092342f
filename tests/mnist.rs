//! PCA of MNIST against scikit-learn's full solver, where the set is at hand: `cargo run -- fetch mnist`, or LATENT_DATA.
use latent::data::mnist;
use latent::pca::{Origin, Pca};

#[test]
fn pca_of_sixty_thousand_digits() {
    let set = match mnist::load() {
        Ok(set) => set,
        Err(e) => return eprintln!("SKIPPED: {e}"),
    };
    assert_eq!(set.train.dim(), (60_000, 784));
    assert_eq!(set.test.dim(), (10_000, 784));
    assert_eq!(set.train_class.iter().filter(|c| **c == 1).count(), 6742);
    assert!((set.train.mean().unwrap() - 0.130_660_476_3).abs() < 1e-9);
    let fit = Pca::by_eigen(set.train.view(), Origin::Mean).unwrap();
    // Pixels divided by 255, variances divided by N.
    assert!((fit.variances.sum() - 52.725_035).abs() < 1e-6, "{}", fit.variances.sum());
    for (j, want) in [5.116_788, 3.741_328, 3.252_654].into_iter().enumerate() {
        assert!((fit.variances[j] - want).abs() < 1e-6, "{} {want}", fit.variances[j]);
    }
    assert!((fit.shares()[49] - 0.8246).abs() < 5e-5, "{}", fit.shares()[49]);
    let kept = fit.keep(50).unwrap();
    let (train, test) = (kept.discarded(), kept.error(set.test.view()).unwrap());
    assert!(
        (test / train - 1.0).abs() < 0.05,
        "new digits lose about as much: {train} {test}"
    );
}
