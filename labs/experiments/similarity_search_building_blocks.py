"""Parts of an index, put together: bytes of a code, ways to skip, looks again, distances, hashes.

Each seed draws other definitions to search and to search with, and trains anew. Faiss does most.
"""

from __future__ import annotations

from collections import defaultdict

import faiss
import numpy as np

from labs.collection import SEARCHED, embedded, sample
from labs.nearest import caught
from labs.nearest_indexes import Hashes, Numbers, Vectors
from labs.run import Experiment, Measured
from labs.search_forest import Node, fallen, tree

EVERYTHING, VECTORS, ASKED, K, WIDTH = 81_208, 32_768, 512, 10, 384
#: How many of the best by their codes are compared again.
AGAIN = (10, 20, 50, 100)
#: Codes by how they are made, as Faiss writes them.
SHORT = ("SQ4", "SQ6", "SQ8", "SQfp16", "Flat")
FEWER = ("PCA24,SQ8", "PCA48,SQ8", "PCA96,SQ8", "PCA192,SQ8")
RABIT = ("RR384,RaBitQ", "RR384,RaBitQ2", "RR384,RaBitQ4")
PIECES = (6, 12, 24, 48, 96)
TURNED = (12, 24, 48)
LINES = (48, 96, 192, 384, 768)
CELLS, PROBES = 256, (1, 2, 4, 8, 16, 32)
LINKS, BREADTH, WIDE = 16, 100, (10, 20, 40, 100)
LEAF, TREES = 100, (1, 4, 16, 64)
PLANES, TABLES, MANY_TABLES = 8, 16, (16, 64, 128)
COSINES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)

#: Lists, by name, of a number for each setting.
Series = defaultdict[str, list[float]]


def share(found: Numbers, true: Numbers, again: int = K) -> float:
    """Return how many of the true neighbours are among the first ``again`` found."""
    pairs = zip(found[:, :again].tolist(), true.tolist(), strict=True)
    return float(np.mean([len(set(row) & set(wanted)) / len(wanted) for row, wanted in pairs]))


def looked_again(found: Numbers, true: Numbers) -> list[float]:
    """Return recall after the exact vectors of the first 10, 20, … were compared."""
    return [share(found, true, again) for again in AGAIN]


def quick(pq: faiss.ProductQuantizer) -> None:
    """Make k-means use ten rounds, and some 12,000 vectors."""
    pq.cp.niter, pq.cp.max_points_per_centroid = 10, 48


def coded(index: faiss.Index, vectors: Vectors, queries: Vectors) -> Numbers:
    """Return what an index finds, after it was trained and filled."""
    if not index.is_trained:
        index.train(vectors)
    index.add(vectors)
    return np.asarray(index.search(queries, max(AGAIN))[1])


def product_index(pieces: int) -> faiss.IndexPQ:
    """Return an empty index of codes of so many bytes."""
    index = faiss.IndexPQ(WIDTH, pieces, 8)
    quick(index.pq)
    return index


def turned_index(pieces: int) -> faiss.IndexPreTransform:
    """Return the same behind a rotation that is learned with it."""
    turn = faiss.OPQMatrix(WIDTH, pieces)
    turn.niter, turn.niter_pq_0, turn.max_train_points = 8, 10, 12_288
    return faiss.IndexPreTransform(turn, product_index(pieces))


def by_signs(
    vectors: Vectors, queries: Vectors, lines: int, rng: np.random.Generator
) -> tuple[Numbers, Numbers]:
    """Return the nearest by the signs of random sums: both sides signs, then the query exact."""
    planes = rng.normal(size=(WIDTH, lines)).astype(np.float32)
    if lines <= WIDTH:
        planes = np.linalg.qr(planes)[0]
    asked, most = queries @ planes, max(AGAIN)
    index = faiss.IndexFlatIP(lines)
    index.add(np.sign(vectors @ planes))
    return np.asarray(index.search(np.sign(asked), most)[1]), np.asarray(
        index.search(asked, most)[1]
    )


