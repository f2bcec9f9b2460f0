"""A forest of random trees, as in Annoy: planes halfway between two points, one leaf a tree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Numbers = NDArray[np.int64]


@dataclass(slots=True)
class Node:
    """A question: does ``normal`` · vector exceed ``offset``? And who is on either side."""

    normal: Vectors
    offset: float
    yes: Node | Numbers
    no: Node | Numbers


def halfway(one: Vectors, other: Vectors) -> tuple[Vectors, float]:
    """Return the plane halfway between two points; ``one`` is on its upper side."""
    normal = one - other
    return normal, float(normal @ (one + other) / 2)


def tree(vectors: Vectors, among: Numbers, leaf: int, rng: np.random.Generator) -> Node | Numbers:
    """Return a tree that splits until at most ``leaf`` points are together."""
    if len(among) <= leaf:
        return among
    one, other = rng.choice(among, 2, replace=False)
    normal, offset = halfway(vectors[one], vectors[other])
    side = vectors[among] @ normal > offset
    if side.all() or not side.any():  # two equal points part nobody
        return among
    yes, no = among[side], among[~side]
    return Node(normal, offset, tree(vectors, yes, leaf, rng), tree(vectors, no, leaf, rng))


def fallen(node: Node | Numbers, query: Vectors) -> tuple[Numbers, int]:
    """Return who is in the leaf that a query falls into, and how many questions that took."""
    asked = 0
    while isinstance(node, Node):
        asked += 1
        node = node.yes if query @ node.normal > node.offset else node.no
    return node, asked
