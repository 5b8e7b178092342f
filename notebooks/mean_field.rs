//! The exercises of chapter 6: their text, hints, stubs and solutions. `cargo run -- notebooks` makes the notebook
//! from this file, the page shows it, and `tests/notebooks.rs` runs every stub and every solution.
#![allow(missing_docs)]
use latent::prelude::*;

//% notebook 06-mean-field Mean field
//% text
//| Eleven exercises. Write a function's body in place of `todo!()`, or mend the one that stands there, run the cell, and read what the check says. Nothing you do here can break a variable of another cell.
//|
//| Symbols are those of the book: $q$ is a product of factors, $\mat\Lambda$ a precision matrix, $\tau$ a precision, $\psi$ the slope of $\log\Gamma$. All bounds are in nats, with all constants.

pub fn look() {
    //% text
    //| First a look: two hidden values with two states each, and the bound after the first half of each sweep. The last line is the evidence, which it never reaches.
    //% cell
    let p: Array2<f64> = array![[0.02, 0.01], [0.005, 0.065]].mapv(f64::ln);
    let mut second: mean_field::Second = mean_field::Second(array![0.5, 0.5]);
    for _ in 0..5 {
        let first: Array1<f64> = second.e_step(&p).unwrap();
        println!("{:.6}", second.elbo(&p, &first).unwrap().nats());
        second = second.m_step(&p, &first).unwrap();
    }
    println!("{:.6}", gaussian::log_sum_exp(&p.iter().copied().collect::<Vec<f64>>()));
    //% end
}

//% exercise update One factor, the other held
//| Derive it first: write the bound of $q_1(z_1)q_2(z_2)$ as a function of $q_1$ alone, and see a divergence in it. Then: from $\log p(x, z_1, z_2)$, with a row for each state of $z_1$, and from $q_2$, give back the $q_1$ with the highest bound. The check compares it with the library's, and a test compares that with every $q_1$ of a grid.
//% hint
//| Add and subtract the logarithm of $\sum_{z_1}\exp\E_{q_2}[\log p]$. What is left is a divergence, and it can be made zero.
//% hint
//| For each row: the mean of its logarithms, with the weights $q_2$.
//% hint
//| `log_joint.dot(&q2)`, the exponential of each entry, divided by their sum.
pub mod update {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn update(log_joint: ArrayView2<f64>, q2: ArrayView1<f64>) -> Array1<f64> {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn update(log_joint: ArrayView2<f64>, q2: ArrayView1<f64>) -> Array1<f64> {
            let q1 = log_joint.dot(&q2).mapv(f64::exp);
            &q1 / q1.sum()
        }
        //% end
    }
}
//% check check::mean_field::update(update)

//% exercise averaged Find the bug: a mean in the wrong place
//| This function is meant to do the same. Its factors sum to one, they look sensible, and an update with it can *lower* the bound. Find the bug, and mend it.
//% hint
//| Two things are done to each entry of a row: something is averaged, and a logarithm or an exponential is taken. Does the order matter?
//% hint
//| The mean of $p$ and the exponential of the mean of $\log p$ differ by Jensen's inequality.
//% hint
//| Average the logarithms with $q_2$. Take the exponential afterwards.
pub mod averaged {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn averaged(log_joint: ArrayView2<f64>, q2: ArrayView1<f64>) -> Array1<f64> {
            let expected = log_joint.mapv(f64::exp).dot(&q2).mapv(f64::ln);
            let total = gaussian::log_sum_exp(&expected.to_vec());
            (expected - total).mapv(f64::exp)
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn averaged(log_joint: ArrayView2<f64>, q2: ArrayView1<f64>) -> Array1<f64> {
            let expected = log_joint.dot(&q2);
            let total = gaussian::log_sum_exp(&expected.to_vec());
            (expected - total).mapv(f64::exp)
        }
        //% end
    }
}
//% check check::mean_field::update(averaged)

