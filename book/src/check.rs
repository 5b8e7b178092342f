//! `cargo run -- check`: everything that a command can check, in one go.
use crate::{exercise, figures, links, live, markdown, press};
use anyhow::{Result, bail};
use std::collections::BTreeSet;
use std::path::Path;

/// The claims of the source texts that the chapters written so far must treat.
const ROWS: [(&str, std::ops::RangeInclusive<u32>); 10] = [
    ("0.", 1..=13),
    ("1.", 1..=12),
    ("2.", 1..=15),
    ("3.", 1..=20),
    ("4.", 1..=18),
    ("5.", 1..=20),
    ("6.", 1..=15),
    ("7.", 1..=54),
    ("7.", 60..=63),
    ("8.", 1..=13),
];

/// Runs every check, and reports all that fail.
pub fn run(root: &Path) -> Result<()> {
    let mut bad = vec![];
    let mut step = |name: &str, found: Result<Vec<String>>| {
        let found = found.unwrap_or_else(|e| vec![format!("{e:#}")]);
        eprintln!("{} {name}", if found.is_empty() { "ok  " } else { "FAIL" });
        bad.extend(found);
    };
    step("figures and numbers, drawn again and compared", figures::compare(root));
    step("live figures are those of the code, and light", live::check(root).map(|()| vec![]));
    step("notebooks are those of their sources", notebooks(root));
    step("every claim of the sources has its place", rows(root));
    match press::build(root) {
        Err(e) => step("the pages build", Err(e)),
        Ok(out) => {
            step("every link leads somewhere, every id is unique", links::broken(&out));
            step("nothing asks the network", links::outside(&out));
        }
    }
    match bad.len() {
        0 => Ok(()),
        n => bail!("{n} finding(s)\n{}", bad.join("\n")),
    }
}

fn notebooks(root: &Path) -> Result<Vec<String>> {
    let mut wrong = vec![];
    for (name, text) in exercise::made(root, false)? {
        if std::fs::read_to_string(root.join("notebooks").join(&name)).ok().as_deref()
            != Some(&text)
        {
            wrong.push(format!(
                "notebooks/{name} is not what its source makes: `cargo run -- notebooks`"
            ));
        }
    }
    Ok(wrong)
}

fn rows(root: &Path) -> Result<Vec<String>> {
    let treated = markdown::rows_in(root)?;
    let wanted: BTreeSet<String> = ROWS
        .iter()
        .flat_map(|(chapter, n)| n.clone().map(move |i| format!("{chapter}{i:02}")))
        .collect();
    let missing = wanted
        .difference(&treated)
        .map(|id| format!("no page treats the sources' claim {id}"));
    Ok(missing
        .chain(
            treated
                .difference(&wanted)
                .map(|id| format!("a page treats a claim {id} that no list has")),
        )
        .collect())
}
