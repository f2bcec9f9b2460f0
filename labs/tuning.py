"""Fine-tuning by hand: a language model of fourteen numbers learns where a complaint belongs.

The model is that of the primer: a row for each word, a column for each token that may come next.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.float64]
Pairs = Sequence[tuple[int, int]]

#: What a message may end in, and what the model may say next.
WORDS = ("leaks", "cracked", "charged", "owed")
NEXT = ("and", "repair", "refund")

#: As pre-training left them: words that mean alike have rows that are alike.
ROWS = np.array([[2.0, 0.0], [1.8, 0.2], [0.0, 2.0], [0.2, 1.8]])
COLUMNS = np.array([[1.5, 1.0, 0.0], [1.5, 0.0, 1.0]])

#: As chance would draw them.
RANDOM_ROWS = np.array([[0.1, -0.1], [0.3, 0.1], [-0.3, 0.2], [0.7, 0.5]])
RANDOM_COLUMNS = np.array([[-0.4, -0.6, -0.3], [0.0, -1.2, -0.1]])

#: The examples: *leaks* -> repair, *charged* -> refund.
EXAMPLES = ((0, 1), (2, 2))


def chances(rows: Table, columns: Table) -> Table:
    """Return the probability of each next token after each word.

    Shapes: (words, width), (width, tokens) -> (words, tokens).
    """
    powers = np.exp(rows @ columns)
    found: Table = powers / powers.sum(axis=1, keepdims=True)
    return found


def loss(rows: Table, columns: Table, examples: Pairs) -> float:
    """Return the mean surprise at the right answers.  Units: nats."""
    given = chances(rows, columns)
    return float(np.mean([-np.log(given[word, answer]) for word, answer in examples]))


def step(rows: Table, columns: Table, examples: Pairs, rate: float) -> tuple[Table, Table]:
    """Return rows and columns after one training step.  Shapes: as they were."""
    given = chances(rows, columns)
    row_slopes, column_slopes = np.zeros_like(rows), np.zeros_like(columns)
    for word, answer in examples:
        miss = given[word].copy()
        miss[answer] -= 1  # what was said, minus what came
        row_slopes[word] += columns @ miss / len(examples)
        column_slopes += np.outer(rows[word], miss) / len(examples)
    return rows - rate * row_slopes, columns - rate * column_slopes


def tuned(
    rows: Table, columns: Table, examples: Pairs, rate: float, steps: int
) -> tuple[Table, Table]:
    """Return rows and columns after ``steps`` training steps."""
    for _ in range(steps):
        rows, columns = step(rows, columns, examples, rate)
    return rows, columns


def moved(new: Sequence[Table], old: Sequence[Table]) -> float:
    """Return how far all numbers together have moved, as a share of their own length."""
    away = sum(float(((after - before) ** 2).sum()) for after, before in zip(new, old, strict=True))
    length = sum(float((before**2).sum()) for before in old)
    return float(np.sqrt(away / length))


def masked_loss(surprises: Sequence[float], counts: Sequence[int]) -> float:
    """Return the mean surprise of the tokens that count, those with a 1."""
    kept = [surprise for surprise, counted in zip(surprises, counts, strict=True) if counted]
    return sum(kept) / len(kept)


def farthest(rate: float, steps: float, mean_share: float = 0.5) -> float:
    """Return about how far Adam can move one number: at most the rate, in every step.

    A rate that falls to nothing along a line or a cosine is half its highest value on average.
    """
    return rate * mean_share * steps


def steps_of(examples: int, epochs: float, batch: int) -> float:
    """Return how many training steps a run has; the last batch of a reading may be small."""
    return math.ceil(examples / batch) * epochs


def operations(parameters: float, tokens: float) -> float:
    """Return the operations of training on ``tokens``.  Units: FLOP.

    Source: Kaplan et al. 2020, six for each parameter and token.
    """
    return 6 * parameters * tokens


def training_bytes(parameters: float) -> float:
    """Return the memory of full tuning with Adam, without what a batch needs.  Units: bytes.

    For each parameter: weight and slope in 16 bits; weight and two averages in 32.
    """
    return parameters * (2 + 2 + 4 + 4 + 4)
