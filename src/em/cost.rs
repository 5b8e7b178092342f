//! What a step of EM for factor analysis costs, counted and not timed.

// ANCHOR: cost
/// Multiplications in the matrix products that have a side of N or D.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    /// One step that walks through the rows.
    pub rows: f64,
    /// One step from moments.
    pub moments: f64,
    /// The moments themselves, once.
    pub once: f64,
}

/// For N rows of D columns and L factors.
pub fn multiplications(n: f64, d: f64, l: f64) -> Cost {
    let shared = 4.0 * d * l * l; // WᵀΨ⁻¹W, GWᵀΨ⁻¹, and the two products that make W
    Cost {
        rows: n * (2.0 * d * l + l * l) + shared, // (eq:cost-rows)
        moments: d * d * l + d * l * l + shared,  // (eq:cost-moments)
        once: n * d * d,
    }
}
// ANCHOR_END: cost
