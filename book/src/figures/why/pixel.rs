//! One pixel that is black or white, and what each guess costs.
use super::*;
use latent::why::answers::{cost, cost_of_a_draw};

pub const FIGURE: Figure = Figure {
    name: "why.pixel",
    caption: "A pixel that is white, 0, or black, 1, equally often, and what a guess costs in squared error. Grey costs least, $\\frac14$. Black and white are what the pixel can be, and cost twice that.",
    alt: "A parabola over the guess from 0 to 1. Its lowest point, at grey, is one quarter. At both ends, white and black, it reaches one half.",
    draw,
};

fn draw() -> Result<Drawing> {
    let (values, fair) = ([0.0, 1.0], [0.5, 0.5]);
    let at = |a| cost(&values, &fair, a).unwrap_or(f64::NAN);
    let chart = Chart {
        x: "the guess: 0 white, 1 black",
        y: "mean squared error",
        size: (640, 330),
        marks: vec![
            (Mark::Line(curve(-0.1, 1.1, at), Role::Ink, 3), ""),
            (Mark::Dots(vec![(0.5, at(0.5))], Role::Model, 9), ""),
            (Mark::Dots(vec![(0.0, at(0.0)), (1.0, at(1.0))], Role::Data, 9), ""),
            words(0.46, 0.33, "grey", Role::Model),
            words(0.05, 0.52, "white", Role::Data),
            words(0.84, 0.52, "black", Role::Data),
        ],
        ..Chart::default()
    };
    Ok(Drawing::one(chart.svg()?)
        .exact("why.pixel.mean", at(0.5))
        .exact("why.pixel.draw", cost_of_a_draw(&values, &fair)?))
}
