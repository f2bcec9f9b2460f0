"""Our own short indexes beside Faiss's, and HNSW with a part taken out.

For the article on vector indexing.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from labs.collection import SEARCHED as KEPT
from labs.collection import embedded, sample
from labs.experiments.vector_indexing import needed
from labs.graph_without import Nearest, OneLayer
from labs.indexes_of_faiss import again, cells, codes, found_share, hnsw, probed, truth, walked
from labs.nearest_indexes import Cells, Codes, Found, Graph, Numbers, Vectors
from labs.run import Experiment

VECTORS, ASKED, K = 16_384, 256, 10
LINKS, BREADTH, COUNT, PIECES = 16, 100, 512, 48
WIDE = (10, 20, 40, 80)
PROBES = (1, 4, 16, 64)
AGAIN = (10, 20, 40)
#: Vectors of the graphs from which a part is taken out.
FEWER = 4_096
LISTS = (10, 14, 20, 28, 40, 80, 160, 320, 640)
TARGET = 0.95


def searching(index: Graph | Cells | Codes, dial: int) -> Callable[[Vectors], Found]:
    """Return the search of one of our own indexes at one setting of its dial."""
    return lambda query: index.search(query, K, dial)


def ours(
    search: Callable[[Vectors], Found], queries: Vectors, true: Numbers
) -> tuple[float, float]:
    """Return the mean recall and the mean cost of one of our own searches."""
    found = [search(query) for query in queries]
    rows = [np.pad(some, (0, K - len(some)), constant_values=-1) for some, _ in found]
    share = found_share(np.array(rows), true)
    return share, float(np.mean([cost for _, cost in found]))


def beside(vectors: Vectors, queries: Vectors, seed: int, count: int) -> dict[str, list[float]]:
    """Return recall and cost of ours and of Faiss's, setting by setting."""
    true = truth(vectors, queries, K)
    found: dict[str, list[float]] = {}

    def told(name: str, pairs: list[tuple[float, float]]) -> None:
        found[f"{name}_recall"] = [share for share, _ in pairs]
        found[f"{name}_cost"] = [cost for _, cost in pairs]

    graph = Graph(vectors, LINKS, BREADTH, seed)
    graph.grow(len(vectors))
    found["build"] = [(graph.cost + graph.choosing) / len(vectors)]
    told("own_graph", [ours(searching(graph, wide), queries, true) for wide in WIDE])
    index = hnsw(vectors, LINKS, BREADTH)
    pairs = [walked(index, queries, K, wide) for wide in WIDE]
    told("faiss_graph", [(found_share(some, true), cost) for some, cost in pairs])
    own_cells = Cells(vectors, count, seed)
    told("own_cells", [ours(searching(own_cells, n), queries, true) for n in PROBES])
    lists = cells(vectors, count, seed)
    pairs = [probed(lists, queries, K, probes) for probes in PROBES]
    told("faiss_cells", [(found_share(some, true), cost) for some, cost in pairs])
    own_codes = Codes(vectors, PIECES, 256, seed)
    told("own_codes", [ours(searching(own_codes, n), queries, true) for n in AGAIN])
    short = codes(vectors, PIECES, 8, seed)
    found["faiss_codes_recall"] = [
        found_share(again(vectors, queries, short.search(queries, more)[1], K), true)
        for more in AGAIN
    ]
    return found


def without(vectors: Vectors, queries: Vectors, seed: int) -> dict[str, list[float]]:
    """Return recall with a list of 20, and work for the target: whole, and with a part out."""
    true = truth(vectors, queries, K)
    found: dict[str, list[float]] = {"without_recall": [], "without_needs": []}
    for kind in (Graph, OneLayer, Nearest):
        graph = kind(vectors, LINKS, BREADTH, seed)
        graph.grow(len(vectors))
        pairs = [ours(searching(graph, wide), queries, true) for wide in LISTS]
        recalls, costs = [share for share, _ in pairs], [cost for _, cost in pairs]
        found["without_recall"].append(recalls[LISTS.index(20)])
        found["without_needs"].append(needed(recalls, costs, TARGET))
    return found


def run(seed: int) -> dict[str, float | list[float]]:
    """Return what one seed measured."""
    everything = embedded(VECTORS + ASKED)
    queries = everything[VECTORS:]
    vectors = everything[np.random.default_rng([seed, 1]).permutation(VECTORS)]
    found = beside(vectors, queries, seed, COUNT) | without(vectors[:FEWER], queries, seed)
    return {key: column[0] if len(column) == 1 else column for key, column in found.items()}


def check() -> dict[str, list[float]]:
    """Return a part of it that needs no files: a small collection, few queries."""
    vectors = sample()[1]
    found = beside(vectors[:1_024], vectors[KEPT : KEPT + 32], 0, 32)
    keys = ("own_graph_recall", "faiss_graph_recall", "own_cells_recall", "faiss_cells_recall")
    return {key: np.round(found[key], 1).tolist() for key in keys}


EXPERIMENT = Experiment(
    title="Our own indexes beside Faiss's, and HNSW with a part taken out",
    run=run,
    check=check,
    fixed={
        "vectors": VECTORS,
        "asked": ASKED,
        "links": LINKS,
        "breadth": BREADTH,
        "cells": COUNT,
        "pieces": PIECES,
        "wide": WIDE,
        "probes": PROBES,
        "again": AGAIN,
        "fewer": FEWER,
        "graph": ["whole", "without upper layers", "linked with the nearest"],
        "target": TARGET,
    },
    seeds=range(5),
)
