"""Oracle values for tests/vae.rs, by scipy's quadrature. Run: python3 tests/oracles/vae.py > tests/oracles/vae.json"""
import json

import numpy as np
from scipy.integrate import quad
from scipy.special import expit, log_expit


def normal(e):
    return np.exp(-e * e / 2) / np.sqrt(2 * np.pi)


def moments(guess, points=None):
    mean = quad(lambda e: normal(e) * guess(e), -12, 12, epsabs=1e-13, limit=2000, points=points)[0]
    square = quad(lambda e: normal(e) * guess(e) ** 2, -12, 12, epsabs=1e-13, limit=2000, points=points)[0]
    return mean, square - mean**2


def squares():
    out = {}
    for m, s in [(0.0, 1.0), (2.0, 1.0), (2.0, 0.1), (-1.0, 0.5)]:
        out[f"{m} {s}"] = {
            "mean": m,
            "sd": s,
            "score_mean": moments(lambda e: (m + s * e) ** 2 * e / s)[1],
            "score_sd": moments(lambda e: (m + s * e) ** 2 * (e * e - 1) / s)[1],
            "path_mean": moments(lambda e: 2 * (m + s * e))[1],
            "path_sd": moments(lambda e: 2 * (m + s * e) * e)[1],
        }
    return out


A, B = np.array([1.5, -2.0, 0.7]), np.array([-0.2, 0.4, 0.1])
W = np.array([[1.0, -0.5, 0.3], [0.8, 1.2, -0.7], [-1.1, 0.2, 0.9]])


def joint(x, z):
    odds = W @ np.tanh(A * z + B)
    fit = np.sum(np.where(x > 0.5, log_expit(odds), log_expit(-odds)))
    return fit - z * z / 2 - np.log(2 * np.pi) / 2


def bound(x, m, s):
    energy = quad(lambda e: normal(e) * joint(x, m + s * e), -12, 12, epsabs=1e-12, limit=500)[0]
    return energy + np.log(s) + (1 + np.log(2 * np.pi)) / 2


def tiny():
    out, m, s, h = [], 0.3, 0.6, 1e-4
    for i in range(8):
        x = np.array([i >> 2 & 1, i >> 1 & 1, i & 1], float)
        out.append({
            "x": x.tolist(),
            "by_mean": (bound(x, m + h, s) - bound(x, m - h, s)) / (2 * h),
            "by_log_sd": (bound(x, m, s * np.exp(h)) - bound(x, m, s * np.exp(-h))) / (2 * h),
        })
    return out


print(json.dumps({
    "square": squares(),
    "jump": moments(lambda e: e * (e > 0), points=[0])[0],
    "wave": {
        "path": moments(lambda e: 20 * np.cos(20 * e))[1],
        "score": moments(lambda e: np.sin(20 * e) * e)[1],
    },
    "tiny": tiny(),
}, indent=1))
