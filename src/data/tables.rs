//! The tables that ship with the book. `data/NOTICE` has their credits and licences.
use ndarray::{Array2, ArrayView2, Axis};
use std::sync::OnceLock;

/// A table of N rows and D columns, with the class of each row where there is one.
#[derive(Clone, Debug)]
pub struct Table {
    /// The values, of shape (N, D).
    pub x: Array2<f64>,
    /// The class of each row; empty where the table has none.
    pub class: Vec<usize>,
    /// What the columns are, with units; empty for pixels.
    pub columns: &'static [&'static str],
}

impl Table {
    /// The rows of one class.
    pub fn only(&self, class: usize) -> Array2<f64> {
        let rows: Vec<usize> =
            (0..self.class.len()).filter(|&i| self.class[i] == class).collect();
        self.x.select(Axis(0), &rows)
    }

    /// The rows before row `at`, and the rest. Both are views; `at` beyond the end means the end.
    pub fn split(&self, at: usize) -> (ArrayView2<'_, f64>, ArrayView2<'_, f64>) {
        self.x.view().split_at(Axis(0), at.min(self.x.nrows()))
    }
}

/// 1797 handwritten digits of 8×8 pixels, grey values 0 to 16, and the digit 0 to 9.
pub fn digits() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| parse(include_str!("../../data/digits8x8.csv"), 64, &[]))
}

/// 150 iris flowers: four lengths in centimetres, and the species.
pub fn iris() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    let columns =
        &["sepal length, cm", "sepal width, cm", "petal length, cm", "petal width, cm"];
    TABLE.get_or_init(|| parse(include_str!("../../data/iris.csv"), 4, columns))
}

/// 178 wines: thirteen chemical measurements, and the cultivar.
pub fn wine() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    let columns = &[
        "alcohol",
        "malic acid",
        "ash",
        "alcalinity of ash",
        "magnesium",
        "total phenols",
        "flavanoids",
        "nonflavanoid phenols",
        "proanthocyanins",
        "colour intensity",
        "hue",
        "OD280/OD315 of diluted wines",
        "proline",
    ];
    TABLE.get_or_init(|| parse(include_str!("../../data/wine.csv"), 13, columns))
}

/// 272 eruptions of the geyser Old Faithful: their length and the wait for the next, in minutes.
pub fn old_faithful() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    let columns = &["eruption, minutes", "waiting, minutes"];
    let body = include_str!("../../data/old_faithful.csv")
        .split_once('\n')
        .map_or("", |(_head, body)| body);
    TABLE.get_or_init(|| parse(body, 2, columns))
}

/// Comma-separated numbers: `d` values a row, then perhaps a class. The tests hold the embedded tables to their sums.
fn parse(text: &str, d: usize, columns: &'static [&'static str]) -> Table {
    let (mut values, mut class) = (vec![], vec![]);
    for line in text.lines().filter(|l| !l.is_empty()) {
        let numbers = line.split(',').map(|v| v.trim().parse().unwrap_or(f64::NAN));
        for (j, v) in numbers.enumerate() {
            if j < d { values.push(v) } else { class.push(v as usize) }
        }
    }
    let x = Array2::from_shape_vec((values.len() / d, d), values).unwrap_or_default();
    Table { x, class, columns }
}
