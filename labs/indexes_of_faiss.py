"""Indexes of the library Faiss, each with the count of what a search examines.

They stand beside our own of ``nearest_indexes``: the same ways, built by others, and quick enough
for more vectors. Vectors have length one, so the squared distance sorts as the dot product does.
"""

from __future__ import annotations

from typing import Any

import faiss as typed
import numpy as np

from labs.nearest_indexes import Numbers, Vectors

#: The library, without its stubs, which leave out its counters.
faiss: Any = typed
Index = Any

#: What was found for each query, and how many vectors, or codes, a query examined on average.
Searched = tuple[Numbers, float]

#: Rounds of k-means, as in our own.
ROUNDS = 10

faiss.omp_set_num_threads(1)


def truth(vectors: Vectors, queries: Vectors, k: int) -> Numbers:
    """Return the numbers of the true neighbours of each query."""
    flat = faiss.IndexFlatL2(vectors.shape[1])
    flat.add(vectors)
    return np.asarray(flat.search(queries, k)[1])


def hnsw(vectors: Vectors, links: int, breadth: int) -> Index:
    """Return a graph; its heights are drawn alike each time, so chance is the vectors' order."""
    index = faiss.IndexHNSWFlat(vectors.shape[1], links)
    index.hnsw.efConstruction = breadth
    index.add(vectors)
    return index


def hnsw_of_codes(vectors: Vectors, links: int, breadth: int, pieces: int, seed: int) -> Index:
    """Return a graph that keeps codes in place of vectors, and is built by them."""
    index = faiss.IndexHNSWPQ(vectors.shape[1], pieces, links)
    index.hnsw.efConstruction = breadth
    quantiser = faiss.downcast_index(index.storage).pq
    quantiser.cp.seed, quantiser.cp.niter = seed, ROUNDS
    quantiser.cp.min_points_per_centroid = 1
    index.train(vectors)
    index.add(vectors)
    return index


def walked(index: Index, queries: Vectors, k: int, wide: int) -> Searched:
    """Return what a graph finds with a list so long."""
    counts = faiss.cvar.hnsw_stats
    counts.reset()
    index.hnsw.efSearch = wide
    found = index.search(queries, k)[1]
    return found, counts.ndis / len(queries)


def cells(vectors: Vectors, count: int, seed: int) -> Index:
    """Return lists of whole vectors, one for each cell."""
    numbers = vectors.shape[1]
    index = faiss.IndexIVFFlat(faiss.IndexFlatL2(numbers), numbers, count)
    return _filled(index, vectors, seed)


def cells_of_codes(
    vectors: Vectors, count: int, pieces: int, seed: int, residual: bool = True
) -> Index:
    """Return lists of codes, of the vectors themselves or of what the cell's middle leaves."""
    numbers = vectors.shape[1]
    index = faiss.IndexIVFPQ(faiss.IndexFlatL2(numbers), numbers, count, pieces, 8)
    index.by_residual = residual
    index.pq.cp.seed, index.pq.cp.niter = seed, ROUNDS
    index.pq.cp.min_points_per_centroid = 1
    return _filled(index, vectors, seed)


def _filled(index: Index, vectors: Vectors, seed: int) -> Index:
    """Return cells trained on all vectors, with all vectors in them."""
    index.cp.seed, index.cp.niter = seed, ROUNDS
    index.cp.min_points_per_centroid, index.cp.max_points_per_centroid = 1, len(vectors)
    index.train(vectors)
    index.add(vectors)
    return index


def probed(index: Index, queries: Vectors, k: int, probes: int) -> Searched:
    """Return what so many cells hold; the middles count as examined."""
    counts = faiss.cvar.indexIVF_stats
    counts.reset()
    index.nprobe = probes
    found = index.search(queries, k)[1]
    return found, index.nlist + counts.ndis / len(queries)


def codes(vectors: Vectors, pieces: int, bits: int, seed: int) -> Index:
    """Return codes of all vectors, in one list."""
    index = faiss.IndexPQ(vectors.shape[1], pieces, bits)
    index.pq.cp.seed, index.pq.cp.niter = seed, ROUNDS
    index.pq.cp.min_points_per_centroid = 1
    index.train(vectors)
    index.add(vectors)
    return index


def signs(vectors: Vectors, seed: int) -> Index:
    """Return RaBitQ's codes: after a random turn, one bit for each number."""
    numbers = vectors.shape[1]
    turn = faiss.RandomRotationMatrix(numbers, numbers)
    turn.init(seed)
    index = faiss.IndexPreTransform(turn, faiss.IndexRaBitQ(numbers))
    index.train(vectors)
    index.add(vectors)
    return index


def again(vectors: Vectors, queries: Vectors, found: Numbers, k: int) -> Numbers:
    """Return the k nearest of what was found, by whole vectors."""
    rows = []
    for query, among in zip(queries, found, strict=True):
        real = among[among >= 0]
        rows.append(real[np.argsort(-(vectors[real] @ query), kind="stable")[:k]])
    short = [np.pad(row, (0, k - len(row)), constant_values=-1) for row in rows]
    return np.array(short)


def found_share(found: Numbers, true: Numbers) -> float:
    """Return recall: the share of the true neighbours that were found, over all queries."""
    return float(np.mean(hits(found, true)))


def hits(found: Numbers, true: Numbers) -> Vectors:
    """Return the recall of each query."""
    pairs = zip(found[:, : true.shape[1]].tolist(), true.tolist(), strict=True)
    return np.array([len(set(one) & set(wanted)) / len(wanted) for one, wanted in pairs])


def size(index: Index) -> int:
    """Return how many bytes an index takes, written out."""
    return int(faiss.serialize_index(index).nbytes)
