//! The still pictures of the live figures, by the live figures' own code.
use super::super::{Drawing, Figure};
use ::latent::Result;
use ::latent::plot::{Chart, Corner, Mark, Picture, Points, Role, images};
use ::live::blurriness::modes::{PLACES, REACH, Two};
use ::live::blurriness::pixels::World;
use ::live::blurriness::sharpness::{GREY, SHOWN, Sharpness};
use ndarray::{Array2, ArrayView2};
use std::f64::consts::TAU;

/// In the order of the pages.
pub const FIGURES: &[&Figure] = &[&MODES, &PIXELS, &SHARPNESS];

const MODES: Figure = Figure {
    name: "blurriness.modes",
    caption: "Two peaks of standard deviation 1 and equal mass at $\\pm a$, and one Gaussian $q$ for both. Left, $a = 3$: the least $\\mathrm{KL}(p\\,\\Vert\\,q)$ lies over the gap (dashed), the least $\\mathrm{KL}(q\\,\\Vert\\,p)$ on either peak; the flat third one is its last resting place in the middle. \
Right, the means of all resting places against $a$, dark where none is better. While the peaks are close there is one, in the middle; then each peak has its own, and at last the better one. Live, pull the peaks apart, or make one of them lighter.",
    alt: "Left: a density with peaks at minus 3 and 3. A dashed bell lies wide and low over both; a solid bell stands on each peak; a third lies flat in the middle. Right: means of q against a. A line at zero is dark up to about 2.8 and pale beyond; two branches begin aside of it at about 2.4, pale at first, and run along the peaks, dark from 2.8 on.",
    draw: modes,
};

const PIXELS: Figure = Figure {
    name: "blurriness.pixels",
    caption: "An image of two pixels is a point. Images 1 and 2 share a code, seven to three. The picture that misses them least in mean square is their weighted mean: a grey that is neither. The circle is its best standard deviation of a pixel. \
Right, what draws look like: the picture with noise of that size, its pixels tossed one by one, and the images themselves, which is what the truth draws. Live, drag the images and the picture, and change the weight.",
    alt: "Left: a square with image 1 at its lower right corner, image 2 at its upper left, and a dot on the line between them, nearer to image 1, with a dashed circle that reaches beyond the square. Right: rows of two-pixel images. The picture is grey and light grey; with noise it is any two greys; tossed, some draws have two black pixels or none; the images themselves have always one.",
    draw: pixels,
};

const SHARPNESS: Figure = Figure {
    name: "blurriness.sharpness",
    caption: "Decoders of grey digits, trained with Gaussian pixels of four standard deviations $\\sigma$. Left, digits, and the means that each decoder gives for codes drawn from the prior; the last line adds the noise of $\\sigma = 0.3$. Right, the mean sharpness of each kind. \
The less $\\sigma$, the sharper what comes back, and never as sharp as digits. Noise scores high, and looks like noise. Live, go from run to run; every step is a network of its own.",
    alt: "Left: six rows of eight small images: digits; faint smears for sigma 1; soft digits for 0.3, for the learned 0.185 and for 0.1, each a little crisper; and those for 0.3 covered by noise. Right: against sigma, the sharpness of digits is level at 0.8; reconstructions and means rise from 0.3 to under 0.6 as sigma falls; draws fall steeply from above 3 to between means and digits.",
    draw: sharpness,
};

fn words(x: f64, y: f64, text: &str, role: Role) -> (Mark, &'static str) {
    (Mark::Words(x, y, text.into(), role), "")
}

fn modes() -> Result<Drawing> {
    let mut two = Two::default();
    let at = |i: usize| REACH * (2.0 * i as f64 / (PLACES - 1) as f64 - 1.0);
    let line = |curve: &[f64]| -> Points {
        curve.iter().enumerate().map(|(i, v)| (at(i), *v)).collect()
    };
    let curves: Vec<Points> = two.curves.chunks_exact(PLACES).map(line).collect();
    let mut marks = vec![
        (Mark::Area(curves[0].clone(), Role::Data), ""),
        (Mark::Line(curves[0].clone(), Role::Data, 2), ""),
    ];
    for (k, curve) in curves.iter().skip(2).enumerate() {
        marks.push((Mark::Line(curve.clone(), Role::Model, if k < 2 { 4 } else { 2 }), ""));
    }
    marks.push((Mark::Dashed(curves[1].clone(), Role::Other, 4), ""));
    marks.extend([
        words(-7.6, 0.47, "p", Role::Data),
        words(-6.6, 0.47, "q by KL(p ‖ q)", Role::Other),
        words(0.6, 0.47, "q by KL(q ‖ p)", Role::Model),
    ]);
    let left = Chart { x: "z", y: "density", size: (440, 360), marks, ..Chart::default() };
    while two.fork.is_empty() && two.advance() {}
    let of = |best: f64| -> Points {
        let all = two.fork.chunks_exact(3).filter(|c| c[2] == best);
        all.map(|c| (c[0], c[1])).collect()
    };
    let marks = vec![
        (Mark::Line(vec![(0.0, 0.0), (4.0, 4.0)], Role::Data, 1), ""),
        (Mark::Line(vec![(0.0, 0.0), (4.0, -4.0)], Role::Data, 1), ""),
        (Mark::Dashed(vec![(0.0, 0.0), (4.0, 0.0)], Role::Other, 2), ""),
        (Mark::Dots(of(0.0), Role::Model, 2), ""),
        (Mark::Dots(of(1.0), Role::Model, 5), ""),
    ];
    let right = Chart {
        x: "a, half the distance of the peaks",
        y: "mean of q",
        size: (440, 360),
        marks,
        ..Chart::default()
    };
    Ok(Drawing::panels(vec![
        ("Peaks at −3 and 3", left.svg()?),
        ("Resting places", right.svg()?),
    ]))
}

