"""Makes factor_analysis.json: factor analysis by scikit-learn, densities by scipy, closed forms by numpy, on the tables in data/.

    pip install numpy scipy scikit-learn && python tests/oracles/factor_analysis.py

Moments divide by N. scikit-learn's factor analysis stops early by default; here it runs until it no longer moves.
"""
import json
from pathlib import Path

import numpy as np
import scipy
import sklearn
from scipy.stats import multivariate_normal
from sklearn.decomposition import FactorAnalysis

here = Path(__file__).resolve().parent
data = here.parents[1] / "data"


def table(name, columns):
    return np.loadtxt(data / name, delimiter=",")[:, :columns]


iris, wine = table("iris.csv", 4), table("wine.csv", 13)
wine = (wine - wine.mean(0)) / wine.std(0)
oracle = {"_made_with": {"numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__}}


def log_likelihood(x, covariance):
    return float(multivariate_normal(x.mean(0), covariance).logpdf(x).sum())


def ppca(x, k):
    values, vectors = np.linalg.eigh(np.cov(x.T, bias=True))
    values, vectors = values[::-1], vectors[:, ::-1]
    noise = values[k:].mean()
    w = vectors[:, :k] * np.sqrt(values[:k] - noise)
    return {"noise": float(noise), "log_likelihood": log_likelihood(x, w @ w.T + noise * np.eye(x.shape[1]))}


def factor_analysis(x, k):
    fit = FactorAnalysis(k, tol=1e-13, max_iter=200_000, svd_method="lapack").fit(x)
    w, psi = fit.components_.T, fit.noise_variance_
    g = np.linalg.inv(np.eye(k) + w.T @ (w / psi[:, None]))
    mean = fit.transform(x)  # its rotation is its own: what follows does not depend on it
    return {
        "log_likelihood": log_likelihood(x, w @ w.T + np.diag(psi)),
        "psi": psi.tolist(),
        "communalities": (w**2).sum(1).tolist(),
        "shared_covariance": (w @ w.T).tolist(),
        "row_0_shared": (w @ mean[0]).tolist(),
        "posterior_trace": float(np.trace(g)),
        "posterior_determinant": float(np.linalg.det(g)),
    }


oracle["ppca"] = {name: {str(k): ppca(x, k) for k in ks} for name, x, ks in [("iris", iris, [1, 2, 3]), ("wine", wine, [1, 2, 3, 5])]}
oracle["factor_analysis"] = {str(k): factor_analysis(wine, k) for k in [1, 2, 3]}

# The start that the book's fits begin from, before any step.
values, vectors = np.linalg.eigh(np.cov(wine.T, bias=True))
values, vectors = values[::-1], vectors[:, ::-1]
oracle["start"] = {str(k): log_likelihood(wine, (vectors[:, :k] * values[:k]) @ vectors[:, :k].T + np.eye(13) / 2) for k in [1, 2, 3]}

# A prior N(mu0, Sigma0) and what it does to the marginal.
w, s0 = np.array([[1.0, 0.5], [0.2, -1.0], [0.7, 0.3]]), np.array([[2.0, 0.6], [0.6, 1.0]])
mu0, mu, psi = np.array([0.5, -1.0]), np.array([0.1, 0.2, 0.3]), np.array([0.3, 0.2, 0.1])
d, u = np.linalg.eigh(s0)
wrong = w @ (u / np.sqrt(d)) @ u.T
oracle["absorb"] = {
    "mean": (w @ mu0 + mu).tolist(),
    "covariance": (w @ s0 @ w.T + np.diag(psi)).tolist(),
    "error_with_minus_half": float(np.abs(wrong @ wrong.T - w @ s0 @ w.T).max()),
}
(here / "factor_analysis.json").write_text(json.dumps(oracle, indent=1) + "\n")
