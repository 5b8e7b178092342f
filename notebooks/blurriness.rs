//! The exercises of chapter 8: their text, hints, stubs and solutions. `cargo run -- notebooks` makes the notebook
//! from this file, the page shows it, and `tests/notebooks` runs every stub and every solution.
#![allow(missing_docs)]
use latent::prelude::*;

//% notebook 08-blurriness The blurry images
//% text
//| Eleven exercises, two of them hunts for a bug. Write a function's body in place of `todo!()`, or mend the one that stands there, run the cell, and read what the check says. Nothing you do here can break a variable of another cell.
//|
//| Symbols are those of the book: $s$ and $\sigma$ are standard deviations, $D$ is the number of pixels, $\varepsilon$ a draw of $\mathcal N(0,1)$. All divergences are in nats.

pub fn look() {
    //% text
    //| First a look: two peaks at ±3, three Gaussians $q$, and the divergence in either direction. Each direction has its own winner. Move the peaks to ±1: who wins now?
    //% cell
    let peaks: mean_field::Peaks =
        mean_field::Peaks::new([0.5; 2], [-3.0, 3.0], [1.0; 2]).unwrap();
    let grid: Hidden = peaks.hidden();
    for (mean, sd) in [(0.0, 3.1623), (0.0, 2.7438), (2.9843, 1.0234)] {
        let q = elbo::Gauss { mean, sd };
        let reverse = -grid.elbo(&q.on(&grid)).nats();
        println!("m {mean}, s {sd}: KL(p‖q) {:.3}, KL(q‖p) {reverse:.3}", peaks.other_way(q));
    }
    //% end
}

//% exercise moments Covering the peaks
//| $p$ is a mixture of Gaussian peaks on the line, with weights, means and standard deviations. `moments` gives the mean and the standard deviation of the Gaussian $q$ with the least $\mathrm{KL}(p\,\Vert\,q)$. For equal peaks of width 1 at ±3 that is 0 and 3.1623.
//|
//| Then say why. A Gaussian is proportional to $e^{az+bz^2}$ with $b<0$. `slopes` takes the first two moments of $p$, $[\E_p z, \E_p z^2]$, and $[a, b]$ of a $q$, and gives the slopes of $\mathrm{KL}(p\,\Vert\,q)$ in $a$ and in $b$.
//% hint
//| As a function of $q$, the divergence is $-\E_p\log q$ and a constant. What of $p$ does that need, if $\log q$ is a parabola?
//% hint
//| $-\E_p\log q = \log\int e^{az+bz^2}dz - a\,\E_p z - b\,\E_p z^2$. The slopes of the first term in $a$ and $b$ are the moments of $q$, so where both slopes vanish the moments agree.
//% hint
//| $\E_p z^2 = \sum_k w_k(s_k^2+m_k^2)$, and the variance is that less $(\E_p z)^2$. For $q$: $s^2 = -\frac1{2b}$, $m = a s^2$.
pub mod moments {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn moments(weights: &[f64], means: &[f64], sds: &[f64]) -> (f64, f64) {
            todo!()
        }

        pub fn slopes(p: [f64; 2], q: [f64; 2]) -> [f64; 2] {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        // Maximum likelihood with a Gaussian can see no more of p than two moments: whatever
        // has them gets the same q, one peak or two. So the cover is the family's doing.
        pub fn moments(weights: &[f64], means: &[f64], sds: &[f64]) -> (f64, f64) {
            let (mut mean, mut square) = (0.0, 0.0);
            for k in 0..weights.len() {
                mean += weights[k] * means[k];
                square += weights[k] * (sds[k] * sds[k] + means[k] * means[k]);
            }
            (mean, (square - mean * mean).sqrt())
        }

        pub fn slopes(p: [f64; 2], q: [f64; 2]) -> [f64; 2] {
            let variance = -0.5 / q[1];
            let mean = q[0] * variance;
            [mean - p[0], mean * mean + variance - p[1]]
        }
        //% end
    }
}
//% check check::blurriness::moments(moments, slopes)