def codes(
    vectors: Vectors, queries: Vectors, true: Numbers, seed: int
) -> tuple[Series, faiss.IndexPQ]:
    """Return recall by kind of code, bytes and looks again, and the codes of 48 bytes."""
    found: Series = defaultdict(list)

    def put(family: str, rows: Numbers) -> None:
        for again, recall in zip(AGAIN, looked_again(rows, true), strict=True):
            found[f"{family}_{again}"].append(recall)

    for family, names in (("short", SHORT), ("fewer", FEWER), ("rabit", RABIT)):
        for name in names:
            put(family, coded(faiss.index_factory(WIDTH, name), vectors, queries))
    by_pieces = {pieces: product_index(pieces) for pieces in PIECES}
    for index in by_pieces.values():
        put("pq", coded(index, vectors, queries))
    for pieces in TURNED:
        put("opq", coded(turned_index(pieces), vectors, queries))
    put("pq4", coded(faiss.IndexPQ(WIDTH, 96, 4), vectors, queries))
    rng = np.random.default_rng([seed, 2])
    for lines in LINES:
        signs, one_sided = by_signs(vectors, queries, lines, rng)
        put("signs", signs)
        put("onesided", one_sided)
    return found, by_pieces[48]


def missed(index: faiss.Index, vectors: Vectors) -> float:
    """Return the mean squared distance of some vectors from what their codes stand for."""
    index.make_direct_map()  # type: ignore[attr-defined]
    some = np.stack([index.reconstruct(number) for number in range(2_000)])
    return float(np.square(vectors[:2_000] - some).sum(1).mean())


def cells(vectors: Vectors, queries: Vectors, true: Numbers) -> tuple[Series, dict[str, float]]:
    """Return recall in cells: exact vectors, codes, codes of what is left after the middle."""
    found: Series = defaultdict(list)
    single: dict[str, float] = {}
    coarse = faiss.IndexFlatL2(WIDTH)
    eight = faiss.ScalarQuantizer.QT_8bit
    indexes = {
        "exact": faiss.IndexIVFFlat(coarse, WIDTH, CELLS),
        "whole": faiss.IndexIVFPQ(coarse, WIDTH, CELLS, 48, 8),
        "rest": faiss.IndexIVFPQ(coarse, WIDTH, CELLS, 48, 8),
        "eight": faiss.IndexIVFScalarQuantizer(coarse, WIDTH, CELLS, eight),
        "bit": faiss.IndexIVFRaBitQ(coarse, WIDTH, CELLS),
    }
    indexes["whole"].by_residual, indexes["rest"].by_residual = False, True
    for name, index in indexes.items():
        if isinstance(index, faiss.IndexIVFPQ):
            quick(index.pq)
        index.train(vectors)
        index.add(vectors)
        for probes in PROBES:
            index.nprobe = probes
            rows = index.search(queries, max(AGAIN))[1]
            for again in (K, 100):
                found[f"cells_{name}_{again}"].append(share(rows, true, again))
            if name == "exact":
                faiss.cvar.indexIVF_stats.reset()  # type: ignore[attr-defined]
                index.search(queries, K)
                looked = faiss.cvar.indexIVF_stats.ndis / len(queries) + CELLS  # type: ignore[attr-defined]
                found["cells_cost"].append(looked)
        if isinstance(index, faiss.IndexIVFPQ):
            single[f"{name}_missed"] = missed(index, vectors)
    middles = coarse.reconstruct_n(0, CELLS)
    own = coarse.search(vectors, 1)[1][:, 0]
    single["proved"] = proved(vectors, queries[:128], middles)
    single["rest_size"] = float(np.square(vectors - middles[own]).sum(1).mean())
    single["whole_size"] = float(np.square(vectors - vectors.mean(0)).sum(1).mean())
    return found, single


def proved(vectors: Vectors, queries: Vectors, middles: Vectors) -> float:
    """Return the share of vectors that the triangle inequality proves too far to be among ten."""
    far, own = faiss.knn(vectors, middles, 1)
    inside = np.sqrt(np.maximum(far[:, 0], 0))
    tenth = np.sqrt(np.maximum(faiss.knn(queries, vectors, K)[0][:, -1], 0))
    to_middles = np.sqrt(np.maximum(faiss.pairwise_distances(queries, middles), 0))
    least = np.abs(to_middles[:, own[:, 0]] - inside)
    return float(np.mean(least > tenth[:, None]))


