//! The exercises of chapter 5: their text, hints, stubs and solutions. `cargo run -- notebooks` makes the notebook
//! from this file, the page shows it, and `tests/notebooks.rs` runs every stub and every solution.
#![allow(missing_docs)]
use latent::prelude::*;

//% notebook 05-mixture Mixtures
//% text
//| Thirteen exercises, among them the tutorial's problems 1 to 3. Write a function's body in place of `todo!()`, or mend the one that stands there, run the cell, and read what the check says. Nothing you do here can break a variable of another cell.
//|
//| Symbols are those of the book: $r_{nk}$ is the share of component $k$ in row $n$, $N_k$ its effective number of rows, $\pi_k$ its weight. All log-likelihoods are in nats, summed over the rows.

pub fn look() {
    //% text
    //| First a look: two Gaussians on Old Faithful. In each line the step, the log-likelihood, and how many rows the first component accounts for.
    //% cell
    let rows: Array2<f64> = data::old_faithful().x.clone();
    let means: Array2<f64> = array![[3.6, 79.0], [1.8, 54.0]];
    let mut two: Gaussians = Gaussians::around(&rows, means, Kind::Full).unwrap();
    for step in 0..12 {
        let q: mixture::Soft = two.e_step(&rows).unwrap();
        let nats: f64 = two.log_likelihood(&rows).unwrap();
        println!("{step} {nats:.4} {:.2}", q.shares.counts[0]);
        two = two.m_step(&rows, &q).unwrap();
    }
    //% end
}

//% exercise posterior Problem 1: equal weights
//| All $K$ components are equally likely. Derive the responsibilities on paper first: what becomes of the prior? Then write them, from the table of $\log p(\vec x_n\mid z_n=k)$ with a row for each $n$. The check tries log-likelihoods near −100000, where every likelihood is zero in 64-bit numbers.
//% hint
//| Write Bayes' rule with $\pi_k = 1/K$ in the numerator and in each term of the denominator.
//% hint
//| What happens to the shares of a row if the same number is added to all its log-likelihoods?
//% hint
//| Subtract `gaussian::log_sum_exp(&row.to_vec())` from each row, and take the exponential of the rest.
pub mod posterior {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn posterior(log_likelihood: ArrayView2<f64>) -> Array2<f64> {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn posterior(log_likelihood: ArrayView2<f64>) -> Array2<f64> {
            let mut r = log_likelihood.to_owned();
            for mut row in r.rows_mut() {
                let total = gaussian::log_sum_exp(&row.to_vec());
                row -= total;
            }
            r.mapv(f64::exp)
        }
        //% end
    }
}
//% check check::mixture::posterior(posterior)

//% exercise weighted Find the bug: the weight of a weight
//| From the weights $\pi_k$ and the table of $\log p(\vec x_n\mid k)$, this function gives $\log p(\vec x_n)$ for each row. A published page adds the weights as it does. The numbers look like log-likelihoods, equal weights give shares that are right, and comparisons of models with different weights or different $K$ are wrong. Find it, and mend it.
//% hint
//| Try one component with weight 1. What should come out, and what does?
//% hint
//| Which of the two tables is in logarithms?
//% hint
//| $\log(\pi_k\,p(\vec x\mid k))$ is a sum of two logarithms.
pub mod weighted {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn weighted(weights: ArrayView1<f64>, log_p: ArrayView2<f64>) -> Array1<f64> {
            let joint = &log_p + &weights;
            joint.rows().into_iter().map(|r| gaussian::log_sum_exp(&r.to_vec())).collect()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn weighted(weights: ArrayView1<f64>, log_p: ArrayView2<f64>) -> Array1<f64> {
            let joint = &log_p + &weights.mapv(f64::ln);
            joint.rows().into_iter().map(|r| gaussian::log_sum_exp(&r.to_vec())).collect()
        }
        //% end
    }
}
//% check check::mixture::weighted(weighted)