//% exercise optima Taking one peak, or both
//| Now $\mathrm{KL}(q\,\Vert\,p)$. Two equal peaks of width 1 stand at $\pm d$. `optima` gives every Gaussian at which a way down ends: an end is level, and beside it the divergence is larger everywhere. `p.settle(start)` makes the way down from a start, and gives its end as `.q` and the divergence there as `.kl`. Is it true that this direction always takes one peak?
//|
//| `switch` gives, to three digits after the point, the $d$ at which the best $q$ stops covering both.
//% hint
//| One start on each peak, and one that is wide enough to see both. Some ends may be the same place.
//% hint
//| For `switch`, two ways down at each $d$: from $m=d$, $s=1$, and from $m=0$ with $s=\sqrt{1+d^2}$. Whose end has the smaller divergence?
//% hint
//| At $d=2.5$ the middle is better, at $d=3$ the side. Halve the interval ten times or more.
pub mod optima {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn optima(d: f64) -> Vec<elbo::Gauss> {
            let p = blurriness::Modes::pair(d).unwrap();
            todo!()
        }

        pub fn switch() -> f64 {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        // "Mode seeking" is what happens to peaks that are far apart. Near ones are covered in
        // this direction too, and from a wide start the way ends in the middle at any distance.
        pub fn ends(d: f64) -> Vec<blurriness::Level> {
            let p = blurriness::Modes::pair(d).unwrap();
            let wide = (1.0 + d * d).sqrt();
            [(0.0, wide), (d, 1.0), (-d, 1.0)]
                .into_iter()
                .map(|(mean, sd)| p.settle(elbo::Gauss { mean, sd }).unwrap())
                .collect()
        }

        pub fn optima(d: f64) -> Vec<elbo::Gauss> {
            let mut found: Vec<elbo::Gauss> = vec![];
            for end in ends(d) {
                if found.iter().all(|other| (other.mean - end.q.mean).abs() > 0.01) {
                    found.push(end.q);
                }
            }
            found
        }

        pub fn switch() -> f64 {
            let (mut low, mut high) = (2.5, 3.0);
            for _ in 0..12 {
                let d = 0.5 * (low + high);
                let ends = ends(d);
                if ends[0].kl < ends[1].kl {
                    low = d;
                } else {
                    high = d;
                }
            }
            0.5 * (low + high)
        }
        //% end
    }
}
//% check check::blurriness::optima(optima, switch)

//% exercise shared A code with two images
//| An encoder gives two images the same code; a share $w$ of the rows with this code is image `a`, the rest is `b`. The decoder answers with $\mathcal N(\vmu, \sigma^2\mat I)$. Which $\vmu$, and which $\sigma^2$ for all pixels alike, give the highest mean of $\log p(\vec x\mid\vec z)$?
//% hint
//| Whatever $\sigma^2$ is, the best $\vmu$ has the least mean squared error.
//% hint
//| With $\vmu = w\vec a+(1-w)\vec b$, how far is each image from it?
//% hint
//| $w(1-w)^2 + (1-w)w^2 = w(1-w)$, times $\lVert\vec a-\vec b\rVert^2$, and that is shared by $D$ pixels.
pub mod shared {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn shared(a: ArrayView1<f64>, b: ArrayView1<f64>, w: f64) -> (Array1<f64>, f64) {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        // The average of two sharp images, and a variance that says how wrong it is. The model
        // does not claim that the average is an image: it claims the average with noise on it.
        pub fn shared(a: ArrayView1<f64>, b: ArrayView1<f64>, w: f64) -> (Array1<f64>, f64) {
            let apart = (&a - &b).mapv(|v| v * v).sum();
            (w * &a + (1.0 - w) * &b, w * (1.0 - w) * apart / a.len() as f64)
        }
        //% end
    }
}
//% check check::blurriness::shared(shared)

