//! A bar that redraws itself, where somebody sees it.
use std::io::IsTerminal;

/// How far some work is.
pub struct Bar {
    name: String,
    whole: u64,
    shown: u64,
    seen: bool,
}

impl Bar {
    /// For work of that size; nothing is drawn unless the error stream is a terminal.
    pub fn new(name: &str, whole: u64) -> Self {
        Bar {
            name: name.into(),
            whole,
            shown: u64::MAX,
            seen: std::io::stderr().is_terminal(),
        }
    }

    /// So much is done; and a word about it.
    pub fn show(&mut self, done: u64, word: &str) {
        let percent = 100 * done / self.whole.max(1);
        if self.seen && percent != self.shown {
            let filled = (percent / 4) as usize;
            let (full, free) =
                ("#".repeat(filled), ".".repeat(25usize.saturating_sub(filled)));
            eprint!("\r{:<30} [{full}{free}] {percent:3} % {word}\x1b[K", self.name);
        }
        self.shown = percent;
    }

    /// All is done; without a terminal, this is the one line that is written.
    pub fn end(&self, word: &str) {
        if self.seen { eprintln!() } else { eprintln!("{}: {word}", self.name) }
    }
}
