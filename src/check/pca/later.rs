//! The checks of the chapter's later sections: curves, and what goes wrong.
use super::iris_fit;
use crate::check::{Verdict, ask, library, must, same, verdict};
use crate::data::arc;
use crate::pca::{Origin, Pca};
use ndarray::{Array2, ArrayView2, Axis, array, s};
use rand::{SeedableRng, rngs::StdRng};

/// `encode` and `decode` by hand, with one number in between, for points near the unit circle.
pub fn round_trip(encode: fn([f64; 2]) -> f64, decode: fn(f64) -> [f64; 2]) -> Verdict {
    verdict(|| {
        let x = arc(200, 0.05, &mut StdRng::seed_from_u64(5)).x;
        let line = Pca::by_eigen(x.view(), Origin::Mean)
            .and_then(|p| p.keep(1)?.error(x.view()))
            .map_err(library)?;
        let mut total = 0.0;
        for row in x.rows() {
            let p = [row[0], row[1]];
            let z = ask("encode", &format!("encode({p:.2?})"), move || encode(p))?;
            let q = ask("decode", &format!("decode({z:.3})"), move || decode(z))?;
            total += (p[0] - q[0]).powi(2) + (p[1] - q[1]).powi(2);
        }
        let error = total / x.nrows() as f64;
        must(
            error < 0.5 * line,
            format!(
                "the arc comes back with error {error:.4}, and a straight line manages {line:.4}: less than half of that is possible. Which one number tells where on a circle a point is?"
            ),
        )?;
        Ok(format!(
            "Error {error:.4} with one number, where the best straight line leaves {line:.4}."
        ))
    })
}

/// `nearest(a, b)`: the mean over the rows of `a` of the distance to the nearest row of `b`.
pub fn nearest(f: fn(ArrayView2<f64>, ArrayView2<f64>) -> f64) -> Verdict {
    verdict(|| {
        let cases = [
            (
                array![[0.0, 0.0]],
                array![[3.0, 4.0], [6.0, 8.0]],
                5.0,
                "For each row of the first table, the distance to the nearest row of the second: the root of a sum of squares.",
            ),
            (
                array![[0.0], [10.0]],
                array![[1.0], [7.0]],
                2.0,
                "Take the mean over the rows of the first table.",
            ),
            (
                array![[1.0, 1.0], [2.0, 2.0]],
                array![[2.0, 2.0], [1.0, 1.0], [9.0, 9.0]],
                0.0,
                "The nearest row, not the farthest or the one of the same number.",
            ),
        ];
        for (a, b, want, hint) in cases {
            let case = format!("nearest({a}, {b})").replace('\n', "");
            let got = ask("nearest", &case, move || f(a.view(), b.view()))?;
            let hint =
                if (got - 25.0).abs() < 1e-9 { "Distance, not its square." } else { hint };
            same(&case, got, want, hint)?;
        }
        Ok("Now you can say how far an autoencoder's inventions are from the data.".into())
    })
}

/// `explained(singular values, rows, kept)`: the variances of the kept directions, divisor N − 1.
pub fn explained(f: fn(&[f64], usize, usize) -> Vec<f64>) -> Verdict {
    verdict(|| {
        let fit = iris_fit(Origin::Mean)?;
        let want = fit.variances_unbiased().map_err(library)?;
        let singular = fit.variances.mapv(|v| (v * 150.0).sqrt()).to_vec();
        for kept in 1..=4 {
            let s = singular.clone();
            let case = format!("iris, {kept} kept: explained(…)[0]");
            let got = ask("explained", &case, move || f(&s, 150, kept))?;
            must(
                got.len() == kept,
                format!("{case}: {} variances for {kept} directions.", got.len()),
            )?;
            same(
                &case,
                got[0],
                want[0],
                "The variance of the first direction cannot depend on how many directions you keep.",
            )?;
            same(
                &format!("iris, {kept} kept: the last variance"),
                got[kept - 1],
                want[kept - 1],
                "Square each singular value first.",
            )?;
        }
        Ok("4.2282 square centimetres for the first direction of iris, however many are kept.".into())
    })
}

/// Two bases, whether they span one plane, and what to say to who thinks otherwise.
fn pairs(w: Array2<f64>) -> [(&'static str, [Array2<f64>; 2], bool, &'static str); 5] {
    let plane = w.slice(s![.., ..2]).to_owned();
    let flipped = &plane * &array![-1.0, 1.0];
    let mixed = plane.dot(&array![[2.0, 1.0], [-1.0, 3.0]]);
    let other = w.select(Axis(1), &[0, 2]);
    let from = |b: Array2<f64>| [plane.clone(), b];
    let square = "Neither basis need be orthonormal: take the projector of each.";
    let sign = "A direction and its opposite span one line.";
    let basis = "Compare the projectors, not the columns.";
    let all = "All directions must agree, not one.";
    [
        ("a plane and itself", from(plane.clone()), true, ""),
        ("a plane and itself with a sign turned", from(flipped), true, sign),
        ("a plane and another basis of it", from(mixed.clone()), true, basis),
        ("another basis of a plane, and the plane", [mixed, plane.clone()], true, square),
        ("two planes that share one direction", from(other), false, all),
    ]
}

/// `same_plane(A, B)`: do the columns of two tables span the same subspace?
pub fn same_plane(f: fn(ArrayView2<f64>, ArrayView2<f64>) -> bool) -> Verdict {
    verdict(|| {
        for (case, [a, b], want, hint) in pairs(iris_fit(Origin::Mean)?.w) {
            let got = ask("same_plane", case, move || f(a.view(), b.view()))?;
            must(got == want, format!("{case}: same_plane said {got}. {hint}"))?;
        }
        Ok("Signs and bases differ between libraries; projectors do not.".into())
    })
}
