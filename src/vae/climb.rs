//! Climbing a smooth hill by its slopes: L-BFGS, which learns from its last steps how the hill bends.
use crate::error::{Error, Result, finite, shaped, within};
use ndarray::{Array1, Axis};
use std::collections::VecDeque;

/// Where a climb ended, and how high it was on the way.
#[derive(Clone, Debug)]
pub struct Climb {
    /// The last place.
    pub place: Array1<f64>,
    /// The height at the start and after each step; it never falls.
    pub heights: Vec<f64>,
}

/// A step, and by how much the slope fell along it.
type Bend = (Array1<f64>, Array1<f64>);

/// Steps that are remembered.
const MEMORY: usize = 10;

/// A place on the hill: its height, and its slope.
struct Spot {
    at: Array1<f64>,
    height: f64,
    slope: Array1<f64>,
}

// ANCHOR: climb
/// Climbs until no entry of the slope exceeds `flat`, or until rounding hides the way.
/// The hill gives its height and its slope.
pub fn climb(
    start: Array1<f64>,
    hill: impl Fn(&Array1<f64>) -> Result<(f64, Array1<f64>)>,
    steps: usize,
    flat: f64,
) -> Result<Climb> {
    finite("the start", start.view().insert_axis(Axis(0)))?;
    within("what counts as flat", flat, 0.0, f64::MAX, "")?;
    let look = |at: Array1<f64>| {
        let (height, slope) = hill(&at)?;
        shaped("the slope", (slope.len(), 1), "this place", (at.len(), 1))?;
        Ok(Spot { at, height, slope })
    };
    let (mut spot, mut memory) = (look(start)?, VecDeque::new());
    let mut heights = vec![spot.height];
    while heights.len() <= steps && steepest(&spot.slope) > flat {
        if !spot.height.is_finite() {
            return Err(Error::NoBound { step: heights.len() - 1, bound: spot.height });
        }
        let Some(next) = higher(look, &spot, &uphill(&spot.slope, &memory))? else { break };
        let (step, fall) = (&next.at - &spot.at, &spot.slope - &next.slope);
        if step.dot(&fall) > 0.0 {
            memory.push_back((step, fall));
        }
        if memory.len() > MEMORY {
            memory.pop_front();
        }
        heights.push(next.height);
        spot = next;
    }
    Ok(Climb { place: spot.at, heights })
}
// ANCHOR_END: climb

fn steepest(slope: &Array1<f64>) -> f64 {
    slope.fold(0.0, |m, v| if v.is_nan() { f64::INFINITY } else { m.max(v.abs()) })
}

/// The slope, stretched where the hill was found to bend little.
fn uphill(slope: &Array1<f64>, memory: &VecDeque<Bend>) -> Array1<f64> {
    let (mut way, mut shares) = (slope.clone(), vec![]);
    for (step, fall) in memory.iter().rev() {
        let share = step.dot(&way) / step.dot(fall);
        way.scaled_add(-share, fall);
        shares.push(share);
    }
    match memory.back() {
        Some((step, fall)) => way *= step.dot(fall) / fall.dot(fall),
        None => way /= steepest(slope).max(1.0),
    }
    for ((step, fall), share) in memory.iter().zip(shares.iter().rev()) {
        let back = fall.dot(&way) / step.dot(fall);
        way.scaled_add(share - back, step);
    }
    if way.dot(slope) > 0.0 { way } else { slope.clone() }
}

/// The first of the places along the way, halving, that gains a fair share of what the slope promises.
fn higher(
    look: impl Fn(Array1<f64>) -> Result<Spot>,
    from: &Spot,
    way: &Array1<f64>,
) -> Result<Option<Spot>> {
    let promised = way.dot(&from.slope);
    for halvings in 0..50 {
        let share = 0.5f64.powi(halvings);
        let next = look(&from.at + &(way * share))?;
        if next.height > from.height + 1e-4 * share * promised {
            return Ok(Some(next));
        }
    }
    Ok(None)
}
