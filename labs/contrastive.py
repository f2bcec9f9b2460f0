"""Contrastive learning by hand: three questions, three answers, vectors of two numbers.

The vectors themselves are what is trained here; a real encoder moves its weights instead, so that
they come out like this.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

#: Questions on a password, a parcel and a refund, and the answers to them, before training.
QUESTIONS = np.array([[1.0, 0.0], [0.8, 0.6], [0.0, 1.0]])
ANSWERS = np.array([[0.8, 0.6], [0.6, 0.8], [0.28, 0.96]])


def mean_pooled(rows: Array, real: Sequence[int]) -> Array:
    """Return the mean of the tokens' rows, those that are filled up left out.

    Shapes: (tokens, width), a 1 or 0 for each token -> (width,).
    """
    kept = np.array(real)[:, None]
    pooled: Array = (rows * kept).sum(axis=0) / kept.sum()
    return pooled


def unit(vectors: Array) -> Array:
    """Return vectors brought to length one."""
    lengths: Array = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / lengths)


def chances(questions: Array, answers: Array, temperature: float) -> Array:
    """Return the probability of each answer (column) for each question (row)."""
    scores = questions @ answers.T / temperature
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def exam_loss(questions: Array, answers: Array, temperature: float) -> float:
    """Return the mean surprise at the right answers; the n-th belongs to the n-th question."""
    given = chances(questions, answers, temperature)
    return float(-np.log(np.diag(given)).mean())


def step(questions: Array, answers: Array, temperature: float, rate: float) -> tuple[Array, Array]:
    """Return both sides after one training step, at length one again."""
    given = chances(questions, answers, temperature)
    pull = (np.eye(len(given)) - given) / temperature / len(given)
    return (
        unit(questions + rate * pull @ answers),  # to the own answer, from the mix of all
        unit(answers + rate * pull.T @ questions),
    )


def triplet_loss(anchor: Array, right: Array, wrong: Array, margin: float) -> float:
    """Return by how much the wrong text is not yet ``margin`` farther away than the right one."""
    near, far = float(np.linalg.norm(anchor - right)), float(np.linalg.norm(anchor - wrong))
    return max(0.0, near - far + margin)


def cosent_loss(scores: Sequence[float], labels: Sequence[float], scale: float) -> float:
    """Return ln(1 + sum of exp(scale · (lower − higher))) over pairs in the wrong or right order.

    Each two texts whose label is higher should have the higher score.
    """
    powers = [
        np.exp(scale * (low - high))
        for high, better in zip(scores, labels, strict=True)
        for low, worse in zip(scores, labels, strict=True)
        if better > worse
    ]
    return float(np.log1p(np.sum(powers)))


def margin_loss(taught: Sequence[float], own: Sequence[float]) -> float:
    """Return the squared miss of a student's margin, right minus wrong, from its teacher's."""
    return float(((taught[0] - taught[1]) - (own[0] - own[1])) ** 2)


def encoder_calls(texts: int) -> tuple[int, int]:
    """Return how often a network runs to compare all of ``texts``: in pairs, and one by one."""
    return texts * (texts - 1) // 2, texts
