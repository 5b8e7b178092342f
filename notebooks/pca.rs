//! The exercises of chapter 1: their text, hints, stubs and solutions. `cargo run -- notebooks` makes the notebook
//! from this file, the page shows it, and `tests/notebooks.rs` runs every stub and every solution.
#![allow(missing_docs)]
use latent::prelude::*;

//% notebook 01-pca PCA and autoencoders
//% text
//| Ten exercises. Write a function's body in place of `todo!()`, run the cell, and read what the check says: which case went wrong, and how. Nothing you do here can break a variable of another cell. A loop that never ends is left behind after three seconds; a panic is caught.
//|
//| Symbols are those of the book: $x$ is a row of data with $D$ columns, $\mat W$ has shape $D\times L$, $\mat S = \mathbb E[(x-\mu)(x-\mu)^\top]$ is divided by $N$. A name of a type stands behind every `let`, as the kernel needs it.

pub fn look() {
    //% text
    //| First a look at the data: the petals of 150 irises, in centimetres.
    //% cell
    let petals: Array2<f64> = data::iris().x.slice(s![.., 2..4]).to_owned();
    plot::scatter("petal length, cm", "petal width, cm", petals.view()).unwrap()
    //% end
    ;
}

//% exercise error_left The error that is left
//| PCA with $L$ orthonormal directions in the columns of $\mat W$ leaves the error $\mathbb E\lVert x - \mat W\mat W^\top x\rVert^2$ on centred data. Compute it from the covariance $\mat S$ alone, without a single row of data. On iris, $L = 1$ leaves 0.342417 cm² and $L=2$ leaves 0.101364 cm².
//% hint
//| What does the error become when $\mat W$ keeps nothing at all?
//% hint
//| $\lVert v\rVert^2 = \operatorname{tr} vv^\top$, and matrices may go round inside a trace.
//% hint
//| All the variance is $\operatorname{tr}\mat S$. What $\mat W$ keeps is $\operatorname{tr}\mat W^\top\mat S\mat W$.
pub mod error_left {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn error_left(s: ArrayView2<f64>, w: ArrayView2<f64>) -> f64 {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn error_left(s: ArrayView2<f64>, w: ArrayView2<f64>) -> f64 {
            s.diag().sum() - w.t().dot(&s).dot(&w).diag().sum()
        }
        //% end
    }
}
//% check check::pca::error_left(error_left)

//% exercise gradient Downhill
//| Derive the gradient of the tied autoencoder's loss, $\mathcal L = \operatorname{tr}\mat S - 2\operatorname{tr}\mat A + \operatorname{tr}\mat A\mat B$ with $\mat A = \mat W^\top\mat S\mat W$ and $\mat B = \mat W^\top\mat W$, by each entry of $\mat W$. The check compares it with differences of the loss.
//% hint
//| It has the shape of $\mat W$. How often does $\mat W$ stand in each term?
//% hint
//| The derivative of $\operatorname{tr}\mat W^\top\mat S\mat W$ is $2\mat S\mat W$. For $\operatorname{tr}\mat A\mat B$, hold $\mat B$ still and differentiate $\mat A$, then the other way round.
//% hint
//| $-4\mat S\mat W + 2\mat S\mat W\mat B + 2\mat W\mat A$.
pub mod gradient {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn gradient(s: ArrayView2<f64>, w: ArrayView2<f64>) -> Array2<f64> {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn gradient(s: ArrayView2<f64>, w: ArrayView2<f64>) -> Array2<f64> {
            let sw = s.dot(&w);
            let (a, b) = (w.t().dot(&sw), w.t().dot(&w));
            2.0 * sw.dot(&b) + 2.0 * w.dot(&a) - 4.0 * sw
        }
        //% end
    }
}
//% check check::pca::gradient(gradient)

//% exercise energy What the mean does
//| Without centring, PCA works on $\mathbb E[xx^\top]$ in place of the covariance. Build the first from the second and the mean. Then predict, before you run the check: where does the first direction of iris point?
//% hint
//| Write $x = (x - \mu) + \mu$ and multiply out $xx^\top$.
//% hint
//| Two of the four terms have mean zero.
//% hint
//| $\mathbb E[xx^\top] = \mat S + \mu\mu^\top$. The entry in row $i$ and column $j$ of $\mu\mu^\top$ is $\mu_i\mu_j$.
pub mod energy {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn energy(covariance: ArrayView2<f64>, mean: ArrayView1<f64>) -> Array2<f64> {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn energy(covariance: ArrayView2<f64>, mean: ArrayView1<f64>) -> Array2<f64> {
            Array2::from_shape_fn(covariance.dim(), |(i, j)| {
                covariance[[i, j]] + mean[i] * mean[j]
            })
        }
        //% end
    }
}
//% check check::pca::energy(energy)

