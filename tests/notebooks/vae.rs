//! Chapter 7's exercises: what a wrong answer is told, and the cells between the exercises.
use crate::fails_with;
use crate::vae_set as set;
use latent::check::{Verdict, vae as check};
use latent::prelude::*;

#[test]
fn the_other_cells_of_chapter_7_run() {
    set::look();
    set::play();
}

#[test]
fn show() {
    for (name, stub, solution) in set::verdicts() {
        println!("{name}: {stub} | {solution}");
    }
}
