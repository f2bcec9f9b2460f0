"""Walks from neighbour to neighbour: whether they arrive, and in how many steps.

For the article on what to know before vector indexes. Points spread evenly over a square, points in
clumps, and definitions of WordNet's nouns as MiniLM's vectors; links chosen in five ways or, in the
plane, six. Queries are no points of the collection; a walk arrives if it ends at the nearest point.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from labs.collection import SEARCHED, embedded, sample
from labs.neighbour_walks import (
    Net,
    Numbers,
    Vectors,
    down,
    layers,
    near,
    neighbours,
    spread,
    triangles,
    walk,
    wide_walk,
    with_long,
)
from labs.run import Experiment, Measured

SIZES = (1_024, 4_096, 16_384, 65_536)
ASKED = 100
#: Links that each point chooses; of them far ones, where there are some.
NEAR, LONG = 12, 2
#: From how many nearest those are chosen that point into different directions.
CANDIDATES = 48
WIDE, THIN = 32, 16
#: Points of a clump.
CLUMP = 64
#: Ways to choose links; the last two are entered through layers.
WAYS = ("near", "anybody", "graded", "layers", "spread")


def points(kind: str, size: int, seed: int) -> tuple[Vectors, Vectors]:
    """Return points to link and, from the same source, queries."""
    rng = np.random.default_rng([seed, size])
    total = size + ASKED
    if kind == "plane":
        drawn = rng.random((total, 2))
    elif kind == "clumps":
        middles = rng.random((size // CLUMP, 2))
        wide = 0.1 / np.sqrt(len(middles))
        drawn = middles[rng.integers(len(middles), size=total)]
        drawn = drawn + wide * rng.normal(size=(total, 2))
    elif kind == "many":
        drawn = rng.normal(size=(total, 32))
    else:
        vectors = texts(size)
        others = rng.choice(np.arange(size, len(vectors)), ASKED, replace=False)
        return vectors[:size], vectors[others]
    single = drawn.astype(np.float32)
    return single[:size], single[size:]


@lru_cache(maxsize=2)
def texts(size: int) -> Vectors:
    """Return that many vectors of texts, and 1,000 more or what is kept here."""
    return embedded(size + 1_000) if size >= SIZES[0] else sample()[1][: min(2 * size, SEARCHED)]


def nets(kind: str, vectors: Vectors, seed: int) -> tuple[dict[str, Net], list[Net]]:
    """Return links by the way they were chosen, and those of the upper layers."""
    found = neighbours(vectors, CANDIDATES)
    made = {
        "near": near(found, NEAR),
        "anybody": with_long(vectors, found, NEAR - LONG, LONG, seed, graded=False),
        "graded": with_long(vectors, found, NEAR - LONG, LONG, seed, graded=True),
        "spread": spread(vectors, found, NEAR),
    }
    if kind == "plane":
        made["triangles"] = triangles(vectors)
    return made, layers(vectors, NEAR, THIN)


#: Links that each point chooses, and over how many points they are compared.
DEGREES, AMONG = (4, 6, 12, 24, 48), 16_384


def by_degree(kind: str, seed: int) -> dict[str, list[float]]:
    """Return what walks do by the number of nearest that each point is linked with."""
    vectors, queries = points(kind, AMONG, seed)
    found = nearest_texts(AMONG) if kind == "texts" else neighbours(vectors, CANDIDATES)
    starts = np.random.default_rng([seed, 2]).integers(0, AMONG, ASKED).tolist()
    rows = []
    for degree in DEGREES:
        net = near(found, degree)
        walks = [
            walk(vectors, net, query, start) for query, start in zip(queries, starts, strict=True)
        ]
        true = [int(((vectors - query) ** 2).sum(1).argmin()) for query in queries]
        ends = [end == right for (end, _, _), right in zip(walks, true, strict=True)]
        steps, costs = zip(*((one[1], one[2]) for one in walks), strict=True)
        rows.append((np.mean(ends), np.mean(steps), np.mean(costs), net.largest()))
    keys = ("arrived", "steps", "cost", "largest")
    return {
        f"degree_{key}": [float(value) for value in values]
        for key, values in zip(keys, zip(*rows, strict=True), strict=True)
    }


@lru_cache(maxsize=4)
def nearest_texts(size: int) -> Numbers:
    """Return the nearest of each text."""
    return neighbours(texts(size)[:size], CANDIDATES)


@lru_cache(maxsize=4)
def of_texts(size: int) -> tuple[dict[str, Net], list[Net]]:
    """Return the links of the texts, made once; seeds draw queries and starts only."""
    return nets("texts", texts(size)[:size], 0)


def cell(kind: str, size: int, seed: int) -> dict[str, float]:
    """Return by way and measure what walks over that many points did, on average."""
    vectors, queries = points(kind, size, seed)
    made, upper = of_texts(size) if kind == "texts" else nets(kind, vectors, seed)
    true = [int(((vectors - query) ** 2).sum(1).argmin()) for query in queries]
    starts = np.random.default_rng([seed, size, 1]).integers(0, size, ASKED).tolist()
    found: dict[str, float] = {}
    for way in (*WAYS, "triangles"):
        if way == "triangles" and way not in made:
            continue
        net = made["near" if way == "layers" else way]
        rows = []
        for query, right, first in zip(queries, true, starts, strict=True):
            start, steps, cost = first, 0, 0
            if way in ("layers", "spread"):
                start, steps, cost = down(vectors, upper, query)
            end, more, spent = walk(vectors, net, query, start)
            listed, _, looked = wide_walk(vectors, net, query, start, WIDE)
            rows.append((end == right, steps + more, cost + spent, listed == right, cost + looked))
        keys = ("arrived", "steps", "cost", "listed", "looked")
        found |= {
            f"{way}_{key}": float(value)
            for key, value in zip(keys, np.mean(rows, axis=0), strict=True)
        }
        found |= {f"{way}_links": net.each(), f"{way}_largest": net.largest()}
    return found


def measured(kind: str, seed: int, sizes: Sequence[int] = SIZES) -> dict[str, list[float]]:
    """Return each measure of a kind of points as a series over the sizes."""
    cells = [cell(kind, size, seed) for size in sizes]
    return {key: [one[key] for one in cells] for key in cells[0]}


def run(seed: int) -> Measured:
    """Return all measures of all kinds of points."""
    found = {
        f"{kind}_{key}": values
        for kind in ("plane", "clumps", "texts")
        for key, values in measured(kind, seed).items()
    }
    for kind in ("plane", "texts"):
        found |= {f"{kind}_{key}": values for key, values in by_degree(kind, seed).items()}
    return found


def small(kind: str) -> dict[str, list[float]]:
    """Return a part of it that takes seconds and no files."""
    found = measured(kind, 0, (512,))
    return {
        key: [round(value, 1) for value in found[key]] for key in ("near_steps", "layers_steps")
    }


EXPERIMENT = Experiment(
    title="Walks on links chosen in five ways: steps, and whether they arrive",
    run=run,
    check=lambda: small("plane") | {"texts": small("texts")["near_steps"]},
    fixed={
        "size": SIZES,
        "asked": ASKED,
        "near": NEAR,
        "long": LONG,
        "candidates": CANDIDATES,
        "wide": WIDE,
        "thin": THIN,
        "clump": CLUMP,
        "degree": DEGREES,
        "among": AMONG,
    },
    seeds=range(5),
)
