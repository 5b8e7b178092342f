//! The exercises of chapter 3: their text, hints, stubs and solutions. `cargo run -- notebooks` makes the notebook
//! from this file, the page shows it, and `tests/notebooks` runs every stub and every solution.
#![allow(missing_docs)]
use latent::prelude::*;

//% notebook 03-elbo The evidence lower bound
//% text
//| Ten exercises. Write a function's body in place of `todo!()`, or mend what stands there, run the cell, and read what the check says: which case went wrong, and how. Nothing you do here can break a variable of another cell.
//|
//| Symbols are those of the book: $z$ is hidden, $x$ is seen, $q(z)$ is yours to choose. Logarithms are natural, and all values are in nats. Whatever is called `s` or `sd` is a standard deviation.

pub fn look() {
    //% text
    //| First a look at one bound: $x = 1.2$, seen through noise of standard deviation 1, and $q = \mathcal N(m, s^2)$. Change `m` and `s`. Can you bring the bound to the evidence without looking at the posterior?
    //% cell
    let model: elbo::Conjugate = elbo::Conjugate::new(1.2, 1.0).unwrap();
    let m: f64 = 0.0;
    let s: f64 = 1.0;
    let bound: Elbo = model.elbo(m, s);
    println!(
        "fit {:.4} − cost {:.4} = bound {:.4} ≤ log p(x) = {:.4}",
        bound.fit,
        bound.kl,
        bound.nats(),
        model.log_evidence()
    );
    //% end
}

//% exercise slack Never negative, term by term
//| A term $q\log(q/p)$ of the divergence may be negative. Add something to it that sums to zero over all $z$, so that *every* term is at least zero: that is the proof of $\mathrm{KL}\ge 0$, as a function. It gets one pair of probabilities, and its sum over two distributions must be the divergence. What is it at $q = 0$?
//% hint
//| Which sums over all $z$ do you know, whatever $q$ and $p$ are?
//% hint
//| $\log t \le t - 1$ with $t = p/q$. Multiply by $q$.
//% hint
//| $q\log(q/p) + p - q$, and $p$ alone if $q = 0$.
pub mod slack {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn slack(q: f64, p: f64) -> f64 {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn slack(q: f64, p: f64) -> f64 {
            let term = if q > 0.0 { q * (q / p).ln() } else { 0.0 };
            term + p - q
        }
        //% end
    }
}
//% check check::elbo::slack(slack)

//% exercise kl_normals Two directions
//| Write the divergence of $\mathcal N(m_0, s_0^2)$ from $\mathcal N(m_1, s_1^2)$ in one dimension. Between $\mathcal N(0,1)$ and $\mathcal N(1, 2^2)$ it is 0.4431 nats one way and 1.3069 the other. Decide which is which before you run the check.
//% hint
//| Where do draws of the wide one land, and what does the narrow one say about these places?
//% hint
//| Take the mean of $\log q - \log p$ under $q$. What is the mean of $(z-m_0)^2$? And of $(z-m_1)^2$?
//% hint
//| $\log(s_1/s_0) + \dfrac{s_0^2 + (m_0-m_1)^2}{2s_1^2} - \dfrac12$.
pub mod kl_normals {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn kl_normals(m0: f64, s0: f64, m1: f64, s1: f64) -> f64 {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn kl_normals(m0: f64, s0: f64, m1: f64, s1: f64) -> f64 {
            let step = m0 - m1;
            (s1 / s0).ln() + (s0 * s0 + step * step) / (2.0 * s1 * s1) - 0.5
        }
        //% end
    }
}
//% check check::elbo::kl_normals(kl_normals)

//% exercise terms The four terms
//| The hidden value has three places, and a table gives the joint $p(x, z)$ for the $x$ that was seen. Compute, for a given $q$, the four terms of the split: $\log p(x)$, $\E_q\log p(x,z)$, $\mathrm H(q)$, and the gap. The last three must add up to the first.
//% hint
//| The table does not add up to one. What is its sum?
//% hint
//| The posterior is the table divided by its sum.
//% hint
//| The gap is $\sum q\,(\log q - \log\text{joint} + \log p(x))$.
pub mod terms {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn terms(joint: [f64; 3], q: [f64; 3]) -> [f64; 4] {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn terms(joint: [f64; 3], q: [f64; 3]) -> [f64; 4] {
            let evidence = joint.iter().sum::<f64>().ln();
            let (mut energy, mut entropy, mut gap) = (0.0, 0.0, 0.0);
            for (q, joint) in q.iter().zip(&joint).filter(|(q, _)| **q > 0.0) {
                energy += q * joint.ln();
                entropy -= q * q.ln();
                gap += q * (q.ln() - joint.ln() + evidence);
            }
            [evidence, energy, entropy, gap]
        }
        //% end
    }
}
//% check check::elbo::terms(terms)

