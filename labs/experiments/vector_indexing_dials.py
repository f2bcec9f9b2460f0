"""What each setting of HNSW, IVF and PQ buys.  For the article on vector indexing."""

from __future__ import annotations

import numpy as np

from labs.collection import SEARCHED as KEPT
from labs.collection import embedded, sample
from labs.experiments.vector_indexing import needed
from labs.indexes_of_faiss import (
    again,
    cells,
    cells_of_codes,
    codes,
    found_share,
    hnsw,
    probed,
    signs,
    size,
    truth,
    walked,
)
from labs.nearest_indexes import Numbers, Vectors
from labs.run import Experiment

VECTORS, ASKED, K = 32_768, 512, 10
#: M and efConstruction of the graphs, side by side.
LINKS = (4, 8, 16, 32, 16, 16, 16)
BREADTH = (100, 100, 100, 100, 20, 40, 200)
WIDE = (10, 14, 20, 28, 40, 80, 160, 320)
LOOKED = 20
CELLS = (128, 512, 2_048)
PROBES = (1, 2, 4, 8, 16, 32, 64)
#: Pieces and bits of the codes, side by side.
PIECES = (12, 24, 48, 96, 48)
BITS = (8, 8, 8, 8, 4)
AGAIN = 100
TARGET = 0.95


def of_graphs(vectors: Vectors, queries: Vectors, true: Numbers) -> dict[str, list[float]]:
    """Return recall and work at one length of list, and work for the target, by graph."""
    keys = ("graph_recall", "graph_examined", "graph_needs", "graph_links")
    found: dict[str, list[float]] = {key: [] for key in keys}
    for links, breadth in zip(LINKS, BREADTH, strict=True):
        index = hnsw(vectors, links, breadth)
        curve = [walked(index, queries, K, wide) for wide in WIDE]
        recalls = [found_share(some, true) for some, _ in curve]
        examined = [cost for _, cost in curve]
        found["graph_recall"].append(recalls[WIDE.index(LOOKED)])
        found["graph_examined"].append(examined[WIDE.index(LOOKED)])
        found["graph_needs"].append(needed(recalls, examined, TARGET))
        found["graph_links"].append(size(index) / len(vectors) - 4 * vectors.shape[1])
    return found


def of_cells(
    vectors: Vectors, queries: Vectors, true: Numbers, seed: int
) -> dict[str, list[float]]:
    """Return how many cells to open, and what that examines, for the target."""
    found: dict[str, list[float]] = {"cells_probes": [], "cells_needs": [], "cells_first": []}
    for count in CELLS:
        index = cells(vectors, count, seed)
        curve = [probed(index, queries, K, probes) for probes in PROBES]
        recalls = [found_share(some, true) for some, _ in curve]
        found["cells_first"].append(recalls[0])
        found["cells_needs"].append(needed(recalls, [cost for _, cost in curve], TARGET))
        found["cells_probes"].append(needed(recalls, list(PROBES), TARGET))
    return found


def of_codes(
    vectors: Vectors, queries: Vectors, true: Numbers, seed: int
) -> dict[str, list[float]]:
    """Return recall by codes alone, and after the best of them were looked at again."""
    found: dict[str, list[float]] = {"codes_raw": [], "codes_recall": []}
    for pieces, bits in zip(PIECES, BITS, strict=True):
        some = codes(vectors, pieces, bits, seed).search(queries, AGAIN)[1]
        found["codes_raw"].append(found_share(some, true))
        found["codes_recall"].append(found_share(again(vectors, queries, some, K), true))
    return found


def of_parts(vectors: Vectors, queries: Vectors, true: Numbers, seed: int) -> dict[str, float]:
    """Return recall by signs, before and after another look, and by codes of the rest or not."""
    some = signs(vectors, seed).search(queries, AGAIN)[1]
    found = {"signs_raw": found_share(some, true)}
    found["signs_recall"] = found_share(again(vectors, queries, some, K), true)
    for name, residual in (("vectors_coded", False), ("rest_coded", True)):
        index = cells_of_codes(vectors, CELLS[1], 48, seed, residual)
        found[name] = found_share(probed(index, queries, K, CELLS[1])[0], true)
    return found


def run(seed: int) -> dict[str, float | list[float]]:
    """Return what one seed measured."""
    everything = embedded(VECTORS + ASKED)
    queries = everything[VECTORS:]
    vectors = everything[np.random.default_rng([seed, 1]).permutation(VECTORS)]
    true = truth(vectors, queries, K)
    return {
        **of_graphs(vectors, queries, true),
        **of_cells(vectors, queries, true, seed),
        **of_codes(vectors, queries, true, seed),
        **of_parts(vectors, queries, true, seed),
    }


def check() -> dict[str, list[float]]:
    """Return a part of it that needs no files: a small collection, few queries."""
    vectors = sample()[1]
    some, queries = vectors[:2_048], vectors[KEPT : KEPT + 32]
    found = of_codes(some, queries, truth(some, queries, K), 0)
    return {key: np.round(found[key], 1).tolist() for key in ("codes_raw", "codes_recall")}


EXPERIMENT = Experiment(
    title="What each setting of HNSW, IVF and PQ buys",
    run=run,
    check=check,
    fixed={
        "vectors": VECTORS,
        "asked": ASKED,
        "links": LINKS,
        "breadth": BREADTH,
        "looked": LOOKED,
        "cells": CELLS,
        "pieces": PIECES,
        "bits": BITS,
        "again": AGAIN,
        "target": TARGET,
    },
    seeds=range(5),
)
