//! The press: it draws the figures, sets the pages, serves them, and checks that everything in them is true.
//!
//! `cargo run` is its one door; see [`cli`].
pub mod cli;
pub mod figures;

mod bar;
mod bib;
mod check;
mod code;
mod exercise;
mod fetch;
mod flow;
mod lab;
mod lean;
mod links;
mod live;
mod markdown;
mod minutes;
mod paint;
mod pieces;
mod press;
mod reproduce;
mod runs;
mod serve;
mod sets;
mod shell;
mod sources;
mod tex;
mod train;
mod whole;
mod xhtml;

pub use check::run as check;
pub use exercise::{Set, notebook};
pub use fetch::{Job, download};
pub use links::{broken as broken_links, outside as loads_from_outside};
pub use press::build;

use std::path::{Path, PathBuf};

/// All files below `dir` that `keep` accepts, sorted.
pub(crate) fn files(dir: &Path, keep: &dyn Fn(&Path) -> bool) -> Vec<PathBuf> {
    let mut out = vec![];
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            out.extend(files(&path, keep));
        } else if keep(&path) {
            out.push(path);
        }
    }
    out.sort();
    out
}

/// Has one of these extensions?
pub(crate) fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    path.extension().and_then(|e| e.to_str()).is_some_and(|e| extensions.contains(&e))
}

/// A hash of files' names and lines, the same whatever ends a line. A comment in Rust changes nothing.
pub(crate) fn fingerprint(files: &[PathBuf]) -> String {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    for file in files {
        hash.update(file.file_name().unwrap_or_default().as_encoded_bytes());
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let rust = has_extension(file, &["rs"]);
        for line in text.lines().filter(|l| !(rust && l.trim_start().starts_with("//"))) {
            hash.update(line.as_bytes());
            hash.update(b"\n");
        }
    }
    hex(&hash.finalize())[..16].to_string()
}

/// Lines without their common indentation.
pub(crate) fn dedent(lines: &[&str]) -> String {
    let filled = lines.iter().filter(|l| !l.trim().is_empty());
    let indent = filled.map(|l| l.len() - l.trim_start().len()).min().unwrap_or(0);
    lines.iter().map(|l| l.get(indent..).unwrap_or("")).collect::<Vec<_>>().join("\n")
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// The text of HTML.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
