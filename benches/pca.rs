//! How long PCA and its relatives take, by criterion: `cargo bench -p benches`.
#![allow(missing_docs)]
use criterion::{Criterion, criterion_group, criterion_main};
use latent::data::{digits, mnist, tilted_cloud};
use latent::linalg::second_moment;
use latent::pca::{Origin, Pca, tied};
use rand::{SeedableRng, rngs::StdRng};
use std::hint::black_box;

fn pca(c: &mut Criterion) {
    let x = digits().x.view();
    c.bench_function("digits 1797x64, by_svd", |b| {
        b.iter(|| Pca::by_svd(black_box(x), Origin::Mean))
    });
    c.bench_function("digits 1797x64, by_eigen", |b| {
        b.iter(|| Pca::by_eigen(black_box(x), Origin::Mean))
    });
    let cloud = tilted_cloud(1000, 0.5, 2.0, 0.5, &mut StdRng::seed_from_u64(1));
    let s = second_moment(cloud.view());
    let start = ndarray::array![[0.1], [0.9]];
    c.bench_function("tied autoencoder, 1000 steps in the plane", |b| {
        b.iter(|| tied::descend(black_box(s.view()), start.view(), 0.02, 1000))
    });
}

fn large(c: &mut Criterion) {
    let Ok(set) = mnist::load() else {
        eprintln!(
            "SKIPPED: MNIST is not here; `cargo run -- fetch mnist`, or set LATENT_DATA"
        );
        return;
    };
    let mut group = c.benchmark_group("MNIST 60000x784");
    group.sample_size(10);
    group.bench_function("by_svd", |b| {
        b.iter(|| Pca::by_svd(black_box(set.train.view()), Origin::Mean))
    });
    group.bench_function("by_eigen", |b| {
        b.iter(|| Pca::by_eigen(black_box(set.train.view()), Origin::Mean))
    });
}

criterion_group!(all, pca, large);
criterion_main!(all);
