"""Cosine, the cone that vectors lie in, and what centring, scaling and whitening make of it.

Rows are texts, columns the numbers of their vectors.  Hubs are counted here, too.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def unit(x: Array) -> Array:
    """Return the rows of ``x``, each divided by its length; a row of zeros stays one."""
    lengths = np.sqrt((x**2).sum(-1, keepdims=True))
    return np.asarray(x / np.where(lengths > 0, lengths, 1))


def cosines(x: Array, y: Array) -> Array:
    """Return the cosine of each row of ``x`` with each row of ``y``.

    Shapes: (n, d), (m, d) -> (n, m).
    """
    return np.asarray(unit(x) @ unit(y).T)


def mean_cosine(x: Array) -> float:
    """Return the mean cosine over all pairs of two different rows."""
    n, similar = len(x), cosines(x, x)
    return float((similar.sum() - np.trace(similar)) / (n * (n - 1)))


def centred(x: Array, fitted: Array) -> Array:
    """Return ``x`` less the mean row of ``fitted``."""
    return np.asarray(x - fitted.mean(0))


def standardised(x: Array, fitted: Array) -> Array:
    """Return ``x`` less the mean of ``fitted``, each column divided by its spread there."""
    return np.asarray((x - fitted.mean(0)) / fitted.std(0))


def directions(fitted: Array) -> tuple[Array, Array]:
    """Return the variances of ``fitted`` along its main directions, largest first, and these.

    Shapes: (n, d) -> (d), (d, d), a direction a column.
    """
    moved = fitted - fitted.mean(0)
    variances, axes = np.linalg.eigh(moved.T @ moved / len(fitted))
    return np.maximum(variances[::-1], 0), axes[:, ::-1]


def without_top(x: Array, fitted: Array, count: int) -> Array:
    """Return ``x`` centred, without its parts along the ``count`` main directions.

    Source: Mu and Viswanath 2018, all-but-the-top.
    """
    top = directions(fitted)[1][:, :count]
    moved = x - fitted.mean(0)
    return np.asarray(moved - moved @ top @ top.T)


def whitened(x: Array, fitted: Array) -> Array:
    """Return ``x`` centred and turned, each main direction divided by its spread.

    Source: Su et al. 2021, whitening.
    """
    variances, axes = directions(fitted)
    return np.asarray((x - fitted.mean(0)) @ axes / np.sqrt(variances + 1e-9))


def shares(x: Array) -> Array:
    """Return how much each column contributes to the mean cosine of all pairs of rows.

    The sum is the mean cosine.  Source: Timkey and van Schijndel 2021, section 3.
    """
    n, rows = len(x), unit(x)
    return np.asarray((rows.sum(0) ** 2 - (rows**2).sum(0)) / (n * (n - 1)))


# --- what a search makes of it


def ranks(similar: Array) -> Array:
    """Return at which place each row finds its own column, best is 1; ties count against it.

    Shapes: (n, n) -> (n).
    """
    own = np.diag(similar)[:, None]
    return np.asarray((similar >= own).sum(1), dtype=np.float64)


def found_inverse(similar: Array) -> float:
    """Return the mean of one over the rank of the right text (MRR)."""
    return float((1 / ranks(similar)).mean())


def listed(similar: Array, k: int) -> Array:
    """Return how many rows have each column among their ``k`` largest.

    Shapes: (n, m) -> (m).
    """
    best = np.argpartition(-similar, k - 1, axis=1)[:, :k]
    return np.bincount(best.ravel(), minlength=similar.shape[1]).astype(np.float64)


def skewness(counts: Array) -> float:
    """Return how far a few counts lie above the rest: 0 for a symmetrical spread.

    Source: Radovanović et al. 2010, eq. 1.
    """
    away = counts - counts.mean()
    return float((away**3).mean() / counts.std() ** 3)


def apart(same: Array, other: Array) -> float:
    """Return how often a pair that belongs together has the larger cosine (AUC); ties are half."""
    both = np.sort(other)
    below = np.searchsorted(both, same, "left") + np.searchsorted(both, same, "right")
    return float(below.mean() / (2 * len(other)))
