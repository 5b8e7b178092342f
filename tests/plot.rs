//! The room `plot`: shapes lie where their formulas say, and a chart is text that follows the theme.
use latent::plot::{Chart, Mark, Role, contours, ellipse};
use ndarray::{Array1, Array2, array};

#[test]
fn a_level_line_lies_on_its_level() {
    let axis = Array1::linspace(-2.0, 2.0, 81);
    let heights = Array2::from_shape_fn((81, 81), |(i, j)| {
        axis[j] * axis[j] + 4.0 * axis[i] * axis[i] // (x, y) is (axis[j], axis[i])
    });
    let pieces = contours(axis.view(), axis.view(), heights.view(), 1.0);
    assert!(pieces.len() > 100);
    for (x, y) in pieces.iter().flatten() {
        assert!((x * x + 4.0 * y * y - 1.0).abs() < 5e-3, "({x}, {y})");
    }
    let length: f64 = pieces.iter().map(|[a, b]| (a.0 - b.0).hypot(a.1 - b.1)).sum();
    assert!((length - 4.844_224).abs() < 5e-3, "the girth of that ellipse: {length}");
    assert!(contours(axis.view(), axis.view(), heights.view(), -1.0).is_empty());
}

#[test]
fn an_ellipse_is_its_radius_away_in_standard_deviations() {
    let covariance = array![[2.0, 0.6], [0.6, 0.5]];
    let determinant = 2.0 * 0.5 - 0.6 * 0.6;
    for (x, y) in ellipse([3.0, -1.0], covariance.view(), 2.0) {
        let (u, v) = (x - 3.0, y + 1.0);
        let square = (0.5 * u * u - 1.2 * u * v + 2.0 * v * v) / determinant;
        assert!((square - 4.0).abs() < 1e-12, "{square}");
    }
}

#[test]
fn a_logarithmic_axis_names_each_place_once() {
    let marks = vec![(Mark::Dots(vec![(1.2, -3.0), (2.7, -1.0)], Role::Data, 5), "")];
    let chart = Chart {
        x: "columns",
        y: "seconds",
        log_x: true,
        log_y: true,
        marks,
        ..Chart::default()
    };
    let svg = chart.svg().unwrap().0;
    let names: Vec<&str> = svg
        .lines()
        .map(str::trim)
        .filter(|l| l.starts_with(|c: char| c.is_ascii_digit()))
        .collect();
    assert!(names.contains(&"3.2e1") && names.contains(&"1e2"), "{names:?}");
    assert!(svg.contains("currentColor") && svg.contains("var(--fig-a"));
    let mut once = names.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), names.len(), "{names:?}");
}