//% exercise sweep Two tied coordinates
//| The posterior is Gaussian about zero, both variances are 1, the correlation is $\rho$. `sweep` moves the two means of a product once each, the first one first. `left` gives the divergence $\mathrm{KL}(q\,\Vert\,p)$ that is left when both means are right. At $\rho = 0.9$ that should be 0.830366.
//% hint
//| The precision matrix of $\begin{pmatrix}1&\rho\\\rho&1\end{pmatrix}$ is $\frac{1}{1-\rho^2}\begin{pmatrix}1&-\rho\\-\rho&1\end{pmatrix}$.
//% hint
//| The best $m_1$ is $\rho m_2$, and then the best $m_2$ is $\rho$ times the *new* $m_1$.
//% hint
//| The variances are $1-\rho^2$. In the divergence the traces cancel against $D = 2$, and half a difference of log determinants is left: $-\frac12\log(1-\rho^2)$.
pub mod sweep {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn sweep(rho: f64, m: [f64; 2]) -> [f64; 2] {
            todo!()
        }

        pub fn left(rho: f64) -> f64 {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn sweep(rho: f64, m: [f64; 2]) -> [f64; 2] {
            let first = rho * m[1];
            [first, rho * first]
        }

        pub fn left(rho: f64) -> f64 {
            -0.5 * (1.0 - rho * rho).ln()
        }
        //% end
    }
}
//% check check::mean_field::sweep(sweep, left)

//% exercise forward The other direction
//| Now minimise $\mathrm{KL}(p\,\Vert\,q)$ over products of Gaussians. From the covariance of $p$, of any size, give back the variances of the best $q$ and that divergence. In two dimensions it equals the one of the last exercise. In three, it need not.
//% hint
//| As a function of $q$, $\mathrm{KL}(p\,\Vert\,q)$ is $-\E_p\log q$ and a constant, and $\log q$ is a sum over the coordinates.
//% hint
//| Each factor sees one coordinate only, so the best one is the marginal: the variances stand on the diagonal.
//% hint
//| $\frac12\bigl(\sum_i\log\Sigma_{ii} - \log|\mat\Sigma|\bigr)$. `gaussian::half_log_det(&l)` is $\frac12\log|\mat\Sigma|$ for its Cholesky factor.
pub mod forward {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn forward(sigma: ArrayView2<f64>) -> (Array1<f64>, f64) {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn forward(sigma: ArrayView2<f64>) -> (Array1<f64>, f64) {
            let variances = sigma.diag().to_owned();
            let l = linalg::cholesky(sigma).unwrap();
            let kl = 0.5 * variances.mapv(f64::ln).sum() - gaussian::half_log_det(&l);
            (variances, kl)
        }
        //% end
    }
}
//% check check::mean_field::forward(forward)

//% exercise refute What is set to zero?
//| A lecture says that each update sets the divergence between $q$ and the posterior to zero. Refute it by computing. From $\log p(x, z_1, z_2)$: begin with a $q_2$ of equal entries, make 50 sweeps, and end with an update of $q_1$. Give back two divergences: that of $q_1$ from what it was set to, and that of $q_1q_2$ from the posterior $p(z_1, z_2\mid x)$.
//% hint
//| `mean_field::best_factor(log_joint, q2)` gives the best $q_1$; with `log_joint.t()` and $q_1$ it gives the best $q_2$.
//% hint
//| The first is zero, whatever the table: compute it all the same, from `log_joint.dot(&q2)`; the check cannot see whether you did.
//% hint
//| The posterior is the table divided by its sum. Sum $q_1q_2\log(q_1q_2/p)$ over all cells, not over each factor.
pub mod refute {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn refute(log_joint: ArrayView2<f64>) -> (f64, f64) {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn refute(log_joint: ArrayView2<f64>) -> (f64, f64) {
            let k = log_joint.ncols();
            let mut q2 = Array1::from_elem(k, 1.0 / k as f64);
            let mut q1 = mean_field::best_factor(log_joint, q2.view()).unwrap().0;
            for _ in 0..50 {
                q2 = mean_field::best_factor(log_joint.t(), q1.view()).unwrap().0;
                q1 = mean_field::best_factor(log_joint, q2.view()).unwrap().0;
            }
            let aim = log_joint.dot(&q2).mapv(f64::exp);
            let aim = &aim / aim.sum();
            let own = elbo::kl(&q1.to_vec(), &aim.to_vec()).unwrap();
            let p = log_joint.mapv(f64::exp);
            let total = p.sum();
            let mut gap = 0.0;
            for ((i, j), p) in p.indexed_iter() {
                let q = q1[i] * q2[j];
                gap += q * (q * total / p).ln();
            }
            (own, gap)
        }
        //% end
    }
}
//% check check::mean_field::refute(refute)

