//! From the pages as a browser reads them to pages as an e-reader does: closed tags, formulas as MathML, no scripts.
use anyhow::{Context, Result, bail, ensure};

/// Elements without content.
const VOID: [&str; 7] = ["br", "hr", "img", "input", "meta", "link", "wbr"];

/// What only a screen with scripts can use, and what is drawn a second time: dropped with all that is inside.
const DROPPED: [&str; 7] =
    ["katex-html", "stage", "card", "buttons", "nav-wrapper", "fa-svg", "header-anchor"];

/// The light theme's colours: an e-reader knows no variables.
const COLOURS: [(&str, &str); 8] = [
    ("--fig-a", "#1f77b8"),
    ("--fig-b", "#c04e12"),
    ("--fig-c", "#14805c"),
    ("--fig-d", "#8a4fbf"),
    ("--fig-grid", "#d9d9d2"),
    ("--fg", "#1d1f23"),
    ("--bg", "#ffffff"),
    ("--links", "#0b57a4"),
];

/// One tag.
struct Tag<'a> {
    name: &'a str,
    attributes: Vec<(&'a str, &'a str)>,
    opens: bool,
    closes: bool,
}

/// The main part of a page, as XML. `link` says what becomes of an address, or that nothing does.
pub fn of(page: &str, link: impl Fn(&str) -> Option<String>) -> Result<String> {
    let main = page.split_once("<main>").context("a page without main")?.1;
    let mut rest = main.split_once("</main>").context("a page whose main never ends")?.0;
    let (mut out, mut open): (String, Vec<(&str, bool)>) = (String::new(), vec![]);
    let mut dropped = 0; // how many of the open elements lie in something dropped
    while let Some((text, tail)) = rest.split_once('<') {
        if dropped == 0 {
            out.push_str(&entities(text)?);
        }
        let (tag, after) = tag(tail)?;
        rest = after;
        let Some(tag) = tag else { continue };
        if tag.opens {
            let drops = dropped > 0 || is_dropped(&tag);
            if !drops {
                out.push_str(&written(&tag, &link)?);
            }
            if !tag.closes {
                dropped += usize::from(drops);
                open.push((tag.name, drops));
            }
        } else {
            let (name, drops) = open.pop().context("an end without a beginning")?;
            ensure!(name == tag.name, "`{name}` is closed as `{}`", tag.name);
            dropped -= usize::from(drops);
            if !drops {
                out.push_str(&format!("</{name}>"));
            }
        }
    }
    ensure!(open.is_empty(), "left open: {open:?}");
    Ok(lettered(&(out + &entities(rest)?)))
}

/// Today's MathML has no bold and no script but that of the letter itself: such letters have places of their own in Unicode.
fn lettered(text: &str) -> String {
    let mut parts = text.split(" mathvariant=\"");
    let mut out = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let mark = part.split_once("\">").and_then(|(style, rest)| {
            let letter = rest.chars().next()?;
            Some((styled(style, letter)?, &rest[letter.len_utf8()..]))
        });
        match mark {
            Some((letter, rest)) => out.push_str(&format!(">{letter}{rest}")),
            None => out.push_str(&format!(" mathvariant=\"{part}")),
        }
    }
    out
}

fn styled(style: &str, letter: char) -> Option<char> {
    let from = |first: char, place: u32| char::from_u32(place + letter as u32 - first as u32);
    match (style, letter) {
        ("bold", 'A'..='Z') => from('A', 0x1d400),
        ("bold", 'a'..='z') => from('a', 0x1d41a),
        ("bold", '0'..='9') => from('0', 0x1d7ce),
        ("bold", 'Α'..='Ω') => from('Α', 0x1d6a8),
        ("bold", 'α'..='ω') => from('α', 0x1d6c2),
        ("bold-italic", 'A'..='Z') => from('A', 0x1d468),
        ("bold-italic", 'a'..='z') => from('a', 0x1d482),
        ("bold-italic", 'α'..='ω') => from('α', 0x1d736),
        ("script", 'B') => Some('ℬ'),
        ("script", 'L') => Some('ℒ'),
        ("script", 'A' | 'C' | 'D' | 'G' | 'J' | 'K' | 'N'..='Q' | 'S'..='Z') => {
            from('A', 0x1d49c)
        }
        ("double-struck", 'C') => Some('ℂ'),
        ("double-struck", 'R') => Some('ℝ'),
        ("double-struck", 'A' | 'B' | 'D'..='G' | 'I'..='M' | 'O' | 'S'..='Y') => {
            from('A', 0x1d538)
        }
        _ => None,
    }
}

/// The tag at the start of a text, without its bracket, and what follows it. Comments are no tags.
fn tag(text: &str) -> Result<(Option<Tag<'_>>, &str)> {
    if let Some(comment) = text.strip_prefix("!--") {
        return Ok((None, comment.split_once("-->").context("a comment without end")?.1));
    }
    let (opens, text) = text.strip_prefix('/').map_or((true, text), |rest| (false, rest));
    let end = text.find([' ', '\n', '>', '/']).context("a tag without end")?;
    let (name, mut rest) = text.split_at(end);
    let mut attributes = vec![];
    loop {
        rest = rest.trim_start();
        let closed = rest.strip_prefix("/>");
        if let Some(after) = closed.or(rest.strip_prefix('>')) {
            let closes = closed.is_some() || VOID.contains(&name);
            return Ok((Some(Tag { name, attributes, opens, closes }), after));
        }
        let end =
            rest.find(['=', ' ', '\n', '>', '/']).context("an attribute without end")?;
        let (key, after) = rest.split_at(end);
        ensure!(!key.is_empty(), "no attribute: {}", start(rest));
        rest = after;
        let mut value = key; // one that stands alone has its own name for a value
        if let Some(quoted) = after.strip_prefix("=\"") {
            let (inside, after) = quoted.split_once('"').context("a value without end")?;
            (value, rest) = (inside, after);
        } else if after.starts_with('=') {
            bail!("a value without quotes: {}", start(after));
        }
        attributes.push((key, value));
    }
}

