//! Figures on all codes together.
use super::*;
use ::latent::factor_analysis::FactorAnalysis;
use ::latent::gaussian::{Moments, log_normal};
use ::latent::plot::{Chart, Corner, Mark, Points, Role, Svg, ellipse, points_of};
use ::latent::vae::Codes;
use ::latent::vae::latent::{fitted_prior, standard};
use ndarray::{Array1, Axis, s};

/// In the order of the pages.
pub const FIGURES: &[&Figure] = &[&REDRAW, &REDRAWN, &VALLEY, &ACROSS, &SWAP];

const REDRAW: Figure = Figure {
    name: "vae.redraw",
    caption: "Left: one draw of $z$ for each of 600 rows, from its own $q(z\\mid\\vec x)$. Right: as many draws from the prior. The ring holds nine tenths of the prior.",
    alt: "Two panels. Left a round cloud of dots with faint gaps, in a ring; right a round cloud of dots without gaps, in the same ring.",
    draw: redraw,
};

const REDRAWN: Figure = Figure {
    name: "vae.redrawn",
    caption: "Ten rows as they came, and ten new ones: a draw from the prior, then a draw of each pixel.",
    alt: "Two rows of ten small images in black and white. Above handwritten digits; below shapes with ragged edges, some of which can be read.",
    draw: redrawn,
};

/// The circle that holds the share `p` of N(0, I).
fn ring(p: f64) -> Points {
    let radius = (-2.0 * f64::ln(1.0 - p)).sqrt();
    let turn = |i: i32| (f64::from(i) * std::f64::consts::TAU / 90.0).sin_cos();
    (0..=90).map(|i| (radius * turn(i).1, radius * turn(i).0)).collect()
}

/// Dots in the plane with the ring, in a window that is always the same.
fn dots(z: &Array2<f64>, role: Role) -> Result<Svg> {
    let inside = points_of(z.view()).into_iter().filter(|p| p.0.abs().max(p.1.abs()) < 3.4);
    let marks = vec![
        (Mark::Dots(vec![(-3.4, -3.4), (3.4, 3.4)], Role::Faint, 0), ""),
        (Mark::Dots(inside.collect(), role, 4), ""),
        (Mark::Dashed(ring(0.9), Role::Ink, 3), ""),
    ];
    Chart { x: "z₁", y: "z₂", size: (440, 440), equal: true, marks, ..Chart::default() }.svg()
}

fn redrawn() -> Result<Drawing> {
    let (net, d) = (net("digits-2")?, super::digits());
    let mut r = rng(42);
    let new = net.drawn(normals((10, 2), &mut r)?.view(), &mut r)?;
    let old = d.train.slice(s![..10, ..]).mapv(f64::from);
    let rows = [("as written", &old, 1.0), ("new", &new, 1.0)];
    Ok(Drawing::one(strips(&rows)?).by_training())
}

fn redraw() -> Result<Drawing> {
    let (net, d) = (net("digits-2")?, super::digits());
    let codes = net.codes(d.train.view())?;
    let mut r = rng(41);
    let q = codes.draw(&mut r)?.slice(s![..600, ..]).to_owned();
    let prior = normals((600, 2), &mut r)?;
    let panels = vec![
        ("Their codes", dots(&q, Role::Model)?),
        ("The prior", dots(&prior, Role::Third)?),
    ];
    let all = codes.moments()?;
    let off =
        (&all.covariance - &Array2::<f64>::eye(2)).fold(0.0, |m: f64, v| m.max(v.abs()));
    let mut radii: Vec<f64> =
        codes.draw(&mut r)?.rows().into_iter().map(|z| z.dot(&z).sqrt()).collect();
    radii.sort_by(f64::total_cmp);
    let split = codes.split(401, standard)?;
    let mut drawing = Drawing::panels(panels)
        .trained("vae.redraw.off", off)
        .trained("vae.redraw.cost", codes.cost())
        .trained("vae.redraw.average", split.average)
        .trained("vae.redraw.information", split.information)
        .trained("vae.redraw.groups", split.information.exp())
        .exact("vae.redraw.rows", 1500f64.ln());
    drawing = textbook(drawing)?;
    for p in [0.5, 0.9] {
        let key = format!("vae.redraw.radius.{}", (100.0 * p) as usize);
        drawing = drawing
            .trained(key.clone(), radii[(p * 1500.0) as usize])
            .exact(key + ".prior", (-2.0 * f64::ln(1.0 - p)).sqrt());
    }
    Ok(drawing)
}

