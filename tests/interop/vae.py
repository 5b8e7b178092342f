"""The same networks in PyTorch: reads weights that the book trained, trains others for the book to read.

    python3 tests/interop/vae.py target/interop
    cargo test --test interop -- --ignored

The first writes what PyTorch computes; the second holds the book to it. Needs torch and numpy.
"""
import json
import struct
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn

ROOT = Path(__file__).parents[2]


class Vae(nn.Module):
    """784-200-2 and the like: tanh between the layers, log-odds at the end; the names are those of the book's files."""

    def __init__(self, pixels, hidden, latent):
        super().__init__()
        down, up = [pixels, *hidden], [latent, *hidden[::-1]]
        self.encoder = nn.ModuleList(nn.Linear(a, b) for a, b in zip(down, down[1:]))
        self.mean = nn.Linear(down[-1], latent)
        self.log_variance = nn.Linear(down[-1], latent)
        self.decoder = nn.ModuleList(nn.Linear(a, b) for a, b in zip(up, up[1:]))
        self.out = nn.Linear(up[-1], pixels)

    def encode(self, x):
        for layer in self.encoder:
            x = torch.tanh(layer(x))
        return self.mean(x), self.log_variance(x)

    def decode(self, z):
        for layer in self.decoder:
            z = torch.tanh(layer(z))
        return self.out(z)

    def bound(self, x, noise):
        """Nats, summed over pixels, averaged over rows."""
        m, l = self.encode(x)
        odds = self.decode(m + torch.exp(0.5 * l) * noise)
        fit = -nn.functional.binary_cross_entropy_with_logits(odds, x, reduction="none").sum(1)
        kl = 0.5 * (l.exp() + m.square() - 1 - l).sum(1)
        return (fit - kl).mean()


def read(path):
    """A safetensors file of f32: a length, a header in JSON, then the numbers."""
    raw = path.read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    header, body = json.loads(raw[8 : 8 + length]), raw[8 + length :]
    header.pop("__metadata__", None)
    out = {}
    for name, entry in header.items():
        assert entry["dtype"] == "F32", (name, entry)
        a, b = entry["data_offsets"]
        out[name] = torch.tensor(np.frombuffer(body[a:b], "<f4").reshape(entry["shape"]).copy())
    return out


def write(path, tensors):
    header, body = {}, b""
    for name, t in tensors.items():
        data = t.detach().numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(t.shape), "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + body)


def digits():
    """Black and white digits: the first 1500 rows to train on, the last 297 to test on."""
    table = np.loadtxt(ROOT / "data/digits8x8.csv", delimiter=",")[:, :64]
    x = torch.tensor((table >= 8).astype("f4"))
    return x[:1500], x[1500:]


def answers(net, test, seed):
    """What PyTorch makes of some codes and of the test rows."""
    rng = torch.Generator().manual_seed(seed)
    latent = net.mean.out_features
    z = torch.randn(9, latent, generator=rng)
    noise = torch.randn(len(test), latent, generator=rng)
    with torch.no_grad():
        return {
            "z": z.tolist(),
            "images": torch.sigmoid(net.decode(z)).tolist(),
            "noise": noise.tolist(),
            "bound": net.bound(test, noise).item(),
        }


def main(out):
    out.mkdir(parents=True, exist_ok=True)
    train, test = digits()
    for name in ["digits-2", "digits-10"]:
        weights = read(ROOT / f"book/runs/{name}/weights.safetensors")
        net = Vae(64, [64], weights["mean.bias"].numel())
        net.load_state_dict(weights)
        (out / f"{name}.json").write_text(json.dumps(answers(net, test, 1)))
    torch.manual_seed(2)
    net = Vae(64, [48, 24], 3)
    adam = torch.optim.Adam(net.parameters(), lr=1e-3)
    for _ in range(20):
        for batch in train[torch.randperm(len(train))].split(50):
            adam.zero_grad()
            (-net.bound(batch, torch.randn(len(batch), 3))).backward()
            adam.step()
    write(out / "torch.safetensors", net.state_dict())
    found = answers(net, test, 3)
    (out / "torch.json").write_text(json.dumps(found))
    print(f"torch {torch.__version__}: bound on the test rows {found['bound']:.4f} nats after 20 epochs")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
