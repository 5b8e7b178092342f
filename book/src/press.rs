//! mdBook, driven from here: our preprocessor, its HTML, our last touches. Built beside the old book, then swapped.
use crate::markdown::{self, Fragments};
use crate::whole::Page;
use crate::{figures, files, has_extension, lean, live, shell, sources};
use anyhow::{Context, Result, bail};
use mdbook_driver::MDBook;
use mdbook_html::HtmlHandlebars;
use mdbook_preprocessor::{Preprocessor, PreprocessorContext, book::Book};
use mdbook_renderer::{RenderContext, Renderer};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tracing_subscriber::prelude::*;

/// mdBook reports a missing file as a line in its log and goes on: here such lines are counted, and end the build.
static COMPLAINTS: AtomicU64 = AtomicU64::new(0);

struct Count;
impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Count {
    fn on_event(
        &self,
        event: &tracing::Event<'_>,
        _: tracing_subscriber::layer::Context<'_, S>,
    ) {
        if *event.metadata().level() <= tracing::Level::WARN {
            COMPLAINTS.fetch_add(1, Ordering::SeqCst);
        }
    }
}

/// Shows mdBook's warnings, and counts them.
pub fn listen_to_mdbook() {
    let log = tracing_subscriber::fmt::layer()
        .without_time()
        .with_target(false)
        .with_writer(std::io::stderr);
    let _ = tracing_subscriber::registry()
        .with(tracing_subscriber::filter::LevelFilter::WARN)
        .with(Count)
        .with(log)
        .try_init();
}

#[derive(Clone, Default)]
struct Shared {
    fragments: Arc<Mutex<Fragments>>,
    draft: bool,
}

/// Runs in place of the `[preprocessor.latent]` entry of book.toml.
impl Preprocessor for Shared {
    fn name(&self) -> &str {
        "latent"
    }
    fn run(&self, context: &PreprocessorContext, mut book: Book) -> Result<Book> {
        markdown::process(
            context,
            &mut book,
            &mut self.fragments.lock().unwrap_or_else(PoisonError::into_inner),
            self.draft,
        )?;
        Ok(book)
    }
}

/// mdBook's HTML, with the fragments put in and the page repaired.
impl Renderer for Shared {
    fn name(&self) -> &str {
        "html"
    }
    fn render(&self, context: &RenderContext) -> Result<()> {
        HtmlHandlebars::new().render(context)?;
        let fragments = self.fragments.lock().unwrap_or_else(PoisonError::into_inner);
        let mut sheets = None;
        for path in files(&context.destination, &|p| has_extension(p, &["html"])) {
            let page = fill(&std::fs::read_to_string(&path)?, &fragments)
                .with_context(|| path.display().to_string())?;
            let mut page = shell::improve(&page, &path)?;
            if page.contains("path_to_root = ") {
                let read = || lean::Sheets::of(&page, &context.destination);
                let sheets = match &sheets {
                    Some(sheets) => sheets,
                    None => sheets.insert(read()?),
                };
                page = sheets.inside(&page).with_context(|| path.display().to_string())?;
            }
            std::fs::write(&path, page)?;
        }
        shell::improve_scripts(&context.destination)
    }
}

/// `<x data-x="3"></x>` becomes `<x>fragment 3</x>`.
fn fill(page: &str, fragments: &[String]) -> Result<String> {
    let mut parts = page.split(" data-x=\"");
    let mut out = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let (n, rest) = part.split_once("\">").context("a placeholder without end")?;
        out.push('>');
        out.push_str(
            fragments.get(n.parse::<usize>()?).context("a placeholder without fragment")?,
        );
        out.push_str(rest);
    }
    Ok(out)
}

/// The pages in their order.
pub fn pages(root: &Path) -> Result<Vec<Page>> {
    let book = MDBook::load(root)?.book;
    let page = |chapter: &mdbook_preprocessor::book::Chapter| {
        let path = chapter.path.as_ref()?;
        let number = chapter.number.as_ref().map_or(String::new(), |n| format!("{n} "));
        let file = path.with_extension("html").to_string_lossy().replace('\\', "/");
        let depth = chapter.number.as_ref().map_or(1, |n| n.len());
        Some(Page { title: format!("{number}{}", chapter.name), file, depth })
    };
    Ok(book.chapters().filter_map(page).collect())
}

/// Brings up to date what the pages show: figures, numbers, live figures.
pub fn refresh(root: &Path) -> Result<()> {
    figures::draw_all(root, true)?;
    live::refresh(root)
}

/// Renders the book and gives the folder of its pages. A mistake ends the build.
pub fn build(root: &Path) -> Result<PathBuf> {
    render(root, false)
}

/// The same for a book in the making: its mistakes are listed, and left out of the pages.
pub fn draft(root: &Path) -> Result<PathBuf> {
    render(root, true)
}

fn render(root: &Path, draft: bool) -> Result<PathBuf> {
    let start = std::time::Instant::now();
    let mut book = MDBook::load(root)?;
    let out = book.build_dir_for("html");
    let beside = out.with_file_name("html.new");
    book.config.build.build_dir = beside.clone();
    let shared = Shared { draft, ..Shared::default() };
    book.with_preprocessor(shared.clone());
    book.with_renderer(shared);
    let before = COMPLAINTS.load(Ordering::SeqCst);
    book.build()?;
    if COMPLAINTS.load(Ordering::SeqCst) > before {
        bail!("mdBook complained (above), and went on where this book stops");
    }
    live::copy(root, &beside)?;
    sources::write(root, &beside)?;
    swap(&beside, &out)?;
    eprintln!("book/html in {:.2} s", start.elapsed().as_secs_f64());
    Ok(out)
}

/// The new pages take the place of the old in two renames: a reader never meets a half-built book.
fn swap(new: &Path, place: &Path) -> Result<()> {
    let old = place.with_file_name("html.old");
    if old.exists() {
        std::fs::remove_dir_all(&old)?;
    }
    if place.exists() {
        std::fs::rename(place, &old)?;
    }
    std::fs::rename(new, place).with_context(|| place.display().to_string())?;
    if old.exists() {
        std::fs::remove_dir_all(&old)?;
    }
    Ok(())
}
