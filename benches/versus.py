"""The same work by this book and by scikit-learn, and by PyTorch, candle and burn, in one run, in turns, so that both meet the same machine.

    pip install numpy scikit-learn && python benches/versus.py [pca] [fa] [mixture] [bernoulli] [--rounds N]
    pip install numpy torch && python benches/versus.py vae [--rounds N] [--cuda] [--write benches/vae.csv]

MNIST must be where the book looks for it: `cargo run -- fetch mnist`, or LATENT_DATA. Prints the median seconds of each,
and ratios of medians. Factor analysis needs a noise variance in every column, and some pixels are always 0: so both get the
pixels plus one draw of uniform noise each, the same numbers. scikit-learn runs first, to its own default tolerance, and
the book's EM then climbs until it has reached at least that log-likelihood. Mixtures begin at the same start, take the same
number of steps, and must end at the same log-likelihood, by scikit-learn's own count.
"""
import argparse
import gzip
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np

if "vae" in sys.argv:
    BayesianGaussianMixture = object  # trained networks are compared with other libraries
else:
    import sklearn
    from sklearn.decomposition import PCA, FactorAnalysis
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import BayesianGaussianMixture, GaussianMixture

ROOT = Path(__file__).resolve().parents[1]


def mnist():
    home = os.environ.get("LATENT_DATA") or Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "latent-book"
    packed = Path(home) / "mnist/train-images-idx3-ubyte.gz"
    return np.frombuffer(gzip.decompress(packed.read_bytes()), np.uint8, offset=16).reshape(-1, 784).astype(float)


def digits():
    return np.loadtxt(ROOT / "data/digits8x8.csv", delimiter=",")[:, :64]


def filled(pixels, levels):
    """Grey levels as amounts between 0 and 1: each pixel somewhere within its level."""
    return (pixels + np.random.default_rng(1).uniform(size=pixels.shape)) / levels


