//! What the book's Markdown has beyond mdBook's: formulas with numbers, code by anchor, figures, looked-up
//! numbers, claims that are tests, citations, terms and exercises. Every mistake is reported as file:line:column,
//! all of them at once.
mod cards;
mod lists;

use crate::bib::Bib;
use crate::exercise::{Exercise, Set};
use crate::figures::{self, Numbers};
use crate::pieces::{Piece, Place, labels_in, pieces, slug};
use crate::tex::Tex;
use crate::{code, live, minutes, sources};
use anyhow::{Context as _, Result, bail};
use mdbook_preprocessor::{PreprocessorContext, book::Book};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Finished HTML. The Markdown carries only `data-x="number"`, so that no other stage touches the markup.
pub type Fragments = Vec<String>;

/// A numbered thing: the page it stands on, and its number.
type Labels = BTreeMap<String, (PathBuf, String)>;

struct Press<'a> {
    root: &'a Path,
    tex: Tex,
    bib: Bib,
    numbers: Numbers,
    tests: BTreeMap<String, (String, usize)>,
    sets: Vec<Set>,
    terms: BTreeMap<String, String>,
    typed: Vec<String>,
    labels: Labels,
    figures: Labels,
    minutes: BTreeMap<PathBuf, f64>,
    claims: BTreeMap<String, PathBuf>,
    shown: BTreeMap<String, PathBuf>,
    errors: Vec<String>,
    fragments: &'a mut Fragments,
}

/// The whole of a book: numbers first, because a reference may point forwards.
pub fn process(
    context: &PreprocessorContext,
    book: &mut Book,
    fragments: &mut Fragments,
    draft: bool,
) -> Result<()> {
    let root = context.root.as_path();
    let setting = |name: &str| format!("preprocessor.latent.{name}");
    let mut press = Press {
        root,
        tex: Tex::new(context.config.get(&setting("macros"))?.unwrap_or_default()),
        bib: Bib::read(&root.join("chapters/references.bib"))?,
        numbers: Numbers::read(root)?,
        tests: sources::tests(root),
        sets: Set::all(root)?,
        terms: BTreeMap::new(),
        typed: context.config.get(&setting("typed-fences"))?.unwrap_or_default(),
        labels: Labels::new(),
        figures: Labels::new(),
        minutes: BTreeMap::new(),
        claims: BTreeMap::new(),
        shown: BTreeMap::new(),
        errors: vec![],
        fragments,
    };
    press.count(book);
    for late in [false, true] {
        book.for_each_chapter_mut(|chapter| {
            let Some(path) = chapter.path.clone() else { return };
            // The lists of what the pages cite and claim come after the pages.
            if chapter.content.contains("{{list ") != late {
                return;
            }
            let source = chapter.source_path.clone().unwrap_or_else(|| path.clone());
            let file =
                Path::new("chapters").join(source).to_string_lossy().replace('\\', "/");
            let content = chapter.content.clone();
            let set = press.set(&Place { text: &content, file, line: 1, page: &path });
            chapter.content = press.timed(set, &path);
        });
    }
    press.cross_check();
    if !press.errors.is_empty() {
        let found = format!(
            "{} mistake(s) in the book\n{}",
            press.errors.len(),
            press.errors.join("\n")
        );
        if !draft {
            bail!(found);
        }
        eprintln!("{found}");
    }
    Ok(())
}

