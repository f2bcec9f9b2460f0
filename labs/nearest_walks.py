"""Two more ways to the nearest of the eight messages: a tree, and a wider walk."""

from __future__ import annotations

import heapq

from labs.nearest import ASKED, LINKS, MESSAGES, Point, squared_distance

#: Boxes of a tree: from where to where each number goes, and who is inside.
BOXES: dict[str, tuple[Point, Point]] = {
    "BF": ((5.5, 99), (2.5, 99)),
    "AC": ((5.5, 99), (-99, 2.5)),
    "GH": ((-99, 5.5), (-99, 5.5)),
    "DE": ((-99, 5.5), (5.5, 99)),
}


def gap(asked: Point, box: tuple[Point, Point]) -> float:
    """Return the squared distance to the nearest place in a box, 0 inside."""
    near = [min(max(a, low), high) for a, (low, high) in zip(asked, box, strict=True)]
    return squared_distance(asked, near)


def opened(asked: Point = ASKED) -> list[str]:
    """Return the boxes that must be opened until the nearest point is certain, in their order."""
    best, done = float("inf"), []
    for names in sorted(BOXES, key=lambda names: gap(asked, BOXES[names])):
        if gap(asked, BOXES[names]) >= best:
            break
        best = min(best, *(squared_distance(asked, MESSAGES[name]) for name in names))
        done.append(names)
    return done


def wide_walk(asked: Point, start: str, wide: int) -> tuple[list[str], int]:
    """Return the nearest on a walk that keeps the ``wide`` best so far, and the distances."""
    far = {start: squared_distance(asked, MESSAGES[start])}
    waiting = [(far[start], start)]
    while waiting:
        distance, name = heapq.heappop(waiting)
        if distance > sorted(far.values())[:wide][-1]:
            break
        for other in LINKS[name]:
            if other not in far:
                far[other] = squared_distance(asked, MESSAGES[other])
                heapq.heappush(waiting, (far[other], other))
    return sorted(far, key=far.__getitem__)[:wide], len(far)
