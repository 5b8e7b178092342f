//! What p(x) costs, by mesh and by draws of the prior.
use crate::figures::{Drawing, Figure};
use latent::Result;
use latent::elbo::Conjugate;
use latent::plot::{Chart, Corner, Mark, Points, Role};
use latent::vae::integral::relative_variance;

pub const FIGURE: Figure = Figure {
    name: "vae.cost",
    caption: "How often the decoder must be asked for one $p(\\vec x)$. A mesh with 32 places on each axis of $\\vec z$ is exact for the smooth decoders of our tests, whose posteriors are wider than its step of ½; the sharp one below would ask for a finer mesh. Draws of the prior are to come within 10 %; \
here each of $L$ hidden numbers is seen once, at 1.2, through noise of standard deviation 0.1. The dashed lines say how long that is at a million calls a second.",
    alt: "Two straight lines that rise with the number of hidden values on a logarithmic axis. The one for the mesh starts at 32 and passes a day between seven and eight hidden values, and the age of the universe between fifteen and sixteen. The line for draws starts higher, rises a little less steeply and passes the same marks a little later.",
    draw,
};

fn draw() -> Result<Drawing> {
    let hidden = Conjugate::new(1.2, 0.1)?.hidden();
    let one = relative_variance(&hidden, &hidden.log_prior)?;
    let mesh = |l: i32| f64::from(l) * 32f64.log10();
    let draws = |l: i32| 2.0 + ((1.0 + one).powi(l) - 1.0).log10();
    let line =
        |f: &dyn Fn(i32) -> f64| (1..=20).map(|l| (f64::from(l), f(l))).collect::<Points>();
    let (a_day, the_age) = ((1e6 * 86_400.0f64).log10(), (1e6 * 4.35e17f64).log10());
    let level = |y: f64| Mark::Dashed(vec![(1.0, y), (20.0, y)], Role::Ink, 2);
    let marks = vec![
        (level(a_day), ""),
        (level(the_age), ""),
        (Mark::Words(13.2, a_day - 0.4, "a day".into(), Role::Ink), ""),
        (Mark::Words(1.2, the_age + 2.0, "the age of the universe".into(), Role::Ink), ""),
        (Mark::Line(line(&mesh), Role::Other, 5), "a mesh"),
        (Mark::Line(line(&draws), Role::Third, 5), "draws of the prior"),
    ];
    let svg = Chart {
        x: "hidden values, L",
        y: "calls of the decoder",
        log_y: true,
        legend: Corner::LowerRight,
        marks,
        ..Chart::default()
    }
    .svg()?;
    let days = |log10: f64| 10f64.powf(log10 - a_day);
    Ok(Drawing::one(svg)
        .exact("vae.cost.one", one)
        .exact("vae.cost.draws.1", 10f64.powf(draws(1)))
        .exact("vae.cost.mesh.2", 10f64.powf(mesh(2)))
        .exact("vae.cost.mesh.3", 10f64.powf(mesh(3)))
        .exact("vae.cost.mesh.days.10", days(mesh(10)))
        .exact("vae.cost.mesh.years.10", days(mesh(10)) / 365.25)
        .exact("vae.cost.draws.years.10", days(draws(10)) / 365.25))
}
