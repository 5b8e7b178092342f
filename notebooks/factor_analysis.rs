//! The exercises of chapter 2: their text, hints, stubs and solutions. `cargo run -- notebooks` makes the notebook
//! from this file, the page shows it, and `tests/notebooks` runs every stub and every solution.
#![allow(missing_docs)]
use latent::prelude::*;

//% notebook 02-factor-analysis Factor analysis
//% text
//| Ten exercises. Write a function's body in place of `todo!()`, run the cell, and read what the check says: which case went wrong, and how. Two of the functions are written already, and wrong.
//|
//| Symbols are those of the book: $x$ is a row with $D$ columns, $\mat W$ has shape $D\times L$, $\psi$ holds the $D$ noise variances on the diagonal of $\mat\Psi$, and $\mat C = \mat W\mat W^\top+\mat\Psi$. Log-likelihoods are in nats. A name of a type stands behind every `let`, as the kernel needs it.

pub fn look() {
    //% text
    //| First a look at the data: flavanoids and total phenols of 178 wines, in standard deviations from their means. Two of thirteen columns, and they share a factor.
    //% cell
    let m: Moments = Moments::of(data::wine().x.view()).unwrap();
    let wine: Array2<f64> = (&data::wine().x - &m.mean) / m.covariance.diag().mapv(f64::sqrt);
    let pair: Array2<f64> = wine.select(Axis(1), &[6, 5]);
    plot::scatter("flavanoids", "total phenols", pair.view()).unwrap()
    //% end
    ;
}

//% exercise log_marginal Averaging the factor out
//| One factor: $x = wz + \varepsilon$ with $z\sim\mathcal N(0,1)$ and $\varepsilon_j\sim\mathcal N(0,\psi_j)$. Derive the law of $x$ alone, and give back $\log p(x)$. The check adds up $p(x\mid z)\,p(z)$ on a fine grid of $z$ and compares.
//% hint
//| A linear function of Gaussians is Gaussian. What are its mean and its covariance?
//% hint
//| $\mat C = ww^\top+\mat\Psi$, a diagonal plus a product. Its determinant is $\prod\psi_j\cdot m$ with $m = 1+\sum w_j^2/\psi_j$.
//% hint
//| $x^\top\mat C^{-1}x = \sum x_j^2/\psi_j - \big(\sum w_jx_j/\psi_j\big)^2/m$. Then $-\frac12$ times the sum of that, $D\log 2\pi$ (`gaussian::LN_2PI` is $\log 2\pi$) and the log of the determinant.
pub mod log_marginal {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn log_marginal(
            x: ArrayView1<f64>,
            w: ArrayView1<f64>,
            psi: ArrayView1<f64>,
        ) -> f64 {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn log_marginal(
            x: ArrayView1<f64>,
            w: ArrayView1<f64>,
            psi: ArrayView1<f64>,
        ) -> f64 {
            let m = 1.0 + (&w * &w / &psi).sum();
            let across = (&w * &x / &psi).sum();
            let square = (&x * &x / &psi).sum() - across * across / m;
            let log_det = psi.mapv(f64::ln).sum() + m.ln();
            -0.5 * (square + x.len() as f64 * gaussian::LN_2PI + log_det)
        }
        //% end
    }
}
//% check check::factor_analysis::log_marginal(log_marginal)

//% exercise absorb Another prior
//| Let the prior of two factors be $\mathcal N(\mu_0,\mat\Sigma_0)$. Find loadings and a mean that give every row the same density with the prior $\mathcal N(0,\mat I)$, and give back both. A lecture puts $\mat\Sigma_0^{-1/2}$ behind $\mat W$. Find out whether you agree.
//% hint
//| What is the covariance of $\mat Wz$ when $z$ has covariance $\mat\Sigma_0$?
//% hint
//| You need $\hat{\mat W}\hat{\mat W}^\top = \mat W\mat\Sigma_0\mat W^\top$. Any matrix whose product with its own transpose is $\mat\Sigma_0$ will do.
//% hint
//| `linalg::cholesky(sigma0).unwrap()` is such a matrix. The mean of $\mat Wz+\mu$ is $\mat W\mu_0+\mu$.
pub mod absorb {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn absorb(
            w: ArrayView2<f64>,
            mean: ArrayView1<f64>,
            mu0: ArrayView1<f64>,
            sigma0: ArrayView2<f64>,
        ) -> (Array2<f64>, Array1<f64>) {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn absorb(
            w: ArrayView2<f64>,
            mean: ArrayView1<f64>,
            mu0: ArrayView1<f64>,
            sigma0: ArrayView2<f64>,
        ) -> (Array2<f64>, Array1<f64>) {
            let root = linalg::cholesky(sigma0).unwrap();
            (w.dot(&root), w.dot(&mu0) + &mean)
        }
        //% end
    }
}
//% check check::factor_analysis::absorb(absorb)

