//! `cargo run -- lab`: from a fresh machine to an open Rust notebook in one command.
//!
//! The kernel links the library as one shared object that was built beforehand; a cell then compiles in a fraction
//! of a second, and all cells share one copy of everything.
use anyhow::{Context, Result, bail, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The kernel's name, as notebooks give it.
const KERNEL: &str = "latent-rust";

/// Sets up what is missing, tries it, and opens the first notebook.
pub fn run(root: &Path, open: bool) -> Result<()> {
    let python = venv(root)?;
    let evcxr = evcxr()?;
    kernel(root, &evcxr)?;
    warm(root, &python)?;
    let desk = desk(root)?;
    if !open {
        eprintln!("Ready: `cargo run -- lab` opens it.");
        return Ok(());
    }
    let first = crate::files(&desk, &|p| crate::has_extension(p, &["ipynb"]))
        .into_iter()
        .next()
        .context("no notebook")?;
    eprintln!(
        "Your own copies are in {}: change them freely. Ctrl-C stops Jupyter.",
        desk.display()
    );
    let status = Command::new(&python)
        .args(["-m", "jupyterlab"])
        .arg(first)
        .env("JUPYTER_PATH", jupyter_path(root))
        .status()?;
    ensure!(status.success(), "Jupyter ended with {status}");
    Ok(())
}

fn place(root: &Path) -> PathBuf {
    root.join("target/lab")
}

fn jupyter_path(root: &Path) -> PathBuf {
    place(root).join("jupyter")
}

/// A Python with JupyterLab, in .venv.
fn venv(root: &Path) -> Result<PathBuf> {
    let folder = root.join(".venv");
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if !python.is_file() {
        let system = ["python3", "python"].into_iter().find(|p| {
            works(Command::new(p).args([
                "-c",
                "import venv, ensurepip, sys; assert sys.version_info >= (3, 10)",
            ]))
        });
        let Some(system) = system else {
            bail!(
                "Python 3.10 or later with its module venv is missing. Debian, Ubuntu: apt install python3-venv. Fedora: dnf install python3. macOS: brew install python. Windows: winget install Python.Python.3.12. Then run this again."
            );
        };
        say("Making .venv");
        must(
            Command::new(system).args(["-m", "venv"]).arg(&folder),
            "the virtual environment could not be made",
        )?;
    }
    if !works(Command::new(&python).args(["-c", "import jupyterlab, nbclient"])) {
        say("Installing JupyterLab into .venv (250 MB on disk)");
        let pip = [
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "jupyterlab>=4.2,<5",
            "nbclient>=0.10,<1",
        ];
        must(
            Command::new(&python).args(pip),
            "JupyterLab could not be installed: is there a network? `pip install jupyterlab nbclient` in .venv must succeed",
        )?;
    }
    // Jupyter would ask the network for news and for updates of itself.
    let settings = folder.join("share/jupyter/lab/settings");
    std::fs::create_dir_all(&settings)?;
    let quiet = r#"{ "@jupyterlab/apputils-extension:notification": { "fetchNews": "false", "checkForUpdates": false } }"#;
    std::fs::write(settings.join("overrides.json"), quiet)?;
    Ok(python)
}

/// The Rust kernel's binary.
fn evcxr() -> Result<PathBuf> {
    let name = format!("evcxr_jupyter{}", std::env::consts::EXE_SUFFIX);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| {
        Some(
            PathBuf::from(
                std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"))?,
            )
            .join(".cargo"),
        )
    });
    let find = || {
        std::env::split_paths(&path)
            .chain(home.clone().map(|h| h.join("bin")))
            .map(|d| d.join(&name))
            .find(|p| p.is_file())
    };
    if find().is_none() {
        say("Installing the Rust kernel evcxr_jupyter: once, about ten minutes on two cores");
        let how = "evcxr_jupyter could not be installed: `cargo install evcxr_jupyter --locked` must succeed (Rust 1.95 or later), or put a prebuilt one from its releases on your PATH";
        must(Command::new("cargo").args(["install", "evcxr_jupyter", "--locked"]), how)?;
    }
    find().context(
        "evcxr_jupyter was installed, but is not on the PATH: add cargo's bin folder to it",
    )
}

