//! The exercises of chapter 7: their text, hints, stubs and solutions. `cargo run -- notebooks` makes the notebook
//! from this file, the page shows it, and `tests/notebooks` runs every stub and every solution.
#![allow(missing_docs)]
use latent::prelude::*;

//% notebook 07-vae Variational autoencoders
//% text
//| Twenty exercises, among them the tutorial's problems 4, 5 and 6, and three hunts for a bug. Write a function's body in place of `todo!()`, or mend the one that stands there, run the cell, and read what the check says. Nothing you do here can break a variable of another cell.
//|
//| Symbols are those of the book: $q(z\mid x) = \mathcal N(m, \operatorname{diag} v)$ with $s = \sqrt{v}$, fit is $\E_q\log p(x\mid z)$, cost is $\mathrm{KL}(q\,\Vert\,p(z))$. A latent is one entry of the code $z$. All bounds are in nats, summed over pixels and latents. $\varepsilon$ is a draw of $\mathcal N(0,1)$.

pub fn look() {
    //% text
    //| First a look: the tiny decoder of chapter 3, one image, and the bound of a $q$ whose draws you move. What do `m` and `s` do to the two parts? Where does the bound end if you leave `s` at 0.01?
    //% cell
    let image: Array1<f64> = array![0.0, 1.0, 1.0];
    let grid: Hidden = elbo::Tiny::default().hidden(image.view()).unwrap();
    for (m, s) in [(0.0, 1.0), (-0.7, 0.7), (-0.7, 0.1), (-0.7, 0.01)] {
        let bound: Elbo = grid.elbo(&elbo::Gauss { mean: m, sd: s }.on(&grid));
        println!("m {m}, s {s}: {:.4} − {:.4} = {:.4}", bound.fit, bound.kl, bound.nats());
    }
    println!("log p(x) = {:.4}", grid.log_evidence());
    //% end
}

//% exercise moved Problem 4: why the draws may move
//| The tutorial's Problem 4, first half. For $z = m + s\varepsilon$ prove on paper that $\nabla\,\E_{q}f(z) = \E_{\varepsilon}\nabla f(m+s\varepsilon)$, with the slopes in $m$ and $s$. Which line needs no more than that $z$ has the law $q$? Which line needs a condition on $f$, and which one?
//|
//| Then compute both sides. `e` are places of $\varepsilon$, and `p` their probabilities under $\mathcal N(0,1)$. `still` holds each $z = m+s\varepsilon$ where it is, moves the density, and sees $f$ only. `moved` holds $\varepsilon$, moves $z$, and sees the slope of $f$ only. Each gives the slopes in $m$ and in $s$. Last, `holds` says for $z^2$, $|z|$, $e^z$, the step ($1$ for $z>0$, else $0$) and $\max(z,0)$ whether the two sides are equal.
//% hint
//| $\E_q f(z) = \E_\varepsilon f(m+s\varepsilon)$ needs no inverse and no slope: it says where the draws come from. The next line takes a slope under an integral.
//% hint
//| With $z$ held, $\nabla\!\int q f\,dz = \int q\,(\nabla\log q)\,f\,dz$. The slopes of $\log q$ in $m$ and $s$ are $\varepsilon/s$ and $(\varepsilon^2-1)/s$. With $\varepsilon$ held, use the chain rule.
//% hint
//| To exchange slope and mean, $f$ must have a slope at almost every $z$, and $|f(m'+s'\varepsilon) - f(m+s\varepsilon)|$ must stay below a constant times the shift, times something of finite mean. A corner passes. A jump does not.
pub mod moved {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn still(
            f: &dyn Fn(f64) -> f64,
            m: f64,
            s: f64,
            e: &[f64],
            p: &[f64],
        ) -> [f64; 2] {
            todo!()
        }

        pub fn moved(
            slope: &dyn Fn(f64) -> f64,
            m: f64,
            s: f64,
            e: &[f64],
            p: &[f64],
        ) -> [f64; 2] {
            todo!()
        }

        pub fn holds() -> [bool; 5] {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        // The law of m + sε is q, so E f(z) = E f(m + sε) for any f with a mean, whether or not
        // ε can be had back from z. Then the slope goes under the mean over ε. Dominated
        // convergence allows it if f has a slope at almost every z, and if the quotients
        // (f(m' + sε) − f(m + sε))/(m' − m) stay below something with a finite mean (for s alike).
        pub fn still(
            f: &dyn Fn(f64) -> f64,
            m: f64,
            s: f64,
            e: &[f64],
            p: &[f64],
        ) -> [f64; 2] {
            let mut out = [0.0; 2];
            for (e, p) in e.iter().zip(p) {
                let height = p * f(m + s * e);
                out[0] += height * e / s;
                out[1] += height * (e * e - 1.0) / s;
            }
            out
        }

        pub fn moved(
            slope: &dyn Fn(f64) -> f64,
            m: f64,
            s: f64,
            e: &[f64],
            p: &[f64],
        ) -> [f64; 2] {
            let mut out = [0.0; 2];
            for (e, p) in e.iter().zip(p) {
                let push = p * slope(m + s * e);
                out[0] += push;
                out[1] += push * e;
            }
            out
        }

        // A step has slope zero wherever it has one. Its quotients are 1/(m' − m) in a strip
        // that is (m' − m) wide: nothing of finite mean lies above all of them.
        pub fn holds() -> [bool; 5] {
            [true, true, true, false, true]
        }
        //% end
    }
}
//% check check::vae::moved(still, moved, holds)

//% exercise variances Problem 4: why it matters
//| The second half: why is the trick so important? The other way to a slope is the score, $f(z)\,\varepsilon/s$ for the slope in $m$; it needs no slope of $f$. Take $f(z) = z^2$ and one draw. Derive the variance of either estimate of the slope in $m$, as functions of $m$ and $s$.
//|
//| Then spoil the rule. Give a function `wave` and its slope `wave_slope` for which, at $m=0$ and $s=1$, moving the draws has the *larger* variance.
//% hint
//| Moving the draws gives $2(m+s\varepsilon)$. How does it vary?
//% hint
//| The score gives $(m+s\varepsilon)^2\varepsilon/s$, with the mean $2m$. Square it, and put in the moments of $\varepsilon$: 1, 3 and 15 for the second, fourth and sixth, and 0 for the odd ones.
//% hint
//| $4s^2$ against $m^4/s^2 + 14m^2 + 15s^2$. The score sees the size of $f$, the moving draws its steepness: what is small and steep?
pub mod variances {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn score(m: f64, s: f64) -> f64 {
            todo!()
        }

        pub fn path(m: f64, s: f64) -> f64 {
            todo!()
        }

        pub fn wave(z: f64) -> f64 {
            todo!()
        }

