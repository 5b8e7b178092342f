"""Makes vae_estimators.json: estimators of the bound, gaps, and importance-weighted bounds, by numpy and scipy.

    pip install numpy scipy && python tests/oracles/vae_estimators.py

One hidden number z ~ N(0, 1). Means and variances of one draw are by Gauss-Hermite quadrature, the weighted bounds
by sums over k-fold product grids, the encoder by BFGS: none of them shares a line with the library.
"""
import json
from itertools import product
from pathlib import Path

import numpy as np
import scipy
from numpy.polynomial.hermite_e import hermegauss
from scipy.optimize import minimize
from scipy.special import log_expit, logsumexp
from scipy.stats import norm

oracle = {"_made_with": {"numpy": np.__version__, "scipy": scipy.__version__}}

# One draw of the three forms for x | z ~ N(z, noise²).
nodes, mass = hermegauss(40)
mass = mass / mass.sum()
oracle["conjugate"] = []
for x, noise, m, v in [(1.2, 1, 0.6, 0.5), (1.2, 1, 0, 1), (1.2, 1, -0.4, 0.3), (1.2, 0.1**0.5, 1.0, 0.2), (1.2, 0.1**0.5, 1.2 / 1.1, 0.1 / 1.1)]:
    s = v**0.5
    z = m + s * nodes
    fit, prior, q = norm.logpdf(x, z, noise), norm.logpdf(z), norm.logpdf(z, m, s)
    kl = 0.5 * (v + m * m - 1 - np.log(v))
    forms = [fit - kl, fit + prior + norm(m, s).entropy(), fit + prior - q]
    means = [mass @ f for f in forms]
    oracle["conjugate"].append({"x": x, "noise": noise, "mean": m, "sd": s, "bound": means,
                                "variance": [mass @ (f - mean) ** 2 for f, mean in zip(forms, means)]})

# The smallest decoder.
a, b = np.array([1.5, -2.0, 0.7]), np.array([-0.2, 0.4, 0.1])
w = np.array([[1.0, -0.5, 0.3], [0.8, 1.2, -0.7], [-1.1, 0.2, 0.9]])
images = np.array(list(product([0.0, 1.0], repeat=3)))


def log_likelihood(x, z):
    odds = np.tanh(np.multiply.outer(z, a) + b) @ w.T
    return (x * log_expit(odds) + (1 - x) * log_expit(-odds)).sum(-1)


step = 0.05
e = np.arange(-12, 12 + step / 2, step)
weight = norm.pdf(e) * step


def bound(x, m, s):
    z = m + s * e
    return weight @ (log_likelihood(x, z) + norm.logpdf(z) - norm.logpdf(z, m, s))


z = np.arange(-12, 12.001, 0.01)
evidence = np.array([logsumexp(log_likelihood(x, z) + norm.logpdf(z)) + np.log(0.01) for x in images])
share = np.exp(evidence)

oracle["spread"] = []
for x in images:
    zz = 0.3 + 0.6 * e
    fit, prior, q = log_likelihood(x, zz), norm.logpdf(zz), norm.logpdf(zz, 0.3, 0.6)
    forms = [fit, fit + prior, fit + prior - q]
    oracle["spread"].append([weight @ (f - weight @ f) ** 2 for f in forms])

# An encoder that is linear in the pixels, taken as ±1, for m and for log s.
signs = np.hstack([2 * images - 1, np.ones((8, 1))])


def loss(t):
    return -sum(p * bound(x, u @ t[:4], np.exp(u @ t[4:])) for p, x, u in zip(share, images, signs))


encoder = minimize(loss, np.zeros(8), method="BFGS", options={"gtol": 1e-11}).x
encoder = minimize(loss, encoder, method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-15, "maxiter": 20000}).x
oracle["encoder"] = encoder.tolist()
amortised = np.array([bound(x, u @ encoder[:4], np.exp(u @ encoder[4:])) for x, u in zip(images, signs)])
best = np.array([-minimize(lambda t: -bound(x, t[0], np.exp(t[1])), [0, 0], method="BFGS", options={"gtol": 1e-9}).fun for x in images])
oracle["approximation"] = (evidence - best).tolist()
oracle["amortisation"] = (best - amortised).tolist()

# What the code tells of the image, and what it costs.
q = np.array([norm.pdf(z, u @ encoder[:4], np.exp(u @ encoder[4:])) for u in signs])
average = share @ q
oracle["information"] = sum(p * np.sum(row * np.log(row / average + 1e-300)) * 0.01 for p, row in zip(share, q) if p)
oracle["cost"] = sum(p * 0.5 * (np.exp(2 * u @ encoder[4:]) + (u @ encoder[:4]) ** 2 - 1 - 2 * u @ encoder[4:]) for p, u in zip(share, signs))

# Importance-weighted bounds of the image 101, by sums over product grids.
oracle["weighted"] = []
x = np.array([1.0, 0.0, 1.0])
for m, s in [(0.3, 0.6), (0.3, 0.9)]:
    grids = {1: 0.02, 2: 0.02, 3: 0.1}
    values = []
    for k, h in grids.items():
        e = np.arange(-10, 10 + h / 2, h)
        p = norm.pdf(e) * h
        zz = m + s * e
        lw = log_likelihood(x, zz) + norm.logpdf(zz) - norm.logpdf(zz, m, s)
        if k == 1:
            values.append(p @ lw)
        elif k == 2:
            values.append(p @ np.logaddexp(lw[:, None], lw) @ p - np.log(2))
        else:
            pair, mass2 = np.logaddexp(lw[:, None], lw).ravel(), np.outer(p, p).ravel()
            values.append(sum(p[i] * (mass2 @ np.logaddexp(pair, lw[i])) for i in range(len(e))) - np.log(3))
    oracle["weighted"].append({"mean": m, "sd": s, "bound": values})

Path(__file__).with_suffix(".json").write_text(json.dumps(oracle, indent=1) + "\n")