def graphs(vectors: Vectors, queries: Vectors, true: Numbers, pq: faiss.IndexPQ) -> Series:
    """Return recall of walks on one graph, over exact vectors and over codes; on a coded one."""
    found: Series = defaultdict(list)
    graph = faiss.IndexHNSWFlat(WIDTH, LINKS)
    graph.hnsw.efConstruction = BREADTH
    graph.add(vectors)
    exact = graph.storage
    eight = faiss.IndexScalarQuantizer(WIDTH, faiss.ScalarQuantizer.QT_8bit)
    eight.train(vectors)
    eight.add(vectors)
    over_codes = faiss.IndexHNSWPQ(WIDTH, 48, LINKS, 8)  # type: ignore[arg-type]
    quick(faiss.downcast_index(over_codes.storage).pq)  # type: ignore[attr-defined]
    over_codes.hnsw.efConstruction = BREADTH
    over_codes.train(vectors)
    over_codes.add(vectors)
    for name, storage in (("exact", exact), ("whole", pq), ("eight", eight), ("built", None)):
        index = over_codes if storage is None else graph
        if storage is not None:
            graph.storage = storage
        for wide in WIDE:
            index.hnsw.efSearch = wide
            faiss.cvar.hnsw_stats.reset()  # type: ignore[attr-defined]
            rows = index.search(queries, wide)[1]
            found[f"graph_{name}_10"].append(share(rows, true))
            found[f"graph_{name}_all"].append(share(rows, true, wide))
            if name == "exact":
                found["graph_cost"].append(faiss.cvar.hnsw_stats.ndis / len(queries))  # type: ignore[attr-defined]
    graph.storage = exact
    return found


def forest(vectors: Vectors, queries: Vectors, true: Numbers, seed: int) -> Series:
    """Return recall and work of leaves of several trees, put together."""
    rng = np.random.default_rng([seed, 3])
    everyone = np.arange(len(vectors))
    grown: list[Node | Numbers] = [tree(vectors, everyone, LEAF, rng) for _ in range(max(TREES))]
    found: Series = defaultdict(list)
    for trees in TREES:
        shares, looks = [], []
        for query, wanted in zip(queries, true, strict=True):
            leaves = [fallen(one, query) for one in grown[:trees]]
            among = np.unique(np.concatenate([leaf for leaf, _ in leaves]))
            shares.append(len(set(among.tolist()) & set(wanted.tolist())) / K)
            looks.append(len(among) + sum(asked for _, asked in leaves))
        found["forest_recall"].append(float(np.mean(shares)))
        found["forest_cost"].append(float(np.mean(looks)))
    return found


def hashing(vectors: Vectors, queries: Vectors, true: Numbers, seed: int) -> Series:
    """Return recall and work of hash tables."""
    found: Series = defaultdict(list)
    index = Hashes(vectors, PLANES, max(MANY_TABLES), seed)
    for tables in MANY_TABLES:
        pairs = [index.search(query, K, tables) for query in queries]
        rows = np.stack([row for row, _ in pairs])
        found["hash_recall"].append(share(rows, true))
        found["hash_cost"].append(float(np.mean([cost for _, cost in pairs])))
    return found


def collisions(vectors: Vectors, queries: Vectors, seed: int) -> Series:
    """Return by cosine how often pairs share a bucket, as the rule says and as counted."""
    rng = np.random.default_rng([seed, 4])
    planes = rng.normal(size=(WIDTH, TABLES * PLANES)).astype(np.float32)
    sides, asked = vectors @ planes > 0, queries @ planes > 0
    cosines = np.clip(queries @ vectors.T, -1, 1)
    found: Series = defaultdict(list)
    for low in COSINES:
        at, who = np.nonzero((cosines >= low) & (cosines < low + 0.1))
        some = rng.permutation(len(at))[:4_000]
        at, who = at[some], who[some]
        same = (asked[at] == sides[who]).reshape(-1, TABLES, PLANES)
        alike = 1 - np.arccos(cosines[at, who]) / np.pi
        found["lines_agree"].append(float(same.mean()))
        found["hash_counted"].append(float(same.all(2).any(1).mean()))
        chances = [caught(float(chance), PLANES, TABLES) for chance in alike]
        found["hash_said"].append(float(np.mean(chances)))
    return found