        pub fn wave_slope(z: f64) -> f64 {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        // E (m + sε)⁴ ε²/s² = m⁴/s² + 18 m² + 15 s², because C(4, 2) · 3 = 18; less (2m)².
        // A score multiplies each draw with all of f(z), even with a level that has no slope.
        pub fn score(m: f64, s: f64) -> f64 {
            m.powi(4) / (s * s) + 14.0 * m * m + 15.0 * s * s
        }

        pub fn path(m: f64, s: f64) -> f64 {
            4.0 * s * s
        }

        // Never above 1, and up to 20 steep: the variances are 200 and 0.5.
        pub fn wave(z: f64) -> f64 {
            (20.0 * z).sin()
        }

        pub fn wave_slope(z: f64) -> f64 {
            20.0 * (20.0 * z).cos()
        }
        //% end
    }
}
//% check check::vae::variances(score, path, wave, wave_slope)

//% exercise drawn Find the bug: draws that are too wide
//| An encoder gives $m$ and $\log v$ for one latent. This function draws with it. Its author tried $v=1$, where it is right, and called the argument `log_sd` in one place and `log_variance` in another. A collection of models with thousands of readers has its log-variance documented as a standard deviation. Find the bug, and mend it.
//% hint
//| Draw many, and measure their variance. For $v = 4$?
//% hint
//| What is $e^{\log v}$, and what multiplies $\varepsilon$ in $z = m + s\varepsilon$?
//% hint
//| $s = \sqrt{v} = e^{\frac12\log v}$.
pub mod drawn {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn drawn(mean: f64, log_variance: f64, noise: &[f64]) -> Vec<f64> {
            noise.iter().map(|e| mean + log_variance.exp() * e).collect()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        // exp(log v) is the variance. Draws that use it have the variance v²: too wide where
        // v > 1, too narrow where v < 1, and right at 1, where most tests begin.
        pub fn drawn(mean: f64, log_variance: f64, noise: &[f64]) -> Vec<f64> {
            let s = (0.5 * log_variance).exp();
            noise.iter().map(|e| mean + s * e).collect()
        }
        //% end
    }
}
//% check check::vae::drawn(drawn)

//% exercise forms Problem 5: three forms, three variances
//| The tutorial's Problem 5. Prove that the bound is (1) $\E_q\log p(x\mid z) - \mathrm{KL}(q\,\Vert\,p(z))$, (2) $\E_q\log p(x,z) + \mathrm H(q)$, (3) $\E_q[\log p(x,z)-\log q(z\mid x)]$. All three are in use. Why? Chapter 3 asked which of them can be had at all. Here all can, and the question is which is calmer.
//|
//| With one draw, only what stands under $\E_q$ is random; cost and entropy are in closed form. Take $z\sim\mathcal N(0,1)$, $x\mid z\sim\mathcal N(z,\text{noise}^2)$ and $q=\mathcal N(m,s^2)$, and give the variances of the estimates by (1), (2) and (3). Form (1) is the lecture's estimator B, form (3) its estimator A. Look at the case where $q$ is the posterior before you believe that B is always better.
//% hint
//| Split $\log p(x,z)-\log q$ into three atoms: $\log p(x\mid z)$, $\log p(z)$, $-\log q$. Atoms two and three make the cost, one and two the energy.
//% hint
//| Put in $z = m+s\varepsilon$. Every atom is a polynomial $a + b\varepsilon + c\varepsilon^2$; add the $b$, add the $c$, and only then take the variance, which is $b^2+2c^2$.
//% hint
//| $b$: $\frac{(x-m)s}{\text{noise}^2}$, then $-ms$, then 0. $c$: $-\frac{s^2}{2\,\text{noise}^2}$, then $-\frac{s^2}2$, then $+\frac12$.
pub mod forms {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn forms(x: f64, noise: f64, m: f64, s: f64) -> [f64; 3] {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        // The proof is linearity: log p(x, z) = log p(x | z) + log p(z). A form puts into closed
        // form what it can: (1) needs KL(q ‖ prior), (2) only the entropy, (3) only densities.
        // What is in closed form does not vary, but it may have cancelled what does: at
        // q = posterior, log p(x, z) − log q is log p(x) for every z, and (3) has variance zero.
        pub fn forms(x: f64, noise: f64, m: f64, s: f64) -> [f64; 3] {
            let precision = 1.0 / (noise * noise);
            let fit = [(x - m) * s * precision, -0.5 * s * s * precision];
            let energy = [fit[0] - m * s, fit[1] - 0.5 * s * s];
            let weight = [energy[0], energy[1] + 0.5];
            [fit, energy, weight].map(|[b, c]| b * b + 2.0 * c * c)
        }
        //% end
    }
}
//% check check::vae::forms(forms)

//% exercise cost The cost, and how it pushes
//| Derive $\mathrm{KL}(\mathcal N(m,\operatorname{diag}v)\,\Vert\,\mathcal N(0,\mat I))$, and write it for what an encoder gives: $m$ and $\log v$, entry by entry. `push` gives its slopes in the entries of $m$ and of $\log v$. For means $(1,-2,0.5)$ and standard deviations $(0.5,1,2)$ the cost is 3.75 nats.
//% hint
//| In one dimension it is $\E_q[\log q - \log p]$. What are the means of $z^2$ and of $(z-m)^2$ under $q$?
//% hint
//| $\frac12\sum_j(v_j + m_j^2 - 1 - \log v_j)$, and $v_j = e^{l_j}$ with $l_j = \log v_j$.
//% hint
//| The slopes are $m_j$ and $\frac12(e^{l_j}-1)$: toward 0, and toward $v=1$.
pub mod cost {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn cost(m: &[f64], log_variance: &[f64]) -> f64 {
            todo!()
        }

        pub fn push(m: &[f64], log_variance: &[f64]) -> (Vec<f64>, Vec<f64>) {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        // E log q = −½ Σ (log 2π + 1 + l) and E log p = −½ Σ (log 2π + m² + e^l).
        // The first less the second; log 2π cancels. At the prior all is zero, slopes too.
        pub fn cost(m: &[f64], log_variance: &[f64]) -> f64 {
            let each = m.iter().zip(log_variance).map(|(m, l)| l.exp() + m * m - 1.0 - l);
            0.5 * each.sum::<f64>()
        }

        pub fn push(m: &[f64], log_variance: &[f64]) -> (Vec<f64>, Vec<f64>) {
            (m.to_vec(), log_variance.iter().map(|l| 0.5 * (l.exp() - 1.0)).collect())
        }
        //% end
    }
}
//% check check::vae::cost(cost, push)

