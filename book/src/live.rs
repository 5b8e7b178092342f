//! Live figures: the library's own code as WebAssembly. The .wasm files are committed, with a stamp of the code
//! that made them, so that a machine without the wasm target still builds the whole book.
use anyhow::{Context, Result, bail, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The chapters with a live figure: `book/live/<stem>.{rs→wasm,html,js}`.
pub const STEMS: [&str; 8] =
    ["pca", "factor_analysis", "elbo", "em", "mixture", "mean_field", "vae", "blurriness"];

/// Parts of the library that a page's WebAssembly goes without.
const OPTIONAL: [&str; 19] = [
    "plot",
    "check",
    "blurriness/critic.rs",
    "blurriness/iaf.rs",
    "blurriness/masked.rs",
    "pca/autoencoder.rs",
    "vae/adam.rs",
    "vae/checkpoint.rs",
    "vae/digits.rs",
    "vae/engine.rs",
    "vae/fast",
    "vae/local.rs",
    "vae/loss.rs",
    "vae/net.rs",
    "vae/pixel.rs",
    "vae/procedures.rs",
    "vae/sample.rs",
    "vae/score.rs",
    "vae/train.rs",
];

/// The most that a figure's WebAssembly may weigh, packed by gzip.
const MOST: usize = 60_000;

fn folder(root: &Path) -> PathBuf {
    root.join("book/live")
}

/// What a page needs to steer the figure `stem.name`.
pub fn controls(root: &Path, name: &str) -> Result<String> {
    let path = folder(root).join(format!("{name}.html"));
    std::fs::read_to_string(&path)
        .with_context(|| format!("live figure `{name}`: {}", path.display()))
}

/// Everything that ends up in a live figure: the library without its optional parts, and the figure itself.
fn sources(root: &Path) -> Vec<PathBuf> {
    let rust =
        |dir: &str| crate::files(&root.join(dir), &|p| crate::has_extension(p, &["rs"]));
    let mut out = rust("src");
    // Of the path inside src: the folder that the book lies in may well be called "check".
    let optional = OPTIONAL.map(|p| root.join("src").join(p));
    out.retain(|p| !optional.iter().any(|o| p.starts_with(o)));
    out.extend(rust("book/live/src"));
    out.extend(rust("book/live/examples"));
    out.push(root.join("book/live/Cargo.toml"));
    out
}

fn stamp_path(root: &Path) -> PathBuf {
    folder(root).join("wasm.stamp")
}

/// The committed WebAssembly is that of the code, and each file is the one that was stamped.
pub fn fresh(root: &Path) -> Result<bool> {
    Ok(std::fs::read_to_string(stamp_path(root))
        .is_ok_and(|s| s == stamp(root).unwrap_or_default()))
}

fn stamp(root: &Path) -> Result<String> {
    use sha2::{Digest, Sha256};
    let mut out = format!("sources {}\n", crate::fingerprint(&sources(root)));
    for stem in STEMS {
        let bytes = std::fs::read(folder(root).join(format!("{stem}.wasm")))?;
        out += &format!("{stem}.wasm {}\n", crate::hex(&Sha256::digest(&bytes)));
    }
    Ok(out)
}

const REMEDY: &str = "the live figures are older than their code: `rustup target add wasm32-unknown-unknown`, then `cargo run -- build`";

/// Builds the WebAssembly if it is stale and this machine can; says so if it cannot.
pub fn refresh(root: &Path) -> Result<()> {
    if fresh(root)? {
        return Ok(());
    }
    // A machine without rustup names another cargo: see book/live/wasm-cargo.sh.
    let other = std::env::var("WASM_CARGO").ok();
    if other.is_none() && !target_installed() {
        eprintln!("warning: {REMEDY}");
        return Ok(());
    }
    let target = root.join("target/live");
    for stem in STEMS {
        let mut build = Command::new(other.as_deref().unwrap_or("cargo"));
        build.current_dir(root).args([
            "build",
            "--quiet",
            "--profile",
            "wasm",
            "--target",
            "wasm32-unknown-unknown",
        ]);
        build.args(["--package", "live", "--example", stem, "--target-dir"]).arg(&target);
        ensure!(
            build.status().context("cargo")?.success(),
            "the live figure `{stem}` does not compile"
        );
        let made = target.join(format!("wasm32-unknown-unknown/wasm/examples/{stem}.wasm"));
        std::fs::copy(&made, folder(root).join(format!("{stem}.wasm")))
            .with_context(|| made.display().to_string())?;
    }
    Ok(std::fs::write(stamp_path(root), stamp(root)?)?)
}

fn target_installed() -> bool {
    let out = Command::new("rustc")
        .args(["--print", "target-libdir", "--target", "wasm32-unknown-unknown"])
        .output();
    out.is_ok_and(|o| Path::new(String::from_utf8_lossy(&o.stdout).trim()).is_dir())
}

/// Puts the WebAssembly beside the pages.
pub fn copy(root: &Path, out: &Path) -> Result<()> {
    std::fs::create_dir_all(out.join("live"))?;
    for stem in STEMS {
        let from = folder(root).join(format!("{stem}.wasm"));
        if from.is_file() {
            std::fs::copy(&from, out.join(format!("live/{stem}.wasm")))?;
        }
    }
    Ok(())
}

/// Refuses stale or heavy WebAssembly.
pub fn check(root: &Path) -> Result<()> {
    if !fresh(root)? {
        bail!(REMEDY);
    }
    for stem in STEMS {
        let bytes = std::fs::read(folder(root).join(format!("{stem}.wasm")))?;
        let mut gzip = flate2::write::GzEncoder::new(vec![], flate2::Compression::best());
        std::io::Write::write_all(&mut gzip, &bytes)?;
        let weight = gzip.finish()?.len();
        ensure!(
            weight <= MOST,
            "the live figure `{stem}` weighs {weight} bytes packed, more than {MOST}"
        );
        eprintln!("live figure {stem}: {} bytes, {weight} packed", bytes.len());
    }
    Ok(())
}