//% exercise by_gap Three forms, one number
//| Prove on paper that $\log p(x) - \mathrm{KL}(q\,\Vert\,p(z\mid x))$, $\E_q\log p(x\mid z) - \mathrm{KL}(q\,\Vert\,p(z))$ and $\E_q\log p(x,z) + \mathrm H(q)$ are equal. Then write all three, from the logarithms of prior, likelihood and $q$ at each place of $z$. Each gives back its two terms, in the order in which they stand here. No $q$ is zero. The check compares the terms on three models to ten digits; in one of them the likelihoods are near $e^{-800}$.
//% hint
//| On paper: every form is a mean under $q$ of sums of the same three logarithms. Write each as one mean.
//% hint
//| Only the first needs $\log p(x)$, the logarithm of a sum of exponentials. A divergence is given back as it is, and never negative; the minus stands in the form.
//% hint
//| `gaussian::log_sum_exp(&joint)` takes a list of $\log p(z) + \log p(x\mid z)$, and never computes $e^{-800}$.
pub mod three_forms {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn by_gap(log_prior: &[f64], log_likelihood: &[f64], log_q: &[f64]) -> [f64; 2] {
            todo!()
        }

        pub fn by_prior(
            log_prior: &[f64],
            log_likelihood: &[f64],
            log_q: &[f64],
        ) -> [f64; 2] {
            todo!()
        }

        pub fn by_entropy(
            log_prior: &[f64],
            log_likelihood: &[f64],
            log_q: &[f64],
        ) -> [f64; 2] {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn by_gap(log_prior: &[f64], log_likelihood: &[f64], log_q: &[f64]) -> [f64; 2] {
            let joint: Vec<f64> =
                log_prior.iter().zip(log_likelihood).map(|(a, b)| a + b).collect();
            let evidence = gaussian::log_sum_exp(&joint);
            let mut gap = 0.0;
            for (joint, q) in joint.iter().zip(log_q) {
                gap += q.exp() * (q - (joint - evidence));
            }
            [evidence, gap]
        }

        pub fn by_prior(
            log_prior: &[f64],
            log_likelihood: &[f64],
            log_q: &[f64],
        ) -> [f64; 2] {
            let (mut fit, mut cost) = (0.0, 0.0);
            for i in 0..log_q.len() {
                fit += log_q[i].exp() * log_likelihood[i];
                cost += log_q[i].exp() * (log_q[i] - log_prior[i]);
            }
            [fit, cost]
        }

        pub fn by_entropy(
            log_prior: &[f64],
            log_likelihood: &[f64],
            log_q: &[f64],
        ) -> [f64; 2] {
            let (mut energy, mut entropy) = (0.0, 0.0);
            for i in 0..log_q.len() {
                energy += log_q[i].exp() * (log_prior[i] + log_likelihood[i]);
                entropy -= log_q[i].exp() * log_q[i];
            }
            [energy, entropy]
        }
        //% end
    }
}
//% check check::elbo::three_forms(by_gap, by_prior, by_entropy)

//% exercise which Why three?
//| With draws from $q$ the bound can be estimated as the mean of: (1) $\log p(x\mid z)$, less a divergence from the prior that is known; (2) $\log p(x,z)$, plus an entropy that is known; (3) $\log p(x,z) - \log q(z)$. Three cases. *A*: $q$ and the prior are Gaussian. *B*: $q$ is Gaussian, the prior is given by some program that evaluates its density. *C*: $q$ is a mixture of Gaussians. Let `which` give the form for A, B and C that leaves least to the draws. Then write the third form for draws from $q$, given both logarithms at each draw.
//% hint
//| Ask of each case: is $\mathrm{KL}(q\,\Vert\,p(z))$ a formula? If not, is $\mathrm H(q)$ one?
//% hint
//| The entropy of a mixture is no formula: the logarithm of a sum does not split.
//% hint
//| A mean under $q$, over draws from $q$, is a plain mean.
pub mod which_form {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn which() -> [u8; 3] {
            todo!()
        }

        pub fn by_draws(log_joint: &[f64], log_q: &[f64]) -> f64 {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn which() -> [u8; 3] {
            [1, 2, 3]
        }

        pub fn by_draws(log_joint: &[f64], log_q: &[f64]) -> f64 {
            let sum: f64 = log_joint.iter().zip(log_q).map(|(joint, q)| joint - q).sum();
            sum / log_q.len() as f64
        }
        //% end
    }
}
//% check check::elbo::which_form(which, by_draws)

