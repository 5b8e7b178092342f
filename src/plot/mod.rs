//! Data and fits to SVG. A chart is a value; its colours are roles that the page's theme fills in.
mod chart;
mod images;
mod lean;
mod shapes;
mod ticks;

pub use chart::{Chart, Corner, Mark};
pub use images::{Picture, images};
pub use shapes::{contours, ellipse};

use crate::error::{Error, Result};
use crate::notebook::emit;
use ndarray::ArrayView2;
use plotters::style::{BLACK, RGBColor};

/// A picture as text, which follows the theme of the page or notebook that shows it.
#[derive(Clone, Debug)]
pub struct Svg(pub String);

impl Svg {
    /// Shown when a notebook cell ends with it.
    pub fn evcxr_display(&self) {
        emit("text/html", &format!("<div style=\"max-width:640px\">{}</div>", self.0));
        emit("text/plain", "[a figure]");
    }
}

/// What a colour stands for; the same in every chapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Data as they came.
    Data,
    /// A model, a fit, a reconstruction.
    Model,
    /// A second model to compare with.
    Other,
    /// A third.
    Third,
    /// Text and lines that belong to the picture itself.
    Ink,
    /// What should stay in the background.
    Faint,
}

/// A colour that no figure uses, its place in the page's style, and its value where the page has none.
const COLOURS: [(Role, RGBColor, &str); 6] = [
    (Role::Data, RGBColor(1, 0, 2), "var(--fig-a,#3b8fd0)"),
    (Role::Model, RGBColor(1, 0, 3), "var(--fig-b,#d9652a)"),
    (Role::Other, RGBColor(1, 0, 4), "var(--fig-c,#2ba37c)"),
    (Role::Third, RGBColor(1, 0, 5), "var(--fig-d,#a06bd0)"),
    (Role::Ink, RGBColor(1, 0, 0), "currentColor"),
    (Role::Faint, RGBColor(1, 0, 1), "var(--fig-grid,#8884)"),
];

impl Role {
    fn colour(self) -> RGBColor {
        COLOURS
            .iter()
            .find(|(role, ..)| *role == self)
            .map_or(BLACK, |(_, colour, _)| *colour)
    }
}

/// Places in the plane.
pub type Points = Vec<(f64, f64)>;

/// The rows of a table with two columns or more: the first two.
pub fn points_of(x: ArrayView2<f64>) -> Points {
    x.rows()
        .into_iter()
        .map(|r| (r.get(0).copied().unwrap_or(0.0), r.get(1).copied().unwrap_or(0.0)))
        .collect()
}

/// Points and the names of their axes: the quickest picture in a notebook.
pub fn scatter(x: &'static str, y: &'static str, rows: ArrayView2<f64>) -> Result<Svg> {
    Chart {
        x,
        y,
        equal: true,
        marks: vec![(Mark::Dots(points_of(rows), Role::Data, 5), "")],
        ..Chart::default()
    }
    .svg()
}

fn plot_error(e: impl std::fmt::Display) -> Error {
    Error::Plot(e.to_string())
}

/// Role colours become variables of the page, and the fixed size goes: the picture fills its frame.
fn themed(svg: &str) -> String {
    let mut out = svg.to_string();
    for (_, colour, css) in COLOURS {
        out = out.replace(&format!("#{:02X}{:02X}{:02X}", colour.0, colour.1, colour.2), css);
    }
    let Some((tag, rest)) = out.split_once('>') else { return out };
    let view = tag
        .split("viewBox=\"")
        .nth(1)
        .and_then(|t| t.split('"').next())
        .unwrap_or("0 0 640 420");
    let rest = lean::lean(rest);
    format!("<svg viewBox=\"{view}\" xmlns=\"http://www.w3.org/2000/svg\">{rest}")
}