//% exercise turn Problem 2: EM for a mixture of Gaussians
//| One step, as the tutorial asks for it: responsibilities, then counts, means, covariances and weights. `shares` is there for the first half. On Old Faithful your hundred log-likelihoods must agree with the book's to $10^{-8}$ nats, and end at −1130.2639602.
//% hint
//| Which of the four results needs another of the four?
//% hint
//| `r.sum_axis(Axis(0))` are the counts. `r.t().dot(&x)` has $\sum_n r_{nk}\vec x_n$ in row $k$.
//% hint
//| For component $k$: `let away = &x - &means.row(k);` with the NEW means, and `(&away * &r.column(k).insert_axis(Axis(1))).t().dot(&away) / counts[k]`.
pub mod turn {
    pub mod stub {
        use super::super::*;
        //% stub
        /// Weights, means of shape (K, D), covariances.
        pub type Mix = (Array1<f64>, Array2<f64>, Vec<Array2<f64>>);

        pub fn shares(
            x: ArrayView2<f64>,
            (weights, means, covariances): &Mix,
        ) -> Array2<f64> {
            let mut joint = Array2::zeros((x.nrows(), weights.len()));
            for (k, c) in covariances.iter().enumerate() {
                let log_p = gaussian::log_density(x, means.row(k), c.view()).unwrap();
                joint.column_mut(k).assign(&(log_p + weights[k].ln()));
            }
            mixture::responsibilities(joint).r
        }

