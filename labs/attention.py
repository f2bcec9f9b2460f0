"""Attention as a look-up that averages: plain, tiled, its slope, and what it moves in memory."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

#: "She rowed to the bank": what *bank* asks, how each word is found, what it says. Invented.
#: The places of query and keys are water, money, action, grammar word; of values river, money.
WORDS = ("she", "rowed", "to", "the", "bank")
QUERY = np.array([2.0, 1, 0, -1])
KEYS = np.array([[0.0, 0, 1, 0], [2, 0, 1, 0], [0, 0, 0, 2], [0, 0, 0, 2], [0.5, 1, 0, 0]])
VALUES = np.array([[1.0, 1], [4, 0], [0, 0], [0, 0], [2, 2]])


def softmax(scores: Array) -> Array:
    """Return weights above zero that sum to one along the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))  # max: avoids overflow
    weights: Array = powers / powers.sum(axis=-1, keepdims=True)
    return weights


def attention(q: Array, k: Array, v: Array) -> Array:
    """Return softmax(q kᵀ / √d) v.

    Shapes: q (n, d), k (m, d), v (m, e) -> (n, e).
    Raises: ValueError if k and v differ in m.  Source: Vaswani 2017, eq. 1.
    """
    if len(k) != len(v):
        raise ValueError(f"k has {len(k)} rows, v has {len(v)}")
    scores = q @ k.T / math.sqrt(q.shape[-1])  # (n, m)
    return softmax(scores) @ v


def jacobian(weights: Array) -> Array:
    """Return how each weight moves with each score: diag(a) - a aᵀ.

    Shapes: (m,) -> (m, m).
    """
    slopes: Array = np.diag(weights) - np.outer(weights, weights)
    return slopes


def covariance(weights: Array, k: Array, v: Array) -> Array:
    """Return the covariance of values and keys when key j is drawn with probability a_j.

    Over √d this is the derivative of attention's output with respect to its query.
    Shapes: weights (..., m), k (m, d), v (m, e) -> (..., e, d).
    """
    mean = weights @ v  # (..., e)
    away = v - mean[..., None, :]  # (..., m, e)
    moment: Array = np.swapaxes(weights[..., None] * away, -1, -2) @ k
    return moment


def smoother(q: Array, k: Array, v: Array, bandwidth: float) -> Array:
    """Return the average of the values weighted by a Gaussian bump at each key.

    Shapes: q (n, d), k (m, d), v (m, e) -> (n, e).  Source: Nadaraya 1964, Watson 1964.
    """
    squared = ((q[:, None] - k[None]) ** 2).sum(axis=-1)  # (n, m)
    return softmax(-squared / (2 * bandwidth**2)) @ v


def tiled_attention(q: Array, k: Array, v: Array, rows: int, cols: int) -> Array:
    """Return attention(q, k, v) exactly, from tiles of rows x cols scores.

    Shapes: q (n, d), k (m, d), v (m, e) -> (n, e).
    Source: Milakov and Gimelshein 2018; Rabe and Staats 2021; Dao 2022.
    """
    output = np.empty((len(q), v.shape[1]))
    for i in range(0, len(q), rows):
        block = q[i : i + rows] / math.sqrt(q.shape[1])
        top = np.full((len(block), 1), -np.inf)  # largest score so far
        total = np.zeros((len(block), 1))  # sum of exp(score - top)
        mixed = np.zeros((len(block), v.shape[1]))  # the same sum, over values
        for j in range(0, len(k), cols):
            scores = block @ k[j : j + cols].T
            higher = np.maximum(top, scores.max(axis=1, keepdims=True))
            powers, shrink = np.exp(scores - higher), np.exp(top - higher)
            total = shrink * total + powers.sum(axis=1, keepdims=True)
            mixed = shrink * mixed + powers @ v[j : j + cols]
            top = higher
        output[i : i + rows] = mixed / total
    return output


def plain_traffic(n: int, d: int) -> int:
    """Return the numbers read and written if scores and weights go through memory.

    Read q, k, write n² scores; read them, write n² weights; read those and v, write the output.
    """
    return 4 * n * n + 4 * n * d


def standard_traffic(n: int, d: int) -> int:
    """Return the numbers moved if scores and weights go through memory, forwards and backwards.

    Backwards the weights are read twice, their gradient and that of the scores written once and
    read once and twice; q, k, v, the output's gradient (twice) are read, three gradients written.
    Source: Dao 2022, algorithms 0 and 3.
    """
    return plain_traffic(n, d) + 7 * n * n + 8 * n * d


def tiled_traffic(n: int, d: int, rows: int) -> int:
    """Return the numbers that ``tiled_attention`` reads and writes; ``cols`` makes no difference.

    q is read and the output written once, k and v once for each block of rows.
    """
    return 2 * n * d + 2 * n * d * math.ceil(n / rows)


def flash_traffic(n: int, d: int, fast: int) -> int:
    """Return the numbers moved by FlashAttention of 2022, forwards and backwards.

    ``fast`` is the numbers that fit on the chip. Tiles have ⌈fast / 4d⌉ columns. Forwards k and v
    are read once, and q, the output read and written for each tile of columns; backwards k, v are
    read and their gradients written once, and q, output, its gradient, q's gradient read and the
    last written for each tile.  Source: Dao 2022, algorithms 1 and 4.
    """
    tiles = math.ceil(n / math.ceil(fast / (4 * d)))
    forwards = 2 + 3 * tiles
    backwards = 4 + 5 * tiles
    return (forwards + backwards) * n * d


def multiplications(n: int, width: int) -> tuple[int, int]:
    """Return the multiplications of one attention layer: of its four matrices, and of the pairs.

    ``width`` is the length of a word's vector, shared out among the heads. Each word passes the
    matrices of queries, keys, values and the output; each pair costs a match and a share in a mix.
    """
    return 4 * n * width**2, 2 * n**2 * width


def spread_at_start(width: int, sigma: float) -> float:
    """Return the standard deviation of divided scores before training; the head's width cancels.

    Vectors of ``width`` numbers of variance one pass matrices drawn with deviation ``sigma``.
    """
    return width * sigma**2


def gap_for(share: float, others: int) -> float:
    """Return how far a score must lie above ``others`` equal ones to get ``share`` of the weight.

    Units: nats.
    """
    return math.log(share / (1 - share) * others)
