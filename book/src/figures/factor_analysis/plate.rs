//! The model as a graph: what depends on what, and what comes once a row.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "factor_analysis.plate",
    caption: "What depends on what. An arrow says *is drawn given*. The box is a *plate*: its inside is repeated for $n = 1, \\dots, N$. \
The filled circle is seen, the open one is not; what stands outside the plate is shared by all rows.",
    alt: "A box marked N holds an open circle z and a filled circle x, with an arrow from z to x. Outside the box, W, μ and Ψ each have an arrow to x.",
    draw,
};

fn draw() -> Result<Drawing> {
    let mut svg = String::from(
        "<svg viewBox=\"0 0 640 230\" xmlns=\"http://www.w3.org/2000/svg\" font-family=\"sans-serif\" font-size=\"24\">\n",
    );
    svg += "<rect x=\"130\" y=\"20\" width=\"300\" height=\"190\" rx=\"12\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\"/>\n";
    let arrow = |x1: i32, y1: i32, x2: i32, y2: i32| {
        let (dx, dy) = (f64::from(x2 - x1), f64::from(y2 - y1));
        let turn = dy.atan2(dx);
        let wing = |by: f64| {
            let at = turn + by;
            format!(
                "L{:.1} {:.1}",
                f64::from(x2) + 14.0 * at.cos(),
                f64::from(y2) + 14.0 * at.sin()
            )
        };
        format!(
            "<path d=\"M{x1} {y1}L{x2} {y2}{}M{x2} {y2}{}\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2.5\"/>\n",
            wing(2.7),
            wing(-2.7)
        )
    };
    svg += &arrow(238, 110, 302, 110);
    for (y, name) in [(50, "W"), (110, "μ"), (170, "Ψ")] {
        svg += &arrow(530, y, 374, 110 + (y - 110) / 4);
        svg +=
            &format!("<text x=\"545\" y=\"{}\" fill=\"currentColor\">{name}</text>\n", y + 8);
    }
    for (x, fill, role, name) in [
        (205, "none", "var(--fig-d,#a06bd0)", "z"),
        (337, "var(--fig-a,#3b8fd0)", "var(--fig-a,#3b8fd0)", "x"),
    ] {
        svg += &format!(
            "<circle cx=\"{x}\" cy=\"110\" r=\"33\" fill=\"{fill}\" fill-opacity=\"0.35\" stroke=\"{role}\" stroke-width=\"4\"/>\n<text x=\"{x}\" y=\"118\" text-anchor=\"middle\" fill=\"currentColor\">{name}</text>\n"
        );
    }
    svg += "<text x=\"400\" y=\"198\" fill=\"currentColor\">N</text>\n</svg>\n";
    Ok(Drawing::one(Svg(svg)))
}
