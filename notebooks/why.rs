//! The exercises before the first chapter: their text, hints, stubs and solutions. `cargo run -- notebooks` makes the
//! notebook from this file, the page shows it, and `tests/notebooks` runs every stub and every solution.
#![allow(missing_docs)]
use latent::prelude::*;

//% notebook 00-why Before the first chapter
//% text
//| Seven short exercises. They need a sum, a draw, and the idea that something behind the data is not seen. Write a function's body in place of `todo!()`, or mend the one that stands there, run the cell, and read what the check says. Nothing you do here can break a variable of another cell, and nothing needs to be right at the first try.

pub fn look() {
    //% text
    //| First a look: 200 points, each with two coordinates. One number would be enough to say where each of them belongs. Which one? It stands in no column of the table: it is hidden.
    //% cell
    let points: data::Curve = data::arc(200, 0.05, &mut StdRng::seed_from_u64(2));
    plot::scatter("first column", "second column", points.x.view()).unwrap()
    //% end
    ;
}

//% exercise grey One pixel, two right answers
//| A pixel is 1 with chance $p$, and 0 otherwise. You must write down one number $a$ for it, before you see it. Judged by the squared error $(x-a)^2$, which $a$ is best in the mean, and how large is its mean error? A third number is the mean error of another answer: a guess that is drawn, 1 with chance $p$ and otherwise 0, as the pixel itself is. For a fair pixel the three numbers are 0.5, 0.25 and 0.5.
//% hint
//| With chance $p$ the error is $(1-a)^2$, otherwise it is $a^2$. Weigh the two, and add.
//% hint
//| As a function of $a$ that is a parabola, and its slope is $2a - 2p$. Put the place where the slope is zero back into the parabola.
//% hint
//| A drawn guess is wrong in two ways: the pixel is 1 and the guess 0, with chance $p(1-p)$; or the other way round, with the same chance. Each costs 1.
pub mod grey {
    pub mod stub {
        use super::super::*;
        //% stub
        // The best number, its mean squared error, and the error of a drawn guess.
        pub fn grey(p: f64) -> [f64; 3] {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        // The best answer to "black or white?" is a grey that no pixel ever has, and the honest
        // draw has exactly twice its error. Remember it when you see a blurred picture.
        pub fn grey(p: f64) -> [f64; 3] {
            [p, p * (1.0 - p), 2.0 * p * (1.0 - p)]
        }
        //% end
    }
}
//% check check::why::grey(grey)

//% exercise row Two thermometers
//| Behind a row of data stands one hidden number $z$, which nobody writes down: today's temperature, say, in some unit. Two instruments read it. The first shows $1 + 2z$, the second $3 - z$, and each adds its own noise: 0.5 times a fresh draw from the bell curve. The hidden $z$ is a draw from the bell curve too. Make one row. `normal()` gives a fresh draw at every call: 0 in the mean, with standard deviation 1.
//|
//| The check makes 100,000 rows. The columns should have the means 1 and 3 and the variances 4.25 and 1.25; the mean product of their deviations from the means, the covariance, should be −2.
//% hint
//| What was there first, the readings or the temperature? Draw in the order in which the world does.
//% hint
//| How often must `normal()` be called for one row?
//% hint
//| Three times: once for $z$, which both instruments see, and once for the noise of either.
pub mod row {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn row(normal: &mut dyn FnMut() -> f64) -> [f64; 2] {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        // First what is hidden, then what is seen of it. The variance of the first column is
        // 2² + 0.5², of the second 1² + 0.5²; only z is shared, so the covariance is 2 · (−1).
        pub fn row(normal: &mut dyn FnMut() -> f64) -> [f64; 2] {
            let z = normal();
            [1.0 + 2.0 * z + 0.5 * normal(), 3.0 - z + 0.5 * normal()]
        }
        //% end
    }
}
//% check check::why::row(row)

//% exercise chance Three hidden states, sixteen images
//| An image has four pixels, each with ink or without. It is made thus: one of three hidden states comes up, state $k$ with chance `prior[k]`; then each pixel $d$ gets ink with chance `ink[[k, d]]`, without a look at the other pixels. You see the image, not the state. How likely is an image? There are sixteen, and their chances must add up to 1.
//% hint
//| If you knew the state, what would the chance of the image be? Do not forget the pixels without ink.
//% hint
//| Within one state: a product over the pixels, of `ink[[k, d]]` or of $1 -$ `ink[[k, d]]`.
//% hint
//| $p(x) = \sum_k \text{prior}_k \prod_d (\dots)$. The product stands inside the sum: one state makes the whole image.
pub mod chance {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn chance(prior: &[f64], ink: ArrayView2<f64>, image: &[bool]) -> f64 {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        // What is hidden is summed over, with its chances as weights. That one line is what this
        // book is about: with three states it is a sum, later it will be an integral.
        pub fn chance(prior: &[f64], ink: ArrayView2<f64>, image: &[bool]) -> f64 {
            let mut sum = 0.0;
            for (k, share) in prior.iter().enumerate() {
                let mut product = *share;
                for (d, inked) in image.iter().enumerate() {
                    product *= if *inked { ink[[k, d]] } else { 1.0 - ink[[k, d]] };
                }
                sum += product;
            }
            sum
        }
        //% end
    }
}
//% check check::why::chance(chance)

//% exercise image Find the bug: an image like a mosaic
//| This program is meant to draw images of the last exercise. `uniform()` gives a number between 0 and 1, and `pick` a state, with the right chances. Every pixel has ink as often as it should: its author counted. Still the images look wrong. Find the bug, and mend it.
//% hint
//| Each pixel alone is right. What can be wrong about two pixels?
//% hint
//| Follow the program for one image, and count: how many states come up?
//% hint
//| The state belongs to the image, not to the pixel. Move one line.
pub mod image {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn pick(prior: &[f64], u: f64) -> usize {
            let mut below = 0.0;
            for (k, share) in prior.iter().enumerate() {
                below += share;
                if u < below {
                    return k;
                }
            }
            prior.len() - 1
        }

