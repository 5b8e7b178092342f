//! The exercises on mean field.
#![allow(missing_docs)]
use latent::prelude::*;

//% notebook 06-mean-field Mean field

pub fn verdicts() -> Vec<(&'static str, Verdict, Verdict)> {
    vec![]
}
