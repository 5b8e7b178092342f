//! Where a slope can go back, and where it cannot.
use super::shapes::{HIDDEN, INK, MODEL, SEEN, arrow, block, circle, page, words};
use crate::figures::{Drawing, Figure};
use latent::Result;

pub const FIGURE: Figure = Figure {
    name: "vae.graph",
    caption: "One computation, drawn twice. Solid: forwards. Dashed: the slope on its way back. Left, $z$ is *drawn from* $q$, and a draw has no derivative: the slope ends there, and $\\phi$ hears nothing. \
Right, the noise $\\varepsilon$ is drawn first, and $z = m + s\\varepsilon$ is arithmetic. The slope goes through to $\\phi$. Nothing has to go back to $\\varepsilon$.",
    alt: "Two columns of boxes, from φ at the bottom over m, s and z to f at the top. On the left the circle z is filled, and the dashed arrow from f ends at it with a bar. On the right z is a box, with an arrow from a circle ε beside it, and dashed arrows lead from f all the way down to φ.",
    draw,
};

const X: f64 = 170.0;

/// What both graphs share: φ, m and s, f, and the way forwards.
fn column() -> String {
    block(X, 370.0, 84.0, 54.0, MODEL, "φ")
        + &block(X, 270.0, 84.0, 54.0, MODEL, "m, s")
        + &block(X, 50.0, 84.0, 54.0, SEEN, "f(z)")
        + &arrow((X - 14.0, 340.0), (X - 14.0, 301.0), INK, false)
        + &arrow((X - 14.0, 240.0), (X - 14.0, 195.0), INK, false)
        + &arrow((X - 14.0, 124.0), (X - 14.0, 81.0), INK, false)
}

fn draw() -> Result<Drawing> {
    let back = |from: f64, to: f64| arrow((X + 16.0, from), (X + 16.0, to), MODEL, true);
    let bar = format!(
        "<path d=\"M{} 126L{} 126\" stroke=\"{INK}\" stroke-width=\"5\"/>\n",
        X + 2.0,
        X + 30.0
    );
    let blocked = column()
        + &circle(X, 160.0, 32.0, HIDDEN, true, "z")
        + &back(80.0, 118.0)
        + &bar
        + &words(X + 118.0, 160.0, "z ~ q");
    let open = column()
        + &block(X, 160.0, 120.0, 54.0, INK, "m + sε")
        + &circle(340.0, 160.0, 30.0, HIDDEN, true, "ε")
        + &arrow((306.0, 160.0), (236.0, 160.0), INK, false)
        + &back(80.0, 128.0)
        + &back(192.0, 238.0)
        + &back(302.0, 338.0);
    Ok(Drawing::panels(vec![
        ("z is drawn", page(400, 410, &blocked)),
        ("ε is drawn", page(400, 410, &open)),
    ]))
}
