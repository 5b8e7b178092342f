"""Makes pca.json: PCA by scikit-learn and numpy on the tables in data/.

    pip install numpy scikit-learn && python tests/oracles/pca.py

The eigenvalues here divide by N; scikit-learn's explained_variance_ divides by N - 1.
"""
import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.decomposition import PCA

here = Path(__file__).resolve().parent
data = here.parents[1] / "data"


def table(name, columns, skip=0):
    return np.loadtxt(data / name, delimiter=",", skiprows=skip)[:, :columns]


def positive(v):
    """Each column with its entry of largest size positive."""
    return v * np.sign(v[np.abs(v).argmax(0), range(v.shape[1])])


def pca(x, ks):
    n = len(x)
    full = PCA(svd_solver="full").fit(x)
    out = {
        "variances_n": (full.explained_variance_ * (n - 1) / n).tolist(),
        "variances_n_minus_1": full.explained_variance_.tolist(),
        "shares": full.explained_variance_ratio_.cumsum().tolist(),
        "error": {},
    }
    for k in ks:
        fit = PCA(k, svd_solver="full").fit(x)
        back = fit.inverse_transform(fit.transform(x))
        out["error"][str(k)] = float(((x - back) ** 2).sum(1).mean())
    return out, positive(full.components_.T)


iris, wine, digits = table("iris.csv", 4), table("wine.csv", 13), table("digits8x8.csv", 64)
faithful = table("old_faithful.csv", 2, skip=1)
standard = (wine - wine.mean(0)) / wine.std(0)
oracle = {"_made_with": {"numpy": np.__version__, "scikit-learn": sklearn.__version__}, "sums": {}}
for name, x, ks, vectors in [
    ("iris", iris, [1, 2, 3], True),
    ("wine_standardised", standard, [1, 2, 3, 5], True),
    ("old_faithful", faithful, [1], True),
    ("digits", digits, [1, 2, 5, 10, 20], False),
]:
    oracle["sums"][name] = float(x.sum())
    oracle[name], v = pca(x, ks)
    if vectors:
        oracle[name]["directions_as_columns"] = v.tolist()

# Without centring: the eigenvectors of the second moment.
values, vectors = np.linalg.eigh(iris.T @ iris / len(iris))
first, mean = positive(vectors[:, ::-1])[:, :1], iris.mean(0)
back = iris @ first @ first.T
oracle["iris_uncentred"] = {
    "energy": float(values[-1]),
    "direction": first[:, 0].tolist(),
    "cosine_with_mean": float(abs(first[:, 0] @ mean) / np.linalg.norm(mean)),
    "cosine_with_first_direction": float(abs(first[:, 0] @ np.array(oracle["iris"]["directions_as_columns"])[:, 0])),
    "error": float(((iris - back) ** 2).sum(1).mean()),
}
(here / "pca.json").write_text(json.dumps(oracle, indent=1) + "\n")
