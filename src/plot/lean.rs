//! Fewer and shorter elements: what the drawing library writes as a thousand strokes is one path here.
use std::collections::VecDeque;

/// A place in the picture, in whole steps.
type Place = (i32, i32);

/// How far from the straight line between its neighbours a place may be left out, in steps; four of them are 1/640 of the width.
const NEAR: f64 = 1.0;

/// Neighbouring strokes of one look become one path; words for what is the default go.
pub(super) fn lean(svg: &str) -> String {
    let mut out = String::with_capacity(svg.len());
    let mut run: (&str, Vec<VecDeque<Place>>) = ("", vec![]);
    for line in svg.split_inclusive('\n') {
        let stroke = stroke(line.trim_end());
        if stroke.as_ref().is_none_or(|(look, _)| *look != run.0) {
            out.push_str(&path(run.0, std::mem::take(&mut run.1)));
        }
        match stroke {
            Some((look, places)) => {
                run.0 = look;
                run.1.push(places);
            }
            None => out.push_str(&line.replace(" opacity=\"1\"", "")),
        }
    }
    out + &path(run.0, run.1)
}

/// An opaque line: its look, and its places. One that others shine through stays as it is.
fn stroke(line: &str) -> Option<(&str, VecDeque<Place>)> {
    let rest = line.strip_prefix("<polyline fill=\"none\" opacity=\"1\" ")?;
    let (look, places) = rest.strip_suffix("\"/>")?.split_once(" points=\"")?;
    let place = |pair: &str| {
        let (x, y) = pair.split_once(',')?;
        Some((x.parse().ok()?, y.parse().ok()?))
    };
    Some((look, places.split_whitespace().map(place).collect::<Option<_>>()?))
}

fn path(look: &str, mut strokes: Vec<VecDeque<Place>>) -> String {
    let mut lines = String::new();
    strokes.reverse();
    while let Some(mut line) = strokes.pop() {
        while let Some(at) = strokes.iter().position(|next| join(&mut line, next)) {
            strokes.swap_remove(at);
        }
        for (i, (x, y)) in thinned(line.make_contiguous()).into_iter().enumerate() {
            lines.push_str(&format!("{}{x},{y}", if i == 0 { 'M' } else { ' ' }));
        }
    }
    if lines.is_empty() {
        return lines;
    }
    format!("<path fill=\"none\" {look} d=\"{lines}\"/>\n")
}

/// Adds `next` where it touches an end of the line.
fn join(line: &mut VecDeque<Place>, next: &VecDeque<Place>) -> bool {
    if line.back() == next.front() {
        line.extend(next.iter().skip(1));
    } else if line.back() == next.back() {
        line.extend(next.iter().rev().skip(1));
    } else if line.front() == next.back() {
        next.iter().rev().skip(1).for_each(|&place| line.push_front(place));
    } else if line.front() == next.front() {
        next.iter().skip(1).for_each(|&place| line.push_front(place));
    } else {
        return false;
    }
    true
}

/// The line without places that nobody would miss: if the one that is farthest from the chord is near, the chord.
fn thinned(line: &[Place]) -> Vec<Place> {
    let (Some(&first), Some(&last)) = (line.first(), line.last()) else { return vec![] };
    let farthest = (1..line.len().saturating_sub(1))
        .map(|i| (distance(line[i], first, last), i))
        .fold((0.0, 0), |best, next| if next.0 > best.0 { next } else { best });
    if line.len() < 3 || farthest.0 < NEAR {
        return if line.len() > 1 { vec![first, last] } else { vec![first] };
    }
    let mut out = thinned(&line[..=farthest.1]);
    out.pop();
    out.extend(thinned(&line[farthest.1..]));
    out
}

/// From a place to the straight piece between two others.
fn distance(place: Place, from: Place, to: Place) -> f64 {
    let minus = |a: Place, b: Place| (f64::from(a.0 - b.0), f64::from(a.1 - b.1));
    let (way, off) = (minus(to, from), minus(place, from));
    let length = way.0 * way.0 + way.1 * way.1;
    let along = if length > 0.0 { (off.0 * way.0 + off.1 * way.1) / length } else { 0.0 };
    let along = along.clamp(0.0, 1.0);
    (off.0 - along * way.0).hypot(off.1 - along * way.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOK: &str =
        "<polyline fill=\"none\" opacity=\"1\" stroke=\"red\" stroke-width=\"4\" points=\"";

    #[test]
    fn pieces_that_touch_become_one_line_whatever_their_direction() {
        let pieces = ["0,0 10,0 ", "20,10 10,0 ", "20,10 20,20 ", "0,0 0,9 ", "50,50 60,60 "];
        let svg: String = pieces.iter().map(|p| format!("{LOOK}{p}\"/>\n")).collect();
        assert_eq!(
            lean(&svg),
            "<path fill=\"none\" stroke=\"red\" stroke-width=\"4\" d=\"M0,9 0,0 10,0 20,10 20,20M50,50 60,60\"/>\n"
        );
    }

    #[test]
    fn another_look_another_element_or_a_glimpse_through_ends_a_run() {
        let line = |look: &str| {
            format!("<polyline fill=\"none\" opacity={look} points=\"0,0 8,8 \"/>\n")
        };
        let svg = format!(
            "{}{}<circle r=\"2\" opacity=\"1\"/>\n{}",
            line("\"1\" stroke=\"red\""),
            line("\"1\" stroke=\"blue\""),
            line("\"0.5\" stroke=\"blue\"")
        );
        let expected = format!(
            "<path fill=\"none\" stroke=\"red\" d=\"M0,0 8,8\"/>\n<path fill=\"none\" stroke=\"blue\" d=\"M0,0 8,8\"/>\n<circle r=\"2\"/>\n{}",
            line("\"0.5\" stroke=\"blue\"")
        );
        assert_eq!(lean(&svg), expected);
    }

    #[test]
    fn no_place_of_a_thinned_line_is_far_from_what_is_left() {
        let circle: Vec<Place> = (0..=720)
            .map(|i| f64::from(i) * std::f64::consts::TAU / 720.0)
            .map(|t| ((400.0 * t.cos()).round() as i32, (400.0 * t.sin()).round() as i32))
            .collect();
        let left = thinned(&circle);
        assert!(left.len() < 80, "{}", left.len());
        assert_eq!((left.first(), left.last()), (circle.first(), circle.last()));
        for &place in &circle {
            let nearest =
                left.windows(2).map(|w| distance(place, w[0], w[1])).fold(1e9, f64::min);
            assert!(nearest < NEAR + 1e-9, "{place:?}: {nearest}");
        }
        assert_eq!(thinned(&[(1, 1)]), [(1, 1)]);
        assert_eq!(thinned(&[(0, 0), (1, 0), (9, 0)]), [(0, 0), (9, 0)]);
        assert!(thinned(&[]).is_empty());
    }
}
