//! Divergences made from a convex function f, and the bound on each that any function T of the data gives.
use super::Modes;

/// D(p ‖ q) = E_q f(p/q), in nats where there is a logarithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Divergence {
    /// KL(p ‖ q).
    Forward,
    /// KL(q ‖ p).
    Reverse,
    /// ∫ (p − q)²/q.
    Pearson,
    /// ∫ (√p − √q)², without a half.
    Hellinger,
    /// Half KL(p ‖ m) and half KL(q ‖ m), with m half p and half q.
    JensenShannon,
    /// Twice the last, less log 4: what a classifier of p against q reaches.
    Classifier,
    /// ½ ∫ |p − q|.
    TotalVariation,
}

impl Divergence {
    /// f(u), for u ≥ 0.
    pub fn f(self, u: f64) -> f64 {
        match self {
            Divergence::Forward => times_log(u, u),
            Divergence::Reverse => -u.ln(),
            Divergence::Pearson => (u - 1.0).powi(2),
            Divergence::Hellinger => (u.sqrt() - 1.0).powi(2),
            Divergence::JensenShannon => {
                let middle = 0.5 * (u + 1.0);
                0.5 * (times_log(u, u / middle) - middle.ln())
            }
            Divergence::Classifier => times_log(u, u / (u + 1.0)) - u.ln_1p(),
            Divergence::TotalVariation => 0.5 * (u - 1.0).abs(),
        }
    }

    /// f*(t), the largest u t − f(u) over u ≥ 0; infinite where there is none.
    pub fn conjugate(self, t: f64) -> f64 {
        let below = |end: f64, value: f64| if t < end { value } else { f64::INFINITY };
        match self {
            Divergence::Forward => (t - 1.0).exp(),
            Divergence::Reverse => below(0.0, -1.0 - (-t).ln()),
            Divergence::Pearson => {
                let t = t.max(-2.0); // below, the best u is 0
                t + 0.25 * t * t
            }
            Divergence::Hellinger => below(1.0, t / (1.0 - t)),
            Divergence::JensenShannon => {
                let room = 2.0 - (2.0 * t).exp();
                if room > 0.0 { -0.5 * room.ln() } else { f64::INFINITY }
            }
            Divergence::Classifier => below(0.0, -(-t.exp_m1()).ln()),
            Divergence::TotalVariation if t <= 0.5 => t.max(-0.5),
            Divergence::TotalVariation => f64::INFINITY,
        }
    }

    /// f′(u): the best T where p is u times q.
    pub fn slope(self, u: f64) -> f64 {
        match self {
            Divergence::Forward => 1.0 + u.ln(),
            Divergence::Reverse => -1.0 / u,
            Divergence::Pearson => 2.0 * (u - 1.0),
            Divergence::Hellinger => 1.0 - 1.0 / u.sqrt(),
            Divergence::JensenShannon => 0.5 * (2.0 * u / (1.0 + u)).ln(),
            Divergence::Classifier => (u / (1.0 + u)).ln(),
            Divergence::TotalVariation => 0.5 * (u - 1.0).signum(),
        }
    }

    /// T from any number v, so that f*(T) is finite.
    pub fn activation(self, v: f64) -> f64 {
        match self {
            Divergence::Forward | Divergence::Pearson => v,
            Divergence::Reverse => -(-v).exp(),
            Divergence::Hellinger => -(-v).exp_m1(),
            Divergence::JensenShannon => 0.5 * (2f64.ln() - softplus(-v)),
            Divergence::Classifier => -softplus(-v),
            Divergence::TotalVariation => 0.5 * v.tanh(),
        }
    }

    /// How T, and f* of T, change with v.
    pub fn pull(self, v: f64) -> [f64; 2] {
        match self {
            Divergence::Forward => [1.0, (v - 1.0).exp()],
            Divergence::Reverse => [(-v).exp(), 1.0],
            Divergence::Pearson => [1.0, (1.0 + 0.5 * v).max(0.0)],
            Divergence::Hellinger => [(-v).exp(), v.exp()],
            Divergence::JensenShannon => [0.5 * sigmoid(-v), 0.5 * sigmoid(v)],
            Divergence::Classifier => [sigmoid(-v), sigmoid(v)],
            Divergence::TotalVariation => [0.5 * v.cosh().powi(-2); 2],
        }
    }

    /// All of them.
    pub const ALL: [Divergence; 7] = [
        Divergence::Forward,
        Divergence::Reverse,
        Divergence::Pearson,
        Divergence::Hellinger,
        Divergence::JensenShannon,
        Divergence::Classifier,
        Divergence::TotalVariation,
    ];

    /// D(p ‖ q), as a sum over the places of both.
    pub fn between(self, p: &Modes, q: &Modes) -> f64 {
        let term = |at: Place| at.q * self.f(at.p / at.q);
        places(p, q).into_iter().map(term).sum()
    }

    // ANCHOR: bound
    /// E_p T − E_q f*(T), as a sum over the places of both: never above D(p ‖ q),
    /// whatever T is.
    pub fn bound(self, p: &Modes, q: &Modes, critic: impl Fn(f64) -> f64) -> f64 {
        let term = |at: Place| {
            let t = critic(at.x);
            at.p * t - at.q * self.conjugate(t) // (eq:critic-bound)
        };
        places(p, q).into_iter().map(term).sum()
    }
    // ANCHOR_END: bound
}

/// A place on the line, and how much of p and of q it stands for.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Where.
    pub x: f64,
    /// Its share of p.
    pub p: f64,
    /// Its share of q.
    pub q: f64,
}

/// The places of p and those of q, together: wherever one of them has mass there are some.
pub fn places(p: &Modes, q: &Modes) -> Vec<Place> {
    let share = |(x, share): (f64, f64)| {
        let u = (p.log_density(x) - q.log_density(x)).clamp(-300.0, 300.0).exp();
        Place { x, p: share * (u / (1.0 + u)), q: share / (1.0 + u) } // of p + q
    };
    p.mesh().into_iter().chain(q.mesh()).map(share).collect()
}

/// u log v, and zero where u is zero.
fn times_log(u: f64, v: f64) -> f64 {
    if u == 0.0 { 0.0 } else { u * v.ln() }
}

/// log(1 + eᵃ), without overflow.
fn softplus(a: f64) -> f64 {
    a.max(0.0) + (-a.abs()).exp().ln_1p()
}

fn sigmoid(a: f64) -> f64 {
    (-softplus(-a)).exp()
}
