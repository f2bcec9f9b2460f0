"""Which pairs of documents can be the two best answers to a question, in few dimensions."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Pair = tuple[int, int]


def curve(n: int) -> Points:
    """Return n unit vectors of four numbers, of which any two can be the best answers."""
    t = 2 * np.pi * np.arange(n) / n
    return np.stack([np.cos(t), np.sin(t), np.cos(2 * t), np.sin(2 * t)], axis=1) / math.sqrt(2)


def asking_for(first: int, second: int, n: int) -> Points:
    """Return the question to which two points of the curve are the best answers.

    It is the slope of -(1 - cos(t - a))(1 - cos(t - b)), which is 0 at both and less elsewhere.
    """
    a, b = (2 * np.pi * place / n for place in (first, second))
    middle, apart = (a + b) / 2, math.cos((a - b) / 2)
    question = np.array(
        [
            2 * apart * math.cos(middle),
            2 * apart * math.sin(middle),
            -math.cos(2 * middle) / 2,
            -math.sin(2 * middle) / 2,
        ]
    )
    length: float = float(np.linalg.norm(question))
    return question / length


def margin(questions: Points, points: Points, pairs: list[Pair]) -> Points:
    """Return by how much the worse of two wanted documents leads the best of the others.

    Shapes: (pairs, d), (n, d) -> (pairs,).
    """
    scores = questions @ points.T
    wanted = np.zeros(scores.shape, bool)
    for row, pair in zip(wanted, pairs, strict=True):
        row[list(pair)] = True
    worst = np.where(wanted, scores, np.inf).min(1)
    found: Points = worst - np.where(wanted, -np.inf, scores).max(1)
    return found


def all_pairs(n: int) -> list[Pair]:
    """Return all pairs of n documents."""
    return list(combinations(range(n), 2))


def most_pairs(n: int, d: int) -> int:
    """Return how many pairs can be the two best at most, for unit vectors of d numbers.

    Such pairs are the edges of the body that the points span: n of a polygon, 3n - 6 of a body with
    flat faces (Euler), and all of them from four numbers on (cyclic polytopes).
    """
    every = n * (n - 1) // 2
    return min(every, {1: 1, 2: n, 3: 3 * n - 6}.get(d, every))


def rounded(x: Points, bits: int) -> Points:
    """Return numbers between -1 and 1 rounded to evenly spaced levels."""
    steps = 2 ** (bits - 1) - 1
    found: Points = np.round(x * steps) / steps
    return found


def fitted(n: int, d: int, seed: int, steps: int = 2000, sharp: float = 30.0) -> float:
    """Return the share of pairs that come out as the two best after free optimisation.

    Vectors of documents and of one question for each pair are moved directly, both of length one;
    Adam lowers the cross-entropy of the two wanted documents.
    """
    pairs = all_pairs(n)
    rng = np.random.default_rng([seed, n, d])
    moved = [rng.normal(size=(len(pairs), d)), rng.normal(size=(n, d))]
    wanted = np.zeros((len(pairs), n))
    for row, pair in zip(wanted, pairs, strict=True):
        row[list(pair)] = 0.5
    means = [np.zeros_like(table) for table in moved]
    squares = [np.zeros_like(table) for table in moved]
    best = 0.0
    for step in range(1, steps + 1):
        lengths = [np.linalg.norm(table, axis=1, keepdims=True) for table in moved]
        q, x = (table / size for table, size in zip(moved, lengths, strict=True))
        scores = sharp * q @ x.T
        if step % 50 == 0:
            best = max(best, float((margin(q, x, pairs) > 0).mean()))
            if best == 1:
                break
        powers = np.exp(scores - scores.max(1, keepdims=True))
        miss = sharp * (powers / powers.sum(1, keepdims=True) - wanted) / len(pairs)
        slopes = [miss @ x, miss.T @ q]
        rate = 0.05 * 0.5 * (1 + math.cos(math.pi * step / steps)) + 1e-4
        for number, (slope, one, size) in enumerate(zip(slopes, (q, x), lengths, strict=True)):
            along = (slope * one).sum(1, keepdims=True)
            slope = (slope - along * one) / size
            means[number] = 0.9 * means[number] + 0.1 * slope
            squares[number] = 0.999 * squares[number] + 0.001 * slope**2
            mean, square = means[number] / (1 - 0.9**step), squares[number] / (1 - 0.999**step)
            moved[number] = moved[number] - rate * mean / (np.sqrt(square) + 1e-12)
    return best
