"""How a text's vector changes as one fact moves through it, and past the limit.

Texts of 480 pieces hold a password, at ten places. A question asks for it. The text is read up to
the limit of 256 pieces that MiniLM comes with, or whole, or in windows.
"""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from labs.by_layer import pooled
from labs.cone import Array, cosines
from labs.gloss_pairs import drawn
from labs.long_texts import facts, hidden, windows
from labs.minilm import END, START, Params, Shape, encode, load, padded
from labs.run import Experiment, Measured

STARTS = (0, 40, 72, 136, 200, 232, 264, 328, 392, 456)
LENGTH, SIZE, STEP = 480, 64, 32
LIMITS = (256, 512)
FILLERS = 80
HEADS = Shape().heads


def vectors(params: Params, vocabulary: dict[str, int], rows: list[list[int]], limit: int) -> Array:
    """Return the vectors of texts in pieces, with marks at both ends, cut at ``limit``."""
    whole = [[vocabulary[START], *row[: limit - 2], vocabulary[END]] for row in rows]
    ids, real = padded(whole, max(len(row) for row in whole))
    found = pooled(params, jnp.asarray(ids), jnp.asarray(real), HEADS)[-1]
    return np.asarray(found, dtype=np.float64)


def run(seed: int) -> Measured:
    """Return cosines of questions with texts, and how often the right text is the nearest."""
    params, vocabulary = load()

    def pieces(text: str) -> list[int]:
        return encode(text, vocabulary)[1:-1]

    pairs = facts(seed)
    asked = vectors(params, vocabulary, [pieces(question) for question, _ in pairs], 32)
    told = [pieces(fact) for _, fact in pairs]
    entries = drawn(FILLERS * len(pairs), seed)
    around = [
        [pieces(entry.example + ".") for entry in entries[FILLERS * n : FILLERS * (n + 1)]]
        for n in range(len(pairs))
    ]
    found: dict[str, list[float]] = {}

    def note(key: str, similar: Array) -> None:
        right = np.diag(similar)
        found.setdefault(f"cosine_{key}", []).append(float(right.mean()))
        first = (similar.argmax(1) == np.arange(len(similar))).mean()
        found.setdefault(f"first_{key}", []).append(float(first))

    for start in STARTS:
        texts = [
            hidden(fact, fillers, start, LENGTH) for fact, fillers in zip(told, around, strict=True)
        ]
        for limit in LIMITS:
            note(str(limit), cosines(asked, vectors(params, vocabulary, texts, limit)))
        parts = [windows(text, SIZE, STEP) for text in texts]
        each = [
            cosines(asked, vectors(params, vocabulary, part, SIZE + 2)).max(1) for part in parts
        ]
        note("windows", np.stack(each, axis=1))
    empty = [hidden([], fillers, 0, LENGTH) for fillers in around]
    without = [
        np.diag(cosines(asked, vectors(params, vocabulary, empty, limit))).mean()
        for limit in LIMITS
    ]
    alone = np.diag(cosines(asked, vectors(params, vocabulary, told, 64))).mean()
    return found | {
        "without": [float(value) for value in without],
        "alone": float(alone),
        "fact_pieces": float(np.mean([len(fact) for fact in told])),
    }


def check() -> dict[str, list[float]]:
    """Return a part of it that takes no time and no files: where the fact ends up."""
    text = hidden([9, 9], [[1, 2], [3, 4, 5]], 3, 6)
    return {
        "text": [float(n) for n in text],
        "windows": [float(len(windows(list(range(480)), SIZE, STEP)))],
    }


EXPERIMENT = Experiment(
    title="Cosine of a question and a long text, by the place of the answer in it",
    run=run,
    check=check,
    fixed={
        "start": STARTS,
        "length": LENGTH,
        "limit": LIMITS,
        "window": SIZE,
        "step": STEP,
        "window_count": len(windows(range(LENGTH), SIZE, STEP)),
        "texts": 12,
    },
    seeds=range(5),
)
