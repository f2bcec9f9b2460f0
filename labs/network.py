"""A network of three numbers, small enough to train by hand.  For the primer.

It learns what parking costs: the first hour is free, every further hour costs 2 coins.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

Numbers = Sequence[float]


def softmax(scores: Sequence[float]) -> list[float]:
    """Return probabilities: e to each score, divided by their sum."""
    powers = [math.exp(score) for score in scores]
    return [power / sum(powers) for power in powers]


#: Hours parked and coins paid.
EXAMPLES = ((1, 0), (2, 2), (3, 4))
#: The weight, the bias and the output weight before training.
START = [1.0, 0.0, 1.0]
#: How far a number is nudged to feel the slope.
NUDGE = 1e-6


def predict(numbers: Numbers, hours: float) -> float:
    """Return the coins that the network answers for ``hours``."""
    weight, bias, output_weight = numbers
    hidden = max(0.0, weight * hours + bias)
    return output_weight * hidden


def loss(numbers: Numbers) -> float:
    """Return the mean of the squared errors over the examples."""
    errors = [predict(numbers, hours) - coins for hours, coins in EXAMPLES]
    return sum(error**2 for error in errors) / len(errors)


def slope(numbers: Numbers, which: int) -> float:
    """Return how fast the loss rises if one of the numbers does."""
    up, down = list(numbers), list(numbers)
    up[which] += NUDGE
    down[which] -= NUDGE
    return (loss(up) - loss(down)) / (2 * NUDGE)


def step(numbers: Numbers, rate: float) -> list[float]:
    """Return the numbers after one training step, against their slopes."""
    gradient = [slope(numbers, which) for which in range(len(numbers))]
    return [n - rate * g for n, g in zip(numbers, gradient, strict=True)]