        pub fn turn(x: ArrayView2<f64>, mix: &Mix) -> Mix {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        /// Weights, means of shape (K, D), covariances.
        pub type Mix = (Array1<f64>, Array2<f64>, Vec<Array2<f64>>);

        pub fn shares(
            x: ArrayView2<f64>,
            (weights, means, covariances): &Mix,
        ) -> Array2<f64> {
            let mut joint = Array2::zeros((x.nrows(), weights.len()));
            for (k, c) in covariances.iter().enumerate() {
                let log_p = gaussian::log_density(x, means.row(k), c.view()).unwrap();
                joint.column_mut(k).assign(&(log_p + weights[k].ln()));
            }
            mixture::responsibilities(joint).r
        }

        pub fn turn(x: ArrayView2<f64>, mix: &Mix) -> Mix {
            let r = shares(x, mix);
            let counts = r.sum_axis(Axis(0));
            let means = r.t().dot(&x) / counts.view().insert_axis(Axis(1));
            let covariance = |k: usize| {
                let away = &x - &means.row(k);
                (&away * &r.column(k).insert_axis(Axis(1))).t().dot(&away) / counts[k]
            };
            let covariances = (0..counts.len()).map(covariance).collect();
            (counts / x.nrows() as f64, means, covariances)
        }
        //% end
    }
}
//% check check::mixture::turn(turn)

//% exercise lost What an old mean costs
//| The M step has found counts $N_k$, means and covariances $\mat\Sigma_k$. Somebody updates the covariances and forgets the means: component $k$ stays $\vec\Delta_k$ away from where it should be. By how many nats is the expected complete log-likelihood lower? `moved` has $\vec\Delta_k$ in row $k$. The check compares your formula with two evaluations of the bound.
//% hint
//| Only the quadratic form in $\log\mathcal N$ contains the mean. Replace $\vmu_k$ by $\vmu_k-\vec\Delta_k$ in it.
//% hint
//| The cross term is $\sum_n r_{nk}(\vec x_n-\vmu_k)\T\mat\Sigma_k^{-1}\vec\Delta_k$. What is $\sum_n r_{nk}(\vec x_n-\vmu_k)$?
//% hint
//| $\frac12\sum_k N_k\vec\Delta_k\T\mat\Sigma_k^{-1}\vec\Delta_k$. With $\mat\Sigma=\mat L\mat L\T$, the form is the squared length of `linalg::solve_lower(l.view(), delta)`.
pub mod lost {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn lost(
            counts: &[f64],
            moved: ArrayView2<f64>,
            covariances: &[Array2<f64>],
        ) -> f64 {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn lost(
            counts: &[f64],
            moved: ArrayView2<f64>,
            covariances: &[Array2<f64>],
        ) -> f64 {
            let mut sum = 0.0;
            for (k, covariance) in covariances.iter().enumerate() {
                let l = linalg::cholesky(covariance.view()).unwrap();
                let step = moved.row(k).insert_axis(Axis(1));
                let u = linalg::solve_lower(l.view(), step).unwrap();
                sum += 0.5 * counts[k] * u.mapv(|v| v * v).sum();
            }
            sum
        }
        //% end
    }
}
//% check check::mixture::lost(lost)

//% exercise about Find the bug: about which mean?
//| An M step: new means and covariances from the rows, their shares, and the means of the step before. With it EM on Old Faithful never falls and ends where it should. And yet it is wrong, and a test that asks only for *never falls* will let it pass for ever. The check asks for the best M step. Find the bug, and mend it.
//% hint
//| Suppose the shares are sure. Is the covariance of each class what a covariance should be?
//% hint
//| By how much does the mean square about a point exceed the mean square about the mean?
//% hint
//| Which argument should an M step not need at all?
pub mod about {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn about(
            x: ArrayView2<f64>,
            r: ArrayView2<f64>,
            means: ArrayView2<f64>,
        ) -> (Array2<f64>, Vec<Array2<f64>>) {
            let counts = r.sum_axis(Axis(0));
            let next = r.t().dot(&x) / counts.view().insert_axis(Axis(1));
            let covariance = |k: usize| {
                let away = &x - &means.row(k);
                (&away * &r.column(k).insert_axis(Axis(1))).t().dot(&away) / counts[k]
            };
            let covariances = (0..counts.len()).map(covariance).collect();
            (next, covariances)
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn about(
            x: ArrayView2<f64>,
            r: ArrayView2<f64>,
            _: ArrayView2<f64>,
        ) -> (Array2<f64>, Vec<Array2<f64>>) {
            let counts = r.sum_axis(Axis(0));
            let next = r.t().dot(&x) / counts.view().insert_axis(Axis(1));
            let covariance = |k: usize| {
                let away = &x - &next.row(k);
                (&away * &r.column(k).insert_axis(Axis(1))).t().dot(&away) / counts[k]
            };
            let covariances = (0..counts.len()).map(covariance).collect();
            (next, covariances)
        }
        //% end
    }
}
//% check check::mixture::about(about)

//% exercise multiplier The multiplier that was left out
//| The tutorial skips the Lagrange multiplier of the weights. Put it back: from the counts $N_k$ give back $\lambda$, and the weights that maximise $\sum_k N_k\log\pi_k$ where $\sum_k\pi_k=1$. What is $\lambda$ on Old Faithful?
//% hint
//| Set the slope of $\sum_k N_k\log\pi_k-\lambda(\sum_k\pi_k-1)$ by one $\pi_k$ to zero.
//% hint
//| You have $N_k=\lambda\pi_k$ for every $k$. Which condition have you not used?
//% hint
//| Sum over $k$: $\lambda=\sum_kN_k$.
pub mod multiplier {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn multiplier(counts: &[f64]) -> (f64, Vec<f64>) {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn multiplier(counts: &[f64]) -> (f64, Vec<f64>) {
            let lambda = counts.iter().sum::<f64>();
            (lambda, counts.iter().map(|n| n / lambda).collect())
        }
        //% end
    }
}
//% check check::mixture::multiplier(multiplier)

//% exercise templates Problem 3: a mixture of Bernoullis
//| One step of EM for pictures of black and white pixels, with uniform weights: from the rows `x`, of zeros and ones, and the templates $\theta$, of shape $K\times D$, give back the new templates. Derive the M step first. On the 541 digits 2, 3 and 4 five steps are compared; from there the walk ends at −10336.34 nats. Some pixels never vary: mind $0\cdot\log0$, and do not keep $\theta$ farther from 0 and 1 than $10^{-300}$.
//% hint
//| Problem 1 gives the E step. Which table of log-likelihoods does it need?
//% hint
//| `x.dot(&log_theta.t())` adds up $x_d\log\theta_{kd}$ over the pixels, for all rows and components. Take the logarithm of `t.max(1e-300)`.
//% hint
//| The slope by $\theta_{kd}$ is zero where it is $\sum_nr_{nk}x_{nd}/\sum_nr_{nk}$.
pub mod templates {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn templates(x: ArrayView2<f64>, theta: ArrayView2<f64>) -> Array2<f64> {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn templates(x: ArrayView2<f64>, theta: ArrayView2<f64>) -> Array2<f64> {
            let black = theta.mapv(|t| t.max(1e-300).ln());
            let white = theta.mapv(|t| (1.0 - t).max(1e-300).ln());
            let log_p = x.dot(&black.t()) + x.mapv(|v| 1.0 - v).dot(&white.t());
            let r = mixture::responsibilities(log_p).r;
            r.t().dot(&x) / r.sum_axis(Axis(0)).insert_axis(Axis(1))
        }
        //% end
    }
}
//% check check::mixture::templates(templates)

//% exercise smooth A pixel that was always white
//| Component $k$ accounts for `rows` rows, and in `black` of them a pixel is black. Pretend that it has also seen `a` rows that are all black and `a` that are all white, and give back the pixel's $\theta$. What are its limits for $a\to0$ and for $a\to\infty$, and what is $\theta$ if the component has no rows at all?
//% hint
//| Count black pixels, and count rows. The pretended rows count like others.
//% hint
//| Black rows: `black` and `a`. Rows: `rows` and how many more?
//% hint
//| $(\text{black}+a)/(\text{rows}+2a)$.
pub mod smooth {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn smooth(black: f64, rows: f64, a: f64) -> f64 {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn smooth(black: f64, rows: f64, a: f64) -> f64 {
            (black + a) / (rows + 2.0 * a)
        }
        //% end
    }
}
//% check check::mixture::smooth(smooth)

//% exercise spike Infinite likelihood, on purpose
//| Five points, 0, 1, 2, 3, 4, and two components of equal weight: one has mean 2 and variance 2, the other sits on the point 0 with standard deviation $s$. Give back an $s$ for which the log-likelihood of the five points exceeds `goal` nats, for any goal up to 500. Then ask yourself what a program that maximises the likelihood should answer.
//% hint
//| For small $s$, which of the ten densities grows, and how fast?
//% hint
//| At the point 0 the log density is about $-\log s$ plus constants. The other four points do not mind.
//% hint
//| At $s=1$ the log-likelihood is −9.8, and for small $s$ it is about $-\log s - 11$. So `(-(goal + 20.0)).exp()` will do.
pub mod spike {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn spike(goal: f64) -> f64 {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn spike(goal: f64) -> f64 {
            (-(goal + 20.0)).exp()
        }
        //% end
    }
}
//% check check::mixture::spike(spike)

//% exercise lift A floor under every variance
//| Now stop it. From the covariance $\mat S$ that a free M step would take, give back the best covariance that has no variance below `floor` in any direction: the one with the largest $-\log|\mat\Sigma|-\tr\mat\Sigma^{-1}\mat S$. Adding something to the diagonal is not it.
//% hint
//| Solve it for one column first: a variance $v\ge$ `floor` that makes $\log v+s/v$ least.
//% hint
//| In the eigenvectors of $\mat S$ the problem falls apart into $D$ problems of one column. `linalg::eigen_symmetric(s)` has `.values` and `.vectors`, as columns.
//% hint
//| `let lifted = &e.vectors * &e.values.mapv(|v| v.max(floor));` and then `lifted.dot(&e.vectors.t())`.
pub mod lift {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn lift(s: ArrayView2<f64>, floor: f64) -> Array2<f64> {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn lift(s: ArrayView2<f64>, floor: f64) -> Array2<f64> {
            let e = linalg::eigen_symmetric(s).unwrap();
            let lifted = &e.vectors * &e.values.mapv(|v| v.max(floor));
            lifted.dot(&e.vectors.t())
        }
        //% end
    }
}
//% check check::mixture::lift(lift)

//% exercise nearest Down to k-means
//| Components of equal weight, each a ball of standard deviation $s$ round its mean: give back the responsibilities. Make the function survive $s=10^{-9}$. The check takes $s$ down, looks on as the shares become sure, and ends where k-means ends.
//% hint
//| Which terms of $\log\mathcal N(\vec x\mid\vmu_k,s^2\mat I)$ are the same for all $k$?
//% hint
//| What is left is $-\norm{\vec x-\vmu_k}^2/2s^2$, which may be $-10^{18}$. Take the largest out of each row first.
//% hint
//| Fill a table with `-distance / (2.0 * s * s)` and give it to `mixture::responsibilities(table).r`.
pub mod nearest {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn nearest(x: ArrayView2<f64>, means: ArrayView2<f64>, s: f64) -> Array2<f64> {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn nearest(x: ArrayView2<f64>, means: ArrayView2<f64>, s: f64) -> Array2<f64> {
            let table = Array2::from_shape_fn((x.nrows(), means.nrows()), |(n, k)| {
                let away = &x.row(n) - &means.row(k);
                -away.dot(&away) / (2.0 * s * s)
            });
            mixture::responsibilities(table).r
        }
        //% end
    }
}
//% check check::mixture::nearest(nearest)

//% exercise ten Ten templates for unseen digits
//| Fit ten templates to the first 1500 digits, in black and white, and give back the model. The check looks at the 297 digits that you have not seen, and asks for more than −20.2 nats a picture; one template has −24.6. Use what the library has: `Bernoullis::start(x, 10, &mut rng)`, `em::fit` or `em::best_of`, and a field that you will need for the unseen ones. Fitted to 50,000 digits of the classic set, ten templates reach about −167 nats a picture on 10,000 others: `cargo run -- fetch binarised-mnist` and then `cargo run -- reproduce bernoulli-mixture` show that.
//% hint
//| What is the log-likelihood of an unseen digit with ink in a pixel that was white in every row of its component?
//% hint
//| `Bernoullis { smoothing: 0.5, ..start }` pretends half a black and half a white row.
//% hint
//| `em::best_of(5, start, x, Stop { steps: 60, gain: 0.01 }, &mut rng)` with a closure `|r: &mut StdRng| ...` as the start.
pub mod ten {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn ten(x: &Array2<f64>) -> Bernoullis {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn ten(x: &Array2<f64>) -> Bernoullis {
            let start = |r: &mut StdRng| {
                Bernoullis::start(x, 10, r)
                    .map(|start| Bernoullis { smoothing: 0.5, ..start })
            };
            let stop = Stop { steps: 60, gain: 0.01 };
            let mut rng = StdRng::seed_from_u64(1);
            em::best_of(5, start, x, stop, &mut rng).unwrap().model
        }
        //% end
    }
}
//% check check::mixture::ten(ten)

//% exercise nodes Beads on a string
//| A hidden number $z$ with a standard normal prior stands behind each row. Replace it by $K$ components: cut −`reach` to `reach` into $K$ equal pieces, put a component into the middle of each, and give it a weight that follows the prior there. Give back the places and the weights. The check puts the components along a curve and watches the log-likelihood come to the integral as $K$ grows.
//% hint
//| The pieces are $2\,\text{reach}/K$ wide. Where is the middle of the first?
//% hint
//| The weight is proportional to $e^{-z^2/2}$. What must the weights of a mixture add up to?
//% hint
//| `reach * ((2 * i + 1) as f64 / k as f64 - 1.0)` is the $i$-th place, from 0.
pub mod nodes {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn nodes(k: usize, reach: f64) -> (Vec<f64>, Vec<f64>) {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn nodes(k: usize, reach: f64) -> (Vec<f64>, Vec<f64>) {
            let places: Vec<f64> =
                (0..k).map(|i| reach * ((2 * i + 1) as f64 / k as f64 - 1.0)).collect();
            let heights: Vec<f64> = places.iter().map(|z| (-0.5 * z * z).exp()).collect();
            let total: f64 = heights.iter().sum();
            (places, heights.into_iter().map(|h| h / total).collect())
        }
        //% end
    }
}
//% check check::mixture::nodes(nodes)

pub fn play() {
    //% text
    //| ## Now play
    //|
    //| Petals of iris and three components. Change the kind of covariance, the number of components, and the seed.
    //% cell
    let petals: Array2<f64> = data::iris().x.slice(s![.., 2..4]).to_owned();
    let mut rng: StdRng = StdRng::seed_from_u64(3);
    let first: Gaussians = Gaussians::start(&petals, 3, Kind::Full, &mut rng).unwrap();
    let many: Stop = Stop { steps: 200, gain: 1e-6 };
    let found: em::Fit<Gaussians> = em::fit(first, &petals, many).unwrap();
    println!("{} steps, {:.4} nats", found.trace.len() - 1, found.nats());
    let mut marks: Vec<(plot::Mark, &str)> =
        vec![(plot::Mark::Dots(plot::points_of(petals.view()), plot::Role::Data, 4), "")];
    for k in 0..3 {
        let mean: [f64; 2] = [found.model.means[[k, 0]], found.model.means[[k, 1]]];
        let matrix: Array2<f64> = found.model.covariance.matrix(k, 2);
        let ring: Vec<(f64, f64)> = plot::ellipse(mean, matrix.view(), 2.0);
        marks.push((plot::Mark::Line(ring, plot::Role::Model, 4), ""));
    }
    plot::Chart { x: "length, cm", y: "width, cm", marks, ..plot::Chart::default() }
        .svg()
        .unwrap()
    //% end
    ;
}

/// Name, verdict on the stub, verdict on the solution.
pub fn verdicts() -> Vec<(&'static str, Verdict, Verdict)> {
    use check::mixture as c;
    vec![
        (
            "posterior",
            c::posterior(posterior::stub::posterior),
            c::posterior(posterior::solution::posterior),
        ),
        (
            "weighted",
            c::weighted(weighted::stub::weighted),
            c::weighted(weighted::solution::weighted),
        ),
        ("turn", c::turn(turn::stub::turn), c::turn(turn::solution::turn)),
        ("lost", c::lost(lost::stub::lost), c::lost(lost::solution::lost)),
        ("about", c::about(about::stub::about), c::about(about::solution::about)),
        (
            "multiplier",
            c::multiplier(multiplier::stub::multiplier),
            c::multiplier(multiplier::solution::multiplier),
        ),
        (
            "templates",
            c::templates(templates::stub::templates),
            c::templates(templates::solution::templates),
        ),
        ("smooth", c::smooth(smooth::stub::smooth), c::smooth(smooth::solution::smooth)),
        ("spike", c::spike(spike::stub::spike), c::spike(spike::solution::spike)),
        ("lift", c::lift(lift::stub::lift), c::lift(lift::solution::lift)),
        (
            "nearest",
            c::nearest(nearest::stub::nearest),
            c::nearest(nearest::solution::nearest),
        ),
        ("ten", c::ten(ten::stub::ten), c::ten(ten::solution::ten)),
        ("nodes", c::nodes(nodes::stub::nodes), c::nodes(nodes::solution::nodes)),
    ]
}
