"""The same work by this book and by scikit-learn, in one run, in turns, so that both meet the same machine.

    pip install numpy scikit-learn && python benches/versus.py [pca] [fa] [--rounds N]

MNIST must be where the book looks for it: `cargo run -- fetch mnist`, or LATENT_DATA. Prints the median seconds of each,
and ratios of medians. Factor analysis needs a noise variance in every column, and some pixels are always 0: so both get the
pixels plus one draw of uniform noise each, the same numbers. scikit-learn runs first, to its own default tolerance, and
the book's EM then climbs until it has reached at least that log-likelihood.
"""
import argparse
import gzip
import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import sklearn
from sklearn.decomposition import PCA, FactorAnalysis

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


options = argparse.ArgumentParser()
options.add_argument("what", nargs="*", default=["pca", "fa"])
options.add_argument("--rounds", type=int, default=3)
options = options.parse_args()
subprocess.run(["cargo", "build", "--quiet", "--package", "benches"], cwd=ROOT, check=True)
print(f"numpy {np.__version__}, scikit-learn {sklearn.__version__}, {os.cpu_count()} cores, {options.rounds} rounds in turns")
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