//% exercise posterior Find the bug: a mean that goes too far
//| This function should give back mean and covariance of $p(z\mid x)$ for two factors and a centred row. On the wines its errors are small, because thirteen columns drown them. But it says that the first factor of the first wine is 1.31, where 1.25 is right, and it is less sure of it than it may be. Given a single column it divides by zero, or by what rounding makes of it. Find what it forgot, and mend it. Then derive the other form, $\mat G = \mat I-\mat W^\top\mat C^{-1}\mat W$, on paper.
//% hint
//| What should the posterior be if $\mat W$ is zero?
//% hint
//| Bayes' rule multiplies two densities. Whose exponent is in `m`, and whose is not?
//% hint
//| The prior adds $-\frac12z^\top z$ to the exponent: one on each entry of the diagonal of `m`.
pub mod posterior {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn posterior(
            x: ArrayView1<f64>,
            w: ArrayView2<f64>,
            psi: ArrayView1<f64>,
        ) -> (Array1<f64>, Array2<f64>) {
            let b: Array2<f64> = &w.t() / &psi;
            let m: Array2<f64> = b.dot(&w);
            let determinant = m[[0, 0]] * m[[1, 1]] - m[[0, 1]] * m[[1, 0]];
            let g = array![[m[[1, 1]], -m[[0, 1]]], [-m[[1, 0]], m[[0, 0]]]] / determinant;
            (g.dot(&b.dot(&x)), g)
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn posterior(
            x: ArrayView1<f64>,
            w: ArrayView2<f64>,
            psi: ArrayView1<f64>,
        ) -> (Array1<f64>, Array2<f64>) {
            let b: Array2<f64> = &w.t() / &psi;
            let m: Array2<f64> = b.dot(&w) + Array2::<f64>::eye(2);
            let determinant = m[[0, 0]] * m[[1, 1]] - m[[0, 1]] * m[[1, 0]];
            let g = array![[m[[1, 1]], -m[[0, 1]]], [-m[[1, 0]], m[[0, 0]]]] / determinant;
            (g.dot(&b.dot(&x)), g)
        }
        //% end
    }
}
//% check check::factor_analysis::posterior(posterior)

//% exercise ppca The likelihood of a plane
//| Probabilistic PCA with $L$ factors, from all $D$ eigenvalues of $\mat S$, the largest first, and the number of rows. Give back the best $\sigma^2$ and the log-likelihood that it reaches, summed over the rows. No matrix is needed.
//% hint
//| What are the eigenvalues of the best $\mat C$? What do $\log|\mat C|$ and $\operatorname{tr}\mat C^{-1}\mat S$ become?
//% hint
//| The trace is $D$: each kept eigenvalue meets itself, and the others meet their own mean.
//% hint
//| $-\frac N2\big(D(\log 2\pi+1)+\sum_{j\le L}\log\lambda_j+(D-L)\log\sigma^2\big)$.
pub mod ppca {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn ppca(eigenvalues: &[f64], rows: f64, l: usize) -> (f64, f64) {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn ppca(eigenvalues: &[f64], rows: f64, l: usize) -> (f64, f64) {
            let d = eigenvalues.len() as f64;
            let left = d - l as f64;
            let noise = eigenvalues[l..].iter().sum::<f64>() / left;
            let kept: f64 = eigenvalues[..l].iter().map(|v| v.ln()).sum();
            (noise, -0.5 * rows * (d * (gaussian::LN_2PI + 1.0) + kept + left * noise.ln()))
        }
        //% end
    }
}
//% check check::factor_analysis::ppca(ppca)

//% exercise varimax A turn for the eye
//| Show on paper that $\mat W\mat R$ is as likely as $\mat W$ for every rotation $\mat R$. Then, for two columns of loadings, give back the turned $\mat W$ whose squared entries are most unequal: the variance of $w_{jk}^2$ over $j$, added over the two columns, is greatest. `factor_analysis::varimax_criterion(w)` computes it.
//% hint
//| One angle is all there is to choose.
//% hint
//| Turn by 90° and the columns change places, up to a sign. So all that can be had is had between 0 and 90°.
//% hint
//| Try 10,000 angles in that range and keep the best: `w.dot(&array![[c, -s], [s, c]])`.
pub mod varimax {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn varimax(w: ArrayView2<f64>) -> Array2<f64> {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn varimax(w: ArrayView2<f64>) -> Array2<f64> {
            let mut best = w.to_owned();
            for i in 0..10_000 {
                let (s, c) = (i as f64 * 1e-4 * std::f64::consts::FRAC_PI_2).sin_cos();
                let turned = w.dot(&array![[c, -s], [s, c]]);
                let better = factor_analysis::varimax_criterion(turned.view());
                if better > factor_analysis::varimax_criterion(best.view()) {
                    best = turned;
                }
            }
            best
        }
        //% end
    }
}
//% check check::factor_analysis::varimax(varimax)

