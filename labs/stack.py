"""A decoder of random weights in NumPy that counts what it multiplies, with and without a cache."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float32]

BLOCK = 256


@dataclass
class Stack:
    """Layers of causal attention and a feed-forward part four times as wide as the model.

    ``multiplied`` counts the multiplications of all matrix products so far.
    """

    layers: int
    width: int
    heads: int
    seed: int = 0
    multiplied: int = 0
    weights: list[dict[str, Rows]] = field(init=False)

    def __post_init__(self) -> None:
        """Draw the weights."""
        rng = np.random.default_rng(self.seed)
        d = self.width
        sizes = {"q": (d, d), "k": (d, d), "v": (d, d), "o": (d, d), "up": (d, 4 * d)}
        sizes["down"] = (4 * d, d)
        self.weights = [
            {
                name: (rng.standard_normal(size) / size[0] ** 0.5).astype(np.float32)
                for name, size in sizes.items()
            }
            for _ in range(self.layers)
        ]

    def empty(self, rows: int) -> Rows:
        """Return a cache for ``rows`` tokens: keys and values by layer and head.

        Shapes: (layers, 2, heads, rows, width / heads).
        """
        each = self.width // self.heads
        return np.zeros((self.layers, 2, self.heads, rows, each), dtype=np.float32)

    def read(self, x: Rows, cache: Rows, before: int) -> Rows:
        """Return what comes out for the rows ``x``, which follow ``before`` tokens in the cache.

        Their keys and values go into the cache.  Shapes: (n, width) -> the same.
        """
        for part, kept in zip(self.weights, cache, strict=True):
            x = x + self._attention(_normalised(x), part, kept, before)
            inner = np.maximum(self._product(_normalised(x), part["up"]), 0)
            x = x + self._product(inner, part["down"])
        return _normalised(x)

    def _attention(self, x: Rows, part: dict[str, Rows], kept: Rows, before: int) -> Rows:
        """Return what one layer's attention adds; queries go in blocks, later keys are left out."""
        n, d = x.shape
        asked = self._split(self._product(x, part["q"]))
        for place, name in enumerate(("k", "v")):
            kept[place, :, before : before + n] = self._split(self._product(x, part[name]))
        mixed = np.empty((n, d), dtype=np.float32)
        each = d // self.heads
        for head in range(self.heads):
            for start in range(0, n, BLOCK):
                stop = min(start + BLOCK, n)
                keys, values = kept[:, head, : before + stop]
                scores = self._product(asked[head, start:stop], keys.T) * np.float32(each**-0.5)
                if stop - start > 1:
                    scores += _later(stop - start, before + stop)
                powers = np.exp(scores - scores.max(axis=1, keepdims=True))
                shares = powers / powers.sum(axis=1, keepdims=True)
                mixed[start:stop, head * each : (head + 1) * each] = self._product(shares, values)
        return self._product(mixed, part["o"])

    def _split(self, x: Rows) -> Rows:
        """Return rows cut into heads.  Shapes: (n, width) -> (heads, n, width / heads)."""
        return x.reshape(len(x), self.heads, -1).swapaxes(0, 1)

    def _product(self, a: Rows, b: Rows) -> Rows:
        """Return the matrix product, counted."""
        self.multiplied += a.shape[0] * a.shape[1] * b.shape[1]
        return a @ b


def _later(rows: int, keys: int) -> Rows:
    """Return minus infinity where a key is later than the row that asks; rows are the last."""
    ahead = np.arange(keys) > np.arange(keys - rows, keys)[:, None]
    return np.where(ahead, np.float32(-np.inf), np.float32(0))


def _normalised(x: Rows) -> Rows:
    """Return rows with mean square one."""
    scaled: Rows = x / np.sqrt((x * x).mean(axis=1, keepdims=True))
    return scaled
