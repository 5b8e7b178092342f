"""Makes em.json: expectation maximisation by numpy, row by row, and the same fits by scikit-learn.

    pip install numpy scipy scikit-learn && python tests/oracles/em.py

All log-likelihoods are in nats, summed over the rows; all covariances are divided by N.
"""
import json
from pathlib import Path

import numpy as np
import scipy
import sklearn
from scipy.stats import binom, multivariate_normal
from sklearn.decomposition import FactorAnalysis
from sklearn.mixture import GaussianMixture

here = Path(__file__).resolve().parent
data = here.parents[1] / "data"


def table(name, columns, skip=0):
    return np.loadtxt(data / name, delimiter=",", skiprows=skip)[:, :columns]


wine, faithful, iris = table("wine.csv", 13), table("old_faithful.csv", 2, skip=1), table("iris.csv", 4)
wine = (wine - wine.mean(0)) / wine.std(0)
oracle = {"_made_with": {"numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__}}


def fa_start(x, k):
    values, vectors = np.linalg.eigh(x.T @ x / len(x))
    values, vectors = values[::-1][:k], vectors[:, ::-1][:, :k]
    vectors = vectors * np.sign(vectors[np.abs(vectors).argmax(0), range(k)])
    return vectors * np.sqrt(values), x.var(0) / 2


def fa_loglik(x, w, psi):
    return multivariate_normal(np.zeros(len(psi)), w @ w.T + np.diag(psi)).logpdf(x).sum()


def fa_em(x, k, steps, with_g=True, old_w=False):
    """One row after the other, as the sums are written."""
    w, psi = fa_start(x, k)
    out = [fa_loglik(x, w, psi)]
    for _ in range(steps):
        g = np.linalg.inv(np.eye(k) + w.T @ np.diag(1 / psi) @ w)
        z = x @ (g @ w.T @ np.diag(1 / psi)).T
        zz = z.T @ z + (len(x) * g if with_g else 0)
        new = (x.T @ z) @ np.linalg.inv(zz)
        for_psi = w if old_w else new
        if old_w:  # E (x - Wz)^2 with the W of the step before, all of its terms
            psi = ((x**2).mean(0) - 2 * (for_psi * (x.T @ z)).sum(1) / len(x) + ((for_psi @ zz) * for_psi).sum(1) / len(x))
        else:
            psi = (x**2).mean(0) - (for_psi * (x.T @ z)).sum(1) / len(x)
        w = new
        out.append(fa_loglik(x, w, psi))
    return np.array(out), w, psi


oracle["wine"] = {}
for k in (1, 2, 3):
    trace, w, psi = fa_em(wine, k, 5000)
    peer = FactorAnalysis(k, tol=1e-12, max_iter=20000, svd_method="lapack").fit(wine)
    oracle["wine"][str(k)] = {
        "first": trace[:12].tolist(),
        "end": float(trace[-1]),
        "psi": psi.tolist(),
        "scikit_learn": float(peer.score(wine) * len(wine)),
    }
# Without G two columns lose their noise within nine steps, and then there is no density to compute.
trace, _, psi = fa_em(wine, 2, 8, with_g=False)
oracle["wine_without_g"] = {"first": trace.tolist(), "psi": psi.tolist()}
trace, _, _ = fa_em(wine, 2, 5000, old_w=True)
oracle["wine_old_w"] = {"first": trace[:12].tolist(), "end": float(trace[-1])}

# Probabilistic PCA in closed form.
values = np.linalg.eigvalsh(wine.T @ wine / len(wine))[::-1]
oracle["wine_ppca"] = {}
for k in (1, 2, 3):
    noise = values[k:].mean()
    nats = -0.5 * len(wine) * (13 * np.log(2 * np.pi) + np.log(values[:k]).sum() + (13 - k) * np.log(noise) + 13)
    oracle["wine_ppca"][str(k)] = {"noise": float(noise), "nats": float(nats)}


def pair_em(x, weights, means, covariances, steps, hard=False):
    out = []
    for _ in range(steps + 1):
        joint = np.stack([np.log(p) + multivariate_normal(m, c).logpdf(x) for p, m, c in zip(weights, means, covariances)], 1)
        out.append(float(np.logaddexp(joint[:, 0], joint[:, 1]).sum()))
        r = np.exp(joint - np.logaddexp(joint[:, :1], joint[:, 1:]))
        r = (r == r.max(1, keepdims=True)).astype(float) if hard else r
        n = r.sum(0)
        weights, means = n / len(x), (r.T @ x) / n[:, None]
        covariances = [((x - m).T * r[:, k]) @ (x - m) / n[k] for k, m in enumerate(means)]
    return out


s = np.cov(faithful.T, bias=True)
start = [[3.6, 79.0], [1.8, 54.0]]
soft, hard = (pair_em(faithful, [0.5, 0.5], start, [s, s], 200, hard=h) for h in (False, True))
same = pair_em(faithful, [0.5, 0.5], [faithful.mean(0)] * 2, [s, s], 20)
peer = GaussianMixture(2, reg_covar=0, tol=1e-12, max_iter=1000, means_init=start).fit(faithful)
oracle["old_faithful"] = {
    "means": start,
    "first": soft[:20],
    "end": soft[-1],
    "hard_end": hard[-1],
    "equal": same,
    "scikit_learn": float(peer.score(faithful) * len(faithful)),
}
oracle["iris_pair"] = {"best": float(GaussianMixture(2, reg_covar=0, tol=1e-12, max_iter=5000, n_init=20, random_state=0).fit(iris).score(iris) * len(iris))}

# Ten rows of ten tosses, two coins.
heads, p, steps = np.array([9, 4, 8, 3, 7, 5, 9, 2, 8, 4]), np.array([0.6, 0.5]), []
for _ in range(201):
    joint = 0.5 * np.stack([binom.pmf(heads, 10, v) for v in p], 1)
    steps.append([p.tolist(), float(np.log(joint.sum(1)).sum())])
    r = joint / joint.sum(1, keepdims=True)
    p = (r * heads[:, None]).sum(0) / (10 * r.sum(0))
oracle["coins"] = {"first": steps[:6], "end": steps[-1]}
(here / "em.json").write_text(json.dumps(oracle, indent=1) + "\n")