class Ours:
    """The book's own program; every round is one fit."""

    def __init__(self, route, x, *factors):
        self.file = tempfile.NamedTemporaryFile()
        x.tofile(self.file.name)
        binary = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug/benches"
        words = [route, self.file.name, *x.shape, *factors]
        self.child = subprocess.Popen([binary, *map(str, words)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.child.stdout.readline() == "ready\n"

    def round(self, wanted):
        self.child.stdin.write(f"{float(wanted)!r}\n")
        self.child.stdin.flush()
        seconds, *found = map(float, self.child.stdout.readline().split())
        return seconds, found


class Theirs:
    """A fit by scikit-learn, and what of it is compared."""

    def __init__(self, x, make, found):
        self.x, self.make, self.found = x, make, found

    def round(self, _):
        start = time.perf_counter()
        fit = self.make().fit(self.x)
        seconds = time.perf_counter() - start
        return seconds, self.found(fit, self.x)


def variances(fit, x):
    return list(fit.explained_variance_[:3] * (len(x) - 1) / len(x))


def likelihood(fit, x):
    """The total log-likelihood that scikit-learn's model gives the rows, and its steps."""
    n, d = x.shape
    c = np.linalg.slogdet(cov := fit.get_covariance())[1]
    s = (x - x.mean(0)).T @ (x - x.mean(0)) / n
    return [-0.5 * n * (d * np.log(2 * np.pi) + c + np.trace(np.linalg.solve(cov, s))), getattr(fit, "n_iter_", 0)]


def compare(title, ours, theirs, rounds, agree):
    times, wanted = {name: [] for name in ours | theirs}, {}
    found = {}
    for _ in range(rounds):
        for name, run in theirs.items():
            seconds, found[name] = run.round(None)
            times[name].append(seconds)
        for name, (run, rivals) in ours.items():
            seconds, found[name] = run.round(found[rivals[0]][0])
            times[name].append(seconds)
    agree(found)
    print(title)
    medians = {name: statistics.median(t) for name, t in times.items()}
    for name, seconds in medians.items():
        print(f"  {name:44s} median {seconds:8.3f} s   (least {min(times[name]):.3f}, most {max(times[name]):.3f})   {' '.join(f'{v:.6g}' for v in found[name])}")
    for name, (_, rivals) in ours.items():
        for rival in rivals:
            print(f"  ratio of medians, {rival} / {name}: {medians[rival] / medians[name]:.2f}")


def same_variances(found):
    first = next(iter(found.values()))
    for name, values in found.items():
        assert np.allclose(values, first, rtol=1e-9), (name, values, first)


def no_less_likely(found):
    for name, values in found.items():
        rival = name.replace("this book, EM, as far as ", "").replace("this book, PPCA", "scikit-learn, PCA auto")
        assert values[0] >= found[rival][0] - 1e-9 * abs(values[0]), (name, values, found[rival])


def groups(n, d, k):
    """k round clouds of n / k rows each, far enough apart to be told from each other, near enough to be asked about."""
    rng = np.random.default_rng(1)
    return np.repeat(rng.normal(size=(k, d)) * 3, -(-n // k), axis=0)[:n] + rng.normal(size=(n, d))


def apart(x, k):
    """The same k rows that the book's program starts from."""
    return x[np.arange(k) * len(x) // k]


class Mixture:
    """So many steps of scikit-learn's EM from equal weights, means at rows, and the covariance of all rows."""

    def __init__(self, x, kind, k, steps):
        s = np.cov(x.T, bias=True)
        inverse = {"full": lambda: np.repeat(np.linalg.inv(s)[None], k, 0), "tied": lambda: np.linalg.inv(s), "diag": lambda: np.tile(1 / np.diag(s), (k, 1)), "spherical": lambda: np.full(k, 1 / np.diag(s).mean())}[kind]()
        self.x = x
        self.make = lambda: GaussianMixture(k, covariance_type=kind, reg_covar=0, tol=0, max_iter=steps, weights_init=np.full(k, 1 / k), means_init=apart(x, k), precisions_init=inverse)

    def round(self, _):
        start = time.perf_counter()
        fit = self.make().fit(self.x)
        seconds = time.perf_counter() - start
        return seconds, [fit.score(self.x) * len(self.x)]


class Bayesian(BayesianGaussianMixture):
    """scikit-learn's variational mixture, from responsibilities that are given."""

    def _initialize_parameters(self, x, random_state, xp=None):
        far = ((x[:, None] - apart(x, self.n_components)) ** 2).sum(2)
        soft = np.exp(2 * (far.min(1, keepdims=True) - far))
        self._initialize(x, soft / soft.sum(1, keepdims=True))


class Variational:
    """So many steps of it, with the book's priors. Its bound lacks constants, so the means are compared."""

    def __init__(self, x, k, steps):
        d = x.shape[1]
        self.x = x
        self.make = lambda: Bayesian(n_components=k, weight_concentration_prior_type="dirichlet_distribution", weight_concentration_prior=1.0, mean_precision_prior=1.0, mean_prior=np.zeros(d), degrees_of_freedom_prior=d, covariance_prior=np.eye(d), reg_covar=0, tol=0, max_iter=steps)

    def round(self, _):
        start = time.perf_counter()
        fit = self.make().fit(self.x)
        return time.perf_counter() - start, [np.abs(fit.means_).sum()]


class Bernoulli:
    """EM for a mixture of Bernoullis in numpy: the same products, by BLAS."""

    def __init__(self, x, k, steps):
        self.x, self.k, self.steps = x, k, steps

    def answer(self, theta, weights):
        """log p(x), and the responsibilities in place of log p(x, k)."""
        black = np.log1p(-theta)
        joint = self.x @ (np.log(theta) - black).T
        joint += np.log(weights) + black.sum(1)
        most = joint.max(1, keepdims=True)
        joint -= most
        np.exp(joint, out=joint)
        total = joint.sum(1, keepdims=True)
        joint /= total
        return (most + np.log(total)).sum(), joint

    def round(self, _):
        start = time.perf_counter()
        theta, weights = 0.25 + 0.5 * apart(self.x, self.k), np.full(self.k, 1 / self.k)
        for _ in range(self.steps):
            _, r = self.answer(theta, weights)
            counts = r.sum(0)
            theta = (r.T @ self.x + 0.01) / (counts[:, None] + 0.02)
            weights = counts / counts.sum()
        found, _ = self.answer(theta, weights)
        return time.perf_counter() - start, [found]


class Products:
    """The two matrix products of every E step and nothing else: what the machine allows."""

    def __init__(self, x, k, steps):
        self.x, self.slopes, self.r, self.passes = x, np.full((784, k), 0.5), np.full((len(x), k), 0.5), steps + 1

    def round(self, _):
        start = time.perf_counter()
        for _ in range(self.passes):
            self.x @ self.slopes
            self.r.T @ self.x
        return time.perf_counter() - start, [0.0]


def black_and_white():
    home = os.environ.get("LATENT_DATA") or Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "latent-book"
    folder = Path(home) / "binarized_mnist"
    text = folder / "binarized_mnist_train.amat"
    if text.is_file():
        return np.loadtxt(text)
    packed = folder / "binarized_mnist_train-images-idx3-ubyte.gz"
    return np.frombuffer(gzip.decompress(packed.read_bytes()), np.uint8, offset=16).reshape(-1, 784).astype(float)


def same(found):
    (name, first), *others = found.items()
    for other, values in others:
        assert np.isclose(values[0], first[0], rtol=1e-9), (name, first, other, values)


def mixtures(rounds):
    """Every kind, at sizes from a thousand rows to a million; a line each, and the median of the ratios."""
    ratios = []
    for n, d, k in [(1_000, 2, 2), (1_000, 2, 16), (1_000, 16, 4), (10_000, 2, 8), (10_000, 16, 32), (10_000, 64, 8), (100_000, 2, 2), (100_000, 2, 32), (100_000, 16, 8), (100_000, 64, 2), (100_000, 64, 32), (1_000_000, 2, 2), (1_000_000, 8, 8)]:
        x, steps = groups(n, d, k), 20 if n < 100_000 else 3
        for kind in ["full", "tied", "diag", "spherical", "variational"]:
            rival = Variational(x, k, steps) if kind == "variational" else Mixture(x, kind, k, steps)
            runs, times, found = {"scikit-learn": rival, "this book": Ours(kind, x, k, steps)}, {"scikit-learn": [], "this book": []}, {}
            for _ in range(rounds):
                for name, run in runs.items():
                    seconds, found[name] = run.round(0)
                    times[name].append(seconds)
            runs["this book"].child.kill()
            same(found)
            theirs, ours = (statistics.median(t) / steps * 1e3 for t in times.values())
            ratios.append(theirs / ours)
            print(f"  {n:8d} x {d:2d}, K = {k:2d}, {kind:11s}  scikit-learn {theirs:10.3f} ms a step   this book {ours:9.3f} ms   ratio {theirs / ours:6.2f}", flush=True)
    print(f"  ratio of medians: least {min(ratios):.2f}, median {statistics.median(ratios):.2f}, most {max(ratios):.2f}")


options = argparse.ArgumentParser()
options.add_argument("what", nargs="*", default=["pca", "fa", "mixture", "bernoulli"])
options.add_argument("--rounds", type=int, default=3)
options.add_argument("--cuda", action="store_true")
options.add_argument("--write")
options = options.parse_args()
if "vae" in options.what:
    from versus_vae import networks

    networks(options.rounds, options.cuda, options.write)
    sys.exit()
subprocess.run(["cargo", "build", "--quiet", "--package", "benches"], cwd=ROOT, check=True)
print(f"numpy {np.__version__}, scikit-learn {sklearn.__version__}, {os.cpu_count()} cores, {options.rounds} rounds in turns")
warnings.simplefilter("ignore", ConvergenceWarning)
if "mixture" in options.what:
    print("mixtures of Gaussians")
    mixtures(options.rounds)
if "bernoulli" in options.what:
    x, k, steps = black_and_white(), 500, 2
    ours = {"this book": (Ours("bernoulli", x, k, steps), ["numpy", "numpy, the matrix products alone"])}
    compare(f"mixture of {k} Bernoullis on {x.shape[0]} x 784, {steps} steps and a last E step", ours, {"numpy": Bernoulli(x, k, steps), "numpy, the matrix products alone": Products(x, k, steps)}, options.rounds, lambda found: same({n: v for n, v in found.items() if "alone" not in n}))
if "pca" in options.what or "fa" in options.what:
    images = mnist()
if "pca" in options.what:
    x = images / 255.0
    ours = {
        "this book, by_svd": (Ours("svd", x), ["scikit-learn, full"]),
        "this book, by_eigen": (Ours("eigen", x), ["scikit-learn, covariance_eigh"]),
    }
    theirs = {f"scikit-learn, {s}": Theirs(x, lambda s=s: PCA(svd_solver=s), variances) for s in ["full", "covariance_eigh"]}
    compare(f"PCA of MNIST, {x.shape[0]} x {x.shape[1]}", ours, theirs, options.rounds, same_variances)
if "fa" in options.what:
    for name, x, l in [("digits", filled(digits(), 17), 10), ("MNIST", filled(images, 256), 20)]:
        ours, theirs = {}, {}
        for method in ["lapack", "randomized"]:
            rival = f"scikit-learn, {method}"
            theirs[rival] = Theirs(x, lambda m=method: FactorAnalysis(l, svd_method=m, random_state=0), likelihood)
            ours[f"this book, EM, as far as {rival}"] = (Ours("fa", x, l), [rival])
        compare(f"factor analysis of {name}, {x.shape[0]} x {x.shape[1]}, {l} factors", ours, theirs, options.rounds, no_less_likely)
        theirs = {f"scikit-learn, PCA {s}": Theirs(x, lambda s=s: PCA(l, svd_solver=s), likelihood) for s in ["auto", "full"]}
        ours = {"this book, PPCA": (Ours("ppca", x, l), list(theirs))}
        compare(f"probabilistic PCA of {name}, {x.shape[0]} x {x.shape[1]}, {l} factors", ours, theirs, options.rounds, no_less_likely)
