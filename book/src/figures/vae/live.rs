//! The still pictures of the live figures, by the live figures' own code.
use crate::figures::{Drawing, Figure};
use ::latent::Result;
use ::latent::plot::{Chart, Mark, Picture, Points, Role, images};
use ::live::vae::{beta::Beta, gaps::Gaps, plane::Plane, random::Random};
use ndarray::{Array2, ArrayView2};
use std::f64::consts::TAU;

/// In the order of the pages.
pub const FIGURES: &[&Figure] = &[&RANDOM, &GAPS, &BETA, &PLANE];

const RANDOM: Figure = Figure {
    name: "vae.random",
    caption: "The slope of $\\mathbb E\\,f(z)$ in the mean $m$ of $q = \\mathcal N(m, s^2)$. Each draw is $z = m + s\\varepsilon$, and $\\varepsilon$ is fixed: move $m$, and all of them move. An arrow says how fast $f$ rises where the draw is. \
Or let the draws stay, and change only their weights: then a draw knows how high $f$ is there, and not where it rises. On paper: $f(z) = z^2$ at $m = 2$, $s = 1$, and the slope, 4, as sixty times twelve draws tell it.",
    alt: "Left: a parabola with twelve dots on it, most on its right arm, each with a level arrow that is the longer the steeper the curve is. Right: sixty estimates of each kind around a level line at 4. Those of moving draws lie within 2 of it; those of draws that stay scatter from minus 1 to 12.",
    draw: random,
};

const GAPS: Figure = Figure {
    name: "vae.gaps",
    caption: "The decoder with three pixels, three times as sure of them as elsewhere in the book, and an encoder that must say for each of its eight images where $z$ is: its $m$ and $\\log s$ are affine in the pixels. What the best Gaussian leaves to $\\log p(x)$ is the approximation gap. \
What the encoder leaves to the best Gaussian is the amortisation gap. Click the pixels, and move $q$.",
    alt: "Left: for the image 010, a posterior with a peak at zero and a shoulder to the left, the best Gaussian, broad and left of the peak, and the encoder's q, narrower and nearer to the peak. Right: eight bars in two parts. The approximation gap is near a tenth of a nat for all images; the amortisation gap varies, and is largest for the image 010.",
    draw: gaps,
};

const BETA: Figure = Figure {
    name: "vae.beta",
    caption: "A network with two latents trains on 1500 digits; here are its codes of 297 others, and two circles for the prior. The weight $\\beta$ of the cost decides what a code is for: at 0 it may go anywhere, at 1 the loss is that of the bound, at 64 nothing is worth saying. \
On paper: after 12 epochs; the digits 0 in blue, 4 in orange, 6 in green, 7 in violet, the others in grey. Live, the digits are written out.",
    alt: "Three panels of dots. With beta 0 the dots of each digit have a region of their own, and most lie far outside the circles, which look small. With beta 1 the regions are packed into the circles. With beta 64 all dots lie on one spot in the middle.",
    draw: beta,
};

const PLANE: Figure = Figure {
    name: "vae.plane",
    caption: "The plane of two latents. Left: the codes of every third training digit, means only (0 in blue, 4 in orange, 6 in green, 7 in violet, the others in grey), and two circles for the prior. Right: what the decoder makes of each place of the same plane, from $-3$ to $3$ both ways. \
Live, drag the ring and watch a digit form; the shading is how densely all codes lie.",
    alt: "Left: a cloud of dots of about the size of the outer circle, with clumps, and gaps between them. Right: a nine by nine grid of small grey images, in which zeros, ones, fours and other digits hold regions and blend into each other at the borders.",
    draw: plane,
};

fn curve(low: f64, high: f64, f: impl Fn(f64) -> f64) -> Points {
    (0..=200).map(|i| low + (high - low) * f64::from(i) / 200.0).map(|x| (x, f(x))).collect()
}

fn words(x: f64, y: f64, text: &str, role: Role) -> (Mark, &'static str) {
    (Mark::Words(x, y, text.into(), role), "")
}

fn circle(radius: f64) -> (Mark, &'static str) {
    let at = |i: i32| (TAU * f64::from(i) / 90.0).sin_cos();
    let points = (0..=90).map(|i| (radius * at(i).0, radius * at(i).1)).collect();
    (Mark::Dashed(points, Role::Third, 2), "")
}

fn random() -> Result<Drawing> {
    let mut r = Random::default();
    let (mut dots, mut arrows): (Points, Vec<_>) = (vec![], vec![]);
    for draw in r.draws.chunks(5) {
        let (z, f, push) = (draw[1], draw[2], draw[4]);
        dots.push((z, f));
        let tip = z + 0.16 * push;
        let barb = 0.1 * push.signum();
        arrows.extend([[(z, f), (tip, f)], [(tip - barb, f + 0.35), (tip, f)]]);
        arrows.push([(tip - barb, f - 0.35), (tip, f)]);
    }
    let left = Chart {
        x: "z",
        y: "f(z)",
        size: (440, 360),
        marks: vec![
            (Mark::Line(curve(-1.5, 4.4, |z| z * z), Role::Ink, 2), ""),
            (Mark::Pieces(arrows, Role::Other, 3), ""),
            (Mark::Dots(dots, Role::Data, 6), ""),
        ],
        ..Chart::default()
    };
    let (mut path, mut score): (Points, Points) = (vec![], vec![]);
    for k in 0..60 {
        path.push((f64::from(k), r.state[7]));
        score.push((f64::from(k), r.state[9]));
        r.again();
    }
    let right = Chart {
        x: "sixty times twelve draws",
        y: "slope in m",
        size: (440, 360),
        marks: vec![
            (Mark::Line(vec![(-1.0, 4.0), (60.0, 4.0)], Role::Ink, 2), ""),
            (Mark::Dots(score, Role::Third, 5), ""),
            (Mark::Dots(path, Role::Other, 5), ""),
            words(1.0, 14.2, "draws move", Role::Other),
            words(1.0, 12.9, "draws stay", Role::Third),
        ],
        ..Chart::default()
    };
    Ok(Drawing::panels(vec![
        ("Twelve draws, and where f rises", left.svg()?),
        ("Two ways to the slope", right.svg()?),
    ])
    .exact("vae.random.slope", r.state[5])
    .exact("vae.random.moves", r.state[11])
    .exact("vae.random.stays", r.state[13]))
}

