//! Networks of this chapter with every type named, so that a notebook cell compiles a call and nothing else.
use super::autoencoder::{self as ae, Deep, Plan};
use super::{Origin, Pca, mean_square};
use crate::error::Result;
use crate::plot::{Chart, Corner, Mark, Role, Svg, points_of};
use dfdx::prelude::Cpu;
use ndarray::{Array1, Array2, Axis};
use rand::{SeedableRng, rngs::StdRng};

/// A deep autoencoder of points in the plane with one number as its code, trained.
#[derive(Clone, Debug)]
pub struct Arc {
    /// The mean squared error of the network.
    pub error: f64,
    /// The mean squared error of the best line.
    pub line: f64,
    points: Array2<f64>,
    curve: Array2<f64>,
}

impl Arc {
    /// Trains on the rows of `x`, which has two columns.
    pub fn train(x: &Array2<f64>, epochs: usize) -> Result<Arc> {
        let (cpu, mut rng) = (Cpu::default(), StdRng::seed_from_u64(6));
        let mut net: Deep<2, 24, 1, f32, Cpu> = Deep::new(&cpu, &mut rng);
        ae::train(
            &mut net,
            x.view(),
            Plan { epochs, batch: 30, rate: 0.01 },
            &cpu,
            &mut rng,
        )?;
        let codes = ae::encode(&net, x.view(), &cpu)?;
        let (low, high) = codes
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), &v| (l.min(v), h.max(v)));
        let curve = ae::decode(
            &net,
            Array1::linspace(low, high, 300).insert_axis(Axis(1)).view(),
            &cpu,
        )?;
        let error = mean_square(x.view(), ae::reconstruct(&net, x.view(), &cpu)?.view());
        let line = Pca::by_eigen(x.view(), Origin::Mean)?.keep(1)?.error(x.view())?;
        Ok(Arc { error, line, points: x.clone(), curve })
    }

    /// The points, and the curve that the decoder draws.
    pub fn picture(&self) -> Result<Svg> {
        let marks = vec![
            (Mark::Dots(points_of(self.points.view()), Role::Data, 4), "data"),
            (Mark::Line(points_of(self.curve.view()), Role::Model, 5), "the decoder's curve"),
        ];
        Chart {
            x: "x₁",
            y: "x₂",
            size: (640, 520),
            equal: true,
            marks,
            legend: Corner::LowerLeft,
            ..Chart::default()
        }
        .svg()
    }
}
