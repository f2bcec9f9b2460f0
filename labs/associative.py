"""Attention as a memory of pairs: softmax keeps them all, linear attention one table of sums."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from labs.masks import weights

Array = NDArray[np.float64]


def running(features: Array, values: Array) -> tuple[Array, Array]:
    """Return the sums that linear attention carries after each token.

    Shapes: features (n, r), values (n, d_v) -> (n, r, d_v), (n, r).
    """
    tables = np.cumsum(features[:, :, None] * values[:, None, :], axis=0)
    return tables, np.cumsum(features, axis=0)


def linear_read(asked: Array, table: Array, total: Array) -> Array:
    """Return what a query reads from the sums, its weights adding up to one.

    Shapes: asked (r,), table (r, d_v), total (r,) -> (d_v,).
    Source: Katharopoulos et al. 2020.
    """
    read: Array = asked @ table / (asked @ total)
    return read


def summed(keys: Array, values: Array) -> Array:
    """Return the table of a memory that adds up what it is told: Σ kᵀv.

    Shapes: keys (n, d_k), values (n, d_v) -> (d_k, d_v).
    """
    return keys.T @ values


def corrected(keys: Array, values: Array, strength: float = 1.0) -> Array:
    """Return the table of a memory that writes only what it does not yet know (the delta rule).

    Of the difference it writes the share ``strength``: with all of it the newest pair is exact,
    with little of it the table comes near to the one of sums. Keys have length one.
    Shapes: keys (n, d_k), values (n, d_v) -> (d_k, d_v).
    """
    table = np.zeros((keys.shape[1], values.shape[1]))
    for key, value in zip(keys, values, strict=True):
        table += strength * np.outer(key, value - key @ table)
    return table


def softmax_read(keys: Array, values: Array, sharpness: float = 1.0) -> Array:
    """Return what each key, asked as a query, reads by softmax from all pairs.

    Keys have length one; ``sharpness`` 1 stretches queries and keys to √d_k, as if each entry were
    ±1, so that scores of strangers have variance one.
    Shapes: keys (n, d_k), values (n, d_v) -> (n, d_v).
    """
    scores = sharpness * math.sqrt(keys.shape[1]) * keys @ keys.T
    return weights(scores, np.ones(scores.shape, dtype=bool)) @ values


def recalled(read: Array, codes: Array, symbols: NDArray[np.int64]) -> float:
    """Return the share of reads whose most similar code is the right one.

    Shapes: read (n, d_v), codes (V, d_v), symbols (n,).
    """
    return float((np.argmax(read @ codes.T, axis=1) == symbols).mean())
