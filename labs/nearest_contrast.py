"""How far the tenth nearest of many random vectors stands out from the rest."""

from __future__ import annotations

import numpy as np


def contrast(numbers: int, vectors: int = 16_384, queries: int = 32, seed: int = 0) -> float:
    """Return the distance of the tenth nearest as a share of the average, mean over queries."""
    rng = np.random.default_rng(seed)
    stored = rng.normal(size=(vectors, numbers)).astype(np.float32)
    shares = []
    for query in rng.normal(size=(queries, numbers)).astype(np.float32):
        far = np.sqrt(((stored - query) ** 2).sum(1))
        shares.append(np.sort(far)[9] / far.mean())
    return float(np.mean(shares))
