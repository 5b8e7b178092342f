//! The whole book as one file: an EPUB made from the pages, or a PDF printed by a browser.
use crate::{escape, press, xhtml};
use anyhow::{Context, Result, ensure};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const TITLE: &str = "Latent variables";
const NOT_THERE: &str = "no Chromium, Chrome or Edge is on the PATH; any of them prints the book: open print.html in book/html, and print it there";
const BROWSERS: [&str; 6] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
];

/// A page of the book: its title, its place among the others, and how deep it lies.
pub struct Page {
    /// As in the table of contents, with its number.
    pub title: String,
    /// The address, as `pca/line.html`.
    pub file: String,
    /// 1 for a chapter, 2 for a section of one.
    pub depth: usize,
}

/// Renders the book, and prints it into book/latent.pdf.
pub fn pdf(root: &Path) -> Result<PathBuf> {
    let browser = BROWSERS.into_iter().find(|name| {
        std::process::Command::new(name)
            .arg("--version")
            .output()
            .is_ok_and(|o| o.status.success())
    });
    let browser = browser.context(NOT_THERE)?;
    let html = press::build(root)?;
    let (from, to) = (html.join("paper.html"), root.join("book/latent.pdf"));
    let new = html.join("paper.pdf"); // so that an old one does not pass for it
    let page = std::fs::read_to_string(html.join("print.html"))?;
    std::fs::write(&from, on_paper(&page, &press::pages(root)?))?;
    let mut words = vec![
        "--headless".to_string(),
        "--no-pdf-header-footer".into(),
        "--generate-pdf-document-outline".into(),
        "--virtual-time-budget=60000".into(),
        format!("--print-to-pdf={}", new.display()),
        format!("file://{}", from.display()),
    ];
    if is_root() {
        words.insert(0, "--no-sandbox".into()); // as root it starts in no other way
    }
    let done = std::process::Command::new(browser).args(words).output();
    std::fs::remove_file(from)?;
    let done = done?;
    let said = String::from_utf8_lossy(&done.stderr);
    ensure!(done.status.success() && new.is_file(), "{browser} printed nothing: {said}");
    std::fs::rename(new, &to)?;
    Ok(to)
}

/// The whole book as paper wants it: no link leads to a page of sources, of which there are none, and a chapter begins a new
/// page, but not each of its sections.
fn on_paper(book: &str, pages: &[Page]) -> String {
    let mut parts = book.split(" href=\"source/");
    let mut out = parts.next().unwrap_or_default().to_string();
    for part in parts {
        out.push_str(part.split_once('"').map_or("", |(_, rest)| rest));
    }
    let mut sections = out.split(BREAK);
    let mut book = sections.next().unwrap_or_default().to_string();
    for (i, section) in sections.enumerate() {
        if pages.get(i + 1).is_none_or(|page| page.depth <= 1) {
            book.push_str(BREAK);
        }
        book.push_str(section);
    }
    book
}

const BREAK: &str = "<div style=\"break-before: page; page-break-before: always;\"></div>";

#[cfg(unix)]
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|about| about.uid() == 0)
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}

/// Renders the book, and packs it into book/latent.epub. The same pages give the same bytes: no date of today is in it.
pub fn epub(root: &Path) -> Result<PathBuf> {
    let (html, pages) = (press::build(root)?, press::pages(root)?);
    let (to, beside) = (root.join("book/latent.epub"), root.join("book/latent.epub.new"));
    let mut zip = ZipWriter::new(File::create(&beside)?);
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    zip.start_file("mimetype", stored)?; // first, and not packed: that is how an EPUB is known
    zip.write_all(b"application/epub+zip")?;
    let mut add = |name: &str, text: &str| -> Result<()> {
        zip.start_file(name, packed)?;
        Ok(zip.write_all(text.as_bytes())?)
    };
    add("META-INF/container.xml", CONTAINER)?;
    for page in &pages {
        let text = std::fs::read_to_string(html.join(&page.file))?;
        let body = xhtml::of(&text, |to| inside(to, &page.file, &pages))
            .with_context(|| page.file.clone())?;
        add(&format!("book/{}", renamed(&page.file)), &whole(page, &body))?;
    }
    add("book/book.css", CSS)?;
    add("book/nav.xhtml", &contents(&pages))?;
    add("book/content.opf", &package(&pages))?;
    zip.finish()?;
    std::fs::rename(beside, &to)?;
    Ok(to)
}

fn renamed(file: &str) -> String {
    file.replace(".html", ".xhtml")
}

