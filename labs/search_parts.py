"""The parts of an index on the eight messages: distances, bounds, codes in cells, looks again.

And how the name of an index is read as a list of parts, with the bytes that they take.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

from labs.nearest import CELLS, MESSAGES, Point, squared_distance

#: Four levels for what is left of either number after the middle of the cell is taken away.
REST_LEVELS = ((-3, -1, 0, 4 / 3), (-2, -1, 0.5, 2))


def dot(x: Sequence[float], y: Sequence[float]) -> float:
    """Return the products number by number, added up."""
    return sum(a * b for a, b in zip(x, y, strict=True))


def cosine(x: Sequence[float], y: Sequence[float]) -> float:
    """Return the dot product divided by both lengths."""
    return dot(x, y) / math.sqrt(dot(x, x) * dot(y, y))


def manhattan(x: Sequence[float], y: Sequence[float]) -> float:
    """Return the differences without their signs, added up."""
    return sum(abs(a - b) for a, b in zip(x, y, strict=True))


def hamming(x: Sequence[bool], y: Sequence[bool]) -> int:
    """Return how many answers differ."""
    return sum(a != b for a, b in zip(x, y, strict=True))


def jaccard(x: set[str], y: set[str]) -> float:
    """Return what two sets share as a part of all that is in either."""
    return len(x & y) / len(x | y)


def with_number(point: Sequence[float], longest: float) -> tuple[float, ...]:
    """Return a vector with one number more, which makes its squared length ``longest``."""
    return (*point, math.sqrt(longest - dot(point, point)))


def least(to_middle: float, radius: float) -> float:
    """Return how near to the query a member of a cell may be, by the triangle inequality."""
    return max(0.0, to_middle - radius)


def rest_code(name: str, middle: Point) -> tuple[int, ...]:
    """Return the numbers of the levels for what a message has beyond the middle of its cell."""
    rest = (number - mid for number, mid in zip(MESSAGES[name], middle, strict=True))
    return tuple(
        min(range(4), key=lambda i: abs(levels[i] - number))
        for number, levels in zip(rest, REST_LEVELS, strict=True)
    )


def stands_for(code: Sequence[int], middle: Point) -> tuple[float, ...]:
    """Return the vector that a code in a cell stands for."""
    levels = (levels[which] for levels, which in zip(REST_LEVELS, code, strict=True))
    return tuple(mid + level for mid, level in zip(middle, levels, strict=True))


def by_parts(asked: Point, probes: int, again: int) -> list[str]:
    """Skip by cells, compare codes, look again at the best: ``IVF3,PQ2x2,RFlat``."""
    opened = sorted(CELLS, key=lambda middle: squared_distance(asked, middle))[:probes]
    rough = {
        name: squared_distance(asked, stands_for(rest_code(name, middle), middle))
        for middle in opened
        for name in CELLS[middle]
    }
    candidates = sorted(rough, key=rough.__getitem__)[:again]
    return sorted(candidates, key=lambda name: squared_distance(asked, MESSAGES[name]))


#: What a component of a name is, and how many bytes it keeps for each vector of d numbers.
KINDS = {
    r"(OPQ|PCA|RR)(\d+).*": "turn",
    r"(IVF|HNSW)(\d+).*": "skip",
    r"PQ(\d+)(x(\d+))?(fs)?|SQ(\d+|fp16)|RaBitQ|Flat": "shorten",
    r"RFlat|Refine\(.*\)": "look again",
}


def parts(name: str) -> list[tuple[str, str]]:
    """Return for each component of the name of an index what it does."""
    return [
        (one, next(kind for form, kind in KINDS.items() if re.fullmatch(form, one)))
        for one in name.split(",")
    ]


def code_bytes(component: str, numbers: int) -> int:
    """Return how many bytes a code of a vector of so many numbers takes."""
    if component in {"Flat", "RFlat"}:
        return 4 * numbers
    if component == "RaBitQ":
        return math.ceil(numbers / 8) + 8
    if component.startswith("SQ"):
        return math.ceil(numbers * (16 if component == "SQfp16" else int(component[2:])) / 8)
    pieces, bits = re.findall(r"\d+", component + "x8")[:2]
    return math.ceil(int(pieces) * int(bits) / 8)


def kept(same: Iterable[float]) -> float:
    """Return what is left after several parts each keep a share."""
    return math.prod(same)
