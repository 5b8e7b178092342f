//! The decoder as a graph, and the encoder that runs against its arrow.
use super::shapes::{HIDDEN, INK, MODEL, SEEN, arrow, circle, page, words};
use crate::figures::{Drawing, Figure};
use latent::Result;

pub const FIGURE: Figure = Figure {
    name: "vae.plates",
    caption: "Solid: how the model makes a row. It draws $\\vec z$ from the prior, and $\\vec x$ from a distribution that depends on $\\vec z$ through the decoder's weights $\\theta$. \
Dashed: how a row is answered. The encoder, with weights $\\phi$, looks at $\\vec x$ and gives a distribution over $\\vec z$. The dashed arrows are no part of the model.",
    alt: "A box marked N holds an open circle z above a filled circle x. A solid arrow leads from z down to x, and one from the letter θ on the right to x. A dashed arrow leads from x back up to z, and one from the letter φ on the left to z.",
    draw,
};

fn draw() -> Result<Drawing> {
    let plate = format!(
        "<rect x=\"190\" y=\"12\" width=\"260\" height=\"296\" rx=\"12\" fill=\"none\" stroke=\"{INK}\" stroke-width=\"2\"/>\n"
    ) + &words(424.0, 282.0, "N");
    let inside = plate
        + &circle(320.0, 78.0, 34.0, HIDDEN, false, "z")
        + &circle(320.0, 236.0, 34.0, SEEN, true, "x")
        + &arrow((334.0, 115.0), (334.0, 196.0), INK, false)
        + &arrow((306.0, 199.0), (306.0, 118.0), MODEL, true)
        + &words(560.0, 236.0, "θ")
        + &arrow((542.0, 236.0), (360.0, 236.0), INK, false)
        + &words(80.0, 78.0, "φ")
        + &arrow((98.0, 78.0), (280.0, 78.0), MODEL, true);
    Ok(Drawing::one(page(640, 320, &inside)))
}
