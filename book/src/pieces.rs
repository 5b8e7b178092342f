//! What the press replaces in a Markdown text, found by one pass of the Markdown parser; and where it stands.
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};
use std::ops::Range;
use std::path::Path;

/// Something in the Markdown that is the press's to replace.
pub enum Piece {
    Math { tex: String, display: bool },
    Fence { info: String, body: String },
    Call { name: String, arguments: String },
    Equation(String),
    Stray,
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_GFM
        | Options::ENABLE_MATH
}

/// All pieces of a text in order; none overlaps another.
pub fn pieces(text: &str) -> Vec<(Range<usize>, Piece)> {
    let (mut out, mut taken, mut fence) = (vec![], vec![], None);
    for (event, range) in Parser::new_ext(text, options()).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                taken.push(range.clone());
                fence = if let CodeBlockKind::Fenced(info) = kind {
                    Some((range, info.into_string(), String::new()))
                } else {
                    None
                };
            }
            Event::End(pulldown_cmark::TagEnd::CodeBlock) => {
                if let Some((range, info, body)) = fence.take() {
                    out.push((range, Piece::Fence { info, body }));
                }
            }
            Event::Text(words) if fence.is_some() => {
                fence.iter_mut().for_each(|f| f.2.push_str(&words))
            }
            Event::Code(_) => taken.push(range),
            Event::InlineMath(tex) | Event::DisplayMath(tex) => {
                taken.push(range.clone());
                let display = text[range.clone()].starts_with("$$");
                out.push((range, Piece::Math { tex: tex.into_string(), display }));
            }
            Event::Text(_) | Event::Html(_) | Event::InlineHtml(_)
                if text[range.clone()].contains('$')
                    && !text[..range.start].ends_with('\\') =>
            {
                out.push((range.start..range.start, Piece::Stray));
            }
            _ => {}
        }
    }
    let free = |at: usize| !taken.iter().any(|r| r.contains(&at));
    for (open, close) in [("{{", "}}"), ("\\eqref{", "}")] {
        for (at, _) in text.match_indices(open).filter(|(at, _)| free(*at)) {
            let from = at + open.len();
            let Some(length) = text[from..].find(close) else { continue };
            let inner = text[from..from + length].trim();
            let (name, arguments) = inner.split_once(' ').unwrap_or((inner, ""));
            let piece = if open == "{{" {
                Piece::Call { name: name.into(), arguments: arguments.trim().into() }
            } else {
                Piece::Equation(inner.into())
            };
            out.push((at..from + length + close.len(), piece));
        }
    }
    out.sort_by_key(|(range, _)| range.start);
    out
}

/// A text, the file it comes from, and the line of that file where it begins.
pub struct Place<'a> {
    pub text: &'a str,
    pub file: String,
    pub line: usize,
    pub page: &'a Path,
}

impl Place<'_> {
    /// `file:line:column` of a byte of the text.
    pub fn at(&self, byte: usize) -> String {
        let before = &self.text[..self.text.floor_char_boundary(byte)];
        let line = self.line + before.matches('\n').count();
        let column = before.chars().rev().take_while(|&c| c != '\n').count() + 1;
        format!("{}:{line}:{column}", self.file)
    }

    /// From this page to one named from the book's root.
    pub fn to(&self, target: &str) -> String {
        "../".repeat(self.page.components().count().saturating_sub(1)) + target
    }
}

/// `\label{x}` inside a formula, in order.
pub fn labels_in(tex: &str) -> Vec<&str> {
    tex.split(r"\label{").skip(1).filter_map(|r| r.split('}').next()).collect()
}

/// A name as an id.
pub fn slug(name: &str) -> String {
    name.replace([':', '.', ' ', '_'], "-").to_lowercase()
}
