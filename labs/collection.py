"""One real collection of embedded texts, for the articles on embeddings and on search.

The texts are the definitions of WordNet's nouns, the vectors MiniLM's. ``embedded`` makes as many
as are asked for and keeps them in ``_build``, where later experiments find them. A sample is kept
here, eight bits a number: ``python -m labs.collection`` writes it, and whoever has neither WordNet
nor MiniLM reads it with ``sample``.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from labs.minilm import Shape, embed, encode, load, padded
from labs.pinned import pinned
from labs.wordnet import NOUNS, NOUNS_SHA256

Vectors = NDArray[np.float32]

CACHE = Path(__file__).parents[1] / "_build" / "collection"
SAMPLE = Path(__file__).parent / "data" / "collection"
#: How many of the sample are to be searched, and how many others to search with.
SEARCHED, ASKED = 4_096, 256
#: How many are embedded at once and kept in one file.
PIECE = 2_048
#: Tokens read of a text, start and end among them; longer definitions, one in a thousand, are cut.
LENGTH = 64
#: What the largest of eight bits stands for; no number of the collection is larger.
LARGEST = 0.32


def definition(line: str) -> str | None:
    """Return what a line of WordNet's file says of its nouns, without examples; None for others."""
    _, bar, gloss = line.partition(" | ")
    return None if not bar or line.startswith(" ") else gloss.partition(";")[0].strip()


@lru_cache(maxsize=1)
def texts() -> tuple[str, ...]:
    """Return the definitions, each once, shuffled, so that the first n are a fair sample.

    Raises: FileNotFoundError, or ValueError if the file is another than the pinned one.
    """
    lines = pinned(NOUNS, NOUNS_SHA256).decode("utf-8").splitlines()
    found = list(dict.fromkeys(text for line in lines if (text := definition(line))))
    order = np.random.default_rng(0).permutation(len(found))
    return tuple(found[number] for number in order)


def embedded(number: int) -> Vectors:
    """Return vectors of length one of the first ``number`` texts, made once.

    Shape: (number, 384). A core makes some hundred a second.
    """
    CACHE.mkdir(parents=True, exist_ok=True)
    pieces: list[Vectors] = []
    for piece in count():
        start = piece * PIECE
        if start >= min(number, len(texts())):
            break
        file = CACHE / f"{start:06d}.npy"
        if not file.exists():
            np.save(file, _made(texts()[start : start + PIECE]))
        pieces.append(np.load(file))
    return np.concatenate(pieces)[:number]


def _made(some: tuple[str, ...]) -> Vectors:
    """Return MiniLM's vectors of texts, those of like length together."""
    params, vocabulary = load()
    rows = [encode(text, vocabulary)[:LENGTH] for text in some]
    found = np.empty((len(rows), Shape().width), np.float32)
    order = np.argsort([len(row) for row in rows], kind="stable")
    for batch in np.array_split(order, max(1, len(order) // 64)):
        longest = max(len(rows[number]) for number in batch)
        ids, real = padded([rows[number] for number in batch], -(-longest // 8) * 8)
        found[batch] = embed(params, ids, real)
    return found


def quantised(vectors: Vectors) -> NDArray[np.int8]:
    """Return numbers between -0.32 and 0.32 in steps of 0.0025.

    Raises: ValueError for a larger one.
    """
    if np.abs(vectors).max() > LARGEST:
        raise ValueError(f"a number is larger than {LARGEST}")
    return np.round(vectors * (127 / LARGEST)).astype(np.int8)


def restored(codes: NDArray[np.int8]) -> Vectors:
    """Return what ``quantised`` made as vectors of length one."""
    vectors = codes.astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True))


@lru_cache(maxsize=1)
def sample() -> tuple[tuple[str, ...], Vectors]:
    """Return the texts and vectors that are kept here: first those to be searched, then queries.

    Shapes: ``SEARCHED + ASKED`` texts, (``SEARCHED + ASKED``, 384).
    """
    lines = SAMPLE.with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    return tuple(lines), restored(np.load(SAMPLE.with_suffix(".npy")))


def main() -> None:
    """Write the sample."""
    number = SEARCHED + ASKED
    SAMPLE.with_suffix(".txt").write_text("\n".join(texts()[:number]) + "\n", encoding="utf-8")
    np.save(SAMPLE.with_suffix(".npy"), quantised(embedded(number)))


if __name__ == "__main__":
    main()
