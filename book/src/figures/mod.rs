//! The figures, one a file under the folder of its chapter: what it shows, in words for those who see it and for
//! those who do not, and the code that draws it and writes down its numbers.
mod blurriness;
mod elbo;
mod em;
mod factor_analysis;
mod mean_field;
mod mixture;
mod pca;
mod vae;
mod why;
mod yardstick;

use anyhow::{Context, Result, bail, ensure};
use latent::plot::Svg;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A figure of the book.
pub struct Figure {
    /// `stem.name`, as pages call it.
    pub name: &'static str,
    /// What the picture shows, as Markdown.
    pub caption: &'static str,
    /// What to see in it, for those who cannot.
    pub alt: &'static str,
    /// Computes and draws.
    pub draw: fn() -> latent::Result<Drawing>,
}

/// What drawing gives: pictures, each with a title or none, and numbers for the prose.
#[derive(Default)]
pub struct Drawing {
    /// One or more, side by side where there is room.
    pub panels: Vec<(&'static str, Svg)>,
    /// What a page may look up.
    pub numbers: Vec<Number>,
    /// The pictures come out of training: another machine draws them a little differently.
    pub by_training: bool,
}

/// A number for the prose, and how far a second computation may be from it.
pub struct Number {
    key: String,
    value: f64,
    tolerance: f64,
}

impl Drawing {
    /// One picture.
    pub fn one(svg: Svg) -> Self {
        Drawing { panels: vec![("", svg)], ..Drawing::default() }
    }

    /// Several, each with its title.
    pub fn panels(panels: Vec<(&'static str, Svg)>) -> Self {
        Drawing { panels, ..Drawing::default() }
    }

    /// With a number that a closed form gives: any machine agrees to nine digits.
    pub fn exact(self, key: impl Into<String>, value: f64) -> Self {
        self.number(key, value, 1e-9)
    }

    /// With a number that training gives: machines differ in the last digits of a float, and training enlarges that.
    pub fn trained(self, key: impl Into<String>, value: f64) -> Self {
        self.number(key, value, 0.05).by_training()
    }

    /// The pictures come out of training.
    pub fn by_training(mut self) -> Self {
        self.by_training = true;
        self
    }

    fn number(mut self, key: impl Into<String>, value: f64, tolerance: f64) -> Self {
        self.numbers.push(Number { key: key.into(), value, tolerance });
        self
    }
}

/// Every figure, in the order of the book.
pub fn all() -> impl Iterator<Item = &'static Figure> {
    let chapters = [
        why::FIGURES,
        pca::FIGURES,
        factor_analysis::FIGURES,
        elbo::FIGURES,
        em::FIGURES,
        mixture::FIGURES,
        mean_field::FIGURES,
        vae::setup::FIGURES,
        vae::estimators::FIGURES,
        vae::training::FIGURES,
        vae::codes::FIGURES,
        vae::cloud::FIGURES,
        vae::latent::FIGURES,
        vae::mesh::FIGURES,
        vae::linear::FIGURES,
        vae::speed::FIGURES,
        vae::live::FIGURES,
        blurriness::look::FIGURES,
        blurriness::direction::FIGURES,
        blurriness::average::FIGURES,
        blurriness::kinds::FIGURES,
        blurriness::scale::FIGURES,
        blurriness::flow::FIGURES,
        blurriness::divergences::FIGURES,
        blurriness::live::FIGURES,
        yardstick::FIGURES,
    ];
    chapters.into_iter().flatten().copied()
}

/// The chapters in order: a figure may show what stands to the left of its own.
const STEMS: [&str; 9] = [
    "pca",
    "factor_analysis",
    "elbo",
    "em",
    "mixture",
    "mean_field",
    "vae",
    "blurriness",
    "why",
];

/// The figure of that name.
pub fn find(name: &str) -> Option<&'static Figure> {
    all().find(|f| f.name == name)
}

