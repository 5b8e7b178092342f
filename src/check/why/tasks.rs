//! The check of the words: learning or inference?
use crate::check::{Verdict, ask, must, verdict};

/// Task by task: the answer, and what to think of again.
const TASKS: [(&str, &str); 5] = [
    ("learning", "The weights are the same for all photographs."),
    ("inference", "The model is finished, and one patient stands before you."),
    ("learning", "The two chances belong to the coins, and all rows together tell them."),
    ("inference", "The coins are known. Who threw this one row?"),
    ("inference", "Nothing in the model changes. One page's hidden numbers are asked for."),
];

/// `tasks()`: which of the two problems each task poses.
pub fn tasks(f: fn() -> [&'static str; 5]) -> Verdict {
    verdict(|| {
        let got = ask("tasks", "tasks()", f)?;
        for (i, said) in got.iter().enumerate() {
            must(
                ["learning", "inference"].contains(said),
                format!(
                    "task {} says \"{said}\". The two words are \"learning\" and \"inference\".",
                    i + 1
                ),
            )?;
        }
        must(
            got.iter().any(|said| *said != got[0]),
            "not all five tasks pose the same problem. Which ones ask about a single row?",
        )?;
        let wrong: Vec<usize> = (0..5).filter(|i| got[*i] != TASKS[*i].0).collect();
        must(
            wrong.is_empty(),
            format!(
                "{} of five are right. Think again of task {}. {}",
                5 - wrong.len(),
                wrong.first().map_or(0, |i| i + 1),
                wrong.first().map_or("", |i| TASKS[*i].1)
            ),
        )?;
        Ok("Learning asks for what all rows share, inference for what one row hides. Every model of this book has to answer both.".into())
    })
}
