"""A look-up that one attention must learn: find the same item among others, return its value."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

ITEM, ITEMS, ASKED, VALUE = 16, 16, 64, 8
STEPS = 300
#: Errors and hits are averaged over so many last steps; each step has items not seen before.
LAST = 50


@dataclass(frozen=True, slots=True)
class Arm:
    """What scores, and the query matrix at the start, are multiplied by: a power of the width."""

    scores: float = 0.0
    start: float = 0.0


#: Ways to keep scores small, by name.
ARMS = {
    "undivided": Arm(),
    "divided": Arm(scores=-0.5),
    "start": Arm(start=-0.5),
    "width": Arm(scores=-1.0),
}


class Task(NamedTuple):
    """Items and their values, and which of them the queries ask for."""

    items: Numbers  # (ITEMS, ITEM)
    values: Numbers  # (ITEMS, VALUE)
    wanted: NDArray[np.int64]  # (ASKED,)


def draw(rng: np.random.Generator) -> Task:
    """Return a task, all its numbers normal with variance one."""
    items = rng.standard_normal((ITEMS, ITEM))
    values = rng.standard_normal((ITEMS, VALUE))
    return Task(items, values, rng.integers(ITEMS, size=ASKED))


def matrices(width: int, arm: Arm, rng: np.random.Generator) -> list[Numbers]:
    """Return the query and key matrices; without the arm, queries and keys have variance one.

    Shapes: (ITEM, width) each.
    """
    drawn = rng.standard_normal((2, ITEM, width)) / math.sqrt(ITEM)
    return [drawn[0] * width**arm.start, drawn[1]]


def read(weights: list[Numbers], task: Task, scale: float) -> tuple[Numbers, Numbers, Numbers]:
    """Return queries, keys, and the weights with which each query reads.

    Shapes: (ASKED, width), (ITEMS, width), (ASKED, ITEMS).
    """
    q, k = task.items[task.wanted] @ weights[0], task.items @ weights[1]
    scores = q @ k.T * scale
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return q, k, powers / powers.sum(axis=1, keepdims=True)


def gradients(
    weights: list[Numbers], task: Task, scale: float
) -> tuple[list[Numbers], float, float]:
    """Return the loss's gradients for both matrices, the loss, and the share of right reads.

    The loss is the squared error per number of the value: 0 if right, 1 if the answer is nothing,
    nearly 2 if it is the value of another item. A read is right if the item has most weight.
    """
    q, k, a = read(weights, task, scale)
    off = a @ task.values - task.values[task.wanted]
    to_weights = (2 / off.size) * off @ task.values.T
    to_scores = a * (to_weights - (a * to_weights).sum(axis=1, keepdims=True)) * scale
    found = [task.items[task.wanted].T @ (to_scores @ k), task.items.T @ (to_scores.T @ q)]
    hits = a.argmax(axis=1) == task.wanted
    return found, float((off**2).mean()), float(hits.mean())


class Adam:
    """Steps of equal size whatever the size of the gradient.  Source: Kingma and Ba 2015."""

    def __init__(self, rate: float) -> None:
        self.rate, self.steps = rate, 0
        self.mean: list[Numbers] = []
        self.square: list[Numbers] = []

    def step(self, weights: list[Numbers], slopes: list[Numbers]) -> None:
        """Move the weights."""
        if not self.steps:
            self.mean = [np.zeros_like(slope) for slope in slopes]
            self.square = [np.zeros_like(slope) for slope in slopes]
        self.steps += 1
        first, second = 1 - 0.9**self.steps, 1 - 0.999**self.steps
        for weight, slope, mean, square in zip(
            weights, slopes, self.mean, self.square, strict=True
        ):
            mean += 0.1 * (slope - mean)
            square += 0.001 * (slope**2 - square)
            weight -= self.rate / first * mean / (np.sqrt(square / second) + 1e-8)


class Descent:
    """Steps in proportion to the gradient."""

    def __init__(self, rate: float) -> None:
        self.rate = rate

    def step(self, weights: list[Numbers], slopes: list[Numbers]) -> None:
        """Move the weights."""
        for weight, slope in zip(weights, slopes, strict=True):
            weight -= self.rate * slope


def learn(
    seed: int, width: int, arm: Arm, optimiser: Adam | Descent, steps: int = STEPS
) -> tuple[float, float]:
    """Return error and share of right reads, over the last steps, of an attention trained."""
    rng = np.random.default_rng(seed)
    weights = matrices(width, arm, rng)
    history = []
    for _ in range(steps):
        slopes, error, hits = gradients(weights, draw(rng), width**arm.scores)
        optimiser.step(weights, slopes)
        history.append((error, hits))
    error, hits = np.mean(history[-LAST:], axis=0)
    return float(error), float(hits)