fn folder(root: &Path) -> PathBuf {
    root.join("book/figures")
}

/// The files that a figure is made from: its own (or, where files hold several, all of its chapter's), what its
/// chapter's figures share, the runs that it shows, its module, and the rooms below.
fn made_from(root: &Path, figure: &Figure) -> Vec<PathBuf> {
    let (stem, name) = figure.name.split_once('.').unwrap_or((figure.name, ""));
    let mut out = vec![];
    for path in [
        format!("book/src/figures/{stem}/{name}.rs"),
        format!("book/src/figures/{stem}/mod.rs"),
        format!("src/{stem}.rs"),
        "src/error.rs".into(),
        "src/linalg.rs".into(),
        "src/gaussian.rs".into(),
    ] {
        out.extend(Some(root.join(path)).filter(|p| p.is_file()));
    }
    if !root.join(format!("book/src/figures/{stem}/{name}.rs")).is_file() {
        out.extend(crate::files(&root.join("book/src/figures").join(stem), &|_| true));
    }
    if ["vae", "blurriness", "why", "yardstick"].contains(&stem) {
        out.extend(crate::files(&root.join("book/runs"), &|_| true));
        out.extend(["vae.csv", "vae_cost.csv"].map(|table| root.join("benches").join(table)));
        out.extend(crate::files(&root.join("book/live/src/vae"), &|_| true));
    }
    if stem == "blurriness" {
        out.extend(crate::files(&root.join("book/live/src/blurriness"), &|_| true));
    }
    let here = STEMS.iter().position(|s| *s == stem).map_or(STEMS.len(), |i| i + 1);
    for dir in ["data", "plot"].iter().chain(&STEMS[..here]) {
        out.extend(crate::files(&root.join("src").join(dir), &|_| true));
    }
    out
}

type Stamps = BTreeMap<String, String>;

fn stamps(root: &Path) -> Stamps {
    let text = std::fs::read_to_string(folder(root).join("stamps.toml")).unwrap_or_default();
    toml::from_str(&text).unwrap_or_default()
}

/// The figures whose code is not the code that drew the committed pictures.
pub fn stale(root: &Path) -> Vec<&'static Figure> {
    let stamps = stamps(root);
    let fresh = |f: &Figure| {
        stamps.get(f.name) == Some(&crate::fingerprint(&made_from(root, f)))
            && panel_path(root, f, 0).is_file()
    };
    all().filter(|f| !fresh(f)).collect()
}

fn panel_path(root: &Path, figure: &Figure, panel: usize) -> PathBuf {
    let (stem, name) = figure.name.split_once('.').unwrap_or((figure.name, ""));
    let suffix = if panel == 0 { String::new() } else { format!("-{}", panel + 1) };
    folder(root).join(stem).join(format!("{name}{suffix}.svg"))
}

/// Draws all figures, or those that are stale, and writes pictures, numbers and stamps. True if any changed.
pub fn draw_all(root: &Path, only_stale: bool) -> Result<bool> {
    let todo = if only_stale { stale(root) } else { all().collect() };
    let (mut stamps, mut numbers) = (stamps(root), Numbers::read(root)?);
    for figure in &todo {
        let start = std::time::Instant::now();
        let drawing = (figure.draw)().with_context(|| format!("figure {}", figure.name))?;
        write_panels(root, figure, &drawing)?;
        numbers.replace(figure.name, drawing.numbers)?;
        stamps.insert(figure.name.into(), crate::fingerprint(&made_from(root, figure)));
        eprintln!("figure {} in {:.2} s", figure.name, start.elapsed().as_secs_f64());
    }
    if !todo.is_empty() {
        stamps.retain(|name, _| find(name).is_some());
        let head = "# Which code drew which figure. Written by `cargo run -- figures`.\n";
        std::fs::write(
            folder(root).join("stamps.toml"),
            head.to_string() + &toml::to_string(&stamps)?,
        )?;
        numbers.write(root)?;
    }
    Ok(!todo.is_empty())
}

