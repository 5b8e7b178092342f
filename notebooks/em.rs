//! The exercises of chapter 4: their text, hints, stubs and solutions. `cargo run -- notebooks` makes the notebook
//! from this file, the page shows it, and `tests/notebooks.rs` runs every stub and every solution.
#![allow(missing_docs)]
use latent::prelude::*;

//% notebook 04-em Expectation maximisation
//% text
//| Eleven exercises. Write a function's body in place of `todo!()`, or mend the one that stands there, run the cell, and read what the check says. Nothing you do here can break a variable of another cell.
//|
//| Symbols are those of the book: $q$ is a distribution over what is hidden, $\mat S$ the covariance divided by $N$, $\mat G$ the posterior covariance of the factors. All log-likelihoods are in nats, summed over the rows.

pub fn look() {
    //% text
    //| First a look: three steps of EM with two coins. In each line the log-likelihood before the step, the bound after the M step, and the log-likelihood after it.
    //% cell
    let rows: Array1<f64> = Array1::from(em::TEN_ROWS.to_vec());
    let mut two: em::Coins = em::Coins::new(10, array![0.6, 0.5]).unwrap();
    for _ in 0..3 {
        let (next, chain): (em::Coins, em::Chain) = em::step(&two, &rows).unwrap();
        println!("{:.4} {:.4} {:.4}", chain.old, chain.raised, chain.new);
        two = next;
    }
    //% end
}

//% exercise turn One turn
//| Ten rows of tosses, two coins, and nobody wrote down which coin made which row. From the heads of each row, the tosses of a row and the two probabilities of heads, give back the two probabilities after one step of EM. Both coins are equally likely to be taken. From 0.6 and 0.5 the first three steps should give 0.6932 and 0.4718, then 0.7709 and 0.4010, then 0.8046 and 0.3730. Do the first by hand for one row before you write the loop.
//% hint
//| For one row with $h$ heads of $T$: how likely is it under each coin? The number of orders is the same for both.
//% hint
//| The first coin's share of a row is its likelihood, divided by the sum of the two.
//% hint
//| Credit each coin with share times $h$ heads and share times $T$ tosses, over all rows. Divide.
pub mod turn {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn turn(heads: &[f64], tosses: f64, p: [f64; 2]) -> [f64; 2] {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn turn(heads: &[f64], tosses: f64, p: [f64; 2]) -> [f64; 2] {
            let (mut credited, mut tossed) = ([0.0; 2], [0.0; 2]);
            for h in heads {
                let each = p.map(|p| p.powf(*h) * (1.0 - p).powf(tosses - h));
                for k in 0..2 {
                    let share = each[k] / (each[0] + each[1]);
                    credited[k] += share * h;
                    tossed[k] += share * tosses;
                }
            }
            [credited[0] / tossed[0], credited[1] / tossed[1]]
        }
        //% end
    }
}
//% check check::em::turn(turn)

//% exercise shares Find the bug: shares of nothing
//| This function turns $\log p(\vec x_n, z)$, a row for each $n$, into posteriors. It works on every small example, and gives `NaN` where every log joint of a row is below −746, as on long rows of tosses or on many columns. The same slip has cost many a mixture its night's run. Find it, and mend it.
//% hint
//| What is `(-800.0_f64).exp()`? And what is zero divided by zero?
//% hint
//| Add the same number to all log joints of a row: what happens to its shares?
//% hint
//| Subtract `gaussian::log_sum_exp(&row.to_vec())` from each entry of the row, and take the exponential last.
pub mod shares {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn shares(log_joint: ArrayView2<f64>) -> Array2<f64> {
            let joint = log_joint.mapv(f64::exp);
            let total = joint.sum_axis(Axis(1)).insert_axis(Axis(1));
            joint / total
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn shares(log_joint: ArrayView2<f64>) -> Array2<f64> {
            let mut log_q = log_joint.to_owned();
            for mut row in log_q.rows_mut() {
                let total = gaussian::log_sum_exp(&row.to_vec());
                row -= total;
            }
            log_q.mapv(f64::exp)
        }
        //% end
    }
}
//% check check::em::shares(shares)