//% exercise rescale A change of unit
//| A column of the data is multiplied by a factor, because somebody changed its unit. Write down the parameters of the same model in the new unit: $\mat W$ and $\psi$ after the change. Predict, before you run the check: what does the same change do to PCA?
//% hint
//| Multiply entry $j$ on both sides of $x = \mat Wz+\varepsilon$ by the factor.
//% hint
//| Which row of $\mat W$ is touched, and which entry of $\psi$?
//% hint
//| A loading has the unit of its column, a variance the square of it.
pub mod rescale {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn rescale(
            w: ArrayView2<f64>,
            psi: ArrayView1<f64>,
            column: usize,
            factor: f64,
        ) -> (Array2<f64>, Array1<f64>) {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn rescale(
            w: ArrayView2<f64>,
            psi: ArrayView1<f64>,
            column: usize,
            factor: f64,
        ) -> (Array2<f64>, Array1<f64>) {
            let (mut w, mut psi) = (w.to_owned(), psi.to_owned());
            w.row_mut(column).mapv_inplace(|v| v * factor);
            psi[column] *= factor * factor;
            (w, psi)
        }
        //% end
    }
}
//% check check::factor_analysis::rescale(rescale)

//% exercise reconstruct The noise goes to zero
//| Probabilistic PCA with a noise $\sigma^2$ that is given, and the best $\mat W$ for it. From a centred row, the first $L$ eigenvectors of $\mat S$ as columns of $\mat U$, and their eigenvalues $\lambda$, all above $\sigma^2$, compute $\mat W\,\mathbb E[z\mid x]$: the row, as the posterior mean gives it back. How does its distance to PCA's projection fall with $\sigma^2$? The check measures the slope.
//% hint
//| PCA's projection is $\mat U\mat U^\top x$. What does the posterior mean do to each of the $L$ codes?
//% hint
//| Put $\mat W = \mat U(\mat\Lambda-\sigma^2\mat I)^{1/2}$ into $\mat W(\sigma^2\mat I+\mat W^\top\mat W)^{-1}\mat W^\top x$.
//% hint
//| Each code is multiplied by $1-\sigma^2/\lambda_j$.
pub mod reconstruct {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn reconstruct(
            x: ArrayView1<f64>,
            u: ArrayView2<f64>,
            eigenvalues: ArrayView1<f64>,
            noise: f64,
        ) -> Array1<f64> {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn reconstruct(
            x: ArrayView1<f64>,
            u: ArrayView2<f64>,
            eigenvalues: ArrayView1<f64>,
            noise: f64,
        ) -> Array1<f64> {
            let codes = u.t().dot(&x);
            let shrunk = &codes * &eigenvalues.mapv(|v| 1.0 - noise / v);
            u.dot(&shrunk)
        }
        //% end
    }
}
//% check check::factor_analysis::reconstruct(reconstruct)

//% exercise petal_noise Watching a Heywood case
//| Fit one factor to the four columns of iris, and watch $\psi$ of petal length, column 2: give back its value at the start and after each of so many steps. `FactorAnalysis::start(&data, 1)` is the start, where `data` are the `Moments` of iris, and `em::fit(model, &data, Stop { steps: 1, gain: f64::NEG_INFINITY })` takes one step of expectation maximisation; both give a `Result`, and `.model` of the second is the new model. Where does it go?
//% hint
//| A vector that begins with the value at the start, and a loop that pushes one more after each step.
//% hint
//| `fit` takes the model by value and gives the next one back: `model = em::fit(model, …).unwrap().model;`
//% hint
//| `Moments::of(data::iris().x.view()).unwrap()` are the moments, `model.psi[2]` is the value to watch.
pub mod petal_noise {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn petal_noise(steps: usize) -> Vec<f64> {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn petal_noise(steps: usize) -> Vec<f64> {
            let moments = Moments::of(data::iris().x.view()).unwrap();
            let mut model = FactorAnalysis::start(&moments, 1).unwrap();
            let mut noise = vec![model.psi[2]];
            for _ in 0..steps {
                let once = Stop { steps: 1, gain: f64::NEG_INFINITY };
                model = em::fit(model, &moments, once).unwrap().model;
                noise.push(model.psi[2]);
            }
            noise
        }
        //% end
    }
}
//% check check::factor_analysis::petal_noise(petal_noise)

