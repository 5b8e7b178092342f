//! The lists at the end of the book: what it cites, what it claims, and where each function and each equation stands.
use super::Press;
use crate::pieces::Place;
use crate::{code, sources};
use std::collections::BTreeMap;

impl Press<'_> {
    pub(super) fn list(&mut self, what: &str, place: &Place<'_>) -> Result<String, String> {
        match what {
            "bibliography" => {
                Ok(format!("<ul class=\"bibliography\">\n{}</ul>\n", self.bib.list()))
            }
            "claims" => Ok(table(["page", "test"], self.claims_in(place))),
            "functions" => Ok(table(["name", "file", "page"], self.functions(place)?)),
            "equations" => Ok(table(["equation", "page", "lines"], self.equations(place))),
            _ => Err(format!("no such list: `{what}`")),
        }
    }

    fn claims_in(&self, place: &Place<'_>) -> Vec<String> {
        let row = |(test, page): (&String, &std::path::PathBuf)| {
            let (file, line) = &self.tests[test];
            let words = test.rsplit("::").next().unwrap_or(test).replace('_', " ");
            format!(
                "{} | [{words}]({})",
                page_link(page, place),
                line_link(file, *line, place)
            )
        };
        self.claims.iter().map(row).collect()
    }

    /// Whatever has a name in a listing of some page.
    fn functions(&self, place: &Place<'_>) -> Result<Vec<String>, String> {
        let mut rows = BTreeMap::new();
        for (shown, page) in &self.shown {
            let (file, anchor) = shown.split_once(':').unwrap_or((shown, ""));
            let (lines, first) = code::excerpt(self.root, file, anchor)?;
            for (i, line) in lines.lines().enumerate() {
                let Some((kind, name)) = named(line) else { continue };
                let link = line_link(file, first + i, place);
                let row = format!(
                    "`{kind} {name}` | [{file}]({link}) | {}",
                    page_link(page, place)
                );
                rows.insert((name.to_lowercase(), file.to_string()), row);
            }
        }
        Ok(rows.into_values().collect())
    }

    /// Each numbered equation, and the lines of code that compute it or test it.
    fn equations(&self, place: &Place<'_>) -> Vec<String> {
        let mut lines: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let texts: Vec<(String, String)> = sources::all(self.root)
            .into_iter()
            .filter(|file| file.starts_with("src/") || file.starts_with("tests/"))
            .filter_map(|file| {
                let text = std::fs::read_to_string(self.root.join(&file)).ok()?;
                Some((file, text))
            })
            .collect();
        for (file, text) in &texts {
            for (at, label) in code::labels(text) {
                let line = text[..at].matches('\n').count() + 1;
                let link = format!("[{file}:{line}]({})", line_link(file, line, place));
                lines.entry(label).or_default().push(link);
            }
        }
        let mut rows: Vec<_> = self.labels.iter().collect();
        let order = |number: &str| -> Vec<usize> {
            number.split('.').map(|part| part.parse().unwrap_or(usize::MAX)).collect()
        };
        rows.sort_by_key(|(_, (_, number))| order(number));
        let row = |(label, (page, number)): (&String, &(std::path::PathBuf, String))| {
            let words = label.trim_start_matches("eq:").replace('-', " ");
            let to = format!(
                "{}#{}",
                place.to(&page.to_string_lossy()),
                crate::pieces::slug(label)
            );
            let lines = lines.get(label.as_str()).map_or(String::new(), |l| l.join(", "));
            format!("[({number}) {words}]({to}) | {} | {lines}", page_link(page, place))
        };
        rows.into_iter().map(row).collect()
    }
}

fn table<const N: usize>(head: [&str; N], rows: Vec<String>) -> String {
    let rule = vec!["---"; N].join(" | ");
    let rows: String = rows.iter().map(|row| format!("| {row} |\n")).collect();
    format!("| {} |\n| {rule} |\n{rows}\n", head.join(" | "))
}

fn page_link(page: &std::path::Path, place: &Place<'_>) -> String {
    format!("[{}]({})", page.display(), place.to(&page.to_string_lossy()))
}

fn line_link(file: &str, line: usize, place: &Place<'_>) -> String {
    format!("{}#L{line}", place.to(&sources::page(file)))
}

/// What a line of Rust declares: its kind, and its name.
fn named(line: &str) -> Option<(&'static str, &str)> {
    let line = line.trim_start();
    let line = line.strip_prefix("pub ").unwrap_or(line);
    let line = line.strip_prefix("const fn").map_or(line, |_| &line[6..]);
    ["fn", "struct", "enum", "trait"].into_iter().find_map(|kind| {
        let rest = line.strip_prefix(kind)?.strip_prefix(' ')?;
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_')?;
        Some((kind, &rest[..end])).filter(|(_, name)| !name.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn a_line_that_declares_is_told_from_one_that_does_not() {
        assert_eq!(named("    pub fn fit<T>(x: T) {"), Some(("fn", "fit")));
        assert_eq!(named("pub const fn of(n: usize)"), Some(("fn", "of")));
        assert_eq!(named("pub struct Elbo {"), Some(("struct", "Elbo")));
        assert_eq!(named("/// fn is a word"), None);
        assert_eq!(named("let fn_of = 1;"), None);
    }
}
