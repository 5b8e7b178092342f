"""Makes blurriness_b.json: pixels with shades of grey, one at a time, by scipy.

    pip install numpy scipy && python tests/oracles/blurriness_b.py

The continuous Bernoulli is scipy's truncated exponential, turned round where its parameter is positive; the masses of
bins are differences of scipy's distribution functions, of the tail in which the bin lies.
"""
import json
from pathlib import Path

import numpy as np
import scipy
from numpy.polynomial.legendre import leggauss
from scipy.stats import logistic, norm, truncexpon

oracle = {"_made_with": {"numpy": np.__version__, "scipy": scipy.__version__}}

nodes, mass = leggauss(200)
nodes, mass = (nodes + 1) / 2, mass / 2
oracle["continuous"] = []
for a in [-60, -7, -0.6, -0.4, -0.01, 1e-6, 0.3, 0.5, 3, 25, 300]:
    law = truncexpon(abs(a), scale=1 / abs(a))  # density ∝ e^-|a|x on [0, 1]
    turn = (lambda x: 1 - x) if a > 0 else (lambda x: x)
    mean = float(turn(law.mean())) if abs(a) > 0.1 else float(mass @ (nodes * np.exp(a * nodes)) / (mass @ np.exp(a * nodes)))
    square = float(mass @ (nodes**2 * np.exp(a * nodes - max(a, 0))) / (mass @ np.exp(a * nodes - max(a, 0))))
    oracle["continuous"].append({
        "odds": a,
        "x": 0.7,
        "log_density": float(law.logpdf(turn(0.7))),
        "mean": mean,
        "variance": square - mean**2,
        "below": float(law.sf(0.3) if a > 0 else law.cdf(0.7)),
    })

oracle["bins"] = []
for kind, law in [("logistic", logistic), ("normal", norm)]:
    for mean, scale in [(0.4, 0.05), (0.4, 2.0), (-0.3, 0.1), (1.2, 0.05), (0.5, 0.02)]:
        for low, high in [(-np.inf, 1 / 32), (13 / 32, 15 / 32), (31 / 32, np.inf)]:
            a, b = (low - mean) / scale, (high - mean) / scale
            share = law.sf(a) - law.sf(b) if a > 0 else law.cdf(b) - law.cdf(a)
            ends = [None if np.isinf(v) else v for v in (low, high)]
            oracle["bins"].append({"kind": kind, "mean": mean, "scale": scale, "bin": ends, "log_mass": float(np.log(share))})

Path(__file__).with_suffix(".json").write_text(json.dumps(oracle, indent=1) + "\n")
