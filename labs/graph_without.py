"""HNSW with a part taken out, to see what the part is good for."""

from __future__ import annotations

import numpy as np

from labs.nearest_indexes import Graph, Vectors


class Nearest(Graph):
    """Links with the nearest found, whatever their direction."""

    def _spread(self, near: list[tuple[float, int]], layer: int = 1) -> list[int]:
        """Return the nearest, as many as there may be links."""
        return [other for _, other in near[: 2 * self.links if layer == 0 else self.links]]


class OneLayer(Graph):
    """Without upper layers: every walk starts at the vector that came first."""

    def __init__(self, vectors: Vectors, links: int, breadth: int, seed: int) -> None:
        super().__init__(vectors, links, breadth, seed)
        self.heights = np.zeros(len(vectors), dtype=int)