//% exercise normal Mean and precision
//| Rows $x_n\sim\mathcal N(\mu, 1/\tau)$, with the prior $\tau\sim\mathrm{Gamma}(a_0, b_0)$ and $\mu\mid\tau\sim\mathcal N(m_0, 1/(\lambda_0\tau))$, given as `[m0, lambda0, a0, b0]`. From the present $\E\tau$ compute $q(\mu)$, and from that $q(\tau)$. Give back the mean and the precision of the one and the shape and the rate of the other. On the 272 eruptions, with the chapter's prior `[0, 0.001, 0.001, 0.001]`, the bound should settle at −436.132227, below the evidence −436.130390.
//% hint
//| Collect all terms of $\log p(\vec x, \mu, \tau)$ with a $\mu$ in them, and put $\E\tau$ for $\tau$: a Gaussian with mean $m = (\lambda_0m_0 + \sum_n x_n)/(\lambda_0 + N)$ and precision $\lambda = (\lambda_0+N)\,\E\tau$.
//% hint
//| The terms with a $\tau$: $(a_0 - 1 + \frac{N+1}2)\log\tau - \tau(\dots)$. The half beyond $N/2$ comes from the normaliser of $p(\mu\mid\tau)$.
//% hint
//| The rate is $b_0 + \frac12\E\bigl[\sum_n(x_n-\mu)^2 + \lambda_0(\mu-m_0)^2\bigr]$, and $\E(\mu-c)^2$ is $(m-c)^2 + 1/\lambda$.
pub mod normal {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn normal(x: &[f64], prior: [f64; 4], tau: f64) -> [f64; 4] {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn normal(x: &[f64], prior: [f64; 4], tau: f64) -> [f64; 4] {
            let ([m0, lambda0, a0, b0], n) = (prior, x.len() as f64);
            let m = (lambda0 * m0 + x.iter().sum::<f64>()) / (lambda0 + n);
            let lambda = (lambda0 + n) * tau;
            let from = |c: f64| (m - c) * (m - c) + 1.0 / lambda;
            let squares: f64 = x.iter().map(|&v| from(v)).sum::<f64>() + lambda0 * from(m0);
            [m, lambda, a0 + 0.5 * (n + 1.0), b0 + 0.5 * squares]
        }
        //% end
    }
}
//% check check::mean_field::normal(normal)

//% exercise bound Find the bug: a bound above the evidence
//| The bound of the last exercise, from the rows, the prior `[m0, lambda0, a0, b0]` and both factors in the same order. Its author tested that it rises in every step, and it does. But on the eruptions it gives −186.18 nats, and $\log p(x)$ is −436.13. A well-known library reports a number of this kind as its lower bound. Find the bug, and mend it.
//% hint
//| Which laws does a bound obey besides never falling? Compare it with the evidence.
//% hint
//| By how much is it too large, for each row? Does the excess depend on $q$?
//% hint
//| A constant does not move a maximum, so it is tempting to drop it. The mean of $\log\mathcal N(x\mid\mu, 1/\tau)$ has a $-\frac12\log 2\pi$ for every row.
pub mod bound {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn bound(x: &[f64], prior: [f64; 4], q: [f64; 4]) -> f64 {
            let ([m0, l0, a0, b0], [m, l, a, b], n) = (prior, q, x.len() as f64);
            let (tau, log_tau) = (a / b, gamma::digamma(a) - b.ln());
            let from = |c: f64| (m - c) * (m - c) + 1.0 / l;
            let squares: f64 = x.iter().map(|&v| from(v)).sum();
            let fit = 0.5 * (n * log_tau - tau * squares);
            let for_mu = 0.5 * (l.ln() - l0.ln() - log_tau - 1.0 + l0 * tau * from(m0));
            let for_tau = (a - a0) * gamma::digamma(a) - gamma::ln_gamma(a)
                + gamma::ln_gamma(a0)
                + a0 * (b / b0).ln()
                + (b0 - b) * tau;
            fit - for_mu - for_tau
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn bound(x: &[f64], prior: [f64; 4], q: [f64; 4]) -> f64 {
            let ([m0, l0, a0, b0], [m, l, a, b], n) = (prior, q, x.len() as f64);
            let (tau, log_tau) = (a / b, gamma::digamma(a) - b.ln());
            let from = |c: f64| (m - c) * (m - c) + 1.0 / l;
            let squares: f64 = x.iter().map(|&v| from(v)).sum();
            let fit = 0.5 * (n * (log_tau - gaussian::LN_2PI) - tau * squares);
            let for_mu = 0.5 * (l.ln() - l0.ln() - log_tau - 1.0 + l0 * tau * from(m0));
            let for_tau = (a - a0) * gamma::digamma(a) - gamma::ln_gamma(a)
                + gamma::ln_gamma(a0)
                + a0 * (b / b0).ln()
                + (b0 - b) * tau;
            fit - for_mu - for_tau
        }
        //% end
    }
}
//% check check::mean_field::bound(bound)