impl Press<'_> {
    /// Gives every labelled equation and every figure its number: chapter, then order.
    fn count(&mut self, book: &Book) {
        let mut so_far: BTreeMap<(String, bool), usize> = BTreeMap::new();
        for chapter in book.chapters() {
            let (Some(path), text) = (chapter.path.clone(), &chapter.content) else {
                continue;
            };
            let place = Place {
                text,
                file: format!("chapters/{}", path.display()),
                line: 1,
                page: &path,
            };
            let major = match chapter.number.as_ref().and_then(|n| n.first()) {
                Some(n) => format!("{n}."),
                None if path.starts_with("why") => "0.".into(), // it stands before the first
                None => String::new(),
            };
            if path.components().count() > 1 {
                self.minutes.insert(path.clone(), minutes::minutes(text));
            }
            if path.ends_with("glossary.md") {
                let lines: Vec<&str> = text.lines().collect();
                self.terms.extend(
                    lines
                        .windows(2)
                        .filter(|w| w[1].starts_with(": "))
                        .map(|w| (w[0].to_string(), w[1][2..].to_string())),
                );
            }
            for (range, piece) in pieces(text) {
                let (names, equation) = match piece {
                    Piece::Math { tex, .. } => {
                        (labels_in(&tex).iter().map(|l| l.to_string()).collect(), true)
                    }
                    Piece::Call { name, arguments } if name == "figure" || name == "live" => {
                        (vec![arguments], false)
                    }
                    _ => continue,
                };
                for name in names {
                    let n = so_far.entry((major.clone(), equation)).or_default();
                    *n += 1;
                    let table = if equation { &mut self.labels } else { &mut self.figures };
                    if table
                        .insert(name.clone(), (path.clone(), format!("{major}{n}")))
                        .is_some()
                    {
                        self.errors.push(format!(
                            "{}: `{name}` has a number already",
                            place.at(range.start)
                        ));
                    }
                }
            }
        }
    }

    /// A page of a chapter, with the time that it takes below its title. Exercises take what they take.
    fn timed(&self, text: String, page: &Path) -> String {
        let Some(&found) = self.minutes.get(page).filter(|_| !page.ends_with("exercises.md"))
        else {
            return text;
        };
        let Some((title, rest)) = text.split_once('\n').filter(|(t, _)| t.starts_with("# "))
        else {
            return text;
        };
        let shown = minutes::shown(found);
        format!(
            "{title}\n\n<p class=\"minutes\"><span>{shown}</span> min to read</p>\n{rest}"
        )
    }

    /// The minutes of pages, by their paths, and of chapters, by their stems: all their pages but the exercises.
    fn minutes(&self, of: &str) -> Result<String, String> {
        let mut total = 0.0;
        for name in of.split_whitespace() {
            let pages = self.minutes.iter().filter(|(page, _)| {
                page.as_path() == Path::new(name)
                    || page.starts_with(name) && !page.ends_with("exercises.md")
            });
            let all: Vec<f64> = pages.map(|(_, minutes)| *minutes).collect();
            if all.is_empty() {
                return Err(format!("no page and no chapter is named `{name}`"));
            }
            total += all.iter().sum::<f64>();
        }
        Ok(minutes::shown(total))
    }

    /// A text with all its pieces replaced.
    fn set(&mut self, place: &Place<'_>) -> String {
        let (mut out, mut last) = (String::new(), 0);
        for (range, piece) in pieces(place.text) {
            if range.start < last {
                continue; // inside something taken whole
            }
            out.push_str(&place.text[last..range.start]);
            last = range.end;
            let start = range.start;
            let short =
                matches!(&piece, Piece::Math { tex, display: false } if tex.len() < 16);
            match self.piece(piece, range, place) {
                Ok(text) if short => {
                    // No line begins with the comma that belongs to a formula.
                    let rest = &place.text[last..];
                    let stop = rest.len()
                        - rest.trim_start_matches(['.', ',', ';', ':', ')', '?']).len();
                    out.push_str(&format!(
                        "<span class=\"nobr\">{text}{}</span>",
                        &rest[..stop]
                    ));
                    last += stop;
                }
                Ok(text) => out.push_str(&text),
                Err((at, message)) => {
                    self.errors.push(format!("{}: {message}", place.at(start + at)))
                }
            }
        }
        out + &place.text[last..]
    }

    fn piece(
        &mut self,
        piece: Piece,
        range: Range<usize>,
        place: &Place<'_>,
    ) -> Result<String, (usize, String)> {
        let here = |message: String| (0, message);
        match piece {
            Piece::Math { tex, display } => self.formula(&tex, display),
            Piece::Fence { info, body } => self.fence(&info, &body, &place.text[range], place),
            Piece::Equation(label) => {
                let (page, number) = self.labels.get(&label).ok_or_else(|| here(format!("no equation is labelled `{label}`")))?;
                Ok(format!("[({number})]({}#{})", place.to(&page.to_string_lossy()), slug(&label)))
            }
            Piece::Call { name, arguments } => self.call(&name, &arguments, place).map_err(here),
            Piece::Stray => Err(here("a dollar sign that opens no formula (in a table write \\mid for a bar; for money \\$)".into())),
        }
    }

    fn keep(&mut self, html: String) -> usize {
        self.fragments.push(html);
        self.fragments.len() - 1
    }

    fn formula(&mut self, source: &str, display: bool) -> Result<String, (usize, String)> {
        let (mut tex, mut id) = (self.looked_up(source)?, String::new());
        for label in labels_in(source) {
            let number = self.labels.get(label).map_or("?", |(_, n)| n);
            tex = tex.replace(&format!(r"\label{{{label}}}"), &format!(r"\tag{{{number}}}"));
            id = format!(" id=\"{}\"", slug(label));
        }
        let html = self
            .tex
            .html(&tex, display)
            .map_err(|m| (1 + usize::from(display) + m.at.min(source.len()), m.message))?;
        let n = self.keep(html);
        let rest = if display { "class=\"tex eq\" tabindex=\"0\"" } else { "class=\"tex\"" };
        Ok(format!("<span {rest}{id} data-x=\"{n}\"></span>"))
    }

    /// `{{number …}}` within a formula becomes its digits.
    fn looked_up(&self, tex: &str) -> Result<String, (usize, String)> {
        let mut out = tex.to_string();
        while let Some(at) = out.find("{{number ") {
            let length =
                out[at..].find("}}").ok_or((at, "a number without end".to_string()))?;
            let call = out[at + 9..at + length].trim().to_string();
            let digits = self.numbers.show(&call).map_err(|e| (at, e.to_string()))?;
            out.replace_range(at..at + length + 2, &digits.replace('−', "-"));
        }
        Ok(out)
    }

    /// Rust in a page is included from the sources; what is typed must be on the list in book.toml.
    fn fence(
        &mut self,
        info: &str,
        body: &str,
        whole: &str,
        place: &Place<'_>,
    ) -> Result<String, (usize, String)> {
        let mut words = info.split([',', ' ']);
        if words.next() != Some("rust") {
            return Ok(whole.to_string());
        }
        if let Some(name) = words.find_map(|w| w.strip_prefix("typed=")) {
            let known = self.typed.iter().any(|t| t == name);
            let shown = whole.replacen(info, "rust,ignore", 1);
            return if known {
                Ok(shown)
            } else {
                Err((
                    0,
                    format!(
                        "the typed fence `{name}` is not on the list typed-fences in book.toml"
                    ),
                ))
            };
        }
        let spec = body.trim().strip_prefix("{{#include ").and_then(|s| s.strip_suffix("}}"));
        let Some(spec) = spec.filter(|s| !s.contains('\n')) else {
            return Err((
                0,
                "Rust typed into a page: include it, as {{#include src/file.rs:anchor}}"
                    .into(),
            ));
        };
        let (file, anchor) = spec.trim().split_once(':').unwrap_or((spec.trim(), ""));
        let (lines, first) = code::excerpt(self.root, file, anchor).map_err(|e| (0, e))?;
        self.shown.entry(format!("{file}:{anchor}")).or_insert_with(|| place.page.into());
        let lines = self.numbered(&lines).map_err(|label| {
            (0, format!("{file} points at `{label}`, and no equation is labelled so"))
        })?;
        let link = place.to(&sources::page(file));
        Ok(format!(
            "<figure class=\"listing\">\n<figcaption><a href=\"{link}#L{first}\">{file}</a></figcaption>\n\n```rust,ignore\n{lines}\n```\n\n</figure>\n"
        ))
    }

    /// `(eq:name)` in code becomes the equation's number.
    fn numbered(&self, lines: &str) -> Result<String, String> {
        let mut out = lines.to_string();
        for (_, label) in code::labels(lines) {
            let (_, number) = self.labels.get(label).ok_or(label)?;
            out = out.replace(&format!("({label})"), &format!("({number})"));
        }
        Ok(out)
    }

    fn call(
        &mut self,
        name: &str,
        arguments: &str,
        place: &Place<'_>,
    ) -> Result<String, String> {
        match name {
            "number" => self.numbers.show(arguments).map_err(|e| e.to_string()),
            "claim" => self.claim(arguments, place),
            "figure" => self.figure(arguments, false, place),
            "live" => self.figure(arguments, true, place),
            "again" => self.again(arguments, place),
            "minutes" => self.minutes(arguments),
            "fig" => self.figure_link(arguments, place),
            "cite" => self.cite(arguments, place),
            "term" => self.term(arguments, place),
            // Marks where a claim of the source texts is treated: `rows_in` looks for it.
            "row" => Ok(String::new()),
            "exercises" => self.exercises(arguments, place),
            "list" => self.list(arguments, place),
            _ => Err(format!("no such call: {{{{{name}}}}}")),
        }
    }

    fn claim(&mut self, test: &str, place: &Place<'_>) -> Result<String, String> {
        let (file, line) =
            self.tests.get(test).ok_or_else(|| format!("no test is named `{test}`"))?;
        self.claims.entry(test.into()).or_insert_with(|| place.page.into());
        let words = test.rsplit("::").next().unwrap_or(test).replace('_', " ");
        let link = place.to(&sources::page(file));
        Ok(format!(
            "<a class=\"claim\" href=\"{link}#L{line}\" title=\"A test holds this: {words}\"><span aria-hidden=\"true\">✓</span><span class=\"aside\">tested: {words}</span></a>"
        ))
    }

    fn figure(
        &mut self,
        name: &str,
        is_live: bool,
        place: &Place<'_>,
    ) -> Result<String, String> {
        let (n, caption) = self.still(name, place)?;
        let number = self.figures.get(name).map_or("?", |(_, n)| n).to_string();
        let body = if is_live {
            let controls = live::controls(self.root, name).map_err(|e| format!("{e:#}"))?;
            let m = self.keep(controls);
            format!(
                "<div class=\"still\" data-x=\"{n}\"></div>\n<div class=\"stage\" data-x=\"{m}\"></div>"
            )
        } else {
            format!("<div data-x=\"{n}\"></div>")
        };
        let class = if is_live {
            format!(" class=\"live\" data-live=\"{name}\"")
        } else {
            String::new()
        };
        Ok(format!(
            "<figure id=\"fig-{}\"{class}>\n{body}\n<figcaption>\n\n**Figure {number}.** {caption}\n\n</figcaption>\n</figure>\n",
            slug(name)
        ))
    }

    /// A picture as it stands on its own page, and its caption.
    fn still(&mut self, name: &str, place: &Place<'_>) -> Result<(usize, String), String> {
        let figure =
            figures::find(name).ok_or_else(|| format!("no figure is named `{name}`"))?;
        let html = figures::html(self.root, figure).map_err(|e| format!("{e:#}"))?;
        let caption = self.set(&Place {
            text: figure.caption,
            file: format!("the caption of figure {name}"),
            line: 1,
            page: place.page,
        });
        Ok((self.keep(html), caption))
    }

    /// A figure that has its home on another page: the picture, a link there, and the caption.
    fn again(&mut self, name: &str, place: &Place<'_>) -> Result<String, String> {
        let link = self.figure_link(name, place)?;
        let (n, caption) = self.still(name, place)?;
        Ok(format!(
            "<figure class=\"again\">\n<div data-x=\"{n}\"></div>\n<figcaption>\n\n**{link}.** {caption}\n\n</figcaption>\n</figure>\n"
        ))
    }

    fn figure_link(&self, name: &str, place: &Place<'_>) -> Result<String, String> {
        let (page, number) = self
            .figures
            .get(name)
            .ok_or_else(|| format!("no page shows the figure `{name}`"))?;
        Ok(format!(
            "[Figure&nbsp;{number}]({}#fig-{})",
            place.to(&page.to_string_lossy()),
            slug(name)
        ))
    }

    fn cite(&mut self, keys: &str, place: &Place<'_>) -> Result<String, String> {
        let mut parts = vec![];
        for key in keys.split_whitespace() {
            let words = self
                .bib
                .cite(key)
                .ok_or_else(|| format!("`{key}` is not in chapters/references.bib"))?;
            parts.push(format!("[{words}]({}#ref-{key})", place.to("bibliography.md")));
        }
        Ok(format!("({})", parts.join("; ")))
    }

    fn exercises(&mut self, file: &str, place: &Place<'_>) -> Result<String, String> {
        let set = self
            .sets
            .iter()
            .find(|s| s.file == file)
            .cloned()
            .ok_or_else(|| format!("no exercises in `{file}`"))?;
        Ok((1..)
            .zip(set.exercises())
            .map(|(n, e)| self.exercise(n, e, &set.file, place))
            .collect())
    }

    fn exercise(
        &mut self,
        number: usize,
        e: &Exercise,
        file: &str,
        place: &Place<'_>,
    ) -> String {
        let mut text = |t: &crate::exercise::Text| {
            self.set(&Place {
                text: &t.body,
                file: file.into(),
                line: t.line,
                page: place.page,
            })
        };
        let statement = text(&e.statement);
        let hints: String = (1..)
            .zip(&e.hints)
            .map(|(i, h)| {
                format!(
                    "<details>\n<summary>Hint {i}</summary>\n\n{}\n\n</details>\n",
                    text(h)
                )
            })
            .collect();
        let starts = if e.stub.contains("todo!()") { "Start from" } else { "Here it is" };
        format!(
            "<section class=\"exercise\" id=\"exercise-{}\">\n\n## Exercise {number}: {}\n\n{statement}\n\n{starts}:\n\n```rust,ignore\n{}\n```\n\n{hints}<details class=\"solution\">\n<summary>Solution</summary>\n\n```rust,ignore\n{}\n```\n\n</details>\n\n</section>\n\n",
            slug(&e.name),
            e.title,
            e.stub,
            e.solution
        )
    }

    /// What can only be seen when all pages are set: numbered equations without code, unused entries.
    fn cross_check(&mut self) {
        let mut pointed = BTreeSet::new();
        for file in sources::all(self.root)
            .iter()
            .filter(|f| f.starts_with("src/") || f.starts_with("tests/"))
        {
            let text = std::fs::read_to_string(self.root.join(file)).unwrap_or_default();
            for (at, label) in code::labels(&text) {
                if !self.labels.contains_key(label) {
                    let line = text[..at].matches('\n').count() + 1;
                    self.errors
                        .push(format!("{file}:{line}: no equation is labelled `{label}`"));
                }
                pointed.insert(label.to_string());
            }
            for (i, line) in text.lines().enumerate() {
                let name = line.trim_start().strip_prefix("// ANCHOR: ").unwrap_or_default();
                if !name.is_empty() && !self.shown.contains_key(&format!("{file}:{name}")) {
                    self.errors
                        .push(format!("{file}:{}: no page shows the lines `{name}`", i + 1));
                }
            }
        }
        for (label, (page, number)) in &self.labels {
            if !pointed.contains(label) {
                self.errors.push(format!("chapters/{}: equation ({number}), `{label}`: no line of code points at it", page.display()));
            }
        }
        self.errors.extend(
            self.bib
                .unused()
                .iter()
                .map(|key| format!("chapters/references.bib: no page cites `{key}`")),
        );
        self.errors.extend(
            figures::all()
                .filter(|f| !self.figures.contains_key(f.name))
                .map(|f| format!("book/src/figures: no page shows `{}`", f.name)),
        );
    }
}

/// The claims of the source texts that the pages treat, for the check that none is missing.
pub fn rows_in(root: &Path) -> Result<BTreeSet<String>> {
    let mut out = BTreeSet::new();
    for file in crate::files(&root.join("chapters"), &|p| crate::has_extension(p, &["md"])) {
        let text =
            std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        let rows = pieces(&text).into_iter().filter_map(|(_, piece)| match piece {
            Piece::Call { name, arguments } if name == "row" => Some(arguments),
            _ => None,
        });
        out.extend(
            rows.flat_map(|ids| ids.split_whitespace().map(String::from).collect::<Vec<_>>()),
        );
    }
    Ok(out)
}