//% exercise gain_parts Earned and given
//| One step leads from the coins `old` to the coins `new`. Give back the two parts of what it gained: what the M step earned, with $q$ held at the old posterior, and the divergence $\mathrm{KL}(\text{old posterior}\,\Vert\,\text{new posterior})$, summed over the rows. Compute the divergence from the two posteriors, not as a difference: only then is their sum a test.
//% hint
//| Which of the two models does the $q$ in both bounds come from?
//% hint
//| `old.e_step(x)` and `new.e_step(x)` are tables with a row for each row of tosses. `new.elbo(x, &q)` takes any $q$.
//% hint
//| Earned: `new.elbo(x, &q)` less `old.elbo(x, &q)`, each `.nats()`. Given: the sum of $q\log(q/q')$ over all entries.
pub mod gain_parts {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn gain_parts(old: &em::Coins, new: &em::Coins, x: &Array1<f64>) -> (f64, f64) {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn gain_parts(old: &em::Coins, new: &em::Coins, x: &Array1<f64>) -> (f64, f64) {
            let (q, p) = (old.e_step(x).unwrap(), new.e_step(x).unwrap());
            let raised = new.elbo(x, &q).unwrap().nats();
            let earned = raised - old.elbo(x, &q).unwrap().nats();
            let given = q.iter().zip(&p).map(|(q, p)| q * (q / p).ln()).sum();
            (earned, given)
        }
        //% end
    }
}
//% check check::em::gain_parts(gain_parts)

//% exercise best_q Without the entropy
//| A lecture says that the E step finds the $q$ which maximises the expected complete log-likelihood, $\sum_z q(z)\log p(\vec x, z)$. From the numbers $\log p(\vec x, z)$ of one row, give back the $q$ that does maximise it.
//% hint
//| The objective is a weighted mean of fixed numbers, and you choose the weights.
//% hint
//| Is there any reason to put weight on a number that is not the largest?
//% hint
//| One entry is 1, all others are 0. Take the first where two are equal.
pub mod best_q {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn best_q(log_joint: &[f64]) -> Vec<f64> {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn best_q(log_joint: &[f64]) -> Vec<f64> {
            let mut best = 0;
            for (z, l) in log_joint.iter().enumerate() {
                if *l > log_joint[best] {
                    best = z;
                }
            }
            (0..log_joint.len()).map(|z| if z == best { 1.0 } else { 0.0 }).collect()
        }
        //% end
    }
}
//% check check::em::best_q(best_q)

//% exercise slopes The slope where they touch
//| Hold $q$ at the posterior for the coins $p$, and differentiate the expected complete log-likelihood by $p_1$ and by $p_2$, at the same $p$. The check compares your two slopes with central differences of the *log-likelihood*, which has no $q$ in it. Why should they agree?
//% hint
//| The bound lies below the log-likelihood and touches it here. What do two smooth curves share where one touches the other from below?
//% hint
//| For one row and one coin, $\log p(h, z) = h\log p + (T-h)\log(1-p)$ plus numbers without $p$.
//% hint
//| The slope by $p_k$ is $\sum_n q_{nk}\,u_n$ with $u_n = h_n/p_k - (T-h_n)/(1-p_k)$.
pub mod slopes {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn slopes(heads: &[f64], tosses: f64, p: [f64; 2]) -> [f64; 2] {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn slopes(heads: &[f64], tosses: f64, p: [f64; 2]) -> [f64; 2] {
            let mut slopes = [0.0; 2];
            for h in heads {
                let each = p.map(|p| p.powf(*h) * (1.0 - p).powf(tosses - h));
                for k in 0..2 {
                    let share = each[k] / (each[0] + each[1]);
                    slopes[k] += share * (h / p[k] - (tosses - h) / (1.0 - p[k]));
                }
            }
            slopes
        }
        //% end
    }
}
//% check check::em::slopes(slopes)

