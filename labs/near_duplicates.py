"""Finding texts that are nearly the same without comparing every pair: MinHash with bands."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Signatures = NDArray[np.uint64]

#: A prime: hashes are computed modulo it, so that products of two fit into 64 bits.
PRIME = 2**31 - 1


def shingles(words: Sequence[str], size: int) -> set[tuple[str, ...]]:
    """Return all runs of ``size`` words; of a shorter text, the whole text as one run."""
    last = max(len(words) - size, 0)
    return {tuple(words[start : start + size]) for start in range(last + 1)}


def jaccard(one: set[tuple[str, ...]], other: set[tuple[str, ...]]) -> float:
    """Return the share of all runs of two texts that both have."""
    return len(one & other) / len(one | other)


def signature(codes: Iterable[int], factors: Sequence[int], shifts: Sequence[int]) -> Signatures:
    """Return for each hash function the smallest hash among ``codes``.

    Hash function i turns a code c into (factor_i * c + shift_i) modulo ``PRIME``.
    Shapes: n codes, k factors, k shifts -> (k,).  Source: Broder 1997.
    """
    c = np.fromiter(codes, dtype=np.uint64)
    a, s = np.asarray(factors, np.uint64), np.asarray(shifts, np.uint64)
    found: Signatures = ((a[:, None] * c + s[:, None]) % np.uint64(PRIME)).min(axis=1)
    return found


def coded(runs: Iterable[tuple[str, ...]]) -> list[int]:
    """Return a number below ``PRIME`` for each run of words, the same on every machine."""
    return [zlib.crc32(" ".join(run).encode()) % PRIME for run in runs]


def drawn(count: int, seed: int) -> tuple[Sequence[int], Sequence[int]]:
    """Return factors and shifts of ``count`` hash functions, drawn at random."""
    rng = np.random.default_rng(seed)
    return rng.integers(1, PRIME, count).tolist(), rng.integers(0, PRIME, count).tolist()


def caught(similarity: float, bands: int, rows: int) -> float:
    """Return how likely two texts agree in all rows of at least one band."""
    return 1 - (1 - similarity**rows) ** bands


def half_point(bands: int, rows: int) -> float:
    """Return the similarity at which a pair is caught half of the time."""
    return float((1 - 0.5 ** (1 / bands)) ** (1 / rows))


def same_band(one: Signatures, other: Signatures, bands: int, rows: int) -> bool:
    """Return whether two signatures agree in all rows of a band."""
    equal = (one == other)[: bands * rows].reshape(bands, rows)
    return bool(equal.all(axis=1).any())


def candidates(signatures: Sequence[Signatures], bands: int, rows: int) -> set[tuple[int, int]]:
    """Return the pairs of texts that share a band: a dictionary a band, a bucket a key.

    Only texts of one bucket are ever compared, so the work grows with the texts, not the pairs.
    """
    pairs: set[tuple[int, int]] = set()
    for band in range(bands):
        buckets: dict[bytes, list[int]] = defaultdict(list)
        for text, hashes in enumerate(signatures):
            buckets[hashes[band * rows : (band + 1) * rows].tobytes()].append(text)
        for bucket in buckets.values():
            pairs.update(combinations(bucket, 2))
    return pairs


def kept(count: int, pairs: Iterable[tuple[int, int]]) -> list[int]:
    """Return which of ``count`` texts stay if of each cluster of linked texts the first does.

    Links count as a chain: if A is linked to B and B to C, one of the three stays.
    """
    first = list(range(count))

    def root(text: int) -> int:
        while first[text] != text:
            text = first[text]
        return text

    for one, other in pairs:
        low, high = sorted((root(one), root(other)))
        first[high] = low
    return [text for text in range(count) if first[text] == text]