fn write_panels(root: &Path, figure: &Figure, drawing: &Drawing) -> Result<()> {
    ensure!(!drawing.panels.is_empty(), "figure {} draws nothing", figure.name);
    for (i, (title, svg)) in drawing.panels.iter().enumerate() {
        let path = panel_path(root, figure, i);
        std::fs::create_dir_all(path.parent().context("folder")?)?;
        std::fs::write(
            path,
            format!("<!-- {title} -->\n{}", svg.0.trim_end().to_string() + "\n"),
        )?;
    }
    for i in drawing.panels.len().. {
        if std::fs::remove_file(panel_path(root, figure, i)).is_err() {
            return Ok(());
        }
    }
    Ok(())
}

/// The committed pictures of a figure: title and SVG.
fn panels(root: &Path, figure: &Figure) -> Result<Vec<(String, String)>> {
    let mut out = vec![];
    for i in 0.. {
        let Ok(text) = std::fs::read_to_string(panel_path(root, figure, i)) else { break };
        let (title, svg) = text
            .strip_prefix("<!-- ")
            .and_then(|t| t.split_once(" -->\n"))
            .unwrap_or(("", &text));
        out.push((title.trim().to_string(), svg.to_string()));
    }
    if out.is_empty() {
        bail!("figure `{}` has not been drawn: `cargo run -- figures --stale`", figure.name);
    }
    Ok(out)
}

/// A figure for a page.
pub fn html(root: &Path, figure: &Figure) -> Result<String> {
    ensure!(
        figure.alt.len() > 20,
        "figure `{}` needs a description for those who cannot see it",
        figure.name
    );
    let pictures: String = panels(root, figure)?
        .into_iter()
        .map(|(title, svg)| {
            let title = if title.is_empty() {
                String::new()
            } else {
                format!("<p class=\"panel-title\">{}</p>", crate::escape(&title))
            };
            format!(
                "<div class=\"panel\">{title}{}</div>",
                svg.replacen("<svg ", "<svg class=\"figure\" aria-hidden=\"true\" ", 1)
            )
        })
        .collect();
    Ok(format!(
        "<div class=\"panels\" role=\"img\" aria-label=\"{}\">{pictures}</div>",
        crate::escape(figure.alt)
    ))
}

/// Draws everything again in memory, and compares with what is committed.
pub fn compare(root: &Path) -> Result<Vec<String>> {
    let (numbers, mut wrong) = (Numbers::read(root)?, vec![]);
    for figure in stale(root) {
        wrong.push(format!("figure {}: its code has changed since it was drawn; `cargo run -- figures --stale`", figure.name));
    }
    for figure in all() {
        let drawing = (figure.draw)().with_context(|| format!("figure {}", figure.name))?;
        wrong.extend(drawing.numbers.iter().filter_map(|n| numbers.differs(n)));
        let committed = panels(root, figure)?;
        let same = committed.len() == drawing.panels.len()
            && committed
                .iter()
                .zip(&drawing.panels)
                .all(|((_, old), (_, new))| drawing.by_training || close(old, &new.0, 1.5));
        if !same {
            wrong.push(format!("figure {}: drawn again, it looks different", figure.name));
        }
    }
    Ok(wrong)
}

/// Two SVGs of one structure whose numbers differ by `slack` at most.
fn close(a: &str, b: &str, slack: f64) -> bool {
    let split = |s: &str| -> (String, Vec<f64>) {
        let (mut words, mut numbers, mut digits) = (String::new(), vec![], String::new());
        for c in s.trim().chars().chain(std::iter::once(' ')) {
            if c.is_ascii_digit() || c == '.' || (c == '-' && digits.is_empty()) {
                digits.push(c);
            } else {
                if !digits.is_empty() {
                    numbers.push(digits.parse().unwrap_or(0.0));
                    digits.clear();
                    words.push('#');
                }
                words.push(c);
            }
        }
        (words, numbers)
    };
    let ((text_a, a), (text_b, b)) = (split(a), split(b));
    text_a == text_b
        && a.len() == b.len()
        && a.iter().zip(&b).all(|(x, y)| (x - y).abs() <= slack)
}

