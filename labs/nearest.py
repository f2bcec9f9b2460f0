"""Nearest neighbours: exact search, recall, and eight messages on which each family is shown.

A message is two numbers: how much it is about payment, and how much about delivery.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence

Point = tuple[float, float]

MESSAGES: dict[str, Point] = {
    "A": (8, 1),
    "B": (9, 4),
    "C": (7, 1),
    "D": (1, 10),
    "E": (5, 8),
    "F": (6, 6),
    "G": (1, 1),
    "H": (1, 3),
}
#: "Charged for a parcel that has not come."
ASKED: Point = (6, 4)
#: Cells: the middle of each, and who is in it.
CELLS: dict[Point, str] = {(8, 2): "ABC", (4, 8): "DEF", (1, 2): "GH"}
#: A graph: who is linked with whom.
LINKS = {"A": "BC", "B": "ACF", "C": "ABH", "D": "EH", "E": "DF", "F": "BE", "G": "H", "H": "CDG"}
#: Two tables of a hash, two lines each: a, b, c stand for a·first + b·second > c.
TABLES = (((1, 1, 9), (1, -1, 1)), ((1, 0, 4), (0, -1, -7)))
#: Four levels for either number.
LEVELS = ((1, 5.5, 7.5, 9), (1, 3.5, 6, 9))


def squared_distance(x: Sequence[float], y: Sequence[float]) -> float:
    """Return the squares of all differences, added up."""
    return sum((a - b) ** 2 for a, b in zip(x, y, strict=True))


def nearest(asked: Point, points: Mapping[str, Point], k: int) -> list[str]:
    """Return the names of the k nearest points, the nearest first."""
    best: list[tuple[float, str]] = []  # a heap: its worst comes first
    for name, point in points.items():
        heapq.heappush(best, (-squared_distance(asked, point), name))
        if len(best) > k:
            heapq.heappop(best)  # the worst of k + 1 goes
    return [name for _, name in sorted(best, reverse=True)]


def recall(found: Iterable[str | int], true: Sequence[str | int]) -> float:
    """Return the share of the true neighbours that were found."""
    return len(set(found) & set(true)) / len(true)


def in_cells(asked: Point, probes: int) -> tuple[dict[str, Point], int]:
    """Return the points of the nearest cells, and how many distances it all takes."""
    order = sorted(CELLS, key=lambda middle: squared_distance(asked, middle))
    names = "".join(CELLS[middle] for middle in order[:probes])
    return {name: MESSAGES[name] for name in names}, len(CELLS) + len(names)


def walk(asked: Point, start: str) -> tuple[list[str], int]:
    """Return the way from a start to where no neighbour is nearer, and the distances computed."""
    far = {start: squared_distance(asked, MESSAGES[start])}
    way = [start]
    while True:
        for name in LINKS[way[-1]]:
            if name not in far:
                far[name] = squared_distance(asked, MESSAGES[name])
        best = min(LINKS[way[-1]], key=far.__getitem__)
        if far[best] >= far[way[-1]]:
            return way, len(far)
        way.append(best)


def bucket(point: Point, table: int) -> tuple[bool, ...]:
    """Return on which side of each line of a table a point lies."""
    return tuple(a * point[0] + b * point[1] > c for a, b, c in TABLES[table])


def code(point: Point) -> tuple[int, ...]:
    """Return the number of the nearest level for each number of a point."""
    return tuple(
        min(range(len(levels)), key=lambda i: abs(levels[i] - number))
        for number, levels in zip(point, LEVELS, strict=True)
    )


def by_table(asked: Point, codes: Sequence[int]) -> float:
    """Return the squared distance to what a code stands for: one look into a table a number."""
    tables = [
        [(number - level) ** 2 for level in levels]
        for number, levels in zip(asked, LEVELS, strict=True)
    ]
    return sum(table[which] for table, which in zip(tables, codes, strict=True))


def caught(same_side: float, lines: int, tables: int) -> float:
    """Return the chance that two vectors share a bucket in at least one table."""
    return float(1 - (1 - same_side**lines) ** tables)


def seconds(vectors: float, numbers: int, bytes_each: float, bytes_a_second: float) -> float:
    """Return how long it takes to read all vectors once."""
    return vectors * numbers * bytes_each / bytes_a_second
