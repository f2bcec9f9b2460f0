"""Byte-pair encoding: a vocabulary learned by merging, and text cut with it.

A tokenizer is a list of merges in the order in which they were learned. Text becomes bytes, and
the merges glue neighbours together, never across the border of a word.
Source: Sennrich, Haddow and Birch 2016, section 3.2; bytes as Radford et al. 2019, section 2.2.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

Pair = tuple[bytes, bytes]

#: The words of the worked example and how often each occurs.
SONG = {"sing": 5, "ring": 4, "singer": 3, "rings": 2, "king": 1}
#: Merges that were learned from the whole King James Bible.
KING_JAMES = Path(__file__).parent / "data" / "king-james-merges.json"


def words(text: str) -> list[str]:
    """Return the words of ``text``, each with the space before it; joined they are the text."""
    return re.findall(r" ?\w+| ?[^\w\s]+|\s+", text)


def glued(parts: Sequence[bytes], pair: Pair) -> list[bytes]:
    """Return ``parts`` with each ``pair``, from the left, made one."""
    done: list[bytes] = []
    for part in parts:
        if done and (done[-1], part) == pair:
            done[-1] += part
        else:
            done.append(part)
    return done


def train(text: str, merges: int) -> list[Pair]:
    """Return the merges learned from ``text``: each time the most frequent pair of neighbours.

    Of equally frequent pairs, the one met first. Stops early when no pairs are left.
    """
    counts = Counter(words(text))
    cut = {word: [bytes([byte]) for byte in word.encode()] for word in counts}
    pairs: Counter[Pair] = Counter()
    places: defaultdict[Pair, dict[str, None]] = defaultdict(dict)

    def count(word: str, times: int) -> None:
        for pair in pairwise(cut[word]):
            pairs[pair] += times
            places[pair][word] = None

    for word in cut:
        count(word, counts[word])
    learned: list[Pair] = []
    while len(learned) < merges:
        best = max(pairs, key=lambda pair: pairs[pair])
        if not pairs[best]:
            break
        for word in places.pop(best):
            count(word, -counts[word])
            cut[word] = glued(cut[word], best)
            count(word, counts[word])
        learned.append(best)
    return learned


def encode(text: str, merges: Sequence[Pair]) -> list[bytes]:
    """Return the tokens of ``text``; earlier merges come first."""
    rank = {pair: place for place, pair in enumerate(merges)}
    tokens: list[bytes] = []
    for word in words(text):
        parts = [bytes([byte]) for byte in word.encode()]
        while known := rank.keys() & set(pairwise(parts)):
            parts = glued(parts, min(known, key=lambda pair: rank[pair]))
        tokens += parts
    return tokens


def decode(tokens: Sequence[bytes]) -> str:
    """Return the text of ``tokens``; bytes that are no character become �."""
    return b"".join(tokens).decode("utf-8", errors="replace")


def song() -> str:
    """Return the text of the worked example: every word as often as it occurs, a line each."""
    return "\n".join(word for word, times in SONG.items() for _ in range(times))


@lru_cache(maxsize=1)
def king_james_merges() -> tuple[Pair, ...]:
    """Return the merges learned from the King James Bible, as the file keeps them.

    ``python -m labs.bpe`` makes the file again.
    """
    pairs = json.loads(KING_JAMES.read_text(encoding="utf-8"))
    return tuple((left.encode(), right.encode()) for left, right in pairs)


def write_king_james(merges: int = 3000) -> None:
    """Learn merges from the King James Bible and write them, a pair of texts a line."""
    from labs.texts import king_james

    pairs = ([left.decode(), right.decode()] for left, right in train(king_james(), merges))
    lines = ",\n".join(json.dumps(pair) for pair in pairs)
    KING_JAMES.parent.mkdir(exist_ok=True)
    KING_JAMES.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    write_king_james()
