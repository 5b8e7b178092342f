//! Images of two pixels that share a code, and the one picture that a decoder gives for them.
use crate::vae::Dice;
use latent::blurriness::average;
use latent::rand::Rng;
use latent::vae::small::noise;
use ndarray::{Array1, Array2, ArrayView1};

/// How many draws [`World::draws`] has, two numbers each.
pub const DRAWS: usize = 60;

/// How many numbers [`World::state`] has.
pub const STATE: usize = 26;

/// Two or three images, the picture, and draws.
pub struct World {
    /// How many images there are; the weight of the first; the images, six numbers; their weights, three; the picture
    /// and the best one, two each; E‖x − picture‖², the least that it can be, and what a draw of the images has; the
    /// best standard deviation of a pixel for the picture and for the best one; the fit with each of these, in nats; 1 if
    /// the picture is the best one; and the contrast |x₁ − x₂|: the images' mean, the picture's, and the draws' mean.
    pub state: [f64; STATE],
    /// Two pixels each.
    pub draws: Vec<f64>,
    images: [[f64; 2]; 3],
    count: usize,
    weight: f64,
    /// A picture of the reader's own.
    own: Option<[f64; 2]>,
    kind: u32,
    /// Two of N(0, 1), then two of [0, 1), for each draw.
    luck: Vec<f64>,
    dice: Dice,
}

impl Default for World {
    fn default() -> Self {
        let mut world = World {
            state: [0.0; STATE],
            draws: vec![],
            images: [[1.0, 0.0], [0.0, 1.0], [0.9, 0.9]],
            count: 2,
            weight: 0.5,
            own: None,
            kind: 0,
            luck: vec![],
            dice: Dice(8),
        };
        world.again();
        world
    }
}

impl World {
    /// Two images, or three.
    pub fn among(&mut self, count: usize) {
        self.count = count.clamp(2, 3);
        self.look();
    }

    /// What the code gives to the first image; the others share the rest.
    pub fn weigh(&mut self, weight: f64) {
        if weight.is_finite() {
            self.weight = weight.clamp(0.0, 1.0);
        }
        self.look();
    }

    /// Moves an image, or the picture, which has the number 3.
    pub fn place(&mut self, which: usize, x: f64, y: f64) {
        if x.is_finite() && y.is_finite() {
            let to = [x, y].map(|v| v.clamp(0.0, 1.0));
            match self.images.get_mut(which) {
                Some(image) => *image = to,
                None => self.own = Some(to),
            }
        }
        self.look();
    }

    /// The picture is the best one again.
    pub fn best(&mut self) {
        self.own = None;
        self.look();
    }

    /// What is drawn: 0 the picture alone, 1 the picture and noise, 2 pixels tossed one by one, 3 the images.
    pub fn draw(&mut self, kind: u32) {
        self.kind = kind.min(3);
        self.look();
    }

    /// New draws.
    pub fn again(&mut self) {
        let normal = noise(2 * DRAWS, &mut self.dice);
        self.luck.clear();
        for pair in normal.chunks_exact(2) {
            let tosses = [self.dice.random::<f64>(), self.dice.random::<f64>()];
            self.luck.extend_from_slice(pair);
            self.luck.extend(tosses);
        }
        self.look();
    }

    fn look(&mut self) {
        let rest = (1.0 - self.weight) / (self.count - 1) as f64;
        let mut weights = [self.weight, rest, rest];
        weights[self.count..].fill(0.0);
        let held = Array1::from(weights[..self.count].to_vec());
        let images = Array2::from_shape_fn((self.count, 2), |(i, k)| self.images[i][k]);
        let best = average::best_mean(images.view(), held.view())
            .map_or([f64::NAN; 2], |a| [a[0], a[1]]);
        let a = self.own.unwrap_or(best);
        let miss = |a: [f64; 2]| {
            average::squared_error(images.view(), held.view(), ArrayView1::from(&a))
                .unwrap_or(f64::NAN)
        };
        let (here, least) = (miss(a), miss(best));
        let drawn = average::drawn_error(images.view(), held.view()).unwrap_or(f64::NAN);
        let sd = (0.5 * here).sqrt();
        self.draws.clear();
        for luck in self.luck.chunks_exact(4) {
            self.draws.extend(one(self.kind, a, sd, luck, &self.images, &weights));
        }
        let contrast = |x: &[f64]| (x[0] - x[1]).abs();
        let shown: f64 = self.images.iter().zip(weights).map(|(x, w)| w * contrast(x)).sum();
        let draws = self.draws.chunks_exact(2).map(contrast).sum::<f64>() / DRAWS as f64;
        let fit = |error: f64| average::best_fit(2, 0.5 * error);
        let mut all = vec![self.count as f64, self.weight];
        all.extend(self.images.iter().flatten());
        all.extend(weights);
        all.extend([a, best].iter().flatten());
        all.extend([here, least, drawn, sd, (0.5 * least).sqrt(), fit(here), fit(least)]);
        all.extend([f64::from(u8::from(self.own.is_none())), shown, contrast(&a), draws]);
        self.state.iter_mut().zip(all).for_each(|(to, from)| *to = from);
    }
}

