//! Every link of the built book leads somewhere, no id stands twice, and nothing asks the network.
use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

fn values<'a>(page: &'a str, attribute: &str) -> Vec<&'a str> {
    page.split(&format!(" {attribute}=\""))
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

fn clean(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => _ = out.pop(),
            Component::CurDir => {}
            part => out.push(part),
        }
    }
    out
}

/// All that is wrong with the links of the pages below `out`.
pub fn broken(out: &Path) -> Result<Vec<String>> {
    let mut pages = BTreeMap::new();
    for path in crate::files(out, &|p| crate::has_extension(p, &["html"])) {
        pages.insert(clean(&path), std::fs::read_to_string(&path)?);
    }
    let ids: BTreeMap<&PathBuf, BTreeSet<&str>> =
        pages.iter().map(|(p, s)| (p, values(s, "id").into_iter().collect())).collect();
    let mut bad = vec![];
    for (page, text) in &pages {
        let name = page.strip_prefix(clean(out)).unwrap_or(page).display().to_string();
        let mut seen = BTreeSet::new();
        bad.extend(
            values(text, "id")
                .into_iter()
                .filter(|id| !seen.insert(*id))
                .map(|id| format!("{name}: the id `{id}` stands twice")),
        );
        for link in values(text, "href").into_iter().chain(values(text, "src")) {
            if let Some(why) = wrong(link, page, out, &ids) {
                bad.push(format!("{name}: {why} for `{link}`"));
            }
        }
    }
    Ok(bad)
}

fn wrong(
    link: &str,
    page: &Path,
    out: &Path,
    ids: &BTreeMap<&PathBuf, BTreeSet<&str>>,
) -> Option<&'static str> {
    if link.starts_with("data:") || link.contains("://") {
        return None;
    }
    let (file, fragment) = link.split_once('#').unwrap_or((link, ""));
    let mut target = match file.strip_prefix('/') {
        _ if file.is_empty() => page.to_path_buf(),
        Some(below) => clean(&out.join(below)),
        None => clean(&page.parent().unwrap_or(out).join(file)),
    };
    if target.is_dir() {
        target.push("index.html");
    }
    if !target.exists() {
        return Some("no file");
    }
    (!fragment.is_empty() && ids.get(&target).is_some_and(|known| !known.contains(fragment)))
        .then_some("no id")
}

/// Whatever would fetch from elsewhere when a page is opened: scripts, styles, images, fonts, frames.
pub fn outside(out: &Path) -> Result<Vec<String>> {
    let mut bad = vec![];
    for path in crate::files(out, &|p| crate::has_extension(p, &["html", "css", "js"])) {
        let text = std::fs::read_to_string(&path)?;
        let name = path.strip_prefix(out).unwrap_or(&path).display().to_string();
        let loads = values(&text, "src").into_iter().chain(
            text.split("<link ")
                .skip(1)
                .flat_map(|tag| values(tag.split('>').next().unwrap_or(""), "href")),
        );
        bad.extend(
            loads
                .filter(|l| l.contains("//") && !l.starts_with("data:"))
                .map(|l| format!("{name}: loads {l}")),
        );
        for call in [
            "url(http",
            "url(\"http",
            "url('http",
            "url(//",
            "@import \"http",
            "fetch('http",
            "fetch(\"http",
            "play.rust-lang.org",
            "cdnjs.",
        ] {
            if text.contains(call) {
                bad.push(format!("{name}: contains {call}"));
            }
        }
    }
    Ok(bad)
}
