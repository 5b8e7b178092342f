//! What a page loads. mdBook gives each page ten style sheets and all scripts; here a page keeps what it uses, so that its
//! first words stand after one answer of the server.
use anyhow::{Context, Result, ensure};
use std::collections::BTreeMap;
use std::path::Path;

/// The sheets of a page in mdBook's order; those that set formulas are marked.
pub struct Sheets(Vec<(bool, String)>);

/// Themes that this book does not offer.
const OTHER_THEMES: &[&str] = &[".ayu", ".coal", ".rust"];

impl Sheets {
    /// Reads the sheets that a page of mdBook's links to; addresses in them become relative to the root of the book.
    pub fn of(page: &str, out: &Path) -> Result<Sheets> {
        let mut sheets = Sheets(vec![]);
        for link in links(page) {
            let file = address(link)?.trim_start_matches("../");
            let css =
                std::fs::read_to_string(out.join(file)).with_context(|| file.to_string())?;
            let folder = Path::new(file).parent().unwrap_or(Path::new(""));
            let mut css = rooted(&small(&css), folder)?;
            if link.contains("media=\"print\"") {
                css = format!("@media print{{{css}}}");
            }
            sheets.0.push((file.contains("katex"), css));
        }
        Ok(sheets)
    }

    /// The page with its style inside, and without the scripts that it has no use for.
    pub fn inside(&self, page: &str) -> Result<String> {
        let mut s = page.to_string();
        let up = s.split_once("path_to_root = \"").and_then(|(_, rest)| rest.split_once('"'));
        let up = up.context("no path_to_root")?.0.to_string();
        let mut css = String::new();
        for (formulas, sheet) in &self.0 {
            match (formulas, s.contains("class=\"katex")) {
                (true, true) => css.push_str(&sizes(sheet, &s)),
                (true, false) => {}
                (false, _) => css.push_str(sheet),
            }
        }
        let css = css.replace("url(\"/", &format!("url(\"{up}"));
        let mut style = format!("<style>{css}</style>");
        for link in links(page) {
            s = s.replacen(link, &std::mem::take(&mut style), 1);
        }
        ensure!(style.is_empty(), "no style sheet");
        let figures = live(&s);
        for script in scripts(page).into_iter().filter(|script| idle(script, &figures)) {
            s = s.replacen(&format!("{script}</script>"), "", 1);
        }
        Ok(s)
    }
}

/// The links to style sheets.
fn links(page: &str) -> Vec<&str> {
    let head = page.split("</head>").next().unwrap_or_default();
    tags(head, "<link rel=\"stylesheet\"").collect()
}

fn scripts(page: &str) -> Vec<&str> {
    tags(page, "<script defer src=").collect()
}

fn tags<'a>(page: &'a str, open: &'static str) -> impl Iterator<Item = &'a str> {
    page.match_indices(open).map(move |(at, _)| {
        let end = page[at..].find('>').map_or(page.len(), |end| at + end + 1);
        &page[at..end]
    })
}

fn address(tag: &str) -> Result<&str> {
    let after = tag.split_once("href=\"").context("a link without address")?.1;
    Ok(after.split('"').next().unwrap_or_default())
}

/// The chapters whose live figures stand on the page.
fn live(page: &str) -> Vec<String> {
    let mut found: Vec<String> = page
        .split("data-live=\"")
        .skip(1)
        .filter_map(|part| part.split_once('.').map(|(stem, _)| stem.to_string()))
        .collect();
    found.dedup();
    found
}

/// A script that has nothing to do: listings have their colours already, and a live figure needs its chapter's alone.
fn idle(script: &str, figures: &[String]) -> bool {
    let name = script.rsplit('/').next().unwrap_or_default();
    let name = name.split('-').next().unwrap_or_default();
    if script.contains("/live/") {
        return figures.is_empty()
            || name != "live" && !figures.iter().any(|stem| stem == name);
    }
    script.contains("highlight-")
}

/// Without comments, line breaks and the rules of other themes.
fn small(css: &str) -> String {
    let mut plain = String::new();
    for (i, part) in css.split("/*").enumerate() {
        plain.push_str(if i == 0 {
            part
        } else {
            part.split_once("*/").map_or("", |(_, b)| b)
        });
    }
    let words: Vec<&str> = plain.split_whitespace().collect();
    let mut s = words.join(" ");
    for sign in ["{", "}", ";", ","] {
        s = s.replace(&format!(" {sign}"), sign).replace(&format!("{sign} "), sign);
    }
    rules(&s)
        .into_iter()
        .filter(|rule| {
            let selectors = rule.split('{').next().unwrap_or_default();
            !selectors.split(',').all(|one| OTHER_THEMES.iter().any(|t| one.starts_with(t)))
        })
        .collect()
}

