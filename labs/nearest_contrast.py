"""How far the nearest of many random vectors stand out from the rest."""

from __future__ import annotations

import numpy as np


def contrast(
    numbers: int, vectors: int = 16_384, queries: int = 32, seed: int = 0
) -> tuple[float, float]:
    """Return two distances as shares: the tenth's of the average, the nearest's of the farthest.

    Both are means over the queries.
    """
    rng = np.random.default_rng(seed)
    stored = rng.normal(size=(vectors, numbers)).astype(np.float32)
    tenths, nearest = [], []
    for query in rng.normal(size=(queries, numbers)).astype(np.float32):
        far = np.sort(np.sqrt(((stored - query) ** 2).sum(1)))
        tenths.append(far[9] / far.mean())
        nearest.append(far[0] / far[-1])
    return float(np.mean(tenths)), float(np.mean(nearest))
