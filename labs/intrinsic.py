"""In how many directions vectors vary: estimates from distances, from spreads, and made sets.

A set may have 384 numbers a vector and still vary in fifteen directions only.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Distances = NDArray[np.float64]


def by_neighbours(distances: Sequence[float]) -> float:
    """Return the estimate of Levina and Bickel from one point's distances, the nearest first.

    With k distances the mean of the logarithms is taken over k - 2, which makes it unbiased.
    """
    last = distances[-1]
    return (len(distances) - 2) / sum(math.log(last / near) for near in distances[:-1])


def typical(distances: Distances) -> float:
    """Return that estimate for many points: one over the mean of all logarithms.

    Nothing is left of the bias that k - 2 mends for one point. Shape: (points, k), nearest first.
    Source: MacKay and Ghahramani's comment on the estimate.
    """
    return float(1 / np.log(distances[:, -1:] / distances[:, :-1]).mean())


def by_two(distances: Distances) -> float:
    """Return the estimate from the nearest two of each point (Facco and others)."""
    return float(len(distances) / np.log(distances[:, 1] / distances[:, 0]).sum())


def by_doubling(distances: Distances, few: int, many: int) -> float:
    """Return the power with which the count of neighbours grows as the distance does."""
    near, far = distances[:, few - 1], distances[:, many - 1]
    return float(math.log(many / few) / np.log(far / near).mean())


def by_spread(distances: Distances) -> float:
    """Return mean squared, over twice the variance (Chávez and others), of any distances."""
    return float(distances.mean() ** 2 / (2 * distances.var()))


def by_axes(vectors: Vectors) -> tuple[float, int]:
    """Return how many equal axes would spread the vectors so, and how many hold 90% of it."""
    spreads = np.linalg.eigvalsh(np.cov(vectors.T.astype(np.float64)))[::-1]
    shares = np.cumsum(spreads) / spreads.sum()
    return float(spreads.sum() ** 2 / (spreads**2).sum()), int(np.searchsorted(shares, 0.9) + 1)


# --- made sets


def unit(vectors: NDArray[np.floating]) -> Vectors:
    """Return vectors brought to length one."""
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def gaussian(count: int, directions: int, width: int, rng: np.random.Generator) -> Vectors:
    """Return chance vectors of ``width`` numbers that vary in some directions only."""
    turned = np.linalg.qr(rng.normal(size=(width, directions)))[0]
    return unit(rng.normal(size=(count, directions)) @ turned.T)


def shuffled(vectors: Vectors, rng: np.random.Generator) -> Vectors:
    """Return the numbers of each column dealt to other vectors: what went together is lost."""
    return unit(rng.permuted(vectors, axis=0))


def lookalike(vectors: Vectors, rng: np.random.Generator) -> Vectors:
    """Return chance vectors with the mean and the covariances of these."""
    turned = np.linalg.cholesky(
        np.cov(vectors.T.astype(np.float64)) + 1e-9 * np.eye(vectors.shape[1])
    )
    return unit(vectors.mean(0) + rng.normal(size=vectors.shape) @ turned.T)
