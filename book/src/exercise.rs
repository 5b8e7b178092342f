//! Exercises from one source. A file of Rust in notebooks/ carries, in comments, the text, the hints and the
//! checks; from it come the page, the notebook, the solved notebook, and the tests of stub and solution.
//!
//! ```text
//! //% notebook 01-pca PCA and autoencoders     begins the set
//! //| a line of Markdown                       belongs to what stands above
//! //% cell                                     code to run as it stands, until //% end
//! //% exercise error_left The error that is left
//! //% hint                                     three of them, then
//! //% stub … //% end    //% solution … //% end
//! //% check check::pca::error_left(error_left)
//! ```
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use std::path::Path;

/// Markdown, and the line of the source where it begins.
#[derive(Clone, Debug, Default)]
pub struct Text {
    /// The Markdown.
    pub body: String,
    /// Its first line, from 1.
    pub line: usize,
}

/// One exercise.
#[derive(Clone, Debug, Default)]
pub struct Exercise {
    /// The name of the function to write.
    pub name: String,
    /// A few words.
    pub title: String,
    /// What to do.
    pub statement: Text,
    /// Three, each giving away more.
    pub hints: Vec<Text>,
    /// What the reader starts from.
    pub stub: String,
    /// An answer.
    pub solution: String,
    /// The expression that judges it.
    pub check: String,
}

/// A part of a set, in order.
#[derive(Clone, Debug)]
pub enum Part {
    /// Markdown.
    Prose(Text),
    /// Code to run.
    Cell(String),
    /// An exercise.
    Exercise(Exercise),
}

/// The exercises of one chapter.
#[derive(Clone, Debug)]
pub struct Set {
    /// The source, below the root.
    pub file: String,
    /// The notebook's name, without its ending.
    pub name: String,
    /// Its title.
    pub title: String,
    /// What is in it.
    pub parts: Vec<Part>,
}

impl Set {
    /// All sets of the book.
    pub fn all(root: &Path) -> Result<Vec<Set>> {
        let rust =
            crate::files(&root.join("notebooks"), &|p| crate::has_extension(p, &["rs"]));
        let names = rust.iter().filter_map(|p| {
            Some(p.strip_prefix(root).ok()?.to_string_lossy().replace('\\', "/"))
        });
        names
            .map(|file| Set::parse(&file, &std::fs::read_to_string(root.join(&file))?))
            .collect()
    }

    /// The exercises, in order.
    pub fn exercises(&self) -> impl Iterator<Item = &Exercise> {
        self.parts
            .iter()
            .filter_map(|p| if let Part::Exercise(e) = p { Some(e) } else { None })
    }

    /// Reads a source; a mistake is reported with its line.
    pub fn parse(file: &str, source: &str) -> Result<Set> {
        let mut set = Set {
            file: file.into(),
            name: String::new(),
            title: String::new(),
            parts: vec![],
        };
        let mut code: Option<(&str, Vec<&str>)> = None;
        for (i, line) in source.lines().enumerate() {
            let here = || format!("{file}:{}", i + 1);
            let trimmed = line.trim_start();
            if let Some(text) = trimmed.strip_prefix("//|") {
                set.text()
                    .with_context(here)?
                    .add(text.strip_prefix(' ').unwrap_or(text), i + 1);
            } else if let Some(command) = trimmed.strip_prefix("//% ") {
                let (word, rest) =
                    command.trim().split_once(' ').unwrap_or((command.trim(), ""));
                match (word, &mut code) {
                    ("end", open @ Some(_)) => {
                        let (kind, lines) = open.take().context("end")?;
                        set.put(kind, as_written(&lines)).with_context(here)?;
                    }
                    ("cell" | "stub" | "solution", open @ None) => {
                        *open = Some((word, vec![]))
                    }
                    (_, None) => set.begin(word, rest).with_context(here)?,
                    _ => {
                        bail!("{}: `{word}` inside code that no `//% end` has ended", here())
                    }
                }
            } else if let Some((_, lines)) = &mut code {
                lines.push(line);
            }
        }
        ensure!(code.is_none(), "{file}: the last code is not ended by `//% end`");
        set.whole()?;
        Ok(set)
    }

    fn begin(&mut self, word: &str, rest: &str) -> Result<()> {
        let (name, title) = rest.split_once(' ').unwrap_or((rest, ""));
        match word {
            "notebook" => (self.name, self.title) = (name.into(), title.into()),
            "text" => self.parts.push(Part::Prose(Text::default())),
            "exercise" => self.parts.push(Part::Exercise(Exercise {
                name: name.into(),
                title: title.into(),
                ..Exercise::default()
            })),
            "hint" => self.exercise()?.hints.push(Text::default()),
            "check" => self.exercise()?.check = rest.into(),
            _ => bail!("no such mark: `{word}`"),
        }
        Ok(())
    }

    fn put(&mut self, kind: &str, code: String) -> Result<()> {
        match kind {
            "cell" => self.parts.push(Part::Cell(code)),
            "stub" => self.exercise()?.stub = code,
            _ => self.exercise()?.solution = code,
        }
        Ok(())
    }

    fn exercise(&mut self) -> Result<&mut Exercise> {
        match self.parts.last_mut() {
            Some(Part::Exercise(e)) => Ok(e),
            _ => bail!("stands outside an exercise"),
        }
    }

    /// Where a line of Markdown goes now.
    fn text(&mut self) -> Result<&mut Text> {
        match self.parts.last_mut() {
            Some(Part::Exercise(e)) => Ok(e.hints.last_mut().unwrap_or(&mut e.statement)),
            Some(Part::Prose(text)) => Ok(text),
            _ => bail!("Markdown needs a `//% text` or an exercise above it"),
        }
    }

