"""Another kind of English than the King James Bible's: the definitions of WordNet 3.0.

The file comes with Debian's package dict-wn; ``labs/README.md`` says how to get it.
"""

from __future__ import annotations

import gzip
import re
from functools import lru_cache
from pathlib import Path

from labs.pinned import pinned
from labs.texts import ALPHABET

WORDNET = Path(__file__).parents[1] / "_build" / "wordnet" / "wn.dict.dz"
WORDNET_SHA256 = "325e0547e216aee7f71c6f4130c3717e4b1a0a2ecb905e5c116f5bd6a285cae9"

#: Where a sense begins: its number, or the kind of word where it has but one.
_SENSE = re.compile(r"(?:\s+(?:(?:n|v|adj|adv) )?\d+: | {4}(?:n|v|adj|adv) (?!\d+:))(.*)")


def lines(dictionary: str) -> list[str]:
    """Return "word: definition" of each sense, examples and synonyms left out.

    A definition that several words share is kept for the first of them.
    """
    found: dict[str, str] = {}
    word, sense = "", ""

    def keep() -> None:
        definition = re.split(r'["\[]', sense)[0].strip(" ;")
        if word and definition and not word.startswith("00-"):  # which tells of the file
            found.setdefault(definition, word)

    for line in dictionary.splitlines():
        if line and not line[0].isspace():
            keep()
            word, sense = line.strip(), ""
        elif begun := _SENSE.fullmatch(line):
            keep()
            sense = begun[1]
        else:
            sense += " " + line.strip()
    keep()
    return [f"{word}: {definition}" for definition, word in found.items()]


@lru_cache(maxsize=1)
def glosses() -> str:
    """Return WordNet's definitions in the letters of ``ALPHABET``, a line each.

    Raises: FileNotFoundError, or ValueError if the file is another than the pinned one.
    """
    content = pinned(WORDNET, WORDNET_SHA256)
    text = "\n".join(lines(gzip.decompress(content).decode("utf-8")))
    kept = set(ALPHABET)
    return "".join(char for char in text.lower() if char in kept)
