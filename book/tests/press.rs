//! Break each thing on purpose: the build must fail, and say in which file and on which line.
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &target)
        } else {
            fs::copy(path, target).unwrap();
        }
    }
}

/// What no test changes is linked where that can be done: to make hundreds of files takes longer than to build the book.
fn link(from: &Path, to: &Path) {
    #[cfg(unix)]
    std::os::unix::fs::symlink(from, to).unwrap();
    #[cfg(not(unix))]
    copy(from, to);
}

/// The whole book, without what is built.
fn a_copy() -> tempfile::TempDir {
    let here = tempfile::tempdir().unwrap();
    let there = |dir: &str| here.path().join(dir);
    for dir in ["chapters", "src", "tests", "notebooks", "book/src", "book/figures/pca"] {
        copy(&root().join(dir), &there(dir));
    }
    for dir in ["data", "book/live", "book/runs", "book/theme"] {
        link(&root().join(dir), &there(dir));
    }
    for entry in fs::read_dir(root().join("book/figures")).unwrap().flatten() {
        let to = there("book/figures").join(entry.file_name());
        if entry.path().is_file() {
            fs::copy(entry.path(), to).unwrap();
        } else if !to.exists() {
            link(&entry.path(), &to);
        }
    }
    fs::create_dir(there("benches")).unwrap();
    for file in ["book.toml", "book/numbers.toml", "benches/vae.csv", "benches/vae_cost.csv"]
    {
        fs::copy(root().join(file), there(file)).unwrap();
    }
    here
}

/// The book with `from` replaced by `to` in one file, built; and the line where the change is.
fn broken(file: &str, from: &str, to: &str) -> (String, usize) {
    let here = a_copy();
    let path = here.path().join(file);
    let text = fs::read_to_string(&path).unwrap();
    let at = text.find(from).unwrap_or_else(|| panic!("{file} has no `{from}`"));
    fs::write(&path, text.replacen(from, to, 1)).unwrap();
    let error =
        book::build(here.path()).map_or_else(|e| format!("{e:#}"), |_| "it builds".into());
    (error, text[..at].matches('\n').count() + 1)
}

#[track_caller]
fn fails(file: &str, from: &str, to: &str, words: &str) {
    let (error, line) = broken(file, from, to);
    let place = format!("{file}:{line}");
    let found = error.lines().any(|l| l.contains(&place) && l.contains(words));
    assert!(found, "expected `{place}` with `{words}`, and got:\n{error}");
}

const LINE: &str = "chapters/pca/line.md";

#[test]
fn the_book_builds_every_link_leads_somewhere_and_nothing_asks_the_network() {
    let here = a_copy();
    let out = book::build(here.path()).unwrap();
    assert_eq!(book::broken_links(&out).unwrap(), Vec::<String>::new());
    assert_eq!(book::loads_from_outside(&out).unwrap(), Vec::<String>::new());
    let page = fs::read_to_string(out.join("pca/line.html")).unwrap();
    for sign in ["katex-mathml", "class=\"claim\"", "Figure 1.1", "(1.5)", "fig-pca-petals"] {
        assert!(page.contains(sign), "{sign}");
    }
    let first = fs::read_to_string(out.join("why/index.html")).unwrap();
    for sign in ["Figure 0.1", "(0.1)", "min to read"] {
        assert!(first.contains(sign), "{sign}");
    }
    assert!(!page.contains("{{") && !page.contains("data-x="), "something was left unset");
}

#[test]
fn a_picture_that_no_page_shows_and_minutes_of_no_page() {
    let picture = "{{again pca.arc}}";
    fails(
        "chapters/why/path.md",
        picture,
        "{{again pca.mop}}",
        "no page shows the figure `pca.mop`",
    );
    let sum = "{{minutes pca}}";
    fails(
        "chapters/why/teach.md",
        sum,
        "{{minutes pcb}}",
        "no page and no chapter is named `pcb`",
    );
}

#[test]
fn a_formula_that_does_not_parse() {
    fails(LINE, r"\mat S\,\vec w = \lambda", r"\mat S\,\vecc w = \lambda", r"\vecc");
}

#[test]
fn a_number_that_nobody_computed() {
    fails(
        LINE,
        "{{number pca.petals.total 3}}",
        "{{number pca.petals.totl 3}}",
        "no number is named `pca.petals.totl`",
    );
    fails(
        LINE,
        "{{number pca.petals.w1 3}}",
        "{{number pca.petals.w9 3}}",
        "no number is named",
    );
}

