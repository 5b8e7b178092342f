//! Figures on what the codes say: of z, of the pixels, and of a second row.
use super::*;
use ::latent::elbo::{Gauss, Hidden, Tiny};
use ::latent::em::Sample;
use ::latent::factor_analysis::FactorAnalysis;
use ::latent::gaussian::Moments;
use ::latent::plot::{Chart, Corner, Mark, Points, Role};
use ::latent::vae::Spread;
use ::latent::vae::normal::cdf;
use ::latent::vae::predict::{again, averaged, coverage, mode, pixel};
use ndarray::{Array1, Axis, array};

/// In the order of the pages.
pub const FIGURES: &[&Figure] = &[&TINY, &PIXELS, &INTERVALS];

const TINY: Figure = Figure {
    name: "vae.tiny",
    caption: "What is known of $z$ when the decoder with three pixels has made the image 011. Filled: the posterior. Dashed: the best Gaussian $q$. \
The posterior is highest at {{number vae.tiny.mode 3}}; its mean is {{number vae.tiny.mean 3}}, and the mean of $q$ is {{number vae.tiny.q 3}}.",
    alt: "A filled lopsided hump over z from −3 to 2 with a dashed symmetric hump beside it. Three upright lines: the highest place of the filled hump at −0.49, and close together at −0.70 and −0.71 the two means.",
    draw: tiny,
};

/// The image 011, its best Gaussian, and p(x_d = 1 | z) at the places of the grid.
fn image() -> Result<(Hidden, Gauss, Vec<Array1<f64>>)> {
    let decoder = Tiny::default();
    let hidden = decoder.hidden(array![0.0, 1.0, 1.0].view())?;
    let (q, _) = hidden.best_gaussian(Gauss { mean: 0.0, sd: 1.0 })?;
    let images = decoder.every_x();
    let each = |x| decoder.hidden(x).map(|h| h.log_likelihood);
    let likelihoods = images.rows().into_iter().map(each).collect::<Result<Vec<_>>>()?;
    let pixels = (0..3).map(|d| pixel(images.view(), &likelihoods, d));
    Ok((hidden, q, pixels.collect::<Result<_>>()?))
}

fn tiny() -> Result<Drawing> {
    let (hidden, q, pixels) = image()?;
    let (log_p, log_q) = (hidden.log_posterior(), q.on(&hidden));
    let curve = |log: &Array1<f64>| -> Points {
        let all = hidden.z.iter().zip(log).map(|(z, l)| (*z, l.exp()));
        all.filter(|(z, _)| (-3.0..=2.0).contains(z)).step_by(2).collect()
    };
    let (top, mean) = (mode(&hidden)?, hidden.mean(&log_p, &hidden.z));
    let area = [vec![(-3.0, 0.0)], curve(&log_p), vec![(2.0, 0.0)]].concat();
    let upright = |z: f64, height: f64| vec![[(z, 0.0), (z, height)]];
    let marks = vec![
        (Mark::Area(area, Role::Model), ""),
        (Mark::Line(curve(&log_p), Role::Model, 4), "posterior"),
        (Mark::Dashed(curve(&log_q), Role::Other, 4), "best q"),
        (Mark::Pieces(upright(top, 0.6), Role::Ink, 3), ""),
        (Mark::Pieces(upright(mean, 0.6), Role::Model, 3), ""),
        (Mark::Pieces(upright(q.mean, 0.6), Role::Other, 3), ""),
        (Mark::Words(top + 0.06, 0.12, "highest".into(), Role::Ink), ""),
        (Mark::Words(q.mean - 0.56, 0.12, "means".into(), Role::Ink), ""),
    ];
    let chart = Chart { x: "z", y: "density", size: (640, 380), marks, ..Chart::default() };
    let [over, at] = averaged(&hidden, &log_q, &pixels[0])?;
    let [exact, _] = averaged(&hidden, &log_p, &pixels[0])?;
    Ok(Drawing::one(chart.svg()?)
        .exact("vae.tiny.mode", top)
        .exact("vae.tiny.mean", mean)
        .exact("vae.tiny.q", q.mean)
        .exact("vae.tiny.at_mean", at)
        .exact("vae.tiny.over_q", over)
        .exact("vae.tiny.over_posterior", exact))
}

const PIXELS: Figure = Figure {
    name: "vae.pixels",
    caption: "Five things that a trained network can show for a test digit. *At mean*: the decoder's probabilities at the encoder's mean. *Over q*: their mean over 500 draws of $z$ from $q(z\\mid\\vec x)$. \
*A draw*: one $z$, then pixels drawn with the probabilities that belong to it. *Doubt in z*: the standard deviation of the probabilities over the draws, from white at 0 to black at ½.",
    alt: "Five rows of ten small images. Digits in black and white; soft grey digits; the same a little softer; digits in black and white again with ragged edges and specks; and faint outlines, darkest along the strokes' edges.",
    draw: pixels,
};

