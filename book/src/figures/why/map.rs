//! The map of the book: four models, and the two steps that lead from one to the next.
use super::*;

pub const FIGURE: Figure = Figure {
    name: "why.map",
    caption: "Four models and two steps. To the right, the decoder may bend. Downwards, a code becomes a distribution and noise becomes a part of the model. The numbers are chapters; those below the first column are the tools for the way down and across.",
    alt: "A square of four boxes. Above: PCA, left, and autoencoder, right, both chapter 1. Below: factor analysis, chapter 2, left, and variational autoencoder, chapter 7, right. Arrows lead right, marked bend, and down, marked noise. Below, two lines of text name chapters 3 to 6: the bound, EM, mixtures, mean field; and an arrow out of the last box leads to chapter 8, blur.",
    draw,
};

const POINT: &str = "var(--fig-a,#3b8fd0)";
const CLOUD: &str = "var(--fig-b,#d9652a)";

fn text(x: i32, y: i32, size: i32, words: &str) -> String {
    format!(
        "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" text-anchor=\"middle\" fill=\"currentColor\">{words}</text>\n"
    )
}

fn node((x, y): (i32, i32), colour: &str, name: &str, where_: &str) -> String {
    format!(
        "<rect x=\"{x}\" y=\"{y}\" width=\"212\" height=\"84\" rx=\"14\" fill=\"{colour}\" fill-opacity=\"0.18\" stroke=\"{colour}\" stroke-width=\"3\"/>\n"
    ) + &text(x + 106, y + 38, 23, name)
        + &text(x + 106, y + 68, 20, where_)
}

fn arrow((x1, y1): (i32, i32), (x2, y2): (i32, i32)) -> String {
    let (dx, dy) = ((x2 - x1).signum(), (y2 - y1).signum());
    let (back, wing) = (12, 8);
    format!(
        "<path d=\"M{x1} {y1}L{x2} {y2}M{} {}L{x2} {y2}L{} {}\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"3\"/>\n",
        x2 - back * dx - wing * dy,
        y2 - back * dy - wing * dx,
        x2 - back * dx + wing * dy,
        y2 - back * dy + wing * dx
    )
}

fn draw() -> Result<Drawing> {
    let inside = text(126, 26, 20, "straight")
        + &text(514, 26, 20, "bent")
        + &node((20, 44), POINT, "PCA", "chapter 1")
        + &node((408, 44), POINT, "autoencoder", "chapter 1")
        + &node((20, 216), CLOUD, "factor analysis", "chapter 2")
        + &node((408, 216), CLOUD, "VAE", "chapter 7")
        + &arrow((240, 86), (398, 86))
        + &text(319, 74, 20, "bend")
        + &arrow((240, 258), (398, 258))
        + &text(319, 246, 20, "bend")
        + &arrow((126, 134), (126, 208))
        + &text(176, 178, 20, "noise")
        + &arrow((514, 134), (514, 208))
        + &text(464, 178, 20, "noise")
        + &text(319, 166, 20, "points")
        + &text(319, 196, 20, "clouds")
        + "<path d=\"M262 174H376\" stroke=\"currentColor\" stroke-dasharray=\"5 5\" stroke-width=\"1.5\"/>\n"
        + &text(136, 340, 20, "tools: 3 the bound, 4 EM,")
        + &text(136, 366, 20, "5 mixtures, 6 mean field")
        + &arrow((514, 306), (514, 342))
        + &text(514, 366, 20, "8 why the images blur");
    Ok(Drawing::one(Svg(format!(
        "<svg viewBox=\"0 0 640 380\" xmlns=\"http://www.w3.org/2000/svg\" font-family=\"sans-serif\">\n{inside}</svg>\n"
    ))))
}