//% exercise average The average posterior
//| Mix the posteriors of all rows, one part in $N$ each, and give back the covariance of $z$ under the mixture, from $\mat W$ (two columns), $\psi$ and the covariance $\mat S$ of the centred data. At the fit it is $\mat I$; the check doubles $\mat W$ and looks again. Show on paper that $\mat S\mat C^{-1}\mat W = \mat W$ makes it $\mat I$.
//% hint
//| The covariance of a mixture is the mean of the covariances plus the covariance of the means.
//% hint
//| The means are $\mat F x$ with $\mat F = \mat G\mat W^\top\mat\Psi^{-1}$. What is the covariance of $\mat Fx$ when $x$ has $\mat S$?
//% hint
//| $\mat G+\mat F\mat S\mat F^\top$. `linalg::cholesky` and `linalg::solve_lower` invert $\mat M$, or do it by hand, 2×2, as above.
pub mod average {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn average(
            w: ArrayView2<f64>,
            psi: ArrayView1<f64>,
            s: ArrayView2<f64>,
        ) -> Array2<f64> {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn average(
            w: ArrayView2<f64>,
            psi: ArrayView1<f64>,
            s: ArrayView2<f64>,
        ) -> Array2<f64> {
            let b: Array2<f64> = &w.t() / &psi;
            let m: Array2<f64> = b.dot(&w) + Array2::<f64>::eye(2);
            let determinant = m[[0, 0]] * m[[1, 1]] - m[[0, 1]] * m[[1, 0]];
            let g = array![[m[[1, 1]], -m[[0, 1]]], [-m[[1, 0]], m[[0, 0]]]] / determinant;
            let f = g.dot(&b);
            g + f.dot(&s).dot(&f.t())
        }
        //% end
    }
}
//% check check::factor_analysis::average(average)

//% exercise log_likelihood Find the bug: the likelihood with green tests
//| This function adds up the log-densities of all rows, for one factor. Its tests were green: they compared the *difference* between two rows of one model with a dense formula, and the difference was right to twelve digits. Then somebody compared two models with it, and it chose noise variances that were too near to one. Find it, and mend it.
//% hint
//| What cancels in a difference between two rows of one model?
//% hint
//| The terms without $x$ are $D\log 2\pi$, $\log|\mat\Psi|$ and $\log m$.
//% hint
//| The determinant of a diagonal matrix is a product. Its logarithm is a sum, of what?
pub mod log_likelihood {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn log_likelihood(
            x: ArrayView2<f64>,
            w: ArrayView1<f64>,
            psi: ArrayView1<f64>,
        ) -> f64 {
            let m = 1.0 + (&w * &w / &psi).sum();
            let constant = w.len() as f64 * gaussian::LN_2PI + psi.sum() + m.ln();
            let mut total = 0.0;
            for row in x.rows() {
                let across = (&w * &row / &psi).sum();
                total -= 0.5 * ((&row * &row / &psi).sum() - across * across / m + constant);
            }
            total
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn log_likelihood(
            x: ArrayView2<f64>,
            w: ArrayView1<f64>,
            psi: ArrayView1<f64>,
        ) -> f64 {
            let m = 1.0 + (&w * &w / &psi).sum();
            let log_det = psi.mapv(f64::ln).sum() + m.ln();
            let constant = w.len() as f64 * gaussian::LN_2PI + log_det;
            let mut total = 0.0;
            for row in x.rows() {
                let across = (&w * &row / &psi).sum();
                total -= 0.5 * ((&row * &row / &psi).sum() - across * across / m + constant);
            }
            total
        }
        //% end
    }
}
//% check check::factor_analysis::log_likelihood(log_likelihood)

pub fn play() {
    //% text
    //| ## Now play
    //|
    //| Factor analysis of the wines, with as many factors as you like. Change `factors`, and watch which column's noise goes first.
    //% cell
    let factors: usize = 2;
    let wines: Moments = Moments::of(data::wine().x.view()).unwrap().standardised().unwrap();
    let start: FactorAnalysis = FactorAnalysis::start(&wines, factors).unwrap();
    let model: FactorAnalysis =
        em::fit(start, &wines, Stop { steps: 1000, gain: 1e-9 }).unwrap().model;
    println!("{factors} factors: {:.3} nats", model.log_likelihood(&wines).unwrap());
    for (name, psi) in data::wine().columns.iter().zip(&model.psi) {
        println!("{name:>30}  its own: {:.0} %", 100.0 * psi);
    }
    //% end
}

/// Name, verdict on the stub, verdict on the solution.
pub fn verdicts() -> Vec<(&'static str, Verdict, Verdict)> {
    use check::factor_analysis as c;
    macro_rules! both {
        ($($name:ident),*) => { vec![$((stringify!($name), c::$name($name::stub::$name), c::$name($name::solution::$name))),*] };
    }
    both![
        log_marginal,
        absorb,
        posterior,
        ppca,
        varimax,
        rescale,
        reconstruct,
        petal_noise,
        average,
        log_likelihood
    ]
}