//% exercise pair All the minimisers
//| An untied linear autoencoder has an encoder of shape $L\times D$ and a decoder of shape $D\times L$. From PCA's $\mat W$ with $L=2$, make another best pair in which the code is $\mat C$ times the old code, for an invertible 2×2 matrix $\mat C$. Give back `(encoder, decoder)`. The product of the two must not change.
//% hint
//| The old encoder is $\mat W^\top$. What is the new one?
//% hint
//| What $\mat C$ does to the code, the decoder must undo first.
//% hint
//| Encoder $\mat C\mat W^\top$, decoder $\mat W\mat C^{-1}$. The inverse of a 2×2 matrix with rows $(a, b)$ and $(c, d)$ has rows $(d, -b)$ and $(-c, a)$, divided by $ad-bc$.
pub mod pair {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn pair(w: ArrayView2<f64>, c: ArrayView2<f64>) -> (Array2<f64>, Array2<f64>) {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn pair(w: ArrayView2<f64>, c: ArrayView2<f64>) -> (Array2<f64>, Array2<f64>) {
            let determinant = c[[0, 0]] * c[[1, 1]] - c[[0, 1]] * c[[1, 0]];
            let inverse =
                array![[c[[1, 1]], -c[[0, 1]]], [-c[[1, 0]], c[[0, 0]]]] / determinant;
            (c.dot(&w.t()), w.dot(&inverse))
        }
        //% end
    }
}
//% check check::pca::pair(pair)

//% exercise restore When the transpose does not restore
//| A lecture note says: the map is linear, so its transpose restores the data. Take a random $\mat W$ with two columns and a point $x = \mat Wz$ in their span, and give back $z$. The transpose will not do.
//% hint
//| What is $\mat W^\top x$ when $x = \mat Wz$?
//% hint
//| $\mat W^\top\mat W$ is a 2×2 matrix, and it stands between you and $z$.
//% hint
//| Solve $(\mat W^\top\mat W)\,z = \mat W^\top x$ by Cramer's rule.
pub mod restore {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn restore(w: ArrayView2<f64>, x: ArrayView1<f64>) -> Array1<f64> {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn restore(w: ArrayView2<f64>, x: ArrayView1<f64>) -> Array1<f64> {
            let (g, y) = (w.t().dot(&w), w.t().dot(&x));
            let determinant = g[[0, 0]] * g[[1, 1]] - g[[0, 1]] * g[[1, 0]];
            array![g[[1, 1]] * y[0] - g[[0, 1]] * y[1], g[[0, 0]] * y[1] - g[[1, 0]] * y[0]]
                / determinant
        }
        //% end
    }
}
//% check check::pca::restore(restore)

//% exercise choose How many directions
//| Give back the least $L$ whose first $L$ variances hold at least the given share of the sum. The variances come largest first. How many of the 64 directions of the digits hold 90 %?
//% hint
//| Add up from the largest, and count.
//% hint
//| The first direction alone is $L = 1$, not 0. A share that is reached exactly is enough.
//% hint
//| Rounding can leave a sum a hair below a share that it should reach: compare with `share * total - 1e-12 * total`.
pub mod choose {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn choose(variances: &[f64], share: f64) -> usize {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn choose(variances: &[f64], share: f64) -> usize {
            let total: f64 = variances.iter().sum();
            let mut held = 0.0;
            for (i, v) in variances.iter().enumerate() {
                held += v;
                if held >= (share - 1e-12) * total {
                    return i + 1;
                }
            }
            variances.len()
        }
        //% end
    }
}
//% check check::pca::choose(choose)

//% exercise round_trip An autoencoder by hand
//| Points lie near three quarters of the unit circle. Build an encoder to *one* number and a decoder back by hand, and leave less than half of the best line's error. No training: you know what stands behind the data.
//% hint
//| Which one number says where on a circle a point is?
//% hint
//| `f64::atan2` gives an angle, `f64::cos` and `f64::sin` take one.
//% hint
//| Encode: `y.atan2(x)`. Decode: `[t.cos(), t.sin()]`.
pub mod round_trip {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn encode(x: [f64; 2]) -> f64 {
            todo!()
        }

        pub fn decode(z: f64) -> [f64; 2] {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn encode(x: [f64; 2]) -> f64 {
            x[1].atan2(x[0])
        }

        pub fn decode(z: f64) -> [f64; 2] {
            [z.cos(), z.sin()]
        }
        //% end
    }
}
//% check check::pca::round_trip(encode, decode)

