"""Vectors examined for a recall: HNSW, IVF and their codes.  For the article on vector indexing.

Definitions of WordNet's nouns, embedded by MiniLM, others of them as queries; indexes by Faiss.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from labs.collection import SEARCHED as KEPT
from labs.collection import embedded, sample
from labs.indexes_of_faiss import (
    again,
    cells,
    cells_of_codes,
    found_share,
    hits,
    hnsw,
    hnsw_of_codes,
    probed,
    size,
    truth,
    walked,
)
from labs.nearest_indexes import Vectors
from labs.run import Experiment

VECTORS, ASKED, K = 65_536, 512, 10
LINKS, BREADTH = 16, 100
WIDTH = 384
CELLS, PIECES = 1_024, 48
WIDE = (10, 14, 20, 28, 40, 80, 160)
PROBES = (1, 2, 4, 8, 16, 32, 64, 128)
#: Lists of the graph of codes; each is looked at again in full.
CODES_WIDE = (20, 28, 40, 56, 80, 160, 320)
#: How many of the best by their codes are looked at again in cells.
AGAIN = 100
TARGET = 0.9


def needed(recalls: list[float], examined: list[float], target: float = TARGET) -> float:
    """Return what is examined where a curve reaches the target, between two settings."""
    return float(np.exp(np.interp(target, recalls, np.log(examined))))


def graph(vectors: Vectors, queries: Vectors) -> dict[str, list[float]]:
    """Return recall, vectors examined, and the share of queries that found half or less."""
    true, index = truth(vectors, queries, K), hnsw(vectors, LINKS, BREADTH)
    found: dict[str, list[float]] = {"hnsw_recall": [], "hnsw_examined": [], "hnsw_half": []}
    for wide in WIDE:
        some, examined = walked(index, queries, K, wide)
        found["hnsw_recall"].append(found_share(some, true))
        found["hnsw_examined"].append(examined)
        found["hnsw_half"].append(float(np.mean(hits(some, true) <= 0.5)))
    found["hnsw_bytes"] = [size(index) / len(vectors)]
    return found


def graph_of_codes(vectors: Vectors, queries: Vectors, seed: int) -> dict[str, list[float]]:
    """Return recall before and after the list is looked at again, and codes examined."""
    true = truth(vectors, queries, K)
    index = hnsw_of_codes(vectors, LINKS, BREADTH, PIECES, seed)
    found: dict[str, list[float]] = {"hnswpq_raw": [], "hnswpq_recall": [], "hnswpq_examined": []}
    for wide in CODES_WIDE:
        some, examined = walked(index, queries, wide, wide)
        found["hnswpq_raw"].append(found_share(some, true))
        found["hnswpq_recall"].append(found_share(again(vectors, queries, some, K), true))
        found["hnswpq_examined"].append(examined)
    found["hnswpq_bytes"] = [size(index) / len(vectors)]
    return found


def lists(vectors: Vectors, queries: Vectors, count: int, seed: int) -> dict[str, list[float]]:
    """Return recall and vectors examined, with whole vectors in the cells and with codes."""
    true = truth(vectors, queries, K)
    whole = cells(vectors, count, seed)
    short = cells_of_codes(vectors, count, PIECES, seed)
    found: dict[str, list[float]] = {
        key: [] for key in ("ivf_recall", "ivf_first", "ivf_examined", "ivfpq_raw", "ivfpq_recall")
    }
    for probes in PROBES:
        some, examined = probed(whole, queries, K, probes)
        found["ivf_recall"].append(found_share(some, true))
        found["ivf_first"].append(found_share(some, true[:, :1]))
        found["ivf_examined"].append(examined)
        some, _ = probed(short, queries, AGAIN, probes)
        found["ivfpq_raw"].append(found_share(some, true))
        found["ivfpq_recall"].append(found_share(again(vectors, queries, some, K), true))
    members = [whole.invlists.list_size(which) for which in range(count)]
    found["largest_cell"] = [float(max(members))]
    found["smallest_cell"] = [float(min(members))]
    found["ivf_bytes"] = [size(whole) / len(vectors)]
    found["ivfpq_bytes"] = [size(short) / len(vectors)]
    return found


def kilobytes(told: Mapping[str, float | list[float]]) -> dict[str, float]:
    """Return what a query reads for the target: vectors or codes, middles, those looked at again.

    Links are left out.
    """
    need = {way: float(np.mean(told[f"{way}_needs"])) for way in ("hnsw", "ivf", "hnswpq", "ivfpq")}
    whole = 4 * WIDTH
    read = {
        "hnsw_read": need["hnsw"] * whole,
        "ivf_read": need["ivf"] * whole,
        "hnswpq_read": need["hnswpq"] * PIECES + float(np.mean(told["hnswpq_dial"])) * whole,
        "ivfpq_read": (CELLS + AGAIN) * whole + (need["ivfpq"] - CELLS) * PIECES,
    }
    return {key: read_bytes / 1_000 for key, read_bytes in read.items()}


def run(seed: int) -> dict[str, float | list[float]]:
    """Return what one seed measured."""
    everything = embedded(VECTORS + ASKED)
    queries = everything[VECTORS:]
    vectors = everything[np.random.default_rng([seed, 1]).permutation(VECTORS)]
    found = graph(vectors, queries) | graph_of_codes(vectors, queries, seed)
    found |= lists(vectors, queries, CELLS, seed)
    told: dict[str, float | list[float]] = {
        key: column[0] if len(column) == 1 else column for key, column in found.items()
    }
    for way in ("hnsw", "hnswpq"):
        told[f"{way}_needs"] = needed(found[f"{way}_recall"], found[f"{way}_examined"])
        dial = WIDE if way == "hnsw" else CODES_WIDE
        told[f"{way}_dial"] = needed(found[f"{way}_recall"], list(dial))
    for way in ("ivf", "ivfpq"):
        told[f"{way}_needs"] = needed(found[f"{way}_recall"], found["ivf_examined"])
        told[f"{way}_dial"] = needed(found[f"{way}_recall"], list(PROBES))
    return told | kilobytes(told)


def check() -> dict[str, list[float]]:
    """Return a part of it that needs no files: a small collection, few queries."""
    vectors = sample()[1]
    some, queries = vectors[:2_048], vectors[KEPT : KEPT + 32]
    found = graph(some, queries) | lists(some, queries, 32, 0)
    keys = ("hnsw_recall", "ivf_recall", "ivfpq_recall")
    return {key: np.round(found[key][:4], 1).tolist() for key in keys}


EXPERIMENT = Experiment(
    title="Recall against vectors examined: HNSW and IVF, with whole vectors and with codes",
    run=run,
    check=check,
    fixed={
        "vectors": VECTORS,
        "asked": ASKED,
        "k": K,
        "links": LINKS,
        "breadth": BREADTH,
        "cells": CELLS,
        "pieces": PIECES,
        "again": AGAIN,
        "wide": WIDE,
        "probes": PROBES,
        "codes_wide": CODES_WIDE,
        "target": TARGET,
    },
    units=dict.fromkeys(("hnsw_read", "ivf_read", "hnswpq_read", "ivfpq_read"), "KB"),
    seeds=range(5),
)
