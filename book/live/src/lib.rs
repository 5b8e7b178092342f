//! The book's live figures: the library's own code, and what a page needs to reach it. Tested natively; a page
//! calls the C functions in `examples/`, which hold nothing but casts.
pub mod blurriness;
pub mod elbo;
pub mod em;
pub mod factor_analysis;
pub mod mean_field;
pub mod mixture;
pub mod pca;
pub mod vae;