/// One draw: `luck` is two of N(0, 1), then two of [0, 1).
fn one(
    kind: u32,
    a: [f64; 2],
    sd: f64,
    luck: &[f64],
    images: &[[f64; 2]; 3],
    weights: &[f64; 3],
) -> [f64; 2] {
    let toss = |k: usize| f64::from(u8::from(luck[2 + k] < a[k]));
    match kind {
        0 => a,
        1 => [a[0] + sd * luck[0], a[1] + sd * luck[1]],
        2 => [toss(0), toss(1)],
        _ if luck[2] < weights[0] => images[0],
        _ if luck[2] < weights[0] + weights[1] || weights[2] == 0.0 => images[1],
        _ => images[2],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(world: &World, from: usize) -> [f64; 2] {
        [world.state[from], world.state[from + 1]]
    }

    #[test]
    fn the_best_picture_is_the_weighted_mean_and_no_other_fits_as_well() {
        let mut world = World::default();
        assert_eq!((at(&world, 11), at(&world, 13)), ([0.5, 0.5], [0.5, 0.5]));
        assert_eq!(world.state[15..18], [0.5, 0.5, 1.0]);
        assert_eq!((world.state[18], world.state[22]), (0.5, 1.0));
        world.weigh(0.8);
        let (best, fit) = (at(&world, 13), world.state[21]);
        assert!((best[0] - 0.8).abs() < 1e-12 && (best[1] - 0.2).abs() < 1e-12);
        for (x, y) in [(0.5, 0.5), (1.0, 0.0), (0.8, 0.21), (0.79, 0.2)] {
            world.place(3, x, y);
            assert_eq!(
                (at(&world, 11), at(&world, 13), world.state[21]),
                ([x, y], best, fit)
            );
            // The square of the way to the best picture is what it adds.
            let way = (x - best[0]).powi(2) + (y - best[1]).powi(2);
            assert!((world.state[15] - world.state[16] - way).abs() < 1e-12);
            assert!(world.state[20] < fit);
        }
        world.best();
        assert_eq!((at(&world, 11), world.state[20]), (best, fit));
        world.among(3);
        assert!((world.state[8..11].iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert!((world.state[13] - (0.8 + 0.1 * 0.9)).abs() < 1e-12);
    }

    #[test]
    fn draws_are_what_their_kind_says() {
        let mut world = World::default();
        world.weigh(0.7);
        let pairs = |world: &World| -> Vec<[f64; 2]> {
            world.draws.chunks_exact(2).map(|d| [d[0], d[1]]).collect()
        };
        assert!(pairs(&world).iter().all(|d| *d == at(&world, 13)));
        world.draw(3);
        let left = pairs(&world).iter().filter(|d| **d == [1.0, 0.0]).count();
        assert!(pairs(&world).iter().all(|d| d[0] + d[1] == 1.0));
        assert!((left as f64 - 42.0).abs() < 5.0 * (60.0 * 0.21f64).sqrt(), "{left}");
        assert_eq!(world.state[25], 1.0);
        world.draw(2);
        assert!(pairs(&world).iter().flatten().all(|v| *v == 0.0 || *v == 1.0));
        assert!(pairs(&world).iter().any(|d| d[0] == d[1]), "two strokes, or none");
        world.draw(1);
        let mean = pairs(&world).iter().map(|d| d[0]).sum::<f64>() / 60.0;
        assert!((mean - 0.7).abs() < 5.0 * world.state[18] / 60f64.sqrt(), "{mean}");
        let before = world.draws.clone();
        world.again();
        assert_ne!(world.draws, before);
    }

    #[test]
    fn one_image_alone_is_kept_as_it_is_and_nonsense_changes_nothing() {
        let mut world = World::default();
        world.weigh(1.0);
        assert_eq!((at(&world, 13), world.state[16]), ([1.0, 0.0], 0.0));
        assert_eq!(
            world.state[21],
            f64::INFINITY,
            "no noise is left, and no bound to the fit"
        );
        let before = world.state;
        world.weigh(f64::NAN);
        world.place(0, f64::NAN, 1.0);
        world.place(3, 0.5, f64::INFINITY);
        assert_eq!(world.state, before);
        world.place(0, 7.0, -7.0);
        assert_eq!(world.state, before);
        world.among(99);
        world.draw(99);
        assert_eq!((world.state[0], world.draws[0]), (3.0, 1.0));
    }
}