//% exercise differences A network's slope, checked
//| A network with 3 pixels, 4 hidden units each way and 2 latents has 63 parameters, and dfdx gives the slope of its loss in all of them. Check it. `loss(parameters, seed)` is the loss on eight images, with draws $\varepsilon$ that depend on the seed only. `differences` gives the slope by central differences; `off(a, b)` says how far list `a` is from list `b`: the largest difference in size, divided by the largest entry of `b` in size. The tape and your differences should agree to a millionth.
//% hint
//| Move one parameter up by a small step, take the loss, move it down, take the loss again. What is the distance between the two places?
//% hint
//| The loss is random. A difference of two losses with different draws is noise, divided by a small number.
//% hint
//| The error of a central difference falls with the square of the step, and the rounding grows with one over it: a step of $10^{-5}$ suits numbers with 16 digits.
pub mod differences {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn differences(loss: &dyn Fn(&[f64], u64) -> f64, at: &[f64]) -> Vec<f64> {
            todo!()
        }

        pub fn off(a: &[f64], b: &[f64]) -> f64 {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        // The same seed on both sides: then the loss is one smooth function of the parameters,
        // which is what the reparameterisation made it. The noise is held, the draws move.
        pub fn differences(loss: &dyn Fn(&[f64], u64) -> f64, at: &[f64]) -> Vec<f64> {
            let (step, seed) = (1e-5, 1);
            let mut here = at.to_vec();
            let mut out = vec![];
            for i in 0..at.len() {
                here[i] = at[i] + step;
                let above = loss(&here, seed);
                here[i] = at[i] - step;
                out.push((above - loss(&here, seed)) / (2.0 * step));
                here[i] = at[i];
            }
            out
        }

        pub fn off(a: &[f64], b: &[f64]) -> f64 {
            let worst = a.iter().zip(b).fold(0.0f64, |m, (a, b)| m.max((a - b).abs()));
            worst / b.iter().fold(0.0f64, |m, b| m.max(b.abs()))
        }
        //% end
    }
}
//% check check::vae::differences(differences, off)

//% exercise slopes Find the bug: a push twice as hard
//| For one latent: the slopes of the bound in $m$ and in $\log v$, by moving the draws. `push` is the slope of $\log p(x\mid z)$ in $z$. The bound rises when one follows these slopes, for a while, so it was thought to be right. Compare with differences, as in the last exercise. Find the bug, and mend it.
//% hint
//| Which of the two slopes is wrong? Is it the part of the fit, or that of the cost?
//% hint
//| $z = m + s\varepsilon$ moves by $\varepsilon$ when $s$ moves by 1. How far does $s$ move when $\log v$ does?
//% hint
//| $s = e^{\frac12\log v}$, so $\partial s/\partial\log v = \frac12 s$, and the draw moves by $\frac12 s\varepsilon$.
pub mod slopes {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn slopes(
            push: &dyn Fn(f64) -> f64,
            m: f64,
            log_variance: f64,
            noise: &[f64],
        ) -> [f64; 2] {
            let s = (0.5 * log_variance).exp();
            let (mut by_m, mut by_l) = (0.0, 0.0);
            for e in noise {
                let force = push(m + s * e);
                by_m += force;
                by_l += force * s * e;
            }
            let n = noise.len() as f64;
            [by_m / n - m, by_l / n + 0.5 * (1.0 - s * s)]
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        // s·ε is how the draw moves with log s. With log v it moves half as far. The cost has
        // its ½, the fit had not: the two parts pull in the right directions with the wrong
        // shares, and q comes to rest too narrow or too wide.
        pub fn slopes(
            push: &dyn Fn(f64) -> f64,
            m: f64,
            log_variance: f64,
            noise: &[f64],
        ) -> [f64; 2] {
            let s = (0.5 * log_variance).exp();
            let (mut by_m, mut by_l) = (0.0, 0.0);
            for e in noise {
                let force = push(m + s * e);
                by_m += force;
                by_l += force * 0.5 * s * e;
            }
            let n = noise.len() as f64;
            [by_m / n - m, by_l / n + 0.5 * (1.0 - s * s)]
        }
        //% end
    }
}
//% check check::vae::slopes(slopes)

//% exercise loss Find the bug: a loss that weighs with two measures
//| The loss of some rows: `log_likelihood` has $\log p(x_d\mid z)$ for each pixel of each row, `mean` and `log_variance` are the encoder's. The loss falls during training, both terms are logged and look sensible. The images come out grey, the latents say nothing. This slip is in many published programs, several of which became the start of others. Find it, and mend it: minus the bound, in nats a row.
//% hint
//| What are the two terms summed over, and what are they divided by?
//% hint
//| `mean()` of a table divides by all its entries. How many nats does one row with 64 pixels lose?
//% hint
//| The fit must be a sum over pixels, divided by the rows only. As it stands, the cost weighs $\beta = D$ times as much as in the bound.
pub mod loss {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn loss(
            log_likelihood: ArrayView2<f64>,
            mean: ArrayView2<f64>,
            log_variance: ArrayView2<f64>,
        ) -> f64 {
            let rows = mean.nrows() as f64;
            let fit = log_likelihood.mean().unwrap();
            let variance = log_variance.mapv(f64::exp);
            let cost = 0.5 * (variance + &mean * &mean - 1.0 - log_variance).sum() / rows;
            cost - fit
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        // A row's log-likelihood is a sum over its pixels, because they are independent given z.
        // Divided by D it is no longer the logarithm of a probability, and the bound bounds nothing.
        pub fn loss(
            log_likelihood: ArrayView2<f64>,
            mean: ArrayView2<f64>,
            log_variance: ArrayView2<f64>,
        ) -> f64 {
            let rows = mean.nrows() as f64;
            let fit = log_likelihood.sum() / rows;
            let variance = log_variance.mapv(f64::exp);
            let cost = 0.5 * (variance + &mean * &mean - 1.0 - log_variance).sum() / rows;
            cost - fit
        }
        //% end
    }
}
//% check check::vae::loss(loss)

//% exercise plan Train on the digits
//| Now a network of 64 pixels, 64 hidden units each way and two latents, on 1500 small digits whose pixels are 0 or 1. `plan` says how to train it: in at most 60 epochs the bound on the 297 test rows should be $-21.5$ nats or better, with a cost above 1.5 nats. Its fields are `epochs`, `batch`, `rate` (Adam's, in the first epoch), `last_rate` (in the last) and more; what you do not name, take from `..vae::Plan::default()`.
//|
//| `report` gives bound, fit and cost, in nats a row, from $\log p(x_d\mid z)$ of each row and pixel for one draw, and from the $m$ and $s$ of each row. `active` counts the latents that say something: those whose mean $m(x)$ has a variance above 0.01 over the rows. The check trains by your plan, in about a second.
//% hint
//| The default rate, 0.001, is safe and slow: after 60 epochs it is not there. What limits a larger one, and when?
//% hint
//| Sum over pixels and over latents, mean over rows. The cost is $\frac12\sum(s^2+m^2-1)-\sum\log s$.
//% hint
//| Begin five times as fast, and end at half the default: `rate: 5e-3, last_rate: 5e-4`, 60 epochs.
pub mod train {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn plan() -> vae::Plan {
            todo!()
        }

