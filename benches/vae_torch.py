"""The same training by PyTorch, for `versus.py`: an epoch for each line on the input, which names a variant; the answer
is its seconds and the mean bound of its rows. `vae_torch.py FILE ROWS PIXELS HIDDEN LATENT BATCH THREADS DEVICE`.
"""
import sys
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

ROWS, PIXELS, HIDDEN, LATENT, BATCH, THREADS = map(int, sys.argv[2:8])
DEVICE = sys.argv[8]
torch.set_num_threads(THREADS)
torch.manual_seed(1)


class Vae(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder, self.mean, self.log_variance = nn.Linear(PIXELS, HIDDEN), nn.Linear(HIDDEN, LATENT), nn.Linear(HIDDEN, LATENT)
        self.decoder, self.out = nn.Linear(LATENT, HIDDEN), nn.Linear(HIDDEN, PIXELS)
        self.bend = F.relu if HIDDEN > 100 else torch.tanh

    def forward(self, x, noise):
        top = self.bend(self.encoder(x))
        m, l = self.mean(top), self.log_variance(top)
        odds = self.out(self.bend(self.decoder(m + torch.exp(0.5 * l) * noise)))
        fit = F.binary_cross_entropy_with_logits(odds, x, reduction="sum")
        return (fit + 0.5 * (l.exp() + m.square() - l - 1).sum()) / x.shape[0]


class Run:
    def __init__(self, variant):
        self.net = Vae().to(DEVICE)
        self.adam = torch.optim.Adam(self.net.parameters(), lr=1e-3, fused="fused" in variant)
        self.loss = torch.compile(self.net) if "compile" in variant else self.net

    def epoch(self, x):
        total = 0.0
        for rows in torch.randperm(len(x), device=DEVICE).split(BATCH):
            self.adam.zero_grad()
            loss = self.loss(x[rows], torch.randn(len(rows), LATENT, device=DEVICE))
            loss.backward()
            self.adam.step()
            total += loss.item() * len(rows)
        return -total / len(x)


x = torch.tensor(np.fromfile(sys.argv[1]).reshape(ROWS, PIXELS), dtype=torch.float32, device=DEVICE)
runs = {}
print("ready", flush=True)
for line in sys.stdin:
    if line not in runs:
        runs[line] = Run(line)
    start = time.perf_counter()
    bound = runs[line].epoch(x)
    print(time.perf_counter() - start, bound, flush=True)
