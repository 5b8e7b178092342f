//! What a code that several images share does to the decoder's mean.
use super::super::{Drawing, Figure};
use super::look::{greys, net, prior, rng, score, strips};
use latent::Result;
use latent::blurriness::average::{
    best_fit, best_mean, best_variance, drawn_error, squared_error, strokes, strokes_fit,
    weights_at,
};
use latent::plot::{Chart, Mark, Points, Role};
use latent::vae::Codes;
use ndarray::{Array1, Array2, Axis, array};
use rand::Rng;
use std::f64::consts::TAU;

pub const FIGURES: &[&Figure] = &[&STROKES, &SHARED, &PSNR];

const STROKES: Figure = Figure {
    name: "blurriness.strokes",
    caption: "Two pixels and one stroke of ink, left or right with equal chance, and a code that does not say which. Left: the plane of the two pixels. The best mean is the cross between the two images, the small dots are draws from the best Gaussian there, and the ring, with radius $\\sqrt{2}\\,\\sigma$, is their root mean square distance. Right: the mean squared error of any guess on the line between the images. In the middle it is least, at either image twice that.",
    alt: "Left: two large dots, at ink left and at ink right. Halfway a cross with a ring that passes through both, and a cloud of small dots round it that avoids neither the middle nor the outside. Right: a parabola with its lowest point, one half, in the middle, and the height one at both ends.",
    draw: strokes_drawn,
};

fn strokes_drawn() -> Result<Drawing> {
    let (x, w) = (strokes(), array![0.5, 0.5]);
    let mean = best_mean(x.view(), w.view())?;
    let variance = best_variance(x.view(), w.view())?;
    let sd = variance.sqrt();
    let mut rng = rng(5);
    let cloud: Points = (0..150)
        .map(|_| {
            let (u, v) = (1.0 - rng.random::<f64>(), rng.random::<f64>());
            let (far, turn) = (sd * (-2.0 * u.ln()).sqrt(), (TAU * v).sin_cos());
            (mean[0] + far * turn.0, mean[1] + far * turn.1)
        })
        .collect();
    let ring = (0..=90).map(|i| (TAU * f64::from(i) / 90.0).sin_cos());
    let ring =
        ring.map(|(a, b)| (mean[0] + 2f64.sqrt() * sd * a, mean[1] + 2f64.sqrt() * sd * b));
    let at = |i: usize| (x[[i, 0]], x[[i, 1]]);
    let cross = |a: f64, b: f64| {
        [(mean[0] - 0.08 * a, mean[1] - 0.08 * b), (mean[0] + 0.08 * a, mean[1] + 0.08 * b)]
    };
    let marks = vec![
        (Mark::Dots(cloud, Role::Faint, 4), ""),
        (Mark::Dashed(ring.collect(), Role::Model, 3), ""),
        (Mark::Pieces(vec![cross(1.0, 1.0), cross(1.0, -1.0)], Role::Model, 5), ""),
        (Mark::Dots(vec![at(0), at(1)], Role::Data, 12), ""),
    ];
    let (a, b) = ("ink in the left pixel", "ink in the right pixel");
    let plane =
        Chart { x: a, y: b, size: (440, 440), equal: true, marks, ..Chart::default() };
    let error = |t: f64| squared_error(x.view(), w.view(), array![t, 1.0 - t].view());
    let curve = (0..=80).map(|i| -0.3 + 0.02 * f64::from(i));
    let curve = curve.map(|t| Ok((t, error(t)?))).collect::<Result<Points>>()?;
    let ends = vec![(0.0, error(0.0)?), (1.0, error(1.0)?)];
    let least = vec![(0.5, error(0.5)?)];
    let marks = vec![
        (Mark::Line(curve, Role::Ink, 3), ""),
        (Mark::Dots(ends, Role::Data, 10), ""),
        (Mark::Dots(least, Role::Model, 10), ""),
        (Mark::Words(0.0, 0.02, String::new(), Role::Ink), ""),
    ];
    let y = "squared error, ink²";
    let parabola = Chart { x: a, y, size: (440, 440), marks, ..Chart::default() };
    let fits = strokes_fit(0.5)?;
    Ok(Drawing::panels(vec![
        ("The plane of the pixels", plane.svg()?),
        ("The price of a guess", parabola.svg()?),
    ])
    .exact("blurriness.strokes.mean", mean[0])
    .exact("blurriness.strokes.sd", sd)
    .exact("blurriness.strokes.least", error(0.5)?)
    .exact("blurriness.strokes.drawn", drawn_error(x.view(), w.view())?)
    .exact("blurriness.strokes.together", fits[0])
    .exact("blurriness.strokes.tossed", fits[1])
    .exact("blurriness.fit.example", best_fit(64, 0.03)))
}

const SHARED: Figure = Figure {
    name: "blurriness.shared",
    caption: "Ten codes drawn from the prior of a network with $\\sigma=0.3$. Top: the decoder's mean. Second: the average of all training digits, each with the share $q(\\vec z\\mid\\vec x_n)/\\sum_m q(\\vec z\\mid\\vec x_m)$. Below: the three digits with the largest shares, all sharp.",
    alt: "Five rows of ten small digits. The first two rows, the decoder's means and the averages, are soft and almost alike. The three rows below hold crisp digits that resemble them, and within a column differ from one another in slant and stroke.",
    draw: shared,
};

