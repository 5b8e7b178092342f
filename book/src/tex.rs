//! Formulas, set when the book is built. The only place that knows which engine does it.
use anyhow::Result;
use katex::{
    KatexContext, OutputFormat, Settings, StrictMode, StrictSetting, macros::MacroDefinition,
};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

/// The engine, the book's macros, and what it has set already.
pub struct Tex {
    context: KatexContext,
    macros: BTreeMap<String, String>,
    done: RefCell<HashMap<(String, bool), String>>,
}

/// What is wrong with a formula, and at which of its bytes.
pub struct Mistake {
    /// A byte of the formula.
    pub at: usize,
    /// The engine's words.
    pub message: String,
}

impl Tex {
    pub fn new(macros: BTreeMap<String, String>) -> Self {
        Tex { context: KatexContext::default(), macros, done: RefCell::default() }
    }

    /// A formula as HTML, with MathML beside it for those who listen.
    pub fn html(&self, tex: &str, display: bool) -> Result<String, Mistake> {
        let key = (tex.to_string(), display);
        if let Some(html) = self.done.borrow().get(&key) {
            return Ok(html.clone());
        }
        let settings = Settings {
            display_mode: display,
            output: OutputFormat::HtmlAndMathml,
            strict: StrictSetting::Mode(StrictMode::Error),
            ..Settings::default()
        };
        for (name, body) in &self.macros {
            settings
                .macros
                .borrow_mut()
                .insert(name.clone(), MacroDefinition::String(body.clone()));
        }
        let html = katex::render_to_string(&self.context, tex, &settings)
            .map_err(|e| mistake(tex, &e.to_string()))?;
        let html = sorted_attributes(&html);
        self.done.borrow_mut().insert(key, html.clone());
        Ok(html)
    }
}

fn mistake(tex: &str, message: &str) -> Mistake {
    let (words, rest) = message.split_once(" at position ").unwrap_or((message, ""));
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let character = digits.parse::<usize>().map_or(0, |p| p.saturating_sub(1));
    Mistake {
        at: tex.char_indices().nth(character).map_or(tex.len(), |(i, _)| i),
        message: words.to_string(),
    }
}

/// The engine writes attributes in an order that differs from run to run; a page should not.
fn sorted_attributes(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    for (i, part) in html.split('<').enumerate() {
        let Some((tag, text)) = part.split_once('>').filter(|_| i > 0) else {
            out.push_str(part);
            continue;
        };
        let (tag, end) = tag.strip_suffix('/').map_or((tag, ""), |t| (t, "/"));
        let (name, rest) = tag.split_once(' ').unwrap_or((tag, ""));
        let mut attributes: Vec<&str> = rest
            .split("\" ")
            .map(|a| a.trim_end_matches('"'))
            .filter(|a| !a.is_empty())
            .collect();
        attributes.sort_unstable();
        out.push('<');
        out.push_str(name);
        for a in attributes {
            out.push_str(&format!(" {a}\""));
        }
        out.push_str(end);
        out.push('>');
        out.push_str(text);
    }
    out
}
