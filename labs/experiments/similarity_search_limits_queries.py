"""Filters, queries of another kind, and answers lost.  For the article on search's limits.

The stored vectors are definitions of WordNet's nouns; each noun's category (animal, food, person)
is a filter. Queries are other definitions, single words, verses of the Bible, and chance vectors.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from labs.collection import SEARCHED, definition, embedded, sample, texts
from labs.experiments.similarity_search_limits import (
    ASKED,
    COUNTS,
    NEIGHBOURS,
    STORED,
    K,
    Numbers,
    Vectors,
    graph,
    hits,
    truth,
    walked,
)
from labs.intrinsic import gaussian, typical
from labs.minilm import embed, encode, load, padded
from labs.pinned import pinned
from labs.run import Experiment, Measured
from labs.texts import king_james
from labs.wordnet import NOUNS, NOUNS_SHA256

EF = (16, 32, 64, 128, 256)
KINDS = ("definitions", "words", "verses", "chance")
FILTERS = ("own", "other", "own by lot", "other by lot")
#: A category counts if it holds at least this share of the stored texts.
LEAST = 0.015
LISTS = (10, 100, 200, 1_000)

faiss.omp_set_num_threads(1)
#: Faiss, with what its annotations leave out.
LIBRARY: Any = faiss


@lru_cache(maxsize=1)
def nouns() -> tuple[NDArray[np.int64], list[str]]:
    """Return the category's number and the first word of each text of the collection."""
    found: dict[str, tuple[int, str]] = {}
    for line in pinned(NOUNS, NOUNS_SHA256).decode("utf-8").splitlines():
        if text := definition(line):
            fields = line.split()
            found.setdefault(text, (int(fields[1]), fields[4].replace("_", " ")))
    pairs = [found[text] for text in texts()[: STORED + ASKED]]
    return np.array([category for category, _ in pairs]), [word for _, word in pairs]


