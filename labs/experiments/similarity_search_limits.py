"""How hard a search is, against the number of directions.  For the article on search's limits.

384 numbers a vector, one graph (Faiss's HNSW), and sets that vary in a few or in many directions:
definitions embedded by MiniLM, their numbers shuffled, and Gaussian vectors.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import faiss
import numpy as np
from numpy.typing import NDArray

from labs.collection import SEARCHED, embedded, sample
from labs.intrinsic import (
    by_axes,
    by_doubling,
    by_spread,
    by_two,
    gaussian,
    lookalike,
    shuffled,
    typical,
)
from labs.run import Experiment, Measured

Vectors = NDArray[np.float32]
Numbers = NDArray[np.int64]

STORED, ASKED, K, WIDTH = 16_384, 1_024, 10, 384
SMALL = 4_096
LINKS, BREADTH = 16, 100
EF = (16, 32, 64, 128, 256, 512)
#: Longer lists, to find out what the last percent costs.
LONGER = (1_024, 2_048, 4_096)
DIRECTIONS = (4, 8, 16, 32, 64, 128, 384)
SETS = ("definitions", "lookalike", "shuffled", *(f"gaussian {m}" for m in DIRECTIONS))
CELLS = 512
#: Close together at the end, where recall of Gaussian vectors still rises.
PROBES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 320, 384, 448, 480, 496, 512)
TARGETS = (0.9, 0.95, 0.99, 0.995)
NEIGHBOURS = 20
EDGES = tuple(round(0.02 * i, 2) for i in range(1, 61))

faiss.omp_set_num_threads(1)
#: Where Faiss counts distances; its annotations leave this out.
COUNTS: Any = faiss.cvar


def drawn(name: str, both: Vectors, seed: int) -> Vectors:
    """Return a set's vectors, stored ones first, as many as there are definitions."""
    rng = np.random.default_rng([seed, 7])
    if name == "definitions":
        return both
    if name == "lookalike":
        return lookalike(both, rng)
    if name == "shuffled":
        return shuffled(both, rng)
    return gaussian(len(both), int(name.split()[1]), both.shape[1], rng)


def truth(vectors: Vectors, queries: Vectors, k: int) -> tuple[NDArray[np.float64], Numbers]:
    """Return distances and numbers of the true neighbours, nearest first."""
    flat = faiss.IndexFlatL2(vectors.shape[1])
    flat.add(vectors)
    far, near = flat.search(queries, k)
    return np.sqrt(np.maximum(far, 1e-12)).astype(np.float64), near


def graph(vectors: Vectors) -> faiss.IndexHNSWFlat:
    """Return Faiss's HNSW over vectors, put in one after the other."""
    index = faiss.IndexHNSWFlat(vectors.shape[1], LINKS)
    index.hnsw.efConstruction = BREADTH
    index.add(vectors)
    return index


def hits(found: Numbers, true: Numbers) -> NDArray[np.int64]:
    """Return how many of the true neighbours each query found."""
    return np.array([len({*a.tolist()} & {*b.tolist()}) for a, b in zip(found, true, strict=True)])


def walked(index: faiss.IndexHNSWFlat, queries: Vectors, wide: int) -> tuple[Numbers, float]:
    """Return what the graph finds, and how many distances a query takes."""
    index.hnsw.efSearch = wide
    COUNTS.hnsw_stats.reset()
    _, found = index.search(queries, K)
    return found, COUNTS.hnsw_stats.ndis / len(queries)


def needed(recalls: Sequence[float], costs: Sequence[float], target: float) -> float:
    """Return the cost at which recall reaches a target, between the two settings around it.

    Misses fall about as a power of the cost, so both are taken as logarithms. What costs more than
    comparing with all is not needed.
    """
    best = np.maximum.accumulate(recalls)
    if best[-1] < target:
        return float(STORED)
    misses = -np.log(np.maximum(1 - best, 1e-5))
    cost = np.exp(np.interp(-np.log(1 - target), misses, np.log(costs)))
    return float(min(cost, STORED))


