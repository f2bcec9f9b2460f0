"""Sort sentences by counting words: no network, nothing pre-trained (naive Bayes)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Pairs = Sequence[tuple[str, int]]

#: Added to each count, so that a word that a kind has never had does not rule the kind out.
ADDED = 0.1


def words(text: str) -> list[str]:
    """Return the words of a text, in small letters."""
    return re.findall(r"[a-z]+", text.lower())


def counted(pairs: Pairs, kinds: int) -> tuple[list[Counter[str]], NDArray[np.float64]]:
    """Return how often each kind has each word, and the logarithm of the kinds' shares."""
    found = [Counter[str]() for _ in range(kinds)]
    for text, kind in pairs:
        found[kind].update(words(text))
    shares = np.bincount([kind for _, kind in pairs], minlength=kinds) + 1.0
    return found, np.log(shares / shares.sum())


def sorted_rightly(learned: Pairs, tested: Pairs, kinds: int) -> float:
    """Return the share of ``tested`` that goes to the kind whose words it has.

    A tie counts for what a lot drawn among the best kinds would bring.
    """
    counts, start = counted(learned, kinds)
    known = set().union(*counts)
    totals = np.array([count.total() for count in counts]) + ADDED * len(known)
    right = 0.0
    for text, kind in tested:
        scores = start.copy()
        for word in known.intersection(words(text)):
            found = np.array([count[word] for count in counts]) + ADDED
            scores += words(text).count(word) * np.log(found / totals)
        best = scores >= scores.max() - 1e-9
        right += best[kind] / best.sum()
    return right / len(tested)