def made(some: list[str]) -> Vectors:
    """Return MiniLM's vectors of short texts."""
    params, vocabulary = load()
    rows = [encode(text, vocabulary)[:48] for text in some]
    order = np.argsort([len(row) for row in rows], kind="stable")
    found = np.empty((len(rows), 384), np.float32)
    for batch in np.array_split(order, max(1, len(order) // 64)):
        longest = max(len(rows[number]) for number in batch)
        ids, real = padded([rows[number] for number in batch], -(-longest // 8) * 8)
        found[batch] = embed(params, ids, real)
    return found


@lru_cache(maxsize=1)
def asked() -> dict[str, Vectors]:
    """Return queries of each kind; *answered* are words whose definition is stored."""
    rng = np.random.default_rng(3)
    words = nouns()[1]
    lines = [line.strip() for line in king_james().replace("\n", " ").split(".")]
    lines = [line for line in lines if 40 < len(line) < 160]
    verses = [lines[number] for number in rng.choice(len(lines), ASKED, replace=False)]
    return {
        "definitions": embedded(STORED + ASKED)[STORED:],
        "words": made(words[STORED:]),
        "verses": made(verses),
        "chance": gaussian(ASKED, 384, 384, rng),
        "answered": made(words[:ASKED]),
    }


def filtered(
    vectors: Vectors, queries: Vectors, labels: Numbers, rng: np.random.Generator
) -> dict[str, list[float]]:
    """Return how long a list must be for ten permitted ones, and how a filtered walk does.

    Filters: the query's own category, another one, and as many vectors by lot.
    """
    stored, own = labels[: len(vectors)], labels[len(vectors) :]
    counts = np.bincount(stored, minlength=labels.max() + 1)
    large = np.flatnonzero(counts >= LEAST * len(vectors))
    asking = np.flatnonzero(np.isin(own, large))
    other = np.array([rng.choice(large[large != own[query]]) for query in asking])
    index = graph(vectors)
    order = np.argsort(-(queries[asking] @ vectors.T), axis=1)
    found: dict[str, list[float]] = {}
    for name in FILTERS:
        wanted = own[asking] if name.startswith("own") else other
        dealt = rng.permutation(stored) if name.endswith("lot") else stored
        permitted = dealt[order] == wanted[:, None]
        ranks = np.argsort(~permitted, axis=1, kind="stable")[:, :K]
        tenth = ranks[:, -1] + 1
        true = np.take_along_axis(order, ranks, axis=1)
        row = {
            "filter_share": (counts[wanted] / len(vectors)).mean(),
            "filter_tenth": np.median(tenth),
            "filter_late": np.quantile(tenth, 0.95),
        }
        for long in LISTS:
            row[f"filter_kept_{long}"] = (ranks < long).sum(1).mean() / K
        for wide in (64, 256):
            got, cost = through(index, queries[asking], dealt, wanted, wide)
            row[f"filter_recall_{wide}"] = hits(got, true).mean() / K
            row[f"filter_cost_{wide}"] = cost
        for key, value in row.items():
            found.setdefault(key, []).append(float(value))
    return found


def through(
    index: faiss.IndexHNSWFlat, queries: Vectors, labels: Numbers, wanted: Numbers, wide: int
) -> tuple[Numbers, float]:
    """Return what a walk through all vectors finds that keeps permitted ones only, and its cost."""
    COUNTS.hnsw_stats.reset()
    found = np.empty((len(queries), K), np.int64)
    for category in np.unique(wanted):
        bits = np.packbits(labels == category, bitorder="little")
        picked = LIBRARY.IDSelectorBitmap(bits)
        set_up = LIBRARY.SearchParametersHNSW(sel=picked, efSearch=wide)
        some = wanted == category
        found[some] = index.search(queries[some], K, params=set_up)[1]
    return found, COUNTS.hnsw_stats.ndis / len(queries)


def foreign(vectors: Vectors, kinds: dict[str, Vectors]) -> dict[str, list[float]]:
    """Return how far each kind of query is from the stored vectors, and how the graph does."""
    index = graph(vectors)
    found: dict[str, list[float]] = {}
    for name in KINDS:
        queries = kinds[name]
        far, true = truth(vectors, queries, 41)
        middle = np.sqrt(np.maximum(2 - 2 * queries @ vectors.mean(0), 0))
        row = {
            "kind_tenth": (1 - far[:, K - 1] ** 2 / 2).mean(),
            "kind_any": (1 - middle**2 / 2).mean(),
            "kind_contrast": (far[:, K - 1] / middle).mean(),
            "kind_directions": typical(far[far[:, 0] > 1e-3][:, :NEIGHBOURS]),
        }
        for wide in EF:
            got, cost = walked(index, queries, wide)
            counts = hits(got, true[:, :K])
            row[f"kind_recall_{wide}"] = counts.mean() / K
            row[f"kind_half_{wide}"] = (counts <= K // 2).mean()
            row[f"kind_cost_{wide}"] = cost
        for key, value in row.items():
            found.setdefault(key, []).append(float(value))
    return found


def answers(vectors: Vectors, queries: Vectors, own: Numbers) -> dict[str, float | list[float]]:
    """Return how often a word finds its definition among ten: exactly, and by a graph."""
    true = truth(vectors, queries, K)[1]
    index = graph(vectors)
    rows: list[tuple[float, float]] = []
    for wide in EF:
        got = walked(index, queries, wide)[0]
        rows.append((float(hits(got, true).mean() / K), float((got == own[:, None]).any(1).mean())))
    return {
        "answer_exact": float((true == own[:, None]).any(1).mean()),
        "answer_recall": [recall for recall, _ in rows],
        "answer_found": [answer for _, answer in rows],
    }


def run(seed: int) -> Measured:
    """Return what one seed measured."""
    rng = np.random.default_rng([seed, 2])
    order = rng.permutation(STORED)
    vectors = embedded(STORED)[order]
    labels = nouns()[0]
    labels = np.concatenate([labels[:STORED][order], labels[STORED:]])
    kinds = asked()
    place = np.argsort(order)[:ASKED]
    return (
        filtered(vectors, kinds["definitions"], labels, rng)
        | foreign(vectors, kinds)
        | answers(vectors, kinds["answered"], place)
    )


def check() -> Measured:
    """Return a part of it that needs no files: filters that are the sign of one number."""
    vectors = sample()[1]
    stored, queries = vectors[:1_024], vectors[SEARCHED : SEARCHED + 64]
    labels = (np.concatenate([stored, queries])[:, 0] > 0).astype(np.int64)
    found = filtered(stored, queries, labels, np.random.default_rng(0))
    return {"tenth": [round(value) for value in found["filter_tenth"]]}


EXPERIMENT = Experiment(
    title="Filters, foreign queries and lost answers in one collection",
    run=run,
    check=check,
    fixed={
        "kind": KINDS,
        "filter": FILTERS,
        "ef": EF,
        "vectors": STORED,
        "asked": ASKED,
        "k": K,
        "least": LEAST,
    },
    seeds=range(5),
)