#[test]
fn a_claim_without_a_test() {
    let claim = "{{claim pca::both_routes_find_the_same}}";
    fails(
        LINE,
        claim,
        "{{claim pca::both_routes_agree}}",
        "no test is named `pca::both_routes_agree`",
    );
}

#[test]
fn a_figure_that_does_not_exist_or_was_not_drawn() {
    fails(
        LINE,
        "{{figure pca.angle}}",
        "{{figure pca.angel}}",
        "no figure is named `pca.angel`",
    );
    let here = a_copy();
    fs::remove_file(here.path().join("book/figures/pca/angle.svg")).unwrap();
    let error = format!("{:#}", book::build(here.path()).unwrap_err());
    assert!(
        error.contains("chapters/pca/line.md:") && error.contains("figures --stale"),
        "{error}"
    );
}

#[test]
fn a_figure_whose_code_has_changed() {
    let here = a_copy();
    assert!(
        book::figures::stale(here.path()).is_empty(),
        "draw them: `cargo run -- figures --stale`"
    );
    let path = here.path().join("book/src/figures/pca/angle.rs");
    fs::write(&path, fs::read_to_string(&path).unwrap().replace("180", "170")).unwrap();
    let stale: Vec<_> = book::figures::stale(here.path()).iter().map(|f| f.name).collect();
    assert_eq!(stale, ["pca.angle"]);
}

#[test]
fn a_citation_that_the_bibliography_lacks() {
    fails(
        LINE,
        "{{cite eckart1936}}",
        "{{cite eckart1963}}",
        "`eckart1963` is not in chapters/references.bib",
    );
}

#[test]
fn an_anchor_or_a_file_that_is_not_there() {
    fails(
        LINE,
        "```rust\n{{#include src/pca/mod.rs:by_eigen}}",
        "```rust\n{{#include src/pca/mod.rs:by_eign}}",
        "no lines for the anchor `by_eign`",
    );
    fails(
        LINE,
        "```rust\n{{#include src/pca/mod.rs:by_svd}}",
        "```rust\n{{#include src/pca.rs:by_svd}}",
        "src/pca.rs",
    );
}

#[test]
fn rust_typed_into_a_page() {
    fails(
        LINE,
        "```rust\n{{#include src/pca/mod.rs:share}}",
        "```rust\nlet x = 1;",
        "Rust typed into a page",
    );
    fails(
        LINE,
        "```rust\n{{#include src/pca/mod.rs:share}}",
        "```rust,typed=sketch\nlet x = 1;",
        "typed-fences",
    );
}

#[test]
fn equations_and_code_that_lose_each_other() {
    fails(
        LINE,
        r"\eqref{eq:eigen}",
        r"\eqref{eq:eigne}",
        "no equation is labelled `eq:eigne`",
    );
    fails("src/pca/mod.rs", "(eq:svd)", "(eq:sdv)", "no equation is labelled `eq:sdv`");
    let (error, _) = broken("src/pca/mod.rs", " // (eq:unbiased)", "");
    assert!(error.contains("`eq:unbiased`: no line of code points at it"), "{error}");
}

#[test]
fn a_term_a_call_a_dollar_and_an_entry_that_nobody_cites() {
    fails(
        LINE,
        "{{term covariance}}",
        "{{term covarience}}",
        "the glossary has no `covarience`",
    );
    fails(LINE, "{{row 1.07}}", "{{rwo 1.07}}", "no such call");
    fails(
        LINE,
        "Look at one flower.",
        "It costs $5 a flower.",
        "a dollar sign that opens no formula",
    );
    let (error, _) =
        broken("chapters/references.bib", "@article{pearson1901", "@article{pearson1902");
    assert!(error.contains("no page cites `pearson1902`"), "{error}");
}

#[test]
fn an_exercise_without_its_third_hint_or_its_end() {
    let hint =
        "//% hint\n//| What does the error become when $\\mat W$ keeps nothing at all?\n";
    let (error, line) = broken("notebooks/pca.rs", hint, "");
    let statement = format!("notebooks/pca.rs:{}", line - 1);
    assert!(error.contains(&statement) && error.contains("has 2 hints"), "{error}");
    let (error, _) = broken("notebooks/pca.rs", "        //% end\n", "");
    assert!(
        error.contains("notebooks/pca.rs:") && error.contains("no `//% end` has ended"),
        "{error}"
    );
    let formula = r"$\mathbb E\lVert x - \mat W\mat W^\top x\rVert^2$";
    fails("notebooks/pca.rs", formula, r"$\mathbb E\lVertt x$", r"\lVertt");
}
