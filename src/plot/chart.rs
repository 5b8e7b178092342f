//! Charts in the plane: axes with names, and layers of dots, lines, bars and words.
use super::ticks::{name_at, short, short_power};
use super::{Points, Result, Role, Svg, plot_error, themed};
use plotters::chart::SeriesAnno;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;

/// One layer of a chart.
#[derive(Clone, Debug)]
pub enum Mark {
    /// Discs of a radius in 1/640 of the width.
    Dots(Points, Role, u32),
    /// A line through places, of a width in 1/640 of the width.
    Line(Points, Role, u32),
    /// A dashed line.
    Dashed(Points, Role, u32),
    /// Separate straight pieces.
    Pieces(Vec<[(f64, f64); 2]>, Role, u32),
    /// Upright bars of width 0.8 from zero to y.
    Bars(Points, Role),
    /// Filled boxes, each from one corner to the opposite one.
    Blocks(Vec<[(f64, f64); 2]>, Role),
    /// The inside of a closed line, half transparent.
    Area(Points, Role),
    /// Words that begin at a place.
    Words(f64, f64, String, Role),
}

/// A chart: the names of its axes, with units, and its layers, each with a name for the legend or none.
#[derive(Clone, Debug)]
pub struct Chart {
    /// What the horizontal axis shows.
    pub x: &'static str,
    /// What the vertical axis shows.
    pub y: &'static str,
    /// Width and height, in 1/640 of the width of a page.
    pub size: (u32, u32),
    /// One unit is equally long on both axes.
    pub equal: bool,
    /// The vertical axis shows powers of ten: give base-10 logarithms.
    pub log_y: bool,
    /// The horizontal axis shows powers of ten: give base-10 logarithms.
    pub log_x: bool,
    /// What stands under 0, 1, 2, … on the horizontal axis, in place of numbers; empty for numbers.
    pub names: Vec<String>,
    /// The layers, the lowest first.
    pub marks: Vec<(Mark, &'static str)>,
    /// Where the legend stands.
    pub legend: Corner,
}

/// A corner of a chart.
#[derive(Clone, Copy, Debug)]
pub enum Corner {
    /// Above, left.
    UpperLeft,
    /// Above, right.
    UpperRight,
    /// Below, left.
    LowerLeft,
    /// Below, right.
    LowerRight,
}

impl Default for Chart {
    fn default() -> Self {
        Chart {
            x: "",
            y: "",
            size: (640, 420),
            equal: false,
            log_y: false,
            log_x: false,
            names: vec![],
            marks: vec![],
            legend: Corner::UpperRight,
        }
    }
}

/// Letters are 21/640 of the width: legible on a phone.
const TEXT: u32 = 21 * FINE;

/// The backend rounds to whole steps; this many make one, so that curves are smooth.
const FINE: u32 = 4;

type Area<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;
type Plane<'a> =
    ChartContext<'a, SVGBackend<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

impl Chart {
    /// The chart as SVG.
    pub fn svg(&self) -> Result<Svg> {
        let mut svg = String::new();
        let root =
            SVGBackend::with_string(&mut svg, (self.size.0 * FINE, self.size.1 * FINE))
                .into_drawing_area();
        self.draw(&root).and_then(|()| root.present().map_err(plot_error))?;
        drop(root);
        Ok(Svg(themed(&svg)))
    }

    fn draw(&self, root: &Area<'_>) -> Result<()> {
        let (xs, ys) = self.ranges();
        let mut plane = ChartBuilder::on(root)
            .margin(10 * FINE)
            .margin_right(22 * FINE)
            .x_label_area_size(FINE * if self.x.is_empty() { 30 } else { 60 })
            .y_label_area_size(FINE * if self.y.is_empty() { 52 } else { 88 })
            .build_cartesian_2d(xs.0..xs.1, ys.0..ys.1)
            .map_err(plot_error)?;
        self.axes(&mut plane)?;
        for (mark, name) in &self.marks {
            mark.draw(&mut plane, name)?;
        }
        if self.marks.iter().all(|(_, name)| name.is_empty()) {
            return Ok(());
        }
        let place = match self.legend {
            Corner::UpperLeft => SeriesLabelPosition::UpperLeft,
            Corner::UpperRight => SeriesLabelPosition::UpperRight,
            Corner::LowerLeft => SeriesLabelPosition::LowerLeft,
            Corner::LowerRight => SeriesLabelPosition::LowerRight,
        };
        let ink = Role::Ink.colour();
        let mut labels = plane.configure_series_labels();
        labels
            .position(place)
            .margin(6 * FINE)
            .legend_area_size(30 * FINE)
            .label_font(("sans-serif", TEXT).into_font().color(&ink))
            .draw()
            .map_err(plot_error)
    }

    fn axes(&self, plane: &mut Plane<'_>) -> Result<()> {
        let (ink, faint) = (Role::Ink.colour(), Role::Faint.colour());
        let text = ("sans-serif", TEXT).into_font().color(&ink);
        let power = |v: &f64| short_power(*v);
        let plain = |v: &f64| short(*v);
        let mut mesh = plane.configure_mesh();
        mesh.bold_line_style(faint.stroke_width(FINE))
            .light_line_style(TRANSPARENT)
            .axis_style(ink.stroke_width(FINE))
            .label_style(text.clone())
            .axis_desc_style(text);
        mesh.x_labels(6).y_labels(6).x_desc(self.x).y_desc(self.y);
        let named = |v: &f64| name_at(&self.names, *v);
        if !self.names.is_empty() {
            mesh.x_labels(self.names.len() + 1);
        }
        mesh.x_label_formatter(match (self.names.is_empty(), self.log_x) {
            (false, _) => &named,
            (true, true) => &power,
            (true, false) => &plain,
        });
        mesh.y_label_formatter(if self.log_y { &power } else { &plain });
        mesh.draw().map_err(plot_error)
    }

