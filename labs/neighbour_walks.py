"""Walks over thousands of vectors, on links chosen in five ways; what counts is what they compute.

Links go both ways. Nearer means a smaller squared distance.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import Delaunay, cKDTree

Vectors = NDArray[np.float32]
Numbers = NDArray[np.int64]


class Net:
    """Links between numbered points: of each in turn, who is linked with it."""

    def __init__(self, size: int, one: Numbers, other: Numbers) -> None:
        ends = np.concatenate([one, other]), np.concatenate([other, one])
        codes = np.unique(ends[0] * size + ends[1])
        here, self.there = codes // size, codes % size
        self.size, self.start = size, np.searchsorted(here, np.arange(size + 1))

    def of(self, point: int) -> Numbers:
        """Return who is linked with a point."""
        return np.asarray(self.there[self.start[point] : self.start[point + 1]])

    def each(self) -> float:
        """Return the links of a point, on average."""
        return len(self.there) / self.size

    def largest(self) -> float:
        """Return the share of points in the largest part that hangs together."""
        here = np.repeat(np.arange(self.size), np.diff(self.start))
        shape = self.size, self.size
        table = coo_array((np.ones(len(here), np.int8), (here, self.there)), shape=shape)
        part = connected_components(table, directed=False)[1]
        return float(np.bincount(part).max() / self.size)


def neighbours(vectors: Vectors, k: int) -> Numbers:
    """Return the k nearest of each vector among the others, the nearest first."""
    if vectors.shape[1] <= 3:  # a tree is fast here
        found = cKDTree(vectors).query(vectors, k + 1)[1]
    else:
        import faiss

        faiss.omp_set_num_threads(1)
        found = faiss.knn(vectors, vectors, k + 1)[1]
    own = found == np.arange(len(vectors))[:, None]
    own[~own.any(1), -1] = True  # a copy of it came first
    return np.asarray(found[~own].reshape(len(vectors), k), dtype=np.int64)


def near(found: Numbers, k: int) -> Net:
    """Link each point with its k nearest."""
    own = np.repeat(np.arange(len(found)), k)
    return Net(len(found), own, found[:, :k].ravel())


def spread(vectors: Vectors, found: Numbers, k: int) -> Net:
    """Link each point with up to k, of which none is nearer to an earlier one than to the point."""
    kept = np.zeros(found.shape, bool)
    for start in range(0, len(found), 1024):
        rows = found[start : start + 1024]
        some = vectors[rows]  # (points, candidates, numbers)
        squares = (some**2).sum(2)
        between = squares[:, :, None] + squares[:, None] - 2 * some @ some.transpose(0, 2, 1)
        own = ((some - vectors[start : start + 1024, None]) ** 2).sum(2)
        keep = kept[start : start + 1024]
        for at in range(rows.shape[1]):
            rivals = (between[:, at, :at] < own[:, at, None]) & keep[:, :at]
            keep[:, at] = ~rivals.any(1) & (keep[:, :at].sum(1) < k)
    one, which = np.nonzero(kept)
    return Net(len(found), one, found[one, which])


def triangles(vectors: Vectors) -> Net:
    """Link the corners of all triangles whose circles are empty, for points of two numbers."""
    corners = Delaunay(vectors).simplices.astype(np.int64)
    one = corners.ravel()
    return Net(len(vectors), one, np.roll(corners, 1, axis=1).ravel())


def with_long(
    vectors: Vectors, found: Numbers, k: int, few: int, seed: int, *, graded: bool
) -> Net:
    """Link each point with its k nearest and a few far ones: anybody, or of all lengths alike.

    Of all lengths: draw a number r, as often from 10 to 100 as from 100 to 1,000; the nearest of
    n / r points drawn at random is about the r-th nearest of all.
    """
    rng, size = np.random.default_rng(seed), len(vectors)
    far = rng.integers(0, size - 1, size=(size, few))
    far += far >= np.arange(size)[:, None]  # anybody else
    if graded:
        share = rng.random((size, few))
        for point in range(size):
            for at in range(few):
                rank = k * (size / k) ** share[point, at]
                some = rng.integers(0, size - 1, size=max(1, round(size / rank)))
                some += some >= point
                gaps = ((vectors[some] - vectors[point]) ** 2).sum(1)
                far[point, at] = some[gaps.argmin()]
    own = np.arange(size)
    one = np.concatenate([np.repeat(own, k), np.repeat(own, few)])
    return Net(size, one, np.concatenate([found[:, :k].ravel(), far.ravel()]))


def walk(vectors: Vectors, net: Net, query: Vectors, start: int) -> tuple[int, int, int]:
    """Return where a walk ends that always steps to the nearest, its steps, and the distances."""
    here, steps, seen = start, 0, {start}
    far = float(((vectors[start] - query) ** 2).sum())
    while True:
        others = net.of(here)
        seen.update(others.tolist())
        if len(others) == 0:
            return here, steps, len(seen)
        gaps = ((vectors[others] - query) ** 2).sum(1)
        at = int(gaps.argmin())
        if gaps[at] >= far:
            return here, steps, len(seen)
        here, far, steps = int(others[at]), float(gaps[at]), steps + 1


def wide_walk(
    vectors: Vectors, net: Net, query: Vectors, start: int, wide: int
) -> tuple[int, int, int]:
    """Return the nearest that a walk with a list finds, the points visited, and the distances."""
    far = float(((vectors[start] - query) ** 2).sum())
    waiting, kept, seen, visited = [(far, start)], [(-far, start)], {start}, 0
    while waiting:
        far, here = heapq.heappop(waiting)
        if len(kept) == wide and far > -kept[0][0]:
            break
        visited += 1
        others = [other for other in net.of(here).tolist() if other not in seen]
        seen.update(others)
        gaps = ((vectors[others] - query) ** 2).sum(1).tolist()
        for gap, other in zip(gaps, others, strict=True):
            if len(kept) < wide or gap < -kept[0][0]:
                heapq.heappush(waiting, (gap, other))
                heapq.heappush(kept, (-gap, other))
                if len(kept) > wide:
                    heapq.heappop(kept)
    return max(kept)[1], visited, len(seen)


def layers(vectors: Vectors, k: int, thin: int) -> list[Net]:
    """Return links among all points, a share of them, a share of these, …; the coarsest first.

    The first points are a fair sample, as all stand in no order.
    """
    found: list[Net] = []
    size = len(vectors) // thin
    while size > 1:
        found.insert(0, near(neighbours(vectors[:size], min(k, size - 1)), min(k, size - 1)))
        size //= thin
    return found


def down(vectors: Vectors, nets: Sequence[Net], query: Vectors) -> tuple[int, int, int]:
    """Return where a walk through the layers ends, the steps, and the distances."""
    here, steps, cost = 0, 0, 0
    for net in nets:
        here, more, spent = walk(vectors, net, query, here)
        steps, cost = steps + more, cost + spent
    return here, steps, cost