/// Five codes on the line, and how far PPCA's codes are from N(0, I) when W or σ² is not the likeliest.
fn textbook(drawing: Drawing) -> Result<Drawing> {
    let column = |v: [f64; 5]| Array1::from(v.to_vec()).insert_axis(Axis(1));
    let (m, s) = ([-1.6, -0.9, 0.1, 0.8, 1.9], [0.3, 0.5, 0.2, 0.4, 0.6]);
    let five = Codes::new(column(m), column(s))?.split(2001, standard)?;
    let x = &::latent::data::wine().x;
    let all = Moments::of(x.view())?;
    let x = (x - &all.mean) / all.covariance.diag().mapv(f64::sqrt);
    let off = |w: f64, noise: f64| -> Result<f64> {
        let fit = FactorAnalysis::ppca(&Moments::of(x.view())?, 2)?;
        let model = FactorAnalysis::new(fit.mean, fit.w * w, fit.psi * noise)?;
        let q = model.posterior(x.view())?;
        let all =
            Moments::of(q.mean.view())?.covariance + q.covariance - Array2::<f64>::eye(2);
        Ok(all.fold(0.0, |m, v| m.max(v.abs())))
    };
    Ok(drawing
        .exact("vae.five.cost", five.cost())
        .exact("vae.five.average", five.average)
        .exact("vae.five.information", five.information)
        .exact("vae.ppca.doubled", off(2.0, 1.0)?)
        .exact("vae.ppca.halved", off(1.0, 0.5)?))
}

const VALLEY: Figure = Figure {
    name: "vae.valley",
    caption: "Left: the density of all codes less that of the prior. Orange where there are more codes than the prior has, violet where there are fewer; the area of a dot is the difference, up to 0.1; differences below 0.008 are not drawn. \
Right: both densities along the line drawn at the left.",
    alt: "Left, a square of orange and violet dots in patches: violet valleys run between orange hills; a short line crosses one valley. Right, two curves: the prior rises smoothly, the codes' density has a deep dip.",
    draw: valley,
};

/// Where the line across the valley runs.
const PATH: [f64; 3] = [-2.1, -0.1, 1.1];

fn standard_density(x: f64, y: f64) -> f64 {
    (log_normal(x, 0.0, 1.0) + log_normal(y, 0.0, 1.0)).exp()
}

/// The line across the valley.
fn path() -> Vec<(Mark, &'static str)> {
    let [from, to, height] = PATH;
    vec![(Mark::Line(vec![(from, height), (to, height)], Role::Ink, 3), "")]
}