fn is_dropped(tag: &Tag<'_>) -> bool {
    let class = tag.attributes.iter().find(|(key, _)| *key == "class").map_or("", |a| a.1);
    ["script", "button", "input", "canvas"].contains(&tag.name)
        || class.split(' ').any(|word| DROPPED.contains(&word))
}

fn written(tag: &Tag<'_>, link: &impl Fn(&str) -> Option<String>) -> Result<String> {
    let mut out = format!("<{}", tag.name);
    for (key, value) in &tag.attributes {
        let value = match *key {
            "href" if !value.starts_with('#') => match link(value) {
                Some(to) => to,
                None => continue,
            },
            "tabindex" | "role" | "style" => continue,
            key if key.starts_with("aria-") && key != "aria-label"
                || key.starts_with("data-") =>
            {
                continue;
            }
            _ => value.to_string(),
        };
        out.push_str(&format!(" {key}=\"{}\"", coloured(&entities(&value)?)));
    }
    if tag.name == "math" && !out.contains("xmlns") {
        out.push_str(" xmlns=\"http://www.w3.org/1998/Math/MathML\"");
    }
    if tag.name == "svg" && !out.contains("xmlns") {
        out.push_str(" xmlns=\"http://www.w3.org/2000/svg\"");
    }
    Ok(out + if tag.closes { "/>" } else { ">" })
}

/// `var(--name)` and `var(--name, otherwise)` become the colour of that name, or what stands otherwise.
fn coloured(value: &str) -> String {
    let mut parts = value.split("var(");
    let mut out = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let (inside, rest) = part.split_once(')').unwrap_or((part, ""));
        let (name, otherwise) = inside.split_once(',').unwrap_or((inside, "currentColor"));
        let known = COLOURS.iter().find(|(known, _)| *known == name.trim());
        out.push_str(known.map_or(otherwise.trim(), |(_, colour)| colour));
        out.push_str(rest);
    }
    out
}

/// The beginning of a text, for a message.
fn start(text: &str) -> String {
    text.chars().take(40).collect()
}

/// XML knows five names; the others become numbers.
fn entities(text: &str) -> Result<String> {
    let mut parts = text.split('&');
    let mut out = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let (name, rest) = part.split_once(';').unwrap_or(("", part));
        match name {
            "amp" | "lt" | "gt" | "quot" | "apos" => out.push_str(&format!("&{name};{rest}")),
            "nbsp" => out.push_str(&format!("&#160;{rest}")),
            "mdash" => out.push_str(&format!("&#8212;{rest}")),
            _ if name.starts_with('#') => out.push_str(&format!("&{name};{rest}")),
            _ => bail!("`&{}` is no name that XML knows", start(part)),
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::{lettered, of};

    fn page(main: &str) -> String {
        format!("<html><main>{main}</main></html>")
    }

    #[test]
    fn tags_are_closed_and_what_needs_scripts_is_gone() {
        let made = of(
            &page(
                "<p>a&nbsp;<br>b <img src=\"x.svg\" alt=\"y\"></p><details open><summary>c</summary></details>\
<span class=\"katex\"><math><mi>x</mi></math><span class=\"katex-html\" aria-hidden=\"true\">x<span></span></span></span>\
<a href=\"far.html\">far</a> <a href=\"near.html#here\">near</a><!-- no --><rect fill=\"var(--fig-a,#8884)\" stroke=\"var(--new,red)\"/>",
            ),
            |to| to.starts_with("near").then(|| to.replace(".html", ".xhtml")),
        );
        assert_eq!(
            made.unwrap(),
            "<p>a&#160;<br/>b <img src=\"x.svg\" alt=\"y\"/></p><details open=\"open\"><summary>c</summary></details>\
<span class=\"katex\"><math xmlns=\"http://www.w3.org/1998/Math/MathML\"><mi>x</mi></math></span>\
<a>far</a> <a href=\"near.xhtml#here\">near</a><rect fill=\"#1f77b8\" stroke=\"red\"/>"
        );
    }

    #[test]
    fn letters_have_their_style_in_themselves() {
        let marked =
            |style: &str, letter: char| format!("<mi mathvariant=\"{style}\">{letter}</mi>");
        for (style, letter, want) in [
            ("bold", 'x', '𝐱'),
            ("bold", 'Σ', '𝚺'),
            ("bold", '0', '𝟎'),
            ("bold-italic", 'μ', '𝝁'),
            ("bold-italic", 'ε', '𝜺'),
            ("script", 'N', '𝒩'),
            ("script", 'B', 'ℬ'),
            ("double-struck", 'E', '𝔼'),
        ] {
            assert_eq!(lettered(&marked(style, letter)), format!("<mi>{want}</mi>"));
        }
        assert_eq!(lettered(&marked("normal", '/')), marked("normal", '/'));
    }

    #[test]
    fn what_is_not_well_formed_is_refused() {
        for bad in [
            "<p>a</b>",
            "<p>a",
            "a</p>",
            "<p x=y>a</p>",
            "a &middot; b",
            "&äöü",
            "<p",
            "<!-- ",
            "<p =",
        ] {
            assert!(of(&page(bad), |_| None).is_err(), "{bad}");
        }
    }
}
