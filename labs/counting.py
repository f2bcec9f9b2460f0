"""Guessing the next character by counting, and by a compressor: what a trained model must beat."""

from __future__ import annotations

import lzma

import numpy as np
from numpy.typing import NDArray

from labs.texts import ALPHABET, Codes, decoded

Array = NDArray[np.float64]


def counted_bits(learned: Codes, held: Codes, order: int) -> Array:
    """Return what each held-out character costs after the ``order`` - 1 before it.

    Shares of the longest stretch are mixed with those of the next shorter one, and so on: the more
    different characters have followed a stretch, the more weight the shorter ones get.
    Shapes: (n,), (m,) -> (m - order + 1,).  Units: bits.
    Source: Witten and Bell 1991, as interpolation.
    """
    size = len(ALPHABET)
    here = len(held) - order + 1
    chances = np.full(here, 1 / size)
    for length in range(1, order + 1):
        seen, counts = np.unique(_stretches(learned, length), return_counts=True)
        before, first = np.unique(seen // size, return_index=True)
        totals = np.add.reduceat(counts, first)
        kinds = np.diff(np.append(first, len(seen)))
        asked = _stretches(held, length)[-here:]
        both = _looked_up(seen, counts, asked)
        total = _looked_up(before, totals, asked // size)
        kind = _looked_up(before, kinds, asked // size)
        known = total > 0
        mixed = (both + kind * chances) / np.where(known, total + kind, 1)
        chances = np.where(known, mixed, chances)
    return np.asarray(-np.log2(chances))


def compressed_bits(learned: Codes, held: Codes) -> float:
    """Return what xz needs for a held-out character once it has read what was to be learned.

    Units: bits per character.
    """
    both, before = (_xz(text) for text in (np.concatenate([learned, held]), learned))
    return 8 * (both - before) / len(held)


def _xz(codes: Codes) -> int:
    """Return the size of a text that xz has packed as tightly as it can.  Units: bytes."""
    return len(lzma.compress(decoded(codes).encode(), preset=9 | lzma.PRESET_EXTREME))


def _stretches(codes: Codes, length: int) -> NDArray[np.int64]:
    """Return each stretch of ``length`` codes as one number.

    Shapes: (n,) -> (n - length + 1,).
    """
    count = len(codes) - length + 1
    found = np.zeros(count, dtype=np.int64)
    for place in range(length):
        found = found * len(ALPHABET) + codes[place : place + count]
    return found


def _looked_up(
    keys: NDArray[np.int64], values: NDArray[np.int64], asked: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the value of each key that is asked for, zero for those that are none of ``keys``."""
    places = np.minimum(np.searchsorted(keys, asked), len(keys) - 1)
    return np.where(keys[places] == asked, values[places], 0)
