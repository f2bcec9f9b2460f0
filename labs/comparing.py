"""Three ways to compare two vectors, and when they agree."""

from __future__ import annotations

import math
from collections.abc import Sequence

Vector = Sequence[float]


def dot(a: Vector, b: Vector) -> float:
    """Return the sum of products, number by number."""
    return math.fsum(x * y for x, y in zip(a, b, strict=True))


def length(a: Vector) -> float:
    """Return the root of the summed squares."""
    return math.sqrt(dot(a, a))


def cosine(a: Vector, b: Vector) -> float:
    """Return the dot product divided by both lengths."""
    return dot(a, b) / (length(a) * length(b))


def distance(a: Vector, b: Vector) -> float:
    """Return the straight line between two points."""
    return length([x - y for x, y in zip(a, b, strict=True)])


def unit(a: Vector) -> list[float]:
    """Return the vector with the same direction and length one."""
    return [x / length(a) for x in a]