        pub fn report(
            log_likelihood: ArrayView2<f64>,
            m: ArrayView2<f64>,
            s: ArrayView2<f64>,
        ) -> [f64; 3] {
            todo!()
        }

        pub fn active(m: ArrayView2<f64>) -> usize {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        // Large steps find the valley, small ones its floor: near the end the noise of the
        // batches is all that a large rate follows.
        pub fn plan() -> vae::Plan {
            vae::Plan { epochs: 60, rate: 5e-3, last_rate: 5e-4, ..vae::Plan::default() }
        }

        pub fn report(
            log_likelihood: ArrayView2<f64>,
            m: ArrayView2<f64>,
            s: ArrayView2<f64>,
        ) -> [f64; 3] {
            let rows = m.nrows() as f64;
            let fit = log_likelihood.sum() / rows;
            let squares = (&s * &s + &m * &m - 1.0).sum();
            let cost = (0.5 * squares - s.mapv(f64::ln).sum()) / rows;
            [fit - cost, fit, cost]
        }

        // The variance over the rows. A latent whose mean is 3 for every row tells nothing.
        pub fn active(m: ArrayView2<f64>) -> usize {
            m.var_axis(Axis(0), 0.0).iter().filter(|v| **v > 0.01).count()
        }
        //% end
    }
}
//% check check::vae::plan(plan, report, active)

//% exercise broken Break it on purpose
//| Train with the last bug left in its loss. The program here multiplies the cost by `objective.beta`, where `objective` is a field of the plan, and leaves the fit a sum over 64 pixels. Which β maximises the same as the mean over pixels less the cost? Let `broken` be such a plan, of at most 60 epochs: the cost should fall below 0.01 nats, and no latent stay active.
//|
//| Then say what β is for pixels that are Gaussian with a standard deviation that is not learned. The maximum of fit − β · cost with `sd` is where the *bound* with `sd_for(beta, sd)` is largest. What follows for the dispute whether β-autoencoders are another model?
//% hint
//| Multiply the objective of the bug by $D$. A common factor does not move the maximum.
//% hint
//| `vae::Plan { objective: vae::Objective { beta: …, ..vae::Objective::default() }, ..vae::Plan::default() }`, and 20 epochs at a rate of 0.003.
//% hint
//| $-\frac{(x-\mu)^2}{2\sigma^2} - \beta\,\text{cost}$ is $\beta$ times $-\frac{(x-\mu)^2}{2\beta\sigma^2} - \text{cost}$: the variance is $\beta\sigma^2$.
pub mod broken {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn broken() -> vae::Plan {
            todo!()
        }

        pub fn sd_for(beta: f64, sd: f64) -> f64 {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        // A nat of cost is paid for with a nat of fit. At β = 64 it must earn 64, and no
        // direction of the digits earns that much: q = prior for every row is the best there is.
        pub fn broken() -> vae::Plan {
            let objective = vae::Objective { beta: 64.0, ..vae::Objective::default() };
            vae::Plan {
                epochs: 20,
                rate: 3e-3,
                last_rate: 3e-3,
                objective,
                ..vae::Plan::default()
            }
        }

        // σ² → βσ²: for a fixed σ a β-autoencoder is a VAE with noisier pixels, so noisy that
        // small directions are not worth a latent. With a σ that is learned, the two differ.
        pub fn sd_for(beta: f64, sd: f64) -> f64 {
            sd * beta.sqrt()
        }
        //% end
    }
}
//% check check::vae::broken(broken, sd_for)

//% exercise refine A q for one digit
//| One encoder serves all digits, and serves none perfectly. Take one digit, begin with the encoder's $m$ and $s$, and climb: `slope(z)` gives the slope of $\log p(x\mid z)$ in the two entries of $z$, and `noise` has a draw $\boldsymbol\varepsilon$ in each row, the same in every step. Give back a better $m$ and $s$. The check asks that the bound does not fall for any of eight test digits, and that with *fresh* draws it gains a tenth of a nat on average. What the encoder loses is the amortisation gap.
//% hint
//| It is the climb of chapter 6, with two latents, and with the cost in closed form. Climb in $\log s$, so that $s$ stays above zero.
//% hint
//| Slopes: in $m$ the mean of `slope(m + s·ε)`, less $m$; in $\log s$ the mean of `slope(m + s·ε)`·sε, plus $1 - s^2$.
//% hint
//| Posteriors are narrow: a step in $m$ that suits a wide one overshoots. Scale it by $s^2$, entry by entry; then 0.3 for both and 60 steps will do.
pub mod refine {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn refine(
            slope: &dyn Fn(ArrayView1<f64>) -> Array1<f64>,
            m: Array1<f64>,
            s: Array1<f64>,
            noise: ArrayView2<f64>,
        ) -> (Array1<f64>, Array1<f64>) {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        // The draws are held, so each step climbs one smooth function. The encoder's q is a good
        // start: what it leaves is what a map of this size cannot say of each digit.
        pub fn refine(
            slope: &dyn Fn(ArrayView1<f64>) -> Array1<f64>,
            m: Array1<f64>,
            s: Array1<f64>,
            noise: ArrayView2<f64>,
        ) -> (Array1<f64>, Array1<f64>) {
            let (mut m, mut s, n) = (m, s, noise.nrows() as f64);
            for _ in 0..60 {
                let (mut by_m, mut by_log_s) = (-&m, 1.0 - &s * &s);
                for e in noise.rows() {
                    let shift = &s * &e;
                    let force = slope((&m + &shift).view()) / n;
                    by_log_s = by_log_s + &force * &shift;
                    by_m = by_m + force;
                }
                m = m + 0.3 * &s * &s * by_m;
                s = s * (0.3 * by_log_s).mapv(f64::exp);
            }
            (m, s)
        }
        //% end
    }
}
//% check check::vae::refine(refine)

//% exercise three Which middle, and which image?
//| "For new data take the mean of $q$: it is the most likely $z$, and decoding it gives the image." Test both halves on the decoder with three pixels, where all can be computed. `three` gives three middles of $z$ for one image: the place of the largest posterior density (the MAP), the posterior's mean, and the mean of the best Gaussian $q$, which is what an encoder at its best would say. `decoded` gives the probability of a pixel at $z = m$, and the mean of that probability over $q$: the image of the mean and the mean of the images. `e` and `p` are places of $\varepsilon$ and their probabilities.
//% hint
//| `hidden.log_posterior()` stands beside the places `hidden.z`. `hidden.mean(&log_posterior, &hidden.z)` is a mean.
//% hint
//| `hidden.best_gaussian(elbo::Gauss { mean: 0.0, sd: 1.0 })` gives the best $q$ and its bound.
//% hint
//| The second of `decoded` is $\sum p\cdot\text{pixel}(m+s\varepsilon)$. It is the first if the pixel is a straight line in $z$. If the pixel bends, the two differ in general.
pub mod three {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn three(hidden: &Hidden) -> [f64; 3] {
            todo!()
        }

