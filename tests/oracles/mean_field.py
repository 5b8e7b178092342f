"""Makes mean_field.json: mean field by numpy and scipy, written as the sums of the textbooks, row by row.

    pip install numpy scipy scikit-learn && python tests/oracles/mean_field.py

All bounds are in nats, with all constants. The variational mixture is written with responsibilities as a table
and the bound as Bishop's seven terms (10.71 to 10.77), which share no line with the library's KL form.
"""
import json
from math import factorial
from pathlib import Path

import numpy as np
import scipy
import sklearn
from scipy.integrate import quad
from scipy.optimize import minimize
from scipy.special import digamma, gammaln, logsumexp
from scipy.stats import norm
from sklearn.mixture import BayesianGaussianMixture

here = Path(__file__).resolve().parent
geyser = np.loadtxt(here.parents[1] / "data" / "old_faithful.csv", delimiter=",", skiprows=1)[:, :2]
standard = (geyser - geyser.mean(0)) / geyser.std(0)
oracle = {"_made_with": {"numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__}}

places = [1e-6, 0.001, 0.1, 0.5, 1.0, 1.4616321449683623, 1.5, 2.0, 3.25, 7.0, 9.999, 10.0, 12.5, 136.501, 1e4, 1e9]
oracle["gamma"] = {"x": places, "ln_gamma": gammaln(places).tolist(), "digamma": digamma(places).tolist()}


def gauss_kl(m0, s0, m1, s1):
    p = np.linalg.inv(s1)
    return 0.5 * (np.trace(p @ s0) + (m1 - m0) @ p @ (m1 - m0) - len(m0) + np.log(np.linalg.det(s1) / np.linalg.det(s0)))


def correlated(s):
    zero, precision = np.zeros(len(s)), np.linalg.inv(s)
    reverse, forward = 1 / np.diag(precision), np.diag(s).copy()
    return {
        "sigma": s.tolist(),
        "reverse": {"variances": reverse.tolist(), "kl": gauss_kl(zero, np.diag(reverse), zero, s)},
        "forward": {"variances": forward.tolist(), "kl": gauss_kl(zero, s, zero, np.diag(forward))},
    }


oracle["correlated"] = [correlated(np.array([[1, r], [r, 1]])) for r in (0.0, 0.5, 0.9, 0.99)]
oracle["correlated"].append(correlated(np.array([[2, 0.8, 0.3], [0.8, 1, 0.4], [0.3, 0.4, 0.5]])))


def normal(x, m0, l0, a0, b0, tau, steps):
    n, out = len(x), []
    a, m = a0 + (n + 1) / 2, (l0 * m0 + x.sum()) / (l0 + n)
    for _ in range(steps):
        l = (l0 + n) * tau
        b = b0 + 0.5 * (((x - m) ** 2).sum() + n / l + l0 * ((m - m0) ** 2 + 1 / l))
        tau = a / b
        out.append(tau)
    ln_tau = digamma(a) - np.log(b)
    square = ((x - m) ** 2).sum() + n / l
    bound = 0.5 * n * (ln_tau - np.log(2 * np.pi)) - 0.5 * tau * square
    bound += 0.5 * (np.log(l0 / (2 * np.pi)) + ln_tau) - 0.5 * l0 * tau * ((m - m0) ** 2 + 1 / l)
    bound += a0 * np.log(b0) - gammaln(a0) + (a0 - 1) * ln_tau - b0 * tau
    bound += 0.5 * np.log(2 * np.pi * np.e / l) + a - np.log(b) + gammaln(a) + (1 - a) * digamma(a)
    an, ln = a0 + n / 2, l0 + n
    bn = b0 + 0.5 * (((x - x.mean()) ** 2).sum() + l0 * n * (x.mean() - m0) ** 2 / ln)
    evidence = gammaln(an) - gammaln(a0) + a0 * np.log(b0) - an * np.log(bn) + 0.5 * np.log(l0 / ln) - 0.5 * n * np.log(2 * np.pi)
    return {"tau": out[:5], "end": tau, "exact_tau": an / bn, "m": m, "precision": l, "a": a, "b": b, "bound": bound, "evidence": evidence}


oracle["normal"] = normal(geyser[:, 0], 0, 0.001, 0.001, 0.001, 1.0, 60)


class Vb:
    """The variational mixture, prior N(0, 1/Lambda), W0 = I, nu0 = D, beta0 = 1."""

    def __init__(self, x, k, alpha0):
        self.x, self.k, self.alpha0, self.d = x, k, alpha0, x.shape[1]

    def m(self, r):
        x, d = self.x, self.d
        n = r.sum(0)
        mean = (r.T @ x) / np.maximum(n, 1e-300)[:, None]
        self.alpha, self.beta, self.nu = self.alpha0 + n, 1 + n, d + n
        self.mean = (r.T @ x) / self.beta[:, None]
        self.w = []
        for k in range(self.k):
            c = x - mean[k]
            s = (r[:, k, None] * c).T @ c
            self.w.append(np.linalg.inv(np.eye(d) + s + n[k] / (1 + n[k]) * np.outer(mean[k], mean[k])))
        self.w = np.array(self.w)

    def expectations(self):
        i = np.arange(self.d)
        ln_pi = digamma(self.alpha) - digamma(self.alpha.sum())
        ln_det = digamma((self.nu[:, None] - i) / 2).sum(1) + self.d * np.log(2) + np.linalg.slogdet(self.w)[1]
        return ln_pi, ln_det

    def e(self):
        ln_pi, ln_det = self.expectations()
        c = self.x[:, None, :] - self.mean
        square = self.d / self.beta + self.nu * (np.einsum("nki,kij->nkj", c, self.w) * c).sum(2)
        rho = ln_pi + 0.5 * ln_det - 0.5 * self.d * np.log(2 * np.pi) - 0.5 * square
        return np.exp(rho - logsumexp(rho, axis=1, keepdims=True))

    def ln_b(self, w, nu):
        d, i = self.d, np.arange(self.d)
        return -0.5 * nu * np.linalg.slogdet(w)[1] - (0.5 * nu * d * np.log(2) + 0.25 * d * (d - 1) * np.log(np.pi) + gammaln((nu - i) / 2).sum())

    def bound(self, r):
        d, (ln_pi, ln_det) = self.d, self.expectations()
        n = r.sum(0)
        c = self.x[:, None, :] - self.mean
        square = d / self.beta + self.nu * (np.einsum("nki,kij->nkj", c, self.w) * c).sum(2)
        t71 = 0.5 * (r * (ln_det - square - d * np.log(2 * np.pi))).sum()
        t72 = (n * ln_pi).sum()
        ln_c = lambda a: gammaln(a.sum()) - gammaln(a).sum()
        t73 = ln_c(np.full(self.k, self.alpha0)) + (self.alpha0 - 1) * ln_pi.sum()
        t74 = 0.0
        t77 = 0.0
        for k in range(self.k):
            t74 += 0.5 * (d * np.log(1 / (2 * np.pi)) + ln_det[k] - d / self.beta[k] - self.nu[k] * self.mean[k] @ self.w[k] @ self.mean[k])
            t74 += self.ln_b(np.eye(d), d) + 0.5 * (d - d - 1) * ln_det[k] - 0.5 * self.nu[k] * np.trace(self.w[k])
            entropy = -self.ln_b(self.w[k], self.nu[k]) - 0.5 * (self.nu[k] - d - 1) * ln_det[k] + 0.5 * self.nu[k] * d
            t77 += 0.5 * ln_det[k] + 0.5 * d * np.log(self.beta[k] / (2 * np.pi)) - 0.5 * d - entropy
        t75 = (r[r > 0] * np.log(r[r > 0])).sum()
        t76 = ((self.alpha - 1) * ln_pi).sum() + ln_c(self.alpha)
        return t71 + t72 + t73 + t74 - t75 - t76 - t77

    def fit(self, r, steps):
        self.m(r)
        out, self.after_m = [], [self.bound(r)]
        for t in range(steps + 1):
            r = self.e()
            out.append(self.bound(r))
            if t < steps:
                self.m(r)
                self.after_m.append(self.bound(r))
        return np.array(out)


def softmax(x, centres):
    far = -2 * ((x[:, None] - centres) ** 2).sum(2)
    return np.exp(far - logsumexp(far, axis=1, keepdims=True))


model = Vb(standard, 6, 0.001)
trace = model.fit(softmax(standard, standard[:6]), 400)
order = np.argsort(-model.alpha)
oracle["mixture"] = {
    "trace": trace[:12].tolist(), "after_m": model.after_m[:10], "end": trace[-1], "alpha": model.alpha[order].tolist(), "beta": model.beta[order].tolist(),
    "nu": model.nu[order].tolist(), "means": model.mean[order][:2].tolist(),
    "covariances": [(np.linalg.inv(model.w[k]) / model.nu[k]).tolist() for k in order[:2]],
}
peer = BayesianGaussianMixture(n_components=6, weight_concentration_prior_type="dirichlet_distribution", weight_concentration_prior=0.001, mean_precision_prior=1,
    mean_prior=[0, 0], degrees_of_freedom_prior=2, covariance_prior=np.eye(2), n_init=4, max_iter=1000, tol=1e-9, random_state=0, reg_covar=0).fit(standard)
oracle["mixture"]["scikit-learn"] = {"alpha": sorted(peer.weight_concentration_.tolist(), reverse=True), "lower_bound": peer.lower_bound_}

best = {}
for k in range(1, 7):
    ends = []
    for seed in range(4):
        rng = np.random.default_rng(seed)
        ends.append(Vb(standard, k, 1.0).fit(softmax(standard, standard[rng.choice(len(standard), k, replace=False)]), 400)[-1])
    best[str(k)] = {"bound": max(ends), "with_log_factorial": max(ends) + np.log(factorial(k))}
oracle["choice"] = best


steps = np.linspace(-10, 10, 4001)  # the trapezium rule is exact to rounding for what vanishes at both ends
log_weight = norm.logpdf(steps)
weight = np.exp(log_weight)


def peaks(weights, means, sds):
    one = lambda z, w, m, s: np.log(w / s) - 0.5 * np.log(2 * np.pi) - 0.5 * ((z - m) / s) ** 2
    log_p = lambda z: np.logaddexp(*[one(z, *each) for each in zip(weights, means, sds)])

    def reverse(v):
        m, s = v[0], np.exp(v[1])
        return (weight * (log_weight - np.log(s) - log_p(m + s * steps))).sum() * (steps[1] - steps[0])

    m = np.dot(weights, means)
    sd = np.sqrt(np.dot(weights, np.square(sds) + np.square(means)) - m * m)
    forward = quad(lambda z: np.exp(log_p(z)) * (log_p(z) - norm.logpdf(z, m, sd)), -30, 30, points=list(means), epsabs=1e-13, limit=800)[0]
    fits = []
    for start in [(means[0], np.log(sds[0])), (means[1], np.log(sds[1])), (m, np.log(sd))]:
        found = minimize(reverse, start, method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-14, "maxiter": 4000})
        fits.append([found.x[0], float(np.exp(found.x[1])), found.fun])
    return {"weights": weights, "means": means, "sds": sds, "forward": [m, sd, forward], "reverse": fits}


oracle["peaks"] = [
    peaks([0.7, 0.3], [-3.0, 4.0], [0.7, 1.0]),
    peaks([0.5, 0.5], [-3.0, 3.0], [1.0, 1.0]),
    peaks([0.7, 0.3], [-2.0, 3.0], [0.7, 1.2]),
    peaks([0.5, 0.5], [-1.0, 1.0], [1.0, 1.0]),
]

tables = []
for shape, seed in (((2, 2), 1), ((2, 3), 2), ((3, 3), 3)):
    p = np.log(np.random.default_rng(seed).dirichlet(np.ones(shape[0] * shape[1])).reshape(shape) * 0.1)
    q2, walk = np.full(shape[1], 1 / shape[1]), []
    for _ in range(2000):
        q1 = np.exp(p @ q2); q1 /= q1.sum()
        bound = sum(q1[i] * q2[j] * (p[i, j] - np.log(q1[i] * q2[j])) for i in range(shape[0]) for j in range(shape[1]))
        walk.append(bound)
        q2 = np.exp(q1 @ p); q2 /= q2.sum()
    tables.append({"log_joint": p.tolist(), "trace": walk[:6], "end": walk[-1], "evidence": float(logsumexp(p)), "q1": q1.tolist(), "q2": q2.tolist()})
oracle["tables"] = tables

(here / "mean_field.json").write_text(json.dumps(oracle, indent=1) + "\n")
print(json.dumps({k: oracle[k] for k in ("normal", "peaks")}, indent=1))
print(oracle["mixture"]["trace"], oracle["mixture"]["end"], oracle["mixture"]["alpha"], oracle["choice"], oracle["tables"])
