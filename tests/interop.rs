//! The networks in PyTorch and here are the same functions. `tests/interop/vae.py` writes what PyTorch computes:
//!
//!     python3 tests/interop/vae.py target/interop
//!     cargo test --test interop -- --ignored
use dfdx::prelude::Cpu;
use latent::vae::net::{Table, to_device};
use latent::vae::{Objective, OnCpu, checkpoint, loss::terms};
use ndarray::{Array2, s};
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn table(rows: &serde_json::Value) -> Array2<f64> {
    let rows = rows.as_array().unwrap();
    let flat: Vec<f64> = rows
        .iter()
        .flat_map(|r| r.as_array().unwrap())
        .map(|v| v.as_f64().unwrap())
        .collect();
    Array2::from_shape_vec((rows.len(), flat.len() / rows.len()), flat).unwrap()
}

fn tensor(x: &Array2<f64>) -> Table<f32, Cpu> {
    to_device(x.mapv(|v| v as f32).view(), &Cpu::default()).unwrap()
}

/// The decoder's images to 1e-5, and the bound of the test rows to 1e-4 nats.
fn agrees(net: &OnCpu, answers: &Path) {
    let text = std::fs::read_to_string(answers).unwrap_or_else(|e| {
        panic!("{}: {e}: run tests/interop/vae.py first", answers.display())
    });
    let theirs: serde_json::Value = serde_json::from_str(&text).unwrap();
    let images = net.images(table(&theirs["z"]).view()).unwrap();
    let worst = (&images - &table(&theirs["images"])).fold(0f64, |m, d| m.max(d.abs()));
    assert!(worst < 1e-5, "{worst}");
    let x = latent::data::digits().x.mapv(|v| f64::from(u8::from(v >= 8.0)));
    let x = x.slice(s![1500.., ..]).to_owned();
    let noise = tensor(&table(&theirs["noise"]));
    let rows = terms(net, tensor(&x), noise, Objective::default()).unwrap().bound;
    let sum: f64 = rows.as_vec().into_iter().map(f64::from).sum();
    let (ours, theirs) = (sum / x.nrows() as f64, theirs["bound"].as_f64().unwrap());
    assert!((ours - theirs).abs() < 1e-4, "{ours} {theirs}");
}

#[test]
#[ignore = "needs PyTorch's answers: tests/interop/vae.py"]
fn pytorch_computes_the_same_from_weights_trained_here() {
    for name in ["digits-2", "digits-10"] {
        let weights = root().join(format!("book/runs/{name}/weights.safetensors"));
        let net = checkpoint::load(&weights, &Cpu::default()).unwrap();
        agrees(&net, &root().join(format!("target/interop/{name}.json")));
    }
}

#[test]
#[ignore = "needs PyTorch's answers: tests/interop/vae.py"]
fn weights_trained_by_pytorch_compute_the_same_here() {
    let weights = root().join("target/interop/torch.safetensors");
    let net = checkpoint::load(&weights, &Cpu::default()).unwrap();
    assert_eq!(net.sizes().hidden, [48, 24]);
    agrees(&net, &root().join("target/interop/torch.json"));
}
