//! The exercise checks. One function serves the notebook and `cargo test`: it takes the reader's function,
//! tries it on cases, and says what it found. The reader's panic, wrong answer or endless loop costs nothing.
pub mod blurriness;
pub mod elbo;
pub mod em;
pub mod factor_analysis;
pub mod mean_field;
pub mod mixture;
pub mod pca;
pub mod vae;
pub mod why;

use crate::notebook::{emit, panic_text};
use ndarray::Array2;
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::cell::Cell;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Once, mpsc};
use std::time::Duration;

/// What a check found.
#[derive(Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Right on all cases.
    Pass(String),
    /// Still `todo!()`.
    Todo(String),
    /// Wrong, and how.
    Fail(String),
}

impl Verdict {
    /// Right?
    pub fn is_pass(&self) -> bool {
        matches!(self, Verdict::Pass(_))
    }

    /// Shown when a notebook cell ends with it.
    pub fn evcxr_display(&self) {
        let colour = match self {
            Verdict::Pass(_) => "#1f8a5a",
            Verdict::Todo(_) => "#9a6700",
            Verdict::Fail(_) => "#c4432b",
        };
        let text = self.to_string().replace('&', "&amp;").replace('<', "&lt;");
        emit(
            "text/html",
            &format!(
                "<div role=\"status\" style=\"border-left:5px solid {colour};padding:.4em .9em;white-space:pre-wrap\">{text}</div>"
            ),
        );
        emit("text/plain", &self.to_string());
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Verdict::Pass(text) => write!(f, "Right. {text}"),
            Verdict::Todo(text) => write!(f, "Not yet. {text}"),
            Verdict::Fail(text) => write!(f, "Not right. {text}"),
        }
    }
}

impl fmt::Debug for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// A check, written with `?`: the first finding ends it.
fn verdict(check: impl FnOnce() -> Result<String, Verdict>) -> Verdict {
    check().map_or_else(|finding| finding, Verdict::Pass)
}

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(3);

/// The reader's answer to `case`, or what went wrong on the way to it. It runs on a thread of its own; one that
/// never ends is left behind there, because to interrupt a notebook's kernel would lose its variables.
fn ask<T: Send + 'static>(
    name: &str,
    case: &str,
    answer: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Verdict> {
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || send.send(quietly(answer)));
    match receive.recv_timeout(PATIENCE) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(text)) if text.contains("not yet implemented") => Err(Verdict::Todo(format!(
            "{name} is still todo!(). Write its body and run this cell again."
        ))),
        Ok(Err(text)) => Err(Verdict::Fail(format!("{case} panicked: {text}."))),
        Err(_) => Err(Verdict::Fail(format!(
            "{case} still runs after {} seconds. Does a loop never end? Your variables are safe: mend the loop and run this cell again.",
            PATIENCE.as_secs()
        ))),
    }
}

thread_local!(static QUIET: Cell<bool> = const { Cell::new(false) });

/// A panic comes back as its text, and prints nothing. The hook is set once and asks its own thread.
fn quietly<T>(f: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                before(info)
            }
        }));
    });
    QUIET.set(true);
    let done = catch_unwind(AssertUnwindSafe(f));
    QUIET.set(false);
    done.map_err(|payload| panic_text(payload.as_ref()))
}

/// Fails unless `got` is `want` to nine digits.
fn same(case: &str, got: f64, want: f64, hint: &str) -> Result<(), Verdict> {
    let close = (got - want).abs() <= 1e-9 * (1.0 + want.abs());
    if close {
        Ok(())
    } else {
        Err(Verdict::Fail(format!("{case} gave {got:.6}, and {want:.6} is right. {hint}")))
    }
}

/// Fails unless `holds`.
fn must(holds: bool, finding: impl Into<String>) -> Result<(), Verdict> {
    if holds { Ok(()) } else { Err(Verdict::Fail(finding.into())) }
}

/// A table of numbers between −1 and 1.
fn random(rows: usize, columns: usize, seed: u64) -> Array2<f64> {
    let mut rng = StdRng::seed_from_u64(seed);
    Array2::from_shape_fn((rows, columns), |_| rng.random_range(-1.0..1.0))
}

/// What to say when the library refuses the check's own data.
fn library(e: crate::Error) -> Verdict {
    Verdict::Fail(format!("the check itself failed: {e}"))
}

/// Equal entries, to nine digits.
fn same_table(
    case: &str,
    got: &Array2<f64>,
    want: &Array2<f64>,
    hint: &str,
) -> Result<(), Verdict> {
    must(
        got.dim() == want.dim(),
        format!("{case} has shape {:?}, and {:?} is right. {hint}", got.dim(), want.dim()),
    )?;
    for ((i, j), &v) in got.indexed_iter() {
        same(&format!("{case}: entry [{i}, {j}]"), v, want[[i, j]], hint)?;
    }
    Ok(())
}
