"""A ninth message joins the eight of ``nearest``: one small index of each kind, built by hand."""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping, Sequence

from labs.nearest import LINKS, MESSAGES, Point, squared_distance

#: "I cancelled; where is my money?"
NEWCOMER: Point = (5, 3)
NINE = MESSAGES | {"X": NEWCOMER}
#: Most links that a message may keep, and how long the list is while one is put in.
LINKS_EACH, BREADTH = 3, 4
#: The upper layer: the two messages that drew a height of one.
UPPER = {"B": "D", "D": "B"}

Graph = dict[str, str]
#: Levels for what the cells' middles leave of either number.
LEFT_LEVELS = ((-2, -0.25, 1, 2), (-2, -1, 0.75, 3))


def height(draw: float, links: int) -> int:
    """Return the layer up to which a newcomer goes, for a draw between 0 and 1."""
    return int(-math.log(draw) / math.log(links))


def walk(
    asked: Point, start: Sequence[str], links: Mapping[str, str], wide: int
) -> tuple[list[str], dict[str, float]]:
    """Return the best ``wide`` that a walk finds, nearest first, and all distances computed."""
    far = {name: squared_distance(asked, NINE[name]) for name in start}
    open_ = [(far[name], name) for name in start]
    heapq.heapify(open_)
    while open_:
        distance, name = heapq.heappop(open_)
        best = sorted(far, key=far.__getitem__)[:wide]
        if len(best) == wide and distance > far[best[-1]]:
            break
        for other in links[name]:
            if other not in far:
                far[other] = squared_distance(asked, NINE[other])
                heapq.heappush(open_, (far[other], other))
    return sorted(far, key=far.__getitem__)[:wide], far


def choose(one: str, candidates: Sequence[str], most: int) -> list[str]:
    """Return links in different directions: the nearest first, none nearer to one taken."""
    taken: list[str] = []
    for other in sorted(candidates, key=lambda name: squared_distance(NINE[one], NINE[name])):
        far = squared_distance(NINE[one], NINE[other])
        if all(squared_distance(NINE[name], NINE[other]) > far for name in taken):
            taken.append(other)
    return taken[:most]


def insert(name: str, upper: Graph, lower: Graph) -> dict[str, list[str]]:
    """Link a newcomer of height one in both layers; return what each layer's walk found."""
    found: dict[str, list[str]] = {}
    start = ["D"]
    for layer, links in (("upper", upper), ("lower", lower)):
        start, _ = walk(NINE[name], start, links, BREADTH)
        found[layer] = start
        links[name] = "".join(choose(name, start, LINKS_EACH))
        for other in links[name]:
            links[other] += name
            if len(links[other]) > LINKS_EACH:
                links[other] = "".join(choose(other, links[other], LINKS_EACH))
    return found


def grown() -> tuple[Graph, Graph]:
    """Return both layers with the newcomer in them."""
    upper, lower = dict(UPPER), dict(LINKS)
    insert("X", upper, lower)
    return upper, lower


def search(asked: Point, wide: int) -> tuple[list[str], int]:
    """Return what a search from the top finds, and how many distances it computed."""
    upper, lower = grown()
    start, first = walk(asked, ["D"], upper, 1)
    found, second = walk(asked, start, lower, wide)
    return found, len(first | second)


def means(middles: Sequence[Point]) -> tuple[list[str], list[Point]]:
    """Return one round of k-means: who is nearest to which middle, and the means of these."""
    groups = ["" for _ in middles]
    for name, point in NINE.items():
        near = min(range(len(middles)), key=lambda i: squared_distance(point, middles[i]))
        groups[near] += name
    moved: list[Point] = []
    for group in groups:
        first = sum(NINE[name][0] for name in group) / len(group)
        second = sum(NINE[name][1] for name in group) / len(group)
        moved.append((first, second))
    return groups, moved


def left(point: Point, middle: Point) -> Point:
    """Return the residual: what is left of a point when its cell's middle is taken away."""
    return point[0] - middle[0], point[1] - middle[1]


def coded(rest: Point) -> tuple[int, ...]:
    """Return the number of the nearest level for either number, counted from one."""
    pairs = zip(rest, LEFT_LEVELS, strict=True)
    return tuple(
        1 + min(range(len(levels)), key=lambda i: abs(levels[i] - number))
        for number, levels in pairs
    )


def tables(asked: Point, middle: Point) -> list[list[float]]:
    """Return the squared distances of what is left of a query from all levels."""
    pairs = zip(left(asked, middle), LEFT_LEVELS, strict=True)
    return [[(number - level) ** 2 for level in levels] for number, levels in pairs]


def looked_up(asked: Point, middle: Point, code: Sequence[int]) -> float:
    """Return a distance by the tables: one look for either number."""
    pairs = zip(tables(asked, middle), code, strict=True)
    return sum(table[which - 1] for table, which in pairs)


def bytes_each(numbers: int, number_bytes: float, links: int = 0, codes: float = 0) -> float:
    """Return the bytes that an index keeps in memory for each vector.

    A link takes 4 bytes, and there are twice as many on the lowest layer, a code comes with the
    8 bytes of its vector's number.
    """
    return numbers * number_bytes + 4 * 2 * links + (codes + 8 if codes else 0)