//% exercise noise The noise that fits best
//| `misses` holds $\vec x-\vmu$, a row for each image, with all pixels sharing one $\sigma^2$. `variance` gives the best $\sigma^2$. `fit` gives the mean of $\log p(\vec x\mid\vec z)$ over images there, from the number of pixels and the variance alone. For 64 pixels and a variance of 0.03 it is 21.397787 nats: say why it may be above zero.
//% hint
//| Write $v=\sigma^2$. The sum over $n$ misses is $-\frac n2\log 2\pi v - \frac1{2v}\sum\text{miss}^2$. Differentiate in $v$.
//% hint
//| The best $v$ is the mean square, over rows and pixels, about zero and not about the misses' mean.
//% hint
//| Put it back: the squares add up to $\frac D2$ for each image. $-\frac D2(\log 2\pi v+1)$.
pub mod noise {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn variance(misses: ArrayView2<f64>) -> f64 {
            todo!()
        }

        pub fn fit(pixels: usize, variance: f64) -> f64 {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        // A density in 64 dimensions that keeps within 0.17 of its mean is higher than 1 there.
        // With σ² learned, the fit falls by D/2 for every nat of log variance: the squared error
        // acts through its logarithm, and needs no weight set by hand.
        pub fn variance(misses: ArrayView2<f64>) -> f64 {
            misses.mapv(|v| v * v).sum() / misses.len() as f64
        }

        pub fn fit(pixels: usize, variance: f64) -> f64 {
            -0.5 * pixels as f64 * (gaussian::LN_2PI + variance.ln() + 1.0)
        }
        //% end
    }
}
//% check check::blurriness::noise(variance, fit)

//% exercise beta A weight that is a variance
//| With Gaussian pixels of a fixed variance, somebody maximises fit − β·cost. `twin` gives the variance whose plain bound has the same best networks. `apart` gives the objective with β and σ², less β times the bound with the twin's variance: a number that no network moves.
//|
//| Test it on the linear autoencoder of the last chapter, which needs no training. `columns` takes all eigenvalues $\lambda_1\ge\lambda_2\ge\dots$ of the data's covariance, the size of the code, β and σ². It gives the squared lengths of the best decoder's columns and the variances of $q$ for the objective with β, all of them for each latent.
//% hint
//| Divide by β. The squared error $\lVert\vec x-\vmu\rVert^2$ then stands over $2\beta\sigma^2$.
//% hint
//| The fit with σ² has $-\frac D2\log2\pi\sigma^2$, the twin's has $-\frac D2\log2\pi\beta\sigma^2$, and that one counts β times.
//% hint
//| For the plain bound the squared length is $\lambda_j-\sigma^2$, or zero, and the variance of $q$ is $\sigma^2/\lambda_j$, or 1. Put the twin in.
pub mod beta {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn twin(beta: f64, variance: f64) -> f64 {
            todo!()
        }

        pub fn apart(pixels: usize, beta: f64, variance: f64) -> f64 {
            todo!()
        }

        pub fn columns(
            eigenvalues: &[f64],
            l: usize,
            beta: f64,
            variance: f64,
        ) -> (Vec<f64>, Vec<f64>) {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        // So "a smaller β makes sharper images" says: a smaller σ² does, a decoder that is not
        // allowed to call detail noise. Whoever learns σ² has answered the question already.
        pub fn twin(beta: f64, variance: f64) -> f64 {
            beta * variance
        }

        pub fn apart(pixels: usize, beta: f64, variance: f64) -> f64 {
            let log = |v: f64| 0.5 * pixels as f64 * (gaussian::LN_2PI + v.ln());
            beta * log(twin(beta, variance)) - log(variance)
        }

        pub fn columns(
            eigenvalues: &[f64],
            l: usize,
            beta: f64,
            variance: f64,
        ) -> (Vec<f64>, Vec<f64>) {
            let noise = twin(beta, variance);
            let lengths = eigenvalues[..l].iter().map(|v| (v - noise).max(0.0)).collect();
            (lengths, eigenvalues[..l].iter().map(|v| (noise / v).min(1.0)).collect())
        }
        //% end
    }
}
//% check check::blurriness::beta(twin, apart, columns)

