"""Who may ask whom: masks for attention, what softmax does with them, how far they reach.

A mask is a table of n rows and n columns: row i, column j is true if position i may read j.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Array = NDArray[np.float64]
Counts = NDArray[np.int64]


def behind(n: int) -> Counts:
    """Return how far j stands behind i, negative for what comes later.

    Shapes: (n, n), row i, column j.
    """
    places = np.arange(n)
    return places[:, None] - places


def full(n: int) -> Mask:
    """Return the mask that hides nothing, as in an encoder."""
    return np.ones((n, n), dtype=bool)


def causal(n: int) -> Mask:
    """Return the mask that hides everything later."""
    return behind(n) >= 0


def one_ahead(n: int) -> Mask:
    """Return the causal mask with its diagonal off by one: the next position shows."""
    return behind(n) >= -1


def all_but_answer(n: int) -> Mask:
    """Return the mask that hides the next position and nothing else."""
    shown: Mask = behind(n) != -1
    return shown


def window(n: int, width: int) -> Mask:
    """Return the mask of the last ``width`` positions, the asking one among them."""
    return causal(n) & (behind(n) < width)


def dilated(n: int, width: int, step: int) -> Mask:
    """Return the mask of ``width`` positions, each ``step`` behind the one before."""
    shown: Mask = window(n, width * step) & (behind(n) % step == 0)
    return shown


def strided(n: int, width: int) -> Mask:
    """Return the window, and of all earlier positions every ``width``-th, counted from the end.

    Source: Child et al. 2019, the two strided patterns in one table.
    """
    shown: Mask = window(n, width) | (causal(n) & (behind(n) % width == 0))
    return shown


def window_and_first(n: int, width: int, first: int) -> Mask:
    """Return the window, and the ``first`` positions of the text for everybody after them."""
    return window(n, width) | (causal(n) & (np.arange(n) < first))


def weights(scores: Array, mask: Mask) -> Array:
    """Return softmax over each row's permitted keys; others weigh nothing.

    Shapes: (n, m), (n, m) -> (n, m).
    Raises: ValueError if a row may read nobody.
    """
    if not mask.any(axis=1).all():
        raise ValueError("a row of the mask permits nobody")  # 0 / 0
    shown = np.where(mask, scores, -np.inf)
    # less the row's largest score: no share changes, and e to it stays small
    odds = np.exp(shown - shown.max(axis=1, keepdims=True))
    shares: Array = odds / odds.sum(axis=1, keepdims=True)
    return shares


def zeroed(scores: Array, mask: Mask) -> Array:
    """Return the mistake: softmax over everybody, then zero where the mask forbids.

    Shapes: (n, m), (n, m) -> (n, m).
    """
    return weights(scores, np.ones_like(mask)) * mask


def first_reached(mask: Mask, layers: int) -> Counts:
    """Return after how many layers what stood at j can have arrived at i, 0 for never.

    Each position keeps what it has, as residual connections do.
    Shapes: (n, n) -> (n, n).
    """
    step = mask | np.eye(len(mask), dtype=bool)
    here = np.eye(len(mask), dtype=bool)
    first = np.zeros(mask.shape, dtype=np.int64)
    for layer in range(1, layers + 1):
        here = step @ here
        first[here & (first == 0)] = layer
    return first


def leaks(mask: Mask, layers: int) -> bool:
    """Return whether the answer, at i + 1, can get to i."""
    heard = np.eye(len(mask), dtype=bool)
    for _ in range(layers):
        # i has heard j if it had before, or may ask somebody who had
        heard = heard | (mask @ heard)
    return bool(np.diagonal(heard, offset=1).any())


def influence(width: int, layers: int, kept: float) -> Array:
    """Return which share of an output stems from 0, 1, 2, … positions back.

    Each layer keeps the share ``kept`` and reads the rest from its window, all places alike.
    Shapes: -> (layers · (width - 1) + 1,).
    """
    layer = np.full(width, (1 - kept) / width)
    layer[0] += kept
    size = layers * (width - 1) + 1
    # a sum of independent hops: distributions convolve, their transforms multiply
    shares: Array = np.fft.irfft(np.fft.rfft(layer, 2 * size) ** layers, 2 * size)[:size]
    return shares.clip(min=0)


def within(shares: Array, part: float) -> int:
    """Return the smallest distance that holds at least ``part`` of the influence."""
    return int(np.searchsorted(np.cumsum(shares), part))