//% exercise small_step A small step will do
//| Generalised EM: in place of the whole M step, take *one* step of gradient ascent on the expected complete log-likelihood, with the given rate. Predict first: can the log-likelihood fall? Will it end elsewhere? The check walks sixty turns at a rate of 0.002.
//% hint
//| The bound must not fall. Does the chain of inequalities ask for more?
//% hint
//| The slopes are those of the last exercise, with the shares of the old coins.
//% hint
//| $p_k + \text{rate}\cdot\text{slope}_k$, for both coins from the same old pair.
pub mod small_step {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn small_step(heads: &[f64], tosses: f64, p: [f64; 2], rate: f64) -> [f64; 2] {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn small_step(heads: &[f64], tosses: f64, p: [f64; 2], rate: f64) -> [f64; 2] {
            let mut next = p;
            for h in heads {
                let each = p.map(|p| p.powf(*h) * (1.0 - p).powf(tosses - h));
                for k in 0..2 {
                    let share = each[k] / (each[0] + each[1]);
                    next[k] += rate * share * (h / p[k] - (tosses - h) / (1.0 - p[k]));
                }
            }
            next
        }
        //% end
    }
}
//% check check::em::small_step(small_step)

//% exercise climb Factor analysis, one step
//| One step of EM for factor analysis on centred data, from the covariance $\mat S$, the loadings $\mat W$ and the noise variances $\psi$. `inverse` is for small symmetric matrices. On wine with two factors your first eleven log-likelihoods must agree with the book's to $10^{-8}$ nats, and after 500 steps you should stand at −2747.191052.
//% hint
//| Begin with `let b = &w.t() / &psi;`, which is $\mat W^\top\Psi^{-1}$, of shape $L\times D$. What are $\mat G$ and $\mat F = \mat G\mat W^\top\Psi^{-1}$?
//% hint
//| `xz` is $\mat S\mat F^\top$, of shape $D\times L$, and `zz` is $\mat G + \mat F\,$`xz`, of shape $L\times L$.
//% hint
//| The new $\mat W$ is `xz` times the inverse of `zz`. With it, $\psi_j = S_{jj} - \sum_i W_{ji}\,$`xz`$_{ji}$.
pub mod climb {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn inverse(a: &Array2<f64>) -> Array2<f64> {
            let l = linalg::cholesky(a.view()).unwrap();
            let half = linalg::solve_lower(l.view(), Array2::eye(a.nrows()).view()).unwrap();
            half.t().dot(&half)
        }

        pub fn climb(
            s: ArrayView2<f64>,
            w: ArrayView2<f64>,
            psi: ArrayView1<f64>,
        ) -> (Array2<f64>, Array1<f64>) {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn inverse(a: &Array2<f64>) -> Array2<f64> {
            let l = linalg::cholesky(a.view()).unwrap();
            let half = linalg::solve_lower(l.view(), Array2::eye(a.nrows()).view()).unwrap();
            half.t().dot(&half)
        }

        pub fn climb(
            s: ArrayView2<f64>,
            w: ArrayView2<f64>,
            psi: ArrayView1<f64>,
        ) -> (Array2<f64>, Array1<f64>) {
            let b = &w.t() / &psi;
            let g = inverse(&(b.dot(&w) + Array2::<f64>::eye(w.ncols())));
            let f = g.dot(&b);
            let xz = s.dot(&f.t());
            let zz = &g + &f.dot(&xz);
            let w = xz.dot(&inverse(&zz));
            let psi = &s.diag() - &(&w * &xz).sum_axis(Axis(1));
            (w, psi)
        }
        //% end
    }
}
//% check check::em::climb(climb)

