"""Learning from the same text again and again: a small network, little text, many passes.

Used by the experiment of the article on scaling walls.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from labs.texts import Codes

#: Text is cut into pieces this long, so that a small share of it still has all styles of the whole.
PIECE = 1_000


def share_of(codes: Codes, size: int, seed: int) -> Codes:
    """Return pieces of ``codes`` drawn by lot, together ``size`` codes.

    Shapes: (n,) -> (size,).
    Raises: ValueError if there are fewer codes than that in whole pieces.
    """
    pieces = codes[: len(codes) // PIECE * PIECE].reshape(-1, PIECE)
    needed = -(-size // PIECE)
    if needed > len(pieces):
        raise ValueError(f"{size} codes asked for, {pieces.size} are there")
    chosen = np.random.default_rng([seed, 1]).choice(len(pieces), size=needed, replace=False)
    found: Codes = pieces[np.sort(chosen)].ravel()[:size]
    return found


def generations(
    counts: NDArray[np.int64], rounds: int, keep: bool, seed: int
) -> list[NDArray[np.int64]]:
    """Return how often each word occurs in each generation's own text, the first a person's.

    Each generation learns how often each word occurs in what it reads, and writes as many words as
    the first text had. It reads the last text alone or, with ``keep``, all texts so far.
    Shapes: (words,) -> rounds + 1 arrays (words,).
    """
    rng = np.random.default_rng([seed, 2])
    read, texts, size = counts.copy(), [counts], int(counts.sum())
    for _ in range(rounds):
        written = rng.multinomial(size, read / read.sum())
        texts.append(written)
        read = read + written if keep else written
    return texts
