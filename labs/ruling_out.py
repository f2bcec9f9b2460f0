"""When a search may leave a group out: the eight messages, with and without chance numbers.

The messages, their cells and the query are those of ``labs/nearest.py``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from labs.nearest import ASKED, CELLS, MESSAGES

Points = Mapping[str, Sequence[float]]


def least(far_to_middle: float, reach: float) -> float:
    """Return how near any member of a cell can be at the least."""
    return max(0.0, far_to_middle - reach)


def bounds(asked: Sequence[float], points: Points) -> dict[str, tuple[float, float, float]]:
    """Return of each cell how far its middle is, how far it reaches, and the least distance."""
    found = {}
    for names in CELLS.values():
        members = np.array([points[name] for name in names])
        middle = members.mean(axis=0)
        far = math.dist(asked, middle)
        reach = max(math.dist(member, middle) for member in members)
        found[names] = (far, reach, least(far, reach))
    return found


def shut(asked: Sequence[float], points: Points, k: int = 1) -> list[str]:
    """Return the cells that need not be opened to be certain of the k nearest."""
    best = sorted(math.dist(asked, point) for point in points.values())[k - 1]
    return [names for names, (*_, near) in bounds(asked, points).items() if near > best]


def repeated(numbers: int) -> tuple[list[float], dict[str, list[float]]]:
    """Return query and messages with both numbers copied until there are so many."""
    times = numbers // 2
    return [*ASKED] * times, {name: [*point] * times for name, point in MESSAGES.items()}


def lengthened(numbers: int, seed: int) -> tuple[list[float], dict[str, list[float]]]:
    """Return query and messages with chance numbers, from 0 to 10, put after their own two."""
    rng = np.random.default_rng(seed)
    more = rng.uniform(0, 10, size=(len(MESSAGES) + 1, numbers - 2)).tolist()
    points = zip(MESSAGES.items(), more[1:], strict=True)
    return [*ASKED, *more[0]], {name: [*point, *extra] for (name, point), extra in points}


def near_by_far(asked: Sequence[float], points: Points) -> float:
    """Return the distance of the nearest as a share of the average distance."""
    far = [math.dist(asked, point) for point in points.values()]
    return min(far) / (sum(far) / len(far))


def list_for(asked: Sequence[float], permitted: str, k: int) -> int:
    """Return how long a list of the nearest must be to hold k permitted messages."""
    order = sorted(MESSAGES, key=lambda name: math.dist(asked, MESSAGES[name]))
    ranks = [rank for rank, name in enumerate(order, 1) if name in permitted]
    return ranks[k - 1]


def averaged(numbers: int, draws: int) -> tuple[float, float, float]:
    """Return what chance numbers do on average: nearest by average, cells shut, F still nearest."""
    shares, closed, kept = [], [], []
    for seed in range(draws):
        asked, points = lengthened(numbers, seed)
        far = {name: math.dist(asked, point) for name, point in points.items()}
        shares.append(near_by_far(asked, points))
        closed.append(len(shut(asked, points)))
        kept.append(min(far, key=far.__getitem__) == "F")
    return sum(shares) / draws, sum(closed) / draws, sum(kept) / draws