//% exercise pruned The Bayesian mixture
//| The whole of it, in three functions. `log_rho` gives $\E\log p(\vec x_n, k)$ under $q(\pi,\mu,\Lambda)$, a row for each $\vec x_n$. `counted` makes $q(\pi,\mu,\Lambda)$ of rows and shares. `whole` gives the bound from both; `model.kl_weights()` and `model.kl_shapes()` are the divergences of the parameters from their prior. From the start of the chapter your fit should end at −443.297873 nats, with two survivors. Bishop's book, section 10.2, has the same in another order.
//% hint
//| `log_rho`: $\psi(\alpha_k)-\psi(\sum\alpha) + \frac12\E\log|\Lambda_k| - \frac{D}{2\beta_k} - \frac12\nu_k(\vec x-\vec m_k)^\top\mat W_k(\vec x-\vec m_k) - \frac D2\log 2\pi$, where $\E\log|\Lambda| = \sum_i\psi\bigl(\frac{\nu+1-i}2\bigr) + D\log 2 - \log|\mat W^{-1}|$ and `scatters[k]` is $\mat W_k^{-1}$.
//% hint
//| `counted`: with $N_k = \sum_n r_{nk}$, each of $\alpha$, $\beta$, $\nu$ is the prior's plus $N_k$; the mean is $(\beta_0\vec m_0+\sum_n r_{nk}\vec x_n)/\beta_k$; the scatter is $\mat W_0^{-1} + \sum_n r_{nk}\vec x_n\vec x_n^\top + \beta_0\vec m_0\vec m_0^\top - \beta_k\vec m_k\vec m_k^\top$.
//% hint
//| `whole`: $\sum_{nk}r_{nk}(\log\rho_{nk}-\log r_{nk})$, over the entries with $r_{nk}>0$, less the two divergences.
pub mod pruned {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn log_rho(x: &Array2<f64>, model: &mean_field::Variational) -> Array2<f64> {
            todo!()
        }

        pub fn counted(
            x: &Array2<f64>,
            r: &Array2<f64>,
            prior: &mean_field::Prior,
        ) -> mean_field::Variational {
            todo!()
        }