//% exercise sure Find the bug: the factors that were too sure
//| From $\mat S$, the gain $\mat F = \mat G\mat W^\top\Psi^{-1}$ and the posterior covariance $\mat G$, this function makes the two averages that the M step of factor analysis needs, $\E[\vec x\vec z^\top]$ and $\E[\vec z\vec z^\top]$. On wine with two factors, the third step of EM falls from −2785.16 to −2792.95 nats, and in the ninth two columns have lost their noise. Find the bug, and mend it.
//% hint
//| If a row told everything about its $\vec z$, what would $\mat G$ be, and would the function then be right?
//% hint
//| Is the mean of a square the square of the mean? What is the difference called?
//% hint
//| Which argument is never used? For one row, $\E[\vec z\vec z^\top]$ is $\mat G$ and the posterior mean times its transpose.
pub mod sure {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn sure(
            s: ArrayView2<f64>,
            f: ArrayView2<f64>,
            g: ArrayView2<f64>,
        ) -> (Array2<f64>, Array2<f64>) {
            let xz = s.dot(&f.t());
            let zz = f.dot(&xz);
            (xz, zz)
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn sure(
            s: ArrayView2<f64>,
            f: ArrayView2<f64>,
            g: ArrayView2<f64>,
        ) -> (Array2<f64>, Array2<f64>) {
            let xz = s.dot(&f.t());
            let zz = &g + &f.dot(&xz);
            (xz, zz)
        }
        //% end
    }
}
//% check check::em::sure(sure)

//% exercise rests Two places of rest
//| Give back two models in which EM stands still and which are *not* the best: factor analysis with two factors for the moments of wine, and two Gaussians for Old Faithful. `FactorAnalysis::new(mean, w, psi)` and `em::Pair::around(x, means)` build them; the second gives both kinds the covariance of all rows.
//% hint
//| What can an M step not tell apart if the two kinds are alike in everything?
//% hint
//| If the loadings are zero, what is the posterior of $\vec z$, and what is $\E[\vec x\vec z^\top]$?
//% hint
//| Loadings of zero with each column's whole variance as noise; and both means equal to the mean of all rows.
pub mod rests {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn rests(wine: &Moments, geyser: &Array2<f64>) -> (FactorAnalysis, em::Pair) {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn rests(wine: &Moments, geyser: &Array2<f64>) -> (FactorAnalysis, em::Pair) {
            let (d, all) = (wine.mean.len(), wine.covariance.diag().to_owned());
            let factors =
                FactorAnalysis::new(wine.mean.clone(), Array2::zeros((d, 2)), all).unwrap();
            let mean = geyser.sum_axis(Axis(0)) / geyser.nrows() as f64;
            let means = array![[mean[0], mean[1]], [mean[0], mean[1]]];
            (factors, em::Pair::around(geyser, means).unwrap())
        }
        //% end
    }
}
//% check check::em::rests(rests)

//% exercise drive One driver for all
//| Write EM once, for every model that there is: `steps` turns from `model`, and the bound after each E step, the start's included, so `steps + 1` numbers. The check drives coins, factor analysis and two Gaussians with it.
//% hint
//| The trait `Em` has three methods: `e_step(data)`, `m_step(data, &q)` and `elbo(data, &q)`. `m_step` gives back a new model.
//% hint
//| `let mut model = model;` and in each turn replace it. The bound is that of the model *before* its M step.
//% hint
//| After the last M step one more E step and bound are due: loop over `0..=steps`, and leave before the M step of the last turn, or take it in vain.
pub mod drive {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn drive<M: Em>(model: M, data: &M::Data, steps: usize) -> Vec<f64> {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn drive<M: Em>(model: M, data: &M::Data, steps: usize) -> Vec<f64> {
            let (mut model, mut bounds) = (model, vec![]);
            for _ in 0..=steps {
                let q = model.e_step(data).unwrap();
                bounds.push(model.elbo(data, &q).unwrap().nats());
                model = model.m_step(data, &q).unwrap();
            }
            bounds
        }
        //% end
    }
}
//% check check::em::drive(drive, drive, drive)