fn gaps() -> Result<Drawing> {
    let mut gaps = Gaps::new()?;
    let at = |i: usize| 0.05 * (i as f64 - 80.0);
    let line = |curve: &[f64]| -> Points {
        let all = curve.iter().enumerate().map(|(i, v)| (at(i), *v));
        all.filter(|p| p.0.abs() < 3.2).collect()
    };
    let all: Vec<Points> = gaps.curves.chunks(gaps.curves.len() / 3).map(line).collect();
    let marks = vec![
        (Mark::Line(all[0].clone(), Role::Data, 4), ""),
        (Mark::Dashed(all[1].clone(), Role::Third, 3), ""),
        (Mark::Line(all[2].clone(), Role::Model, 4), ""),
        words(0.9, 0.72, "posterior", Role::Data),
        words(0.9, 0.65, "best Gaussian", Role::Third),
        words(0.9, 0.58, "encoder's q", Role::Model),
    ];
    let left = Chart { x: "z", y: "density", size: (440, 360), marks, ..Chart::default() };
    let (mut lower, mut upper, mut drawing) = (vec![], vec![], Drawing::default());
    let mut sums = [0.0; 2];
    for image in 0..8 {
        gaps.choose(image);
        let [_, _, _, evidence, best, bound, ..] = gaps.state;
        let (x, low, high) = (image as f64, evidence - best, evidence - bound);
        lower.push([(x - 0.4, 0.0), (x + 0.4, low)]);
        upper.push([(x - 0.4, low), (x + 0.4, high)]);
        sums = [sums[0] + low / 8.0, sums[1] + (high - low) / 8.0];
    }
    let marks = vec![
        (Mark::Blocks(lower, Role::Third), ""),
        (Mark::Blocks(upper, Role::Other), ""),
        words(2.7, 0.215, "amortisation", Role::Other),
        words(2.7, 0.193, "approximation", Role::Third),
    ];
    let right = Chart {
        x: "image, from 000 to 111",
        y: "gap, nats",
        size: (440, 360),
        marks,
        ..Chart::default()
    };
    drawing.panels =
        vec![("The image 010", left.svg()?), ("Both gaps, for each image", right.svg()?)];
    Ok(drawing
        .exact("vae.gaps.shown.approximation", sums[0])
        .exact("vae.gaps.shown.amortisation", sums[1]))
}

/// The digits that have a colour of their own.
const COLOURS: [(f64, Role); 4] =
    [(0.0, Role::Data), (4.0, Role::Model), (6.0, Role::Other), (7.0, Role::Third)];

fn codes(codes: &[f64], size: u32, skip: usize) -> Vec<(Mark, &'static str)> {
    let role = |class: f64| {
        COLOURS.iter().find(|c| c.0 == class).map_or(Role::Faint, |(_, role)| *role)
    };
    let all = [Role::Faint, Role::Data, Role::Model, Role::Other, Role::Third];
    let layer = |one: &Role| {
        let rows = codes.chunks(3).step_by(skip).filter(|c| role(c[2]) == *one);
        (Mark::Dots(rows.map(|c| (c[0], c[1])).collect(), *one, size), "")
    };
    all.iter().map(layer).collect()
}

fn beta() -> Result<Drawing> {
    let mut drawing = Drawing::default().by_training();
    for (weight, title) in [(0.0, "β = 0"), (1.0, "β = 1"), (64.0, "β = 64")] {
        let mut b = Beta::new()?;
        b.weigh(weight);
        for _ in 0..12 * 30 {
            b.step();
        }
        b.look();
        let mut marks = codes(&b.codes, 7, 1);
        marks.extend([circle(1.0), circle(2.0)]);
        let chart = Chart { size: (400, 380), equal: true, marks, ..Chart::default() };
        drawing.panels.push((title, chart.svg()?));
    }
    Ok(drawing)
}

fn plane() -> Result<Drawing> {
    let mut plane = Plane::new()?;
    let mut marks = codes(&plane.codes, 5, 3);
    marks.extend([circle(1.0), circle(2.0)]);
    let chart =
        Chart {
            x: "z₁", y: "z₂", size: (440, 430), equal: true, marks, ..Chart::default()
        };
    let mut rows: Vec<Array2<f64>> = vec![];
    for line in 0..9 {
        let mut pixels = vec![];
        for column in 0..9 {
            plane.place(0.75 * f64::from(column) - 3.0, 3.0 - 0.75 * f64::from(line));
            pixels.extend_from_slice(&plane.image);
        }
        rows.extend(ArrayView2::from_shape((9, 64), &pixels).map(|v| v.to_owned()));
    }
    let pictures: Vec<Picture<'_>> = rows
        .iter()
        .map(|x| Picture { name: String::new(), pixels: x.view(), ink: 1.0, signed: false })
        .collect();
    Ok(Drawing::panels(vec![
        ("Where the digits' codes are", chart.svg()?),
        ("What the decoder makes of the plane", images(&pictures, 8)?),
    ]))
}