//% exercise sharpness How sharp is sharp?
//| Where an image is smooth, a pixel is the mean of its four neighbours. So take the mean size of $4x_{ij}-x_{i-1,j}-x_{i+1,j}-x_{i,j-1}-x_{i,j+1}$, over the pixels that have four neighbours.
//|
//| The check then trains a network on the black and white digits and scores its images. `"data"`: digits that it was not trained on. `"reconstruction"`: the decoder's means at those digits' own codes. `"draw"`: pixels drawn from the decoder's means at codes of the prior. Before you run it, `ranked` says which is the blurriest, which comes next, and which is the sharpest.
//|
//| A second forecast. Some say that samples are blurry because the prior puts codes into empty places, where the decoder was never trained. Then its means at codes of the prior should be clearly blurrier than the reconstructions: say, by a tenth. Will they be? `emptiness` says `true` or `false`. Either answer would teach something.
//% hint
//| Two loops, from 1 to one before the last. Which size do the sums have to be divided by?
//% hint
//| `f64::abs` before the sum. There are (height − 2)(width − 2) such pixels. An image that is white all over has sharpness zero.
//% hint
//| A mean is blurrier than what it is a mean of. In a draw every pixel decides for itself.
pub mod sharpness {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn sharpness(image: ArrayView2<f64>) -> f64 {
            todo!()
        }

        // Of "data", "reconstruction", "draw": the blurriest first.
        pub fn ranked() -> [&'static str; 3] {
            todo!()
        }

        pub fn emptiness() -> bool {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        // The means at codes of the prior are as sharp as the reconstructions, or nearly: in the
        // chapter's network too the step between them is the small one. What is blurred is the
        // mean of p(x | z), wherever z comes from. And a draw is sharper than a digit without
        // being a better digit: its pixels know nothing of each other.
        pub fn sharpness(image: ArrayView2<f64>) -> f64 {
            let (h, w) = image.dim();
            let mut sum = 0.0;
            for i in 1..h - 1 {
                for j in 1..w - 1 {
                    let beside = image[[i, j - 1]] + image[[i, j + 1]];
                    let around = image[[i - 1, j]] + image[[i + 1, j]] + beside;
                    sum += (4.0 * image[[i, j]] - around).abs();
                }
            }
            sum / ((h - 2) * (w - 2)) as f64
        }

        pub fn ranked() -> [&'static str; 3] {
            ["reconstruction", "data", "draw"]
        }

        pub fn emptiness() -> bool {
            false
        }
        //% end
    }
}
//% check check::blurriness::sharpness(sharpness, ranked, emptiness)

//% exercise scales What a loose bound prefers
//| The tiny decoder of chapter 3, with its last weights multiplied by some scale, made the data. Now forget the scale, which is between 1 and 4, and find it again among the decoders `elbo::Tiny::default().scaled(c)`. For each $c$, `curves(c)` gives two numbers: the mean of $\log p(x)$ over the data, and the mean of the best Gaussian's bound, as `on_average` of chapter 3 does. `scales` gives the $c$ at which the first is highest, and the $c$ at which the second is, to three digits after the point. A lecture says that both are the same, since $q$ can always be adjusted until the bound touches. If that were so, what would you find?
//% hint
//| Of all distributions the truth has the highest mean of $\log p(x)$. So there is one scale that the first curve must prefer; search all the same.
//% hint
//| Both curves have one top between 1 and 4. Cut the interval at two places, compare, and drop the part that cannot hold the top.
//% hint
//| Cut it into three equal parts, and repeat 22 times. (At 0.382 and 0.618, one of the two places would serve again.)
pub mod scales {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn scales(curves: &dyn Fn(f64) -> [f64; 2]) -> [f64; 2] {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        // The surer the pixels, the farther the posteriors are from any Gaussian, and the bound
        // pays that gap. So it gives up some likelihood for posteriors that it can reach: pixels
        // less sure than the data are. That is blur which no sampling can repair.
        pub fn scales(curves: &dyn Fn(f64) -> [f64; 2]) -> [f64; 2] {
            [0, 1].map(|which| {
                let (mut low, mut high) = (1.0, 4.0);
                for _ in 0..22 {
                    let third = (high - low) / 3.0;
                    if curves(low + third)[which] < curves(high - third)[which] {
                        low += third;
                    } else {
                        high -= third;
                    }
                }
                0.5 * (low + high)
            })
        }
        //% end
    }
}
//% check check::blurriness::scales(scales)