        pub fn whole(
            log_rho: &Array2<f64>,
            r: &Array2<f64>,
            model: &mean_field::Variational,
        ) -> f64 {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn log_rho(x: &Array2<f64>, model: &mean_field::Variational) -> Array2<f64> {
            let (n, d) = x.dim();
            let mut out = Array2::zeros((n, model.alpha.len()));
            for (k, scatter) in model.scatters.iter().enumerate() {
                let l = linalg::cholesky(scatter.view()).unwrap();
                let nu = model.nu[k];
                let mut log_det = d as f64 * 2f64.ln() - 2.0 * gaussian::half_log_det(&l);
                for i in 0..d {
                    log_det += gamma::digamma(0.5 * (nu - i as f64));
                }
                let log_pi =
                    gamma::digamma(model.alpha[k]) - gamma::digamma(model.alpha.sum());
                let rest = log_det - d as f64 * (gaussian::LN_2PI + 1.0 / model.beta[k]);
                let off = (x - &model.means.row(k)).t().to_owned();
                let y = linalg::solve_lower(l.view(), off.view()).unwrap();
                let square = y.map_axis(Axis(0), |c| c.dot(&c));
                out.column_mut(k).assign(&square.mapv(|s| log_pi + 0.5 * (rest - nu * s)));
            }
            out
        }

        pub fn counted(
            x: &Array2<f64>,
            r: &Array2<f64>,
            prior: &mean_field::Prior,
        ) -> mean_field::Variational {
            let counts = r.sum_axis(Axis(0));
            let beta = &counts + prior.beta;
            let sums = r.t().dot(x) + prior.beta * &prior.mean;
            let means = &sums / &beta.view().insert_axis(Axis(1));
            let outer = |v: ArrayView1<f64>| {
                let column = v.insert_axis(Axis(1)).to_owned();
                column.dot(&column.t())
            };
            let mut scatters = vec![];
            for k in 0..counts.len() {
                let weighted = x * &r.column(k).insert_axis(Axis(1));
                let kept =
                    outer(prior.mean.view()) * prior.beta - outer(means.row(k)) * beta[k];
                scatters.push(&prior.scatter + &x.t().dot(&weighted) + kept);
            }
            mean_field::Variational {
                alpha: &counts + prior.alpha,
                nu: &counts + prior.nu,
                beta,
                means,
                scatters,
                prior: prior.clone(),
            }
        }

        pub fn whole(
            log_rho: &Array2<f64>,
            r: &Array2<f64>,
            model: &mean_field::Variational,
        ) -> f64 {
            let mut sum = -model.kl_weights() - model.kl_shapes().unwrap();
            for (log_rho, r) in log_rho.iter().zip(r) {
                if *r > 0.0 {
                    sum += r * (log_rho - r.ln());
                }
            }
            sum
        }
        //% end
    }
}
//% check check::mean_field::pruned(log_rho, counted, whole)

//% exercise choose How many?
//| `bounds[k - 1]` is the best bound found with $k$ components. Give back the number of components that the data prefer. Think first: a fit with three components has five twins that differ from it in the names of the components alone. Does the bound know?
//% hint
//| The evidence integrates over all names. The bound of one fit covers one order of them.
//% hint
//| If the $K!$ copies do not overlap, the mixture of all of them is a better $q$, by exactly $\log K!$.
//% hint
//| Add `mean_field::log_orders(k)` to each bound, and take the $k$ with the largest sum.
pub mod choose {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn choose(bounds: &[f64]) -> usize {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn choose(bounds: &[f64]) -> usize {
            let score = |k: &usize| bounds[k - 1] + mean_field::log_orders(*k);
            (1..=bounds.len()).max_by(|a, b| score(a).total_cmp(&score(b))).unwrap()
        }
        //% end
    }
}
//% check check::mean_field::choose(choose)

//% exercise ascend Inference by gradient
//| Fit $q = \mathcal N(m, s^2)$ to a posterior of which you have nothing but the slope of $\log p(x, z)$ in $z$. Move the draws: $z = m + s\varepsilon$ with the given $\varepsilon$, all of them in every step. Climb in $m$ and in $\log s$. The check tries the decoder with three pixels on all eight images, and asks for a bound within a thousandth of a nat of the best Gaussian's.
//% hint
//| By the chain rule, $z$ moves by 1 with $m$, and by $s\varepsilon$ with $\log s$.
//% hint
//| The bound also has the entropy of $q$, which is $\log s$ and a constant.
//% hint
//| Slopes: the mean of `slope(m + s * e)`, and the mean of `slope(m + s * e) * s * e`, plus 1. A rate of 0.2 and 200 steps will do.
pub mod ascend {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn ascend(slope: &dyn Fn(f64) -> f64, noise: &[f64]) -> (f64, f64) {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn ascend(slope: &dyn Fn(f64) -> f64, noise: &[f64]) -> (f64, f64) {
            let (mut m, mut log_s): (f64, f64) = (0.0, 0.0);
            for _ in 0..200 {
                let s = log_s.exp();
                let (mut by_m, mut by_log_s) = (0.0, 0.0);
                for e in noise {
                    let push = slope(m + s * e) / noise.len() as f64;
                    by_m += push;
                    by_log_s += push * s * e;
                }
                m += 0.2 * by_m;
                log_s += 0.2 * (by_log_s + 1.0);
            }
            (m, log_s.exp())
        }
        //% end
    }
}
//% check check::mean_field::ascend(ascend)

