//! The mixture twice: parameters as numbers, and parameters as hidden values.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "mean_field.plates",
    caption: "The same mixture, twice. A filled circle is seen, an open one hidden. Left: $\\pi$, $\\mu$ and $\\Lambda$ are numbers to be found; they stand beside the graph, without a circle. Right: they are hidden values like $z$, \
each with a prior, whose settings are the small dots. What is hidden once a row stands in the plate $N$, what is hidden once a component in the plate $K$.",
    alt: "Two graphs. In each a box marked N holds an open circle z with an arrow to a filled circle x. In the left graph the letters π, μ and Λ without circles have arrows to z and x. In the right graph π, μ and Λ are open circles; μ and Λ stand in a box marked K, with an arrow from Λ to μ, and all have an arrow from a small dot.",
    draw,
};

const OPEN: (&str, &str) = ("none", "var(--fig-d,#a06bd0)");
const SEEN: (&str, &str) = ("var(--fig-a,#3b8fd0)", "var(--fig-a,#3b8fd0)");

fn circle(x: i32, y: i32, (fill, role): (&str, &str), name: &str) -> String {
    format!(
        "<circle cx=\"{x}\" cy=\"{y}\" r=\"30\" fill=\"{fill}\" fill-opacity=\"0.35\" stroke=\"{role}\" stroke-width=\"4\"/>\n"
    ) + &letter(x, y, name)
}

fn letter(x: i32, y: i32, name: &str) -> String {
    format!(
        "<text x=\"{x}\" y=\"{}\" text-anchor=\"middle\" fill=\"currentColor\">{name}</text>\n",
        y + 8
    )
}

fn arrow((x1, y1): (i32, i32), (x2, y2): (i32, i32)) -> String {
    let turn = f64::from(y2 - y1).atan2(f64::from(x2 - x1));
    let wing = |by: f64| {
        let (sin, cos) = (turn + by).sin_cos();
        format!("L{:.1} {:.1}", f64::from(x2) + 13.0 * cos, f64::from(y2) + 13.0 * sin)
    };
    format!(
        "<path d=\"M{x1} {y1}L{x2} {y2}{}M{x2} {y2}{}\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2.5\"/>\n",
        wing(2.7),
        wing(-2.7)
    )
}

fn plate(x: i32, y: i32, width: i32, height: i32, name: &str) -> String {
    format!(
        "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"12\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\"/>\n"
    ) + &letter(x + width - 20, y + height - 24, name)
}

fn dot(x: i32, y: i32) -> String {
    format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"6\" fill=\"currentColor\"/>\n")
}

fn page(inside: String) -> Svg {
    Svg(format!(
        "<svg viewBox=\"0 0 400 400\" xmlns=\"http://www.w3.org/2000/svg\" font-family=\"sans-serif\" font-size=\"24\">\n{inside}</svg>\n"
    ))
}

fn draw() -> Result<Drawing> {
    let rows = plate(30, 150, 140, 240, "N")
        + &circle(92, 200, OPEN, "z")
        + &arrow((92, 234), (92, 290))
        + &circle(92, 324, SEEN, "x");
    let numbers = rows.clone()
        + &letter(92, 70, "π")
        + &arrow((92, 92), (92, 166))
        + &letter(290, 262, "μ")
        + &arrow((272, 268), (128, 312))
        + &letter(290, 352, "Λ")
        + &arrow((270, 346), (128, 330));
    let hidden = rows
        + &circle(92, 70, OPEN, "π")
        + &arrow((92, 104), (92, 166))
        + &dot(92, 14)
        + &arrow((92, 20), (92, 36))
        + &plate(220, 150, 130, 240, "K")
        + &circle(280, 215, OPEN, "μ")
        + &arrow((252, 233), (122, 306))
        + &circle(280, 324, OPEN, "Λ")
        + &arrow((246, 324), (126, 324))
        + &arrow((280, 290), (280, 249))
        + &dot(384, 215)
        + &arrow((378, 215), (314, 215))
        + &dot(384, 324)
        + &arrow((378, 324), (314, 324));
    Ok(Drawing::panels(vec![
        ("Parameters as numbers", page(numbers)),
        ("Parameters as hidden values", page(hidden)),
    ]))
}
