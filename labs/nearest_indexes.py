"""Five ways to search vectors of length one, short and slow; what counts is what they compute.

Nearer means a larger dot product. Each search returns the numbers of the vectors found and its
cost: how many products of two whole vectors it computed.
"""

from __future__ import annotations

import heapq
import math

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Numbers = NDArray[np.int64]
Found = tuple[Numbers, float]


def best(vectors: Vectors, query: Vectors, among: Numbers, k: int) -> Numbers:
    """Return the k nearest among some vectors."""
    order = np.argsort(-(vectors[among] @ query), kind="stable")[:k]
    return among[order]


class Flat:
    """Compare with everything."""

    def __init__(self, vectors: Vectors) -> None:
        self.vectors = vectors

    def search(self, query: Vectors, k: int) -> Found:
        """Return the true neighbours."""
        everything = np.arange(len(self.vectors))
        return best(self.vectors, query, everything, k), float(len(everything))


class Hashes:
    """Random planes: a vector's bucket says on which side of each it lies; several tables."""

    def __init__(self, vectors: Vectors, planes: int, tables: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.vectors, self.count = vectors, planes
        self.planes = rng.normal(size=(tables, planes, vectors.shape[1])).astype(np.float32)
        self.tables: list[dict[bytes, list[int]]] = []
        for some in self.planes:
            table: dict[bytes, list[int]] = {}
            for number, side in enumerate(vectors @ some.T > 0):
                table.setdefault(side.tobytes(), []).append(number)
            self.tables.append(table)

    def search(self, query: Vectors, k: int, tables: int) -> Found:
        """Return the best of those who share a bucket in one of the first tables."""
        sides = self.planes[:tables] @ query > 0
        pairs = zip(self.tables, sides, strict=False)
        some = {number for table, side in pairs for number in table.get(side.tobytes(), [])}
        among = np.array(sorted(some), dtype=np.int64)
        return best(self.vectors, query, among, k), tables * self.count + float(len(among))


def centres(vectors: Vectors, count: int, rounds: int, seed: int) -> Vectors:
    """Return middles by k-means: assign each vector to the nearest, move to the mean, repeat."""
    rng = np.random.default_rng(seed)
    middles = vectors[rng.choice(len(vectors), count, replace=False)]
    for _ in range(rounds):
        own = assigned(vectors, middles)
        for which in range(count):
            members = vectors[own == which]
            if len(members):
                middles[which] = members.mean(0)
    return middles


def assigned(vectors: Vectors, middles: Vectors) -> Numbers:
    """Return the nearest middle of each vector."""
    return np.asarray(np.argmax(vectors @ middles.T - (middles**2).sum(1) / 2, axis=1))


class Cells:
    """Groups around middles: look into the groups whose middles are nearest."""

    def __init__(self, vectors: Vectors, cells: int, seed: int) -> None:
        self.vectors, self.middles = vectors, centres(vectors, cells, 10, seed)
        own = assigned(vectors, self.middles)
        self.members = [np.flatnonzero(own == which) for which in range(cells)]

    def search(self, query: Vectors, k: int, probes: int) -> Found:
        """Return the best in the nearest cells."""
        far = (self.middles**2).sum(1) / 2 - self.middles @ query
        order = np.argsort(far, kind="stable")[:probes]
        among = np.concatenate([self.members[which] for which in order])
        return best(self.vectors, query, among, k), float(len(self.middles) + len(among))


class Codes:
    """Product quantisation: each piece of a vector is replaced by the number of a middle."""

    def __init__(self, vectors: Vectors, pieces: int, middles: int, seed: int) -> None:
        self.vectors = vectors
        parts = np.split(vectors, pieces, axis=1)
        self.books = [centres(part.copy(), middles, 10, seed + at) for at, part in enumerate(parts)]
        pairs = zip(parts, self.books, strict=True)
        self.codes = np.stack([assigned(part, book) for part, book in pairs], axis=1)

    def search(self, query: Vectors, k: int, again: int) -> Found:
        """Return the best of those who look best by their codes.

        An entry of a table costs a piece of a product, a look into it one number of a product.
        """
        parts = np.split(query, len(self.books))
        tables = np.array([book @ part for book, part in zip(self.books, parts, strict=True)])
        looks = tables[np.arange(len(self.books)), self.codes].sum(1)
        among = np.argsort(-looks, kind="stable")[:again]
        cost = tables.shape[1] + self.codes.size / len(query) + again
        return best(self.vectors, query, among, k), float(cost)


class Graph:
    """HNSW: links between near vectors in layers; walk to the query, from coarse to fine."""

    def __init__(self, vectors: Vectors, links: int, breadth: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.vectors, self.links, self.breadth = vectors, links, breadth
        self.heights = (-np.log(1 - rng.random(len(vectors))) / math.log(links)).astype(int)
        self.layers: list[dict[int, list[int]]] = []
        self.entry, self.size, self.cost = 0, 0, 0
        self.choosing = 0  # products computed to choose links, apart from those of the walks

    def grow(self, size: int) -> None:
        """Put in vectors until there are so many."""
        for number in range(self.size, size):
            self._add(number)
        self.size = size

    def _add(self, number: int) -> None:
        """Find a vector's neighbours by searching for it, and link it with them."""
        query, start = self.vectors[number], [self.entry]
        top, height = len(self.layers) - 1, int(self.heights[number])
        for layer in range(top, -1, -1):
            wide = self.breadth if layer <= height else 1
            near = self._walk(query, start, layer, wide)
            start = [other for _, other in near]
            if layer <= height:
                chosen = self._spread([(far, other) for far, other in near if other != number])
                self.layers[layer][number] = chosen
                for other in chosen:
                    self._link(layer, other, number)
        for _ in range(top + 1, height + 1):
            self.layers.append({number: []})
            self.entry = number

    def _link(self, layer: int, one: int, new: int) -> None:
        """Add a link, and drop some if there are too many."""
        have = self.layers[layer][one]
        have.append(new)
        if len(have) > (2 * self.links if layer == 0 else self.links):
            self.choosing += len(have)
            far = -(self.vectors[have] @ self.vectors[one])
            kept = self._spread(sorted(zip(far.tolist(), have, strict=True)), layer)
            self.layers[layer][one] = kept

    def _spread(self, near: list[tuple[float, int]], layer: int = 1) -> list[int]:
        """Return links into several directions: nobody who is nearer to one already chosen."""
        chosen: list[int] = []
        for far, other in near:
            self.choosing += len(chosen)
            rivals = self.vectors[chosen] @ self.vectors[other] if chosen else np.zeros(0)
            if not (rivals > -far).any():
                chosen.append(other)
            if len(chosen) == (2 * self.links if layer == 0 else self.links):
                break
        return chosen

    def _walk(
        self, query: Vectors, start: list[int], layer: int, wide: int
    ) -> list[tuple[float, int]]:
        """Return the nearest found in a layer, with a list of the ``wide`` best so far."""
        seen = set(start)
        open_ = [(float(-(self.vectors[one] @ query)), one) for one in start]
        self.cost += len(start)
        heapq.heapify(open_)
        kept = [(-far, one) for far, one in open_]
        heapq.heapify(kept)
        while open_:
            far, one = heapq.heappop(open_)
            if len(kept) >= wide and far > -kept[0][0]:
                break
            fresh = [other for other in self.layers[layer][one] if other not in seen]
            seen.update(fresh)
            self.cost += len(fresh)
            for product, other in zip((self.vectors[fresh] @ query).tolist(), fresh, strict=True):
                if len(kept) < wide or product > kept[0][0]:
                    heapq.heappush(open_, (-product, other))
                    heapq.heappush(kept, (product, other))
                    if len(kept) > wide:
                        heapq.heappop(kept)
        return sorted((-product, one) for product, one in kept)

    def search(self, query: Vectors, k: int, wide: int) -> Found:
        """Return the nearest that a walk down the layers finds."""
        self.cost, start = 0, [self.entry]
        for layer in range(len(self.layers) - 1, 0, -1):
            start = [other for _, other in self._walk(query, start, layer, 1)]
        near = self._walk(query, start, 0, max(wide, k))
        return np.array([one for _, one in near[:k]]), float(self.cost)
