//! The library's own sources and tests as pages, so that a listing and a claim can link to the line that they quote.
use crate::{escape, files, has_extension};
use anyhow::Result;
use std::collections::BTreeMap;
use std::path::Path;

/// Which files get a page, as paths below the root.
pub fn all(root: &Path) -> Vec<String> {
    let folders = [
        "src",
        "tests",
        "notebooks",
        "book/src/figures",
        "book/live/src",
        "book/live/examples",
    ];
    let rust = folders
        .iter()
        .flat_map(|dir| files(&root.join(dir), &|p| has_extension(p, &["rs", "py"])));
    rust.filter_map(|p| Some(p.strip_prefix(root).ok()?.to_string_lossy().replace('\\', "/")))
        .collect()
}

/// The address of a file's page, from the book's root.
pub fn page(file: &str) -> String {
    format!("source/{file}.html")
}

/// Writes every page.
pub fn write(root: &Path, out: &Path) -> Result<()> {
    for file in all(root) {
        let to = out.join(page(&file));
        let text = std::fs::read_to_string(root.join(&file))?;
        let lines: String = text
            .lines()
            .enumerate()
            .map(|(i, line)| {
                format!(
                    "<span class=\"line\" id=\"L{0}\"><a href=\"#L{0}\" tabindex=\"-1\" aria-hidden=\"true\">{0}</a>{1}</span>\n",
                    i + 1,
                    escape(line)
                )
            })
            .collect();
        let up = "../".repeat(file.matches('/').count() + 1);
        std::fs::create_dir_all(to.parent().unwrap_or(out))?;
        std::fs::write(
            to,
            PAGE.replace("{file}", &file).replace("{up}", &up).replace("{lines}", &lines),
        )?;
    }
    Ok(())
}

const PAGE: &str = "<!DOCTYPE html>
<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{file}</title>
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<meta name=\"description\" content=\"The file {file} of the book's own code\">
<link rel=\"icon\" href=\"data:,\">
<style>
:root { color-scheme: light dark; }
body { margin: 0; font: 15px/1.5 ui-monospace, 'Cascadia Code', 'DejaVu Sans Mono', monospace; background: #fdfdfb; color: #1d1f23; }
header { padding: .8em 1em; border-bottom: 1px solid #8886; font-family: system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); margin: 0; }
pre { margin: 0; padding: 1em 0; overflow-x: auto; }
.line { display: block; padding-right: 1em; min-width: max-content; }
.line:target { background: #ffe9a8; }
.line a { display: inline-block; width: 3.4em; margin-right: 1em; text-align: right; color: #62666d; text-decoration: none; user-select: none; }
header a { color: #0b57a4; }
.dark body { background: #161923; color: #d5d8e2; }
.dark .line a { color: #9096a8; }
.dark .line:target { background: #4a3f14; }
.dark header a { color: #8ab8ff; }
</style>
<script>
let theme = null;
try { theme = localStorage.getItem('mdbook-theme'); } catch (e) { }
if (theme === 'navy' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)) document.documentElement.classList.add('dark');
</script></head>
<body><header><a href=\"{up}index.html\">The book</a> / <strong>{file}</strong></header>
<main><h1>{file}</h1>
<pre tabindex=\"0\"><code>{lines}</code></pre></main></body></html>
";

/// Every test, as `file::name`, with the line where it begins.
pub fn tests(root: &Path) -> BTreeMap<String, (String, usize)> {
    let mut out = BTreeMap::new();
    for path in files(&root.join("tests"), &|p| has_extension(p, &["rs"])) {
        let (Some(stem), Ok(text)) =
            (path.file_stem().and_then(|s| s.to_str()), std::fs::read_to_string(&path))
        else {
            continue;
        };
        let lines: Vec<&str> = text.lines().collect();
        for (i, pair) in lines.windows(2).enumerate() {
            let name =
                pair[1].trim_start().strip_prefix("fn ").and_then(|l| l.split('(').next());
            if let (true, Some(name)) = (pair[0].trim() == "#[test]", name) {
                out.insert(format!("{stem}::{name}"), (format!("tests/{stem}.rs"), i + 2));
            }
        }
    }
    out
}
