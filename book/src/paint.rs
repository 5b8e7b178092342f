//! Colours for listings, set when the book is built: no script does it in the page, and the EPUB has them too.

const WORDS: &[&str] = &[
    "as", "break", "const", "continue", "crate", "dyn", "else", "enum", "false", "fn", "for",
    "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub", "ref", "return",
    "self", "static", "struct", "super", "trait", "true", "type", "unsafe", "use", "where",
    "while",
];

/// Every listing of a page in colours.
pub fn page(page: &str) -> String {
    let mut parts = page.split("class=\"language-");
    let mut out = parts.next().unwrap_or_default().to_string();
    for part in parts {
        out.push_str("class=\"language-");
        let (head, rest) = part.split_once('>').unwrap_or((part, ""));
        let (code, after) = rest.split_once("</code>").unwrap_or((rest, ""));
        let language = head.split([' ', '"']).next().unwrap_or_default();
        // `ignore` is a word for rustdoc; the page has no use for it.
        out.push_str(&head.replace(" ignore\"", "\""));
        out.push('>');
        match language {
            "rust" => out.push_str(&rust(code)),
            "sh" => out.push_str(&shell(code)),
            _ => out.push_str(code),
        }
        out.push_str("</code>");
        out.push_str(after);
    }
    out
}

/// A shell's comments.
fn shell(code: &str) -> String {
    code.split_inclusive('\n')
        .map(|line| match line.find("# ") {
            Some(at) if at == 0 || line[..at].ends_with(' ') => {
                let (text, end) =
                    line[at..].split_at(line[at..].trim_end_matches('\n').len());
                format!("{}{}{end}", &line[..at], span("note", text))
            }
            _ => line.to_string(),
        })
        .collect()
}

/// Rust whose `<`, `>` and `&` are written as entities already.
fn rust(code: &str) -> String {
    let (mut out, mut rest) = (String::new(), code);
    while let Some(first) = rest.chars().next() {
        let (class, length) = piece(rest, first);
        let (text, after) = rest.split_at(length.clamp(first.len_utf8(), rest.len()));
        if class.is_empty() {
            out.push_str(text)
        } else {
            out.push_str(&span(class, text))
        }
        rest = after;
    }
    out
}

fn span(class: &str, text: &str) -> String {
    format!("<span class=\"code-{class}\">{text}</span>")
}

/// What stands at the beginning of `rest`, and how many bytes of it belong together.
fn piece(rest: &str, first: char) -> (&'static str, usize) {
    let until = |end: &str| rest.find(end).unwrap_or(rest.len());
    match first {
        '/' if rest.starts_with("//") => ("note", until("\n")),
        '#' if rest.starts_with("#[") || rest.starts_with("#!") => ("value", until("]") + 1),
        '"' => ("text", string(rest)),
        '\'' => character(rest).map_or(("", 1), |length| ("text", length)),
        '&' => ("", until(";") + 1),
        '0'..='9' => ("value", number(rest)),
        c if c.is_alphabetic() || c == '_' => {
            let length =
                rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            let class = match &rest[..length] {
                word if WORDS.contains(&word) => "word",
                _ if c.is_uppercase() && length > 1 => "value",
                _ => "",
            };
            (class, length)
        }
        _ => ("", first.len_utf8()),
    }
}

/// Up to the quote that no backslash precedes.
fn string(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            '"' if !escaped => return at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    rest.len()
}

/// A character between two quotes; a lifetime has one quote only.
fn character(rest: &str) -> Option<usize> {
    let inside = &rest[1..];
    let length = match inside.chars().next()? {
        '\\' => 1 + inside[1..].chars().next()?.len_utf8(),
        '&' => inside.find(';')? + 1,
        c => c.len_utf8(),
    };
    inside[length..].starts_with('\'').then_some(length + 2)
}

/// Digits, a type's name behind them, one point with digits, and an exponent.
fn number(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut end = 0;
    while let Some(&b) = bytes.get(end) {
        let digit_next = bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        let part = b.is_ascii_alphanumeric()
            || b == b'_'
            || b == b'.' && digit_next
            || b == b'-' && digit_next && matches!(bytes[end - 1], b'e' | b'E');
        if !part {
            break;
        }
        end += 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_numbers_texts_and_notes_are_told_apart() {
        let made =
            rust("let x: Vec&lt;f64&gt; = f(\"a \\\" b\", 'c', '&lt;', 1e-9, 0..10); // so");
        let plain = made.replace("<span class=\"code-", "[").replace("</span>", "]");
        assert_eq!(
            plain,
            "[word\">let] x: [value\">Vec]&lt;f64&gt; = f([text\">\"a \\\" b\"], [text\">'c'], [text\">'&lt;'], \
[value\">1e-9], [value\">0]..[value\">10]); [note\">// so]"
        );
    }

    #[test]
    fn a_lifetime_is_no_character_and_nothing_is_lost() {
        for code in
            ["&amp;'a str", "'\\n'", "\"no end", "#[test]\nfn", "'", "é'x", "1.max(2)", "&"]
        {
            let made = rust(code);
            let mut text = String::new();
            for (i, part) in made.split('<').enumerate() {
                text.push_str(if i == 0 { part } else { part.split_once('>').unwrap().1 });
            }
            assert_eq!(text, code);
        }
        assert_eq!(rust("&amp;'a T"), "&amp;'a T");
    }

    #[test]
    fn only_listings_are_painted() {
        let made = page(
            "<p>let</p><code class=\"language-rust ignore\">let</code> let <code class=\"language-sh\">a # b\nc#d\n</code>",
        );
        assert_eq!(
            made,
            "<p>let</p><code class=\"language-rust\"><span class=\"code-word\">let</span></code> let \
<code class=\"language-sh\">a <span class=\"code-note\"># b</span>\nc#d\n</code>"
        );
    }
}