//% exercise nearest How far from the data?
//| To say that an autoencoder's inventions are far from the data, you need a distance. Give back the mean, over the rows of `a`, of the distance to the nearest row of `b`.
//% hint
//| What is the answer if `a` has one row?
//% hint
//| Two loops: for each row of `a`, the least distance over the rows of `b`. Begin the least at `f64::INFINITY`.
//% hint
//| `let d = &u - &v; d.dot(&d).sqrt()` is the distance of two rows.
pub mod nearest {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn nearest(a: ArrayView2<f64>, b: ArrayView2<f64>) -> f64 {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn nearest(a: ArrayView2<f64>, b: ArrayView2<f64>) -> f64 {
            let mut total = 0.0;
            for u in a.rows() {
                let mut least = f64::INFINITY;
                for v in b.rows() {
                    let d = &u - &v;
                    least = least.min(d.dot(&d).sqrt());
                }
                total += least;
            }
            total / a.nrows() as f64
        }
        //% end
    }
}
//% check check::pca::nearest(nearest)

//% exercise explained Find the bug: the variance that depends on what you keep
//| This function turns singular values of centred data into variances with the divisor $N-1$. A mistake of this kind stood in a published library, and its tests were green: they compared *shares* of the variance. On iris it gives ∞, 630.0, 315.0 and 210.0 cm² for the first direction when 1, 2, 3 and 4 directions are kept. The truth is 4.228 cm², always. Find it, and mend it.
//% hint
//| Which of the three arguments should the variance of the *first* direction depend on?
//% hint
//| Why did the test of shares not see it? What cancels in a share?
//% hint
//| The divisor counts rows.
pub mod explained {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn explained(singular: &[f64], rows: usize, kept: usize) -> Vec<f64> {
            let kept_values = &singular[..kept];
            kept_values.iter().map(|s| s * s / (kept_values.len() as f64 - 1.0)).collect()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn explained(singular: &[f64], rows: usize, kept: usize) -> Vec<f64> {
            singular[..kept].iter().map(|s| s * s / (rows as f64 - 1.0)).collect()
        }
        //% end
    }
}
//% check check::pca::explained(explained)

//% exercise same_plane The same plane in other clothes
//| Two libraries give you two tables whose columns should span the same subspace. Signs differ, perhaps the basis too. Decide whether the *planes* are the same, up to rounding. Here is a first try, which compares columns up to a sign. It is not enough.
//% hint
//| What does a basis of a plane leave free, besides the signs?
//% hint
//| Two planes are the same if their projectors are.
//% hint
//| `linalg::projector(a).unwrap()` works for any basis. Compare entries with a tolerance.
pub mod same_plane {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn same_plane(a: ArrayView2<f64>, b: ArrayView2<f64>) -> bool {
            (0..a.ncols()).all(|j| (a.column(j).dot(&b.column(j)).abs() - 1.0).abs() < 1e-9)
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn same_plane(a: ArrayView2<f64>, b: ArrayView2<f64>) -> bool {
            match (linalg::projector(a), linalg::projector(b)) {
                (Ok(p), Ok(q)) => (p - q).iter().all(|v| v.abs() < 1e-9),
                _ => false,
            }
        }
        //% end
    }
}
//% check check::pca::same_plane(same_plane)

pub fn play() {
    //% text
    //| ## Now play
    //|
    //| An autoencoder in dfdx with one number as its code, on the arc, against the best line. The library trains it in well under a second. Change the number of epochs, and watch the error.
    //% cell
    let arc: Array2<f64> = data::arc(300, 0.06, &mut StdRng::seed_from_u64(5)).x;
    let trained: pca::play::Arc = pca::play::Arc::train(&arc, 400).unwrap();
    println!("error {:.4}, and the best line leaves {:.4}", trained.error, trained.line);
    trained.picture().unwrap()
    //% end
    ;
}

/// Name, verdict on the stub, verdict on the solution.
pub fn verdicts() -> Vec<(&'static str, Verdict, Verdict)> {
    use check::pca as c;
    vec![
        (
            "error_left",
            c::error_left(error_left::stub::error_left),
            c::error_left(error_left::solution::error_left),
        ),
        (
            "gradient",
            c::gradient(gradient::stub::gradient),
            c::gradient(gradient::solution::gradient),
        ),
        ("energy", c::energy(energy::stub::energy), c::energy(energy::solution::energy)),
        ("pair", c::pair(pair::stub::pair), c::pair(pair::solution::pair)),
        (
            "restore",
            c::restore(restore::stub::restore),
            c::restore(restore::solution::restore),
        ),
        ("choose", c::choose(choose::stub::choose), c::choose(choose::solution::choose)),
        (
            "round_trip",
            c::round_trip(round_trip::stub::encode, round_trip::stub::decode),
            c::round_trip(round_trip::solution::encode, round_trip::solution::decode),
        ),
        (
            "nearest",
            c::nearest(nearest::stub::nearest),
            c::nearest(nearest::solution::nearest),
        ),
        (
            "explained",
            c::explained(explained::stub::explained),
            c::explained(explained::solution::explained),
        ),
        (
            "same_plane",
            c::same_plane(same_plane::stub::same_plane),
            c::same_plane(same_plane::solution::same_plane),
        ),
    ]
}
