//! The exercises on mixtures.
#![allow(missing_docs)]
use latent::prelude::*;

//% notebook 05-mixture Mixtures

pub fn verdicts() -> Vec<(&'static str, Verdict, Verdict)> {
    vec![]
}