/// The rules of a sheet, each with all that stands in its braces.
fn rules(css: &str) -> Vec<&str> {
    let (mut out, mut depth, mut start) = (vec![], 0, 0);
    for (at, c) in css.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 && (c == '}' || c == ';') {
            out.push(&css[start..=at]);
            start = at + 1;
        }
    }
    out
}

/// The sizes that a page's formulas need, of the eleven times eleven.
fn sizes(css: &str, page: &str) -> String {
    let mut known = BTreeMap::new();
    rules(css)
        .into_iter()
        .filter(|rule| {
            let Some((_, after)) = rule.split_once(".reset-") else { return true };
            let size = after.split([',', '{']).next().unwrap_or_default();
            let words = format!("reset-{} ", size.replace('.', " "));
            *known.entry(words).or_insert_with_key(|words| page.contains(words.trim_end()))
        })
        .collect()
}

/// `url(x)`, relative to a sheet in `folder`, becomes `url("/…")`, from the root of the book.
fn rooted(css: &str, folder: &Path) -> Result<String> {
    let mut parts = css.split("url(");
    let mut out = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let (inside, rest) = part.split_once(')').context("an address without end")?;
        let inside = inside.trim_matches(['"', '\'', ' ']);
        if inside.starts_with("data:") {
            out.push_str(&format!("url(\"{inside}\"){rest}"));
            continue;
        }
        let mut place: Vec<&str> =
            folder.components().filter_map(|c| c.as_os_str().to_str()).collect();
        for step in inside.split('/') {
            match step {
                ".." => _ = place.pop().context("an address above the book")?,
                step => place.push(step),
            }
        }
        out.push_str(&format!("url(\"/{}\"){rest}", place.join("/")));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_shrinks_and_keeps_what_it_says() {
        let css = "/* a */ .navy , .x {\n  color : red;\n}\n.ayu { --bg: 0; }\n.ayu .y, .coal { a: b; }\n@media print { .ayu { c: d } p { e: f; } }\n@charset \"x\";";
        assert_eq!(
            small(css),
            ".navy,.x{color : red;}@media print{.ayu{c: d}p{e: f;}}@charset \"x\";"
        );
    }

    #[test]
    fn addresses_are_told_from_the_root() {
        let folder = Path::new("css/deep");
        assert_eq!(
            rooted("a{b:url(../x.woff2)} c{d:url('data:x')}", folder).unwrap(),
            "a{b:url(\"/css/x.woff2\")} c{d:url(\"data:x\")}"
        );
        assert!(rooted("a{b:url(../../../x)}", folder).is_err());
        assert!(rooted("a{b:url(x}", folder).is_err());
    }

    #[test]
    fn formulas_bring_the_sizes_that_they_use() {
        let css = ".k .s.reset-size6.size3,.k .t.reset-size6.size3{a:b}.k .s.reset-size1.size2{c:d}.k{e:f}";
        let page = "<span class=\"sizing reset-size6 size3\">";
        assert_eq!(
            sizes(css, page),
            ".k .s.reset-size6.size3,.k .t.reset-size6.size3{a:b}.k{e:f}"
        );
    }

    #[test]
    fn a_page_loads_its_own_figures_and_one_style() {
        let page = "<head><link rel=\"stylesheet\" href=\"../a.css\"><link rel=\"stylesheet\" id=\"b\" href=\"../b.css\"></head>\
const path_to_root = \"../\"; <figure data-live=\"em.hill\"><script defer src=\"../book/live/live-1.js\"></script><script defer src=\"../book/live/em-1.js\"></script>\
<script defer src=\"../book/live/pca-1.js\"></script><script defer src=\"../highlight-1.js\"></script><script defer src=\"../book-1.js\"></script>";
        let sheets =
            Sheets(vec![(true, "x{}".into()), (false, "a{b:url(\"/f.svg\")}".into())]);
        assert_eq!(
            sheets.inside(page).unwrap(),
            "<head><style>a{b:url(\"../f.svg\")}</style></head>\
const path_to_root = \"../\"; <figure data-live=\"em.hill\"><script defer src=\"../book/live/live-1.js\"></script><script defer src=\"../book/live/em-1.js\"></script>\
<script defer src=\"../book-1.js\"></script>"
        );
        let still = page.replace(" data-live=\"em.hill\"", " class=\"katex\"");
        let still = sheets.inside(&still).unwrap();
        assert!(still.contains("<style>x{}a{") && !still.contains("/live/"), "{still}");
    }
}