//% exercise three Three ends of a climb
//| A posterior has a peak of mass 0.7 at −3, with standard deviation 0.7, and one of mass 0.3 at 4, with standard deviation 1. Give back the three Gaussians at which a climb in $\mathrm{KL}(q\,\Vert\,p)$ ends. `peaks.reverse(start)` climbs from a start and gives the end and its divergence. One of the ends surprises most people.
//% hint
//| Start once on each peak.
//% hint
//| The third covers both. How wide must it be, and where?
//% hint
//| From a mean of 1.5 and a standard deviation of 3 the climb ends between the peaks.
pub mod three {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn three(peaks: &mean_field::Peaks) -> Vec<elbo::Gauss> {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn three(peaks: &mean_field::Peaks) -> Vec<elbo::Gauss> {
            let starts = [(-3.0, 0.7), (4.0, 1.0), (1.5, 3.0)];
            let climb = |(mean, sd)| peaks.reverse(elbo::Gauss { mean, sd }).unwrap().0;
            starts.into_iter().map(climb).collect()
        }
        //% end
    }
}
//% check check::mean_field::three(three)

pub fn play() {
    //% text
    //| To play with: six components on Old Faithful, and how many have rows after each ten steps. Change the prior count 0.001 to 1, and see how many survive.
    //% cell
    let table: Array2<f64> = data::old_faithful().x.clone();
    let all: Moments = Moments::of(table.view()).unwrap();
    let rows: Array2<f64> = (&table - &all.mean) / all.covariance.diag().mapv(f64::sqrt);
    let belief: mean_field::Prior = mean_field::Prior::standard(2, 0.001).unwrap();
    let places: Array2<f64> = rows.slice(s![..6, ..]).to_owned();
    let mut mixture: mean_field::Variational =
        mean_field::Variational::start(&rows, &places, belief).unwrap();
    for _ in 0..15 {
        let ten: Stop = Stop { steps: 10, gain: 0.0 };
        let found: em::Fit<mean_field::Variational> = em::fit(mixture, &rows, ten).unwrap();
        println!("{} components, {:.4} nats", found.model.survivors(), found.nats());
        mixture = found.model;
    }
    //% end
}

/// Name, verdict on the stub, verdict on the solution.
pub fn verdicts() -> Vec<(&'static str, Verdict, Verdict)> {
    use check::mean_field as c;
    vec![
        ("update", c::update(update::stub::update), c::update(update::solution::update)),
        (
            "averaged",
            c::update(averaged::stub::averaged),
            c::update(averaged::solution::averaged),
        ),
        (
            "sweep",
            c::sweep(sweep::stub::sweep, sweep::stub::left),
            c::sweep(sweep::solution::sweep, sweep::solution::left),
        ),
        (
            "forward",
            c::forward(forward::stub::forward),
            c::forward(forward::solution::forward),
        ),
        ("refute", c::refute(refute::stub::refute), c::refute(refute::solution::refute)),
        ("normal", c::normal(normal::stub::normal), c::normal(normal::solution::normal)),
        ("bound", c::bound(bound::stub::bound), c::bound(bound::solution::bound)),
        (
            "pruned",
            c::pruned(pruned::stub::log_rho, pruned::stub::counted, pruned::stub::whole),
            c::pruned(
                pruned::solution::log_rho,
                pruned::solution::counted,
                pruned::solution::whole,
            ),
        ),
        ("choose", c::choose(choose::stub::choose), c::choose(choose::solution::choose)),
        ("ascend", c::ascend(ascend::stub::ascend), c::ascend(ascend::solution::ascend)),
        ("three", c::three(three::stub::three), c::three(three::solution::three)),
    ]
}