        pub fn decoded(
            pixel: &dyn Fn(f64) -> f64,
            m: f64,
            s: f64,
            e: &[f64],
            p: &[f64],
        ) -> [f64; 2] {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        // A q fitted by KL(q ‖ posterior) sits near the posterior's mean, not on its top; and
        // the image of a middle is no average image. For a prediction, average what is decoded.
        pub fn three(hidden: &Hidden) -> [f64; 3] {
            let log_posterior = hidden.log_posterior();
            let places = 0..log_posterior.len();
            let top = places
                .max_by(|a, b| log_posterior[*a].total_cmp(&log_posterior[*b]))
                .unwrap();
            let start = elbo::Gauss { mean: 0.0, sd: 1.0 };
            let (q, _) = hidden.best_gaussian(start).unwrap();
            [hidden.z[top], hidden.mean(&log_posterior, &hidden.z), q.mean]
        }

        pub fn decoded(
            pixel: &dyn Fn(f64) -> f64,
            m: f64,
            s: f64,
            e: &[f64],
            p: &[f64],
        ) -> [f64; 2] {
            [pixel(m), e.iter().zip(p).map(|(e, p)| p * pixel(m + s * e)).sum()]
        }
        //% end
    }
}
//% check check::vae::three(three, decoded)

//% exercise error_bars Error bars
//| For one $x$, $R$ draws of $z$ from $q$ were decoded into Gaussian pixels: `means` and `sds` have a row for each draw and a column for each pixel. `error_bars` gives mean and standard deviation of what each pixel will be, $z$ not known. `interval` gives the ends of the Gaussian interval with 5 % on either side. The check sees a row through noise, draws from its posterior, and counts how many second looks lie inside.
//% hint
//| Two things are uncertain: which $z$ it was, and what the noise will be once it is known.
//% hint
//| The law of total variance: the mean of the variances, and the variance of the means.
//% hint
//| Divide by $R$. Add variances, and take the root at the end. $\Phi^{-1}(0.95)$ is `vae::normal::quantile(0.95).unwrap()`.
pub mod error_bars {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn error_bars(
            means: ArrayView2<f64>,
            sds: ArrayView2<f64>,
        ) -> (Array1<f64>, Array1<f64>) {
            todo!()
        }

        pub fn interval(mean: f64, sd: f64) -> [f64; 2] {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        // The draws make a mixture of R Gaussians, each with weight 1/R. Its variance is the
        // noise that every draw expects, and the spread of what they expect. What no draw knows
        // of is still missing: whether θ is right.
        pub fn error_bars(
            means: ArrayView2<f64>,
            sds: ArrayView2<f64>,
        ) -> (Array1<f64>, Array1<f64>) {
            let draws = means.nrows() as f64;
            let noise = (&sds * &sds).sum_axis(Axis(0)) / draws;
            let latent = means.var_axis(Axis(0), 0.0);
            (means.sum_axis(Axis(0)) / draws, (noise + latent).mapv(f64::sqrt))
        }

        pub fn interval(mean: f64, sd: f64) -> [f64; 2] {
            let reach = vae::normal::quantile(0.95).unwrap() * sd;
            [mean - reach, mean + reach]
        }
        //% end
    }
}
//% check check::vae::error_bars(error_bars, interval)

//% exercise cloud Problem 6a: what does the cloud resemble?
//| The tutorial's Problem 6, in three parts. Draw one $z$ from $q(z\mid x_n)$ for every row, and look at the cloud. What does it resemble? Do not say it, measure it. `cloud` draws; `summary` gives the distance of the cloud's mean from 0, the largest entry in size of its covariance less $\mat I$, and the share of draws within distance 1 of 0. What `share(r)` of $\mathcal N(0,\mat I)$ in two dimensions lies within $r$? The check uses the digits of chapter 1, under the best linear model with two latents.
//% hint
//| One draw a row, $m + s\varepsilon$, entry by entry. The means alone make another, smaller cloud: why?
//% hint
//| The covariance is divided by $N$: `centred.t().dot(&centred) / n`.
//% hint
//| In polar coordinates the radius has the density $re^{-r^2/2}$. From 0 to $r$ that is $1 - e^{-r^2/2}$.
pub mod cloud {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn cloud(
            m: ArrayView2<f64>,
            s: ArrayView2<f64>,
            noise: ArrayView2<f64>,
        ) -> Array2<f64> {
            todo!()
        }

        pub fn summary(z: ArrayView2<f64>) -> [f64; 3] {
            todo!()
        }

        pub fn share(r: f64) -> f64 {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        // It resembles the prior. Mean 0 and covariance I are necessary, and not enough: the
        // share within a radius looks at the shape too, and a picture at more than any number.
        pub fn cloud(
            m: ArrayView2<f64>,
            s: ArrayView2<f64>,
            noise: ArrayView2<f64>,
        ) -> Array2<f64> {
            &m + &(&s * &noise)
        }

        pub fn summary(z: ArrayView2<f64>) -> [f64; 3] {
            let n = z.nrows() as f64;
            let mean = z.sum_axis(Axis(0)) / n;
            let centred = &z - &mean;
            let off = centred.t().dot(&centred) / n - Array2::<f64>::eye(z.ncols());
            let far = off.iter().fold(0.0f64, |m, v| m.max(v.abs()));
            let inside = z.rows().into_iter().filter(|row| row.dot(row) < 1.0).count();
            [mean.dot(&mean).sqrt(), far, inside as f64 / n]
        }

        pub fn share(r: f64) -> f64 {
            1.0 - (-0.5 * r * r).exp()
        }
        //% end
    }
}
//% check check::vae::cloud(cloud, summary, share)