//% exercise step One step is enough
//| Chapter 6 left a gap of 0.830366 nats between the best product and a posterior with correlation 0.9. Close it. Draw independent $\varepsilon_i$, and let latent $i$ look at the draws before it: $z_i = m_i + \sum_{j<i}L_{ij}\varepsilon_j + L_{ii}\varepsilon_i$, with $L_{ii}>0$. `forth` does that, `back` finds the $\varepsilon$ of a given $z$, and `log_det` gives $\log|\det|$ of the step. With $\mat L$ from the Cholesky factorisation $\mat\Sigma=\mat L\mat L\T$ of the posterior's covariance, $q$ is the posterior: the check looks whether $\log q-\log p$ is zero at every draw.
//% hint
//| `forth` is a product of a matrix with a list, plus the mean. The entries of `l` above the diagonal are zero.
//% hint
//| `back`: $z_1$ gives $\varepsilon_1$ at once. Once that is known, $z_2$ gives $\varepsilon_2$.
//% hint
//| The determinant of a triangular matrix is the product of its diagonal. How the latents lean on each other does not enter.
pub mod step {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn forth(
            l: ArrayView2<f64>,
            m: ArrayView1<f64>,
            e: ArrayView1<f64>,
        ) -> Array1<f64> {
            todo!()
        }

        pub fn back(
            l: ArrayView2<f64>,
            m: ArrayView1<f64>,
            z: ArrayView1<f64>,
        ) -> Array1<f64> {
            todo!()
        }

        pub fn log_det(l: ArrayView2<f64>) -> f64 {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        // Forth, all latents at once; back, one after the other. A network that gives m and L
        // for each x makes a full-covariance encoder of a diagonal one, for L(L − 1)/2 more
        // outputs. Steps that are not linear, one behind another, reach farther than Gaussians.
        pub fn forth(
            l: ArrayView2<f64>,
            m: ArrayView1<f64>,
            e: ArrayView1<f64>,
        ) -> Array1<f64> {
            &m + &l.dot(&e)
        }

        pub fn back(
            l: ArrayView2<f64>,
            m: ArrayView1<f64>,
            z: ArrayView1<f64>,
        ) -> Array1<f64> {
            let mut e = Array1::zeros(z.len());
            for i in 0..z.len() {
                let put_in: f64 = (0..i).map(|j| l[[i, j]] * e[j]).sum();
                e[i] = (z[i] - m[i] - put_in) / l[[i, i]];
            }
            e
        }

        pub fn log_det(l: ArrayView2<f64>) -> f64 {
            l.diag().mapv(f64::ln).sum()
        }
        //% end
    }
}
//% check check::blurriness::step(forth, back, log_det)

//% exercise log_q Find the bug: a divergence below zero
//| The density behind the step of the last exercise. At $\mat L=\mat I$ its author found it right to the last digit. At a correlation of 0.9 the divergence of this $q$ from the posterior it is made for comes out as −1.66 nats, and the bound above the evidence by as much. Find the bug, and mend it.
//% hint
//| A divergence below zero: which of the two is no density? How much mass has it?
//% hint
//| A step that squeezes a cloud to half its width makes it twice as dense.
//% hint
//| $\log q(z) = \log\mathcal N(\varepsilon;\vec 0,\mat I) - \log|\det\mat L|$.
pub mod log_q {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn log_q(l: ArrayView2<f64>, m: ArrayView1<f64>, z: ArrayView1<f64>) -> f64 {
            let apart = (&z - &m).insert_axis(Axis(1));
            let e = linalg::solve_lower(l, apart.view()).unwrap();
            let of_the_draws = -0.5 * e.mapv(|e| e * e + gaussian::LN_2PI).sum();
            of_the_draws + l.diag().mapv(f64::ln).sum()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        // At L = I, where log|det| is zero, either sign is right, and a network often starts
        // there. Trained with the wrong sign it squeezes without end: that pays in both terms.
        pub fn log_q(l: ArrayView2<f64>, m: ArrayView1<f64>, z: ArrayView1<f64>) -> f64 {
            let apart = (&z - &m).insert_axis(Axis(1));
            let e = linalg::solve_lower(l, apart.view()).unwrap();
            let of_the_draws = -0.5 * e.mapv(|e| e * e + gaussian::LN_2PI).sum();
            of_the_draws - l.diag().mapv(f64::ln).sum()
        }
        //% end
    }
}
//% check check::blurriness::density(log_q)

