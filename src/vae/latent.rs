//! All codes together: the average of q(z | x) over the rows, and how far it lies from the prior.
use crate::elbo::kl_to_standard;
use crate::em::{Stop, best_of};
use crate::error::{Result, finite, shaped, within};
use crate::gaussian::{LN_2PI, Moments, log_normal, log_sum_exp};
use crate::linalg::second_moment_about;
use crate::mixture::{Gaussians, Kind};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis, Zip};
use ndarray_rand::{RandomExt, rand_distr::StandardNormal};
use rand::Rng;

// ANCHOR: codes
/// q(z | x) of some rows, of shape (N, L) each.
#[derive(Clone, Debug)]
pub struct Codes {
    /// The means.
    pub mean: Array2<f64>,
    /// The standard deviations.
    pub sd: Array2<f64>,
}
// ANCHOR_END: codes

/// The mean cost of a row, in two parts, in nats.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Split {
    /// KL(average of q ‖ prior): how far all codes together are from the prior.
    pub average: f64,
    /// The mean of KL(q ‖ average of q): how much a code says about its row.
    pub information: f64,
}

/// The density of the average on a grid.
struct Grid {
    /// The places, of shape (places, L).
    z: Array2<f64>,
    /// The density there.
    density: Array1<f64>,
    /// How much of the space a place stands for.
    cell: f64,
}

impl Codes {
    /// Codes, if their parts fit together.
    pub fn new(mean: Array2<f64>, sd: Array2<f64>) -> Result<Codes> {
        let codes = Codes { mean, sd };
        codes.check()?;
        Ok(codes)
    }

    fn check(&self) -> Result<()> {
        finite("the means", self.mean.view())?;
        shaped("the standard deviations", self.sd.dim(), "these means", self.mean.dim())?;
        finite("the standard deviations", self.sd.view())?;
        let least = self.sd.fold(f64::INFINITY, |m, v| m.min(*v));
        within("the least standard deviation", least, f64::MIN_POSITIVE, f64::MAX, "")
    }

    // ANCHOR: average
    /// One draw for each row: all together they are draws of the average.
    pub fn draw(&self, rng: &mut impl Rng) -> Result<Array2<f64>> {
        self.check()?;
        let noise: Array2<f64> =
            Array2::random_using(self.mean.raw_dim(), StandardNormal, rng);
        Ok(&self.mean + &(&self.sd * &noise))
    }

    /// The mean of the average, and its covariance: that of the means, and the mean of the
    /// variances on its diagonal.
    pub fn moments(&self) -> Result<Moments> {
        self.check()?;
        let n = self.mean.nrows() as f64;
        let mean = self.mean.sum_axis(Axis(0)) / n;
        let own = self.sd.mapv(|s| s * s).sum_axis(Axis(0)) / n;
        let covariance =
            second_moment_about(self.mean.view(), mean.view()) + Array2::from_diag(&own);
        Ok(Moments { rows: n, mean, covariance }) // (eq:average)
    }

    /// log of the average density (1/N) Σ q(z | xₙ) at each row of `z`.
    pub fn log_density(&self, z: ArrayView2<f64>) -> Result<Array1<f64>> {
        self.check()?;
        let l = self.mean.ncols();
        shaped("the places", z.dim(), "these codes", (z.nrows(), l))?;
        let n = self.mean.nrows() as f64;
        let at = |z: ArrayView1<f64>| {
            let each = self.mean.rows().into_iter().zip(self.sd.rows());
            let logs = each.map(|(m, s)| (0..l).map(|k| log_normal(z[k], m[k], s[k])).sum());
            log_sum_exp(&logs.collect::<Vec<f64>>()) - n.ln() // (eq:average)
        };
        Ok(z.rows().into_iter().map(at).collect())
    }
    // ANCHOR_END: average

    /// The mean of KL(q ‖ N(0, I)) over the rows.
    pub fn cost(&self) -> f64 {
        let each = self.mean.rows().into_iter().zip(self.sd.rows());
        each.map(|(m, s)| kl_to_standard(&m.to_vec(), &s.to_vec())).sum::<f64>()
            / self.mean.nrows() as f64
    }

    /// The variance of the means over the rows, one number an entry of the code. An entry that says nothing has 0.
    pub fn active(&self) -> Result<Array1<f64>> {
        self.check()?;
        Ok(Moments::of(self.mean.view())?.covariance.diag().to_owned())
    }

    /// The average density on a grid of the plane: entry `[[i, j]]` stands at `(x[j], y[i])`.
    pub fn on_grid(&self, x: &Array1<f64>, y: &Array1<f64>) -> Result<Array2<f64>> {
        self.check()?;
        shaped("the codes", self.mean.dim(), "a plane", (self.mean.nrows(), 2))?;
        let n = self.mean.nrows() as f64;
        Ok(self.along(1, y).t().dot(&self.along(0, x)) / n)
    }

