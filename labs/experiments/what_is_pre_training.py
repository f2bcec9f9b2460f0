"""What does guessing the next character teach?  For the article on what pre-training is.

A small model learns the King James Bible. As it reads, three things are noted: what a character of
text that it never saw costs it, how many of the words that it writes are words of the Bible, and
whether it copies nonsense that it has just been shown. Beside it stand guessers that count which
character followed the last few, and xz, a program that packs files, all on the same text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import jax.numpy as jnp
import numpy as np

from labs import counting, writing
from labs.run import Experiment
from labs.texts import ALPHABET, Codes, decoded, encoded, king_james, parts
from labs.tiny import Params, Shape, bits, count, draw, train

SHAPE = Shape(len(ALPHABET), width=96, positions="rope")
LENGTH = 128
BATCH = 8
RATE = 4e-3
STEPS = 600
CHECKED = (0, 10, 30, 100, 300, 600)
#: Blocks of the Bible, and of how many one is kept for tests.
BLOCK, EVERY = 2000, 80
#: Each scored character has at least this many before it in its window.
BEFORE = 32
ORDERS = (1, 2, 3, 4, 5, 6, 7)
#: Texts written at each checkpoint, and how long they are.
TEXTS, WRITTEN = 12, 120
#: Letters of nonsense that are shown twice.
NONSENSE, COPIES = 32, 32


@dataclass(slots=True)
class Notes:
    """What a model shows after the steps ``checked``."""

    held: Codes
    seed: int
    checked: Sequence[int]
    known: frozenset[str]
    found: dict[str, list[float]] = field(
        default_factory=lambda: {"cost": [], "words": [], "first": [], "again": []}
    )

    def add(self, step: int, params: Params) -> None:
        """Note everything if the step is one of those to check."""
        if step in self.checked:
            first, again = copied(params, self.seed)
            self.found["cost"].append(held_bits(params, self.held))
            self.found["words"].append(real_words(params, self.known, self.seed))
            self.found["first"].append(first)
            self.found["again"].append(again)


def held_bits(params: Params, held: Codes) -> float:
    """Return what a character of ``held`` costs, each with 32 to 127 characters before it.

    Units: bits per character.
    """
    step = LENGTH - BEFORE
    starts = np.arange(0, len(held) - LENGTH, step)
    rows = held[starts[:, None] + np.arange(LENGTH + 1)]
    costs = [
        np.asarray(bits(params, jnp.asarray(part), SHAPE))[:, BEFORE:]
        for part in np.array_split(rows, max(1, len(rows) // 64))
    ]
    return float(np.concatenate(costs).mean())


def real_words(params: Params, known: frozenset[str], seed: int) -> float:
    """Return which share of the words that the model writes are words of the Bible."""
    writer = writing.Writer(as_rows(params), SHAPE, TEXTS, WRITTEN)
    prompts = np.zeros((TEXTS, 1), dtype=np.uint8)  # each begins with a new line
    rng = np.random.default_rng([seed, 3])
    written, _ = writing.write(writer, prompts, WRITTEN, lambda chances: chances, rng)
    found = [word for text in written for word in writing.words(decoded(text))]
    return sum(word in known for word in found) / max(1, len(found))


def copied(params: Params, seed: int) -> tuple[float, float]:
    """Return what random letters cost when they come first, and when they come again.

    Units: bits per character.
    """
    rng = np.random.default_rng([seed, 4])
    shown = rng.integers(ALPHABET.index("a"), len(ALPHABET), size=(COPIES, NONSENSE))
    costs = np.asarray(bits(params, jnp.asarray(np.tile(shown, 2), dtype=jnp.uint8), SHAPE))
    return float(costs[:, : NONSENSE - 1].mean()), float(costs[:, NONSENSE:].mean())


def as_rows(params: Params) -> dict[str, writing.Rows]:
    """Return parameters as NumPy has them."""
    return {name: np.asarray(value) for name, value in params.items()}


def texts(characters: int | None = None) -> tuple[Codes, Codes]:
    """Return what is learned and what is held out, of the whole Bible or of its beginning."""
    return parts(encoded(king_james()[:characters]), block=BLOCK, every=EVERY)


def some_of(learned: Codes, characters: int, seed: int) -> Codes:
    """Return blocks of the text, drawn from all of it, of ``characters`` in all."""
    rows = learned[: len(learned) // BLOCK * BLOCK].reshape(-1, BLOCK)
    order = np.random.default_rng([seed, 5]).permutation(len(rows))
    return rows[order].ravel()[:characters]


def run(seed: int) -> dict[str, float | list[float]]:
    """Return what one seed found."""
    learned, held = texts()
    notes = Notes(held, seed, CHECKED, frozenset(writing.words(king_james())))
    notes.add(0, draw(SHAPE, seed))
    train(
        SHAPE,
        learned,
        length=LENGTH,
        steps=STEPS,
        seed=seed,
        batch=BATCH,
        rate=RATE,
        each_step=notes.add,
    )
    read = [step * BATCH * LENGTH for step in CHECKED]
    five = [
        float(counting.counted_bits(some_of(learned, size, seed), held, 5).mean()) if size else
        float(np.log2(len(ALPHABET)))
        for size in read
    ]  # fmt: skip
    return {**notes.found, "five": five, **counters()}


def check() -> dict[str, float]:
    """Return a part of it that takes seconds."""
    learned, held = texts(200_000)
    params = train(SHAPE, learned, length=LENGTH, steps=3, seed=0, batch=2, rate=RATE)
    first, again = copied(params, 0)
    return {
        "cost": round(held_bits(params, held), 2),
        "first": round(first, 2),
        "again": round(again, 2),
        "five": float(counting.counted_bits(learned, held, 5).mean()),
        "packed": counting.compressed_bits(learned, held),
    }


@lru_cache(maxsize=1)
def counters() -> dict[str, float | list[float]]:
    """Return what the others pay for a character of the same text.  Units: bits."""
    learned, held = texts()
    return {
        "counted": [float(counting.counted_bits(learned, held, n).mean()) for n in ORDERS],
        "packed": counting.compressed_bits(learned, held),
        "packed_alone": counting.compressed_bits(learned[:0], held),
        "learned": len(learned),
        "held": len(held),
    }


EXPERIMENT = Experiment(
    title="What guessing the next character teaches, beside counting and packing",
    run=run,
    check=check,
    fixed={
        "checked": CHECKED,
        "read": [step * BATCH * LENGTH for step in CHECKED],
        "order": ORDERS,
        "parameters": count(draw(SHAPE, 0)),
        "length": LENGTH,
        "batch": BATCH,
        "steps": STEPS,
        "layers": SHAPE.layers,
        "width": SHAPE.width,
        "uniform": float(np.log2(len(ALPHABET))),
    },
    units={
        "cost": "bits",
        "five": "bits",
        "first": "bits",
        "again": "bits",
        "counted": "bits",
        "packed": "bits",
        "packed_alone": "bits",
        "uniform": "bits",
    },
    seeds=range(5),
)