//% exercise log_mixture Find the bug: a density that is too large
//| For case C someone wrote $\log q(z)$ of a mixture, $q = \sum_k w_k\,\mathcal N(z\mid m_k, s_k^2)$. It looks right, it runs, it is stable, and the bound made of it is too low by more than a nat, for no visible reason. A bug of this kind stood in a published tutorial. Find a property that every density has and this one lacks; then find the bug.
//% hint
//| What is the area under `log_mixture(z, …).exp()`?
//% hint
//| Follow one weight through the function. In which step does a product become a sum?
//% hint
//| $\log(w_k\,\mathcal N_k) = \log w_k + \log\mathcal N_k$. The function adds $w_k$.
pub mod log_mixture {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn log_mixture(z: f64, weights: &[f64], means: &[f64], sds: &[f64]) -> f64 {
            let mut each = vec![];
            for k in 0..weights.len() {
                each.push(weights[k] + gaussian::log_normal(z, means[k], sds[k]));
            }
            gaussian::log_sum_exp(&each)
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn log_mixture(z: f64, weights: &[f64], means: &[f64], sds: &[f64]) -> f64 {
            let mut each = vec![];
            for k in 0..weights.len() {
                each.push(weights[k].ln() + gaussian::log_normal(z, means[k], sds[k]));
            }
            gaussian::log_sum_exp(&each)
        }
        //% end
    }
}
//% check check::elbo::log_mixture(log_mixture)

//% exercise negative A divergence below zero?
//| A lecture writes $\int q\log\frac{q(z)}{p(x,z)}\,dz$ as a divergence. Refute it with $z\sim\mathcal N(0, a^2)$ and $x\mid z\sim\mathcal N(z, b^2)$: give back $a$, $b$ and $x$ such that the integral is negative for the best $q$.
//% hint
//| The best $q$ is the posterior. What is the integral then?
//% hint
//| It is $-\log p(x)$. So $p(x)$ must be above one.
//% hint
//| $x\sim\mathcal N(0, a^2+b^2)$. At $x=0$ its density is $1/\sqrt{2\pi(a^2+b^2)}$.
pub mod negative {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn negative() -> [f64; 3] {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn negative() -> [f64; 3] {
            [0.1, 0.1, 0.0]
        }
        //% end
    }
}
//% check check::elbo::negative(negative)

//% exercise spoiled One wrong entry
//| Take the posterior over a few places, and spoil it: set one entry to `value`, above 0 and below 1, and scale the others by one common factor so that $q$ is a distribution. Give back $q$ and its gap. For which `value` is the bound tight? Do you need the whole list to compute the gap?
//% hint
//| How much is left for the others, and how much did they have?
//% hint
//| The factor is $(1-v)/(1-p)$, with $p$ the old entry and $v$ the new one.
//% hint
//| The gap is $v\log\frac vp + (1-v)\log\frac{1-v}{1-p}$: the divergence of two coins.
pub mod spoiled {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn spoiled(posterior: &[f64], entry: usize, value: f64) -> (Vec<f64>, f64) {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn spoiled(posterior: &[f64], entry: usize, value: f64) -> (Vec<f64>, f64) {
            let p = posterior[entry];
            let factor = (1.0 - value) / (1.0 - p);
            let mut q: Vec<f64> = posterior.iter().map(|v| v * factor).collect();
            q[entry] = value;
            (q, value * (value / p).ln() + (1.0 - value) * factor.ln())
        }
        //% end
    }
}
//% check check::elbo::spoiled(spoiled)

//% exercise jensen_gap What Jensen gives away
//| Draws from $q$ have log weights $\log w = \log p(x,z) - \log q(z)$. The gap is the log of the mean weight less the mean of the log weights. Estimate it from a list of log weights. The check tries it on weights near $e^{-900}$, and on 20000 draws whose gap has a closed form.
//% hint
//| With two equal weights the answer is zero. With weights 1 and 3 it is $\log 2 - \frac12\log 3$.
//% hint
//| The log of a sum of exponentials is in the library, and it is stable. A mean is a sum divided by the number of draws.
//% hint
//| `gaussian::log_sum_exp(w) - (n as f64).ln()`, less the mean of `w`.
pub mod jensen_gap {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn jensen_gap(log_weights: &[f64]) -> f64 {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn jensen_gap(log_weights: &[f64]) -> f64 {
            let n = log_weights.len() as f64;
            let log_of_mean = gaussian::log_sum_exp(log_weights) - n.ln();
            log_of_mean - log_weights.iter().sum::<f64>() / n
        }
        //% end
    }
}
//% check check::elbo::jensen_gap(jensen_gap)

