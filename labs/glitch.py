"""A small model whose tokenizer has read more than it has: tokens that it never meets.

The tokenizer's merges are from the whole King James Bible; the model reads the Old Testament
alone. So " jesus" has a place in the vocabulary and in the model's tables, and is never trained;
nor are pieces that stand nowhere in the Bible, since larger ones swallowed them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import cast

import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from labs.bpe import encode, king_james_merges, words
from labs.texts import Codes, king_james
from labs.tiny import Params, Shape, bits, train

Array = NDArray[np.float64]

#: How the New Testament begins.
NEW = "the book of the generation of jesus christ"
#: Bytes that no text in UTF-8 has, so that nobody can have trained on them.
NEVER = (0xC0, 0xC1, *range(0xF5, 0x100))


@lru_cache(maxsize=1)
def vocabulary() -> list[bytes]:
    """Return all tokens: 256 bytes, then what each merge makes."""
    return [bytes([byte]) for byte in range(256)] + [a + b for a, b in king_james_merges()]


@lru_cache(maxsize=1)
def testaments() -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """Return the codes of the Old and of the New Testament."""
    text, merges = king_james(), king_james_merges()
    code = {token: number for number, token in enumerate(vocabulary())}
    known: dict[str, list[int]] = {}
    found = []
    for part in (text[: text.index(NEW)], text[text.index(NEW) :]):
        codes: list[int] = []
        for word in words(part):
            if word not in known:
                known[word] = [code[token] for token in encode(word, merges)]
            codes += known[word]
        found.append(np.array(codes, dtype=np.uint16))
    return found[0], found[1]


def occurrences(codes: NDArray[np.uint16]) -> NDArray[np.int64]:
    """Return how often each token of the vocabulary stands in ``codes``."""
    return np.bincount(codes, minlength=len(vocabulary()))


def distance(columns: Array, never: tuple[int, ...] = NEVER) -> Array:
    """Return how far each token's column points from the mean column of ``never``: 1 - cosine.

    0 is the same direction, 1 a right angle.  Shapes: (width, tokens) -> (tokens,).
    Source: Land and Bartolo 2024, section 2.2.
    """
    reference = columns[:, list(never)].mean(axis=1)
    lengths = np.linalg.norm(columns, axis=0) * np.linalg.norm(reference)
    found: Array = 1 - columns.T @ reference / lengths
    return found


def separation(low: Array, high: Array) -> float:
    """Return how often one of ``low`` lies below one of ``high``, ties counting half (AUC).

    1 if all do, one half if there is no difference.
    """
    below = (low[:, None] < high[None, :]).mean()
    equal = (low[:, None] == high[None, :]).mean()
    return float(below + equal / 2)


def trained(seed: int, steps: int, width: int = 64) -> tuple[Params, Shape]:
    """Return a model that has read windows of the Old Testament."""
    shape = Shape(vocabulary=len(vocabulary()), width=width, rows=64)
    old = cast(Codes, testaments()[0])
    return train(shape, old, length=64, steps=steps, seed=seed, batch=32), shape


def surprise(params: Params, shape: Shape, codes: NDArray[np.uint16], length: int = 64) -> Array:
    """Return what each token of a text costs, read in windows.  Units: bits.

    Shapes: (n,) -> (windows * length,); the first of each window is not guessed.
    """
    count = (len(codes) - 1) // length
    starts = np.arange(count) * length
    inputs = codes[starts[:, None] + np.arange(length + 1)]
    found = [
        np.asarray(bits(params, jnp.asarray(inputs[i : i + 256]), shape))
        for i in range(0, count, 256)
    ]
    return np.concatenate(found).reshape(-1).astype(float)
