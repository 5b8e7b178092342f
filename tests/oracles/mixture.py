"""Makes mixture.json: EM for mixtures by numpy, row by row as the sums are written, and the same fits by scikit-learn.

    pip install numpy scipy scikit-learn && python tests/oracles/mixture.py

All log-likelihoods are in nats, summed over the rows; all covariances are divided by the rows of their component.
"""
import json
from pathlib import Path

import numpy as np
import scipy
import sklearn
from scipy.special import logsumexp
from scipy.stats import multivariate_normal
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture

here = Path(__file__).resolve().parent
data = here.parents[1] / "data"


def table(name, columns, skip=0):
    return np.loadtxt(data / name, delimiter=",", skiprows=skip)[:, :columns]


faithful, iris, digits = table("old_faithful.csv", 2, skip=1), table("iris.csv", 4), table("digits8x8.csv", 65)
standard = (faithful - faithful.mean(0)) / faithful.std(0)
oracle = {"_made_with": {"numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__}}


def log_joint(x, weights, means, covariances):
    return np.stack([np.log(w) + multivariate_normal(m, c).logpdf(x) for w, m, c in zip(weights, means, covariances)], 1)


def shape_like(kind, c, n):
    """The covariances of K components, c of shape (K, D, D), as the kind allows them."""
    k, d = c.shape[:2]
    if kind == "tied":
        return np.repeat([np.einsum("k,kij->ij", n, c) / n.sum()], k, 0)
    if kind == "diagonal":
        return np.stack([np.diag(np.diag(s)) for s in c])
    if kind == "spherical":
        return np.stack([np.eye(d) * np.trace(s) / d for s in c])
    return c


def em(x, means, covariances, kind="full", steps=600, learn=True):
    k = len(means)
    weights, means, covariances = np.full(k, 1 / k), np.array(means, float), np.array(covariances, float)
    covariances, out = shape_like(kind, covariances, np.ones(k)), []
    for _ in range(steps + 1):
        joint = log_joint(x, weights, means, covariances)
        out.append(logsumexp(joint, 1).sum())
        r = np.exp(joint - logsumexp(joint, 1)[:, None])
        n = r.sum(0)
        means = (r.T @ x) / n[:, None]
        covariances = np.stack([((x - means[j]).T * r[:, j]) @ (x - means[j]) / n[j] for j in range(k)])
        covariances = shape_like(kind, covariances, n)
        weights = n / n.sum() if learn else weights
    return np.array(out), weights, means, covariances


def keep(out, weights, means, covariances):
    order = np.argsort(-weights, kind="stable")
    return {"first_20": out[:20].tolist(), "end": float(out[-1]), "weights": weights[order].tolist(),
            "means": means[order].tolist(), "covariances": covariances[order].tolist()}


all_of = lambda x: np.cov(x.T, bias=True)
start = [[3.6, 79.0], [1.8, 54.0]]
oracle["raw"] = keep(*em(faithful, start, [all_of(faithful)] * 2))
oracle["fixed"] = keep(*em(faithful, start, [all_of(faithful)] * 2, learn=False))
oracle["standardised"] = keep(*em(standard, [[-1.5, 1.0], [1.5, -1.0]], [np.eye(2) / 2] * 2))
oracle["iris"] = {}
for kind, theirs in [("full", "full"), ("tied", "tied"), ("diagonal", "diag"), ("spherical", "spherical")]:
    found = keep(*em(iris, iris[[0, 50, 100]], [all_of(iris)] * 3, kind=kind, steps=1500))
    best = max((GaussianMixture(3, covariance_type=theirs, reg_covar=0, tol=1e-13, max_iter=5000, init_params=how,
                                random_state=s).fit(iris) for s in range(8) for how in ["kmeans", "random"]),
               key=lambda g: g.score(iris))
    oracle["iris"][kind] = found | {"best": float(best.score(iris) * len(iris))}

weights, means = np.array([0.3, 0.7]), np.array([[2.0, 55.0], [4.3, 80.0]])
covariances = np.array([[[0.1, 0.5], [0.5, 35.0]], [[0.2, 1.0], [1.0, 36.0]]])
joint = log_joint(faithful, weights, means, covariances)
oracle["rows"] = {"log_joint": joint[:5].tolist(), "log_likelihood": float(logsumexp(joint, 1).sum()),
                  "responsibilities": np.exp(joint - logsumexp(joint, 1)[:, None])[:5].tolist()}

points = np.arange(5.0)[:, None]
oracle["spike"] = []
for s in [1.0, 0.1, 0.01, 0.001, 1e-6]:
    joint = log_joint(points, [0.5, 0.5], [[0.0], [2.0]], [[[s * s]], [[2.0]]])
    oracle["spike"].append([s, float(logsumexp(joint, 1).sum())])

three = np.isin(digits[:, 64], [2, 3, 4])
bits, label = (digits[three, :64] > 7.5).astype(float), digits[three, 64]


def bernoulli(theta, steps, learn, clip=0.0):
    """0 log 0 is 0; with a clip, every probability is kept that far from 0 and 1."""
    k = len(theta)
    weights, out = np.full(k, 1 / k), []
    for _ in range(steps + 1):
        t = np.clip(theta, max(clip, 1e-300), 1 - clip)
        black = np.log(np.maximum(1 - t, 1e-300))
        joint = np.log(weights) + bits @ np.log(t).T + (1 - bits) @ black.T
        out.append(logsumexp(joint, 1).sum())
        r = np.exp(joint - logsumexp(joint, 1)[:, None])
        theta = r.T @ bits / r.sum(0)[:, None]
        weights = r.sum(0) / r.sum() if learn else weights
    return np.array(out), weights, r


first = [int(np.argmax(label == d)) for d in (2, 3, 4)]
oracle["bernoulli"] = {"rows": len(bits), "constant": int(((bits == 0).all(0) | (bits == 1).all(0)).sum()), "start_rows": first}
for name, learn in [("uniform", False), ("learned", True)]:
    out, w, r = bernoulli(0.25 + 0.5 * bits[first], 1000, learn)
    clipped = bernoulli(0.25 + 0.5 * bits[first], 1000, learn, 1e-6)[0]
    own = sum(max((label[r.argmax(1) == k] == d).sum() for d in (2, 3, 4)) for k in range(3))
    oracle["bernoulli"][name] = {"first_20": out[:20].tolist(), "end": float(out[-1]), "clipped": float(clipped[-1]),
                                 "weights": w.tolist(), "in_majority": int(own)}

means3 = KMeans(3, init=iris[[0, 50, 100]], n_init=1, tol=0).fit(iris)
oracle["kmeans"] = {"means": means3.cluster_centers_.tolist(), "sizes": np.bincount(means3.labels_).tolist()}
(here / "mixture.json").write_text(json.dumps(oracle, indent=1) + "\n")
print(json.dumps({k: v for k, v in oracle["bernoulli"].items()}, indent=1)[:2500])
print({k: (v["end"], v["best"]) for k, v in oracle["iris"].items()}, oracle["raw"]["end"], oracle["standardised"]["end"], oracle["fixed"]["end"])
