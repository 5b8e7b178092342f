//! Figures of the chapter on blurry samples, in the order of its pages.
pub mod average;
pub mod direction;
pub mod divergences;
pub mod flow;
pub mod kinds;
pub mod live;
pub mod look;
pub mod scale;
