//! Bars that share codes, and the walk from images to codes and back.
use super::super::{Drawing, Figure};
use latent::Result;
use latent::blurriness::sharing::Sharing;
use latent::plot::{Chart, Corner, Mark, Picture, Points, Role, images};
use ndarray::{Array1, Array2, Axis};
use rand::{Rng, SeedableRng, rngs::StdRng};

/// A pixel more away makes a code this much less likely, as a log.
const SURENESS: f64 = 0.7;

pub const BARS: Figure = Figure {
    name: "blurriness.bars",
    caption: "The six images of the data; the best picture for each of three codes, of which each is shared by a row and a column; six draws of pixels from these pictures; the best pictures if each bar has a code of its own.",
    alt: "Four rows of small pictures. Six bars, three lying and three upright. Three grey shapes, an angle, a cross and an angle, dark where row and column meet. Six ragged sets of pixels, of which none or one is a bar. Six bars again, nearly black.",
    draw: bars,
};

fn bars() -> Result<Drawing> {
    let [shared, apart] =
        [Sharing::bars(3, false, SURENESS)?, Sharing::bars(3, true, SURENESS)?];
    let (data, crosses, own) = (in_order(&apart), shared.means()?, apart.means()?);
    let mut rng = StdRng::seed_from_u64(5);
    let tossed = Array2::from_shape_fn((6, 9), |(i, d)| {
        f64::from(rng.random::<f64>() < crosses[[i % 3, d]])
    });
    let row =
        |name: &str, pixels| Picture { name: name.into(), pixels, ink: 1.0, signed: false };
    let svg = images(
        &[
            row("data", data.view()),
            row("shared", crosses.view()),
            row("tossed", tossed.view()),
            row("apart", own.view()),
        ],
        3,
    )?;
    let mut drawing = Drawing::one(svg);
    for (name, world) in [("shared", &shared), ("apart", &apart)] {
        let price = world.price()?;
        let lost = price.pixel_by_pixel - price.together;
        for (key, value) in
            [("told", price.told), ("lost", lost), ("left", world.left_over()?)]
        {
            drawing = drawing.exact(format!("blurriness.bars.{key}.{name}"), value);
        }
    }
    Ok(drawing)
}

/// The bars in the order of their codes.
fn in_order(apart: &Sharing) -> Array2<f64> {
    let behind = apart.behind();
    let most = |k: usize| (0..512).max_by(|&a, &b| behind[[k, a]].total_cmp(&behind[[k, b]]));
    let own: Vec<usize> = (0..6).filter_map(most).collect();
    apart.images.select(Axis(0), &own)
}

pub const WALK: Figure = Figure {
    name: "blurriness.walk",
    caption: "The walk image → code → image with the three shared codes, from the third row, one of the two rarest images: the share of the first code, which is the most frequent one in the data (dashed). The decoder gives the images behind a code, or it tosses pixels.",
    alt: "Two curves over the steps from 0 to 12 that begin near 0.06. One rises to the dashed level at 0.53 and stays there. The other begins with the same rise and comes to rest at 0.45.",
    draw: walk,
};

fn walk() -> Result<Drawing> {
    let world = Sharing::bars(3, false, SURENESS)?;
    let mut rarest = Array1::zeros(512);
    rarest[0b000_000_111] = 1.0;
    let (behind, tossed) = (world.behind(), world.tossed()?);
    let line = |decoder| -> Result<Points> {
        let first = |n| Ok(world.after(n, rarest.view(), decoder)?.dot(&world.q)[0]);
        (0..=12).map(|n| Ok((n as f64, first(n)?))).collect()
    };
    let (kept, lost, level) = (line(&behind)?, line(&tossed)?, world.aggregate()[0]);
    let svg = Chart {
        x: "steps of the walk",
        y: "share of the first code",
        size: (640, 340),
        legend: Corner::LowerRight,
        marks: vec![
            (Mark::Dashed(vec![(0.0, level), (12.0, level)], Role::Ink, 3), ""),
            (Mark::Line(kept.clone(), Role::Data, 4), "says what is behind a code"),
            (Mark::Dots(kept, Role::Data, 6), ""),
            (Mark::Line(lost.clone(), Role::Model, 4), "tosses pixels"),
            (Mark::Dots(lost, Role::Model, 6), ""),
        ],
        ..Chart::default()
    }
    .svg()?;
    let from = |n| world.after(n, world.share.view(), &tossed);
    let bars = |x: &Array1<f64>| -> f64 {
        x.iter().zip(&world.share).filter(|(_, s)| **s > 0.0).map(|(x, _)| x).sum()
    };
    Ok(Drawing::one(svg)
        .exact("blurriness.walk.first", level)
        .exact("blurriness.walk.first.30", from(30)?.dot(&world.q)[0])
        .exact("blurriness.walk.bars", bars(&from(1)?)))
}