/// One row for each digit 0 to 9: the first of the test rows that shows it.
fn one_of_each(d: &super::Digits) -> Array2<f32> {
    let first = |k: usize| d.test_class.iter().position(|c| *c == k);
    d.test.select(Axis(0), &(0..10).filter_map(first).collect::<Vec<_>>())
}

fn pixels() -> Result<Drawing> {
    let (net, d) = (net("digits-2")?, super::digits());
    let ten = one_of_each(&d);
    let codes = net.codes(ten.view())?;
    let mut r = rng(31);
    let at = net.images(codes.mean.view())?;
    let drawn = net.drawn(codes.draw(&mut r)?.view(), &mut r)?;
    let each = |row| net.spread(&net.code(ten.view(), row)?, 500, &mut r);
    let spreads: Vec<Spread> = (0..10).map(each).collect::<Result<_>>()?;
    let table = |of: &dyn Fn(&Spread) -> Array1<f64>| {
        Array2::from_shape_fn((10, 64), |(i, j)| of(&spreads[i])[j])
    };
    let (over, doubt) = (table(&|s| s.mean.clone()), table(&|s| s.latent.mapv(f64::sqrt)));
    let apart = (&at - &over).mapv(f64::abs).mean().unwrap_or(0.0);
    let [noise, latent] =
        [table(&|s| s.noise.clone()), table(&|s| s.latent.clone())].map(|t| t.sum() / 10.0);
    let seen = ten.mapv(f64::from);
    let rows = [
        ("as seen", &seen, 1.0),
        ("at mean", &at, 1.0),
        ("over q", &over, 1.0),
        ("a draw", &drawn, 1.0),
        ("doubt in z", &doubt, 0.5),
    ];
    Ok(Drawing::one(strips(&rows)?)
        .trained("vae.pixels.apart", apart)
        .trained("vae.pixels.noise", noise)
        .trained("vae.pixels.latent", latent)
        .trained("vae.pixels.share", latent / (latent + noise)))
}

const INTERVALS: Figure = Figure {
    name: "vae.intervals",
    caption: "Intervals for a second row with the same $z$, from the linear model of wine with two factors: how many entries they promise to hold, and how many they hold, of {{number vae.intervals.rows 0}} pairs of rows. \
With both parts of the variance they keep their word. With the noise alone, or the part from $z$ alone, they promise too much.",
    alt: "A chart of shares held against shares promised. One line runs along the diagonal from zero to one. A second bends slightly below it, a third runs far below.",
    draw: intervals,
};

fn intervals() -> Result<Drawing> {
    let all = Moments::of(::latent::data::wine().x.view())?.standardised()?;
    let model = FactorAnalysis::ppca(&all, 2)?;
    let n = 3000;
    let (z, x) = Sample::sample(&model, n, &mut rng(11))?;
    let noise = normals(x.dim(), &mut rng(12))?;
    let second = z.dot(&model.w.t()) + &model.mean + noise * model.psi.mapv(f64::sqrt);
    let told = again(&model, x.view())?;
    let both = &told.noise + &told.latent;
    let held = |v: &Array1<f64>, level| coverage(second.view(), told.mean.view(), v, level);
    let line = |v: &Array1<f64>| -> Result<Points> {
        let levels = (1..20).map(|i| f64::from(i) / 20.0);
        levels.map(|level| Ok((level, held(v, level)?))).collect()
    };
    let marks = vec![
        (Mark::Line(line(&both)?, Role::Model, 4), "both parts"),
        (Mark::Line(line(&told.noise)?, Role::Data, 4), "noise alone"),
        (Mark::Line(line(&told.latent)?, Role::Third, 4), "from z alone"),
        (Mark::Dashed(vec![(0.0, 0.0), (1.0, 1.0)], Role::Ink, 2), ""),
    ];
    let chart = Chart {
        x: "share promised",
        y: "share held",
        marks,
        legend: Corner::UpperLeft,
        ..Chart::default()
    };
    Ok(Drawing::one(chart.svg()?)
        .exact("vae.intervals.rows", n as f64)
        .exact("vae.intervals.both", held(&both, 0.9)?)
        .exact("vae.intervals.noise", held(&told.noise, 0.9)?)
        .exact("vae.intervals.latent", held(&told.latent, 0.9)?)
        .exact("vae.intervals.two", 2.0 * cdf(2.0) - 1.0))
}
