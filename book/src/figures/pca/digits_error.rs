//! Test error against the size of the code.
use super::*;
use latent::pca::autoencoder::Linear;
use latent::pca::{Origin, Pca, mean_square};
use latent::plot::{Chart, Mark, Role};

pub const FIGURE: Figure = Figure {
    name: "pca.digits_error",
    caption: "The mean squared error of an image, summed over its 64 pixels, on the 297 digits that no fit has seen. The deep network needs fewer numbers for the same error; \
the lead is widest at $L = 2$ and shrinks from there.",
    alt: "Two falling curves over code sizes 1, 2, 5, 10 and 20. The network's lies below that of PCA everywhere: at two numbers 2.3 against 3.4.",
    draw,
};

fn draw() -> Result<Drawing> {
    let (train, test) = digits_split();
    let fit = Pca::by_svd(train.view(), Origin::Mean)?;
    let (mut plane, mut bent, mut drawing) = (vec![], vec![], Drawing::default());
    for (l, network) in [
        (1, error::<1>(&train, &test)?),
        (2, error::<2>(&train, &test)?),
        (5, error::<5>(&train, &test)?),
        (10, error::<10>(&train, &test)?),
        (20, error::<20>(&train, &test)?),
    ] {
        let by_pca = fit.keep(l)?.error(test.view())?;
        plane.push((l as f64, by_pca));
        bent.push((l as f64, network));
        drawing = drawing
            .exact(format!("pca.digits.pca.{l}"), by_pca)
            .trained(format!("pca.digits.network.{l}"), network);
    }
    let mut linear: Linear<64, 2, f32, Cpu> = Linear::new(&Cpu::default(), &mut rng(3));
    ae::train(
        &mut linear,
        train.view(),
        Plan { rate: 0.02, ..PLAN },
        &Cpu::default(),
        &mut rng(4),
    )?;
    let on = |x: &Array2<f64>| -> Result<f64> {
        Ok(mean_square(x.view(), ae::reconstruct(&linear, x.view(), &Cpu::default())?.view()))
    };
    let marks = vec![
        (Mark::Line(plane.clone(), Role::Data, 4), "PCA"),
        (Mark::Dots(plane, Role::Data, 6), ""),
        (Mark::Line(bent.clone(), Role::Model, 4), "deep autoencoder"),
        (Mark::Dots(bent, Role::Model, 6), ""),
    ];
    let svg = Chart {
        x: "numbers in the code, L",
        y: "squared error, grey²",
        marks,
        ..Chart::default()
    }
    .svg()?;
    drawing.panels = vec![("", svg)];
    Ok(drawing
        .trained("pca.digits.linear.train", on(&train)?)
        .trained("pca.digits.linear.test", on(&test)?)
        .exact("pca.digits.train.2", fit.keep(2)?.discarded())
        .exact("pca.digits.weights.pca", (fit.mean.len() + fit.keep(2)?.w.len()) as f64)
        .exact("pca.digits.weights.network", weights(&digit_net::<2>(train.view())?) as f64))
}

/// How many numbers a network has to fit.
fn weights<const L: usize>(net: &Deep<64, 64, L, f32, Cpu>) -> usize {
    use dfdx::prelude::NumParams as _;
    net.num_trainable_params()
}

fn error<const L: usize>(train: &Array2<f64>, test: &Array2<f64>) -> Result<f64> {
    let back = ae::reconstruct(&digit_net::<L>(train.view())?, test.view(), &Cpu::default())?;
    Ok(mean_square(test.view(), back.view()))
}