//% exercise critic A divergence from below
//| With $f(u) = u\log u$, the mean of $f(p/q)$ under $q$ is $\mathrm{KL}(p\,\Vert\,q)$. The conjugate $f^*(t)$ is the highest value of $ut-f(u)$ over $u>0$. From $f(u)\ge ut-f^*(t)$ it follows that $\E_pT-\E_qf^*(T)$ is below the divergence, whatever number $T$ a critic gives at each place. No density is needed: two means are enough, over draws of both.
//|
//| Write `conjugate`; `best`, the $T$ that touches, as a function of $r=p/q$; and `bound`, from the probabilities of $p$ and $q$ and the critic's $T$ at a list of places. Between $\mathcal N(0,1)$ and $\mathcal N(1,1.5^2)$ the divergence is 0.349910 nats. What does a critic see that is half as sure, $T=1+\frac12\log\frac pq$?
//% hint
//| $ut-u\log u$ has the slope $t-\log u-1$ in $u$.
//% hint
//| So $u=e^{t-1}$, and $f^*(t)$ is what is left there: $u\,(t-\log u)$.
//% hint
//| A line touches $f$ at $u=r$ if it has $f$'s slope there. `bound` is $\sum pT-\sum q\,e^{T-1}$.
pub mod critic {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn conjugate(t: f64) -> f64 {
            todo!()
        }

        pub fn best(r: f64) -> f64 {
            todo!()
        }

        pub fn bound(p: &[f64], q: &[f64], t: &[f64]) -> f64 {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        // The critic's bound is below the divergence. Whoever trains q to lower it lowers a lower
        // bound: the divergence itself may stay where it is. With the evidence bound it is the
        // other way round: there the bound is pushed up against what is above.
        pub fn conjugate(t: f64) -> f64 {
            (t - 1.0).exp()
        }

        pub fn best(r: f64) -> f64 {
            1.0 + r.ln()
        }

        pub fn bound(p: &[f64], q: &[f64], t: &[f64]) -> f64 {
            let mut sum = 0.0;
            for i in 0..t.len() {
                sum += p[i] * t[i] - q[i] * conjugate(t[i]);
            }
            sum
        }
        //% end
    }
}
//% check check::blurriness::critic(conjugate, best, bound)

//% exercise tamed Find the bug: a critic out of bounds
//| The other direction, $\mathrm{KL}(q\,\Vert\,p)$, has $f(u)=-\log u$ and $f^*(t)=-1-\log(-t)$. `v` is what a network gives at each place: any number. Its author had NaN in the first run, looked up what causes it, and put an `abs` there. Since then the divergence of two fixed distributions grows with every step of training, and passes the true value. Find the bug, and mend it with $T=-e^{-v}$.
//% hint
//| For which $t$ does the line $ut$ stay above $-\log u$ at most by a finite number, as $u$ grows?
//% hint
//| Only for $t<0$. The `abs` makes a number of something that is infinite.
//% hint
//| Put $T=-e^{-v}$ in both places: under $p$, and in the conjugate, where $\log(-T)$ is now $-v$.
pub mod tamed {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn tamed(p: &[f64], q: &[f64], v: &[f64]) -> f64 {
            let conjugate = |t: f64| -1.0 - t.abs().ln();
            let mut sum = 0.0;
            for i in 0..v.len() {
                let t = v[i];
                sum += p[i] * t - q[i] * conjugate(t);
            }
            sum
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        // For t ≥ 0 the conjugate is infinite, and the bound minus infinity: true, and useless.
        // NaN was the honest answer. A last layer that cannot leave the domain mends it.
        pub fn tamed(p: &[f64], q: &[f64], v: &[f64]) -> f64 {
            let conjugate = |t: f64| -1.0 - (-t).ln();
            let mut sum = 0.0;
            for i in 0..v.len() {
                let t = -(-v[i]).exp();
                sum += p[i] * t - q[i] * conjugate(t);
            }
            sum
        }
        //% end
    }
}
//% check check::blurriness::tamed(tamed)

