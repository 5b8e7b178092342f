//! The house stays as it is drawn: each chapter's rooms exist, and a module imports only from its left.
use std::path::Path;

/// Rooms and chapters in order; each stands on some before it.
const ROOMS: &[(&str, &[&str])] = &[
    ("error", &[]),
    ("notebook", &[]),
    ("rows", &[]),
    ("linalg", &["error"]),
    ("gaussian", &["error", "linalg"]),
    ("gamma", &["gaussian"]),
    ("data", &["error"]),
    ("plot", &["error", "notebook"]),
    ("pca", &["error", "linalg", "plot"]),
    ("factor_analysis", &["error", "linalg", "gaussian"]),
    ("elbo", &["error", "gaussian"]),
    ("em", &["error", "linalg", "gaussian", "factor_analysis", "elbo"]),
    ("mixture", &["error", "linalg", "gaussian", "rows", "elbo", "em"]),
    ("mean_field", &["error", "linalg", "gaussian", "gamma", "elbo", "em", "mixture"]),
    (
        "vae",
        &[
            "error",
            "linalg",
            "gaussian",
            "data",
            "pca",
            "factor_analysis",
            "elbo",
            "em",
            "mixture",
            "rows",
        ],
    ),
    ("yardstick", &["error", "gaussian", "mixture", "vae"]),
    (
        "blurriness",
        &["error", "linalg", "gaussian", "pca", "elbo", "em", "mixture", "mean_field", "vae"],
    ),
    ("why", &["error", "linalg", "gaussian"]),
    (
        "check",
        &[
            "notebook",
            "data",
            "linalg",
            "gaussian",
            "pca",
            "factor_analysis",
            "elbo",
            "em",
            "mixture",
            "mean_field",
            "vae",
            "blurriness",
            "why",
            "Error",
        ],
    ),
];

/// The chapters written so far: stem and module.
const CHAPTERS: &[&str] = &[
    "pca",
    "factor_analysis",
    "elbo",
    "em",
    "mixture",
    "mean_field",
    "vae",
    "blurriness",
    "why",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(dir: &Path) -> Vec<std::path::PathBuf> {
    let mut out = vec![];
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            out.extend(rust_files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
    out
}

fn files_of(room: &str) -> Vec<std::path::PathBuf> {
    let mut out = rust_files(&root().join("src").join(room));
    out.extend(Some(root().join(format!("src/{room}.rs"))).filter(|p| p.is_file()));
    out
}

#[test]
fn modules_import_from_their_left() {
    for (room, allowed) in ROOMS {
        let files = files_of(room);
        assert!(!files.is_empty(), "no module {room}");
        for file in files {
            let text = std::fs::read_to_string(&file).unwrap();
            for (_, rest) in
                text.match_indices("crate::").map(|(at, w)| (at, &text[at + w.len()..]))
            {
                let name: String =
                    rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                assert!(
                    name == *room || allowed.contains(&name.as_str()),
                    "{}: {room} may not stand on `{name}`",
                    file.display()
                );
            }
        }
    }
}

#[test]
fn every_module_is_in_the_table() {
    for line in std::fs::read_to_string(root().join("src/lib.rs")).unwrap().lines() {
        if let Some(name) = line.strip_prefix("pub mod ").and_then(|l| l.strip_suffix(';')) {
            assert!(
                ROOMS.iter().any(|(room, _)| *room == name),
                "{name} is not in the table of rooms"
            );
        }
    }
}

#[test]
fn every_chapter_has_all_its_rooms() {
    for stem in CHAPTERS {
        for place in [
            format!("chapters/{stem}/index.md"),
            format!("chapters/{stem}/exercises.md"),
            format!("tests/{stem}.rs"),
            format!("notebooks/{stem}.rs"),
            format!("book/src/figures/{stem}/mod.rs"),
            format!("book/live/src/{stem}.rs"),
            format!("book/live/examples/{stem}.rs"),
        ] {
            let there = root().join(&place).is_file();
            let still = *stem == "why" && place.starts_with("book/live"); // nothing moves there
            assert!(there || still, "{place} is missing");
        }
    }
}

#[test]
fn functions_and_files_are_short() {
    for file in rust_files(&root().join("src")) {
        let text = std::fs::read_to_string(&file).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines.len() <= 300, "{}: {} lines", file.display(), lines.len());
        for (start, line) in lines.iter().enumerate() {
            let indent = line.len() - line.trim_start().len();
            let begins = ["fn ", "pub fn ", "pub(crate) fn "]
                .iter()
                .any(|f| line.trim_start().starts_with(f));
            let end =
                lines[start..].iter().position(|l| *l == format!("{}}}", " ".repeat(indent)));
            if let (true, Some(length)) =
                (begins && !line.trim_end().ends_with(['}', ';']), end)
            {
                assert!(
                    length <= 40,
                    "{}:{}: a function of {length} lines",
                    file.display(),
                    start + 1
                );
            }
        }
    }
}
