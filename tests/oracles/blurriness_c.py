"""Values for tests/blurriness_flow.rs, by numpy: python tests/oracles/blurriness_c.py > tests/oracles/blurriness_c.json"""
import json
import numpy as np

rho = 0.9
target = np.array([[1, rho], [rho, 1]])
corner = np.linalg.cholesky(target)
product = np.diag(1 / np.diag(np.linalg.inv(target)))


def kl(s, t):
    """KL of N(0, s) from N(0, t)."""
    dets = np.linalg.slogdet(t)[1] - np.linalg.slogdet(s)[1]
    return 0.5 * (np.trace(np.linalg.solve(t, s)) - len(s) + dets)


print(json.dumps({
    "affine": {
        "mean_field_gap": kl(product, target),
        "gap_after_one_step": kl(corner @ corner.T, target),
        "log_det": np.log(np.diag(corner)).sum(),
        "corner": corner[1, 1],
    },
}, indent=1))