/// More and fewer codes than a prior has, as dots; and what is drawn on top.
fn difference(
    codes: &Codes,
    log_prior: impl Fn(&Array2<f64>) -> Result<Array1<f64>>,
    on_top: Vec<(Mark, &'static str)>,
) -> Result<Svg> {
    let axis = Array1::linspace(-2.8, 2.8, 29);
    let density = codes.on_grid(&axis, &axis)?;
    let place = |i: usize, k: usize| axis[if k == 0 { i % 29 } else { i / 29 }];
    let prior = log_prior(&Array2::from_shape_fn((29 * 29, 2), |(i, k)| place(i, k)))?;
    let mut marks = vec![(Mark::Dots(vec![(-2.9, -2.9), (2.9, 2.9)], Role::Faint, 0), "")];
    for (sign, role) in [(1.0, Role::Model), (-1.0, Role::Third)] {
        for radius in 3..=9u32 {
            let of = |((i, j), q): ((usize, usize), &f64)| {
                let more = sign * (q - prior[i * 29 + j].exp());
                let size = (more.max(0.0) / 0.1).sqrt() * 9.0;
                (size.min(9.0).round() as u32 == radius).then_some((axis[j], axis[i]))
            };
            let places: Points = density.indexed_iter().filter_map(of).collect();
            marks.push((Mark::Dots(places, role, radius), ""));
        }
    }
    marks.extend(on_top);
    Chart { x: "z₁", y: "z₂", size: (460, 440), equal: true, marks, ..Chart::default() }.svg()
}

const ACROSS: Figure = Figure {
    name: "vae.across",
    caption: "What the decoder makes of ten places across the valley, from left to right on the line above. In the middle stand shapes that few rows have, and the prior sends draws there.",
    alt: "Ten small grey images in a row: a clear 7 at the left, shapes between a 7 and a 1 in the middle, a thick 1 at the right.",
    draw: across,
};

fn across() -> Result<Drawing> {
    let [from, to, height] = PATH;
    let z = Array2::from_shape_fn((10, 2), |(i, l)| {
        if l == 0 { from + (to - from) * i as f64 / 9.0 } else { height }
    });
    let images = net("digits-2")?.images(z.view())?;
    Ok(Drawing::one(strips(&[("", &images, 1.0)])?).by_training())
}

fn valley() -> Result<Drawing> {
    let codes = net("digits-2")?.codes(super::digits().train.view())?;
    let [from, to, height] = PATH;
    let (x, y) = (Array1::linspace(from, to, 81), Array1::from(vec![height]));
    let along = codes.on_grid(&x, &y)?;
    let prior = x.mapv(|x| standard_density(x, height));
    let line =
        |of: &dyn Fn(usize) -> f64| -> Points { (0..81).map(|i| (x[i], of(i))).collect() };
    let marks = vec![
        (Mark::Line(line(&|i| along[[0, i]]), Role::Model, 4), "all codes"),
        (Mark::Line(line(&|i| prior[i]), Role::Third, 4), "prior"),
        (Mark::Dots(vec![(from, 0.0)], Role::Faint, 0), ""),
    ];
    let size = (460, 440);
    let right = Chart {
        x: "z₁",
        y: "density",
        size,
        marks,
        legend: Corner::UpperLeft,
        ..Chart::default()
    };
    let panels = vec![
        ("Codes less prior", difference(&codes, standard, path())?),
        ("Across a valley", right.svg()?),
    ];
    let least = along.iter().zip(&prior).map(|(q, p)| q / p).fold(f64::INFINITY, f64::min);
    let axis = Array1::linspace(-5.0, 5.0, 201);
    let density = codes.on_grid(&axis, &axis)?;
    let cell = 0.05 * 0.05;
    let rare = density.indexed_iter().map(|((i, j), q)| {
        let p = standard_density(axis[j], axis[i]);
        if *q < 0.5 * p { p * cell } else { 0.0 }
    });
    Ok(Drawing::panels(panels)
        .trained("vae.valley.least", least)
        .trained("vae.valley.rare", rare.sum()))
}

const SWAP: Figure = Figure {
    name: "vae.swap",
    caption: "Another prior for the same network: a mixture of ten Gaussians, fitted to the codes of the training rows. Left: 600 of the codes, and a ring round each component that holds half of it. Right: codes less prior, as above. The valleys are much shallower.",
    alt: "Left, a cloud of orange dots with ten violet ellipses that follow its hills. Right, the square of dots again, with about a third as many as before, most of them of the smallest size.",
    draw: swap,
};

fn swap() -> Result<Drawing> {
    let (net, d) = (net("digits-2")?, super::digits());
    let (known, new) = (net.codes(d.train.view())?, net.codes(d.test.view())?);
    let mut r = rng(51);
    let prior = fitted_prior(&known, 10, &mut r)?;
    let log = |z: &Array2<f64>| prior.log_densities(z);
    let some = known.draw(&mut r)?.slice(s![..600, ..]).to_owned();
    let rings = (0..10).map(|k| {
        let middle = [prior.means[[k, 0]], prior.means[[k, 1]]];
        let half = (2.0 * 2f64.ln()).sqrt();
        let around = ellipse(middle, prior.covariance.matrix(k, 2).view(), half);
        (Mark::Line(around, Role::Third, 4), "")
    });
    let mut marks = vec![
        (Mark::Dots(vec![(-2.9, -2.9), (2.9, 2.9)], Role::Faint, 0), ""),
        (Mark::Dots(points_of(some.view()), Role::Model, 3), ""),
    ];
    marks.extend(rings);
    let left =
        Chart {
            x: "z₁", y: "z₂", size: (460, 440), equal: true, marks, ..Chart::default()
        };
    let panels = vec![
        ("A mixture", left.svg()?),
        ("Codes less mixture", difference(&known, log, vec![])?),
    ];
    let (before, after) = (new.split(201, standard)?, new.split(201, log)?);
    Ok(Drawing::panels(panels)
        .trained("vae.swap.before", known.split(201, standard)?.average)
        .trained("vae.swap.after", known.split(201, log)?.average)
        .trained("vae.swap.gain", before.cost() - after.cost()))
}