/// book/numbers.toml: what the prose looks up.
#[derive(Default)]
pub struct Numbers {
    rows: BTreeMap<String, Row>,
}

struct Row {
    value: f64,
    tolerance: f64,
    by: String,
}

impl Numbers {
    fn path(root: &Path) -> PathBuf {
        root.join("book/numbers.toml")
    }

    /// Reads the file; none is an empty one.
    pub fn read(root: &Path) -> Result<Self> {
        let table: toml::Table = std::fs::read_to_string(Self::path(root))
            .unwrap_or_default()
            .parse()
            .context("book/numbers.toml")?;
        let mut rows = BTreeMap::new();
        for (key, row) in &table {
            let number = |name: &str| {
                row.get(name).and_then(|v| v.as_float().or(v.as_integer().map(|i| i as f64)))
            };
            let by = row.get("by").and_then(|v| v.as_str()).unwrap_or_default().to_string();
            let (Some(value), Some(tolerance)) = (number("value"), number("tolerance"))
            else {
                bail!("book/numbers.toml: {key}")
            };
            rows.insert(key.clone(), Row { value, tolerance, by });
        }
        Ok(Numbers { rows })
    }

    fn write(&self, root: &Path) -> Result<()> {
        let head = "# What the prose looks up. Written by `cargo run -- figures`; change the figure that is named, not this file.\n";
        let row = |(key, r): (&String, &Row)| {
            format!(
                "\"{key}\" = {{ value = {:?}, tolerance = {:?}, by = \"{}\" }}\n",
                r.value, r.tolerance, r.by
            )
        };
        let text = head.to_string() + &self.rows.iter().map(row).collect::<String>();
        Ok(std::fs::write(Self::path(root), text)?)
    }

    /// The numbers of a figure in place of its earlier ones; a name belongs to one figure.
    fn replace(&mut self, figure: &str, numbers: Vec<Number>) -> Result<()> {
        self.rows.retain(|_, row| row.by != figure && find(&row.by).is_some());
        for n in numbers {
            let row = Row { value: n.value, tolerance: n.tolerance, by: figure.into() };
            if let Some(other) =
                self.rows.insert(n.key.clone(), row).filter(|r| r.by != figure)
            {
                bail!("{figure} and {} both write the number `{}`", other.by, n.key);
            }
        }
        Ok(())
    }

    fn differs(&self, n: &Number) -> Option<String> {
        match self.rows.get(&n.key) {
            None => Some(format!("number {}: not in book/numbers.toml", n.key)),
            Some(row)
                if (row.value - n.value).abs() > n.tolerance * row.value.abs().max(1e-12) =>
            {
                Some(format!(
                    "number {}: the book says {}, and the code {}",
                    n.key, row.value, n.value
                ))
            }
            Some(_) => None,
        }
    }

    /// `key digits` as text: decimals, or with a % the decimals of a percentage.
    pub fn show(&self, call: &str) -> Result<String> {
        let (key, format) = call.split_once(' ').unwrap_or((call, "3"));
        let row =
            self.rows.get(key).with_context(|| format!("no number is named `{key}`"))?;
        let (value, unit, digits) = match format.trim().strip_suffix('%') {
            Some(digits) => (100.0 * row.value, "&nbsp;%", digits),
            None => (row.value, "", format.trim()),
        };
        let digits: usize =
            digits.parse().with_context(|| format!("`{format}` is no number of digits"))?;
        let text = format!("{value:.digits$}").replace('-', "−");
        Ok(format!("{text}{unit}"))
    }
}
