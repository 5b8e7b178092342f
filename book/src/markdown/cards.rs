//! A term is a link into the glossary, and under the pointer a card with what it means.
use super::Press;
use crate::pieces::{Piece, Place, pieces, slug};

impl Press<'_> {
    pub(super) fn term(
        &mut self,
        arguments: &str,
        place: &Place<'_>,
    ) -> Result<String, String> {
        let (name, shown) = arguments
            .split_once('|')
            .map_or((arguments, arguments), |(a, b)| (a.trim(), b.trim()));
        let (known, meaning) = self
            .terms
            .iter()
            .find(|(term, _)| term.eq_ignore_ascii_case(name))
            .ok_or_else(|| format!("the glossary has no `{name}`"))?;
        let link = format!("[{shown}]({}#{})", place.to("glossary.md"), slug(known));
        let card = self.card(&meaning.clone());
        let n = self.keep(card);
        Ok(format!(
            "<span class=\"term\">{link}<span class=\"card\" aria-hidden=\"true\" data-x=\"{n}\"></span></span>"
        ))
    }

    /// A meaning without links and marks: what stands within a link holds none, and what screen readers skip neither.
    fn card(&self, meaning: &str) -> String {
        let (mut out, mut last) = (String::new(), 0);
        for (range, piece) in pieces(meaning) {
            if range.start < last {
                continue; // a piece within a piece
            }
            out.push_str(&plain(&meaning[last..range.start]));
            last = range.end;
            match piece {
                Piece::Math { tex, display } => {
                    // A mistake in it is reported where the glossary itself is set.
                    out.push_str(&self.tex.html(&tex, display).unwrap_or_default());
                }
                Piece::Call { name, arguments } if name == "term" => {
                    out.push_str(&plain(arguments.rsplit('|').next().unwrap_or_default()));
                }
                _ => (),
            }
        }
        out + &plain(&meaning[last..])
    }
}

/// Escaped, emphasis set, links as their words.
fn plain(text: &str) -> String {
    let mut words = String::new();
    for (i, part) in text.split('[').enumerate() {
        match part.split_once("](").filter(|_| i > 0) {
            Some((shown, rest)) => {
                words.push_str(shown);
                words.push_str(rest.split_once(')').map_or("", |(_, rest)| rest));
            }
            None => words.push_str(part),
        }
    }
    let words = crate::escape(&words);
    let marks = words.split('*').enumerate().map(|(i, part)| match i {
        0 => part.to_string(),
        i if i % 2 == 1 => format!("<em>{part}"),
        _ => format!("</em>{part}"),
    });
    marks.collect()
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_card_holds_words_and_emphasis_and_no_link() {
        assert_eq!(plain("a < b, *or* [a page](x/y.md#z)."), "a &lt; b, <em>or</em> a page.");
        assert_eq!(plain("nothing"), "nothing");
    }
}
