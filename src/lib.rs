//! # Latent-variable models, from PCA to variational autoencoders
//!
//! The library behind the book: one module a chapter, and the few rooms that all chapters stand on.
//! Data flows one way: `data -> model -> fit -> figure or number -> page -> notebook`.
//!
//! | chapter | module |
//! | --- | --- |
//! | 0 Why latent variables | [`why`] |
//! | 1 PCA and autoencoders | [`pca`], `pca::autoencoder` |
//! | 2 Factor analysis | [`factor_analysis`], with probabilistic PCA |
//! | 3 The evidence lower bound | [`elbo`] |
//! | 4 Expectation maximisation | [`em`] |
//! | 5 Mixtures | [`mixture`] |
//! | 6 Mean field | [`mean_field`] |
//! | 7 Variational autoencoders | [`vae`] |
//! | 8 The blurry images | [`blurriness`] |
//!
//! | room | what is in it |
//! | --- | --- |
//! | [`data`] | four small tables, synthetic sets with known factors, MNIST by path |
//! | [`linalg`] | the few factorisations, by faer |
//! | [`gamma`] | log Γ and its slope |
//! | [`gaussian`] | densities, entropy, divergence and samples, in nats |
//! | `plot` | data and fits to SVG, by plotters |
//! | [`check`] | the exercise checks, one verdict for notebook and test alike |
//! | [`notebook`] | what a Rust notebook needs: rich output, short panics |
//! | [`yardstick`] | log P of images, from any model |
//! | [`error`] | one typed error |
pub mod blurriness;
pub mod check;
pub mod data;
pub mod elbo;
pub mod em;
pub mod error;
pub mod factor_analysis;
pub mod gamma;
pub mod gaussian;
pub mod linalg;
pub mod mean_field;
pub mod mixture;
pub mod notebook;
pub mod pca;
#[cfg(feature = "plot")]
pub mod plot;
mod rows;
pub mod vae;
pub mod why;
pub mod yardstick;

pub use error::{Error, Result};
pub use ndarray;
pub use rand;

/// What a notebook pulls in with one `use latent::prelude::*;`.
pub mod prelude {
    pub use crate::blurriness;
    pub use crate::check::{self, Verdict};
    pub use crate::elbo::{self, Elbo, Hidden};
    pub use crate::em::{self, Em, Exact, Sample, Stop};
    pub use crate::factor_analysis::{self, FactorAnalysis};
    pub use crate::gamma;
    pub use crate::gaussian::{self, Moments};
    pub use crate::mean_field;
    pub use crate::mixture::{self, Bernoullis, Covariance, Gaussians, Kind};
    #[cfg(feature = "plot")]
    pub use crate::plot::{self, Svg};
    pub use crate::vae;
    pub use crate::why;
    pub use crate::{data, linalg, pca, pca::Origin, pca::Pca, pca::tied};
    pub use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis, array, s};
    pub use rand::{Rng, SeedableRng, rngs::StdRng};
}