pub fn play() {
    //% text
    //| To play with: one network, four rows of images. Digits; their reconstructions; means at codes from the prior; draws of pixels from these means. Train it longer, or with β = 4 (`vae::Objective { beta: 4.0, ..Default::default() }`), and see which rows change.
    //% cell
    let plan: vae::Plan =
        vae::Plan { epochs: 40, rate: 5e-3, last_rate: 5e-4, ..vae::Plan::default() };
    let net: vae::OnCpu = vae::digits::train(plan).unwrap();
    let picture: Svg = {
        let x = vae::digits::split().1.slice(s![..10, ..]).to_owned();
        let mut rng = StdRng::seed_from_u64(1);
        let codes = net.codes(x.view()).unwrap().mean;
        let seen = vae::digits::images(&net, codes.view()).unwrap();
        let z = Array2::from_shape_fn((10, 2), |_| {
            vae::normal::quantile(rng.random_range(0.001..0.999)).unwrap()
        });
        let means = vae::digits::images(&net, z.view()).unwrap();
        let draws = means.mapv(|p| if rng.random::<f64>() < p { 1.0 } else { 0.0 });
        let x = x.mapv(f64::from);
        let mut rows = vec![];
        for (name, pixels) in
            [("data", &x), ("reconstr.", &seen), ("means", &means), ("draws", &draws)]
        {
            let (name, pixels) = (name.to_string(), pixels.view());
            rows.push(plot::Picture { name, pixels, ink: 1.0, signed: false });
        }
        plot::images(&rows, 8).unwrap()
    };
    picture
    //% end
    ;
}

/// Name, verdict on the stub, verdict on the solution.
pub fn verdicts() -> Vec<(&'static str, Verdict, Verdict)> {
    use check::blurriness as c;
    vec![
        (
            "moments",
            c::moments(moments::stub::moments, moments::stub::slopes),
            c::moments(moments::solution::moments, moments::solution::slopes),
        ),
        (
            "optima",
            c::optima(optima::stub::optima, optima::stub::switch),
            c::optima(optima::solution::optima, optima::solution::switch),
        ),
        ("shared", c::shared(shared::stub::shared), c::shared(shared::solution::shared)),
        (
            "noise",
            c::noise(noise::stub::variance, noise::stub::fit),
            c::noise(noise::solution::variance, noise::solution::fit),
        ),
        (
            "beta",
            c::beta(beta::stub::twin, beta::stub::apart, beta::stub::columns),
            c::beta(beta::solution::twin, beta::solution::apart, beta::solution::columns),
        ),
        (
            "sharpness",
            c::sharpness(
                sharpness::stub::sharpness,
                sharpness::stub::ranked,
                sharpness::stub::emptiness,
            ),
            c::sharpness(
                sharpness::solution::sharpness,
                sharpness::solution::ranked,
                sharpness::solution::emptiness,
            ),
        ),
        ("scales", c::scales(scales::stub::scales), c::scales(scales::solution::scales)),
        (
            "step",
            c::step(step::stub::forth, step::stub::back, step::stub::log_det),
            c::step(step::solution::forth, step::solution::back, step::solution::log_det),
        ),
        ("log_q", c::density(log_q::stub::log_q), c::density(log_q::solution::log_q)),
        (
            "critic",
            c::critic(critic::stub::conjugate, critic::stub::best, critic::stub::bound),
            c::critic(
                critic::solution::conjugate,
                critic::solution::best,
                critic::solution::bound,
            ),
        ),
        ("tamed", c::tamed(tamed::stub::tamed), c::tamed(tamed::solution::tamed)),
    ]
}
