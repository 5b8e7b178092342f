//! How long a page takes to read, counted from its Markdown.
use crate::pieces::{Piece, pieces};

/// Words a minute.
const PACE: f64 = 200.0;

/// Minutes for what is not folded: its words at a reader's pace, 12 seconds a figure, 30 seconds a display formula
/// or a listing.
pub fn minutes(text: &str) -> f64 {
    let open = unfolded(text);
    let (mut words, mut seconds, mut last) = (0, 0.0, 0);
    for (range, piece) in pieces(&open) {
        if range.start < last {
            continue;
        }
        words += count(&open[last..range.start]);
        last = range.end;
        match piece {
            Piece::Math { display: true, .. } | Piece::Fence { .. } => seconds += 30.0,
            Piece::Math { .. } => words += 1,
            Piece::Call { name, .. }
                if ["figure", "live", "again"].contains(&name.as_str()) =>
            {
                seconds += 12.0
            }
            Piece::Call { name, .. } if ["number", "term"].contains(&name.as_str()) => {
                words += 1
            }
            _ => {}
        }
    }
    words += count(&open[last..]);
    words as f64 / PACE + seconds / 60.0
}

/// As a page says it: whole minutes, and no page takes none.
pub fn shown(minutes: f64) -> String {
    format!("{:.0}", minutes.round().max(1.0))
}

/// The text without its folds.
fn unfolded(text: &str) -> String {
    let mut parts = text.split("<details");
    let mut out = parts.next().unwrap_or_default().to_string();
    for part in parts {
        out.push_str(part.split_once("</details>").map_or("", |(_, after)| after));
    }
    out
}

/// What has a letter or a digit, between spaces.
fn count(text: &str) -> usize {
    text.split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric)).count()
}

#[cfg(test)]
mod tests {
    use super::minutes;

    #[test]
    fn words_figures_and_formulas_take_their_time_and_folds_none() {
        let words = "word ".repeat(400);
        let near = |text: &str, want: f64| {
            let got = minutes(text);
            assert!((got - want).abs() < 1e-9, "{got} for {text:.40}");
        };
        near(&words, 2.0);
        near(&format!("{words}\n\n{{{{figure a.b}}}}\n"), 2.2);
        near(&format!("{words}\n\n$$\nx = y\n$$\n"), 2.5);
        near(&format!("<details class=\"why\">\n\n{words}\n\n</details>\n\nthe end"), 0.01);
        near("a $x$ — b, {{row 0.01}}", 3.0 / 200.0);
    }
}
