"""Definitions of WordNet with one sentence of example each: two texts that belong together.

The files are those of WordNet 3.0 as Debian has them; ``labs/README.md`` says how to get them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from labs.pinned import pinned

FOLDER = Path(__file__).parents[1] / "_build" / "wordnet"
SHA256 = {
    "noun": "fea17d2f9656611334eac790e5d69e47645fa180c4aa481fb4cd9b3520754ca2",
    "verb": "adcf43e35b581e8036d8b5a52d63d9cd3d3b4870b2720d3c03c799df44777bc2",
    "adj": "c89120dfc1f046ddff4a631bf9b7e9fa1a36b5e86565a23bf82dbe14f30b88a7",
}
WORDS = (4, 16)
QUOTED = re.compile(r'"([^"]+)"')


@dataclass(frozen=True, slots=True)
class Entry:
    """A word, what it means, and a sentence that uses it."""

    word: str
    gloss: str
    example: str


def entry(line: str) -> Entry | None:
    """Return what a line of a file says; None if it lacks one of the three, or is too long."""
    head, bar, text = line.partition(" | ")
    if not bar or line.startswith(" "):
        return None
    gloss, _, rest = text.partition('"')
    gloss = gloss.strip(" ;\n")
    quoted = QUOTED.search('"' + rest)
    if quoted is None:
        return None
    example = quoted[1].strip()
    if all(WORDS[0] <= len(part.split()) <= WORDS[1] for part in (gloss, example)):
        return Entry(head.split()[4].replace("_", " "), gloss, example)
    return None


@lru_cache(maxsize=1)
def entries() -> list[Entry]:
    """Return all entries, each definition and each example once.

    Raises: FileNotFoundError, or ValueError if a file is another than the pinned one.
    """
    found: list[Entry] = []
    seen: set[str] = set()
    for kind, wanted in SHA256.items():
        content = pinned(FOLDER / f"data.{kind}", wanted)
        for line in content.decode("utf-8").splitlines():
            made = entry(line)
            if made is not None and not {made.gloss, made.example} & seen:
                seen |= {made.gloss, made.example}
                found.append(made)
    return found


def drawn(count: int, seed: int) -> list[Entry]:
    """Return ``count`` entries drawn by lot, none twice."""
    everything = entries()
    order = np.random.default_rng([seed, 11]).permutation(len(everything))[:count]
    return [everything[place] for place in order]