    /// The densities of one entry of the code, a row each, at places on its axis.
    fn along(&self, l: usize, places: &Array1<f64>) -> Array2<f64> {
        Array2::from_shape_fn((self.mean.nrows(), places.len()), |(n, i)| {
            log_normal(places[i], self.mean[[n, l]], self.sd[[n, l]]).exp()
        })
    }

    // ANCHOR: split
    /// The mean cost in two parts, for codes of one or two entries and any prior. The grid
    /// has so many places an axis; its step should not exceed the narrowest code.
    pub fn split(
        &self,
        places: usize,
        log_prior: impl Fn(&Array2<f64>) -> Result<Array1<f64>>,
    ) -> Result<Split> {
        let Grid { z, density, cell } = self.grid(places)?;
        let (mut average, mut entropy) = (0.0, 0.0);
        for (&q, log_p) in density.iter().zip(log_prior(&z)?) {
            if q > 0.0 {
                average += cell * q * (q.ln() - log_p);
                entropy -= cell * q * q.ln();
            }
        }
        let own = self.sd.mapv(|s| 0.5 * (1.0 + LN_2PI) + s.ln()).sum();
        let information = entropy - own / self.mean.nrows() as f64;
        Ok(Split { average, information }) // (eq:split)
    }
    // ANCHOR_END: split

    /// A grid that reaches eight standard deviations beyond every mean.
    fn grid(&self, places: usize) -> Result<Grid> {
        self.check()?;
        let (n, l) = self.mean.dim();
        within(
            "the size of the code",
            l as f64,
            1.0,
            2.0,
            ": a grid fills a line or a plane",
        )?;
        within("the number of places", places as f64, 2.0, 4001.0, "")?;
        let axis = |k: usize| {
            let (m, s) = (self.mean.column(k), self.sd.column(k));
            let reach =
                |side: f64| Zip::from(m).and(s).map_collect(|m, s| side * m + 8.0 * s);
            let far = |side: f64| reach(side).fold(f64::NEG_INFINITY, |a, b| a.max(*b));
            Array1::linspace(-far(-1.0), far(1.0), places)
        };
        let axes: Vec<Array1<f64>> = (0..l).map(axis).collect();
        let cell = axes.iter().map(|a| a[1] - a[0]).product();
        let density = match l {
            1 => self.along(0, &axes[0]).sum_axis(Axis(0)) / n as f64,
            _ => self.on_grid(&axes[0], &axes[1])?.flatten().to_owned(),
        };
        let z = Array2::from_shape_fn((density.len(), l), |(i, k)| {
            axes[k][if k == 0 { i % places } else { i / places }]
        });
        Ok(Grid { z, density, cell })
    }
}

impl Split {
    /// Both together: the mean cost.
    pub fn cost(&self) -> f64 {
        self.average + self.information
    }
}

/// log N(z; 0, I) of each row.
pub fn standard(z: &Array2<f64>) -> Result<Array1<f64>> {
    Ok(z.map_axis(Axis(1), |z| z.iter().map(|&v| log_normal(v, 0.0, 1.0)).sum()))
}

// ANCHOR: prior
/// A prior for an encoder that is there already: a mixture of k Gaussians, fitted by EM
/// to four draws of every row's code.
pub fn fitted_prior(codes: &Codes, k: usize, rng: &mut impl Rng) -> Result<Gaussians> {
    let four: Vec<Array2<f64>> = (0..4).map(|_| codes.draw(rng)).collect::<Result<_>>()?;
    let views: Vec<_> = four.iter().map(|z| z.view()).collect();
    let z = ndarray::concatenate(Axis(0), &views).unwrap_or_default();
    let start = |rng: &mut _| Gaussians::start(&z, k, Kind::Full, rng);
    let fit = best_of(3, start, &z, Stop { steps: 100, gain: 0.1 }, rng)?;
    Ok(fit.model)
}
// ANCHOR_END: prior

/// The class of each row of `x`: that of most of its k nearest rows in `known`. If two
/// classes have as many, the nearer row decides.
pub fn neighbours(
    known: ArrayView2<f64>,
    class: &[usize],
    x: ArrayView2<f64>,
    k: usize,
) -> Result<Vec<usize>> {
    finite("the known codes", known)?;
    finite("the codes", x)?;
    shaped("the classes", (class.len(), 1), "these codes", (known.nrows(), 1))?;
    shaped("the codes", x.dim(), "the known ones", (x.nrows(), known.ncols()))?;
    within("the number of neighbours", k as f64, 1.0, known.nrows() as f64, "")?;
    let vote = |row: ArrayView1<f64>| {
        let far = |n: usize| (&known.row(n) - &row).mapv(|v| v * v).sum();
        let mut near: Vec<(f64, usize)> =
            (0..class.len()).map(|n| (far(n), class[n])).collect();
        near.sort_by(|a, b| a.0.total_cmp(&b.0));
        let votes = |c: usize| near[..k].iter().filter(|(_, other)| *other == c).count();
        let best = |best: usize, c: usize| if votes(c) > votes(best) { c } else { best };
        near[..k].iter().map(|(_, c)| *c).reduce(best).unwrap_or(0)
    };
    Ok(x.rows().into_iter().map(vote).collect())
}