        pub fn image(
            prior: &[f64],
            ink: ArrayView2<f64>,
            uniform: &mut dyn FnMut() -> f64,
        ) -> Vec<bool> {
            let mut pixels = vec![];
            for d in 0..ink.ncols() {
                let k = pick(prior, uniform());
                pixels.push(uniform() < ink[[k, d]]);
            }
            pixels
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        // A hidden value that is drawn anew for every pixel ties nothing together: the pixels
        // become independent, and the image a mosaic of three images.
        pub fn pick(prior: &[f64], u: f64) -> usize {
            let mut below = 0.0;
            for (k, share) in prior.iter().enumerate() {
                below += share;
                if u < below {
                    return k;
                }
            }
            prior.len() - 1
        }

        pub fn image(
            prior: &[f64],
            ink: ArrayView2<f64>,
            uniform: &mut dyn FnMut() -> f64,
        ) -> Vec<bool> {
            let k = pick(prior, uniform());
            let mut pixels = vec![];
            for d in 0..ink.ncols() {
                pixels.push(uniform() < ink[[k, d]]);
            }
            pixels
        }
        //% end
    }
}
//% check check::why::image(image)

//% exercise tasks Learning or inference?
//| A model with hidden values asks two kinds of question. *Learning*: given many rows, find the model's own numbers, the same for all rows. *Inference*: the model is given; for one row, find what is hidden behind it. Which of the two does each task pose?
//|
//| 1. A network turns twenty hidden numbers into a photograph. Here are a thousand photographs; find the weights of the network.
//| 2. A finished model says how three hidden diseases show in the blood. Here are the values of one patient; how likely is each disease?
//| 3. Somebody throws one of two bent coins ten times, then again one of the two, and so on; nobody writes down which. Find each coin's chance of heads.
//| 4. The two coins are now known. Here are ten throws; which coin was it?
//| 5. A finished model of handwriting, and a page with its lower half covered. Which hidden numbers fit the upper half?
//% hint
//| Ask of each task: if a further row came in, would the same answer become better known, or would there be one more answer to give?
//% hint
//| What is fixed, the model or the row? "Finished" and "known" are strong words.
//% hint
//| Two of the five are learning.
pub mod tasks {
    pub mod stub {
        use super::super::*;
        //% stub
        // "learning" or "inference", five times.
        pub fn tasks() -> [&'static str; 5] {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        // In tasks 1 and 3 the hidden values have to be guessed on the way, without being asked
        // for: whoever learns such a model must also infer. The book begins there.
        pub fn tasks() -> [&'static str; 5] {
            ["learning", "inference", "learning", "inference", "inference"]
        }
        //% end
    }
}
//% check check::why::tasks(tasks)

//% exercise features What a last layer sees
//| Two half moons of points reach into each other, and no straight line parts them. A small network was trained to tell them apart; its last step is a straight cut, so something before it must have moved the points. Compute what that something gives: `hidden` takes rows of points, the weights with a row for each unit, and an offset for each unit, and gives a column for each unit, $\tanh(\vec w\cdot\vec x + b)$. `accuracy` gives the share of rows that are told right, where a score above zero says `true`.
//|
//| The check has the trained weights. It trains a straight cut once on the points, once on what `hidden` makes of them, and measures both with your `accuracy`. Guess the two shares first.
//% hint
//| For one row and one unit it is a sum of products, an offset, and `f64::tanh`.
//% hint
//| All at once: `x.dot(&w.t())` has a row for each row and a column for each unit, and `+ &b` adds the offsets to every row.
//% hint
//| `mapv(f64::tanh)` bends each entry. For `accuracy`, count where `(*score > 0.0) == *label`, and divide.
pub mod features {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn hidden(
            x: ArrayView2<f64>,
            w: ArrayView2<f64>,
            b: ArrayView1<f64>,
        ) -> Array2<f64> {
            todo!()
        }

