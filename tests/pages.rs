//! Every claim of the source texts has its place in the book, with a test, a figure or a reading list beside it; every slip of
//! theirs has its entry; every number of a formula has its line.
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The claims of the sources, by chapter: how many there are, from the first number on.
const ROWS: &[(u32, u32, u32)] = &[
    (0, 1, 13),
    (1, 1, 12),
    (2, 1, 15),
    (3, 1, 20),
    (4, 1, 18),
    (5, 1, 20),
    (6, 1, 15),
    (7, 1, 54),
    (7, 60, 63),
    (8, 1, 13),
];

/// Slips in the sources.
const SLIPS: u32 = 60;

/// Calls that show what stands beside them: a test, a picture, a computed number, a book to read.
const SHOWS: [&str; 6] = ["claim", "figure", "fig", "live", "number", "cite"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn pages(dir: &Path) -> Vec<PathBuf> {
    let mut out = vec![];
    for path in std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            out.extend(pages(&path));
        } else if path.extension().is_some_and(|e| e == "md") {
            out.push(path);
        }
    }
    out.sort();
    out
}

/// The sections of a page, each with the words of its heading.
fn sections(text: &str) -> Vec<(String, String)> {
    let mut out = vec![(String::new(), String::new())];
    for line in text.lines() {
        if line.starts_with("# ") || line.starts_with("## ") {
            out.push((line.trim_start_matches('#').trim().into(), String::new()));
        }
        if let Some((_, body)) = out.last_mut() {
            body.push_str(line);
            body.push('\n');
        }
    }
    out
}

/// The calls `{{name arguments}}` of a text.
fn calls(text: &str) -> Vec<(&str, &str)> {
    let inner = text.split("{{").skip(1).filter_map(|rest| rest.split_once("}}"));
    inner.filter_map(|(call, _)| call.trim().split_once(' ')).collect()
}

/// Where a claim of the sources is treated, and what shows it there.
type Places = BTreeMap<String, Vec<(String, Vec<String>)>>;

fn places() -> Places {
    let mut out = Places::new();
    for path in pages(&root().join("chapters")) {
        let page = path.strip_prefix(root().join("chapters")).unwrap().display().to_string();
        for (heading, body) in sections(&std::fs::read_to_string(&path).unwrap()) {
            let calls = calls(&body);
            let shown: Vec<String> = calls
                .iter()
                .filter(|(name, _)| SHOWS.contains(name))
                .map(|(name, what)| format!("{name} {what}"))
                .collect();
            for (_, rows) in calls.iter().filter(|(name, _)| *name == "row") {
                for row in rows.split_whitespace() {
                    let place = (format!("{page}, {heading}"), shown.clone());
                    out.entry(row.into()).or_default().push(place);
                }
            }
        }
    }
    out
}

#[test]
fn every_claim_of_the_sources_has_its_place_and_is_shown_there() {
    let places = places();
    let wanted: BTreeSet<String> = ROWS
        .iter()
        .flat_map(|&(chapter, first, last)| {
            (first..=last).map(move |i| format!("{chapter}.{i:02}"))
        })
        .collect();
    let treated: BTreeSet<String> = places.keys().cloned().collect();
    assert_eq!(treated, wanted, "left: on the pages; right: what the sources claim");
    let bare: Vec<_> = places
        .iter()
        .filter(|(_, places)| places.iter().all(|(_, shown)| shown.is_empty()))
        .collect();
    assert!(bare.is_empty(), "treated, and nothing beside it shows it: {bare:?}");
}

#[test]
fn every_slip_of_the_sources_has_its_entry_in_order() {
    let text = std::fs::read_to_string(root().join("chapters/errata.md")).unwrap();
    let entries: Vec<(u32, &str)> = text
        .lines()
        .filter_map(|line| {
            let cell = line.strip_prefix("| ")?.split(" |").next()?;
            let id = cell.split_once("E-")?.1.get(..2)?;
            let place = format!("<span id=\"e-{id}\">E-{id}</span>");
            assert!(cell.starts_with("E-") || cell.starts_with(&place), "{cell}");
            Some((id.parse().ok()?, line))
        })
        .collect();
    let ids: Vec<u32> = entries.iter().map(|(id, _)| *id).collect();
    assert!(ids.windows(2).all(|w| w[0] <= w[1]), "not in order: {ids:?}");
    let found: BTreeSet<u32> = ids.iter().copied().collect();
    assert_eq!(found, (1..=SLIPS).collect());
    for (_, line) in &entries {
        assert!(line.contains("{{claim "), "no test shows it: {line}");
    }
}

/// The formulas of a page, without listings.
fn formulas(text: &str) -> Vec<String> {
    let prose: String =
        text.split("```").step_by(2).flat_map(|part| part.split('`').step_by(2)).collect();
    let mut out = vec![];
    for (i, part) in prose.split("$$").enumerate() {
        if i % 2 == 1 {
            out.push(part.to_string());
        } else {
            out.extend(part.split('$').skip(1).step_by(2).map(String::from));
        }
    }
    out
}

#[test]
fn formulas_keep_their_backslashes_and_close_their_brackets() {
    let commands = ["heta", "rac{", "abla", "igma", "ight)", "athbf", "ambda"];
    let mut seen = 0;
    for path in pages(&root().join("chapters")) {
        for formula in formulas(&std::fs::read_to_string(&path).unwrap()) {
            seen += 1;
            let bare = formula.replace(r"\{", "").replace(r"\}", "");
            let (open, shut) = (bare.matches('{').count(), bare.matches('}').count());
            assert_eq!(open, shut, "{}: {formula}", path.display());
            // the engine draws the root of a bare letter over the letter
            assert!(!formula.contains(r"\sqrt "), "{}: {formula}", path.display());
            for command in commands {
                for (at, _) in formula.match_indices(command) {
                    let before = formula[..at].chars().next_back().unwrap_or(' ');
                    assert!(before.is_alphabetic(), "{}: {formula}", path.display());
                }
            }
        }
    }
    assert!(seen > 1000, "only {seen} formulas were found");
}

#[test]
fn a_symbol_has_one_row_of_the_notation() {
    let text = std::fs::read_to_string(root().join("chapters/notation.md")).unwrap();
    let mut seen = BTreeMap::new();
    for line in text.lines().filter(|line| line.starts_with("| $")) {
        let symbols = line[2..].split(" | ").next().unwrap_or_default();
        if symbols.contains("chapter") {
            continue; // the row says where the letter means something else
        }
        for symbol in symbols.split("$, $").map(|s| s.trim_matches('$')) {
            if let Some(other) = seen.insert(symbol.to_string(), line) {
                panic!("`{symbol}` stands twice:\n{other}\n{line}");
            }
        }
    }
    assert!(seen.len() > 50, "only {} symbols were found", seen.len());
}
