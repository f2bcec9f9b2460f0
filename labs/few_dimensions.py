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
    Adam lowers the cross-entropy of the two wanted documents, averaged over all pairs.
    """
    pairs = all_pairs(n)
    rng = np.random.default_rng([seed, n, d])
    moved = [rng.normal(size=(len(pairs), d)), rng.normal(size=(n, d))]
    wanted = _wanted(pairs, n) / 2
    adam = _Adam(moved, 0.999)
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
        rate = 0.05 * 0.5 * (1 + math.cos(math.pi * step / steps)) + 1e-4
        adam.move((miss @ x, miss.T @ q), (q, x), lengths, step, rate)
    return best


def widest(n: int, d: int, seed: int, steps: int = 3000) -> float:
    """Return the lead of the hardest pair after free optimisation of just that lead.

    The start is random; each question begins between its two documents. The hardest pairs weigh
    most, the worse of two wanted documents and the best of the others most, and ever more sharply.
    """
    pairs = all_pairs(n)
    x = np.random.default_rng([seed, n, d]).normal(size=(n, d))
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    moved = [x[np.array(pairs)].sum(1), x.copy()]
    wanted = _wanted(pairs, n)
    adam = _Adam(moved, 0.99)
    best = -2.0
    for step in range(1, steps + 1):
        sharp = 5 * 2 ** (10 * step / steps)
        lengths = [np.linalg.norm(table, axis=1, keepdims=True) for table in moved]
        q, x = (table / size for table, size in zip(moved, lengths, strict=True))
        scores = q @ x.T
        leads = margin(q, x, pairs)
        best = max(best, float(leads.min()))
        low = np.where(wanted > 0, scores, np.inf).min(1, keepdims=True)
        high = np.where(wanted > 0, -np.inf, scores).max(1, keepdims=True)
        worst = np.exp(-sharp * np.maximum(scores - low, 0)) * wanted
        other = np.exp(sharp * np.minimum(scores - high, 0)) * (1 - wanted)
        gap = other / other.sum(1, keepdims=True) - worst / worst.sum(1, keepdims=True)
        hard = np.exp(-sharp * (leads - leads.min()))
        slope = gap * (hard / hard.sum())[:, None]
        rate = 0.02 * (1 - step / steps) + 1e-4
        adam.move((slope @ x, slope.T @ q), (q, x), lengths, step, rate)
    return best


def _wanted(pairs: list[Pair], n: int) -> Points:
    """Return a table of questions and documents with 1 for the two that are wanted."""
    table = np.zeros((len(pairs), n))
    for row, pair in zip(table, pairs, strict=True):
        row[list(pair)] = 1
    return table


class _Adam:
    """Adam for vectors of length one: only what turns them counts."""

    def __init__(self, moved: list[Points], memory: float) -> None:
        self.moved, self.memory = moved, memory
        self.means = [np.zeros_like(table) for table in moved]
        self.squares = [np.zeros_like(table) for table in moved]

    def move(
        self,
        slopes: tuple[Points, Points],
        ones: tuple[Points, Points],
        lengths: list[Points],
        step: int,
        rate: float,
    ) -> None:
        """Move both tables against their slopes, which are those at the vectors of length one."""
        keep = self.memory
        for number, (slope, one, size) in enumerate(zip(slopes, ones, lengths, strict=True)):
            turn = (slope - (slope * one).sum(1, keepdims=True) * one) / size
            self.means[number] = 0.9 * self.means[number] + 0.1 * turn
            self.squares[number] = keep * self.squares[number] + (1 - keep) * turn**2
            mean = self.means[number] / (1 - 0.9**step)
            square = self.squares[number] / (1 - keep**step)
            self.moved[number] -= rate * mean / (np.sqrt(square) + 1e-12)
