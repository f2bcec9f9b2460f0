"""One row for a sentence, or a look back at all rows: the worked example, and what each costs.

Vectors are rows. The example puts "the blue house" into French, "la maison bleue"; its numbers are
chosen by hand.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

SOURCE = ("the", "blue", "house")
#: What the reader does: keep this part of the old state, then add the row of the word.
KEEP = 0.5
ROWS = 4.0 * np.eye(3)
#: What is to be written, and the place of the source that each word translates.
TARGET = ("la", "maison", "bleue")
PLACES = (0, 2, 1)
#: What the writer asks for at each step: a 1 at the place it wants.
QUERIES = np.eye(3)[list(PLACES)]


def softmax(scores: Array) -> Array:
    """Return shares: e to each score, divided by the sum along the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def read(rows: Array, keep: float = KEEP) -> Array:
    """Return the reader's state after each word.  Shapes: (m, d) -> (m, d)."""
    states = [rows[0]]
    for row in rows[1:]:
        states.append(keep * states[-1] + row)
    return np.array(states)


def look_back(query: Array, states: Array) -> tuple[Array, Array]:
    """Return the shares of the states, and the context: their mix.

    Shapes: query (d,), states (m, d) -> (m,), (d,).
    """
    shares = softmax(states @ query)
    return shares, shares @ states


def example_shares() -> Array:
    """Return the shares of the example, a row for each word written.  Shapes: (3, 3)."""
    states = read(ROWS)
    return np.array([look_back(query, states)[0] for query in QUERIES])


def multiplicative(s: Array, h: Array, W: Array) -> Array:
    """Return the score of each state h for a writer's state s.

    Shapes: s (d,), h (m, d), W (d, d) -> (m,).  Source: Luong et al. 2015, "general".
    """
    return np.asarray(h @ (s @ W))


def additive(s: Array, h: Array, W: Array, U: Array, b: Array, v: Array) -> Array:
    """Return the score of each state h for a writer's state s.

    Shapes: s (d,), h (m, d), W and U (d, k), b and v (k,) -> (m,).
    Source: Bahdanau et al. 2015; the bias b is ours.
    """
    return np.asarray(np.tanh(s @ W + h @ U + b) @ v)


def cross_attention(X: Array, H: Array, W_Q: Array, W_K: Array, W_V: Array) -> Array:
    """Return for each row of X a mix of the values of the rows H.

    Shapes: X (n, d), H (m, d), W_Q, W_K (d, k), W_V (d, v) -> (n, v).
    Source: Vaswani et al. 2017.
    """
    Q, K, V = X @ W_Q, H @ W_K, H @ W_V
    scores = Q @ K.T / math.sqrt(K.shape[1])
    return softmax(scores) @ V


def longest(width: int, bits_a_number: float, bits_a_sign: float) -> float:
    """Return how many signs a row can hold at most, if each number holds so many bits."""
    return width * bits_a_number / bits_a_sign


def fetched_right(signs: int, kinds: int, states: int) -> float:
    """Return the largest possible share of strings that come back right from ``states`` states.

    Each state can stand for one string only; the others that share it come back wrong.
    """
    return min(1.0, float(states / kinds**signs))


def stored(layers: int, source: int, width: int) -> int:
    """Return how many numbers the keys and values of cross-attention are, for all layers."""
    return 2 * layers * source * width


def cross_work(m: int, n: int, d: int) -> tuple[int, int, int]:
    """Return multiplications of a layer of cross-attention: once, for n words, and for pairs.

    Once: keys and values of m source rows. For each written row: query and output. For each pair:
    a score and a part of the mix.
    """
    return 2 * m * d * d, 2 * n * d * d, 2 * m * n * d