    /// The least box around all marks, with a margin; equal units if asked for.
    fn ranges(&self) -> ((f64, f64), (f64, f64)) {
        let all: Points = self
            .marks
            .iter()
            .flat_map(|(mark, _)| mark.corners())
            .filter(|p| p.0.is_finite() && p.1.is_finite())
            .collect();
        let bars = self.marks.iter().any(|(mark, _)| matches!(mark, Mark::Bars(..)));
        let mut x = span(all.iter().map(|p| p.0), 0.04);
        let mut y = span(all.iter().map(|p| p.1), 0.06);
        if bars && all.iter().all(|p| p.1 >= 0.0) {
            y.0 = 0.0;
        }
        if self.equal {
            let (width, height) =
                (f64::from(self.size.0) - 120.0, f64::from(self.size.1) - 80.0);
            let unit = ((x.1 - x.0) / width).max((y.1 - y.0) / height);
            x = around(x, unit * width);
            y = around(y, unit * height);
        }
        (x, y)
    }
}

fn span(values: impl Iterator<Item = f64>, margin: f64) -> (f64, f64) {
    let (low, high) =
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
    if low > high {
        return (0.0, 1.0);
    }
    let more = margin * if high > low { high - low } else { 1.0 };
    (low - more, high + more)
}

fn around((low, high): (f64, f64), length: f64) -> (f64, f64) {
    let middle = (low + high) / 2.0;
    (middle - length / 2.0, middle + length / 2.0)
}

impl Mark {
    fn corners(&self) -> Points {
        match self {
            Mark::Dots(p, ..)
            | Mark::Line(p, ..)
            | Mark::Dashed(p, ..)
            | Mark::Area(p, _) => p.clone(),
            Mark::Pieces(pieces, ..) | Mark::Blocks(pieces, _) => {
                pieces.iter().flatten().copied().collect()
            }
            Mark::Bars(p, _) => {
                p.iter().flat_map(|&(x, y)| [(x - 0.5, 0.0), (x + 0.5, y)]).collect()
            }
            Mark::Words(x, y, ..) => vec![(*x, *y)],
        }
    }

    fn role(&self) -> Role {
        match self {
            Mark::Dots(_, r, _)
            | Mark::Line(_, r, _)
            | Mark::Dashed(_, r, _)
            | Mark::Pieces(_, r, _)
            | Mark::Bars(_, r)
            | Mark::Blocks(_, r)
            | Mark::Area(_, r)
            | Mark::Words(.., r) => *r,
        }
    }

    fn draw(&self, plane: &mut Plane<'_>, name: &str) -> Result<()> {
        let c = self.role().colour();
        let named = match self {
            Mark::Dots(p, _, r) => plane.draw_series(
                p.iter().map(|&at| Circle::new(at, *r * FINE, c.mix(0.65).filled())),
            ),
            Mark::Line(p, _, w) => plane
                .draw_series(LineSeries::new(p.iter().copied(), c.stroke_width(*w * FINE))),
            Mark::Dashed(p, _, w) => plane.draw_series(DashedLineSeries::new(
                p.iter().copied(),
                8 * FINE,
                6 * FINE,
                c.stroke_width(*w * FINE),
            )),
            Mark::Pieces(p, _, w) => plane.draw_series(
                p.iter()
                    .map(|ends| PathElement::new(ends.to_vec(), c.stroke_width(*w * FINE))),
            ),
            Mark::Bars(p, _) => {
                plane.draw_series(p.iter().map(|&(x, y)| {
                    Rectangle::new([(x - 0.4, 0.0), (x + 0.4, y)], c.filled())
                }))
            }
            Mark::Blocks(p, _) => plane.draw_series(
                p.iter().map(|&ends| Rectangle::new(ends, c.mix(0.85).filled())),
            ),
            Mark::Area(p, _) => plane
                .draw_series(std::iter::once(Polygon::new(p.clone(), c.mix(0.3).filled()))),
            Mark::Words(x, y, words, _) => {
                let style = ("sans-serif", TEXT).into_font().color(&c);
                plane.draw_series(std::iter::once(Text::new(words.clone(), (*x, *y), style)))
            }
        }
        .map_err(plot_error)?;
        if !name.is_empty() {
            key(named, name, c, matches!(self, Mark::Dots(..)));
        }
        Ok(())
    }
}

/// The sample and the name of a layer in the legend.
fn key<'a>(named: &mut SeriesAnno<'a, SVGBackend<'a>>, name: &str, c: RGBColor, dots: bool) {
    let (radius, width) = if dots { (5 * FINE, 0) } else { (0, 4 * FINE) };
    let (middle, end) = (11 * FINE as i32, 22 * FINE as i32);
    named.label(name).legend(move |at| {
        EmptyElement::at(at)
            + Circle::new((middle, 0), radius, c.filled())
            + PathElement::new([(0, 0), (end, 0)], c.stroke_width(width))
    });
}
