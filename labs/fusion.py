"""One order from two: reciprocal ranks and mixed scores."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Scores = NDArray[np.float64]


def ranks(scores: ArrayLike) -> Scores:
    """Return the rank of each document, 1 for the best; equal scores in the order given."""
    found = np.asarray(scores, float)
    order = np.argsort(-found, axis=-1, kind="stable")
    places = np.empty_like(order)
    np.put_along_axis(places, order, np.arange(1, found.shape[-1] + 1), axis=-1)
    return places.astype(float)


def reciprocal(scores: ArrayLike, k: float = 60, least: float = -np.inf) -> Scores:
    """Return 1 / (k + rank) of each document, and 0 where the score is not above ``least``."""
    found = np.asarray(scores, float)
    return np.where(found > least, 1 / (k + ranks(found)), 0.0)


def scaled(scores: ArrayLike, window: int | None = None) -> Scores:
    """Return scores of one question moved and stretched so that they run from 0 to 1.

    With a window, so many of the best are scaled, and the others get 0.
    """
    found = np.asarray(scores, float)
    count = found.shape[-1]
    last = count - min(window or count, count)
    low = np.partition(found, last, axis=-1)[..., last, None]
    high = found.max(-1, keepdims=True)
    between: Scores = (found - low) / np.where(high > low, high - low, 1)
    return np.maximum(between, 0)


def mixed(words: ArrayLike, dense: ArrayLike, weight: float, window: int | None = None) -> Scores:
    """Return scores of both kinds, scaled and mixed; ``weight`` is the dense one's."""
    return (1 - weight) * scaled(words, window) + weight * scaled(dense, window)


def place_of(scores: ArrayLike, right: ArrayLike) -> Scores:
    """Return the rank of the right document of each question; ties share what is between them.

    Shapes: (questions, documents), (questions,) -> (questions,).
    """
    found = np.asarray(scores, float)
    own = np.take_along_axis(found, np.asarray(right)[:, None], axis=1)
    above, level = (found > own).sum(1), (found == own).sum(1)
    places: Scores = above + (level + 1) / 2
    return places


def recall(places: ArrayLike, k: int = 10) -> float:
    """Return the share of questions whose right document is among the first ``k``."""
    return float((np.asarray(places) <= k).mean())