def metrics(vectors: Vectors, queries: Vectors, true: Numbers, seed: int) -> dict[str, float]:
    """Return the share of the ten nearest that other measures name, too."""
    rng = np.random.default_rng([seed, 5])
    found: dict[str, float] = {}
    for name, metric in (("manhattan", faiss.METRIC_L1), ("largest", faiss.METRIC_Linf)):
        found[f"metric_{name}"] = share(faiss.knn(queries, vectors, K, metric=metric)[1], true)
    middle, product = vectors.mean(0), faiss.METRIC_INNER_PRODUCT
    rows = faiss.knn(queries - middle, vectors - middle, K, metric=product)[1]
    found["metric_centred"] = share(rows, true)
    # Give the stored vectors lengths, as from models that do not divide by them.
    lengths = rng.lognormal(0, 0.3, size=(len(vectors), 1)).astype(np.float32)
    long = vectors * lengths
    best = faiss.knn(queries, long, K, metric=product)[1]
    found["dot_by_cosine"] = share(true, best)
    found["dot_by_euclid"] = share(faiss.knn(queries, long, K)[1], best)
    added = np.sqrt(np.maximum(lengths.max() ** 2 - lengths**2, 0))
    longer = np.hstack([long, added]).astype(np.float32)
    asked = np.hstack([queries, np.zeros((len(queries), 1), np.float32)])
    found["dot_by_added"] = share(faiss.knn(asked, longer, K)[1], best)
    return found


def drawn(seed: int) -> tuple[Vectors, Vectors]:
    """Return vectors to search and to search with."""
    everything = embedded(EVERYTHING)
    order = np.random.default_rng([seed, 1]).permutation(EVERYTHING)
    return everything[order[ASKED : ASKED + VECTORS]], everything[order[:ASKED]]


def run(seed: int) -> Measured:
    """Return what one seed measured."""
    faiss.omp_set_num_threads(1)
    vectors, queries = drawn(seed)
    true = np.asarray(faiss.knn(queries, vectors, K)[1])
    found, pq = codes(vectors, queries, true, seed)
    by_cells, single = cells(vectors, queries, true)
    measured: dict[str, float | list[float]] = {**found, **by_cells, **single}
    measured |= graphs(vectors, queries, true, pq)
    measured |= forest(vectors, queries, true, seed)
    measured |= hashing(vectors, queries[:128], true[:128], seed)
    measured |= collisions(vectors, queries, seed)
    measured |= metrics(vectors, queries[:128], true[:128], seed)
    return measured


def check() -> dict[str, float | list[float]]:
    """Return a part of it that needs no files: a small collection, few queries."""
    faiss.omp_set_num_threads(1)
    vectors, queries = sample()[1][:SEARCHED], sample()[1][SEARCHED : SEARCHED + 64]
    true = np.asarray(faiss.knn(queries, vectors, K)[1])
    signs = by_signs(vectors, queries, 384, np.random.default_rng(0))[0]
    found: dict[str, float | list[float]] = {
        "signs": np.round(looked_again(signs, true), 2).tolist()
    }
    found |= {key: round(one, 2) for key, one in metrics(vectors, queries, true, 0).items()}
    return found


EXPERIMENT = Experiment(
    title="Parts of an index, put together: codes, ways to skip, looks again",
    run=run,
    check=check,
    fixed={
        "vectors": VECTORS,
        "asked": ASKED,
        "again": AGAIN,
        "short_bytes": (192, 288, 384, 768, 1_536),
        "fewer_bytes": (24, 48, 96, 192),
        "rabit_bytes": (56, 116, 212),
        "pq4_bytes": (48,),
        "pq_bytes": PIECES,
        "opq_bytes": TURNED,
        "signs_bytes": [lines // 8 for lines in LINES],
        "cells": CELLS,
        "probes": PROBES,
        "wide": WIDE,
        "trees": TREES,
        "leaf": LEAF,
        "planes": PLANES,
        "tables": TABLES,
        "many_tables": MANY_TABLES,
        "cosine": COSINES,
    },
    seeds=range(5),
)
