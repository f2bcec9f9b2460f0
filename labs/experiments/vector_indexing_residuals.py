"""Do codes of what a cell's middle leaves find more?  For the article on vector indexing.

Vectors are restored from their codes and compared twice: as they are, and brought to length one.
"""

from __future__ import annotations

import numpy as np

from labs.collection import SEARCHED as KEPT
from labs.collection import embedded, sample
from labs.indexes_of_faiss import cells_of_codes, found_share, truth
from labs.nearest_indexes import Vectors
from labs.run import Experiment

VECTORS, ASKED, K = 32_768, 512, 10
CELLS, PIECES = 512, 48


def both(vectors: Vectors, queries: Vectors, count: int, seed: int) -> dict[str, float]:
    """Return error and recall of codes of vectors, and of codes of what the middles leave."""
    true = truth(vectors, queries, K)
    found: dict[str, float] = {}
    for name, residual in (("vectors", False), ("rest", True)):
        index = cells_of_codes(vectors, count, PIECES, seed, residual)
        index.make_direct_map()
        restored = index.reconstruct_n(0, len(vectors))
        lengths = (restored**2).sum(1)
        products = queries @ restored.T
        for way, scores in (
            ("as_is", products - lengths / 2),
            ("length_one", products / np.sqrt(lengths)),
        ):
            best = np.argsort(-scores, axis=1)[:, :K]
            found[f"{name}_{way}"] = found_share(best, true)
        found[f"{name}_error"] = float(((vectors - restored) ** 2).sum(1).mean())
        found[f"{name}_lengths"] = float(lengths.std())
    return found


def run(seed: int) -> dict[str, float]:
    """Return what one seed measured."""
    everything = embedded(VECTORS + ASKED)
    vectors = everything[np.random.default_rng([seed, 1]).permutation(VECTORS)]
    return both(vectors, everything[VECTORS:], CELLS, seed)


def check() -> dict[str, float]:
    """Return a part of it that needs no files: a small collection, few queries."""
    vectors = sample()[1]
    found = both(vectors[:1_024], vectors[KEPT : KEPT + 32], 32, 0)
    return {key: round(found[key], 1) for key in ("vectors_as_is", "rest_as_is")}


EXPERIMENT = Experiment(
    title="Codes of vectors against codes of what the cells' middles leave",
    run=run,
    check=check,
    fixed={"vectors": VECTORS, "cells": CELLS, "pieces": PIECES},
    seeds=range(5),
)