//% exercise average Problem 6b: justify it
//| Why should the cloud resemble the prior? The tutorial's own solution writes $\sum_n q(z\mid x_n) \approx \int q(z\mid x)p(x)\,dx \approx \int p(z\mid x)p(x)\,dx = p(z)$, "because $q$ is well trained". Two things are missing. A sum of $N$ densities has mass $N$. And which $p(x)$ is that? Write it as four steps:
//|
//| 1. $\frac1N\sum_n q(z\mid x_n) \approx \int q(z\mid x)\,p_{\text{data}}(x)\,dx$
//| 2. $\approx \int p(z\mid x)\,p_{\text{data}}(x)\,dx$
//| 3. $\approx \int p(z\mid x)\,p(x)\,dx$
//| 4. $= \int p(x, z)\,dx = p(z)$
//|
//| `needs` says on what each step rests: 0 nothing, an identity; 1 many rows; 2 a good encoder; 3 a decoder whose $p(x)$ is that of the data. Then `average`: mean and covariance of $\frac1N\sum_n\mathcal N(\vec m_n,\mat G)$, for means in the rows of `m`. The check tries it where the posterior is exact, at the best fit and off it.
//% hint
//| The covariance of a mixture has two parts, as in the exercise on error bars.
//% hint
//| The covariance is `g` plus that of the rows of `m`, divided by $N$.
//% hint
//| The rows are drawn from the world, and $p(x)$ is what the decoder makes of the prior. No encoder can change either.
pub mod average {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn average(m: ArrayView2<f64>, g: ArrayView2<f64>) -> (Array1<f64>, Array2<f64>) {
            todo!()
        }

        pub fn needs() -> [u8; 4] {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        // With the exact posterior, steps 1, 2 and 4 hold for any θ. If the average posterior
        // still differs from the prior, step 3 failed: the model's p(x) is not that of the data.
        pub fn average(m: ArrayView2<f64>, g: ArrayView2<f64>) -> (Array1<f64>, Array2<f64>) {
            let n = m.nrows() as f64;
            let mean = m.sum_axis(Axis(0)) / n;
            let centred = &m - &mean;
            let covariance = centred.t().dot(&centred) / n + &g;
            (mean, covariance)
        }

        pub fn needs() -> [u8; 4] {
            [1, 2, 3, 0]
        }
        //% end
    }
}
//% check check::vae::average(average, needs)

//% exercise holes Problem 6c: valleys
//| "The latent space looks nicely ordered. Can you identify problems?" Measure them. For 200 digits the encoder's `m` and `s` have shape (200, 2), and the aggregate is $\bar q(z) = \frac1N\sum_n q(z\mid\vec x_n)$. `axis` has the places of either coordinate, evenly spaced: `axis[1] - axis[0]` is the side of a cell. `divergence` gives $\mathrm{KL}(\bar q\,\Vert\,p(z))$ as a sum over the cells. `holes` gives `count` places of the grid at which $p(z) - \bar q(z)$ is largest: where draws from the prior land more often than digits live. The check decodes your holes, and asks how well the likeliest digit fits what comes out.
//% hint
//| First a function for $p$ and $\bar q$ at every place. $\bar q$ is a mean of 200 densities, each a product of two; `gaussian::log_normal(z, m, s)` is the logarithm of one.
//% hint
//| $\sum\bar q\log(\bar q/p)$ times the area of a cell. Far out $\bar q$ may be zero in 64 bits: then the term is zero.
//% hint
//| Make a list of all places with $p - \bar q$, sort it downwards by that (`b.total_cmp(&a)`), and take the first ones.
pub mod holes {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn divergence(m: &Array2<f64>, s: &Array2<f64>, axis: &[f64]) -> f64 {
            todo!()
        }

        pub fn holes(
            m: &Array2<f64>,
            s: &Array2<f64>,
            axis: &[f64],
            count: usize,
        ) -> Vec<[f64; 2]> {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        /// Every place of the grid, with the prior and the aggregate there.
        pub fn plane(
            m: &Array2<f64>,
            s: &Array2<f64>,
            axis: &[f64],
        ) -> Vec<([f64; 2], f64, f64)> {
            let (log, n) = (gaussian::log_normal, m.nrows());
            let mut out = vec![];
            for &a in axis {
                for &b in axis {
                    let one = |i: usize| {
                        log(a, m[[i, 0]], s[[i, 0]]) + log(b, m[[i, 1]], s[[i, 1]])
                    };
                    let q = (0..n).map(|i| one(i).exp()).sum::<f64>() / n as f64;
                    out.push(([a, b], (log(a, 0.0, 1.0) + log(b, 0.0, 1.0)).exp(), q));
                }
            }
            out
        }

        pub fn divergence(m: &Array2<f64>, s: &Array2<f64>, axis: &[f64]) -> f64 {
            let cell = (axis[1] - axis[0]).powi(2);
            let term = |(_, p, q): &([f64; 2], f64, f64)| {
                if *q > 0.0 { q * (q / p).ln() } else { 0.0 }
            };
            cell * plane(m, s, axis).iter().map(term).sum::<f64>()
        }

        // The valleys are not empty: a Gaussian is nowhere zero. They are thin, and the decoder
        // was never asked there for anything in particular.
        pub fn holes(
            m: &Array2<f64>,
            s: &Array2<f64>,
            axis: &[f64],
            count: usize,
        ) -> Vec<[f64; 2]> {
            let mut all = plane(m, s, axis);
            all.sort_by(|a, b| (b.1 - b.2).total_cmp(&(a.1 - a.2)));
            all.into_iter().take(count).map(|place| place.0).collect()
        }
        //% end
    }
}
//% check check::vae::holes(divergence, holes)

//% exercise quantile A mesh that is fair to the prior
//| The picture of a latent plane lays a mesh under the decoder, each place standing for the same share of the prior. Write `quantile`, which is $\Phi^{-1}$, to nine digits, from `vae::normal::cdf`; `mesh(n)`, the $n$ places with the shares $(i+\frac12)/n$ below them, $i = 0,\dots,n-1$; and `outside(n)`, the share of a two-dimensional prior that lies outside the square of the outermost places. A source says that a plain box never shows what lies outside it, and that the mesh by $\Phi^{-1}$ cures this. Does it? And why does the picture look like one through a fish-eye?
//% hint
//| $\Phi$ rises. Halve an interval that holds the answer, as often as nine digits ask for: 60 times is plenty.
//% hint
//| The shares 0 and 1 belong to $\mp\infty$: a mesh of corners has no finite ends, so take the middles of the cells.
//% hint
//| The outermost places leave $\frac1{2n}$ on either side, $\frac1n$ on each axis: $1-(1-\frac1n)^2$ in the plane.
pub mod quantile {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn quantile(p: f64) -> f64 {
            todo!()
        }

        pub fn mesh(n: usize) -> Vec<f64> {
            todo!()
        }

