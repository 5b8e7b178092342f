//! Small repairs to the page that mdBook puts around the text. Each must match once: an mdBook that changes its
//! page fails the build here, instead of losing the repair without a word.
use anyhow::{Context, Result, ensure};
use std::path::Path;

const PAGE: &[(&str, &str)] = &[
    // A label is no control: it takes no focus, and may not carry these attributes.
    (
        "<label id=\"mdbook-sidebar-toggle\" class=\"icon-button\" for=\"mdbook-sidebar-toggle-anchor\"",
        "<button id=\"mdbook-sidebar-toggle\" class=\"icon-button\" type=\"button\"",
    ),
    // Landmarks, and one first-level heading a page.
    (
        "<div id=\"mdbook-menu-bar\" class=\"menu-bar sticky\">",
        "<header id=\"mdbook-menu-bar\" class=\"menu-bar sticky\">",
    ),
    ("<h1 class=\"menu-title\">", "<p class=\"menu-title\">"),
    (
        "<nav class=\"nav-wide-wrapper\" aria-label=\"Page navigation\">",
        "<nav class=\"nav-wide-wrapper\" aria-label=\"Previous and next page\">",
    ),
    (
        "<iframe class=\"sidebar-iframe-outer\"",
        "<iframe title=\"Table of contents\" class=\"sidebar-iframe-outer\"",
    ),
    // Two themes that are kept readable, instead of five.
    (
        "<li role=\"none\"><button role=\"menuitem\" class=\"theme\" id=\"mdbook-theme-rust\">Rust</button></li>",
        "",
    ),
    (
        "<li role=\"none\"><button role=\"menuitem\" class=\"theme\" id=\"mdbook-theme-coal\">Coal</button></li>",
        "",
    ),
    (
        "<li role=\"none\"><button role=\"menuitem\" class=\"theme\" id=\"mdbook-theme-ayu\">Ayu</button></li>",
        "",
    ),
    (">Navy</button>", ">Dark</button>"),
    (
        "if (theme === null || theme === undefined)",
        "if (theme !== 'light' && theme !== 'navy')",
    ),
];

/// A page of mdBook's with its repairs; other pages (redirects, the table of contents) as they are.
pub fn improve(page: &str, path: &Path) -> Result<String> {
    if !page.contains("id=\"mdbook-menu-bar\"") {
        return Ok(page.to_string());
    }
    let mut s = page.to_string();
    for (from, to) in PAGE {
        ensure!(s.matches(from).count() == 1, "{}: expected once: {from}", path.display());
        s = s.replacen(from, to, 1);
    }
    s = close(&s, "<button id=\"mdbook-sidebar-toggle\"", "</label>", "</button>")
        .context("the sidebar's button")?;
    s = close(&s, "<p class=\"menu-title\">", "</h1>", "</p>").context("the title")?;
    let below = s
        .find("<div id=\"mdbook-search-wrapper\"")
        .or_else(|| s.find("<!-- Apply ARIA"))
        .context("the end of the menu bar")?;
    let end = s[..below].rfind("</div>").context("the menu bar's last element")?;
    s.replace_range(end..end + 6, "</header>");
    // Long lines of code scroll: the keyboard must reach them.
    s = s.replace(
        "<pre><code class=\"language-",
        "<pre><code tabindex=\"0\" class=\"language-",
    );
    // Scripts wait for the text, except the one that fills the sidebar.
    s = s.replace("<script src=\"", "<script defer src=\"");
    for up in ["", "../", "../../"] {
        s = s.replace(
            &format!("<script defer src=\"{up}toc"),
            &format!("<script src=\"{up}toc"),
        );
    }
    if path.ends_with("print.html") {
        s = s.replace("window.setTimeout(window.print, 100);", "");
    }
    Ok(s)
}

/// The first `from` behind `open` becomes `to`.
fn close(s: &str, open: &str, from: &str, to: &str) -> Option<String> {
    let at = s.find(open)?;
    let end = at + s[at..].find(from)?;
    Some(format!("{}{to}{}", &s[..end], &s[end + from.len()..]))
}

/// mdBook's own script, which expects the label, and an event that browsers warn of.
pub fn improve_scripts(out: &Path) -> Result<()> {
    let is_book = |p: &Path| {
        p.file_name()
            .and_then(|n| n.to_str())
            .is_some_and(|n| n.starts_with("book-") && n.ends_with(".js"))
    };
    for path in crate::files(out, &is_book) {
        let s = std::fs::read_to_string(&path)?;
        let s = s.replace("window.onunload = function() { };", "");
        // No block of this book is sent away to be run: the address is never asked, and need not stand there.
        let s = s
            .replace("https://play.rust-lang.org", "data:,")
            .replace("play.rust-lang.org", "the playground");
        let from = "sidebarToggleButton.addEventListener('click', () => {";
        ensure!(s.matches(from).count() == 1, "book.js: expected once: {from}");
        // The handler shows the sidebar first; then the button does what the label did.
        let to = format!("{from} setTimeout(() => sidebarCheckbox.click());");
        std::fs::write(&path, s.replace(from, &to))?;
    }
    Ok(())
}
