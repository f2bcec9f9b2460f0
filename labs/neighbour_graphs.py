"""Graphs of neighbours, and walks on them: fourteen messages on which each is shown.

The eight messages of the article on similarity search and six more; a message is two numbers, how
much it is about payment and how much about delivery.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from itertools import combinations

from labs.nearest import MESSAGES as EIGHT
from labs.nearest import Point, squared_distance

Points = Mapping[str, Point]
#: Who is linked with whom: for each name the names that a walk can step to.
Links = dict[str, list[str]]

MESSAGES: dict[str, Point] = EIGHT | {
    "I": (9, 7),
    "J": (3, 11),
    "K": (11, 4),
    "L": (3, 12),
    "M": (4, 0),
    "N": (8, 8),
}


def both_ways(points: Points, pairs: Iterator[tuple[str, str]]) -> Links:
    """Return links that can be walked in either direction."""
    links: Links = {name: [] for name in points}
    for one, other in pairs:
        for here, there in ((one, other), (other, one)):
            if there not in links[here]:
                links[here].append(there)
    return {name: sorted(others) for name, others in links.items()}


def by_distance(points: Points, name: str) -> list[str]:
    """Return all other points, the nearest first."""
    others = [other for other in points if other != name]
    return sorted(others, key=lambda other: squared_distance(points[name], points[other]))


def near(points: Points, k: int) -> Links:
    """Link each point with its k nearest."""
    return both_ways(points, ((a, b) for a in points for b in by_distance(points, a)[:k]))


def spread(points: Points) -> Links:
    """Link each point with those that no point already chosen is nearer to than itself."""
    links: Links = {}
    for name in points:
        links[name] = []
        for other in by_distance(points, name):
            own = squared_distance(points[name], points[other])
            rivals = [squared_distance(points[chosen], points[other]) for chosen in links[name]]
            if all(own <= rival for rival in rivals):
                links[name].append(other)
    return links


def relative(points: Points) -> Links:
    """Link two points unless a third is nearer to both than they are to each other."""

    def between(a: str, b: str) -> bool:
        far = squared_distance(points[a], points[b])
        return any(
            max(squared_distance(points[a], third), squared_distance(points[b], third)) < far
            for third in points.values()
        )

    return both_ways(points, (pair for pair in combinations(points, 2) if not between(*pair)))


def circle(a: Point, b: Point, c: Point) -> tuple[Point, float] | None:
    """Return the middle of the circle through three points and its squared radius."""
    (ax, ay), (bx, by), (cx, cy) = a, b, c
    turn = 2 * (ax * (by - cy) + bx * (cy - ay) + cx * (ay - by))
    if turn == 0:
        return None  # they lie on one line
    sa, sb, sc = ax * ax + ay * ay, bx * bx + by * by, cx * cx + cy * cy
    middle = (
        (sa * (by - cy) + sb * (cy - ay) + sc * (ay - by)) / turn,
        (sa * (cx - bx) + sb * (ax - cx) + sc * (bx - ax)) / turn,
    )
    return middle, squared_distance(middle, a)


def delaunay(points: Points) -> Links:
    """Link the corners of every triangle whose circle holds no other point."""

    def pairs() -> Iterator[tuple[str, str]]:
        for corners in combinations(points, 3):
            found = circle(*(points[name] for name in corners))
            if found and not any(
                squared_distance(found[0], points[name]) < found[1] - 1e-9
                for name in points
                if name not in corners
            ):
                yield from combinations(corners, 2)

    return both_ways(points, pairs())


def area(points: Points, name: str, corners: list[Point]) -> list[Point]:
    """Return the corners of what is nearer to a point than to all others, within a frame."""
    x, y = points[name]
    for a, b in (points[other] for other in points if other != name):
        half = (a * a + b * b - x * x - y * y) / 2
        over = [(a - x) * u + (b - y) * v - half for u, v in corners]  # positive: nearer to (a, b)
        cut: list[Point] = []
        for at, (u, v) in enumerate(corners):
            (s, t), before = corners[at - 1], over[at - 1]
            if before * over[at] < 0:
                share = before / (before - over[at])
                cut.append((s + share * (u - s), t + share * (v - t)))
            if over[at] <= 0:
                cut.append((u, v))
        corners = cut
    return corners


def greedy(points: Points, links: Links, asked: Point, start: str) -> list[str]:
    """Return the way from a start to where no linked point is nearer."""
    way = [start]
    while True:
        here = [way[-1], *links[way[-1]]]
        best = min(here, key=lambda name: squared_distance(asked, points[name]))
        if best == way[-1]:
            return way
        way.append(best)


def with_list(
    points: Points, links: Links, asked: Point, start: str, wide: int
) -> tuple[list[str], int]:
    """Return the ``wide`` nearest that a walk with a list finds, and the distances computed."""
    far = {start: squared_distance(asked, points[start])}
    waiting = [(far[start], start)]  # met, but not yet asked for their links
    while waiting:
        distance, name = heapq.heappop(waiting)  # the nearest of them
        if distance > sorted(far.values())[:wide][-1]:
            break  # it is farther than everybody on the list
        for other in links[name]:
            if other not in far:
                far[other] = squared_distance(asked, points[other])
                heapq.heappush(waiting, (far[other], other))
    return sorted(far, key=far.__getitem__)[:wide], len(far)


def islands(links: Links) -> list[str]:
    """Return the parts that no link leads out of, each as its names."""
    found: list[str] = []
    for name in links:
        if not any(name in island for island in found):
            reached, waiting = set[str](), [name]
            while waiting:
                here = waiting.pop()
                if here not in reached:
                    reached.add(here)
                    waiting += links[here]
            found.append("".join(sorted(reached)))
    return found


def arriving(points: Points, links: Links) -> int:
    """Return for how many pairs a walk from one point to the other arrives."""
    return sum(
        greedy(points, links, points[target], start)[-1] == target
        for start in points
        for target in points
        if start != target
    )


def express(places: int, target: int, strides: tuple[int, ...]) -> list[int]:
    """Return the stops from place 0 to a target in a row, by lanes of ever shorter strides."""
    stops = [0]
    for stride in strides:
        while stops[-1] + stride <= min(target, places - 1):
            stops.append(stops[-1] + stride)
    return stops
