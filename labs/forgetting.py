"""Forgetting with two numbers: an old question, a new one, and what keeps the old answer right.

The model's answer to the old question is ``a + b`` and should be 2; to the new one it is ``a`` and
should be 3. It starts at ``a = b = 1``, which is right about the old question. Used by the article
on the limits of fine-tuning.
"""

from __future__ import annotations

import math

START = (1.0, 1.0)
RATE = 0.25


def answers(a: float, b: float) -> tuple[float, float]:
    """Return the answers to the new and to the old question."""
    return a, a + b


def tune(
    steps: int, replay: float = 0.0, pull: float = 0.0, start: tuple[float, float] = START
) -> tuple[float, float]:
    """Return a and b after so many steps on the new question.

    ``replay`` is the weight of the old question beside it, ``pull`` that of the springs.
    """
    a, b = start
    for _ in range(steps):
        new, old = answers(a, b)
        slope_a = 2 * (new - 3) + replay * 2 * (old - 2) + pull * 2 * (a - start[0])
        slope_b = replay * 2 * (old - 2) + pull * 2 * (b - start[1])
        a, b = a - RATE * slope_a, b - RATE * slope_b
    return a, b


def forgotten(before: float, after: float, kept: float) -> tuple[float, float]:
    """Return what tuning lost, and which share of that a remedy saved.

    ``before`` and ``after`` are losses on old text, ``kept`` the one with the remedy.
    """
    return after - before, (after - kept) / (after - before)


def old_tokens(new_tokens: float, share: float) -> float:
    """Return how many old tokens join so many new ones, to be that share of all."""
    return new_tokens * share / (1 - share)


def epochs(steps: int, batch: int, examples: int) -> float:
    """Return how often each example is read."""
    return steps * batch / examples


def visible_fall(right: float, questions: int) -> float:
    """Return the smallest fall of a score that is more than chance, with other questions after.

    Two standard errors of the difference of two shares.
    """
    return 2 * math.sqrt(2 * right * (1 - right) / questions)


def visible_fall_paired(flipped: float, questions: int) -> float:
    """Return the same with the same questions before and after, of which a share changes sides."""
    return 2 * math.sqrt(flipped / questions)


def questions(fall: float, spread: float) -> float:
    """Return how many questions show a true fall in four cases of five.

    ``spread`` is the variance of one question's difference: 2 p (1 - p) for other questions
    after, the share that changes sides for the same ones.
    """
    return 2.8**2 * spread / fall**2
