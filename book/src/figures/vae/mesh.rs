//! Figures on a mesh through the prior.
use super::*;
use ::latent::plot::{Chart, Mark, Role, points_of};
use ::latent::vae::normal::{mesh, middles};

/// In the order of the pages.
pub const FIGURES: &[&Figure] = &[&MANIFOLD, &MESH];

const MANIFOLD: Figure = Figure {
    name: "vae.manifold",
    caption: "The decoder's probabilities at the 400 places of the mesh, each in its place: $z_1$ grows to the right, $z_2$ upwards. Every image stands for the same share of the prior.",
    alt: "A square of twenty by twenty small grey images of digits. Neighbours look alike; regions of one digit pass smoothly into regions of another, with hybrids on the borders.",
    draw: manifold,
};

fn manifold() -> Result<Drawing> {
    let images = net("digits-2")?.images(mesh(20)?.view())?;
    let rows: Vec<Array2<f64>> =
        (0..20).map(|i| images.slice(s![20 * i..20 * i + 20, ..]).to_owned()).collect();
    let svg = strips(&rows.iter().map(|r| ("", r, 1.0)).collect::<Vec<_>>())?;
    Ok(Drawing::one(svg).by_training())
}

const MESH: Figure = Figure {
    name: "vae.mesh",
    caption: "Left: the mesh of 20 by 20 places that divide the prior into cells of equal probability. Right: 400 draws from the prior. The square is the outermost line of the mesh, at ±{{number vae.mesh.end 2}}; {{number vae.mesh.out 1%}} of all draws lie outside.",
    alt: "Left, a lattice of dots that is dense in the middle and wide at its edges. Right, a round cloud of dots, some of which lie outside a square drawn around most of them.",
    draw: lattice,
};

fn lattice() -> Result<Drawing> {
    let end = middles(20)?[19];
    let square = vec![(-end, -end), (end, -end), (end, end), (-end, end), (-end, -end)];
    let chart = |z: Array2<f64>| {
        let marks = vec![
            (Mark::Dots(vec![(-3.2, -3.2), (3.2, 3.2)], Role::Faint, 0), ""),
            (Mark::Line(square.clone(), Role::Ink, 2), ""),
            (Mark::Dots(points_of(z.view()), Role::Third, 4), ""),
        ];
        Chart {
            x: "z₁", y: "z₂", size: (440, 440), equal: true, marks, ..Chart::default()
        }
        .svg()
    };
    let draws = normals((400, 2), &mut rng(61))?;
    let variance = middles(20)?.mapv(|v| v * v).mean().unwrap_or(0.0);
    let drawing =
        Drawing::panels(vec![("Mesh", chart(mesh(20)?)?), ("Draws", chart(draws)?)]);
    Ok(drawing
        .exact("vae.mesh.end", end)
        .exact("vae.mesh.out", 1.0 - 0.95f64.powi(2))
        .exact("vae.mesh.variance", variance))
}