        pub fn accuracy(score: &[f64], label: &[bool]) -> f64 {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        // A classifier is a straight cut behind layers that make a straight cut possible. Their
        // outputs are called features: numbers that say better what a row is than the row does.
        pub fn hidden(
            x: ArrayView2<f64>,
            w: ArrayView2<f64>,
            b: ArrayView1<f64>,
        ) -> Array2<f64> {
            (x.dot(&w.t()) + &b).mapv(f64::tanh)
        }

        pub fn accuracy(score: &[f64], label: &[bool]) -> f64 {
            let right = score.iter().zip(label).filter(|(s, l)| (**s > 0.0) == **l).count();
            right as f64 / score.len() as f64
        }
        //% end
    }
}
//% check check::why::features(hidden, accuracy)

//% exercise order Who stands next to whom?
//| 200 points lie near an arc, three quarters of a circle; the first cell of the notebook shows them. Suppose that a method gives each point one number, and you know the true place along the arc. Any scale will do, and any bend; only the order counts. So compare ranks. `ranks` gives each number its rank: 1 for the least, and so on; no two are equal. `rank_correlation` says how far two lists put the rows in the same order: 1 for the same order, −1 for the reverse.
//|
//| The check then compares two methods that were told nothing of the arc. One lays the best straight line through the points and takes each point's shadow on it. The other is a network that must push each point through *one* number and get the point back.
//% hint
//| The rank of a number: how many of the others are less?
//% hint
//| `rank_correlation` uses `ranks` of both lists, and nothing else of them. For each row take the difference $d$ of its two ranks.
//% hint
//| With $n$ rows it is $1 - \dfrac{6\sum d^2}{n^3-n}$.
pub mod order {
    pub mod stub {
        use super::super::*;
        //% stub
        pub fn ranks(v: &[f64]) -> Vec<f64> {
            todo!()
        }

        pub fn rank_correlation(a: &[f64], b: &[f64]) -> f64 {
            todo!()
        }
        //% end
    }
    pub mod solution {
        use super::super::*;
        //% solution
        // The ends of the arc bend back under it, so that their shadows on a line fall among
        // those of other points. The network bends its line first. Neither was given the
        // answer: what they had was the data, and a channel that is one number wide.
        pub fn ranks(v: &[f64]) -> Vec<f64> {
            let less = |a: &f64| v.iter().filter(|b| *b < a).count();
            v.iter().map(|a| 1.0 + less(a) as f64).collect()
        }

        pub fn rank_correlation(a: &[f64], b: &[f64]) -> f64 {
            let n = a.len() as f64;
            let pairs = ranks(a).into_iter().zip(ranks(b));
            let squares: f64 = pairs.map(|(r, s)| (r - s) * (r - s)).sum();
            1.0 - 6.0 * squares / (n * n * n - n)
        }
        //% end
    }
}
//% check check::why::order(ranks, rank_correlation)

pub fn play() {
    //% text
    //| To play with: a machine that turns one hidden number into 64 pixels. The number is an angle here. Make it the size of the spot, or let two hidden numbers move it; then imagine that somebody gives you the pictures only.
    //% cell
    let pictures: Array2<f64> = Array2::from_shape_fn((9, 64), |(row, pixel)| {
        let z: f64 = -2.0 + 0.5 * row as f64;
        let (across, down) = (3.5 + 2.5 * z.sin(), 3.5 - 2.5 * z.cos());
        let (i, j) = ((pixel / 8) as f64, (pixel % 8) as f64);
        (-0.5 * ((i - down) * (i - down) + (j - across) * (j - across))).exp()
    });
    let picture: Svg = {
        let name = "z: −2 to 2".to_string();
        let row = plot::Picture { name, pixels: pictures.view(), ink: 1.0, signed: false };
        plot::images(&[row], 8).unwrap()
    };
    picture
    //% end
    ;
}

/// Name, verdict on the stub, verdict on the solution.
pub fn verdicts() -> Vec<(&'static str, Verdict, Verdict)> {
    use check::why as c;
    vec![
        ("grey", c::grey(grey::stub::grey), c::grey(grey::solution::grey)),
        ("row", c::row(row::stub::row), c::row(row::solution::row)),
        ("chance", c::chance(chance::stub::chance), c::chance(chance::solution::chance)),
        ("image", c::image(image::stub::image), c::image(image::solution::image)),
        ("tasks", c::tasks(tasks::stub::tasks), c::tasks(tasks::solution::tasks)),
        (
            "features",
            c::features(features::stub::hidden, features::stub::accuracy),
            c::features(features::solution::hidden, features::solution::accuracy),
        ),
        (
            "order",
            c::order(order::stub::ranks, order::stub::rank_correlation),
            c::order(order::solution::ranks, order::solution::rank_correlation),
        ),
    ]
}
