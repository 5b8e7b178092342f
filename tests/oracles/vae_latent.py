"""Expected values for tests/vae_latent.rs, by numpy and scipy alone.
Run: python tests/oracles/vae_latent.py
"""
import json
from pathlib import Path
import numpy as np
from scipy.integrate import quad
from scipy.optimize import minimize, minimize_scalar
from scipy.special import expit
from scipy.stats import norm

here = Path(__file__).parent
oracle = {}

# The normal distribution function and its inverse.
places = [-30.0, -8.0, -5.5, -3.0, -2.999, -1.0, -1e-3, 0.0, 0.3, 1.0, 2.999, 3.0, 3.001, 4.0, 6.0]
shares = [1e-300, 1e-40, 1e-9, 1e-4, 0.01, 0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975, 0.99, 0.9999, 1 - 1e-12]
middles = norm.ppf((np.arange(20) + 0.5) / 20)
oracle["normal"] = {
    "z": places, "cdf": norm.cdf(places).tolist(),
    "p": shares, "quantile": norm.ppf(shares).tolist(),
    "middles": middles.tolist(), "variance": float(np.mean(middles**2)),
}

# The decoder with three pixels, and the image 011.
a, b = np.array([1.5, -2.0, 0.7]), np.array([-0.2, 0.4, 0.1])
w = np.array([[1.0, -0.5, 0.3], [0.8, 1.2, -0.7], [-1.1, 0.2, 0.9]])
x = np.array([0, 1, 1])
pixel = lambda z: expit(w @ np.tanh(a * z + b))
joint = lambda z: norm.pdf(z) * np.prod(np.where(x == 1, pixel(z), 1 - pixel(z)))
over = lambda f, d: quad(lambda z: f(z) * d(z), -12, 12, epsabs=1e-14, epsrel=1e-13, limit=500)[0]
evidence = over(lambda z: 1.0, joint)
mode = minimize_scalar(lambda z: -np.log(joint(z)), bounds=(-2, 1), method="bounded", options={"xatol": 1e-12}).x
mean = over(lambda z: z, joint) / evidence
minus = lambda p: -over(lambda z: np.log(joint(z)) - norm.logpdf(z, p[0], np.exp(p[1])), lambda z: norm.pdf(z, p[0], np.exp(p[1])))
best = minimize(minus, [mean, -0.3], method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-15}).x
q = lambda z: norm.pdf(z, best[0], np.exp(best[1]))
oracle["tiny"] = {
    "mode": mode, "mean": mean, "q": [best[0], float(np.exp(best[1]))],
    "pixels_at_mean_of_q": pixel(best[0]).tolist(),
    "mean_of_pixels_under_q": [over(lambda z, d=d: pixel(z)[d], q) for d in range(3)],
    "mean_of_pixels_under_posterior": [over(lambda z, d=d: pixel(z)[d], joint) / evidence for d in range(3)],
}

# Five codes on the line, and five in the plane: the mean cost in two parts.
m = np.array([-1.6, -0.9, 0.1, 0.8, 1.9])
s = np.array([0.3, 0.5, 0.2, 0.4, 0.6])
average = lambda z: np.mean(norm.pdf(z, m, s))
cost = float(np.mean(0.5 * (s**2 + m**2 - 1) - np.log(s)))
apart = quad(lambda z: average(z) * (np.log(average(z)) - norm.logpdf(z)), -8, 8, points=list(m), epsabs=1e-13, limit=500)[0]
told = np.mean([quad(lambda z: norm.pdf(z, u, v) * (norm.logpdf(z, u, v) - np.log(average(z))), u - 9 * v, u + 9 * v, points=[u], epsabs=1e-13, limit=500)[0] for u, v in zip(m, s)])
oracle["line"] = {"mean": m.tolist(), "sd": s.tolist(), "cost": cost, "average": apart, "information": told}
r = np.random.default_rng(7)
m2, s2 = r.normal(size=(5, 2)) * 1.2, r.uniform(0.25, 0.8, size=(5, 2))
axis = np.linspace(-9, 9, 1201)
step = axis[1] - axis[0]
flat = np.mean([np.outer(norm.pdf(axis, u[1], v[1]), norm.pdf(axis, u[0], v[0])) for u, v in zip(m2, s2)], axis=0)
log_prior = norm.logpdf(axis)[:, None] + norm.logpdf(axis)[None]
positive = flat > 0
apart = float((flat * (np.log(np.where(positive, flat, 1)) - log_prior))[positive].sum() * step**2)
cost = float(np.mean(np.sum(0.5 * (s2**2 + m2**2 - 1) - np.log(s2), axis=1)))
oracle["plane"] = {"mean": m2.tolist(), "sd": s2.tolist(), "cost": cost, "average": apart, "information": cost - apart}

# The linear autoencoder on standardised wine.
wine = np.loadtxt(here / "../../data/wine.csv", delimiter=",")[:, :13]
z = (wine - wine.mean(0)) / wine.std(0)
n, d = z.shape
values, vectors = np.linalg.eigh(z.T @ z / n)
values, vectors = values[::-1], vectors[:, ::-1]


def rowwise(W, V, variance, noise):
    """The bound, row by row, with E over q written out through its moments."""
    fit = kl = 0.0
    for row in z:
        mean = V @ row
        square = np.sum((row - W @ mean) ** 2) + np.trace(W @ np.diag(variance) @ W.T)
        fit += -0.5 * d * np.log(2 * np.pi * noise) - 0.5 * square / noise
        kl += 0.5 * np.sum(variance + mean**2 - 1 - np.log(variance))
    return fit / n, kl / n


W, V = r.normal(size=(d, 3)) * 0.4, r.normal(size=(3, d)) * 0.3
variance, noise = np.array([0.5, 0.9, 1.4]), 0.7
fit, kl = rowwise(W, V, variance, noise)
oracle["linear"] = {"w": W.tolist(), "v": V.tolist(), "variance": variance.tolist(), "noise": noise, "fit": fit, "kl": kl}
oracle["linear"]["wine"] = {}
for k in (1, 2, 5):
    noise = values[k:].mean()
    C = vectors[:, :k] * (values[:k] - noise) @ vectors[:, :k].T + noise * np.eye(d)
    log = -0.5 * n * (d * np.log(2 * np.pi) + np.linalg.slogdet(C)[1] + np.trace(np.linalg.solve(C, z.T @ z / n)))
    oracle["linear"]["wine"][str(k)] = {"log_likelihood": log, "noise": noise, "variance": (noise / values[:k]).tolist()}
turned = np.linalg.qr(np.array([[1.0, -1.0], [1.0, 1.0]]))[0]
noise = values[2:].mean()
W = vectors[:, :2] * np.sqrt(values[:2] - noise) @ turned
M = np.eye(2) + W.T @ W / noise
oracle["linear"]["turned_gap"] = float(0.5 * (np.log(np.diag(M)).sum() - np.linalg.slogdet(M)[1]))
oracle["linear"]["active"] = [max(0.0, 1 - 1 / v) for v in values[:5]]

(here / "vae_latent.json").write_text(json.dumps(oracle, indent=1) + "\n")
print(json.dumps({k: oracle[k] for k in ("tiny", "line", "plane")}, indent=1))
print({k: v for k, v in oracle["linear"].items() if k not in ("w", "v")}, oracle["normal"]["variance"])
