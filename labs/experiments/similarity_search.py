"""Recall against products computed, for five ways to search.  For the article on similarity search.

Definitions of WordNet's nouns, embedded by MiniLM; others of them are the queries. Then the same
with fewer texts: how does the work grow with the collection?
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from labs.collection import SEARCHED as KEPT
from labs.collection import embedded, sample
from labs.nearest import recall
from labs.nearest_indexes import Cells, Codes, Flat, Found, Graph, Hashes, Numbers, Vectors
from labs.run import Experiment, Measured

Search = Callable[[Vectors, int, int], Found]

SIZES = (1_024, 2_048, 4_096, 8_192, 16_384)
ASKED, K = 256, 10
PLANES = 8
TABLES = (1, 2, 4, 8, 16, 32, 64, 128)
#: Four times the root of the number of vectors: about the best for a recall of 95%.
CELLS = 512
PROBES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
#: A finer dial of probes, for the smaller collections.
FINE = (1, 2, 4, 8, 12, 16, 24, 32, 48, 64)
#: Numbers of cells to choose from.
COUNTS = (128, 256, 512, 1_024)
LINKS, BREADTH = 16, 100
WIDE = (10, 14, 20, 28, 40, 80, 160, 320)
PIECES, MIDDLES = 48, 256
AGAIN = (10, 14, 20, 28, 40, 80, 160, 320)
TARGET = 0.95


def measured(
    search: Search, knobs: Sequence[int], queries: Vectors, true: Numbers
) -> tuple[list[float], list[float], list[float]]:
    """Return mean recall, mean cost, and the share of queries that found half or less, by knob."""
    columns: tuple[list[float], list[float], list[float]] = ([], [], [])
    for knob in knobs:
        shares, costs = [], []
        for query, wanted in zip(queries, true, strict=True):
            found, cost = search(query, K, knob)
            shares.append(recall(found.tolist(), wanted.tolist()))
            costs.append(cost)
        row = np.mean(shares), np.mean(costs), np.mean(np.array(shares) <= 0.5)
        for column, number in zip(columns, row, strict=True):
            column.append(float(number))
    return columns


def truth(vectors: Vectors, queries: Vectors) -> Numbers:
    """Return the numbers of the true neighbours of each query."""
    flat = Flat(vectors)
    return np.array([flat.search(query, K)[0] for query in queries])


def cells_for(size: int) -> int:
    """Return how many cells are about the best for so many vectors."""
    return round(4 * math.sqrt(size))


def needed(recalls: list[float], costs: list[float], _: list[float]) -> float:
    """Return the cost at which a curve reaches the target, between the two settings around it."""
    logs = np.interp(TARGET, recalls, np.log(costs))
    return float(np.exp(logs))


def five(
    vectors: Vectors, queries: Vectors, seed: int, graph: Graph | None = None
) -> dict[str, list[float]]:
    """Return what each setting of each way finds, and at what cost."""
    true = truth(vectors, queries)
    hashes = Hashes(vectors, PLANES, max(TABLES), seed)
    cells = Cells(vectors, cells_for(len(vectors)), seed)
    codes = Codes(vectors, PIECES, MIDDLES, seed)
    if graph is None:
        graph = Graph(vectors, LINKS, BREADTH, seed)
        graph.grow(len(vectors))
    ways: dict[str, tuple[Search, Sequence[int]]] = {
        "hash": (hashes.search, TABLES),
        "cells": (cells.search, PROBES),
        "graph": (graph.search, WIDE),
        "codes": (codes.search, AGAIN),
    }
    found: dict[str, list[float]] = {}
    for name, (search, knobs) in ways.items():
        columns = measured(search, knobs, queries, true)
        for part, column in zip(("recall", "cost", "half"), columns, strict=True):
            found[f"{name}_{part}"] = column
    return found


def run(seed: int) -> Measured:
    """Return what one seed measured."""
    everything = embedded(max(SIZES) + ASKED)
    queries = everything[max(SIZES) :]
    vectors = everything[np.random.default_rng([seed, 1]).permutation(max(SIZES))]
    graph = Graph(vectors, LINKS, BREADTH, seed)
    growth: list[float] = []
    cells_growth: list[float] = []
    for size in SIZES:
        graph.grow(size)
        some = vectors[:size]
        true = truth(some, queries)
        growth.append(needed(*measured(graph.search, WIDE, queries, true)))
        cells = Cells(some, cells_for(size), seed)
        probes = [p for p in FINE if p <= len(cells.members)]
        cells_growth.append(needed(*measured(cells.search, probes, queries, true)))
    true = truth(vectors, queries)
    by_cells = []
    for count in COUNTS:
        cells = Cells(vectors, count, seed)
        by_cells.append(needed(*measured(cells.search, FINE, queries, true)))
    products = np.sort(queries @ vectors.T, axis=1)
    return five(vectors, queries, seed, graph) | {
        "graph_needs": growth,
        "cells_need": cells_growth,
        "cells_by_count": by_cells,
        "links_each": float(np.mean([len(kept) for kept in graph.layers[0].values()])),
        "layers": float(len(graph.layers)),
        "near_first": float(products[:, -1].mean()),
        "near_tenth": float(products[:, -K].mean()),
        "near_any": float(products.mean()),
    }


def check() -> dict[str, list[float]]:
    """Return a part of it that needs no files: a small collection, few queries."""
    vectors = sample()[1]
    found = five(vectors[:512], vectors[KEPT : KEPT + 16], 0)
    return {key: np.round(found[key], 2).tolist() for key in ("graph_recall", "cells_recall")}


EXPERIMENT = Experiment(
    title="Recall against products computed: all, hashes, cells, a graph, codes",
    run=run,
    check=check,
    fixed={
        "tables": TABLES,
        "probes": PROBES,
        "wide": WIDE,
        "again": AGAIN,
        "size": SIZES,
        "vectors": max(SIZES),
        "asked": ASKED,
        "k": K,
        "planes": PLANES,
        "cells": CELLS,
        "count": COUNTS,
        "links": LINKS,
        "pieces": PIECES,
        "target": TARGET,
    },
    seeds=range(5),
)