def dimension(vectors: Vectors, some: int) -> dict[str, float]:
    """Return estimates of the number of directions, from the first vectors' neighbours."""
    far = truth(vectors, vectors[:some], 41)[0][:, 1:]
    apart = far[far[:, 0] > 1e-3]
    pairs = np.linalg.norm(vectors[: some // 2] - vectors[some // 2 : some // 2 * 2], axis=1)
    axes, most = by_axes(vectors)
    return {
        "neighbours": typical(apart[:, :NEIGHBOURS]),
        "two": by_two(apart),
        "doubling": by_doubling(apart, 20, 40),
        "spread": by_spread(pairs.astype(np.float64)),
        "axes": axes,
        "most": float(most),
    }


class Tried(NamedTuple):
    """How a graph does on a set, by length of its list, and what the set is like."""

    recalls: list[float]
    costs: list[float]
    about: dict[str, float]


def one(vectors: Vectors, queries: Vectors, lists: Sequence[int] = EF) -> Tried:
    """Return what one set is like and how its graph does."""
    far, true = truth(vectors, queries, K)
    index = graph(vectors)
    recalls, costs = [], []
    for wide in lists:
        found, cost = walked(index, queries, wide)
        recalls.append(float(hits(found, true).mean() / K))
        costs.append(cost)
    middle = np.sqrt(np.maximum(2 - 2 * queries @ vectors.mean(0), 0))
    about = dimension(vectors, min(2_048, len(vectors)))
    return Tried(recalls, costs, about | {"contrast": float((far[:, -1] / middle).mean())})


def in_cells(vectors: Vectors, queries: Vectors, seed: int) -> tuple[list[float], list[float]]:
    """Return recall and distances of cells, for each number of cells opened."""
    middles = faiss.IndexFlatL2(vectors.shape[1])
    index = faiss.IndexIVFFlat(middles, vectors.shape[1], CELLS)
    index.cp.seed, index.cp.niter = seed + 1, 10
    index.train(vectors)
    index.add(vectors)
    true = truth(vectors, queries, K)[1]
    recalls, costs = [], []
    for probes in PROBES:
        index.nprobe = probes
        COUNTS.indexIVF_stats.reset()
        found = index.search(queries, K)[1]
        recalls.append(float(hits(found, true).mean() / K))
        costs.append(CELLS + COUNTS.indexIVF_stats.ndis / len(queries))
    return recalls, costs


def tails(vectors: Vectors, queries: Vectors, rng: np.random.Generator) -> Measured:
    """Return how misses lie among queries, and whether another build misses the same."""
    far, true = truth(vectors, queries, K)
    order = rng.permutation(len(vectors))
    first, second = graph(vectors), graph(vectors[order])
    middle = (2 - 2 * queries @ vectors.mean(0)) ** 0.5
    contrast = far[:, -1] / middle
    quarter = np.argsort(np.argsort(contrast)) * 4 // len(queries)
    found: dict[str, list[float]] = {}
    for wide in EF:
        found_here = walked(first, queries, wide)[0]
        other = order[walked(second, queries, wide)[0]]
        a = hits(found_here, true)
        row = {
            "half": (a <= K // 2).mean(),
            "under": (a < 0.8 * K).mean(),
            "perfect": (a == K).mean(),
            "nearest": (found_here == true[:, :1]).any(1).mean(),
            "again": again(found_here, other, true),
            "excess": excess(vectors, queries, found_here, far),
        }
        row |= {f"quarter_{q + 1}": a[quarter == q].mean() / K for q in range(4)}
        for key, value in row.items():
            found.setdefault(f"tail_{key}", []).append(float(value))
    return found


def again(found: Numbers, other: Numbers, true: Numbers) -> float:
    """Return which share of the neighbours that one build missed another missed, too."""
    missed = missed_again = 0
    for one_found, other_found, wanted in zip(found, other, true, strict=True):
        gone = {*wanted.tolist()} - {*one_found.tolist()}
        missed += len(gone)
        missed_again += len(gone - {*other_found.tolist()})
    return missed_again / max(1, missed)


def excess(vectors: Vectors, queries: Vectors, found: Numbers, far: NDArray[np.float64]) -> float:
    """Return by what share those found are farther on average than the true ones."""
    got = np.linalg.norm(vectors[np.maximum(found, 0)] - queries[:, None], axis=2)
    return float((got.mean(1) / far.mean(1)).mean() - 1)


def near_and_far(vectors: Vectors, queries: Vectors) -> list[float]:
    """Return how distances are spread: the share in each step of their mean."""
    far = np.sqrt(np.maximum(2 - 2 * queries[:64] @ vectors.T, 0))
    counts = np.histogram(far / far.mean(), bins=[0, *EDGES])[0]
    return [float(share) for share in counts / counts.sum()]


def run(seed: int) -> Measured:
    """Return what one seed measured."""
    rng = np.random.default_rng([seed, 1])
    everything = embedded(STORED + ASKED)
    mixed = np.concatenate([everything[rng.permutation(STORED)], everything[STORED:]])
    rows: dict[str, Tried] = {}
    result: dict[str, float | Sequence[float]] = {}
    for name in SETS:
        both = drawn(name, mixed, seed)
        stored, queries = both[:STORED], both[STORED:]
        two = name in ("definitions", "gaussian 384")
        tried = rows[name] = one(stored, queries, (*EF, *LONGER) if two else EF)
        if two or name == "gaussian 4":
            result[f"spread_{name.replace(' ', '_')}"] = near_and_far(stored, queries)
        if two:
            key = name.split()[0]
            few = one(stored[:SMALL], queries)
            cells = in_cells(stored, queries, seed)
            result |= {f"{key}_small_recall": few.recalls, f"{key}_small_cost": few.costs}
            result |= {f"{key}_cells_recall": cells[0], f"{key}_cells_cost": cells[1]}
            result |= {f"{key}_graph_recall": tried.recalls, f"{key}_graph_cost": tried.costs}
            result[f"{key}_graph_needs"] = [needed(tried[0], tried[1], t) for t in TARGETS]
            result[f"{key}_cells_needs"] = [needed(*cells, t) for t in TARGETS]
    for part in rows["definitions"].about:
        result[part] = [rows[name].about[part] for name in SETS]
    for at, wide in enumerate(EF):
        result[f"recall_{wide}"] = [rows[name].recalls[at] for name in SETS]
        result[f"cost_{wide}"] = [rows[name].costs[at] for name in SETS]
    return result | dict(tails(mixed[:STORED], mixed[STORED:], rng))


def check() -> Measured:
    """Return a part of it that needs no files: a small collection, few queries."""
    vectors = sample()[1]
    found = one(vectors[:1_024], vectors[SEARCHED : SEARCHED + 64])
    return {
        "recall": [round(value, 2) for value in found.recalls],
        "neighbours": round(found.about["neighbours"], 1),
    }


EXPERIMENT = Experiment(
    title="Recall of one graph on sets that vary in few or many directions",
    run=run,
    check=check,
    fixed={
        "set": SETS,
        "ef": EF,
        "list": (*EF, *LONGER),
        "probes": PROBES,
        "target": TARGETS,
        "edge": EDGES,
        "vectors": STORED,
        "small": SMALL,
        "asked": ASKED,
        "k": K,
        "links": LINKS,
        "breadth": BREADTH,
        "cells": CELLS,
    },
    seeds=range(5),
)
