//! Lines of source for a page: cut out by anchor, with equation labels turned into numbers.
use std::path::Path;

/// The lines of one anchor, or of the whole file, without their common indentation; and the number of the first.
pub fn excerpt(root: &Path, file: &str, anchor: &str) -> Result<(String, usize), String> {
    let text =
        std::fs::read_to_string(root.join(file)).map_err(|e| format!("{file}: {e}"))?;
    let (mut inside, mut found, mut first, mut lines) =
        (anchor.is_empty(), anchor.is_empty(), 1, vec![]);
    for (i, line) in text.lines().enumerate() {
        let mark = |word: &str| {
            line.trim_start()
                .strip_prefix("// ")
                .and_then(|l| l.strip_prefix(word))
                .is_some_and(|name| name.trim() == anchor)
        };
        if mark("ANCHOR:") {
            (inside, found, first) = (true, true, i + 2);
        } else if mark("ANCHOR_END:") {
            inside = false;
        } else if inside && !line.trim_start().starts_with("// ANCHOR") {
            lines.push(line);
        }
    }
    if !found || lines.is_empty() {
        return Err(format!("{file} has no lines for the anchor `{anchor}`"));
    }
    Ok((crate::dedent(&lines), first))
}

/// Every `(eq:name)` in a text, with the byte where it stands.
pub fn labels(text: &str) -> Vec<(usize, &str)> {
    let mut out = vec![];
    for (at, _) in text.match_indices("(eq:") {
        if let Some(end) = text[at..].find(')') {
            out.push((at, &text[at + 1..at + end]));
        }
    }
    out
}