/// Where a link leads inside the EPUB: to another page, or nowhere, for the sources are not packed.
fn inside(to: &str, from: &str, pages: &[Page]) -> Option<String> {
    if to.contains("://") {
        return Some(to.to_string());
    }
    let file = to.split('#').next().unwrap_or_default();
    let mut place: Vec<&str> = from.split('/').collect();
    place.pop();
    for part in file.split('/') {
        match part {
            ".." => _ = place.pop(),
            part => place.push(part),
        }
    }
    let place = place.join("/");
    pages.iter().any(|page| page.file == place).then(|| renamed(to))
}

fn whole(page: &Page, body: &str) -> String {
    let up = "../".repeat(page.file.matches('/').count());
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" xml:lang=\"en\" lang=\"en\"><head><title>{}</title><link rel=\"stylesheet\" href=\"{up}book.css\"/></head><body>{body}</body></html>\n",
        escape(&page.title)
    )
}

fn contents(pages: &[Page]) -> String {
    let lines: String = pages
        .iter()
        .map(|p| {
            let class = if p.depth > 1 { " class=\"deep\"" } else { "" };
            format!(
                "<li{class}><a href=\"{}\">{}</a></li>\n",
                renamed(&p.file),
                escape(&p.title)
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:epub=\"http://www.idpf.org/2007/ops\" xml:lang=\"en\" lang=\"en\"><head><title>Contents</title><link rel=\"stylesheet\" href=\"book.css\"/></head><body><nav epub:type=\"toc\"><h1>Contents</h1><ol>\n{lines}</ol></nav></body></html>\n"
    )
}

fn package(pages: &[Page]) -> String {
    let (mut manifest, mut spine) = (String::new(), String::new());
    for (i, page) in pages.iter().enumerate() {
        manifest.push_str(&format!(
            "<item id=\"p{i}\" href=\"{}\" media-type=\"application/xhtml+xml\" properties=\"mathml svg\"/>\n",
            renamed(&page.file)
        ));
        spine.push_str(&format!("<itemref idref=\"p{i}\"/>\n"));
    }
    let version = env!("CARGO_PKG_VERSION");
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\" unique-identifier=\"id\" xml:lang=\"en\">\n<metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:identifier id=\"id\">latent-book-{version}</dc:identifier><dc:title>{TITLE}</dc:title><dc:language>en</dc:language><dc:rights>Prose and figures: CC BY 4.0. Code: MIT or Apache-2.0.</dc:rights><meta property=\"dcterms:modified\">2026-01-01T00:00:00Z</meta></metadata>\n<manifest>\n<item id=\"nav\" href=\"nav.xhtml\" media-type=\"application/xhtml+xml\" properties=\"nav\"/>\n<item id=\"css\" href=\"book.css\" media-type=\"text/css\"/>\n{manifest}</manifest>\n<spine>\n{spine}</spine>\n</package>\n"
    )
}

const CONTAINER: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<container version=\"1.0\" xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\"><rootfiles><rootfile full-path=\"book/content.opf\" media-type=\"application/oebps-package+xml\"/></rootfiles></container>\n";

const CSS: &str = "body { line-height: 1.5; } h1 a, h2 a, h3 a { color: inherit; text-decoration: none; } figure { margin: 1em 0; page-break-inside: avoid; } figcaption { font-size: 0.85em; } svg { width: 100%; height: auto; } pre { font-size: 0.75em; white-space: pre-wrap; } table { border-collapse: collapse; font-size: 0.85em; } th, td { border: 1px solid #8888; padding: 0.2em 0.5em; text-align: left; } .aside { display: none; } .claim { text-decoration: none; } .eq { display: block; text-align: center; margin: 0.6em 0; } blockquote, .exercise { border-left: 3px solid #8888; padding-left: 0.8em; margin-left: 0; } nav ol { list-style: none; padding: 0; } .deep { margin-left: 1.2em; } .code-word { font-weight: bold; } .code-note { font-style: italic; }\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paper_has_no_links_to_sources_and_breaks_before_chapters_alone() {
        let page = |depth| Page { title: String::new(), file: String::new(), depth };
        let book = format!(
            "a<a class=\"claim\" href=\"source/x.html#L1\" title=\"y\">{BREAK}b{BREAK}c"
        );
        assert_eq!(
            on_paper(&book, &[page(1), page(2), page(1)]),
            format!("a<a class=\"claim\" title=\"y\">b{BREAK}c")
        );
    }
}
