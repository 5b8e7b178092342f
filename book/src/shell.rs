//! Small repairs to the page that mdBook puts around the text. Each must match once: an mdBook that changes its
//! page fails the build here, instead of losing the repair without a word.
use crate::paint;
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
    s = paint::page(&s);
    // Scripts wait for the text.
    s = s.replace("<script src=\"", "<script defer src=\"");
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

/// Changes to mdBook's script.
const BOOK: &[(&str, &str)] = &[
    // An event that browsers warn of.
    ("window.onunload = function() { };", ""),
    // No block of this book is sent away to be run: the address is never asked, and need not stand there.
    ("https://play.rust-lang.org", "data:,"),
    ("play.rust-lang.org", "the playground"),
    // The handler shows the sidebar first; then the button does what the label did.
    (
        "sidebarToggleButton.addEventListener('click', () => {",
        "sidebarToggleButton.addEventListener('click', () => { setTimeout(() => sidebarCheckbox.click());",
    ),
    // Listings come with their colours, and the theme's sheet knows both themes.
    ("hljs.configure({", "void ({"),
    ("hljs.highlightBlock(block);", ""),
    ("block.classList.add('hljs');", ""),
    ("stylesheets.ayuHighlight.disabled", "stylesheets.ayuHighlight"),
    ("stylesheets.tomorrowNight.disabled", "stylesheets.tomorrowNight"),
    ("stylesheets.highlight.disabled", "stylesheets.highlight"),
];

/// Changes to the script that fills the sidebar. What folds a chapter leads nowhere, so it is no link.
const CONTENTS: &[(&str, &str)] = &[
    (
        "<a class=\"chapter-fold-toggle\"><div>❱</div></a>",
        "<span class=\"chapter-fold-toggle\"><div>❱</div></span>",
    ),
    ("const toggle = document.createElement('a');", "const toggle = document.createElement('span');"),
    // The script waits for the page, so it says itself whether its links are within reach of the keyboard.
    (
        "window.customElements.define('mdbook-sidebar-scrollbox', MDBookSidebarScrollbox);",
        "window.customElements.define('mdbook-sidebar-scrollbox', MDBookSidebarScrollbox);
document.querySelectorAll('#mdbook-sidebar a').forEach(link => link.setAttribute('tabIndex', sidebar === 'visible' ? 0 : -1));",
    ),
];

/// mdBook's two scripts with these changes, each of which must be possible.
pub fn improve_scripts(out: &Path) -> Result<()> {
    for (start, changes) in [("book-", BOOK), ("toc-", CONTENTS)] {
        let named = |p: &Path| {
            let name = p.file_name().and_then(|n| n.to_str()).unwrap_or_default();
            name.starts_with(start) && name.ends_with(".js")
        };
        let scripts = crate::files(out, &named);
        ensure!(!scripts.is_empty(), "mdBook has no script named {start}*.js any more");
        for path in scripts {
            let mut s = std::fs::read_to_string(&path)?;
            for (from, to) in changes {
                ensure!(s.contains(from), "{}: expected: {from}", path.display());
                s = s.replace(from, to);
            }
            std::fs::write(&path, s)?;
        }
    }
    Ok(())
}