/// Builds the library as one shared object, and describes the kernel that links to it.
fn kernel(root: &Path, evcxr: &Path) -> Result<()> {
    say("Building the library for the notebooks");
    let build = [
        "rustc",
        "--package",
        "latent-book",
        "--lib",
        "--crate-type",
        "dylib",
        "--",
        "-C",
        "prefer-dynamic",
    ];
    must(
        Command::new("cargo").current_dir(root).args(build),
        "the library does not compile",
    )?;
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or(root.join("target"), PathBuf::from)
        .join("debug");
    let library = target.join(format!(
        "{}latent{}",
        std::env::consts::DLL_PREFIX,
        std::env::consts::DLL_SUFFIX
    ));
    ensure!(library.is_file(), "{} was not built", library.display());
    // An empty tree of the standard library: the kernel then starts at once, and asks rustup for nothing.
    let empty = place(root).join("no-std-src");
    std::fs::create_dir_all(empty.join("core"))?;
    let (lib, dir) = (library.display(), target.display());
    let flags = format!(
        "-Cprefer-dynamic --extern=latent={lib} -Ldependency={dir}/deps -Clink-arg=-Wl,-rpath,{dir}"
    );
    let prelude = format!(
        ":build_env RUSTFLAGS={flags}\n#![allow(unused)]\nuse latent::prelude::*;\nlatent::notebook::short_panics();\n"
    );
    std::fs::write(
        place(root).join("evcxr.toml"),
        format!("[evcxr]\nopt_level = \"0\"\nprelude = \"\"\"\n{prelude}\"\"\"\n"),
    )?;
    let spec = serde_json::json!({
        "argv": [evcxr, "--control_file", "{connection_file}"],
        "display_name": "Rust (latent)",
        "language": "rust",
        "interrupt_mode": "message",
        "env": { "EVCXR_CONFIG_DIR": place(root), "RUST_SRC_PATH": empty },
    });
    let folder = jupyter_path(root).join("kernels").join(KERNEL);
    std::fs::create_dir_all(&folder)?;
    Ok(std::fs::write(folder.join("kernel.json"), format!("{spec:#}\n"))?)
}

/// Starts the kernel once, draws one figure, and says how long that took: what is slow the first time is past.
fn warm(root: &Path, python: &Path) -> Result<()> {
    let mut try_it = Command::new(python);
    try_it
        .arg(root.join("notebooks/run.py"))
        .arg("--time")
        .env("JUPYTER_PATH", jupyter_path(root))
        .current_dir(place(root));
    must(&mut try_it, "the Rust kernel does not answer (its own words are above)")
}

/// The reader's own copies: made once, and never written over.
fn desk(root: &Path) -> Result<PathBuf> {
    let desk = root.join("lab");
    std::fs::create_dir_all(&desk)?;
    for path in
        crate::files(&root.join("notebooks"), &|p| crate::has_extension(p, &["ipynb"]))
    {
        let name = path.file_name().context("name")?;
        let mine = desk.join(name);
        if !mine.exists() {
            let part = mine.with_extension("part"); // a copy that was broken off is no copy
            std::fs::copy(&path, &part)?;
            std::fs::rename(&part, &mine)?;
        }
    }
    Ok(desk)
}

fn say(what: &str) {
    eprintln!("==> {what}");
}

fn works(command: &mut Command) -> bool {
    command.output().is_ok_and(|o| o.status.success())
}

fn must(command: &mut Command, otherwise: &str) -> Result<()> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => bail!("{otherwise} ({status})"),
        Err(e) => bail!("{otherwise} ({e})"),
    }
}
