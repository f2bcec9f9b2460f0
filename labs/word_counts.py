"""Sorting texts by counting their words: what a trained network must beat."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence


def naive_bayes(
    learned: Sequence[tuple[str, int]], kinds: int, smoothing: float = 0.1
) -> list[Counter[str]]:
    """Return for each kind how many times each word occurs in its texts, ``smoothing`` added.

    The word "" stands for all words that were never seen.
    """
    words = {word for text, _ in learned for word in text.lower().split()}
    counts = [Counter(dict.fromkeys([*words, ""], smoothing)) for _ in range(kinds)]
    for text, kind in learned:
        counts[kind].update(text.lower().split())
    return counts


def sorted_into(text: str, counts: Sequence[Counter[str]]) -> int:
    """Return the kind in which the words of ``text`` are likeliest, all kinds being as frequent."""
    totals = [math.log(sum(of_kind.values())) for of_kind in counts]
    words = [word if word in counts[0] else "" for word in text.lower().split()]
    chances = [
        sum(math.log(of_kind[word]) - total for word in words)
        for of_kind, total in zip(counts, totals, strict=True)
    ]
    return chances.index(max(chances))
