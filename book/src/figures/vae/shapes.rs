//! Circles, boxes and arrows of a diagram. Places are in 1/640 of the width.
use latent::plot::Svg;

/// What is hidden, seen, of the model q, and of no side.
pub const HIDDEN: &str = "var(--fig-d,#a06bd0)";
pub const SEEN: &str = "var(--fig-a,#3b8fd0)";
pub const MODEL: &str = "var(--fig-b,#d9652a)";
pub const INK: &str = "currentColor";

/// Words about a place.
pub fn words(x: f64, y: f64, text: &str) -> String {
    format!(
        "<text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"currentColor\">{text}</text>\n",
        y + 8.0
    )
}

/// A circle with a name; filled or open.
pub fn circle(x: f64, y: f64, r: f64, colour: &str, filled: bool, name: &str) -> String {
    let fill = if filled { colour } else { "none" };
    format!(
        "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{r}\" fill=\"{fill}\" fill-opacity=\"0.35\" stroke=\"{colour}\" stroke-width=\"4\"/>\n"
    ) + &words(x, y, name)
}

/// A box with round corners about a place, with a name.
pub fn block(x: f64, y: f64, width: f64, height: f64, colour: &str, name: &str) -> String {
    format!(
        "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"8\" fill=\"{colour}\" fill-opacity=\"0.18\" stroke=\"{colour}\" stroke-width=\"3\"/>\n",
        x - width / 2.0,
        y - height / 2.0
    ) + &words(x, y, name)
}

/// An arrow; its line is dashed or not.
pub fn arrow(
    (x1, y1): (f64, f64),
    (x2, y2): (f64, f64),
    colour: &str,
    dashed: bool,
) -> String {
    let turn = (y2 - y1).atan2(x2 - x1);
    let wing = |by: f64| {
        let (sin, cos) = (turn + by).sin_cos();
        format!("L{:.1} {:.1}", x2 + 13.0 * cos, y2 + 13.0 * sin)
    };
    let dash = if dashed { " stroke-dasharray=\"9 7\"" } else { "" };
    let style = format!("fill=\"none\" stroke=\"{colour}\" stroke-width=\"2.5\"");
    format!(
        "<path d=\"M{x1:.1} {y1:.1}L{x2:.1} {y2:.1}\" {style}{dash}/>\n<path d=\"M{x2:.1} {y2:.1}{}M{x2:.1} {y2:.1}{}\" {style}/>\n",
        wing(2.7),
        wing(-2.7)
    )
}

/// The whole diagram.
pub fn page(width: u32, height: u32, inside: &str) -> Svg {
    Svg(format!(
        "<svg viewBox=\"0 0 {width} {height}\" xmlns=\"http://www.w3.org/2000/svg\" font-family=\"sans-serif\" font-size=\"24\">\n{inside}</svg>\n"
    ))
}
