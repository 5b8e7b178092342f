//! What training writes and figures read: a folder a run, with a log of one line an epoch and the weights.
use anyhow::{Context, Result};
use latent::elbo::Elbo;
use std::fmt::Write;
use std::path::Path;

/// One epoch: nats a row, in training while the network moves, and on the test rows after it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// Which one, from 1.
    pub epoch: usize,
    /// The bound on the training rows, as it was seen while training.
    pub train: Elbo,
    /// What was maximised there.
    pub objective: f64,
    /// The bound on the test rows.
    pub test: Elbo,
    /// Entries of the code whose mean varies over the test rows: variance above 0.01.
    pub active: usize,
}

const HEAD: &str = "epoch,fit,kl,objective,test_fit,test_kl,active";

/// A run as it is kept: the command that made it, and its epochs.
#[derive(Clone, Debug, PartialEq)]
pub struct Log {
    /// What was typed after `cargo run --`.
    pub command: String,
    /// The epochs.
    pub rows: Vec<Row>,
    /// What was measured at the end: a name, and a number.
    pub last: Vec<(String, f64)>,
}

impl Log {
    /// The log as text: the command, the head, a line an epoch, and the last numbers.
    pub fn text(&self) -> String {
        let mut out = format!("# {}\n{HEAD}\n", self.command);
        for r in &self.rows {
            let (a, b) = (r.train, r.test);
            let _ = writeln!(
                out,
                "{},{:.5},{:.5},{:.5},{:.5},{:.5},{}",
                r.epoch, a.fit, a.kl, r.objective, b.fit, b.kl, r.active
            );
        }
        for (name, value) in &self.last {
            let _ = writeln!(out, "# {name} = {value:.5}");
        }
        out
    }

    /// Reads what [`Log::text`] wrote.
    pub fn parse(text: &str) -> Result<Log> {
        let mut log = Log { command: String::new(), rows: vec![], last: vec![] };
        for (i, line) in text.lines().enumerate() {
            if let Some(words) = line.strip_prefix("# ") {
                match words.split_once(" = ") {
                    Some((name, value)) => log.last.push((name.into(), value.parse()?)),
                    None => log.command = words.into(),
                }
            } else if line != HEAD {
                log.rows.push(row(line).with_context(|| format!("line {}: {line}", i + 1))?);
            }
        }
        Ok(log)
    }

    /// Reads the log of a run.
    pub fn read(folder: &Path) -> Result<Log> {
        let path = folder.join("log.csv");
        let text =
            std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        Log::parse(&text).with_context(|| path.display().to_string())
    }

    /// The number of that name.
    pub fn number(&self, name: &str) -> Result<f64> {
        let found = self.last.iter().find(|(n, _)| n == name);
        found.map(|(_, v)| *v).with_context(|| format!("`{}` has no {name}", self.command))
    }
}

fn row(line: &str) -> Result<Row> {
    let v: Vec<f64> = line.split(',').map(str::parse).collect::<Result<_, _>>()?;
    let [epoch, fit, kl, objective, test_fit, test_kl, active] = v[..] else {
        anyhow::bail!("{} fields, not 7", v.len());
    };
    Ok(Row {
        epoch: epoch as usize,
        train: Elbo { fit, kl },
        objective,
        test: Elbo { fit: test_fit, kl: test_kl },
        active: active as usize,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_read_as_it_was_written() {
        let e = Elbo { fit: -1.5, kl: 0.25 };
        let row = Row { epoch: 3, train: e, objective: -1.75, test: e, active: 2 };
        let last = vec![("weighted".to_string(), -1.625)];
        let log = Log { command: "train --data digits".into(), rows: vec![row; 2], last };
        assert_eq!(Log::parse(&log.text()).unwrap(), log);
        assert!(Log::parse("1,2,3").is_err());
        assert_eq!(log.number("weighted").unwrap(), -1.625);
        assert!(log.number("width").is_err());
    }
}