//% exercise minus_kl Find the bug: the sign that trains a network backwards
//| A much-read post derives $-\mathrm{KL}\bigl(\mathcal N(m,s^2)\,\Vert\,\mathcal N(0,1)\bigr)$ from two integrals, which are right: $\E_q\log p = -\frac12\sum(\log 2\pi + m^2+s^2)$ and $\E_q\log q = -\frac12\sum(\log 2\pi + 1+\log s^2)$. Its last line then says $-\frac12\sum(1+\log s^2-m^2-s^2)$. Here that line is, as code. For means $(1,-2,0.5)$ and standard deviations $(0.5,1,2)$ it gives +3.75. Find the slip between the lines, and mend it.
//% hint
//| Can minus a divergence be positive?
//% hint
//| $-\mathrm{KL} = \E_q\log p - \E_q\log q$. Subtract the two integrals by hand, under one sum.
//% hint
//| $-\frac12(m^2+s^2) + \frac12(1+\log s^2)$ is $+\frac12(1+\log s^2-m^2-s^2)$.
pub mod minus_kl {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn minus_kl(m: &[f64], s: &[f64]) -> f64 {
            let mut sum = 0.0;
            for (m, s) in m.iter().zip(s) {
                let variance = s * s;
                sum += 1.0 + variance.ln() - m * m - variance;
            }
            -0.5 * sum
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        pub fn minus_kl(m: &[f64], s: &[f64]) -> f64 {
            let mut sum = 0.0;
            for (m, s) in m.iter().zip(s) {
                let variance = s * s;
                sum += 1.0 + variance.ln() - m * m - variance;
            }
            0.5 * sum
        }
        //% end
    }
}
//% check check::elbo::minus_kl(minus_kl)

pub fn play() {
    //% text
    //| ## Now play
    //|
    //| A decoder with three pixels, whose posterior no formula has. Change the image and the start, and watch the climb. Is there an image whose gap is zero?
    //% cell
    let image: Array1<f64> = array![1.0, 0.0, 0.0];
    let hidden: Hidden = elbo::Tiny::default().hidden(image.view()).unwrap();
    let start: elbo::Gauss = elbo::Gauss { mean: -1.0, sd: 0.5 };
    let best: (elbo::Gauss, Elbo) = hidden.best_gaussian(start).unwrap();
    println!(
        "best q = N({:.3}, {:.3}²): bound {:.4}, evidence {:.4}, gap {:.5}",
        best.0.mean,
        best.0.sd,
        best.1.nats(),
        hidden.log_evidence(),
        hidden.gap(&best.0.on(&hidden))
    );
    //% end
}

/// Name, verdict on the stub, verdict on the solution.
pub fn verdicts() -> Vec<(&'static str, Verdict, Verdict)> {
    use check::elbo as c;
    vec![
        ("slack", c::slack(slack::stub::slack), c::slack(slack::solution::slack)),
        (
            "kl_normals",
            c::kl_normals(kl_normals::stub::kl_normals),
            c::kl_normals(kl_normals::solution::kl_normals),
        ),
        ("terms", c::terms(terms::stub::terms), c::terms(terms::solution::terms)),
        (
            "by_gap",
            c::three_forms(
                three_forms::stub::by_gap,
                three_forms::stub::by_prior,
                three_forms::stub::by_entropy,
            ),
            c::three_forms(
                three_forms::solution::by_gap,
                three_forms::solution::by_prior,
                three_forms::solution::by_entropy,
            ),
        ),
        (
            "which",
            c::which_form(which_form::stub::which, which_form::stub::by_draws),
            c::which_form(which_form::solution::which, which_form::solution::by_draws),
        ),
        (
            "log_mixture",
            c::log_mixture(log_mixture::stub::log_mixture),
            c::log_mixture(log_mixture::solution::log_mixture),
        ),
        (
            "negative",
            c::negative(negative::stub::negative),
            c::negative(negative::solution::negative),
        ),
        (
            "spoiled",
            c::spoiled(spoiled::stub::spoiled),
            c::spoiled(spoiled::solution::spoiled),
        ),
        (
            "jensen_gap",
            c::jensen_gap(jensen_gap::stub::jensen_gap),
            c::jensen_gap(jensen_gap::solution::jensen_gap),
        ),
        (
            "minus_kl",
            c::minus_kl(minus_kl::stub::minus_kl),
            c::minus_kl(minus_kl::solution::minus_kl),
        ),
    ]
}