/// Ten pixels each way, for two of the world's.
const SIDE: usize = 10;

/// Images of two pixels, each with a frame, on square paper.
fn framed(pairs: &[f64]) -> Array2<f64> {
    Array2::from_shape_fn((pairs.len() / 2, SIDE * SIDE), |(n, k)| {
        match (k / SIDE, k % SIDE) {
            (3..=6, 1..=4) => pairs[2 * n],
            (3..=6, 5..=8) => pairs[2 * n + 1],
            (2..=7, _) => 0.15,
            _ => 0.0,
        }
    })
}

fn pixels() -> Result<Drawing> {
    let mut world = World::default();
    world.weigh(0.7);
    let (best, sd) = ((world.state[13], world.state[14]), world.state[18]);
    let circle: Points = (0..=90)
        .map(|i| (TAU * f64::from(i) / 90.0).sin_cos())
        .map(|(s, c)| (best.0 + sd * c, best.1 + sd * s))
        .collect();
    let square = vec![(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)];
    let marks = vec![
        (Mark::Line(square, Role::Faint, 2), ""),
        (Mark::Line(vec![(1.0, 0.0), (0.0, 1.0)], Role::Data, 2), ""),
        (Mark::Dashed(circle, Role::Model, 3), ""),
        (Mark::Dots(vec![(1.0, 0.0), (0.0, 1.0)], Role::Data, 12), ""),
        (Mark::Dots(vec![best], Role::Model, 10), ""),
        words(1.05, 0.06, "image 1", Role::Data),
        words(0.06, 1.04, "image 2", Role::Data),
        words(0.72, 0.36, "picture", Role::Model),
    ];
    let left = Chart {
        x: "left pixel",
        y: "right pixel",
        size: (460, 420),
        equal: true,
        marks,
        ..Chart::default()
    };
    let mut rows = vec![("images", world.state[2..6].to_vec())];
    for (kind, name) in
        [(0, "picture"), (1, "and noise"), (2, "tossed"), (3, "of the images")]
    {
        world.draw(kind);
        let count = if kind == 0 { 1 } else { 8 };
        rows.push((name, world.draws[..2 * count].to_vec()));
    }
    let tables: Vec<Array2<f64>> = rows.iter().map(|(_, x)| framed(x)).collect();
    let pictures: Vec<Picture<'_>> = rows
        .iter()
        .zip(&tables)
        .map(|((name, _), x)| Picture {
            name: (*name).into(),
            pixels: x.view(),
            ink: 1.0,
            signed: false,
        })
        .collect();
    Ok(Drawing::panels(vec![
        ("Two images and one picture", left.svg()?),
        ("The same in grey, and draws", images(&pictures, SIDE)?),
    ]))
}

fn sharpness() -> Result<Drawing> {
    let mut all = Sharpness::new()?;
    while all.advance() {}
    let mut rows: Vec<(String, Vec<f64>)> = vec![];
    let block = |all: &Sharpness, k: usize| {
        all.pictures.chunks_exact(64 * SHOWN).nth(k).unwrap_or_default().to_vec()
    };
    let label = |run: usize| format!("σ = {}", (1000.0 * all.sds[run]).round() / 1000.0);
    let names: Vec<String> = (0..GREY).map(label).collect();
    for (run, name) in names.iter().enumerate() {
        all.choose(run);
        if run == 0 {
            rows.push(("digits".into(), block(&all, 0)));
        }
        rows.push((name.clone(), block(&all, 2)));
    }
    all.choose(1);
    rows.push(("with noise".into(), block(&all, 3)));
    let pictures: Vec<Picture<'_>> = rows
        .iter()
        .filter_map(|(name, x)| {
            let pixels = ArrayView2::from_shape((x.len() / 64, 64), x).ok()?;
            Some(Picture { name: name.clone(), pixels, ink: 1.0, signed: false })
        })
        .collect();
    let of = |kind: usize| -> Points {
        (0..GREY).map(|run| (run as f64, all.scores[4 * run + kind])).collect()
    };
    let kinds = [
        (Role::Ink, "digits"),
        (Role::Model, "reconstructed"),
        (Role::Other, "means"),
        (Role::Third, "draws"),
    ];
    let mut marks = vec![];
    for (kind, (role, name)) in kinds.into_iter().enumerate() {
        marks.push((Mark::Line(of(kind), role, 3), name));
        marks.push((Mark::Dots(of(kind), role, 6), ""));
    }
    let chart = Chart {
        x: "σ",
        y: "sharpness, mean |Laplacian|",
        size: (420, 360),
        names: names.iter().map(|n| n.trim_start_matches("σ = ").into()).collect(),
        marks,
        legend: Corner::UpperRight,
        ..Chart::default()
    };
    Ok(Drawing::panels(vec![
        ("Means of four decoders", images(&pictures, 8)?),
        ("How sharp", chart.svg()?),
    ])
    .by_training())
}