        pub fn outside(n: usize) -> f64 {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        // A finite mesh is a box too: with 20 places it ends at ±1.96. Its merit is that cells
        // weigh the same. In the middle, where the prior is dense, equal shares lie close
        // together, and the picture enlarges them: the fish-eye. And a mesh is no sample: its
        // variance is 0.94, not 1.
        pub fn quantile(p: f64) -> f64 {
            let (mut low, mut high) = (-10.0, 10.0);
            for _ in 0..60 {
                let middle = 0.5 * (low + high);
                if vae::normal::cdf(middle) < p {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            0.5 * (low + high)
        }

        pub fn mesh(n: usize) -> Vec<f64> {
            (0..n).map(|i| quantile((i as f64 + 0.5) / n as f64)).collect()
        }

        pub fn outside(n: usize) -> f64 {
            let inside = 1.0 - 1.0 / n as f64;
            1.0 - inside * inside
        }
        //% end
    }
}
//% check check::vae::quantile(quantile, mesh, outside)

//% exercise linear The linear one
//| A VAE whose decoder is $\vec x = \mat W\vec z + \vmu$ plus noise of variance $\sigma^2$, and whose encoder is $q = \mathcal N(\mat V(\vec x-\vmu), \operatorname{diag}\vec v)$, needs no draws: its bound is a formula in the covariance $\mat S$ of the rows. Write `bound`, in nats a row; `encoder`, the best $\mat V$ and $\vec v$ for a given decoder; and `decoder`, the best $\mat W$ and $\sigma^2$ for a given encoder. `s` is $\mat S$, `gain` is $\mat V$, and `variance` is $\sigma^2$. The check lets them take turns on the 178 wines, with two latents, from three starts. The end should be the likelihood of PPCA, −2875.636260 nats in all, with $\mat W\T\mat W$ diagonal. PPCA does not ask for that. Who does?
//% hint
//| Encoder: the posterior has the precision $\mat M = \mat I + \mat W\T\mat W/\sigma^2$ and the mean $\mat M^{-1}\mat W\T(\vec x-\vmu)/\sigma^2$. In the direction of $\mathrm{KL}(q\,\Vert\,p)$, which variances does a product take? Chapter 6 says.
//% hint
//| Decoder: as in EM for factor analysis, with $\mat V$ for the gain and $\operatorname{diag}\vec v$ for $\mat G$. $\mat W = \mat S\mat V\T(\mat V\mat S\mat V\T + \operatorname{diag}\vec v)^{-1}$ and $\sigma^2 = \operatorname{tr}(\mat S - \mat W\mat V\mat S)/D$.
//% hint
//| Bound: $-\frac D2\log 2\pi\sigma^2 - \frac1{2\sigma^2}\bigl(\operatorname{tr}\mat S - 2\operatorname{tr}\mat W\mat V\mat S + \operatorname{tr}\mat W\T\mat W(\mat V\mat S\mat V\T+\operatorname{diag}\vec v)\bigr)$, less $\frac12\bigl(\operatorname{tr}\mat V\mat S\mat V\T + \sum_j(v_j - 1 - \log v_j)\bigr)$. The inverse of a symmetric matrix is `h.t().dot(&h)` with `h = linalg::solve_lower(l.view(), eye.view())`, for its Cholesky factor `l`.
pub mod linear {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn encoder(w: ArrayView2<f64>, variance: f64) -> (Array2<f64>, Array1<f64>) {
            todo!()
        }

        pub fn decoder(
            s: ArrayView2<f64>,
            gain: ArrayView2<f64>,
            v: &Array1<f64>,
        ) -> (Array2<f64>, f64) {
            todo!()
        }

        pub fn bound(
            s: ArrayView2<f64>,
            w: ArrayView2<f64>,
            variance: f64,
            gain: ArrayView2<f64>,
            v: &Array1<f64>,
        ) -> f64 {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        // W may be turned without a change of p(x). The diagonal q cannot hold a posterior
        // whose axes are turned, and pays for it in nats; so the turn with a diagonal WᵀW, the
        // principal axes, has the best bound, and there q is exact and the bound is tight.
        pub fn inverse(a: &Array2<f64>) -> Array2<f64> {
            let l = linalg::cholesky(a.view()).unwrap();
            let eye = Array2::<f64>::eye(a.nrows());
            let half = linalg::solve_lower(l.view(), eye.view()).unwrap();
            half.t().dot(&half)
        }

        pub fn encoder(w: ArrayView2<f64>, variance: f64) -> (Array2<f64>, Array1<f64>) {
            let m = w.t().dot(&w) + Array2::<f64>::eye(w.ncols()) * variance;
            (inverse(&m).dot(&w.t()), m.diag().mapv(|m| variance / m))
        }

        pub fn decoder(
            s: ArrayView2<f64>,
            gain: ArrayView2<f64>,
            v: &Array1<f64>,
        ) -> (Array2<f64>, f64) {
            let cross = s.dot(&gain.t());
            let second = gain.dot(&cross) + Array2::from_diag(v);
            let w = cross.dot(&inverse(&second));
            let left = s.diag().sum() - (&w * &cross).sum();
            (w, left / s.nrows() as f64)
        }

        pub fn bound(
            s: ArrayView2<f64>,
            w: ArrayView2<f64>,
            variance: f64,
            gain: ArrayView2<f64>,
            v: &Array1<f64>,
        ) -> f64 {
            let cross = s.dot(&gain.t());
            let second = gain.dot(&cross) + Array2::from_diag(v);
            let error =
                s.diag().sum() - 2.0 * (&w * &cross).sum() + (w.t().dot(&w) * &second).sum();
            let fit = -0.5 * s.nrows() as f64 * (gaussian::LN_2PI + variance.ln())
                - 0.5 * error / variance;
            let logs = v.mapv(|v| 1.0 + v.ln()).sum();
            fit - 0.5 * (second.diag().sum() - logs)
        }
        //% end
    }
}
//% check check::vae::linear(encoder, decoder, bound)

//% exercise switched Latents that switch off
//| The best linear VAE for a *given* noise variance σ² gives the $j$-th of its $L$ latents a column of squared length $\lambda_j-\sigma^2$, or zero if that is negative; $\lambda_1\ge\lambda_2\ge\dots$ are the eigenvalues of the data's covariance. From all eigenvalues, $L$ and σ² (`noise`), give the number of latents that say something, and the variances of $q$ for all $L$. For the wines and ten latents, how many are left at σ² = 0.5, 1 and 2? And can it happen if σ² is learned?
//% hint
//| The last exercise gives the precision of $q$ for a column of squared length $\lambda-\sigma^2$.
//% hint
//| $v_j = \sigma^2/(\lambda_j - \sigma^2 + \sigma^2)$. And for a column of zeros?
//% hint
//| $\sigma^2/\lambda_j$ where $\lambda_j>\sigma^2$, and 1, the prior's variance, elsewhere.
pub mod switched {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn switched(eigenvalues: &[f64], l: usize, noise: f64) -> (usize, Vec<f64>) {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        // A direction earns ½(λ/σ² − 1 − log λ/σ²) nats a row from its latent if λ > σ², and
        // nothing if λ ≤ σ². That is collapse with nothing wrong in the optimiser. A learned σ²
        // is the mean of the eigenvalues left over, so no kept one is below it.
        pub fn switched(eigenvalues: &[f64], l: usize, noise: f64) -> (usize, Vec<f64>) {
            let kept = &eigenvalues[..l];
            let active = kept.iter().filter(|v| **v > noise).count();
            (active, kept.iter().map(|v| (noise / v).min(1.0)).collect())
        }
        //% end
    }
}
//% check check::vae::switched(switched)

//% exercise weighted More draws, a tighter bound
//| With $k$ draws from $q$ and weights $w = p(x,z)/q(z\mid x)$, the mean of $\log\frac1k\sum_i w_i$ is a bound too. `weighted` estimates it: `log_weights` has $k$ draws in each row, and the answer is a mean over rows. `pair` computes it exactly for $k = 2$ when $z$ has finitely many places: `p` are their probabilities under $q$, `log_weights` the logarithms of their weights. What are $k = 1$, and $k\to\infty$? May such a number be compared with the plain bound of another model?
//% hint
//| In each row: the logarithm of a mean. Over the rows: a mean of logarithms.
//% hint
//| `gaussian::log_sum_exp(&row.to_vec()) - (k as f64).ln()`; some weights of the check are near $e^{-900}$.
//% hint
//| $\sum_i\sum_j p_i\,p_j\log\frac{w_i+w_j}2$.
pub mod weighted {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn weighted(log_weights: ArrayView2<f64>) -> f64 {
            todo!()
        }

        pub fn pair(p: &[f64], log_weights: &[f64]) -> f64 {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        // k = 1 is the bound of this book, k → ∞ is log p(x), and in between it rises, by
        // Jensen's inequality for the mean over subsets. So 50 draws for one model and one for
        // another compare nothing: say k beside the number, or compare at the same k.
        pub fn weighted(log_weights: ArrayView2<f64>) -> f64 {
            let k = (log_weights.ncols() as f64).ln();
            let each =
                log_weights.map_axis(Axis(1), |row| gaussian::log_sum_exp(&row.to_vec()) - k);
            each.sum() / each.len() as f64
        }

        pub fn pair(p: &[f64], log_weights: &[f64]) -> f64 {
            let mut sum = 0.0;
            for i in 0..p.len() {
                for j in 0..p.len() {
                    let both = gaussian::log_sum_exp(&[log_weights[i], log_weights[j]]);
                    sum += p[i] * p[j] * (both - 2f64.ln());
                }
            }
            sum
        }
        //% end
    }
}
//% check check::vae::weighted(weighted, pair)

pub fn play() {
    //% text
    //| To play with: train a network, and look at its plane. Each place of the mesh stands for the same share of the prior. Change the plan, β above all, or set the mesh wider than it is.
    //% cell
    let plan: vae::Plan =
        vae::Plan { epochs: 60, rate: 5e-3, last_rate: 5e-4, ..vae::Plan::default() };
    let net: vae::OnCpu = vae::digits::train(plan).unwrap();
    let mesh: Array2<f64> = vae::normal::mesh(12).unwrap();
    let images: Array2<f64> = vae::digits::images(&net, mesh.view()).unwrap();
    let picture: Svg = {
        let mut rows = vec![];
        for i in 0..12 {
            let pixels = images.slice(s![12 * i..12 * (i + 1), ..]);
            rows.push(plot::Picture { name: String::new(), pixels, ink: 1.0, signed: false });
        }
        plot::images(&rows, 8).unwrap()
    };
    picture
    //% end
    ;
}

/// Name, verdict on the stub, verdict on the solution.
pub fn verdicts() -> Vec<(&'static str, Verdict, Verdict)> {
    use check::vae as c;
    vec![
        (
            "moved",
            c::moved(moved::stub::still, moved::stub::moved, moved::stub::holds),
            c::moved(moved::solution::still, moved::solution::moved, moved::solution::holds),
        ),
        (
            "variances",
            c::variances(
                variances::stub::score,
                variances::stub::path,
                variances::stub::wave,
                variances::stub::wave_slope,
            ),
            c::variances(
                variances::solution::score,
                variances::solution::path,
                variances::solution::wave,
                variances::solution::wave_slope,
            ),
        ),
        ("drawn", c::drawn(drawn::stub::drawn), c::drawn(drawn::solution::drawn)),
        ("forms", c::forms(forms::stub::forms), c::forms(forms::solution::forms)),
        (
            "cost",
            c::cost(cost::stub::cost, cost::stub::push),
            c::cost(cost::solution::cost, cost::solution::push),
        ),
        (
            "differences",
            c::differences(differences::stub::differences, differences::stub::off),
            c::differences(differences::solution::differences, differences::solution::off),
        ),
        ("slopes", c::slopes(slopes::stub::slopes), c::slopes(slopes::solution::slopes)),
        ("loss", c::loss(loss::stub::loss), c::loss(loss::solution::loss)),
        (
            "plan",
            c::plan(train::stub::plan, train::stub::report, train::stub::active),
            c::plan(train::solution::plan, train::solution::report, train::solution::active),
        ),
        (
            "broken",
            c::broken(broken::stub::broken, broken::stub::sd_for),
            c::broken(broken::solution::broken, broken::solution::sd_for),
        ),
        ("refine", c::refine(refine::stub::refine), c::refine(refine::solution::refine)),
        (
            "three",
            c::three(three::stub::three, three::stub::decoded),
            c::three(three::solution::three, three::solution::decoded),
        ),
        (
            "error_bars",
            c::error_bars(error_bars::stub::error_bars, error_bars::stub::interval),
            c::error_bars(error_bars::solution::error_bars, error_bars::solution::interval),
        ),
        (
            "cloud",
            c::cloud(cloud::stub::cloud, cloud::stub::summary, cloud::stub::share),
            c::cloud(
                cloud::solution::cloud,
                cloud::solution::summary,
                cloud::solution::share,
            ),
        ),
        (
            "average",
            c::average(average::stub::average, average::stub::needs),
            c::average(average::solution::average, average::solution::needs),
        ),
        (
            "holes",
            c::holes(holes::stub::divergence, holes::stub::holes),
            c::holes(holes::solution::divergence, holes::solution::holes),
        ),
        (
            "quantile",
            c::quantile(
                quantile::stub::quantile,
                quantile::stub::mesh,
                quantile::stub::outside,
            ),
            c::quantile(
                quantile::solution::quantile,
                quantile::solution::mesh,
                quantile::solution::outside,
            ),
        ),
        (
            "linear",
            c::linear(linear::stub::encoder, linear::stub::decoder, linear::stub::bound),
            c::linear(
                linear::solution::encoder,
                linear::solution::decoder,
                linear::solution::bound,
            ),
        ),
        (
            "switched",
            c::switched(switched::stub::switched),
            c::switched(switched::solution::switched),
        ),
        (
            "weighted",
            c::weighted(weighted::stub::weighted, weighted::stub::pair),
            c::weighted(weighted::solution::weighted, weighted::solution::pair),
        ),
    ]
}