//% exercise restart Find the bug: restarts that do not restart
//| Two Gaussians on iris have hills of different height, so one starts several times and keeps the best end. `start` gives a start for each seed, 0 for the first run, 1 for the next, `climb` runs EM from it and gives the model at the end and its log-likelihood. With this function twelve runs end where one does, to a hundredth of a nat, at −294.13, and −214.35 can be had. A published library had its restarts written like this, and its tests asked only that the number of runs was not zero.
//% hint
//| Where does the second run begin?
//% hint
//| What is drawn before the loop, and what should be drawn inside it?
//% hint
//| `let (_, nats) = climb(start(run as u64));` inside the loop.
pub mod restart {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn restart(
            runs: usize,
            start: fn(u64) -> em::Pair,
            climb: fn(em::Pair) -> (em::Pair, f64),
        ) -> f64 {
            let (mut model, mut best) = (start(0), f64::NEG_INFINITY);
            for _ in 0..runs {
                let (end, nats) = climb(model);
                best = best.max(nats);
                model = end;
            }
            best
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn restart(
            runs: usize,
            start: fn(u64) -> em::Pair,
            climb: fn(em::Pair) -> (em::Pair, f64),
        ) -> f64 {
            let mut best = f64::NEG_INFINITY;
            for run in 0..runs {
                let (_, nats) = climb(start(run as u64));
                best = best.max(nats);
            }
            best
        }
        //% end
    }
}
//% check check::em::restart(restart)

pub fn play() {
    //% text
    //| ## Now play
    //|
    //| Factor analysis on wine, from the book's start. Change the number of factors and of steps, and watch how fast the bound climbs.
    //% cell
    let moments: Moments =
        Moments::of(data::wine().x.view()).unwrap().standardised().unwrap();
    let first: FactorAnalysis = FactorAnalysis::start(&moments, 3).unwrap();
    let many: Stop = Stop { steps: 40, gain: 0.0 };
    let found: em::Fit<FactorAnalysis> = em::fit(first, &moments, many).unwrap();
    println!("{} steps, {:.4} nats", found.trace.len() - 1, found.nats());
    let places: Vec<(f64, f64)> =
        found.trace.iter().enumerate().map(|(t, b)| (t as f64, b.nats())).collect();
    let marks: Vec<(plot::Mark, &str)> =
        vec![(plot::Mark::Line(places, plot::Role::Model, 4), "")];
    plot::Chart { x: "step", y: "nats", marks, ..plot::Chart::default() }.svg().unwrap()
    //% end
    ;
}

/// Name, verdict on the stub, verdict on the solution.
pub fn verdicts() -> Vec<(&'static str, Verdict, Verdict)> {
    use check::em as c;
    vec![
        ("turn", c::turn(turn::stub::turn), c::turn(turn::solution::turn)),
        ("shares", c::shares(shares::stub::shares), c::shares(shares::solution::shares)),
        (
            "gain_parts",
            c::gain_parts(gain_parts::stub::gain_parts),
            c::gain_parts(gain_parts::solution::gain_parts),
        ),
        ("best_q", c::best_q(best_q::stub::best_q), c::best_q(best_q::solution::best_q)),
        ("slopes", c::slopes(slopes::stub::slopes), c::slopes(slopes::solution::slopes)),
        (
            "small_step",
            c::small_step(small_step::stub::small_step),
            c::small_step(small_step::solution::small_step),
        ),
        ("climb", c::climb(climb::stub::climb), c::climb(climb::solution::climb)),
        ("sure", c::sure(sure::stub::sure), c::sure(sure::solution::sure)),
        ("rests", c::rests(rests::stub::rests), c::rests(rests::solution::rests)),
        (
            "drive",
            c::drive(drive::stub::drive, drive::stub::drive, drive::stub::drive),
            c::drive(drive::solution::drive, drive::solution::drive, drive::solution::drive),
        ),
        (
            "restart",
            c::restart(restart::stub::restart),
            c::restart(restart::solution::restart),
        ),
    ]
}
