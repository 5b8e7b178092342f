"""Makes elbo.json: divergences, entropies and bounds by numpy and scipy, integrals by adaptive quadrature.

    pip install numpy scipy && python tests/oracles/elbo.py

`noise` and `sd` are standard deviations. All logarithms are natural.
"""
import json
from pathlib import Path

import numpy as np
import scipy
from scipy.integrate import quad
from scipy.optimize import minimize, minimize_scalar
from scipy.special import logsumexp, rel_entr
from scipy.stats import entropy, multivariate_normal, norm

here = Path(__file__).resolve().parent
iris = np.loadtxt(here.parents[1] / "data/iris.csv", delimiter=",")
oracle = {"_made_with": {"numpy": np.__version__, "scipy": scipy.__version__}}


def integral(f, low=-14, high=14):
    return quad(f, low, high, epsabs=1e-13, epsrel=1e-13, limit=400)[0]


def kl_normal(m0, s0, m1, s1):
    q, p = norm(m0, s0), norm(m1, s1)
    return integral(lambda z: q.pdf(z) * (q.logpdf(z) - p.logpdf(z)), m0 - 12 * s0, m0 + 12 * s0)


# Divergences of lists and of Gaussians.
a, b = np.array([0.3, 0.7]), np.array([0.6, 0.4])
oracle["lists"] = {
    "0.3_to_0.6": float(rel_entr(a, b).sum()),
    "0.6_to_0.3": float(rel_entr(b, a).sum()),
    "entropy_0.3": float(entropy(a)),
    "entropy_of_three_equal": float(entropy(np.ones(3) / 3)),
}
oracle["gaussians"] = [
    {"from": [m0, s0], "to": [m1, s1], "kl": kl_normal(m0, s0, m1, s1)}
    for m0, s0, m1, s1 in [(0, 1, 1, 2), (1, 2, 0, 1), (1, 0.5, 0, 1), (0.3, 0.7, -1, 0.4), (0, 1, 0, 1)]
]
oracle["diagonal_to_standard"] = sum(kl_normal(m, s, 0, 1) for m, s in [(1, 0.5), (-2, 1), (0.5, 2)])
m0, c0 = np.array([0.5, -1.0]), np.array([[1.5, 0.4], [0.4, 0.8]])
m1, c1 = np.array([0.0, 0.3]), np.array([[1.0, -0.3], [-0.3, 2.0]])
inverse = np.linalg.inv(c1)
oracle["two_dimensions"] = {
    "kl": float(0.5 * (np.trace(inverse @ c0) + (m1 - m0) @ inverse @ (m1 - m0) - 2 + np.log(np.linalg.det(c1) / np.linalg.det(c0)))),
    "entropy": float(multivariate_normal(m0, c0).entropy()),
}
oracle["entropies"] = {str(s): float(norm(0, s).entropy()) for s in (0.05, 0.2, 1.0, 3.0)}

# A flower with petals of 4.8 cm: which of three species?
lengths = [iris[iris[:, 4] == k, 2] for k in range(3)]
likelihood = np.array([norm(v.mean(), v.std()).pdf(4.8) for v in lengths])
joint = likelihood / 3
oracle["flower"] = {
    "log_evidence": float(np.log(joint.sum())),
    "posterior": (joint / joint.sum()).tolist(),
    "gap_of_a_third_each": float(rel_entr(np.ones(3) / 3, joint / joint.sum()).sum()),
}

# One number through noise, at several q.
oracle["conjugate"] = []
for x, noise, m, s in [(1.2, 1.0, 0.6, 0.5**0.5), (1.2, 1.0, 0.0, 1.0), (1.2, 1.0, -0.4, 0.3**0.5), (1.2, 0.1**0.5, 1.0, 0.2**0.5), (-0.7, 0.5, 0.4, 0.9)]:
    q, prior, like = norm(m, s), norm(0, 1), lambda z: norm(z, noise).logpdf(x)
    v = noise**2
    post = norm(x / (1 + v), (v / (1 + v)) ** 0.5)
    mean = lambda f: integral(lambda z: q.pdf(z) * f(z), m - 12 * s, m + 12 * s)
    oracle["conjugate"].append({
        "x": x, "noise": noise, "m": m, "s": s,
        "log_evidence": float(np.log(integral(lambda z: prior.pdf(z) * np.exp(like(z))))),
        "fit": mean(like),
        "kl": mean(lambda z: q.logpdf(z) - prior.logpdf(z)),
        "gap": mean(lambda z: q.logpdf(z) - post.logpdf(z)),
        "entropy": float(q.entropy()),
    })

# The lecture's "divergence" to a joint, with q the posterior: z ~ N(0, 0.01), x | z ~ N(z, 0.01), variances; x = 0.
q, prior = norm(0, 0.005**0.5), norm(0, 0.1)
log_joint = lambda z: prior.logpdf(z) + norm(z, 0.1).logpdf(0)
oracle["sharp"] = {
    "minus_bound": integral(lambda z: q.pdf(z) * (q.logpdf(z) - log_joint(z)), -1, 1),
    "mean_log_joint": integral(lambda z: q.pdf(z) * log_joint(z), -1, 1),
}

# The tiny decoder. The nodes move with q; the book's grid stands still.
w, bias = np.array([1.5, -2.0, 0.7]), np.array([-0.2, 0.4, 0.1])
v = np.array([[1.0, -0.5, 0.3], [0.8, 1.2, -0.7], [-1.1, 0.2, 0.9]])
nodes = np.linspace(-13, 13, 1733)
weights = norm.pdf(nodes) * (nodes[1] - nodes[0])


def log_likelihood(x, z, scale=1.0):
    logits = np.tanh(np.multiply.outer(z, w) + bias) @ (scale * v).T
    return -(np.logaddexp(0, np.where(x > 0.5, -logits, logits))).sum(-1)


def log_evidence(x, scale=1.0):
    return float(logsumexp(log_likelihood(x, nodes, scale), b=weights))


def bound(x, m, s, scale=1.0):
    return float(weights @ log_likelihood(x, m + s * nodes, scale) - 0.5 * (s * s + m * m - 1) + np.log(s))


def best(x, scale=1.0):
    found = minimize(lambda t: -bound(x, t[0], np.exp(t[1]), scale), [0.0, 0.0], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-14, "maxiter": 4000})
    return found.x[0], np.exp(found.x[1]), -found.fun


every = [np.array([i >> 2 & 1, i >> 1 & 1, i & 1], float) for i in range(8)]
oracle["tiny"] = []
for x in every:
    m, s, top = best(x)
    oracle["tiny"].append({"x": x.tolist(), "log_evidence": log_evidence(x), "at_0.3_0.6": bound(x, 0.3, 0.6), "best_mean": m, "best_sd": s, "best": top, "gap": log_evidence(x) - top})

share = np.exp([log_evidence(x, 3.0) for x in every])
average = lambda scale: float(sum(p * best(x, scale)[2] for p, x in zip(share, every)))
evidence = lambda scale: float(sum(p * log_evidence(x, scale) for p, x in zip(share, every)))
oracle["scale"] = {
    "by_evidence": float(minimize_scalar(lambda t: -evidence(t), bounds=(1, 5), method="bounded", options={"xatol": 1e-7}).x),
    "by_bound": float(minimize_scalar(lambda t: -average(t), bounds=(1, 5), method="bounded", options={"xatol": 1e-7}).x),
    "evidence_at_3": evidence(3.0),
    "bound_at_3": average(3.0),
    "bound_at_2": average(2.0),
}
(here / "elbo.json").write_text(json.dumps(oracle, indent=1) + "\n")
