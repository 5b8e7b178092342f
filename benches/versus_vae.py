"""Training of variational autoencoders by this book, PyTorch, candle and burn, in turns: for `versus.py vae`.

Each library has a process of its own, which trains for one epoch whenever it is asked and tells its seconds; so all meet
the same load. Beside the wall clock stands the processor time of all threads, which suffers less when others want the cores.
"""
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
PEERS = ROOT / "benches/peers"
TORCH = ["eager", "fused", "compile", "compile, fused"]
TABLE = "# Median milliseconds of a training step, written by `benches/versus.py vae`: wall clock, processor time.\nnet,threads,who,wall,cpu\n"


class Library:
    """A process, and the variants of the training that it serves."""

    def __init__(self, words, variants, threads):
        counts = {name: str(threads) for name in ["RAYON_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"]}
        self.child = subprocess.Popen([str(w) for w in words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | counts)
        self.variants = variants
        assert self.child.stdout.readline() == "ready\n", words

    def epoch(self, variant):
        before = self.processor()
        self.child.stdin.write(variant + "\n")
        self.child.stdin.flush()
        seconds, bound = map(float, self.child.stdout.readline().split())
        return seconds, self.processor() - before, bound

    def processor(self):
        """Seconds that its threads have run, to the nanosecond; a thread that has ended no longer counts."""
        total = 0
        for thread in Path(f"/proc/{self.child.pid}/task").iterdir():
            total += int((thread / "schedstat").read_text().split()[0])
        return total * 1e-9


def digits():
    return (np.loadtxt(ROOT / "data/digits8x8.csv", delimiter=",")[:1500, :64] >= 8).astype(float)


def drawn(rows, pixels):
    """Black and white pixels that ten hidden numbers decide."""
    rng = np.random.default_rng(1)
    odds = rng.normal(size=(rows, 10)) @ rng.normal(size=(10, pixels))
    return (rng.random(odds.shape) < 1 / (1 + np.exp(-odds))).astype(float)


def build(cuda):
    features = ["--features", "cuda"] if cuda else []
    subprocess.run(["cargo", "build", "--quiet", "--package", "benches", *features], cwd=ROOT, check=True)
    if not cuda:
        subprocess.run(["cargo", "build", "--quiet", "--release", "--target-dir", TARGET / "peers"], cwd=PEERS, check=True)


def libraries(file, sizes, threads, cuda):
    words = [file, *sizes]
    device = "cuda" if cuda else "cpu"
    found = {
        "this book": Library([TARGET / "debug/benches", "vae", *words], ["fused"] if cuda else ["fused", "plain"], threads),
        "PyTorch": Library([sys.executable, ROOT / "benches/vae_torch.py", *words, threads, device], TORCH, threads),
    }
    if not cuda:
        found["peers"] = Library([TARGET / "peers/release/peers", *words], ["candle", "burn"], threads)
    return found


def race(title, x, hidden, latent, batch, threads, rounds, cuda):
    """Rounds in turns: the medians of a step's wall and processor milliseconds by name."""
    steps, times = -(-len(x) // batch), {}
    with tempfile.NamedTemporaryFile() as file:
        x.tofile(file.name)
        all = libraries(file.name, [*x.shape, hidden, latent, batch], threads, cuda)
        bounds = {}
        for turn in range(rounds + 2):
            for who, library in all.items():
                for variant in library.variants:
                    name = variant if who == "peers" else f"{who}, {variant}"
                    *spent, bound = library.epoch(variant)
                    bounds.setdefault(name, []).append(bound)
                    if turn >= 2:  # the first two warm up, and compile
                        times.setdefault(name, []).append([1e3 * s / steps for s in spent])
        for library in all.values():
            library.child.stdin.close()
            library.child.wait()
    learned(bounds)
    print(f"{title}, batch {batch}, {threads} thread{'s' * (threads > 1)}; milliseconds a step, wall and processor")
    medians = {name: [statistics.median(column) for column in zip(*pairs)] for name, pairs in times.items()}
    ours = medians["this book, fused"]
    for name, (wall, cpu) in medians.items():
        least = min(pair[0] for pair in times[name])
        print(f"  {name:26s} {wall:8.3f} (least {least:8.3f}) {cpu:8.3f}   times ours: {wall / ours[0]:6.2f} {cpu / ours[1]:6.2f}", flush=True)
    return medians


def learned(bounds):
    """All must have learned as much from as many steps, up to where they began and what they drew."""
    first = next(iter(bounds.values()))
    for name, found in bounds.items():
        assert found[-1] > found[0], (name, found)
        assert abs(found[-1] - first[-1]) < 0.1 * abs(first[-1]), (name, found[-1], first[-1])


def networks(rounds, cuda=False, write=None):
    build(cuda)
    import torch

    where = torch.cuda.get_device_name() if cuda else f"{os.cpu_count()} cores"
    print(f"PyTorch {torch.__version__}, candle 0.11.0, burn 0.22.1, {where}, {rounds} rounds in turns")
    lines = []
    for threads in [1] if cuda else [1, 2]:
        for net, title, x, sizes in [
            ("mnist", "784-400-20-400-784, ReLU", drawn(2560, 784), (400, 20, 128)),
            ("digits", "64-64-2-64-64, tanh", digits(), (64, 2, 50)),
        ]:
            for name, (wall, cpu) in race(title, x, *sizes, threads, rounds, cuda).items():
                lines.append(f"{net},{threads},{name.replace(', ', ' ')},{wall:.4f},{cpu:.4f}\n")
    if write:
        Path(write).write_text(TABLE + "".join(lines))
