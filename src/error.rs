//! One error type: it says what was wrong with which input, and what to do about it.
use std::path::PathBuf;

/// The result of everything here that can fail.
pub type Result<T> = std::result::Result<T, Error>;

/// What can be wrong with an input.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No rows, or no columns.
    #[error(
        "{what} is empty ({rows} rows, {columns} columns); give at least one row and one column"
    )]
    Empty {
        /// Which input.
        what: &'static str,
        /// Its rows.
        rows: usize,
        /// Its columns.
        columns: usize,
    },
    /// NaN or infinite.
    #[error(
        "{what} holds {value} in row {row}, column {column} (both from 0); drop or fill that entry first"
    )]
    NotFinite {
        /// Which input.
        what: &'static str,
        /// Where: the row.
        row: usize,
        /// Where: the column.
        column: usize,
        /// What stands there.
        value: f64,
    },
    /// Two shapes that do not fit.
    #[error("{what} has shape {got:?}, but {wanted} needs {expected:?}")]
    Shape {
        /// Which input.
        what: &'static str,
        /// The shape it has.
        got: (usize, usize),
        /// Who needs another.
        wanted: &'static str,
        /// The shape it should have.
        expected: (usize, usize),
    },
    /// A number outside its range.
    #[error("{what} is {got}, but must lie between {low} and {high}{why}")]
    Range {
        /// Which input.
        what: &'static str,
        /// Its value.
        got: f64,
        /// The least value allowed.
        low: f64,
        /// The greatest value allowed.
        high: f64,
        /// The reason, beginning with a colon or a space, or nothing.
        why: &'static str,
    },
    /// A matrix that should be symmetric and positive definite, and is not.
    #[error(
        "{what} is not positive definite: pivot {index} is {pivot:e}; look for a constant or a repeated column"
    )]
    NotPositiveDefinite {
        /// Which input.
        what: &'static str,
        /// Which pivot failed.
        index: usize,
        /// Its value.
        pivot: f64,
    },
    /// A column whose entries are all equal.
    #[error("column {column} (from 0) never varies; drop it before the fit")]
    Constant {
        /// Which column.
        column: usize,
    },
    /// A column that the factors explain without a rest: the likelihood has no maximum there.
    #[error(
        "the noise of column {column} (from 0) has shrunk to the share {share:e} of its variance, a Heywood case: use fewer factors, or drop that column"
    )]
    Heywood {
        /// Which column.
        column: usize,
        /// ψ over the variance of the column.
        share: f64,
    },
    /// Factors that leave no variance over.
    #[error(
        "{factors} factors leave no variance over, and a density needs some; use fewer factors, or plain PCA"
    )]
    NoNoise {
        /// How many factors.
        factors: usize,
    },
    /// A component that no row belongs to.
    #[error(
        "component {component} (from 0) accounts for {count:e} rows, so it has nothing to be fitted to; use fewer components, or another start"
    )]
    NoRows {
        /// Which component.
        component: usize,
        /// How many rows it accounts for.
        count: f64,
    },
    /// A component that has shrunk onto a row: the likelihood would grow without end.
    #[error(
        "component {component} (from 0) has collapsed onto row {row} (from 0): its least variance is the share {share:e} of the data's, and the likelihood would grow without end; set a floor, use fewer components, or another start"
    )]
    Collapsed {
        /// Which component.
        component: usize,
        /// The row it sits on.
        row: usize,
        /// Its least variance, in units of the data's.
        share: f64,
    },
    /// A bound that is no finite number.
    #[error(
        "step {step}: the bound is {bound}; look at the start, and at the columns' sizes"
    )]
    NoBound {
        /// After how many steps.
        step: usize,
        /// Its value.
        bound: f64,
    },
    /// A factorisation that did not converge.
    #[error("the {what} did not converge; rescale the columns to similar sizes")]
    NoConvergence {
        /// Which factorisation.
        what: &'static str,
    },
    /// Training that left the finite numbers.
    #[error(
        "training diverged at step {step}: the loss is {loss}; use a smaller rate than {rate}"
    )]
    Diverged {
        /// At which step.
        step: usize,
        /// The loss there.
        loss: f64,
        /// The rate used.
        rate: f64,
    },
    /// A grey pixel under a likelihood of black and white ones.
    #[error(
        "{what} holds {value} in row {row}, column {column} (both from 0), and a Bernoulli pixel is 0 or 1: set a threshold, draw black and white pixels from the greys, or take a Gaussian likelihood"
    )]
    NotBinary {
        /// Which input.
        what: &'static str,
        /// Where: the row.
        row: usize,
        /// Where: the column.
        column: usize,
        /// What stands there.
        value: f64,
    },
    /// A grey that the likelihood of greys does not know.
    #[error(
        "{what} holds {value} in row {row}, column {column} (both from 0), and {why}: divide by the greatest value, or take a Gaussian likelihood"
    )]
    NotGrey {
        /// Which input.
        what: &'static str,
        /// Where: the row.
        row: usize,
        /// Where: the column.
        column: usize,
        /// What stands there.
        value: f64,
        /// What would be right.
        why: &'static str,
    },
    /// Training that left the finite numbers, and the term of the bound that left first.
    #[error(
        "training diverged in epoch {epoch}, step {step} (both from 0): {term} is {value}; use a smaller rate than {rate}"
    )]
    Lost {
        /// In which epoch.
        epoch: usize,
        /// In which of its steps.
        step: usize,
        /// Which term of the bound.
        term: &'static str,
        /// Its value.
        value: f64,
        /// The rate used.
        rate: f64,
    },
    /// A network that could not be computed on its device.
    #[error("the device failed: {0}")]
    Device(String),
    /// A file that is not what its name promises.
    #[error("{path}: {why}")]
    File {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it, and the remedy.
        why: String,
    },
    /// A picture that could not be drawn.
    #[error("the figure could not be drawn: {0}")]
    Plot(String),
}

impl Error {
    /// A file error, from anything that explains itself.
    pub fn file(path: impl Into<PathBuf>, why: impl std::fmt::Display) -> Self {
        Error::File { path: path.into(), why: why.to_string() }
    }
}

/// Refuses a table that has no entries or holds a NaN or an infinity.
pub fn finite<E: Copy + Into<f64>>(
    what: &'static str,
    x: ndarray::ArrayView2<E>,
) -> Result<()> {
    if x.is_empty() {
        return Err(Error::Empty { what, rows: x.nrows(), columns: x.ncols() });
    }
    let sound = |v: &E| Into::<f64>::into(*v).is_finite();
    if x.fold(true, |all, v| all & sound(v)) {
        return Ok(()); // no branch in that loop, so that it is quick
    }
    match x.indexed_iter().find(|(_, v)| !sound(v)) {
        None => Ok(()),
        Some(((row, column), &value)) => {
            Err(Error::NotFinite { what, row, column, value: value.into() })
        }
    }
}

/// Refuses a number outside `low..=high`.
pub fn within(
    what: &'static str,
    got: f64,
    low: f64,
    high: f64,
    why: &'static str,
) -> Result<()> {
    if (low..=high).contains(&got) {
        Ok(())
    } else {
        Err(Error::Range { what, got, low, high, why })
    }
}

/// Refuses a table of another shape.
pub fn shaped(
    what: &'static str,
    got: (usize, usize),
    wanted: &'static str,
    expected: (usize, usize),
) -> Result<()> {
    if got == expected { Ok(()) } else { Err(Error::Shape { what, got, wanted, expected }) }
}