    fn whole(&self) -> Result<()> {
        ensure!(!self.name.is_empty(), "{}: no `//% notebook` line", self.file);
        for e in self.exercises() {
            let place = format!("{}:{}: exercise `{}`", self.file, e.statement.line, e.name);
            ensure!(
                e.hints.len() == 3,
                "{place} has {} hints, and three are the rule",
                e.hints.len()
            );
            ensure!(
                !e.stub.is_empty() && !e.solution.is_empty() && !e.check.is_empty(),
                "{place} lacks its stub, its solution or its check"
            );
            ensure!(
                !e.statement.body.trim().is_empty() && !e.title.is_empty(),
                "{place} lacks its title or its statement"
            );
        }
        Ok(())
    }
}

impl Text {
    fn add(&mut self, line: &str, at: usize) {
        if self.line == 0 {
            self.line = at;
        } else {
            self.body.push('\n');
        }
        self.body.push_str(line);
    }
}

/// Code as a reader writes it: inside a module everything is public; in a notebook nothing needs to be.
fn as_written(lines: &[&str]) -> String {
    crate::dedent(lines).trim().replace("pub fn ", "fn ")
}

/// The notebook of a set as JSON: with stubs for the reader, or solved.
pub fn notebook(set: &Set, macros: &str, solved: bool) -> String {
    let mut cells = vec![];
    let mut add = |kind: &str, source: String| {
        let lines: Vec<&str> = source.split_inclusive('\n').collect();
        let id = format!("cell-{:02}", cells.len());
        let mut cell =
            json!({ "cell_type": kind, "id": id, "metadata": {}, "source": lines });
        if kind == "code" {
            cell["execution_count"] = Value::Null;
            cell["outputs"] = json!([]);
        }
        cells.push(cell);
    };
    let made = format!(
        "`cargo run -- notebooks` makes this file from `{}`. The copy in `lab/` is yours.",
        set.file
    );
    add("markdown", format!("# {}\n\n*{made}*\n\n{macros}", set.title));
    let mut number = 0;
    for part in &set.parts {
        match part {
            Part::Prose(text) => add("markdown", text.body.clone()),
            Part::Cell(code) => add("code", code.clone()),
            Part::Exercise(e) => {
                number += 1;
                let hints: String = (1..)
                    .zip(&e.hints)
                    .map(|(i, h)| fold(&format!("Hint {i}"), &h.body))
                    .collect();
                add(
                    "markdown",
                    format!(
                        "## Exercise {number}: {}\n\n{}\n\n{hints}",
                        e.title, e.statement.body
                    ),
                );
                add(
                    "code",
                    format!("{}\n\n{}", if solved { &e.solution } else { &e.stub }, e.check),
                );
                add("markdown", fold("Solution", &format!("```rust\n{}\n```", e.solution)));
            }
        }
    }
    let kernel =
        json!({ "display_name": "Rust (latent)", "language": "rust", "name": "latent-rust" });
    let language = json!({ "name": "Rust", "file_extension": ".rs", "mimetype": "text/rust", "pygment_lexer": "rust" });
    let book = json!({ "cells": cells, "metadata": { "kernelspec": kernel, "language_info": language }, "nbformat": 4, "nbformat_minor": 5 });
    format!("{book:#}\n")
}

fn fold(title: &str, body: &str) -> String {
    format!("<details><summary>{title}</summary>\n\n{body}\n\n</details>\n")
}

/// The book's macros for Jupyter, which sets its own formulas.
pub fn jupyter_macros(root: &Path) -> Result<String> {
    let config: toml::Table = std::fs::read_to_string(root.join("book.toml"))?.parse()?;
    let config = toml::Value::Table(config);
    let macros = ["preprocessor", "latent", "macros"]
        .iter()
        .try_fold(&config, |at, key| at.get(key))
        .and_then(toml::Value::as_table)
        .context("[preprocessor.latent.macros]")?;
    let define = |(name, body): (&String, &toml::Value)| {
        let body = body.as_str().unwrap_or("");
        let arguments = (1..=3).filter(|i| body.contains(&format!("#{i}"))).count();
        let count = if arguments > 0 { format!("[{arguments}]") } else { String::new() };
        format!("\\newcommand{{{name}}}{count}{{{body}}}")
    };
    Ok(format!("${}$", macros.iter().map(define).collect::<String>()))
}

/// Writes notebooks/*.ipynb, or the solved ones into a folder of their own.
pub fn write_all(root: &Path, solved: Option<&Path>) -> Result<()> {
    let folder = solved.map_or(root.join("notebooks"), Path::to_path_buf);
    std::fs::create_dir_all(&folder)?;
    let own = root.join("lab").canonicalize();
    ensure!(
        solved.is_none() || own.is_err() || folder.canonicalize().ok() != own.ok(),
        "lab/ holds your own copies: choose another folder for the solved notebooks"
    );
    for (name, text) in made(root, solved.is_some())? {
        let path = folder.join(name);
        std::fs::write(&path, text).with_context(|| path.display().to_string())?;
        eprintln!("{}", path.display());
    }
    Ok(())
}

/// The notebooks as they should be: name and text.
pub fn made(root: &Path, solved: bool) -> Result<Vec<(String, String)>> {
    let macros = jupyter_macros(root)?;
    Ok(Set::all(root)?
        .iter()
        .map(|set| (format!("{}.ipynb", set.name), notebook(set, &macros, solved)))
        .collect())
}
