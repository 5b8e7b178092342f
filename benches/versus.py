"""The same work by this book and by scikit-learn, in one run, in turns, so that both meet the same machine.

    pip install numpy scikit-learn && python benches/versus.py [ROUNDS]

MNIST must be where the book looks for it: `cargo run -- fetch mnist`, or LATENT_DATA. Prints the median seconds of
PCA of 60,000 x 784 by each, and the ratio of the medians.
"""
import gzip
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import sklearn
from sklearn.decomposition import PCA

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 5


def images():
    home = os.environ.get("LATENT_DATA") or Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "latent-book"
    packed = Path(home) / "mnist/train-images-idx3-ubyte.gz"
    return np.frombuffer(gzip.decompress(packed.read_bytes()), np.uint8, offset=16).reshape(-1, 784) / 255.0


class Ours:
    def __init__(self, route):
        binary = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug/benches"
        self.child = subprocess.Popen([binary, route], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.child.stdout.readline() == "ready\n"

    def round(self):
        self.child.stdin.write("go\n")
        self.child.stdin.flush()
        seconds, *variances = map(float, self.child.stdout.readline().split())
        return seconds, variances


class Theirs:
    def __init__(self, x, solver):
        self.x, self.solver = x, solver

    def round(self):
        start = time.perf_counter()
        fit = PCA(svd_solver=self.solver).fit(self.x)
        seconds = time.perf_counter() - start
        n = len(self.x)
        return seconds, list(fit.explained_variance_[:3] * (n - 1) / n)


subprocess.run(["cargo", "build", "--quiet", "--package", "benches"], cwd=ROOT, check=True)
x = images()
runs = {
    "this book, by_svd": Ours("svd"),
    "scikit-learn, full": Theirs(x, "full"),
    "this book, by_eigen": Ours("eigen"),
    "scikit-learn, covariance_eigh": Theirs(x, "covariance_eigh"),
}
times = {name: [] for name in runs}
for i in range(ROUNDS):
    found = {}
    for name, run in runs.items():
        seconds, found[name] = run.round()
        times[name].append(seconds)
    first = next(iter(found.values()))
    for name, variances in found.items():
        assert np.allclose(variances, first, rtol=1e-9), (name, variances, first)
print(f"PCA of MNIST, {x.shape[0]} x {x.shape[1]}; numpy {np.__version__}, scikit-learn {sklearn.__version__}, {os.cpu_count()} cores, {ROUNDS} rounds in turns")
medians = {name: statistics.median(t) for name, t in times.items()}
for name, seconds in medians.items():
    print(f"  {name:32s} median {seconds:6.2f} s   (least {min(times[name]):.2f}, most {max(times[name]):.2f})")
print(f"  ratio of medians, scikit-learn full / by_svd: {medians['scikit-learn, full'] / medians['this book, by_svd']:.2f}")
print(f"  ratio of medians, scikit-learn covariance_eigh / by_eigen: {medians['scikit-learn, covariance_eigh'] / medians['this book, by_eigen']:.2f}")
