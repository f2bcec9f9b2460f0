"""What is a text worth that is read again?  For the article on scaling walls.

Reading again: the same small network reads as many characters of the King James Bible in every arm,
but from a stock that is a fourth, a sixteenth, a sixty-fourth of them, so that it reads its stock
4, 16 or 64 times. What does text that it never saw cost it then, and what its own stock?

Reading oneself: a model that knows nothing but how often each word occurs writes the text that the
next such model reads. How many different words are left, if each reads the last text only, and if
each reads everything written so far?
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import jax.numpy as jnp
import numpy as np

from labs.repetition import generations, share_of
from labs.run import Experiment
from labs.texts import ALPHABET, Codes, encoded, king_james, parts, windows
from labs.tiny import Params, Shape, bits, count, draw, train

EPOCHS = (1, 4, 16, 64)
LENGTH = 64
BATCH = 8
SEEN = 600_000
STEPS = SEEN // (LENGTH * BATCH)
CHECKED = (73, 146, 293, 439, 586, 732, 878, 1025, 1171)
SCORED = 128  # windows, at every point
SHAPE = Shape(len(ALPHABET), rows=LENGTH)
ROUNDS = 10


@dataclass(slots=True)
class Notes:
    """What unseen and own text cost while a network learns.  Units: bits a character."""

    unseen: Codes
    own: Codes
    shape: Shape
    checked: Sequence[int]
    held: list[float] = field(default_factory=list)
    known: list[float] = field(default_factory=list)

    def add(self, step: int, params: Params) -> None:
        """Take both if the step is one of those to check."""
        if step in self.checked:
            for codes, costs in ((self.unseen, self.held), (self.own, self.known)):
                costs.append(float(bits(params, jnp.asarray(codes), self.shape).mean()))


def reading(
    seed: int, shape: Shape, epochs: int, steps: int, batch: int, checked: Sequence[int]
) -> Notes:
    """Return what a network learned that read its stock ``epochs`` times."""
    learned, unseen = parts(encoded(king_james()))
    length = shape.rows
    stock = share_of(learned, steps * batch * length // epochs, seed)
    rng = np.random.default_rng([seed, 3])
    notes = Notes(
        windows(unseen, length + 1, SCORED, rng),
        windows(stock, length + 1, SCORED, rng),
        shape,
        checked,
    )
    train(shape, stock, length=length, steps=steps, seed=seed, batch=batch, each_step=notes.add)
    return notes


def word_counts() -> list[int]:
    """Return how often each word of the King James Bible occurs, the most frequent first."""
    counts = Counter(re.findall(r"[a-z'-]+", king_james()))
    return sorted(counts.values(), reverse=True)


def rereading_oneself(seed: int, rounds: int) -> dict[str, list[float]]:
    """Return how many different words each generation's text has."""
    counts = np.array(word_counts())
    found: dict[str, list[float]] = {}
    for name, keep in (("replaced", False), ("kept", True)):
        texts = generations(counts, rounds, keep, seed)
        found[f"words_{name}"] = [int((text > 0).sum()) for text in texts]
    return found


def run(seed: int) -> dict[str, list[float]]:
    """Return everything that one seed measured."""
    found: dict[str, list[float]] = {"held": [], "known": []}
    for epochs in EPOCHS:
        notes = reading(seed, SHAPE, epochs, STEPS, BATCH, CHECKED)
        found["held"].append(notes.held[-1])
        found["known"].append(notes.known[-1])
        found[f"held_{epochs}"] = notes.held
        found[f"known_{epochs}"] = notes.known
    return found | rereading_oneself(seed, ROUNDS)


def check() -> dict[str, list[float]]:
    """Return a part of it that takes seconds."""
    small = Shape(len(ALPHABET), width=16, heads=2, rows=16)
    notes = [reading(0, small, epochs, 40, 8, (40,)) for epochs in (1, 4)]
    costs = [round(note.held[0], 2) for note in notes]
    return {"held": costs} | rereading_oneself(0, 2)


EXPERIMENT = Experiment(
    title="As much text read, ever less of it new; and word counts learned from one's own writing",
    run=run,
    check=check,
    fixed={
        "epochs": EPOCHS,
        "seen": STEPS * LENGTH * BATCH,
        "stock": [STEPS * LENGTH * BATCH // epochs for epochs in EPOCHS],
        "steps": STEPS,
        "checked": CHECKED,
        "seen_by": [step * LENGTH * BATCH for step in CHECKED],
        "parameters": count(draw(SHAPE, 0)),
        "layers": SHAPE.layers,
        "width": SHAPE.width,
        "round": list(range(ROUNDS + 1)),
        "text_words": sum(word_counts()),
    },
    units={"held": "bits", "known": "bits"},
    seeds=range(5),
)
