//! The bibliography: one BibTeX file, cited by key.
use anyhow::{Context, Result, anyhow};
use biblatex::{Bibliography, ChunksExt, Entry};
use std::collections::BTreeSet;
use std::path::Path;

/// What can be cited, and what has been.
pub struct Bib {
    all: Bibliography,
    cited: BTreeSet<String>,
}

impl Bib {
    pub fn read(file: &Path) -> Result<Self> {
        let text =
            std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
        let all =
            Bibliography::parse(&text).map_err(|e| anyhow!("{}: {e}", file.display()))?;
        Ok(Bib { all, cited: BTreeSet::new() })
    }

    /// "Hotelling, 1933", and notes that it was cited.
    pub fn cite(&mut self, key: &str) -> Option<String> {
        let words = short(self.all.get(key)?);
        self.cited.insert(key.to_string());
        Some(words)
    }

    /// Everything cited, by author, as list items.
    pub fn list(&self) -> String {
        let mut rows: Vec<_> = self
            .cited
            .iter()
            .filter_map(|k| self.all.get(k))
            .map(|e| (short(e), long(e)))
            .collect();
        rows.sort();
        rows.into_iter().map(|(_, row)| row).collect()
    }

    /// Entries that no page cites.
    pub fn unused(&self) -> Vec<String> {
        self.all
            .iter()
            .filter(|e| !self.cited.contains(&e.key))
            .map(|e| e.key.clone())
            .collect()
    }
}

fn field(e: &Entry, name: &str) -> String {
    e.get(name).map(|c| c.format_verbatim()).unwrap_or_default()
}

fn year(e: &Entry) -> String {
    (field(e, "date") + &field(e, "year")).chars().take(4).collect()
}

fn short(e: &Entry) -> String {
    let names: Vec<String> =
        e.author().unwrap_or_default().into_iter().map(|p| p.name).collect();
    let who = match names.as_slice() {
        [a] => a.clone(),
        [a, b] => format!("{a} and {b}"),
        [a, ..] => format!("{a} et al."),
        [] => e.key.clone(),
    };
    format!("{who}, {}", year(e))
}

fn long(e: &Entry) -> String {
    let who: Vec<String> = e
        .author()
        .unwrap_or_default()
        .into_iter()
        .map(|p| match (p.prefix.as_str(), p.name.as_str()) {
            (_, "others") => "and others".to_string(),
            ("", name) => format!("{name}, {}", p.given_name),
            (prefix, name) => format!("{prefix} {name}, {}", p.given_name),
        })
        .collect();
    let places = [
        field(e, "journal") + &field(e, "journaltitle"),
        field(e, "booktitle"),
        field(e, "publisher"),
        field(e, "howpublished"),
        field(e, "institution"),
    ];
    let place = places.into_iter().find(|s| !s.is_empty()).unwrap_or_default();
    let escape = crate::escape;
    format!(
        "<li id=\"ref-{}\">{} ({}). <cite>{}</cite>. {}.</li>\n",
        e.key,
        escape(&who.join("; ").replace("; and", " and")),
        year(e),
        escape(&field(e, "title")),
        escape(&place)
    )
}
