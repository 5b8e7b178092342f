//! How fast a mean of draws comes near.
use crate::figures::{Drawing, Figure};
use latent::Result;
use latent::elbo::{Gauss, Tiny};
use latent::gaussian::sample;
use latent::plot::{Chart, Mark, Points, Role};
use ndarray::array;
use rand::{SeedableRng, rngs::StdRng};

pub const FIGURE: Figure = Figure {
    name: "vae.draws",
    caption: "The fit $\\E_q\\log p(\\vec x\\mid z)$ of the image 100 under chapter 3's decoder, for $q = \\mathcal N(0.3, 0.6^2)$, from $R$ draws. Dots: the root of the mean squared error over 1000 repetitions. Line: the standard deviation of one draw, {{number vae.draws.sd 3}} nats, divided by $\\sqrt{R}$.",
    alt: "Dots on a logarithmic grid that follow a straight falling line: from one nat at one draw to a thirtieth at a thousand.",
    draw,
};

fn draw() -> Result<Drawing> {
    let hidden = Tiny::default().hidden(array![1.0, 0.0, 0.0].view())?;
    let q = Gauss { mean: 0.3, sd: 0.6 };
    let log_q = q.on(&hidden);
    let want = hidden.mean(&log_q, &hidden.log_likelihood);
    let off = hidden.log_likelihood.mapv(|f| (f - want).powi(2));
    let sd = hidden.mean(&log_q, &off).sqrt();
    let fit = |z: f64| {
        let cell = ((z + 12.0) / 0.01).clamp(0.0, 2400.0).round();
        hidden.log_likelihood[cell as usize]
    };
    let (mut rng, mut dots) = (StdRng::seed_from_u64(4), Points::new());
    for power in 0..=10 {
        let draws = 1usize << power;
        let (mean, variance) = (array![q.mean], array![[q.sd * q.sd]]);
        let z = sample(1000 * draws, mean.view(), variance.view(), &mut rng)?;
        let mut square = 0.0;
        for z in z.exact_chunks((draws, 1)) {
            let guess = z.iter().map(|z| fit(*z)).sum::<f64>() / draws as f64;
            square += (guess - want).powi(2) / 1000.0;
        }
        dots.push(((draws as f64).log10(), square.sqrt().log10()));
    }
    let line = [0.0, 3.05].map(|x| (x, sd.log10() - 0.5 * x)).to_vec();
    let marks =
        vec![(Mark::Line(line, Role::Model, 3), ""), (Mark::Dots(dots, Role::Data, 7), "")];
    let svg = Chart {
        x: "draws, R",
        y: "error, nats",
        size: (640, 360),
        log_x: true,
        log_y: true,
        marks,
        ..Chart::default()
    }
    .svg()?;
    Ok(Drawing::one(svg).exact("vae.draws.sd", sd))
}