/// What ten and more codes of a network are shared by.
struct Sharing {
    given: Array2<f64>,
    average: Array2<f64>,
    /// The three rows with the largest shares, for each code.
    top: [Array2<f64>; 3],
    /// 1 / Σ w²: how many rows share a code; the middle of all codes.
    rows: f64,
}

fn sharing(run: &str) -> Result<Sharing> {
    let net = net(run)?;
    let [train, _] = greys();
    let (codes, z) = (net.codes(train.view())?, prior(100, 2)?);
    let x = train.mapv(f64::from);
    let shares = shares(&codes, &z)?;
    let average: Vec<_> =
        shares.iter().map(|w| best_mean(x.view(), w.view())).collect::<Result<_>>()?;
    let orders: Vec<Vec<usize>> = shares.iter().map(heaviest).collect();
    let top = [0, 1, 2]
        .map(|k| x.select(Axis(0), &orders.iter().map(|order| order[k]).collect::<Vec<_>>()));
    let mut sizes: Vec<f64> = shares.iter().map(|w| 1.0 / w.dot(w)).collect();
    sizes.sort_by(f64::total_cmp);
    let (given, average) = (net.images(z.view())?, stacked(&average));
    Ok(Sharing { given, average, top, rows: sizes[sizes.len() / 2] })
}

/// The training digits that share a code: the share of each.
fn shares(codes: &Codes, z: &Array2<f64>) -> Result<Vec<Array1<f64>>> {
    let of = |z| weights_at(z, codes.mean.view(), codes.sd.view());
    z.rows().into_iter().map(of).collect()
}

fn heaviest(w: &Array1<f64>) -> Vec<usize> {
    let mut order: Vec<usize> = (0..w.len()).collect();
    order.sort_by(|&a, &b| w[b].total_cmp(&w[a]));
    order
}

/// The root of the mean squared difference of two sets of images.
fn apart(a: &Array2<f64>, b: &Array2<f64>) -> f64 {
    let off = (a - b).mapv(|v| v * v);
    (off.sum() / off.len() as f64).sqrt()
}

fn shared() -> Result<Drawing> {
    let mut drawing = Drawing::default();
    for run in ["0.3", "shared", "0.1"] {
        let Sharing { given, average, top, rows } = sharing(&format!("grey-{run}"))?;
        if run == "0.3" {
            let [first, second, third] = &top;
            let rows = [
                ("decoder", &given),
                ("average", &average),
                ("first", first),
                ("second", second),
                ("third", third),
            ];
            drawing.panels = vec![("", strips(&rows)?)];
        }
        let numbers = [
            ("rows", rows),
            ("off", apart(&given, &average)),
            ("nearest", apart(&given, &top[0])),
            ("decoder", score(&given)?),
            ("average", score(&average)?),
        ];
        for (name, value) in numbers {
            drawing = drawing.trained(format!("blurriness.shared.{run}.{name}"), value);
        }
    }
    Ok(drawing)
}

fn stacked(rows: &[Array1<f64>]) -> Array2<f64> {
    Array2::from_shape_fn((rows.len(), 64), |(i, d)| rows[i][d])
}

const PSNR: Figure = Figure {
    name: "blurriness.psnr",
    caption: "Ten codes. Top: for each a digit that may have sent it, drawn by its share. Second: the average of all that may have. Third: another digit, drawn as the first one was. Measured against the first row, the average has the smaller error; the third row has the sharper strokes, and twice the error in the mean.",
    alt: "Three rows of ten small digits. The first and the third row are crisp and differ in details; the second is soft.",
    draw: psnr,
};

fn psnr() -> Result<Drawing> {
    let net = net("grey-0.3")?;
    let [train, _] = greys();
    let (codes, z) = (net.codes(train.view())?, prior(40, 2)?);
    let (x, mut rng) = (train.mapv(f64::from), rng(11));
    let (mut least, mut twice) = (0.0, 0.0);
    let (mut sent, mut average, mut other) = (vec![], vec![], vec![]);
    for w in shares(&codes, &z)? {
        let heavy: Vec<usize> = (0..w.len()).filter(|&n| w[n] > 1e-4).collect();
        let (near, w) = (x.select(Axis(0), &heavy), w.select(Axis(0), &heavy));
        let a = best_mean(near.view(), w.view())?;
        least += squared_error(near.view(), w.view(), a.view())? / (40.0 * 64.0);
        twice += drawn_error(near.view(), w.view())? / (40.0 * 64.0);
        let mut draw = || {
            let mut left = rng.random::<f64>() * w.sum();
            let found = w.iter().position(|w| {
                left -= w;
                left < 0.0
            });
            near.row(found.unwrap_or(0)).to_owned()
        };
        sent.push(draw());
        average.push(a);
        other.push(draw());
    }
    let (sent, average, other) = (stacked(&sent), stacked(&average), stacked(&other));
    let rows = [("sent", &sent), ("average", &average), ("another", &other)];
    let decibel = |error: f64| -10.0 * error.log10();
    Ok(Drawing::one(strips(&rows)?)
        .trained("blurriness.psnr.average", decibel(least))
        .trained("blurriness.psnr.another", decibel(twice))
        .trained("blurriness.psnr.sharpness.average", score(&average)?)
        .trained("blurriness.psnr.sharpness.another", score(&other)?)
        .exact("blurriness.psnr.twice", decibel(0.5)))
}
