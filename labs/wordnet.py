"""Short glosses of WordNet and the category of the noun that each explains.

The file is that of WordNet 3.0 as Debian has it; ``labs/README.md`` says how to get it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from labs.pinned import pinned

NOUNS = Path(__file__).parents[1] / "_build" / "wordnet" / "data.noun"
NOUNS_SHA256 = "fea17d2f9656611334eac790e5d69e47645fa180c4aa481fb4cd9b3520754ca2"

#: Number of a lexicographer's file -> what readers see.  Source: lexnames(5WN).
CATEGORIES = {
    "04": "act",
    "05": "animal",
    "06": "artifact",
    "10": "communication",
    "13": "food",
    "15": "place",
    "18": "person",
    "26": "state",
}
WORDS = (4, 8)


def parsed(line: str) -> tuple[str, str] | None:
    """Return category and gloss of a line of the file, without examples; None for other lines."""
    head, bar, gloss = line.partition(" | ")
    name = CATEGORIES.get(head[9:11])
    if not bar or line.startswith(" ") or name is None:
        return None
    return name, gloss.partition(";")[0].strip()


@lru_cache(maxsize=1)
def glosses() -> dict[str, list[str]]:
    """Return the glosses of each category that have four to eight words, each once.

    Raises: FileNotFoundError, or ValueError if the file is another than the pinned one.
    """
    found: dict[str, dict[str, None]] = {name: {} for name in CATEGORIES.values()}
    seen: dict[str, str] = {}
    for line in pinned(NOUNS, NOUNS_SHA256).decode("utf-8").splitlines():
        if (pair := parsed(line)) is None:
            continue
        name, gloss = pair
        if WORDS[0] <= len(gloss.split()) <= WORDS[1] and seen.setdefault(gloss, name) == name:
            found[name][gloss] = None
    return {name: list(texts) for name, texts in found.items()}


def dealt(counts: Sequence[int], seed: int) -> list[list[tuple[str, int]]]:
    """Return disjoint sets of glosses and their categories' numbers, drawn by lot.

    ``counts`` says how many of each category every set has.
    """
    rng = np.random.default_rng([seed, 7])
    sets: list[list[tuple[str, int]]] = [[] for _ in counts]
    for number, texts in enumerate(glosses().values()):
        drawn = iter(rng.permutation(len(texts))[: sum(counts)])
        for chosen, count in zip(sets, counts, strict=True):
            chosen += [(texts[next(drawn)], number) for _ in range(count)]
    return sets
